/// Plain values one behind the other, in memory that grows as they are appended and is kept when they are removed.
///
/// An array without the counting of references and the checks of bounds that a loop over millions of values would pay
/// for at each of them: whoever reads and writes stays below `count`.
@safe package struct GrowingBuffer<Element: BitwiseCopyable>: ~Copyable, @unchecked Sendable {
    private(set) var base: UnsafeMutablePointer<Element>
    private(set) var capacity = 0
    package private(set) var count = 0

    package init() { unsafe base = unsafe Self.nowhere }

    deinit { if capacity > 0 { unsafe base.deallocate() } }

    /// Bytes behind what is held that can be read and written, so that short copies need not be exact.
    static var slack: Int { 64 }

    /// Never read or written.
    private static var nowhere: UnsafeMutablePointer<Element> {
        unsafe UnsafeMutablePointer(bitPattern: MemoryLayout<Element>.alignment).unsafelyUnwrapped
    }

    package var isEmpty: Bool { count == 0 }
    package var byteCount: Int { capacity * MemoryLayout<Element>.stride }

    package subscript(index: Int) -> Element {
        @inline(__always) get {
            assert(index >= 0 && index < count)
            return unsafe base[index]
        }
        @inline(__always) set {
            assert(index >= 0 && index < count)
            unsafe base[index] = newValue
        }
    }

    /// The values, valid until the next that is appended.
    package var view: UnsafeBufferPointer<Element> { unsafe UnsafeBufferPointer(start: base, count: count) }

    @inline(__always) package mutating func append(_ element: Element) {
        if count == capacity { grow(1) }
        unsafe base[count] = element
        count &+= 1
    }

    package mutating func append(repeating element: Element, count more: Int) {
        reserve(more)
        unsafe (base + count).update(repeating: element, count: more)
        count += more
    }

    @inline(__always) package mutating func append(_ source: UnsafePointer<Element>, count more: Int) {
        reserve(more)
        unsafe (base + count).update(from: source, count: more)
        count &+= more
    }

    package mutating func append(contentsOf values: [Element]) {
        unsafe values.withUnsafeBufferPointer { values in
            if let start = values.baseAddress { unsafe append(start, count: values.count) }
        }
    }

    /// Makes room for more values behind the last.
    @inline(__always) mutating func reserve(_ more: Int) {
        if count &+ more > capacity { grow(more) }
    }

    /// So many values behind the last, there already, count from now on.
    @inline(__always) mutating func add(_ more: Int) {
        assert(count + more <= capacity)
        count &+= more
    }

    /// Where the next value goes.
    @inline(__always) var end: UnsafeMutablePointer<Element> { unsafe base + count }

    mutating func removeLast(to newCount: Int) { count = newCount }

    package mutating func removeAll() { count = 0 }

    /// Gives back what is more than this: bytes.
    mutating func shrink(to bytesMax: Int) {
        guard byteCount > bytesMax else { return }
        unsafe base.deallocate()
        unsafe base = unsafe Self.nowhere
        capacity = 0
        count = 0
    }

    @inline(never) private mutating func grow(_ more: Int) {
        let larger = max(capacity * 2, count + more, 64)
        let grown = UnsafeMutablePointer<Element>.allocate(
            capacity: larger + Self.slack / MemoryLayout<Element>.stride + 1)
        unsafe grown.update(from: base, count: count)
        if capacity > 0 { unsafe base.deallocate() }
        unsafe base = unsafe grown
        capacity = larger
    }
}

extension GrowingBuffer<UInt8> {
    /// Appends the word's bytes, the least first.
    @inline(__always) mutating func append<Word: FixedWidthInteger & BitwiseCopyable>(word: Word) {
        reserve(MemoryLayout<Word>.size)
        unsafe UnsafeMutableRawPointer(end).storeBytes(of: word.littleEndian, as: Word.self)
        add(MemoryLayout<Word>.size)
    }

    /// Appends a few bytes of another buffer, which have its slack behind them.
    @inline(__always) mutating func append(few source: UnsafePointer<UInt8>, count more: Int) {
        reserve(more)
        if more > Self.slack {
            unsafe end.update(from: source, count: more)
        } else {
            // Sixteen at a time beat a call.
            let (from, to) = unsafe (UnsafeRawPointer(source), UnsafeMutableRawPointer(end))
            var offset = 0
            while offset < more {
                let word = unsafe from.loadUnaligned(fromByteOffset: offset, as: SIMD16<UInt8>.self)
                unsafe to.storeBytes(of: word, toByteOffset: offset, as: SIMD16<UInt8>.self)
                offset &+= 16
            }
        }
        add(more)
    }

    @inline(__always) func word<Word: FixedWidthInteger & BitwiseCopyable>(
        at offset: Int, as type: Word.Type
    ) -> Word {
        assert(offset >= 0 && offset + MemoryLayout<Word>.size <= capacity)
        return unsafe Word(
            littleEndian: UnsafeRawPointer(base).loadUnaligned(fromByteOffset: offset, as: Word.self))
    }

    @inline(__always) mutating func set<Word: FixedWidthInteger & BitwiseCopyable>(
        _ word: Word, at offset: Int
    ) {
        assert(offset >= 0 && offset + MemoryLayout<Word>.size <= count)
        unsafe UnsafeMutableRawPointer(base).storeBytes(
            of: word.littleEndian, toByteOffset: offset, as: Word.self)
    }
}
