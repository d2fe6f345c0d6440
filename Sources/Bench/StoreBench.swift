import Codecs
import Engine
import Foundation
import Pipeline
import Ports
import Store

/// What it costs to store events: from normalized batches to merged segments, on one thread.
enum StoreBench {
    /// Rows in a delivery, as a pipeline makes them.
    static let rows = 20_000

    static func run(_ arguments: [String]) async throws {
        guard arguments.count >= 2 else {
            print("usage: Bench store FEED FILE…")
            return
        }
        let batches = try batches(feed: arguments[0], Array(arguments[1...]))
        let events = batches.reduce(0) { $0 + $1.count }
        let rawBytes = batches.reduce(0) { $0 + $1.raw.count }
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

    private static func measure(_ batches: [EventBatch], events: Int, rawBytes: Int) async throws {
        let store = EventStore(try StorePlans.all(), volume: HeldFiles(), time: StandingClock())
        let began = cpuSeconds()
        for (number, batch) in batches.enumerated() { _ = try await store.append(batch, id: "\(number)") }
        let appended = cpuSeconds()
        var isMerging = true
        while isMerging { isMerging = try await store.mergeOnce(all: true) }
        let merged = cpuSeconds()
        let segments = await Array(store.catalog.segments.values)
        let bytes = segments.reduce(0) { $0 + $1.bytes }
        print(
            "  deliver \(perSecond(events, appended - began)) events/s, merge \(perSecond(events, merged - appended)), "
                + "both \(perSecond(events, merged - began)) per CPU second")
        print(
            "  \(segments.count) segments, \(bytes >> 10) KiB: \(bytes * 1_000 / Int64(rawBytes)) per mille of "
                + "\(rawBytes >> 10) KiB of raw JSON")
    }

    private static func perSecond(_ events: Int, _ seconds: Double) -> Int {
        Int(Double(events) / max(seconds, 1e-9))
    }

    private static func cpuSeconds() -> Double { Double(clock()) / Double(CLOCKS_PER_SEC) }

    private static func batches(feed: String, _ paths: [String]) throws -> [EventBatch] {
        var maker = BatchMaker(try MappingCatalog.builtIn().normalizer(for: feed, keepsRecords: true))
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
        guard open.count >= StoreBench.rows else { return }
        batches.append(open)
        open = EventBatch()
    }
}
