import Foundation
import Testing

@testable import Engine

/// Text that is no JSON, or JSON that is no text: what is refused, what is kept of it, and what is read all the same.
@Suite struct BrokenTextTests {
    private struct Reading: Equatable {
        var records: [String] = []
        var sources: [String] = []
        var raws: [[UInt8]] = []
        var reasons: [String] = []
        var lines: [Int] = []
    }

    private func read(_ text: [UInt8], piece: Int) -> Reading {
        let reader = RecordReader()
        var reading = Reading()
        func drain() {
            while reader.advance() {
                for record in reader.records {
                    reading.records.append(reader.tape.text(record.extent))
                    reading.sources.append(unsafe String(decoding: reader.source(of: record), as: UTF8.self))
                    reading.lines.append(reader.line(of: record))
                }
                reading.raws += reader.refusals.map(\.raw)
                reading.reasons += reader.refusals.map(\.reason)
                reading.lines += reader.refusals.map(\.line)
            }
        }
        reader.begin()
        for start in stride(from: 0, to: text.count, by: piece) {
            reader.feed(Array(text[start..<min(text.count, start + piece)]).span)
            drain()
        }
        reader.finish()
        drain()
        reading.lines.sort()
        return reading
    }

    @Test("A refused record is kept with its bytes as they came, on its own line, wherever they are cut")
    func originals() {
        let bad: [UInt8] = Array(#"{"a":"x"#.utf8) + [0xFF, 0x01, 0x0A, 0xC3] + Array(#"y"}"#.utf8)
        let text = Array("{\"n\":1}\n".utf8) + bad + Array("\n{\"n\":2}\n".utf8)
        for piece in [1, 2, 3, 7, text.count] {
            let reading = read(text, piece: piece)
            #expect(reading.records == [#"{"n":1}"#, #"{"n":2}"#], "in pieces of \(piece)")
            #expect(reading.raws == [bad])
            #expect(reading.reasons == ["not UTF-8 at byte 7 of the record"])
            #expect(reading.lines == [1, 2, 4])
        }
    }

    @Test(
        "A quote too few or too many in one record takes no other with it, in lines and in an array of lines")
    func quotes() {
        for broken in [#"{"a":"x}"#, #"{"a":x"}"#, #"{"a":"x"","b":"y"}"#, #"{"a":"x\"}"#] {
            for (before, between, after) in [
                ("", "\n", "\n"), ("[\n", ",\n", "\n]"), ("{\"Records\":[\n", ",\n", "\n]}"),
            ] {
                let good = [#"{"n":"1"}"#, #"{"n":"{\"2\"}"}"#, #"{"n":"3"}"#]
                let records = [good[0], broken, good[1], good[2]]
                let text = Array((before + records.joined(separator: between) + after).utf8)
                let whole = read(text, piece: text.count)
                #expect(whole.records == good, "\(String(decoding: text, as: UTF8.self))")
                #expect(whole.raws.count == 1)
                for piece in 1..<12 { #expect(read(text, piece: piece) == whole, "in pieces of \(piece)") }
            }
        }
    }

    @Test("A line of text with a quote leaves the lines behind it as they are")
    func textLines() {
        let text = Array("{\"n\":1}\nit's 5\" long\n\n<1>Nov  1 10:00:00 h t: {\"n\":2}\n{\"n\":3}\n".utf8)
        let whole = read(text, piece: text.count)
        #expect(whole.records == [#"{"n":1}"#, #"{"n":2}"#, #"{"n":3}"#])
        #expect(whole.raws == [Array("it's 5\" long".utf8)])
        for piece in 1..<12 { #expect(read(text, piece: piece) == whole, "in pieces of \(piece)") }
    }

    @Test(
        "Half a surrogate pair is read as U+FFFD, and the record's own bytes stay as they came",
        arguments: [
            (#"\ud800"#, #"\ufffd"#), (#"\uDFFF!"#, #"\ufffd!"#), (#"\ud83d\ude00"#, #"\ud83d\ude00"#),
            (#"\uD83D\uD83D\uDE00"#, #"\ufffd\uD83D\uDE00"#), (#"\ud83d\n"#, #"\ufffd\n"#),
            (#"\ud83d\u0041"#, #"\ufffd\u0041"#), (#"\ude00\ud83d"#, #"\ufffd\ufffd"#),
            (#"\\ud800"#, #"\\ud800"#), (#"\ud7ff\ue000"#, #"\ud7ff\ue000"#),
        ])
    func halves(written: String, read wanted: String) throws {
        for (before, after) in [("{\"a\":\"", "\"}"), ("{\"", "\":1}")] {
            let source = before + written + after
            let text = Array("[\(source),{\"n\":1}]".utf8)
            for piece in [1, 5, text.count] {
                let reading = read(text, piece: piece)
                #expect(reading.records == [before + wanted + after, #"{"n":1}"#], "in pieces of \(piece)")
                #expect(reading.sources == [source, #"{"n":1}"#])
            }
            #expect(throws: Never.self) {
                try JSONSerialization.jsonObject(with: Data((before + wanted + after).utf8))
            }
        }
        // The same within a record that is a string of another, and in a line of text.
        let record = #"{"a":"\#(written)"}"#
        let carried = JSONText.quoted(record)
        for text in [
            Array("{\"EventId\":\"1\",\"CloudTrailEvent\":".utf8) + carried + [0x7D],
            Array("<134>1 2026-11-01T10:00:00Z h app - - - \(record)".utf8),
        ] {
            #expect(read(text, piece: 4).records == [#"{"a":"\#(wanted)"}"#])
        }
    }
}
