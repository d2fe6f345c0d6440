import Codecs
package import Engine
package import Ports

/// A user's file of people and their accounts, which completes what the feeds tell.
///
/// YAML, or CSV with a line for each account: `name,kind,account`.
package enum IdentityFile {
    /// Larger files are no lists of people: bytes.
    package static let bytesMax = 64 << 20

    private static let kinds = ["human", "workload", "service"]

    /// Adds the file's people; throws everything wrong with it.
    package static func read(
        _ bytes: [UInt8], named path: String, into directory: inout IdentityDirectory
    ) throws(Problems) {
        var problems: [Problem] = []
        if path.hasSuffix(".csv") {
            table(bytes, path, &directory, &problems)
        } else {
            people(try YAMLReader.document(in: bytes, file: path), &directory, &problems)
        }
        if !problems.isEmpty { throw Problems(problems) }
    }

    private static func nature(_ kind: String) -> Nature? {
        switch kind {
        case "human", "": .human
        case "workload": .workload
        case "service": .service
        default: nil
        }
    }

    private static func kindComplaint(_ kind: String, at position: SourcePosition) -> Problem {
        Problem(
            at: position, "“\(kind)” is no kind of identity", hint: "one of \(kinds.joined(separator: ", "))")
    }

    private static func people(
        _ document: Document, _ directory: inout IdentityDirectory, _ problems: inout [Problem]
    ) {
        guard let list = document["people"]?.list else {
            problems.append(
                Problem(
                    at: document.position, "`people` is missing",
                    hint: "people: [{name: Ana Example, accounts: [ana@example.com, okta 00u1]}]"))
            return
        }
        for person in list {
            guard let name = person["name"]?.string, !name.isEmpty, let accounts = person["accounts"]?.list,
                !accounts.isEmpty
            else {
                problems.append(
                    Problem(at: person.position, "a person needs `name` and `accounts`"))
                continue
            }
            for entry in person.map ?? [] where !["name", "kind", "accounts"].contains(entry.key) {
                problems.append(
                    Problem(
                        at: entry.keyPosition, "a person has no key \(entry.key)",
                        hint: "it has name, kind, accounts"))
            }
            let kind = person["kind"]?.string ?? ""
            guard let nature = nature(kind) else {
                problems.append(kindComplaint(kind, at: person["kind"]?.position ?? person.position))
                continue
            }
            var ids: [String] = []
            for account in accounts {
                if let id = account.string, !id.isEmpty {
                    ids.append(id)
                } else {
                    problems.append(
                        Problem(
                            at: account.position, "an account is a text",
                            hint: "an address, an ARN, or a system and an id: okta 00u1"))
                }
            }
            directory.add(person: name, nature: nature, accounts: ids)
        }
    }

    private static func table(
        _ bytes: [UInt8], _ path: String, _ directory: inout IdentityDirectory, _ problems: inout [Problem]
    ) {
        var order: [String] = []
        var accounts: [String: (nature: Nature, ids: [String])] = [:]
        for (number, line) in bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
            let text = String(decoding: line, as: UTF8.self).trimmed
            let position = SourcePosition(file: path, line: number + 1, column: 1)
            if text.isEmpty || text.hasPrefix("#") || (number == 0 && text.hasPrefix("name,")) { continue }
            let parts = text.split(separator: ",", omittingEmptySubsequences: false).map {
                String($0).trimmed
            }
            guard parts.count == 3, !parts[0].isEmpty, !parts[2].isEmpty else {
                problems.append(
                    Problem(
                        at: position, "a line has a name, a kind and an account",
                        hint: "Ana Example,human,okta 00u1"))
                continue
            }
            guard let nature = nature(parts[1]) else {
                problems.append(kindComplaint(parts[1], at: position))
                continue
            }
            if accounts[parts[0]] == nil { order.append(parts[0]) }
            accounts[parts[0], default: (nature, [])].ids.append(parts[2])
        }
        for name in order {
            guard let person = accounts[name] else { continue }
            directory.add(person: name, nature: person.nature, accounts: person.ids)
        }
    }
}

extension String {
    /// Without white space and quotes around it.
    fileprivate var trimmed: String {
        var rest = self[...]
        while let first = rest.first, first.isWhitespace || first == "\"" { rest.removeFirst() }
        while let last = rest.last, last.isWhitespace || last == "\"" { rest.removeLast() }
        return String(rest)
    }
}

extension IdentityFile {
    /// Reads the file at a path; `name` is what the user called it.
    package static func read(
        _ path: String, shownAs name: String, _ files: any FileReader,
        into directory: inout IdentityDirectory
    ) async throws(Problems) {
        var bytes: [UInt8] = []
        do throws(Fault) {
            guard let entry = try await files.entry(at: path), entry.kind == .file else {
                throw Fault(.rejected(rows: []), "there is no such file")
            }
            guard entry.size <= bytesMax else {
                throw Fault(.rejected(rows: []), "it is larger than \(bytesMax >> 20) MiB")
            }
            bytes = try await files.read(path, in: 0..<entry.size)
        } catch {
            throw Problems([Problem(at: nil, "\(name): \(error.message)")])
        }
        try read(bytes, named: name, into: &directory)
    }
}
