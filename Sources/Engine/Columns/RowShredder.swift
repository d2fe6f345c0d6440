/// Takes events' text apart into columns; what has no column, or does not fit its column, goes to `rest`.
///
/// `rest` is a JSON object whose keys are JSON Pointers (RFC 6901) into the event and whose values stand there, so an
/// event is its columns' values with the rest put in: nothing is lost, whatever the plan leaves out.
///
/// Events are taken apart in blocks, and a block's values lie by column, so that whoever stores them goes through one
/// column at a time. Texts are not copied: a block is valid as long as the tape that it was made of.
@safe package struct RowShredder: ~Copyable {
    /// Rows in a block.
    package static let rowsMax = 4_096
    /// A column that took more in one block gives its memory back: values.
    private static let keptMax = 1 << 16

    private let plan: ColumnPlan
    private let trie: KeyPathTrie
    /// What each key is expected to be followed by, and each object to begin with.
    private let guesses: UnsafeMutablePointer<Int32>
    /// By the trie's node.
    private let fields: FrozenArray<Place>
    let kinds: FrozenArray<ColumnPlan.Kind>
    /// The row under which each leaf was last seen, to tell what an element lacks and what comes twice.
    let seen: UnsafeMutablePointer<UInt32>
    var generation: UInt32 = 0
    /// Each column's values in the block.
    private let made: UnsafeMutablePointer<Made>
    /// The columns that have values in the block.
    private var touched = ScratchRow<UInt16>(capacity: 512)
    package private(set) var rowCount = 0
    /// Unescaped texts of the block.
    var texts = ByteWriter(capacity: 1 << 14)
    var rest = ByteWriter(capacity: 1 << 12)
    /// From the event to the value at hand: a key's token, or an element's number less one as a negative.
    var path = ScratchRow<Int>(capacity: 256)
    var scratch: [UInt8] = []
    /// Rank in the plan's list, column and number there, of what the row is filed under so far.
    var principalRank = Int.max
    var principal = ColumnValue(bits: 0, count: 0, row: 0, repetition: 0, definition: 0)
    let ranks: FrozenArray<UInt8>
    var times = ColumnTimes()

    @safe private struct Made: BitwiseCopyable {
        var base: UnsafeMutablePointer<ColumnValue>?
        var count: Int32 = 0
        var capacity: Int32 = 0
    }

    private struct Place: BitwiseCopyable {
        var leaf: Int32
        var firstLeaf: Int32
        var leavesEnd: Int32
        /// Lists around the field, itself counted.
        var lists: Int16
        var isList: Bool

        @inline(__always) var first: Int { Int(firstLeaf) }
        @inline(__always) var end: Int { Int(leavesEnd) }
    }

    package init(_ plan: ColumnPlan) {
        self.plan = plan
        var builder = KeyPathTrie.Builder()
        var places: [Int: Place] = [:]
        func add(_ field: ColumnPlan.Field, _ keys: [KeyPath.Step], _ lists: Int) {
            let keys = keys + [.key(Array(field.name.utf8))]
            let inner = lists + (field.isList ? 1 : 0)
            let node = builder.slot(of: KeyPath(keys))
            var leaf = -1
            switch field.content {
            case .leaf(let number): leaf = number
            case .group(let children): for child in children { add(child, keys, inner) }
            }
            places[node] = Place(
                leaf: Int32(leaf), firstLeaf: Int32(field.leaves.lowerBound),
                leavesEnd: Int32(field.leaves.upperBound), lists: Int16(inner), isList: field.isList)
        }
        let own = [plan.principal, plan.rest, plan.raw]
        for field in plan.fields where !own.contains(field.leaves.lowerBound) { add(field, [], 0) }
        trie = builder.build()
        let guessCount = trie.entryCount + trie.slotCount
        unsafe guesses = .allocate(capacity: guessCount)
        unsafe guesses.initialize(repeating: -1, count: guessCount)
        let none = Place(leaf: -1, firstLeaf: 0, leavesEnd: 0, lists: 0, isList: false)
        fields = FrozenArray((0..<trie.slotCount).map { places[$0] ?? none })
        kinds = FrozenArray(plan.leaves.map(\.kind))
        unsafe seen = .allocate(capacity: plan.leaves.count)
        unsafe seen.initialize(repeating: 0, count: plan.leaves.count)
        unsafe made = .allocate(capacity: plan.leaves.count)
        unsafe made.initialize(repeating: Made(), count: plan.leaves.count)
        var ranks = [UInt8](repeating: 255, count: plan.leaves.count)
        for (rank, leaf) in plan.principalFrom.enumerated() { ranks[leaf] = UInt8(clamping: rank) }
        self.ranks = FrozenArray(ranks)
    }

    deinit {
        for leaf in plan.leaves.indices { unsafe made[leaf].base?.deallocate() }
        unsafe made.deallocate()
        unsafe seen.deallocate()
        unsafe guesses.deallocate()
        touched.deallocate()
        path.deallocate()
        texts.deallocate()
        rest.deallocate()
    }

    // MARK: Blocks

    /// Forgets the block's rows and begins another.
    package mutating func beginBlock() {
        for index in 0..<touched.count {
            let leaf = Int(touched[index])
            if unsafe made[leaf].capacity > Self.keptMax {
                unsafe made[leaf].base?.deallocate()
                unsafe made[leaf] = Made()
            }
            unsafe made[leaf].count = 0
        }
        touched.count = 0
        texts.count = 0
        rowCount = 0
    }

    /// The columns that have values in the block, in no order that means anything.
    package var leaves: UnsafeBufferPointer<UInt16> {
        unsafe UnsafeBufferPointer(start: touched.base, count: touched.count)
    }

    /// A column's values in the block.
    package func values(of leaf: Int) -> UnsafeBufferPointer<ColumnValue> {
        unsafe UnsafeBufferPointer(start: made[leaf].base, count: Int(made[leaf].count))
    }

    /// Where the block's texts stand, if all of it was made of this tape.
    package func texts(_ tape: JSONTape) -> ColumnTexts { unsafe ColumnTexts(tape, texts.base) }

    /// Takes one event apart as the block's next row, of which there may be `rowsMax`.
    package mutating func shred(_ tape: JSONTape, _ record: RawRecord) {
        precondition(rowCount < Self.rowsMax, "the block is full")
        generation &+= 1
        if generation == 0 {
            unsafe seen.update(repeating: 0, count: plan.leaves.count)
            generation = 1
        }
        rest.count = 0
        path.count = 0
        principalRank = .max
        object(tape, record.open, node: 0, repetition: 0)
        if principalRank < .max {
            principal.repetition = 0
            principal.definition = 1
            put(principal, to: plan.principal)
        }
        if rest.count > 0 {
            rest.append(UInt8(ascii: "}"))
            let start = texts.count
            unsafe texts.append(copying: rest.base, rest.count)
            put(
                ColumnValue(
                    bits: UInt64(start) | ColumnTexts.own, count: UInt32(truncatingIfNeeded: rest.count),
                    row: row, repetition: 0, definition: 1), to: plan.rest)
        }
        rowCount += 1
    }

    @inline(__always) var row: UInt16 { UInt16(truncatingIfNeeded: rowCount) }

    @inline(__always) mutating func put(_ value: ColumnValue, to leaf: Int) {
        let place = unsafe made + leaf
        if unsafe place.pointee.count == place.pointee.capacity { grow(leaf) }
        if unsafe place.pointee.count == 0 { touched.append(UInt16(truncatingIfNeeded: leaf)) }
        if let base = unsafe place.pointee.base { unsafe base[Int(place.pointee.count)] = value }
        unsafe place.pointee.count &+= 1
    }

    @inline(never) private func grow(_ leaf: Int) {
        let old = unsafe made[leaf]
        let capacity = max(256, Int(old.capacity) * 2)
        let grown = UnsafeMutablePointer<ColumnValue>.allocate(capacity: capacity)
        if let base = unsafe old.base {
            unsafe grown.update(from: base, count: Int(old.count))
            unsafe base.deallocate()
        }
        unsafe made[leaf].base = unsafe grown
        unsafe made[leaf].capacity = Int32(capacity)
    }

    @inline(__always) private mutating func putNull(
        _ leaf: Int, repetition: Int, definition: Int
    ) {
        put(
            ColumnValue(
                bits: 0, count: 0, row: row, repetition: UInt8(truncatingIfNeeded: repetition),
                definition: UInt8(truncatingIfNeeded: definition)), to: leaf)
    }

    /// Appends the row of one event; the time of an event that has none is 0.
    ///
    /// - Parameter raw: the vendor's record, where it is kept.
    package mutating func append(
        _ tape: JSONTape, _ record: RawRecord, raw: UnsafeBufferPointer<UInt8>?, to rows: inout ColumnRows
    ) {
        beginBlock()
        shred(tape, record)
        let texts = texts(tape)
        var time: Int64 = 0
        var filed = Extent.none
        for leaf in unsafe leaves.map(Int.init).sorted() {
            let about = plan.leaves[leaf]
            let values = unsafe values(of: leaf)
            for number in 0..<values.count {
                let value = unsafe values[number]
                var entry = ColumnEntry(
                    leaf: leaf, repetition: Int(value.repetition), definition: Int(value.definition),
                    count: Int(value.count), bits: value.bits)
                if Int(value.definition) == about.definitionMax, about.kind == .text || about.kind == .json {
                    entry.bits = UInt64(rows.bytes.count)
                    unsafe rows.bytes.append(
                        contentsOf: UnsafeBufferPointer(
                            start: texts.start(of: value), count: Int(value.count)))
                }
                if leaf == plan.time { time = entry.integer }
                if leaf == plan.principal { filed = Extent(start: Int(entry.bits), count: Int(entry.count)) }
                rows.entries.append(entry)
            }
        }
        if let raw = unsafe raw, raw.count > 0 {
            unsafe rows.append(text: raw, leaf: plan.raw, repetition: 0, definition: 1)
        }
        rows.times.append(time)
        rows.principals.append(filed)
        rows.ends.append(rows.entries.count)
    }

    // MARK: Objects and lists

    /// - Parameter repetition: of the first value of each column in the object.
    private mutating func object(
        _ tape: JSONTape, _ open: Int, node: Int, repetition: Int
    ) {
        let close = Int(tape.matches[open])
        var key = open + 1
        var guess = trie.entryCount &+ node
        while key < close {
            let value = key &+ 2
            let next = tape.after(value) &+ 1
            let start = tape.start(key) &+ 1
            let count = tape.start(key &+ 1) &- 1 &- start
            let found = unsafe trie.view.child(of: node, tape.bytes, start, count, guesses, &guess)
            path.append(key)
            if found < 0 || !take(tape, value, node: found, repetition: repetition) {
                leave(tape, value)
            }
            path.count &-= 1
            key = next
        }
    }

    /// Whether the value found its columns.
    @inline(__always) private mutating func take(
        _ tape: JSONTape, _ value: Int, node: Int, repetition: Int
    ) -> Bool {
        let place = fields[node]
        if place.isList {
            guard tape.byte(value) == 0x5B, unsafe seen[place.first] != generation else { return false }
            return list(tape, value, node: node, place, repetition: repetition)
        }
        if place.leaf >= 0 {
            let leaf = Int(place.leaf)
            if unsafe seen[leaf] == generation { return false }
            return scalar(
                tape, value, leaf: leaf, repetition: repetition, definition: 2 * Int(place.lists) + 1)
        }
        // An empty object has no columns that could tell it from a missing one.
        guard tape.byte(value) == 0x7B, tape.byte(value + 1) != 0x7D else { return false }
        object(tape, value, node: node, repetition: repetition)
        return true
    }

    private mutating func list(
        _ tape: JSONTape, _ open: Int, node: Int, _ place: Place, repetition: Int
    ) -> Bool {
        let close = Int(tape.matches[open])
        let lists = Int(place.lists)
        guard fits(tape, open, close, place) else { return false }
        if close == open + 1 {
            for leaf in place.first..<place.end {
                putNull(leaf, repetition: repetition, definition: 2 * lists - 1)
                unsafe seen[leaf] = generation
            }
            return true
        }
        var element = open + 1
        var number = 0
        while element < close {
            let here = number == 0 ? repetition : lists
            path.append(-1 - number)
            if place.leaf >= 0 {
                _ = scalar(
                    tape, element, leaf: Int(place.leaf), repetition: here, definition: 2 * lists + 1)
            } else {
                for leaf in place.first..<place.end { unsafe seen[leaf] = 0 }
                object(tape, element, node: node, repetition: here)
                for leaf in place.first..<place.end where unsafe seen[leaf] != generation {
                    putNull(leaf, repetition: here, definition: 2 * lists)
                    unsafe seen[leaf] = generation
                }
            }
            path.count &-= 1
            number += 1
            element = tape.after(element) + 1
        }
        return true
    }

    /// Whether every element is what the list's columns are made for; a list of another kind stays whole.
    private func fits(_ tape: JSONTape, _ open: Int, _ close: Int, _ place: Place) -> Bool {
        var element = open + 1
        while element < close {
            let byte = tape.byte(element)
            if place.leaf < 0 {
                if byte != 0x7B { return false }
            } else {
                switch kinds[Int(place.leaf)] {
                case .text: if byte != 0x22 { return false }
                case .boolean: if byte != 0x74, byte != 0x66 { return false }
                case .integer: if integer(tape, element) == nil { return false }
                case .double, .json, .timestamp: return false
                }
            }
            element = tape.after(element) + 1
        }
        return true
    }
}
