import Codecs
import Engine
import Testing

@Suite struct EventShaperTests {
    private static let event =
        #"{"class_uid":3002,"metadata":{"uid":"u1","version":"1.9.0"},"#
        + #""actor":{"user":{"name":"ada","uid":7,"groups":[{"name":"g1"},{"name":"g2"}]},"app_name":"x"},"#
        + #""observables":[{"name":"actor.user.name","type_id":4,"value":"ada"},"#
        + #"{"name":"src_endpoint.ip","type_id":2,"value":"192.0.2.1"}],"message":"m","raw_data":"{\"a\":1}"}"#

    private func shaped(
        _ rules: [(String, EventShaper.Manner)], max: Int? = nil, _ text: String = event
    ) throws -> Document? {
        var shaper = EventShaper(
            rules.map { EventShaper.Rule(path: $0.0, manner: $0.1) }, bytesMax: max
        ) { text in Array(Hex.encode(Digest.hmacSHA256(text, key: [1]).prefix(16)).utf8) }
        var out: [UInt8] = Array("before".utf8)
        let bytes = Array(text.utf8)
        guard try shaper.shape(bytes, bytes.indices, into: &out) else {
            #expect(out == Array("before".utf8))
            return nil
        }
        if let max { #expect(out.count - 6 <= max) }
        return try JSONReader.document(in: Array(out.dropFirst(6)), file: "shaped")
    }

    @Test("Removed, masked and hashed: the field and its observable, and nothing else")
    func redacts() throws {
        let removed = try #require(try shaped([("actor.user.name", .remove), ("raw_data", .remove)]))
        #expect(removed["actor"]?["user"]?["name"] == nil && removed["raw_data"] == nil)
        #expect(removed["actor"]?["user"]?["uid"]?.integer == 7)
        #expect(removed["observables"]?.list?.map { $0["name"]?.string } == ["src_endpoint.ip"])
        let masked = try #require(try shaped([("actor.user.name", .mask)]))
        #expect(masked["actor"]?["user"]?["name"]?.string == "***")
        #expect(masked["observables"]?.list?[0]["value"]?.string == "***")
        #expect(masked["observables"]?.list?[1]["value"]?.string == "192.0.2.1")
        let hashed = try #require(try shaped([("actor.user", .hash)]))
        let digest = Hex.encode(Digest.hmacSHA256(Array("ada".utf8), key: [1]).prefix(16))
        #expect(hashed["actor"]?["user"]?["name"]?.string == digest)
        #expect(hashed["observables"]?.list?[0]["value"]?.string == digest)
        // A number cannot be hashed and stay a number.
        #expect(hashed["actor"]?["user"]?["uid"] == nil)
        #expect(hashed["actor"]?["user"]?["groups"]?.list?.count == 2)
        #expect(hashed["actor"]?["app_name"]?.string == "x" && hashed["metadata"]?["uid"]?.string == "u1")
        let inArrays = try #require(try shaped([("actor.user.groups.name", .mask)]))
        let groups = inArrays["actor"]?["user"]?["groups"]?.list ?? []
        #expect(groups.map { $0["name"]?.string } == ["***", "***"])
    }

    @Test(
        "An event that is too large is cut to size, says so, and stays JSON", arguments: [600, 1_000, 4_000])
    func cuts(max: Int) throws {
        let long = String(repeating: #"é\"\u00e9\ud83d\ude00"#, count: 400)
        let text =
            #"{"metadata":{"uid":"u1"},"message":"\#(long)","unmapped":{"a":"\#(long)","b":[1,2]},"status":"ok"}"#
        let cut = try #require(try shaped([], max: max, text))
        #expect(cut["metadata"]?["is_truncated"]?.bool == true)
        #expect(cut["metadata"]?["untruncated_size"]?.integer == Int64(text.utf8.count))
        #expect(cut["metadata"]?["uid"]?.string == "u1" && cut["status"]?.string == "ok")
        #expect(cut["message"]?.string?.hasSuffix("…") == true)
        #expect(cut["message"]?.string?.contains("\u{FFFD}") == false)
    }

    @Test(
        "What is many small things loses its least needed members first, and is refused where that is not enough"
    )
    func dropsMembers() throws {
        let many = (0..<500).map { "\"k\($0)\":\($0)" }.joined(separator: ",")
        let text = "{\"metadata\":{\"uid\":\"u1\"},\"unmapped\":{\(many)},\"status\":\"ok\"}"
        let cut = try #require(try shaped([], max: 1_000, text))
        #expect(cut["unmapped"] == nil && cut["status"]?.string == "ok")
        #expect(cut["metadata"]?["is_truncated"]?.bool == true)
        #expect(try shaped([], max: 1_000, "{\"metadata\":{\"uid\":\"u1\"},\"api\":{\(many)}}") == nil)
        let small = try #require(try shaped([], max: 100_000, text))
        #expect(small["metadata"]?["is_truncated"] == nil)
    }
}
