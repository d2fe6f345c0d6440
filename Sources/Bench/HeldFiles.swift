import Engine
import Ports

/// Files that are nowhere but in memory: the disk is not what is measured.
actor HeldFiles: Volume {
    private var held: [String: [UInt8]] = [:]
    private let removes: Bool

    /// - Parameter removes: false keeps what is removed, to be read again.
    init(removes: Bool = true) { self.removes = removes }

    func append(_ bytes: [UInt8], to path: String) async throws(Fault) -> Int64 {
        held[path, default: []] += bytes
        return Int64(held[path]?.count ?? 0)
    }

    func synchronize(_ path: String) async throws(Fault) {}

    func read(_ path: String, in range: Range<Int64>) async throws(Fault) -> [UInt8] {
        guard let bytes = held[path] else { throw Fault(.malformed, "\(path) is missing") }
        return Array(bytes[Int(range.lowerBound)..<min(Int(range.upperBound), bytes.count)])
    }

    func length(of path: String) async throws(Fault) -> Int64? { held[path].map { Int64($0.count) } }

    func rename(_ old: String, to new: String) async throws(Fault) {
        held[new] = held.removeValue(forKey: old)
    }

    func remove(_ path: String) async throws(Fault) { if removes { held[path] = nil } }

    func files(under folder: String) async throws(Fault) -> [String] {
        held.keys.filter { $0.hasPrefix(folder + "/") }.sorted()
    }
}

struct StandingClock: TimeSource {
    var now: Timestamp { Timestamp(seconds: 1_800_000_000) }
    func sleep(until deadline: Timestamp) async throws(CancellationError) {}
}
