import Engine
import Pipeline
import Ports
import Simulation

extension Command {
    static let chaos = Command(
        name: "chaos",
        summary: "Runs a pipeline against simulated vendors and receivers while everything fails",
        discussion: """
            Plays your own pipeline file in simulated time: an hour takes seconds, and no network, no credential and no file
            of this machine is touched but the pipeline file and what it names. Records like each feed's appear over the
            hour; meanwhile, as the seed decides, vendors throttle, repeat and forget pages, tokens end, connections break
            before and after a receiver has worked, answers drip or never come, receivers refuse and put off single events,
            acknowledgements are lost, disks fail and fill up, and the process is killed and started again. Then all faults
            end, and everything must have arrived.

            Prints for each exporter what it had to get (what a run without faults delivers), what it got, what came twice
            and how much of that the ledger has counted, and what was lost; then the ledger. Ends with status 1 if anything
            was lost, or came twice uncounted, or the ledger does not balance. The same seed gives the same run.
            What cannot be played is replaced by something alike, or refused, and said.

            --lying lets one receiver lose a part of what it has acknowledged, to see that this is found.
            """,
        arguments: [Argument("PIPELINE", "The pipeline file", kind: .path)],
        options: [
            Option("seed", .integer(0...Int.max), "N", "What decides about everything (default: 1)"),
            Option(
                "seeds", .integer(1...1_000_000), "COUNT",
                "Runs with this many seeds, from --seed on (default: 1)"),
            Option(
                "minutes", .integer(1...10_080), "M",
                "Simulated minutes in which records appear and things fail (default: 60)"),
            Option("lying", .text, "EXPORTER", "Its receiver loses a part of what it has acknowledged"),
            .vendors,
            .format(
                ["table", "json"], "How verdicts are printed (default: table); json: one object per seed"),
        ],
        examples: [
            "martlet chaos pipelines/cloudtrail-files.yaml --seed 7",
            "martlet chaos pipelines/cloudtrail-to-splunk.yaml --seeds 100 --minutes 120",
        ]
    ) { invocation, context in
        let lab = try await ChaosSession.lab(invocation, context)
        return try await ChaosSession(lab, invocation, context).run()
    }
}

/// One `martlet chaos`: seed after seed.
private struct ChaosSession {
    private let lab: FaultLab
    private let context: CommandContext
    private let name: String
    private let first: UInt64
    private let count: Int
    private let isJSON: Bool

    init(_ lab: FaultLab, _ invocation: Invocation, _ context: CommandContext) {
        self.lab = lab
        self.context = context
        name = invocation.arguments[0]
        first = UInt64(invocation.integer("seed") ?? 1)
        count = invocation.integer("seeds") ?? 1
        isJSON = invocation.text("format") == "json"
    }

    /// The lab for the pipeline that was named; everything that the file is wrong in, or that the lab lacks, is thrown.
    static func lab(_ invocation: Invocation, _ context: CommandContext) async throws -> FaultLab {
        let file = try await PipelineFile.read(invocation.arguments, in: context)[0]
        let vendors = invocation.folders("vendors", in: context)
        let own = try await VendorFolder.own(of: file, beside: vendors, context.files)
        let feeds = try own.isEmpty ? FeedCatalog.builtIn() : FeedCatalog(own: own)
        let catalog = try own.isEmpty ? MappingCatalog.builtIn() : MappingCatalog(own: own)
        let content = try await BuiltContent.load(for: file, from: catalog, feeds: feeds, context.files)
        let unknown = LabReceivers.unknown(in: file)
        if !unknown.isEmpty {
            throw Problems(
                unknown.map { Problem(at: nil, "the fault lab has no receiver for exporter \($0)") })
        }
        var settings = FaultLab.Settings()
        settings.minutes = invocation.integer("minutes") ?? settings.minutes
        settings.lying = try liar(invocation, file)
        let pipeline = LabPipeline(file, feeds)
        for replacement in pipeline.replacements { context.say("In the lab, \(printable(replacement))") }
        return FaultLab(
            pipeline: pipeline, content: content, catalog: feeds, folders: own + VendorFolder.builtIn,
            settings: settings)
    }

    private static func liar(_ invocation: Invocation, _ file: PipelineFile) throws -> String? {
        guard let name = invocation.text("lying") else { return nil }
        let entries = file.config.exporters.entries
        guard let entry = entries.first(where: { $0.name == name }) else {
            let near = nearestName(to: name, among: entries.map(\.name))
            throw Problems([
                Problem(
                    at: nil, "--lying: the pipeline has no exporter “\(name)”",
                    hint: near.map { "did you mean “\($0)”?" } ?? "")
            ])
        }
        if case .file = entry.value {
            throw Problems([Problem(at: nil, "--lying: \(name) writes files: nobody acknowledges them")])
        }
        return name
    }

    func run() async throws -> ExitStatus {
        let expected = try lab.expected()
        var failed: [UInt64] = []
        for number in 0..<UInt64(count) {
            if Task.isCancelled { return .interrupted }
            let seed = first &+ number
            let verdict = LabVerdict(
                seed: seed, try lab.run(seed: seed), expected: expected, of: lab.pipeline)
            if !verdict.holds { failed.append(seed) }
            show(verdict)
        }
        if count > 1 { context.say("\(grouped(count - failed.count)) of \(grouped(count)) seeds hold") }
        guard let seed = failed.first else { return .done }
        context.say("Again: martlet chaos \(name) --seed \(seed) --minutes \(lab.settings.minutes)")
        return .notHeld
    }

    private func show(_ verdict: LabVerdict) {
        if isJSON { return context.output.writeLine(verdict.json) }
        let word = verdict.holds ? "holds" : "DOES NOT HOLD"
        context.say(
            "Seed \(verdict.seed): \(grouped(verdict.records)) records in \(lab.settings.minutes) simulated minutes, "
                + "\(verdict.crashes) crashes: \(word)")
        if count == 1 || !verdict.holds { context.output.write(printableLines(verdict.text)) }
        guard count == 1 else { return }
        var report = LedgerReport()
        report.add(verdict.ledger, of: lab.pipeline.file.config.name.value)
        context.output.write("\n" + report.text(.table))
    }

    /// What came out of logs and receivers is text, and nothing that a terminal obeys.
    private func printableLines(_ text: String) -> String {
        text.split(separator: "\n").map { printable(String($0)) + "\n" }.joined()
    }
}
