import Engine
import Pipeline
import Ports
import Store

extension Command {
    static let storeStats = Command(
        name: "store stats",
        summary: "Shows what the event store holds: days, rows, bytes",
        options: [
            StoreReading.lake, StoreReading.cache, StoreReading.pipelines, StoreReading.store, .state,
            .format(
                ["table", "json"], "table, or one JSON object a line (default where output is no terminal)"),
        ],
        examples: ["martlet store stats", "martlet store stats --store backup/store --format json"]
    ) { invocation, context in
        let isJSON = (invocation.text("format") ?? (context.outputIsTerminal ? "table" : "json")) == "json"
        let opened = try await StoreReading.open(invocation, context)
        let days = StoreDays(opened.reader)
        var table = TextTable(
            ["table", "day", "segments", "merged", "rows", "bytes", "bytes/row"], width: nil)
        for day in days.all {
            if isJSON {
                context.output.writeLine(day.json)
                continue
            }
            let perRow = day.rows > 0 ? Int(day.bytes) / day.rows : 0
            context.output.write(
                table.add([
                    day.table, day.name, grouped(day.segments), grouped(day.merged), grouped(day.rows),
                    ByteSize(day.bytes).rounded, grouped(perRow),
                ]))
        }
        if !isJSON, !days.all.isEmpty { context.output.write(table.finish()) }
        let (rows, bytes) = days.all.reduce(into: (0, Int64(0))) { $0 = ($0.0 + $1.rows, $0.1 + $1.bytes) }
        context.say(
            "\(grouped(rows)) rows, \(ByteSize(bytes).rounded), in \(opened.folders.joined(separator: ", "))")
        return .done
    }

    static let storeVerify = Command(
        name: "store verify",
        summary: "Reads every segment of the event store whole and checks it",
        discussion: """
            Every check sum and every row count is compared, and files that the catalog does not know are named. Ends with
            status 1 if anything is damaged. --rebuild writes a new catalog from the segments that are sound; nothing may
            be running then.
            """,
        options: [
            StoreReading.pipelines, StoreReading.store, .state,
            Option("rebuild", "Write a new catalog from the segments"),
        ],
        examples: ["martlet store verify", "martlet store verify --store backup/store --rebuild"]
    ) { invocation, context in
        var isSound = true
        for folder in try await StoreReading.folders(invocation, context) {
            if invocation.isSet("rebuild") {
                let volume = try context.surroundings.volume(folder)
                let outcome = try await StoreCheck(try StorePlans.all(), volume).rebuild(at: context.time.now)
                for problem in outcome.problems {
                    context.output.writeLine(printable("\(folder)/\(problem)"))
                }
                context.say(
                    "\(folder): a catalog of \(grouped(outcome.segments)) segments, \(grouped(outcome.rows)) rows"
                )
                if !outcome.problems.isEmpty { isSound = false }
                continue
            }
            let check = StoreCheck(try StorePlans.all(), try context.readingVolume(folder))
            let outcome = try await check.verify()
            for problem in outcome.problems { context.output.writeLine(printable("\(folder)/\(problem)")) }
            context.say(
                "\(folder): \(grouped(outcome.segments)) segments, \(grouped(outcome.rows)) rows, "
                    + (outcome.problems.isEmpty ? "all whole" : "\(grouped(outcome.problems.count)) problems")
            )
            if !outcome.problems.isEmpty { isSound = false }
        }
        return isSound ? .done : .notHeld
    }

    static let storeCompact = Command(
        name: "store compact",
        summary: "Merges the event store's segments now",
        discussion:
            "A running pipeline does this by itself, as days fill up; its store is locked against this command.",
        options: [StoreReading.pipelines, StoreReading.store, .state],
        examples: ["martlet store compact"]
    ) { invocation, context in
        for folder in try await StoreReading.folders(invocation, context) {
            let volume = try context.surroundings.volume(folder)
            let store = EventStore(try StorePlans.all(), volume: volume, time: context.time)
            try await store.open()
            let before = await store.catalog.count
            while try await store.mergeOnce(all: true) { try Task.checkCancellation() }
            try await store.tidy(all: true)
            let after = await store.catalog.count
            context.say("\(folder): \(grouped(before)) segments are now \(grouped(after))")
        }
        return .done
    }
}
