import Codecs
package import Engine
import Exporters
package import Ports

/// What was refused, and why: a malformed record, or an event that a receiver will never accept.
package struct DeadLetterEntry: Hashable, Sendable {
    package var uid = ""
    package var feed: String
    package var source: String
    /// The object it came from: a path, `s3://bucket/key`; empty for an event refused by a receiver.
    package var file = ""
    /// From 1; 0 where there is none.
    package var line = 0
    /// Empty for a record that never became an event.
    package var exporter = ""
    package var reason: String
    package var raw: [UInt8]
    package var at: Timestamp

    package init(feed: String, source: String, reason: String, raw: [UInt8], at: Timestamp) {
        self.feed = feed
        self.source = source
        self.reason = reason
        self.raw = raw
        self.at = at
    }
}

/// Append-only files of refused records, one JSON object a line. What the journal has not named does not count.
package actor DeadLetter {
    package struct Limits: Hashable, Sendable {
        /// All files together. From four fifths of it on a finding says so (`HealthStage`); at the limit pages and
        /// verdicts that would refuse something wait, so that nothing is lost.
        package var bytesMax: Int64 = 1 << 30
        /// A file is ended at this size: bytes.
        package var fileBytes: Int64 = 16 << 20

        package init() {}
    }

    package nonisolated let limits: Limits
    private let volume: any Volume
    private let turnstile = Turnstile()
    private var nextFile: UInt64 = 0
    private var current: UInt64?
    private var bytes: Int64 = 0

    package init(volume: any Volume, limits: Limits = Limits()) {
        self.volume = volume
        self.limits = limits
    }

    package static func path(_ file: UInt64) -> String { "deadletter/\(hexadecimal(file)).ndjson" }

    package func open() async throws(Fault) {
        for path in try await volume.files(under: "deadletter") {
            guard let number = segmentNumber(path) else { continue }
            nextFile = max(nextFile, number + 1)
            bytes += try await volume.length(of: path) ?? 0
        }
    }

    package var isNearlyFull: Bool { bytes >= limits.bytesMax / 5 * 4 }
    /// Nothing more can be refused.
    package var isFull: Bool { bytes >= limits.bytesMax }
    /// All files together.
    package var bytesHeld: Int64 { bytes }

    /// Makes the entries durable; they count once the extents are journaled.
    package func append(_ entries: [DeadLetterEntry]) async throws(Fault) -> [DeadLetterExtent] {
        if entries.isEmpty { return [] }
        await turnstile.enter()
        defer { turnstile.leave() }
        guard bytes < limits.bytesMax else {
            throw Fault(
                .transient,
                "the dead letter has reached its limit of \(limits.bytesMax) bytes: send it again with `martlet "
                    + "deadletter redrive`, or raise dead_letter.size; until then nothing more can be refused"
            )
        }
        var lines: [UInt8] = []
        for entry in entries { entry.write(into: &lines) }
        let file = current ?? nextFile
        nextFile = max(nextFile, file + 1)
        current = nil  // until it is known to be whole
        let end = try await volume.append(lines, to: Self.path(file))
        bytes += Int64(lines.count)
        try await volume.synchronize(Self.path(file))
        if end < limits.fileBytes { current = file }
        let start = end - Int64(lines.count)
        return [DeadLetterExtent(file: file, start: start, end: end, entries: entries.count)]
    }

    /// Removes files that nothing counts of any more, other than the one being written.
    package func remove(_ files: Set<UInt64>) async throws(Fault) {
        await turnstile.enter()
        defer { turnstile.leave() }
        for file in files.sorted() where file != current {
            bytes -= try await volume.length(of: Self.path(file)) ?? 0
            try await volume.remove(Self.path(file))
        }
    }

    /// The file being written goes on under another number, so that it may be removed.
    package func beginFile() { current = nil }

    /// Hands over every entry that counts and was not sent again, oldest first, a file's extent at a time.
    package static func read(
        _ volume: any Volume, _ state: JournalState, _ body: (DeadLetterPlace, DeadLetterEntry) -> Void
    ) async throws(Fault) {
        for extent in state.deadLetter {
            var offset = extent.start
            while offset < extent.end {
                let wanted = min(extent.end, offset + (4 << 20))
                var bytes = try await volume.read(path(extent.file), in: offset..<wanted)
                if bytes.lastIndex(of: UInt8(ascii: "\n")) == nil {
                    bytes = try await volume.read(path(extent.file), in: offset..<extent.end)
                }
                guard let last = bytes.lastIndex(of: UInt8(ascii: "\n")) else { break }
                var start = 0
                for line in bytes[...last].split(
                    separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
                {
                    let place = DeadLetterPlace(file: extent.file, offset: offset + Int64(start))
                    start += line.count + 1
                    if !state.redriven.contains(place), let entry = DeadLetterEntry(line: Array(line)) {
                        body(place, entry)
                    }
                }
                offset += Int64(last + 1)
            }
        }
    }
}
