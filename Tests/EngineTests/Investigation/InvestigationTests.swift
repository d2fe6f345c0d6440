import Testing

@testable import Engine

@Suite struct InvestigationTests {
    @Test(
        "The human is found behind every name of what they acted with",
        arguments: [
            "ana@example.com", "ANA@example.com", "human:ana@example.com", "ASIAROLE", "key:ASIASSO",
            "principal:arn:aws:sts::111122223333:assumed-role/Ops/ASIASSO", "session:Ops/ASIAROLE",
        ])
    func names(name: String) throws {
        let found = try #require(CaseMaterial.investigation(name))
        #expect(found.subject == CaseMaterial.human)
        #expect(found.isWhole)
        // Six of their own, that of the key that says nobody among them; one that was done to them.
        #expect(found.evidence.map(\.uid).filter { $0 != "e6" } == ["e1", "e2", "e3", "e4", "e5", "e8"])
    }

    @Test("A role, an address and a thing stay what they are, and name who is behind them")
    func things() throws {
        let role = try #require(CaseMaterial.investigation("role:Ops"))
        #expect(!role.isWhole && role.kind == .role)
        #expect(role.behind.map(\.name).contains(CaseMaterial.human))
        let address = try #require(CaseMaterial.investigation("198.51.100.9"))
        #expect(address.kind == .address && address.evidence.map(\.uid) == ["e7"])
        let thing = try #require(CaseMaterial.investigation("arn:aws:s3:::example-exports/a"))
        #expect(thing.kind == .resource && thing.evidence.map(\.uid) == ["e5"])
    }

    @Test("What was made stands, or was undone by whom and with which event; a key's uses are counted")
    func standing() throws {
        let found = try #require(CaseMaterial.investigation(CaseMaterial.human))
        let keys = found.things.filter { $0.kind == "access key" }
        #expect(keys.map(\.label) == ["AKIAONE", "AKIATWO"])
        let (one, two) = (try #require(keys.first), try #require(keys.last))
        #expect(one.standing == .stands)
        #expect(one.command == "aws iam delete-access-key --user-name backup --access-key-id AKIAONE")
        #expect(one.uses?.count == 1 && one.uses?.addresses == ["198.51.100.9"])
        let undone = Timestamp(milliseconds: CaseMaterial.start + 5 * 60_000)
        #expect(
            two.standing
                == .undone(by: "bo@example.com", operation: "DeleteAccessKey", evidence: "e6", at: undone))
        let session = try #require(found.things.first { $0.kind == "session" })
        #expect(session.standing == .until(Timestamp(milliseconds: CaseMaterial.start + 16 * 60_000)))
    }

    @Test(
        "What is put on a thing changes it; what is put where nothing was is made",
        arguments: [
            ("PutBucketTagging", "AWS::S3::Bucket", "changed"), ("PutObject", "AWS::S3::Object", "created"),
            ("CreateBucket", "AWS::S3::Bucket", "created"),
            ("AddTagsToResource", "AWS::RDS::DBInstance", "changed"),
        ])
    func parts(operation: String, type: String, change: String) throws {
        let event = CaseMaterial.Made(
            uid: "e", minute: 0, operation: operation, service: "any.amazonaws.com", target: "it",
            targetType: type)
        let found = try #require(
            CaseMaterial.investigation(CaseMaterial.human, [CaseMaterial.text(event)]))
        #expect(found.things.map(\.change.rawValue) == [change])
    }

    @Test("Sessions stand under what they came from, each link with its evidence")
    func sessions() throws {
        let found = try #require(CaseMaterial.investigation(CaseMaterial.human))
        let tree = found.sessions.map { "\($0.depth) \($0.id) \($0.via) \($0.evidence)" }
        #expect(
            tree == [
                "0 ana@example.com  ", "1 ana@example.com same_name e1", "2 ASIASSO saml e1",
                "3 ASIAROLE assume_role e2",
            ])
        #expect(found.sessions.last?.events == 3)
    }

    @Test("Every order of the input tells the same, byte for byte", arguments: 1...20)
    func order(seed: UInt64) throws {
        let expected = try #require(CaseMaterial.investigation(CaseMaterial.human)).json
        var random = SystemOrder(state: seed)
        let again = try #require(
            CaseMaterial.investigation(CaseMaterial.human) { events in
                events.shuffle(using: &random)
                events.append(events[0])
            })
        #expect(again.json == expected)
    }

    @Test("A name that is not there gets the nearest that are")
    func nearest() {
        let gathered = CaseMaterial.gather("anna@example.com", CaseMaterial.story.map(CaseMaterial.text))
        #expect(!gathered.isNamed)
        #expect(gathered.nearest().first == "ana@example.com")
        let short = CaseMaterial.gather("annna", CaseMaterial.story.map(CaseMaterial.text))
        #expect(short.nearest().contains("ana@example.com"))
        #expect(CaseMaterial.gather("", []).nearest().isEmpty)
    }

    @Test("Only what bears the name, where that is asked for")
    func narrow() throws {
        let gathered = CaseMaterial.gather(
            "key:ASIASSO", CaseMaterial.story.map(CaseMaterial.text), isNarrow: true)
        let found = try #require(Investigation(gathered, CaseFindings(about: gathered), from: nil, to: nil))
        #expect(!found.isWhole && found.subject == "ASIASSO")
    }

    @Test(
        "A value from a log is quoted in a command, or the command is not given",
        arguments: [
            ("backup", "backup"), ("a b", "'a b'"), ("$(reboot)", "'$(reboot)'"), ("a'; reboot; '", nil),
            ("--all", nil), ("a\nb", nil), ("\u{202E}x", nil),
        ])
    func commands(value: String, word: String?) {
        #expect(UndoCatalogue.shellWord(value) == word)
    }

    @Test("A value in an address stays one segment of it, and none is a file to be read")
    func segments() {
        #expect(UndoCatalogue.segment("ada@example.com") == "ada@example.com")
        #expect(UndoCatalogue.segment("../../groups/g?x=1#") == "..%2F..%2Fgroups%2Fg%3Fx%3D1%23")
        #expect(UndoCatalogue.segment("a b\n'\u{7F}") == "a%20b%0A%27%7F")
        #expect(UndoCatalogue.segment("..") == nil && UndoCatalogue.segment("") == nil)
        #expect(UndoCatalogue.shellWord("file:///etc/passwd") == nil)
        #expect(UndoCatalogue.shellWord("https://example.com/x") == nil)
    }

    @Test("A cluster's commands name namespaces, and Graph is asked at its own host")
    func clusters() {
        let commands = UndoCatalogue.entries.map(\.command)
        let deleting = commands.filter { $0.hasPrefix("kubectl delete ") }
        #expect(!deleting.isEmpty && deleting.allSatisfy { $0.contains(" -- {") })
        #expect(!deleting.contains { $0.contains("delete pod") })
        let asked = commands.filter { $0.hasPrefix("az rest ") }
        #expect(!asked.isEmpty && asked.allSatisfy { $0.contains("--url https://graph.microsoft.com/") })
    }

    @Test("Texts that are no events are passed over, wherever they are cut")
    func cut() {
        let whole = CaseMaterial.text(CaseMaterial.story[2])
        for end in whole.indices { #expect(CaseEvent(Array(whole[..<end])) == nil) }
        #expect(CaseEvent(whole) != nil)
        #expect(CaseEvent(Array(#"{"time":1,"metadata":{"uid":""}}"#.utf8)) == nil)
        #expect(CaseEvent(Array(#"{"time":99999999999999999999,"metadata":{"uid":"a"}}"#.utf8)) == nil)
    }

    @Test("Findings that rest on the acts are told with the risk after each, retracted ones are not")
    func findings() throws {
        let gathered = CaseMaterial.gather(CaseMaterial.human, CaseMaterial.story.map(CaseMaterial.text))
        func finding(_ uid: String, _ event: String, _ minute: Int64, activity: Int = 1) -> [UInt8] {
            let time = CaseMaterial.start + minute * 60_000
            return Array(
                (#"{"time":\#(time),"activity_id":\#(activity),"severity_id":4,"severity":"High","finding_info":"#
                    + #"{"uid":"\#(uid)","title":"t","related_events":[{"uid":"\#(event)"}],"analytic":{"uid":"r"}}}"#)
                    .utf8)
        }
        var found = CaseFindings(about: gathered)
        found.take(finding("f1", "e3", 2))
        found.take(finding("f2", "e4", 3))
        found.take(finding("f3", "e4", 3))
        found.take(finding("f3", "e4", 4, activity: 3))
        found.take(finding("f4", "e9", 3))
        let told = try #require(Investigation(gathered, found, from: nil, to: nil))
        #expect(told.findings.map(\.uid) == ["f1", "f2"])
        #expect(told.scores.map(\.finding) == ["f1", "f2"])
        #expect((told.scores.first?.hundredths ?? 0) < (told.scores.last?.hundredths ?? 0))
        #expect(told.steps.filter { !$0.findings.isEmpty }.map(\.operation) == ["CreateAccessKey"])
    }
}

/// A small generator of its own, so that an order can be had again.
private struct SystemOrder: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state ^ state >> 29
    }
}
