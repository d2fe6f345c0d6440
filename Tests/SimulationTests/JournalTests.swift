import Engine
import Exporters
import Ports
import Simulation
import Testing

@testable import Pipeline

@Suite struct JournalTests {
    /// Three tasks that each move their position forward; what they were told is done is remembered outside.
    private func write(_ world: Simulation, _ volume: SimulatedVolume) throws -> [String: UInt8] {
        let done = Noted<[String: UInt8]>([:])
        do {
            try world.run {
                var limits = Journal.Limits()
                limits.segmentBytes = 260
                let journal = try await Journal.open(
                    volume: volume, time: world, entropy: world, limits: limits)
                await withTaskGroup { group in
                    for source in ["a", "b", "c"] {
                        group.addTask {
                            for step in 1...4 as ClosedRange<UInt8> {
                                var page = PageCommit(source: source, position: [step])
                                let key = LedgerKey(feed: "f", source: source, hour: 1)
                                var row = Ledger.Row()
                                row.records = 1
                                row.events = 1
                                page.ledger = [.init(key: key, row: row)]
                                guard (try? await journal.commit([.page(page)])) != nil else { return }
                                done.change { $0[source] = step }
                            }
                        }
                    }
                }
            }
        } catch is Fault {}
        return done.value
    }

    private func recover(_ world: Simulation, _ volume: SimulatedVolume) throws -> JournalState? {
        try world.run { try await PipelineState.read(volume) } ?? nil
    }

    @Test("A crash before any byte leaves every commit that was reported, and no half of one")
    func everyByte() throws {
        let calm = Simulation(seed: 1)
        let whole = SimulatedVolume(calm)
        _ = try write(calm, whole)
        #expect(whole.bytesWritten > 600)
        for byte in 0..<whole.bytesWritten {
            let world = Simulation(seed: UInt64(byte))
            let volume = SimulatedVolume(world, crashPoint: .beforeByte(byte))
            let reported = try write(world, volume)
            let state = try recover(world, volume.crash())
            for (source, step) in reported {
                let saved = state?.positions[source]?.first ?? 0
                #expect(saved >= step, "byte \(byte): \(source) is at \(saved), \(step) was reported")
            }
            // The ledger and the position of a page come together or not at all.
            for (source, position) in state?.positions ?? [:] {
                let events = state?.ledger.rows[LedgerKey(feed: "f", source: source, hour: 1)]?.events
                #expect(events == position.first.map { Int($0) }, "byte \(byte)")
            }
        }
    }

    @Test("What a second life commits on top of a crash is there in the third", arguments: 1...60)
    func lives(seed: UInt64) throws {
        let world = Simulation(seed: seed)
        var volume = SimulatedVolume(world, crashPoint: .beforeChange(Int(seed)))
        _ = try write(world, volume)
        volume = volume.crash()
        let reported = try write(world, volume)
        volume = volume.crash()
        let state = try #require(try recover(world, volume))
        #expect(reported == ["a": 4, "b": 4, "c": 4])
        #expect(state.positions.values.allSatisfy { $0 == [4] })
    }

    @Test("Many commits at once share their synchronizes")
    func grouping() throws {
        let world = Simulation(seed: 7)
        let volume = SimulatedVolume(world)
        try world.run {
            let journal = try await Journal.open(volume: volume, time: world, entropy: world)
            let before = volume.changes
            await withTaskGroup { group in
                for number in 0..<100 {
                    group.addTask {
                        _ = try? await journal.commit([.page(PageCommit(source: "s\(number)", position: [1]))]
                        )
                    }
                }
            }
            #expect(await journal.state.positions.count == 100)
            #expect(volume.changes - before <= 6)
        }
    }

    @Test("A stop leaves duplicates' keys to the journal while that is short, and the next life knows them")
    func fewKeys() throws {
        let world = Simulation(seed: 7)
        let volume = SimulatedVolume(world)
        let key = DuplicateKey(uid: 7, content: 9)
        for (life, isShort) in [true, true, true, false].enumerated() {
            try world.run {
                let doors = Doors(
                    transport: ScriptedTransport(world), time: world, volume: volume, entropy: world)
                var limits = PipelineState.Limits()
                limits.journal.rereadSegmentsMax = 3
                let state = try await PipelineState.open(doors: doors, outlets: [], limits: limits)
                #expect(try await state.duplicates.known([(1, key)]) == [life > 0])
                if life == 0 {
                    var page = PageCommit(source: "s", position: [1])
                    page.duplicates = [.init(hour: 1, keys: [key])]
                    let ticket = await state.duplicates.begin()
                    let sequence = try await state.journal.commit([.page(page)])
                    await state.duplicates.end(ticket, committed: (sequence, page.duplicates))
                }
                try await state.close()
            }
            #expect(volume.paths.contains { $0.hasPrefix("duplicates/") } == !isShort, "life \(life)")
        }
    }

    @Test("A journal of a newer format is refused, with what to do")
    func newerFormat() throws {
        let world = Simulation(seed: 1)
        let volume = SimulatedVolume(world)
        _ = try write(world, volume)
        for path in volume.paths { volume.flipBit(1, ofByte: 8, in: path) }  // version 1 becomes 3
        let fault = #expect(throws: Fault.self) { _ = try recover(world, volume) }
        #expect(fault?.message.contains("newer") == true)
    }

    @Test("Rot in the newest segment costs what came after it there, never the start", arguments: 0..<80)
    func rot(place: Int) throws {
        let world = Simulation(seed: UInt64(place))
        let volume = SimulatedVolume(world)
        _ = try write(world, volume)
        let newest = try #require(volume.paths.last { $0.hasPrefix("journal/") })
        let bytes = try #require(volume[newest]).count
        // The version field is spared: it is the other test's.
        let offset = 12 + place * (bytes - 12) / 80
        volume.flipBit(place, ofByte: offset, in: newest)
        let state = try #require(try recover(world, volume))
        let third = try write(world, volume)
        #expect(state.positions.values.allSatisfy { ($0.first ?? 0) <= 4 })
        #expect(third == ["a": 4, "b": 4, "c": 4])
    }
}
