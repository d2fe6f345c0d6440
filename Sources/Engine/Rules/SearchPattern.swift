import CRegex

/// A regular expression of a rule: RE2 where RE2 takes it, so that its time is linear in the text, else PCRE2
/// under match, depth and heap limits.
///
/// Compiled once and only read afterwards, so that lanes may share it.
@safe package final class SearchPattern: @unchecked Sendable {
    package struct Flags: OptionSet, Hashable, Sendable {
        package let rawValue: UInt32
        package init(rawValue: UInt32) { self.rawValue = rawValue }
        package static let ignoreCase = Flags(rawValue: 1)
        package static let multiline = Flags(rawValue: 2)
        package static let dotAll = Flags(rawValue: 4)
    }

    package struct Refused: Error { package let reason: String }

    package enum Outcome { case miss, hit, limit }

    private let regex: OpaquePointer

    package init(_ pattern: String, _ flags: Flags) throws(Refused) {
        var reason = [CChar](repeating: 0, count: 256)
        let bytes = Array(pattern.utf8)
        let compiled = unsafe bytes.withUnsafeBufferPointer { text in
            unsafe reason.withUnsafeMutableBufferPointer { out in
                unsafe martlet_regex_compile(
                    text.baseAddress, text.count, flags.rawValue, out.baseAddress, out.count)
            }
        }
        guard let compiled = unsafe compiled else {
            throw Refused(
                reason: String(
                    decoding: reason.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self))
        }
        unsafe regex = compiled
    }

    deinit { unsafe martlet_regex_free(regex) }

    /// Whether the time of a search is linear in the text.
    package var isLinear: Bool { unsafe martlet_regex_is_linear(regex) }

    /// Searches valid UTF-8, not anchored.
    package func search(_ text: Span<UInt8>) -> Outcome {
        let found = unsafe text.withUnsafeBufferPointer {
            unsafe martlet_regex_search(regex, $0.baseAddress, $0.count)
        }
        return found == 1 ? .hit : found == 0 ? .miss : .limit
    }
}

/// Byte work that the C library or the vectoriser does better than a loop over a checked span.
enum Bytes {
    static func contain(_ text: Span<UInt8>, _ needle: Span<UInt8>) -> Bool {
        unsafe text.withUnsafeBufferPointer { text in
            unsafe needle.withUnsafeBufferPointer { needle in
                unsafe martlet_bytes_contain(text.baseAddress, text.count, needle.baseAddress, needle.count)
            }
        }
    }

    /// Whether any of several needles occurs, in one pass.
    static func containAny(_ text: Span<UInt8>, _ needles: Needles, in texts: [UInt8]) -> Bool {
        unsafe text.withUnsafeBufferPointer { text in
            unsafe needles.first.withUnsafeBufferPointer { first in
                unsafe needles.second.withUnsafeBufferPointer { second in
                    unsafe texts.withUnsafeBufferPointer { texts in
                        unsafe needles.starts.withUnsafeBufferPointer { starts in
                            unsafe needles.counts.withUnsafeBufferPointer { counts in
                                unsafe martlet_bytes_contain_any(
                                    text.baseAddress, text.count, first.baseAddress, second.baseAddress,
                                    texts.baseAddress, starts.baseAddress, counts.baseAddress)
                            }
                        }
                    }
                }
            }
        }
    }

    /// Whether two spans of equal length hold the same bytes.
    @inline(__always) static func equal(_ a: Span<UInt8>, _ b: Span<UInt8>) -> Bool {
        guard a.count == b.count else { return false }
        return unsafe a.withUnsafeBufferPointer { a in
            unsafe b.withUnsafeBufferPointer { b in
                unsafe martlet_bytes_equal(a.baseAddress, b.baseAddress, a.count)
            }
        }
    }

    struct Met: OptionSet {
        let rawValue: UInt32
        static let backslash = Met(rawValue: 1)
        static let nonASCII = Met(rawValue: 2)
    }

    /// Writes part of a tape to the arena with A-Z lower-cased, growing the arena where needed.
    static func foldASCII(_ tape: JSONTape, _ extent: Extent, into arena: inout [UInt8], at used: Int) -> Met
    {
        grow(&arena, to: used + Int(extent.count))
        let met = unsafe arena.withUnsafeMutableBufferPointer { arena in
            unsafe martlet_fold_ascii(
                arena.baseAddress.map { unsafe $0 + used }, tape.bytes.base + Int(extent.start),
                Int(extent.count))
        }
        return Met(rawValue: met)
    }

    /// The same of part of the arena itself.
    static func foldArena(_ arena: inout [UInt8], _ extent: Extent, at used: Int) -> Met {
        grow(&arena, to: used + Int(extent.count))
        let met = unsafe arena.withUnsafeMutableBufferPointer { arena in
            guard let base = arena.baseAddress else { return UInt32(0) }
            return unsafe martlet_fold_ascii(base + used, base + Int(extent.start), Int(extent.count))
        }
        return Met(rawValue: met)
    }

    private static func grow(_ arena: inout [UInt8], to needed: Int) {
        if arena.count < needed {
            arena.append(contentsOf: repeatElement(0, count: max(needed - arena.count, 4_096)))
        }
    }

    static func unescape(_ tape: JSONTape, _ extent: Extent, into out: inout [UInt8]) {
        unsafe JSONText.unescape(tape.bytes(extent), into: &out)
    }

    static func containsBackslash(_ tape: JSONTape, _ extent: Extent) -> Bool {
        tape.bytes.hasBackslash(Int(extent.start), Int(extent.count))
    }

    /// Appends part of a tape.
    static func append(_ tape: JSONTape, _ extent: Extent, to out: inout [UInt8]) {
        unsafe out.append(contentsOf: tape.bytes(extent))
    }

    /// Runs `body` over part of a tape's bytes.
    static func withSpan<Result>(_ tape: JSONTape, _ extent: Extent, _ body: (Span<UInt8>) -> Result)
        -> Result
    {
        let buffer = unsafe tape.bytes(extent)
        return unsafe body(Span(_unsafeElements: buffer))
    }

    static func hash(_ text: Span<UInt8>) -> UInt64 {
        unsafe text.withUnsafeBufferPointer { unsafe martlet_hash($0.baseAddress, $0.count) }
    }
}

/// Texts to be looked for together: by first and second byte, which of them can begin at a place.
struct Needles: Sendable {
    /// Fewer are looked for one after the other; more do not fit the masks.
    static let counts = 3...64

    let first: [UInt64]
    let second: [UInt64]
    let starts: [UInt32]
    let counts: [UInt32]

    /// `nil` for too few, too many or an empty one. The extents are into `texts`.
    init?(_ extents: [Extent], in texts: [UInt8]) {
        guard Self.counts.contains(extents.count), extents.allSatisfy({ !$0.isEmpty }) else { return nil }
        var first = [UInt64](repeating: 0, count: 256)
        var second = [UInt64](repeating: 0, count: 256)
        for (k, extent) in extents.enumerated() {
            let bit = UInt64(1) << UInt64(k)
            first[Int(texts[Int(extent.start)])] |= bit
            if extent.count > 1 {
                second[Int(texts[Int(extent.start) + 1])] |= bit
            } else {
                for byte in 0..<256 { second[byte] |= bit }
            }
        }
        self.first = first
        self.second = second
        starts = extents.map(\.start)
        counts = extents.map(\.count)
    }
}
