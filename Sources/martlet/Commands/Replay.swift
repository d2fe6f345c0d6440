import Engine
import Pipeline
import Ports
import Store

extension Command {
    static let replay = Command(
        name: "replay",
        summary: "Runs today's rules over stored events: the retro-hunt",
        discussion: """
            Reads the vendors' records that the store keeps and raises findings as `detect` does, one OCSF Detection Finding
            a line, in event-time order. Nothing of a running pipeline is touched: no state, no delivery, no ledger.
            With --resume a replay that was stopped goes on with the day it was at. Baselines run where --content asks for them:
            they learn from the first replayed day on, raise nothing in the first week, and after all that a pipeline has
            seen they have said what it said; so they cannot be stopped and resumed.
            """,
        options: [
            Option(
                "from", .time, "TIME", "From this time on: RFC 3339, or -24h, yesterday, 7d", isRequired: true
            ),
            .to,
            Option("rules", .path, "PATH", "Rules instead of the built-in ones", isRepeated: true),
            .placeholders,
            Option(
                "content", .choices(["rules", "correlation", "behaviour"]), "KINDS",
                "Which detections run (default: rules,correlation)"),
            .budget, .identities, .geo,
            Option("matches", "One line per rule hit instead of findings"),
            Option("entity", .text, "E", "Only the events of one identity"),
            Option("resume", .path, "FILE", "Keep in this file how far it is, and go on from there"),
            StoreReading.lake, StoreReading.cache, StoreReading.pipelines, StoreReading.store, .state,
        ],
        examples: [
            "martlet replay --from 30d --rules new-rules/ > findings.ndjson",
            "martlet replay --from 60d --content behaviour --budget 2",
            "martlet replay --from 2026-01-01 --to 2026-07-01 --resume hunt.position >> findings.ndjson",
        ]
    ) { invocation, context in
        let run = try await ReplayRun(invocation, context)
        return try await run.run()
    }
}

/// One replay, a day at a time.
private final class ReplayRun {
    private static let day: Int64 = 86_400_000
    /// Records are handed to the rules in pieces of this size: bytes.
    private static let pieceBytes = 1 << 20

    private let invocation: Invocation
    private let context: CommandContext
    private let opened: StoreReading.Opened
    private let plan: ColumnPlan
    private let detection: DetectionRun
    private let refused: InputRefusals
    private var pending: [UInt8] = []
    private var rows = 0
    private var withoutRecord = 0

    init(_ invocation: Invocation, _ context: CommandContext) async throws {
        self.invocation = invocation
        self.context = context
        opened = try await StoreReading.open(invocation, context)
        guard let plan = opened.plans.first(where: { $0.table == "events" }) else {
            throw CommandFailure("there is no table events")
        }
        self.plan = plan
        let kinds = invocation.choices("content")
        var raised: CorrelationPlan.Kinds = []
        if kinds.isEmpty || kinds.contains("rules") { raised.insert(.rules) }
        if kinds.isEmpty || kinds.contains("correlation") { raised.insert(.correlations) }
        let learns = kinds.contains("behaviour")
        if learns, invocation.isSet("resume") {
            throw CommandFailure(
                "baselines learn from every day before: replay behaviour without --resume", status: .usage)
        }
        if learns, invocation.isSet("matches") {
            throw CommandFailure("--matches tells of rules: leave behaviour out of --content", status: .usage)
        }
        let named = invocation.texts("rules")
        let rules = try await RuleSet.read(
            named.isEmpty ? [RuleLibrary.builtinName] : named, invocation, context)
        try rules.throwAbsent()
        for problem in rules.problems { context.say(printable(problem.description)) }
        refused = try await InputRefusals(feed: MappingCatalog.auto, keptIn: nil)
        let output = context.output
        detection = try DetectionRun(
            feed: MappingCatalog.auto, rules, try MappingCatalog.builtIn(),
            onlyMatches: invocation.isSet("matches"), kinds: raised,
            behaviour: learns ? try await .read(invocation, context) : nil,
            geography: try await .read(invocation, context),
            holders: AccountHolders(try await IdentityDirectory.read(invocation, context)), refused: refused
        ) { output.write($0) }
    }

    func run() async throws -> ExitStatus {
        let now = context.time.now
        var from = invocation.time("from", now: now)?.milliseconds ?? 0
        let to = invocation.time("to", now: now)?.milliseconds ?? now.milliseconds + 1
        if let resumed = try await position() { from = max(from, resumed) }
        guard from <= to else { throw CommandFailure("--from is later than --to", status: .usage) }
        var query = EventQuery(plan)
        if let entity = invocation.text("entity") { query.conditions = [QueryWords.entity(entity, plan)] }
        query.times = from..<to
        let estimate = opened.reader.estimate(query)
        var progress = ProgressLine("replay", in: context)
        detection.begin("store")
        var problems: [String] = []
        while from < to {
            let next = min(to, (from / Self.day + 1) * Self.day)
            query.times = from..<next
            let outcome = try await opened.reader.run(query, leaves: [plan.raw, plan.time]) { source, row in
                self.take(source, row)
                return true
            }
            problems += outcome.problems
            progress.update(
                bytes: Int64(rows), of: Int64(estimate.rows),
                counts: ["events": rows, "findings": detection.counts.findings])
            feed()
            // A day's findings are out before the day counts as done.
            detection.close()
            context.output.finish()
            from = next
            try await keep(from)
        }
        detection.finish(fault: nil)
        detection.close()
        progress.finish()
        for problem in problems { context.messages.writeLine(printable("left out: \(problem)")) }
        summarize()
        return problems.isEmpty ? .done : .refused
    }

    private func take(_ source: borrowing ColumnRows, _ row: Int) {
        rows += 1
        guard
            let entry = source.entries(of: row).map({ source.entries[$0] }).first(where: {
                Int($0.leaf) == plan.raw
            })
        else {
            withoutRecord += 1
            return
        }
        pending += source.bytes[entry.range]
        pending.append(UInt8(ascii: "\n"))
        if pending.count >= Self.pieceBytes { feed() }
    }

    private func feed() {
        detection.feed(pending.span)
        pending.removeAll(keepingCapacity: true)
    }

    private func summarize() {
        let counts = detection.counts
        var line = "\(grouped(rows)) events, "
        line +=
            invocation.isSet("matches")
            ? "\(grouped(counts.matches)) matches" : "\(grouped(counts.findings)) findings"
        if withoutRecord > 0 {
            line +=
                "; \(grouped(withoutRecord)) events have no record to run rules over (`store: {raw: false}`)"
        }
        context.say(line)
    }

    // MARK: How far it is

    private func position() async throws -> Int64? {
        guard let path = invocation.text("resume").map(context.absolute),
            try await context.files.entry(at: path) != nil
        else { return nil }
        let text = String(decoding: try await context.files.read(path, bytesMax: 64), as: UTF8.self)
        guard let time = Timestamp(iso8601: text.filter { !$0.isWhitespace }) else {
            throw CommandFailure(
                "\(path) is no position of a replay: remove it to begin anew", status: .usage)
        }
        context.say("Going on from \(time.iso8601)")
        return time.milliseconds
    }

    private func keep(_ time: Int64) async throws {
        guard let path = invocation.text("resume").map(context.absolute) else { return }
        let volume = try context.sharedVolume(Paths.folder(of: path))
        let name = Paths.name(of: path)
        try await volume.remove(name + ".new")
        _ = try await volume.append(
            Array("\(Timestamp(milliseconds: time).iso8601)\n".utf8), to: name + ".new")
        try await volume.synchronize(name + ".new")
        try await volume.rename(name + ".new", to: name)
    }
}
