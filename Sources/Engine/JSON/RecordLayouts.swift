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

    package init() {}

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
        for (column, value) in zip(columns, values(line)) { flat.add(column[...], value[...]) }
        return flat.json()
    }
}

/// An object of strings; a key that comes again is kept under a numbered name.
struct FlatObject {
    /// Keys that are compared with each other; from there on they are looked up.
    private static let comparedMax = 64

    private var text: [UInt8] = {
        var text: [UInt8] = [0x7B]
        text.reserveCapacity(1_024)
        return text
    }()
    private struct Key {
        /// Its first, middle and last byte and its length: what tells most keys apart.
        var mark: UInt32
        var place: Range<Int>
        var times = 1
    }

    /// Where the keys stand in `text`, and how often each has come.
    private var keys: [Key] = []
    private var seen: [[UInt8]: Int] = [:]

    mutating func add(_ key: UnsafeBufferPointer<UInt8>, _ value: UnsafeBufferPointer<UInt8>) {
        if text.count > 1 { text.append(0x2C) }
        text.append(0x22)
        let start = text.count
        unsafe JSONText.escape(bytes: key, into: &text)
        let times = count(start..<text.count)
        if times > 1 { text.append(contentsOf: "#\(times)".utf8) }
        text.append(0x22)
        text.append(0x3A)
        text.append(0x22)
        unsafe JSONText.escape(bytes: value, into: &text)
        text.append(0x22)
    }

    mutating func add(_ key: ArraySlice<UInt8>, _ value: ArraySlice<UInt8>) {
        unsafe key.withUnsafeBufferPointer { key in
            unsafe value.withUnsafeBufferPointer { unsafe add(key, $0) }
        }
    }

    /// The key in ASCII.
    mutating func add(_ key: StaticString, _ value: ArraySlice<UInt8>) {
        unsafe value.withUnsafeBufferPointer { value in
            unsafe add(UnsafeBufferPointer(start: key.utf8Start, count: key.utf8CodeUnitCount), value)
        }
    }

    /// How often the key has come with this time.
    private mutating func count(_ place: Range<Int>) -> Int {
        let mark = mark(place)
        for index in keys.indices where keys[index].mark == mark {
            let known = keys[index].place
            guard known.count == place.count, text[known].elementsEqual(text[place]) else { continue }
            keys[index].times += 1
            return keys[index].times
        }
        if keys.count < Self.comparedMax {
            keys.append(Key(mark: mark, place: place))
            return 1
        }
        let times = seen[Array(text[place]), default: 0] + 1
        seen[Array(text[place])] = times
        return times
    }

    private func mark(_ place: Range<Int>) -> UInt32 {
        if place.isEmpty { return 0 }
        let middle = text[place.lowerBound + place.count / 2]
        return UInt32(text[place.lowerBound]) | UInt32(middle) << 8 | UInt32(text[place.upperBound - 1]) << 16
            | UInt32(truncatingIfNeeded: place.count & 0xFF) << 24
    }

    /// The object's text; nothing can be added to it any more.
    consuming func json() -> [UInt8] {
        text.append(0x7D)
        return text
    }
}
