import CJSON

/// Growing bytes with the padding simdjson reads into, their structural index, and room for the matches.
///
/// One buffer's memory is its largest window: bytes, 4 bytes for each byte of capacity in simdjson's index (touched
/// only as far as there are tokens), 4 bytes for each token.
@safe final class JSONBuffer {
    static let padding = Int(martlet_json_padding)

    private(set) var bytes: UnsafeMutablePointer<UInt8>
    private(set) var capacity: Int
    /// Bytes in use. Behind them stand `padding` zeros, as long as nobody writes past `count`.
    private(set) var count = 0
    private var matches: UnsafeMutablePointer<UInt32>
    private var matchCapacity = 0
    private let stack = UnsafeMutablePointer<UInt32>.allocate(capacity: JSONGrammar.depthMax)
    private let indexer: OpaquePointer

    init(capacity: Int) {
        self.capacity = capacity
        unsafe bytes = .allocate(capacity: capacity + Self.padding)
        unsafe bytes.initialize(repeating: 0, count: Self.padding)
        unsafe matches = .allocate(capacity: 1)
        guard let indexer = unsafe martlet_json_indexer_create() else { fatalError("out of memory") }
        unsafe self.indexer = unsafe indexer
    }

    deinit {
        unsafe bytes.deallocate()
        unsafe matches.deallocate()
        unsafe stack.deallocate()
        unsafe martlet_json_indexer_destroy(indexer)
    }

    var view: ByteView { unsafe ByteView(bytes) }

    func reserve(_ extra: Int) {
        guard count + extra > capacity else { return }
        let grown = max(count + extra, capacity * 2)
        let moved = UnsafeMutablePointer<UInt8>.allocate(capacity: grown + Self.padding)
        unsafe moved.update(from: bytes, count: count + Self.padding)
        unsafe bytes.deallocate()
        unsafe bytes = unsafe moved
        capacity = grown
    }

    func append(_ source: UnsafeBufferPointer<UInt8>) {
        guard let base = source.baseAddress, source.count > 0 else { return }
        reserve(source.count)
        unsafe (bytes + count).update(from: base, count: source.count)
        end(at: count + source.count)
    }

    func append(_ byte: UInt8) {
        reserve(1)
        unsafe bytes[count] = byte
        end(at: count + 1)
    }

    /// Writes `source` over what stands at `offset`; no longer than that is.
    func overwrite(at offset: Int, with source: UnsafeBufferPointer<UInt8>) {
        precondition(offset + source.count <= count)
        guard let base = source.baseAddress else { return }
        unsafe (bytes + offset).update(from: base, count: source.count)
    }

    /// Drops everything from `end` on.
    func truncate(to end: Int) { self.end(at: end) }

    private func end(at end: Int) {
        count = end
        unsafe (bytes + end).update(repeating: 0, count: Self.padding)
    }

    /// Moves the bytes from `start` on to the front.
    func dropFirst(_ start: Int) {
        guard start > 0 else { return }
        let left = count - start
        unsafe bytes.update(from: bytes + start, count: left)
        end(at: left)
    }

    func reserveMatches(_ tokens: Int) {
        guard tokens > matchCapacity else { return }
        unsafe matches.deallocate()
        matchCapacity = tokens + tokens / 4
        unsafe matches = .allocate(capacity: matchCapacity)
    }

    /// What the index of a part of the buffer came to.
    enum Outcome {
        case indexed(tokens: TokenView, count: Int), badUTF8, badControl, unclosed, nothing, failed
    }

    func index(from start: Int, count: Int) -> Outcome {
        var positions: UnsafePointer<UInt32>?
        var found = 0
        let code = unsafe martlet_json_index(indexer, bytes + start, count, &positions, &found)
        switch Int(code) {
        case Int(martlet_json_indexed):
            guard let positions = unsafe positions else { return .failed }
            return unsafe .indexed(tokens: TokenView(positions), count: found)
        case Int(martlet_json_bad_utf8): return .badUTF8
        case Int(martlet_json_bad_control): return .badControl
        case Int(martlet_json_unclosed): return .unclosed
        case Int(martlet_json_nothing): return .nothing
        default: return .failed
        }
    }

    var matchView: TokenView { unsafe TokenView(matches) }

    /// Checks the container at token `token` of an index of the bytes from `start` on.
    func check(_ tokens: TokenView, count: Int, from token: Int, bytesFrom start: Int) -> JSONGrammar.Verdict
    {
        unsafe JSONGrammar.check(
            bytes: ByteView(bytes + start), tokens: tokens, count: count, matches: matches, stack: stack,
            from: token)
    }

    /// Checks the scalar or container at `token`, which is no record: an element that should be one, or a member of a
    /// wrapper. What the last token begins may go on in bytes yet to come.
    func checkValue(_ tokens: TokenView, count: Int, at token: Int, bytesFrom start: Int)
        -> JSONGrammar.Verdict
    {
        let view = unsafe ByteView(bytes + start)
        let position = Int(tokens[token])
        switch view[position] {
        case 0x7B, 0x5B: return check(tokens, count: count, from: token, bytesFrom: start)
        case _ where token + 1 >= count: return .incomplete
        case 0x22: return .whole(next: token + 1, isCompact: true)
        case 0x2D, 0x30...0x39, 0x74, 0x66, 0x6E:
            let end = JSONGrammar.scalarEnd(view, position)
            let next = Int(tokens[token + 1])
            if end == next || (end > 0 && end < next && JSONGrammar.isWhite(view[end])) {
                return .whole(next: token + 1, isCompact: true)
            }
            return .broken(offset: position, .badLiteral)
        default: return .broken(offset: position, .valueExpected)
        }
    }
}
