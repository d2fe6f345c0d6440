/// Somebody, or a group, in a group of Entra's, as Graph lists them.
struct EntraGroupItem {
    private let group: Document
    private let member: Document

    /// Out of an event of `entra.groups`; `nil` for what is none.
    init?(event: Document) {
        guard let group = event["resources"]?.list?.first, let member = group["user"] else { return nil }
        self.group = group
        self.member = member
    }

    var facts: [AccessState.Key: String] {
        let account = AccessSnapshot.Service.entraGroups.provider
        guard let id = group["uid"]?.string, let member = member["uid"]?.string else { return [:] }
        let title = group["name"]?.string ?? id
        let name = self.member["name"]?.string ?? member
        let subject =
            self.member["type"]?.string?.lowercased().hasSuffix("group") == true ? "group/\(name)" : name
        var facts = [
            AccessState.Key(account, subject, .membership, title): "member",
            AccessState.Key(account, "group/\(title)", .identity, DirectoryID.part): id,
        ]
        if name != member { facts[AccessState.Key(account, subject, .identity, DirectoryID.part)] = member }
        return facts
    }
}

/// Somebody in a group of Okta's, as its API lists them.
struct OktaGroupItem {
    /// A membership that Okta gives by itself and tells no event of.
    static let builtIn = "built in"

    private let user: Document
    private let group: Document

    /// Out of an event of `okta.groups`; `nil` for what is no membership.
    init?(event: Document) {
        guard event["metadata"]?["event_code"]?.string == "membership", let user = event["user"],
            let group = user["groups"]?.list?.first
        else { return nil }
        self.user = user
        self.group = group
    }

    var facts: [AccessState.Key: String] {
        let account = AccessSnapshot.Service.oktaGroups.provider
        guard let name = user["name"]?.string ?? user["uid"]?.string,
            let title = group["name"]?.string ?? group["uid"]?.string
        else { return [:] }
        let value = group["type"]?.string == "BUILT_IN" ? Self.builtIn : "member"
        var facts = [AccessState.Key(account, name, .membership, title): value]
        if let id = group["uid"]?.string {
            facts[AccessState.Key(account, "group/\(title)", .identity, DirectoryID.part)] = id
        }
        if let id = user["uid"]?.string, id != name {
            facts[AccessState.Key(account, name, .identity, DirectoryID.part)] = id
        }
        // Whoever was deactivated is in groups still.
        if user["account"]?["is_disabled"]?.bool != true {
            facts[AccessState.Key(account, name, .identity)] = name
        }
        return facts
    }
}
