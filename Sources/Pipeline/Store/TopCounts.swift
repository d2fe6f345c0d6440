package import Engine
package import Ports

/// How often which values come, counted over a query's rows.
package struct TopCounts {
    /// Different values counted; more are a question for SQL.
    static let keysMax = 1_000_000

    private let plan: ColumnPlan
    package let columns: [Int]
    private var numbers: [[UInt8]: Int] = [:]
    private var counts: [Int] = []
    private var rows: [[String]] = []
    private var key: [UInt8] = []

    package init(_ plan: ColumnPlan, columns: [Int]) {
        self.plan = plan
        self.columns = columns
    }

    package mutating func add(_ source: borrowing ColumnRows, _ row: Int) throws(Fault) {
        key.removeAll(keepingCapacity: true)
        for column in columns {
            for index in source.entries(of: row) {
                let entry = source.entries[index]
                guard Int(entry.leaf) == column,
                    Int(entry.definition) == plan.leaves[column].definitionMax
                else { continue }
                switch plan.leaves[column].kind {
                case .text, .json: key += source.bytes[entry.range]
                default:
                    for shift in 0..<8 {
                        key.append(UInt8(truncatingIfNeeded: entry.bits >> (8 * UInt64(shift))))
                    }
                }
                key.append(0)
            }
            key.append(1)
        }
        if let number = numbers[key] {
            counts[number] += 1
            return
        }
        guard counts.count < Self.keysMax else {
            throw Fault(
                .denied, "there are more than \(Self.keysMax) different values: ask for fewer, or in SQL")
        }
        numbers[key] = counts.count
        counts.append(1)
        rows.append(RowWriter.cells(source, row, columns, plan))
    }

    /// Values and how often they came: the most frequent first, those that are as frequent in their own order.
    package func sorted(limit: Int?) -> [(values: [String], count: Int)] {
        let order = counts.indices.sorted {
            counts[$0] != counts[$1] ? counts[$0] > counts[$1] : rows[$0].lexicographicallyPrecedes(rows[$1])
        }
        return order.prefix(limit ?? .max).map { (rows[$0], counts[$0]) }
    }

    package var differentValues: Int { counts.count }

    /// The counts as lines of a format; `nil` where the format cannot have them.
    package func lines(_ format: RowWriter.Format, limit: Int?, width: Int?) -> String? {
        let names = columns.map { plan.leaves[$0].path } + ["count"]
        let found = sorted(limit: limit)
        func object(_ row: (values: [String], count: Int)) -> String {
            let fields = zip(names, row.values).map {
                String(
                    decoding: JSONFragment.quoted($0) + [UInt8(ascii: ":")] + JSONFragment.quoted($1),
                    as: UTF8.self)
            }
            return "{\((fields + ["\"count\":\(row.count)"]).joined(separator: ","))}"
        }
        switch format {
        case .parquet: return nil
        case .ndjson: return found.map { object($0) + "\n" }.joined()
        case .json: return "[" + found.map(object).joined(separator: ",\n") + "]\n"
        case .csv:
            return String(
                decoding: RowWriter.csv(names) + found.flatMap { RowWriter.csv($0.values + ["\($0.count)"]) },
                as: UTF8.self)
        case .table:
            if found.isEmpty { return "" }
            var table = TextTable(names, width: width)
            let lines = found.map { table.add($0.values.map(printable) + ["\($0.count)"]) }
            return lines.joined() + table.finish()
        }
    }
}
