import Collectors
import Engine
import Exporters
import Pipeline
import Ports

extension Command {
    static let ledger = Command(
        name: "ledger",
        summary: "Prints the completeness ledger: what became of every record",
        discussion: """
            Per feed, source and hour of arrival: objects listed and fetched, records read, and what each became, and for
            every exporter what was accepted, refused and is pending. Ends with status 1 if a row does not balance.
            `resent` counts events sent again without knowing whether the first try arrived.
            """,
        arguments: [StateReading.pipelines],
        options: [
            .state, .from, .to,
            Option("feed", .text, "FEED", "Only this feed: aws.cloudtrail"),
            Option(
                "verify-digests", .path, "PIPELINE",
                "Verify CloudTrail's digest files of this pipeline's buckets instead (default: the last day)",
                isRepeated: true),
            Option(
                "verify", .text, "s3://BUCKET/PREFIX",
                "Compare the objects that exporters have written there with the ledger instead"),
            .format(LedgerReport.Format.allCases.map(\.rawValue), "How it is printed (default: table)"),
        ],
        examples: [
            "martlet ledger --from -24h", "martlet ledger pipelines/cloudtrail-to-splunk.yaml",
            "martlet ledger --format json --feed aws.cloudtrail",
            "martlet ledger --verify s3://acme-lake/martlet pipelines/lake.yaml",
        ]
    ) { invocation, context in
        let now = context.time.now
        let pipelines = invocation.texts("verify-digests")
        if !pipelines.isEmpty { return try await verifyDigests(pipelines, invocation, context) }
        if let lake = invocation.text("verify") { return try await verify(lake, invocation, context) }
        var report = LedgerReport()
        var delays: [FeedDelay] = []
        for folder in try await StateReading.folders(invocation.arguments, invocation, context) {
            let measured = FeedDelay.all(in: folder.state.positions)
            delays += measured
            report.add(
                folder.state.ledger, of: folder.name, from: invocation.time("from", now: now),
                to: invocation.time("to", now: now),
                feed: invocation.text("feed"),
                delays: Dictionary(measured.map { ($0.source, $0) }, uniquingKeysWith: { first, _ in first }))
        }
        let format = invocation.text("format").flatMap { LedgerReport.Format(rawValue: $0) } ?? .table
        context.output.write(report.text(format))
        let total = report.total
        if report.lines.isEmpty {
            context.say("Nothing has been collected yet")
            return .done
        }
        for line in report.unbalanced {
            context.messages.writeLine(
                "\(line.pipeline) \(line.key.feed) \(line.key.source) \(line.hour) does not balance")
        }
        context.say(
            "\(grouped(total.records)) records = \(grouped(total.malformed)) malformed + \(grouped(total.duplicate)) "
                + "duplicate + \(grouped(total.filtered)) filtered + \(grouped(total.events)) events"
                + (report.unbalanced.isEmpty ? ": it balances" : ""))
        for delay in delays { context.say(printable(delay.text)) }
        return report.unbalanced.isEmpty ? .done : .notHeld
    }

    /// What exporters have written to a bucket, compared with what the ledger says they were given.
    private static func verify(
        _ lake: String, _ invocation: Invocation, _ context: CommandContext
    ) async throws -> ExitStatus {
        guard case .bucket(let bucket, let prefix) = try LakePlace(lake) else {
            throw CommandFailure("--verify takes s3://BUCKET/PREFIX")
        }
        let places = try await PipelineFile.places(
            invocation.arguments.map { context.absolute($0) }, shownAs: invocation.arguments,
            environment: context.environment, context.files)
        func writers(_ place: PipelineFile.Place) -> [BucketPlace] {
            place.buckets.filter { $0.stands(in: bucket, below: prefix) }
        }
        let keys = try await LakePlace.lake(
            inBucket: bucket, prefix: prefix, as: places.flatMap(writers).first, context.surroundings
        ).keys()
        var results = 0
        var isComplete = true
        for folder in try await StateReading.folders(invocation.arguments, invocation, context) {
            let refused = folder.state.ledger.total.exporters.mapValues(\.refused)
            let found = LakeVerification.compare(
                keys: keys, of: folder.name, queues: folder.state.queues, refused: refused,
                writers: Set(places.filter { $0.name == folder.name }.flatMap(writers).map(\.exporter)))
            results += found.count
            for result in found {
                context.output.writeLine(
                    "\(folder.name) \(result.exporter): \(grouped(Int(result.judged))) events judged, "
                        + "\(grouped(Int(result.found))) in \(grouped(result.objects)) objects, "
                        + "\(grouped(Int(result.refused))) refused: "
                        + (result.isComplete ? "complete" : "NOT COMPLETE"))
                if result.isComplete { continue }
                isComplete = false
                for rows in result.missing {
                    context.output.writeLine(
                        "  rows \(rows.lowerBound) to \(rows.upperBound) are in no object")
                }
                for batch in result.incomplete {
                    context.output.writeLine("  of batch \(printable(batch)) an object is missing")
                }
            }
        }
        if results == 0 {
            context.messages.writeLine(
                "No object under \(printable(lake)) was written by an exporter of this state")
            return .notHeld
        }
        return isComplete ? .done : .notHeld
    }

    /// What CloudTrail signed, compared with what is in the buckets.
    private static func verifyDigests(
        _ paths: [String], _ invocation: Invocation, _ context: CommandContext
    ) async throws -> ExitStatus {
        let now = context.time.now
        var isClean = true
        for file in try await PipelineFile.read(paths, in: context) {
            let check = DigestCheck(file, context.surroundings)
            let results = try await check.results(
                from: invocation.time("from", now: now), to: invocation.time("to", now: now))
            for result in results {
                context.output.writeLine("\(file.config.name.value) \(result.source)")
                context.output.write(result.report.text)
                if !result.report.isClean { isClean = false }
            }
            if results.isEmpty { context.say("\(file.config.name.value) lists no bucket") }
        }
        return isClean ? .done : .notHeld
    }
}
