import Engine
import Foundation
import Pipeline
import Ports
import Simulation
import Testing

@testable import Store

@Suite struct CatalogTests {
    private static func segment(_ number: Int, day: Int) -> Segment {
        let from = Int64(day) * Stored.day
        return Segment(
            table: number % 8 == 0 ? "findings" : "events", day: day, number: UInt64(number), rows: 20_000,
            bytes: 4 << 20, from: from, to: from + Stored.day - 1, level: 0,
            written: Timestamp(milliseconds: from + Stored.day))
    }

    /// A million in `scripts/test --all`; `Bench catalog` has the times.
    @Test(
        "A great many segments: the catalog is small, reads back whole, and a change costs as much as its line"
    )
    func many() throws {
        let world = Simulation(seed: 1)
        try world.run {
            let volume = SimulatedVolume(world)
            let count = ProcessInfo.processInfo.environment["MARTLET_SLOW"] == "1" ? 1_000_000 : 30_000
            var catalog = Catalog()
            let log = CatalogLog(volume: volume)
            let all = (1...count).map { Self.segment($0, day: 19_000 + $0 * 1_000 / count) }
            try await log.commit(Catalog.Change(add: all), to: &catalog)
            let path = try #require(volume.paths.first)
            #expect(volume[path]?.count ?? 0 < 130 * count)
            let read = try await CatalogLog.read(volume)
            #expect(read.count == count && read.nextNumber == UInt64(count + 1) && read == catalog)
            let day = Int64(19_500) * Stored.day
            let asked = read.segments(of: "events", in: day..<day + 1)
            #expect(asked.count == all.count { $0.table == "events" && $0.day == 19_500 } && !asked.isEmpty)
            let before = volume.bytesWritten
            for number in 1...100 {
                try await log.commit(
                    Catalog.Change(
                        batch: Catalog.Batch(id: "\(number)", digest: "d"),
                        add: [Self.segment(count + number, day: 19_500)], remove: [all[number].path]),
                    to: &catalog)
            }
            #expect(volume.bytesWritten - before < 100 * 400 && catalog.count == count)
            #expect(try await CatalogLog.read(volume) == catalog)
        }
    }

    @Test("A log is read as far as its whole lines go, and refused where a snapshot is cut")
    func cuts() throws {
        var catalog = Catalog()
        for number in 1...3 { catalog.apply(Catalog.Change(add: [Self.segment(number, day: 19_000)])) }
        let snapshot = catalog.snapshot(with: Catalog.Change(add: [Self.segment(4, day: 19_001)]))
        let change = Catalog.Change(
            batch: Catalog.Batch(id: "a \"b\"", digest: "é"), add: [Self.segment(5, day: -3)],
            remove: [Self.segment(1, day: 19_000).path]
        ).line
        for end in 0...snapshot.count + change.count {
            var fold = CatalogFold(name: "log")
            let bytes = Array((snapshot + change)[..<end])
            let firstLine = (snapshot.firstIndex(of: 10) ?? 0) + 1
            if end < snapshot.count {
                if end >= firstLine { #expect(throws: Fault.self) { try fold.take(bytes) } }
                continue
            }
            let taken = try fold.take(bytes)
            #expect(
                taken == (end == bytes.count && end == snapshot.count + change.count ? end : snapshot.count))
            #expect(fold.catalog.count == 4 && fold.snapshotBytes == snapshot.count)
            #expect(fold.catalog.batches.count == (taken == snapshot.count ? 0 : 1))
            #expect(fold.catalog.id.count == 8)
        }
    }

    @Test("Names say which store a segment came from, once")
    func names() {
        let path = "events/day=2026-11-24/0000000000000042.parquet"
        let shared = Segment.sharedPath(path, of: "1f3a5b7c")
        #expect(shared == "events/day=2026-11-24/0000000000000042-1f3a5b7c.parquet")
        #expect(Segment.sharedPath(shared, of: "other") == shared)
        #expect(Segment.name(of: path) == "42" && Segment.name(of: shared) == "42-1f3a5b7c")
        #expect(Segment.name(of: path, in: "1f3a5b7c") == Segment.name(of: shared))
        #expect(Segment.number(of: shared) == 42)
    }
}
