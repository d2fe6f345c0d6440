import Engine
import Foundation
import Testing

@testable import Pipeline

@Suite struct CronScheduleTests {
    private static func times(_ text: String, after start: String, count: Int, in zone: TimeZoneRules = .utc)
        throws
        -> [String]
    {
        let schedule = try CronSchedule(text, in: zone)
        var time = try #require(Timestamp(iso8601: start))
        var found: [String] = []
        for _ in 0..<count {
            time = try #require(schedule.next(after: time))
            found.append(String(time.iso8601.prefix(16)))
        }
        return found
    }

    @Test("The next times are cron's")
    func next() throws {
        #expect(
            try Self.times("30 8 * * mon", after: "2026-05-04T08:30:00Z", count: 2)
                == ["2026-05-11T08:30", "2026-05-18T08:30"])
        #expect(
            try Self.times("*/20 23 31 12 *", after: "2026-01-01T00:00:00Z", count: 4)
                == ["2026-12-31T23:00", "2026-12-31T23:20", "2026-12-31T23:40", "2027-12-31T23:00"])
        // Both days limited: either counts.
        #expect(
            try Self.times("0 0 13 * 5", after: "2026-02-01T00:00:00Z", count: 3)
                == ["2026-02-06T00:00", "2026-02-13T00:00", "2026-02-20T00:00"])
        #expect(try Self.times("0 0 29 2 *", after: "2026-01-01T00:00:00Z", count: 1) == ["2028-02-29T00:00"])
    }

    @Test(
        "What is no schedule is refused with the reason",
        arguments: ["", "* * * *", "60 * * * *", "* * * foo *", "*/0 * * * *", "5-1 * * * *", "0 0 30 2 *"])
    func malformed(text: String) {
        #expect(throws: CronSchedule.Malformed.self) { try CronSchedule(text, in: .utc) }
    }

    @Test(
        "A local time that is left out is due when the clocks have changed; one that comes twice is due once")
    func clocks() throws {
        let path = "\(TimeZoneRules.folder)/Europe/Zurich"
        guard let data = FileManager.default.contents(atPath: path) else { return }
        let zone = try #require(TimeZoneRules(file: [UInt8](data)))
        // 29 March 2026, 02:00 to 03:00 does not exist; 25 October 2026, 02:00 to 03:00 comes twice.
        #expect(
            try Self.times("30 2 * * *", after: "2026-03-28T00:00:00Z", count: 3, in: zone)
                == ["2026-03-28T01:30", "2026-03-29T01:30", "2026-03-30T00:30"])
        #expect(
            try Self.times("30 2 * * *", after: "2026-10-24T12:00:00Z", count: 2, in: zone)
                == ["2026-10-25T00:30", "2026-10-26T01:30"])
        // Far behind the table, by its rule.
        #expect(
            try Self.times("0 12 1 7 *", after: "2060-01-01T00:00:00Z", count: 1, in: zone) == [
                "2060-07-01T10:00"
            ])
        #expect(TimeZoneRules(file: Array("TZif2 nothing".utf8)) == nil)
        #expect(TimeZoneRules.path(of: "../../etc/passwd") == nil)
    }
}
