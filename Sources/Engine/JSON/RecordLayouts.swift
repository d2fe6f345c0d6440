/// Where a feed's records stand in documents that are none themselves, beside the layouts that every reader knows.
package struct RecordLayouts: Hashable, Sendable {
    /// Lines of values between commas, below a line that names them; every value is text.
    package struct Table: Hashable, Sendable {
        /// The first columns: what the header is known by.
        package var header: [String]
        /// The member whose text such a table is, plain or in base64, in an object around it; empty for none.
        package var member: String

        package init(header: [String], member: String = "") {
            self.header = header
            self.member = member
        }

        var mark: [UInt8] { Array(header.joined(separator: ",").utf8) }
    }

    /// Members that hold an array of records. Any number of them may stand in one object, beside what an API's answer
    /// has for itself.
    package var arrays: Set<[UInt8]> = []
    package var tables: [Table] = []
    /// Objects one behind the other and nothing else, as we write events: none of them is looked at for what it might wrap.
    package private(set) var areEvents = false

    package init() {}

    /// Of events that we wrote ourselves.
    package static var events: RecordLayouts {
        var layouts = RecordLayouts()
        layouts.areEvents = true
        return layouts
    }

    package mutating func join(_ other: RecordLayouts) {
        arrays.formUnion(other.arrays)
        tables += other.tables.filter { !tables.contains($0) }
    }
}

/// One line of a table taken apart, as RFC 4180 has it but for line ends between quotes.
package enum TableLine {
    /// Columns of a table; a line with more has the rest left out.
    static let columnsMax = 1_024

    /// A JSON object for each line below the first, which names the columns.
    package static func records(of text: [UInt8]) -> [[UInt8]] {
        var columns: [[UInt8]]?
        var records: [[UInt8]] = []
        for line in text.split(separator: 0x0A) {
            if let columns {
                if !line.allSatisfy({ JSONGrammar.isWhite($0) }) {
                    records.append(record(line, columns: columns))
                }
            } else {
                columns = self.columns(line)
            }
        }
        return records
    }

    static func columns(_ header: some Collection<UInt8>) -> [[UInt8]] {
        Array(values(header).prefix(columnsMax))
    }

    static func values(_ line: some Collection<UInt8>) -> [[UInt8]] {
        var values: [[UInt8]] = []
        var value: [UInt8] = []
        var isQuoted = false
        var wasQuote = false
        for byte in line {
            if isQuoted {
                if byte == 0x22 {
                    isQuoted = false
                    wasQuote = true
                } else {
                    value.append(byte)
                }
                continue
            }
            switch byte {
            case 0x22:
                // A doubled quote is one.
                if wasQuote { value.append(0x22) }
                isQuoted = true
            case 0x2C:
                values.append(value)
                value = []
            case 0x0D: break
            default: value.append(byte)
            }
            wasQuote = false
        }
        values.append(value)
        return values
    }

    /// The line as a JSON object of texts under the columns' names; what has no column is left out.
    static func record(_ line: some Collection<UInt8>, columns: [[UInt8]]) -> [UInt8] {
        var flat = FlatObject()
        defer { flat.deallocate() }
        for (column, value) in zip(columns, values(line)) { flat.add(column.span, value) }
        flat.end()
        return unsafe Array(flat.bytes)
    }
}
