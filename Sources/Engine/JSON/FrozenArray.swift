/// Values that are written once, at start, and then read without a check or a count: what compiled programs are made of.
@safe final class FrozenArray<Element: BitwiseCopyable>: @unchecked Sendable {
    let base: UnsafeMutablePointer<Element>
    let count: Int

    init(_ elements: [Element]) {
        count = elements.count
        unsafe base = .allocate(capacity: max(1, elements.count))
        for (index, element) in elements.enumerated() { unsafe (base + index).initialize(to: element) }
    }

    deinit { unsafe base.deallocate() }

    @inline(__always) subscript(index: Int) -> Element { unsafe base[index] }

    /// The same values without their owner, for a hot loop whose owner somebody else keeps alive.
    var view: FrozenView<Element> { unsafe FrozenView(base: UnsafePointer(base)) }
}

/// A frozen array's values, uncounted: valid as long as the array.
@safe struct FrozenView<Element: BitwiseCopyable>: BitwiseCopyable, @unchecked Sendable {
    fileprivate let base: UnsafePointer<Element>

    @inline(__always) subscript(index: Int) -> Element { unsafe base[index] }

    /// Eight bytes from a place on, the first of them lowest.
    @inline(__always) func word64(_ index: Int) -> UInt64 where Element == UInt8 {
        unsafe UnsafeRawPointer(base + index).loadUnaligned(as: UInt64.self)
    }

    @inline(__always) func pointer(at index: Int) -> UnsafePointer<Element> { unsafe base + index }
}

/// A growing row of plain values that a hot loop writes to; memory is kept from record to record.
@safe struct ScratchRow<Element: BitwiseCopyable> {
    private(set) var base: UnsafeMutablePointer<Element>
    private(set) var capacity: Int
    var count = 0

    init(capacity: Int) {
        self.capacity = capacity
        unsafe base = .allocate(capacity: capacity)
    }

    func deallocate() { unsafe base.deallocate() }

    @inline(__always) subscript(index: Int) -> Element {
        get { unsafe base[index] }
        nonmutating set { unsafe base[index] = newValue }
    }

    /// The values so far, valid until it grows.
    var view: FrozenView<Element> { unsafe FrozenView(base: UnsafePointer(base)) }

    @inline(__always) mutating func append(_ element: Element) {
        if count == capacity { grow() }
        unsafe (base + count).initialize(to: element)
        count += 1
    }

    @inline(never) private mutating func grow() {
        let grown = UnsafeMutablePointer<Element>.allocate(capacity: capacity * 2)
        unsafe grown.moveInitialize(from: base, count: count)
        unsafe base.deallocate()
        unsafe base = unsafe grown
        capacity *= 2
    }
}
