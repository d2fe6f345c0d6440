extension [UInt8] {
    /// Moves bytes to a place before their own, in the same buffer.
    package mutating func move(_ range: Range<Int>, down start: Int) {
        precondition(start >= 0 && start <= range.lowerBound && range.upperBound <= count)
        if range.lowerBound == start { return }
        unsafe withUnsafeMutableBufferPointer { bytes in
            guard let base = bytes.baseAddress else { return }
            unsafe (base + start).update(from: base + range.lowerBound, count: range.count)
        }
    }
}
