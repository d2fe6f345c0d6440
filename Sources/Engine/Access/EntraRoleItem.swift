/// Who has a directory role of Entra's or could activate it, and what roles are called and permit, as Graph lists them.
///
/// An assignment names its role by an id alone: what that is called another list tells, and who holds both puts it in
/// (`AccessState.resolved`), so that the assignment is the one that the directory's audit log told.
struct EntraRoleItem {
    /// In front of what a role that could be activated is known by.
    static let eligible = "eligible: "
    /// The whole tenant, as changes name it.
    static let tenant = "tenant"

    /// At the end of what stands for a role or a group that a record does not name.
    static let untold = " not told"

    private let kind: String
    private let item: Document

    /// Out of an event of `entra.roles` or `entra.eligibilities`; `nil` for what is none.
    init?(event: Document) {
        guard let kind = event["metadata"]?["event_code"]?.string,
            let item = event["resources"]?.list?.first
        else { return nil }
        self.kind = kind
        self.item = item
    }

    var facts: [AccessState.Key: String] {
        switch kind {
        case "Role definition": definition
        case "Role assignment": assignment(isEligible: false)
        case "Role eligibility": assignment(isEligible: true)
        default: [:]
        }
    }

    private var account: String { AccessSnapshot.Service.entraRoles.provider }

    private var definition: [AccessState.Key: String] {
        guard let id = item["uid"]?.string, let name = item["name"]?.string else { return [:] }
        var blocks: [String] = []
        for permission in item["data"]?["rolePermissions"]?.list ?? [] {
            let actions = (permission["allowedResourceActions"]?.list ?? []).map(\.plainJSON)
            let condition = permission["condition"]?.string.map { Self.member("condition", $0) }
            blocks.append(
                "{\(["\"actions\":[\(actions.joined(separator: ","))]", condition].compactMap(\.self).joined(separator: ","))}"
            )
        }
        let isOff = item["data"]?["isEnabled"]?.bool == false
        let text =
            "{\"permissions\":[\(isOff ? "" : blocks.joined(separator: ","))],\(Self.member("roleName", name))}"
        return [Self.definition(of: id, in: account): text]
    }

    private static func member(_ key: String, _ value: String) -> String {
        "\"\(key)\":\(String(decoding: JSONText.quoted(value), as: UTF8.self))"
    }

    private func assignment(isEligible: Bool) -> [AccessState.Key: String] {
        guard let id = item["user"]?["uid"]?.string, let role = item["uid_alt"]?.string else { return [:] }
        // Of somebody who was deleted the list has the id alone.
        let name = item["user"]?["name"]?.string ?? id
        let isGroup = item["user"]?["type"]?.string?.lowercased().hasSuffix("group") == true
        let subject = isGroup ? "group/\(name)" : name
        let title = item["name"]?.string ?? role
        let place = item["namespace"]?.string ?? "/"
        let scope = place == "/" ? Self.tenant : place
        let assignment = AccessAssignment(
            principal: subject, role: title, scope: scope,
            expiry: isEligible ? item["data"]?["endDateTime"]?.string ?? "" : "", isEligible: isEligible)
        var facts = [
            AccessState.Key(account, subject, .assignment, Self.part(assignment)): assignment.text
        ]
        if name != id { facts[AccessState.Key(account, subject, .identity, DirectoryID.part)] = id }
        return facts
    }

    /// What an assignment is known by among its holder's.
    static func part(_ assignment: AccessAssignment) -> String {
        let place = assignment.scope == tenant ? "" : " at \(assignment.scope)"
        return "\(assignment.isEligible ? eligible : "")\(assignment.role)\(place)"
    }

    static func definition(of id: String, in account: String) -> AccessState.Key {
        AccessState.Key(account, "role/\(id.lowercased())", .roleDefinition)
    }

    static func isDefinition(_ key: AccessState.Key) -> Bool {
        key.kind == .roleDefinition && key.account == AccessSnapshot.Service.entraRoles.provider
    }

    /// Whether a list would show a key, were it there.
    static func shows(_ key: AccessState.Key, isEligible: Bool) -> Bool {
        guard key.kind == .assignment, !key.part.hasSuffix(untold),
            // What Azure's own log tells of management groups is in no subscription, and stands beside.
            !["assignment/", "eligible/", "elevation/"].contains(where: { key.subject.hasPrefix($0) })
        else { return false }
        return key.part.hasPrefix(eligible) == isEligible
    }
}

/// What a directory knows somebody or a group by, beside the name: lists of other clouds have that alone.
enum DirectoryID {
    /// Of an identity.
    static let part = "id"

    /// The ids that a name has: several, where groups share it.
    static func all(in value: String) -> [String] {
        value.split(separator: separator).map { String($0) }
    }

    /// Whether a name has more than one.
    static func isShared(_ value: String) -> Bool { all(in: value).count > 1 }

    private static let separator = ", "

    /// Both, where the same list shows the same name with another id.
    static func joined(_ value: String, _ other: String) -> String {
        Set(all(in: value) + all(in: other)).sorted().joined(separator: separator)
    }

    /// Whether a name is such an id, as those of Microsoft's are.
    static func isGUID(_ name: String) -> Bool {
        let parts = name.split(separator: "-", omittingEmptySubsequences: false)
        return parts.map(\.utf8.count) == [8, 4, 4, 4, 12] && parts.allSatisfy { $0.allSatisfy(\.isHexDigit) }
    }
}
