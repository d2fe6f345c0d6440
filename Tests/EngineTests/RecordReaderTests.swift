import Foundation
import Testing

@testable import Engine

/// What a reader made of some bytes.
struct Reading: Equatable {
    var records: [String] = []
    var refusals: [String] = []
    var lines: [Int] = []
}

/// Reads `bytes` in pieces of `piece` bytes.
func read(
    _ bytes: [UInt8], piece: Int = .max, with reader: RecordReader = RecordReader(),
    layouts: RecordLayouts = RecordLayouts()
) -> Reading {
    var reading = Reading()
    func drain() {
        while reader.advance() {
            for record in reader.records {
                reading.records.append(reader.tape.text(record.extent))
                reading.lines.append(reader.line(of: record))
            }
            reading.refusals += reader.refusals.map(\.reason)
        }
    }
    reader.begin(layouts)
    var start = 0
    while start < bytes.count {
        let end = min(bytes.count, start + min(piece, bytes.count))
        reader.feed(Array(bytes[start..<end]).span)
        drain()
        start = end
    }
    reader.finish()
    drain()
    return reading
}

func read(_ text: String, piece: Int = .max) -> Reading { read(Array(text.utf8), piece: piece) }

@Suite struct RecordReaderTests {
    static let layouts: [(String, [String])] = [
        ("", []),
        (" \n\t", []),
        (#"{"a":1}"#, [#"{"a":1}"#]),
        ("{\"a\":1}\n{\"b\":[{}]}\n", [#"{"a":1}"#, #"{"b":[{}]}"#]),
        (#"[{"a":1},{"b":"]"}]"#, [#"{"a":1}"#, #"{"b":"]"}"#]),
        ("[]", []),
        ("{\n  \"a\" : [ 1 , 2 ],\n  \"b\": \"x y \"\n}\n{\n}\n", [#"{"a":[1,2],"b":"x y "}"#, "{}"]),
        (#"{"Records":[{"a":1},{"b":2}]}"#, [#"{"a":1}"#, #"{"b":2}"#]),
        ("{\"Records\":[{\"a\":1}]}\n{\"Records\":[{\"b\":1}]}", [#"{"a":1}"#, #"{"b":1}"#]),
        (#"{"Records":[]}"#, []),
        (#"{"@odata.context":"x","value":[{"id":"1"}],"@odata.nextLink":"y"}"#, [#"{"id":"1"}"#]),
        (#"{"kind":"EventList","apiVersion":"v1","metadata":{},"items":[{"a":1}]}"#, [#"{"a":1}"#]),
        (#"{"entries":[{"a":1}],"nextPageToken":"t","x":{"y":[1]}}"#, [#"{"a":1}"#]),
        // An activity of Google Workspace has events of its own, and is one record.
        (
            #"{"kind":"a","id":{"t":1},"events":[{"name":"x"}]}"#,
            [#"{"kind":"a","id":{"t":1},"events":[{"name":"x"}]}"#]
        ),
        (#"{"id":7,"events":[]}"#, [#"{"id":7,"events":[]}"#]),
        (
            #"{"messageType":"DATA_MESSAGE","subscriptionFilters":["f"],"logEvents":[{"id":"1","timestamp":5,"message":"{\"a\":\"\\u00e9\"}"}]}"#,
            [#"{"a":"\u00e9"}"#]
        ),
        (
            #"{"records":[{"category":"kube-audit","properties":{"stream":"s","log":"{\"a\": 1}\n"}}]}"#,
            [#"{"a":1}"#]
        ),
        (
            #"{"time":"t","category":"Audit","properties":{"log":"{}"}}"#,
            [#"{"time":"t","category":"Audit","properties":{"log":"{}"}}"#]
        ),
        (
            #"{"version":"0","id":"1","detail-type":"AWS API Call via CloudTrail","detail":{"a":{}}}"#,
            [#"{"a":{}}"#]
        ),
        (
            #"{"Events":[{"EventId":"1","CloudTrailEvent":"{\"a\": \"\\\"\"}"}],"NextToken":"n"}"#,
            [#"{"a":"\""}"#]
        ),
        (
            #"[{"RunspaceId":"1","RecordType":"ExchangeAdmin","AuditData":"{\"Id\": 1}","Identity":"i"},{"id":"2","auditLogRecordType":"x","auditData":{"Id":2}},{"id":"3","auditData":{}}]"#,
            [#"{"Id":1}"#, #"{"Id":2}"#, #"{"id":"3","auditData":{}}"#]
        ),
        (
            "<134>1 2026-11-01T10:00:00Z h app - - - {\"a\":1}\n<134>Nov  1 10:00:00 h t: {\"b\":2}\n{\"c\":3}\n",
            [#"{"a":1}"#, #"{"b":2}"#, #"{"c":3}"#]
        ),
        (
            "<14>Nov  1 10:00:00 h CEF:0|V|P\\|Q|1|7|n m|5|act=a b suser=x\\=y msg=\"q\"",
            [
                #"{"syslogTime":"Nov 1 10:00:00","syslogHost":"h","cefVersion":"0","deviceVendor":"V","#
                    + #""deviceProduct":"P|Q","deviceVersion":"1","deviceEventClassId":"7","name":"n m","severity":"5","act":"a b","suser":"x=y","msg":"\"q\""}"#
            ]
        ),
        (
            "<5>1 2026-11-01T10:00:00Z vault.example.com LEEF:1.0|V|P|1|7|a=b\tc=d",
            [
                #"{"syslogTime":"2026-11-01T10:00:00Z","syslogHost":"vault.example.com","leefVersion":"1.0","#
                    + #""vendor":"V","product":"P","productVersion":"1","eventId":"7","a":"b","c":"d"}"#
            ]
        ),
        (
            "2026-11-01T10:00:00Z CEF:0|V|P|1|7|n|5|",
            [
                #"{"syslogTime":"2026-11-01T10:00:00Z","cefVersion":"0","deviceVendor":"V","deviceProduct":"P","#
                    + #""deviceVersion":"1","deviceEventClassId":"7","name":"n","severity":"5"}"#
            ]
        ),
        (
            "LEEF:2.0|V|P|1|E|^|src=1.2.3.4^usrName=u",
            [
                #"{"leefVersion":"2.0","vendor":"V","product":"P","productVersion":"1","eventId":"E","#
                    + #""src":"1.2.3.4","usrName":"u"}"#
            ]
        ),
        ("\u{FEFF}{\"a\":1}", [#"{"a":1}"#]),
        (
            "[SSH Session] client_ip=\"192.0.2.1\" user=\"ana\" infos=\n{\"a\":1}\n[RDP Session] a=\"\\\"x\\\" {\" b=\"\"\n[\n{\"b\":2}]",
            [
                #"{"text":"[SSH Session] infos=","client_ip":"192.0.2.1","user":"ana"}"#, #"{"a":1}"#,
                #"{"text":"[RDP Session]","a":"\"x\" {","b":""}"#, #"{"b":2}"#,
            ]
        ),
        (
            "<14>1 2026-11-01T10:00:00Z h app - - [meta a=\"1\" b=\"2\"] {\"c\":3}\n"
                + "2026-11-01T10:00:00+01:00 h app 7 - - [x] a=\"1\" a=\"2\"\n\u{FEFF}@cee: {\"d\":4}\n",
            [
                #"{"c":3}"#,
                #"{"syslogTime":"2026-11-01T10:00:00+01:00","syslogHost":"h","#
                    + #""text":"2026-11-01T10:00:00+01:00 h app 7 - - [x]","a":"1","a#2":"2"}"#,
                #"{"d":4}"#,
            ]
        ),
    ]

    @Test("Finds the records of every layout, wherever the bytes are cut", arguments: layouts.indices)
    func layout(_ number: Int) {
        let (text, expected) = Self.layouts[number]
        for piece in [Int.max, 1, 2, 3, 7] {
            let reading = read(text, piece: piece)
            #expect(reading.records == expected, "in pieces of \(piece)")
            #expect(reading.refusals == [])
        }
    }

    @Test("Refuses only the broken record, and says what is wrong with it")
    func isolation() {
        let cases: [(String, [String], [String])] = [
            (#"{"a":tru}"#, [], ["neither true, false nor null at byte 5 of the record"]),
            (#"{"a":01}"#, [], ["not a number as JSON writes it at byte 5 of the record"]),
            (#"{"a":1,}"#, [], ["a quoted key or a closing brace is expected at byte 7 of the record"]),
            (#"{"a" 1}"#, [], ["a colon is expected after the key at byte 5 of the record"]),
            (#"{"a":"\x"}"#, [], ["not a JSON escape at byte 6 of the record"]),
            (#"{"a":"\u12G4"}"#, [], ["not a JSON escape at byte 6 of the record"]),
            (#"{"a":1"#, [], ["the record is cut off: it ends before its closing bracket"]),
            ("[1,{}]", ["{}"], ["a record must be a JSON object"]),
            (
                #"["ab, cd",123456,{}]"#, ["{}"],
                ["a record must be a JSON object", "a record must be a JSON object"]
            ),
            (
                #"[{"a":1}{"b":2}]"#, [#"{"a":1}"#, #"{"b":2}"#],
                ["a comma or the closing bracket is expected between records"]
            ),
            (
                #"[{"a":1},{"a":},{"b":2}]"#, [#"{"a":1}"#, #"{"b":2}"#],
                ["a value is expected at byte 5 of the record"]
            ),
            (#"[{"a":1}"#, [#"{"a":1}"#], ["the input ends before its closing bracket: it was cut off"]),
            (
                "hello\n{\"b\":2}", [#"{"b":2}"#],
                ["neither a JSON object nor a line that carries JSON, CEF, LEEF or key=\"value\" pairs"]
            ),
            (
                #"{"Events":[{"EventId":"1","CloudTrailEvent":"{\"a\":}"},{"EventId":"2","CloudTrailEvent":"{}"}]}"#,
                ["{}"], ["a value is expected at byte 5 of the record inside"]
            ),
        ]
        for (text, records, refusals) in cases {
            for piece in [Int.max, 1, 5] {
                let reading = read(text, piece: piece)
                #expect(reading.records == records, "\(text)")
                #expect(reading.refusals == refusals, "\(text)")
            }
        }
    }

    @Test("A line that is not UTF-8, holds a control character or lacks a quote takes no other with it")
    func hostileBytes() {
        let good = #"{"a":"b"}"#
        let bad: [[UInt8]] = [
            [0xFF], [0xC3], [0xED, 0xA0, 0x80], [0xF8, 0x88, 0x80, 0x80, 0x80], [0x00], [0x1F], [0x22],
            [0x5C],
            [0x0A],
        ]
        for bytes in bad {
            for (before, between, after, isLines) in [("", "\n", "\n", true), ("[", ",", "]", false)] {
                if !isLines, bytes == [0x22] || bytes == [0x5C] { continue }
                var text = Array((before + good + between + #"{"a":"x"#).utf8)
                text += bytes
                text += Array((#"y"}"# + between + good + between + good + after).utf8)
                for piece in [Int.max, 1, 6] {
                    let reading = read(text, piece: piece)
                    #expect(reading.records == [good, good, good], "\(bytes) in pieces of \(piece)")
                    #expect(
                        reading.refusals.count == 1,
                        "\(bytes) \(reading.refusals)")
                }
            }
        }
    }

    @Test("A refused record keeps its bytes, its number and its line")
    func refusedBytes() {
        let reader = RecordReader()
        reader.begin()
        reader.feed(Array("{}\n\n{\"a\":nul}\n{}\n".utf8).span)
        reader.finish()
        var refusals: [Refusal] = []
        var ordinals: [Int] = []
        while reader.advance() {
            refusals += reader.refusals
            ordinals += reader.records.map(\.ordinal)
        }
        #expect(ordinals == [0, 2])
        #expect(refusals.map(\.ordinal) == [1])
        #expect(refusals.map(\.line) == [3])
        #expect(refusals.map(\.raw) == [Array(#"{"a":nul}"#.utf8)])
    }

    @Test("Says on which line each record begins, across windows")
    func lines() {
        let text = (0..<3_000).map { #"{"n":\#($0),"x":"\#(String(repeating: "x", count: $0 % 700))"}"# }
        let reading = read(text.joined(separator: "\n"), piece: 100_000)
        #expect(reading.records.count == 3_000)
        #expect(reading.lines == Array(1...3_000))
    }

    @Test("Nesting is bounded, numbers and strings may be huge")
    func extremes() {
        let deep = { (depth: Int) in
            #"{"a":"# + String(repeating: "[", count: depth) + String(repeating: "]", count: depth) + "}"
        }
        #expect(read(deep(127)).records.count == 1)
        #expect(read(deep(128)).refusals == ["nested more than 128 deep at byte 132 of the record"])
        #expect(read(deep(100_000)).records.isEmpty)
        let number = #"{"a":"# + String(repeating: "9", count: 50_000) + "e99999}"
        #expect(read(number).records == [number])
        let string = #"{"a":""# + String(repeating: "é", count: 1_000_000) + #""}"#
        #expect(read(string, piece: 65_537).records == [string])
    }

    @Test("A record over the limit is refused without being held, and the next one is read")
    func oversize() {
        let huge = Array(#"{"a":"x"}"#.utf8)
        let reader = RecordReader()
        reader.begin()
        var records: [String] = []
        var refusals: [Refusal] = []
        func feed(_ bytes: [UInt8]) {
            reader.feed(bytes.span)
            while reader.advance() {
                records += reader.records.map { reader.tape.text($0.extent) }
                refusals += reader.refusals
            }
        }
        feed(Array("[".utf8) + huge + Array(#",{"a":"{"#.utf8))
        let filler = [UInt8](repeating: 0x79, count: 1 << 20)
        for _ in 0..<20 { feed(filler) }
        feed(Array(#""},"#.utf8) + huge + Array("]".utf8))
        reader.finish()
        while reader.advance() { refusals += reader.refusals }
        #expect(records == [#"{"a":"x"}"#, #"{"a":"x"}"#])
        #expect(refusals.map(\.reason) == ["the record is larger than 16 MiB"])
        #expect(refusals.map(\.raw.count) == [RecordReader.oversizeRawBytes])
    }
}

/// Accept and refuse as Foundation does, on sound records with one thing changed.
@Suite struct JSONGrammarTests {
    static let sound = [
        #"{"a":1,"b":-0.5e+10,"c":[true,false,null,"x\u00e9\n\"y\"",{"d":{}}],"e":[],"":""}"#,
        "{ \"a\" : [ 1 , { \"b\\\\\" : \"é€😀\" } ] ,\r\n\t\"c\" : 1E-2 }",
        #"{"userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::123:user/x"},"n":[[[[]]],[{}]],"z":0}"#,
    ]

    /// One record, whole: accepted and nothing else.
    private func accepts(_ bytes: [UInt8], _ reader: RecordReader) -> Bool {
        let reading = read(bytes, with: reader)
        return reading.records.count == 1 && reading.refusals.isEmpty
    }

    private func judge(_ bytes: [UInt8]) -> Bool {
        guard bytes.first == 0x7B, String(validating: bytes, as: UTF8.self) != nil else { return false }
        // Foundation takes a comma before a closing bracket; RFC 8259 does not.
        let text = String(decoding: bytes, as: UTF8.self)
        if text.contains(/,\s*[\]}]/) { return false }
        return (try? JSONSerialization.jsonObject(with: Data(bytes))) is [String: Any]
    }

    @Test("Every proper beginning of a record is refused, and none is half-read", arguments: sound.indices)
    func cuts(_ number: Int) {
        let bytes = Array(Self.sound[number].utf8)
        let reader = RecordReader()
        #expect(accepts(bytes, reader))
        for end in 1..<bytes.count {
            let reading = read(Array(bytes[..<end]), with: reader)
            #expect(reading.records.isEmpty && !reading.refusals.isEmpty, "cut at \(end)")
        }
    }

    @Test("Agrees with Foundation on every single changed byte", arguments: sound.indices)
    func flips(_ number: Int) {
        let bytes = Array(Self.sound[number].utf8)
        let reader = RecordReader()
        let replacements = Array("{}[]:,\"\\ 0e-.tn\n".utf8) + [0x00, 0x80, 0xFF, 0xC3]
        for index in 1..<bytes.count - 1 {
            for byte in replacements where byte != bytes[index] {
                var changed = bytes
                changed[index] = byte
                let ours = accepts(changed, reader)
                let theirs = judge(changed)
                if ours != theirs {
                    Issue.record(
                        "\(String(decoding: changed, as: UTF8.self)): we \(ours), Foundation \(theirs)")
                }
            }
        }
    }

    @Test("Random damage never traps, and what is read is sound", arguments: 1...40)
    func damage(seed: UInt64) {
        var state = seed &* 0x9E37_79B9_7F4A_7C15
        func next(_ bound: Int) -> Int {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return Int(state % UInt64(bound))
        }
        var bytes: [UInt8] = []
        for _ in 0..<8 { bytes += Array(Self.sound[next(3)].utf8) + (next(3) == 0 ? [] : [0x0A]) }
        if next(2) == 0 { bytes = Array("{\"Records\":[".utf8) + bytes + Array("]}".utf8) }
        for _ in 0..<1 + next(12) {
            let at = next(bytes.count)
            switch next(3) {
            case 0: bytes[at] = UInt8(next(256))
            case 1: bytes.remove(at: at)
            default: bytes.insert(contentsOf: Array("{}[]\",:\\\n".utf8)[next(9)...].prefix(1), at: at)
            }
        }
        let whole = read(bytes)
        for record in whole.records {
            #expect(judge(Array(record.utf8)), "\(record)")
        }
        for record in read(bytes, piece: 1 + next(40)).records {
            #expect(judge(Array(record.utf8)), "\(record)")
        }
    }
}

@Suite struct TextWritingTests {
    @Test("Text is escaped eight bytes at a time as it is byte by byte", arguments: 0..<200)
    func escapes(length: Int) {
        var state = UInt64(length) &* 0x9E37_79B9_7F4A_7C15 | 1
        let text = (0..<length).map { _ -> UInt8 in
            state = state &* 6_364_136_223_846_793_005 &+ 1
            let byte = UInt8(truncatingIfNeeded: state >> 40)
            // Most bytes need nothing, as in texts; each that does comes at each place in eight.
            return state >> 60 == 0 ? [0x22, 0x5C, 0x0A, 0x00, 0x1F, 0x80][Int(byte) % 6] : byte | 0x20
        }
        var expected: [UInt8] = []
        JSONText.escape(text, into: &expected)
        var writer = ByteWriter(capacity: 16)
        unsafe text.withUnsafeBufferPointer { unsafe writer.append(escaping: $0) }
        #expect(unsafe Array(UnsafeBufferPointer(start: writer.base, count: writer.count)) == expected)
        writer.deallocate()
    }

    @Test("A key that comes again is numbered, among many and among keys that look alike")
    func repeatedKeys() {
        var flat = FlatObject()
        for _ in 0..<2 {
            flat.begin()
            var expected: [String] = []
            for round in 1...3 {
                for number in 0..<100 {
                    // Alike in length, first, middle and last letter.
                    let key = "a\(String(repeating: "x", count: number % 3))m\(number)z"
                    flat.add(Array(key.utf8).span, Array("v".utf8))
                    expected.append(round == 1 ? "\"\(key)\":\"v\"" : "\"\(key)#\(round)\":\"v\"")
                }
            }
            flat.end()
            let text = unsafe String(decoding: flat.bytes, as: UTF8.self)
            #expect(text == "{\(expected.joined(separator: ","))}")
        }
        flat.deallocate()
    }
}
