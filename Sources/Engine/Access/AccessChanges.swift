/// What a change event changes: the tables, one for each provider.
///
/// A call that is not in them changes nothing.
package struct AccessChanges {
    let event: AccessEvent
    let texts: PolicyTexts
    private let entry: AccessState.Entry
    private var changes: [AccessState.Change] = []

    /// The changes of one event, in no particular order.
    package static func of(_ event: AccessEvent, _ texts: PolicyTexts) -> [AccessState.Change] {
        guard let table = Table(event.operation, of: event.service) else { return [] }
        var changes = AccessChanges(
            event: event, texts: texts,
            entry: AccessState.Entry(
                time: event.time, uid: event.uid, value: nil, actor: event.actor, operation: event.operation,
                human: event.human))
        switch table {
        case .iam: changes.collectIAM()
        case .organizations: changes.collectOrganizations()
        case .identityCenter: changes.collectIdentityCenter()
        case .resources: changes.collectResources()
        case .trails: changes.collectTrails()
        case .azure: changes.collectAzure()
        case .entra: changes.collectEntra()
        case .google: changes.collectGoogle()
        case .okta: changes.collectOkta()
        case .snowflake: changes.collectSnowflake()
        case .github: changes.collectGitHub()
        case .kubernetes: changes.collectKubernetes()
        }
        return changes.changes
    }

    /// Whether an operation is in a table: what is asked of every event.
    package static func concerns(_ operation: String, of service: String) -> Bool {
        Table(operation, of: service) != nil
    }

    enum Table {
        case iam, organizations, identityCenter, resources, trails, azure, entra, google, okta, github
        case kubernetes, snowflake

        init?(_ operation: String, of service: String) {
            switch service {
            case "iam.amazonaws.com": self = .iam
            case "organizations.amazonaws.com": self = .organizations
            case "sso.amazonaws.com", "sso-directory.amazonaws.com", "identitystore.amazonaws.com",
                "identitystore-scim.amazonaws.com":
                self = .identityCenter
            case AccessChanges.kubernetes:
                guard AccessChanges.kubernetesVerbs.contains(operation) else { return nil }
                self = .kubernetes
            case "cloudtrail.amazonaws.com", "config.amazonaws.com", "guardduty.amazonaws.com":
                self = .trails
            case "Okta": self = .okta
            case AccessChanges.snowflake: self = .snowflake
            case "Core Directory", "PIM", "Conditional Access", "Policy", "Authentication Methods":
                self = .entra
            default:
                if service.hasSuffix(".amazonaws.com") {
                    guard AccessChanges.resourceOperations.contains(operation) else { return nil }
                    self = .resources
                } else if service.hasSuffix(".googleapis.com") {
                    self = .google
                } else if AccessChanges.githubOperations.contains(operation) {
                    self = .github
                } else if AccessChanges.azureServices.contains(service.lowercased()) {
                    self = .azure
                } else {
                    return nil
                }
            }
        }
    }

    // MARK: What the tables are written with

    /// - Parameter account: whose it is, where it is not the event's.
    /// - Parameter since: when it came to be so, where that was before the event.
    mutating func put(
        _ subject: String?, _ kind: AccessState.Kind, _ part: String? = "", _ value: String?,
        in account: String? = nil, since: Timestamp? = nil
    ) {
        guard let subject, let part, !subject.isEmpty else { return }
        var entry = entry
        if let since { entry.time = since }
        entry.value = value
        changes.append(
            AccessState.Change(AccessState.Key(account ?? event.account, subject, kind, part), entry))
    }

    func parameter(_ name: String) -> String? { event.request?[name]?.string }

    func parameter(_ path: [String]) -> Document? { Self.value(event.request, path) }

    func response(_ path: String...) -> Document? { Self.value(event.response, path) }

    static func value(_ document: Document?, _ path: [String]) -> Document? {
        var value = document
        for name in path { value = value?[name] }
        return value
    }

    /// A document among the parameters: as text, or as it is.
    func document(_ name: String = "policyDocument") -> String? { document(event.request?[name]) }

    func document(_ given: Document?) -> String? {
        guard let given else { return nil }
        if let text = given.string { return text.isEmpty ? nil : texts.canonical(text) }
        return given.map == nil ? nil : given.plainJSON
    }
}

extension Document {
    /// The value as compact JSON, members in the order of their names: the same for the same value.
    package var plainJSON: String {
        switch value {
        case .null: "null"
        case .bool(let bool): bool ? "true" : "false"
        case .integer(let integer): String(integer)
        case .number: text ?? "0"
        case .string(let string): String(decoding: JSONText.quoted(string), as: UTF8.self)
        case .list(let list): "[\(list.map(\.plainJSON).joined(separator: ","))]"
        case .map(let entries):
            "{"
                + entries.sorted { $0.key < $1.key }.map { entry in
                    "\(String(decoding: JSONText.quoted(entry.key), as: UTF8.self)):\(entry.value.plainJSON)"
                }.joined(separator: ",") + "}"
        }
    }
}
