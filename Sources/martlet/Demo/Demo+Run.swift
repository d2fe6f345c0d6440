import Engine
import Exporters
import Pipeline
import Platform
import Ports
import Simulation

extension Demo {
    /// What the pipeline runs in: this machine, with the demo's own credentials and nobody else's.
    private var surroundings: RunSurroundings {
        var surroundings = context.surroundings
        surroundings.environment = [
            "AWS_ACCESS_KEY_ID": DemoLoopback.accessKey, "AWS_SECRET_ACCESS_KEY": DemoLoopback.secretKey,
        ]
        return surroundings
    }

    /// The same path as `martlet run --once` takes.
    func runPipeline(of records: Int?) async throws -> RunOutcome {
        let surroundings = surroundings
        let files = try await PipelineFile.read(
            ["\(folder)/pipeline.yaml"], environment: surroundings.environment, context.files)
        var plan = RunPlan()
        plan.endsWhenDone = true
        plan.observeEvery = .milliseconds(150)
        let progress = DemoProgress(context, records: records)
        let runner = PipelineRunner(
            files[0],
            content: try await BuiltContent.load(
                for: files[0], from: try MappingCatalog.builtIn(), feeds: try FeedCatalog.builtIn(),
                context.files),
            surroundings: surroundings, plan: plan)
        let outcome = try await runner.run(
            state: stateFolder, until: { [stop] in try? await stop.wait(after: 0) },
            observe: { progress.show($0) })
        progress.finish()
        return outcome
    }

    var stateFolder: String { StateFolders.path(of: "demo", in: "\(folder)/state") }

    func summary(
        _ outcome: RunOutcome, _ loopback: DemoLoopback, _ generated: Generated?, _ own: DemoInput?,
        seconds: Double
    ) async throws -> DemoSummary {
        let tally = loopback.siemTally.tally
        let shown = shown(folder)
        let logs = input.map { self.shown($0) } ?? "\(shown)/cloudtrail"
        var places = [("Findings", "\(shown)/findings"), ("Pipeline", "\(shown)/pipeline.yaml")]
        if generated != nil {
            places.insert(("CloudTrail", logs), at: 0)
            places.insert(("Others", "\(shown)/feeds"), at: 1)
            places.insert(("Truth", "\(shown)/labels.jsonl"), at: 2)
        }
        places.append(("State", "\(shown)/state"))
        var summary = DemoSummary(
            title: generated == nil
                ? "Martlet on \(logs)"
                : "A week at Example Corp (seed \(week.seed)): ten systems' logs → OCSF → Splunk HEC",
            snapshot: outcome.snapshot, tally: tally,
            recall: generated.map { DemoRecall($0.labels, tally.findings) },
            objects: outcome.snapshot.collectors.reduce(0) { $0 + $1.fetched }, inputBytes: generated?.bytes,
            seconds: seconds, places: places, commands: [])
        if generated != nil, week.days != 7 {
            summary.title = summary.title.replacing("A week", with: "\(week.days) days")
        }
        summary.skipped = (own?.skipped ?? []).map { .init(path: inside($0.path), reason: $0.reason) }
        summary.broken =
            (own?.unreadable ?? []).map { .init(path: inside($0.path), reason: $0.reason) }
            + (outcome.refused > 0 ? try await refusals() : [])
        summary.commands = commands(
            logs: own.map { self.shown($0.paths[0]) } ?? logs, isRefused: outcome.refused > 0, tally)
        return summary
    }

    private func commands(logs: String, isRefused: Bool, _ tally: DemoTally) -> [(
        what: String, command: String
    )] {
        let program = shown(context.environment["MARTLET_PROGRAM"] ?? "martlet")
        let (shown, logs) = (Demo.typed(shown(folder)), Demo.typed(logs))
        var commands = [
            (
                "the ledger: what came in and what went out, hour by hour",
                "\(program) ledger --state \(shown)/state"
            ),
            ("every event in OCSF, one a line", "\(program) normalize --feed aws.cloudtrail \(logs)"),
            (
                "the pipeline that ran: change it and check it",
                "\(program) validate \(shown)/pipeline.yaml"
            ),
        ]
        if input == nil {
            commands.append(("the same on your own CloudTrail", "\(program) demo --input PATH"))
        }
        let query = "\(program) query --state \(shown)/state"
        let worst = tally.principals.max { a, b in
            (a.value.severity, a.value.rules.count, b.key) < (b.value.severity, b.value.rules.count, a.key)
        }
        if let worst {
            // A role session is filed under its ARN, whose end is the session's name.
            let name = worst.key.split(separator: " ").first.map(String.init) ?? worst.key
            let entity = (name == worst.key ? name : "*/\(name)").filter { $0 != "'" }
            commands.insert(
                (
                    "what the identity with the gravest findings did",
                    "\(query) --entity '\(entity)'"
                ),
                at: 0)
            commands.insert(
                (
                    "who widened what, under which grant, and what to revoke",
                    "\(program) drift --state \(shown)/state"
                ),
                at: 0)
            commands.insert(("the newest findings", "\(query) --findings --newest --limit 20"), at: 0)
            commands.insert(("all of it in a browser", "\(program) serve --dir \(shown)"), at: 0)
            let investigate = "\(program) investigate '\(name.filter { $0 != "'" })' --state \(shown)/state"
            commands.insert(("the same as a case file to hand on", "\(investigate) --html case.html"), at: 0)
            commands.insert(("the human behind it: all they did, and what still stands", investigate), at: 0)
            let finding = tally.findings.filter { $0.principal == worst.key }.max {
                ($0.severity, $1.uid) < ($1.severity, $0.uid)
            }
            if let finding {
                commands.insert(
                    ("the gravest finding", "\(program) explain \(finding.uid) --state \(shown)/state"), at: 0
                )
            }
        }
        commands.insert(
            ("keys that were made", "\(query) --action iam:CreateAccessKey"), at: commands.count - 2)
        if isRefused {
            commands.insert(
                ("what was refused, and why", "\(program) deadletter list --state \(shown)/state"), at: 0)
        }
        return commands
    }

    /// What the dead letter holds, a line for each file and reason.
    private func refusals() async throws -> [DemoInput.Excluded] {
        let volume = try context.readingVolume(stateFolder)
        guard let state = try await PipelineState.read(volume) else { return [] }
        var counts: [String: (first: DeadLetterEntry, count: Int)] = [:]
        try await DeadLetter.read(volume, state) { _, entry in
            counts[entry.exporter + "\u{0}" + entry.file, default: (entry, 0)].count += 1
        }
        return counts.values.map { first, count in
            let line = first.line > 0 ? ":\(first.line)" : ""
            let more = count > 1 ? " (and \(grouped(count - 1)) more)" : ""
            let place = first.exporter.isEmpty ? inside(first.file) + line : "exporter \(first.exporter)"
            return DemoInput.Excluded(path: place, reason: printable(first.reason) + more)
        }.sorted { $0.path < $1.path }
    }

    /// A path under the user's folder, from there.
    private func inside(_ path: String) -> String {
        if let input, path.hasPrefix(input + "/") { return String(path.dropFirst(input.utf8.count + 1)) }
        return shown(path)
    }

    /// A path as it is typed from where the user stands.
    private func shown(_ path: String) -> String {
        let here = context.currentFolder
        return path.hasPrefix(here + "/") ? String(path.dropFirst(here.utf8.count + 1)) : path
    }

    /// In quotes, where a shell would take it for several words.
    private static func typed(_ path: String) -> String {
        let isPlain = path.utf8.allSatisfy { byte in
            byte >= 0x30 && byte <= 0x39 || byte >= 0x41 && byte <= 0x5A || byte >= 0x61 && byte <= 0x7A
                || "/._-+=:,@%~".utf8.contains(byte)
        }
        return isPlain ? path : "'" + path.replacing("'", with: #"'\''"#) + "'"
    }

    /// Holds the servers up until the user stops it, with the week waiting in the queue once more.
    func serve(_ loopback: DemoLoopback, _ vendors: DemoVendors?) async throws {
        let console = try await console()
        defer { context.output.finish() }
        let program = shown(context.environment["MARTLET_PROGRAM"] ?? "martlet")
        let pipeline = Demo.typed(shown("\(folder)/pipeline.yaml"))
        context.say("")
        context.say("The servers stay up until Ctrl-C. Run the pipeline yourself, in another terminal:")
        context.say("")
        if input == nil {
            loopback.announceAgain()
            vendors?.announceAgain()
            context.say("  export AWS_ACCESS_KEY_ID=\(DemoLoopback.accessKey)")
            context.say("  export AWS_SECRET_ACCESS_KEY=\(DemoLoopback.secretKey)")
        }
        context.say("  \(program) run --once --state /tmp/martlet-again \(pipeline)")
        context.say("")
        if input == nil { context.say("S3 and SQS   \(loopback.vendor.url)") }
        context.say("Splunk HEC   \(loopback.siem.url)")
        try? await stop.wait(after: 0)
        await console.stop()
    }

    /// The console over the week, at its usual port where that is free.
    private func console() async throws -> Listening {
        let state = "\(folder)/state"
        let usual = try await ConsoleSession(for: state, context)
        if let listening = try? usual.listen() { return listening }
        return try await ConsoleSession(for: state, at: "127.0.0.1:0", context).listen()
    }
}

/// The progress line of a run, fed with its snapshots.
final class DemoProgress: Sendable {
    private let context: CommandContext
    private let records: Int?
    private let start: Timestamp

    init(_ context: CommandContext, records: Int?) {
        self.context = context
        self.records = records
        start = context.time.now
    }

    private var isShown: Bool { context.messagesAreTerminal && !context.isQuiet && !context.logsJSON }

    func show(_ snapshot: RunSnapshot) {
        guard isShown else { return }
        let done = snapshot.collectors.reduce(0) { $0 + $1.records }
        let accepted = snapshot.exporters.reduce(0) { $0 + $1.accepted }
        let elapsed = max(0.001, Double((context.time.now - start).nanoseconds) / 1e9)
        var line = "Running  "
        if let records, records > 0 {
            let share = min(1, Double(done) / Double(records))
            let full = Int(share * 20)
            line += "[\(String(repeating: "=", count: full))\(String(repeating: " ", count: 20 - full))] "
            line += "\(Int(share * 100))%  "
        }
        line += "\(grouped(done)) records  \(grouped(Int(Double(done) / elapsed)))/s  "
        line += "\(grouped(accepted)) delivered"
        context.messages.write("\r\u{1B}[2K" + String(line.prefix(79)))
        context.messages.finish()
    }

    func finish() {
        guard isShown else { return }
        context.messages.write("\r\u{1B}[2K")
        context.messages.finish()
    }
}
