import Synchronization

/// Buffered bytes on their way to a stream: written out at 64 KiB, at a newline on a terminal, and at the end.
final class Output: Sendable {
    private static let bufferBytes = 64 << 10

    private let buffer = Mutex<[UInt8]>([])
    private let isLineBuffered: Bool
    private let sink: @Sendable ([UInt8]) -> Void

    init(isLineBuffered: Bool = false, to sink: @escaping @Sendable ([UInt8]) -> Void) {
        self.isLineBuffered = isLineBuffered
        self.sink = sink
    }

    func write(_ bytes: some Sequence<UInt8>) {
        buffer.withLock { buffer in
            buffer.append(contentsOf: bytes)
            if buffer.count >= Self.bufferBytes || (isLineBuffered && buffer.contains(0x0A)) {
                sink(buffer)
                buffer.removeAll(keepingCapacity: true)
            }
        }
    }

    func write(_ text: String) { write(text.utf8) }

    func writeLine(_ text: String) { write(text + "\n") }

    /// Hands on what is still buffered.
    func finish() {
        buffer.withLock { buffer in
            if !buffer.isEmpty { sink(buffer) }
            buffer.removeAll(keepingCapacity: true)
        }
    }
}

/// Keeps what was written, for tests.
final class WrittenBytes: Sendable {
    private let bytes = Mutex<[UInt8]>([])

    var text: String { bytes.withLock { String(decoding: $0, as: UTF8.self) } }

    func append(_ more: [UInt8]) { bytes.withLock { $0 += more } }
}
