/// Walks the members of one JSON object that is known to be whole.
///
/// Only for events of our own writing: no grammar is checked, and a byte out of place ends the walk.
struct JSONMembers {
    struct Member {
        /// The key's inside.
        var key: Range<Int>
        var value: Range<Int>
    }

    private var at: Int
    private let end: Int

    /// `object` is where its braces stand in `bytes`.
    init(_ object: Range<Int>) {
        at = object.lowerBound + 1
        end = object.upperBound - 1
    }

    mutating func next(_ bytes: Span<UInt8>) -> Member? {
        while at < end, bytes[at] == UInt8(ascii: ",") || bytes[at] == UInt8(ascii: " ") { at += 1 }
        guard at < end, bytes[at] == UInt8(ascii: "\"") else { return nil }
        let key = min(end, TextEnds.string(bytes, at + 1, end) + 1)
        guard key < end, bytes[key] == UInt8(ascii: ":") else { return nil }
        let value = Self.value(bytes, key + 1, end)
        defer { at = value }
        return Member(key: at + 1..<key - 1, value: key + 1..<value)
    }

    /// Walks the elements of an array that holds objects.
    mutating func nextElement(_ bytes: Span<UInt8>) -> Range<Int>? {
        while at < end, bytes[at] == UInt8(ascii: ",") { at += 1 }
        guard at < end else { return nil }
        let start = at
        at = Self.value(bytes, start, end)
        return start..<at
    }

    /// One past a value.
    private static func value(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Int {
        guard start < end else { return end }
        switch bytes[start] {
        case UInt8(ascii: "\""): return min(end, TextEnds.string(bytes, start + 1, end) + 1)
        case UInt8(ascii: "{"), UInt8(ascii: "["): return TextEnds.container(bytes, start, end)
        default:
            var at = start
            while at < end, bytes[at] != UInt8(ascii: ",") { at += 1 }
            return at
        }
    }
}
