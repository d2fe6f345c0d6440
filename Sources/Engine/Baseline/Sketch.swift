/// Different things done in one hour, by their hashes: exact up to `keptMax`, estimated from the least beyond.
struct Sketch: Sendable, Hashable {
    enum Metric: UInt8, Sendable, CaseIterable {
        case changes = 0, deletions, reads, denials, victims, successes
    }

    static let keptMax = 64

    var metric: Metric
    var hour: UInt8
    /// The least hashes, ascending.
    var hashes: [UInt64] = []
    var time: Timestamp
    var uid = Extent.none

    /// How many different ones there were.
    var count: Int {
        guard hashes.count == Self.keptMax, let last = hashes.last else { return hashes.count }
        let estimate = Double(Self.keptMax - 1) * 18_446_744_073_709_551_616.0 / Double(max(last, 1))
        return max(Self.keptMax, Int(min(1e12, estimate)))
    }

    /// False where it was there already, or is too great to be kept.
    mutating func insert(_ hash: UInt64) -> Bool {
        if hashes.count == Self.keptMax, let last = hashes.last, hash > last { return false }
        let place = hashes.partition(of: hash)
        if place < hashes.count, hashes[place] == hash { return false }
        hashes.insert(hash, at: place)
        if hashes.count > Self.keptMax { hashes.removeLast() }
        return true
    }

    var order: UInt16 { UInt16(metric.rawValue) << 8 | UInt16(hour) }
}

extension [UInt64] {
    /// The first place whose element is not less.
    func partition(of value: UInt64) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if self[middle] < value { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
