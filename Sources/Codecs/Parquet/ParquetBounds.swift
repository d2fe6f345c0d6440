/// The least and the greatest value of a column chunk or page, in the bytes that the format gives them.
package struct ParquetBounds: Hashable, Sendable {
    package var min: [UInt8]
    package var max: [UInt8]
    /// False where a long text was cut: the bound still bounds.
    package var isMinExact = true
    package var isMaxExact = true

    init(_ min: [UInt8], _ max: [UInt8], isMinExact: Bool = true, isMaxExact: Bool = true) {
        self.min = min
        self.max = max
        self.isMinExact = isMinExact
        self.isMaxExact = isMaxExact
    }

    /// Bounds of byte strings, cut to about this many bytes.
    init(min: ArraySlice<UInt8>, max: ArraySlice<UInt8>, bytesMax: Int, isText: Bool) {
        self.init([], [])
        if min.count > bytesMax {
            self.min = Array(min[..<Self.cut(min, bytesMax, isText: isText)])
            isMinExact = false
        } else {
            self.min = Array(min)
        }
        if max.count > bytesMax,
            let above = Self.raised(max[..<Self.cut(max, bytesMax, isText: isText)], isText: isText)
        {
            self.max = above
            isMaxExact = false
        } else {
            self.max = Array(max)
        }
    }

    /// Bounds of words of this type. `nil` for doubles of which one is no number.
    static func encoded(_ word: Int64, as type: ParquetType) -> [UInt8] {
        let width =
            switch type {
            case .boolean: 1
            case .int32: 4
            default: 8
            }
        return (0..<width).map { UInt8(truncatingIfNeeded: word >> Int64(8 * $0)) }
    }

    static func word(_ bytes: [UInt8], as type: ParquetType) -> Int64? {
        let width = type == .boolean ? 1 : type == .int32 ? 4 : 8
        guard bytes.count == width else { return nil }
        var word: UInt64 = 0
        for index in 0..<width { word |= UInt64(bytes[index]) << UInt64(8 * index) }
        return width == 4 ? Int64(Int32(truncatingIfNeeded: word)) : Int64(bitPattern: word)
    }

    /// The order of bounds of this type.
    static func isLess(_ left: [UInt8], _ right: [UInt8], as type: ParquetType) -> Bool {
        if type.isBytes { return left.lexicographicallyPrecedes(right) }
        guard let left = word(left, as: type), let right = word(right, as: type) else { return false }
        guard type == .double else { return left < right }
        return Double(bitPattern: UInt64(bitPattern: left)) < Double(bitPattern: UInt64(bitPattern: right))
    }

    /// Where to cut so that no character is torn.
    private static func cut(_ bytes: ArraySlice<UInt8>, _ bytesMax: Int, isText: Bool) -> Int {
        var end = bytes.startIndex + bytesMax
        guard isText else { return end }
        while end > bytes.startIndex, bytes[end] & 0xC0 == 0x80 { end -= 1 }
        return end
    }

    /// The least that is above everything that begins so; `nil` where there is none.
    private static func raised(_ bytes: ArraySlice<UInt8>, isText: Bool) -> [UInt8]? {
        var end = bytes.endIndex
        while end > bytes.startIndex {
            end -= 1
            if !isText {
                if bytes[end] < 0xFF { return bytes[..<end] + [bytes[end] + 1] }
                continue
            }
            while end > bytes.startIndex, bytes[end] & 0xC0 == 0x80 { end -= 1 }
            let text = String(decoding: bytes[end...], as: UTF8.self)
            guard let scalar = text.unicodeScalars.first, scalar.value < 0x10FFFF else { continue }
            let next = scalar.value + 1
            let above = Unicode.Scalar(next) ?? Unicode.Scalar(0xE000 as UInt32)
            guard let above else { continue }
            return bytes[..<end] + Array(String(Character(above)).utf8)
        }
        return nil
    }
}
