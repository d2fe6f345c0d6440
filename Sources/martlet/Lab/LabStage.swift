import Engine
import Pipeline
import Ports
import Simulation
import Synchronization

/// The machine that a pipeline runs on in the lab, and the world around it: disks that outlive a crash, a network for
/// each part, and one process after the other.
final class LabStage: Sendable {
    private static let stateFolder = "/lab/state"
    private static let metadataHost = "metadata.\(LabPipeline.domain)"
    /// Small enough to fill in an hour.
    static let diskBytes: Int64 = 8 << 20

    struct State {
        var disks: [String: SimulatedVolume] = [:]
        var diskFaults = SimulatedVolume.Faults()
        var transports: [SimulatedTransport] = []
        var handlers: [any RequestHandler] = []
        var power = Power()
        /// Happenings that have happened, and troubles that have befallen.
        var happened = 0
        var befallen = 0
        var troubles: [LabTrouble] = []
        /// How far the machine's clock is off.
        var clockError = Duration.zero
        var clockJumps = 0
        var isFaulty = false
    }

    let file: PipelineFile
    let world: Simulation
    let vendors: LabVendors
    let receivers: LabReceivers
    private let content: BuiltContent
    let clock: SettableClock
    /// By the host that a part's connection names.
    let networks: [String: SimulatedNetwork]
    let state = Mutex(State())

    init(
        _ file: PipelineFile, _ content: BuiltContent, in world: Simulation, vendors: LabVendors,
        receivers: LabReceivers
    ) {
        self.file = file
        self.content = content
        self.world = world
        clock = SettableClock(world)
        self.vendors = vendors
        self.receivers = receivers
        var networks: [String: SimulatedNetwork] = [:]
        func connect(_ host: String, _ server: (any SimulatedServer)?, _ token: (@Sendable () -> String)?) {
            let network = SimulatedNetwork(world)
            network.serve("http", LabServer(server: server, token: token ?? { LabVendors.token }))
            networks[host] = network
        }
        for entry in file.config.collectors.entries {
            let host = LabPipeline.host(ofCollector: entry.name)
            connect(host, vendors.servers[host], vendors.tokens[host])
        }
        for entry in file.config.exporters.entries {
            connect(LabPipeline.host(ofExporter: entry.name), receivers.server(entry.name), nil)
        }
        connect("", nil, nil)
        self.networks = networks
    }

    func volume(at folder: String) -> SimulatedVolume {
        state.withLock { state in
            if let known = state.disks[folder] { return known }
            let fresh = SimulatedVolume(world, faults: state.diskFaults)
            state.disks[folder] = fresh
            return fresh
        }
    }

    private func cutPower() {
        state.withLock { state in
            for disk in state.disks.values { disk.stop() }
            for transport in state.transports { transport.stop() }
            state.power.cut()
            state.transports = []
            state.handlers = []
        }
        for broker in vendors.brokers.values { broker.killAll() }
    }

    /// The process is dead, and the disks are as the next one finds them.
    func crash() {
        cutPower()
        let disks = state.withLock { $0.disks }
        var survivors: [String: SimulatedVolume] = [:]
        for (folder, disk) in disks.sorted(by: { $0.key < $1.key }) { survivors[folder] = disk.crash() }
        state.withLock { state in
            state.disks = survivors
            state.power = Power()
        }
    }

    /// The process has ended by itself: nothing that it has written is lost.
    func stop() {
        state.withLock { state in
            state.transports = []
            state.handlers = []
        }
    }

    // MARK: Lives

    /// The pipeline runs as a service would, until the span is over: it is then stopped, or its power is cut.
    func live(for span: Duration, isCut: Bool) throws {
        let end = isCut ? Timestamp.distantFuture : world.now + span
        do {
            try world.run(for: isCut ? span : nil, atEnd: { cutPower() }) { [self] in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { await self.happen() }
                    group.addTask { await self.befall() }
                    for sender in vendors.senders {
                        group.addTask {
                            await sender.run(to: { self.handlers }, in: self.world, losing: self.isFaulty)
                        }
                    }
                    _ = try await run(RunPlan()) { [world] in try? await world.sleep(until: end) }
                    group.cancelAll()
                }
            }
        } catch let fault as Fault where [.transient, .cancelled].contains(fault.kind) && isFaulty {
            // A disk that failed at the start ended the process.
            cutPower()
        }
    }

    /// The pipeline runs until everything is collected and delivered; `nil` where that does not come.
    func drain(within patience: Duration) throws -> RunOutcome? {
        var plan = RunPlan()
        plan.endsWhenDone = true
        plan.patience = .minutes(30)
        return try world.run(for: patience) { [self, plan] in
            try await run(plan) { try? await self.world.sleep(until: .distantFuture) }
        }
    }

    /// Time goes by while no process runs.
    func pass(_ span: Duration) throws {
        try world.run(for: span) { [self] in
            await withTaskGroup { group in
                group.addTask { await self.happen() }
                group.addTask { await self.befall() }
            }
            try await world.sleep(until: .distantFuture)
        }
    }

    /// What is planned happens, at its time.
    private func happen() async {
        while true {
            let next = state.withLock { $0.happened }
            guard next < vendors.happenings.count else { return }
            let happening = vendors.happenings[next]
            do throws(CancellationError) { try await world.sleep(until: happening.at) } catch { return }
            state.withLock { $0.happened = next + 1 }
            happening.happen(world.now)
        }
    }

    private func run(_ plan: RunPlan, until stop: @escaping @Sendable () async -> Void) async throws
        -> RunOutcome
    {
        var plan = plan
        plan.observeEvery = .minutes(1)
        let runner = PipelineRunner(file, content: content, surroundings: surroundings(), plan: plan)
        return try await runner.run(state: Self.stateFolder, until: stop, observe: { _ in })
    }

    private var handlers: [any RequestHandler] { state.withLock { $0.handlers } }
    private var isFaulty: Bool { state.withLock { $0.isFaulty } }

    // MARK: The doors

    private func surroundings() -> RunSurroundings {
        let power = state.withLock { $0.power }
        return RunSurroundings(
            time: clock, entropy: world, files: vendors.files, processes: ScriptedProcesses(),
            environment: [
                "AWS_ACCESS_KEY_ID": "AKIAEXAMPLE", "AWS_SECRET_ACCESS_KEY": "s",
                "GCE_METADATA_HOST": Self.metadataHost,
            ],
            transport: { self.transport(to: $0.proxy?.host ?? "") },
            volume: { self.volume(at: $0) }, sharedVolume: { self.volume(at: $0) },
            listen: { _, handler in self.listen(handler) },
            kafka: { options throws(Fault) in
                guard let broker = self.vendors.brokers[options.brokers.first ?? ""] else {
                    throw Fault(.denied, "the lab has no broker \(options.brokers)")
                }
                return broker.join()
            },
            kafkaSink: { options throws(Fault) in
                try self.taker(at: options.brokers.first ?? "").sink(under: power)
            },
            byteStream: { options throws(Fault) in try self.taker(at: options.host).syslog(under: power) },
            mailer: { options throws(Fault) in try self.taker(at: options.host).mailServer(under: power) },
            log: .silent)
    }

    private func transport(to host: String) -> any Transport {
        guard let network = networks[host] ?? networks[""] else { preconditionFailure("there is a network") }
        let transport = network.transport()
        state.withLock { $0.transports.append(transport) }
        return transport
    }

    private func taker(at host: String) throws(Fault) -> EventTaker {
        let exporter = file.config.exporters.entries.first {
            host.hasPrefix(LabPipeline.host(ofExporter: $0.name))
        }
        guard let taker = exporter.flatMap({ receivers.taker($0.name) }) else {
            throw Fault(.denied, "the lab has no receiver \(host)")
        }
        return taker
    }

    private func listen(_ handler: any RequestHandler) -> Listening {
        state.withLock { $0.handlers.append(handler) }
        return Listening(url: "http://listener.\(LabPipeline.domain)") {}
    }

    // MARK: What came of it

    /// How often an exporter's receiver has each event.
    func taken(by name: String) throws -> (uids: [String: Int], breaches: [String]) {
        try world.run { try await self.receivers.taken(by: name) { self.volume(at: $0) } } ?? ([:], [])
    }

    /// How often the event store has each event, and what became of its findings.
    func stored() throws -> (uids: [String: Int], breaches: [String], findings: [String: LabFinding]) {
        let folder =
            file.config.store.path.map { file.absolute($0) }
            ?? "\(Self.stateFolder)/\(StoreConfig.exporterName)"
        let volume = volume(at: folder)
        let (uids, breaches) = try world.run { try await LabLake.events(ofStore: volume) } ?? ([:], [])
        let findings = try world.run { try await LabLake.findings(ofStore: volume) } ?? [:]
        return (uids, breaches, findings)
    }

    // MARK: The books

    func books() throws -> (JournalState, [DeadLetterEntry]) {
        let volume = volume(at: Self.stateFolder)
        let read = try world.run {
            guard let state = try await PipelineState.read(volume) else {
                return (JournalState(secret: []), [DeadLetterEntry]())
            }
            var entries: [DeadLetterEntry] = []
            try await DeadLetter.read(volume, state) { _, entry in entries.append(entry) }
            return (state, entries)
        }
        return read ?? (JournalState(secret: []), [])
    }
}

/// Whoever answers at the other end of one part's connection: the vendor or receiver itself, and for credentials a
/// metadata server and AWS's token service.
private struct LabServer: SimulatedServer {
    /// Short enough to end in every run.
    private static let tokenSeconds = 600

    let server: (any SimulatedServer)?
    let token: @Sendable () -> String
    private let accounts = AWSInventoryAPI(AWSInventory())

    init(server: (any SimulatedServer)?, token: @escaping @Sendable () -> String) {
        self.server = server
        self.token = token
    }

    func answer(_ request: HTTPRequest, at now: Timestamp) -> HTTPResponse {
        if request.url.hasPrefix("http://metadata.\(LabPipeline.domain)/") {
            let text =
                "{\"access_token\":\"\(token())\",\"token_type\":\"Bearer\",\"expires_in\":\(Self.tokenSeconds)}"
            return HTTPResponse(
                status: 200, headers: ["Content-Type": "application/json", "Metadata-Flavor": "Google"],
                body: Array(text.utf8))
        }
        if request.body.starts(with: Array("Action=AssumeRole".utf8)) {
            return accounts.answer(request, at: now)
        }
        return server?.answer(request, at: now) ?? HTTPResponse(status: 404)
    }
}
