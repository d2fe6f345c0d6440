/// Writes templates for one event after the other; its memory is reused.
package struct TemplateWriter: Sendable {
    private let fields: FieldPaths
    private let batchID: [UInt8]
    private var tree = EventTree()
    private var found: [FieldPaths.Found] = []

    /// - Parameter fields: all that the templates were read with.
    package init(_ fields: FieldPaths, batchID: String = "") {
        self.fields = fields
        self.batchID = Array(batchID.utf8)
    }

    /// Makes an event the one that is written. Fields of an event that is no JSON are missing.
    package mutating func begin(_ event: Event, of batch: borrowing EventBatch) {
        found.removeAll(keepingCapacity: true)
        if fields.count == 0 { return }
        let text = batch.bytes.span.extracting(event.json.range)
        do throws(EventTree.Malformed) {
            try tree.read(text)
            fields.find(in: tree, of: text, into: &found)
        } catch {
            for _ in 0..<fields.count { found.append(FieldPaths.Found()) }
        }
    }

    /// Appends the template's text for the event begun last.
    package func write(
        _ template: EventTemplate, _ event: Event, of batch: borrowing EventBatch, into out: inout [UInt8]
    ) {
        for part in template.parts { _ = write(part, of: template, event, batch, &out) }
    }

    /// The same; false where a value was missing.
    func writeAll(
        _ template: EventTemplate, _ event: Event, of batch: borrowing EventBatch, into out: inout [UInt8]
    ) -> Bool {
        for part in template.parts where !write(part, of: template, event, batch, &out) { return false }
        return true
    }

    /// The one value of a template as the JSON it is; false where it is missing.
    func writeWhole(
        _ template: EventTemplate, _ event: Event, of batch: borrowing EventBatch, into out: inout [UInt8]
    ) -> Bool {
        guard case .field(let slots, _, _)? = template.parts.first else {
            return writeAll(template, event, of: batch, into: &out)
        }
        let slot = slots.first { $0 < found.count && !found[$0].isMissing && !found[$0].range.isEmpty }
        guard let value = slot.map({ found[$0] }) else { return false }
        let start = Int(event.json.start)
        if value.isQuoted { out.append(UInt8(ascii: "\"")) }
        out += batch.bytes[start + value.range.lowerBound..<start + value.range.upperBound]
        if value.isQuoted { out.append(UInt8(ascii: "\"")) }
        return true
    }

    /// The template's text where nothing of an event is in it.
    package func fixed(_ template: EventTemplate) -> [UInt8] {
        var out: [UInt8] = []
        write(template, Event(time: .epoch), of: EventBatch(), into: &out)
        return out
    }

    /// False where a value was missing.
    func write(
        _ part: EventTemplate.Part, of template: EventTemplate, _ event: Event,
        _ batch: borrowing EventBatch, _ out: inout [UInt8]
    ) -> Bool {
        switch part {
        case .text(let text):
            out += text
            return true
        case .fact(let fact):
            write(fact, template.place, event, batch, &out)
            return true
        case .field(let slots, let otherwise, let limit):
            let start = out.count
            guard write(slots, otherwise, limit, template.place, event, batch, &out) else { return false }
            if !template.escapes.isEmpty { escape(&out, from: start, template.escapes) }
            return true
        case .table(let source, let cases, let otherwise):
            let start = out.count
            _ = write(source, of: template, event, batch, &out)
            let word = cases.first { out[start...].elementsEqual($0.key) }?.word ?? otherwise
            out.removeSubrange(start...)
            guard let word else { return false }
            out += word
            return true
        case .optional(let parts):
            let start = out.count
            for part in parts where !write(part, of: template, event, batch, &out) {
                out.removeSubrange(start...)
                break
            }
            return true
        }
    }

    private func escape(_ out: inout [UInt8], from start: Int, _ escapes: [UInt8: [UInt8]]) {
        guard out[start...].contains(where: { escapes[$0] != nil }) else { return }
        let text = Array(out[start...])
        out.removeSubrange(start...)
        for byte in text {
            if let instead = escapes[byte] { out += instead } else { out.append(byte) }
        }
    }

    private func write(
        _ slots: [Int], _ otherwise: [UInt8]?, _ limit: Int, _ place: EventTemplate.Place, _ event: Event,
        _ batch: borrowing EventBatch, _ out: inout [UInt8]
    ) -> Bool {
        let start = Int(event.json.start)
        guard
            let slot = slots.first(where: {
                $0 < found.count && !found[$0].isMissing && !found[$0].range.isEmpty
            })
        else {
            guard let otherwise else { return false }
            out += otherwise
            return true
        }
        let value = found[slot]
        let range = start + value.range.lowerBound..<start + value.range.upperBound
        if value.isQuoted, place == .json {
            let cut = EscapedText.end(of: batch.bytes, in: range, limit: limit)
            out += batch.bytes[range.lowerBound..<cut]
            if cut < range.upperBound { out += "…".utf8 }
        } else if value.isQuoted {
            let from = out.count
            EscapedText.append(batch.bytes, in: range, to: &out)
            if out.count - from > limit { EscapedText.cut(&out, from: from, limit: limit) }
        } else if place == .json {
            // A number, a word, or an object, which stands inside a string here.
            JSONText.escape(batch.bytes[range], into: &out)
        } else {
            out += batch.bytes[range]
        }
        return true
    }

    private func write(
        _ fact: EventTemplate.Fact, _ place: EventTemplate.Place, _ event: Event,
        _ batch: borrowing EventBatch, _ out: inout [UInt8]
    ) {
        switch fact {
        case .event: out += batch.bytes[event.json.range]
        case .eventText: JSONText.escape(batch.bytes[event.json.range], into: &out)
        case .eventBase64: EscapedText.appendBase64(batch.bytes, in: event.json.range, to: &out)
        case .uid where place == .plain: EscapedText.append(batch.bytes, in: event.uid.range, to: &out)
        case .uid: out += batch.bytes[event.uid.range]
        case .kind: out += event.kind == .finding ? "finding".utf8 : "event".utf8
        case .classUID: Self.append(Int64(event.classUID), to: &out)
        case .activityID: Self.append(Int64(event.activityID), to: &out)
        case .severityID: Self.append(Int64(event.severityID), to: &out)
        case .statusID: Self.append(Int64(event.statusID), to: &out)
        case .time: event.time.appendISO8601(to: &out)
        case .seconds:
            let (seconds, rest) = event.time.milliseconds.magnitude.quotientAndRemainder(dividingBy: 1_000)
            if event.time.milliseconds < 0 { out.append(UInt8(ascii: "-")) }
            Self.append(Int64(seconds), to: &out)
            out.append(UInt8(ascii: "."))
            for divisor: UInt64 in [100, 10, 1] { out.append(48 + UInt8(rest / divisor % 10)) }
        case .milliseconds: Self.append(event.time.milliseconds, to: &out)
        case .nanoseconds: Self.append(event.time.nanoseconds, to: &out)
        case .batch: out += batchID
        }
    }

    private static func append(_ number: Int64, to out: inout [UInt8]) {
        if number < 0 { out.append(UInt8(ascii: "-")) }
        let start = out.count
        var rest = number.magnitude
        repeat {
            out.append(48 + UInt8(rest % 10))
            rest /= 10
        } while rest > 0
        out[start...].reverse()
    }
}

/// What stands inside JSON strings, cut and undone without breaking a character or an escape.
enum EscapedText {
    /// Where an escaped text ends that is to have about `limit` bytes at most.
    static func end(of bytes: [UInt8], in range: Range<Int>, limit: Int) -> Int {
        guard range.count > limit else { return range.upperBound }
        var at = range.lowerBound
        var end = at
        while at < range.upperBound {
            let step: Int
            if bytes[at] == 0x5C {
                let isNumbered = at + 1 < range.upperBound && bytes[at + 1] == 0x75
                let isFirstHalf =
                    isNumbered && at + 3 < range.upperBound && bytes[at + 2] | 0x20 == 0x64
                    && "89abAB".utf8.contains(bytes[at + 3])
                step = isFirstHalf ? 12 : isNumbered ? 6 : 2
            } else {
                step = bytes[at] < 0x80 ? 1 : bytes[at] >= 0xF0 ? 4 : bytes[at] >= 0xE0 ? 3 : 2
            }
            at += step
            if at - range.lowerBound > limit || at > range.upperBound { break }
            end = at
        }
        return end
    }

    /// Cuts plain text at a character's end, with a mark.
    static func cut(_ out: inout [UInt8], from start: Int, limit: Int) {
        var end = start + limit
        while end > start, out[end] & 0xC0 == 0x80 { end -= 1 }
        out.removeSubrange(end...)
        out += "…".utf8
    }

    /// Appends what an escaped text stands for; half a surrogate pair becomes U+FFFD.
    static func append(_ bytes: [UInt8], in range: Range<Int>, to out: inout [UInt8]) {
        var at = range.lowerBound
        while at < range.upperBound {
            guard bytes[at] == 0x5C, at + 1 < range.upperBound else {
                out.append(bytes[at])
                at += 1
                continue
            }
            let escape = bytes[at + 1]
            at += 2
            switch escape {
            case 0x62: out.append(0x08)
            case 0x66: out.append(0x0C)
            case 0x6E: out.append(0x0A)
            case 0x72: out.append(0x0D)
            case 0x74: out.append(0x09)
            case 0x75:
                var scalar = unit(bytes, at, range.upperBound)
                at = min(range.upperBound, at + 4)
                if (0xD800..<0xDC00).contains(scalar), at + 1 < range.upperBound, bytes[at] == 0x5C,
                    bytes[at + 1] == 0x75
                {
                    let low = unit(bytes, at + 2, range.upperBound)
                    if (0xDC00..<0xE000).contains(low) {
                        scalar = 0x10000 + (scalar - 0xD800) << 10 + (low - 0xDC00)
                        at = min(range.upperBound, at + 6)
                    }
                }
                out += UTF8.encode(Unicode.Scalar(scalar) ?? "\u{FFFD}") ?? UTF8.encode("\u{FFFD}")!
            default: out.append(escape)
            }
        }
    }

    private static func unit(_ bytes: [UInt8], _ at: Int, _ end: Int) -> UInt32 {
        guard at + 4 <= end else { return 0xD800 }
        return bytes[at..<at + 4].reduce(0) { $0 << 4 | (JSONText.hexValue($1) & 15) }
    }

    private static let symbols = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    static func appendBase64(_ bytes: [UInt8], in range: Range<Int>, to out: inout [UInt8]) {
        out.reserveCapacity(out.count + (range.count + 2) / 3 * 4)
        var at = range.lowerBound
        while at < range.upperBound {
            let left = range.upperBound - at
            let word =
                UInt32(bytes[at]) << 16 | (left > 1 ? UInt32(bytes[at + 1]) << 8 : 0)
                | (left > 2 ? UInt32(bytes[at + 2]) : 0)
            out.append(symbols[Int(word >> 18 & 63)])
            out.append(symbols[Int(word >> 12 & 63)])
            out.append(left > 1 ? symbols[Int(word >> 6 & 63)] : 0x3D)
            out.append(left > 2 ? symbols[Int(word & 63)] : 0x3D)
            at += 3
        }
    }
}

extension JSONText {
    /// Appends what the inside of a JSON string stands for, as UTF-8.
    package static func append(_ bytes: [UInt8], in range: Range<Int>, to out: inout [UInt8]) {
        EscapedText.append(bytes, in: range, to: &out)
    }
}
