import Engine
import Ports
import Simulation
import Testing

@testable import Collectors
@testable import Pipeline

/// This machine's clock is set, and the vendor's goes on: what happens there meanwhile is collected all the same.
@Suite struct FeedClockTests {
    static let windowed = DeclaredFeedTests.declared.filter { $0.position == .window }.map(\.feed)

    /// Records before, while the clock is wrong, and after; through kills and everything else that a vendor does.
    private static func play(_ setting: FeedWorld, ahead error: Duration, restarts: Bool) throws {
        setting.publish(5, tag: "before")
        try setting.live(for: .minutes(3))
        setting.clock.set(by: error)
        for part in 0..<3 {
            setting.publish(5, tag: "wrong-\(part)")
            try setting.live(for: .minutes(restarts ? 2 : 20))
            if !restarts { break }
        }
        setting.publish(5, tag: "unseen")
        setting.clock.set(by: .zero - error)
        setting.publish(5, tag: "after")
        try setting.live(for: .minutes(3))
        try setting.calmDown()
    }

    @Test(
        "A clock that is set forward or back for a while loses nothing of any feed that is asked by windows",
        arguments: windowed, [Duration.hours(7), .days(3), .days(40), .zero - .days(3)])
    func set(feed: String, error: Duration) throws {
        let declaration = try #require(DeclaredFeedTests.declared.first { $0.feed == feed })
        try Self.play(FeedWorld(declaration, seed: 3), ahead: error, restarts: true)
    }

    @Test("The same within one life", arguments: [Duration.hours(7), .days(3), .days(40)], UInt64(1)...3)
    func oneLife(error: Duration, seed: UInt64) throws {
        let declaration = try #require(DeclaredFeedTests.declared.first { $0.feed == "github.audit" })
        let setting = FeedWorld(declaration, seed: seed)
        // It is set while the collector runs, and set right again, and again.
        for part in 0..<3 {
            setting.publish(5, tag: "right-\(part)")
            let jump = setting.world.now + .minutes(2)
            try setting.live(
                for: .minutes(6),
                meanwhile: {
                    try await setting.world.sleep(until: jump)
                    setting.clock.set(by: error)
                    setting.publish(5, tag: "wrong-\(part)")
                    try await setting.world.sleep(until: jump + .minutes(2))
                    setting.publish(5, tag: "late-\(part)")
                    setting.clock.set(by: .zero - error)
                })
        }
        try setting.calmDown()
    }

    @Test("A vendor that never says what time it is: only records are witnesses", arguments: UInt64(1)...5)
    func timeless(seed: UInt64) throws {
        let declaration = try #require(DeclaredFeedTests.declared.first { $0.feed == "github.audit" })
        try Self.play(
            FeedWorld(declaration, seed: seed, isCalm: true, saysTime: false), ahead: .days(3), restarts: true
        )
    }

    @Test("A first start under a clock that is ahead begins where the vendor is")
    func firstStart() throws {
        let declaration = try #require(DeclaredFeedTests.declared.first { $0.feed == "github.audit" })
        let setting = FeedWorld(declaration, seed: 4, isCalm: true)
        setting.clock.set(by: .days(30))
        setting.publish(9, tag: "old")
        try setting.live(.once, begins: false)
        #expect(Set(setting.names).isSubset(of: setting.expected) && !setting.names.isEmpty)
        #expect(setting.notes.codes == ["clock-off", "first-start"])
        let off = try #require(setting.notes.notes.first { $0.code == "clock-off" })
        #expect(off.message.contains("259") && off.message.contains("ahead of the vendor's"))
    }

    @Test("A position that a wrong clock has put into the future is brought back, and that is said")
    func broughtBack() throws {
        let declaration = try #require(DeclaredFeedTests.declared.first { $0.feed == "github.audit" })
        let setting = FeedWorld(declaration, seed: 5, isCalm: true)
        setting.publish(9, tag: "before")
        try setting.live(for: .minutes(5))
        var marks = try #require(setting.pages["f"].flatMap { FeedMark.marks(in: $0) })
        for name in marks.keys { marks[name]?.low = setting.world.now + .days(3) }
        setting.pages["f"] = FeedMark.bytes(marks.map { ($0.key, $0.value) })
        setting.publish(9, tag: "skipped")
        try setting.calmDown()
        #expect(setting.notes.codes.contains("position-ahead"))
    }

    @Test("A clock that is set back keeps no feed from its next look")
    func setBack() throws {
        let declaration = try #require(DeclaredFeedTests.declared.first { $0.feed == "github.audit" })
        let setting = FeedWorld(declaration, seed: 6, isCalm: true)
        let start = setting.world.now
        try setting.live(
            for: .minutes(10),
            meanwhile: {
                try await setting.world.sleep(until: start + .minutes(2))
                setting.clock.set(by: .zero - .days(2))
                setting.publish(9, tag: "then")
            })
        #expect(Set(setting.names) == setting.expected, "looked for while the clock is behind")
    }
}
