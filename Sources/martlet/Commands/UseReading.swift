import Engine
import Exporters
import Pipeline
import Ports
import Store

/// What was used, read from INPUT or the store, for the commands that hold policies against it.
struct UseReading {
    private static let ledgerFeed = "aws.cloudtrail"

    let run: UseRun
    let refused: InputRefusals
    let isWhole: Bool
    /// The days end here.
    let end: Timestamp
    let start: Timestamp
    /// Days of which the ledger says that something is missing, days since 1970.
    let broken: Set<Int64>

    static let days = Command.Option(
        "days", .integer(1...3_650), "N", "Days that are looked at (default 90), up to --to")
    static let until = Command.Option(
        "to", .time, "TIME", "Where the days end (default: the newest event; of the store: now)")
    static let options: [Command.Option] = [
        Command.Option(
            "feed", .text, "FEED", "Whose records INPUT has, or auto (default): see martlet feeds"),
        days, until,
    ]
    static let endings: [Command.Option] = [
        Command.Option("vendors", .path, "DIR", "More mappings: <vendor>/<feed>/mapping.yaml"),
        .rejects, StoreReading.lake, StoreReading.cache, StoreReading.pipelines, StoreReading.store, .state,
    ]

    /// - Parameter inputs: files and folders; none: the store.
    /// - Parameter beside: takes the same bytes, too.
    init(
        _ inputs: [String], _ invocation: Invocation, _ context: CommandContext,
        beside other: (any InputSink)? = nil, where isAsked: @escaping (ObservedRequest) -> Bool
    ) async throws {
        let feed = invocation.text("feed") ?? MappingCatalog.auto
        let catalog = try await MappingCatalog.read(invocation, context)
        let refused = try await InputRefusals.make(feed: feed, invocation, context)
        let run = try UseRun(
            feed: feed, catalog, .builtIn(), .builtIn(), refused: refused, where: isAsked)
        self.refused = refused
        self.run = run
        let now = context.time.now
        let span = Duration.days(invocation.integer("days") ?? 90)
        var broken: Set<Int64> = []
        if inputs.isEmpty {
            end = invocation.time("to", now: now) ?? now
            // Twice the days: what was used last before them is told with what goes.
            let stored = try await StoredRecords(invocation, context, since: end - span - span)
            try await stored.feed(into: run)
            broken = Self.brokenDays(try await StoreReading.open(invocation, context).states)
            isWhole = true
        } else {
            let sink: any InputSink = other.map { PairedSink(run, $0) } ?? run
            isWhole = try await InputSession("Reading", inputs, context).walk(into: sink) {
                ["events": run.events]
            }
            end = invocation.time("to", now: now) ?? run.index.latest
        }
        start = end - span
        self.broken = broken
        try await refused.finish()
    }

    private static func brokenDays(_ states: [StateReading.Folder]) -> Set<Int64> {
        var report = LedgerReport()
        for state in states { report.add(state.state.ledger, of: state.name, feed: ledgerFeed) }
        return Set(report.unbalanced.map { floorDivide($0.key.hour, 24) })
    }

    /// What the summary says of the input.
    func told(_ context: CommandContext) -> String {
        refused.tell(context)
        return (isWhole ? "" : InputSession.interruption) + "\(grouped(run.events)) events"
    }

    var status: ExitStatus { !isWhole ? .interrupted : refused.isEmpty ? .done : .refused }
}

/// Hands the same bytes to two sinks.
final class PairedSink: InputSink {
    private let first: any InputSink
    private let second: any InputSink

    init(_ first: any InputSink, _ second: any InputSink) {
        self.first = first
        self.second = second
    }

    func begin(_ file: String) {
        first.begin(file)
        second.begin(file)
    }

    func feed(_ bytes: Span<UInt8>) {
        first.feed(bytes)
        second.feed(bytes)
    }

    func finish(fault: String?) {
        first.finish(fault: fault)
        second.finish(fault: fault)
    }

    func settle() async throws(Fault) {
        try await first.settle()
        try await second.settle()
    }
}

extension EventPermissions {
    /// The ones inside the binary.
    static func builtIn() -> EventPermissions {
        EventPermissions(
            String(decoding: Assets.bytes("schemas/policy/aws-events.txt") ?? [], as: UTF8.self))
    }
}

/// Whether a principal is the one that a person means: by its ARN, `role/deploy` or `deploy`, an address or an id.
struct PrincipalName {
    private let name: String

    init(_ name: String) { self.name = name.lowercased() }

    func isOf(_ principal: String) -> Bool {
        let principal = principal.lowercased()
        if principal == name { return true }
        guard !name.hasPrefix("arn:"), principal.hasPrefix("arn:") else { return false }
        let parts = principal.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
        guard let own = parts.last else { return false }
        // A role may stand below a path: `role/teams/a/deploy`.
        let pieces = own.split(separator: "/")
        guard let last = pieces.last, let kind = pieces.first else { return false }
        return name == last || name == "\(kind)/\(last)" || name == own
    }
}
