/// What CloudTrail's events tell of permissions: which ones an event needs, and which ones no event shows.
///
/// Read from `schemas/policy/aws-events.txt`, which holds what is irregular. Everywhere else the permission is the
/// service's prefix and the event's name.
package struct EventPermissions: Sendable {
    /// Whether a log shows that an action was used.
    package enum Observability: String, Sendable {
        /// Every trail has it.
        case management
        /// A trail has it where data events of the service are asked for.
        case data
        case never
    }

    private var sources: [String: String] = [:]
    private var events: [String: [String]] = [:]
    /// By a beginning: `apigateway:get`.
    private var beginnings: [(text: String, permissions: [String])] = []
    private var passing: [String: [[String]]] = [:]
    private var dataActions: [ActionPattern] = []
    private var neverActions: [ActionPattern] = []
    private var templates: [String: [(name: String, arn: String)]] = [:]

    package init(_ text: String) {
        for line in text.split(separator: "\n") where line.first != "#" {
            let words = line.split(separator: " ").map { String($0) }
            guard let kind = words.first, words.count >= 2 else { continue }
            let rest = Array(words.dropFirst(2))
            switch kind {
            case "source": sources[words[1]] = rest.first
            case "event":
                let permissions = rest == ["-"] ? [] : rest
                if words[1].hasSuffix("*") {
                    beginnings.append((String(words[1].dropLast()).lowercased(), permissions))
                } else {
                    events[words[1].lowercased()] = permissions
                }
            case "pass":
                passing[words[1].lowercased()] = rest.map { $0.split(separator: ".").map { String($0) } }
            case "data": dataActions += words.dropFirst().map { ActionPattern($0) }
            case "never": neverActions += words.dropFirst().map { ActionPattern($0) }
            case "resource" where rest.count == 2: templates[words[1], default: []].append((rest[0], rest[1]))
            default: continue
            }
        }
    }

    package func observability(of action: String) -> Observability {
        let letters = WildcardPattern.letters(action.lowercased())
        if neverActions.contains(where: { $0.pattern.matches(letters) }) { return .never }
        return dataActions.contains { $0.pattern.matches(letters) } ? .data : .management
    }

    /// `s3` of `s3.amazonaws.com`.
    func service(_ source: String) -> String {
        let prefix = source.hasSuffix(".amazonaws.com") ? String(source.dropLast(14)) : source
        return sources[prefix] ?? prefix
    }

    /// The event's name without the version of the interface that some services write behind it:
    /// `CreateFunction20150331`, `UpdateFunctionCode20150331v2`.
    static func unversioned(_ event: String) -> String {
        var bytes = Array(event.utf8)
        if bytes.count > 10, (0x30...0x39).contains(bytes[bytes.count - 1]),
            bytes[bytes.count - 2] == UInt8(ascii: "v")
        {
            bytes.removeLast(2)
        }
        let digits = bytes.reversed().prefix { (0x30...0x39).contains($0) }.count
        if digits == 8, bytes.count > 8, bytes[bytes.count - 8] == UInt8(ascii: "2") {
            return String(decoding: bytes.dropLast(8), as: UTF8.self)
        }
        return event
    }

    /// Permissions that an event needs; none where it needs none.
    func permissions(service: String, event: String) -> [String] {
        let name = "\(service):\(event)"
        let folded = name.lowercased()
        if let known = events[folded] { return known }
        if let known = beginnings.first(where: { folded.hasPrefix($0.text) }) { return known.permissions }
        return [name]
    }

    /// Where in the request roles stand that are passed on.
    func rolePaths(service: String, event: String) -> [[String]] {
        passing["\(service):\(event)".lowercased()] ?? []
    }

    /// Members of a request that name a resource, with the ARN each makes.
    func resourceMembers(_ service: String) -> [(name: String, arn: String)] { templates[service] ?? [] }
}
