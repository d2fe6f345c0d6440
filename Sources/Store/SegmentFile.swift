import Codecs
import Engine
package import Ports

/// Where a segment's bytes come from: a volume, a lake, or memory.
package protocol SegmentSource: Sendable {
    /// Exactly the bytes in the range.
    func read(_ path: String, in range: Range<Int64>) async throws(Fault) -> [UInt8]
    /// The same of several ranges.
    func read(_ path: String, _ ranges: [Range<Int64>]) async throws(Fault) -> [[UInt8]]
    /// Told of the segments that will be read.
    func prepare(_ segments: [Segment]) async throws(Fault)
    /// Told before a segment's columns are read: neither its times nor its filters have ruled it out.
    func open(_ path: String) async throws(Fault)
    /// The segment as a file that other programs can read, where it can be one.
    func place(_ path: String) async throws(Fault) -> String?
    /// Fails where other programs could not have all of these at once.
    func checkRoom(for segments: [Segment]) async throws(Fault)
}

extension SegmentSource {
    package func read(_ path: String, _ ranges: [Range<Int64>]) async throws(Fault) -> [[UInt8]] {
        var pieces: [[UInt8]] = []
        for range in ranges { pieces.append(try await read(path, in: range)) }
        return pieces
    }
    package func prepare(_ segments: [Segment]) async throws(Fault) {}
    package func open(_ path: String) async throws(Fault) {}
    package func place(_ path: String) async throws(Fault) -> String? { nil }
    package func checkRoom(for segments: [Segment]) async throws(Fault) {}
}

/// A volume's files as segments.
package struct VolumeSource: SegmentSource {
    private let volume: any Volume

    package init(_ volume: any Volume) { self.volume = volume }

    package func read(_ path: String, in range: Range<Int64>) async throws(Fault) -> [UInt8] {
        let bytes = try await volume.read(path, in: range)
        guard bytes.count == range.count else {
            throw Fault(.malformed, "\(path) is shorter than the catalog says")
        }
        return bytes
    }

    package func read(_ path: String, _ ranges: [Range<Int64>]) async throws(Fault) -> [[UInt8]] {
        let pieces = try await volume.read(path, ranges)
        guard zip(pieces, ranges).allSatisfy({ $0.count == $1.count }), pieces.count == ranges.count else {
            throw Fault(.malformed, "\(path) is shorter than the catalog says")
        }
        return pieces
    }
}

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
        var byPath: [[String]: Int] = [:]
        for (number, leaf) in footer.schema.leaves.enumerated() { byPath[leaf.path] = number }
        leaves = schema.leaves.map { leaf in
            guard let found = byPath[leaf.path] else { return -1 }
            let theirs = footer.schema.leaves[found]
            let isSame =
                theirs.type == leaf.type && theirs.maxDefinition == leaf.maxDefinition
                && theirs.maxRepetition == leaf.maxRepetition
            return isSame ? found : -1
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

    func emptyColumn(_ leaf: Int) -> ParquetColumn { ParquetColumn(schema.leaves[leaf]) }

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

    /// Whether so few rows are wanted that the page index is worth a look.
    private func isFew(_ rows: Range<Int>, _ group: Int) -> Bool {
        rows.count * 4 < footer.groups[group].rowCount
    }

    /// What has to be fetched before some leaves of a group can be read, or their pages be told.
    private func firstRanges(_ leaves: [Int], _ group: Int, rows: Range<Int>?) -> [Range<Int>] {
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
        _ leaves: [Int], _ group: Int, rows: Range<Int>?
    ) async throws(Fault) -> [(leaf: Int, column: ParquetColumn)] {
        let wanted = leaves.filter { !isEmpty($0, group) }
        var fetched = try await fetch(firstRanges(wanted, group, rows: rows))
        if let rows, isFew(rows, group) {
            var ranges: [Range<Int>] = []
            for leaf in wanted {
                guard let plan = try await pages(of: leaf, group, rows, fetched) else { continue }
                ranges += [plan.dictionary, plan.body].compactMap { $0 }
            }
            fetched.add(try await fetch(ranges))
        }
        var columns: [(leaf: Int, column: ParquetColumn)] = []
        for leaf in wanted {
            var column = emptyColumn(leaf)
            try await read(leaf, group, rows: rows, into: &column, fetched: fetched)
            columns.append((leaf, column))
        }
        return columns
    }

    private struct PagePlan {
        var dictionary: Range<Int>?
        var body: Range<Int>
        var firstRow: Int
        var endRow: Int
    }

    /// The pages in which the rows are; `nil` where the leaf has no page index, or no such page.
    private func pages(
        of leaf: Int, _ group: Int, _ rows: Range<Int>, _ fetched: FetchedRanges
    ) async throws(Fault) -> PagePlan? {
        guard let chunk = chunk(leaf, group), let index = chunk.offsetIndex else { return nil }
        let bytes = try await bytes(footer.rangeToRead(index), fetched)
        let pages = try parsed { () throws(ParquetFault) in
            try footer.pages(offsetIndex: bytes, columnIndex: nil, of: leaves[leaf], in: group)
        }
        let count = footer.groups[group].rowCount
        let end = { (index: Int) in index + 1 < pages.count ? pages[index + 1].firstRow : count }
        let wanted = pages.indices.filter {
            pages[$0].firstRow < rows.upperBound && end($0) > rows.lowerBound
        }
        guard let first = wanted.first, let last = wanted.last else { return nil }
        return PagePlan(
            dictionary: chunk.dictionaryOffset.map { $0..<pages[0].offset },
            body: pages[first].offset..<pages[last].offset + pages[last].byteCount,
            firstRow: pages[first].firstRow,
            endRow: end(last))
    }

    /// Appends a leaf's rows of a group to a column, in which the first of them gets the number `base`.
    func read(
        _ leaf: Int, _ group: Int, rows: Range<Int>? = nil, into column: inout ParquetColumn,
        at base: Int = 0,
        fetched: FetchedRanges = FetchedRanges()
    ) async throws(Fault) {
        guard let chunk = chunk(leaf, group), !isEmpty(leaf, group) else { return }
        let theirs = leaves[leaf]
        var decoder = ParquetDecoder(footer)
        guard let rows, isFew(rows, group), chunk.offsetIndex != nil else {
            let bytes = try await bytes(chunk.range, fetched)
            do throws(ParquetFault) {
                try decoder.readChunk(bytes, of: theirs, in: group, rows: rows, into: &column, at: base)
            } catch {
                throw Fault(.malformed, "\(path): \(error)")
            }
            return
        }
        guard let plan = try await pages(of: leaf, group, rows, fetched) else { return }
        let body = try await bytes(plan.body, fetched)
        var dictionary: [UInt8]?
        if let range = plan.dictionary { dictionary = try await bytes(range, fetched) }
        do throws(ParquetFault) {
            try decoder.begin(theirs, in: group)
            if let dictionary { try decoder.readDictionary(dictionary) }
            try decoder.readPages(
                body, firstRow: plan.firstRow, endRow: plan.endRow, rows: rows, into: &column, at: base)
        } catch {
            throw Fault(.malformed, "\(path): \(error)")
        }
    }
}

/// Pieces of a segment that were read together.
struct FetchedRanges: Sendable {
    private var starts: [Int] = []
    private var pieces: [[UInt8]] = []

    init(starts: [Int] = [], pieces: [[UInt8]] = []) {
        self.starts = starts
        self.pieces = pieces
    }

    mutating func add(_ other: FetchedRanges) {
        starts += other.starts
        pieces += other.pieces
    }

    /// The bytes of a range that lies in one of the pieces.
    subscript(range: Range<Int>) -> [UInt8]? {
        for (start, piece) in zip(starts, pieces)
        where start <= range.lowerBound && range.upperBound <= start + piece.count {
            return range.count == piece.count
                ? piece : Array(piece[range.lowerBound - start..<range.upperBound - start])
        }
        return nil
    }
}
