import Engine
import Testing

@testable import martlet

@Suite struct AccessCommandTests {
    static let log = """
        {"Records":[
        {"eventSource":"iam.amazonaws.com","eventName":"CreateUser","eventID":"1","eventTime":"2026-05-01T10:00:00Z",
         "recipientAccountId":"111122223333","userIdentity":{"arn":"arn:aws:iam::111122223333:user/grace"},
         "requestParameters":{"userName":"ada"},
         "responseElements":{"user":{"userName":"ada","arn":"arn:aws:iam::111122223333:user/ada"}}},
        {"eventSource":"s3.amazonaws.com","eventName":"GetObject","eventID":"2","eventTime":"2026-05-01T10:30:00Z"},
        {"eventSource":"iam.amazonaws.com","eventName":"PutUserPolicy","eventID":"3","eventTime":"2026-05-01T11:00:00Z",
         "recipientAccountId":"111122223333","userIdentity":{"arn":"arn:aws:iam::111122223333:user/grace"},
         "requestParameters":{"userName":"ada","policyName":"all","policyDocument":
         "{\\"Statement\\":{\\"Effect\\":\\"Allow\\",\\"Action\\":\\"*\\",\\"Resource\\":\\"*\\"}}"}}]}
        """

    @Test("access --of tells what was there at a time, since when and by whom")
    func principal() async {
        let world = CommandWorld(files: ["/home/ada/log.json": Self.log])
        #expect(await world.run("access", "--of", "ada", "--at", "2026-05-01T10:45:00Z", "log.json") == .done)
        #expect(
            world.output.text == """
                user/ada in 111122223333 as of 2026-05-01T10:45:00Z
                  identity arn:aws:iam::111122223333:user/ada: since 2026-05-01T10:00:00Z, CreateUser by \
                arn:aws:iam::111122223333:user/grace

                """)
        let later = CommandWorld(files: ["/home/ada/log.json": Self.log])
        #expect(await later.run("access", "--of", "ada", "--at", "2026-05-02", "log.json") == .done)
        #expect(later.output.text.contains("inline all: since 2026-05-01T11:00:00Z, PutUserPolicy by"))
        let nobody = CommandWorld(files: ["/home/ada/log.json": Self.log])
        #expect(await nobody.run("access", "--of", "bob", "log.json") == .notHeld)
        #expect(nobody.messages.text.contains("no principal bob was seen"))
    }

    @Test("access --who-can names those whose policies allowed it, and the statement")
    func whoCan() async {
        let world = CommandWorld(files: ["/home/ada/log.json": Self.log])
        let asked = [
            "access", "--who-can", "iam:PassRole", "--on", "arn:aws:iam::111122223333:role/x", "--at",
        ]
        #expect(await Dispatch.run(asked + ["2026-05-02", "log.json"], in: world.context) == .done)
        #expect(
            world.output.text
                == "arn:aws:iam::111122223333:user/ada\tstatement 1 of user/ada/all allows it\n")
        let before = CommandWorld(files: ["/home/ada/log.json": Self.log])
        #expect(
            await Dispatch.run(asked + ["2026-05-01T10:45:00Z", "log.json"], in: before.context) == .done)
        #expect(before.output.text.isEmpty)
    }

    /// A person who has a permission set in an account, as a collector took it.
    private static let directory = """
        {"PermissionSetArn":"arn:aws:sso:::permissionSet/ssoins-1/ps-1","Name":"Data","InlinePolicy":{"Statement":[{"Effect":\
        "Allow","Action":"dynamodb:*","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}}}]},\
        "snapshot":{"id":"999900001111/identity_center/eu-west-1/2026-05-01T06:00:00.000Z","account":"999900001111",\
        "region":"eu-west-1","service":"identity_center","kind":"permission_set","item":"ps","taken_at":"2026-05-01T06:00:00Z"}}
        {"UserId":"93673c4a-0002-4000-8000-000000000002","UserName":"ada@example.com","IdentityStoreId":"d-1",\
        "snapshot":{"id":"999900001111/identity_center/eu-west-1/2026-05-01T06:00:00.000Z","account":"999900001111",\
        "region":"eu-west-1","service":"identity_center","kind":"user","item":"user","taken_at":"2026-05-01T06:00:00Z"}}
        {"AccountId":"111122223333","PermissionSetArn":"arn:aws:sso:::permissionSet/ssoins-1/ps-1","PrincipalId":\
        "93673c4a-0002-4000-8000-000000000002","PrincipalType":"USER",\
        "snapshot":{"id":"999900001111/identity_center/eu-west-1/2026-05-01T06:00:00.000Z","account":"999900001111",\
        "region":"eu-west-1","service":"identity_center","kind":"account_assignment","item":"a","taken_at":"2026-05-01T06:00:00Z"}}
        {"begun_at":"2026-05-01T06:00:00Z","coverage":[],"items":3,"status":"complete","snapshot":{"id":\
        "999900001111/identity_center/eu-west-1/2026-05-01T06:00:00.000Z","account":"999900001111","region":"eu-west-1",\
        "mark":"end","of":"identity_center","taken_at":"2026-05-01T06:00:00Z"}}

        """

    @Test(
        "A person of a directory is found by name, with what permission sets give, and may what those allow")
    func people() async {
        let world = CommandWorld(files: ["/home/ada/snapshot.json": Self.directory])
        #expect(
            await world.run("access", "--of", "ada@example.com", "--at", "2026-05-02", "snapshot.json")
                == .done)
        let told = world.output.text
        #expect(
            told.contains(
                "  identity ada@example.com: since 2026-05-01T06:00:00Z, snapshot 999900001111/identity_center/"
            ))
        #expect(told.contains("  assignment permission set Data in 111122223333: since"))
        #expect(told.contains("  inline inline (by permission set Data): since"))
        let asked = [
            "access", "--who-can", "dynamodb:Scan", "--format", "json", "--at", "2026-05-02", "snapshot.json",
        ]
        let far = CommandWorld(files: ["/home/ada/snapshot.json": Self.directory])
        #expect(await Dispatch.run(asked, in: far.context) == .done)
        #expect(far.output.text.isEmpty)
        let near = CommandWorld(files: ["/home/ada/snapshot.json": Self.directory])
        #expect(
            await Dispatch.run(asked + ["--context", "aws:SourceIp=203.0.113.9"], in: near.context) == .done)
        #expect(
            near.output.text == """
                {"principal":"ada@example.com","allowed":true,"account":"111122223333","via":["permission set Data"],\
                "because":"statement 1 of Data's own policy allows it","unknown":[]}

                """)
        let wrong = CommandWorld(files: ["/home/ada/snapshot.json": Self.directory])
        #expect(await Dispatch.run(asked + ["--context", "here"], in: wrong.context) == .usage)
        #expect(wrong.messages.text.contains("--context here"))
    }

    /// Who is in a group of Okta's, as a collector took it: not all of it came.
    private static let groups = """
        {"snapshot":{"feed":"okta.groups","id":"list-1","stream":"all","taken_at":"2026-05-01T06:00:00Z"},"group":{"id":"00g1",\
        "objectClass":["okta:user_group"],"type":"OKTA_GROUP","profile":{"name":"Platform Admins"}},"user":{"id":"00u1","status":\
        "ACTIVE","profile":{"login":"bo@example.com","email":"bo@example.com"}}}
        {"begun_at":"2026-05-01T06:00:00Z","coverage":[],"items":2,"status":"complete","snapshot":{"feed":"okta.groups","id":\
        "list-1","mark":"end","stream":"all","source":"okta","parameters":{},"taken_at":"2026-05-01T06:00:00Z"}}

        """

    @Test("A list of a directory is told with what it is known from, and that it is not whole")
    func directories() async {
        let world = CommandWorld(files: ["/home/ada/groups.json": Self.groups])
        #expect(
            await world.run("access", "--of", "bo@example.com", "--at", "2026-05-02", "groups.json") == .done)
        let told = world.output.text
        #expect(told.hasPrefix("bo@example.com in Okta as of 2026-05-02T00:00:00Z\n"))
        #expect(
            told.contains(
                "  membership Platform Admins member: since 2026-05-01T06:00:00Z, snapshot list-1\n"))
        #expect(told.contains("  snapshot okta.groups (all by okta) of 2026-05-01T06:00:00Z, not whole\n"))
        #expect(told.contains("  not known: what okta.groups (all) in Okta does not show"))
        let asked = ["access", "--who-can", "group:Platform Admins", "--at", "2026-05-02", "groups.json"]
        let who = CommandWorld(files: ["/home/ada/groups.json": Self.groups])
        #expect(await Dispatch.run(asked, in: who.context) == .done)
        #expect(
            who.output.text
                == "bo@example.com\tby group Platform Admins in Okta: is in group Platform Admins since "
                + "2026-05-01T06:00:00Z, shown by snapshot list-1\n")
        #expect(who.messages.text.contains("not known: the snapshot of 2026-05-01T06:00:00Z is not whole"))
        let json = CommandWorld(files: ["/home/ada/groups.json": Self.groups])
        let command = [
            "access", "--of", "bo@example.com", "--at", "2026-05-02", "--format", "json", "groups.json",
        ]
        #expect(await Dispatch.run(command, in: json.context) == .done)
        #expect(
            json.output.text.contains(
                "\"snapshots\":[\"okta.groups (all by okta) of 2026-05-01T06:00:00Z, not whole\"],\"unknown\":[\"what "
            ))
    }

    @Test("access needs to know what is asked")
    func usage() async {
        let world = CommandWorld(files: ["/home/ada/log.json": Self.log])
        #expect(await world.run("access", "log.json") == .usage)
        #expect(world.messages.text.contains("--of PRINCIPAL"))
    }
}
