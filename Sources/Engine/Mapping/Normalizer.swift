/// Makes OCSF events of records: the per-event path from a tape to `EventBatch`.
///
/// Not sendable: each lane has its own. An event costs no allocation once the buffers have grown.
package final class Normalizer {
    /// Records without an id of their own whose occurrences are told apart in one object; of records beyond, equal
    /// ones get the same uid and so count as duplicates.
    package static let occurrencesMax = 1 << 20

    /// The feeds that `Event.feed` numbers.
    package let feeds: [String]
    private var lines: [Line]
    private let keepsRaw: Bool
    private var occurrences: [UInt64: UInt32] = [:]
    private var last = 0

    /// What one feed needs.
    private struct Line {
        let mapping: Mapping
        var machine: MappingMachine
        let dispatch: MappingProgram
        let from: [Int]
        let id: [Int]
        var programs: [Variant: MappingProgram] = [:]
        var cache: [UInt64: MappingProgram] = [:]
    }

    private struct Variant: Hashable {
        var target: Int
        var blocks: [Int]
    }

    /// Programs found by the values that choose the class; more are looked up each time.
    private static let cacheMax = 4_096

    /// - Parameters:
    ///   - mappings: one feed's, or several of which each record's own is told from its shape; then the last takes
    ///     whatever no other knows.
    ///   - keepsRaw: whether events carry `raw_data`.
    package init(_ mappings: [Mapping], keepsRaw: Bool = false) {
        precondition(!mappings.isEmpty)
        feeds = mappings.map(\.feed)
        self.keepsRaw = keepsRaw
        let nothing = RecordReader().tape
        lines = mappings.map { mapping in
            let dispatch = mapping.dispatchProgram()
            return Line(
                mapping: mapping,
                machine: MappingMachine(tries: mapping.tries, program: dispatch, tape: nothing),
                dispatch: dispatch,
                from: mapping.document.from.map { mapping.slots[0][$0.path] ?? 0 },
                id: mapping.document.id.map { mapping.slots[0][$0.path] ?? 0 })
        }
    }

    deinit { for line in lines { line.machine.deallocate() } }

    /// Begins another object: occurrences are counted anew.
    package func begin() { occurrences.removeAll(keepingCapacity: true) }

    /// Appends an event for each record of the reader's run, or a refusal.
    package func normalize(_ reader: RecordReader, into batch: inout EventBatch, refusals: inout [Refusal]) {
        let tape = reader.tape
        var index = 0
        while index < reader.records.count {
            // Records of one feed in a row go through one machine.
            let feed = feed(of: reader.records[index], tape)
            lines[feed].machine.out.count = 0
            let base = batch.bytes.count
            var next = index
            while next < reader.records.count,
                next == index || self.feed(of: reader.records[next], tape) == feed
            {
                let record = reader.records[next]
                if let reason = event(record, tape, reader, feed, base, &batch) {
                    refusals.append(
                        Refusal(
                            ordinal: record.ordinal, line: reader.line(of: record), reason: reason,
                            raw: unsafe [UInt8](reader.source(of: record))))
                }
                next += 1
            }
            let out = lines[feed].machine.out
            unsafe batch.bytes.append(contentsOf: UnsafeBufferPointer(start: out.base, count: out.count))
            index = next
        }
    }

    // MARK: Feeds

    /// Which feed's record it is: the last one's kind is tried first.
    private func feed(of record: RawRecord, _ tape: JSONTape) -> Int {
        if lines.count == 1 { return 0 }
        if last < lines.count - 1, isOne(record, of: last, tape) { return last }
        for index in lines.indices.dropLast() where index != last && isOne(record, of: index, tape) {
            last = index
            return index
        }
        return lines.count - 1
    }

    private func isOne(_ record: RawRecord, of feed: Int, _ tape: JSONTape) -> Bool {
        let conditions = lines[feed].mapping.document.detects
        if conditions.isEmpty { return false }
        for condition in conditions {
            guard let token = tape.value(at: condition.reference.path, of: record.open) else { return false }
            guard case .equals(let texts) = condition.test else { continue }
            if !texts.contains(tape.string(token)) { return false }
        }
        return true
    }

    // MARK: One record

    /// Writes the record's event; why not, if it cannot be one.
    @inline(__always)
    private func event(
        _ record: RawRecord, _ tape: JSONTape, _ reader: RecordReader, _ feed: Int, _ base: Int,
        _ batch: inout EventBatch
    ) -> String? {
        guard lines[feed].machine.begin(record, in: tape) else {
            return "the key \(lines[feed].machine.duplicateKey) stands twice in one object"
        }
        let program = program(for: feed, tape)
        lines[feed].machine.use(program)
        var event = Event(time: .epoch)
        if let time = lines[feed].machine.eventTime() {
            event.time = time
        } else if !lines[feed].mapping.document.isTimeOptional {
            return "there is no time at \(lines[feed].mapping.timePath)"
        }
        event.contentDigest = unsafe WyHash.hash(tape.bytes(record.extent))
        lines[feed].machine.time = event.time
        writeUID(feed, tape, record, event.contentDigest)

        let start = lines[feed].machine.out.count
        guard lines[feed].machine.write() else {
            lines[feed].machine.out.count = start
            return "a key stands twice in one object"
        }
        if keepsRaw { unsafe lines[feed].machine.writeRaw(reader.source(of: record)) }
        let end = lines[feed].machine.end()
        event.json = Extent(start: base + start, count: end - start)
        let uid = lines[feed].machine.uidExtent
        event.uid = Extent(start: base + Int(uid.start), count: Int(uid.count))
        event.classUID = program.classUID
        event.activityID = program.activityID
        event.statusID = lines[feed].machine.statusID
        event.severityID = lines[feed].machine.severityID
        event.record = record.extent
        event.ordinal = UInt32(truncatingIfNeeded: record.ordinal)
        event.feed = UInt16(truncatingIfNeeded: feed)
        batch.events.append(event)
        return nil
    }

    /// The record's own id, or a hash of the record and which of its like in the object it is.
    private func writeUID(_ feed: Int, _ tape: JSONTape, _ record: RawRecord, _ digest: UInt64) {
        lines[feed].machine.uid.count = 0
        let slots = lines[feed].id
        var isWhole = !slots.isEmpty
        for (number, slot) in slots.enumerated() where isWhole {
            guard let token = lines[feed].machine.token(slot), !tape.isContainer(token) else {
                if number == 0 { isWhole = false }
                continue
            }
            let content = tape.byte(token) == 0x22 ? tape.content(token) : tape.extent(token)
            if number == 0, content.count == 0 {
                isWhole = false
                continue
            }
            if number > 0 { lines[feed].machine.uid.append(0x2F) }
            unsafe lines[feed].machine.uid.append(tape.bytes.base + Int(content.start), Int(content.count))
            if slots.count == 1 { lines[feed].machine.carry(slot) }
        }
        if isWhole { return }
        let second = unsafe WyHash.hash(tape.bytes(record.extent), seed: 0x6D61_7274_6C65_7431)
        var occurrence: UInt32 = 0
        if let seen = occurrences[digest] {
            occurrence = seen &+ 1
            occurrences[digest] = occurrence
        } else if occurrences.count < Self.occurrencesMax {
            occurrences[digest] = 0
        }
        lines[feed].machine.uid.count = 0
        lines[feed].machine.uid.append(hexadecimal: digest)
        lines[feed].machine.uid.append(hexadecimal: second)
        lines[feed].machine.uid.append(0x2D)
        lines[feed].machine.uid.append(decimal: Int64(occurrence))
    }

    // MARK: Classes

    private func program(for feed: Int, _ tape: JSONTape) -> MappingProgram {
        var rule = -1
        let dispatch = lines[feed].dispatch
        if dispatch.items.count > 0 {
            lines[feed].machine.use(dispatch)
            for index in 0..<dispatch.items.count
            where lines[feed].machine.holds(dispatch.items[index].conditions, 0) {
                rule = index
                break
            }
        }
        var key = UInt64(bitPattern: Int64(rule))
        for slot in lines[feed].from {
            guard let token = lines[feed].machine.token(slot) else {
                key = WyHash.mix(key &+ 1, 0x9E37_79B9_7F4A_7C15)
                continue
            }
            key = unsafe WyHash.hash(tape.bytes(tape.extent(token)), seed: key)
        }
        if let found = lines[feed].cache[key] { return found }
        return find(feed, rule, key, tape)
    }

    @inline(never)
    private func find(_ feed: Int, _ rule: Int, _ key: UInt64, _ tape: JSONTape) -> MappingProgram {
        let mapping = lines[feed].mapping
        let values = lines[feed].from.map { slot in
            lines[feed].machine.token(slot).map { Array(tape.string($0).utf8) } ?? []
        }
        let classCase = values.isEmpty ? nil : mapping.classCase(values)
        let target =
            rule >= 0
            ? mapping.ruleTargets[rule] : classCase.map { mapping.caseTargets[$0] } ?? mapping.otherwise
        let variant = Variant(
            target: target, blocks: mapping.blocks(target: target, classCase: classCase, values))
        let program: MappingProgram
        if let known = lines[feed].programs[variant] {
            program = known
        } else {
            program = mapping.program(target: variant.target, blocks: variant.blocks)
            lines[feed].programs[variant] = program
        }
        if lines[feed].cache.count < Self.cacheMax { lines[feed].cache[key] = program }
        return program
    }
}

extension JSONTape {
    /// The value at a path in the object opened at `open`; not null, and the first where a key comes twice.
    func value(at path: KeyPath, of open: Int) -> Int? {
        var token = open
        for step in path.steps {
            switch step {
            case .key(let key):
                guard byte(token) == 0x7B, let found = member(key, of: token) else { return nil }
                token = found
            case .element(let number):
                guard byte(token) == 0x5B else { return nil }
                var element = token + 1
                let close = Int(matches[token])
                for _ in 0..<number where element < close { element = after(element) + 1 }
                guard element < close else { return nil }
                token = element
            }
        }
        return byte(token) == 0x6E ? nil : token
    }

    private func member(_ key: [UInt8], of open: Int) -> Int? {
        let close = Int(matches[open])
        var token = open + 1
        while token < close {
            let name = content(token)
            if Int(name.count) == key.count {
                let isEqual = unsafe key.withUnsafeBufferPointer { wanted -> Bool in
                    guard let base = wanted.baseAddress else { return true }
                    return unsafe equalBytes(bytes.base + Int(name.start), base, key.count)
                }
                if isEqual { return token + 2 }
            }
            token = after(token + 2) + 1
        }
        return nil
    }
}
