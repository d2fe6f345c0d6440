import Credentials
import Engine

/// One value that a request may carry: what it must look like is checked before anything else sees it.
struct APIParameter: Sendable {
    enum Place: String, Sendable {
        case path, query
        /// A member of a JSON body, or a field of a form.
        case body
    }

    enum Kind: Sendable {
        /// At most so many bytes.
        case text(Int)
        case integer(ClosedRange<Int>)
        case choice([String])
        /// RFC 3339 or relative: `-24h`, `yesterday`.
        case time
        /// RFC 3339, or how long from now: `14d`.
        case deadline
    }

    var name: String
    var place = Place.query
    var kind: Kind
    var isRequired = false
    var what: String
    var example: String?

    static func text(
        _ name: String, _ what: String, max bytes: Int = 1_024, in place: Place = .query,
        isRequired: Bool = false, example: String? = nil
    ) -> Self {
        Self(
            name: name, place: place, kind: .text(bytes), isRequired: isRequired || place == .path,
            what: what, example: example)
    }

    static func choice(
        _ name: String, _ names: [String], _ what: String, in place: Place = .query,
        isRequired: Bool = false
    ) -> Self {
        Self(name: name, place: place, kind: .choice(names), isRequired: isRequired, what: what)
    }

    static func integer(_ name: String, _ range: ClosedRange<Int>, _ what: String) -> Self {
        Self(name: name, kind: .integer(range), what: what)
    }

    static func time(_ name: String, _ what: String) -> Self {
        Self(name: name, kind: .time, what: what, example: "-24h")
    }

    /// What is wrong with a value, or `nil`.
    func complaint(about value: String) -> String? {
        switch kind {
        case .text(let bytes):
            value.utf8.count > bytes ? "at most \(bytes) bytes are taken" : nil
        case .integer(let range):
            // `+5` and `٥` are numbers to some, and none here.
            Int(value).map { range.contains($0) && String($0) == value } ?? false
                ? nil : "a whole number from \(range.lowerBound) to \(range.upperBound) is needed"
        case .choice(let names):
            names.contains(value) ? nil : "one of \(names.joined(separator: ", ")) is needed"
        case .time:
            Timestamp(userText: value, now: .epoch) == nil
                ? "a time is needed: 2026-01-31T08:00:00Z, 2026-01-31, -24h, yesterday" : nil
        case .deadline:
            Timestamp(iso8601: value) == nil && Duration(userText: value) == nil
                ? "a time or a duration is needed: 2026-01-31T08:00:00Z, 14d" : nil
        }
    }

    var schema: JSONValue {
        switch kind {
        case .text(let bytes): ["type": "string", "maxLength": .integer(bytes / 4)]
        case .integer(let range):
            [
                "type": "integer", "minimum": .integer(range.lowerBound),
                "maximum": .integer(range.upperBound),
            ]
        case .choice(let names): ["type": "string", "enum": .array(names.map { .string($0) })]
        case .time:
            [
                "type": "string",
                "pattern": "^-[1-9][0-9]{0,3}[hmd]$|^yesterday$|^2[0-9]{3}-0[1-9]-[12][0-9]$",
            ]
        case .deadline:
            [
                "type": "string",
                "pattern": "^[1-9][0-9]{0,2}[hd]$|^2[1-9][0-9]{2}-0[1-9]-[12][0-9]T00:00:00Z$",
            ]
        }
    }

    /// How the reference says it.
    var words: String {
        switch kind {
        case .text(let bytes): "text, at most \(bytes) bytes"
        case .integer(let range): "\(range.lowerBound) to \(range.upperBound)"
        case .choice(let names): names.joined(separator: ", ")
        case .time: "time: RFC 3339, -24h, yesterday"
        case .deadline: "RFC 3339, or 14d from now"
        }
    }
}
