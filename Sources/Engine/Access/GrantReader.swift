/// Finds the grant in an event's text.
///
/// Keeps the tree of the last event, so that reading many allocates little. What does not fit (a text where an object
/// is expected, an unknown phase, a time beyond all calendars) is as if it were not there.
package struct GrantReader {
    private var tree = EventTree()

    package init() {}

    /// The first grant among the event's enrichments; `nil` if there is none, or if the text is no event.
    package mutating func grant(in event: borrowing Span<UInt8>) -> Grant? {
        for item in enrichments(Grant.enrichmentName, in: event) {
            guard let data = member("data", of: item, event), tree.nodes[data].kind == .object,
                let phase = text(member("phase", of: data, event), event).flatMap(Grant.Phase.init(rawValue:))
            else { continue }
            return grant(phase, data, event)
        }
        return nil
    }

    /// Who attribution says is behind the event whose grant was asked for last, the name empty where nobody is known;
    /// `nil` where it says nothing.
    mutating func doer(in event: borrowing Span<UInt8>) -> (name: String, nature: Nature?)? {
        for item in enrichments(Attributor.enrichmentName, in: event) {
            guard let value = text(member("value", of: item, event), event) else { continue }
            let kind = member("data", of: item, event).flatMap { data in
                tree.nodes[data].kind == .object ? text(member("kind", of: data, event), event) : nil
            }
            let nature = Nature.allCases.first { $0.name == kind }
            return (value == "unknown" ? "" : value, nature)
        }
        return nil
    }

    /// Reads the event; its enrichments of a name.
    private mutating func enrichments(_ name: String, in event: borrowing Span<UInt8>) -> [Int] {
        do throws(EventTree.Malformed) { try tree.read(event) } catch { return [] }
        guard tree.nodes[0].kind == .object, let list = member("enrichments", of: 0, event),
            tree.nodes[list].kind == .array
        else { return [] }
        var found: [Int] = []
        for item in tree.children(of: list) where tree.nodes[item].kind == .object {
            if text(member("name", of: item, event), event) == name { found.append(item) }
        }
        return found
    }

    private func grant(_ phase: Grant.Phase, _ data: Int, _ event: borrowing Span<UInt8>) -> Grant {
        var grant = Grant(phase: phase)
        for child in tree.children(of: data) {
            let key = string(tree.nodes[child].keyRange, event)
            switch key {
            case "uid": grant.uid = text(child, event)
            case "provider": grant.provider = text(child, event)
            case "requester": grant.requester = name(child, event)
            case "target": grant.target = name(child, event)
            case "approvers": grant.approvers = names(child, event)
            case "roles": grant.roles = names(child, event)
            case "resources": grant.resources = names(child, event)
            case "account": grant.account = name(child, event)
            case "ticket": grant.ticket = name(child, event)
            case "justification": grant.justification = text(child, event)
            case "start_time": grant.start = time(child, event)
            case "end_time": grant.end = time(child, event)
            case "duration": grant.duration = text(child, event).flatMap { Duration(lifetime: $0) }
            case "is_emergency": grant.isEmergency = string(tree.nodes[child].range, event) == "true"
            default: break
            }
        }
        if grant.target == nil { grant.target = grant.requester }
        if grant.end == nil, let start = grant.start, let duration = grant.duration {
            grant.end = start + duration
        }
        return grant
    }

    // MARK: Values

    private func member(_ key: String, of object: Int, _ event: borrowing Span<UInt8>) -> Int? {
        for child in tree.children(of: object) where string(tree.nodes[child].keyRange, event) == key {
            return child
        }
        return nil
    }

    private func string(_ range: Range<Int>, _ event: borrowing Span<UInt8>) -> String {
        guard range.count <= Grant.textBytesMax else { return "" }
        return JSONText.string(event.extracting(range))
    }

    private func text(_ node: Int?, _ event: borrowing Span<UInt8>) -> String? {
        guard let node, tree.nodes[node].kind == .string else { return nil }
        let text = string(tree.nodes[node].text, event)
        return text.isEmpty ? nil : text
    }

    private func time(_ node: Int, _ event: borrowing Span<UInt8>) -> Timestamp? {
        guard tree.nodes[node].kind == .integer else { return nil }
        return Int64(string(tree.nodes[node].range, event)).map { Timestamp(milliseconds: $0) }
    }

    private func name(_ node: Int, _ event: borrowing Span<UInt8>) -> Grant.Name? {
        guard tree.nodes[node].kind == .object else { return nil }
        var name = Grant.Name()
        for child in tree.children(of: node) {
            switch string(tree.nodes[child].keyRange, event) {
            case "uid": name.uid = text(child, event)
            case "name", "title": name.name = text(child, event)
            case "email_addr": name.email = text(child, event)
            case "type": name.type = text(child, event)
            default: break
            }
        }
        return name.isEmpty ? nil : name
    }

    private func names(_ node: Int, _ event: borrowing Span<UInt8>) -> [Grant.Name] {
        guard tree.nodes[node].kind == .array else { return name(node, event).map { [$0] } ?? [] }
        var names: [Grant.Name] = []
        for child in tree.children(of: node) {
            guard names.count < Grant.listMax else { break }
            if let found = name(child, event) { names.append(found) }
        }
        return names
    }
}

extension Duration {
    /// How long a grant lasts, as brokers write it: `3600`, `3600s`, `8h30m0s`, `4 hour(s)`, `PT8H`, `P1DT12H`.
    ///
    /// `nil` for months and years, which are no fixed time, and for all else.
    package init?(lifetime text: String) {
        var bytes = Array(text.utf8)[...]
        let isISO = bytes.first == UInt8(ascii: "P")
        if isISO { bytes.removeFirst() }
        var isTime = !isISO
        var seconds: Int64 = 0
        var hasPart = false
        while !bytes.isEmpty {
            if isISO, !isTime, bytes.first == UInt8(ascii: "T") {
                isTime = true
                bytes.removeFirst()
                continue
            }
            let digits = bytes.prefix { $0 >= 0x30 && $0 <= 0x39 }
            guard let count = Int64(String(decoding: digits, as: UTF8.self)) else { return nil }
            bytes = bytes.dropFirst(digits.count)
            // A fraction is less than grants are measured by.
            if bytes.first == UInt8(ascii: ".") {
                bytes = bytes.dropFirst().drop { $0 >= 0x30 && $0 <= 0x39 }
            }
            if !isISO { bytes = bytes.drop { $0 == 0x20 } }
            let unit = bytes.first.map { $0 | 0x20 }
            if !bytes.isEmpty { bytes.removeFirst() }
            if !isISO {
                let word = bytes.prefix { $0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A }
                if unit == UInt8(ascii: "m"), word.first.map({ $0 | 0x20 }) == UInt8(ascii: "o") {
                    return nil
                }
                bytes = bytes.dropFirst(word.count)
                if bytes.starts(with: "(s)".utf8) { bytes = bytes.dropFirst(3) }
                bytes = bytes.drop { $0 == 0x20 || $0 == 0x2C }
            }
            let scale: Int64
            switch unit {
            case UInt8(ascii: "w") where !isTime: scale = 604_800
            case UInt8(ascii: "d") where !isTime || !isISO: scale = 86_400
            case UInt8(ascii: "h") where isTime: scale = 3_600
            case UInt8(ascii: "m") where isTime: scale = 60
            case UInt8(ascii: "s") where isTime: scale = 1
            case nil where !isISO && !hasPart: scale = 1
            default: return nil
            }
            let (part, isTooLong) = count.multipliedReportingOverflow(by: scale)
            let (sum, overflow) = seconds.addingReportingOverflow(part)
            guard !isTooLong, !overflow else { return nil }
            seconds = sum
            hasPart = true
        }
        guard hasPart else { return nil }
        self = .seconds(seconds)
    }
}
