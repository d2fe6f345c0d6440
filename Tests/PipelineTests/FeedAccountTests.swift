import Engine
import Exporters
import Ports
import Simulation
import Testing

@testable import Pipeline

@Suite struct FeedAccountTests {
    @Test("With auto the ledger has a line for each feed that was told, and one for what none was told of")
    func auto() throws {
        let trail = """
            {"eventVersion":"1.11","userIdentity":{"type":"Root"},"eventTime":"2023-11-20T07:01:00Z",\
            "eventSource":"ec2.amazonaws.com","eventName":"DescribeInstances","awsRegion":"eu-central-1",\
            "eventID":"00000000-0000-4000-8000-000000000001","eventType":"AwsApiCall"}
            """
        let world = Simulation(seed: 1)
        let files = SimulatedFiles([
            "/logs/a.json": "\(trail)\n{\"some\":\"thing\"}\n{\"broken\":tru}\n\(trail)\n",
            "/p.yaml": """
            name: p
            collectors: {in: {from: files, feed: auto, paths: /logs}}
            rules: []
            exporters: {out: {to: file, path: /out}}
            """,
        ])
        let (state, output) = (SimulatedVolume(world), SimulatedVolume(world))
        let surroundings = RunSurroundings(
            time: world, entropy: world, files: files, processes: ScriptedProcesses(), environment: [:],
            transport: { _ in SimulatedNetwork(world).transport() },
            volume: { $0 == "/out" ? output : state }, log: .silent)
        var plan = RunPlan()
        plan.endsWhenDone = true
        let read = try world.run { [plan] in
            let file = try await PipelineFile.read(["/p.yaml"], environment: [:], files)
            let (content, _) = await ContentCheck(surroundings).load(file)
            let runner = PipelineRunner(file[0], content: content[0], surroundings: surroundings, plan: plan)
            _ = try await runner.run(
                state: "/state", until: { try? await world.sleep(until: .distantFuture) }, observe: { _ in })
            return try await PipelineState.read(state)
        }
        let ledger = try #require((read ?? nil)?.ledger)
        var rows: [String: Ledger.Row] = [:]
        for (key, row) in ledger.sorted { rows[key.feed] = row }
        #expect(rows["auto"]?.malformed == 1 && rows["auto"]?.records == 1 && rows["auto"]?.listed == 1)
        #expect(rows["aws.cloudtrail"]?.records == 2 && rows["aws.cloudtrail"]?.duplicate == 1)
        #expect(rows["aws.cloudtrail"]?.exporters["out"]?.accepted == 1)
        #expect(rows["generic.json"]?.events == 1 && rows["generic.json"]?.exporters["out"]?.accepted == 1)
        #expect(rows.values.allSatisfy { $0.isBalanced })
        #expect(ledger.total.records == 4)
    }
}
