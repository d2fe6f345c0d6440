import Codecs
import Credentials
import Engine
import Ports
import Simulation
import Testing

@testable import Collectors

@Suite struct PushReceiverTests {
    private struct Push {
        let world = Simulation(seed: 1)
        let pages: RememberedPages
        let receiver: PushReceiver

        init(
            _ format: PushFormat, _ auth: InboundAuth, path: String = "/in",
            change: (inout PushReceiver.Config) -> Void = { _ in }
        ) {
            var config = PushReceiver.Config(
                feed: "test.feed", source: "push", path: path, format: format, auth: auth)
            change(&config)
            pages = RememberedPages(world)
            receiver = PushReceiver(config, sink: pages, time: world)
        }

        func send(
            _ body: [UInt8], _ headers: HTTPHeaders, _ method: HTTPRequest.Method = .POST,
            to path: String = "/in"
        ) throws -> HTTPResponse {
            let request = HTTPRequest(method, path, headers: headers, body: body)
            return try #require(try world.run { await receiver.answer(request) })
        }

        func send(_ body: String, _ headers: HTTPHeaders, to path: String = "/in") throws -> HTTPResponse {
            try send(Array(body.utf8), headers, to: path)
        }

        var taken: [String] { pages.objects.map { String(decoding: $0.bytes, as: UTF8.self) } }
    }

    private static let bearer: HTTPHeaders = ["Authorization": "Bearer right"]

    private func text(_ response: HTTPResponse) -> String { String(decoding: response.body, as: UTF8.self) }

    private func hex(_ body: String, _ secret: String) -> String {
        Hex.encode(Digest.hmacSHA256(Array(body.utf8), key: Array(secret.utf8)))
    }

    @Test("Records are answered with 200 once they are durable; without the token nothing is taken")
    func bearer() throws {
        let push = Push(.json, .bearer(Secret("right")))
        #expect(try push.send("{\"a\":1}", [:]).status == 401)
        #expect(try push.send("{\"a\":1}", ["Authorization": "Bearer wrong"]).status == 401)
        #expect(try push.send("", Self.bearer).status == 400)
        #expect(try push.send([], Self.bearer, .GET).status == 405)
        #expect(push.pages.pages.isEmpty)
        let answer = try push.send("{\"a\":1}\n{\"a\":2}\n", Self.bearer)
        #expect(answer.status == 200)
        #expect(JSONValue(json: answer.body)?["events"]?.integer == 1)
        #expect(push.taken == ["{\"a\":1}\n{\"a\":2}\n"])
        let page = try #require(push.pages.pages.first)
        #expect(page.feed == "test.feed" && page.source == "push" && page.listed == 1 && page.position == nil)
    }

    @Test("Users, headers and HEC tokens are told from wrong ones")
    func otherProofs() throws {
        let request = { (headers: HTTPHeaders) in HTTPRequest(.POST, "/", headers: headers) }
        let basic = InboundAuth.basic(user: "u", password: Secret("p"))
        #expect(basic.admits(headersOf: request(["Authorization": "Basic dTpw"])))
        #expect(!basic.admits(headersOf: request(["Authorization": "Basic dTpx"])))
        let header = InboundAuth.header(name: "Authorization", value: Secret("s3"))
        #expect(header.admits(headersOf: request(["authorization": "s3"])))
        #expect(!header.admits(headersOf: request([:])))
        let token = InboundAuth.hecToken(Secret("t"))
        #expect(token.admits(headersOf: request(["Authorization": "Splunk t"])))
        #expect(
            token.admits(headersOf: request(["Authorization": "Basic \(Base64.encode(Array("x:t".utf8)))"])))
        #expect(!token.admits(headersOf: request(["Authorization": "Bearer t"])))
    }

    @Test("GitHub's signature holds over the body as it was sent, gzip or not; one bit off is refused")
    func github() throws {
        let signature = WebhookSignature(.body, secret: Secret("hush"), header: "X-Hub-Signature-256")
        let push = Push(.webhook(headers: ["X-GitHub-Event", "X-GitHub-Delivery"]), .signature(signature))
        let body = "{\"action\":\"created\"}"
        let good: HTTPHeaders = [
            "X-Hub-Signature-256": "sha256=\(hex(body, "hush"))", "X-GitHub-Event": "member",
        ]
        #expect(try push.send(body, good).status == 200)
        #expect(push.taken == ["{\"_headers\":{\"x-github-event\":\"member\"},\"action\":\"created\"}"])
        #expect(try push.send(body + " ", good).status == 401)
        #expect(try push.send(body, ["X-Hub-Signature-256": "sha256=\(hex(body, "other"))"]).status == 401)
        #expect(try push.send(body, [:]).status == 401)
        var packed: [UInt8] = []
        var compressor = Compressor(.gzipFast)
        compressor.pack(Array("{}".utf8), into: &packed)
        let tag = Hex.encode(Digest.hmacSHA256(packed, key: Array("hush".utf8)))
        let answer = try push.send(
            packed, ["X-Hub-Signature-256": "sha256=\(tag)", "X-GitHub-Delivery": "d\"1"])
        #expect(answer.status == 200)
        #expect(push.taken.last == "{\"_headers\":{\"x-github-delivery\":\"d\\\"1\"}}")
    }

    @Test("A signature with a time is good for minutes; Slack's and Standard Webhooks' forms hold as well")
    func timestamped() throws {
        let now = Simulation(seed: 1).start.seconds
        let slack = Push(
            .json,
            .signature(
                WebhookSignature(
                    .timestamped(header: "X-Slack-Request-Timestamp", template: "v0:{timestamp}:{body}"),
                    secret: Secret("hush"), header: "X-Slack-Signature")))
        func headers(_ time: Int64) -> HTTPHeaders {
            [
                "X-Slack-Request-Timestamp": "\(time)",
                "X-Slack-Signature": "v0=\(hex("v0:\(time):{\"a\":1}", "hush"))",
            ]
        }
        #expect(try slack.send("{\"a\":1}", headers(now)).status == 200)
        #expect(try slack.send("{\"a\":1}", headers(now - 290)).status == 200)
        #expect(try slack.send("{\"a\":1}", headers(now - 310)).status == 401)
        #expect(try slack.send("{\"a\":1}", headers(now + 400)).status == 401)

        let standard = Push(
            .json,
            .signature(
                WebhookSignature(
                    .standardWebhooks, secret: Secret("whsec_c2VjcmV0"), header: "webhook-signature")))
        let tag = Base64.encode(
            Digest.hmacSHA256(Array("m1.\(now).{}".utf8), key: Array("secret".utf8)))
        let sent: HTTPHeaders = [
            "webhook-id": "m1", "webhook-timestamp": "\(now)", "webhook-signature": "v1,AAAA v1,\(tag)",
        ]
        #expect(try standard.send("{}", sent).status == 200)
        #expect(try standard.send("{ }", sent).status == 401)
    }

    @Test("Okta's hooks are verified by GET, and their log events taken out of their envelope")
    func okta() throws {
        let push = Push(.oktaHook, .header(name: "Authorization", value: Secret("s")))
        let challenge: HTTPHeaders = ["Authorization": "s", "X-Okta-Verification-Challenge": "abc"]
        let verified = try push.send([], challenge, .GET)
        #expect(verified.status == 200 && text(verified) == "{\"verification\":\"abc\"}")
        #expect(try push.send([], ["X-Okta-Verification-Challenge": "abc"], .GET).status == 401)
        let body = #"{"eventType":"com.okta.event_hook","data":{"events":[{"uuid":"1"},{"uuid":"2"}]}}"#
        #expect(try push.send(body, ["Authorization": "s"]).status == 200)
        #expect(push.taken == [#"[{"uuid":"1"},{"uuid":"2"}]"#])
        #expect(try push.send("{}", ["Authorization": "s"]).status == 400)
    }

    @Test("HEC's events come out of their envelopes, and each error has Splunk's number")
    func hec() throws {
        let push = Push(.hec, .hecToken(Secret("t")), path: "")
        let good: HTTPHeaders = ["Authorization": "Splunk t"]
        func code(_ body: String, _ headers: HTTPHeaders, to path: String = "/services/collector/event")
            throws
            -> [Int64?]
        {
            let answer = try push.send(body, headers, to: path)
            let json = JSONValue(json: answer.body)
            return [Int64(answer.status), json?["code"]?.integer, json?["invalid-event-number"]?.integer]
        }
        #expect(try code("{\"event\":{}}", [:]) == [401, 2, nil])
        #expect(try code("{\"event\":{}}", ["Authorization": "Bearer t"]) == [401, 3, nil])
        #expect(try code("{\"event\":{}}", ["Authorization": "Splunk no"]) == [403, 4, nil])
        #expect(try code(" ", good) == [400, 5, nil])
        #expect(try code("{\"event\":{\"a\":1}}{\"event\":", good) == [400, 6, 1])
        #expect(try code("{\"event\":{\"a\":1}}{\"time\":1}", good) == [400, 12, 1])
        #expect(try code("{\"event\":\"\"}", good) == [400, 13, 0])
        #expect(try code("", good, to: "/services/collector/ack?channel=1") == [400, 14, nil])
        #expect(try code("", [:], to: "/services/collector/health") == [200, 17, nil])
        #expect(push.pages.pages.isEmpty, "a body is taken whole or not at all")

        let body =
            #"{"time":1,"event":{"a":1}} {"event":"{\"b\": 2}"}"# + "\n" + #"{"host":"h","event":"plain"}"#
        #expect(try code(body, good) == [200, 0, nil])
        #expect(push.taken == ["{\"a\":1}\n{\"b\": 2}\n{\"host\":\"h\",\"event\":\"plain\"}\n"])
        #expect(try code("{\"c\":3}", good, to: "/services/collector/raw?channel=1") == [200, 0, nil])
        #expect(push.taken.last == "{\"c\":3}")
        #expect(!push.receiver.serves(HTTPRequest(.POST, "/services/other")))
    }

    @Test("Bodies are bounded as sent and as inflated")
    func bounds() throws {
        let push = Push(.json, .bearer(Secret("right"))) {
            $0.bodyBytesMax = 1_000
            $0.inflatedBytesMax = 5_000
        }
        #expect(try push.send([UInt8](repeating: 0x20, count: 1_001), Self.bearer).status == 413)
        func packed(_ count: Int) -> [UInt8] {
            var bytes: [UInt8] = []
            var compressor = Compressor(.gzipFast)
            compressor.pack([UInt8](repeating: 0x61, count: count), into: &bytes)
            return bytes
        }
        #expect(try push.send(packed(5_000), Self.bearer).status == 200)
        #expect(try push.send(packed(5_001), Self.bearer).status == 413)
        #expect(try push.send(Array(packed(4_000).dropLast(4)), Self.bearer).status == 400)
    }

    @Test("More requests than may be in work are told when to come again")
    func crowded() throws {
        let push = Push(.json, .bearer(Secret("right"))) { $0.requestsMax = 3 }
        let request = HTTPRequest(.POST, "/in", headers: Self.bearer, body: Array("{}".utf8))
        let answers = try push.world.run {
            await withTaskGroup(of: HTTPResponse.self) { group in
                for _ in 0..<10 { group.addTask { await push.receiver.answer(request) } }
                return await group.reduce(into: []) { $0.append($1) }
            }
        }
        let all = try #require(answers)
        #expect(all.count { $0.status == 200 } == push.pages.pages.count)
        let late = all.filter { $0.status == 429 }
        #expect(!late.isEmpty && late.allSatisfy { $0.headers["Retry-After"] == "1" })
        #expect(late.count + push.pages.pages.count == 10)
    }

    @Test("What cannot be stored in time is not answered with 200")
    func full() throws {
        let world = Simulation(seed: 2)
        let config = PushReceiver.Config(
            feed: "f", source: "push", path: "/in", format: .json, auth: .bearer(Secret("right")))
        let receiver = PushReceiver(config, sink: StuckSink(world: world), time: world)
        let request = HTTPRequest(.POST, "/in", headers: Self.bearer, body: Array("{}".utf8))
        let answer = try world.run { await receiver.answer(request) }
        #expect(answer?.status == 503 && answer?.headers["Retry-After"] == "10")
        #expect(world.elapsed == .seconds(20))
        let broken = PushReceiver(
            config, sink: RememberedPages(world, refuses: 1), time: world)
        #expect(try world.run { await broken.answer(request) }?.status == 503)
    }

    /// A sink whose spools are full for ever.
    private struct StuckSink: PageSink {
        let world: Simulation
        func deliver(_ page: RawPage, from mark: inout PageMark) async throws(Fault) -> PageReceipt {
            do { try await world.sleep(until: .distantFuture) } catch { throw Fault(.cancelled, "stopped") }
            return PageReceipt()
        }
        func position(of source: String) async throws(Fault) -> [UInt8]? { nil }
    }
}
