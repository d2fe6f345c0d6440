import Codecs
import Engine
import Pipeline
import Ports
import Store

extension Command.Option {
    static let budget = Command.Option(
        "budget", .integer(0...1_000_000), "N",
        "How many findings a day baselines may raise in the long run (default 5); 0 for none")
}

extension BehaviourSettings {
    /// What the command line says of baselines.
    static func read(_ invocation: Invocation, _ context: CommandContext) async throws
        -> BehaviourSettings
    {
        var settings = BehaviourSettings()
        if let budget = invocation.integer("budget") { settings.budget = Double(budget) }
        return try await Judgements.read(invocation, context).heeded(in: settings)
    }
}

extension Judgements {
    /// Those of the pipelines whose state `--state` names; none without it.
    static func read(_ invocation: Invocation, _ context: CommandContext) async throws -> Judgements {
        guard let folder = invocation.text("state") else { return Judgements() }
        var all: [Judgement] = []
        for (_, path) in try await StateFolders.under(context.absolute(folder), context.files) {
            all += try await Judgements.read(try context.readingVolume(path)).all
        }
        return Judgements(all)
    }
}

extension Command {
    static let risk = Command(
        name: "risk",
        summary: "Scores every identity from 0 to 100, riskiest first, with what each point is for",
        discussion: """
            One JSON object a line: {"entity":…,"kind":…,"score":…,"level":…,"contributions":[{"points":…,"why":…,
            "finding":…,"events":[…]}]}. The contributions add up to the score: the first is what every identity has, the
            others are rules that fired and days that were unusual, faded by their age (half after a week for humans,
            after three days for machines). Without INPUT the events of the store are read. --criticality names a YAML
            file with low, medium, high or extreme for identities: it multiplies their odds by 0.5, 1, 1.5 or 2.
            """,
        arguments: [
            Argument("INPUT", "Files, folders or -", kind: .path, isRequired: false, isRepeated: true)
        ],
        options: [
            Option(
                "feed", .text, "FEED", "Whose records INPUT has, or auto (default): see martlet feeds"),
            Option(
                "rules", .path, "PATH", "Sigma rules in place of the ones inside the binary (builtin)",
                isRepeated: true),
            .placeholders, .budget, .identities, .geo,
            Option("criticality", .path, "FILE", "YAML: identity: low, medium, high or extreme"),
            Option("limit", .integer(1...Int.max), "N", "Only the N riskiest"),
            Option("from", .time, "TIME", "From the store: events from this time on (default 35d)"), .to,
            .rejects, StoreReading.lake, StoreReading.cache, StoreReading.pipelines, StoreReading.store,
            .state,
        ],
        examples: [
            "martlet risk --feed aws.cloudtrail logs/",
            "martlet risk --limit 10",
        ]
    ) { invocation, context in
        let named = invocation.texts("rules")
        let rules = try await RuleSet.read(
            named.isEmpty ? [RuleLibrary.builtinName] : named, invocation, context)
        try rules.throwAbsent()
        for problem in rules.problems { context.say(printable(problem.description)) }
        let criticality = try await Criticality.read(invocation.text("criticality"), context)
        let feed = invocation.text("feed") ?? MappingCatalog.auto
        let catalog = try MappingCatalog.builtIn()
        _ = try catalog.normalizer(for: feed)
        let refused = try await InputRefusals.make(feed: feed, invocation, context)
        let run = try DetectionRun(
            feed: feed, rules, catalog, onlyMatches: false,
            behaviour: try await .read(invocation, context),
            suppressions: try await Judgements.read(invocation, context).suppressions,
            geography: try await .read(invocation, context),
            holders: AccountHolders(try await IdentityDirectory.read(invocation, context)), refused: refused
        ) { _ in }
        var isWhole = true
        if invocation.arguments.isEmpty {
            try await StoredRecords(invocation, context).feed(into: run)
        } else {
            isWhole = try await InputSession("Scoring", invocation, context).walk(into: run) {
                ["records": run.counts.records]
            }
        }
        run.close()
        try await refused.finish()
        let risks = run.behaviour?.risks(criticality) ?? []
        for risk in risks.prefix(invocation.integer("limit") ?? .max) {
            context.output.write(risk.line)
        }
        refused.tell(context)
        let risky = risks.count { $0.ledger.level.id > 0 }
        context.say(
            (isWhole ? "" : InputSession.interruption) + "\(grouped(run.counts.records)) records, "
                + "\(grouped(risks.count)) identities, \(grouped(risky)) of them at 20 points or more")
        return !isWhole ? .interrupted : refused.isEmpty && rules.errors.isEmpty ? .done : .refused
    }
}

extension Criticality {
    /// What a file says of identities, by their names in lower case.
    static func read(_ path: String?, _ context: CommandContext) async throws -> [String: Criticality] {
        guard let path else { return [:] }
        let bytes = try await context.files.read(context.absolute(path), bytesMax: 16 << 20)
        let document = try YAMLReader.document(in: bytes, file: path)
        guard let map = document.map else {
            throw CommandFailure(
                "\(path): identities and their criticality are needed here", status: .usage)
        }
        var all: [String: Criticality] = [:]
        for entry in map {
            guard let word = entry.value.string, let value = Criticality(rawValue: word) else {
                throw Problem(at: entry.value.position, "low, medium, high or extreme is needed here")
            }
            all[entry.key.lowercased()] = value
        }
        return all
    }
}

/// The vendors' records that the store keeps, handed to detection as `detect` would read them from files.
struct StoredRecords {
    private static let pieceBytes = 1 << 20

    private let opened: StoreReading.Opened
    private var query: EventQuery
    private let plan: ColumnPlan
    private let context: CommandContext

    /// - Parameter since: records from this time on, whatever `--from` says.
    init(_ invocation: Invocation, _ context: CommandContext, since: Timestamp? = nil) async throws {
        self.context = context
        opened = try await StoreReading.open(invocation, context)
        guard let plan = opened.plans.first(where: { $0.table == "events" }) else {
            throw CommandFailure("there is no table events")
        }
        self.plan = plan
        var query = EventQuery(plan)
        let now = context.time.now
        let asked = since ?? invocation.time("from", now: now) ?? now - .days(35)
        let from = asked.milliseconds
        let to = invocation.time("to", now: now)?.milliseconds ?? .max
        guard from <= to else { throw CommandFailure("--from is later than --to", status: .usage) }
        query.times = from..<to
        self.query = query
    }

    /// Of stores that are open, from a time on.
    init(_ opened: StoreReading.Opened, from: Timestamp, _ context: CommandContext) throws {
        self.context = context
        self.opened = opened
        guard let plan = opened.plans.first(where: { $0.table == "events" }) else {
            throw CommandFailure("there is no table events")
        }
        self.plan = plan
        query = EventQuery(plan)
        query.times = from.milliseconds ..< .max
    }

    func feed(into run: any InputSink) async throws {
        var pending: [UInt8] = []
        var withoutRecord = 0
        run.begin("store")
        let outcome = try await opened.reader.run(query, leaves: [plan.raw, plan.time]) { source, row in
            let entry = source.entries(of: row).map { source.entries[$0] }.first {
                Int($0.leaf) == plan.raw
            }
            guard let entry else {
                withoutRecord += 1
                return true
            }
            pending += source.bytes[entry.range]
            pending.append(UInt8(ascii: "\n"))
            if pending.count >= Self.pieceBytes {
                run.feed(pending.span)
                pending.removeAll(keepingCapacity: true)
            }
            return true
        }
        run.feed(pending.span)
        run.finish(fault: nil)
        for problem in outcome.problems {
            context.messages.writeLine(printable("left out: \(problem)"))
        }
        if withoutRecord > 0 {
            context.say("\(grouped(withoutRecord)) events have no record to read (`store: {raw: false}`)")
        }
    }
}
