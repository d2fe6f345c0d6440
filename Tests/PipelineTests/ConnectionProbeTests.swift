import Engine
import Ports
import Simulation
import Testing

@testable import Pipeline

@Suite struct ConnectionProbeTests {
    /// Answers everything in one way.
    private struct Fixed: SimulatedServer {
        let status: Int
        let body: String
        func answer(_ request: HTTPRequest, at now: Timestamp) -> HTTPResponse {
            HTTPResponse(status: status, body: Array(body.utf8))
        }
    }

    private static let pipeline = """
        name: p
        collectors:
          api: {from: lookup_events, region: eu-central-1}
          folder: {from: files, paths: [/nowhere]}
        exporters:
          hook: {to: http, url: "https://hooks.example.com/in"}
        """

    private func failures(
        _ trail: Fixed, hook: Fixed = Fixed(status: 200, body: "")
    ) throws -> [String: String] {
        let world = Simulation(seed: 1)
        let network = SimulatedNetwork(world)
        network.serve("https://sts.eu-central-1.amazonaws.com", Fixed(status: 200, body: "<x/>"))
        network.serve("https://cloudtrail.eu-central-1.amazonaws.com", trail)
        network.serve("https://hooks.example.com", hook)
        let files = SimulatedFiles(["/p.yaml": Self.pipeline])
        let environment = ["AWS_ACCESS_KEY_ID": "AKIAEXAMPLE", "AWS_SECRET_ACCESS_KEY": "s"]
        let surroundings = RunSurroundings(
            time: world, entropy: world, files: files, processes: ScriptedProcesses(),
            environment: environment, transport: { _ in network.transport() },
            volume: { _ in SimulatedVolume(world) }, log: .silent)
        let results = try world.run {
            let file = try await PipelineFile.read(["/p.yaml"], environment: environment, files)[0]
            return await ConnectionProbe(file, .none, surroundings).results()
        }
        return (results ?? []).reduce(into: [:]) { $0[$1.part] = $1.failure }
    }

    @Test("A collector whose first request is refused is told which permission it lacks")
    func permission() throws {
        let denied = Fixed(
            status: 400,
            body:
                #"{"__type":"AccessDeniedException","Message":"User: arn:aws:iam::111122223333:user/ada is not authorized to perform: cloudtrail:LookupEvents because no identity-based policy allows it"}"#
        )
        #expect(try failures(denied)["collector api"] == "needs cloudtrail:LookupEvents")
        let well = try failures(Fixed(status: 200, body: #"{"Events":[]}"#))
        #expect(well["collector api"] == nil)
        #expect(well["collector folder"]?.contains("/nowhere") == true)
    }

    @Test("A webhook that knows POST alone is well; one that fails is not")
    func webhook() throws {
        let well = Fixed(status: 200, body: #"{"Events":[]}"#)
        for status in [200, 404, 405, 501] {
            #expect(try failures(well, hook: Fixed(status: status, body: ""))["exporter hook"] == nil)
        }
        let failing = try failures(well, hook: Fixed(status: 503, body: ""))["exporter hook"]
        #expect(failing == "is not well (HTTP status 503)")
        let refused = try failures(well, hook: Fixed(status: 401, body: ""))["exporter hook"]
        #expect(refused == "refused the credentials (HTTP status 401)")
    }

    @Test("A refusal that names no permission is told in the collector's own words")
    func otherwise() throws {
        let failure = try failures(
            Fixed(status: 400, body: #"{"__type":"AccessDeniedException","Message":"no"}"#))["collector api"]
        #expect(failure?.contains("cloudtrail:LookupEvents") == true, "\(failure ?? "")")
    }
}
