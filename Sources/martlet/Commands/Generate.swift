import Codecs
import Engine
import Exporters
import Pipeline
import Ports
import Simulation

extension Command {
    static let generate = Command(
        name: "generate",
        summary:
            "Writes synthetic CloudTrail of a fictitious organization, with labelled attacks hidden in it",
        discussion: """
            The same seed gives the same records. DIR/cloudtrail holds the logs, laid out and named as CloudTrail
            delivers them (or one NDJSON file with --format ndjson), DIR/labels.jsonl the truth: one line for each
            record that belongs to an attack, with its storyline, step and ATT&CK technique. DIR/feeds holds what the
            other systems record of the same people, a file for each feed and day: \(SyntheticFeeds.feeds.joined(separator: ", ")).

            Storylines: \(Storyline.names.prefix(6).joined(separator: ", ")),
            \(Storyline.names.dropFirst(6).joined(separator: ", ")).
            """,
        options: [
            Option("seed", .integer(0...Int.max), "N", "What the week is made from", isRequired: true),
            Option("out", .path, "DIR", "Where to write; made where it is missing", isRequired: true),
            Option(
                "scenario", .choices(["all", "none"] + Storyline.names), "NAMES",
                "Attack storylines to hide in it (default: all)"),
            Option(
                "days", .integer(1...3_650), "D", "How many days, from Monday, 2 November 2026 (default: 7)"),
            Option("identities", .integer(1...100_000), "N", "How many people work there (default: 200)"),
            Option(
                "mib", .integer(1...4_194_304), "N", "About how many MiB of JSON (default: what comes of it)"),
            .format(
                ["s3", "ndjson"], "Objects as CloudTrail delivers them, or one NDJSON file (default: s3)"),
        ],
        examples: [
            "martlet generate --seed 1 --out week",
            "martlet generate --seed 1 --out day --days 1 --scenario role-chain,insider --format ndjson",
        ]
    ) { invocation, context in
        var options = SyntheticTrail.Options()
        options.seed = UInt64(invocation.integer("seed") ?? 0)
        options.days = invocation.integer("days") ?? options.days
        options.identities = invocation.integer("identities") ?? options.identities
        options.mebibytes = invocation.integer("mib")
        options.storylines = storylines(invocation.choices("scenario"))
        let folder = context.absolute(invocation.text("out") ?? "")
        let volume = try context.surroundings.volume(folder)
        if !(try await volume.files(under: "cloudtrail")).isEmpty {
            throw CommandFailure(
                "\(folder)/cloudtrail already holds logs: choose another folder or remove it", status: .usage)
        }
        let stop = Pulse()
        let listener = Task {
            _ = await context.stopRequest()
            stop.beat()
        }
        defer { listener.cancel() }
        let writing = try await TrailWriter.write(
            options, asNDJSON: invocation.text("format") == "ndjson", to: volume, in: context, until: stop)
        context.say(
            "\(grouped(writing.records)) records in \(grouped(writing.files)) "
                + "\(writing.files == 1 ? "file" : "files"), \(ByteSize(Int64(writing.bytes)).rounded) of JSON, "
                + "\(grouped(writing.labels)) of them labelled")
        context.say("Logs:   \(folder)/cloudtrail")
        context.say("Labels: \(folder)/labels.jsonl")
        return .done
    }

    private static func storylines(_ names: [String]) -> [String] {
        if names.isEmpty || names.contains("all") { return Storyline.names }
        return names.filter { $0 != "none" }
    }
}

/// Writes a synthetic trail to a folder.
struct TrailWriter {
    private(set) var files = 0
    private(set) var records = 0
    private(set) var bytes = 0
    private(set) var labels = 0

    /// Labels are few: one record in some hundreds. Asked to stop, it leaves what it has written, without labels.
    static func write(
        _ options: SyntheticTrail.Options, asNDJSON: Bool, to volume: any Volume, in context: CommandContext,
        until stop: Pulse
    ) async throws -> TrailWriter {
        var trail = SyntheticTrail(options)
        var feeds = SyntheticFeeds(seed: options.seed, identities: options.identities)
        var writer = TrailWriter()
        var progress = ProgressLine("Generating", in: context)
        var compressor = Compressor(.gzipFast)
        var output: [UInt8] = []
        while let file = trail.next() {
            output.removeAll(keepingCapacity: true)
            if asNDJSON {
                file.appendLines(to: &output)
                _ = try await volume.append(output, to: "cloudtrail/cloudtrail.ndjson")
                writer.files = 1
            } else {
                compressor.pack(file.json, into: &output)
                _ = try await volume.append(output, to: "cloudtrail/\(file.key)")
                writer.files += 1
            }
            writer.records += file.records
            writer.bytes += file.json.count
            let whole = Double(writer.bytes) / max(0.001, trail.fractionDone)
            progress.update(
                bytes: Int64(writer.bytes), of: Int64(whole),
                counts: ["records": writer.records, "files": writer.files])
            for moment in trail.takeMoments() { feeds.play(moment) }
            try await writer.write(feeds.files(before: trail.playedUntil), to: volume)
            if stop.beats > 0 { throw CancellationError() }
        }
        progress.finish()
        let inventory = SyntheticInventory(
            seed: options.seed, identities: options.identities, at: options.start)
        try await writer.write(feeds.files() + [inventory.file], to: volume)
        let labels = trail.labels + feeds.labels
        writer.labels = labels.count
        let truth = labels.map { $0.json + "\n" }.joined()
        _ = try await volume.append(Array(truth.utf8), to: "labels.jsonl")
        return writer
    }

    /// The other systems' days, as NDJSON.
    private mutating func write(_ days: [SyntheticFeeds.File], to volume: any Volume) async throws(Fault) {
        for file in days {
            _ = try await volume.append(file.bytes, to: "feeds/\(file.path)")
            files += 1
            records += file.records
            bytes += file.bytes.count
        }
    }
}
