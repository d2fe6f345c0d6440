import Engine
import Ports

/// Lists of directories as collectors hand them over, and their audit records.
enum DirectoryMaterial {
    static func time(_ day: Int, _ hour: Int = 6) -> String {
        "2026-05-0\(day)T\(hour < 10 ? "0" : "")\(hour):00:00Z"
    }

    /// The items of a list with the mark behind them.
    static func list(
        _ feed: String, _ stream: String = "all", day: Int, _ items: [String], status: String = "complete",
        by collector: String = "lists", parameters: String = "{}"
    ) -> [String] {
        let place =
            "\"feed\":\"\(feed)\",\"id\":\"\(feed)-\(stream)-\(collector)-\(day)\",\"stream\":\"\(stream)\","
            + "\"taken_at\":\"\(time(day))\""
        return items.map { "{\"snapshot\":{\(place)},\($0)}" } + [
            "{\"begun_at\":\"\(time(day))\",\"coverage\":[],\"items\":\(items.count),\"status\":\"\(status)\",\"snapshot\":{"
                + "\(place),\"mark\":\"end\",\"source\":\"\(collector)\",\"parameters\":\(parameters)}}"
        ]
    }

    static func id(_ number: Int) -> String {
        "000000\(number < 10 ? "0" : "")\(number)-0000-4000-8000-000000000000"
    }

    // MARK: Entra

    static let administrator = "62e90394-69f5-4237-9190-012177145e10"

    /// Somebody's directory role, by its id alone, as Graph lists it.
    static func assignment(
        _ name: String, _ number: Int, _ role: String = administrator, kind: String = "user",
        at scope: String = "/", more: String = ""
    ) -> String {
        let field = kind == "user" ? "userPrincipalName" : "displayName"
        return
            "\"id\":\"a-\(number)-\(role)\",\"principalId\":\"\(id(number))\",\"roleDefinitionId\":\"\(role)\","
            + "\"directoryScopeId\":\"\(scope)\",\"principal\":{\"@odata.type\":\"#microsoft.graph.\(kind)\",\"id\":\"\(id(number))\","
            + "\"\(field)\":\"\(name)\"}\(more)"
    }

    static func definition(
        _ role: String = administrator, _ name: String = "Global Administrator",
        _ action: String = "microsoft.directory/users/allProperties/allTasks"
    ) -> String {
        "\"id\":\"\(role)\",\"displayName\":\"\(name)\",\"isBuiltIn\":true,\"isEnabled\":true,\"rolePermissions\":[{"
            + "\"allowedResourceActions\":[\"\(action)\"],\"condition\":null}]"
    }

    static func entra(
        _ operation: String, day: Int, hour: Int = 9, target: String, changes: [String: String],
        isGone: Bool = false
    ) -> String {
        let modified = changes.sorted { $0.key < $1.key }.map { name, value in
            let text = "\"\\\"\(value)\\\"\""
            return
                "{\"displayName\":\"\(name)\",\"oldValue\":\(isGone ? text : "null"),\"newValue\":\(isGone ? "null" : text)}"
        }.joined(separator: ",")
        return
            "{\"id\":\"e-\(day)-\(hour)-\(operation)-\(target.count)\",\"category\":\"RoleManagement\",\"result\":\"success\","
            + "\"activityDisplayName\":\"\(operation)\",\"activityDateTime\":\"\(time(day, hour))\",\"loggedByService\":"
            + "\"Core Directory\",\"initiatedBy\":{\"user\":{\"id\":\"\(id(1))\",\"userPrincipalName\":\"ada@example.com\"}},"
            + "\"targetResources\":[{\(target),\"modifiedProperties\":[\(modified)]}],\"additionalDetails\":[]}"
    }

    static func person(_ name: String, _ number: Int) -> String {
        "\"id\":\"\(id(number))\",\"displayName\":\"\(name)\",\"type\":\"User\",\"userPrincipalName\":\"\(name)\""
    }

    static func group(_ name: String, _ number: Int) -> String {
        "\"id\":\"\(id(number))\",\"displayName\":\"\(name)\",\"type\":\"Group\",\"groupType\":\"azureAD\""
    }

    static func member(
        of group: (name: String, number: Int), _ name: String, _ number: Int, kind: String = "user"
    ) -> String {
        let field = kind == "user" ? "userPrincipalName" : "displayName"
        return
            "\"group\":{\"id\":\"\(id(group.number))\",\"displayName\":\"\(group.name)\"},\"member\":{\"@odata.type\":"
            + "\"#microsoft.graph.\(kind)\",\"id\":\"\(id(number))\",\"\(field)\":\"\(name)\"}"
    }

    // MARK: Okta

    static func okta(_ group: String, _ user: String, type: String = "OKTA_GROUP", status: String = "ACTIVE")
        -> String
    {
        "\"group\":{\"id\":\"00g-\(group)\",\"objectClass\":[\"okta:user_group\"],\"type\":\"\(type)\",\"profile\":{\"name\":"
            + "\"\(group)\"}},\"user\":{\"id\":\"00u-\(user)\",\"status\":\"\(status)\",\"profile\":{\"login\":\"\(user)\",\"email\":"
            + "\"\(user)\"}}"
    }

    static func okta(_ operation: String, day: Int, _ targets: [(type: String, name: String)]) -> String {
        let list = targets.map {
            "{\"id\":\"00-\($0.name)\",\"type\":\"\($0.type)\",\"alternateId\":\"\($0.name)\",\"displayName\":\"\($0.name)\"}"
        }.joined(separator: ",")
        return
            "{\"uuid\":\"o-\(day)-\(operation)\",\"published\":\"\(time(day, 9))\",\"eventType\":\"\(operation)\",\"version\":\"0\","
            + "\"severity\":\"INFO\",\"displayMessage\":\"\(operation)\",\"actor\":{\"id\":\"00u1\",\"type\":\"User\",\"alternateId\":"
            + "\"ana@example.com\",\"displayName\":\"Ana\"},\"outcome\":{\"result\":\"SUCCESS\"},\"target\":[\(list)],\"client\":{},"
            + "\"debugContext\":{\"debugData\":{}},\"transaction\":{\"type\":\"WEB\",\"id\":\"t\",\"detail\":{}}}"
    }

    // MARK: Snowflake

    static func snowflake(
        _ fields: String, to grantee: String, _ name: String, day: Int, until: Int? = nil,
        by role: String = "SECURITYADMIN"
    ) -> String {
        func text(_ day: Int) -> String { "\"2026-05-0\(day) 09:00:00.000000000\"" }
        return
            "{\"CREATED_ON\":\(text(day)),\"GRANTED_TO\":\"\(grantee)\",\"GRANTEE_NAME\":\"\(name)\",\(fields),\"GRANTED_BY\":"
            + "\"\(role)\",\"DELETED_ON\":\(until.map { text($0) } ?? "null")}"
    }
}
