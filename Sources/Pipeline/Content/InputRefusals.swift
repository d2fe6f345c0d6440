package import Engine
package import Ports

/// What a command could not read of its inputs: counted, the first told, and all of it kept in the `--rejects FILE`.
package final class InputRefusals {
    /// Reasons that are told; of more the count, and the file where one is named.
    package static let toldMax = 10
    /// Written out when so many bytes have come together.
    private static let heldBytes = 1 << 20

    /// Records refused, and inputs that could not be read to their end.
    package private(set) var records = 0
    package private(set) var inputs = 0
    /// The first of them, as `file:line: reason`.
    package private(set) var told: [String] = []

    private let feed: String
    private let kept: (volume: any Volume, name: String)?
    private var held: [UInt8] = []
    private var hasWritten = false

    /// - Parameter kept: the file they are kept in, which is begun anew.
    package init(feed: String, keptIn kept: (volume: any Volume, name: String)?) async throws(Fault) {
        self.feed = feed
        self.kept = kept
        try await kept?.volume.remove(kept?.name ?? "")
    }

    package var isEmpty: Bool { records + inputs == 0 }

    /// A record of an input that could not become an event.
    package func add(_ file: String, _ refusal: Refusal) {
        records += 1
        take(file, line: refusal.line, refusal.reason, refusal.raw)
    }

    /// An input that could not be opened, or not be read to its end.
    package func add(_ file: String, reason: String) {
        inputs += 1
        take(file, line: 0, reason, [])
    }

    private func take(_ file: String, line: Int, _ reason: String, _ raw: [UInt8]) {
        if told.count < Self.toldMax {
            told.append(line > 0 ? "\(file):\(line): \(reason)" : "\(file): \(reason)")
        }
        guard kept != nil else { return }
        var entry = DeadLetterEntry(feed: feed, source: "", reason: reason, raw: raw, at: .epoch)
        entry.file = file
        entry.line = line
        entry.write(into: &held)
    }

    /// Writes out what is held where that has become much.
    package func settle() async throws(Fault) {
        if held.count >= Self.heldBytes { try await write() }
    }

    /// Writes out the rest and makes it durable.
    package func finish() async throws(Fault) {
        try await write()
        if let kept, hasWritten { try await kept.volume.synchronize(kept.name) }
    }

    private func write() async throws(Fault) {
        guard let kept, !held.isEmpty else { return }
        _ = try await kept.volume.append(held, to: kept.name)
        held.removeAll(keepingCapacity: true)
        hasWritten = true
    }
}
