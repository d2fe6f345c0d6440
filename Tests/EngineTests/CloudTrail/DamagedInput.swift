import Foundation

@testable import Engine

/// An object as no vendor sends it: sound records in one of the layouts, then damaged. The same for the same seed.
struct DamagedInput {
    /// Values put where another stood: a mapping meets every type at every place.
    private static let values = [
        "null", "true", "{}", "[]", "[{}]", "[1,\"a\",null,{\"a\":1},[[]]]", "-0", "-1", "0.5", "1e5", "\"\"",
        "12345678901234567890", "\"\\u00e9\\\"x\\\\\"", "\"\\ud83d\\ude00\\ud800\"", "\"arn:aws:iam::1:\"",
        "\"arn:aws:iam::111122223333:user/\\u0000/x\"", "\"192.0.2.1\"", "\"2001:db8::1\"", "\"true\"",
        "\"2026-02-30T25:61:61Z\"", "\"2026-03-03T09:01:07.123456789+05:30\"", "{\"a\":{\"a\":[{\"a\":1}]}}",
        "{\"x\":1,\"x\":2}", "\"{\\\"a\\\":[1,{\\\"b\\\":null}]}\"", "\"exactly sixteen.\"",
    ]
    /// Bytes put between others.
    private static let fragments: [[UInt8]] =
        [
            "{", "}", "[", "]", "\"", ",", ":", "\\", "\\u12", "\\ud800", "null", "-", "0", "\n", "\r\n",
            "\n{", " ",
            "\u{FEFF}", "{\"Records\":[", "<134>1 2026-11-01T10:00:00Z h app - - - ", "CEF:0|V|P|1|7|n|5|a=b",
            "é€😀",
        ].map { Array($0.utf8) } + [
            [0x00], [0xFF], [0xC3], [0xED, 0xA0, 0x80], [0x1F], [UInt8](repeating: 0x5B, count: 200),
            [UInt8](repeating: 0x22, count: 33), [UInt8](repeating: 0x78, count: 5_000),
        ]

    /// Whether every record is JSON, and each layout as it should be: what such an input tries is the mapping.
    let isSound: Bool
    private(set) var bytes: [UInt8] = []
    private var numbers: SeededNumbers

    init(seed: UInt64, records: [[UInt8]]) {
        numbers = SeededNumbers(state: seed)
        isSound = numbers.next() % 2 == 0
        for layout in 0...below(2) {
            var chosen = (0...below(4)).map { _ in records[below(records.count)] }
            for _ in 0..<below(8) { bend(&chosen[below(chosen.count)]) }
            if layout > 0, isSound || below(2) == 0 { bytes.append(0x0A) }
            wrap(chosen)
        }
        if !isSound { for _ in 0...below(6) { damage() } }
    }

    mutating func below(_ bound: Int) -> Int { Int(numbers.next() % UInt64(bound)) }

    /// A piece's size: mostly small, so that every kind of place is cut.
    mutating func piece() -> Int { 1 + below([7, 100, 3_000][below(3)]) }

    // MARK: Layouts

    private mutating func wrap(_ records: [[UInt8]]) {
        func joined(_ separator: String, _ parts: [[UInt8]]) -> [UInt8] {
            Array(parts.joined(separator: Array(separator.utf8)))
        }
        func text(_ text: String) -> [UInt8] { Array(text.utf8) }
        func quoted(_ record: [UInt8]) -> [UInt8] { JSONText.quoted(String(decoding: record, as: UTF8.self)) }
        switch below(8) {
        case 0: bytes += joined("\n", records)
        case 1: bytes += text("[") + joined(",", records) + text("]")
        case 2: bytes += text("{\"Records\":[") + joined(",", records) + text("]}")
        case 3:
            let entries = records.map {
                text("{\"EventId\":\"1\",\"CloudTrailEvent\":") + quoted($0) + text("}")
            }
            bytes += text("{\"Events\":[") + joined(",", entries) + text("],\"NextToken\":\"n\"}")
        case 4:
            let entries = records.map {
                text("{\"version\":\"0\",\"detail-type\":\"AWS API Call via CloudTrail\",\"detail\":") + $0
                    + text("}")
            }
            bytes += joined("\n", entries)
        case 5:
            let entries = records.map {
                text("{\"id\":\"1\",\"timestamp\":5,\"message\":") + quoted($0) + text("}")
            }
            bytes +=
                text("{\"messageType\":\"DATA_MESSAGE\",\"logEvents\":[") + joined(",", entries) + text("]}")
        case 6: bytes += joined("\n", records.map { text("<134>1 2026-11-01T10:00:00Z h app - - - ") + $0 })
        default:
            for record in records {
                let object = try? JSONSerialization.jsonObject(with: Data(record))
                let pretty = try? JSONSerialization.data(
                    withJSONObject: object ?? [:], options: [.prettyPrinted, .sortedKeys])
                bytes += [UInt8](pretty ?? Data()) + [0x0A]
            }
        }
    }

    // MARK: Damage

    /// Puts another value where a scalar stood in a compact record, or writes a letter of a text as an escape.
    private mutating func bend(_ record: inout [UInt8]) {
        let start = below(record.count - 2)
        let isEscape = below(3) == 0
        for index in start..<record.count - 2 where record[index] == 0x22 && record[index + 1] != 0x5C {
            let next = record[index + 1]
            if isEscape, next >= 0x61, next <= 0x7A {
                let escape = "\\u00" + String(next, radix: 16)
                return record.replaceSubrange(index + 1...index + 1, with: Array(escape.utf8))
            }
            guard !isEscape, next == 0x3A, record[index - 1] != 0x5C else { continue }
            let from = index + 2
            if record[from] == 0x7B || record[from] == 0x5B { continue }
            var end = from + 1
            if record[from] == 0x22 {
                while record[end] != 0x22 { end += record[end] == 0x5C ? 2 : 1 }
                end += 1
            } else {
                while ![0x2C, 0x7D, 0x5D].contains(record[end]) { end += 1 }
            }
            return record.replaceSubrange(from..<end, with: Array(Self.values[below(Self.values.count)].utf8))
        }
    }

    private mutating func damage() {
        guard !bytes.isEmpty else { return }
        let at = below(bytes.count)
        let end = min(bytes.count, at + 1 + below(40))
        switch below(6) {
        case 0: bytes[at] = UInt8(below(256))
        case 1: bytes[at] = Array("{}[]\",:\\\n".utf8)[below(9)]
        case 2: bytes.removeSubrange(at..<end)
        case 3: bytes.insert(contentsOf: bytes[at..<end], at: below(bytes.count))
        case 4: bytes.insert(contentsOf: Self.fragments[below(Self.fragments.count)], at: at)
        default: if below(3) == 0 { bytes.removeSubrange(at...) }
        }
    }
}
