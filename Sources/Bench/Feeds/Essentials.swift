/// Where a feed's records keep their time, who acted and what was done, so that an event can be asked whether it has them.
///
/// Written from the vendors' descriptions, not from the mappings: paths as `Leaves` has them.
struct Essentials {
    var time: [String]
    var actor: [String]
    var action: [String]

    /// Feeds whose records say what is, not what somebody did, have no entry.
    static let all: [String: Essentials] = [
        "aws.cloudtrail": Essentials(
            time: ["eventTime"],
            actor: ["userIdentity.arn", "userIdentity.userName", "userIdentity.invokedBy"],
            action: ["eventName"]),
        "azure.activity": Essentials(
            time: ["eventTimestamp", "time"],
            actor: [
                "caller", "properties.caller", "properties.callerPrincipalName",
                "identity.claims.http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn",
                "identity.claims.name",
            ],
            action: ["operationName.value", "operationName"]),
        "entra.signin": Essentials(
            time: ["createdDateTime", "properties.createdDateTime", "time"],
            actor: [
                "userPrincipalName", "properties.userPrincipalName", "properties.servicePrincipalName",
            ],
            action: ["operationName"]),
        "entra.audit": Essentials(
            time: ["activityDateTime", "properties.activityDateTime", "time"],
            actor: [
                "properties.initiatedBy.user.userPrincipalName", "properties.initiatedBy.app.displayName",
                "initiatedBy.user.userPrincipalName",
            ],
            action: ["operationName", "activityDisplayName", "properties.activityDisplayName"]),
        "m365.audit": Essentials(time: ["CreationTime"], actor: ["UserId"], action: ["Operation"]),
        "gcp.audit": Essentials(
            time: ["timestamp", "receiveTimestamp"],
            actor: ["protoPayload.authenticationInfo.principalEmail"],
            action: ["protoPayload.methodName"]),
        "google_workspace.activity": Essentials(
            time: ["id.time"], actor: ["actor.email"], action: ["events.name", "name"]),
        "okta.system_log": Essentials(
            time: ["published"], actor: ["actor.alternateId", "actor.id", "actor.displayName"],
            action: ["eventType", "eventtype"]),
        "github.audit": Essentials(
            time: ["@timestamp", "created_at", "at_sign_timestamp"], actor: ["actor"], action: ["action"]),
        "kubernetes.audit": Essentials(
            time: ["stageTimestamp", "requestReceivedTimestamp"], actor: ["user.username"], action: ["verb"]),
        "teleport.audit": Essentials(time: ["time"], actor: ["user"], action: ["event"]),
        "vault.audit": Essentials(
            time: ["time"], actor: ["auth.display_name", "auth.entity_id"], action: ["request.operation"]),
        "boundary.audit": Essentials(
            time: ["time", "data.timestamp", "timestamp"],
            actor: ["data.auth.user_info.id", "data.request_info.public_id"],
            action: ["data.request_info.method", "data.request_info.path"]),
        "snowflake.login_history": Essentials(
            time: ["EVENT_TIMESTAMP"], actor: ["USER_NAME"], action: ["EVENT_TYPE"]),
        "snowflake.grants": Essentials(time: ["CREATED_ON"], actor: ["GRANTED_BY"], action: []),
        "snowflake.access_history": Essentials(
            time: ["START_TIME", "QUERY_START_TIME"], actor: ["USER_NAME", "user_name"],
            action: ["QUERY_TYPE", "query_type"]),
        "databricks.audit": Essentials(
            time: ["timestamp", "event_time"], actor: ["userIdentity.email", "user_identity.email"],
            action: ["actionName", "action_name"]),
        "cyberark.audit": Essentials(
            time: ["timestamp"], actor: ["username", "usrName", "suser"], action: ["action", "Action"]),
        "delinea.audit": Essentials(
            time: ["Date", "eventDateTime", "timestamp"],
            actor: ["Initiated by", "initiatedBy", "actor.name", "user.name"],
            action: ["Event type", "eventType", "action"]),
        "beyondtrust.audit": Essentials(
            time: ["timestamp"], actor: ["performed_by.name"], action: ["event_type"]),
        "sym.audit": Essentials(
            time: ["event.timestamp"], actor: ["actor.username", "actor.user"], action: ["event.type"]),
    ]

    /// A word for "not told".
    static let silences: Set<String> = ["redacted", "<redacted>", "Unknown", "unknown", "null", "-"]

    /// Whether the text can be a time at all.
    static func isTime(_ text: String) -> Bool { text.utf8.lazy.filter { (48...57).contains($0) }.count >= 8 }
}
