/// Writes rows as the events they were made of: the inverse of `RowShredder`.
///
/// Attributes come in the plan's order, whatever order the event had them in.
package struct RowText: Sendable {
    private let plan: ColumnPlan
    /// Each field's `,"name":` ready to be written.
    private let names: [[UInt8]]
    private let fields: [Field]
    private let roots: [Int]
    /// The next entry of each leaf of the row at hand, and where they end; kept at -1 between rows.
    private var next: [Int32]
    private var links: [Int32] = []
    private var touched: [Int] = []

    private struct Field: Sendable {
        var leaf: Int
        var leaves: Range<Int>
        var isList: Bool
        var lists: Int
        var children: [Int]
    }

    package init(_ plan: ColumnPlan) {
        self.plan = plan
        var fields: [Field] = []
        var names: [[UInt8]] = []
        func add(_ field: ColumnPlan.Field, _ lists: Int) -> Int {
            let inner = lists + (field.isList ? 1 : 0)
            var made = Field(leaf: -1, leaves: field.leaves, isList: field.isList, lists: inner, children: [])
            switch field.content {
            case .leaf(let leaf): made.leaf = leaf
            case .group(let children): made.children = children.map { add($0, inner) }
            }
            fields.append(made)
            names.append(Array("\"\(field.name)\":".utf8))
            return fields.count - 1
        }
        let own = [plan.principal, plan.rest]
        roots = plan.fields.filter { !own.contains($0.leaves.lowerBound) }.map { add($0, 0) }
        self.fields = fields
        self.names = names
        next = [Int32](repeating: -1, count: plan.leaves.count)
    }

    /// Appends one row's event without a newline.
    ///
    /// - Parameters:
    ///   - entries: the row's, those of one column in order.
    ///   - withRaw: whether `raw_data` is written, where the row has it.
    package mutating func append(
        _ entries: ArraySlice<ColumnEntry>, _ bytes: borrowing [UInt8], withRaw: Bool, to out: inout [UInt8]
    ) {
        var rest = 0..<0
        links.removeAll(keepingCapacity: true)
        links.append(contentsOf: repeatElement(-1, count: entries.count))
        touched.removeAll(keepingCapacity: true)
        // From the last to the first, so that each leaf's list begins with its first entry.
        for index in entries.indices.reversed() {
            let leaf = Int(entries[index].leaf)
            if leaf == plan.rest { rest = entries[index].range }
            if leaf == plan.raw, !withRaw { continue }
            let place = index - entries.startIndex
            links[place] = next[leaf]
            if next[leaf] < 0 { touched.append(leaf) }
            next[leaf] = Int32(truncatingIfNeeded: place)
        }
        let start = out.count
        object(roots, entries, bytes, &out)
        for leaf in touched { next[leaf] = -1 }
        if !rest.isEmpty { EventPatch.apply(Array(bytes[rest]), to: &out, from: start) }
    }

    /// - Returns: whether anything is in the object.
    @discardableResult
    private mutating func object(
        _ members: [Int], _ entries: ArraySlice<ColumnEntry>, _ bytes: borrowing [UInt8],
        _ out: inout [UInt8]
    ) -> Bool {
        out.append(UInt8(ascii: "{"))
        let first = out.count
        for member in members where hasEntry(fields[member].leaves) {
            let mark = out.count
            if mark > first { out.append(UInt8(ascii: ",")) }
            out.append(contentsOf: names[member])
            if !write(member, entries, bytes, &out) { out.removeSubrange(mark...) }
        }
        out.append(UInt8(ascii: "}"))
        return out.count > first + 1
    }

    private func hasEntry(_ leaves: Range<Int>) -> Bool {
        for leaf in leaves where next[leaf] >= 0 { return true }
        return false
    }

    /// - Returns: whether there was a value; without one nothing of what was written counts.
    private mutating func write(
        _ number: Int, _ entries: ArraySlice<ColumnEntry>, _ bytes: borrowing [UInt8], _ out: inout [UInt8]
    ) -> Bool {
        let field = fields[number]
        if field.isList { return list(number, entries, bytes, &out) }
        if field.leaf < 0 { return object(field.children, entries, bytes, &out) }
        guard let entry = take(field.leaf, entries) else { return false }
        guard Int(entry.definition) == plan.leaves[field.leaf].definitionMax else { return false }
        value(entry, bytes, &out)
        return true
    }

    private mutating func list(
        _ number: Int, _ entries: ArraySlice<ColumnEntry>, _ bytes: borrowing [UInt8], _ out: inout [UInt8]
    ) -> Bool {
        let field = fields[number]
        let guide = field.leaves.lowerBound
        guard let first = peek(guide, entries) else { return false }
        let empty = 2 * field.lists - 1
        if Int(first.definition) <= empty {
            for leaf in field.leaves { _ = take(leaf, entries) }
            guard Int(first.definition) == empty else { return false }
            out += [UInt8(ascii: "["), UInt8(ascii: "]")]
            return true
        }
        out.append(UInt8(ascii: "["))
        var isFirst = true
        repeat {
            if !isFirst { out.append(UInt8(ascii: ",")) }
            isFirst = false
            if field.leaf < 0 {
                object(field.children, entries, bytes, &out)
            } else if let entry = take(field.leaf, entries) {
                if Int(entry.definition) == plan.leaves[field.leaf].definitionMax {
                    value(entry, bytes, &out)
                } else {
                    out += "null".utf8
                }
            }
        } while peek(guide, entries).map { Int($0.repetition) == field.lists } ?? false
        out.append(UInt8(ascii: "]"))
        return true
    }

    private func peek(_ leaf: Int, _ entries: ArraySlice<ColumnEntry>) -> ColumnEntry? {
        next[leaf] < 0 ? nil : entries[entries.startIndex + Int(next[leaf])]
    }

    private mutating func take(_ leaf: Int, _ entries: ArraySlice<ColumnEntry>) -> ColumnEntry? {
        guard next[leaf] >= 0 else { return nil }
        let place = Int(next[leaf])
        next[leaf] = links[place]
        return entries[entries.startIndex + place]
    }

    private func value(_ entry: ColumnEntry, _ bytes: borrowing [UInt8], _ out: inout [UInt8]) {
        switch plan.leaves[Int(entry.leaf)].kind {
        case .text:
            out.append(UInt8(ascii: "\""))
            JSONFragment.append(escaping: bytes[entry.range], to: &out)
            out.append(UInt8(ascii: "\""))
        case .json: out.append(contentsOf: bytes[entry.range])
        case .boolean: out += entry.bits == 0 ? "false".utf8 : "true".utf8
        case .integer: out += String(entry.integer).utf8
        case .double: out += "\(Double(bitPattern: entry.bits))".utf8
        case .timestamp:
            out.append(UInt8(ascii: "\""))
            // Beyond what a timestamp holds stands nothing that was written by us.
            let limit = Int64.max / 1_000_000
            Timestamp(milliseconds: min(max(entry.integer, -limit), limit)).appendISO8601(to: &out)
            out.append(UInt8(ascii: "\""))
        }
    }
}
