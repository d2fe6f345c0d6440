/// The steps of a mapping's programs for records in which the same places hold a value: what cannot write anything
/// there is left out once and not looked at for each record.
///
/// A shape is worked out when it is met a second time, so records that are all different cost a look-up each. It says
/// which places are filled, never with what: every value is still read and judged.
struct ShapeTable {
    /// Shapes remembered; a new one takes the place of an old one that hashes to it.
    private static let entriesMax = 1_024
    private static let probes = 4
    /// Steps and expressions of all shapes together: at this number all are forgotten.
    private static let stepsMax = 1 << 15

    private struct Entry: BitwiseCopyable {
        var hash: UInt64 = 0
        /// -1: none.
        var program: Int32 = -1
        var isBuilt = false
        var main = Run32.none
        var act = Run32.none
    }

    /// A program's tables, with those of its shapes behind them.
    private struct Tables {
        let owner: MappingProgram
        var ops: ScratchRow<MappingProgram.Op>
        var expressions: ScratchRow<MappingProgram.Expression>

        init(_ owner: MappingProgram) {
            self.owner = owner
            ops = ScratchRow(capacity: owner.view.opCount + 256)
            expressions = ScratchRow(capacity: owner.view.expressionCount + 256)
            for index in 0..<owner.view.opCount { ops.append(owner.view.ops[index]) }
            for index in 0..<owner.view.expressionCount { expressions.append(owner.view.expressions[index]) }
        }

        mutating func forget() {
            ops.count = owner.view.opCount
            expressions.count = owner.view.expressionCount
        }

        var view: MappingProgram.View {
            var view = owner.view
            view.ops = ops.view
            view.expressions = expressions.view
            return view
        }
    }

    private let slotCount: Int
    private let keepsActs: Bool
    private let words: Int
    private var entries: [Entry] = []
    /// The places that each entry's records fill: `words` for each.
    private var places: [UInt64] = []
    /// By the number of the program.
    private var tables: [Tables?] = []
    private var steps = 0

    /// - Parameters:
    ///   - slotCount: places of a record, without those of arrays' elements.
    ///   - keepsActs: whether what records tell of credentials is written, too.
    init(slotCount: Int, keepsActs: Bool) {
        self.slotCount = slotCount
        self.keepsActs = keepsActs
        words = SlotBits.words(for: slotCount)
    }

    func deallocate() {
        for table in tables {
            table?.ops.deallocate()
            table?.expressions.deallocate()
        }
    }

    /// The program number `program` as a record needs it that fills these places.
    mutating func view(
        _ program: Int, of programs: [MappingProgram], _ filled: SlotBits
    ) -> MappingProgram.View {
        if entries.isEmpty {
            entries = [Entry](repeating: Entry(), count: Self.entriesMax)
            places = [UInt64](repeating: 0, count: Self.entriesMax * words)
        }
        var hash = UInt64(truncatingIfNeeded: program) &+ 1
        for word in 0..<words { hash = WyHash.mix(hash ^ filled[word], 0x9E37_79B9_7F4A_7C15) }
        let home = Int(truncatingIfNeeded: hash) & (Self.entriesMax - 1)
        for probe in 0..<Self.probes {
            let place = (home + probe) & (Self.entriesMax - 1)
            if entries[place].program < 0 { return remember(place, program, programs[program], hash, filled) }
            guard entries[place].hash == hash, entries[place].program == Int32(truncatingIfNeeded: program),
                isSame(place, filled)
            else { continue }
            if !entries[place].isBuilt { build(place, program, programs[program]) }
            guard var view = tables[program]?.view else { return programs[program].view }
            view.main = entries[place].main
            if keepsActs { view.act = entries[place].act }
            return view
        }
        return remember(home, program, programs[program], hash, filled)
    }

    private func isSame(_ place: Int, _ filled: SlotBits) -> Bool {
        for word in 0..<words where places[place * words + word] != filled[word] { return false }
        return true
    }

    private mutating func remember(
        _ place: Int, _ program: Int, _ owner: MappingProgram, _ hash: UInt64,
        _ filled: SlotBits
    ) -> MappingProgram.View {
        entries[place] = Entry(hash: hash, program: Int32(truncatingIfNeeded: program))
        for word in 0..<words { places[place * words + word] = filled[word] }
        return owner.view
    }

    // MARK: One shape

    @inline(never)
    private mutating func build(_ place: Int, _ program: Int, _ owner: MappingProgram) {
        if steps >= Self.stepsMax {
            for index in entries.indices { entries[index].isBuilt = false }
            for index in tables.indices { tables[index]?.forget() }
            steps = 0
        }
        while tables.count <= program { tables.append(nil) }
        var table = tables[program] ?? Tables(owner)
        let (opsBefore, expressionsBefore) = (table.ops.count, table.expressions.count)
        entries[place].main = append(owner.view.main, place, owner.view, to: &table)
        if keepsActs { entries[place].act = append(owner.view.act, place, owner.view, to: &table) }
        steps += table.ops.count - opsBefore + table.expressions.count - expressionsBefore
        tables[program] = table
        entries[place].isBuilt = true
    }

    /// What is left of some steps, behind the tables' own.
    private func append(
        _ run: Run32, _ place: Int, _ view: MappingProgram.View, to table: inout Tables
    ) -> Run32 {
        let start = table.ops.count
        var opens: [Int] = []
        for index in run.indices {
            guard let op = step(view.ops[index], place, view, &table.expressions) else {
                continue
            }
            // An object of which nothing is left is none.
            if op.code == .close, let open = opens.popLast(), table.ops.count == open + 1 {
                table.ops.count = open
                continue
            }
            if op.code == .open { opens.append(table.ops.count) }
            table.ops.append(op)
        }
        return Run32(start: Int32(start), count: Int32(table.ops.count - start))
    }

    /// The step as the shape needs it; `nil` where it can write nothing.
    private func step(
        _ step: MappingProgram.Op, _ place: Int, _ view: MappingProgram.View,
        _ expressions: inout ScratchRow<MappingProgram.Expression>
    ) -> MappingProgram.Op? {
        var op = step
        if op.onlyReference >= 0 {
            guard isFilled(op.onlyReference, place) else { return nil }
            if Int(op.onlyReference) < slotCount { op.onlyReference = -1 }
        }
        switch op.code {
        case .leaf, .text, .array: break
        default: return op
        }
        let start = expressions.count
        for index in op.expressions.indices {
            guard let expression = expression(view.expressions[index], place, view) else { continue }
            expressions.append(expression)
            if expression.conditions.count == 0, expression.kind == .nothing || expression.kind == .constant {
                break
            }
        }
        let count = expressions.count - start
        guard count > 0, expressions[start].kind != .nothing || count > 1 else {
            expressions.count = start
            return nil
        }
        op.expressions = Run32(start: Int32(start), count: Int32(count))
        if op.code == .leaf, op.isText(by: expressions[start]) { op.code = .text }
        return op
    }

    /// The expression without what holds of every record of the shape; `nil` where it yields nothing.
    private func expression(
        _ expression: MappingProgram.Expression, _ place: Int, _ view: MappingProgram.View
    ) -> MappingProgram.Expression? {
        var expression = expression
        var areAllTrue = true
        for index in expression.conditions.indices {
            switch outcome(view.conditions[index], place) {
            case true?: break
            case false?: return nil
            case nil: areAllTrue = false
            }
        }
        if areAllTrue { expression.conditions = .none }
        switch expression.kind {
        case .paths:
            while expression.references.count > 0,
                !isFilled(view.references[Int(expression.references.start)], place)
            {
                expression.references.start += 1
                expression.references.count -= 1
            }
            return expression.references.count > 0 ? expression : nil
        case .join, .each:
            let isWhole = expression.references.indices.allSatisfy { isFilled(view.references[$0], place) }
            return isWhole ? expression : nil
        case .constant, .items, .nothing: return expression
        }
    }

    /// What a condition comes to in every record of the shape; `nil` where that depends on the value.
    private func outcome(_ condition: MappingProgram.Condition, _ place: Int) -> Bool? {
        if !isFilled(condition.reference, place) { return condition.isNegated }
        guard condition.texts.count == 0, condition.test == .present,
            Int(condition.reference) < slotCount
        else { return nil }
        return !condition.isNegated
    }

    /// Whether a place holds a value; those of arrays' elements may.
    private func isFilled(_ reference: Int32, _ place: Int) -> Bool {
        let slot = Int(reference)
        if slot >= slotCount { return true }
        return places[place * words + slot >> 6] >> UInt64(slot & 63) & 1 == 1
    }
}
