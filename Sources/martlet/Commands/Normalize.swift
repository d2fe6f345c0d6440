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
            is 3. Each record stands by itself: duplicates stay.
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
            Option("rejects", .path, "FILE", "Where refused records go, one JSON object a line"),
            Option("raw", "Adds raw_data, its size and hash"),
            Option("vendors", .path, "DIR", "More mappings: <vendor>/<feed>/mapping.yaml"),
        ],
        examples: [
            "martlet normalize --feed aws.cloudtrail logs/ > events.ndjson",
            "zcat old.gz | martlet normalize --feed auto --ocsf 1.1.0 --rejects bad.ndjson -",
        ]
    ) { invocation, context in
        let run = try await NormalizeRun(invocation, context)
        try await run.walk(invocation.arguments, context)
        return try await run.finish(context)
    }
}

/// One `normalize`: what is open, and what was counted.
private final class NormalizeRun {
    /// Refused records are written out when so many bytes have come together.
    private static let rejectBytes = 1 << 20

    private let feed: String
    private let normalizer: FeedNormalizer
    private var translator: OCSFTranslator?
    private let rejects: (volume: any Volume, name: String)?
    private var rejected: [UInt8] = []
    private var batch = EventBatch()
    private var translated: [UInt8] = []
    private var name = ""
    private var records = 0
    private var refused = 0
    private var unreadable = 0
    private var bytes = 0

    init(_ invocation: Invocation, _ context: CommandContext) async throws {
        feed = invocation.text("feed") ?? MappingCatalog.auto
        var own: [VendorFolder] = []
        if let folder = invocation.text("vendors") {
            own = try await VendorFolder.read(from: context.absolute(folder), with: context.files)
        }
        let catalog = try MappingCatalog(own: own)
        do {
            _ = try catalog.normalizer(for: feed)
        } catch {
            throw CommandFailure(error.description, status: .usage)
        }
        normalizer = FeedNormalizer(catalog, keepsRaw: invocation.isSet("raw"))
        if let version = invocation.text("ocsf").flatMap({ OCSFSchema.Version(rawValue: $0) }) {
            translator = try OCSFContent.translator(to: version)
        }
        if let file = invocation.text("rejects") {
            let path = context.absolute(file)
            let slash = path.lastIndex(of: "/") ?? path.startIndex
            let folder = slash == path.startIndex ? "/" : String(path[..<slash])
            rejects = (try context.surroundings.volume(folder), String(path[path.index(after: slash)...]))
        } else {
            rejects = nil
        }
    }

    func walk(_ inputs: [String], _ context: CommandContext) async throws {
        let walker = InputWalker(files: context.files, readInput: context.readInput)
        if let rejects { try await rejects.volume.remove(rejects.name) }
        let paths = inputs.map { $0 == "-" ? $0 : context.absolute($0) }
        for path in paths {
            try await walker.walk([path]) { step in
                switch step {
                case .begins(let name):
                    self.name = name
                    normalizer.begin(name, feed: feed)
                case .ends(let fault):
                    normalizer.finish()
                    drain(context)
                    if let fault {
                        unreadable += 1
                        reject(line: 0, reason: fault, raw: [])
                        context.say("\(name): \(fault)")
                    }
                    try await writeRejected(atLeast: Self.rejectBytes)
                case .unreadable(let name, let reason):
                    self.name = name
                    unreadable += 1
                    reject(line: 0, reason: reason, raw: [])
                    context.say("\(name): \(reason)")
                }
            } bytes: { window, count in
                bytes += count
                normalizer.feed(window.span.extracting(0..<count))
                drain(context)
                try await writeRejected(atLeast: Self.rejectBytes)
            }
        }
    }

    /// Writes what the bytes fed so far have given.
    private func drain(_ context: CommandContext) {
        while normalizer.advance(into: &batch) {
            records += batch.count
            if translator == nil {
                context.output.write(batch.bytes)
            } else {
                translated.removeAll(keepingCapacity: true)
                for event in batch.events { translate(event) }
                context.output.write(translated)
            }
            for refusal in normalizer.refusals {
                refused += 1
                reject(line: refusal.line, reason: refusal.reason, raw: refusal.raw)
            }
        }
    }

    private func translate(_ event: Event) {
        do {
            try translator?.translate(batch.bytes, event.json.range, into: &translated)
            translated.append(0x0A)
        } catch {
            refused += 1
            reject(line: 0, reason: "not to be written in this version: \(error)", raw: [])
        }
    }

    private func reject(line: Int, reason: String, raw: [UInt8]) {
        guard rejects != nil else { return }
        var entry = DeadLetterEntry(feed: feed, source: "", reason: reason, raw: raw, at: .epoch)
        entry.file = name
        entry.line = line
        entry.write(into: &rejected)
    }

    private func writeRejected(atLeast count: Int) async throws {
        guard let rejects, !rejected.isEmpty, rejected.count >= count else { return }
        _ = try await rejects.volume.append(rejected, to: rejects.name)
        rejected.removeAll(keepingCapacity: true)
    }

    func finish(_ context: CommandContext) async throws -> ExitStatus {
        try await writeRejected(atLeast: 1)
        if let rejects, refused + unreadable > 0 { try await rejects.volume.synchronize(rejects.name) }
        context.output.finish()
        context.say(
            "\(records) events, \(refused) records refused, \(unreadable) inputs not read to their end")
        return refused + unreadable > 0 ? .refused : .done
    }
}
