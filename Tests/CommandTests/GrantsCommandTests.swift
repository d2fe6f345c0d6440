import Testing

@testable import martlet

/// `grants` as a user types it.
@Suite struct GrantsCommandTests {
    private static let log = [
        #"{"grant_id":"g1","phase":"approved","provider":"Opal","time":"2026-11-02T09:55:00Z","requester":"ana@example.com","approvers":["ana@example.com"],"roles":["Admin"],"account":{"id":"111122223333"},"start":"2026-11-02T10:00:00Z","end":"2026-11-02T11:00:00Z"}"#,
        act("a", "2026-11-02T10:30:00Z"), act("b", "2026-11-02T11:30:00Z"),
    ].joined(separator: "\n")

    private static func act(_ id: String, _ time: String) -> String {
        #"{"eventVersion":"1.11","eventName":"CreateUser","eventSource":"iam.amazonaws.com","eventTime":"\#(time)","#
            + #""eventID":"\#(id)","awsRegion":"us-east-1","eventType":"AwsApiCall","recipientAccountId":"111122223333","#
            + #""userIdentity":{"type":"AssumedRole","principalId":"AROAEXAMPLE:ana@example.com","#
            + #""arn":"arn:aws:sts::111122223333:assumed-role/Admin/ana@example.com","accountId":"111122223333","#
            + #""accessKeyId":"ASIAEXAMPLE1","sessionContext":{"sessionIssuer":{"type":"Role","userName":"Admin","#
            + #""arn":"arn:aws:iam::111122223333:role/Admin"},"attributes":{"creationDate":"2026-11-02T10:00:00Z"}}}}"#
    }

    private func world(_ more: [String: String] = [:]) -> CommandWorld {
        CommandWorld(files: ["/home/ada/log.json": Self.log].merging(more) { $1 })
    }

    @Test("The table has labels, grants with their notes, acts that need a look, and how to end a session")
    func table() async {
        let world = world()
        #expect(await world.run("grants", "--format", "table", "log.json") == .done)
        let text = world.output.text
        #expect(text.contains("1     after-expiry"), "\(text)")
        #expect(text.contains("approved by who asked for it; 1 acts after its end"), "\(text)")
        #expect(
            text.contains(
                "2026-11-02T11:30:00Z  1     after-expiry  ana@example.com  aws 111122223333 Admin  "
                    + "30 min after the grant ran out  CreateUser"), "\(text)")
        #expect(text.contains("  aws iam put-role-policy --role-name Admin "), "\(text)")
        #expect(
            world.messages.text
                == "3 events, 2 privileged acts, 1 grants, 1 sessions after their grant\n")
    }

    @Test("As lines, by person, label and time, and as a check")
    func lines() async {
        let world = world()
        #expect(
            await world.run(
                "grants", "--label", "in-grant", "--of", "ANA@*", "--fail-on", "after-expiry", "log.json")
                == .notHeld)
        let lines = world.output.text.split(separator: "\n")
        #expect(lines.count == 4, "\(lines)")
        #expect(lines[1].contains(#"{"act":{"time":"2026-11-02T10:30:00Z","event":"a","label":"in-grant""#))
        #expect(
            lines[3].hasPrefix(
                #"{"totals":{"acts":2,"labels":{"in-grant":1,"out-of-scope":0,"before-start":0,"#))
        let none = self.world()
        #expect(
            await none.run(
                "grants", "--of", "bo@example.com", "--fail-on", "after-expiry", "--format", "json",
                "log.json")
                == .done)
        #expect(none.output.text.hasPrefix(#"{"grants":[],"acts":[],"sessions":[],"totals":{"acts":0"#))
        let early = self.world()
        #expect(
            await early.run("grants", "--to", "2026-11-02T11:00:00Z", "--fail-on", "after-expiry", "log.json")
                == .done)
    }

    @Test("What is wrong with the policy or the times is told, with status 2")
    func wrong() async {
        let world = world(["/home/ada/p.yaml": "durations: 8h\n"])
        #expect(await world.run("grants", "--policy", "p.yaml", "log.json") == .usage)
        #expect(world.messages.text.contains("p.yaml:1:1: there is no key durations here"))
        let absent = self.world()
        #expect(await absent.run("grants", "--policy", "q.yaml", "log.json") == .usage)
        let times = self.world()
        #expect(
            await times.run(
                "grants", "--from", "2026-11-03T00:00:00Z", "--to", "2026-11-02T00:00:00Z", "log.json")
                == .usage)
        let label = self.world()
        #expect(await label.run("grants", "--label", "in-grants", "log.json") == .usage)
    }

    @Test("Unreadable input is told, and what is readable counts")
    func broken() async {
        let world = CommandWorld(files: ["/home/ada/log.json": Self.log + "\n{\"grant_id\":\n"])
        #expect(await world.run("grants", "log.json") == .refused)
        #expect(world.output.text.contains(#""label":"after-expiry""#))
    }
}
