import Engine
import Ports
import Simulation

@testable import Pipeline

/// A pipeline that is run again and again over one state folder, its machine stopping in between: files in `/logs`
/// come in, and what goes out stands in `/out`.
struct RestartedPipeline {
    let world: Simulation
    let files: SimulatedFiles
    private let document: String
    private let output: SimulatedVolume
    private var state: SimulatedVolume

    init(_ document: String, _ files: [String: String] = [:], in world: Simulation) {
        self.world = world
        self.document = document
        self.files = SimulatedFiles(files)
        output = SimulatedVolume(world)
        state = SimulatedVolume(world)
    }

    private struct NoPrograms: ChildProcess {
        func run(_ command: ChildCommand) async throws(Fault) -> ChildResult {
            throw Fault(.denied, "no programs here")
        }
    }

    func write(_ text: String, to path: String) {
        files.write(Array(text.utf8), to: path, at: world.now)
    }

    /// The machine stops, and starts again; before its n-th change from now on it stops once more.
    mutating func restart(stoppingBefore change: Int? = nil) {
        state = state.crash(crashPoint: change.map { .beforeChange($0) })
    }

    /// Until everything is read and delivered, or the machine stops.
    func run() throws {
        let surroundings = RunSurroundings(
            time: world, entropy: world, files: files, processes: NoPrograms(), environment: [:],
            transport: { [world] _ in SimulatedNetwork(world).transport() },
            volume: { [output, state] folder in folder == "/out" ? output : state }, log: .silent)
        var plan = RunPlan()
        plan.endsWhenDone = true
        plan.patience = .seconds(20)
        try world.run(for: .hours(2)) { [world, files, document, plan] in
            let file = try await PipelineFile.read(
                ["/p.yaml"], environment: [:], SimulatedFiles(["/p.yaml": document]))[0]
            let content = try await BuiltContent.load(for: file, from: .builtIn(), files)
            let runner = PipelineRunner(file, content: content, surroundings: surroundings, plan: plan)
            _ = try await runner.run(
                state: "/state/p", until: { try? await world.sleep(until: .distantFuture) }, observe: { _ in }
            )
        }
    }

    /// What the files exporter has written, in the order in which it wrote it.
    var delivered: [String] {
        output.deliveredPaths.flatMap { path in
            String(decoding: output[path] ?? [], as: UTF8.self).split(separator: "\n").map(String.init)
        }
    }

    func ledger() throws -> Ledger? {
        try world.run { [state] in try await PipelineState.read(state)?.ledger } ?? nil
    }
}
