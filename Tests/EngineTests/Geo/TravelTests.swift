import Foundation
import Testing

@testable import Engine

/// Travel by a database of places: what is a journey that nobody makes, and what only looks like one.
@Suite struct TravelTests {
    private typealias Act = BaselineMaterial.Act

    private static func act(_ minute: Int, _ ip: String, _ change: (inout Act) -> Void = { _ in }) -> Act {
        var act = Act(
            who: "ada@example.com", at: BaselineMaterial.start + .seconds(minute * 60), uid: "e\(minute)")
        act.ip = ip
        change(&act)
        return act
    }

    private static func journey(
        _ acts: [Act], after last: LastPlace? = nil, sharing: [UInt32] = [],
        isShared: (UInt32) -> Bool = { _ in false }
    ) throws -> Journey? {
        let day = try #require(
            BaselineMaterial.day(acts, by: try GeoMaterial.geography(sharing: sharing)).first)
        let firings = Detectors(
            day, nil, .human, isNew: day.facts.map { _ in true }, last: last, isShared: isShared
        ).firings
        return firings.first { $0.rule == .travel }?.journey
    }

    @Test("Lisbon and Sydney within two hours, with what it was and how fast; Lisbon and Porto is a drive")
    func journeys() throws {
        let found = try Self.journey([Self.act(60, "198.51.100.7"), Self.act(180, "192.0.2.9")])
        let journey = try #require(found)
        #expect(journey.from == "Lisbon, PT" && journey.to == "Sydney, AU")
        #expect(journey.kilometres == 18_177 && journey.uncertainty == 70 && journey.minutes == 120)
        #expect(journey.hours == "2.0" && journey.kilometresPerHour == 9_053)
        #expect(
            journey.words
                == "from Lisbon, PT to Sydney, AU: 18177 km, less 70 km that the places are uncertain by, within 2.0 h is 9053 km/h"
        )
        #expect(try Self.journey([Self.act(60, "198.51.100.7"), Self.act(180, "198.52.100.7")]) == nil)
        // A day is long enough for it.
        #expect(try Self.journey([Self.act(0, "198.51.100.7"), Self.act(1_430, "192.0.2.9")]) == nil)
    }

    @Test("Clouds, addresses in many places, guesses and egresses that many share are no places")
    func nowhere() throws {
        for address in ["100.64.0.9", "100.65.0.9", "100.66.0.9"] {
            #expect(
                try Self.journey([Self.act(60, "198.51.100.7"), Self.act(180, address)]) == nil, "\(address)")
        }
        let acts = [Self.act(60, "198.51.100.7"), Self.act(180, "192.0.2.9")]
        #expect(try Self.journey(acts, sharing: [64_511]) == nil)
        let egress = Dimension.egress.value(of: WyHash.hash(Array("192.0.2.0/24".utf8).span))
        #expect(try Self.journey(acts, isShared: { $0 == egress }) == nil)
        // Between two places of one's own it is one all the same.
        let three = [acts[0], Self.act(120, "100.64.0.9"), acts[1]]
        #expect(try Self.journey(three)?.to == "Sydney, AU")
    }

    @Test("A network of one provider in two places is two places")
    func oneNetwork() throws {
        var acts = [Self.act(60, "198.51.100.7"), Self.act(180, "192.0.2.9")]
        let day = BaselineMaterial.day(acts, by: Geography([try GeoDatabase(GeoMaterial.cities)]))
        #expect(day.first?.fixes.count == 2)
        acts[1].ip = "198.51.101.7"
        #expect(BaselineMaterial.day(acts, by: try GeoMaterial.geography()).first?.fixes.count == 2)
    }

    @Test("From where the day before ended")
    func overnight() throws {
        let geography = try GeoMaterial.geography()
        let evening = BaselineMaterial.day(
            [Self.act(600, "192.0.2.9"), Self.act(1_430, "198.51.100.7") { $0.uid = "evening" }],
            by: geography)
        let last = try #require(LastPlace(of: evening[0]) { _ in false })
        #expect(String(decoding: last.name, as: UTF8.self) == "Lisbon, PT")
        let morning = [Self.act(1_440 + 30, "192.0.2.9") { $0.uid = "morning" }]
        let found = try Self.journey(morning, after: last)
        let journey = try #require(found)
        #expect(journey.from == "Lisbon, PT" && journey.to == "Sydney, AU")
        #expect(String(decoding: journey.earlier, as: UTF8.self) == "evening")
        #expect(try Self.journey(morning) == nil)
        #expect(try Self.journey([Self.act(1_440 + 1_380, "192.0.2.9")], after: last) == nil)
        #expect(try Self.journey(morning, after: last, isShared: { $0 == last.stop.network }) == nil)
    }

    @Test("The way over the ground is the great circle's, wherever both ends are")
    func greatCircle() {
        var random = BaselineMaterial(seed: 77)
        func fix() -> Fix {
            Fix(
                network: 0, latitude: Int32(random.below(1_800_001) - 900_000),
                longitude: Int32(random.below(3_600_001) - 1_800_000), hours: 0, first: .distantPast)
        }
        func haversine(_ a: Fix, _ b: Fix) -> Double {
            func radians(_ value: Int32) -> Double { Double(value) / 10_000 * .pi / 180 }
            let (u, v) = (radians(a.latitude), radians(b.latitude))
            let (du, dw) = (v - u, radians(b.longitude) - radians(a.longitude))
            let h = sin(du / 2) * sin(du / 2) + cos(u) * cos(v) * sin(dw / 2) * sin(dw / 2)
            return 2 * 6_371 * asin(min(1, h.squareRoot()))
        }
        for _ in 0..<20_000 {
            let (a, b) = (fix(), fix())
            #expect(abs(Globe.arc(a, b) - haversine(a, b)) < 0.01)
        }
        let pole = Fix(network: 0, latitude: 900_000, longitude: 0, hours: 0, first: .distantPast)
        var other = pole
        #expect(Globe.arc(pole, other) == 0)
        other.latitude = -900_000
        #expect(abs(Globe.arc(pole, other) - 6_371 * .pi) < 0.01)
    }

    // MARK: Over weeks

    /// Somebody who works late, and whose credential is used far away half an hour after.
    private static func material(_ seed: UInt64) -> [Act] {
        var acts = BaselineTests.material(seed).filter {
            !($0.who == "p7@example.com" && $0.at >= BaselineMaterial.start + .days(17))
        }
        for place in acts.indices {
            // Everybody from an address range of their own.
            let parts = acts[place].ip.split(separator: ".")
            if parts[0] == "198" { acts[place].ip = "198.\(parts[1]).\(parts[3]).7" }
        }
        acts.append(act(16 * 1_440 + 1_420, "198.52.8.7") { $0.who = "p7@example.com" })
        for (place, var act) in BaselineMaterial.theft(of: 7, day: 17).enumerated() {
            act.at = BaselineMaterial.start + .days(17) + .seconds(600 + place * 20)
            acts.append(act)
        }
        return acts
    }

    @Test("A stolen credential's finding says from where to where, how far and how fast, with both events")
    func finding() throws {
        let found = BaselineMaterial.standing([Self.material(1)], by: try GeoMaterial.geography())
        let theft = try #require(found.values.first { $0.contains("theft-17-0") })
        #expect(theft.contains("new network AS64511"))
        #expect(theft.contains(#""from":"Porto, PT","to":"Sydney, AU","km":18"#), "\(theft)")
        #expect(theft.contains(#""uid":"d16-p7-"#) && theft.contains(#""uid":"theft-17-0""#))
        // Without a database it is what it was.
        let plain = BaselineMaterial.standing([Self.material(1)])
        #expect(!plain.values.contains { $0.contains("km_per_hour") || $0.contains("AS64511") })
    }

    @Test(
        "Order, repetition, batches and restarts change nothing that stands in the end",
        arguments: 1...4 as ClosedRange<UInt64>)
    func replay(seed: UInt64) throws {
        let geography = try GeoMaterial.geography()
        let acts = Self.material(seed)
        var random = BaselineMaterial(seed: seed &+ 99)
        let expected = BaselineMaterial.standing([acts], by: geography)
        #expect(expected.values.contains { $0.contains("km_per_hour") })
        var shuffled = acts.map { (at: $0.at + .seconds(random.below(130_000)), act: $0) }
        shuffled += shuffled.indices.filter { _ in random.below(5) == 0 }.map {
            (shuffled[$0].at + .seconds(random.below(50_000)), shuffled[$0].act)
        }
        shuffled.sort { $0.at < $1.at }
        var behaviour = Behaviour()
        var standing: [String: String] = [:]
        var locator = Locator(geography)
        var rest = shuffled.map(\.act)[...]
        while !rest.isEmpty {
            let count = min(rest.count, 1 + random.below(1_500))
            var reader = FactReader(geography)
            var batch = BaselineMaterial.batch(Array(rest.prefix(count)))
            locator.locate(&batch)
            for event in batch.events { reader.observe(event, of: batch) }
            behaviour.take(reader.take())
            var findings = EventBatch()
            behaviour.evaluate(into: &findings)
            for event in findings.events {
                standing[findings.uid(of: event)] = event.activityID == 3 ? nil : findings.json(of: event)
            }
            rest = rest.dropFirst(count)
            // As after a crash: from what stands on the disk.
            let (settled, open) = behaviour.kept
            var again = Behaviour()
            let isRestored = again.restore(settled: settled)
            #expect(isRestored)
            for told in behaviour.standing { again.restore(told) }
            for day in open {
                let read = try #require(EntityDay(encoded: day.encoded))
                #expect(read.encoded == day.encoded)
                again.take(read)
            }
            behaviour = again
        }
        #expect(standing == expected)
    }

    @Test("Where people were last is part of what is kept, and of no bytes without a database")
    func kept() throws {
        let acts = Self.material(2)
        func baseline(_ geography: Geography?) -> Baseline {
            var small = BehaviourSettings()
            small.bytes = 1
            var behaviour = Behaviour()
            let cut = BaselineMaterial.start + .days(14)
            _ = BaselineMaterial.standing(
                [acts.filter { $0.at < cut }, acts.filter { $0.at >= cut }], settings: small, by: geography,
                behaviour: &behaviour)
            return behaviour.latest()
        }
        let located = baseline(try GeoMaterial.geography())
        #expect(located.lastPlaces.count > 20)
        let read = try #require(Baseline(encoded: located.encoded))
        #expect(read.lastPlaces == located.lastPlaces)
        #expect(read.encoded == located.encoded)
        #expect(located.encoded.first == 3)
        #expect(baseline(nil).encoded.first == 2)
        for count in stride(from: 0, to: located.encoded.count, by: 97) {
            #expect(Baseline(encoded: Array(located.encoded.prefix(count))) == nil)
        }
    }
}
