package import Engine

/// The door to the network: one request, one answer.
///
/// An HTTP status is an answer, never a fault; a fault means that no complete answer came. Redirects are not
/// followed and TLS is verified. A cancelled task ends its request.
package protocol Transport: Sendable {
    func send(_ request: HTTPRequest) async throws(Fault) -> HTTPResponse
}

/// The door to the clock.
package protocol TimeSource: Sendable {
    var now: Timestamp { get }
    func sleep(until deadline: Timestamp) async throws(CancellationError)
}

/// The door to the disk. Paths are relative to the volume's root, with `/` between the parts; folders come into
/// being when a file in them is written, and everything is created private (0600, 0700).
///
/// Files only grow, are renamed or are removed: nothing is overwritten. What was appended survives a crash once
/// `synchronize` has returned, and not before.
package protocol Volume: Sendable {
    /// Appends and returns the file's new length. After a fault an unknown part of `bytes` may stand at the end.
    func append(_ bytes: [UInt8], to path: String) async throws(Fault) -> Int64
    /// Makes the file's bytes and its name durable.
    func synchronize(_ path: String) async throws(Fault)
    /// The bytes in `range`, fewer where the file ends; a missing file is a fault.
    func read(_ path: String, in range: Range<Int64>) async throws(Fault) -> [UInt8]
    /// The same of several ranges of one file, at once.
    func read(_ path: String, _ ranges: [Range<Int64>]) async throws(Fault) -> [[UInt8]]
    /// The file's length, or `nil` where there is no such file.
    func length(of path: String) async throws(Fault) -> Int64?
    /// Replaces `new` where it exists, atomically and durably.
    func rename(_ old: String, to new: String) async throws(Fault)
    /// Removing what is not there is no fault.
    func remove(_ path: String) async throws(Fault)
    /// The paths of all files under a folder, at any depth, in byte order; empty where the folder is missing.
    func files(under folder: String) async throws(Fault) -> [String]
}

extension Volume {
    package func read(_ path: String, _ ranges: [Range<Int64>]) async throws(Fault) -> [[UInt8]] {
        var pieces: [[UInt8]] = []
        for range in ranges { pieces.append(try await read(path, in: range)) }
        return pieces
    }
}

/// The door to chance: jitter, boundaries, nonces.
package protocol Entropy: Sendable {
    func next() -> UInt64
}

extension Entropy {
    /// A number in 0 ..< 1.
    package func fraction() -> Double { Double(next() >> 11) * 0x1p-53 }

    package func bytes(_ count: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < count {
            let word = next()
            for shift in 0..<min(8, count - bytes.count) {
                bytes.append(UInt8(truncatingIfNeeded: word >> (8 * UInt64(shift))))
            }
        }
        return bytes
    }
}

/// The four doors together, as they are handed to whatever touches the world.
package struct Doors: Sendable {
    package var transport: any Transport
    package var time: any TimeSource
    package var volume: any Volume
    package var entropy: any Entropy

    package init(
        transport: any Transport, time: any TimeSource, volume: any Volume, entropy: any Entropy
    ) {
        self.transport = transport
        self.time = time
        self.volume = volume
        self.entropy = entropy
    }
}
