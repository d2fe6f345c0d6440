import Engine
import Pipeline
import Ports
import Simulation

/// A user's pipeline against simulated vendors and receivers, with everything that can go wrong going wrong by one seed.
///
/// The same plan of records is first run without a fault, which says what each receiver has to have in the end. Then the
/// seed decides what fails: the network, the disks, the receivers, and the process itself, which dies and starts again. In
/// the end all faults stop, and everything must have arrived.
struct FaultLab: Sendable {
    struct Settings: Sendable {
        /// Simulated minutes in which records appear and things fail.
        var minutes = 60
        /// The exporter whose receiver loses a part of what it has acknowledged.
        var lying: String?
        /// How often the process is killed; the seed says it unless told otherwise.
        var crashes: Int?
        /// The exporter whose receiver cannot be reached for nearly all of the time.
        var away: String?
        /// Whether all disks fill up once, and have room again later.
        var fillsDisks = false
        /// Whether the clock is set in every world, not only in some.
        var setsClock = false
    }

    /// The world after a seed's last life.
    struct Outcome: Sendable {
        var taken: [String: [String: Int]] = [:]
        var breaches: [String: [String]] = [:]
        var state = JournalState(secret: [])
        var dead: [DeadLetterEntry] = []
        /// What became of the findings that the event store has.
        var findings: [String: LabFinding] = [:]
        /// Collectors that stopped, with the reasons.
        var stopped: [(name: String, reason: String)] = []
        var crashes = 0
        /// What went wrong at each exporter's receiver, at disks, and how often the clock was set.
        var faults: [String: Int] = [:]
        var diskFaults = 0
        var clockJumps = 0
        var records = 0
        var hasEnded = false
    }

    /// How long the last life may take before it counts as stuck.
    private static let patience = Duration.hours(12)
    /// Before a process that ended at its start is started again.
    private static let restartPause = Duration.minutes(1)
    /// One event in so many is refused for good.
    private static let refusedOneIn: UInt64 = 12
    /// One event in so many is lost by a receiver that lies: enough that few findings show it.
    private static let lostOneIn: UInt64 = 4
    private static let crashesMax = 4

    let pipeline: LabPipeline
    let content: BuiltContent
    let catalog: FeedCatalog
    let folders: [VendorFolder]
    let settings: Settings

    /// What each exporter's receiver has to have: what a run without faults gives it.
    func expected() throws -> [String: [String: Int]] {
        let world = Simulation(seed: 1)
        let stage = LabStage(
            pipeline.comparable, content, in: world,
            vendors: vendors(world, pipeline.comparable, oddities: false),
            receivers: LabReceivers(of: pipeline.comparable, in: world, habits: [:]))
        return try finish(stage).taken
    }

    func run(seed: UInt64) throws -> Outcome {
        let world = Simulation(seed: seed)
        var generator = SeededGenerator(seed: seed ^ 0x1AB0)
        let stage = LabStage(
            pipeline.file, content, in: world, vendors: vendors(world, pipeline.file, oddities: true),
            receivers: receivers(world, &generator))
        stage.setFaults(by: &generator)
        stage.plan(LabTrouble.plan(settings, from: world.start, &generator))
        var crashes: [Duration] = []
        let count = settings.crashes.map { $0 - 1 } ?? generator.index(below: Self.crashesMax + 1)
        for _ in 0..<count {
            crashes.append(.seconds(1 + generator.index(below: settings.minutes * 60)))
        }
        for moment in crashes.sorted() + [.minutes(settings.minutes)] where world.elapsed < moment {
            try stage.live(for: moment - world.elapsed, isCut: true)
            // One that a full disk has ended at its start is started again, as whoever looks after it would.
            while world.elapsed < moment {
                stage.crash()
                try stage.pass(min(Self.restartPause, moment - world.elapsed))
                if world.elapsed < moment { try stage.live(for: moment - world.elapsed, isCut: true) }
            }
            stage.crash()
            // Some outages are short, some are not.
            if generator.chance(0.5) { try stage.pass(.seconds(1 + generator.index(below: 300))) }
        }
        stage.endFaults()
        var outcome = try finish(stage)
        outcome.crashes = crashes.count + 1
        return outcome
    }

    private func vendors(_ world: Simulation, _ file: PipelineFile, oddities: Bool) -> LabVendors {
        LabVendors(of: file, catalog, folders, in: world, minutes: settings.minutes, oddities: oddities)
    }

    private func receivers(_ world: Simulation, _ generator: inout SeededGenerator) -> LabReceivers {
        var habits: [String: StrictReceiver.Habits] = [:]
        var putsOff: Set<String> = []
        for entry in pipeline.file.config.exporters.entries {
            var own = StrictReceiver.Habits()
            if generator.chance(0.25), LabReceivers.judgesEvents(entry.value) {
                own.refusesOneIn = Self.refusedOneIn
            }
            if entry.name == settings.lying { own.losesOneIn = Self.lostOneIn }
            if case .elastic = entry.value, generator.chance(0.5) { putsOff.insert(entry.name) }
            habits[entry.name] = own
        }
        return LabReceivers(of: pipeline.file, in: world, habits: habits, putsOff: putsOff)
    }

    /// Lets everything happen that is planned, and then everything be delivered.
    private func finish(_ stage: LabStage) throws -> Outcome {
        let left = Duration.minutes(settings.minutes) - stage.world.elapsed
        try stage.live(for: max(left, .zero) + .minutes(10), isCut: false)
        stage.stop()
        var outcome = Outcome()
        outcome.records = stage.vendors.records
        if let end = try stage.drain(within: Self.patience) {
            outcome.hasEnded = true
            outcome.stopped = end.stoppedCollectors
        }
        for entry in stage.file.config.exporters.entries {
            (outcome.taken[entry.name], outcome.breaches[entry.name]) = try stage.taken(by: entry.name)
            outcome.faults[entry.name] = stage.faults(of: entry.value, entry.name)
        }
        if stage.file.config.store.enabled {
            let name = StoreConfig.exporterName
            (outcome.taken[name], outcome.breaches[name], outcome.findings) = try stage.stored()
            outcome.faults[name] = 0
        }
        outcome.diskFaults = stage.diskFaults
        outcome.clockJumps = stage.clockJumps
        (outcome.state, outcome.dead) = try stage.books()
        return outcome
    }
}
