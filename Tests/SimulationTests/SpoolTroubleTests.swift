import Engine
import Exporters
import Pipeline
import Ports
import Simulation
import Testing

/// Disks and clocks that misbehave under a spool that somebody is shipping from.
@Suite struct SpoolTroubleTests {
    private static let rows = 60

    /// A page of records to one exporter, and a receiver that remembers.
    private struct Setting {
        let world: Simulation
        let network: SimulatedNetwork
        let receiver = WorldReceiver(.plain, seed: 1)
        var limits = Shipper.Limits()

        init(seed: UInt64) {
            world = Simulation(seed: seed)
            network = SimulatedNetwork(world)
            network.serve("https://siem.example.com/", receiver)
            limits.rowsMax = 4
        }

        static let outlets = [
            PipelineState.Outlet("siem", spool: Spool.Limits(bytesMax: 1 << 20, segmentBytes: 300))
        ]

        /// One life: takes pages in until they are taken, and ships until everything is judged.
        func live(
            on volume: SimulatedVolume, by time: (any TimeSource)? = nil, pages: Int = 0,
            for span: Duration = .hours(2), _ meanwhile: @escaping @Sendable () async -> Void = {}
        ) throws -> Bool {
            let doors = Doors(
                transport: network.transport(), time: time ?? world, volume: volume, entropy: world)
            let isDone = try world.run(for: span) { [limits] in
                let state = try await PipelineState.open(doors: doors, outlets: Self.outlets)
                let receiver = HTTPReceiver(
                    WorldExporter(host: "siem.example.com"), transport: doors.transport, time: doors.time)
                guard let shipper = state.shipper("siem", to: receiver, limits: limits) else { return false }
                await withTaskGroup(of: Void.self) { group in
                    group.addTask { await shipper.run() }
                    group.addTask { await meanwhile() }
                    await Self.takeIn(pages, state, world)
                    while await state.pendingRows > 0, !Task.isCancelled {
                        try? await world.sleep(until: world.now + .seconds(1))
                    }
                    shipper.stop()
                    group.cancelAll()
                }
                let isDone = await state.pendingRows == 0
                try await state.close()
                return isDone
            }
            return isDone == true
        }

        private static func takeIn(_ pages: Int, _ state: PipelineState, _ world: Simulation) async {
            let lane = Lane(state) { WorldNormalizer() }
            for page in 0..<pages {
                let lines = (0..<10).map { "1700467200000 u\(page)-\($0) plain" }
                let object = RawObject(name: "o", bytes: Array(lines.joined(separator: "\n").utf8))
                let raw = RawPage(
                    feed: "f", source: "s", objects: [object], position: [UInt8(page)], listed: 1, fetched: 1)
                while !Task.isCancelled, (try? await lane.deliver(raw)) == nil {
                    try? await world.sleep(until: world.now + .seconds(5))
                }
            }
        }

        func state(of volume: SimulatedVolume) throws -> JournalState {
            try #require(try world.run { try await PipelineState.read(volume) } ?? nil)
        }

        func dead(in volume: SimulatedVolume) throws -> [DeadLetterEntry] {
            let state = try state(of: volume)
            let read = try world.run {
                var entries: [DeadLetterEntry] = []
                try await DeadLetter.read(volume, state) { _, entry in entries.append(entry) }
                return entries
            }
            return read ?? []
        }

        func reports(of volume: SimulatedVolume) throws -> [SpoolReport] {
            let state = try state(of: volume)
            return try world.run { try await SpoolReport.verify(volume, state) } ?? []
        }

        /// Everything is there, and what is there twice is counted.
        func check(_ volume: SimulatedVolume, missing: Int = 0) throws {
            let total = try state(of: volume).ledger.total
            let cell = total.exporters["siem"]
            #expect(receiver.taken.count == SpoolTroubleTests.rows - missing)
            #expect(total.events == SpoolTroubleTests.rows && cell?.pending == 0, "\(total)")
            #expect(try state(of: volume).ledger.sorted.allSatisfy { $0.row.isBalanced })
            let extra = receiver.taken.values.reduce(0) { $0 + $1.count - 1 }
            #expect(extra <= cell?.resent ?? 0)
        }
    }

    @Test(
        "A full disk holds everything up, loses nothing, and everything goes on once there is room",
        arguments: 1...8)
    func fullDisk(seed: UInt64) throws {
        let setting = Setting(seed: seed)
        let volume = SimulatedVolume(setting.world)
        volume.faults.capacityBytes = Int64(400 + 260 * seed)
        let isDone = try setting.live(on: volume, pages: 6) { [world = setting.world] in
            try? await world.sleep(until: world.now + .minutes(20))
            volume.faults.capacityBytes = .max
        }
        #expect(isDone)
        try setting.check(volume)
    }

    @Test(
        "A disk that can only be read loses nothing, and is refused at the start with its path",
        arguments: 1...8)
    func readOnly(seed: UInt64) throws {
        let setting = Setting(seed: seed)
        let volume = SimulatedVolume(setting.world)
        @Sendable func setReadOnly(_ isReadOnly: Bool) {
            volume.faults.append = isReadOnly ? 1 : 0
            volume.faults.synchronize = isReadOnly ? 1 : 0
            volume.faults.rename = isReadOnly ? 1 : 0
            volume.faults.remove = isReadOnly ? 1 : 0
        }
        let isDone = try setting.live(on: volume, pages: 6) { [world = setting.world] in
            try? await world.sleep(until: world.now + .milliseconds(Int64(20 * seed)))
            setReadOnly(true)
            try? await world.sleep(until: world.now + .minutes(20))
            setReadOnly(false)
        }
        #expect(isDone)
        try setting.check(volume)
        setReadOnly(true)
        let fault = #expect(throws: Fault.self) { try setting.live(on: volume) }
        #expect(fault?.message.contains("journal/") == true, "\(fault?.message ?? "")")
    }

    @Test("A segment that somebody has deleted costs its own events, by name, and holds up nothing")
    func deletedSegment() throws {
        let setting = Setting(seed: 3)
        setting.network.setDown(true, "https://siem.example.com/")
        let first = SimulatedVolume(setting.world)
        #expect(try !setting.live(on: first, pages: 6, for: .minutes(10)))
        let volume = first.crash()
        let segments = volume.paths.filter { $0.hasPrefix("spool/siem/") }
        #expect(segments.count > 3)
        try setting.world.run { try await volume.remove(segments[1]) }
        setting.network.setDown(false, "https://siem.example.com/")
        #expect(try setting.live(on: volume))
        let dead = try setting.dead(in: volume)
        #expect(!dead.isEmpty && dead.allSatisfy { $0.reason.contains(segments[1]) && $0.feed == "f" })
        try setting.check(volume, missing: dead.count)
    }

    @Test(
        "Damage can be taken out of the way before anything is sent: the rest goes", arguments: [true, false])
    func isolated(isDeleted: Bool) throws {
        let setting = Setting(seed: 4)
        setting.network.setDown(true, "https://siem.example.com/")
        let first = SimulatedVolume(setting.world)
        #expect(try !setting.live(on: first, pages: 6, for: .minutes(10)))
        let volume = first.crash()
        let segments = volume.paths.filter { $0.hasPrefix("spool/siem/") }
        if isDeleted {
            try setting.world.run { try await volume.remove(segments[1]) }
        } else {
            volume.flipBit(3, ofByte: (volume[segments[1]]?.count ?? 0) - 9, in: segments[1])
        }
        let world = setting.world
        let doors = Doors(
            transport: setting.network.transport(), time: world, volume: volume, entropy: world)
        let before = try setting.reports(of: volume)
        #expect(before.first?.damage.count == 1)
        let isolated = try world.run {
            let state = try await PipelineState.open(doors: doors, outlets: Setting.outlets)
            let count = try await state.isolateDamage(of: "siem")
            try await state.close()
            return count
        }
        let count = try #require(isolated)
        #expect(count > 0 && count < Self.rows)
        let after = try setting.reports(of: volume)
        #expect(after.first?.damage == [] && after.first?.pendingRows == UInt64(Self.rows - count))
        setting.network.setDown(false, "https://siem.example.com/")
        #expect(try setting.live(on: volume))
        try setting.check(volume, missing: count)
        #expect(try setting.dead(in: volume).count == count)
    }

    @Test(
        "A clock that is set, by seconds or days, forward and back, neither loses nor holds up anything",
        arguments: UInt64(1)...20)
    func clock(seed: UInt64) throws {
        let setting = Setting(seed: seed)
        var faults = SimulatedNetwork.Faults()
        faults.throttled = 0.3
        faults.unavailable = 0.2
        faults.resetAfter = 0.1
        setting.network.setFaults(faults, "https://siem.example.com/")
        let volume = SimulatedVolume(setting.world)
        let clock = SettableClock(setting.world)
        let isDone = try setting.live(on: volume, by: clock, pages: 6, for: .minutes(20)) {
            [world = setting.world] in
            var dice = SeededGenerator(seed: seed)
            while !Task.isCancelled {
                try? await world.sleep(until: world.now + .milliseconds(Int64(dice.next() % 4_000)))
                let seconds = [30, 3_600, 86_400][dice.index(below: 3)]
                clock.set(by: dice.chance(0.5) ? .seconds(seconds) : .zero - .seconds(seconds))
            }
        }
        #expect(isDone, "seed \(seed)")
        try setting.check(volume)
    }

    @Test("What a receiver asked for ends when the clock is set back to before it was asked")
    func setBack() throws {
        let setting = Setting(seed: 1)
        let volume = SimulatedVolume(setting.world)
        let clock = SettableClock(setting.world)
        var faults = SimulatedNetwork.Faults()
        faults.throttled = 1
        setting.network.setFaults(faults, "https://siem.example.com/")
        let isDone = try setting.live(on: volume, by: clock, pages: 6, for: .minutes(3)) {
            [world = setting.world, network = setting.network] in
            try? await world.sleep(until: world.now + .seconds(10))
            network.setFaults(SimulatedNetwork.Faults(), "https://siem.example.com/")
            clock.set(by: .zero - .days(1))
        }
        #expect(isDone)
        try setting.check(volume)
    }
}
