/// Takes events' text apart into columns; what has no column, or does not fit its column, goes to `rest`.
///
/// `rest` is a JSON object whose keys are JSON Pointers (RFC 6901) into the event and whose values stand there, so an
/// event is its columns' values with the rest put in: nothing is lost, whatever the plan leaves out.
///
/// A value with its own memory, reused from row to row.
package struct RowShredder: Sendable {
    private let plan: ColumnPlan
    private let trie: KeyPathTrie
    /// By the trie's node.
    private let fields: [Place]
    /// The row under which each leaf was last seen, to tell what an element lacks and what comes twice.
    private var seen: [UInt32]
    private var generation: UInt32 = 0
    private var rest: [UInt8] = []
    private var path: [Step] = []
    private var scratch: [UInt8] = []
    /// Rank in the plan's list, and the entry, of what the row is filed under so far.
    private var principal: (rank: Int, entry: Int)?
    private let ranks: [UInt8]

    private struct Place: Sendable {
        var leaf: Int
        var leaves: Range<Int>
        var isList: Bool
        /// Lists around the field, itself counted.
        var lists: Int
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
            places[node] = Place(leaf: leaf, leaves: field.leaves, isList: field.isList, lists: inner)
        }
        let own = [plan.principal, plan.rest, plan.raw]
        for field in plan.fields where !own.contains(field.leaves.lowerBound) { add(field, [], 0) }
        trie = builder.build()
        let none = Place(leaf: -1, leaves: 0..<0, isList: false, lists: 0)
        fields = (0..<trie.slotCount).map { places[$0] ?? none }
        seen = [UInt32](repeating: 0, count: plan.leaves.count)
        var ranks = [UInt8](repeating: 255, count: plan.leaves.count)
        for (rank, leaf) in plan.principalFrom.enumerated() { ranks[leaf] = UInt8(clamping: rank) }
        self.ranks = ranks
    }

    /// Appends the row of one event; the time of an event that has none is 0.
    ///
    /// - Parameter raw: the vendor's record, where it is kept.
    package mutating func append(
        _ tape: JSONTape, _ record: RawRecord, raw: UnsafeBufferPointer<UInt8>?, to rows: inout ColumnRows
    ) {
        generation &+= 1
        if generation == 0 {
            for leaf in seen.indices { seen[leaf] = 0 }
            generation = 1
        }
        rest.removeAll(keepingCapacity: true)
        path.removeAll(keepingCapacity: true)
        principal = nil
        let first = rows.entries.count
        object(tape, record.open, node: 0, repetition: 0, &rows)
        unsafe finish(raw, from: first, &rows)
    }

    private mutating func finish(
        _ raw: UnsafeBufferPointer<UInt8>?, from first: Int, _ rows: inout ColumnRows
    ) {
        var filed = Extent.none
        if let principal {
            var entry = rows.entries[principal.entry]
            filed = Extent(start: Int(entry.bits), count: Int(entry.count))
            entry.leaf = UInt16(truncatingIfNeeded: plan.principal)
            entry.repetition = 0
            entry.definition = 1
            rows.entries.append(entry)
        }
        if !rest.isEmpty {
            rest.append(UInt8(ascii: "}"))
            unsafe rest.withUnsafeBufferPointer {
                unsafe rows.append(text: $0, leaf: plan.rest, repetition: 0, definition: 1)
            }
        }
        if let raw = unsafe raw, raw.count > 0 {
            unsafe rows.append(text: raw, leaf: plan.raw, repetition: 0, definition: 1)
        }
        var time: Int64 = 0
        for index in first..<rows.entries.count where Int(rows.entries[index].leaf) == plan.time {
            time = rows.entries[index].integer
            break
        }
        rows.times.append(time)
        rows.principals.append(filed)
        rows.ends.append(rows.entries.count)
    }

    // MARK: Objects and lists

    /// - Parameter repetition: of the first value of each column in the object.
    private mutating func object(
        _ tape: JSONTape, _ open: Int, node: Int, repetition: Int, _ rows: inout ColumnRows
    ) {
        let close = Int(tape.matches[open])
        var key = open + 1
        while key < close {
            let value = key + 2
            let next = tape.after(value) + 1
            path.append(key)
            let name = tape.content(key)
            let found = trie.view.child(of: node, tape.bytes, Int(name.start), Int(name.count))
            if found < 0 || !take(tape, value, node: found, repetition: repetition, &rows) {
                leave(tape, value)
            }
            path.removeLast()
            key = next
        }
    }

    /// Whether the value found its columns.
    private mutating func take(
        _ tape: JSONTape, _ value: Int, node: Int, repetition: Int, _ rows: inout ColumnRows
    ) -> Bool {
        let place = fields[node]
        let byte = tape.byte(value)
        if place.isList {
            guard byte == 0x5B, seen[place.leaves.lowerBound] != generation else { return false }
            return list(tape, value, node: node, place, repetition: repetition, &rows)
        }
        if place.leaf >= 0 {
            if seen[place.leaf] == generation { return false }
            return scalar(
                tape, value, leaf: place.leaf, repetition: repetition, definition: 2 * place.lists + 1, &rows)
        }
        // An empty object has no columns that could tell it from a missing one.
        guard byte == 0x7B, tape.byte(value + 1) != 0x7D else { return false }
        object(tape, value, node: node, repetition: repetition, &rows)
        return true
    }

    private mutating func list(
        _ tape: JSONTape, _ open: Int, node: Int, _ place: Place, repetition: Int, _ rows: inout ColumnRows
    ) -> Bool {
        let close = Int(tape.matches[open])
        guard fits(tape, open, close, place) else { return false }
        if close == open + 1 {
            for leaf in place.leaves {
                rows.entries.append(
                    ColumnEntry(leaf: leaf, repetition: repetition, definition: 2 * place.lists - 1))
                seen[leaf] = generation
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
                    tape, element, leaf: place.leaf, repetition: here, definition: 2 * place.lists + 1, &rows)
            } else {
                for leaf in place.leaves { seen[leaf] = 0 }
                object(tape, element, node: node, repetition: here, &rows)
                for leaf in place.leaves where seen[leaf] != generation {
                    rows.entries.append(
                        ColumnEntry(leaf: leaf, repetition: here, definition: 2 * place.lists))
                    seen[leaf] = generation
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
                switch plan.leaves[place.leaf].kind {
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
        _ tape: JSONTape, _ token: Int, leaf: Int, repetition: Int, definition: Int, _ rows: inout ColumnRows
    ) -> Bool {
        let byte = tape.byte(token)
        var entry = ColumnEntry(leaf: leaf, repetition: repetition, definition: definition)
        switch plan.leaves[leaf].kind {
        case .text:
            guard byte == 0x22 else { return false }
            text(tape, token, &entry, &rows)
            if ranks[leaf] != 255, entry.count > 0, Int(ranks[leaf]) < principal?.rank ?? 255 {
                principal = (Int(ranks[leaf]), rows.entries.count)
            }
        case .json:
            // A null would read as if nothing were there.
            guard byte != 0x6E else { return false }
            let value = unsafe tape.bytes(tape.extent(token))
            entry.bits = UInt64(rows.bytes.count)
            entry.count = UInt32(truncatingIfNeeded: value.count)
            unsafe rows.bytes.append(contentsOf: value)
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
            return timestamp(tape, token, &entry, &rows)
        }
        rows.entries.append(entry)
        seen[leaf] = generation
        return true
    }

    private mutating func text(
        _ tape: JSONTape, _ token: Int, _ entry: inout ColumnEntry, _ rows: inout ColumnRows
    ) {
        let content = tape.content(token)
        entry.bits = UInt64(rows.bytes.count)
        if tape.hasBackslash, tape.bytes.hasBackslash(Int(content.start), Int(content.count)) {
            unsafe JSONText.unescape(tape.bytes(content), into: &rows.bytes)
        } else {
            unsafe rows.bytes.append(contentsOf: tape.bytes(content))
        }
        entry.count = UInt32(truncatingIfNeeded: rows.bytes.count - Int(entry.bits))
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
        _ tape: JSONTape, _ token: Int, _ entry: inout ColumnEntry, _ rows: inout ColumnRows
    ) -> Bool {
        guard tape.byte(token) == 0x22 else { return false }
        let content = tape.content(token)
        guard let time = unsafe Timestamp(iso8601: Span(_unsafeElements: tape.bytes(content))) else {
            return false
        }
        entry.bits = UInt64(bitPattern: time.milliseconds)
        rows.entries.append(entry)
        seen[Int(entry.leaf)] = generation
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
