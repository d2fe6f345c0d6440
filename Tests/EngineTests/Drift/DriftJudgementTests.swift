import Testing

@testable import Engine

/// What a change of a document comes to, as a stream of changes asks it.
@Suite struct DriftJudgementTests {
    private static func allow(_ action: String, _ resource: String = "*") -> String {
        #"{"Effect":"Allow","Action":"\#(action)","Resource":"\#(resource)"}"#
    }

    private static func document(_ statements: String...) -> String {
        #"{"Version":"2012-10-17","Statement":[\#(statements.joined(separator: ","))]}"#
    }

    @Test(
        "All that was gained says how grave it is, not only as much as is listed",
        arguments: [
            ("*", DriftFinding.Effect.permissions), ("s3:*", .permissions), ("dynamodb:*", .permissions),
            ("s3:PutObject", .writes), ("s3:GetObject", .reads),
        ])
    func effect(action: String, effect: DriftFinding.Effect) {
        let judge = Engine.PolicyJudge(PolicyMaterial.catalogue)
        let judgement = judge.judge(
            old: PolicyJudge.nothing, new: Self.document(Self.allow(action)), .identity)
        #expect(judgement.verdict == .widened && judgement.effect == effect)
        #expect(judgement.gained.count <= DriftFinding.listMax)
    }

    private typealias PolicyJudge = Engine.PolicyJudge

    @Test("What is asked of a gain alone is what the whole comparison says of it")
    func gain() throws {
        let statements = [
            Self.allow("s3:*", "arn:aws:s3:::a/*"), Self.allow("s3:Get*"), Self.allow("iam:PassRole"),
            Self.allow("dynamodb:*", "arn:aws:s3:::a/*"), Self.allow("x:Unknown"),
            Self.allow("ec2:Describe*"), Self.allow("s3:GetObject", "arn:aws:s3:::a"),
            #"{"Effect":"Deny","Action":"s3:Delete*","Resource":"*"}"#,
            #"{"Effect":"Allow","NotAction":"iam:*","Resource":"*"}"#,
        ]
        var policies = try statements.map { try PolicyComparisonTests.policy($0) }
        for (first, second) in zip(statements, statements.dropFirst(3)) {
            policies.append(try PolicyComparisonTests.policy("\(first),\(second)"))
        }
        for old in policies {
            for new in policies {
                let comparison = PolicyComparison(
                    old: old, new: new, place: .identity, catalogue: PolicyMaterial.catalogue)
                let (whole, gain) = (comparison.change(), comparison.gain())
                #expect(whole.verdict == gain.verdict && whole.realisable == gain.realisable)
                #expect(whole.method == gain.method && whole.notes == gain.notes)
                #expect(whole.gained.actions == gain.gained.actions)
                #expect(whole.gained.undenied == gain.gained.undenied)
                #expect(whole.gained.witnesses.first?.words == gain.gained.witnesses.first?.words)
                #expect(gain.gained.witnesses.count <= 1)
            }
        }
    }

    @Test("A pipeline is known by any of its patterns, by the human as well, and as often as it is asked")
    func actors() {
        let actors = DriftActors([
            .init(name: "terraform", actors: ["*:assumed-role/terraform/*", "ci@example.com"]),
            .init(name: "broker", actors: ["*/broker"]),
        ])
        for _ in 0..<2 {
            let role = "arn:aws:sts::111122223333:assumed-role/terraform/run"
            #expect(actors.pipeline(of: role, human: nil) == "terraform")
            #expect(actors.pipeline(of: "x", human: "ci@example.com") == "terraform")
            #expect(actors.pipeline(of: "x", human: nil) == nil)
            #expect(actors.pipeline(of: "arn:aws:iam::111122223333:user/broker", human: nil) == "broker")
        }
    }

    @Test("A baseline's facts are found by their subject, in order")
    func facts() {
        let keys = ["b", "a", "c"].map { AccessState.Key("111122223333", "role/r", .inline, $0) }
        let other = AccessState.Key("111122223333", "role/q", .trust)
        let facts = DriftBaseline.Facts(
            Dictionary(uniqueKeysWithValues: (keys + [other]).map { ($0, $0.part) }))
        let subject = AccessState.Subject(account: "111122223333", name: "role/r")
        #expect(facts.of(subject).map(\.key.part) == ["a", "b", "c"])
        #expect(facts.of(AccessState.Subject(account: "", name: "role/r")).isEmpty)
        #expect(Set(facts.allSubjects).count == 2)
    }

    @Test("What was said and stands is not said again, and what is gone is taken back once")
    func told() {
        let subject = AccessState.Subject(account: "111122223333", name: "user/ada")
        func finding(_ object: String) -> DriftFinding {
            DriftFinding(
                .standing, provider: "AWS", account: subject.account, subject: subject.name, object: object,
                opened: .init(uid: "e-1", time: Timestamp(seconds: 1), operation: "Put"), words: "w")
        }
        var out = EventBatch()
        let teller = DriftTeller()
        let first = teller.tell([finding("a"), finding("b")], known: [:], into: &out) { _ in subject }
        var known = Dictionary(uniqueKeysWithValues: first.map { ($0.uid, $0) })
        #expect(first.count == 2)
        // One is told twice by the same event: that is one.
        let kept = [finding("a").uid, finding("a").uid]
        let second = teller.tell([], kept: kept, known: known, into: &out) { _ in subject }
        #expect(second.map(\.uid) == [finding("b").uid] && second.first?.state == .retracted)
        for one in second { known[one.uid] = one }
        #expect(teller.tell([], kept: kept, known: known, into: &out) { _ in subject }.isEmpty)
    }
}
