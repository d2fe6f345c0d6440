import Engine
import Exporters
import Pipeline
import Ports
import Store

extension Command {
    static let drift = Command(
        name: "drift",
        summary: "Reports how access strayed: what got wider, by whom, and what stands open",
        discussion: """
            INPUT is audit logs of any feed and answers of get-account-authorization-details, in any mix and order; without
            it the store's events are read. From the changes of access in them the state of access is rebuilt, each change
            is judged by what it means (a policy that is only formatted anew is none), and what strayed is told in this
            order: what got wider and who did it; what stands open without a grant; what expired and was not revoked; what
            nobody uses; what to do, as commands; what could not be seen. Each line names the events it rests on.

            Findings D1 to D17 open with an event, stand with an age, and are closed by an event. With --pipeline-actor, what
            others change is out of band. With --previous, the report says what is new, still open and closed against an
            earlier report in JSON.
            """,
        arguments: [
            Argument(
                "INPUT", "Audit logs and snapshots: files, folders or - (default: the store)", kind: .path,
                isRequired: false, isRepeated: true)
        ],
        options: [
            .from, .to,
            .format(
                ["html", "md", "json", "ocsf"],
                "How it is told: a page, Markdown, JSON, or findings in OCSF (default: md)"),
            Option("feed", .text, "FEED", "Whose records INPUT are (default: auto)"),
            Option(
                "baseline", .path, "PATH",
                "What was approved or declared: see martlet baseline diff; what differs is told as D2"),
            Option("out", .path, "FILE", "Write it there instead of standard output"),
            Option("previous", .path, "FILE", "The report before, in JSON, to compare with"),
            Option(
                "pipeline-actor", .text, "NAME=PATTERN",
                "Who changes access as a matter of course: terraform=*assumed-role/terraform/*",
                isRepeated: true),
            Option(
                "account", .text, "ID", "An account that is ours, besides those that events are of",
                isRepeated: true),
            Option(
                "allow-standing", .text, "PATTERN",
                "A subject that may be privileged for good: role/break-glass*",
                isRepeated: true),
            Option("key-age", .duration, "TIME", "Keys older than this are told (default: 90d)"),
            Option("snapshot-at", .time, "TIME", "When the snapshots were taken (default: after all events)"),
            Option("grant-policy", .path, "FILE", "What grants are held to, YAML: see docs/grants.md"),
            Option("no-attribute", "Do not look for the humans behind: the input is read once"),
            .identities, .rejects, StoreReading.lake, StoreReading.cache, StoreReading.pipelines,
            StoreReading.store, .state,
        ],
        examples: [
            "martlet drift --feed auto --format html --out drift.html cloudtrail/ okta/ account.json",
            "martlet drift --from 7d --format md",
            "martlet drift --feed aws.cloudtrail --pipeline-actor 'terraform=*:assumed-role/terraform/*' cloudtrail/",
        ]
    ) { invocation, context in
        let command = try await DriftCommand(invocation, context)
        return try await command.run()
    }
}

/// One run of `drift`.
struct DriftCommand {
    private let invocation: Invocation
    private let context: CommandContext
    private let feed: String
    private let refused: InputRefusals
    private let reading: DriftRun

    init(_ invocation: Invocation, _ context: CommandContext) async throws {
        self.invocation = invocation
        self.context = context
        feed = invocation.text("feed") ?? MappingCatalog.auto
        let catalog = try MappingCatalog.builtIn()
        _ = try catalog.normalizer(for: feed)
        refused = try await InputRefusals.make(feed: feed, invocation, context)
        reading = try DriftRun(
            feed: feed, catalog, try Self.settings(invocation), .builtIn(),
            attributor: try await Self.attributor(feed, catalog, invocation, context),
            snapshotTime: invocation.time("snapshot-at", now: context.time.now), refused: refused)
    }

    static func settings(_ invocation: Invocation) throws -> DriftSettings {
        var settings = DriftSettings()
        var actors: [String: [String]] = [:]
        for text in invocation.texts("pipeline-actor") {
            let parts = text.split(separator: "=", maxSplits: 1).map { String($0) }
            guard parts.count == 2, !parts[1].isEmpty else {
                throw CommandFailure(
                    "--pipeline-actor \(text): a name and a pattern are needed, as in terraform=*/terraform/*",
                    status: .usage)
            }
            actors[parts[0], default: []].append(parts[1])
        }
        settings.pipelines = actors.sorted { $0.key < $1.key }.map {
            .init(name: $0.key, actors: $0.value)
        }
        settings.accounts = Set(invocation.texts("account"))
        settings.allowedStanding = invocation.texts("allow-standing")
        if let age = invocation.duration("key-age") { settings.keyAge = age }
        return settings
    }

    /// What all of the input tells of who is behind whom; the store's events say it themselves.
    private static func attributor(
        _ feed: String, _ catalog: MappingCatalog, _ invocation: Invocation, _ context: CommandContext
    ) async throws -> Attributor? {
        guard !invocation.arguments.isEmpty, !invocation.arguments.contains("-"),
            !invocation.isSet("no-attribute")
        else { return nil }
        let directory = try await IdentityDirectory.read(invocation, context)
        let run = try AttributionRun(feed: feed, catalog, directory, refused: nil)
        let isWhole = try await InputSession("Attributing", invocation, context).walk(into: run) {
            ["events": run.events]
        }
        if !isWhole {
            throw CommandFailure("interrupted before anything was written", status: .interrupted)
        }
        return run.attributor
    }

    func run() async throws -> ExitStatus {
        reading.grantPolicy = try await .read(invocation, context)
        reading.present = context.time.now
        let isWhole = try await read()
        reading.close()
        if let path = invocation.text("baseline") {
            let own = invocation.texts("account").first ?? reading.drift.state.onlyAccount
            reading.judge(against: try await BaselineReading.baseline(path, account: own, context))
        }
        try await refused.finish()
        refused.tell(context)
        let now = context.time.now
        let isStored = invocation.arguments.isEmpty
        let from = invocation.time("from", now: now)
        let to = invocation.time("to", now: now) ?? (isStored ? now : nil)
        if let from, let to, from > to {
            throw CommandFailure("--from is later than --to", status: .usage)
        }
        let report = reading.report(from: from, to: to, previous: try await previous())
        try await write(report.bytes(ReportConfig.Format(rawValue: invocation.text("format") ?? "") ?? .md))
        context.say("\(isWhole ? "" : InputSession.interruption)\(report.headline)")
        return !isWhole ? .interrupted : refused.isEmpty ? .done : .refused
    }

    private func write(_ bytes: [UInt8]) async throws {
        guard let path = invocation.text("out") else { return context.output.write(bytes) }
        try await FileWriting.replace(path, with: bytes, context)
    }

    private func read() async throws -> Bool {
        if invocation.arguments.isEmpty {
            try await readStore()
            return true
        }
        return try await InputSession("Reading", invocation, context).walk(into: reading) {
            ["events": reading.events, "changes": reading.drift.notes.changes]
        }
    }

    private func readStore() async throws {
        let end = invocation.time("to", now: context.time.now)
        let problems = try await Self.read(
            try await StoreReading.open(invocation, context), to: end, into: reading)
        for problem in problems { refused.add("store", reason: problem) }
        try await readStoredGrants()
    }

    /// All stored changes of access, and snapshots of it, up to the end: what stands open may be older than the period. Gives what went wrong.
    static func read(
        _ opened: StoreReading.Opened, to end: Timestamp?, into reading: DriftRun
    ) async throws -> [String] {
        guard let plan = opened.plans.first(where: { $0.table == "events" }) else {
            throw CommandFailure("there is no table events")
        }
        var query = EventQuery(plan)
        if let end { query.times = .min..<max(.min + 1, end.milliseconds + 1) }
        if let leaf = plan.leaf(at: "class_uid") {
            let changes: Set<Int64> = [3001, 3004, 3005, 3006, 3007, 3008, 6003]
            query.numbers = [(leaf, changes.union(SnapshotReader.classes))]
        }
        var text = RowText(plan)
        let wanted = plan.leaves.indices.filter { $0 != plan.raw }
        let outcome = try await opened.reader.run(query, leaves: wanted) { rows, row in
            var bytes: [UInt8] = []
            text.append(rows.entries[rows.entries(of: row)], rows.bytes, withRaw: false, to: &bytes)
            reading.take(event: bytes, at: Timestamp(milliseconds: rows.times[row]))
            return true
        }
        return outcome.problems
    }

    /// Grants and acts, from the records that the store keeps: a month before the period, as grants are no longer.
    private func readStoredGrants() async throws {
        let directory = try await IdentityDirectory.read(invocation, context)
        let run = try GrantRun(
            feed: MappingCatalog.auto, .builtIn(), directory,
            refused: try await InputRefusals(feed: MappingCatalog.auto, keptIn: nil))
        let now = context.time.now
        let from = invocation.time("from", now: now) ?? now - .days(35)
        try await StoredRecords(invocation, context, since: from - .days(31)).feed(into: run)
        reading.adopt(run.book, run.attributor)
    }

    /// What the report before said.
    private func previous() async throws -> DriftReport.Previous? {
        guard let path = invocation.text("previous") else { return nil }
        let bytes = try await context.files.read(context.absolute(path), bytesMax: 256 << 20)
        guard let previous = DriftReport.Previous(json: bytes) else {
            throw CommandFailure("\(path): this is no drift report in JSON", status: .usage)
        }
        return previous
    }
}

extension GrantPolicy {
    /// What --grant-policy says; the defaults without it.
    static func read(_ invocation: Invocation, _ context: CommandContext) async throws -> GrantPolicy {
        guard let path = invocation.text("grant-policy") else { return GrantPolicy() }
        return try await GrantPolicyFile.read(context.absolute(path), shownAs: path, context.files)
    }
}
