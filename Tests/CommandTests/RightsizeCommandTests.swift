import Testing

@testable import martlet

/// `rightsize` and `policy rehearse` as a user types them.
@Suite struct RightsizeCommandTests {
    static let arn = "arn:aws:iam::111122223333:role/teams/deploy"

    static func event(
        _ id: String, _ service: String, _ name: String, day: Int = 2, request: String = "{}",
        resources: String = "[]", category: String = "Management", error: String = ""
    ) -> String {
        #"{"eventVersion":"1.11","eventName":"\#(name)","eventSource":"\#(service).amazonaws.com","#
            + #""eventTime":"2026-11-0\#(day)T10:00:00Z","eventID":"\#(id)","awsRegion":"eu-west-1","eventType":"AwsApiCall","#
            + #""eventCategory":"\#(category)","recipientAccountId":"111122223333","sourceIPAddress":"192.0.2.1","#
            + #""requestParameters":\#(request),"resources":\#(resources)\#(error.isEmpty ? "" : #","errorCode":"\#(error)""#),"#
            + #""userIdentity":{"type":"AssumedRole","principalId":"AROAEXAMPLE:ci","#
            + #""arn":"arn:aws:sts::111122223333:assumed-role/deploy/ci","accountId":"111122223333","#
            + #""accessKeyId":"ASIAEXAMPLE1","sessionContext":{"sessionIssuer":{"type":"Role","userName":"deploy","#
            + #""arn":"\#(arn)"},"attributes":{"creationDate":"2026-11-02T09:00:00Z","mfaAuthenticated":"false"}}}}"#
    }

    static let log = [
        event(
            "e1", "s3", "HeadObject", day: 1,
            resources:
                #"[{"type":"AWS::S3::Object","ARN":"arn:aws:s3:::data/a.txt"},{"type":"AWS::S3::Bucket","ARN":"arn:aws:s3:::data","accountId":"111122223333"}]"#,
            category: "Data"),
        event(
            "e2", "s3", "GetObject",
            resources: #"[{"type":"AWS::S3::Object","ARN":"arn:aws:s3:::data/a.txt"}]"#, category: "Data"),
        event("e3", "iam", "ListRoles"),
        event(
            "e4", "lambda", "CreateFunction20150331",
            request: #"{"functionName":"f","role":"arn:aws:iam::111122223333:role/app"}"#),
        event("e5", "iam", "CreateUser", request: #"{"userName":"x"}"#, error: "AccessDenied"),
        event(
            "e2", "s3", "GetObject",
            resources: #"[{"type":"AWS::S3::Object","ARN":"arn:aws:s3:::data/a.txt"}]"#, category: "Data"),
    ].joined(separator: "\n")

    static let policy = """
        {"Version": "2012-10-17", "Statement": [
          {"Sid": "Data", "Effect": "Allow", "Action": "s3:*Object", "Resource": "*"},
          {"Sid": "Code", "Effect": "Allow", "Action": ["lambda:CreateFunction", "iam:PassRole", "iam:ListRoles", "iam:CreateUser"],
           "Resource": "*"}]}
        """

    private func world(_ more: [String: String] = [:]) -> CommandWorld {
        CommandWorld(
            files: ["/home/ada/log.json": Self.log, "/home/ada/p.json": Self.policy].merging(more) { $1 })
    }

    @Test("The policy of a role, with its proof, from its documents and its log")
    func rightsize() async {
        let world = world()
        #expect(
            await world.run("rightsize", "role/deploy", "--days", "1", "--policies", "p.json", "log.json")
                == .done)
        let text = world.output.text
        #expect(
            text.hasPrefix(
                #"{"principal":"arn:aws:iam::111122223333:role/teams/deploy","days":{"from":"2026-11-01","to":"2026-11-02","asked":2,"covered":2,"missing":[],"dataEvents":["s3"]},"policy":{"#
            ), "\(text)")
        #expect(
            text.contains(
                #"{"Action":["s3:GetObject"],"Effect":"Allow","Resource":["arn:aws:s3:::data/a.txt"],"Sid":"Data"}"#
            ), "\(text)")
        #expect(
            text.contains(
                #"{"Action":["iam:PassRole"],"Effect":"Allow","Resource":["arn:aws:iam::111122223333:role/app"]"#
            ), "\(text)")
        #expect(
            text.contains(
                #""proof":{"holds":true,"whole":true,"neverWider":{"verdict":"narrowed","method":"exact"},"replay":{"requests":4,"events":5,"allowed":4,"broken":[],"undecided":0,"notByThesePolicies":0}}"#
            ), "\(text)")
        #expect(
            text.contains(
                #"{"action":"iam:CreateUser","level":"permissions management","lastUse":null,"denied":1,"from":["p.json statement 2 (Code)"]}"#
            )
                || text.contains(
                    #"{"action":"iam:CreateUser","level":"write","lastUse":null,"denied":1,"from":["p.json statement 2 (Code)"]}"#
                ), "\(text)")
        #expect(
            world.messages.text.hasSuffix("narrowed (exact), 5 requests replayed, 0 broken\n"),
            "\(world.messages.text)")
    }

    @Test("For people as Markdown, for the cloud the document alone")
    func formats() async {
        let world = world()
        #expect(
            await world.run(
                "rightsize", "deploy", "--days", "1", "--policies", "p.json", "--format", "md", "log.json")
                == .done)
        #expect(
            world.output.text.hasPrefix(
                "# Least privilege for `arn:aws:iam::111122223333:role/teams/deploy`\n"))
        #expect(world.output.text.contains("- Never wider: the comparison says narrowed (exact).\n"))
        let alone = self.world()
        #expect(
            await alone.run(
                "rightsize", Self.arn, "--days", "1", "--policies", "p.json", "--format", "policy", "log.json"
            )
                == .done)
        #expect(alone.output.text.hasPrefix(#"{"Statement":["#))
    }

    @Test("The policies are read from a snapshot where none are named")
    func snapshot() async {
        let account =
            #"{"UserDetailList":[],"GroupDetailList":[],"RoleDetailList":[{"Path":"/teams/","RoleName":"deploy","RoleId":"AROAEXAMPLE","#
            + #""Arn":"\#(Self.arn)","AssumeRolePolicyDocument":{"Version":"2012-10-17","Statement":[]},"#
            + #""RolePolicyList":[{"PolicyName":"own","PolicyDocument":\#(Self.policy.replacing("\n", with: " "))}],"#
            + #""AttachedManagedPolicies":[{"PolicyName":"ReadOnlyAccess","PolicyArn":"arn:aws:iam::aws:policy/ReadOnlyAccess"}]}],"Policies":[]}"#
        let world = world(["/home/ada/account.json": account])
        _ = await world.run("rightsize", "role/deploy", "--days", "1", "log.json", "account.json")
        #expect(world.output.text.contains(#""from":["role/deploy/own statement"#), "\(world.messages.text)")
        #expect(world.output.text.contains(#""unknownPolicies":["arn:aws:iam::aws:policy/ReadOnlyAccess"]"#))
    }

    @Test("Google: the cheapest role and the custom one")
    func google() async {
        let log =
            #"{"protoPayload":{"@type":"type.googleapis.com/google.cloud.audit.AuditLog","status":{},"authenticationInfo":{"principalEmail":"ana@example.com"},"requestMetadata":{"callerIp":"192.0.2.1"},"serviceName":"storage.googleapis.com","methodName":"storage.objects.get","authorizationInfo":[{"resource":"projects/_/buckets/b/objects/o","permission":"storage.objects.get","granted":true}],"resourceName":"projects/_/buckets/b/objects/o"},"insertId":"i1","resource":{"type":"gcs_bucket","labels":{"project_id":"example-data"}},"timestamp":"2026-11-02T10:00:00Z","severity":"INFO","logName":"projects/example-data/logs/cloudaudit.googleapis.com%2Fdata_access","receiveTimestamp":"2026-11-02T10:00:01Z"}"#
        let world = CommandWorld(files: [
            "/home/ada/log.json": log,
            "/home/ada/roles/viewer.json":
                #"{"name":"roles/storage.objectViewer","includedPermissions":["storage.objects.get","storage.objects.list"]}"#,
            "/home/ada/roles/owner.json":
                #"{"name":"roles/owner","includedPermissions":["storage.objects.get","storage.objects.delete","a.b.c","d.e.f"]}"#,
        ])
        #expect(await world.run("rightsize", "ana@example.com", "--roles", "roles", "log.json") == .done)
        #expect(
            world.output.text.contains(
                #""roles":[{"role":"roles/storage.objectViewer","covers":["storage.objects.get"],"excess":1}],"excess":1,"uncovered":[]"#
            ),
            "\(world.output.text) \(world.messages.text)")
        #expect(world.output.text.contains(#""includedPermissions":["storage.objects.get"]"#))
    }

    @Test("What is wrong is told: nobody by that name, no policies, unreadable ones")
    func wrong() async {
        let nobody = world()
        #expect(await nobody.run("rightsize", "role/other", "--days", "1", "log.json") == .notHeld)
        #expect(nobody.messages.text.contains("no policy of role/other is known"), "\(nobody.messages.text)")
        let broken = world(["/home/ada/q.json": #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow"}]}"#]
        )
        #expect(await broken.run("rightsize", "deploy", "--policies", "q.json", "log.json") == .usage)
        #expect(broken.messages.text.contains("q.json:1:"), "\(broken.messages.text)")
        let absent = world()
        #expect(await absent.run("rightsize", "deploy", "--policies", "none.json", "log.json") == .usage)
        let role = world(["/home/ada/r.json": "[1]"])
        #expect(
            await role.run("rightsize", "deploy", "--cloud", "gcp", "--roles", "r.json", "log.json") != .done)
    }

    // MARK: Rehearsal

    private static let proposed = """
        {"Version": "2012-10-17", "Statement": [
          {"Sid": "Data", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::data/*"},
          {"Sid": "NoLambda", "Effect": "Deny", "Action": "lambda:*", "Resource": "*"},
          {"Sid": "Pass", "Effect": "Allow", "Action": "iam:PassRole", "Resource": "*",
           "Condition": {"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}}}]}
        """

    @Test("What a proposed policy would have refused, by which statement, and what nobody can say")
    func rehearse() async {
        let world = world(["/home/ada/new.json": Self.proposed])
        #expect(
            await world.run(
                "policy", "rehearse", "new.json", "--as", "role/deploy", "--days", "2", "log.json")
                == .done)
        let lines = world.output.text.split(separator: "\n")
        #expect(lines.count == 4, "\(world.output.text)")
        #expect(
            lines[0].contains(#""action":"iam:ListRoles","resource":"*","decision":"implicit-deny""#)
                && lines[0].contains(
                    #""events":1,"first":"2026-11-02T10:00:00Z","last":"2026-11-02T10:00:00Z","uids":["e3"]"#),
            "\(lines[0])")
        #expect(
            lines[1].contains(#""action":"lambda:CreateFunction""#)
                && lines[1].contains(#""statement":2,"sid":"NoLambda""#))
        #expect(
            lines[2].contains(#""action":"iam:PassRole","dependsOn":"iam:PassedToService""#), "\(lines[2])")
        #expect(lines[3] == #"{"totals":{"requests":4,"events":5,"allowed":2,"denied":2,"undecided":1}}"#)
        let failing = self.world(["/home/ada/new.json": Self.proposed])
        #expect(
            await failing.run(
                "policy", "rehearse", "new.json", "--fail-on", "denied", "--format", "table", "log.json")
                == .notHeld)
        #expect(
            failing.output.text.contains("statement 2 (NoLambda) of new.json denies it"),
            "\(failing.output.text)")
    }

    @Test("A guardrail is a limit on top of what the principals have")
    func guardrail() async {
        let scp =
            #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},{"Sid":"Region","Effect":"Deny","Action":"lambda:*","Resource":"*","Condition":{"StringNotEquals":{"aws:RequestedRegion":"us-east-1"}}}]}"#
        let world = world(["/home/ada/scp.json": scp])
        #expect(
            await world.run(
                "policy", "rehearse", "scp.json", "--kind", "scp", "--format", "json", "--fail-on", "denied",
                "log.json")
                == .notHeld)
        #expect(
            world.output.text.contains(#""layer":"scp""#)
                && world.output.text.contains(#""denied":1,"undecided":0}"#), "\(world.output.text)")
        let unread = self.world(["/home/ada/bad.json": "{"])
        #expect(await unread.run("policy", "rehearse", "bad.json", "log.json") == .usage)
        let folder = self.world(["/home/ada/empty/readme.txt": "x"])
        #expect(await folder.run("policy", "rehearse", "empty", "log.json") == .usage)
    }
}
