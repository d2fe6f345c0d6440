/// Which segments a store is made of, and which batches are in them: a fold over the catalog's changes.
package struct Catalog: Hashable, Sendable {
    /// A delivery, told from others so that one that comes again is stored once.
    package struct Batch: Hashable, Sendable {
        package var id: String
        package var digest: String

        package init(id: String, digest: String) {
            self.id = id
            self.digest = digest
        }
    }

    /// What becomes true at once.
    package struct Change: Hashable, Sendable {
        package var batch: Batch?
        package var add: [Segment] = []
        /// Paths; readers may have the files open for a while longer.
        package var remove: [String] = []

        package init(batch: Batch? = nil, add: [Segment] = [], remove: [String] = []) {
            self.batch = batch
            self.add = add
            self.remove = remove
        }

        package var isEmpty: Bool { batch == nil && add.isEmpty && remove.isEmpty }
    }

    /// Batches remembered. Only those that were under way at a crash can come again.
    static let batchesMax = 1_024

    /// By path.
    package private(set) var segments: [String: Segment] = [:]
    package private(set) var batches: [Batch] = []
    /// The number of the next segment: none is given twice, whatever was removed.
    package private(set) var nextNumber: UInt64 = 1

    package init() {}

    init(segments: [Segment], batches: [Batch], nextNumber: UInt64) {
        self.batches = batches
        self.nextNumber = nextNumber
        for segment in segments { self.segments[segment.path] = segment }
    }

    package mutating func apply(_ change: Change) {
        for path in change.remove { segments[path] = nil }
        for segment in change.add {
            segments[segment.path] = segment
            nextNumber = max(nextNumber, Self.number(of: segment.path) &+ 1)
        }
        guard let batch = change.batch else { return }
        batches.append(batch)
        if batches.count > 2 * Self.batchesMax { batches.removeFirst(batches.count - Self.batchesMax) }
    }

    package func has(_ batch: Batch) -> Bool { batches.contains(batch) }

    package mutating func takeNumber() -> UInt64 {
        defer { nextNumber &+= 1 }
        return nextNumber
    }

    mutating func raise(next number: UInt64) { nextNumber = max(nextNumber, number) }

    static func number(of path: String) -> UInt64 {
        let name = path.split(separator: "/").last ?? ""
        return UInt64(name.prefix { $0.isNumber }) ?? 0
    }

    /// A table's segments that may hold rows of the stretch of event time, oldest day first, in order of their numbers.
    package func segments(of table: String, in times: Range<Int64>) -> [Segment] {
        segments.values.filter { $0.table == table && $0.overlaps(times) }.sorted {
            ($0.day, $0.path) < ($1.day, $1.path)
        }
    }
}
