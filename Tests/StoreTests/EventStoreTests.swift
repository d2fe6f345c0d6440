import Codecs
import Engine
import Foundation
import Pipeline
import Ports
import Simulation
import Testing

@testable import Store

@Suite struct EventStoreTests {
    private func store(
        _ volume: any Volume, _ world: Simulation, _ change: (inout EventStore.Limits) -> Void = { _ in }
    )
        throws -> EventStore
    {
        var limits = EventStore.Limits()
        limits.rowGroupRows = 16
        limits.mergeMin = 3
        change(&limits)
        return EventStore(try StorePlans.all(), volume: volume, time: world, limits: limits)
    }

    @Test("What is delivered is in segments of its table and day, once, however often it comes")
    func deliveries() throws {
        let world = Simulation(seed: 1)
        try world.run {
            let volume = SimulatedVolume(world)
            let store = try self.store(volume, world)
            #expect(try await store.append(Stored.batch(0..<60), id: "0-60").isEmpty)
            _ = try await store.append(Stored.batch(0..<60), id: "0-60")
            _ = try await store.append(Stored.batch(60..<100), id: "60-100")
            #expect(try await Stored.uids(volume) == Stored.expected(0..<100))
            #expect(try await Stored.uids(volume, "findings") == Stored.expected(0..<100, findings: true))
            let again = try self.store(volume, world)
            _ = try await again.append(Stored.batch(60..<100), id: "60-100")
            #expect(try await Stored.uids(volume) == Stored.expected(0..<100))
            for segment in await again.catalog.segments {
                #expect(segment.from / Stored.day == segment.to / Stored.day)
                #expect(segment.path.hasPrefix("\(segment.table)/day=2023-11-"))
            }
        }
    }

    @Test("Merging a day keeps every row, in order, and frees the old files after their grace")
    func merging() throws {
        let world = Simulation(seed: 2)
        try world.run {
            let volume = SimulatedVolume(world)
            let store = try self.store(volume, world)
            for part in 0..<6 {
                _ = try await store.append(
                    Stored.batch(part * 50..<part * 50 + 50, spacing: 60_000), id: "\(part)")
            }
            let before = volume.paths.filter { $0.hasSuffix(".parquet") }
            while try await store.mergeOnce() {}
            #expect(try await Stored.uids(volume) == Stored.expected(0..<300))
            let merged = await store.catalog.segments(of: "events", in: .min ..< .max)
            #expect(merged.count == 1 && merged[0].level == 1 && merged[0].rows == 240)
            try await store.tidy()
            #expect(Set(before).isSubset(of: volume.paths))
            try await world.sleep(until: world.now + .minutes(11))
            try await store.tidy()
            #expect(volume.paths.filter { $0.hasSuffix(".parquet") }.count == 2)

            let plan = store.plans[0]
            let reader = try await SegmentReader(merged[0], plan, VolumeSource(volume))
            let principals = try await reader.texts(plan.principal).map { $0 ?? "" }
            #expect(principals == principals.sorted() && Set(principals).count == 7)
            let events = try await reader.events(withRaw: true)
            let wanted = Stored.batch(0..<300, spacing: 60_000)
            let texts = Set(wanted.events.filter { $0.kind == .event }.map { wanted.json(of: $0).count })
            #expect(events.count == 240 && !texts.isEmpty)
            #expect(events.allSatisfy { $0.contains(#""raw_data":"{\"eventID\":\"e-"#) })
        }
    }

    @Test("What is past its age or beyond the size goes, the oldest first")
    func retention() throws {
        let world = Simulation(seed: 3)
        try world.run {
            let volume = SimulatedVolume(world)
            let store = try self.store(volume, world)
            _ = try await store.append(Stored.batch(0..<240), id: "a")
            try await world.sleep(until: Timestamp(milliseconds: Stored.start + 10 * Stored.day))
            try await store.expire(Retention(age: .days(5)))
            let days = await Set(store.catalog.segments.map(\.day))
            #expect(days.count == 6 && days.min() == Segment.day(of: Stored.start) + 5)
            let bytes = await store.catalog.segments.reduce(0) { $0 + $1.bytes }
            try await store.expire(Retention(age: .days(50), bytesMax: bytes / 2))
            let left = await store.catalog.segments.map(\.day)
            #expect(left.count > 1 && left.count < 10 && left.max() == days.max())
        }
    }

    /// Parts of the points, side by side.
    private static let shards = 8

    /// Stops the machine at every change of the disk and at many of the bytes written, at every one of them in
    /// `scripts/test --all`, of three deliveries and a merge.
    @Test("A crash anywhere loses nothing that was answered and stores nothing twice", arguments: 0..<shards)
    func crashes(shard: Int) throws {
        let world = Simulation(seed: 4)
        let whole = SimulatedVolume(world)
        try world.run { _ = try await Self.work(self.store(whole, world)) }
        var points = (0..<whole.changes).map { SimulatedVolume.CrashPoint.beforeChange($0) }
        let isThorough = ProcessInfo.processInfo.environment["MARTLET_SLOW"] == "1"
        let bytes = stride(
            from: Int64(1), to: whole.bytesWritten, by: isThorough ? 1 : Int(whole.bytesWritten) / 150)
        points += bytes.map { .beforeByte($0) }
        for (number, point) in points.enumerated() where number % Self.shards == shard {
            let world = Simulation(seed: UInt64(100 + number))
            let volume = SimulatedVolume(world, crashPoint: point)
            try world.run {
                let answered = try await Self.work(self.store(volume, world))
                let disk = volume.crash()
                let kept = try await Stored.uids(disk)
                #expect(Set(Stored.expected(0..<answered * 40)).isSubset(of: kept), "\(point)")
                // What was under way comes again, and then everything is there once.
                _ = try await Self.work(self.store(disk, world))
                #expect(try await Stored.uids(disk) == Stored.expected(0..<120), "\(point)")
                #expect(try await Stored.uids(disk, "findings") == Stored.expected(0..<120, findings: true))
            }
        }
    }

    /// Deliveries that were answered before the machine stopped.
    private static func work(_ store: EventStore) async throws -> Int {
        for part in 0..<3 {
            do throws(Fault) {
                _ = try await store.append(
                    Stored.batch(part * 40..<part * 40 + 40, spacing: 60_000), id: "\(part)")
            } catch {
                return part
            }
        }
        do throws(Fault) { while try await store.mergeOnce() {} } catch {}
        return 3
    }

    @Test("A catalog from a newer version, and one that is damaged inside, are refused with what to do")
    func catalogs() throws {
        let world = Simulation(seed: 5)
        try world.run {
            let volume = SimulatedVolume(world)
            let store = try self.store(volume, world)
            for part in 0..<4 { _ = try await store.append(Stored.batch(part..<part + 1), id: "\(part)") }
            let path = try #require(volume.paths.first { $0.hasPrefix("catalog/") })
            let bytes = try #require(volume[path])
            let first = try #require(bytes.firstIndex(of: UInt8(ascii: "\n")))
            volume.flipBit(1, ofByte: first + 20, in: path)
            let fault = await #expect(throws: Fault.self) { try await CatalogLog.read(volume) }
            #expect(fault?.message.contains("store verify --rebuild") == true)

            let newer = SimulatedVolume(world)
            let json = Array(#"{"v":99,"next":1,"batches":[],"segments":[]}"#.utf8)
            let line = Array("\(String(CRC32C.of(json), radix: 16)) ".utf8) + json + [UInt8(ascii: "\n")]
            _ = try await newer.append(line, to: "catalog/00000001.log")
            let refusal = await #expect(throws: Fault.self) { try await CatalogLog.read(newer) }
            #expect(refusal?.message.contains("use the newer martlet") == true)
        }
    }
}
