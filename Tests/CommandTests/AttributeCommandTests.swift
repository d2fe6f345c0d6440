import Codecs
import Engine
import Testing

@testable import martlet

/// `attribute`, and `--attribute` of `normalize` and `detect`.
@Suite struct AttributeCommandTests {
    private static func record(
        _ id: String, _ name: String, _ minute: Int, _ identity: String, _ answer: String
    )
        -> String
    {
        #"{"eventVersion":"1.08","eventName":"\#(name)","eventSource":"\#(name == "AssumeRole" ? "sts" : "s3").amazonaws.com","#
            + #""eventTime":"2026-11-02T08:0\#(minute):00Z","eventID":"\#(id)","awsRegion":"eu-west-1","#
            + #""readOnly":false,"recipientAccountId":"111122223333","userIdentity":\#(identity),"#
            + #""responseElements":\#(answer)}"#
    }

    private static func session(_ name: String, _ key: String) -> String {
        #"{"type":"AssumedRole","arn":"arn:aws:sts::111122223333:assumed-role/Ops/\#(name)","#
            + #""accountId":"111122223333","accessKeyId":"\#(key)","sessionContext":{"sessionIssuer":{"userName":"Ops"},"#
            + #""attributes":{"creationDate":"2026-11-02T08:00:00Z"}}}"#
    }

    /// The issuer stands last.
    static let log = [
        record("e2", "CreateBucket", 2, session("work", "ASIA1"), "null"),
        record("e3", "CreateBucket", 3, session("lost", "ASIA2"), "null"),
        record(
            "e1", "AssumeRole", 0,
            #"{"type":"IAMUser","arn":"arn:aws:iam::111122223333:user/ana","accountId":"111122223333","accessKeyId":"AKIA1","userName":"ana"}"#,
            #"{"credentials":{"accessKeyId":"ASIA1"},"assumedRoleUser":{"arn":"arn:aws:sts::111122223333:assumed-role/Ops/work"}}"#
        ),
    ].joined(separator: "\n")

    private func world(_ more: [String: String] = [:]) -> CommandWorld {
        CommandWorld(files: ["/home/ada/log.json": Self.log].merging(more) { $1 })
    }

    @Test("A line for each credential with its chain, then how much is known and why not all")
    func lines() async {
        let world = world()
        #expect(await world.run("attribute", "--feed", "aws.cloudtrail", "log.json") == .done)
        let ana = "arn:aws:iam::111122223333:user/ana"
        #expect(
            world.output.text == """
                \(ana) (user, proved 1), 1 events: AKIA1 <- stated [proved e1] \(ana)
                \(ana) (user, proved 1), 1 events: ASIA1 <- assume_role [proved e1] AKIA1 <- stated [proved e1] \(ana)
                unknown (unknown: no_issuer), 1 events: ASIA2 <- of_session [proved e3] \
                arn:aws:sts::111122223333:assumed-role/Ops/lost

                50.0 % of 2 privileged events have a known root: 1 proved, 0 asserted, 0 inferred, \
                mean confidence 1; unknown: 1 no_issuer
                66.6 % of 3 events have a known root: 2 proved, 0 asserted, 0 inferred, mean confidence 1; \
                unknown: 1 no_issuer

                """)
    }

    @Test("As JSON each line is an object, the last of them the coverage")
    func json() async throws {
        let world = world([
            "/home/ada/people.csv":
                "name,kind,account\nAna Example,human,arn:aws:iam::111122223333:user/ana\n"
                + "Ana Example,human,ana@example.com\n"
        ])
        #expect(
            await world.run(
                "attribute", "--feed", "auto", "--identities", "people.csv", "--format", "json", "log.json")
                == .done)
        let lines = try world.output.text.split(separator: "\n").map {
            try JSONReader.document(in: Array($0.utf8), file: "out")
        }
        #expect(lines.count == 5)
        #expect(lines[1]["credential"]?.string == "ASIA1")
        #expect(lines[1]["attribution"]?["value"]?.string == "Ana Example")
        #expect(lines[1]["attribution"]?["data"]?["kind"]?.string == "human")
        #expect(lines[1]["attribution"]?["data"]?["chain"]?.list?.count == 2)
        #expect(lines[3]["person"]?.string == "Ana Example")
        #expect(lines[4]["coverage"]?["privileged_events"]?["known"]?.integer == 1)
        #expect(lines[4]["coverage"]?["privileged_events"]?["unknown"]?["no_issuer"]?.integer == 1)
    }

    @Test("normalize --attribute reads twice, so that an issuer that stands later counts")
    func normalized() async {
        let world = world()
        #expect(
            await world.run("normalize", "--feed", "aws.cloudtrail", "--attribute", "--validate", "log.json")
                == .done)
        let lines = world.output.text.split(separator: "\n")
        #expect(lines.count == 3)
        #expect(lines[0].contains(#""value":"arn:aws:iam::111122223333:user/ana","provider":"Martlet""#))
        #expect(lines[1].contains(#""value":"unknown","provider":"Martlet","data":{"kind":"unknown""#))
    }

    @Test("Findings of detect --attribute name who is behind the session")
    func detected() async {
        let world = world(["/home/ada/r.yml": AttributeCommandTests.rule])
        #expect(
            await world.run(
                "detect", "--feed", "aws.cloudtrail", "--attribute", "--rules", "r.yml", "log.json") == .done)
        let lines = world.output.text.split(separator: "\n")
        #expect(lines.count == 2)
        #expect(
            lines[0].contains(
                #""enrichments":[{"name":"attribution","type":"identity","value":"arn:aws:iam::"#))
    }

    private static let rule = """
        title: Bucket made
        logsource: {product: aws, service: cloudtrail}
        detection: {s: {eventName: CreateBucket}, condition: s}
        """

    @Test(
        "Standard input is read once, so it cannot be attributed; a wrong file of people is told by its line")
    func wrong() async {
        let world = world([
            "/home/ada/people.yaml": "people:\n  - name: Ana\n    kind: robot\n    accounts: [a]\n"
        ])
        #expect(await world.run("normalize", "--feed", "auto", "--attribute", "-") == .usage)
        #expect(
            await world.run("attribute", "--feed", "auto", "--identities", "people.yaml", "log.json") != .done
        )
        #expect(world.messages.text.contains("people.yaml:3:11"))
        #expect(world.messages.text.contains("one of human, workload, service"))
    }
}
