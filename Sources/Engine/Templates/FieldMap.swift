/// How events are written in the fields of another schema: ECS, UDM, CEF, …
///
/// Every field is a template, and one whose names have no value is left out, with the object around it where nothing is
/// left in that. Compiled once; an event is walked over once, and nothing is made of it but the text.
package struct FieldMap: Sendable {
    package enum Form: String, Sendable, CaseIterable { case json, cef, leef }

    indirect enum Node: Sendable {
        case object([(key: [UInt8], node: Node)])
        /// One value alone keeps its type: a number stays a number.
        case value(EventTemplate, isWhole: Bool)
        case list([Node])
    }

    package let name: String
    package let form: Form
    let root: Node
    /// Of CEF and LEEF: what stands between the bars.
    let header: [EventTemplate]
    let fields: FieldPaths

    /// Reads what a file under `schemas/encodings/` declares.
    package init(_ document: Document) throws(Problems) {
        var problems: [Problem] = []
        name = document["encoding"]?.string ?? ""
        form = document["form"]?.string.flatMap { Form(rawValue: $0) } ?? .json
        var names = EventTemplate.Names()
        for entry in document["tables"]?.map ?? [] {
            // The event's own names come first: such a table would never be asked.
            if EventTemplate.Fact(rawValue: entry.key) != nil {
                problems.append(
                    Problem(at: entry.value.position, "“\(entry.key)” is a name of the event's own"))
            }
            names.tables[entry.key] = Self.table(entry.value)
        }
        var fields = FieldPaths()
        let place: EventTemplate.Place = form == .json ? .json : .plain
        func template(_ document: Document) -> EventTemplate? {
            do throws(EventTemplate.Flaw) {
                let text = document.string ?? document.text ?? ""
                return try EventTemplate(text, at: place, names, fields: &fields)
            } catch {
                problems.append(Problem(at: document.position, error.message))
                return nil
            }
        }
        func node(_ document: Document) -> Node? {
            if let list = document.list { return .list(list.compactMap { node($0) }) }
            if let map = document.map {
                let inner = map.compactMap { entry in
                    node(entry.value).map { (path: [entry.key], node: $0) }
                }
                return Self.object(inner[...], depth: 0)
            }
            return template(document).map { .value($0, isWhole: $0.isWhole) }
        }
        var members: [(path: [String], node: Node)] = []
        for entry in document["fields"]?.map ?? [] {
            // In CEF and LEEF a key is one word.
            let path = form == .json ? entry.key.split(separator: ".").map(String.init) : [entry.key]
            if let node = node(entry.value) { members.append((path, node)) }
        }
        root = Self.object(members[...], depth: 0)
        header = (document["header"]?.list ?? []).compactMap { template($0) }
        self.fields = fields
        if document["encoding"]?.string == nil || members.isEmpty {
            problems.append(Problem(at: document.position, "an encoding needs “encoding” and “fields”"))
        }
        if !problems.isEmpty { throw Problems(problems) }
    }

    private static func table(_ document: Document) -> EventTemplate.Table {
        let cases = (document["cases"]?.map ?? []).map { entry in
            (key: Array(entry.key.utf8), word: Array((entry.value.string ?? entry.value.text ?? "").utf8))
        }
        let otherwise = document["otherwise"].map { Array(($0.string ?? $0.text ?? "").utf8) }
        return EventTemplate.Table(
            from: document["from"]?.string ?? "", cases: cases, otherwise: otherwise)
    }

    /// Members with a common beginning become one object, where the first of them stands.
    private static func object(_ members: ArraySlice<(path: [String], node: Node)>, depth: Int) -> Node {
        var order: [String] = []
        var groups: [String: [(path: [String], node: Node)]] = [:]
        for member in members where member.path.count > depth {
            let key = member.path[depth]
            if groups[key] == nil { order.append(key) }
            groups[key, default: []].append(member)
        }
        return .object(
            order.map { key in
                let group = groups[key] ?? []
                var quoted: [UInt8] = []
                JSONText.escape(key.utf8, into: &quoted)
                if let leaf = group.first(where: { $0.path.count == depth + 1 }) {
                    return (quoted, leaf.node)
                }
                return (quoted, object(group[...], depth: depth + 1))
            })
    }

    /// The batch with every event's text in this map's form; what else is known of events stays.
    package func encoded(_ batch: borrowing EventBatch) -> EventBatch {
        var out = EventBatch()
        out.bytes.reserveCapacity(batch.bytes.count)
        out.events.reserveCapacity(batch.count)
        var writer = FieldMapWriter(self)
        for event in batch.events {
            let start = out.bytes.count
            writer.write(event, of: batch, into: &out.bytes)
            var moved = event
            moved.json = Extent(start: start, count: out.bytes.count - start)
            out.bytes.append(UInt8(ascii: "\n"))
            // Exporters ask for the uid by itself; where it stands in the new text is not known.
            moved.uid = Extent(start: out.bytes.count, count: event.uid.range.count)
            out.bytes += batch.bytes[event.uid.range]
            moved.raw = .none
            out.events.append(moved)
        }
        return out
    }
}

extension EventTemplate {
    /// Whether it is one value of the event and nothing else.
    var isWhole: Bool {
        guard parts.count == 1 else { return false }
        switch parts[0] {
        case .field(_, nil, .max), .fact(.classUID), .fact(.activityID), .fact(.severityID), .fact(.statusID),
            .fact(.milliseconds), .fact(.seconds), .fact(.event):
            return true
        default: return false
        }
    }
}

/// Writes events by a map, one after the other.
private struct FieldMapWriter {
    let map: FieldMap
    var values: TemplateWriter

    init(_ map: FieldMap) {
        self.map = map
        values = TemplateWriter(map.fields)
    }

    mutating func write(_ event: Event, of batch: borrowing EventBatch, into out: inout [UInt8]) {
        values.begin(event, of: batch)
        switch map.form {
        case .json:
            if !write(map.root, event, batch, &out) { out += "{}".utf8 }
        case .cef:
            out += "CEF:0".utf8
            writeHeader(event, batch, &out)
            writePairs(event, batch, separator: UInt8(ascii: " "), &out)
        case .leef:
            out += "LEEF:2.0".utf8
            writeHeader(event, batch, &out)
            out += "x09|".utf8
            writePairs(event, batch, separator: 0x09, &out)
        }
    }

    // MARK: JSON

    /// False, with nothing written, where there is no value.
    private func write(
        _ node: FieldMap.Node, _ event: Event, _ batch: borrowing EventBatch, _ out: inout [UInt8]
    ) -> Bool {
        let start = out.count
        switch node {
        case .object(let members):
            out.append(UInt8(ascii: "{"))
            var isEmpty = true
            for (key, member) in members {
                let mark = out.count
                if !isEmpty { out.append(UInt8(ascii: ",")) }
                out.append(UInt8(ascii: "\""))
                out += key
                out += "\":".utf8
                if write(member, event, batch, &out) { isEmpty = false } else { out.removeSubrange(mark...) }
            }
            out.append(UInt8(ascii: "}"))
            if isEmpty { out.removeSubrange(start...) }
            return !isEmpty
        case .list(let nodes):
            out.append(UInt8(ascii: "["))
            var isEmpty = true
            for node in nodes {
                let mark = out.count
                if !isEmpty { out.append(UInt8(ascii: ",")) }
                if write(node, event, batch, &out) { isEmpty = false } else { out.removeSubrange(mark...) }
            }
            out.append(UInt8(ascii: "]"))
            if isEmpty { out.removeSubrange(start...) }
            return !isEmpty
        case .value(let template, true): return values.writeWhole(template, event, of: batch, into: &out)
        case .value(let template, false):
            out.append(UInt8(ascii: "\""))
            let isThere = values.writeAll(template, event, of: batch, into: &out)
            out.append(UInt8(ascii: "\""))
            if !isThere || out.count == start + 2 {
                out.removeSubrange(start...)
                return false
            }
            return true
        }
    }

    // MARK: CEF, LEEF

    private func writeHeader(_ event: Event, _ batch: borrowing EventBatch, _ out: inout [UInt8]) {
        for template in map.header {
            out.append(UInt8(ascii: "|"))
            var text: [UInt8] = []
            values.write(template, event, of: batch, into: &text)
            for byte in text {
                switch byte {
                case UInt8(ascii: "|"), UInt8(ascii: "\\"):
                    if map.form == .cef {
                        out += [UInt8(ascii: "\\"), byte]
                    } else {
                        // LEEF has no way to write it.
                        out.append(byte == UInt8(ascii: "|") ? UInt8(ascii: "/") : byte)
                    }
                case 0..<0x20, 0x7F: out.append(UInt8(ascii: " "))
                default: out.append(byte)
                }
            }
        }
        out.append(UInt8(ascii: "|"))
    }

    private func writePairs(
        _ event: Event, _ batch: borrowing EventBatch, separator: UInt8, _ out: inout [UInt8]
    ) {
        guard case .object(let members) = map.root else { return }
        var isFirst = true
        var text: [UInt8] = []
        for (key, node) in members {
            guard case .value(let template, _) = node else { continue }
            text.removeAll(keepingCapacity: true)
            guard values.writeAll(template, event, of: batch, into: &text), !text.isEmpty else { continue }
            if !isFirst { out.append(separator) }
            isFirst = false
            // `cs1.account` is a field of no meaning of its own with the label that gives it one.
            let words = key.split(separator: UInt8(ascii: "."), maxSplits: 1)
            if words.count == 2 {
                out += words[0] + "Label=".utf8 + words[1]
                out.append(separator)
            }
            out += words[0]
            out.append(UInt8(ascii: "="))
            map.form == .cef ? Self.appendCEF(text, to: &out) : Self.appendLEEF(text, to: &out)
        }
    }

    private static func appendCEF(_ text: [UInt8], to out: inout [UInt8]) {
        for byte in text {
            switch byte {
            case UInt8(ascii: "="), UInt8(ascii: "\\"): out += [UInt8(ascii: "\\"), byte]
            case 0x0A: out += "\\n".utf8
            case 0x0D: out += "\\r".utf8
            case 0..<0x20, 0x7F: out.append(UInt8(ascii: " "))
            default: out.append(byte)
            }
        }
    }

    /// LEEF knows no escapes: what would end a value or a line becomes a space.
    private static func appendLEEF(_ text: [UInt8], to out: inout [UInt8]) {
        for byte in text { out.append(byte < 0x20 || byte == 0x7F ? UInt8(ascii: " ") : byte) }
    }
}
