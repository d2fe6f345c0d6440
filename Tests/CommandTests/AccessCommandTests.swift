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

    @Test("access needs to know what is asked")
    func usage() async {
        let world = CommandWorld(files: ["/home/ada/log.json": Self.log])
        #expect(await world.run("access", "log.json") == .usage)
        #expect(world.messages.text.contains("--of PRINCIPAL"))
    }
}
