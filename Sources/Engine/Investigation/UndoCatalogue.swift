/// What operations make or change, what undoes them, and the command that does it by hand.
package enum UndoCatalogue {
    struct Entry: Sendable {
        /// The service as the timeline has it; empty for any.
        let service: String
        let operation: String
        let kind: String
        /// Names of values of the request or the answer that tell which thing it is; `target` is what the event names.
        let identity: [String]
        /// Operations after which it stands no more; behind a `?` a value that they must have.
        let undoneBy: [String]
        /// With names of values in braces, also `account` and `region`.
        let command: String

        init(
            _ service: String, _ operation: String, _ kind: String, _ identity: [String],
            undoneBy: [String] = [], _ command: String
        ) {
            self.service = service
            self.operation = operation
            self.kind = kind
            self.identity = identity
            self.undoneBy = undoneBy
            self.command = command
        }
    }

    static let entries: [Entry] = identityEntries + cloudEntries + otherEntries
    private static let byOperation = Dictionary(grouping: entries, by: \.operation)
    private static let byUndoing: [String: [Entry]] = {
        var all: [String: [Entry]] = [:]
        for entry in entries {
            for undoing in entry.undoneBy { all[operation(of: undoing), default: []].append(entry) }
        }
        return all
    }()

    /// The values that entries name, and those that tell who acted on what: the only ones an investigation keeps.
    static let parameters: Set<String> = {
        var all: Set<String> = [
            "durationSeconds", "roleArn", "roleName", "userName", "accessKeyId", "status",
        ]
        for entry in entries {
            all.formUnion(entry.identity)
            all.formUnion(
                entry.command.split(separator: "{").dropFirst().map { String($0.prefix { $0 != "}" }) })
        }
        return all
    }()

    /// Every operation that undoes something.
    static func undoing(_ operation: String) -> [Entry] { byUndoing[operation] ?? [] }

    static func entry(for event: CaseEvent) -> Entry? {
        byOperation[event.operation]?.first { $0.service.isEmpty || $0.service == event.service }
    }

    static func operation(of undoing: String) -> String { String(undoing.prefix { $0 != "?" }) }

    /// Whether the event fulfils what stands behind the `?`.
    static func condition(of undoing: String, holdsFor event: CaseEvent) -> Bool {
        guard let mark = undoing.firstIndex(of: "?") else { return true }
        let parts = undoing[undoing.index(after: mark)...].split(separator: "=").map(String.init)
        return parts.count == 2 && event.parameters[parts[0]] == parts[1]
    }

    /// The value that a name in an entry stands for.
    static func value(_ name: String, of event: CaseEvent) -> String {
        switch name {
        case "target": event.targets.first?.label ?? event.affectedUser.label
        case "targetName":
            event.targets.first.map { $0.name.isEmpty ? $0.uid : $0.name } ?? event.affectedUser.label
        case "user": event.affectedUser.label.isEmpty ? event.principal : event.affectedUser.label
        case "actor": event.principal
        case "account": event.account
        case "region": event.region
        default: event.parameters[name] ?? ""
        }
    }

    /// The command with its values put in, each safe in a shell; `nil` where one is missing or cannot be typed.
    static func command(_ entry: Entry, for event: CaseEvent) -> String? {
        var text = ""
        var rest = Substring(entry.command)
        while let open = rest.firstIndex(of: "{") {
            text += rest[..<open]
            let name = rest[rest.index(after: open)...].prefix { $0 != "}" }
            let value = value(String(name), of: event)
            guard name.endIndex < rest.endIndex,
                let word = entry.command.hasPrefix("curl ") ? segment(value) : shellWord(value)
            else { return nil }
            text += word
            rest = rest[rest.index(after: name.endIndex)...]
        }
        return text + rest
    }

    /// What comes out of a log is hostile, and this is typed by a tired person: quotes, or nothing.
    static func shellWord(_ value: String) -> String? {
        if value.isEmpty || value.utf8.count > 512 || DriftRemedy.isFetched(value) { return nil }
        let plain = value.utf8.allSatisfy {
            ($0 | 0x20) &- 97 < 26 || $0 &- 48 < 10 || "._:/@+=,-".utf8.contains($0)
        }
        if plain, value.utf8.first != UInt8(ascii: "-") { return value }
        guard value.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value < 0x7F && $0 != "'" }),
            value.utf8.first != UInt8(ascii: "-")
        else { return nil }
        return "'\(value)'"
    }

    /// One segment of an address: what would lead to another one is encoded.
    static func segment(_ value: String) -> String? {
        if value.isEmpty || value.utf8.count > 512 || value == "." || value == ".." { return nil }
        return value.utf8.map { byte in
            let isPlain = (byte | 0x20) &- 97 < 26 || byte &- 48 < 10 || "-_.~@".utf8.contains(byte)
            let digits = String(byte, radix: 16, uppercase: true)
            return isPlain ? String(UnicodeScalar(byte)) : "%\(byte < 16 ? "0" : "")\(digits)"
        }.joined()
    }

    /// The operations that undo what has no entry, told from its verb: `CreateQueue` by `DeleteQueue`.
    static func opposites(of operation: String) -> [String] {
        for (verb, opposites) in verbs where operation.hasPrefix(verb) {
            let noun = operation.dropFirst(verb.count)
            guard let first = noun.utf8.first, first &- 65 < 26 else { continue }
            return opposites.map { $0 + noun }
        }
        for (tail, opposite) in tails where operation.hasSuffix(tail) {
            return [operation.dropLast(tail.count) + opposite]
        }
        return []
    }

    private static let verbs: [(String, [String])] = [
        ("Create", ["Delete"]), ("Put", ["Delete"]), ("Attach", ["Detach"]), ("Add", ["Remove"]),
        ("Enable", ["Disable"]), ("Disable", ["Enable"]), ("Start", ["Stop"]), ("Stop", ["Start"]),
        ("Register", ["Deregister"]), ("Authorize", ["Revoke"]), ("Associate", ["Disassociate"]),
        ("Grant", ["Revoke"]), ("Run", ["Terminate"]), ("Import", ["Delete"]), ("Tag", ["Untag"]),
        ("Delete", ["Create", "Put"]), ("Upload", ["Delete"]),
    ]
    private static let tails: [(String, String)] = [
        ("/write", "/delete"), (".create", ".delete"), (".add", ".remove"), (".grant", ".revoke"),
        (".activate", ".deactivate"), (".insert", ".delete"),
    ]
}
