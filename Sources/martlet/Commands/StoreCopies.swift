import Engine
import Pipeline
import Ports
import Store

extension Command {
    static let storeExport = Command(
        name: "store export",
        summary:
            "Copies the event store's segments to a folder or to S3, for other engines and other Martlets",
        discussion: """
            Each segment is created once, under a name that says which store it came from, and a catalog beside them says
            which count; so an export that was stopped, or is run every hour, copies what is new. Segments that were merged
            since take the place of those that they were merged of, which are removed. `martlet query --lake` asks the
            copy; DuckDB, Spark, Athena and others read it as Parquet. The pipeline may be running.

            S3 is reached as the AWS tools reach it: AWS_REGION, AWS_PROFILE, the standard chain of credentials, and
            AWS_ENDPOINT_URL_S3 for a store that speaks S3. Needed are s3:ListBucket, s3:GetObject, s3:PutObject and, for
            what was merged, s3:DeleteObject.
            """,
        arguments: [Argument("TARGET", "s3://BUCKET/PREFIX, or a folder")],
        options: [.from, .to, StoreReading.pipelines, StoreReading.store, .state],
        examples: [
            "martlet store export s3://example-lake/martlet",
            "martlet store export --from 2026-11-01 --to 2026-11-08 /mnt/case-17",
        ]
    ) { invocation, context in
        let place = try LakePlace(invocation.arguments[0])
        let copy = LakeCopy(try StorePlans.all(), times: try StoreCopies.times(invocation, context))
        let lake = try await StoreCopies.lake(place, writing: true, context)
        var isWhole = true
        for folder in try await StoreReading.folders(invocation, context) {
            let volume = try context.readingVolume(folder)
            var catalog = try await CatalogLog.read(volume)
            var line = ProgressLine("export", in: context)
            var all = LakeCopy.Outcome()
            // What is merged while it is being copied is in the next catalog.
            for _ in 0..<StoreCopies.passesMax {
                let outcome = try await copy.export(catalog, VolumeSource(volume), to: lake) { done, total in
                    line.update(bytes: done, of: total)
                }
                all.add(outcome)
                let now = try await CatalogLog.read(volume)
                if outcome.problems.isEmpty || now == catalog { break }
                catalog = now
            }
            line.finish()
            StoreCopies.say(all, "\(folder): exported", "to \(lake.name)", context)
            if !all.problems.isEmpty { isWhole = false }
        }
        return isWhole ? .done : .refused
    }

    static let storeImport = Command(
        name: "store import",
        summary: "Takes the segments of an export into an event store",
        discussion: """
            Each segment is read whole and checked, and is taken once, however often this is run. The store is that of a
            pipeline, which must not be running, or, with --store, a folder of your own, which is made where there is none.
            The pipeline's retention goes for what was taken in, too.
            """,
        arguments: [
            Argument(
                "SOURCE", "s3://BUCKET/PREFIX, or a folder that `store export` wrote, or another store's")
        ],
        options: [.from, .to, StoreReading.pipelines, StoreReading.store, .state],
        examples: [
            "martlet store import s3://example-lake/martlet --store ./case-17 --from 2026-11-01",
            "martlet store import /mnt/backup/store --pipeline pipeline.yaml",
        ]
    ) { invocation, context in
        let place = try LakePlace(invocation.arguments[0])
        let copy = LakeCopy(try StorePlans.all(), times: try StoreCopies.times(invocation, context))
        let folders = try await StoreReading.folders(invocation, context)
        guard folders.count == 1 else {
            throw CommandFailure(
                folders.isEmpty
                    ? "no store is there to import into: --store names a folder for one"
                    : "which store? --store or --pipeline names one of \(folders.joined(separator: ", "))",
                status: .usage)
        }
        let lake = try await StoreCopies.lake(place, writing: false, context)
        let store = EventStore(
            try StorePlans.all(), volume: try context.surroundings.volume(folders[0]), time: context.time)
        var line = ProgressLine("import", in: context)
        let outcome = try await copy.take(from: lake, into: store) { done, total in
            line.update(bytes: done, of: total)
        }
        line.finish()
        StoreCopies.say(outcome, "\(folders[0]): imported", "from \(lake.name)", context)
        return outcome.problems.isEmpty ? .done : .refused
    }
}

/// What exporting and importing have in common.
private enum StoreCopies {
    static let passesMax = 3

    static func times(_ invocation: Invocation, _ context: CommandContext) throws -> Range<Int64> {
        let now = context.time.now
        let from = invocation.time("from", now: now)?.milliseconds ?? .min
        let to = invocation.time("to", now: now)?.milliseconds ?? .max
        guard from <= to else { throw CommandFailure("--from is later than --to", status: .usage) }
        return from..<to
    }

    static func lake(_ place: LakePlace, writing: Bool, _ context: CommandContext) async throws -> any Lake {
        switch place {
        case .folder(let path):
            let folder = context.absolute(path)
            if writing { return FolderLake(path, try context.surroundings.volume(folder), isWritten: true) }
            guard try await context.files.entry(at: folder)?.kind == .folder else {
                throw CommandFailure("\(path): there is no such folder", status: .usage)
            }
            return FolderLake(path, try context.readingVolume(folder), isWritten: false)
        case .bucket(let name, let prefix):
            return try await LakePlace.lake(inBucket: name, prefix: prefix, context.surroundings)
        }
    }

    static func say(_ outcome: LakeCopy.Outcome, _ start: String, _ end: String, _ context: CommandContext) {
        for problem in outcome.problems { context.messages.writeLine(printable(problem)) }
        var line =
            "\(start) \(grouped(outcome.copied)) segments, \(grouped(outcome.rows)) rows, "
            + "\(ByteSize(outcome.bytes).rounded) \(end)"
        if outcome.known > 0 { line += "; \(grouped(outcome.known)) were there" }
        if outcome.replaced > 0 {
            line += "; \(grouped(outcome.replaced)) were replaced by what they were merged into"
        }
        context.say(line)
    }
}

extension LakeCopy.Outcome {
    fileprivate mutating func add(_ other: LakeCopy.Outcome) {
        copied += other.copied
        rows += other.rows
        bytes += other.bytes
        known = other.known
        replaced += other.replaced
        problems = other.problems
    }
}
