import Credentials
package import Engine
import Ports

/// A collector of any feed whose `feed.yaml` declares its protocol.
package struct APICollectorConfig: ConfigValue {
    package var feed = Placed("")
    package var parameters = Named<String>()
    package var auth: AuthConfig?
    package var endpoint: EndpointURL?
    package var since: String?
    package var interval: Duration?
    package var overlap: Duration?
    package var oneMissedIn = 10_000
    package var connection = ConnectionConfig()

    package init() {}

    package static let name = "an api collector"
    package static let summary =
        "A vendor's HTTP API, as the feed's declaration says; `martlet feeds` lists the feeds and what each needs."
    package static var fields: [ConfigField<Self>] {
        [
            .init("feed", \.feed, isRequired: true, "The feed: `okta.system_log`, `github.audit`, …"),
            .init("parameters", \.parameters, "What the feed needs to know: `host`, `tenant`, `org`, …"),
            .init("auth", \.auth, "As whom it speaks to the vendor, by the kind of credentials"),
            .init(
                "endpoint", \.endpoint, "Base URL instead of the vendor's, for private endpoints and tests"),
            .init(
                "since", \.since, "Where the first start begins: a time or a duration; without it 7d back"),
            .init("interval", \.interval, "How often to look for more; without it as the feed says"),
            .init(
                "overlap", \.overlap,
                "How far back each round reads again; without it as the feed's measured delays make necessary"
            ),
            .init(
                "one_missed_in", \.oneMissedIn,
                "Reads back so far that at most one record in so many is expected to come later"
            ) {
                $0 < 2 ? "must be at least 2" : nil
            },
        ] + ConnectionConfig.fields.map { $0.lifted(\.connection) }
    }

    package func check(at position: SourcePosition, by decoder: inout ConfigDecoder) {
        connection.checkPlain(endpoint, "endpoint", at: position, by: &decoder)
        if let since, Timestamp(userText: since, now: .epoch) == nil {
            decoder.complain(
                at: position, "since: “\(since)” is no time", hint: "2026-01-31T08:00:00Z, -24h, 7d")
        }
    }

    /// The parameters with what the feed takes where the user says nothing.
    func values(for feed: FeedProtocol) -> [String: String] {
        var values: [String: String] = [:]
        for parameter in feed.parameters.all { values[parameter.name] = parameter.standard }
        for entry in parameters.entries { values[entry.name] = entry.value }
        return values
    }

    /// What is wrong with it, seen from the feeds there are.
    package func problems(among catalog: FeedCatalog) -> [Problem] {
        guard let declaration = catalog[feed.value], declaration.position != nil else {
            let names = catalog.declared.map(\.feed)
            let isKnown = catalog[feed.value] != nil
            let near = isKnown ? nil : nearestName(to: feed.value, among: names)
            return [
                Problem(
                    at: feed.position,
                    isKnown
                        ? "\(feed.value) has no API that it is collected from"
                        : "there is no feed \(feed.value)",
                    hint: near.map { "did you mean \($0)?" }
                        ?? "those with one are \(names.joined(separator: ", "))")
            ]
        }
        var problems: [Problem] = []
        let known = declaration.parameters.all
        for entry in parameters.entries where !known.contains(where: { $0.name == entry.name }) {
            let near = nearestName(to: entry.name, among: known.map(\.name))
            problems.append(
                Problem(
                    at: entry.position, "\(declaration.feed) has no parameter “\(entry.name)”",
                    hint: near.map { "did you mean “\($0)”?" }
                        ?? "there is \(known.map(\.name).joined(separator: ", "))"))
        }
        for entry in parameters.entries where !Self.isPlain(entry.value) {
            problems.append(
                Problem(at: entry.position, "\(entry.name): “\(entry.value)” cannot stand in a URL as it is"))
        }
        let given = Set(parameters.entries.map(\.name))
        for parameter in known where parameter.standard == nil && !given.contains(parameter.name) {
            problems.append(
                Problem(
                    at: feed.position, "\(declaration.feed) needs the parameter “\(parameter.name)”",
                    hint: parameter.about))
        }
        let kinds = declaration.auth.kinds
        if let auth, !kinds.isEmpty, !kinds.contains(auth.kind) {
            problems.append(
                Problem(
                    at: feed.position, "\(declaration.feed) does not take auth of the kind \(auth.kind)",
                    hint: "it takes \(kinds.joined(separator: ", "))"))
        }
        if auth == nil, !kinds.isEmpty, endpoint?.isLoopback != true {
            let needed = declaration.permissions.joined(separator: ", ")
            problems.append(
                Problem(
                    at: feed.position,
                    "\(declaration.feed) needs “auth” of the kind \(kinds.joined(separator: " or "))",
                    hint: needed.isEmpty ? "" : "allowed \(needed)"))
        }
        return problems
    }

    /// Names of hosts, organizations, projects and paths of them: nothing that ends a host or begins a query.
    private static func isPlain(_ text: String) -> Bool {
        !text.isEmpty && !text.contains("..")
            && text.utf8.allSatisfy { byte in
                byte > 0x20 && byte < 0x7F && !"?#%\\@\"<>{}|^`".utf8.contains(byte)
            }
    }
}
