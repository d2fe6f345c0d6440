/// What one feed's records need on their way to events.
struct NormalizerLine {
    private let mapping: Mapping
    private let feed: UInt16
    private let keepsRaw: Bool
    private let keepsRecords: Bool
    private let keepsActs: Bool
    private var machine: MappingMachine
    /// Of the record being written.
    private var actText: [UInt8] = []
    /// The rules that choose a class before its cases do.
    private let dispatch: MappingProgram
    /// Slots of the values that choose the class, each with those to be tried in its place, and their functions.
    private let from: [[Int32]]
    private let fromFunctions: [Run32]
    /// Slots of the id's parts, each with those to be tried in its place.
    private let id: [[Int32]]
    private var occurrences: [UInt64: UInt32] = [:]
    private var programs: [MappingProgram] = []
    private var shapes: ShapeTable
    private var variants: [Variant: Int] = [:]
    /// Numbers of programs by the values that choose the class: found in a few steps or looked up anew.
    private var known = [Known](repeating: Known(), count: knownCount)

    private struct Variant: Hashable {
        var target: Int
        var blocks: [Int]
    }

    private struct Known {
        var key: UInt64 = 0
        var program: Int32 = -1
        /// The rules that choose a class before its cases do and may apply, by a bit each; `program` then says nothing.
        var rules: UInt64 = 0
    }

    private static let knownCount = 8_192
    private static let probes = 8
    /// Room made for an event at least: bytes.
    private static let roomBytes = 8_192

    init(_ mapping: Mapping, feed: Int, keepsRaw: Bool, keepsRecords: Bool, keepsActs: Bool) {
        self.mapping = mapping
        self.feed = UInt16(truncatingIfNeeded: feed)
        self.keepsRaw = keepsRaw
        self.keepsRecords = keepsRecords
        self.keepsActs = keepsActs
        (dispatch, fromFunctions) = mapping.dispatchProgram()
        machine = MappingMachine(
            tries: mapping.tries, program: dispatch.view, tape: RecordReader().tape)
        shapes = ShapeTable(slotCount: mapping.tries[0].slotCount, keepsActs: keepsActs)
        from = mapping.document.from.map { chooser in
            chooser.references.map { Int32(mapping.slots[0][$0.path] ?? 0) }
        }
        id = mapping.document.id.map { part in part.map { Int32(mapping.slots[0][$0.path] ?? 0) } }
    }

    func deallocate() {
        machine.deallocate()
        shapes.deallocate()
    }

    mutating func begin() { occurrences.removeAll(keepingCapacity: true) }

    /// Whether a record has the shape of this feed's.
    func isOne(_ record: RawRecord, _ tape: JSONTape) -> Bool {
        mapping.document.detects.contains { shape in
            shape.allSatisfy { Self.holds($0, record, tape) }
        }
    }

    private static func holds(
        _ condition: MappingDocument.Condition, _ record: RawRecord, _ tape: JSONTape
    ) -> Bool {
        guard let token = tape.value(at: condition.reference.path, of: record.open) else {
            return condition.isNegated
        }
        return condition.test.holds(for: token, in: tape) != condition.isNegated
    }

    mutating func normalize(
        _ range: Range<Int>, of reader: RecordReader, into batch: inout EventBatch, refusals: inout [Refusal]
    ) {
        let records = reader.records
        for index in range {
            let record = records[index]
            let tape = reader.tape.narrowed(to: record)
            let base = batch.bytes.count
            var event = Event(time: .epoch)
            var reason: String?
            // Written where it is to stand; what is larger than the room there is is copied.
            let room = max(Self.roomBytes, machine.out.count * 2)
            if batch.bytes.capacity - base < room { batch.bytes.reserveCapacity(max(2 * base, base + room)) }
            var isThere = false
            actText.removeAll(keepingCapacity: true)
            batch.bytes.append(addingCapacity: room) { output in
                unsafe output.withUnsafeMutableBufferPointer { buffer, count in
                    unsafe machine.out.borrow(buffer)
                    reason = write(record, tape, reader, base, &event)
                    if keepsActs, reason == nil { writeAct() }
                    isThere = machine.out.giveBack()
                    if isThere, reason == nil { count = machine.out.count }
                }
            }
            if let reason {
                refusals.append(
                    Refusal(
                        ordinal: record.ordinal, line: reader.line(of: record), reason: reason,
                        raw: unsafe [UInt8](reader.source(of: record))))
                continue
            }
            let out = machine.out
            if !isThere {
                unsafe batch.bytes.append(contentsOf: UnsafeBufferPointer(start: out.base, count: out.count))
            }
            if !actText.isEmpty {
                event.act = Extent(start: batch.acts.count, count: actText.count)
                batch.acts += actText
            }
            if keepsRecords {
                event.raw = Extent(start: batch.raw.count, count: Int(record.source.count))
                unsafe batch.raw.append(contentsOf: reader.source(of: record))
            }
            batch.events.append(event)
        }
    }

    /// Writes the record's event; why not, if it cannot be one.
    @inline(__always)
    private mutating func write(
        _ record: RawRecord, _ tape: JSONTape, _ reader: RecordReader, _ base: Int, _ event: inout Event
    ) -> String? {
        guard machine.begin(record, in: tape) else {
            return "the key \(machine.duplicateKey) stands twice in one object"
        }
        let number = program(tape)
        let program = shapes.view(number, of: programs, machine.filled)
        machine.use(program)
        if let time = machine.eventTime() {
            event.time = time
        } else if !mapping.document.isTimeOptional {
            return "there is no time at \(mapping.timePath)"
        }
        event.contentDigest = unsafe WyHash.hash(tape.bytes(record.extent))
        machine.time = event.time
        writeUID(tape, record, event.contentDigest)

        let start = machine.out.count
        guard machine.write() else {
            machine.out.count = start
            return "a key stands twice in one object"
        }
        if keepsRaw { unsafe machine.writeRaw(reader.source(of: record)) }
        let end = machine.end()
        event.json = Extent(start: base + start, count: end - start)
        let uid = machine.uidExtent
        event.uid = Extent(start: base + Int(uid.start), count: Int(uid.count))
        event.classUID = program.classUID
        event.activityID = program.activityID
        event.statusID = machine.statusID
        event.severityID = machine.severityID
        event.record = record.extent
        event.ordinal = UInt32(truncatingIfNeeded: record.ordinal)
        event.feed = feed
        return nil
    }

    /// Takes what the record tells of credentials aside: it is no part of the event.
    private mutating func writeAct() {
        let start = machine.out.count
        if machine.writeAct() {
            let count = machine.out.count - start
            unsafe actText.append(
                contentsOf: UnsafeBufferPointer(start: machine.out.base + start, count: count))
        }
        machine.out.count = start
    }

    /// The record's own id, or a hash of the record and which of its like in the object it is.
    private mutating func writeUID(_ tape: JSONTape, _ record: RawRecord, _ digest: UInt64) {
        machine.uid.count = 0
        var isWhole = !id.isEmpty
        for number in id.indices where isWhole {
            guard let slot = id[number].first(where: { machine.value($0) != nil }),
                let token = machine.value(slot), !tape.isContainer(token)
            else {
                if number == 0 { isWhole = false }
                continue
            }
            let content = tape.byte(token) == 0x22 ? tape.content(token) : tape.extent(token)
            if number == 0, content.count == 0 {
                isWhole = false
                continue
            }
            if number > 0 { machine.uid.append(0x2F) }
            unsafe machine.uid.append(tape.bytes.base + Int(content.start), Int(content.count))
            if id.count == 1 { machine.carry(slot) }
        }
        if isWhole { return }
        let second = unsafe WyHash.hash(tape.bytes(record.extent), seed: 0x6D61_7274_6C65_7431)
        var occurrence: UInt32 = 0
        if let seen = occurrences[digest] {
            occurrence = seen &+ 1
            occurrences[digest] = occurrence
        } else if occurrences.count < Normalizer.occurrencesMax {
            occurrences[digest] = 0
        }
        machine.uid.count = 0
        machine.uid.append(hexadecimal: digest)
        machine.uid.append(hexadecimal: second)
        machine.uid.append(0x2D)
        machine.uid.append(decimal: Int64(occurrence))
    }

    // MARK: Classes

    @inline(__always) private func first(of slots: [Int32]) -> Int? {
        for slot in slots {
            if let token = machine.value(slot) { return token }
        }
        return nil
    }

    /// The number of the program for the record that was begun.
    private mutating func program(_ tape: JSONTape) -> Int {
        var key: UInt64 = 0
        for slots in from {
            guard let token = first(of: slots) else {
                key = WyHash.mix(key &+ 1, 0x9E37_79B9_7F4A_7C15)
                continue
            }
            key = unsafe WyHash.hash(tape.bytes(tape.extent(token)), seed: key)
        }
        let place = place(of: key)
        if known[place].program < 0 {
            let rules = possibleRules()
            known[place] = Known(key: key, program: rules > 0 ? 0 : Int32(find(-1, tape)), rules: rules)
        }
        if known[place].rules == 0 { return Int(known[place].program) }
        let rule = rule(of: known[place].rules)
        // The same values with and without a rule are different entries.
        let ruled = WyHash.mix(key ^ UInt64(rule + 2), 0x6D61_7274_6C65_7432)
        let ruledPlace = self.place(of: ruled)
        if known[ruledPlace].program < 0 {
            known[ruledPlace] = Known(key: ruled, program: Int32(find(rule, tape)))
        }
        return Int(known[ruledPlace].program)
    }

    /// Where a key stands, or is to stand: an entry that is somebody else's is given up.
    private mutating func place(of key: UInt64) -> Int {
        var place = Int(truncatingIfNeeded: key) & (Self.knownCount - 1)
        for _ in 0..<Self.probes {
            if known[place].program < 0 || known[place].key == key { return place }
            place = (place + 1) & (Self.knownCount - 1)
        }
        known[place] = Known()
        return place
    }

    /// The first of these rules that applies to the record, or -1.
    private mutating func rule(of possible: UInt64) -> Int {
        machine.use(dispatch.view)
        for index in 0..<dispatch.view.itemCount
        where possible & Self.bit(index) != 0 && machine.holds(dispatch.view.items[index].conditions) {
            return index
        }
        return -1
    }

    /// All rules from the 64th on share one.
    private static func bit(_ rule: Int) -> UInt64 { 1 << UInt64(min(rule, 63)) }

    /// The rules that a record with the same values at `class.from` may have: those conditions hold that ask for them.
    private mutating func possibleRules() -> UInt64 {
        machine.use(dispatch.view)
        var possible: UInt64 = 0
        for index in 0..<dispatch.view.itemCount {
            let conditions = dispatch.view.items[index].conditions
            let isPossible = conditions.indices.allSatisfy { number in
                let condition = dispatch.view.conditions[number]
                // Of values with another in their place, equal ones may stand in either.
                return !from.contains([condition.reference]) || machine.holds(condition)
            }
            if isPossible { possible |= Self.bit(index) }
        }
        return possible
    }

    @inline(never)
    private mutating func find(_ rule: Int, _ tape: JSONTape) -> Int {
        machine.use(dispatch.view)
        let values = from.indices.map { index in
            first(of: from[index]).map { machine.bytes(of: $0, fromFunctions[index]) } ?? []
        }
        let classCase = values.isEmpty ? nil : mapping.classCase(values)
        let target =
            rule >= 0
            ? mapping.ruleTargets[rule] : classCase.map { mapping.caseTargets[$0] } ?? mapping.otherwise
        let variant = Variant(
            target: target, blocks: mapping.blocks(target: target, classCase: classCase, values))
        if let known = variants[variant] { return known }
        programs.append(mapping.program(target: variant.target, blocks: variant.blocks))
        variants[variant] = programs.count - 1
        return programs.count - 1
    }
}
