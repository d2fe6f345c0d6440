import Engine
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
            content: try await BuiltContent.load(for: files[0], from: try MappingCatalog(), context.files),
            surroundings: surroundings, plan: plan)
        let stop = context.stopRequest
        let outcome = try await runner.run(
            state: stateFolder, until: { _ = await stop() }, observe: { progress.show($0) })
        progress.finish()
        return outcome
    }

    var stateFolder: String { StateFolders.path(of: "demo", in: "\(folder)/state") }

    func summary(
        _ outcome: RunOutcome, _ loopback: DemoLoopback, _ generated: Generated?, seconds: Double
    ) -> DemoSummary {
        let tally = loopback.siemTally.tally
        let shown = Demo.short(folder, from: context.currentFolder)
        let program = Demo.short(
            context.environment["MARTLET_PROGRAM"] ?? "martlet", from: context.currentFolder)
        let logs = input.map { Demo.short($0, from: context.currentFolder) } ?? "\(shown)/cloudtrail"
        var places = [("Findings", "\(shown)/findings"), ("Pipeline", "\(shown)/pipeline.yaml")]
        if generated != nil {
            places.insert(("CloudTrail", logs), at: 0)
            places.insert(("Truth", "\(shown)/labels.jsonl"), at: 1)
        }
        places.append(("State", "\(shown)/state"))
        return DemoSummary(
            title: generated == nil
                ? "Martlet on \(logs)"
                : "A week at Example Corp (seed \(week.seed)): CloudTrail → OCSF → Splunk HEC",
            snapshot: outcome.snapshot, tally: tally,
            recall: generated.map { DemoRecall($0.labels, tally.findings) },
            objects: outcome.snapshot.collectors.reduce(0) { $0 + $1.fetched }, inputBytes: generated?.bytes,
            seconds: seconds, places: places,
            commands: [
                (
                    "the completeness ledger, from the state on disk",
                    "\(program) ledger --state \(shown)/state"
                ),
                ("one OCSF event per line", "\(program) normalize --feed aws.cloudtrail \(logs) | head -3"),
                ("one finding per line", "\(program) detect --feed aws.cloudtrail \(logs) | head -3"),
                ("what a pipeline file looks like, checked", "\(program) validate \(shown)/pipeline.yaml"),
            ])
    }

    /// A path as it is typed from where the user stands.
    private static func short(_ path: String, from folder: String) -> String {
        path.hasPrefix(folder + "/") ? String(path.dropFirst(folder.utf8.count + 1)) : path
    }

    /// Holds the servers up until the user stops it.
    func serve(_ loopback: DemoLoopback) async {
        context.say("")
        context.say("S3 and SQS: \(loopback.vendor.url)   Splunk HEC: \(loopback.siem.url)")
        context.say("Run the pipeline yourself (Ctrl-C here ends the servers):")
        context.say(
            "  AWS_ACCESS_KEY_ID=\(DemoLoopback.accessKey) AWS_SECRET_ACCESS_KEY=\(DemoLoopback.secretKey) \\"
        )
        context.say("  martlet run --once --state /tmp/again \(folder)/pipeline.yaml")
        _ = await context.stopRequest()
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
