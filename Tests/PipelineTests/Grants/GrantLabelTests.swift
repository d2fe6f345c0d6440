import Engine
import Pipeline
import Testing

/// How privileged acts stand to grants.
@Suite struct GrantLabelTests {
    typealias Label = GrantReview.Label

    static let given = GrantBench.phase("g1", "approved", at: 955, from: 1_000, to: 1_100)

    struct Case: CustomTestStringConvertible {
        var testDescription: String
        var label: Label
        var records: [String]
        var policy = GrantPolicy()
    }

    static let cases: [Case] = [
        Case(
            testDescription: "within its time", label: .inGrant,
            records: [given, GrantBench.act("a", at: 1_030)]),
        Case(
            testDescription: "a minute after its end, by two clocks", label: .inGrant,
            records: [given, GrantBench.act("a", at: 1_101)]),
        Case(
            testDescription: "a permission set's role has the set's name", label: .inGrant,
            records: [
                given, GrantBench.act("a", at: 1_030, role: "AWSReservedSSO_PlatformAdmin_372f8b0ed5df8099"),
            ]),
        Case(
            testDescription: "three minutes after its end", label: .afterExpiry,
            records: [given, GrantBench.act("a", at: 1_103)]),
        Case(
            testDescription: "told to have expired, late", label: .afterExpiry,
            records: [
                given, GrantBench.phase("g1", "expired", at: 1_130), GrantBench.act("a", at: 1_115),
            ]),
        Case(
            testDescription: "before it began", label: .beforeStart,
            records: [given, GrantBench.act("a", at: 957)]),
        Case(
            testDescription: "taken back", label: .afterRevocation,
            records: [
                given, GrantBench.phase("g1", "revoked", at: 1_020), GrantBench.act("a", at: 1_030),
            ]),
        Case(
            testDescription: "before it was taken back", label: .inGrant,
            records: [
                given, GrantBench.phase("g1", "revoked", at: 1_040), GrantBench.act("a", at: 1_030),
            ]),
        Case(
            testDescription: "made longer", label: .inGrant,
            records: [
                given, GrantBench.phase("g1", "extended", at: 1_050, to: 1_200),
                GrantBench.act("a", at: 1_150),
            ]),
        Case(
            testDescription: "another account", label: .outOfScope,
            records: [given, GrantBench.act("a", at: 1_030, account: "444455556666")]),
        Case(
            testDescription: "another role", label: .outOfScope,
            records: [given, GrantBench.act("a", at: 1_030, role: "BillingAdmin")]),
        Case(
            testDescription: "somebody else", label: .unbrokered,
            records: [given, GrantBench.act("a", at: 1_030, who: "cy@example.com")]),
        Case(
            testDescription: "a day and more later", label: .unbrokered,
            records: [
                GrantBench.phase("g1", "approved", at: 955, from: 1_000, to: 1_100).replacing(
                    "2026-11-02", with: "2026-10-31"),
                GrantBench.act("a", at: 1_130),
            ]),
        Case(
            testDescription: "more than an hour before", label: .unbrokered,
            records: [given, GrantBench.act("a", at: 830)]),
        Case(
            testDescription: "asked for and refused", label: .unbrokered,
            records: [
                GrantBench.phase("g1", "requested", at: 950, to: 1_100),
                GrantBench.phase("g1", "denied", at: 955), GrantBench.act("a", at: 1_030),
            ]),
        Case(
            testDescription: "for an emergency", label: .breakGlass,
            records: [
                GrantBench.phase(
                    "g1", "activated", at: 1_000, from: 1_000, to: 1_100, more: #","emergency":true"#),
                GrantBench.act("a", at: 1_030),
            ]),
        Case(
            testDescription: "an account for emergencies", label: .breakGlass,
            records: [GrantBench.act("a", at: 1_030, role: "BreakGlass")],
            policy: {
                var policy = GrantPolicy()
                policy.breakGlass = ["breakgl*"]
                return policy
            }()),
        Case(
            testDescription: "the root user", label: .breakGlass,
            records: [
                #"{"eventVersion":"1.11","eventName":"CreateUser","eventSource":"iam.amazonaws.com","eventTime":"2026-11-02T10:30:00Z","eventID":"a","awsRegion":"us-east-1","eventType":"AwsApiCall","recipientAccountId":"111122223333","userIdentity":{"type":"Root","principalId":"111122223333","arn":"arn:aws:iam::111122223333:root","accountId":"111122223333"},"requestParameters":{"userName":"x"}}"#
            ]),
        Case(
            testDescription: "an instance", label: .machine,
            records: [
                GrantBench.act(
                    "a", at: 1_030, who: "i-0123456789abcdef0", role: "app",
                    more: #","ec2RoleDelivery":"2.0""#
                ).replacing(#""attributes":{"#, with: #""ec2RoleDelivery":"2.0","attributes":{"#)
            ]),
        Case(
            testDescription: "a broker's role for another system", label: .inGrant,
            records: [
                #"{"ei":0,"event":"access_request.create","uid":"t1","code":"T5000I","time":"2026-11-02T09:50:00Z","cluster_name":"teleport.example.com","id":"r1","user":"ana@example.com","roles":["prod-admin"],"state":"PENDING","expires":"2026-11-02T11:00:00Z"}"#,
                #"{"ei":0,"event":"access_request.update","uid":"t2","code":"T5001I","time":"2026-11-02T09:55:00Z","cluster_name":"teleport.example.com","id":"r1","user":"ana@example.com","roles":["prod-admin"],"state":"APPROVED","updated_by":"bo@example.com","expires":"2026-11-02T11:00:00Z"}"#,
                GrantBench.act("a", at: 1_030),
            ],
            policy: {
                var scope = GrantPolicy.Scope(system: "aws")
                scope.provider = "teleport"
                scope.role = "prod-*"
                scope.accounts = ["111122223333"]
                var policy = GrantPolicy()
                policy.scopes = [scope]
                return policy
            }()),
    ]

    @Test("Every label in a case of its own", arguments: cases)
    func labels(one: Case) async throws {
        let review = try await GrantBench.review(one.records, one.policy)
        #expect(GrantBench.labels(review)["a"] == one.label, "\(GrantBench.told(review))")
    }

    @Test("A grant that is told late puts labels right")
    func late() async throws {
        let act = GrantBench.act("a", at: 1_030)
        let before = try await GrantBench.review([act])
        #expect(GrantBench.labels(before)["a"] == .unbrokered)
        let after = try await GrantBench.review([act, Self.given])
        #expect(GrantBench.labels(after)["a"] == .inGrant)
        let revoked = try await GrantBench.review([
            act, Self.given, GrantBench.phase("g1", "revoked", at: 1_010),
        ])
        #expect(GrantBench.labels(revoked)["a"] == .afterRevocation)
        #expect(revoked.reason(try #require(revoked.acts.first)) == "20 min after the grant was taken back")
    }

    @Test("Reads, sign-ins, writes of data and what failed are no privileged acts")
    func unprivileged() async throws {
        let review = try await GrantBench.review([
            GrantBench.act("a", at: 1_000, name: "ListRoles"),
            GrantBench.act("b", at: 1_000, name: "PutObject", service: "s3"),
            GrantBench.act("c", at: 1_000, name: "DescribeInstances", service: "ec2"),
            GrantBench.act("d", at: 1_000, more: #","errorCode":"AccessDenied""#),
            GrantBench.act("e", at: 1_000, name: "GetSecretValue", service: "secretsmanager")
                .replacing(#""readOnly":false"#, with: #""readOnly":true"#),
            GrantBench.act("f", at: 1_000, name: "RunInstances", service: "ec2"),
        ])
        #expect(review.acts.map(\.uid) == ["e", "f"])
        #expect(review.acts.map(\.privilege) == [.secret, .write])
    }

    // MARK: In any order

    /// Grants that overlap, are taken back, made longer and repeated, and acts in and around them.
    static let mixed: [String] = {
        var records = [given]
        for number in 0..<12 {
            let hour = 800 + number * 100
            let who = ["ana@example.com", "bo@example.com", "cy@example.com"][number % 3]
            let id = "m\(number)"
            records.append(GrantBench.phase(id, "requested", at: hour, to: hour + 130, who: who))
            records.append(
                GrantBench.phase(
                    id, number % 4 == 3 ? "denied" : "approved", at: hour + 5, from: hour + 5, to: hour + 130,
                    who: who, by: number % 5 == 0 ? who : "dee@example.com"))
            if number % 3 == 1 { records.append(GrantBench.phase(id, "revoked", at: hour + 30, who: who)) }
            if number % 4 == 2 {
                records.append(GrantBench.phase(id, "extended", at: hour + 20, to: hour + 230, who: who))
            }
            for (place, minute) in [3, 10, 40, 102, 155].enumerated() {
                records.append(
                    GrantBench.act(
                        "x\(number)-\(place)", at: hour + minute, who: who,
                        account: place == 3 && number % 2 == 0 ? "444455556666" : "111122223333",
                        key: "ASIAEXAMPLE\(number % 3)"))
            }
        }
        return records
    }()

    struct Dice {
        var state: UInt64
        mutating func roll(_ sides: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(sides))
        }

        mutating func shuffled(_ items: [String]) -> [String] {
            var items = items
            for place in items.indices.reversed() { items.swapAt(place, roll(place + 1)) }
            return items
        }
    }

    @Test("Order, repetition and cuts into files change nothing", arguments: 1...24)
    func anyOrder(seed: UInt64) async throws {
        let plain = try await GrantBench.review(Self.mixed)
        #expect(Set(plain.acts.map(\.label)).count >= 5 && !plain.sessions.isEmpty)
        var dice = Dice(state: seed)
        let again = Self.mixed.filter { _ in dice.roll(4) == 0 }
        let shuffled = dice.shuffled(Self.mixed + again)
        let review = try await GrantBench.review(shuffled, batches: 1 + dice.roll(20))
        #expect(GrantBench.told(review) == GrantBench.told(plain))
    }

    @Test("At the limits the newest facts are kept, in whatever order they came", arguments: 1...8)
    func limits(seed: UInt64) async throws {
        var limits = GrantBook.Limits()
        limits.acts = 10
        limits.phases = 8
        let plain = try await GrantBench.review(Self.mixed, limits: limits)
        #expect(plain.acts.count == 10 && plain.forgottenBefore != nil)
        var dice = Dice(state: seed)
        let review = try await GrantBench.review(
            dice.shuffled(Self.mixed + Self.mixed), batches: 3, limits: limits)
        #expect(GrantBench.told(review) == GrantBench.told(plain))
        #expect(review.forgottenBefore == plain.forgottenBefore)
    }
}
