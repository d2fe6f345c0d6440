import Codecs
import Ports
import Simulation
import Testing

@testable import Engine
@testable import Pipeline

/// Snapshots of IAM that come item by item, held against what the changes told.
@Suite struct SnapshotStreamTests {
    private static let account = "111122223333"

    private static func item(_ id: String, _ user: String, policies: [String] = []) -> String {
        let attached = policies.map { "{\"PolicyName\":\"p\",\"PolicyArn\":\"\($0)\"}" }.joined(
            separator: ",")
        let arn = "arn:aws:iam::\(account):user/\(user)"
        return """
            {"UserName":"\(user)","Arn":"\(arn)","UserId":"AIDAEXAMPLE\(user.uppercased())","Path":"/",\
            "CreateDate":"2026-01-05T10:00:00Z","AttachedManagedPolicies":[\(attached)],"GroupList":[],\
            "UserPolicyList":[],"snapshot":{"id":"\(id)","item":"\(arn)","kind":"user","service":"iam",\
            "account":"\(account)","taken_at":"\(time(id))"}}
            """
    }

    private static func end(
        _ id: String, items: Int, status: String = "complete", coverage: String = ""
    ) -> String {
        """
        {"begun_at":"\(time(id))","coverage":[\(coverage)],"items":\(items),"snapshot":{"account":"\(account)","id":"\(id)",\
        "mark":"end","of":"iam","taken_at":"\(time(id))"},"status":"\(status)"}
        """
    }

    /// A snapshot's id ends with when it began.
    private static func time(_ id: String) -> String { String(id.split(separator: "/").last ?? "") }
    private static func id(_ day: Int) -> String { "\(account)/iam/2026-05-0\(day)T06:00:00.000Z" }

    private static let admin = "arn:aws:iam::aws:policy/AdministratorAccess"
    private static let attached = DriftMaterial.call(
        60, "iam", "AttachUserPolicy", "{\"userName\":\"bo\",\"policyArn\":\"\(admin)\"}")

    private static let pipeline = DriftMaterial.pipeline(
        [("items", "aws.iam"), ("marks", "aws.snapshot"), ("changes", "aws.cloudtrail")])

    private static func gaps(_ lines: [String]) throws -> [String] {
        try DriftMaterial.gaps(lines).map(\.since)
    }

    private static func world(at time: String) -> Simulation {
        Simulation(seed: 7, start: Timestamp(iso8601: time) ?? .epoch)
    }

    @Test(
        "A change between two snapshots that no event told is a gap since the first; a late event takes it back"
    )
    func gap() throws {
        let (first, second) = (Self.id(3), Self.id(5))
        var pipeline = RestartedPipeline(
            Self.pipeline,
            [
                "/items/1.json": Self.item(first, "bo") + "\n",
                "/marks/1.json": Self.end(first, items: 1) + "\n", "/changes/0.json": "",
            ], in: Self.world(at: "2026-05-05T06:10:00Z"))
        try pipeline.run()
        #expect(try Self.gaps(pipeline.delivered).isEmpty)
        pipeline.write(Self.item(second, "bo", policies: [Self.admin]) + "\n", to: "/items/2.json")
        pipeline.write(Self.end(second, items: 1) + "\n", to: "/marks/2.json")
        pipeline.restart()
        try pipeline.run()
        // Events of what it shows may be on their way.
        #expect(try Self.gaps(pipeline.delivered).isEmpty)
        try pipeline.world.run(for: .hours(2)) { [world = pipeline.world] in
            try await world.sleep(until: world.now + .hours(1))
        }
        pipeline.restart()
        try pipeline.run()
        #expect(try Self.gaps(pipeline.delivered) == ["2026-05-03T06:00:00Z"])
        pipeline.write(Self.attached + "\n", to: "/changes/1.json")
        pipeline.restart()
        try pipeline.run()
        #expect(try Self.gaps(pipeline.delivered).isEmpty)
    }

    @Test("A mark that comes before its items is held until they have come")
    func early() throws {
        let (first, second) = (Self.id(3), Self.id(5))
        var pipeline = RestartedPipeline(
            Self.pipeline,
            [
                "/items/1.json": [Self.item(first, "bo"), Self.item(first, "cy")].joined(separator: "\n")
                    + "\n",
                "/marks/1.json": Self.end(first, items: 2) + "\n", "/changes/0.json": "",
            ], in: Self.world(at: "2026-05-06T06:00:00Z"))
        try pipeline.run()
        pipeline.write(Self.end(second, items: 1) + "\n", to: "/marks/2.json")
        pipeline.restart()
        try pipeline.run()
        #expect(try Self.gaps(pipeline.delivered).isEmpty)
        pipeline.write(Self.item(second, "bo") + "\n", to: "/items/2.json")
        pipeline.restart()
        try pipeline.run()
        #expect(try Self.gaps(pipeline.delivered) == ["2026-05-03T06:00:00Z"])
    }

    @Test(
        "Only a snapshot whose calls came whole shows what is gone",
        arguments: [
            "complete", "partial", "lost", "cut", "iam:GetCredentialReport",
            "iam:GetAccountAuthorizationDetails",
        ])
    func absence(status: String) throws {
        let (first, second) = (Self.id(3), Self.id(5))
        let denied = status.hasPrefix("iam:") || status == "cut"
        let call =
            "{\"operation\":\"\(status == "cut" ? "iam:GetCredentialReport" : status)\",\"calls\":0,\"denied\":1}"
        let end = Self.end(
            second, items: status == "lost" ? 2 : 1,
            status: status == "lost" ? "complete" : status.hasPrefix("iam:") ? "partial" : status,
            coverage: denied ? call : "")
        var pipeline = RestartedPipeline(
            Self.pipeline,
            [
                "/items/1.json": [Self.item(first, "bo"), Self.item(first, "cy")].joined(separator: "\n")
                    + "\n",
                "/marks/1.json": Self.end(first, items: 2) + "\n", "/changes/0.json": "",
            ], in: Self.world(at: "2026-05-04T06:00:00Z"))
        try pipeline.run()
        pipeline.write(Self.item(second, "bo") + "\n", to: "/items/2.json")
        pipeline.write(end + "\n", to: "/marks/2.json")
        try pipeline.world.run(for: .hours(60)) { [world = pipeline.world] in
            try await world.sleep(until: world.now + .hours(48))
        }
        pipeline.restart()
        try pipeline.run()
        let isProved = status == "complete" || status == "iam:GetCredentialReport"
        #expect(try Self.gaps(pipeline.delivered).isEmpty == !isProved)
    }

    /// Events as a store has them, of records of one feed.
    private static func events(_ feed: String, _ records: [String]) throws -> [(
        text: [UInt8], time: Timestamp
    )] {
        let normalizer = try MappingCatalog.builtIn().normalizer(for: feed)
        let reader = RecordReader()
        var batch = EventBatch()
        var refusals: [Refusal] = []
        reader.begin()
        normalizer.begin()
        let text = Array((records.joined(separator: "\n") + "\n").utf8)
        reader.feed(text.span)
        while reader.advance() { normalizer.normalize(reader, into: &batch, refusals: &refusals) }
        reader.finish()
        while reader.advance() { normalizer.normalize(reader, into: &batch, refusals: &refusals) }
        #expect(refusals.isEmpty && batch.count == records.count)
        return batch.events.map { (Array(batch.bytes[$0.json.range]), $0.time) }
    }

    @Test("Stored events of two snapshots show what no stored change told")
    func stored() async throws {
        let (first, second) = (Self.id(3), Self.id(5))
        var events = try Self.events(
            "aws.iam", [Self.item(first, "bo"), Self.item(second, "bo", policies: [Self.admin])])
        events += try Self.events("aws.snapshot", [Self.end(first, items: 1), Self.end(second, items: 1)])
        for isTold in [false, true] {
            let refused = try await InputRefusals(feed: "auto", keptIn: nil)
            let run = try DriftRun(
                feed: "auto", try MappingCatalog.builtIn(), DriftSettings(), .builtIn(), attributor: nil,
                refused: refused)
            let told = isTold ? try Self.events("aws.cloudtrail", [Self.attached]) : []
            for event in told + events { run.take(event: event.text, at: event.time) }
            run.close()
            let gaps = run.report().findings.filter { $0.code == .telemetryGap }
            #expect(gaps.count == (isTold ? 0 : 1) && run.snapshots == 2)
        }
    }

    // MARK: Organizations

    /// What AWS Organizations lists, as the collector hands it over.
    private static func listed(_ id: String, _ kind: String, _ fields: String, _ name: String) -> String {
        """
        {"Arn":"arn:aws:organizations::\(account):\(kind)/o-exampleorg/\(name)",\(fields),"snapshot":{"account":"\(account)",\
        "id":"\(id)","item":"\(kind) \(name)","kind":"\(kind)","service":"organizations","taken_at":"\(time(id))"}}
        """
    }

    private static func organization(
        _ day: Int, without: Set<String> = [], with more: [String] = [], denied: String = "iam:*"
    ) -> [String] {
        let id = organizationID(day)
        let content = "{\"Statement\":[{\"Effect\":\"Deny\",\"Action\":\"\(denied)\",\"Resource\":\"*\"}]}"
        let items = [
            (
                "unit",
                listed(
                    id, "organizational_unit", "\"Id\":\"ou-ab12-prod\",\"ParentId\":\"r-ab12\"",
                    "ou-ab12-prod")
            ),
            (
                "account",
                listed(id, "account", "\"Id\":\"444455556666\",\"ParentId\":\"ou-ab12-prod\"", "444455556666")
            ),
            (
                "policy",
                listed(
                    id, "policy",
                    "\"Id\":\"p-deny1\",\"Type\":\"SERVICE_CONTROL_POLICY\",\"Content\":\(content)", "p-deny1"
                )
            ),
            (
                "attachment",
                listed(
                    id, "policy_target", "\"TargetId\":\"ou-ab12-prod\",\"PolicyId\":\"p-deny1\"",
                    "ou-ab12-prod/p-deny1")
            ),
        ].filter { !without.contains($0.0) }.map(\.1)
        let all = items + more.map { $0.replacing("SNAPSHOT", with: id) }
        let end = Self.end(id, items: all.count).replacing("\"of\":\"iam\"", with: "\"of\":\"organizations\"")
        return all + [end]
    }

    private static func organizationID(_ day: Int) -> String {
        "\(account)/organizations/2026-05-0\(day)T06:00:00.000Z"
    }

    private static let detached = DriftMaterial.call(
        60, "organizations", "DetachPolicy", "{\"policyId\":\"p-deny1\",\"targetId\":\"ou-ab12-prod\"}")

    @Test("What changed in an organization and no event told is a gap; what comes with a new account is none")
    func organizations() async throws {
        func gaps(_ records: [String]) async throws -> [String] {
            let run = try await DriftMaterial.run(records)
            #expect(run.snapshots == 2)
            return run.report().findings.filter { $0.code == .telemetryGap }.map(\.subject).sorted()
        }
        let first = Self.organization(3)
        #expect(try await gaps(first + Self.organization(5)).isEmpty)
        #expect(
            try await gaps(first + Self.organization(5, without: ["attachment"])) == ["target/ou-ab12-prod"])
        #expect(
            try await gaps(first + [Self.detached] + Self.organization(5, without: ["attachment"])).isEmpty)
        #expect(try await gaps(first + Self.organization(5, denied: "s3:*")) == ["policy/p-deny1"])
        let new = [
            Self.listed(
                "SNAPSHOT", "account", "\"Id\":\"777788889999\",\"ParentId\":\"r-ab12\"", "777788889999"),
            Self.listed(
                "SNAPSHOT", "policy_target", "\"TargetId\":\"777788889999\",\"PolicyId\":\"p-FullAWSAccess\"",
                "777788889999/p-FullAWSAccess"),
        ].map { $0.replacing("\"taken_at\":\"SNAPSHOT\"", with: "\"taken_at\":\"2026-05-05T06:00:00.000Z\"") }
        #expect(try await gaps(first + Self.organization(5, with: new)).isEmpty)
        let moved = Self.organization(5).map {
            $0.replacing("\"ParentId\":\"ou-ab12-prod\"", with: "\"ParentId\":\"r-ab12\"")
        }
        #expect(try await gaps(first + moved) == ["target/444455556666"])
    }

    @Test("A guardrail that only a snapshot showed limits what an account may do")
    func guardrails() async throws {
        let run = try await DriftMaterial.run(Self.organization(3))
        let levels = run.drift.state.guardrails(
            over: "444455556666", at: Timestamp(iso8601: "2026-05-04T00:00:00Z") ?? .epoch)
        #expect(levels.levels.contains { $0.documents.contains { $0.text.contains("iam:*") } })
    }

    @Test(
        "What is remembered of snapshots is read back, and as the first version wrote it, which knew IAM alone"
    )
    func bytes() throws {
        let moment = Timestamp(seconds: 1_777_777_777)
        let ends = AccessSnapshot.Service.allCases.map {
            SnapshotEnd(
                snapshot: "s", service: $0, account: Self.account, begun: moment, taken: moment + .seconds(4),
                items: 3, isComplete: $0 == .iam,
                lacking: $0 == .iam
                    ? []
                    : [
                        SnapshotLack(operation: "kms:ListGrants", subjects: ["a", "b"]),
                        SnapshotLack(operation: "kms:ListKeys", isDenied: false),
                    ], scope: $0 == .iam ? "" : "subscriptions/s")
        }
        for fact in ends.map({ SnapshotFact.judged($0) }) + ends.map({ .end($0) }) {
            var writer = BinaryWriter()
            fact.put(into: &writer)
            var reader = BinaryReader(writer.bytes)
            #expect(try SnapshotFact(&reader) == fact)
        }
        for (kind, fact) in [(UInt8(2), SnapshotFact.end(ends[0])), (3, .judged(ends[0]))] {
            var writer = BinaryWriter()
            writer.put(kind)
            writer.put("s")
            writer.put(Self.account)
            writer.put(moment.nanoseconds)
            writer.put((moment + .seconds(4)).nanoseconds)
            writer.put(count: 3)
            writer.put(UInt8(1))
            var reader = BinaryReader(writer.bytes)
            #expect(try SnapshotFact(&reader) == fact)
        }
    }
}
