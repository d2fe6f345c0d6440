import Codecs
import Engine
import Ports
import Simulation
import Testing

@testable import Pipeline

/// Grants in a stream: what is said of them while events come in is in the end what is said of all at once.
@Suite struct GrantStreamTests {
    private typealias Bench = GrantBench

    private static let records = [
        Bench.phase("g1", "approved", at: 950, from: 1000, to: 1100),
        Bench.phase("g1", "activated", at: 1000, from: 1000, to: 1100),
        Bench.phase("g2", "approved", at: 1150, from: 1200, to: 1300, by: "ana@example.com"),
        Bench.phase("g2", "activated", at: 1200, from: 1200, to: 1300),
        Bench.phase("g3", "approved", at: 1150, from: 1200, to: 1230, who: "cy@example.com", role: "Auditor"),
        Bench.phase(
            "g3", "activated", at: 1200, from: 1200, to: 1230, who: "cy@example.com", role: "Auditor"),
        Bench.act("in", at: 1030), Bench.act("late", at: 1130), Bench.act("later", at: 1140),
        Bench.act("again", at: 1210), Bench.act("other", at: 1500, who: "dee@example.com"),
    ]

    private static let pipeline = """
        name: p
        collectors: {in: {feed: auto, from: files, paths: /logs}}
        rules: []
        behaviour: {enabled: false}
        drift: {enabled: true, grant_policy: /grants.yaml}
        store: {enabled: false}
        exporters:
          out: {to: file, path: /out, compression: none}
        """

    private static let policy = "brokered: [{system: aws, roles: [\"*Admin*\"]}]\n"

    private static func expected() async throws -> [String: String] {
        let refused = try await InputRefusals(feed: MappingCatalog.auto, keptIn: nil)
        let run = try DriftRun(
            feed: MappingCatalog.auto, try MappingCatalog.builtIn(), DriftSettings(), .builtIn(),
            attributor: Attributor(), refused: refused)
        run.grantPolicy = try GrantPolicyFile.policy(Array(policy.utf8), named: "grants.yaml")
        run.begin("records")
        run.feed(Array((records.joined(separator: "\n") + "\n").utf8).span)
        run.finish(fault: nil)
        run.close()
        return Dictionary(
            uniqueKeysWithValues: run.report().findings.filter(\.code.isOfGrants).map {
                ($0.uid, $0.code.name)
            })
    }

    /// What findings of D4 to D7 say last: uid to code, those taken back left out.
    private static func standing(_ lines: [String]) throws -> [String: String] {
        var standing: [String: String] = [:]
        for line in lines where line.contains("\"martlet.drift.") {
            let finding = try JSONReader.document(in: Array(line.utf8), file: "out")
            guard let analytic = finding["finding_info"]?["analytic"]?["uid"]?.string,
                let code = DriftCode.allCases.first(where: { "martlet.drift.\($0.word)" == analytic }),
                code.isOfGrants, let uid = finding["metadata"]?["uid"]?.string
            else { continue }
            standing[uid] = finding["status_id"]?.integer == 6 ? nil : code.name
        }
        return standing
    }

    @Test("A pipeline delivers what the report says, whatever the order and the crashes", arguments: 1...6)
    func run(seed: UInt64) async throws {
        let expected = try await Self.expected()
        #expect(Set(expected.values) == ["D4", "D5", "D6", "D7"])
        // Brokers' and clouds' records are of that day; the pipeline runs later.
        let world = Simulation(seed: seed, start: Timestamp(iso8601: "2026-11-04T00:00:00Z") ?? .epoch)
        var shuffled = Self.records
        for index in shuffled.indices { shuffled.swapAt(index, Int(world.next() % UInt64(shuffled.count))) }
        let half = shuffled.count / 2
        var pipeline = RestartedPipeline(
            Self.pipeline,
            [
                "/grants.yaml": Self.policy,
                "/logs/1.json": shuffled[..<half].joined(separator: "\n") + "\n",
            ], in: world)
        pipeline.restart(stoppingBefore: Int(world.next() % 60))
        try? pipeline.run()
        pipeline.restart()
        try pipeline.run()
        pipeline.write(shuffled[half...].joined(separator: "\n") + "\n", to: "/logs/2.json")
        pipeline.restart(stoppingBefore: Int(world.next() % 60))
        try? pipeline.run()
        pipeline.restart()
        try pipeline.run()
        #expect(try Self.standing(pipeline.delivered) == expected)
    }

    private static func fact(_ id: String, at clock: Int, days: Int = 0) -> GrantFact {
        let time = (Timestamp(iso8601: Bench.time(clock)) ?? .epoch) + .days(days)
        var act = GrantAct(time: time, privilege: .permissions)
        act.uid = id
        act.operation = "AttachRolePolicy"
        act.system = "aws"
        act.account = "111122223333"
        act.role = "PlatformAdmin"
        act.userUID = "arn:aws:sts::111122223333:assumed-role/PlatformAdmin/ana@example.com"
        act.human = "ana@example.com"
        act.nature = .human
        return .act(act)
    }

    private static func phase(_ phase: Grant.Phase, at clock: Int) -> GrantFact {
        let time = Timestamp(iso8601: Bench.time(clock)) ?? .epoch
        var grant = Grant(phase: phase)
        grant.uid = "g1"
        grant.provider = "AWS TEAM"
        grant.requester = .init()
        grant.requester?.email = "ana@example.com"
        grant.target = grant.requester
        grant.roles = [.init()]
        grant.roles[0].name = "PlatformAdmin"
        grant.account = .init()
        grant.account?.uid = "111122223333"
        (grant.start, grant.end) = (time, time + .hours(1))
        return .phase(
            GrantPhase(
                time: time, uid: "\(phase)", system: "aws", grant: grant, actor: "", session: "", address: "")
        )
    }

    private static func stream() throws -> GrantStream {
        GrantStream(try GrantPolicyFile.policy(Array(policy.utf8), named: "grants.yaml"))
    }

    @Test("An act waits for its grant, is told without one, and taken back when one comes late")
    func late() throws {
        var stream = try Self.stream()
        let act = Self.fact("act", at: 1030)
        stream.take(act)
        var out = EventBatch()
        #expect(stream.evaluate(asOf: act.time + .minutes(5), into: &out).isEmpty)
        #expect(stream.nextLook == act.time + .minutes(15))
        let told = stream.evaluate(asOf: act.time + .minutes(15), into: &out)
        #expect(told.map(\.state) == [.open] && told.map(\.code) == [.outsideWindow])
        stream.take(Self.phase(.activated, at: 1000))
        let after = stream.evaluate(asOf: act.time + .minutes(20), into: &out)
        #expect(after.map(\.state) == [.retracted] && after.map(\.uid) == told.map(\.uid))
        #expect(after.map(\.version) == [2])
        #expect(stream.evaluate(asOf: act.time + .minutes(30), into: &out).isEmpty)
    }

    @Test("What is forgotten with its day is neither said again nor taken back")
    func forgotten() throws {
        var stream = try Self.stream()
        var out = EventBatch()
        var told: [DriftTold] = []
        for day in 0..<60 {
            for clock in [900, 1030] { stream.take(Self.fact("act-\(day)-\(clock)", at: clock, days: day)) }
            told += stream.evaluate(asOf: .distantFuture, into: &out)
        }
        #expect(told.count == 60 && told.allSatisfy { $0.state == .open })
        #expect(stream.facts().count < 70)
    }

    @Test("A fact is read back from its bytes as it was")
    func bytes() async throws {
        let world = Simulation(seed: 1)
        var facts = [Self.fact("act", at: 1030), Self.phase(.extended, at: 1100)]
        if case .phase(var phase) = facts[1] {
            phase.grant.isEmergency = true
            phase.grant.duration = .hours(3)
            phase.grant.justification = "on call"
            phase.grant.approvers = phase.grant.roles
            facts.append(.phase(phase))
        }
        let read = try world.run { [world, facts] in
            let volume = SimulatedVolume(world)
            let log = DriftLog(volume: volume)
            _ = try await log.open()
            try await log.append(.init(grants: facts))
            return try await DriftLog(volume: volume).open().grants
        }
        #expect(read == facts)
    }
}
