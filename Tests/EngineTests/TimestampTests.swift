import Testing

@testable import Engine

@Suite struct TimestampTests {
    @Test(
        "Reads every form of RFC 3339 that vendors send",
        arguments: [
            ("2023-07-10T11:42:18Z", 1_688_989_338_000), ("2023-07-10 11:42:18", 1_688_989_338_000),
            ("2023-07-10T13:42:18.5+02:00", 1_688_989_338_500),
            ("2023-07-10T11:42:18.123456789Z", 1_688_989_338_123),
            ("1969-12-31T23:59:59.999Z", -1),
        ])
    func reads(text: String, milliseconds: Int64) {
        #expect(Timestamp(iso8601: text)?.milliseconds == milliseconds)
    }

    @Test(
        "Refuses what is not a time",
        arguments: [
            "", "2023-02-30T00:00:00Z", "2023-07-10T11:42:18.Z", "2023-07-10T11:42:18Zx",
            "0000-01-01T00:00:00Z",
        ])
    func refuses(text: String) {
        #expect(Timestamp(iso8601: text) == nil)
    }

    @Test("Writes back what it read")
    func roundTrip() {
        for seconds in stride(from: Int64(-4_000_000_000), to: 5_000_000_000, by: 86_399_983) {
            let time = Timestamp(seconds: seconds)
            #expect(Timestamp(iso8601: time.iso8601) == time)
        }
    }
}
