/// The key paths that a program's rules read, as a trie that is walked beside a record.
///
/// A path is compared as it is written, or without regard to ASCII case where the rules of its vendor are not
/// of one mind. A key that itself holds dots (`{"a.b": 1}`, from a shipper that flattens) is found under the
/// dotted name too.
struct FieldTrie: Sendable {
    /// Segments of a path up to which every way of joining them with dots is entered; longer paths only as
    /// written.
    static let joinedSegmentsMax = 6

    private struct Node: Sendable {
        var children: [(key: [UInt8], isCaseBlind: Bool, child: Int)] = []
        var fields: [Int32] = []
    }

    struct Slot: Sendable, BitwiseCopyable {
        var hash: UInt64 = 0
        var key = Extent.none
        /// The node behind the key; -1: an empty slot.
        var child: Int32 = -1
        var isCaseBlind = false
    }

    struct Table: Sendable, BitwiseCopyable {
        var start: Int32 = 0
        /// Slots less one, a power of two less one; -1 where the node is a leaf.
        var mask: Int32 = -1
        /// A bit for each length and first letter that a key of the node has: most keys of a record have neither.
        var starts: UInt64 = 0
        var fieldStart: Int32 = 0
        var fieldCount: Int32 = 0
    }

    /// The compiled tables without their owner: what a walk reads, valid as long as the trie.
    struct View: BitwiseCopyable, Sendable {
        let tables: FrozenView<Table>
        let slots: FrozenView<Slot>
        let fieldsOfNodes: FrozenView<Int32>
        fileprivate let keys: FrozenView<UInt8>
    }

    let view: View
    private let owners: [any Sendable]

    init(_ paths: [(field: Int32, path: FieldPath)]) {
        var nodes = [Node()]
        func enter(
            _ segments: ArraySlice<[UInt8]>, _ isCaseBlind: Bool, at node: Int, _ field: Int32, joining: Bool
        ) {
            guard !segments.isEmpty else {
                if !nodes[node].fields.contains(field) { nodes[node].fields.append(field) }
                return
            }
            for count in 1...(joining ? segments.count : 1) {
                let key = Array(segments.prefix(count).joined(separator: [UInt8(ascii: ".")]))
                let child: Int
                if let known = nodes[node].children.first(where: {
                    $0.key == key && $0.isCaseBlind == isCaseBlind
                }) {
                    child = known.child
                } else {
                    child = nodes.count
                    nodes.append(Node())
                    nodes[node].children.append((key, isCaseBlind, child))
                }
                enter(segments.dropFirst(count), isCaseBlind, at: child, field, joining: joining)
            }
        }
        for (field, path) in paths {
            let name = path.isCaseBlind ? CaseFolding.folded(path.name) : Array(path.name.utf8)
            let segments = name.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).map(
                Array.init)
            enter(
                segments[...], path.isCaseBlind, at: 0, field,
                joining: segments.count <= Self.joinedSegmentsMax)
        }
        var layout = Layout()
        for node in nodes { layout.lay(node) }
        let tables = FrozenArray(layout.tables)
        let slots = FrozenArray(layout.slots)
        let fieldsOfNodes = FrozenArray(layout.fieldsOfNodes)
        // Compared eight bytes at a time.
        let keys = FrozenArray(layout.keys + [UInt8](repeating: 0, count: 16))
        owners = [tables, slots, fieldsOfNodes, keys]
        view = View(
            tables: tables.view, slots: slots.view, fieldsOfNodes: fieldsOfNodes.view, keys: keys.view)
    }

    private struct Layout {
        var tables: [Table] = []
        var slots: [Slot] = []
        var fieldsOfNodes: [Int32] = []
        var keys: [UInt8] = []

        mutating func lay(_ node: Node) {
            var table = Table()
            table.fieldStart = Int32(fieldsOfNodes.count)
            table.fieldCount = Int32(node.fields.count)
            fieldsOfNodes += node.fields
            if !node.children.isEmpty {
                var size = 4
                while size < node.children.count * 3 { size *= 2 }
                table.start = Int32(slots.count)
                table.mask = Int32(size - 1)
                slots += [Slot](repeating: Slot(), count: size)
                for (key, isCaseBlind, child) in node.children {
                    table.starts |= key.first.map { FieldTrie.start(of: $0, key.count) } ?? ~0
                    let hash = FieldTrie.hash(key)
                    var index = Int(truncatingIfNeeded: hash >> 32) & (size - 1)
                    while slots[Int(table.start) + index].child >= 0 { index = (index + 1) & (size - 1) }
                    slots[Int(table.start) + index] = Slot(
                        hash: hash, key: Extent(start: keys.count, count: key.count), child: Int32(child),
                        isCaseBlind: isCaseBlind)
                    keys += key
                }
            }
            tables.append(table)
        }
    }

    @inline(__always) static func start(of first: UInt8, _ count: Int) -> UInt64 {
        1 &<< UInt64(truncatingIfNeeded: (count &* 7 &+ Int(first | 0x20)) & 63)
    }

    private static let caseBits: UInt64 = 0x2020_2020_2020_2020

    @inline(__always) private static func mixed(_ first: UInt64, _ last: UInt64, _ count: Int) -> UInt64 {
        let word =
            (first | caseBits) ^ ((last | caseBits) &* 0x9E37_79B9_7F4A_7C15)
            ^ UInt64(truncatingIfNeeded: count)
        let product = word &* 0xD6E8_FEB8_6659_FD93
        return product ^ (product >> 31)
    }

    /// Eight bytes with A-Z in lower case.
    @inline(__always) fileprivate static func lowered(_ word: UInt64) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let low = word & (ones &* 0x7F)
        let (fromA, pastZ) = (low &+ ones &* (0x80 - 0x41), low &+ ones &* (0x80 - 0x5B))
        return word | (fromA & ~pastZ & ~word & (ones &* 0x80)) >> 2
    }

    /// Of the first and the last eight bytes and the length, blind to case: all a vendor's key needs.
    static func hash(_ key: [UInt8]) -> UInt64 {
        func word(_ bytes: ArraySlice<UInt8>) -> UInt64 {
            var word: UInt64 = 0
            for (i, byte) in bytes.enumerated() { word |= UInt64(byte) << UInt64(8 * i) }
            return word
        }
        return mixed(word(key.prefix(8)), word(key.suffix(8)), key.count)
    }

    /// The same of bytes in a tape, whose buffer can be read some bytes past any key.
    @inline(__always) static func hash(_ bytes: ByteView, _ start: Int, _ count: Int) -> UInt64 {
        if count >= 8 { return mixed(bytes.word64(start), bytes.word64(start + count - 8), count) }
        let word = count == 0 ? 0 : bytes.word64(start) & (~0 >> UInt64(64 - 8 * count))
        return mixed(word, word, count)
    }
}

extension FieldTrie.View {
    /// Where the search for a key begins among a node's slots.
    @inline(__always) func place(of hash: UInt64, in table: FieldTrie.Table) -> Int {
        Int(truncatingIfNeeded: hash >> 32) & Int(table.mask)
    }

    /// Whether a slot is for a key in the tape, whose hash is known to be the slot's.
    @inline(__always) func isKey(_ slot: FieldTrie.Slot, _ bytes: ByteView, _ start: Int, _ count: Int)
        -> Bool
    {
        guard Int(slot.key.count) == count else { return false }
        let first = Int(slot.key.start)
        if !slot.isCaseBlind {
            return unsafe equalBytes(bytes.base + start, keys.pointer(at: first), count)
        }
        var at = 0
        while at < count {
            var differing = FieldTrie.lowered(bytes.word64(start + at)) ^ keys.word64(first + at)
            if count - at < 8 { differing &= ~0 >> UInt64(64 - 8 * (count - at)) }
            if differing != 0 { return false }
            at += 8
        }
        return true
    }

    /// The same for a key that holds escapes and was decoded.
    func isKey(_ slot: FieldTrie.Slot, _ key: [UInt8]) -> Bool {
        let wanted = slot.key.range.map { keys[$0] }
        if slot.isCaseBlind { return wanted.elementsEqual(key.map { $0 &- 65 < 26 ? $0 | 0x20 : $0 }) }
        return wanted.elementsEqual(key)
    }
}

/// Where a field stands in a record: keys with dots between them.
struct FieldPath: Hashable, Sendable {
    var name: String
    var isCaseBlind: Bool
}
