/// Key paths compiled for one walk over a record: each known key of each object is found with one hash and one compare.
///
/// Every node is a place in the record and has a number, which is also its *slot*: 0 is the record itself. Keys are
/// hashed by length and their first and last eight bytes, with a multiplier sought at start so that a node's keys do
/// not collide; the few that cannot be told apart that way are chained.
@safe package final class KeyPathTrie: Sendable {
    /// Builds a trie; `slot` is what the compiled trie will call that place.
    package struct Builder {
        fileprivate struct Node {
            var keys: [(key: [UInt8], node: Int)] = []
            var elements: [(number: Int, node: Int)] = []
            var objects: [(key: [UInt8], text: [UInt8], isPrefix: Bool, node: Int)] = []
        }

        fileprivate var nodes = [Node()]

        package init() {}

        package mutating func slot(of path: KeyPath) -> Int {
            var node = 0
            for step in path.steps { node = child(of: node, step) }
            return node
        }

        private mutating func child(of node: Int, _ step: KeyPath.Step) -> Int {
            switch step {
            case .key(let key):
                if let found = nodes[node].keys.first(where: { $0.key == key }) { return found.node }
                nodes.append(Node())
                nodes[node].keys.append((key, nodes.count - 1))
            case .element(let number):
                if let found = nodes[node].elements.first(where: { $0.number == number }) {
                    return found.node
                }
                nodes.append(Node())
                nodes[node].elements.append((number, nodes.count - 1))
            case .object(let key, let text, let isPrefix):
                let found = nodes[node].objects.first {
                    $0.key == key && $0.text == text && $0.isPrefix == isPrefix
                }
                if let found { return found.node }
                nodes.append(Node())
                nodes[node].objects.append((key, text, isPrefix, nodes.count - 1))
            }
            return nodes.count - 1
        }

        /// Makes `alias` another way to the place that `path` leads to; `false` if it leads somewhere already, or
        /// is no key.
        package mutating func alias(_ alias: KeyPath, of path: KeyPath) -> Bool {
            guard case .key(let key)? = alias.steps.last else { return false }
            let target = slot(of: path)
            let parent = slot(of: KeyPath(Array(alias.steps.dropLast())))
            guard !nodes[parent].keys.contains(where: { $0.key == key }) else { return false }
            nodes[parent].keys.append((key, target))
            return true
        }

        package func build() -> KeyPathTrie { KeyPathTrie(self) }
    }

    struct Node: BitwiseCopyable {
        var table: Int32 = 0
        var shift: UInt64 = 63
        var multiplier: UInt64 = 1
        var hasKeys = false
        var elements: Int32 = 0
        var elementCount: Int32 = 0
        var objects: Int32 = 0
        var objectCount: Int32 = 0
    }

    struct Entry: BitwiseCopyable {
        var first: UInt64
        var last: UInt64
        var count: Int32
        var node: Int32
        var next: Int32
        var key: Int32
    }

    struct Element: BitwiseCopyable {
        var number: Int32
        var node: Int32
    }

    /// An object of an array that is known by what it holds: `key` and `text` are in `keys`.
    struct Object: BitwiseCopyable {
        var key: Run32
        var text: Run32
        var isPrefix: Bool
        var node: Int32
    }

    /// Places in all, the record itself counted.
    package let slotCount: Int
    var entryCount: Int { entries.count }
    private let nodes: FrozenArray<Node>
    private let table: FrozenArray<Int32>
    private let entries: FrozenArray<Entry>
    private let elements: FrozenArray<Element>
    private let objects: FrozenArray<Object>
    private let keys: FrozenArray<UInt8>
    /// What a walk reads; valid as long as the trie.
    let view: View

    fileprivate init(_ builder: Builder) {
        var nodes: [Node] = []
        var table: [Int32] = []
        var entries: [Entry] = []
        var elements: [Element] = []
        var objects: [Object] = []
        var keys: [UInt8] = []
        func hold(_ bytes: [UInt8]) -> Run32 {
            keys += bytes
            return Run32(start: Int32(keys.count - bytes.count), count: Int32(bytes.count))
        }
        for source in builder.nodes {
            var node = Node()
            node.elements = Int32(elements.count)
            node.elementCount = Int32(source.elements.count)
            elements += source.elements.map {
                Element(number: Int32(clamping: $0.number), node: Int32($0.node))
            }
            node.objects = Int32(objects.count)
            node.objectCount = Int32(source.objects.count)
            for object in source.objects {
                objects.append(
                    Object(
                        key: hold(object.key), text: hold(object.text), isPrefix: object.isPrefix,
                        node: Int32(object.node)))
            }
            node.table = Int32(table.count)
            if source.keys.isEmpty {
                table += [-1, -1]
            } else {
                node.hasKeys = true
                let words = source.keys.map { Self.words(of: $0.key) }
                let (shift, multiplier) = Self.spread(zip(words, source.keys).map { ($0.0, $0.1.key.count) })
                node.shift = shift
                node.multiplier = multiplier
                var cells = [Int32](repeating: -1, count: 1 << Int(64 - shift))
                for (word, key) in zip(words, source.keys) {
                    let cell = Self.cell(word.first, word.last, key.key.count, node)
                    entries.append(
                        Entry(
                            first: word.first, last: word.last, count: Int32(key.key.count),
                            node: Int32(key.node),
                            next: cells[cell], key: Int32(keys.count)))
                    keys += key.key
                    cells[cell] = Int32(entries.count - 1)
                }
                table += cells
            }
            nodes.append(node)
        }
        slotCount = nodes.count
        self.nodes = FrozenArray(nodes)
        self.table = FrozenArray(table)
        self.entries = FrozenArray(entries)
        self.elements = FrozenArray(elements)
        self.objects = FrozenArray(objects)
        // Compared eight bytes at a time from the front.
        self.keys = FrozenArray(keys + [UInt8](repeating: 0, count: 16))
        view = View(
            nodes: self.nodes.view, table: self.table.view, entries: self.entries.view,
            elements: self.elements.view, objects: self.objects.view, keys: self.keys.view,
            entryCount: entries.count)
    }

    /// The smallest table, then the multiplier, that keep these keys apart; the best found where none does.
    private static func spread(_ keys: [((first: UInt64, last: UInt64), Int)]) -> (UInt64, UInt64) {
        var bits = 1
        while 1 << bits < keys.count * 2 { bits += 1 }
        var best: (shift: UInt64, multiplier: UInt64, clashes: Int) = (UInt64(64 - bits), 1, .max)
        for extra in 0..<3 {
            var node = Node()
            node.shift = UInt64(64 - bits - extra)
            var seed: UInt64 = 0x9E37_79B9_7F4A_7C15
            for _ in 0..<200 {
                node.multiplier = seed | 1
                let cells = Set(keys.map { cell($0.0.first, $0.0.last, $0.1, node) })
                let clashes = keys.count - cells.count
                if clashes < best.clashes { best = (node.shift, node.multiplier, clashes) }
                if clashes == 0 { return (best.shift, best.multiplier) }
                seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            }
        }
        return (best.shift, best.multiplier)
    }

    @inline(__always)
    fileprivate static func cell(_ first: UInt64, _ last: UInt64, _ count: Int, _ node: Node) -> Int {
        let mixed = first ^ (last << 7 | last >> 57) ^ UInt64(truncatingIfNeeded: count)
        return Int(truncatingIfNeeded: ((mixed ^ mixed >> 29) &* node.multiplier) >> node.shift)
    }

    private static func words(of key: [UInt8]) -> (first: UInt64, last: UInt64) {
        func word(_ bytes: ArraySlice<UInt8>) -> UInt64 {
            var word: UInt64 = 0
            for byte in bytes.reversed() { word = word << 8 | UInt64(byte) }
            return word
        }
        return (word(key.prefix(8)), key.count > 8 ? word(key.suffix(8)) : 0)
    }
}

extension KeyPathTrie {
    /// The compiled tables without their owner.
    struct View: BitwiseCopyable, Sendable {
        fileprivate let nodes: FrozenView<Node>
        fileprivate let table: FrozenView<Int32>
        fileprivate let entries: FrozenView<Entry>
        fileprivate let elements: FrozenView<Element>
        fileprivate let objects: FrozenView<Object>
        fileprivate let keys: FrozenView<UInt8>
        let entryCount: Int

        /// The child of `node` under the key at `bytes[start..<start + count]`, behind which eight
        /// more bytes can be read; -1 where it has none of that name.
        ///
        /// `guesses` at `guess` says which entry to try first; it learns, and `guess` moves on to what was found.
        @inline(__always)
        func child(
            of node: Int, _ bytes: ByteView, _ start: Int, _ count: Int,
            _ guesses: UnsafeMutablePointer<Int32>, _ guess: inout Int
        ) -> Int {
            let first: UInt64
            var last: UInt64 = 0
            if count < 8 {
                first = bytes.word64(start) & ~(~0 &<< UInt64(truncatingIfNeeded: count &* 8))
            } else {
                first = bytes.word64(start)
                if count > 8 { last = bytes.word64(start &+ count &- 8) }
            }
            let likely = unsafe guesses[guess]
            if likely >= 0 {
                let entry = unsafe entries.pointer(at: Int(likely))
                if unsafe entry.pointee.first == first, unsafe entry.pointee.last == last,
                    unsafe entry.pointee.count == Int32(truncatingIfNeeded: count),
                    count <= 16 || isMiddleEqual(unsafe entry.pointee, bytes, start, count)
                {
                    guess = Int(likely)
                    return unsafe Int(entry.pointee.node)
                }
            }
            let mixed = first ^ (last &<< 7 | last &>> 57) ^ UInt64(truncatingIfNeeded: count)
            let cell = ((mixed ^ mixed &>> 29) &* nodes[node].multiplier) &>> nodes[node].shift
            var index = table[Int(nodes[node].table) &+ Int(truncatingIfNeeded: cell)]
            while index >= 0 {
                let entry = unsafe entries.pointer(at: Int(index))
                if unsafe entry.pointee.first == first, unsafe entry.pointee.last == last,
                    unsafe entry.pointee.count == Int32(truncatingIfNeeded: count),
                    count <= 16 || isMiddleEqual(unsafe entry.pointee, bytes, start, count)
                {
                    unsafe guesses[guess] = index
                    guess = Int(index)
                    return unsafe Int(entry.pointee.node)
                }
                index = unsafe entry.pointee.next
            }
            return -1
        }

        /// The same without guesses.
        @inline(__always)
        func child(of node: Int, _ bytes: ByteView, _ start: Int, _ count: Int) -> Int {
            var untold: Int32 = -1
            var guess = 0
            return unsafe child(of: node, bytes, start, count, &untold, &guess)
        }

        @inline(never)
        private func isMiddleEqual(_ entry: Entry, _ bytes: ByteView, _ start: Int, _ count: Int) -> Bool {
            unsafe equalBytes(bytes.base + (start + 8), keys.pointer(at: Int(entry.key) + 8), count - 16)
        }

        /// The child under a key that is written with escapes.
        func child(of node: Int, escaped raw: UnsafeBufferPointer<UInt8>) -> Int {
            var key: [UInt8] = []
            unsafe JSONText.unescape(raw, into: &key)
            let count = key.count
            key += [UInt8](repeating: 0, count: 8)
            return unsafe key.withUnsafeBufferPointer { buffer in
                guard let base = buffer.baseAddress else { return -1 }
                return unsafe child(of: node, ByteView(base), 0, count)
            }
        }

        @inline(__always) func hasChildren(_ node: Int) -> Bool { nodes[node].hasKeys }
        @inline(__always) func elementCount(of node: Int) -> Int { Int(nodes[node].elementCount) }
        func element(_ index: Int, of node: Int) -> (number: Int, node: Int) {
            let element = elements[Int(nodes[node].elements) + index]
            return (Int(element.number), Int(element.node))
        }

        /// Whether elements of the array at `node` are asked for.
        @inline(__always) func hasElements(_ node: Int) -> Bool {
            nodes[node].elementCount | nodes[node].objectCount != 0
        }
        @inline(__always) func objectCount(of node: Int) -> Int { Int(nodes[node].objectCount) }

        /// The node of the array's known object with this number, if the member whose key and value stand at these
        /// tokens is what it is known by; else -1.
        func object(_ index: Int, of node: Int, _ tape: JSONTape, key: Int, value: Int) -> Int {
            let object = objects[Int(nodes[node].objects) + index]
            return isEqual(object.key, tape, key) && isEqual(object.text, tape, value, object.isPrefix)
                ? Int(object.node) : -1
        }

        /// Whether the scalar at `token` is this text, or begins with it.
        private func isEqual(
            _ wanted: Run32, _ tape: JSONTape, _ token: Int, _ isPrefix: Bool = false
        ) -> Bool {
            guard !tape.isContainer(token) else { return false }
            let content = tape.byte(token) == 0x22 ? tape.content(token) : tape.extent(token)
            let text = unsafe keys.pointer(at: Int(wanted.start))
            if content.count == UInt32(wanted.count) || isPrefix && content.count > UInt32(wanted.count),
                unsafe equalBytes(tape.bytes.base + Int(content.start), text, Int(wanted.count))
            {
                return true
            }
            // A text with escapes is longer as it is written.
            guard tape.hasBackslash, content.count > UInt32(wanted.count),
                tape.bytes.hasBackslash(Int(content.start), Int(content.count))
            else { return false }
            var decoded: [UInt8] = []
            unsafe JSONText.unescape(tape.bytes(content), into: &decoded)
            let whole = unsafe UnsafeBufferPointer(start: text, count: Int(wanted.count))
            return unsafe isPrefix ? decoded.starts(with: whole) : decoded.elementsEqual(whole)
        }
    }
}
