import Codecs
import Credentials
import Engine
import Ports

/// One answer of a declared feed, taken apart: its records as they stand, and what it says comes next.
struct FeedAnswer {
    let response: HTTPResponse
    private let spans: JSONSpans
    /// `nil` for an empty body.
    private let root: Range<Int>?

    /// A body that is no JSON is a fault that may pass: a proxy's page, an answer cut short.
    init(_ response: HTTPResponse) throws(Fault) {
        self.response = response
        do {
            var reader = try JSONSpans(response.body, isChecked: false)
            root = try reader.next()
            spans = reader
        } catch {
            throw Fault(.transient, "the answer is no JSON")
        }
    }

    func text(at path: KeyPath) -> String? {
        root.flatMap { spans.value(at: path, of: $0) }.flatMap { scalar($0) }
    }

    /// The text of a string or a number, `true` or `false`; `nil` for anything else, and for an empty string.
    private func scalar(_ place: Range<Int>) -> String? {
        switch JSONValue(json: Array(spans.bytes[place])) {
        case .string(let text): text.isEmpty ? nil : text
        case .number(let text): text
        case .bool(let flag): flag ? "true" : "false"
        default: nil
        }
    }

    /// The single values of an object, by name.
    func scalars(of place: Range<Int>? = nil) -> [String: String] {
        guard let place = place ?? root, let members = spans.members(of: place) else { return [:] }
        var values: [String: String] = [:]
        for member in members where member.value.count <= 8_192 {
            guard let text = scalar(member.value) else { continue }
            values[String(decoding: spans.bytes[member.name], as: UTF8.self)] = text
        }
        return values
    }

    /// The records at the first of the paths that the answer has; an object there is a single one. Vendors leave an
    /// empty list out.
    func records(at paths: FeedPaths) throws(Fault) -> [Range<Int>] {
        guard let root else { return [] }
        for path in paths.all {
            guard let place = spans.value(at: path, of: root) else { continue }
            if let items = spans.elements(of: place) { return items }
            if spans.members(of: place) != nil { return [place] }
        }
        guard spans.members(of: root) != nil else { throw Fault(.transient, "the answer holds no records") }
        return []
    }

    func count(at path: KeyPath) -> Int {
        root.flatMap { spans.value(at: path, of: $0) }.flatMap { spans.elements(of: $0)?.count } ?? 0
    }

    func bytes(_ place: Range<Int>) -> ArraySlice<UInt8> { spans.bytes[place] }

    // MARK: What comes next

    /// The next URL or token; `nil` at the end.
    func next(_ rule: FeedNext, after records: [Range<Int>], offset: Int) -> String? {
        if let relation = rule.link { return Self.link(relation, in: response.headers) }
        if let header = rule.header { return response.headers[header].flatMap { $0.isEmpty ? nil : $0 } }
        if let paths = rule.url { return paths.all.lazy.compactMap { text(at: $0) }.first }
        if let path = rule.token { return text(at: path) }
        if let path = rule.last {
            return records.last.flatMap { spans.value(at: path, of: $0) }.flatMap { scalar($0) }
        }
        if let size = rule.offset { return records.count < size ? nil : String(offset + records.count) }
        return nil
    }

    /// The target of a `Link` header's relation (RFC 8288); vendors send several headers, or one with commas.
    static func link(_ relation: String, in headers: HTTPHeaders) -> String? {
        for field in headers.fields where field.name.lowercased() == "link" {
            var rest = Substring(field.value)
            while let open = rest.firstIndex(of: "<"), let close = rest[open...].firstIndex(of: ">") {
                let target = rest[rest.index(after: open)..<close]
                let behind = rest[rest.index(after: close)...]
                let end = behind.firstIndex(of: "<") ?? behind.endIndex
                let isIt = behind[..<end].split(separator: ";").contains { parameter in
                    let sides = parameter.split(separator: "=", maxSplits: 1).map {
                        $0.filter { $0 != " " && $0 != "\"" && $0 != "," }
                    }
                    return sides.count == 2 && sides[0].lowercased() == "rel" && sides[1] == relation
                }
                if isIt { return String(target) }
                rest = behind[end...]
            }
        }
        return nil
    }

    // MARK: Times and rows

    /// When a record happened: RFC 3339, or seconds, milliseconds, microseconds or nanoseconds since 1970.
    func time(of record: Range<Int>, at path: KeyPath) -> Timestamp? {
        guard let place = spans.value(at: path, of: record), let text = scalar(place) else { return nil }
        if let time = Timestamp(iso8601: text) { return time }
        guard let number = Double(text), number.isFinite, abs(number) < 9e18 else { return nil }
        switch abs(number) {
        case ..<1e11: return Timestamp(nanoseconds: Int64(number * 1e9))
        case ..<1e14: return Timestamp(milliseconds: Int64(number))
        case ..<1e17: return Timestamp(nanoseconds: Int64(number) &* 1_000)
        default: return Timestamp(nanoseconds: Int64(number))
        }
    }

    /// What the columns of the rows are called.
    func columns(_ rule: FeedColumns) -> [Column]? {
        guard let root, let list = spans.value(at: rule.at, of: root), let items = spans.elements(of: list)
        else {
            return nil
        }
        return items.map { item in
            let name = spans.value(at: rule.label, of: item).flatMap { scalar($0) } ?? ""
            let type = rule.type.flatMap { spans.value(at: $0, of: item) }.flatMap { scalar($0) } ?? ""
            return Column(
                name: JSONValue.string(name).bytes,
                isNested: rule.nested.contains { type.lowercased().hasPrefix($0.lowercased()) })
        }
    }

    struct Column: Hashable, Sendable {
        /// As JSON, with its quotes.
        var name: [UInt8]
        /// Whether its texts are JSON themselves.
        var isNested: Bool
    }

    /// A row as an object.
    func object(_ row: Range<Int>, _ columns: [Column]) -> [UInt8] {
        guard let values = spans.elements(of: row) else { return Array(spans.bytes[row]) }
        var object: [UInt8] = [0x7B]
        for (column, value) in zip(columns, values) {
            if object.count > 1 { object.append(0x2C) }
            object += column.name
            object.append(0x3A)
            if column.isNested, let text = JSONValue(json: Array(spans.bytes[value]))?.string,
                let inner = JSONValue(json: text)
            {
                object += inner.bytes
            } else {
                object += spans.bytes[value]
            }
        }
        object.append(0x7D)
        return object
    }
}
