import Engine
import Ports
import Testing

@testable import martlet

/// `drift`, `baseline`, `access` and their like as somebody types them who makes mistakes.
@Suite struct DriftCommandTests {
    private static func put(_ account: String, _ name: String, _ action: String, id: String) -> String {
        #"{"eventVersion":"1.11","eventName":"PutRolePolicy","eventSource":"iam.amazonaws.com","#
            + #""eventTime":"2026-05-01T10:00:00Z","eventID":"\#(id)","awsRegion":"us-east-1","eventType":"AwsApiCall","#
            + #""recipientAccountId":"\#(account)","userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::\#(account):user/ada"},"#
            + #""requestParameters":{"roleName":"deploy","policyName":"\#(name)","policyDocument":"#
            + #""{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"\#(action)\",\"Resource\":\"*\"}]}"}}"#
    }

    private static let template = """
        {"AWSTemplateFormatVersion":"2010-09-09","Resources":{"Deploy":{"Type":"AWS::IAM::Role","Properties":{"RoleName":"deploy",
        "Policies":[{"PolicyName":"p","PolicyDocument":{"Version":"2012-10-17","Statement":[{"Effect":"Allow",
        "Action":"s3:GetObject","Resource":"*"}]}}]}}}}
        """

    private static func world(_ more: [String: String] = [:]) -> CommandWorld {
        let log = [
            put("111122223333", "p", "s3:*", id: "e-1"), put("444455556666", "p", "s3:GetObject", id: "e-2"),
        ]
        let files = ["log.json": log.joined(separator: "\n"), "one.json": log[0], "cfn.json": template]
        return CommandWorld(
            files: Dictionary(
                uniqueKeysWithValues: files.merging(more) { $1 }.map { ("/home/ada/\($0.key)", $0.value) }))
    }

    @Test("A baseline with which nothing can be compared is an error, and never in agreement")
    func nothing() async {
        let lone = Self.world([
            "p.json":
                #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#
        ])
        #expect(await lone.run("baseline", "diff", "p.json", "log.json") == .usage)
        #expect(lone.messages.text.contains("none of it could be understood"), "\(lone.messages.text)")
        let empty = Self.world(["tf.json": #"{"values":{"root_module":{"resources":[]}}}"#])
        #expect(await empty.run("baseline", "diff", "tf.json", "log.json") == .usage)
        #expect(empty.messages.text.contains("no user, role, group, policy or bucket policy stands in it"))
        let nowhere = Self.world()
        #expect(await nowhere.run("baseline", "diff", "cfn.json", "log.json") == .usage)
        #expect(nowhere.messages.text.contains("in which account role/deploy is"), "\(nowhere.messages.text)")
    }

    @Test("A difference says in which account it is, and the uid by which it is approved")
    func difference() async throws {
        let world = Self.world()
        #expect(
            await world.run("baseline", "diff", "--account", "111122223333", "cfn.json", "log.json")
                == .notHeld)
        let line = try #require(world.output.text.split(separator: "\n").first)
        #expect(line.hasPrefix("AWS 111122223333 role/deploy: its own policy p is widened against cfn.json"))
        #expect(line.contains("event e-1 (") && line.hasSuffix(")"))
        #expect(world.messages.text.contains("1 difference, 1 of them wider"))
    }

    /// An account with one user and a policy of theirs.
    private static func details(_ action: String, more: String = "") -> String {
        #"{"UserDetailList":[{"Path":"/","UserName":"ada","UserId":"AIDAEXAMPLE","CreateDate":"2026-01-01T00:00:00Z","#
            + #""Arn":"arn:aws:iam::111122223333:user/ada","GroupList":[],"AttachedManagedPolicies":[],"UserPolicyList":"#
            + #"[{"PolicyName":"x","PolicyDocument":{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"\#(action)","#
            + #""Resource":"*"}]}}]}\#(more)],"GroupDetailList":[],"RoleDetailList":[],"Policies":[]}"#
    }

    @Test("Snapshots that nothing dates are of now")
    func present() async {
        let world = Self.world(["account.json": Self.details("*")])
        #expect(await world.run("drift", "--format", "json", "account.json") == .done)
        let now = DriftFinding.text(world.context.time.now)
        #expect(world.output.text.contains("\"to\":\"\(now)\""), "\(world.output.text.prefix(200))")
        #expect(world.output.text.contains("user/ada can give itself more"))
    }

    @Test("Snapshots that contradict each other are told so, in whatever order they are named")
    func contradictory() async {
        let files = ["a.json": Self.details("s3:GetObject"), "b.json": Self.details("*")]
        let first = Self.world(files)
        #expect(await first.run("drift", "--format", "json", "a.json", "b.json") == .done)
        let second = Self.world(files)
        #expect(await second.run("drift", "--format", "json", "b.json", "a.json") == .done)
        #expect(first.output.text == second.output.text)
        #expect(first.output.text.contains("\"code\":\"D16\""))
    }

    @Test("A snapshot that cannot be read, or not all of it, is refused and never taken for an empty one")
    func brokenSnapshot() async {
        let none = Self.world([
            "c.json":
                #"{"UserDetailList":[{"UserName":5}],"RoleDetailList":"x","GroupDetailList":null,"Policies":[{}]}"#
        ])
        #expect(await none.run("drift", "c.json") == .refused)
        #expect(none.messages.text.contains("whose access it shows cannot be known"), "\(none.messages.text)")
        let part = Self.world(["d.json": Self.details("*", more: #",{"UserName":5}"#)])
        #expect(await part.run("drift", "d.json") == .refused)
        #expect(part.messages.text.contains("1 items of the snapshot could not be read"))
        #expect(part.output.text.contains("user/ada can give itself more"))
    }

    @Test("An action with a wildcard is no question")
    func wildcard() async {
        let world = Self.world()
        #expect(await world.run("access", "--who-can", "s3:*", "log.json") == .usage)
        #expect(world.messages.text.contains("one action is needed, without wildcards"))
    }

    @Test("A request's members are what they should be, or it is said which is not")
    func request() async {
        for (text, words) in [
            (#"{"action":"s3:GetObject","resource":5}"#, "`resource` needs text"),
            (#"{"resource":"x"}"#, "a request has an `action`, and this has none"),
            (#"{"action":"GetObject"}"#, "`action` is one action, without wildcards"),
        ] {
            let world = Self.world(["r.json": text, "p/identity/a.json": "{\"Statement\":[]}"])
            #expect(await world.run("policy", "evaluate", "--request", "r.json", "--policies", "p") == .usage)
            #expect(world.messages.text.contains(words), "\(world.messages.text)")
        }
        let number = Self.world([
            "r.json": #"{"action":"s3:GetObject","resourceAccount":111122223333}"#,
            "p/identity/a.json": "{\"Statement\":[]}",
        ])
        #expect(await number.run("policy", "evaluate", "--request", "r.json", "--policies", "p") == .done)
    }

    @Test("A rehearsal for somebody of whom nothing was seen proves nothing, and says so")
    func nobody() async {
        let world = Self.world([
            "p.json":
                #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#
        ])
        #expect(
            await world.run("policy", "rehearse", "p.json", "--as", "role/nobody", "log.json") == .notHeld)
        #expect(world.messages.text.contains("no request by role/nobody was seen"))
    }

    @Test("Policies that a collected snapshot shows are made smaller as those of an account's details are")
    func collected() async {
        let place = #""account":"111122223333","id":"111122223333/iam/2026-11-01T00:00:00Z","#
        let role =
            #"{"Arn":"\#(RightsizeCommandTests.arn)","RoleName":"deploy","RoleId":"AROAEXAMPLE","Path":"/teams/","#
            + #""CreateDate":"2026-01-01T00:00:00Z","AssumeRolePolicyDocument":{"Statement":[]},"AttachedManagedPolicies":[],"#
            + #""InstanceProfileList":[],"RolePolicyList":[{"PolicyName":"code","PolicyDocument":"#
            + #"\#(RightsizeCommandTests.policy.replacing("\n", with: ""))}],"snapshot":{\#(place)"#
            + #""item":"\#(RightsizeCommandTests.arn)","kind":"role","service":"iam","taken_at":"2026-11-01T00:00:01Z"}}"#
        let end =
            #"{"begun_at":"2026-11-01T00:00:00Z","coverage":[],"items":1,"status":"complete","#
            + #""snapshot":{\#(place)"mark":"end","of":"iam","taken_at":"2026-11-01T00:00:02Z"}}"#
        let world = CommandWorld(files: [
            "/home/ada/log.json": RightsizeCommandTests.log, "/home/ada/iam.json": role + "\n" + end,
        ])
        #expect(
            await world.run("rightsize", "role/deploy", "--days", "1", "log.json", "iam.json") == .done,
            "\(world.messages.text)")
        #expect(world.output.text.contains("iam:PassRole"))
    }
}
