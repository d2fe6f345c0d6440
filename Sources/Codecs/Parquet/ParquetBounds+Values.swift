extension ParquetBounds {
    /// The bounds of a column of 64-bit numbers or times.
    package var integers: (min: Int64, max: Int64)? {
        guard let min = Self.word(min, as: .int64), let max = Self.word(max, as: .int64) else { return nil }
        return (min, max)
    }
}

extension ParquetBounds {
    /// Whether a text lies between the bounds, cut ones included.
    package func mayHold(text: [UInt8]) -> Bool {
        !text.lexicographicallyPrecedes(min) && !max.lexicographicallyPrecedes(text)
    }
}
