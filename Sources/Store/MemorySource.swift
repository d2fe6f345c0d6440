import Ports

/// Files held in memory.
struct MemorySource: SegmentSource {
    let files: [String: [UInt8]]

    func read(_ path: String, in range: Range<Int64>) async throws(Fault) -> [UInt8] {
        guard let bytes = files[path], range.upperBound <= bytes.count else {
            throw Fault(.malformed, "\(path) is shorter than the catalog says")
        }
        return Array(bytes[Int(range.lowerBound)..<Int(range.upperBound)])
    }
}
