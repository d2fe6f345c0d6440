/// Takes events' text apart into columns; what has no column, or does not fit its column, goes to `rest`.
///
/// `rest` is a JSON object whose keys are JSON Pointers (RFC 6901) into the event and whose values stand there, so an
/// event is its columns' values with the rest put in: nothing is lost, whatever the plan leaves out.
///
/// Has its own memory, reused from row to row.
@safe package struct RowShredder: ~Copyable {
    private let plan: ColumnPlan
    private let trie: KeyPathTrie
    /// By the trie's node.
    private let fields: FrozenArray<Place>
    private let kinds: FrozenArray<ColumnPlan.Kind>
    /// The row under which each leaf was last seen, to tell what an element lacks and what comes twice.
    private let seen: UnsafeMutablePointer<UInt32>
    private var generation: UInt32 = 0
    /// Of the row at hand.
    private var made = ScratchRow<ColumnEntry>(capacity: 512)
    private var texts = ByteWriter(capacity: 1 << 14)
    private var rest: [UInt8] = []
    private var path: [Step] = []
    private var scratch: [UInt8] = []
    /// Rank in the plan's list, and the entry, of what the row is filed under so far.
    private var principal: (rank: Int, entry: Int)?
    private let ranks: FrozenArray<UInt8>

    private struct Place: BitwiseCopyable {
        var leaf: Int
        var firstLeaf: Int
        var leavesEnd: Int
        var isList: Bool
        /// Lists around the field, itself counted.
        var lists: Int

        var leaves: Range<Int> { firstLeaf..<leavesEnd }
    }

    /// A key's token, or an element's number less one as a negative.
    private typealias Step = Int

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
                leaf: leaf, firstLeaf: field.leaves.lowerBound, leavesEnd: field.leaves.upperBound,
                isList: field.isList, lists: inner)
        }
        let own = [plan.principal, plan.rest, plan.raw]
        for field in plan.fields where !own.contains(field.leaves.lowerBound) { add(field, [], 0) }
        trie = builder.build()
        let none = Place(leaf: -1, firstLeaf: 0, leavesEnd: 0, isList: false, lists: 0)
        fields = FrozenArray((0..<trie.slotCount).map { places[$0] ?? none })
        kinds = FrozenArray(plan.leaves.map(\.kind))
        unsafe seen = .allocate(capacity: plan.leaves.count)
        unsafe seen.initialize(repeating: 0, count: plan.leaves.count)
        var ranks = [UInt8](repeating: 255, count: plan.leaves.count)
        for (rank, leaf) in plan.principalFrom.enumerated() { ranks[leaf] = UInt8(clamping: rank) }
        self.ranks = FrozenArray(ranks)
    }

    deinit {
        unsafe seen.deallocate()
        made.deallocate()
        texts.deallocate()
    }

    /// Takes one event apart: `entries` then are its columns', their texts in `text`.
    package mutating func shred(_ tape: JSONTape, _ record: RawRecord) {
        generation &+= 1
        if generation == 0 {
            unsafe seen.update(repeating: 0, count: plan.leaves.count)
            generation = 1
        }
        rest.removeAll(keepingCapacity: true)
        path.removeAll(keepingCapacity: true)
        principal = nil
        made.count = 0
        texts.count = 0
        object(tape, record.open, node: 0, repetition: 0)
        if let principal {
            var entry = made[principal.entry]
            entry.leaf = UInt16(truncatingIfNeeded: plan.principal)
            entry.repetition = 0
            entry.definition = 1
            made.append(entry)
        }
        if rest.isEmpty { return }
        rest.append(UInt8(ascii: "}"))
        let (start, count) = (texts.count, rest.count)
        unsafe rest.withUnsafeBufferPointer { rest in
            if let base = rest.baseAddress { unsafe texts.append(copying: base, count) }
        }
        made.append(ColumnEntry(leaf: plan.rest, definition: 1, count: count, bits: UInt64(start)))
    }

    /// Of the event that was taken apart last; the texts' places are in `text`.
    package var entries: UnsafeBufferPointer<ColumnEntry> {
        unsafe UnsafeBufferPointer(start: made.base, count: made.count)
    }
    package var text: UnsafeBufferPointer<UInt8> {
        unsafe UnsafeBufferPointer(start: texts.base, count: texts.count)
    }
    /// What it is filed under; empty where it has nothing of the kind.
    package var principalText: UnsafeBufferPointer<UInt8> {
        guard let principal else { return unsafe UnsafeBufferPointer(start: nil, count: 0) }
        let entry = made[principal.entry]
        return unsafe UnsafeBufferPointer(
            rebasing: text[Int(entry.bits)..<Int(entry.bits) + Int(entry.count)])
    }

    /// Appends the row of one event; the time of an event that has none is 0.
    ///
    /// - Parameter raw: the vendor's record, where it is kept.
    package mutating func append(
        _ tape: JSONTape, _ record: RawRecord, raw: UnsafeBufferPointer<UInt8>?, to rows: inout ColumnRows
    ) {
        shred(tape, record)
        let base = UInt64(rows.bytes.count)
        var time: Int64 = 0
        var filed = Extent.none
        for index in 0..<made.count {
            var entry = made[index]
            let leaf = Int(entry.leaf)
            if leaf == plan.time { time = entry.integer }
            if Int(entry.definition) == plan.leaves[leaf].definitionMax,
                kinds[leaf] == .text || kinds[leaf] == .json
            {
                entry.bits += base
            }
            if leaf == plan.principal { filed = Extent(start: Int(entry.bits), count: Int(entry.count)) }
            rows.entries.append(entry)
        }
        unsafe rows.bytes.append(contentsOf: text)
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
        while key < close {
            let value = key + 2
            let next = tape.after(value) + 1
            path.append(key)
            let name = tape.content(key)
            let found = trie.view.child(of: node, tape.bytes, Int(name.start), Int(name.count))
            if found < 0 || !take(tape, value, node: found, repetition: repetition) {
                leave(tape, value)
            }
            path.removeLast()
            key = next
        }
    }

    /// Whether the value found its columns.
    private mutating func take(
        _ tape: JSONTape, _ value: Int, node: Int, repetition: Int
    ) -> Bool {
        let place = fields[node]
        let byte = tape.byte(value)
        if place.isList {
            guard byte == 0x5B, unsafe seen[place.leaves.lowerBound] != generation else { return false }
            return list(tape, value, node: node, place, repetition: repetition)
        }
        if place.leaf >= 0 {
            if unsafe seen[place.leaf] == generation { return false }
            return scalar(
                tape, value, leaf: place.leaf, repetition: repetition, definition: 2 * place.lists + 1)
        }
        // An empty object has no columns that could tell it from a missing one.
        guard byte == 0x7B, tape.byte(value + 1) != 0x7D else { return false }
        object(tape, value, node: node, repetition: repetition)
        return true
    }

    private mutating func list(
        _ tape: JSONTape, _ open: Int, node: Int, _ place: Place, repetition: Int
    ) -> Bool {
        let close = Int(tape.matches[open])
        guard fits(tape, open, close, place) else { return false }
        if close == open + 1 {
            for leaf in place.leaves {
                made.append(
                    ColumnEntry(leaf: leaf, repetition: repetition, definition: 2 * place.lists - 1))
                unsafe seen[leaf] = generation
            }
            return true
        }
        var element = open + 1
        var number = 0
        while element < close {
            let here = number == 0 ? repetition : place.lists
            path.append(-1 - number)
            if place.leaf >= 0 {
                _ = scalar(
                    tape, element, leaf: place.leaf, repetition: here, definition: 2 * place.lists + 1)
            } else {
                for leaf in place.leaves { unsafe seen[leaf] = 0 }
                object(tape, element, node: node, repetition: here)
                for leaf in place.leaves where unsafe seen[leaf] != generation {
                    made.append(
                        ColumnEntry(leaf: leaf, repetition: here, definition: 2 * place.lists))
                    unsafe seen[leaf] = generation
                }
            }
            path.removeLast()
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
                switch kinds[place.leaf] {
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

    // MARK: Values

    private mutating func scalar(
        _ tape: JSONTape, _ token: Int, leaf: Int, repetition: Int, definition: Int
    ) -> Bool {
        let byte = tape.byte(token)
        var entry = ColumnEntry(leaf: leaf, repetition: repetition, definition: definition)
        switch kinds[leaf] {
        case .text:
            guard byte == 0x22 else { return false }
            text(tape, token, &entry)
            if ranks[leaf] != 255, entry.count > 0, Int(ranks[leaf]) < principal?.rank ?? 255 {
                principal = (Int(ranks[leaf]), made.count)
            }
        case .json:
            // A null would read as if nothing were there.
            guard byte != 0x6E else { return false }
            let value = tape.extent(token)
            entry.bits = UInt64(texts.count)
            entry.count = value.count
            unsafe texts.append(tape.bytes.base + Int(value.start), Int(value.count))
        case .boolean:
            guard byte == 0x74 || byte == 0x66 else { return false }
            entry.bits = byte == 0x74 ? 1 : 0
        case .integer:
            guard let value = integer(tape, token) else { return false }
            entry.bits = UInt64(bitPattern: value)
        case .double:
            guard byte == 0x2D || byte &- 0x30 < 10, let value = Double(tape.text(tape.extent(token))),
                value.isFinite
            else { return false }
            entry.bits = value.bitPattern
        case .timestamp:
            return timestamp(tape, token, &entry)
        }
        made.append(entry)
        unsafe seen[leaf] = generation
        return true
    }

    private mutating func text(_ tape: JSONTape, _ token: Int, _ entry: inout ColumnEntry) {
        let content = tape.content(token)
        let start = texts.count
        if tape.hasBackslash, tape.bytes.hasBackslash(Int(content.start), Int(content.count)) {
            scratch.removeAll(keepingCapacity: true)
            unsafe JSONText.unescape(tape.bytes(content), into: &scratch)
            unsafe scratch.withUnsafeBufferPointer { plain in
                if let base = plain.baseAddress { unsafe texts.append(copying: base, plain.count) }
            }
        } else {
            unsafe texts.append(tape.bytes.base + Int(content.start), Int(content.count))
        }
        entry.bits = UInt64(start)
        entry.count = UInt32(truncatingIfNeeded: texts.count - start)
    }

    /// A whole number of 64 bits, written as we write it: `1.0`, `1e3` and `-0` are other texts.
    private func integer(_ tape: JSONTape, _ token: Int) -> Int64? {
        let extent = tape.extent(token)
        var value: Int64 = 0
        var index = Int(extent.start)
        let isNegative = tape.bytes[index] == 0x2D
        if isNegative { index += 1 }
        guard index < extent.end, Int(extent.count) < 20 else { return nil }
        while index < extent.end {
            let digit = tape.bytes[index] &- 0x30
            guard digit < 10 else { return nil }
            let (product, isOver) = value.multipliedReportingOverflow(by: 10)
            let (sum, isOverNow) = product.subtractingReportingOverflow(Int64(digit))
            if isOver || isOverNow { return nil }
            value = sum
            index += 1
        }
        if isNegative { return value == 0 ? nil : value }
        return value == .min ? nil : -value
    }

    /// The time goes to its column; its text to the rest as well, unless it is how we write that time.
    private mutating func timestamp(
        _ tape: JSONTape, _ token: Int, _ entry: inout ColumnEntry
    ) -> Bool {
        guard tape.byte(token) == 0x22 else { return false }
        let content = tape.content(token)
        guard let time = unsafe Timestamp(iso8601: Span(_unsafeElements: tape.bytes(content))) else {
            return false
        }
        entry.bits = UInt64(bitPattern: time.milliseconds)
        made.append(entry)
        unsafe seen[Int(entry.leaf)] = generation
        scratch.removeAll(keepingCapacity: true)
        Timestamp(milliseconds: time.milliseconds).appendISO8601(to: &scratch)
        return unsafe scratch.count == Int(content.count) && tape.bytes(content).elementsEqual(scratch)
    }

    // MARK: The rest

    private mutating func leave(_ tape: JSONTape, _ value: Int) {
        rest.append(rest.isEmpty ? UInt8(ascii: "{") : UInt8(ascii: ","))
        rest.append(UInt8(ascii: "\""))
        for step in path {
            rest.append(UInt8(ascii: "/"))
            if step < 0 {
                rest += String(-1 - step).utf8
                continue
            }
            // Keys stay escaped as in the event; a tilde and a slash are escaped for the pointer.
            let key = tape.content(step)
            for index in key.range {
                let byte = tape.bytes[index]
                switch byte {
                case UInt8(ascii: "~"): rest += [UInt8(ascii: "~"), UInt8(ascii: "0")]
                case UInt8(ascii: "/"): rest += [UInt8(ascii: "~"), UInt8(ascii: "1")]
                default: rest.append(byte)
                }
            }
        }
        rest += [UInt8(ascii: "\""), UInt8(ascii: ":")]
        unsafe rest.append(contentsOf: tape.bytes(tape.extent(value)))
    }
}
