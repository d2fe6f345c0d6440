import CRegex

/// Finding bytes in bytes.
package enum ByteSearch {
    /// Where the needle, which is not empty, first stands at or behind `start`.
    package static func first(_ needle: [UInt8], in text: [UInt8], from start: Int) -> Int? {
        unsafe text.withUnsafeBufferPointer { unsafe first(needle, in: $0, from: start) }
    }

    /// The same of bytes that somebody else keeps.
    package static func first(
        _ needle: [UInt8], in text: UnsafeBufferPointer<UInt8>, from start: Int
    ) -> Int? {
        guard start >= 0, start < text.count, !needle.isEmpty else { return nil }
        let count = text.count - start
        let found = unsafe needle.withUnsafeBufferPointer { needle -> Int in
            guard let base = text.baseAddress, let first = needle.baseAddress else { return count }
            return unsafe martlet_bytes_find(base + start, count, first, needle.count)
        }
        return found < count ? start + found : nil
    }
}
