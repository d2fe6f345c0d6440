/// A window's bytes as they came, held while some of them are replaced in the window itself.
@safe final class HeldBytes {
    /// Where they begin in the buffer they were copied from.
    private(set) var start = 0
    private(set) var count = 0
    private var bytes: UnsafeMutablePointer<UInt8>
    private var capacity = 1

    init() { unsafe bytes = .allocate(capacity: 1) }
    deinit { unsafe bytes.deallocate() }

    var isEmpty: Bool { count == 0 }
    var end: Int { start + count }

    func hold(_ source: UnsafePointer<UInt8>, from start: Int, count: Int) {
        if count > capacity {
            unsafe bytes.deallocate()
            capacity = count
            unsafe bytes = .allocate(capacity: count)
        }
        unsafe bytes.update(from: source, count: count)
        self.start = start
        self.count = count
    }

    func removeAll() { count = 0 }

    /// The byte that came at `offset`, and those behind it; `nil` where it is not held.
    func pointer(at offset: Int) -> UnsafePointer<UInt8>? {
        guard offset >= start, offset < end else { return nil }
        return unsafe UnsafePointer(bytes) + (offset - start)
    }

    /// Those of `from..<to` that are held, and where they begin.
    func part(from: Int, to: Int) -> (start: Int, bytes: UnsafeBufferPointer<UInt8>)? {
        let from = max(from, start)
        let to = min(to, end)
        guard from < to else { return nil }
        return unsafe (
            from, UnsafeBufferPointer(start: UnsafePointer(bytes) + (from - start), count: to - from)
        )
    }
}
