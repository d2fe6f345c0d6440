import Engine
import Testing

@Suite struct EventTemplateTests {
    private static let event =
        #"{"metadata":{"uid":"u\"1"},"actor":{"user":{"name":"a\"b\u00e9\ud83d\ude00","uid":7}},"#
        + #""list":[{"x":null},{"x":"second"}],"empty":"","severity_id":4,"deep":{"a":{"b":true}}}"#

    private func batch(_ text: String = event) -> EventBatch {
        var batch = EventBatch()
        batch.bytes = Array("before\n".utf8)
        var event = Event(time: Timestamp(nanoseconds: 1_700_000_000_123_456_789))
        event.classUID = 3002
        event.severityID = 4
        event.json = Extent(start: batch.bytes.count, count: text.utf8.count)
        batch.bytes += Array(text.utf8)
        event.uid = Extent(start: batch.bytes.count, count: 5)
        batch.bytes += Array("u\\\"1!".utf8)
        batch.events = [event]
        return batch
    }

    private func text(
        _ template: String, _ place: EventTemplate.Place = .json, _ names: EventTemplate.Names = .init(),
        _ batch: EventBatch? = nil
    ) throws -> String {
        var fields = FieldPaths()
        let compiled = try EventTemplate(template, at: place, names, fields: &fields)
        var writer = TemplateWriter(fields, batchID: "b1")
        let batch = batch ?? self.batch()
        var out: [UInt8] = []
        writer.begin(batch.events[0], of: batch)
        writer.write(compiled, batch.events[0], of: batch, into: &out)
        return String(decoding: out, as: UTF8.self)
    }

    @Test(
        "Names are the event's own, its fields, parameters and tables",
        arguments: [
            ("{\"a\":{class_uid},\"{x}\"}", "{\"a\":3002,\"p\\\"q\"}"),
            ("{uid}|{kind}|{severity_id}|{batch}", "u\\\"1!|event|4|b1"),
            ("{time}", "2023-11-14T22:13:20.123456789Z"),
            ("{time_s} {time_ms} {time_ns}", "1700000000.123 1700000000123 1700000000123456789"),
            ("{$actor.user.name}", #"a\"b\u00e9\ud83d\ude00"#), ("{$actor.user.uid}", "7"),
            ("{$list.x}", "second"), ("{$none|$deep.a.b}", "true"), ("{$none|else word}", "else word"),
            ("{$deep}", #"{\"a\":{\"b\":true}}"#), ("a{?-{$none}-?}b{?-{$list.x}-?}c", "ab-second-c"),
            ("{?{y}?}{?{x}?}", #"p\"q"#), ("{level}", "high"), ("{?{word}?}", ""), ("{$empty|none}", "none"),
            ("{ not a name } {Also} {}", "{ not a name } {Also} {}"),
        ])
    func writes(template: String, expected: String) throws {
        let tables: [String: EventTemplate.Table] = [
            "level": .init(
                from: "severity_id", cases: [(Array("4".utf8), Array("high".utf8))], otherwise: nil),
            "word": .init(from: "$none", cases: [], otherwise: nil),
        ]
        let names = EventTemplate.Names(parameters: ["x": "p\"q", "y": nil], tables: tables)
        #expect(try text(template, .json, names) == expected)
    }

    @Test("Plain text is without JSON's escapes, URLs are encoded, and markup is written otherwise")
    func places() throws {
        #expect(try text("{$actor.user.name}", .plain) == "a\"bé😀")
        #expect(try text("/{x}", .url, .init(parameters: ["x": "a b/ü?"])) == "/a%20b/%C3%BC%3F")
        let markup = EventTemplate.Names(escapes: [UInt8(ascii: "b"): Array("<B>".utf8)])
        #expect(try text("b{$actor.user.name}", .json, markup) == #"ba\"<B>\u00e9\ud83d\ude00"#)
    }

    @Test("A cut breaks no escape, no character and no pair of surrogates", arguments: 0...30)
    func cuts(limit: Int) throws {
        let cut = try text("{$actor.user.name:\(limit)}")
        #expect(["", "a", #"a\""#, #"a\"b"#, #"a\"b\u00e9"#].map { $0 + "…" }.contains(cut) || limit >= 22)
        let plain = try text("{$actor.user.name:\(limit)}", .plain)
        #expect(["…", "a…", "a\"…", "a\"b…", "a\"bé…", "a\"bé😀"].contains(plain), "\(plain)")
    }

    @Test("An event that is no JSON has no fields")
    func broken() throws {
        #expect(try text("{$a|none}", .json, .init(), batch("CEF:0|x")) == "none")
    }

    @Test(
        "What is wrong with a template is said",
        arguments: [
            ("{nothing}", "nothing is called {nothing}"), ("{clas_uid}", "did you mean {class_uid}?"),
            ("{?{uid}", "without its"),
        ])
    func flaws(template: String, words: String) {
        var fields = FieldPaths()
        do throws(EventTemplate.Flaw) {
            _ = try EventTemplate(template, at: .json, fields: &fields)
            Issue.record("it was taken")
        } catch {
            #expect(error.message.contains(words), "\(error.message)")
        }
    }
}
