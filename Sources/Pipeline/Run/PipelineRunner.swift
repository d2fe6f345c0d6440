import Collectors
package import Engine
import Exporters
import Ports

/// One pipeline from its file to its end: state, exporters, lane and collectors, wired and run.
package struct PipelineRunner: Sendable {
    private let file: PipelineFile
    private let content: any PipelineContent
    private let surroundings: RunSurroundings
    private let plan: RunPlan

    package init(
        _ file: PipelineFile, content: any PipelineContent, surroundings: RunSurroundings,
        plan: RunPlan = RunPlan()
    ) {
        self.file = file
        self.content = content
        self.surroundings = surroundings
        self.plan = plan
    }

    /// Runs until done or until `stop` returns; `observe` is told how things stand, often enough for a progress line.
    ///
    /// - Parameter state: the folder for this pipeline alone; another process that has it is a fault.
    package func run(
        state folder: String, until stop: @escaping @Sendable () async -> Void,
        observe: @escaping @Sendable (RunSnapshot) -> Void
    ) async throws -> RunOutcome {
        let state = try await open(folder)
        let board = RunBoard(pipeline: file.config.name.value, log: surroundings.log, time: surroundings.time)
        let receivers = try receivers(board, folder)
        let shippers = receivers.compactMap { name, receiver, limits in
            state.shipper(name, to: receiver, limits: limits)
        }
        let collectors = try collectors(board)
        let attribution = try await attribution(of: state)
        let content = content.heeding(try await Judgements.read(state.doors.volume))
        let correlation = try await correlation(of: state, content, attribution)
        let behaviour = try await behaviour(of: state, content)
        let drift = try await drift(of: state, content)
        let lane = lane(of: state, content, attribution, correlation, behaviour, drift)
        let start = await state.ledger
        let run = PipelineRun(
            collectors: collectors, shippers: shippers, receivers: receivers.map(\.receiver),
            sink: WatchedSink(sink: lane, board: board),
            correlation: correlation.map { PipelineRun.Correlation(stage: $0, sink: lane) },
            behaviour: behaviour.map { PipelineRun.Behaviour(stage: $0, sink: lane) },
            drift: try await straying(drift, state, lane),
            health: HealthStage(file.config.name.value, state, board, surroundings.time),
            files: surroundings.files, board: board, time: surroundings.time, log: surroundings.log,
            plan: plan,
            refresh: { await refresh(board, from: state, shippers, since: start) })
        let outcome = await run.run(until: stop, observe: observe)
        try await state.close()
        return outcome
    }

    /// Puts dead letters back into the spools, from where the next run sends them.
    package func redrive(
        state folder: String, where isWanted: (DeadLetterPlace, DeadLetterEntry) -> Bool
    ) async throws -> PipelineState.Redrive {
        let state = try await open(folder)
        let lane = lane(of: state, content, try await attribution(of: state))
        let outcome = try await state.redrive(through: lane, where: isWanted)
        try await state.close()
        return outcome
    }

    private func open(_ folder: String) async throws(Fault) -> PipelineState {
        let doors = Doors(
            transport: NoTransport(), time: surroundings.time, volume: try surroundings.volume(folder),
            entropy: surroundings.entropy)
        var outlets = file.config.exporters.entries.map { ExporterAssembly.outlet($0.name, $0.value) }
        if let store = StoreAssembly(file.config.store) { outlets.append(store.outlet) }
        var limits = PipelineState.Limits()
        limits.deadLetter.bytesMax = file.config.deadLetter.size.bytes
        return try await PipelineState.open(doors: doors, outlets: outlets, limits: limits)
    }

    private func correlation(
        of state: PipelineState, _ content: any PipelineContent, _ attribution: AttributionStage?
    ) async throws(Fault) -> CorrelationStage? {
        if content.correlations.isEmpty { return nil }
        return try await CorrelationStage.open(
            content.correlations, volume: state.doors.volume, time: surroundings.time,
            attribution: attribution)
    }

    private func behaviour(
        of state: PipelineState, _ content: any PipelineContent
    ) async throws(Fault) -> BehaviourStage? {
        guard let settings = content.behaviour else { return nil }
        return try await BehaviourStage.open(
            settings, volume: state.doors.volume, time: surroundings.time)
    }

    private func drift(
        of state: PipelineState, _ content: any PipelineContent
    ) async throws(Fault) -> DriftStage? {
        guard let settings = content.drift else { return nil }
        return try await DriftStage.open(
            settings, .builtIn(), GrantStream(content.grantPolicy, directory: content.identities),
            volume: state.doors.volume, time: surroundings.time)
    }

    private func straying(
        _ drift: DriftStage?, _ state: PipelineState, _ lane: Lane
    ) async throws -> PipelineRun.Straying? {
        guard let drift else { return nil }
        let reports = try await ReportStage.open(
            try await ReportAssembly(file: file, surroundings: surroundings).entries(), of: drift,
            volume: state.doors.volume, time: surroundings.time, log: surroundings.log)
        return PipelineRun.Straying(stage: drift, reports: reports, sink: lane)
    }

    private func attribution(of state: PipelineState) async throws(Fault) -> AttributionStage? {
        let config = file.config.attribution
        guard config.enabled else { return nil }
        var limits = CredentialTree.Limits()
        limits.nodes = config.credentials
        return try await AttributionStage.open(
            state.doors.volume, directory: content.identities, limits: limits)
    }

    private func lane(
        of state: PipelineState, _ content: any PipelineContent, _ attribution: AttributionStage?,
        _ correlation: CorrelationStage? = nil, _ behaviour: BehaviourStage? = nil, _ drift: DriftStage? = nil
    ) -> Lane {
        var filter: Lane.Filter?
        if let own = EventFilter(file.config.filter) { filter = { own.kept($0, from: $1) } }
        return Lane(
            state, filter: filter, correlation: correlation, behaviour: behaviour, drift: drift,
            attribution: attribution
        ) {
            content.normalizer(attributing: attribution)
        }
    }

    private func receivers(_ board: RunBoard, _ folder: String) throws
        -> [(name: String, receiver: any Receiver, limits: Shipper.Limits)]
    {
        let assembly = ExporterAssembly(file: file, surroundings: surroundings)
        var all = try file.config.exporters.entries.map {
            entry -> (name: String, receiver: any Receiver, limits: Shipper.Limits) in
            var part = RunSnapshot.Exporter(name: entry.name, kind: entry.value.kind)
            part.spoolBytesMax = entry.value.delivery.spool.size.bytes
            board.add(part)
            return (
                entry.name, try assembly.receiver(entry.name, entry.value),
                ExporterAssembly.limits(entry.value)
            )
        }
        if let store = StoreAssembly(file.config.store) {
            var part = RunSnapshot.Exporter(name: store.name, kind: "store")
            part.spoolBytesMax = store.outlet.spool.bytesMax
            board.add(part)
            all.append((store.name, try store.receiver(for: file, state: folder, surroundings), store.limits))
        }
        return all
    }

    private func collectors(_ board: RunBoard) throws -> [any CollectorPart] {
        let assembly = CollectorAssembly(file: file, feeds: content.feeds, surroundings: surroundings)
        let servers = PushServer.all(of: file, surroundings)
        var parts = try file.config.collectors.entries.map { entry in
            try assembly.part(entry.name, entry.value, servers)
        }
        if let since = plan.since {
            parts += try file.config.collectors.entries.compactMap { entry in
                try assembly.backfill(entry.name, entry.value, since: since)
            }
        }
        for part in parts { board.add(RunSnapshot.Collector(name: part.name, feed: part.feed)) }
        return parts
    }

    /// Brings the exporters on the board up to date from the ledger, less what earlier runs have done.
    private func refresh(
        _ board: RunBoard, from state: PipelineState, _ shippers: [Shipper], since start: Ledger
    ) async {
        let ledger = await state.ledger
        let (now, before) = (ledger.total.exporters, start.total.exporters)
        let notes = await state.notes
        for name in state.outlets.map(\.name) {
            let cell = now[name] ?? Ledger.Cell()
            let old = before[name] ?? Ledger.Cell()
            let trouble = notes["exporter \(name)"]?.text
            board.exporter(name) { part in
                part.queued = cell.queued - old.queued
                part.accepted = cell.accepted - old.accepted
                part.refused = cell.refused - old.refused
                part.resent = cell.resent - old.resent
                part.pending = cell.pending
                part.condition = trouble.map { .struggling($0) } ?? .running
            }
        }
        for shipper in shippers {
            let standing = shipper.standing
            board.exporter(shipper.name) { part in
                part.inFlight = standing.underWay
                part.concurrency = standing.limit
                part.batchRows = standing.batchRows
                part.throttled = standing.throttled
            }
        }
        var bytes: [String: Int64] = [:]
        for spool in state.spools { bytes[spool.exporter] = await spool.bytes }
        for (name, count) in bytes { board.exporter(name) { $0.pendingBytes = count } }
        board.setFindings(ledger.findings - start.findings)
        board.setDeadLetter(await state.deadLetter.bytesHeld, of: state.deadLetter.limits.bytesMax)
    }
}

extension Ledger {
    /// Findings raised, over all sources and hours.
    var findings: Int {
        rows.reduce(0) { $0 + ($1.key.feed == LanePart.findingFeed ? $1.value.events : 0) }
    }
}

/// The state needs no network.
struct NoTransport: Transport {
    func send(_ request: HTTPRequest) async throws(Fault) -> HTTPResponse {
        throw Fault(.denied, "the state folder is not reached over a network")
    }
}

/// What turns records into events and findings: mappings and rules, loaded and compiled once for a run.
package protocol PipelineContent: Sendable {
    /// A fresh one for each page; where attribution is on, it says of each event whose it was.
    func normalizer(attributing attribution: AttributionStage?) -> any PageNormalizer
    /// People and their accounts, as far as a file of the user's says.
    var identities: IdentityDirectory { get }
    /// What the rules' hits are correlated by.
    var correlations: CorrelationPlan { get }
    /// How baselines raise findings, where they are to.
    var behaviour: BehaviourSettings? { get }
    /// What drift is measured against, where it is to be found.
    var drift: DriftSettings? { get }
    /// What grants are held to.
    var grantPolicy: GrantPolicy { get }
    /// The same, with what people have said about findings taken to heart.
    func heeding(_ verdicts: Judgements) -> any PipelineContent
    /// How feeds with a declared protocol are collected.
    var feeds: FeedCatalog { get }
}

extension PipelineContent {
    package var correlations: CorrelationPlan { CorrelationPlan(RuleSet()) }
    package var behaviour: BehaviourSettings? { nil }
    package var drift: DriftSettings? { nil }
    package var grantPolicy: GrantPolicy { GrantPolicy() }
    package func heeding(_ verdicts: Judgements) -> any PipelineContent { self }
    package var identities: IdentityDirectory { IdentityDirectory() }
    package var feeds: FeedCatalog { .none }
}
