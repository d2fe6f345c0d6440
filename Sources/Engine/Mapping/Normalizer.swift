/// Makes OCSF events of records: the per-event path from a tape to `EventBatch`.
///
/// Not sendable: each lane has its own. An event costs no allocation once the buffers have grown.
package final class Normalizer {
    /// Records without an id of their own whose occurrences are told apart in one object; of records beyond, equal
    /// ones get the same uid and so count as duplicates.
    package static let occurrencesMax = 1 << 20

    /// The feeds that `Event.feed` numbers.
    package let feeds: [String]
    /// Of each feed, whether its events may have enrichments.
    package let mayEnrich: [Bool]
    /// What the reader has to know to find the feeds' records.
    package let layouts: RecordLayouts
    private var lines: [NormalizerLine]
    private var last = 0

    /// - Parameters:
    ///   - mappings: one feed's, or several of which each record's own is told from its shape; then the last takes
    ///     whatever no other knows.
    ///   - keepsRaw: whether events carry `raw_data`.
    ///   - keepsRecords: whether batches carry the vendor's records beside the events.
    ///   - keepsActs: whether batches carry what `Attributor` reads.
    package init(
        _ mappings: [Mapping], keepsRaw: Bool = false, keepsRecords: Bool = false, keepsActs: Bool = false
    ) {
        precondition(!mappings.isEmpty)
        feeds = mappings.map(\.feed)
        mayEnrich = mappings.map(\.mayEnrich)
        layouts = mappings.reduce(into: RecordLayouts()) { $0.join($1.layouts) }
        lines = mappings.enumerated().map {
            NormalizerLine(
                $1, feed: $0, keepsRaw: keepsRaw, keepsRecords: keepsRecords, keepsActs: keepsActs)
        }
    }

    deinit { for line in lines { line.deallocate() } }

    /// Begins another object: occurrences are counted anew.
    package func begin() { for index in lines.indices { lines[index].begin() } }

    /// Appends an event for each record of the reader's run, or a refusal.
    package func normalize(_ reader: RecordReader, into batch: inout EventBatch, refusals: inout [Refusal]) {
        let tape = reader.tape
        var index = 0
        while index < reader.records.count {
            // Records of one feed in a row go through one line.
            let feed = feed(of: reader.records[index], tape)
            var next = index + 1
            while next < reader.records.count, self.feed(of: reader.records[next], tape) == feed { next += 1 }
            lines[feed].normalize(index..<next, of: reader, into: &batch, refusals: &refusals)
            index = next
        }
    }

    /// Which feed's record it is: the last one's kind is tried first.
    private func feed(of record: RawRecord, _ tape: JSONTape) -> Int {
        if lines.count == 1 { return 0 }
        if last < lines.count - 1, lines[last].isOne(record, tape) { return last }
        for index in lines.indices.dropLast() where index != last && lines[index].isOne(record, tape) {
            last = index
            return index
        }
        return lines.count - 1
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
            case .object(let key, let text, let isPrefix):
                guard byte(token) == 0x5B else { return nil }
                var element = token + 1
                let close = Int(matches[token])
                while element < close, !holds(key, text, isPrefix, in: element) {
                    element = after(element) + 1
                }
                guard element < close else { return nil }
                token = element
            }
        }
        return byte(token) == 0x6E ? nil : token
    }

    private func holds(_ key: [UInt8], _ text: [UInt8], _ isPrefix: Bool, in element: Int) -> Bool {
        guard byte(element) == 0x7B, let found = member(key, of: element), !isContainer(found) else {
            return false
        }
        let held = string(found).utf8
        return isPrefix ? held.starts(with: text) : held.elementsEqual(text)
    }

    private func member(_ key: [UInt8], of open: Int) -> Int? {
        unsafe key.withUnsafeBufferPointer { wanted in
            unsafe wanted.baseAddress.flatMap { unsafe member($0, key.count, of: open) }
        }
    }
}
