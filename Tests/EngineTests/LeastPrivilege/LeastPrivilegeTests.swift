import Codecs
import Foundation
import Testing

@testable import Engine

/// The smallest policy: never wider, and nothing that was used is lost.
@Suite struct LeastPrivilegeTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }

    static let permissions = Result { EventPermissions(try text("schemas/policy/aws-events.txt")) }
    static let catalogue = Result { ActionCatalogue(try text("schemas/policy/aws-actions.txt")) }

    static func document(_ json: String) throws -> Document {
        try JSONReader.document(in: Array(json.utf8), file: "policy.json")
    }

    static let role = "arn:aws:iam::111122223333:role/deploy"
    static let day: Int64 = 20_759

    /// Uses of one role, a minute apart.
    static func index(_ uses: [(action: String, resource: String?)], denied: Set<Int> = []) -> UseIndex {
        var index = UseIndex()
        for (number, use) in uses.enumerated() {
            var request = ObservedRequest(
                .aws, principal: role, account: "111122223333", action: use.action)
            request.resource = use.resource
            request.region = "eu-west-1"
            let service = String(use.action.prefix { $0 != ":" })
            let seen = ObservedUse(
                requests: [request], time: Timestamp(seconds: day * 86_400 + Int64(number) * 60),
                uid: "e\(number)", isDenied: denied.contains(number), isData: service == "s3",
                service: service,
                account: "111122223333")
            index.take(seen) { _ in true }
            index.take(seen) { _ in true }
        }
        return index
    }

    static func rightsized(_ policies: [String], _ index: UseIndex) throws -> Rightsizing {
        let sources = try policies.enumerated().map { number, json in
            let document = try document(json)
            return Rightsizing.Source("p\(number)", document, try AccessPolicy(document, for: .identity))
        }
        var layers = PolicyLayers()
        layers.identity = sources.map { PolicyLayers.Named($0.name, $0.policy) }
        let start = Timestamp(seconds: day * 86_400)
        let coverage = index.coverage(of: "111122223333", from: start, to: start + .hours(1), broken: [])
        return Rightsizing(
            sources, layers: layers, used: index, earlier: [:], coverage: coverage, try permissions.get(),
            try catalogue.get())
    }

    @Test("What was used stays on what it was used on, what nobody can know stays, the rest goes")
    func smallest() throws {
        let policy =
            #"{"Version":"2012-10-17","Statement":[{"Sid":"Work","Effect":"Allow","Action":["s3:GetObject","s3:PutObject","#
            + #""lambda:InvokeFunction","ec2messages:GetMessages","sqs:CreateQueue"],"Resource":"*"},"#
            + #"{"Effect":"Deny","Action":"s3:DeleteBucket","Resource":"*"}]}"#
        let index = Self.index(
            [
                ("s3:GetObject", "arn:aws:s3:::data/a.txt"), ("s3:GetObject", "arn:aws:s3:::data/b.txt"),
                ("sqs:CreateQueue", "arn:aws:sqs:eu-west-1:111122223333:q"),
            ], denied: [2])
        let result = try Self.rightsized([policy], index)
        #expect(
            result.policy.plainJSON
                == #"{"Statement":[{"Action":["ec2messages:GetMessages","lambda:InvokeFunction"],"Effect":"Allow","Resource":"*","Sid":"Work"},"#
                + #"{"Action":["s3:GetObject"],"Effect":"Allow","Resource":["arn:aws:s3:::data/a.txt","arn:aws:s3:::data/b.txt"],"Sid":"Work2"},"#
                + #"{"Action":"s3:DeleteBucket","Effect":"Deny","Resource":"*"}],"Version":"2012-10-17"}"#)
        #expect(result.comparison.verdict == .narrowed && result.comparison.method == .exact)
        // Data events of S3 were seen, so that nothing was put is known; those of Lambda were not.
        // The graver first.
        #expect(result.removed.map(\.action) == ["sqs:CreateQueue", "s3:PutObject"])
        #expect(result.removed.first?.denied == 1)
        #expect(result.kept.map(\.action) == ["ec2messages:GetMessages", "lambda:InvokeFunction"])
        #expect(result.kept.first?.why == "no event shows its use")
        #expect(result.replay.requests == 2 && result.replay.allowed == 2 && result.replay.events == 2)
        #expect(result.isProved)
    }

    @Test("Many resources alike become one pattern, many unlike keep the statement's own")
    func shapes() throws {
        let policy =
            #"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"ec2:Stop*","Resource":"arn:aws:ec2:*:111122223333:instance/*"}}"#
        let alike = (0..<9).map { number in
            (
                "ec2:StopInstances",
                Optional("arn:aws:ec2:eu-west-1:111122223333:instance/i-0a1b2c3d4e5f6000\(number)")
            )
        }
        let result = try Self.rightsized([policy], Self.index(alike))
        #expect(
            result.policy.plainJSON.contains(
                #""Action":["ec2:StopInstances"],"Effect":"Allow","Resource":["arn:aws:ec2:eu-west-1:111122223333:instance/*"]"#
            ),
            "\(result.policy.plainJSON)")
        #expect(result.comparison.verdict == .narrowed && result.replay.broken.isEmpty)
        #expect(
            ResourceShape.of("arn:aws:s3:::logs/day=20756/part-3754.parquet")
                == "arn:aws:s3:::logs/day=*/part-3754.parquet")
        #expect(
            ResourceShape.of("arn:aws:iam::111122223333:role/deploy")
                == "arn:aws:iam::111122223333:role/deploy")
    }

    @Test("A resource that no record told keeps the statement's own, and conditions stay")
    func untold() throws {
        let policy =
            #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["ec2:RunInstances","ec2:StopInstances"],"#
            + #""Resource":"arn:aws:ec2:eu-west-1:*:*","Condition":{"StringEquals":{"aws:RequestedRegion":"eu-west-1","#
            + #""ec2:ResourceTag/team":"a"}}}]}"#
        let result = try Self.rightsized([policy], Self.index([("ec2:RunInstances", nil)]))
        #expect(
            result.policy.plainJSON
                == #"{"Statement":[{"Action":["ec2:RunInstances"],"Condition":{"StringEquals":{"aws:RequestedRegion":"eu-west-1","#
                + #""ec2:ResourceTag/team":"a"}},"Effect":"Allow","Resource":"arn:aws:ec2:eu-west-1:*:*"}],"Version":"2012-10-17"}"#
        )
        #expect(
            result.replay.undecided == 1 && result.replay.broken.isEmpty
                && result.comparison.verdict == .narrowed)
    }

    @Test("Used and not allowed by the policies given is told, and makes nothing wider")
    func others() throws {
        let policy =
            #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iam:List*","Resource":"*"}]}"#
        let result = try Self.rightsized(
            [policy],
            Self.index([("iam:ListRoles", "*"), ("sns:CreateTopic", nil), ("sts:GetCallerIdentity", "*")]))
        #expect(result.unexplained == ["sns:CreateTopic", "sts:GetCallerIdentity"])
        #expect(result.replay.byOthers == 1 && result.replay.broken.isEmpty)
        #expect(result.policy.plainJSON.contains(#""Action":["iam:ListRoles"]"#))
    }

    // MARK: Any policy, any use

    struct Dice {
        var state: UInt64
        mutating func roll(_ sides: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(sides))
        }
        mutating func pick<T>(_ items: [T]) -> T { items[roll(items.count)] }
    }

    static let actions = [
        "s3:GetObject", "s3:PutObject", "s3:ListBucket", "iam:ListRoles", "iam:PassRole", "iam:CreateUser",
        "ec2:StopInstances", "ec2:DescribeInstances", "lambda:InvokeFunction", "sqs:SendMessage",
        "kms:Decrypt",
        "sts:AssumeRole",
    ]
    static let patterns =
        ["s3:*", "s3:Get*", "iam:*", "ec2:*", "*", "lambda:Invoke*", "sqs:Send*", "sts:*"] + actions
    static let resources = [
        "*", "arn:aws:s3:::data/*", "arn:aws:s3:::data", "arn:aws:iam::111122223333:role/*", "arn:aws:s3:::*",
        "arn:aws:ec2:*:*:instance/*",
    ]
    static let asked: [String?] = [
        nil, "*", "arn:aws:s3:::data/1/x", "arn:aws:s3:::data", "arn:aws:iam::111122223333:role/app",
        "arn:aws:ec2:eu-west-1:111122223333:instance/i-0a1b2c3d4e5f60001",
    ]

    private static func policy(_ dice: inout Dice) -> String {
        let statements = (0...dice.roll(4)).map { number in
            let actions = (0...dice.roll(3)).map { _ in "\"\(dice.pick(Self.patterns))\"" }.joined(
                separator: ",")
            let resources = (0...dice.roll(2)).map { _ in "\"\(dice.pick(Self.resources))\"" }.joined(
                separator: ",")
            let isDenial = dice.roll(5) == 0
            let actionKey = dice.roll(6) == 0 && isDenial ? "NotAction" : "Action"
            let resourceKey = dice.roll(6) == 0 ? "NotResource" : "Resource"
            let condition = dice.pick([
                "", "", "", #","Condition":{"StringEquals":{"aws:RequestedRegion":"eu-west-1"}}"#,
                #","Condition":{"StringLike":{"aws:PrincipalTag/team":"a*"}}"#,
                #","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}"#,
            ])
            return
                #"{"Sid":"S\#(number)","Effect":"\#(isDenial ? "Deny" : "Allow")","\#(actionKey)":[\#(actions)],"#
                + #""\#(resourceKey)":[\#(resources)]\#(condition)}"#
        }
        return #"{"Version":"2012-10-17","Statement":[\#(statements.joined(separator: ","))]}"#
    }

    @Test("Whatever the policy and the use: never wider, and no used request is lost", arguments: 1...40)
    func property(seed: UInt64) throws {
        var dice = Dice(state: seed)
        let policies = (0...dice.roll(2)).map { _ in Self.policy(&dice) }
        let uses = (0..<30).map { _ in (dice.pick(Self.actions), dice.pick(Self.asked)) }
        let index = Self.index(uses)
        let result = try Self.rightsized(policies, index)
        #expect(
            result.comparison.verdict == .equal || result.comparison.verdict == .narrowed,
            "\(policies) -> \(result.policy.plainJSON)")
        #expect(
            result.replay.broken.isEmpty, "\(policies) -> \(result.policy.plainJSON): \(result.replay.broken)"
        )
        // By the documents alone, with what the log tells: what was allowed still is.
        let new = try AccessPolicy(result.policy, for: .identity)
        let old = AccessPolicy(statements: result.sources.flatMap(\.policy.statements))
        for (request, tally) in index.allowed where request.resource != nil {
            let asked = request.policyRequest(at: tally.last)
            if old.decision(asked) == .allow { #expect(new.decision(asked) == .allow, "\(request)") }
        }
    }

    // MARK: Events

    @Test("Irregular events need the permissions that the table says")
    func events() throws {
        let table = try Self.permissions.get()
        func needs(_ source: String, _ event: String) -> [String] {
            table.permissions(
                service: table.service("\(source).amazonaws.com"), event: EventPermissions.unversioned(event))
        }
        #expect(needs("s3", "HeadObject") == ["s3:GetObject"])
        #expect(needs("s3", "ListObjectsV2") == ["s3:ListBucket"])
        #expect(needs("s3", "CopyObject") == ["s3:GetObject", "s3:PutObject"])
        #expect(needs("lambda", "CreateFunction20150331") == ["lambda:CreateFunction"])
        #expect(needs("lambda", "UpdateFunctionCode20150331v2") == ["lambda:UpdateFunctionCode"])
        #expect(needs("monitoring", "PutMetricAlarm") == ["cloudwatch:PutMetricAlarm"])
        #expect(needs("apigateway", "GetRestApis") == ["apigateway:GET"])
        #expect(needs("sts", "GetCallerIdentity") == [] && needs("signin", "ConsoleLogin") == [])
        #expect(needs("ec2", "RunInstances") == ["ec2:RunInstances"])
        #expect(table.observability(of: "s3:GetObjectVersion") == .data)
        #expect(table.observability(of: "ec2messages:GetMessages") == .never)
        #expect(table.observability(of: "iam:CreateUser") == .management)
    }

    @Test("Every permission that the table names is one there is")
    func names() throws {
        let catalogue = try Self.catalogue.get()
        var unknown: [String] = []
        for line in try Self.text("schemas/policy/aws-events.txt").split(separator: "\n") {
            let words = line.split(separator: " ").map { String($0) }
            guard words.first == "event" else { continue }
            unknown += words.dropFirst(2).filter { $0 != "-" && catalogue.action($0) == nil }
        }
        #expect(unknown == [])
    }

    // MARK: Roles

    @Test("The cheapest roles are chosen, and the custom role is just what was used")
    func roles() throws {
        func azure(_ name: String, _ actions: String, _ not: String = "") throws -> RoleCover.Role {
            RoleCover.Role(
                try AzureRole(
                    Self.document(
                        #"{"roleName":"\#(name)","permissions":[{"actions":[\#(actions)],"notActions":[\#(not)]}]}"#
                    )))
        }
        let roles = [
            try azure("Contributor", #""*""#, #""Microsoft.Authorization/*/write""#),
            try azure(
                "Machines",
                #""Microsoft.Compute/virtualMachines/start/action","Microsoft.Compute/virtualMachines/restart/action""#
            ),
            try azure("Reader", #""*/read","Microsoft.Storage/x/write","Microsoft.Storage/y/write""#),
        ]
        let cover = RoleCover(
            [
                "Microsoft.Compute/virtualMachines/start/action", "Microsoft.Compute/virtualMachines/read",
                "other/deed/action",
            ],
            roles: Array(roles.dropFirst()))
        #expect(cover.choices.map(\.name) == ["Machines", "Reader"])
        #expect(cover.uncovered == ["other/deed/action"] && cover.excess == 3)
        #expect(
            cover.azureRole(named: "x", scopes: ["/subscriptions/s"]).plainJSON.contains(
                #""Actions":["Microsoft.Compute/virtualMachines/read","Microsoft.Compute/virtualMachines/start/action","other/deed/action"]"#
            ))
        func google(_ name: String, _ permissions: String) throws -> RoleCover.Role {
            RoleCover.Role(
                try GoogleRole(Self.document(#"{"name":"\#(name)","includedPermissions":[\#(permissions)]}"#))
            )
        }
        let gcp = RoleCover(
            ["storage.objects.get", "storage.objects.list"],
            roles: [
                try google(
                    "roles/owner",
                    (0..<50).map { "\"p.\($0)\"" }.joined(separator: ",")
                        + #","storage.objects.get","storage.objects.list""#),
                try google(
                    "roles/viewer", #""storage.objects.get","storage.objects.list","storage.buckets.get""#),
            ])
        #expect(gcp.choices.map(\.name) == ["roles/viewer"] && gcp.excess == 1 && gcp.uncovered.isEmpty)
    }
}
