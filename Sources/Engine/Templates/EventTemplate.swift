/// Text with `{names}` that an event's values take the place of: how receivers want an event wrapped.
///
/// `{event}` is the event as it stands, `{event_text}` the same inside a JSON string, `{event_base64}`; `{uid}`, `{kind}`,
/// `{class_uid}`, `{activity_id}`, `{severity_id}`, `{status_id}`; `{time}` in RFC 3339, `{time_s}`, `{time_ms}`,
/// `{time_ns}`; `{batch}`. `{$actor.user.name|$user.name|unknown}` is the first of these fields that the event has, else
/// the word at the end; `:200` behind it cuts it off there. Any other name is a parameter or a table. A stretch between
/// `{?` and `?}` is left out where one of its names has no value.
package struct EventTemplate: Sendable {
    package struct Flaw: Error, Hashable {
        package var message: String
    }

    /// How values are made fit for where they stand.
    package enum Place: Sendable { case plain, json, url }

    /// Words for a value: `severity_id`'s, or a field's.
    package struct Table: Hashable, Sendable {
        /// `severity_id`, `class_uid`, `kind`, … or `$path`.
        package var from: String
        package var cases: [(key: [UInt8], word: [UInt8])]
        package var otherwise: [UInt8]?

        package init(from: String, cases: [(key: [UInt8], word: [UInt8])], otherwise: [UInt8]?) {
            self.from = from
            self.cases = cases
            self.otherwise = otherwise
        }

        package static func == (a: Table, b: Table) -> Bool {
            a.from == b.from && a.otherwise == b.otherwise && a.cases.map(\.key) == b.cases.map(\.key)
                && a.cases.map(\.word) == b.cases.map(\.word)
        }
        package func hash(into hasher: inout Hasher) { hasher.combine(from) }
    }

    enum Fact: String, Sendable, CaseIterable {
        case event, eventText = "event_text", eventBase64 = "event_base64", uid, kind
        case classUID = "class_uid", activityID = "activity_id", severityID = "severity_id"
        case statusID = "status_id", time, seconds = "time_s", milliseconds = "time_ms"
        case nanoseconds = "time_ns", batch
    }

    indirect enum Part: Sendable {
        case text([UInt8])
        case fact(Fact)
        case field(slots: [Int], otherwise: [UInt8]?, limit: Int)
        case table(source: Part, cases: [(key: [UInt8], word: [UInt8])], otherwise: [UInt8]?)
        case optional([Part])
    }

    /// What a template may name besides the event's own.
    package struct Names: Sendable {
        /// `nil` for a parameter that the user did not set.
        package var parameters: [String: String?]
        /// Those of them that are addresses, and stay as they are.
        package var addresses: Set<String>
        package var tables: [String: Table]
        /// What a receiver would take for markup in a field's text, and what is written instead.
        package var escapes: [UInt8: [UInt8]]

        package init(
            parameters: [String: String?] = [:], addresses: Set<String> = [], tables: [String: Table] = [:],
            escapes: [UInt8: [UInt8]] = [:]
        ) {
            self.escapes = escapes
            self.parameters = parameters
            self.addresses = addresses
            self.tables = tables
        }
    }

    let parts: [Part]
    let place: Place
    let escapes: [UInt8: [UInt8]]

    package init(
        _ text: String, at place: Place, _ names: Names = Names(), fields: inout FieldPaths
    ) throws(Flaw) {
        var reader = TemplateReader(text: Array(text.utf8), place: place, names: names)
        parts = try reader.parts(&fields, isInside: false)
        self.place = place
        escapes = names.escapes
    }

    /// Whether nothing of an event is in it.
    package var isFixed: Bool { parts.allSatisfy { if case .text = $0 { true } else { false } } }
}

/// Takes a template's text apart.
private struct TemplateReader {
    let text: [UInt8]
    let place: EventTemplate.Place
    let names: EventTemplate.Names
    var at = 0

    mutating func parts(
        _ fields: inout FieldPaths, isInside: Bool
    ) throws(EventTemplate.Flaw) -> [EventTemplate.Part] {
        var parts: [EventTemplate.Part] = []
        var plain: [UInt8] = []
        func close() {
            if !plain.isEmpty { parts.append(.text(plain)) }
            plain = []
        }
        while at < text.count {
            if isInside, starts("?}") {
                at += 2
                close()
                return parts
            }
            if starts("{?") {
                at += 2
                close()
                parts.append(.optional(try self.parts(&fields, isInside: true)))
                continue
            }
            guard text[at] == UInt8(ascii: "{"), let name = name() else {
                plain.append(text[at])
                at += 1
                continue
            }
            at += name.utf8.count + 2
            switch try part(name, &fields) {
            case .text(let fixed): plain += fixed
            case let part:
                close()
                parts.append(part)
            }
        }
        if isInside { throw EventTemplate.Flaw(message: "“{?” without its “?}”") }
        close()
        return parts
    }

    private func starts(_ mark: String) -> Bool { text[at...].starts(with: mark.utf8) }

    /// What stands between the brace here and its end, where that is a name.
    private func name() -> String? {
        guard let end = text[at...].firstIndex(of: UInt8(ascii: "}")), end > at + 1 else { return nil }
        let inner = text[(at + 1)..<end]
        let isField = inner.first == UInt8(ascii: "$")
        let isName = inner.allSatisfy { byte in
            (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x5F
                || (isField
                    && (byte == 0x24 || byte == 0x2E || byte == 0x7C || byte == 0x3A || byte == 0x20
                        || byte == 0x2D || (0x41...0x5A).contains(byte)))
        }
        return isName ? String(decoding: inner, as: UTF8.self) : nil
    }

    private func part(
        _ name: String, _ fields: inout FieldPaths
    ) throws(EventTemplate.Flaw) -> EventTemplate.Part {
        if name.hasPrefix("$") { return field(name, &fields) }
        if let fact = EventTemplate.Fact(rawValue: name) { return .fact(fact) }
        if let table = names.tables[name] {
            let source: EventTemplate.Part
            if table.from.hasPrefix("$") {
                source = field(table.from, &fields)
            } else if let fact = EventTemplate.Fact(rawValue: table.from) {
                source = .fact(fact)
            } else {
                throw EventTemplate.Flaw(
                    message: "the table \(name) is from “\(table.from)”, which is nothing")
            }
            return .table(source: source, cases: table.cases, otherwise: table.otherwise)
        }
        guard let value = names.parameters[name] else {
            let all = EventTemplate.Fact.allCases.map(\.rawValue) + names.parameters.keys + names.tables.keys
            let near = nearestName(to: name, among: all).map { "; did you mean {\($0)}?" } ?? ""
            throw EventTemplate.Flaw(message: "nothing is called {\(name)}\(near)")
        }
        // Without a value it is missing, which an optional stretch around it sees.
        guard let value else { return .field(slots: [], otherwise: nil, limit: .max) }
        var fit: [UInt8] = []
        switch place {
        case .plain: fit = Array(value.utf8)
        case .json: JSONText.escape(value.utf8, into: &fit)
        case .url: fit = names.addresses.contains(name) ? Array(value.utf8) : Self.percentEncoded(value)
        }
        return .text(fit)
    }

    private func field(_ name: String, _ fields: inout FieldPaths) -> EventTemplate.Part {
        var choices = name
        var limit = Int.max
        if let colon = name.lastIndex(of: ":"), let number = Int(name[name.index(after: colon)...]) {
            limit = number
            choices = String(name[..<colon])
        }
        var slots: [Int] = []
        var otherwise: [UInt8]?
        for choice in choices.split(separator: "|") {
            if choice.hasPrefix("$") {
                slots.append(fields.slot(for: String(choice.dropFirst())))
            } else {
                otherwise = Array(choice.utf8)
            }
        }
        return .field(slots: slots, otherwise: otherwise, limit: limit)
    }

    /// What cannot end a path or a query's value stays as it is; slashes and colons belong to addresses.
    private static func percentEncoded(_ text: String) -> [UInt8] {
        let digits = Array("0123456789ABCDEF".utf8)
        return text.utf8.flatMap { byte -> [UInt8] in
            let isPlain =
                (0x30...0x3A).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                || "-._~/".utf8.contains(byte)
            return isPlain ? [byte] : [0x25, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
    }
}
