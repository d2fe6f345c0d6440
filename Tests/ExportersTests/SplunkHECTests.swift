import Codecs
import Credentials
import Engine
import Platform
import Ports
import Simulation
import Testing

@testable import Exporters

@Suite struct SplunkHECTests {
    private let now = Timestamp(seconds: 1_700_000_000)

    private func hec(_ change: (inout SplunkHEC.Config) -> Void = { _ in }) -> SplunkHEC {
        var config = SplunkHEC.Config(url: "https://splunk.example.com:8088/", token: Secret("t0ken"))
        change(&config)
        return SplunkHEC(config, entropy: Simulation(seed: 1))
    }

    private func response(_ status: Int, _ body: String = "", _ headers: HTTPHeaders = [:]) -> HTTPResponse {
        HTTPResponse(status: status, headers: headers, body: Array(body.utf8))
    }

    @Test("Each event goes in an envelope of its own, with its time, metadata and uid")
    func encodes() throws {
        let hec = hec {
            $0.index = "main"
            $0.host = "a\"b\\c\n\u{1}"
            $0.fields = [("tenant", "é\"")]
        }
        var body: [UInt8] = []
        hec.encode(events(0..<3), into: &body)
        let envelopes = try lines(body).map { try document($0) }
        #expect(envelopes.count == 3)
        #expect(envelopes[2]["time"]?.text == "1700000000.002")
        #expect(envelopes[2]["index"]?.string == "main")
        #expect(envelopes[2]["host"]?.string == "a\"b\\c\n\u{1}")
        #expect(envelopes[2]["sourcetype"]?.string == "ocsf:event")
        #expect(envelopes[2]["event"]?["number"]?.integer == 2)
        #expect(envelopes[2]["fields"]?["uid"]?.string == envelopes[2]["event"]?["metadata"]?["uid"]?.string)
        #expect(envelopes[2]["fields"]?["tenant"]?.string == "é\"")
    }

    @Test("Times before 1970 and with any fraction are written as decimals")
    func times() throws {
        for (milliseconds, text) in [
            (-1, "-0.001"), (-1_500, "-1.500"), (0, "0.000"), (1_005, "1.005"), (Int64.max / 1_000_000, nil),
        ] as [(Int64, String?)] {
            var batch = events(0..<1)
            batch.events[0].time = Timestamp(milliseconds: milliseconds)
            var body: [UInt8] = []
            hec().encode(batch, into: &body)
            let time = try document(lines(body)[0])["time"]?.text
            #expect(time != nil)
            if let text { #expect(time == text) }
        }
    }

    @Test("The request goes to the event collector, authorized, gzipped, and on a channel where acknowledged")
    func request() throws {
        let plain = hec { $0.isCompressed = false }.request(carrying: Array("x".utf8), batchID: "1")
        #expect(plain.url == "https://splunk.example.com:8088/services/collector/event")
        #expect(plain.headers["authorization"] == "Splunk t0ken")
        #expect(plain.headers["x-splunk-request-channel"] == nil)
        #expect(plain.body == Array("x".utf8))
        let packed = hec { $0.acknowledgement = true }.request(carrying: Array("x".utf8), batchID: "1")
        #expect(packed.headers["content-encoding"] == "gzip")
        #expect(try Inflater.inflate(packed.body, bytesMax: 10) == Array("x".utf8))
        #expect(packed.headers["x-splunk-request-channel"]?.utf8.count == 36)
        #expect(SplunkHEC.address("https://s/services/collector") == "https://s/services/collector")
    }

    @Test(
        "Every answer of Splunk's has one meaning",
        arguments: [
            (200, #"{"text":"Success","code":0}"#, .accepted),
            (
                200, "<html>sign in</html>",
                .denied(reason: "this address answers like no Splunk HEC: <html>sign in</html>")
            ),
            (200, "", .denied(reason: "this address answers like no Splunk HEC: ")),
            (
                401, #"{"text":"Token is required","code":2}"#,
                .denied(reason: "Splunk refuses the token: Token is required")
            ),
            (
                401, #"{"text":"Invalid authorization","code":3}"#,
                .denied(reason: "Splunk refuses the token: Invalid authorization")
            ),
            (
                403, #"{"text":"Token is disabled","code":1}"#,
                .denied(reason: "Splunk refuses the token: Token is disabled")
            ),
            (
                403, #"{"text":"Invalid token","code":4}"#,
                .denied(reason: "Splunk refuses the token: Invalid token")
            ),
            (400, #"{"text":"No data","code":5}"#, .tooLarge(reason: "Splunk: No data (code 5)")),
            (
                400, #"{"text":"Invalid data format","code":6,"invalid-event-number":2}"#,
                .stopped(atRow: 2, reason: "Splunk: Invalid data format (code 6)")
            ),
            (
                400, #"{"text":"Invalid data format","code":6}"#,
                .tooLarge(reason: "Splunk: Invalid data format (code 6)")
            ),
            (
                400, #"{"text":"Incorrect index","code":7,"invalid-event-number":0}"#,
                .denied(reason: "Splunk: Incorrect index (code 7)")
            ),
            (
                400, #"{"text":"Data channel is missing","code":10}"#,
                .denied(reason: "Splunk: Data channel is missing (code 10)")
            ),
            (
                400, #"{"text":"Invalid data channel","code":11}"#,
                .denied(reason: "Splunk: Invalid data channel (code 11)")
            ),
            (
                400, #"{"text":"Event field is required","code":12,"invalid-event-number":1}"#,
                .stopped(atRow: 1, reason: "Splunk: Event field is required (code 12)")
            ),
            (
                400, #"{"text":"Event field cannot be blank","code":13,"invalid-event-number":0}"#,
                .stopped(atRow: 0, reason: "Splunk: Event field cannot be blank (code 13)")
            ),
            (
                400, #"{"text":"ACK is disabled","code":14}"#,
                .denied(reason: "Splunk: ACK is disabled (code 14)")
            ),
            (
                400, #"{"text":"Error in handling indexed fields","code":15,"invalid-event-number":3}"#,
                .stopped(atRow: 3, reason: "Splunk: Error in handling indexed fields (code 15)")
            ),
            (400, "Bad Request", .tooLarge(reason: "Splunk: Bad Request (code none)")),
            (404, "", .denied(reason: "there is no HEC at this address (HTTP status 404)")),
            (405, "", .denied(reason: "there is no HEC at this address (HTTP status 405)")),
            (413, "", .tooLarge(reason: "Splunk's max_content_length is smaller than the batch")),
            (302, "", .denied(reason: "this address redirects: use the address itself")),
            (418, "tea", .denied(reason: "Splunk answers with HTTP status 418: tea")),
            (408, "", .retry(after: nil)), (429, "", .retry(after: nil)), (500, "", .retry(after: nil)),
            (502, "", .retry(after: nil)), (503, #"{"text":"Server is busy","code":9}"#, .retry(after: nil)),
            (504, "", .retry(after: nil)),
        ] as [(Int, String, Verdict)])
    func verdicts(status: Int, body: String, verdict: Verdict) {
        #expect(hec().verdict(on: response(status, body), rows: 4, now: now) == verdict)
    }

    @Test(
        "Retry-After is heeded in both its forms, within an hour",
        arguments: [
            ("7", 7), ("0", 0), ("99999999999", 3_600), ("Tue, 14 Nov 2023 22:13:50 GMT", 30),
            ("Tue, 14 Nov 2023 22:13:00 GMT", 0), ("-1", nil), ("soon", nil), ("", nil),
        ] as [(String, Int?)])
    func retryAfter(text: String, seconds: Int?) {
        let verdict = hec().verdict(on: response(503, "", ["Retry-After": text]), rows: 1, now: now)
        #expect(verdict == .retry(after: seconds.map { now + .seconds($0) }))
    }

    @Test("An acknowledgement is awaited, asked for on the same channel, and confirmed only by true")
    func acknowledgement() throws {
        let hec = hec { $0.acknowledgement = true }
        let ids = [0, 1, 2].map { number in
            hec.verdict(
                on: response(200, #"{"text":"Success","code":0,"ackId":\#(number)}"#), rows: 1, now: now)
        }.compactMap { if case .awaiting(let id) = $0 { id } else { nil } }
        #expect(ids.count == 3)
        let request = try #require(hec.acknowledgementRequest(for: ids))
        #expect(request.url == "https://splunk.example.com:8088/services/collector/ack")
        #expect(request.body == Array(#"{"acks":[0,1,2]}"#.utf8))
        #expect(
            request.headers["x-splunk-request-channel"]
                == hec.request(carrying: [], batchID: "1").headers["x-splunk-request-channel"])
        let answer = response(200, #"{"acks":{"0":true,"1":false,"7":true}}"#)
        #expect(hec.acknowledged(ids, by: answer) == [ids[0]])
        #expect(hec.acknowledged(ids, by: response(503, #"{"acks":{"0":true}}"#)) == [])
        #expect(hec.acknowledged(ids, by: response(200, "nonsense")) == [])
    }

    @Test("After Splunk's restart an id that comes again confirms only the batch that it was given for")
    func restart() throws {
        let hec = hec { $0.acknowledgement = true }
        func send(_ number: Int) -> String? {
            let answer = response(200, #"{"text":"Success","code":0,"ackId":\#(number)}"#)
            if case .awaiting(let id) = hec.verdict(on: answer, rows: 1, now: now) { return id }
            return nil
        }
        // Requests side by side may be answered out of order: that is no restart.
        let before = [0, 2, 1].compactMap(send)
        let after = try #require(send(0))
        let confirmed = hec.acknowledged(
            before + [after], by: response(200, #"{"acks":{"0":true,"1":true,"2":true}}"#))
        #expect(confirmed == [after])
        #expect(hec.acknowledgementRequest(for: before + [after])?.body == Array(#"{"acks":[0]}"#.utf8))
    }

    @Test("A strict receiver takes everything over a real connection, and stops at the event it cannot take")
    func overTheWire() async throws {
        var options = HECReceiver.Options(token: "t0ken")
        options.acknowledges = true
        options.acknowledgeAfter = .zero
        options.refusing = "\"number\":7}"
        let receiver = HECReceiver(options)
        let clock = SystemClock()
        let server = try HTTPServer { receiver.answer($0, at: clock.now) }
        let hec = hec {
            $0.url = server.url
            $0.acknowledgement = true
        }
        let door = HTTPReceiver(hec, transport: CurlTransport(), time: clock)
        let first = try await door.deliver(events(0..<5), batchID: "0-5")
        guard case .awaiting(let id) = first else {
            Issue.record("\(first)")
            return
        }
        #expect(try await door.acknowledged([id]) == [id])
        // Said once, and then forgotten.
        #expect(try await door.acknowledged([id]) == [])
        let second = try await door.deliver(events(5..<10), batchID: "5-10")
        #expect(second == .stopped(atRow: 2, reason: "Splunk: Invalid data format (code 6)"))
        await server.stop()
        #expect(receiver.tally.uids.count == 7)
        #expect(receiver.tally.repeated == 0)
        #expect(receiver.tally.breaches == [])
        #expect(receiver.tally.classes == ["Authentication": 7])
    }

    @Test("The strict receiver refuses what Splunk refuses")
    func receiver() {
        var options = HECReceiver.Options(token: "t")
        options.acknowledges = true
        let receiver = HECReceiver(options)
        func post(_ body: String, _ change: (inout HTTPRequest) -> Void = { _ in }) -> String {
            var request = HTTPRequest(
                .POST, "/services/collector/event",
                headers: [
                    "Authorization": "Splunk t",
                    "X-Splunk-Request-Channel": "01234567-0123-0123-0123-012345678901",
                ], body: Array(body.utf8))
            change(&request)
            let answer = receiver.answer(request, at: now)
            return "\(answer.status) " + String(decoding: answer.body, as: UTF8.self)
        }
        let good = #"{"time":1.5,"event":{"a":1}}"#
        #expect(post(good) == #"200 {"text":"Success","code":0,"ackId":0}"#)
        #expect(post(good + good) == #"200 {"text":"Success","code":0,"ackId":1}"#)
        #expect(post("") == #"400 {"text":"No data","code":5}"#)
        #expect(post(good + "{") == #"400 {"text":"Invalid data format","code":6,"invalid-event-number":1}"#)
        for wrong in [
            "[]", #"{"time":1,"event":01}"#, #"{"time":1,"event":"\#u{1}"}"#, #"{"time":1,"evnt":1}"#,
            #"{"event":{}}"#,
        ] { #expect(post(wrong).hasPrefix("400 "), "\(wrong)") }
        #expect(post(good) { $0.headers["Authorization"] = nil }.hasPrefix("401 "))
        #expect(post(good) { $0.headers["Authorization"] = "Splunk other" }.hasPrefix("403 "))
        #expect(post(good) { $0.headers["X-Splunk-Request-Channel"] = nil }.hasPrefix("400 "))
        #expect(post(good) { $0.headers["Content-Encoding"] = "gzip" }.hasPrefix("415 "))
        #expect(post(good) { $0.url = "https://h/other" }.hasPrefix("404 "))
        #expect(receiver.tally.events == 4)
    }
}
