/// `key="value"` twice or more in a line, behind words that say what it is: `[SSH Session] client_ip="192.0.2.1" user="ana"`.
struct QuotedPairs {
    private let line: ArraySlice<UInt8>
    private var pairs: [(key: Range<Int>, value: Range<Int>)] = []

    /// `nil` for a line with fewer pairs, and for one with a brace outside of them, which is JSON's to read.
    init?(in line: ArraySlice<UInt8>) {
        self.line = line
        var index = line.startIndex
        while let equals = Self.equals(in: line, from: index) {
            var start = equals
            while start > index, Self.isKey(line[start - 1]) { start -= 1 }
            var end = equals + 2
            while end < line.endIndex, line[end] != 0x22 { end += line[end] == 0x5C ? 2 : 1 }
            guard end < line.endIndex else { break }
            let isAlone = start == line.startIndex || [0x20, 0x09, 0x2C, 0x5B].contains(line[start - 1])
            if start < equals, isAlone { pairs.append((start..<equals, equals + 2..<end)) }
            index = end + 1
        }
        guard pairs.count > 1, !rest.contains(0x7B) else { return nil }
    }

    /// Where the first pair begins.
    var start: Int { pairs[0].key.lowerBound }

    /// The words around the pairs, as `text`, then each pair.
    func add(to flat: inout FlatObject) {
        let words = Array(rest.split(separator: 0x20).joined(separator: [0x20]))
        if !words.isEmpty { flat.add("text", words.span) }
        for pair in pairs {
            flat.add(line[pair.key].span, Array(TextLine.unescaped(line[pair.value], before: 0x22)))
        }
    }

    /// What is in no pair.
    private var rest: [UInt8] {
        var rest: [UInt8] = []
        var index = line.startIndex
        for pair in pairs {
            rest += line[index..<pair.key.lowerBound]
            index = pair.value.upperBound + 1
        }
        return rest + line[index...]
    }

    private static func equals(in line: ArraySlice<UInt8>, from start: Int) -> Int? {
        var index = start
        while index + 1 < line.endIndex {
            if line[index] == 0x3D, line[index + 1] == 0x22 { return index }
            index += 1
        }
        return nil
    }

    private static func isKey(_ byte: UInt8) -> Bool {
        let letter = byte | 0x20
        return letter >= 0x61 && letter <= 0x7A || byte >= 0x30 && byte <= 0x39 || byte == 0x5F
            || byte == 0x2D
            || byte == 0x2E
    }
}
