import Engine
import Pipeline
import Ports
import Store
import Synchronization

extension Command {
    static let query = Command(
        name: "query",
        summary: "Asks the event store: the common questions as options, SQL for the rest",
        discussion: QueryHelp.discussion,
        arguments: [
            Argument("SQL", "A query over events, findings and ledger; needs DuckDB", isRequired: false)
        ],
        options: [
            Option("entity", .text, "E", "A human, role, key, session or service, by any of its names"),
            Option("ip", .text, "IP", "An address, from or to; 192.0.2.* for those that begin so"),
            Option("action", .text, "A", "An operation: AssumeRole, Describe*, iam:CreateAccessKey"),
            Option("resource", .text, "R", "What was acted on, by uid or name; * at either end for anything"),
            Option("uid", .text, "UID", "One event or finding, and the findings about an event"),
            Option("account", .text, "ID", "An account, project or subscription"),
            Option("region", .text, "REGION", "A region"),
            Option("status", .choice(["success", "failure"]), "STATUS", "Only what succeeded, or failed"),
            Option("class", .integer(0...999_999), "N", "An OCSF class, such as 3002"),
            Option(
                "contains", .text, "TEXT", "A text anywhere in the vendor's record or its free-form parts"),
            Option("findings", "Ask the findings, not the events"),
            .from, .to,
            Option("limit", .integer(1...Int.max), "N", "At most so many"),
            Option("newest", "The newest first"),
            Option("columns", .text, "PATHS", "Columns of a table or CSV: time,actor.user.uid,api.operation"),
            Option(
                "top", .text, "PATHS",
                "Not the rows: how often which values of these columns come, most frequent first"),
            Option("raw", "With the vendor's record, as raw_data"),
            .format(
                RowWriter.Format.allCases.map(\.rawValue),
                "table (default on a terminal), ndjson (default elsewhere), json, csv, parquet"),
            Option("timeout", .duration, "TIME", "Give up after this long"),
            Option("no-pager", "A table on a terminal is not shown page by page"),
            StoreReading.lake, StoreReading.cache, StoreReading.pipelines, StoreReading.store, .state,
        ],
        examples: QueryHelp.examples
    ) { invocation, context in
        let began = context.time.now
        let opened = try await StoreReading.open(invocation, context)
        let format =
            invocation.text("format").flatMap { RowWriter.Format(rawValue: $0) }
            ?? (context.outputIsTerminal ? .table : .ndjson)
        return try await paged(format == .table && !invocation.isSet("no-pager"), context) { context in
            try await stoppable(after: invocation.duration("timeout"), context) {
                if let sql = invocation.arguments.first {
                    return try await SQLQuery(opened, context).run(sql, format, invocation)
                }
                return try await options(invocation, opened, format, began, context)
            }
        }
    }

    /// Shows the output page by page where it is a table on a terminal; who closes the pager has seen enough.
    private static func paged(
        _ isWanted: Bool, _ context: CommandContext,
        _ body: (CommandContext) async throws -> ExitStatus
    ) async throws -> ExitStatus {
        guard isWanted, context.outputIsTerminal, let pager = context.openPager() else {
            return try await body(context)
        }
        var paged = context
        let flag = ClosedFlag()
        paged.output = Output { if !pager.write($0) { flag.isClosed.store(true, ordering: .relaxed) } }
        paged.isOutputClosed = { flag.isClosed.load(ordering: .relaxed) }
        let result: Result<ExitStatus, any Error>
        do { result = .success(try await body(paged)) } catch { result = .failure(error) }
        paged.output.finish()
        await pager.finish()
        return try result.get()
    }

    private static func options(
        _ invocation: Invocation, _ opened: StoreReading.Opened, _ format: RowWriter.Format,
        _ began: Timestamp,
        _ context: CommandContext
    ) async throws -> ExitStatus {
        var query = try eventQuery(invocation, opened.plans, now: context.time.now)
        let plan = query.plan
        let columns = try leaves(invocation.text("columns"), plan)
        let withRaw = invocation.isSet("raw")
        tellEstimate(opened.reader, query, context)
        if let paths = invocation.text("top") {
            let counts = TopCounts(plan, columns: try leaves(paths, plan))
            query.limit = nil
            return try await top(counts, query, invocation, opened, format, began, context)
        }
        var writer = RowWriter(
            plan, format, columns: columns, withRaw: withRaw,
            width: context.outputIsTerminal ? context.terminalWidth : nil
        ) { context.output.write($0) }
        let wanted = RowWriter.leaves(format, columns: columns, withRaw: withRaw, plan)
        let outcome = try await opened.reader.run(query, leaves: wanted) { rows, row in
            try writer.add(rows, row)
            return !context.isOutputClosed()
        }
        try writer.finish()
        for problem in outcome.problems { context.messages.writeLine(printable("left out: \(problem)")) }
        let took = context.time.now - began
        var summary = "\(grouped(outcome.hits)) \(plan.table)"
        if outcome.isCut { summary += " (--limit reached: there are more)" }
        if writer.cutCells > 0 {
            summary += ", \(grouped(writer.cutCells)) cells cut to fit: --format csv has them whole"
        }
        context.say(summary + " in \(took.userText)")
        return outcome.problems.isEmpty ? .done : .refused
    }

    /// Says beforehand what there is to be read where nothing narrows it.
    private static func tellEstimate(_ reader: StoreReader, _ query: EventQuery, _ context: CommandContext) {
        guard query.isScan else { return }
        let estimate = reader.estimate(query)
        context.say(
            "Reading everything: \(grouped(estimate.rows)) rows in \(grouped(estimate.segments)) segments, "
                + "\(ByteSize(estimate.bytes).rounded). --from, --entity or --limit make it less")
    }

    private static func top(
        _ counts: consuming TopCounts, _ query: EventQuery, _ invocation: Invocation,
        _ opened: StoreReading.Opened, _ format: RowWriter.Format, _ began: Timestamp,
        _ context: CommandContext
    ) async throws -> ExitStatus {
        var counts = counts
        let outcome = try await opened.reader.run(query, leaves: counts.columns) { rows, row in
            try counts.add(rows, row)
            return true
        }
        guard
            let lines = counts.lines(
                format, limit: invocation.integer("limit"),
                width: context.outputIsTerminal ? context.terminalWidth : nil)
        else { throw CommandFailure("--top has no Parquet: table, json, ndjson or csv", status: .usage) }
        context.output.write(lines)
        for problem in outcome.problems { context.messages.writeLine(printable("left out: \(problem)")) }
        context.say(
            "\(grouped(counts.differentValues)) different values in \(grouped(outcome.hits)) \(query.plan.table), in "
                + (context.time.now - began).userText)
        return outcome.problems.isEmpty ? .done : .refused
    }

    static func eventQuery(
        _ invocation: Invocation, _ plans: [ColumnPlan], now: Timestamp
    ) throws -> EventQuery {
        let table = invocation.isSet("findings") ? "findings" : "events"
        guard let plan = plans.first(where: { $0.table == table }) else {
            throw CommandFailure("there is no table \(table)")
        }
        var query = EventQuery(plan)
        let from = invocation.time("from", now: now)?.milliseconds ?? .min
        let to = invocation.time("to", now: now)?.milliseconds ?? .max
        guard from <= to else { throw CommandFailure("--from is later than --to", status: .usage) }
        query.times = from..<to
        query.limit = invocation.integer("limit")
        query.isNewestFirst = invocation.isSet("newest")
        QueryWords.narrow(&query) { invocation.text($0) }
        return query
    }

    private static func leaves(_ text: String?, _ plan: ColumnPlan) throws -> [Int] {
        let paths = text.map { $0.split(separator: ",").map(String.init) } ?? QueryWords.columns(of: plan)
        return try paths.map { path in
            if let leaf = plan.leaf(at: path) { return leaf }
            let near = nearestName(to: path, among: plan.leaves.map(\.path))
            throw CommandFailure(
                "--columns: \(plan.table) has no column \(printable(path))"
                    + (near.map { "; did you mean \($0)?" } ?? ""), status: .usage)
        }
    }

    /// Runs until done, until Ctrl-C, or until the time is over.
    private static func stoppable(
        after span: Duration?, _ context: CommandContext,
        _ body: @escaping @Sendable () async throws -> ExitStatus
    ) async throws -> ExitStatus {
        enum Ended: Sendable { case done(ExitStatus), stopped, late }
        return try await withThrowingTaskGroup(of: Ended.self) { group in
            group.addTask { .done(try await body()) }
            group.addTask {
                _ = await context.stopRequest()
                return .stopped
            }
            if let span {
                group.addTask {
                    try await context.time.sleep(until: context.time.now + span)
                    return .late
                }
            }
            defer { group.cancelAll() }
            switch try await group.next() {
            case .done(let status): return status
            case .late: throw CommandFailure("the query was not done in \(span?.userText ?? "time")")
            case .stopped, nil: return .interrupted
            }
        }
    }
}

/// Whether nobody reads any more.
private final class ClosedFlag: Sendable { let isClosed = Atomic(false) }
