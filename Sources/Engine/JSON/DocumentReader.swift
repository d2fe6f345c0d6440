/// Takes JSON text apart that stands inside other text: policies in requests, mostly.
///
/// Holds memory from text to text; each task has its own.
package final class DocumentReader {
    /// AWS's longest policies have 20 KiB, an Azure role's or a Google policy some hundreds: bytes.
    package static let textBytesMax = 1 << 20

    private let buffer = JSONBuffer(capacity: 1 << 14)
    private var compact: [UInt8] = []

    package init() {}

    /// The one value that the text is, an object or array; `nil` for all else, and for what is larger than any policy.
    package func document(of text: [UInt8]) -> Document? {
        guard text.count <= Self.textBytesMax else { return nil }
        squeeze(text)
        buffer.truncate(to: 0)
        unsafe compact.withUnsafeBufferPointer { unsafe buffer.append($0) }
        guard case .indexed(let tokens, let count) = buffer.index(from: 0, count: buffer.count), count > 0
        else { return nil }
        buffer.reserveMatches(count + 1)
        let first = buffer.view[tokens[0]]
        guard first == UInt8(ascii: "{") || first == UInt8(ascii: "["),
            case .whole(let next, let isCompact) = buffer.check(tokens, count: count, from: 0, bytesFrom: 0),
            next == count, isCompact
        else { return nil }
        let tape = JSONTape(
            bytes: buffer.view, tokens: tokens, matches: buffer.matchView, tokenCount: count,
            hasBackslash: buffer.view.hasBackslash(0, buffer.count))
        return Document(tape, 0)
    }

    /// Leaves out the white space between tokens.
    private func squeeze(_ text: [UInt8]) {
        compact.removeAll(keepingCapacity: true)
        var isString = false
        var isEscaped = false
        for byte in text {
            if isString {
                if isEscaped {
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    isString = false
                }
            } else if byte == UInt8(ascii: "\"") {
                isString = true
            } else if byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
                continue
            }
            compact.append(byte)
        }
    }
}

extension Document {
    /// A value in a tape, taken apart.
    package init?(_ tape: JSONTape, _ token: Int) {
        let place = SourcePosition(file: "event", line: 1, column: 1)
        switch tape.kind(token) {
        case .string: self.init(.string(tape.string(token)), at: place, isQuoted: true)
        case .null: self.init(.null, at: place)
        case .bool: self.init(.bool(tape.byte(token) == UInt8(ascii: "t")), at: place)
        case .number:
            let text = tape.text(tape.extent(token))
            if let integer = Int64(text) {
                self.init(.integer(integer), at: place, text: text)
            } else if let number = Double(text) {
                self.init(.number(number), at: place, text: text)
            } else {
                return nil
            }
        case .array:
            var items: [Document] = []
            let close = Int(tape.matches[token])
            var at = token + 1
            while at < close {
                if let item = Document(tape, at) { items.append(item) }
                at = tape.after(at) + 1
            }
            self.init(.list(items), at: place)
        case .object:
            var entries: [Entry] = []
            let close = Int(tape.matches[token])
            var at = token + 1
            while at < close {
                if let value = Document(tape, at + 2) {
                    entries.append(Entry(key: tape.string(at), keyPosition: place, value: value))
                }
                at = tape.after(at + 2) + 1
            }
            self.init(.map(entries), at: place)
        }
    }
}
