/// A cluster's roles and bindings, as its audit log tells of them.
extension AccessChanges {
    /// The service that a cluster's records name, and the account that its access is told in.
    static let kubernetes = "kubernetes"
    static let kubernetesVerbs: Set<String> = ["create", "update", "patch", "delete"]
    /// Subjects of one binding that are told; of more, how many there are.
    private static let subjectsMax = 100

    mutating func collectKubernetes() {
        let stage = event.member("metadata")?["event_code"]?.string
        // A request that only came in may yet be refused.
        guard stage == nil || stage == "ResponseComplete",
            let object = event.member("resources")?.list?.first ?? event.member("entity"),
            let kind = object["type"]?.string, let name = object["name"]?.string
        else { return }
        let isGone = event.operation == "delete"
        let place = object["namespace"]?.string ?? pathNamespace
        let path = place.map { "\($0)/\(name)" } ?? name
        switch kind {
        case "rolebindings", "clusterrolebindings":
            put("\(kind.dropLast())/\(path)", .assignment, "", isGone ? nil : binding(in: place).text)
        case "roles", "clusterroles":
            if !isGone, rules == nil { return }
            put("\(kind.dropLast())/\(path)", .roleDefinition, "", isGone ? nil : rules)
        default: break
        }
    }

    /// `shop` of `/apis/rbac.authorization.k8s.io/v1/namespaces/shop/rolebindings/ops`: not every class has a place for it.
    private var pathNamespace: String? {
        let parts = event.member("http_request")?["url"]?["path"]?.string?.split(separator: "/") ?? []
        guard let at = parts.firstIndex(of: "namespaces"), at + 2 < parts.count else { return nil }
        return String(parts[at + 1])
    }

    /// The object as it is now, or, where the log keeps no answers, as it was asked for.
    private func told(_ member: String) -> Document? { event.response?[member] ?? event.request?[member] }

    private func binding(in place: String?) -> AccessAssignment {
        let role = told("roleRef")
        let kind = role?["kind"]?.string ?? "ClusterRole"
        let name = role?["name"]?.string.map { name in
            kind == "Role" ? "\(kind)/\(place.map { "\($0)/" } ?? "")\(name)" : "\(kind)/\(name)"
        }
        let subjects = (told("subjects")?.list ?? []).compactMap { subject -> String? in
            guard let name = subject["name"]?.string else { return nil }
            let kind = subject["kind"]?.string ?? "User"
            guard kind == "ServiceAccount" else { return "\(kind)/\(name)" }
            return "\(kind)/\(subject["namespace"]?.string ?? place ?? "default")/\(name)"
        }
        var shown = subjects.sorted().prefix(Self.subjectsMax).joined(separator: ", ")
        if subjects.count > Self.subjectsMax { shown += ", and \(subjects.count - Self.subjectsMax) more" }
        return AccessAssignment(
            principal: shown, role: name ?? "a role that the log does not tell",
            scope: place.map { "namespace \($0)" } ?? "cluster")
    }

    private var rules: String? { told("rules").map { KubernetesRole(rules: $0).text } }
}

/// A role of a cluster: which verbs on which resources.
struct KubernetesRole {
    /// Rules are lists of lists; one that comes to more permissions counts as all of them.
    private static let permissionsMax = 10_000

    /// `rbac:apps/deployments/get/*`: group, resource, verb and name; or `rbac:url//healthz/get/*`.
    var permissions: Set<String> = []

    init(rules: Document) {
        for rule in rules.list ?? [] {
            func texts(_ name: String) -> [String] { (rule[name]?.list ?? []).compactMap(\.string) }
            let names = texts("resourceNames")
            let paths = texts("nonResourceURLs").map { "url/\($0)" }
            let groups = texts("apiGroups").map { $0.isEmpty ? "core" : $0 }
            let resources = texts("resources")
            guard
                groups.count * resources.count * texts("verbs").count * max(1, names.count)
                    <= Self.permissionsMax
            else {
                permissions = ["rbac:*"]
                return
            }
            let things = groups.flatMap { group in resources.map { "\(group)/\($0)" } } + paths
            for thing in things {
                for verb in texts("verbs") {
                    for name in names.isEmpty ? ["*"] : names {
                        permissions.insert("rbac:\(thing)/\(verb)/\(name)")
                    }
                }
            }
        }
    }

    /// As a definition of blocks of actions, the same for the same permissions.
    var text: String {
        let list = permissions.sorted().map { String(decoding: JSONText.quoted($0), as: UTF8.self) }
        return "{\"permissions\":[{\"actions\":[\(list.joined(separator: ","))]}]}"
    }

    private static let reading: Set<Substring> = ["get", "list", "watch"]
    /// Whoever may do it can have whatever others have.
    private static let governing: Set<Substring> = ["escalate", "bind", "impersonate"]
    private static let doors: Set<String> = [
        "*", "serviceaccounts/token", "pods/exec", "pods/attach", "nodes/proxy",
        "certificatesigningrequests/approval",
    ]

    /// What one permission can do at most.
    static func effect(of permission: String) -> DriftFinding.Effect {
        let parts = permission.dropFirst("rbac:".count).split(
            separator: "/", omittingEmptySubsequences: false)
        guard parts.count >= 4 else { return .permissions }
        let verb = parts[parts.count - 2]
        let group = parts[0]
        let resource = parts[1..<(parts.count - 2)].joined(separator: "/")
        if governing.contains(verb) { return .permissions }
        if reading.contains(verb) {
            // Tokens of others lie in secrets.
            return group != "url" && (resource == "secrets" || resource == "*") ? .writes : .reads
        }
        if group == "url" { return .writes }
        return group == "rbac.authorization.k8s.io" || doors.contains(resource) ? .permissions : .writes
    }
}
