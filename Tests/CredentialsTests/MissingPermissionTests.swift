import Ports
import Testing

@testable import Credentials

@Suite struct MissingPermissionTests {
    private func found(_ status: Int, _ body: String, _ headers: HTTPHeaders = [:]) -> String? {
        MissingPermission(HTTPResponse(status: status, headers: headers, body: Array(body.utf8)))?.text
    }

    @Test("AWS names the action in its sentence, in JSON and in XML")
    func aws() {
        #expect(
            found(
                400,
                #"{"__type":"AccessDeniedException","Message":"User: arn:aws:iam::111122223333:user/ada is not authorized to perform: cloudtrail:LookupEvents because no identity-based policy allows the cloudtrail:LookupEvents action"}"#
            ) == "needs cloudtrail:LookupEvents")
        #expect(
            found(
                403,
                #"<Error><Code>AccessDenied</Code><Message>User: arn:aws:iam::111122223333:user/ada is not authorized to perform: s3:ListBucket on resource: "arn:aws:s3:::trail" because no identity-based policy allows it</Message></Error>"#
            ) == "needs s3:ListBucket on arn:aws:s3:::trail")
        #expect(found(403, "<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>") == nil)
    }

    @Test("Microsoft names it in ARM's, PIM's, the reports' and the activity API's sentences")
    func microsoft() {
        #expect(
            found(
                403,
                #"{"error":{"code":"AuthorizationFailed","message":"The client 'a' with object id 'b' does not have authorization to perform action 'Microsoft.Insights/eventtypes/values/read' over scope '/subscriptions/1' or the scope is invalid."}}"#
            ) == "needs Microsoft.Insights/eventtypes/values/read on /subscriptions/1")
        #expect(
            found(
                403,
                #"{"error":{"code":"Authentication_MSGraphPermissionMissing","message":"Calling principal does not have required MSGraph permissions AuditLog.Read.All"}}"#
            ) == "needs AuditLog.Read.All")
        #expect(
            found(
                403,
                #"{"error":{"code":"PermissionScopeNotGranted","message":"Authorization failed due to missing permission scope RoleManagement.Read.Directory,RoleManagement.Read.All."}}"#
            ) == "needs RoleManagement.Read.Directory or RoleManagement.Read.All")
        #expect(
            found(
                401,
                #"{"error":{"code":"AF10001","message":"The permission set () sent in the request does not include the expected permission ActivityFeed.Read."}}"#
            ) == "needs ActivityFeed.Read")
        #expect(
            found(
                403,
                #"{"error":{"code":"Authorization_RequestDenied","message":"Insufficient privileges to complete the operation."}}"#
            ) == nil)
    }

    @Test("Google names it in its details, or says that the API is off")
    func google() {
        #expect(
            found(
                403,
                #"{"error":{"code":403,"message":"Permission denied","status":"PERMISSION_DENIED","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"IAM_PERMISSION_DENIED","domain":"iam.googleapis.com","metadata":{"permission":"logging.logEntries.list","resource":"projects/p"}}]}}"#
            ) == "needs logging.logEntries.list on projects/p")
        #expect(
            found(
                403,
                #"{"error":{"code":403,"message":"Permission 'pubsub.subscriptions.consume' denied on resource 'projects/p/subscriptions/s' (or it may not exist).","status":"PERMISSION_DENIED"}}"#
            ) == "needs pubsub.subscriptions.consume on projects/p/subscriptions/s")
        #expect(
            found(
                403,
                #"{"error":{"code":403,"message":"off","status":"PERMISSION_DENIED","details":[{"reason":"SERVICE_DISABLED","metadata":{"service":"logging.googleapis.com","consumer":"projects/1"}}]}}"#
            ) == "needs logging.googleapis.com enabled on projects/1")
    }

    @Test("Okta names the scope in its challenge, GitHub what it would have accepted in a header")
    func others() {
        #expect(
            found(
                403, "",
                [
                    "WWW-Authenticate":
                        #"Bearer authorization_uri="https://example.okta.com/oauth2/v1/authorize", realm="x", scope="okta.logs.read", error="insufficient_scope", resource="/api/v1/logs""#
                ]) == "needs okta.logs.read")
        #expect(
            found(
                403, #"{"message":"Resource not accessible by integration"}"#,
                ["X-Accepted-GitHub-Permissions": "organization_administration=read"])
                == "needs organization_administration=read")
        #expect(
            found(
                404, #"{"message":"Not Found"}"#,
                ["X-Accepted-OAuth-Scopes": "admin:org, read:audit_log", "X-OAuth-Scopes": "repo"])
                == "needs admin:org or read:audit_log")
        #expect(
            found(
                404, "{}", ["X-Accepted-OAuth-Scopes": "read:audit_log", "X-OAuth-Scopes": "read:audit_log"])
                == nil)
        #expect(found(200, "") == nil && found(500, #"{"error":"x"}"#) == nil)
    }
}
