import Engine
import Exporters
import Pipeline
import Ports
import Synchronization

extension Command {
    static let run = Command(
        name: "run",
        summary: "Runs pipelines",
        discussion: """
            Collects, normalizes, detects and delivers until stopped. SIGTERM and SIGINT stop it cleanly: collectors first,
            then what is under way is finished. State is kept in DIR/<pipeline name>; one process at a time can use it.

            A rule that is wrong is logged with its place and left out, the others run; “martlet validate” refuses it.

            When a pipeline's file, or what it names (rules, placeholders, identities, vendors), changes, or on SIGHUP, they
            are read again, and the pipelines that it concerns go on with them from where they were: nothing that they
            remember is lost. What is wrong is logged with its place, and what ran before runs on. Not with --once.

            With --once it ends when every collector is caught up and every exporter has drained: with status 0; 3 if
            something was unreadable or refused (see “martlet deadletter list”), or a rule is wrong; 1 if a collector had to stop or a
            receiver did not take everything, in which case the rest waits in the spool for the next run.
            """,
        arguments: [Argument("PIPELINE", "Pipeline files", kind: .path, isRepeated: true)],
        options: [
            Option("once", "End when caught up and drained"),
            Option(
                "patience", .duration, "DURATION",
                "With --once: how long nothing may be accepted before the rest is left to the next run (default: 2m)"
            ),
            Option(
                "since", .time, "TIME",
                "Also read the past from this time on, beside live collection and under a position of its own"
            ),
            .vendors,
            .state,
        ],
        examples: [
            "martlet run pipelines/cloudtrail-files.yaml --once",
            "martlet run pipelines/cloudtrail-to-splunk.yaml --state /var/lib/martlet",
        ]
    ) { invocation, context in
        let files = try await PipelineFile.read(invocation.arguments, in: context)
        let (content, problems) = await ContentCheck(
            context.surroundings, vendors: invocation.folders("vendors", in: context)
        ).load(files)
        if !problems.isEmpty { throw Problems(problems) }
        for rule in Set(content.flatMap(\.warnings)).sorted(by: { $0.description < $1.description }) {
            context.log.warning("A rule is left out", ["rule": rule.description])
        }
        let wrong = Set(content.flatMap(\.wrongRules)).sorted { $0.description < $1.description }
        for rule in wrong {
            context.log.error("A rule is wrong and left out; the others run", ["rule": rule.description])
        }
        if invocation.text("since") != nil, !zip(files, content).contains(where: { $0.canBackfill($1.feeds) })
        {
            throw Problems([
                Problem(
                    at: nil, "--since: no collector of these pipelines can be asked for the past",
                    hint: "collectors with from: api whose feed has a window can")
            ])
        }
        return try await RunSession(Array(zip(files, content)), invocation, context).run()
    }
}

/// One `martlet run`: its pipelines side by side, the admin pages, the progress and the end.
struct RunSession: Sendable {
    private let files: [(file: PipelineFile, content: BuiltContent)]
    private let watch: ReloadWatch
    private let context: CommandContext
    private let plan: RunPlan
    private let isOnce: Bool
    /// The pipelines' state folders, in their order.
    private let folders: [String]
    private let standings: Standings

    init(
        _ files: [(file: PipelineFile, content: BuiltContent)], _ invocation: Invocation,
        _ context: CommandContext
    ) throws {
        self.files = files
        self.context = context
        let option = invocation.text("state")
        folders = try files.map { file, _ in
            let base = try context.stateFolder(option, pipeline: file.config.state.map { file.absolute($0) })
            return StateFolders.path(of: file.config.name.value, in: base)
        }
        // Where somebody sits before it, a hang-up means that the terminal is gone, and ends the process.
        watch = ReloadWatch(
            names: invocation.arguments, vendors: invocation.folders("vendors", in: context),
            states: folders, context: context,
            signals: invocation.isSet("once") || context.messagesAreTerminal ? Pulse() : context.reloads())
        isOnce = invocation.isSet("once")
        var plan = RunPlan()
        plan.endsWhenDone = isOnce
        if let patience = invocation.duration("patience") { plan.patience = patience }
        plan.since = invocation.time("since", now: context.time.now)
        self.plan = plan
        standings = Standings(context)
    }

    private enum Ended: Sendable {
        case pipeline(Int, RunOutcome)
        case stop(CommandContext.StopRequest)
        case change(ReloadWatch.Change?)
    }

    /// One pipeline, which may be stopped so that it goes on with other content.
    private struct Part: Sendable {
        var runner: PipelineRunner
        var folder: String
        var stopping = Pulse()
        var next: PipelineRunner?
    }

    func run() async throws -> ExitStatus {
        var parts = zip(files, folders).map { Part(runner: runner($0.file, $0.content), folder: $1) }
        let servers = try serve()
        var outcomes: [RunOutcome] = []
        var stop: CommandContext.StopRequest?
        do {
            try await withThrowingTaskGroup(of: Ended.self) { group in
                func start(_ place: Int) {
                    let part = parts[place]
                    group.addTask {
                        .pipeline(
                            place,
                            try await part.runner.run(
                                state: part.folder, until: { try? await part.stopping.wait(after: 0) },
                                observe: { standings.update($0) }))
                    }
                }
                func look(after known: ReloadWatch.Known) {
                    if !isOnce { group.addTask { .change(await watch.next(after: known)) } }
                }
                for place in parts.indices { start(place) }
                look(after: ReloadWatch.Known(files: files.map(\.file), content: files.map(\.content)))
                group.addTask { .stop(await context.stopRequest()) }
                while outcomes.count < parts.count, let ended = try await group.next() {
                    switch ended {
                    case .pipeline(let place, let outcome):
                        guard stop == nil, let next = parts[place].next else {
                            outcomes.append(outcome)
                            continue
                        }
                        parts[place] = Part(runner: next, folder: parts[place].folder)
                        context.log.info("Reloaded: it goes on", ["pipeline": outcome.snapshot.pipeline])
                        start(place)
                    case .change(let change):
                        guard let change, stop == nil else { continue }
                        for place in change.places {
                            parts[place].next = runner(change.known.files[place], change.known.content[place])
                            parts[place].stopping.beat()
                        }
                        look(after: change.known)
                    case .stop(let how):
                        stop = how
                        for part in parts { part.stopping.beat() }
                    }
                }
                group.cancelAll()
            }
        } catch {
            for server in servers { await server.stop() }
            throw error
        }
        for server in servers { await server.stop() }
        return report(outcomes, stop)
    }

    private func runner(_ file: PipelineFile, _ content: BuiltContent) -> PipelineRunner {
        PipelineRunner(file, content: content, surroundings: context.surroundings, plan: plan)
    }

    /// One server per address, whichever pipelines ask for it; each shows all of them.
    private func serve() throws -> [CommandContext.Served] {
        var servers: [CommandContext.Served] = []
        var seen: Set<String> = []
        for (file, _) in files {
            guard let admin = file.config.admin, let address = admin.address,
                seen.insert(admin.listen.value).inserted
            else { continue }
            let time = context.time
            let server = try context.serve(address.host, address.port) { [standings] request in
                AdminPages.response(to: request, runs: standings.all, now: time.now)
            }
            context.log.info("Metrics and health checks are served", ["url": server.url])
            servers.append(server)
        }
        return servers
    }

    private func report(_ outcomes: [RunOutcome], _ stop: CommandContext.StopRequest?) -> ExitStatus {
        standings.finish()
        var isWhole = true
        let wrong = Set(files.flatMap(\.content.wrongRules)).count
        if wrong > 0 {
            context.say(
                "\(grouped(wrong)) wrong \(wrong == 1 ? "rule was" : "rules were") left out: martlet validate"
            )
        }
        var refused = wrong
        for outcome in outcomes {
            let run = outcome.snapshot
            refused += outcome.refused + outcome.unreadable
            let left = run.exporters.filter { $0.pending > 0 }
            if !left.isEmpty || !outcome.stoppedCollectors.isEmpty { isWhole = false }
            context.say(
                "\(run.pipeline): \(grouped(run.records)) records, \(grouped(run.events)) events, "
                    + "\(grouped(run.findings)) findings")
            for exporter in run.exporters {
                context.say(
                    "  \(exporter.name): \(grouped(exporter.accepted)) accepted, \(grouped(exporter.refused)) refused, "
                        + "\(grouped(exporter.pending)) pending"
                        + (exporter.resent > 0 ? ", \(grouped(exporter.resent)) sent again" : "")
                        + (exporter.condition.reason.map { " (\(printable($0)))" } ?? ""))
            }
            for collector in outcome.stoppedCollectors {
                context.say("  \(collector.name) has stopped: \(printable(collector.reason))")
            }
            for collector in run.collectors where collector.problems > 0 {
                let count = collector.problems
                context.say(
                    "  \(collector.name): \(grouped(count)) \(count == 1 ? "thing" : "things") could not be read; "
                        + "see the log above")
            }
            let malformed = run.collectors.reduce(0) { $0 + $1.malformed }
            if malformed > 0 {
                context.say("  \(grouped(malformed)) records were refused: martlet deadletter list")
            }
        }
        switch stop {
        case .interrupt: return .interrupted
        case .terminate: return isOnce ? .interrupted : .done
        case nil: return !isWhole ? .notHeld : refused > 0 ? .refused : .done
        }
    }
}

/// How all pipelines stand, for the admin pages and the progress line.
private final class Standings: Sendable {
    /// Without a terminal a line of progress is logged this often.
    private static let logEvery = Duration.minutes(1)

    private struct State {
        var runs: [String: RunSnapshot] = [:]
        var lastLogged: Timestamp
        var lastLine = ""
    }

    private let state: Mutex<State>
    private let context: CommandContext
    private let isShown: Bool

    init(_ context: CommandContext) {
        self.context = context
        state = Mutex(State(lastLogged: context.time.now))
        isShown = context.messagesAreTerminal && !context.isQuiet && !context.logsJSON
    }

    var all: [RunSnapshot] { state.withLock { $0.runs.values.sorted { $0.pipeline < $1.pipeline } } }

    func update(_ run: RunSnapshot) {
        let now = context.time.now
        let (line, isDue) = state.withLock { state -> (String, Bool) in
            state.runs[run.pipeline] = run
            let line = Self.line(state.runs.values, now: now)
            let isDue = now - state.lastLogged >= Self.logEvery && line != state.lastLine
            if isDue {
                state.lastLogged = now
                state.lastLine = line
            }
            return (line, isDue)
        }
        if isShown {
            context.messages.write("\r\u{1B}[2K" + line)
            context.messages.finish()
        } else if isDue {
            context.log.info(
                "Progress",
                [
                    "pipeline": run.pipeline, "records": "\(run.records)", "events": "\(run.events)",
                    "accepted": "\(run.accepted)", "pending": "\(run.pending)",
                ])
        }
    }

    /// Clears the progress line.
    func finish() {
        guard isShown else { return }
        context.messages.write("\r\u{1B}[2K")
        context.messages.finish()
    }

    private static func line(_ runs: some Collection<RunSnapshot>, now: Timestamp) -> String {
        let records = runs.reduce(0) { $0 + $1.records }
        let start = runs.map(\.startedAt).min() ?? now
        let seconds = max(0.001, Double((now - start).nanoseconds) / 1e9)
        var parts = ["\(grouped(records)) records", "\(grouped(Int(Double(records) / seconds)))/s"]
        parts.append("\(grouped(runs.reduce(0) { $0 + $1.events })) events")
        parts.append("\(grouped(runs.reduce(0) { $0 + $1.findings })) findings")
        parts.append("\(grouped(runs.reduce(0) { $0 + $1.accepted })) accepted")
        parts.append("\(grouped(runs.reduce(0) { $0 + $1.pending })) pending")
        return parts.joined(separator: "  ")
    }
}
