import Engine
import Ports
import Testing

@testable import Simulation

@Suite struct ObjectStoreTests {
    private static let now = Timestamp(seconds: 1_793_577_600)

    private static func signed(
        _ method: HTTPRequest.Method, _ path: String, _ more: HTTPHeaders = [:], body: [UInt8] = [],
        key: String = "AKID"
    ) -> HTTPRequest {
        var request = HTTPRequest(method, "http://127.0.0.1:9000\(path)", headers: more, body: body)
        request.headers["Authorization"] =
            "AWS4-HMAC-SHA256 Credential=\(key)/20261102/us-east-1/s3/aws4_request, "
            + "SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature="
            + String(repeating: "0", count: 64)
        request.headers["X-Amz-Date"] = "20261102T000000Z"
        request.headers["x-amz-content-sha256"] = "UNSIGNED-PAYLOAD"
        return request
    }

    private static func listed(_ store: ObjectStore, _ query: String) -> (
        keys: [String], next: String?, prefixes: [String]
    ) {
        let text = String(
            decoding: store.answer(signed(.GET, "/logs?list-type=2&\(query)"), at: now).body, as: UTF8.self)
        func all(_ tag: String, in text: String) -> [String] {
            text.split(separator: "<\(tag)>", omittingEmptySubsequences: false).dropFirst().map {
                String($0.prefix { $0 != "<" })
            }
        }
        let prefixes = text.split(separator: "<CommonPrefixes>").dropFirst().flatMap {
            all("Prefix", in: String($0))
        }
        return (all("Key", in: text), all("NextContinuationToken", in: text).first, prefixes)
    }

    private static func filled(_ count: Int) -> ObjectStore {
        let store = ObjectStore(buckets: ["logs"])
        for number in 0..<count {
            let digits = String(1_000 + number).dropFirst()
            store.put(
                .bytes(Array("object \(number)".utf8)), as: "a/\(number % 3)/\(digits)", in: "logs", at: now)
        }
        return store
    }

    @Test("Paging by continuation tokens lists every key once, in byte order", arguments: [1, 7, 100, 1_000])
    func paging(size: Int) {
        let store = Self.filled(250)
        var keys: [String] = []
        var token: String?
        repeat {
            let page = Self.listed(
                store, "max-keys=\(size)" + (token.map { "&continuation-token=\($0)" } ?? ""))
            #expect(page.keys.count <= size)
            keys += page.keys
            token = page.next
        } while token != nil
        #expect(keys == store.keys(in: "logs"))
        #expect(keys.count == 250)
    }

    @Test("Prefix, start-after and delimiter choose what S3 would choose")
    func choosing() {
        let store = Self.filled(30)
        #expect(Self.listed(store, "prefix=a/1/").keys.allSatisfy { $0.hasPrefix("a/1/") })
        #expect(Self.listed(store, "prefix=a/1/").keys.count == 10)
        #expect(Self.listed(store, "prefix=a/1/&start-after=a/1/013").keys.first == "a/1/016")
        let folders = Self.listed(store, "prefix=a/&delimiter=/&max-keys=2")
        #expect(folders.keys.isEmpty && folders.prefixes == ["a/0/", "a/1/"])
        let rest = Self.listed(store, "prefix=a/&delimiter=/&continuation-token=\(folders.next ?? "")")
        #expect(rest.prefixes == ["a/2/"])
    }

    @Test("Keys with awkward characters come back through url encoding and can be fetched")
    func awkwardKeys() {
        let store = ObjectStore(buckets: ["logs"])
        store.put(.bytes([1, 2, 3]), as: "a b/ü&<+.json", in: "logs", at: Self.now)
        #expect(Self.listed(store, "encoding-type=url").keys == ["a%20b/%C3%BC%26%3C%2B.json"])
        let answer = store.answer(Self.signed(.GET, "/logs/a%20b/%C3%BC%26%3C%2B.json"), at: Self.now)
        #expect(answer.status == 200 && answer.body == [1, 2, 3])
    }

    @Test("Ranges, conditions and create-once writes answer as S3 does")
    func objects() {
        let store = ObjectStore(buckets: ["logs"])
        let put = store.answer(
            Self.signed(
                .PUT, "/logs/x", ["If-None-Match": "*", "x-amz-meta-signature": "00ff"],
                body: Array("hello".utf8)),
            at: Self.now)
        #expect(put.status == 200)
        #expect(
            store.answer(Self.signed(.PUT, "/logs/x", ["If-None-Match": "*"]), at: Self.now).status == 412)
        let part = store.answer(Self.signed(.GET, "/logs/x", ["Range": "bytes=1-3"]), at: Self.now)
        #expect(part.status == 206 && part.body == Array("ell".utf8))
        #expect(part.headers["Content-Range"] == "bytes 1-3/5")
        #expect(store.answer(Self.signed(.GET, "/logs/x", ["Range": "bytes=9-"]), at: Self.now).status == 416)
        let head = store.answer(Self.signed(.HEAD, "/logs/x"), at: Self.now)
        #expect(head.headers["Content-Length"] == "5" && head.headers["x-amz-meta-signature"] == "00ff")
        let tag = head.headers["ETag"] ?? ""
        #expect(
            store.answer(Self.signed(.GET, "/logs/x", ["If-None-Match": tag]), at: Self.now).status == 304)
        #expect(store.answer(Self.signed(.GET, "/logs/y"), at: Self.now).status == 404)
        #expect(store.answer(Self.signed(.GET, "/other/y"), at: Self.now).status == 404)
    }

    @Test("A request without a signature, or with an unknown key, is refused")
    func signatures() {
        let store = ObjectStore(buckets: ["logs"], accessKeys: ["AKID"])
        #expect(store.answer(HTTPRequest(.GET, "http://127.0.0.1/logs/x"), at: Self.now).status == 403)
        #expect(
            store.answer(Self.signed(.GET, "/logs?list-type=2", key: "AKOTHER"), at: Self.now).status == 403)
        #expect(store.answer(Self.signed(.GET, "/logs?list-type=2"), at: Self.now).status == 200)
    }
}

@Suite struct QueueTests {
    private static let start = Timestamp(seconds: 1_793_577_600)

    private static func call(_ queue: Queue, _ action: String, _ body: String, after seconds: Int = 0)
        -> String
    {
        let request = HTTPRequest(
            .POST, "http://127.0.0.1:9324/",
            headers: [
                "X-Amz-Target": "AmazonSQS.\(action)", "X-Amz-Date": "20261102T000000Z",
                "Authorization": "AWS4-HMAC-SHA256 Credential=AKID/20261102/us-east-1/sqs/aws4_request, "
                    + "SignedHeaders=host;x-amz-date, Signature=" + String(repeating: "0", count: 64),
            ], body: Array(body.utf8))
        return String(decoding: queue.answer(request, at: start + .seconds(seconds)).body, as: UTF8.self)
    }

    private static func handles(_ answer: String) -> [String] {
        answer.split(separator: "\"ReceiptHandle\":\"").dropFirst().map { String($0.prefix { $0 != "\"" }) }
    }

    private static let to = "\"QueueUrl\":\"http://127.0.0.1:9324/q\""

    @Test("A message not deleted in time comes again, and after too many times goes to the dead letters")
    func redelivery() {
        let queue = Queue(url: "http://127.0.0.1:9324/q", visibility: .seconds(10), receivesMax: 2)
        queue.send("{}", at: Self.start)
        let first = Self.call(queue, "ReceiveMessage", "{\(Self.to)}")
        #expect(first.contains("\"ApproximateReceiveCount\":\"1\""))
        #expect(Self.call(queue, "ReceiveMessage", "{\(Self.to)}", after: 9) == "{}")
        let second = Self.call(queue, "ReceiveMessage", "{\(Self.to)}", after: 10)
        #expect(second.contains("\"ApproximateReceiveCount\":\"2\""))
        #expect(Self.handles(first) != Self.handles(second))
        #expect(Self.call(queue, "ReceiveMessage", "{\(Self.to)}", after: 20) == "{}")
        #expect(queue.deadLetters.map(\.body) == ["{}"] && queue.count == 0)
    }

    @Test("Visibility can be stretched while a message is in flight, not after")
    func visibility() {
        let queue = Queue(url: "http://127.0.0.1:9324/q", visibility: .seconds(10))
        queue.send("{}", at: Self.start)
        let handle = Self.handles(Self.call(queue, "ReceiveMessage", "{\(Self.to)}"))[0]
        let change = "{\(Self.to),\"ReceiptHandle\":\"\(handle)\",\"VisibilityTimeout\":30}"
        #expect(Self.call(queue, "ChangeMessageVisibility", change, after: 9) == "{}")
        #expect(Self.call(queue, "ReceiveMessage", "{\(Self.to)}", after: 38) == "{}")
        #expect(Self.call(queue, "ChangeMessageVisibility", change, after: 39).contains("MessageNotInflight"))
    }

    @Test("A batch deletes what it can and says what it could not")
    func batches() {
        let queue = Queue(url: "http://127.0.0.1:9324/q")
        for number in 0..<12 { queue.send("\(number)", at: Self.start) }
        let received = Self.call(queue, "ReceiveMessage", "{\(Self.to),\"MaxNumberOfMessages\":10}")
        let entries = Self.handles(received).enumerated()
            .map { "{\"Id\":\"\($0.offset)\",\"ReceiptHandle\":\"\($0.offset == 3 ? "junk" : $0.element)\"}" }
        let answer = Self.call(
            queue, "DeleteMessageBatch", "{\(Self.to),\"Entries\":[\(entries.joined(separator: ","))]}")
        #expect(answer.contains("\"Failed\":[{\"Id\":\"3\"") && queue.deleted == 9 && queue.count == 3)
        #expect(
            Self.call(queue, "GetQueueAttributes", "{\(Self.to)}").contains(
                "\"ApproximateNumberOfMessagesNotVisible\":\"1\""))
    }
}
