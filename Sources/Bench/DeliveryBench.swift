import Codecs
import Credentials
import Engine
import Exporters
import Foundation
import Pipeline
import Platform
import Ports
import Store
import Synchronization

/// What delivery costs: events from a spool to the request that would carry them, by the shipper that a pipeline has, to a
/// receiver that takes everything at once.
///
/// The spool is in memory, or on a disk with `--disk`, and the books are a list: what is measured is reading frames, cutting
/// batches, writing them as the receiver wants them, and packing. Memory is bounded whatever the backlog: with the spool on a
/// disk each way's peak says so.
enum DeliveryBench {
    /// Rows of a frame, as the lane makes them.
    private static let frameBytes = 1 << 20
    private static let rounds = 3

    /// One way to deliver.
    private struct Way {
        var name: String
        var receiver: @Sendable (TakingTransport) throws -> any Receiver
        var limits: Shipper.Limits
    }

    static func run(_ arguments: [String]) async throws {
        var words = arguments
        func option(_ name: String) -> String? {
            guard let place = words.firstIndex(of: name), place + 1 < words.count else { return nil }
            defer { words.removeSubrange(place...place + 1) }
            return words[place + 1]
        }
        let times = option("--times").flatMap { Int($0) } ?? 1
        let disk = option("--disk")
        let only = option("--way")
        guard words.count >= 2 else {
            print(
                "usage: Bench delivery [--times N] [--disk DIR] [--way NAME] FEED FILE…, or @LIST for the files that LIST "
                    + "names, a line each")
            return
        }
        let volume: any Volume =
            if let disk { KeptFiles(disk: try FileVolume(disk)) } else { HeldFiles(removes: false) }
        let spooled = try await spooled(words, times, volume)
        print(
            "\(spooled.rows) events of \(spooled.eventBytes) bytes in \(spooled.frames) frames, best of \(rounds), "
                + "\(ProcessInfo.processInfo.activeProcessorCount) cores; the spool has \(spooled.bytes >> 20) MiB, "
                + (disk == nil ? "in memory" : "on a disk"))
        print(Self.head)
        for way in ways where only.map({ way.name.contains($0) }) ?? true { try await measure(way, spooled) }
    }

    private static func spooled(
        _ words: [String], _ times: Int, _ volume: any Volume
    ) async throws -> SpooledEvents {
        let batches = try StoreBench.batches(
            feed: words[0], StoreBench.paths(Array(words[1...])), keepsRecords: false)
        return try await SpooledEvents(batches, times: times, frameBytes: frameBytes, volume)
    }

    private static let head =
        "way                      events/s   per CPU second   requests   bytes/event   MiB before, at most"

    private static var ways: [Way] {
        func limits(_ rows: Int, _ bytes: Int, _ concurrency: Int) -> Shipper.Limits {
            var limits = Shipper.Limits()
            (limits.rowsMax, limits.bytesMax, limits.concurrency) = (rows, bytes, concurrency)
            return limits
        }
        func http(_ form: Compressor.Form) -> @Sendable (TakingTransport) throws -> any Receiver {
            { transport in
                var config = GenericHTTP.Config(url: "https://siem.example.com/in")
                config.compression = form
                return HTTPReceiver(
                    GenericHTTP(config, time: SystemClock()), transport: transport, time: SystemClock())
            }
        }
        func objects(_ form: @escaping @Sendable () throws -> any ObjectForm)
            -> @Sendable (TakingTransport) throws -> any Receiver
        {
            { transport in
                let store = S3Objects(
                    "lake", endpoints: AWSEndpoints(region: "eu-central-1"), owner: nil, createsOnce: true)
                return ObjectReceiver(
                    store, form: try form(), prefix: "", name: "bench", transport: transport,
                    authorizer: Anonymous(), time: SystemClock())
            }
        }
        return [
            Way(name: "http, as it is", receiver: http(.plain), limits: limits(1_000, 1 << 20, 8)),
            Way(name: "http, gzip", receiver: http(.gzipFast), limits: limits(1_000, 1 << 20, 8)),
            Way(name: "http, zstd", receiver: http(.zstd(level: 1)), limits: limits(5_000, 4 << 20, 8)),
            Way(
                name: "elasticsearch, gzip",
                receiver: { transport in
                    var config = ElasticBulk.Config(url: "https://es.example.com", target: "logs")
                    config.compression = .gzipFast
                    return HTTPReceiver(
                        ElasticBulk(config), transport: transport, time: SystemClock())
                }, limits: limits(4_000, 4 << 20, 8)),
            Way(
                name: "objects, NDJSON gzip", receiver: objects { NDJSONForm(.gzipFast) },
                limits: limits(50_000, 32 << 20, 2)),
            Way(
                name: "objects, Parquet", receiver: objects { try ParquetForm(plans: StorePlans.all()) },
                limits: limits(50_000, 32 << 20, 2)),
            Way(
                name: "objects, Parquet, one", receiver: objects { try ParquetForm(plans: StorePlans.all()) },
                limits: limits(50_000, 32 << 20, 1)),
        ]
    }

    private static func measure(_ way: Way, _ spooled: SpooledEvents) async throws {
        var best = Double.infinity
        var cpu = Double.infinity
        var last = TakingTransport.Tally()
        let before = memoryMiB("VmRSS:")
        // The highest from now on.
        try? Data("5".utf8).write(to: URL(fileURLWithPath: "/proc/self/clear_refs"))
        for _ in 0..<rounds {
            let transport = TakingTransport()
            let log = ListedBooks(spooled.queue)
            let shipper = Shipper(
                "siem", to: try way.receiver(transport), spool: spooled.spool, log: log,
                doors: Doors(
                    transport: transport, time: SystemClock(), volume: spooled.volume,
                    entropy: SystemEntropy()),
                limits: way.limits)
            let (began, used) = (seconds(CLOCK_MONOTONIC), seconds(CLOCK_PROCESS_CPUTIME_ID))
            await withTaskGroup { group in
                group.addTask { await shipper.run() }
                shipper.flush()
                await log.waitUntilDone()
                shipper.stop()
            }
            best = min(best, seconds(CLOCK_MONOTONIC) - began)
            cpu = min(cpu, seconds(CLOCK_PROCESS_CPUTIME_ID) - used)
            last = transport.tally
        }
        let rows = Double(spooled.rows)
        print(
            way.name.padding(toLength: 22, withPad: " ", startingAt: 0),
            String(
                format: "%10.0f %16.0f %10d %13.0f %12d, %7d", rows / best, rows / cpu, last.requests,
                Double(last.bytes) / rows, before, memoryMiB("VmHWM:")))
    }

    private static func seconds(_ clock: clockid_t) -> Double {
        var time = timespec()
        unsafe clock_gettime(clock, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    private static func memoryMiB(_ name: String) -> Int {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix(name) }
        return (line?.split(whereSeparator: { !$0.isNumber }).first.flatMap { Int($0) } ?? 0) >> 10
    }
}

/// Files of a disk of which none is removed, to be read again.
private struct KeptFiles: Volume {
    let disk: FileVolume

    func append(_ bytes: [UInt8], to path: String) async throws(Fault) -> Int64 {
        try await disk.append(bytes, to: path)
    }
    func synchronize(_ path: String) async throws(Fault) {}
    func read(_ path: String, in range: Range<Int64>) async throws(Fault) -> [UInt8] {
        try await disk.read(path, in: range)
    }
    func length(of path: String) async throws(Fault) -> Int64? { try await disk.length(of: path) }
    func rename(_ old: String, to new: String) async throws(Fault) { try await disk.rename(old, to: new) }
    func remove(_ path: String) async throws(Fault) {}
    func files(under folder: String) async throws(Fault) -> [String] {
        try await disk.files(under: folder)
    }
}

/// Events in a spool, as a lane leaves them.
private struct SpooledEvents: Sendable {
    let volume: any Volume
    let spool: Spool
    private(set) var queue = SpoolQueue()
    private(set) var rows = 0
    private(set) var frames = 0
    private(set) var bytes: Int64 = 0
    let eventBytes: Int

    init(_ batches: [EventBatch], times: Int, frameBytes: Int, _ volume: any Volume) async throws {
        self.volume = volume
        eventBytes = batches.reduce(0) { $0 + $1.bytes.count } / max(1, batches.reduce(0) { $0 + $1.count })
        spool = Spool(
            "siem", volume: volume, limits: Spool.Limits(bytesMax: 1 << 40, segmentBytes: 32 << 20))
        try await spool.open(needed: [])
        var compressor = Compressor(.zstd(level: SpoolFrame.packingLevel))
        let key = LedgerKey(feed: "f", source: "s", hour: 1)
        for _ in 0..<times {
            for batch in batches {
                var page = SpoolPage()
                var frame = EventBatch()
                for event in batch.events {
                    frame.append(event, from: batch)
                    if frame.bytes.count < frameBytes { continue }
                    try await add(&frame, key, &page, &compressor)
                }
                try await add(&frame, key, &page, &compressor)
                for extent in page.extents { queue.commit(extent.extent) }
            }
        }
        bytes = await spool.bytes
    }

    private mutating func add(
        _ frame: inout EventBatch, _ key: LedgerKey, _ page: inout SpoolPage,
        _ compressor: inout Compressor
    ) async throws {
        if frame.count == 0 { return }
        let payload = SpoolFrame.Payload(frame, &compressor)
        try await spool.append(payload, key: key, arrival: Timestamp(seconds: 1), in: &page)
        rows += frame.count
        frames += 1
        frame.removeAll()
    }
}

/// The books in memory; nothing is removed, so that a spool can be shipped again.
private final class ListedBooks: DeliveryLog {
    private let queue: Mutex<SpoolQueue>
    private let done = Pulse()
    let committed = Pulse()

    init(_ queue: SpoolQueue) { self.queue = Mutex(queue) }

    func queue(of exporter: String) async -> SpoolQueue { queue.withLock { $0 } }

    func attempt(_ exporter: String, _ rows: Range<UInt64>, resent: [LedgerKey: Int]) async throws(Fault) {
        queue.withLock { $0.attempt(rows) }
    }

    func judge(
        _ exporter: String, _ rows: Range<UInt64>, accepted: [LedgerKey: Int], refused: [RefusedRow]
    ) async throws(Fault) {
        guard refused.isEmpty else {
            preconditionFailure("a receiver that takes everything refused \(refused[0].reason)")
        }
        let isDone = queue.withLock { queue in
            queue.judge(rows)
            return queue.pendingRows == 0
        }
        if isDone { done.beat() }
    }

    func release(_ exporter: String, _ rows: Range<UInt64>) async throws(Fault) {
        queue.withLock { $0.release(rows) }
    }

    func note(_ subject: String, _ text: String) async { print("\(subject): \(text)") }

    func waitUntilDone() async { try? await done.wait(after: 0) }
}

/// Takes whatever it is sent, at once.
private final class TakingTransport: Transport {
    struct Tally: Sendable {
        var requests = 0
        var bytes = 0
    }

    private let state = Mutex(Tally())

    var tally: Tally { state.withLock { $0 } }

    func send(_ request: HTTPRequest) async throws(Fault) -> HTTPResponse {
        state.withLock { tally in
            tally.requests += 1
            tally.bytes += request.body.count
        }
        guard request.url.contains("_bulk") else {
            return HTTPResponse(status: 200, headers: ["ETag": "\"1\""])
        }
        return HTTPResponse(status: 200, body: Self.items(of: request))
    }

    /// A word for each event, as Elasticsearch gives it.
    private static func items(of request: HTTPRequest) -> [UInt8] {
        let plain = (try? Inflater.inflate(request.body, bytesMax: 1 << 30)) ?? []
        let rows = plain.count { $0 == UInt8(ascii: "\n") } / 2
        let item = #"{"create":{"status":201}}"#
        let items = Array(repeating: item, count: rows).joined(separator: ",")
        return Array("{\"errors\":false,\"items\":[\(items)]}".utf8)
    }
}
