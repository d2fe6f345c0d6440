import Codecs
import Engine
package import Ports

/// Where a segment's bytes come from: a volume, a lake, or memory.
package protocol SegmentSource: Sendable {
    /// Exactly the bytes in the range.
    func read(_ path: String, in range: Range<Int64>) async throws(Fault) -> [UInt8]
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
}

/// One segment open for reading: its footer, and columns as they are asked for.
final class SegmentFile {
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
    /// The numbers of the segments that were merged into this one.
    var inputs: [UInt64] {
        metadata(SegmentEncoder.inputsKey).split(separator: ",").compactMap { UInt64($0) }
    }

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

    /// Whether the filter leaves it open that a value is in the group; true where there is no filter.
    func mayContain(_ values: [[UInt8]], _ leaf: Int, _ group: Int) async throws(Fault) -> Bool {
        guard let range = chunk(leaf, group)?.bloomFilter else { return !isEmpty(leaf, group) }
        let wanted = footer.rangeToRead(range)
        let bytes = try await source.read(path, in: Int64(wanted.lowerBound)..<Int64(wanted.upperBound))
        do throws(ParquetFault) {
            let filter = try footer.bloomFilter(bytes, of: leaves[leaf], in: group)
            return values.contains { filter.mayContain($0) }
        } catch {
            throw Fault(.malformed, "\(path): \(error)")
        }
    }

    /// Appends a leaf's rows of a group to a column, in which the first of them gets the number `base`.
    func read(
        _ leaf: Int, _ group: Int, rows: Range<Int>? = nil, into column: inout ParquetColumn, at base: Int = 0
    ) async throws(Fault) {
        guard let chunk = chunk(leaf, group), !isEmpty(leaf, group) else { return }
        let theirs = leaves[leaf]
        do throws(ParquetFault) {
            var decoder = ParquetDecoder(footer)
            if let rows, rows.count * 4 < footer.groups[group].rowCount, let index = chunk.offsetIndex {
                let pages = try footer.pages(
                    offsetIndex: try await bytes(footer.rangeToRead(index)), columnIndex: nil, of: theirs,
                    in: group)
                try await readPages(pages, chunk, theirs, group, rows, &decoder, into: &column, at: base)
                return
            }
            let bytes = try await bytes(chunk.range)
            try decoder.readChunk(bytes, of: theirs, in: group, rows: rows, into: &column, at: base)
        } catch {
            if let fault = readFault {
                readFault = nil
                throw fault
            }
            throw Fault(.malformed, "\(path): \(error)")
        }
    }

    /// Only the pages in which the rows are.
    private func readPages(
        _ pages: [ParquetPage], _ chunk: ParquetColumnChunk, _ leaf: Int, _ group: Int, _ rows: Range<Int>,
        _ decoder: inout ParquetDecoder, into column: inout ParquetColumn, at base: Int
    ) async throws(ParquetFault) {
        let count = footer.groups[group].rowCount
        let end = { (index: Int) in index + 1 < pages.count ? pages[index + 1].firstRow : count }
        let wanted = pages.indices.filter {
            pages[$0].firstRow < rows.upperBound && end($0) > rows.lowerBound
        }
        guard let first = wanted.first, let last = wanted.last else { return }
        try decoder.begin(leaf, in: group)
        if let dictionary = chunk.dictionaryOffset {
            try decoder.readDictionary(try await bytes(dictionary..<pages[0].offset))
        }
        let body = try await bytes(pages[first].offset..<pages[last].offset + pages[last].byteCount)
        try decoder.readPages(
            body, firstRow: pages[first].firstRow, endRow: end(last), rows: rows, into: &column, at: base)
    }

    /// What the source said, while errors of the format are passed on.
    private var readFault: Fault?

    private func bytes(_ range: Range<Int>) async throws(ParquetFault) -> [UInt8] {
        do throws(Fault) {
            return try await source.read(path, in: Int64(range.lowerBound)..<Int64(range.upperBound))
        } catch {
            readFault = error
            throw ParquetFault(.file, .truncated, error.message)
        }
    }
}
