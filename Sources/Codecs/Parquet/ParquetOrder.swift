/// Puts rows into the order in which segments have them.
package enum ParquetOrder {
    /// The rows by rank, then time, then as they are given.
    package static func sorted(_ rows: [UInt32], ranks: [UInt32], times: [Int64]) -> [UInt32] {
        // There are far fewer ranks than rows, so rows are dealt out by rank.
        var starts = [Int](repeating: 0, count: Int(ranks.max() ?? 0) + 2)
        for row in rows { starts[Int(ranks[Int(row)]) + 1] += 1 }
        for rank in 1..<starts.count { starts[rank] += starts[rank - 1] }
        let bounds = starts
        var order = [UInt32](repeating: 0, count: rows.count)
        for row in rows {
            let rank = Int(ranks[Int(row)])
            order[starts[rank]] = row
            starts[rank] += 1
        }
        // Most came in the order of their times.
        for rank in 1..<bounds.count {
            let own = bounds[rank - 1]..<bounds[rank]
            let isSorted = own.dropFirst().allSatisfy {
                times[Int(order[$0 - 1])] <= times[Int(order[$0])]
            }
            if isSorted { continue }
            let sorted = order[own].enumerated().sorted {
                (times[Int($0.element)], $0.offset) < (times[Int($1.element)], $1.offset)
            }
            for (place, row) in zip(own, sorted) { order[place] = row.element }
        }
        return order
    }
}
