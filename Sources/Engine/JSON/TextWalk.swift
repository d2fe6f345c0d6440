/// A walk along the members of JSON objects that are known to be whole, without going into those nobody asks for.
struct TextWalk {
    private var at: Int
    private let end: Int

    /// `object` is where its braces stand.
    init(_ object: Range<Int>) {
        at = object.lowerBound + 1
        end = object.upperBound - 1
    }

    /// The inside of the next key; what follows is its value, which has to be read or skipped.
    @inline(__always) mutating func key(_ bytes: Span<UInt8>) -> Extent? {
        while at < end, bytes[at] != UInt8(ascii: "\"") {
            guard bytes[at] == UInt8(ascii: ",") || bytes[at] == UInt8(ascii: " ") else { return nil }
            at += 1
        }
        guard at < end else { return nil }
        let start = at + 1
        at = TextEnds.string(bytes, start, end)
        let key = Extent(start: start, count: at - start)
        at += 1
        guard at < end, bytes[at] == UInt8(ascii: ":") else { return nil }
        at += 1
        return key
    }

    /// A text's inside or a number's digits; nothing of an object, a list or null.
    @inline(__always) mutating func scalar(_ bytes: Span<UInt8>) -> Extent {
        guard at < end else { return .none }
        let start = at
        skip(bytes)
        switch bytes[start] {
        case UInt8(ascii: "\""): return Extent(start: start + 1, count: at - start - 2)
        case UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "n"): return .none
        default: return Extent(start: start, count: at - start)
        }
    }

    @inline(__always) mutating func object(
        _ bytes: Span<UInt8>, _ body: (Extent, inout TextWalk) -> Void
    ) {
        guard at < end, bytes[at] == UInt8(ascii: "{") else { return skip(bytes) }
        var inner = TextWalk(at..<end + 1)
        while let key = inner.key(bytes) { body(key, &inner) }
        at = min(end, inner.at + 1)
    }

    /// One member of the object that comes next.
    mutating func member(_ bytes: Span<UInt8>, _ name: StaticString) -> Extent {
        var found = Extent.none
        object(bytes) { key, inner in
            if found.isEmpty, key.equals(bytes, name) {
                found = inner.scalar(bytes)
            } else {
                inner.skip(bytes)
            }
        }
        return found
    }

    /// One member of the first element of the list that comes next.
    mutating func firstMember(_ bytes: Span<UInt8>, _ name: StaticString, or other: StaticString) -> Extent {
        let start = at
        skip(bytes)
        guard at > start + 2, bytes[start] == UInt8(ascii: "["), bytes[start + 1] == UInt8(ascii: "{") else {
            return .none
        }
        var walk = TextWalk(start..<at)
        var first = Extent.none
        var second = Extent.none
        walk.object(bytes) { key, inner in
            if key.equals(bytes, name) {
                first = inner.scalar(bytes)
            } else if key.equals(bytes, other) {
                second = inner.scalar(bytes)
            } else {
                inner.skip(bytes)
            }
        }
        return first.isEmpty ? second : first
    }

    @inline(__always) mutating func skip(_ bytes: Span<UInt8>) {
        guard at < end else { return }
        switch bytes[at] {
        case UInt8(ascii: "\""): at = TextEnds.string(bytes, at + 1, end) + 1
        case UInt8(ascii: "{"), UInt8(ascii: "["): at = TextEnds.container(bytes, at, end)
        default:
            while at < end, bytes[at] != UInt8(ascii: ","), bytes[at] != UInt8(ascii: "}"),
                bytes[at] != UInt8(ascii: "]")
            {
                at += 1
            }
        }
    }
}

extension [UInt8] {
    /// Appends bytes of another buffer at once.
    mutating func append(_ span: Span<UInt8>) {
        unsafe span.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
    }
}

extension Extent {
    /// Whether these bytes are the text.
    @inline(__always) func equals(_ bytes: Span<UInt8>, _ text: StaticString) -> Bool {
        let length = text.utf8CodeUnitCount
        guard Int(count) == length else { return false }
        let first = unsafe text.utf8Start
        var at = Int(start)
        for index in 0..<length {
            if unsafe bytes[at] != first[index] { return false }
            at &+= 1
        }
        return true
    }
}
