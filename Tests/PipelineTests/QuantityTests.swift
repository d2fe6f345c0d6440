import Engine
import Testing

@testable import Pipeline

@Suite struct QuantityTests {
    @Test(
        "Durations are read as people write them",
        arguments: [
            ("15m", 900), ("24h", 86_400), ("7d", 604_800), ("1h30m", 5_400), ("90s", 90), ("0s", 0),
        ] as [(String, Int)])
    func durations(text: String, seconds: Int) {
        #expect(Duration(userText: text) == .seconds(seconds))
    }

    @Test(
        "What is no duration is refused, overflow included",
        arguments: [
            "", "15", "m", "-5m", "5 m", "5x", "1.5h", "99999999999999999999d", "9223372036854775807d",
        ])
    func badDurations(text: String) {
        #expect(Duration(userText: text) == nil)
    }

    @Test(
        "Durations and sizes are written as they are read",
        arguments: [0, 1, 59, 60, 3_600, 5_400, 86_400, 90_061])
    func roundTrip(seconds: Int) {
        #expect(Duration(userText: Duration.seconds(seconds).userText) == .seconds(seconds))
        #expect(ByteSize(userText: ByteSize(Int64(seconds) << 20).userText) == ByteSize(Int64(seconds) << 20))
    }

    @Test("Sizes know powers of two and of ten, and refuse what does not fit")
    func sizes() {
        #expect(ByteSize(userText: "64MiB")?.bytes == 64 << 20)
        #expect(ByteSize(userText: "1GB")?.bytes == 1_000_000_000)
        #expect(ByteSize(userText: "512")?.bytes == 512)
        #expect(ByteSize(userText: "9999999TiB") == nil)
        #expect(ByteSize(userText: "64 parsecs") == nil)
        #expect(ByteSize(1_300_000_000).rounded == "1.21 GiB")
    }

    @Test("Times are absolute or before now")
    func times() throws {
        let now = try #require(Timestamp(iso8601: "2026-03-10T15:30:00Z"))
        #expect(Timestamp(userText: "yesterday", now: now)?.iso8601 == "2026-03-09T00:00:00Z")
        #expect(Timestamp(userText: "-24h", now: now)?.iso8601 == "2026-03-09T15:30:00Z")
        #expect(Timestamp(userText: "7d", now: now)?.iso8601 == "2026-03-03T15:30:00Z")
        #expect(Timestamp(userText: "2026-01-31", now: now)?.iso8601 == "2026-01-31T00:00:00Z")
        #expect(Timestamp(userText: "tomorrow", now: now) == nil)
    }
}
