/// The key paths that a program's rules read, as a trie that is walked beside a record.
///
/// Rules name vendor fields in whatever case their authors liked, so that keys are compared without regard to ASCII
/// case. A key that itself holds dots (`{"a.b": 1}`, from a shipper that flattens) is found under the dotted name too.
struct FieldTrie: Sendable {
    /// Segments of a path up to which every way of joining them with dots is entered; longer paths only as written.
    static let joinedSegmentsMax = 6

    private struct Node: Sendable {
        var children: [(key: [UInt8], child: Int)] = []
        var fields: [Int32] = []
    }

    struct Slot: Sendable, BitwiseCopyable {
        var hash: UInt64 = 0
        var key = Extent.none
        /// The node behind the key; -1: an empty slot.
        var child: Int32 = -1
    }

    struct Table: Sendable, BitwiseCopyable {
        var start: Int32 = 0
        /// Slots less one, a power of two less one; -1 where the node is a leaf.
        var mask: Int32 = -1
        var fieldStart: Int32 = 0
        var fieldCount: Int32 = 0
    }

    private(set) var tables: [Table] = []
    private(set) var slots: [Slot] = []
    private(set) var fieldsOfNodes: [Int32] = []
    private(set) var keys: [UInt8] = []

    /// `paths[i]` are the paths of field `fields[i]`, with dots, folded to lower case.
    init(_ paths: [(field: Int32, path: String)]) {
        var nodes = [Node()]
        func enter(_ segments: ArraySlice<[UInt8]>, at node: Int, _ field: Int32, joining: Bool) {
            guard !segments.isEmpty else {
                if !nodes[node].fields.contains(field) { nodes[node].fields.append(field) }
                return
            }
            for count in 1...(joining ? segments.count : 1) {
                let key = Array(segments.prefix(count).joined(separator: [UInt8(ascii: ".")]))
                let child: Int
                if let known = nodes[node].children.first(where: { $0.key == key }) {
                    child = known.child
                } else {
                    child = nodes.count
                    nodes.append(Node())
                    nodes[node].children.append((key, child))
                }
                enter(segments.dropFirst(count), at: child, field, joining: joining)
            }
        }
        for (field, path) in paths {
            let segments = path.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).map(Array.init)
            enter(segments[...], at: 0, field, joining: segments.count <= Self.joinedSegmentsMax)
        }
        for node in nodes { lay(node) }
    }

    private mutating func lay(_ node: Node) {
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
            for (key, child) in node.children {
                let hash = Self.hash(key)
                var index = Int(truncatingIfNeeded: hash >> 32) & (size - 1)
                while slots[Int(table.start) + index].child >= 0 { index = (index + 1) & (size - 1) }
                slots[Int(table.start) + index] = Slot(
                    hash: hash, key: Extent(start: keys.count, count: key.count), child: Int32(child))
                keys += key
            }
        }
        tables.append(table)
    }

    private static let caseBits: UInt64 = 0x2020_2020_2020_2020

    @inline(__always) private static func mixed(_ first: UInt64, _ last: UInt64, _ count: Int) -> UInt64 {
        let word = (first | caseBits) ^ ((last | caseBits) &* 0x9E37_79B9_7F4A_7C15) ^ UInt64(truncatingIfNeeded: count)
        let product = word &* 0xD6E8_FEB8_6659_FD93
        return product ^ (product >> 31)
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

    /// The child of a node under a key in the tape; -1 where it has none.
    @inline(__always) func child(of table: Table, _ bytes: ByteView, _ start: Int, _ count: Int) -> Int32 {
        let hash = Self.hash(bytes, start, count)
        var index = Int(truncatingIfNeeded: hash >> 32) & Int(table.mask)
        while true {
            let slot = slots[Int(table.start) + index]
            if slot.child < 0 { return -1 }
            if slot.hash == hash, Int(slot.key.count) == count, isKey(slot.key, bytes, start) { return slot.child }
            index = (index + 1) & Int(table.mask)
        }
    }

    private func isKey(_ key: Extent, _ bytes: ByteView, _ start: Int) -> Bool {
        let first = Int(key.start)
        for i in 0..<Int(key.count) {
            let byte = bytes[start + i]
            let folded = byte &- 65 < 26 ? byte | 0x20 : byte
            if folded != keys[first + i] { return false }
        }
        return true
    }

    /// The same for a key that holds escapes and was decoded.
    func child(of table: Table, _ key: [UInt8]) -> Int32 {
        let folded = key.map { $0 &- 65 < 26 ? $0 | 0x20 : $0 }
        let hash = Self.hash(folded)
        var index = Int(truncatingIfNeeded: hash >> 32) & Int(table.mask)
        while true {
            let slot = slots[Int(table.start) + index]
            if slot.child < 0 { return -1 }
            if slot.hash == hash, keys[slot.key.range].elementsEqual(folded) { return slot.child }
            index = (index + 1) & Int(table.mask)
        }
    }
}
