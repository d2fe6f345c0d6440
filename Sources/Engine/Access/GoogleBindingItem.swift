/// Who has which role on a resource, as Google's Cloud Asset Inventory lists it.
///
/// It fills in what is older than the audit logs. What a later list lacks proves nothing: resources are named otherwise in
/// logs than in lists, but for projects, folders and organizations.
struct GoogleBindingItem {
    private let resource: String
    private let bindings: [Document]

    /// Out of an event of `gcp.iam`; `nil` for what is no policy.
    init?(event: Document) {
        guard event["metadata"]?["event_code"]?.string == "iam_policy",
            let subject = event["resources"]?.list?.first, let name = subject["uid"]?.string,
            let bindings = subject["data"]?["bindings"]?.list
        else { return nil }
        resource = Self.plain(name)
        self.bindings = bindings
    }

    var facts: [AccessState.Key: String] {
        guard let account = Self.account(of: resource) else { return [:] }
        var facts: [AccessState.Key: String] = [:]
        for binding in bindings {
            guard let role = binding["role"]?.string else { continue }
            let condition = binding["condition"]?["expression"]?.string ?? ""
            for member in (binding["members"]?.list ?? []).compactMap(\.string) {
                let key = AccessState.Key(
                    account, member, .assignment, Self.part(role, resource, condition))
                facts[key] = Self.assignment(member, role, resource, condition).text
            }
        }
        return facts
    }

    static func part(_ role: String, _ resource: String, _ condition: String) -> String {
        "\(role)@\(resource)\(condition.isEmpty ? "" : " if \(condition)")"
    }

    static func assignment(
        _ member: String, _ role: String, _ resource: String, _ condition: String
    ) -> AccessAssignment {
        AccessAssignment(
            principal: member, role: role, scope: resource,
            expiry: condition.contains("request.time") ? condition : "")
    }

    /// `projects/acme` for `//cloudresourcemanager.googleapis.com/projects/acme`.
    static func plain(_ name: String) -> String {
        guard name.hasPrefix("//") else { return name }
        let path = name.dropFirst(2).drop { $0 != "/" }.dropFirst()
        return name.hasPrefix("//storage.googleapis.com/") && !path.hasPrefix("projects/")
            ? "projects/_/buckets/\(path)" : String(path)
    }

    /// The project, folder or organization that a resource is, which logs and lists call the same.
    static func account(of resource: String) -> String? {
        let parts = resource.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, ["projects", "folders", "organizations"].contains(parts[0]) else {
            return nil
        }
        return String(parts[1])
    }
}
