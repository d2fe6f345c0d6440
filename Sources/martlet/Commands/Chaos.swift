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
            acknowledgements are lost, disks fail and fill up, the clock is set, and the process is killed and started again.
            Then all faults end, and everything must have arrived, in the event store too.

            Prints for each exporter what it had to get (what a run without faults delivers), what it got, what came twice
            and how much of that the ledger has counted, and what was lost; then the ledger. Ends with status 1 if anything
            was lost, or came twice uncounted, or the ledger does not balance. The same seed gives the same run.
            What cannot be played is replaced by something alike, or refused, and said.

            --crashes, --down, --full-disks and --clock ask for more of it: a hundred deaths, a receiver that is away for a
            day, a disk that is full for a while. --every-exporter plays a pipeline of our own with each kind of exporter.

            --lying lets one receiver lose a part of what it has acknowledged, to see that this is found.
            """,
        arguments: [Argument("PIPELINE", "The pipeline file", kind: .path, isRequired: false)],
        options: [
            Option("seed", .integer(0...Int.max), "N", "What decides about everything (default: 1)"),
            Option(
                "seeds", .integer(1...1_000_000), "COUNT",
                "Runs with this many seeds, from --seed on (default: 1)"),
            Option(
                "minutes", .integer(1...10_080), "M",
                "Simulated minutes in which records appear and things fail (default: 60)"),
            Option(
                "crashes", .integer(1...10_000), "COUNT",
                "The process is killed so many times (default: up to five, as the seed decides)"),
            Option(
                "down", .text, "EXPORTER",
                "Its receiver cannot be reached but for the first and the last fortieth of the time"),
            Option("full-disks", "All disks fill up once, for a twentieth of the time"),
            Option("clock", "The clock is set in every run, on and back by days (default: in one of three)"),
            Option(
                "every-exporter", "A pipeline of our own with every kind of exporter, in place of PIPELINE"),
            Option("lying", .text, "EXPORTER", "Its receiver loses a part of what it has acknowledged"),
            .vendors,
            .format(
                ["table", "json"], "How verdicts are printed (default: table); json: one object per seed"),
        ],
        examples: [
            "martlet chaos pipelines/cloudtrail-files.yaml --seed 7",
            "martlet chaos pipelines/cloudtrail-to-splunk.yaml --seeds 100 --minutes 120",
            "martlet chaos pipelines/cloudtrail-to-splunk.yaml --minutes 1560 --crashes 100 --down siem",
            "martlet chaos --every-exporter --seeds 20",
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
        name = invocation.arguments.first ?? "--every-exporter"
        first = UInt64(invocation.integer("seed") ?? 1)
        count = invocation.integer("seeds") ?? 1
        isJSON = invocation.text("format") == "json"
    }

    /// The lab for the pipeline that was named; everything that the file is wrong in, or that the lab lacks, is thrown.
    static func lab(_ invocation: Invocation, _ context: CommandContext) async throws -> FaultLab {
        let file = try await file(invocation, context)
        let vendors = invocation.folders("vendors", in: context)
        let own = try await VendorFolder.own(of: file, beside: vendors, context.files)
        let feeds = try own.isEmpty ? FeedCatalog.builtIn() : FeedCatalog(own: own)
        let catalog = try own.isEmpty ? MappingCatalog.builtIn() : MappingCatalog(own: own)
        let content = try await BuiltContent.load(for: file, from: catalog, feeds: feeds, context.files)
        let wrong = file.config.collectors.entries.flatMap { entry in
            if case .api(let config) = entry.value { config.problems(among: feeds) } else { [Problem]() }
        }
        if !wrong.isEmpty { throw Problems(wrong) }
        let unknown = LabReceivers.unknown(in: file)
        if !unknown.isEmpty {
            throw Problems(
                unknown.map { Problem(at: nil, "the fault lab has no receiver for exporter \($0)") })
        }
        var settings = FaultLab.Settings()
        settings.minutes = invocation.integer("minutes") ?? settings.minutes
        settings.lying = try liar(invocation, file)
        settings.crashes = invocation.integer("crashes")
        settings.away = try away(invocation, file)
        settings.fillsDisks = invocation.isSet("full-disks")
        settings.setsClock = invocation.isSet("clock")
        let pipeline = LabPipeline(file, feeds)
        for replacement in pipeline.replacements { context.say("In the lab, \(printable(replacement))") }
        return FaultLab(
            pipeline: pipeline, content: content, catalog: feeds, folders: own + VendorFolder.builtIn,
            settings: settings)
    }

    private static func file(_ invocation: Invocation, _ context: CommandContext) async throws -> PipelineFile
    {
        if invocation.isSet("every-exporter") {
            guard invocation.arguments.isEmpty else {
                throw Problems([Problem(at: nil, "--every-exporter is in place of a pipeline file")])
            }
            return try await EveryExporter.file()
        }
        guard !invocation.arguments.isEmpty else {
            throw Problems([Problem(at: nil, "which pipeline file?", hint: "or --every-exporter")])
        }
        return try await PipelineFile.read(invocation.arguments, in: context)[0]
    }

    /// The exporter that an option names.
    private static func exporter(_ option: String, _ invocation: Invocation, _ file: PipelineFile) throws -> (
        name: String, value: ExporterConfig
    )? {
        guard let name = invocation.text(option) else { return nil }
        let entries = file.config.exporters.entries
        guard let entry = entries.first(where: { $0.name == name }) else {
            let near = nearestName(to: name, among: entries.map(\.name))
            throw Problems([
                Problem(
                    at: nil, "--\(option): the pipeline has no exporter “\(name)”",
                    hint: near.map { "did you mean “\($0)”?" } ?? "")
            ])
        }
        return (name, entry.value)
    }

    private static func away(_ invocation: Invocation, _ file: PipelineFile) throws -> String? {
        guard let entry = try exporter("down", invocation, file) else { return nil }
        if case .file = entry.value {
            throw Problems([Problem(at: nil, "--down: \(entry.name) writes files: nobody could be away")])
        }
        return entry.name
    }

    private static func liar(_ invocation: Invocation, _ file: PipelineFile) throws -> String? {
        guard let entry = try exporter("lying", invocation, file) else { return nil }
        if case .file = entry.value {
            throw Problems([Problem(at: nil, "--lying: \(entry.name) writes files: nobody acknowledges them")]
            )
        }
        return entry.name
    }

    func run() async throws -> ExitStatus {
        let expected = try lab.expected()
        var failed: [UInt64] = []
        var verdicts: [LabVerdict] = []
        for number in 0..<UInt64(count) {
            if Task.isCancelled { return .interrupted }
            let seed = first &+ number
            let verdict = LabVerdict(
                seed: seed, try lab.run(seed: seed), expected: expected, of: lab.pipeline)
            if !verdict.holds { failed.append(seed) }
            show(verdict)
            verdicts.append(verdict)
        }
        if count > 1, !isJSON { context.output.write(printableLines(LabVerdict.sum(verdicts))) }
        if count > 1 { context.say("\(grouped(count - failed.count)) of \(grouped(count)) seeds hold") }
        guard let seed = failed.first else { return .done }
        context.say("Again: martlet chaos \(name) --seed \(seed) --minutes \(lab.settings.minutes)\(also)")
        return .notHeld
    }

    /// What else was asked for, as it was typed.
    private var also: String {
        var words = ""
        if let crashes = lab.settings.crashes { words += " --crashes \(crashes)" }
        if let name = lab.settings.away { words += " --down \(name)" }
        if lab.settings.fillsDisks { words += " --full-disks" }
        if lab.settings.setsClock { words += " --clock" }
        return words
    }

    private func show(_ verdict: LabVerdict) {
        if isJSON { return context.output.writeLine(verdict.json) }
        let word = verdict.holds ? "holds" : "DOES NOT HOLD"
        context.say(
            "Seed \(verdict.seed): \(grouped(verdict.records)) records in \(lab.settings.minutes) simulated minutes, "
                + "\(verdict.crashes) crashes, \(verdict.diskFaults) faults of disks, "
                + "\(verdict.clockJumps) times the clock was set: \(word)")
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
