package import Engine

/// Which segments a store is made of, and which batches are in them: a fold over the catalog's changes.
///
/// Segments are kept by folder, so that a change costs what its day holds and not what the store holds.
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
        /// One that is there already under its path is replaced by what is said of it here.
        package var add: [Segment] = []
        /// Paths; readers may have the files open for a while longer.
        package var remove: [String] = []

        package init(batch: Batch? = nil, add: [Segment] = [], remove: [String] = []) {
            self.batch = batch
            self.add = add
            self.remove = remove
        }

        /// As it stands in a log.
        package var line: [UInt8] { CatalogLine.bytes(of: self) }

        package var isEmpty: Bool { batch == nil && add.isEmpty && remove.isEmpty }
    }

    /// Batches remembered. Only those that were under way at a crash can come again.
    static let batchesMax = 256

    /// Which store it is, told from all others; empty before the first change.
    package internal(set) var id = ""
    /// By folder (a table's day), then by path.
    package private(set) var folders: [String: [String: Segment]] = [:]
    package private(set) var count = 0
    package private(set) var batches: [Batch] = []
    /// The number of the next segment: none is given twice, whatever was removed.
    package private(set) var nextNumber: UInt64 = 1
    /// When anything was last written.
    package private(set) var newest = Timestamp.distantPast

    package init() {}

    init(id: String, batches: [Batch], nextNumber: UInt64) {
        self.id = id
        self.batches = batches
        self.nextNumber = nextNumber
    }

    package mutating func apply(_ change: Change) {
        for path in change.remove {
            let folder = Segment.folder(of: path)
            if folders[folder]?.removeValue(forKey: path) != nil { count -= 1 }
            if folders[folder]?.isEmpty == true { folders[folder] = nil }
        }
        for segment in change.add {
            let old = folders[Segment.folder(of: segment.path), default: [:]].updateValue(
                segment, forKey: segment.path)
            if old == nil { count += 1 }
            nextNumber = max(nextNumber, Segment.number(of: segment.path) &+ 1)
            newest = max(newest, segment.written)
        }
        guard let batch = change.batch else { return }
        batches.append(batch)
        if batches.count > 2 * Self.batchesMax { batches.removeFirst(batches.count - Self.batchesMax) }
    }

    /// The log of a catalog in which the change is true.
    package func snapshot(with change: Change) -> [UInt8] {
        var next = self
        next.apply(change)
        if next.id.isEmpty { next.id = CatalogLog.freshID(change) }
        return CatalogLine.bytes(of: next)
    }

    package func has(_ batch: Batch) -> Bool { batches.contains(batch) }

    package mutating func takeNumber() -> UInt64 {
        defer { nextNumber &+= 1 }
        return nextNumber
    }

    mutating func raise(next number: UInt64) { nextNumber = max(nextNumber, number) }

    package subscript(path: String) -> Segment? { folders[Segment.folder(of: path)]?[path] }

    /// In order of table, day and name.
    package var segments: [Segment] {
        folders.sorted { $0.key < $1.key }.flatMap { $0.value.values.sorted { $0.path < $1.path } }
    }

    /// A table's segments that may hold rows of the stretch of event time, oldest day first, in order of their numbers.
    package func segments(of table: String, in times: Range<Int64>) -> [Segment] {
        segments.filter { $0.table == table && $0.overlaps(times) }
    }
}
