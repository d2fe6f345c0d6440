import Codecs
import Engine
import Exporters
import Ports
import Simulation
import Synchronization
import Testing

@testable import Pipeline

/// A receiver that was away for weeks: more waits for it than memory, or this machine's disk, would hold.
@Suite struct BacklogTests {
    private static let segments: UInt64 = 8_600
    private static let rows = 16
    private static let rowBytes = 512 << 10
    private static let key = LedgerKey(feed: "f", source: "s", arrival: Timestamp(seconds: 1_700_467_200))

    /// A disk on which every segment of the spool has the same bytes, which are held once, and which counts what is read.
    private final class VastVolume: Volume {
        let inner: SimulatedVolume
        let segment: [UInt8]
        private let removed = Mutex<Set<String>>([])
        private let read = Mutex<Int64>(0)

        init(_ inner: SimulatedVolume, segment: [UInt8]) {
            self.inner = inner
            self.segment = segment
        }

        var bytesRead: Int64 { read.withLock { $0 } }

        private func isSegment(_ path: String) -> Bool {
            guard path.hasPrefix("spool/siem/"), let number = segmentNumber(path) else { return false }
            return number < BacklogTests.segments && removed.withLock { !$0.contains(path) }
        }

        func append(_ bytes: [UInt8], to path: String) async throws(Fault) -> Int64 {
            try await inner.append(bytes, to: path)
        }
        func synchronize(_ path: String) async throws(Fault) { try await inner.synchronize(path) }
        func read(_ path: String, in range: Range<Int64>) async throws(Fault) -> [UInt8] {
            let bytes: [UInt8]
            if isSegment(path) {
                let clamped = range.clamped(to: 0..<Int64(segment.count))
                bytes = Array(segment[Int(clamped.lowerBound)..<Int(clamped.upperBound)])
            } else {
                bytes = try await inner.read(path, in: range)
            }
            read.withLock { $0 += Int64(bytes.count) }
            return bytes
        }
        func length(of path: String) async throws(Fault) -> Int64? {
            isSegment(path) ? Int64(segment.count) : try await inner.length(of: path)
        }
        func rename(_ old: String, to new: String) async throws(Fault) {
            try await inner.rename(old, to: new)
        }
        func remove(_ path: String) async throws(Fault) {
            if isSegment(path) { removed.withLock { _ = $0.insert(path) } }
            try await inner.remove(path)
        }
        func files(under folder: String) async throws(Fault) -> [String] {
            guard folder == "spool/siem" else { return try await inner.files(under: folder) }
            return (0..<BacklogTests.segments).map { Spool.path("siem", $0) }.filter { isSegment($0) }
        }
    }

    /// A segment as a spool writes it: some large events that no packing makes small.
    private func segment(_ world: Simulation) throws -> (bytes: [UInt8], extent: SpoolExtent) {
        let volume = SimulatedVolume(world)
        let written = try world.run { () async throws -> SpoolExtent? in
            let spool = Spool("siem", volume: volume)
            var page = SpoolPage()
            var compressor = Compressor(.zstd(level: 1))
            var generator = SeededGenerator(seed: 1)
            for row in 0..<Self.rows {
                var batch = EventBatch()
                batch.bytes = Array("u\(row) ".utf8)
                while batch.bytes.count < Self.rowBytes {
                    var word = generator.next()
                    for _ in 0..<10 {
                        batch.bytes.append(UInt8(0x30 + word & 0x3F))
                        word >>= 6
                    }
                }
                var event = Event(time: world.start)
                event.json = Extent(start: 0, count: batch.bytes.count)
                event.uid = Extent(start: 0, count: 2)
                batch.events = [event]
                try await spool.append(
                    SpoolFrame.Payload(batch, &compressor), key: Self.key, arrival: world.start, in: &page)
            }
            return page.extents.first?.extent
        }
        let extent = try #require(written ?? nil)
        return (volume[Spool.path("siem", 0)] ?? [], extent)
    }

    @Test("50 GiB that wait: a start reads hardly any of it, the oldest goes first, and the lag is told")
    func vast() throws {
        let world = Simulation(seed: 1)
        let (bytes, extent) = try segment(world)
        #expect(Int64(bytes.count) * Int64(Self.segments) > 50 << 30)
        let volume = VastVolume(SimulatedVolume(world), segment: bytes)
        let network = SimulatedNetwork(world)
        let receiver = BatchNames()
        // Nothing overtakes anything on the way, so that what comes first was sent first.
        var faults = SimulatedNetwork.Faults()
        faults.latency = .zero
        network.serve("https://siem.example.com/", receiver, faults: faults)
        let doors = Doors(transport: network.transport(), time: world, volume: volume, entropy: world)
        let outlets = [
            PipelineState.Outlet("siem", spool: Spool.Limits(bytesMax: 100 << 30, segmentBytes: 32 << 20))
        ]
        let total = UInt64(Self.rows) * Self.segments
        let writing = Doors(
            transport: doors.transport, time: world, volume: volume.inner, entropy: world)
        try world.run {
            let state = try await PipelineState.open(doors: writing, outlets: outlets)
            var commit = PageCommit(source: "s", position: nil)
            var row = Ledger.Row()
            row.records = Int(total)
            row.events = Int(total)
            row.exporters["siem"] = Ledger.Cell()
            row.exporters["siem"]?.queued = Int(total)
            commit.ledger = [.init(key: Self.key, row: row)]
            commit.queued = [
                .init(
                    exporter: "siem", account: 0,
                    extents: (0..<Self.segments).map { number in
                        var extent = extent
                        extent.segment = number
                        return extent
                    })
            ]
            _ = try await state.journal.commit([.page(commit)])
        }
        let before = volume.bytesRead
        let opened = try world.run { () async throws -> (bytes: Int64, reports: [SpoolReport]) in
            let state = try await PipelineState.open(doors: doors, outlets: outlets)
            let read = try #require(try await PipelineState.read(volume))
            return (await state.spools[0].bytes, try await SpoolReport.inspect(volume, read))
        }
        // The journal twice, the heads of the segments, and one frame for its time: nothing grows with what waits.
        #expect(volume.bytesRead - before < 8 << 20, "\(volume.bytesRead - before) bytes were read")
        #expect(opened?.bytes == Int64(bytes.count) * Int64(Self.segments))
        let report = try #require(opened?.reports.first)
        #expect(report.pendingRows == total && report.oldest == world.start && report.damage.isEmpty)

        try world.run(for: .seconds(20)) {
            let state = try await PipelineState.open(doors: doors, outlets: outlets)
            var limits = Shipper.Limits()
            limits.rowsMax = 16
            limits.bytesMax = 16 << 20
            let http = HTTPReceiver(
                WorldExporter(host: "siem.example.com"), transport: doors.transport, time: world)
            await state.shipper("siem", to: http, limits: limits)?.run()
        }
        let names = receiver.names
        #expect(names.count == 40)
        // Several go at once; none goes before its turn has come.
        for (place, name) in names.enumerated() {
            let first = name.split(separator: "-").first.flatMap { Int($0) } ?? .max
            #expect(abs(first / 16 - place) <= 4, "\(name) as number \(place)")
        }
    }

    /// Remembers the first batches' names in the order of their coming, and then wants to be left alone.
    private final class BatchNames: SimulatedServer {
        private static let namesMax = 40
        private let seen = Mutex<[String]>([])
        var names: [String] { seen.withLock { $0 } }
        func answer(_ request: HTTPRequest, at now: Timestamp) -> HTTPResponse {
            seen.withLock { names in
                if names.count >= Self.namesMax {
                    return HTTPResponse(status: 429, headers: ["Retry-After": "3600"])
                }
                names.append(request.headers["Batch"] ?? "")
                return HTTPResponse(status: 200)
            }
        }
    }
}
