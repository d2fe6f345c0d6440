/// What was last written of each node of a tree, as long as nothing has changed that it was read from.
///
/// Most events of a pipeline are of credentials that acted before; what is said of them is copied then, and not made anew.
struct WrittenEnrichments: Sendable {
    /// Past so much it starts anew: bytes, and nodes.
    private static let bytesMax = 16 << 20
    private static let nodesMax = 65_536

    private struct Entry: Sendable {
        var text: Extent
        /// The nodes that it was read from, in `reads`, and how often they had changed by then.
        var reads: Extent
        var changes: UInt64
        var namings: UInt64
        /// What was read from more nodes than are noted stands for one batch, in which nothing is taken.
        var batch: UInt64
        var isWhole: Bool
    }

    private(set) var pool: [UInt8] = []
    private var entries: [Entry] = []
    private var reads: [Int32] = []
    /// By node: its entry, or -1.
    private var places: [Int32] = []
    private var batch: UInt64 = 0
    private var moves: UInt64 = 0

    /// Another batch begins, before which something may have been taken.
    mutating func begin(_ tree: borrowing CredentialTree) {
        batch += 1
        if moves != tree.moves || pool.count > Self.bytesMax || entries.count > Self.nodesMax {
            moves = tree.moves
            pool.removeAll(keepingCapacity: true)
            entries.removeAll(keepingCapacity: true)
            reads.removeAll(keepingCapacity: true)
            places.removeAll(keepingCapacity: true)
        }
        while places.count < tree.nodes.count { places.append(-1) }
    }

    /// Where what is said of a node stands in `pool`.
    mutating func find(_ node: Int, _ tree: borrowing CredentialTree) -> Extent? {
        guard places[node] >= 0 else { return nil }
        let place = Int(places[node])
        let entry = entries[place]
        if entry.batch == batch { return entry.text }
        guard entry.isWhole, entry.namings == tree.directory.namings,
            entry.changes == changes(entry.reads, tree)
        else { return nil }
        entries[place].batch = batch
        return entry.text
    }

    /// Changes only grow in number, so that their sum is the same only where none has.
    private func changes(_ extent: Extent, _ tree: borrowing CredentialTree) -> UInt64 {
        var sum: UInt64 = 0
        for place in extent.range { sum += UInt64(tree.versions[Int(reads[place])]) }
        return sum
    }

    /// The pool, to be written to and given back.
    mutating func takePool() -> [UInt8] { exchange(&pool, with: []) }

    mutating func put(
        _ node: Int, _ pool: consuming [UInt8], from start: Int, _ read: CredentialTree.Reads,
        _ tree: borrowing CredentialTree
    ) -> Extent {
        self.pool = pool
        let text = Extent(start: start, count: self.pool.count - start)
        let first = reads.count
        for place in 0..<read.count { reads.append(read.nodes[place]) }
        let extent = Extent(start: first, count: read.count)
        let entry = Entry(
            text: text, reads: extent, changes: changes(extent, tree), namings: tree.directory.namings,
            batch: batch, isWhole: read.isWhole)
        if places[node] >= 0 {
            entries[Int(places[node])] = entry
        } else {
            places[node] = Int32(truncatingIfNeeded: entries.count)
            entries.append(entry)
        }
        return text
    }
}
