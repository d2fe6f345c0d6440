import Codecs
import Engine
import Ports

/// One segment open for reading: its footer, and columns as they are asked for.
struct SegmentFile: Sendable {
    let path: String
    let plan: ColumnPlan
    let footer: ParquetFooter
    private let source: any SegmentSource
    /// The file's leaf for each of the plan's, or -1: a file that is older has fewer columns.
    private let leaves: [Int]
    private let schema: ParquetSchema

    private init(
        _ path: String, _ plan: ColumnPlan, _ footer: ParquetFooter, _ source: any SegmentSource
    ) {
        self.path = path
        self.plan = plan
        self.footer = footer
        self.source = source
        let schema = SegmentEncoder.schema(of: plan)
        self.schema = schema
        leaves = Self.places(of: schema.leaves, in: footer.schema.leaves)
    }

    /// The file's number of each leaf of a plan, or -1.
    private static func places(
        of wanted: [ParquetSchema.Leaf], in theirs: [ParquetSchema.Leaf]
    ) -> [Int] {
        func isSame(_ one: ParquetSchema.Leaf, _ other: ParquetSchema.Leaf) -> Bool {
            one.type == other.type && one.maxDefinition == other.maxDefinition
                && one.maxRepetition == other.maxRepetition
        }
        // Nearly always the file was written by the plan that reads it.
        if wanted.count == theirs.count,
            zip(wanted, theirs).allSatisfy({ isSame($0, $1) && $0.path == $1.path })
        {
            return Array(wanted.indices)
        }
        var byPath: [[String]: Int] = [:]
        for (number, leaf) in theirs.enumerated() { byPath[leaf.path] = number }
        return wanted.map { leaf in
            byPath[leaf.path].flatMap { isSame(theirs[$0], leaf) ? $0 : nil } ?? -1
        }
    }

    static func open(
        _ path: String, bytes: Int64, _ plan: ColumnPlan, _ source: any SegmentSource
    ) async throws(Fault) -> SegmentFile {
        let first = min(bytes, Int64(ParquetFooter.tailBytes))
        var tail = try await source.read(path, in: bytes - first..<bytes)
        do {
            let needed = Int64(try ParquetFooter.bytesNeeded(tail: tail, fileBytes: Int(bytes)))
            if needed > first { tail = try await source.read(path, in: bytes - needed..<bytes) }
            let footer = try ParquetFooter(tail: tail, fileBytes: Int(bytes))
            let version = footer.metadata.first { $0.key == SegmentEncoder.formatKey }.flatMap {
                Int($0.value)
            }
            if let version, version > SegmentEncoder.formatVersion {
                throw Fault(
                    .denied,
                    "\(path) has format \(version), and this martlet knows up to "
                        + "\(SegmentEncoder.formatVersion): use the newer martlet")
            }
            return SegmentFile(path, plan, footer, source)
        } catch let fault as Fault {
            throw fault
        } catch let fault as ParquetFault {
            throw Fault(.malformed, "\(path): \(fault)")
        } catch {
            throw Fault(.malformed, "\(path): \(error)")
        }
    }

    private func metadata(_ key: String) -> String {
        footer.metadata.first { $0.key == key }?.value ?? ""
    }
    var level: Int { Int(metadata(SegmentEncoder.levelKey)) ?? 0 }
    /// The names of the segments whose rows are in this one, beside its own.
    var inputs: [String] { metadata(SegmentEncoder.inputsKey).split(separator: ",").map(String.init) }

    /// Columns are about to be read.
    func begin() async throws(Fault) { try await source.open(path) }

    var groups: Int { footer.groups.count }
    func rows(in group: Int) -> Int { footer.groups[group].rowCount }

    /// What the footer says of a leaf of the plan in a group; `nil` where the file does not have it.
    func chunk(_ leaf: Int, _ group: Int) -> ParquetColumnChunk? {
        leaves[leaf] < 0 ? nil : footer.groups[group].chunks[leaves[leaf]]
    }

    /// Whether every row of the group is null there.
    func isEmpty(_ leaf: Int, _ group: Int) -> Bool {
        guard let chunk = chunk(leaf, group) else { return true }
        return chunk.nullCount == chunk.entryCount && schema.leaves[leaf].maxRepetition == 0
    }

    /// The file's number of a leaf of the plan, unless the group has nothing there.
    func fileLeaf(_ leaf: Int, _ group: Int) -> Int? { isEmpty(leaf, group) ? nil : leaves[leaf] }

    /// - Parameter isShared: for what will be written.
    func emptyColumn(_ leaf: Int, isShared: Bool = false) -> ParquetColumn {
        ParquetColumn(schema.leaves[leaf], isShared: isShared)
    }

    // MARK: Reading

    /// Reads some ranges at once; what lies close together comes in one piece.
    func fetch(_ ranges: [Range<Int>]) async throws(Fault) -> FetchedRanges {
        let sorted = ranges.filter { !$0.isEmpty }.sorted { $0.lowerBound < $1.lowerBound }
        var pieces: [Range<Int64>] = []
        for range in sorted {
            if let last = pieces.last, range.lowerBound <= Int(last.upperBound) + Self.gapMax {
                pieces[pieces.count - 1] = last.lowerBound..<max(last.upperBound, Int64(range.upperBound))
            } else {
                pieces.append(Int64(range.lowerBound)..<Int64(range.upperBound))
            }
        }
        if pieces.isEmpty { return FetchedRanges() }
        return FetchedRanges(
            starts: pieces.map { Int($0.lowerBound) }, pieces: try await source.read(path, pieces))
    }

    /// Bytes between two ranges that are read along rather than asked for apart.
    private static let gapMax = 4_096

    private func bytes(_ range: Range<Int>, _ fetched: FetchedRanges) async throws(Fault) -> [UInt8] {
        if let bytes = fetched[range] { return bytes }
        return try await source.read(path, in: Int64(range.lowerBound)..<Int64(range.upperBound))
    }

    private func parsed<Value>(_ body: () throws(ParquetFault) -> Value) throws(Fault) -> Value {
        do throws(ParquetFault) { return try body() } catch { throw Fault(.malformed, "\(path): \(error)") }
    }

    /// Where a leaf's filter stands, with its check sum.
    func filterRange(_ leaf: Int, _ group: Int) -> Range<Int>? {
        chunk(leaf, group)?.bloomFilter.map { footer.rangeToRead($0) }
    }

    /// Whether the filter leaves it open that a value is in the group; true where there is no filter.
    func mayContain(
        _ values: [[UInt8]], _ leaf: Int, _ group: Int, _ fetched: FetchedRanges
    ) async throws(Fault) -> Bool {
        guard let range = filterRange(leaf, group) else { return !isEmpty(leaf, group) }
        let bytes = try await bytes(range, fetched)
        let filter = try parsed { () throws(ParquetFault) in
            try footer.bloomFilter(bytes, of: leaves[leaf], in: group)
        }
        return values.contains { filter.mayContain($0) }
    }

    /// Reads a leaf's filter and page index, for the sake of their check sums.
    func checkIndexes(_ leaf: Int, _ group: Int) async throws(Fault) {
        guard let chunk = chunk(leaf, group) else { return }
        if chunk.bloomFilter != nil { _ = try await mayContain([], leaf, group, FetchedRanges()) }
        guard let index = chunk.offsetIndex else { return }
        let offsets = try await bytes(footer.rangeToRead(index), FetchedRanges())
        var bounds: [UInt8]?
        if let range = chunk.columnIndex {
            bounds = try await bytes(footer.rangeToRead(range), FetchedRanges())
        }
        _ = try parsed { () throws(ParquetFault) in
            try footer.pages(offsetIndex: offsets, columnIndex: bounds, of: leaves[leaf], in: group)
        }
    }

    /// Whether so few rows are wanted that the page index is worth a look.
    private func isFew(_ rows: ParquetRowChoice, _ group: Int) -> Bool {
        rows.count * 4 < footer.groups[group].rowCount
    }

    /// What has to be fetched before some leaves of a group can be read, or their pages be told.
    private func firstRanges(_ leaves: [Int], _ group: Int, rows: ParquetRowChoice?) -> [Range<Int>] {
        leaves.compactMap { leaf in
            guard let chunk = chunk(leaf, group), !isEmpty(leaf, group) else { return nil }
            if let rows, isFew(rows, group), let index = chunk.offsetIndex {
                return footer.rangeToRead(index)
            }
            return chunk.range
        }
    }

    /// Reads some leaves of a group, or those of their pages in which the rows are, with as few calls as can be.
    func columns(
        _ leaves: [Int], _ group: Int, rows: ParquetRowChoice?
    ) async throws(Fault) -> [(leaf: Int, column: ParquetColumn)] {
        let wanted = leaves.filter { !isEmpty($0, group) }
        var fetched = try await fetch(firstRanges(wanted, group, rows: rows))
        if let rows, isFew(rows, group) {
            var ranges: [Range<Int>] = []
            for leaf in wanted {
                guard let plan = try await pages(of: leaf, group, rows, fetched) else { continue }
                ranges += [plan.dictionary].compactMap { $0 } + plan.runs.map(\.body)
            }
            fetched.add(try await fetch(ranges))
        }
        var columns: [(leaf: Int, column: ParquetColumn)] = []
        for leaf in wanted {
            var column = emptyColumn(leaf)
            try await read(leaf, group, choice: rows, into: &column, at: 0, fetched)
            columns.append((leaf, column))
        }
        return columns
    }

    /// The rows of a group in which the needle stands in a leaf of texts outside lists, ascending.
    func rows(containing needle: [UInt8], _ leaf: Int, _ group: Int) async throws(Fault) -> [Int] {
        guard let theirs = fileLeaf(leaf, group), let chunk = chunk(leaf, group) else { return [] }
        let bytes = try await bytes(chunk.range, FetchedRanges())
        var decoder = ParquetDecoder(footer)
        do throws(ParquetFault) {
            return try decoder.rows(containing: needle, in: bytes, of: theirs, in: group)
        } catch {
            throw Fault(.malformed, "\(path): \(error)")
        }
    }

    /// Which pages of a leaf have the rows that are wanted.
    private struct PagePlan {
        /// Pages that follow each other.
        struct Run {
            var body: Range<Int>
            var firstRow: Int
            var endRow: Int
        }

        var dictionary: Range<Int>?
        var runs: [Run] = []
    }

    /// `nil` where the leaf has no page index.
    private func pages(
        of leaf: Int, _ group: Int, _ rows: ParquetRowChoice, _ fetched: FetchedRanges
    ) async throws(Fault) -> PagePlan? {
        guard let chunk = chunk(leaf, group), let index = chunk.offsetIndex else { return nil }
        let bytes = try await bytes(footer.rangeToRead(index), fetched)
        let pages = try parsed { () throws(ParquetFault) in
            try footer.pages(offsetIndex: bytes, columnIndex: nil, of: leaves[leaf], in: group)
        }
        let count = footer.groups[group].rowCount
        var plan = PagePlan()
        for (number, page) in pages.enumerated() {
            let end = number + 1 < pages.count ? pages[number + 1].firstRow : count
            guard page.firstRow < end, rows.touches(page.firstRow..<end) else { continue }
            let body = page.offset..<page.offset + page.byteCount
            if let last = plan.runs.last, last.endRow == page.firstRow,
                last.body.upperBound == body.lowerBound
            {
                plan.runs[plan.runs.count - 1].body = last.body.lowerBound..<body.upperBound
                plan.runs[plan.runs.count - 1].endRow = end
            } else {
                plan.runs.append(PagePlan.Run(body: body, firstRow: page.firstRow, endRow: end))
            }
        }
        if let dictionary = chunk.dictionaryOffset, let first = pages.first, !plan.runs.isEmpty {
            plan.dictionary = dictionary..<first.offset
        }
        return plan
    }

    /// Appends a leaf's rows of a group to a column, in which the first of them gets the number `base`.
    func read(
        _ leaf: Int, _ group: Int, rows: Range<Int>? = nil, into column: inout ParquetColumn, at base: Int = 0
    ) async throws(Fault) {
        try await read(
            leaf, group, choice: rows.map { .range($0) }, into: &column, at: base, FetchedRanges())
    }

    private func read(
        _ leaf: Int, _ group: Int, choice: ParquetRowChoice?, into column: inout ParquetColumn, at base: Int,
        _ fetched: FetchedRanges
    ) async throws(Fault) {
        guard let chunk = chunk(leaf, group), !isEmpty(leaf, group) else { return }
        let theirs = leaves[leaf]
        var decoder = ParquetDecoder(footer)
        let isPicked = if case .picked = choice { true } else { false }
        if let choice, isPicked || isFew(choice, group), chunk.offsetIndex != nil {
            guard let plan = try await pages(of: leaf, group, choice, fetched), !plan.runs.isEmpty else {
                return
            }
            var dictionary: [UInt8]?
            if let range = plan.dictionary { dictionary = try await bytes(range, fetched) }
            do throws(ParquetFault) {
                try decoder.begin(theirs, in: group)
                if let dictionary { try decoder.readDictionary(dictionary) }
            } catch {
                throw Fault(.malformed, "\(path): \(error)")
            }
            for run in plan.runs {
                let body = try await bytes(run.body, fetched)
                do throws(ParquetFault) {
                    try decoder.readPages(
                        body, firstRow: run.firstRow, endRow: run.endRow, rows: choice, into: &column,
                        at: base)
                } catch {
                    throw Fault(.malformed, "\(path): \(error)")
                }
            }
            return
        }
        let bytes = try await bytes(chunk.range, fetched)
        do throws(ParquetFault) {
            try decoder.readChunk(bytes, of: theirs, in: group, rows: choice, into: &column, at: base)
        } catch {
            throw Fault(.malformed, "\(path): \(error)")
        }
    }
}
