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
