import Codecs
import Credentials
import Engine
import Ports
import Simulation
import Testing

@testable import Exporters

@Suite struct GenericHTTPTests {
    private let world = Simulation(seed: 1)

    private func http(_ change: (inout GenericHTTP.Config) -> Void = { _ in }) -> GenericHTTP {
        var config = GenericHTTP.Config(url: "https://in.example.com/x")
        change(&config)
        return GenericHTTP(config, time: world)
    }

    private func body(_ exporter: GenericHTTP, _ batch: EventBatch) -> [UInt8] {
        var body: [UInt8] = []
        exporter.encode(batch, into: &body)
        return body
    }

    @Test("A batch is lines, or one array, of the events as they are")
    func encodes() throws {
        let text = body(http(), events(0..<3))
        #expect(try lines(text).map { try document($0)["number"]?.integer } == [0, 1, 2])
        #expect(text.last == UInt8(ascii: "\n"))
        let array = try document(body(http { $0.format = .array }, events(0..<3)))
        #expect(array.list?.map { $0["number"]?.integer } == [0, 1, 2])
        #expect(body(http { $0.format = .array }, EventBatch()) == Array("[]".utf8))
    }

    @Test("The key is the same at every try, and another for other content under the same rows")
    func key() {
        let exporter = http()
        func key(_ batch: EventBatch) -> String? {
            exporter.request(carrying: body(exporter, batch), batchID: "0-3").headers["Idempotency-Key"]
        }
        #expect(key(events(0..<3)) == key(events(0..<3)))
        #expect(key(events(0..<3)) != key(events(1..<4)))
        #expect(key(events(0..<3))?.hasPrefix("0-3-") == true)
    }

    @Test(
        "Credentials, headers of one's own and packing go as they are set",
        arguments: [
            Compressor.Form.plain, .gzipFast, .zstd(level: 3),
        ])
    func request(form: Compressor.Form) throws {
        let request = http {
            $0.authorization = .basic(user: "u", password: Secret("p:ü"))
            $0.headers = [("X-Tenant", Secret("a")), ("content-type", Secret("application/json-lines"))]
            $0.compression = form
        }.request(carrying: Array("body".utf8), batchID: "1")
        #expect(request.headers["Authorization"] == "Basic \(Base64.encode(Array("u:p:ü".utf8)))")
        #expect(request.headers["X-Tenant"] == "a")
        #expect(request.headers["Content-Type"] == "application/json-lines")
        #expect(request.headers["Content-Encoding"] == form.contentEncoding)
        #expect(try Inflater.inflate(request.body, bytesMax: 10) == Array("body".utf8))
        let bearer = http { $0.authorization = .bearer(Secret("t")) }.request(carrying: [], batchID: "1")
        #expect(bearer.headers["Authorization"] == "Bearer t")
    }

    @Test("The simple signature is over the body as sent")
    func simple() {
        let request = http {
            $0.signature = .simple(
                secret: Secret("It's a Secret to Everybody"), header: "X-Hub-Signature-256")
        }.request(carrying: Array("Hello, World!".utf8), batchID: "1")
        // GitHub's published example.
        #expect(
            request.headers["x-hub-signature-256"]
                == "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17")
    }

    @Test("The Standard Webhooks signature covers key, time and body")
    func standard() throws {
        let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
        let request = http { $0.signature = .standardWebhooks(secret: Secret(secret)) }.request(
            carrying: Array("{}".utf8), batchID: "1")
        let id = try #require(request.headers["webhook-id"])
        let time = try #require(request.headers["webhook-timestamp"])
        #expect(time == "\(world.now.seconds)")
        let key = try #require(Base64.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))
        let tag = Digest.hmacSHA256(Array("\(id).\(time).{}".utf8), key: key)
        #expect(request.headers["webhook-signature"] == "v1," + Base64.encode(tag))
    }

    @Test(
        "Every status has one meaning",
        arguments: [
            (200, "accepted"), (202, "accepted"), (204, "accepted"), (301, "denied"), (308, "denied"),
            (400, "halves"),
            (401, "denied"), (403, "denied"), (404, "denied"), (405, "denied"), (407, "denied"),
            (408, "retry"),
            (410, "denied"), (413, "halves"), (422, "halves"), (425, "retry"), (429, "retry"), (500, "retry"),
            (501, "denied"), (502, "retry"), (503, "retry"), (504, "retry"), (599, "retry"),
        ])
    func verdicts(status: Int, meaning: String) {
        let verdict = http().verdict(on: HTTPResponse(status: status), rows: 3, now: world.now)
        let said =
            switch verdict {
            case .accepted: "accepted"
            case .denied: "denied"
            case .tooLarge: "halves"
            case .retry: "retry"
            default: "other"
            }
        #expect(said == meaning)
    }

    @Test("What nginx has against our certificate is no word about events, though it says it by status 400")
    func proxyPages() {
        func refusal(_ title: String, status: Int = 400) -> String? {
            let page = "<html>\r\n<head><title>\(title)</title></head>\r\n<body>…</body></html>"
            return HTTPResponse(status: status, body: Array(page.utf8)).connectionRefusal
        }
        for words in [
            "No required SSL certificate was sent", "The SSL certificate error",
            "The plain HTTP request was sent to HTTPS port", "Request Header Or Cookie Too Large",
        ] {
            #expect(refusal("400 \(words)") == words)
            #expect(refusal("400 \(words)", status: 502) == nil)
        }
        #expect(refusal("400 Bad Request") == nil)
        #expect(
            HTTPResponse(status: 400, body: Array("The SSL certificate error".utf8)).connectionRefusal == nil)
    }

    @Test("A number at the end of what an answer has is all of that number")
    func numbersInAnswers() throws {
        var declaration = ReceiverProtocol()
        declaration.receiver = "x"
        declaration.post = "https://x.example.com/"
        var answer = ReceiverAnswer()
        answer.status = [500]
        answer.has = "Code: 27"
        answer.then = .halves
        declaration.answers = [answer]
        let exporter = try DeclaredExporter(declaration, .init())
        func isHalved(_ text: String) -> Bool {
            let answer = HTTPResponse(status: 500, body: Array(text.utf8))
            if case .tooLarge = exporter.verdict(on: answer, rows: 2, now: world.now) { return true }
            return false
        }
        for text in [
            "Code: 27", "Code: 27, e.what()", "Code: 27. DB::Exception", "Code: 279, then Code: 27.",
        ] {
            #expect(isHalved(text))
        }
        for text in ["Code: 279, all tries failed", "Code: 2", ""] { #expect(!isHalved(text)) }
    }

    @Test("No secret shows in what a program prints of its configuration")
    func secrets() {
        var config = GenericHTTP.Config(url: "https://in.example.com")
        config.authorization = .bearer(Secret("hidden-1"))
        config.signature = .simple(secret: Secret("hidden-2"), header: "X")
        config.headers = [("X-Key", Secret("hidden-3"))]
        #expect(!"\(config)".contains("hidden"))
        var text = ""
        dump(config, to: &text)
        #expect(!text.contains("hidden"))
    }
}
