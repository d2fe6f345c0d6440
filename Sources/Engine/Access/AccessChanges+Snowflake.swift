/// Snowflake: each row of its grants is one that was made, or made and taken back.
extension AccessChanges {
    package static let snowflake = "Snowflake"
    /// The whole account, as a role's scope.
    static let snowflakeAccount = "account"
    /// In front of whoever granted, in what a grant is known by.
    private static let grantor = ", granted by "

    mutating func collectSnowflake() {
        let isGiven = event.operation == "GRANT"
        let resource = event.member("resources")?.list?.first
        let name = event.member("iam_role")?["name"]?.string
        if let user = event.member("user")?["name"]?.string {
            let role = event.member("iam_roles")?.list?.first?["name"]?.string
            given(role, on: Self.snowflakeAccount, to: "user/\(user)", isGiven)
        } else if let name, let privilege = event.member("privileges")?.list?.first?.string, let resource {
            let type = resource["type"]?.string ?? "OBJECT"
            let object = [resource["namespace"]?.string, resource["name"]?.string].compactMap(\.self)
                .joined(separator: ".")
            // A role that is given to a role has what that has; to own one is to give it away.
            if type == "ROLE", privilege == "USAGE" {
                given(object, on: Self.snowflakeAccount, to: "role/\(name)", isGiven)
            } else {
                given(privilege, on: "\(type) \(object)", to: "role/\(name)", isGiven)
            }
        } else if let name, let privilege = event.member("privileges")?.list?.first?.string {
            given(privilege, on: Self.snowflakeAccount, to: "role/\(name)", isGiven)
        }
    }

    /// The same role or privilege can be given by several, and is there as long as one of them leaves it.
    private mutating func given(
        _ role: String?, on scope: String, to subject: String, _ isGiven: Bool
    ) {
        guard let role else { return }
        let text = AccessAssignment(principal: subject, role: role, scope: scope).text
        let place = scope == Self.snowflakeAccount ? role : "\(role) on \(scope)"
        let part = event.actor.isEmpty ? place : "\(place)\(Self.grantor)\(event.actor)"
        if isGiven { return put(subject, .assignment, part, text) }
        // A row that is read first when it was taken back says when it was made as well.
        if let began = event.member("start_time")?.integer, Timestamp(milliseconds: began) < event.time {
            put(subject, .assignment, part, text, since: Timestamp(milliseconds: began))
        }
        put(subject, .assignment, part, nil)
    }
}
