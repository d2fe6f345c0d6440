import Engine
import Pipeline
import Ports

extension Command {
    static let normalize = Command(
        name: "normalize",
        summary: "Turns records into OCSF events, one a line, in input order",
        discussion: """
            INPUT is files, folders (in name order) or - for standard input; plain, gzip or zstd. A record that cannot
            be read is counted, and kept with its reason in the --rejects FILE; the rest goes on, and the exit status
            is 3. Each record stands by itself: duplicates stay. SIGINT and SIGTERM end it behind a whole record, with what
            was read written out and counted, and status 130.
            """,
        arguments: [
            Argument("INPUT", "Files, folders or -", kind: .path, isRepeated: true)
        ],
        options: [
            Option(
                "feed", .text, "FEED", "Whose records they are: aws.cloudtrail, …; auto tells each one's",
                isRequired: true),
            Option(
                "ocsf", .choice(OCSFSchema.Version.allCases.map(\.rawValue)), "VERSION",
                "The OCSF version of the events (default: \(OCSFSchema.Version.canonical.rawValue))"),
            .rejects,
            Option("raw", "Adds raw_data, its size and hash"),
            Option("attribute", "Reads the input twice, and writes into each event who is behind it"),
            .identities, .geo,
            Option(
                "validate", "Checks each event against its OCSF version; status 1 if one is not valid"),
            Option("vendors", .path, "DIR", "More mappings: <vendor>/<feed>/mapping.yaml"),
        ],
        examples: [
            "martlet normalize --feed aws.cloudtrail logs/ > events.ndjson",
            "zcat old.gz | martlet normalize --feed auto --ocsf 1.1.0 --rejects bad.ndjson -",
        ]
    ) { invocation, context in
        let run = try await NormalizeRun(invocation, context)
        let isWhole = try await InputSession("Normalizing", invocation, context).walk(into: run) {
            ["events": run.events, "refused": run.refused.records]
        }
        return try await run.finish(context, isWhole: isWhole)
    }
}

/// One `normalize`: what is open, and what was counted.
private final class NormalizeRun: InputSink {
    private let feed: String
    private let normalizer: FeedNormalizer
    private var attributor: Attributor?
    private var locator: Locator?
    private var translator: OCSFTranslator?
    let refused: InputRefusals
    private let output: Output
    private var batch = EventBatch()
    private var translated: [UInt8] = []
    private var name = ""
    private(set) var events = 0
    private var audit: EventAudit?

    init(_ invocation: Invocation, _ context: CommandContext) async throws {
        feed = invocation.text("feed") ?? MappingCatalog.auto
        output = context.output
        var own: [VendorFolder] = []
        if let folder = invocation.text("vendors") {
            own = try await VendorFolder.read(from: context.absolute(folder), with: context.files)
        }
        let catalog = try MappingCatalog(own: own)
        _ = try catalog.normalizer(for: feed)
        attributor = try await Attributor.read(feed: feed, catalog, invocation, context)
        locator = try await Geography.read(invocation, context).map { Locator($0) }
        normalizer = FeedNormalizer(
            catalog, keepsRaw: invocation.isSet("raw"), keepsActs: attributor != nil)
        if let version = invocation.text("ocsf").flatMap({ OCSFSchema.Version(rawValue: $0) }) {
            translator = try OCSFContent.translator(to: version)
        }
        if invocation.isSet("validate") {
            let version = invocation.text("ocsf").flatMap { OCSFSchema.Version(rawValue: $0) }
            audit = try EventAudit(version ?? .canonical)
        }
        refused = try await InputRefusals.make(feed: feed, invocation, context)
    }

    func begin(_ file: String) {
        name = file
        normalizer.begin(file, feed: feed)
    }

    func feed(_ bytes: Span<UInt8>) {
        normalizer.feed(bytes)
        drain()
    }

    func finish(fault: String?) {
        normalizer.finish()
        drain()
        if let fault { refused.add(name, reason: fault) }
    }

    func settle() async throws(Fault) { try await refused.settle() }

    /// Writes what the bytes fed so far have given.
    private func drain() {
        while true {
            batch.removeAll()
            guard normalizer.advance(into: &batch) else { return }
            locator?.locate(&batch)
            attributor?.attribute(&batch, mayBeEnriched: normalizer.mayEnrich)
            events += batch.count
            if translator == nil {
                if audit != nil {
                    for event in batch.events { check(event, batch.bytes.span.extracting(event.json.range)) }
                }
                output.write(batch.bytes)
            } else {
                translated.removeAll(keepingCapacity: true)
                for event in batch.events { translate(event) }
                output.write(translated)
            }
            for refusal in normalizer.refusals { refused.add(name, refusal) }
        }
    }

    private func translate(_ event: Event) {
        let start = translated.count
        do {
            try translator?.translate(batch.bytes, event.json.range, into: &translated)
            check(event, translated.span.extracting(start...))
            translated.append(0x0A)
        } catch {
            refused.add(
                name,
                Refusal(
                    ordinal: Int(event.ordinal), line: 0,
                    reason: "not to be written in this version: \(error)", raw: []))
        }
    }

    private func check(_ event: Event, _ text: borrowing Span<UInt8>) {
        audit?.check(text, at: "\(name), record \(event.ordinal + 1)")
    }

    func finish(_ context: CommandContext, isWhole: Bool) async throws -> ExitStatus {
        try await refused.finish()
        output.finish()
        audit?.tell(context)
        refused.tell(context)
        context.say(
            (isWhole ? "" : InputSession.interruption)
                + "\(events) events, \(refused.records) records refused, \(refused.inputs) inputs not read to their end"
        )
        if !isWhole { return .interrupted }
        if let audit, !audit.holds { return .notHeld }
        return refused.isEmpty ? .done : .refused
    }
}
