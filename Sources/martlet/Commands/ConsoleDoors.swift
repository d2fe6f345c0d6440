import Codecs
import Engine
import Pipeline
import Ports
import Store
import Synchronization

/// The console's content from the state folder and the stores, read beside whatever writes them.
final class ConsoleDoors: ConsoleSources {
    private static let answerBytesMax: Int64 = 8 << 20

    private let invocation: Invocation
    private let context: CommandContext
    private let opened = Mutex<StoreReading.Opened?>(nil)

    init(_ invocation: Invocation, _ context: CommandContext) {
        self.invocation = invocation
        var context = context
        // What a look finds missing is shown on its page, and not said at each of them.
        context.messages = Output { _ in }
        self.context = context
    }

    var time: any TimeSource { context.time }
    var program: String { "martlet \(Version.number)" }

    func open() async throws -> ConsoleStore {
        let opened = try await Self.telling {
            try await StoreReading.open(invocation, context, isNeeded: false)
        }
        self.opened.withLock { $0 = opened }
        var pipelines: [ConsoleStore.Pipeline] = []
        for state in opened.states {
            pipelines.append(
                ConsoleStore.Pipeline(
                    name: state.name, state: state.state, verdicts: try await Judgements.read(state.volume)))
        }
        return ConsoleStore(reader: opened.reader, plans: opened.plans, pipelines: pipelines)
    }

    func risks() async throws -> [EntityRisk] {
        var all: [String: EntityRisk] = [:]
        for state in opened.withLock({ $0?.states ?? [] }) {
            let settings = try await Judgements.read(state.volume).heeded(in: BehaviourSettings())
            for risk in try await BehaviourStage.risks(settings, volume: state.volume)
            where all[risk.entity].map({ $0.ledger.hundredths < risk.ledger.hundredths }) ?? true {
                all[risk.entity] = risk
            }
        }
        return all.values.sorted {
            ($0.ledger.hundredths, $1.entity) > ($1.ledger.hundredths, $0.entity)
        }
    }

    func rows(of sql: String, in times: Range<Int64>, limit: Int) async throws -> [UInt8] {
        guard let opened = opened.withLock({ $0 }) else { return [] }
        return try await Self.telling {
            try await SQLQuery(opened, context).rows(
                sql, in: times, limit: limit, within: .seconds(25), bytesMax: Self.answerBytesMax)
        }
    }

    /// A grant may have begun long before the acts that are asked about.
    private static let grantsBefore = Duration.days(31)

    func drift(from: Timestamp) async throws -> DriftReport {
        let (now, opened) = (time.now, try await openedOrNow())
        return try await Self.telling {
            let run = try DriftRun(
                feed: MappingCatalog.auto, try MappingCatalog.builtIn(), DriftSettings(), .builtIn(),
                attributor: nil,
                refused: try await InputRefusals(feed: MappingCatalog.auto, keptIn: nil))
            _ = try await DriftCommand.read(opened, to: now, into: run)
            run.close()
            return run.report(from: from, to: now)
        }
    }

    func grants(from: Timestamp) async throws -> GrantReview {
        let opened = try await openedOrNow()
        return try await Self.telling {
            let run = try GrantRun(
                feed: MappingCatalog.auto, try MappingCatalog.builtIn(), IdentityDirectory(),
                refused: try await InputRefusals(feed: MappingCatalog.auto, keptIn: nil))
            try await StoredRecords(opened, from: from - Self.grantsBefore, context).feed(into: run)
            return run.review(GrantPolicy())
        }
    }

    func investigate(
        _ entity: CaseEntity, from: Timestamp?, to: Timestamp?
    ) async throws -> InvestigationOutcome {
        let opened = try await openedOrNow()
        return try await Self.telling {
            var input = StoredInput(opened, until: to, nil, context)
            return try await input.investigate(entity, from: from, to: to) ?? .silent
        }
    }

    /// The stores as they were last opened.
    private func openedOrNow() async throws -> StoreReading.Opened {
        if let last = opened.withLock({ $0 }) { return last }
        _ = try await open()
        guard let last = opened.withLock({ $0 }) else {
            throw ConsoleComplaint(503, "no store is open")
        }
        return last
    }

    func keep(_ verdict: Judgement) async throws {
        let states = opened.withLock { $0?.states ?? [] }
        if states.isEmpty {
            throw ConsoleComplaint(409, "there is no pipeline's state to keep a verdict in")
        }
        for state in states {
            try await Judgements.add(verdict, to: try context.sharedVolume(state.path))
        }
    }

    /// What a command would say of it is said to whoever asked.
    private static func telling<Value>(_ body: () async throws -> Value) async throws -> Value {
        do {
            return try await body()
        } catch let failure as CommandFailure {
            throw ConsoleComplaint(failure.status == .usage ? 400 : 503, failure.message)
        }
    }
}
