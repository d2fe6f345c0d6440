import Credentials
package import Engine

/// Where one stream of a declared feed stands: what is saved with each page.
package struct FeedMark: Hashable, Sendable {
    /// Everything before is delivered; what is later is read again after a restart.
    package var low: Timestamp?
    /// The vendor's cursor, or a delta link.
    package var cursor: String?
    /// The newest time of a record that was delivered.
    package var newest: Timestamp?
    /// When the vendor was last read to the end.
    package var looked: Timestamp?
    /// How far back the stream is read again, where that has grown.
    package var horizon: Duration?
    package var census = DelayCensus()
    /// The share of records stated as missed; `nil` while too few are counted, or where a cursor misses none.
    package var missed: Double?

    package init() {}

    var json: JSONValue {
        var members: [String: JSONValue] = [:]
        members["low"] = low.map { .integer($0.nanoseconds) }
        members["cursor"] = cursor.map { .string($0) }
        members["newest"] = newest.map { .integer($0.nanoseconds) }
        members["looked"] = looked.map { .integer($0.nanoseconds) }
        members["horizon"] = horizon.map { .integer($0.components.seconds) }
        members["missed"] = missed.map { .number("\($0)") }
        if census.counted > 0 { members["delays"] = census.json }
        return .object(members)
    }

    init(json: JSONValue) {
        func time(_ name: String) -> Timestamp? { json[name]?.integer.map { Timestamp(nanoseconds: $0) } }
        low = time("low")
        cursor = json["cursor"]?.string
        newest = time("newest")
        looked = time("looked")
        horizon = json["horizon"]?.integer.map { .seconds($0) }
        missed = json["missed"]?.double
        census = DelayCensus(json: json["delays"]) ?? DelayCensus()
    }

    /// The marks of all streams as they are saved.
    static func bytes(_ marks: [(name: String, mark: FeedMark)]) -> [UInt8] {
        let streams = Dictionary(marks.map { ($0.name, $0.mark.json) }, uniquingKeysWith: { _, last in last })
        return JSONValue.object(["v": 1, "kind": "feed", "streams": .object(streams)]).bytes
    }

    /// The marks in a saved position; `nil` for a position of another collector.
    package static func marks(in position: [UInt8]) -> [String: FeedMark]? {
        guard let json = JSONValue(json: position), json["v"]?.integer == 1, json["kind"]?.string == "feed",
            let streams = json["streams"]?.object
        else { return nil }
        return streams.mapValues { FeedMark(json: $0) }
    }
}
