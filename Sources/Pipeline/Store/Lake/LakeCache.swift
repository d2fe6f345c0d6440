import Codecs
import Engine
package import Ports
package import Store

/// A bucket's segments as far as a query needs them: footers and filters by ranges, whole segments once their columns
/// are to be read, on this machine's disk and never more of them than was allowed.
///
/// What a query does not use goes first, then what it used longest ago. Other processes may use the same folder.
package actor LakeCache: SegmentSource {
    /// Small reads are answered from pieces of this size, of which so many stay in memory.
    private static let blockBytes: Int64 = 1 << 20
    private static let blocksMax = 128

    private struct Block: Hashable {
        var path: String
        var number: Int64
    }

    private let lake: BucketLake
    private let volume: any Volume
    private let root: String
    private let folder: String
    private let token: String
    private let bytesMax: Int64
    private let fetching = Turnstile()
    private var sizes: [String: Int64] = [:]
    private var blocks: [Block: [UInt8]] = [:]
    private var blockOrder: [Block] = []
    /// Bytes by path below the root, once it was looked at.
    private var held: [String: Int64]?
    /// Paths in the order in which they were last used by this query.
    private var used: [String] = []
    /// Bytes that came over the network.
    package private(set) var bytesFetched: Int64 = 0

    /// - Parameters:
    ///   - root: the folder of `volume`.
    ///   - token: sets this process's unfinished files apart.
    package init(_ lake: BucketLake, _ volume: any Volume, root: String, token: String, bytesMax: Int64) {
        self.lake = lake
        self.volume = volume
        self.root = root
        self.token = token
        self.bytesMax = bytesMax
        folder = String(Hex.encode(Digest.sha256(Array(lake.name.utf8))).prefix(16))
    }

    private func local(_ path: String) -> String { "\(folder)/\(path)" }

    package func prepare(_ segments: [Segment]) async throws(Fault) {
        for segment in segments { sizes[segment.path] = segment.bytes }
        try await look()
    }

    package func read(_ path: String, in range: Range<Int64>) async throws(Fault) -> [UInt8] {
        try await look()
        if let size = sizes[path], held?[local(path)] == size {
            // Another query may have made room just now.
            if let bytes = try? await volume.read(local(path), in: range), bytes.count == range.count {
                return bytes
            }
        }
        if range.count > Self.blockBytes || sizes[path] == nil {
            bytesFetched += Int64(range.count)
            return try await lake.read(path, in: range)
        }
        var bytes: [UInt8] = []
        for number in range.lowerBound / Self.blockBytes...max(range.lowerBound, range.upperBound - 1)
            / Self.blockBytes
        {
            let block = try await block(path, number)
            let start = number * Self.blockBytes
            let part = range.clamped(to: start..<start + Int64(block.count))
            bytes += block[Int(part.lowerBound - start)..<Int(part.upperBound - start)]
        }
        return bytes
    }

    private func block(_ path: String, _ number: Int64) async throws(Fault) -> [UInt8] {
        let key = Block(path: path, number: number)
        if let known = blocks[key] { return known }
        let start = number * Self.blockBytes
        let bytes = try await lake.read(path, in: start..<min(sizes[path] ?? 0, start + Self.blockBytes))
        bytesFetched += Int64(bytes.count)
        if blocks.updateValue(bytes, forKey: key) == nil { blockOrder.append(key) }
        while blockOrder.count > Self.blocksMax { blocks[blockOrder.removeFirst()] = nil }
        return bytes
    }

    package func open(_ path: String) async throws(Fault) { _ = try await place(path) }

    /// The segment as a file that other programs can read.
    package func place(_ path: String) async throws(Fault) -> String? {
        try await look()
        guard let size = sizes[path] else { return nil }
        let name = local(path)
        // One at a time, so that what is being fetched counts when room is made for the next.
        await fetching.enter()
        defer { fetching.leave() }
        used.removeAll { $0 == name }
        used.append(name)
        if held?[name] == size { return "\(root)/\(name)" }
        try await makeRoom(for: size, besides: name)
        let partial = "\(name).\(token)"
        try await volume.remove(partial)
        var start: Int64 = 0
        while start < size {
            let end = min(size, start + 16 << 20)
            let bytes = try await lake.read(path, in: start..<end)
            bytesFetched += Int64(bytes.count)
            _ = try await volume.append(bytes, to: partial)
            start = end
        }
        try await volume.rename(partial, to: name)
        held?[name] = size
        blocks = blocks.filter { $0.key.path != path }
        blockOrder.removeAll { $0.path == path }
        return "\(root)/\(name)"
    }

    /// What stays in the cache must fit into it together, where another program reads it all at once.
    package func checkRoom(for segments: [Segment]) throws(Fault) {
        let bytes = segments.reduce(0) { $0 + $1.bytes }
        guard bytes > bytesMax else { return }
        throw Fault(
            .denied,
            "\(lake.name): the query needs \(ByteSize(bytes).rounded) of segments, and --cache allows "
                + "\(ByteSize(bytesMax).rounded): narrow it with --from and --to, or allow more")
    }

    private func look() async throws(Fault) {
        guard held == nil else { return }
        var found: [String: Int64] = [:]
        for path in try await volume.files(under: "") { found[path] = try await volume.length(of: path) ?? 0 }
        guard held == nil else { return }
        held = found
        // What an earlier query was allowed may be more than this one is.
        try await makeRoom(for: 0, besides: "")
    }

    private func makeRoom(for bytes: Int64, besides name: String) async throws(Fault) {
        guard bytes <= bytesMax else {
            throw Fault(
                .denied, "\(lake.name): a segment has \(ByteSize(bytes).rounded), more than --cache allows")
        }
        var total = (held ?? [:]).reduce(0) { $0 + $1.value }
        let inUse = Set(used)
        var candidates = (held ?? [:]).keys.filter { !inUse.contains($0) }.sorted()[...]
        while total + bytes > bytesMax {
            let victim: String
            if let unused = candidates.popFirst() {
                victim = unused
            } else if let oldest = used.first(where: { $0 != name && held?[$0] != nil }) {
                victim = oldest
            } else {
                return
            }
            try await volume.remove(victim)
            total -= held?.removeValue(forKey: victim) ?? 0
        }
    }
}
