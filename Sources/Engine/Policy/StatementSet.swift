/// A set of statements by number; the first 64 cost no allocation.
struct StatementSet: Hashable, Sendable {
    private var low: UInt64 = 0
    private var high: [UInt64] = []

    var isEmpty: Bool { low == 0 && high.allSatisfy { $0 == 0 } }

    mutating func insert(_ number: Int) {
        if number < 64 {
            low |= 1 << UInt64(number)
            return
        }
        let word = number / 64 - 1
        if word >= high.count { high += repeatElement(0, count: word + 1 - high.count) }
        high[word] |= 1 << UInt64(number % 64)
    }

    mutating func formUnion(_ other: StatementSet) {
        low |= other.low
        if other.high.count > high.count {
            high += repeatElement(0, count: other.high.count - high.count)
        }
        for index in other.high.indices { high[index] |= other.high[index] }
    }

    func intersection(_ other: StatementSet) -> StatementSet {
        var result = StatementSet()
        result.low = low & other.low
        if !high.isEmpty, !other.high.isEmpty {
            result.high = zip(high, other.high).map { $0 & $1 }
            while result.high.last == 0 { result.high.removeLast() }
        }
        return result
    }

    var numbers: [Int] {
        var found: [Int] = []
        for (index, word) in ([low] + high).enumerated() {
            var rest = word
            while rest != 0 {
                found.append(index * 64 + rest.trailingZeroBitCount)
                rest &= rest - 1
            }
        }
        return found
    }
}
