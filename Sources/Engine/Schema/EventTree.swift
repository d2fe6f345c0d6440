/// A written event taken apart: one node per value, in text order, each knowing where its key and bytes stand.
///
/// The normalizer never makes one: it is for what reads finished events, the validator and the version maps.
/// Reused from event to event, so that reading allocates nothing once the largest event has been seen.
package struct EventTree {
    package enum Kind: UInt8, Sendable, BitwiseCopyable {
        case object, array, string, integer, number, boolean, null
    }

    package struct Node: BitwiseCopyable, Sendable {
        package var kind: Kind
        /// Where the value's text begins and ends; a string's with its quotes.
        package var start: UInt32
        package var end: UInt32
        /// The key without quotes, as written; empty in arrays and at the root.
        package var keyStart: UInt32 = 0
        package var keyEnd: UInt32 = 0
        /// The node after this one and all it holds.
        package var next: UInt32 = 0

        package var range: Range<Int> { Int(start)..<Int(end) }
        package var keyRange: Range<Int> { Int(keyStart)..<Int(keyEnd) }
        /// A string's text without its quotes, still escaped.
        package var text: Range<Int> { kind == .string ? Int(start) + 1..<Int(end) - 1 : range }
    }

    package struct Malformed: Error, Hashable {
        package var offset: Int
        package var reason: String
    }

    /// Objects and arrays inside one another, in levels; deeper text is malformed.
    package static let depthMax = 1_024

    /// `nodes[0]` is the event; a container's first child is the node after it.
    package private(set) var nodes: [Node] = []
    private var open: [Int] = []

    package init() {}

    /// The nodes directly inside a container.
    package func children(of index: Int) -> Children {
        Children(tree: self, position: index + 1, end: Int(nodes[index].next))
    }

    package struct Children: Sequence, IteratorProtocol {
        let tree: EventTree
        var position: Int
        let end: Int

        package mutating func next() -> Int? {
            guard position < end else { return nil }
            defer { position = Int(tree.nodes[position].next) }
            return position
        }
    }

    /// Takes apart the text of one event.
    package mutating func read(_ bytes: borrowing Span<UInt8>) throws(Malformed) {
        nodes.removeAll(keepingCapacity: true)
        open.removeAll(keepingCapacity: true)
        var at = 0
        while true {
            at = Self.skipSpace(bytes, at)
            let isInObject = open.last.map { nodes[$0].kind == .object } ?? false
            let key = isInObject ? try readKey(bytes, &at) : 0..<0
            if try readValue(bytes, &at, key: key) {
                at = Self.skipSpace(bytes, at)
                if at < bytes.count, bytes[at] != Self.closing(nodes[nodes.count - 1].kind) { continue }
            }
            if try closeFinished(bytes, &at) { return }
        }
    }

    private static func closing(_ kind: Kind) -> UInt8 {
        kind == .object ? UInt8(ascii: "}") : UInt8(ascii: "]")
    }

    private static func skipSpace(_ bytes: borrowing Span<UInt8>, _ start: Int) -> Int {
        var at = start
        while at < bytes.count,
            bytes[at] == 0x20 || bytes[at] == 0x0A || bytes[at] == 0x0D || bytes[at] == 0x09
        {
            at += 1
        }
        return at
    }

    /// Closes what ends here, then steps over the comma before the next value. True at the end of the event.
    private mutating func closeFinished(_ bytes: borrowing Span<UInt8>, _ at: inout Int) throws(Malformed)
        -> Bool
    {
        while let container = open.last {
            at = Self.skipSpace(bytes, at)
            guard at < bytes.count else {
                throw Malformed(offset: at, reason: "the text ends inside a value")
            }
            if bytes[at] == UInt8(ascii: ","), nodes.count > container + 1 {
                at += 1
                return false
            }
            guard bytes[at] == Self.closing(nodes[container].kind) else {
                throw Malformed(
                    offset: at, reason: "neither a comma nor the end of the \(nodes[container].kind)")
            }
            at += 1
            nodes[container].end = UInt32(truncatingIfNeeded: at)
            nodes[container].next = UInt32(truncatingIfNeeded: nodes.count)
            open.removeLast()
        }
        at = Self.skipSpace(bytes, at)
        guard at == bytes.count else { throw Malformed(offset: at, reason: "text after the event") }
        return true
    }

    private mutating func readKey(_ bytes: borrowing Span<UInt8>, _ at: inout Int) throws(Malformed) -> Range<
        Int
    > {
        guard at < bytes.count, bytes[at] == UInt8(ascii: "\"") else {
            throw Malformed(offset: at, reason: "a key is missing")
        }
        let start = at + 1
        at = try Self.stringEnd(bytes, at)
        let key = start..<at - 1
        at = Self.skipSpace(bytes, at)
        guard at < bytes.count, bytes[at] == UInt8(ascii: ":") else {
            throw Malformed(offset: at, reason: "a colon is missing")
        }
        at = Self.skipSpace(bytes, at + 1)
        return key
    }

    /// The offset after a string's closing quote.
    private static func stringEnd(_ bytes: borrowing Span<UInt8>, _ start: Int) throws(Malformed) -> Int {
        var at = start + 1
        while at < bytes.count {
            switch bytes[at] {
            case UInt8(ascii: "\""): return at + 1
            case UInt8(ascii: "\\"): at += 2
            case 0..<0x20: throw Malformed(offset: at, reason: "a control character in a string")
            default: at += 1
            }
        }
        throw Malformed(offset: start, reason: "a string without an end")
    }

    /// Appends the value at `at`; true when it is a container, which stays open.
    private mutating func readValue(
        _ bytes: borrowing Span<UInt8>, _ at: inout Int, key: Range<Int>
    ) throws(Malformed) -> Bool {
        guard at < bytes.count else { throw Malformed(offset: at, reason: "a value is missing") }
        let start = at
        var kind = Kind.null
        switch bytes[at] {
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            guard open.count < Self.depthMax else {
                throw Malformed(offset: at, reason: "nested deeper than \(Self.depthMax) levels")
            }
            kind = bytes[at] == UInt8(ascii: "{") ? .object : .array
            open.append(nodes.count)
            at += 1
        case UInt8(ascii: "\""):
            kind = .string
            at = try Self.stringEnd(bytes, at)
        case UInt8(ascii: "t"): kind = try Self.word("true", .boolean, bytes, &at)
        case UInt8(ascii: "f"): kind = try Self.word("false", .boolean, bytes, &at)
        case UInt8(ascii: "n"): kind = try Self.word("null", .null, bytes, &at)
        default: kind = try Self.number(bytes, &at)
        }
        var node = Node(
            kind: kind, start: UInt32(truncatingIfNeeded: start), end: UInt32(truncatingIfNeeded: at))
        node.keyStart = UInt32(truncatingIfNeeded: key.lowerBound)
        node.keyEnd = UInt32(truncatingIfNeeded: key.upperBound)
        nodes.append(node)
        nodes[nodes.count - 1].next = UInt32(truncatingIfNeeded: nodes.count)
        return kind == .object || kind == .array
    }

    private static func word(
        _ word: StaticString, _ kind: Kind, _ bytes: borrowing Span<UInt8>, _ at: inout Int
    ) throws(Malformed) -> Kind {
        for letter in word.description.utf8 {
            guard at < bytes.count, bytes[at] == letter else {
                throw Malformed(offset: at, reason: "not a JSON value")
            }
            at += 1
        }
        return kind
    }

    private static func number(_ bytes: borrowing Span<UInt8>, _ at: inout Int) throws(Malformed) -> Kind {
        let start = at
        var kind = Kind.integer
        if at < bytes.count, bytes[at] == UInt8(ascii: "-") { at += 1 }
        let digits = at
        while at < bytes.count {
            switch bytes[at] {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): break
            case UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"), UInt8(ascii: "+"),
                UInt8(ascii: "-"):
                kind = .number
            default:
                guard at > digits else { throw Malformed(offset: start, reason: "not a JSON value") }
                return kind
            }
            at += 1
        }
        guard at > digits else { throw Malformed(offset: start, reason: "not a JSON value") }
        return kind
    }
}
