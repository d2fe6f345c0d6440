import Codecs
import Engine
import Platform
import Ports
import Simulation
import Testing

/// `ledger --verify-digests` against a bucket and an API of ours, over real sockets.
@Suite(.serialized) struct DigestCommandTests {
    private static let key = PrivateKey()
    private static let account = "111122223333"

    @Test("A sealed trail is valid; a log file that was removed is told by name, and the status is 1")
    func verifies() async throws {
        let store = ObjectStore(buckets: ["trail"])
        let api = AWSCloudTrailAPI()
        let time = SystemClock()
        let hour = Timestamp(seconds: time.now.seconds / 3_600 * 3_600)
        var trail = AWSTrail(
            "org", store: store, bucket: "trail", account: Self.account, region: "eu-central-1", key: Self.key
        )
        var logs: [String] = []
        for back in [3, 2, 1] {
            let start = hour - .hours(back)
            logs.append(trail.deliver("{\"Records\":[]}", at: start + .minutes(5)))
            trail.seal(at: start + .hours(1))
        }
        api.publish(trail.published(from: hour - .days(30), until: hour + .days(30)))
        let server = try HTTPServer { request in
            request.headers["X-Amz-Target"] == nil
                ? store.answer(request, at: time.now) : api.answer(request, at: time.now)
        }
        let program = try Program()
        try program.write(
            """
            name: p
            collectors: {in: {from: s3, bucket: trail, region: eu-central-1, endpoint: "\(server.url)"}}
            exporters: {out: {to: file, path: out}}
            """, to: "p.yaml")
        let keys = ["AWS_ACCESS_KEY_ID": "AKIAEXAMPLE", "AWS_SECRET_ACCESS_KEY": "s"]
        let words = [
            "ledger", "--verify-digests", "./p.yaml", "--from", (hour - .hours(3)).iso8601, "--to",
            hour.iso8601,
        ]
        let sound = try await program.run(words, environment: keys)
        store.remove(logs[1], from: "trail")
        let robbed = try await program.run(words, environment: keys)
        await server.stop()
        #expect(sound.status == 0, "\(sound.output)\(sound.messages)")
        #expect(
            sound.lines.first == "p in" && sound.output.contains("3 of 3 log files valid"), "\(sound.output)")
        #expect(robbed.status == 1, "\(robbed.messages)")
        #expect(
            robbed.output.contains(logs[1]) && robbed.output.contains("2 of 3 log files valid"),
            "\(robbed.output)")
    }
}
