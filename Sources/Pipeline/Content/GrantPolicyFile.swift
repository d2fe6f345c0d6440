import Codecs
package import Engine
package import Ports

/// A user's file of what grants are held to, and of what brokers' roles give access to.
///
/// ```yaml
/// duration_max: 8h
/// renewals_max: 2
/// break_glass: ["arn:aws:iam::*:user/break-glass"]
/// scopes: [{provider: Teleport, role: prod-admin, system: aws, accounts: ["111122223333"], roles: ["*Admin*"]}]
/// brokered: [{system: aws, accounts: ["111122223333"], roles: ["*Admin*"]}]
/// ```
package enum GrantPolicyFile {
    /// Larger files are no policy: bytes.
    package static let bytesMax: Int64 = 4 << 20
    /// Entries of one list.
    package static let entriesMax = 10_000

    private static let keys = [
        "break_glass", "brokered", "duration_max", "lead", "near", "renewal_gap", "renewals_max", "scopes",
        "skew", "wait",
    ]

    /// Reads the file at a path; `name` is what the user called it. Throws everything wrong with it.
    package static func read(
        _ path: String, shownAs name: String, _ files: any FileReader
    ) async throws(Problems) -> GrantPolicy {
        var bytes: [UInt8] = []
        do throws(Fault) { bytes = try await files.read(path, bytesMax: bytesMax) } catch {
            throw Problems([Problem(at: nil, "\(name): \(error.message)")])
        }
        return try policy(bytes, named: name)
    }

    package static func policy(_ bytes: [UInt8], named name: String) throws(Problems) -> GrantPolicy {
        let document = try YAMLReader.document(in: bytes, file: name)
        var policy = GrantPolicy()
        var reader = Reader()
        guard let map = document.map else {
            throw Problems([
                Problem(
                    at: document.position, "a map is needed here, not \(document.kind)",
                    hint: "duration_max: 8h")
            ])
        }
        for entry in map {
            switch entry.key {
            case "duration_max": reader.duration(entry.value, &policy.durationMax)
            case "renewal_gap": reader.duration(entry.value, &policy.renewalGap)
            case "skew": reader.duration(entry.value, &policy.skew)
            case "lead": reader.duration(entry.value, &policy.lead)
            case "wait": reader.duration(entry.value, &policy.wait)
            case "near": reader.duration(entry.value, &policy.near)
            case "renewals_max": reader.count(entry.value, &policy.renewalsMax)
            case "break_glass": policy.breakGlass = reader.texts(entry.value)
            case "scopes": policy.scopes = reader.list(entry.value).compactMap { reader.scope($0) }
            case "brokered": policy.brokered = reader.list(entry.value).compactMap { reader.place($0) }
            default: reader.unknown(entry, keys)
            }
        }
        if !reader.problems.isEmpty { throw Problems(reader.problems) }
        return policy
    }

    private struct Reader {
        var problems: [Problem] = []

        mutating func unknown(_ entry: Document.Entry, _ known: [String]) {
            let nearest = nearestName(to: entry.key, among: known).map { "did you mean \($0)?" }
            problems.append(
                Problem(
                    at: entry.keyPosition, "there is no key \(entry.key) here",
                    hint: nearest ?? known.joined(separator: ", ")))
        }

        mutating func duration(_ value: Document, _ duration: inout Duration) {
            let text = value.string ?? value.text ?? ""
            guard let parsed = Duration(lifetime: text), parsed >= .zero else {
                problems.append(
                    Problem(at: value.position, "a duration is needed here", hint: "8h, 30m, PT8H"))
                return
            }
            duration = parsed
        }

        mutating func count(_ value: Document, _ count: inout Int) {
            guard let number = value.integer, (0...1_000).contains(number) else {
                problems.append(Problem(at: value.position, "a whole number up to 1000 is needed here"))
                return
            }
            count = Int(number)
        }

        mutating func list(_ value: Document) -> [Document] {
            guard let list = value.list, list.count <= entriesMax else {
                problems.append(
                    Problem(at: value.position, "a list of at most \(entriesMax) entries is needed here"))
                return []
            }
            return list
        }

        mutating func texts(_ value: Document) -> [String] {
            list(value).compactMap { item in
                // An account's number is written without quotes as often as with.
                if let text = item.string ?? item.text, !text.isEmpty { return text }
                problems.append(Problem(at: item.position, "a text is needed here"))
                return nil
            }
        }

        mutating func text(_ value: Document) -> String {
            if let text = value.string, !text.isEmpty { return text }
            problems.append(Problem(at: value.position, "a text is needed here"))
            return ""
        }

        mutating func scope(_ value: Document) -> GrantPolicy.Scope? {
            guard let place = place(value, alsoKnown: ["provider", "role"]) else { return nil }
            var scope = GrantPolicy.Scope(system: place.system)
            scope.accounts = place.accounts
            scope.roles = place.roles
            if let provider = value["provider"] { scope.provider = text(provider) }
            if let role = value["role"] { scope.role = text(role) }
            return scope
        }

        mutating func place(_ value: Document, alsoKnown: [String] = []) -> GrantPolicy.Place? {
            guard let system = value["system"]?.string, !system.isEmpty else {
                problems.append(
                    Problem(
                        at: value.position, "`system` is missing: the vendor of a feed",
                        hint: "system: aws"))
                return nil
            }
            let known = ["system", "accounts", "roles"] + alsoKnown
            for entry in value.map ?? [] where !known.contains(entry.key) { unknown(entry, known) }
            var place = GrantPolicy.Place(system: system)
            if let accounts = value["accounts"] { place.accounts = texts(accounts) }
            if let roles = value["roles"] { place.roles = texts(roles) }
            return place
        }
    }
}
