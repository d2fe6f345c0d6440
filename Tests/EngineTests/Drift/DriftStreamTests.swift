import Pipeline
import Testing

@testable import Engine

/// Findings while changes come in: only what a change can concern is looked at, and that is enough.
@Suite struct DriftStreamTests {
    private static let start = Timestamp(seconds: 1_790_000_000)

    /// Changes of a small organization, in which everything meets everything.
    private struct Dice {
        var state: UInt64

        init(_ seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

        mutating func below(_ limit: Int) -> Int {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return Int(state % UInt64(limit))
        }

        mutating func of<T>(_ all: [T]) -> T { all[below(all.count)] }
    }

    private static let accounts = ["111122223333", "222233334444", "333344445555"]
    private static let actors = [
        "arn:aws:iam::111122223333:user/ada", "arn:aws:sts::111122223333:assumed-role/terraform/run", "",
    ]
    private static let documents = [
        #"{"Statement":[{"Action":"*","Effect":"Allow","Resource":"*"}]}"#,
        #"{"Statement":[{"Action":"iam:PutUserPolicy","Effect":"Allow","Resource":"*"}]}"#,
        #"{"Statement":[{"Action":"s3:Get*","Effect":"Allow","Resource":"*"}]}"#,
        #"{"Statement":[{"Action":"iam:*","Effect":"Deny","Resource":"*"}]}"#,
        #"{"Statement":[{"Action":["s3:*","sqs:*"],"Effect":"Allow","Resource":"arn:aws:s3:::b/*"}]}"#,
        "no policy",
    ]

    private static func named(_ principal: String) -> String {
        #"{"Statement":[{"Action":"sts:AssumeRole","Effect":"Allow","Principal":\#(principal),"Resource":"*"}]}"#
    }

    private static let set = "arn:aws:sso:::permissionSet/ssoins-1/ps-1"
    private static let person = "user/93673c4a-0002-4000-8000-000000000002"
    private static let rules = [
        #"{"permissions":[{"actions":["rbac:core/pods/get/*"]}]}"#,
        #"{"permissions":[{"actions":["rbac:*"]}]}"#,
    ]
    private static let permissions = [
        #"{"includedPermissions":["a.b.get"]}"#,
        #"{"includedPermissions":["a.b.get","iam.serviceAccounts.actAs"]}"#,
    ]

    private static func fact(_ dice: inout Dice, _ number: Int, at time: Timestamp) -> Drift.Fact {
        let account = dice.of(accounts)
        let user = "user/\(dice.of(["ada", "bo", "cy"]))"
        let role = "role/\(dice.of(["deploy", "audit"]))"
        let group = dice.of(["ops", "admins"])
        let principal = dice.of([user, role, "group/\(group)"])
        let policy = dice.of([
            "arn:aws:iam::\(account):policy/p", "arn:aws:iam::\(account):policy/q",
            "arn:aws:iam::aws:policy/AdministratorAccess", "arn:aws:iam::aws:policy/ReadOnlyAccess",
        ])
        let document = dice.of(documents)
        let trusted = dice.of([
            #"{"AWS":"\#(dice.of(accounts))"}"#, #"{"AWS":"arn:aws:iam::\#(account):\#(user)"}"#, #""*""#,
            #"{"AWS":["arn:aws:iam::\#(account):\#(role)","999988887777"]}"#,
        ])
        let isThere = dice.below(3) > 0
        let (subject, kind, part, value): (String, AccessState.Kind, String, String) =
            switch dice.below(28) {
            case 0: (principal, .identity, "", "arn:\(principal)")
            case 1, 2: (user, .membership, group, "member")
            case 3, 4: (principal, .attachment, policy, "attached")
            case 5, 6: (principal, .inline, dice.of(["a", "b"]), document)
            case 7: (dice.of([user, role]), .boundary, "", policy)
            case 8, 9: (role, .trust, "", named(trusted))
            case 10: (policy, .version, dice.of(["v1", "v2"]), document)
            case 11: (policy, .defaultVersion, "", dice.of(["v1", "v2"]))
            case 12: (user, .accessKey, dice.of(["AKIA1", "AKIA2"]), dice.of(["Active", "Inactive"]))
            case 13: (user, .mfa, "device", "on")
            case 14: ("s3/b", .resourcePolicy, "", named(trusted))
            case 15: ("s3/b", .publicAccessBlock, "", dice.of(["on", "off: policy"]))
            case 16: ("ec2/snap-1", .sharing, "share", dice.of(accounts + ["all"]))
            case 17: ("policy/p-1", .guardrail, "", document)
            case 18: ("target/\(account)", .guardrailTarget, "p-1", "on")
            case 19: ("target/\(account)", .guardrailTarget, "p-FullAWSAccess", "attached")
            case 20: (set, .inline, "inline", document)
            case 21: (set, .attachment, policy, "attached")
            case 22:
                (
                    person, .assignment, "\(set)@\(account)",
                    AccessAssignment(principal: person, role: set, scope: account).text
                )
            case 23: (person, .identity, "", "ada@example.com")
            case 24: ("clusterrole/helper", .roleDefinition, "", dice.of(rules))
            case 25:
                (
                    "clusterrolebinding/ops", .assignment, "",
                    AccessAssignment(
                        principal: dice.of(["User/ada", "Group/system:unauthenticated"]),
                        role: dice.of(["ClusterRole/helper", "ClusterRole/cluster-admin"]), scope: "cluster"
                    ).text
                )
            case 26:
                (
                    "user:ada@example.com", .assignment, "roles/helper@projects/p",
                    AccessAssignment(
                        principal: "user:ada@example.com", role: "roles/helper", scope: "projects/p"
                    ).text
                )
            default: ("role/roles/helper", .roleDefinition, "", dice.of(permissions))
            }
        let isProviders = subject == "role/roles/helper"
        var entry = AccessState.Entry(
            time: time, uid: "e-\(number)", value: isThere ? value : nil, actor: dice.of(actors),
            operation: dice.of(["Put", "Delete", "snapshot"]))
        if entry.operation == "snapshot", dice.below(2) == 0 { entry.unseenSince = time - .hours(3) }
        return Drift.Fact(
            provider: "AWS",
            change: .init(AccessState.Key(isProviders ? "" : account, subject, kind, part), entry))
    }

    private static func settings(_ seed: UInt64) -> DriftSettings {
        var settings = DriftSettings()
        if seed % 2 == 0 {
            settings.pipelines = [.init(name: "terraform", actors: ["*:assumed-role/terraform/*"])]
        }
        if seed % 3 == 0 {
            settings.baseline = DriftBaseline(
                name: "approved",
                facts: [
                    AccessState.Key(accounts[0], "user/ada", .inline, "a"): documents[2],
                    AccessState.Key(accounts[0], "user/zoe", .inline, "a"): documents[2],
                ], time: start + .hours(10), isWhole: seed % 6 == 0)
        }
        if seed % 5 == 0 { settings.allowedStanding = ["role/au*"] }
        return settings
    }

    @Test("What is said is what looking at everybody each time would say, byte for byte", arguments: 1...24)
    func incremental(seed: UInt64) {
        var dice = Dice(seed)
        let catalogue: ActionCatalogue? = seed == 8 ? .builtIn() : nil
        var stream = DriftStream(Self.settings(seed), catalogue)
        var reference = DriftStream(Self.settings(seed), catalogue)
        var time = Self.start
        var taken: [Drift.Fact] = []
        var versions: [String: UInt32] = [:]
        for number in 0..<240 {
            // At times a month passes in which nothing happens but that keys get older.
            time = time + (dice.below(40) == 0 ? .days(31) : .minutes(dice.below(90)))
            let late = dice.below(4) == 0 ? Duration.hours(dice.below(200)) : .zero
            let fact =
                dice.below(12) == 0 && !taken.isEmpty
                ? dice.of(taken) : Self.fact(&dice, number, at: time - late)
            taken.append(fact)
            stream.take(fact)
            reference.take(fact)
            guard dice.below(5) == 0 || number == 239 else { continue }
            var (out, expected) = (EventBatch(), EventBatch())
            let told = stream.evaluate(into: &out)
            #expect(told == reference.evaluateAll(into: &expected), "change \(number)")
            #expect(out.bytes == expected.bytes, "change \(number)")
            // Each time it says something anew it is told apart from all the times before.
            for one in told {
                #expect(one.version == versions[one.uid, default: 0] + 1)
                versions[one.uid] = one.version
            }
        }
        #expect(versions.count > 10)
        // In whatever order they came, the same stands in the end.
        var shuffled = DriftStream(Self.settings(seed), catalogue)
        for index in taken.indices { taken.swapAt(index, dice.below(taken.count)) }
        for fact in taken { shuffled.take(fact) }
        var out = EventBatch()
        _ = shuffled.evaluate(into: &out)
        func standing(_ stream: DriftStream) -> [String] {
            stream.standing.filter { $0.state != .retracted }.map { "\($0.uid) \($0.state) \($0.code)" }
                .sorted()
        }
        #expect(standing(shuffled) == standing(stream))
    }

    @Test("The kinds of things stand in the order of their names")
    func kinds() {
        let all = AccessState.Kind.allCases
        #expect(
            all.sorted { $0.order < $1.order }.map(\.rawValue) == all.map(\.rawValue).sorted())
    }
}
