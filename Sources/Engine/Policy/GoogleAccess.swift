/// Who may do what in Google Cloud: deny policies first, then allow policies from the organization to the resource, within
/// the principal's access boundary.
package struct GoogleAccess: Sendable {
    package struct DenyRule: Sendable {
        package var name: String
        package var principals: [String]
        package var excepted: [String]
        package var permissions: [String]
        package var exceptedPermissions: [String]
        package var condition: GoogleCondition?
    }

    package struct Request: Sendable {
        /// `storage.objects.get`.
        package var permission: String
        /// Full name: `//storage.googleapis.com/projects/_/buckets/b`.
        package var resource: String
        /// `user:ada@example.com`.
        package var member: String
        /// Groups and sets that the member is in, as members: `group:dev@example.com`.
        package var groups: [String]
        /// Attributes that conditions ask: `request.time`, `resource.type`, …
        package var context: PolicyContext

        package init(
            permission: String, resource: String, member: String, groups: [String], context: PolicyContext
        ) {
            self.permission = permission
            self.resource = resource
            self.member = member
            self.groups = groups
            self.context = context
        }
    }

    package var roles: [GoogleRole] = []
    /// From the organization down; access is inherited.
    package var policies: [(name: String, bindings: GoogleBindings)] = []
    package var denials: [DenyRule] = []
    /// Resources that the principal can reach at all; `nil` where it has no boundary.
    package var boundary: [String]?

    package init() {}

    package func verdict(_ request: Request) -> (decision: PolicyDecision, because: String, name: String) {
        for denial in denials where applies(denial, request) {
            return (.deny, "the deny rule refuses it", denial.name)
        }
        if let boundary, !boundary.contains(where: { Self.isBelow(request.resource, $0) }) {
            return (.implicitDeny, "the principal access boundary does not reach the resource", "")
        }
        var context = request.context
        if context["resource.name"] == nil { context["resource.name"] = .single(request.resource) }
        var hint = "no binding allows it"
        for (name, policy) in policies {
            for binding in policy.bindings where grants(binding.role, request.permission) {
                guard binding.members.contains(where: { isMember($0, request) }) else { continue }
                switch binding.condition.map({ $0.holds(in: context) }) ?? true {
                case true?: return (.allow, "\(binding.role) allows it", name)
                case false?: hint = "the condition of \(binding.role) does not hold (\(name))"
                // What cannot be evaluated does not grant.
                case nil: hint = "the condition of \(binding.role) cannot be evaluated (\(name))"
                }
            }
        }
        return (.implicitDeny, hint, "")
    }

    /// Of roles that are not given only the name is known.
    private func grants(_ role: String, _ permission: String) -> Bool {
        roles.contains { $0.name == role && $0.granted.contains(permission) }
    }

    private func isMember(_ member: String, _ request: Request) -> Bool {
        let pattern = GoogleBindings.pattern(member)
        return ([request.member] + request.groups).contains { name in
            if name.isEmpty || name == "allUsers" { return pattern.isAny }
            let folded = name.hasPrefix("principal") ? name : name.lowercased()
            return pattern.whole.matches(folded)
        }
    }

    private func applies(_ denial: DenyRule, _ request: Request) -> Bool {
        func names(_ list: [String]) -> Bool {
            list.contains { principal in
                isMember(Self.member(ofDenied: principal), request)
            }
        }
        guard names(denial.principals), !names(denial.excepted) else { return false }
        func takes(_ list: [String]) -> Bool { list.contains { Self.denied($0, takes: request.permission) } }
        guard takes(denial.permissions), !takes(denial.exceptedPermissions) else { return false }
        var context = request.context
        if context["resource.name"] == nil { context["resource.name"] = .single(request.resource) }
        // What cannot be evaluated denies.
        return denial.condition?.holds(in: context) ?? true
    }

    /// `principal://goog/subject/ada@example.com` as allow policies call it.
    private static func member(ofDenied principal: String) -> String {
        for (prefix, kind) in [
            ("principal://goog/subject/", "user:"), ("principalSet://goog/group/", "group:"),
            ("principal://iam.googleapis.com/projects/-/serviceAccounts/", "serviceAccount:"),
            ("principalSet://goog/cloudIdentityCustomerId/", "cloudIdentityCustomerId:"),
        ] where principal.hasPrefix(prefix) {
            return kind + principal.dropFirst(prefix.count)
        }
        return principal == "principalSet://goog/public:all" ? "allUsers" : principal
    }

    /// `storage.googleapis.com/objects.*` against `storage.objects.get`.
    private static func denied(_ pattern: String, takes permission: String) -> Bool {
        let parts = pattern.split(separator: "/", maxSplits: 1).map { String($0) }
        guard parts.count == 2 else { return pattern == permission }
        var service = parts[0].replacing(".googleapis.com", with: "")
        if service == "cloudresourcemanager" { service = "resourcemanager" }
        return WildcardPattern("\(service).\(parts[1])").matches(permission)
    }

    private static func isBelow(_ resource: String, _ scope: String) -> Bool {
        resource == scope || resource.hasPrefix(scope.hasSuffix("/") ? scope : scope + "/")
    }
}

// MARK: Reading

extension GoogleAccess {
    /// Reads a deny policy (v2).
    package static func denials(_ document: Document, name: String) throws(Problems) -> [DenyRule] {
        guard let rules = document["rules"]?.list else {
            throw Problems([Problem(at: document.position, "a deny policy has `rules`, and this has none")])
        }
        return rules.compactMap { item in
            guard let rule = item["denyRule"] else { return nil }
            func texts(_ name: String) -> [String] { (rule[name]?.list ?? []).compactMap(\.string) }
            return DenyRule(
                name: name, principals: texts("deniedPrincipals"), excepted: texts("exceptionPrincipals"),
                permissions: texts("deniedPermissions"), exceptedPermissions: texts("exceptionPermissions"),
                condition: rule["denialCondition"]?["expression"]?.string.map { GoogleCondition($0) })
        }
    }

    /// Reads the resources of a principal access boundary policy.
    package static func boundary(_ document: Document) throws(Problems) -> [String] {
        guard let rules = (document["details"] ?? document)["rules"]?.list else {
            throw Problems([
                Problem(at: document.position, "a principal access boundary has `rules`, and this has none")
            ])
        }
        return rules.flatMap { ($0["resources"]?.list ?? []).compactMap(\.string) }
    }
}
