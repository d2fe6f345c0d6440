import Codecs
import Engine
import Foundation
import Pipeline
import Ports
import Store

/// What it costs to store events: from normalized batches to merged segments, on one thread.
enum StoreBench {
    /// Rows and bytes in a delivery at most, as a pipeline makes them.
    static let rows = 20_000
    static let bytes = 24 << 20

    static func run(_ arguments: [String]) async throws {
        guard arguments.count >= 2 else {
            print("usage: Bench store FEED FILE…, or @LIST for the files that LIST names, a line each")
            return
        }
        let paths = try paths(Array(arguments[1...]))
        let batches = try batches(feed: arguments[0], paths, keepsRecords: true)
        let events = batches.reduce(0) { $0 + $1.count }
        let rawBytes = batches.reduce(0) { $0 + $1.raw.count }
        try measureWriter(batches, events: events)
        print("with the vendor's records:")
        try await measure(batches, events: events, rawBytes: rawBytes)
        print("without them:")
        let plain = batches.map { batch -> EventBatch in
            var plain = batch
            for index in plain.events.indices { plain.events[index].raw = .none }
            return plain
        }
        try await measure(plain, events: events, rawBytes: rawBytes)
    }

    /// Events into columns, and columns into Parquet, apart.
    private static func measureWriter(_ batches: [EventBatch], events: Int) throws {
        guard let plan = try StorePlans.all().first else { return }
        let shredder = BatchShredder(plan, level: 1)
        var (shredding, writing) = (0.0, 0.0)
        var bytes = 0
        for batch in batches {
            let began = cpuSeconds()
            _ = shredder.shred(batch, shredder.wanted(batch))
            let shredded = cpuSeconds()
            for day in shredder.filledDays { bytes += try shredder.encode(day)?.bytes.count ?? 0 }
            shredding += shredded - began
            writing += cpuSeconds() - shredded
        }
        print(
            "\(events) events in \(batches.count) deliveries, \(batches[0].bytes.count / batches[0].count) bytes of OCSF each"
        )
        print("events into columns: \(perSecond(events, shredding)) events/s")
        print("Parquet writer: \(perSecond(events, writing)) rows/s, \(bytes >> 10) KiB")
    }

    /// What a catalog of so many segments costs whoever opens it, and each change of it.
    static func catalog(_ arguments: [String]) async throws {
        let count = arguments.first.flatMap { Int($0) } ?? 1_000_000
        let files = HeldFiles()
        let log = CatalogLog(volume: files)
        var catalog = Catalog()
        let day: Int64 = 86_400_000
        let segments = (0..<count).map { number in
            let from = Int64(19_000 + number * 1_000 / count) * day
            return Segment(
                table: "events", day: Int(from / day), number: UInt64(number + 1), rows: 20_000,
                bytes: 4 << 20,
                from: from, to: from + day - 1, level: 0, written: Timestamp(milliseconds: from + day))
        }
        try await log.commit(Catalog.Change(add: segments), to: &catalog)
        let began = cpuSeconds()
        let read = try await CatalogLog.read(files)
        let opened = cpuSeconds()
        let found = read.segments(of: "events", in: 19_500 * day..<19_501 * day).count
        let asked = cpuSeconds()
        for number in 0..<100 {
            let change = Catalog.Change(
                batch: Catalog.Batch(id: "\(number)", digest: "d"),
                remove: [segments[number * (count / 100)].path])
            try await log.commit(change, to: &catalog)
        }
        let changed = cpuSeconds()
        print(
            "\(count) segments: opened in \(Int((opened - began) * 1e3)) ms, a day's \(found) found in "
                + "\(Int((asked - opened) * 1e3)) ms, a change made durable in \(Int((changed - asked) * 1e4)) µs"
        )
    }

    private static func measure(_ batches: [EventBatch], events: Int, rawBytes: Int) async throws {
        let store = EventStore(try StorePlans.all(), volume: HeldFiles(), time: StandingClock())
        var (delivering, merging) = (0.0, 0.0)
        for (number, batch) in batches.enumerated() {
            let began = cpuSeconds()
            _ = try await store.append(batch, id: "\(number)")
            let appended = cpuSeconds()
            // As it goes, and at the end of the day.
            while try await store.mergeOnce(all: number == batches.count - 1) {}
            delivering += appended - began
            merging += cpuSeconds() - appended
        }
        let segments = await store.catalog.segments
        let bytes = segments.reduce(0) { $0 + $1.bytes }
        print(
            "  deliver \(perSecond(events, delivering)) events/s, merge \(perSecond(events, merging)), "
                + "both \(perSecond(events, delivering + merging)) per CPU second")
        print(
            "  \(segments.count) segments, \(bytes >> 10) KiB: \(bytes * 1_000 / Int64(rawBytes)) per mille of "
                + "\(rawBytes >> 10) KiB of raw JSON")
    }

    private static func perSecond(_ events: Int, _ seconds: Double) -> Int {
        Int(Double(events) / max(seconds, 1e-9))
    }

    private static func cpuSeconds() -> Double { Double(clock()) / Double(CLOCKS_PER_SEC) }

    /// Files as they are named, or those that `@LIST` names.
    static func paths(_ words: [String]) throws -> [String] {
        guard let list = words.first, list.hasPrefix("@") else { return words }
        return try String(contentsOfFile: String(list.dropFirst()), encoding: .utf8).split(separator: "\n")
            .map(String.init)
    }

    static func batches(feed: String, _ paths: [String], keepsRecords: Bool) throws -> [EventBatch] {
        var maker = BatchMaker(
            try MappingCatalog.builtIn().normalizer(for: feed, keepsRecords: keepsRecords))
        for path in paths {
            let bytes = try [UInt8](Data(contentsOf: URL(filePath: path)))
            maker.take(try Inflater.inflate(bytes, bytesMax: 1 << 30))
        }
        return maker.finish()
    }
}

/// Makes deliveries of files' records, as a pipeline would.
private struct BatchMaker {
    private let normalizer: Normalizer
    private let reader = RecordReader()
    private var batches: [EventBatch] = []
    private var open = EventBatch()
    private var refusals: [Refusal] = []

    init(_ normalizer: Normalizer) { self.normalizer = normalizer }

    mutating func take(_ file: [UInt8]) {
        reader.begin()
        normalizer.begin()
        reader.feed(file.span)
        drain()
        reader.finish()
        drain()
    }

    mutating func finish() -> [EventBatch] {
        if open.count > 0 { batches.append(open) }
        open = EventBatch()
        return batches
    }

    private mutating func drain() {
        while reader.advance() { normalizer.normalize(reader, into: &open, refusals: &refusals) }
        guard open.count >= StoreBench.rows || open.bytes.count >= StoreBench.bytes else { return }
        batches.append(open)
        open = EventBatch()
    }
}
