import Codecs
import Engine
import Exporters
import Pipeline
import Platform
import Ports
import Simulation

extension Command {
    static let demo = Command(
        name: "demo",
        summary: "Shows all of it on a generated week, or on your own CloudTrail files",
        discussion: """
            Generates a seeded week of a fictitious organization's audit logs, the last whole one before now, with attacks
            hidden in it, serves it from loopback servers shaped like S3, SQS, the APIs of the other vendors, and Splunk,
            and runs the real pipeline over it: collect, normalize to OCSF, detect, deliver, account. With --input it
            reads your files instead.

            Nothing leaves this machine. DIR is made where it is missing; a demo that already stands in it is
            replaced, and nothing else is touched. Files in PATH that are no CloudTrail at all are named and left out.
            """,
        options: [
            Option("dir", .path, "DIR", "Where everything is kept (default: ./martlet-demo)"),
            Option("input", .path, "PATH", "Your own CloudTrail: a file, or a folder that is walked"),
            Option("seed", .integer(0...Int.max), "N", "What the week is made from (default: 1)"),
            Option("days", .integer(1...31), "D", "How many days of it (default: 7)"),
            Option(
                "serve", "Open the console over it afterwards, and keep the loopback servers up, until Ctrl-C"
            ),
        ],
        examples: [
            "martlet demo", "martlet demo --seed 7 --dir /tmp/week", "martlet demo --input ./CloudTrail",
        ]
    ) { invocation, context in
        let folder = context.absolute(invocation.text("dir") ?? "martlet-demo")
        let input = invocation.text("input").map { context.absolute($0) }
        if let input, try await context.files.entry(at: input) == nil {
            throw CommandFailure("there is no file or folder \(input)", status: .usage)
        }
        var week = SyntheticTrail.Options()
        week.seed = UInt64(invocation.integer("seed") ?? 1)
        week.days = invocation.integer("days") ?? week.days
        let demo = Demo(
            folder: folder, input: input, week: Demo.lately(week, before: context.time.now),
            isServing: invocation.isSet("serve"), context: context)
        return try await demo.run()
    }
}

/// One run of the demo, from an empty folder to the summary.
struct Demo: Sendable {
    let folder: String
    let input: String?
    let week: SyntheticTrail.Options
    let isServing: Bool
    let context: CommandContext
    /// Beats when the user wants it to end.
    let stop = Pulse()

    /// What a demo folder holds; the first of it says that the folder is a demo's.
    private static let marker = "pipeline.yaml"
    private static let parts = ["cloudtrail", "state", "findings", "feeds", "labels.jsonl", "pipeline.yaml"]

    /// How long after its end the last of a week's records has been delivered.
    private static let delivery = Duration.hours(6)

    /// The same week, moved by whole weeks to the last one that is over: vendors keep their records for a while only, and
    /// have none of tomorrow.
    static func lately(_ week: SyntheticTrail.Options, before now: Timestamp) -> SyntheticTrail.Options {
        var moved = week
        let past = now - (week.start + .days(max(1, week.days)) + delivery)
        let weeks = floorDivide(past.components.seconds, 7 * 86_400)
        moved.start = week.start + .days(Int(weeks) * 7)
        return moved
    }

    func run() async throws -> ExitStatus {
        // Heard once for the whole of it: whoever listens in a part that ends takes the others' ears with them.
        let listener = Task {
            _ = await context.stopRequest()
            stop.beat()
        }
        defer { listener.cancel() }
        let own = try await survey()
        let loopback = try DemoLoopback(time: context.time)
        var generated: Generated?
        do {
            let volume = try context.surroundings.volume(folder)
            try await clear(volume)
            if input == nil { generated = try await generate(into: volume, loopback) }
            _ = try await volume.append(Array(pipeline(loopback, own, generated).utf8), to: Demo.marker)
        }
        let start = context.time.now
        let outcome = try await runPipeline(of: generated?.records)
        let seconds = Double((context.time.now - start).nanoseconds) / 1e9
        let summary = try await summary(outcome, loopback, generated, own, seconds: seconds)
        context.output.write(summary.text(usesColor: context.usesColor))
        context.output.finish()
        if isServing, !outcome.wasStopped { try await serve(loopback, generated?.vendors) }
        await loopback.stop()
        await generated?.vendors?.stop()
        if outcome.wasStopped { return .interrupted }
        if !summary.isBalanced || !outcome.stoppedCollectors.isEmpty { return .notHeld }
        return outcome.refused > 0 || own?.unreadable.isEmpty == false ? .refused : .done
    }

    /// What of the user's files is CloudTrail; `nil` for a generated week.
    private func survey() async throws -> DemoInput? {
        guard let input else { return nil }
        var progress = ProgressLine("Looking for CloudTrail", in: context)
        let own = try await DemoInput.survey(input, except: folder, context.files) { files in
            progress.update(bytes: 0, of: nil, counts: ["files": files])
            if stop.beats > 0 { throw CancellationError() }
        }
        progress.finish()
        if own.files == 0 {
            for file in (own.unreadable + own.skipped).prefix(8) {
                context.say(printable("\(file.path): \(file.reason)"))
            }
            throw CommandFailure("there is no CloudTrail in \(input)", status: .usage)
        }
        return own
    }

    struct Generated: Sendable {
        var labels: [Label]
        /// The other systems that recorded anything.
        var feeds: [String] = []
        /// Those of them that are asked by their APIs.
        var vendors: DemoVendors?
        var files = 0
        var records = 0
        var bytes = 0
    }

    /// Removes an earlier demo; refuses a folder that holds anything else.
    private func clear(_ volume: any Volume) async throws {
        let files = try await volume.files(under: "")
        if files.isEmpty { return }
        let isDemo = files.contains(Demo.marker)
        let strange = files.first { file in !Demo.parts.contains { file == $0 || file.hasPrefix("\($0)/") } }
        guard isDemo, strange == nil else {
            throw CommandFailure(
                "\(folder) holds other files (\(strange ?? files[0])): choose another folder with --dir",
                status: .usage)
        }
        for file in files { try await volume.remove(file) }
    }

    private func generate(into volume: any Volume, _ loopback: DemoLoopback) async throws -> Generated {
        var trail = SyntheticTrail(week)
        var feeds = SyntheticFeeds(seed: week.seed, identities: week.identities)
        var generated = Generated(labels: [])
        var compressor = Compressor(.gzipFast)
        var progress = ProgressLine("Generating a week", in: context)
        while let file = trail.next() {
            var packed: [UInt8] = []
            compressor.pack(file.json, into: &packed)
            _ = try await volume.append(packed, to: "cloudtrail/\(file.key)")
            loopback.put(packed, as: file.key, at: file.delivered)
            generated.files += 1
            generated.records += file.records
            generated.bytes += file.json.count
            progress.update(
                bytes: Int64(generated.bytes),
                of: Int64(Double(generated.bytes) / max(0.001, trail.fractionDone)),
                counts: ["records": generated.records])
            for moment in trail.takeMoments() { feeds.play(moment) }
            if stop.beats > 0 { throw CancellationError() }
        }
        progress.finish()
        let days = feeds.files()
        generated.feeds = Set(days.map(\.feed)).sorted()
        if week.days <= DemoVendors.daysMax {
            generated.vendors = try DemoVendors(days, seed: week.seed, time: context.time)
        }
        let inventory = SyntheticInventory(seed: week.seed, identities: week.identities, at: week.start)
        for file in days + [inventory.file] {
            _ = try await volume.append(file.bytes, to: "feeds/\(file.path)")
            generated.files += 1
            generated.records += file.records
            generated.bytes += file.bytes.count
        }
        generated.labels = trail.labels + feeds.labels
        let truth = generated.labels.map { $0.json + "\n" }.joined()
        _ = try await volume.append(Array(truth.utf8), to: "labels.jsonl")
        return generated
    }

    /// The pipeline that the demo runs, as a user would write it.
    private func pipeline(_ loopback: DemoLoopback, _ own: DemoInput?, _ generated: Generated?) -> String {
        let collector =
            if let own {
                """
                  files:
                    feed: aws.cloudtrail
                    from: files
                    paths:
                \(own.paths.map { "      - \(Demo.yaml($0))" }.joined(separator: "\n"))
                """
            } else {
                """
                  trail:
                    feed: aws.cloudtrail
                    from: s3_sqs
                    queue: \(loopback.queue.url)
                    region: us-east-1
                    endpoint: \(loopback.vendor.url)
                    wait: 0s
                  aws_access:
                    feed: \(SyntheticInventory.feed)
                    from: files
                    paths: feeds/\(SyntheticInventory.folder)
                \((generated?.feeds ?? []).map { lines(of: $0, generated?.vendors) }.joined(separator: "\n"))
                """
            }
        return """
            # Written by martlet demo. The servers it names end with the demo (keep them up with --serve).
            name: demo
            collectors:
            \(collector)
            exporters:
              siem:
                to: splunk_hec
                url: \(loopback.siem.url)
                token: \(DemoLoopback.token)
              findings:
                to: file
                path: findings
                compression: none
                receives: [findings]

            """
    }

    /// What collects one of the other feeds: by its API, or from its folder where it has none.
    private func lines(of feed: String, _ vendors: DemoVendors?) -> String {
        let name = "  \(feed.replacing(".", with: "_")):\n"
        // What was asked for in the night before the first visit is of the day before.
        if let own = vendors?.collector(of: feed, since: week.start - .days(1)) { return name + own }
        return name + """
                feed: \(feed)
                from: files
                paths: feeds/\(feed.replacing(".", with: "/"))
            """
    }

    /// In single quotes, as YAML writes it.
    private static func yaml(_ text: String) -> String {
        "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
    }
}
