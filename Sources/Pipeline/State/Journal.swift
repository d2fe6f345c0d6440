import Codecs
import Engine
package import Exporters
package import Ports

/// The one place where anything becomes true: append-only segments of checksummed records.
///
/// Many callers share one write and one synchronize. Each segment begins with a snapshot of everything, so that
/// a start reads the newest segment only, and a new segment is begun at every start and after every fault: what a
/// crash or a fault has left at the end of the old one is never read again, and nothing is overwritten.
package actor Journal {
    package struct Limits: Hashable, Sendable {
        /// A segment is ended at this size, or at four times its snapshot's where that is more: bytes.
        package var segmentBytes: Int64 = 8 << 20
        /// How long old segments are kept, for the duplicates that can be rebuilt from them.
        package var retention = Duration.days(7)
        /// All segments together; beyond it the oldest go early once the duplicates have their own copy.
        package var bytesMax: Int64 = 2 << 30

        /// A stop leaves the keys of duplicates to the journal while a start has no more than this to read for them: a
        /// twentieth of a second.
        package var rereadBytesMax: Int64 = 16 << 20
        package var rereadSegmentsMax = 8

        package init() {}
    }

    /// Records written at once; more wait for the next write.
    static let groupMax = 256

    private enum Turn: Sendable {
        case written(Result<UInt64, Fault>)
        case lead
    }

    private struct Waiting {
        var records: [JournalRecord]
        var continuation: CheckedContinuation<Turn, Never>
    }

    package private(set) var state: JournalState
    /// The number of the next record; records count from 0 over all segments.
    package private(set) var nextSequence: UInt64
    private let volume: any Volume
    private let time: any TimeSource
    private let limits: Limits
    private var segments: [JournalSegment]
    private var nextNumber: UInt64
    /// The segment being written; `nil` when a new one must be begun.
    private var current: (segment: JournalSegment, rotateAt: Int64)?
    private var isWriting = false
    private var waiting: [Waiting] = []
    /// Records before this are in the duplicates' own files.
    private var duplicatesHave: UInt64 = 0

    private init(_ recovered: JournalRecovery, volume: any Volume, time: any TimeSource, limits: Limits) {
        state = recovered.state
        nextSequence = recovered.nextSequence
        segments = recovered.segments
        nextNumber = (recovered.segments.last?.number).map { $0 + 1 } ?? 0
        self.volume = volume
        self.time = time
        self.limits = limits
    }

    /// Recovers what earlier runs have committed and begins a new segment.
    package static func open(
        volume: any Volume, time: any TimeSource, entropy: any Entropy, limits: Limits = Limits()
    ) async throws(Fault) -> Journal {
        let recovered =
            try await JournalRecovery.read(volume)
            ?? JournalRecovery(state: JournalState(secret: [entropy.next(), entropy.next()]))
        let journal = Journal(recovered, volume: volume, time: time, limits: limits)
        try await journal.begin(notes: recovered.notes)
        return journal
    }

    private func begin(notes: [String]) async throws(Fault) {
        for path in try await volume.files(under: "journal") where path.hasSuffix(".new") {
            try await volume.remove(path)
            // Its number may not be used again: a removal need not survive a crash.
            nextNumber = max(nextNumber, (segmentNumber(path) ?? 0) + 1)
        }
        for note in notes { state.apply(.note(subject: "journal", text: note, at: time.now)) }
        try await beginSegment()
    }

    /// Makes the records durable, all or none of them, and then true. Gives the number of the last one.
    ///
    /// A fault leaves nothing behind: the records are not applied, and are not found by a later start unless the
    /// program dies before its next commit.
    @discardableResult
    package func commit(_ records: [JournalRecord]) async throws(Fault) -> UInt64 {
        if isWriting {
            let turn = await withCheckedContinuation {
                waiting.append(Waiting(records: records, continuation: $0))
            }
            switch turn {
            case .written(let result): return try result.get()
            case .lead: break
            }
        }
        isWriting = true
        let group = Array(waiting.prefix(Self.groupMax))
        waiting.removeFirst(group.count)
        let results = await write([records] + group.map(\.records))
        for (member, result) in zip(group, results.dropFirst()) {
            member.continuation.resume(returning: .written(result))
        }
        if waiting.isEmpty {
            isWriting = false
        } else {
            waiting.removeFirst().continuation.resume(returning: .lead)
        }
        return try results[0].get()
    }

    /// One append and one synchronize for all; then, and only then, they are applied in their order.
    private func write(_ members: [[JournalRecord]]) async -> [Result<UInt64, Fault>] {
        var writer = BinaryWriter()
        for record in members.joined() { JournalSegment.put(record, into: &writer) }
        do throws(Fault) {
            if current.map({ $0.segment.bytes >= $0.rotateAt }) ?? true { try await beginSegment() }
            guard case (var segment, let rotateAt)? = current else {
                throw Fault(.transient, "no journal segment is open")
            }
            segment.bytes = try await volume.append(writer.bytes, to: segment.path)
            try await volume.synchronize(segment.path)
            current = (segment, rotateAt)
            segments[segments.count - 1] = segment
        } catch let fault {
            // What of it stands there is unknown: the next commit begins a segment that does not have it.
            current = nil
            return members.map { _ in .failure(fault) }
        }
        var results: [Result<UInt64, Fault>] = []
        for records in members {
            for record in records { state.apply(record) }
            nextSequence += UInt64(records.count)
            results.append(.success(nextSequence - 1))
        }
        return results
    }

    /// Written under another name and renamed when durable: a segment that is there has a whole snapshot.
    private func beginSegment() async throws(Fault) {
        current = nil
        var segment = JournalSegment(number: nextNumber, firstSequence: nextSequence, created: time.now)
        nextNumber += 1
        var writer = BinaryWriter()
        segment.putHead(into: &writer)
        JournalSegment.put(.snapshot(state), into: &writer)
        let draft = segment.path.replacing(".mj", with: ".new")
        segment.bytes = try await volume.append(writer.bytes, to: draft)
        try await volume.synchronize(draft)
        try await volume.rename(draft, to: segment.path)
        segments.append(segment)
        current = (segment, max(limits.segmentBytes, 4 * segment.bytes))
        await removeOldSegments()
    }

    /// Keeps what the duplicates may have to be rebuilt from, and always the two newest segments.
    private func removeOldSegments() async {
        let oldest = time.now - limits.retention
        while segments.count > 2 {
            let total = segments.reduce(0) { $0 + $1.bytes }
            let isOld = segments[1].created < oldest || total > limits.bytesMax
            guard isOld, segments[1].firstSequence <= duplicatesHave else { return }
            do throws(Fault) { try await volume.remove(segments[0].path) } catch { return }
            segments.removeFirst()
        }
    }

    package func setDuplicatesHave(_ sequence: UInt64) { duplicatesHave = max(duplicatesHave, sequence) }

    /// Whether a start reads the keys of duplicates back from the journal as quickly as from files of their own.
    package var holdsFewKeys: Bool {
        let first = segments.lastIndex { $0.firstSequence <= duplicatesHave } ?? 0
        let needed = segments[first...]
        let bytes = needed.reduce(0) { $0 + $1.bytes }
        return needed.count <= limits.rereadSegmentsMax && bytes <= limits.rereadBytesMax
    }

    /// Hands over every kept page commit from a record number on, a segment's at a time and oldest first, with the
    /// number of the record after them.
    package func replay(
        from sequence: UInt64, _ body: (UInt64, [PageCommit]) async throws(Fault) -> Void
    ) async throws(Fault) {
        let kept = segments
        for (index, segment) in kept.enumerated() {
            // What a later segment's snapshot does not count did not happen.
            let end = index + 1 < kept.count ? kept[index + 1].firstSequence : nextSequence
            guard end > sequence else { continue }
            var number = segment.firstSequence
            var pages: [PageCommit] = []
            try await segment.scan(volume) { record in
                if case .snapshot = record { return true }
                guard number < end else { return false }
                if number >= sequence, case .page(let page) = record { pages.append(page) }
                number += 1
                return true
            }
            try await body(end, pages)
        }
    }

    /// The account that a row was queued under, as the commit of its page has said; `nil` where no segment that is
    /// kept holds that commit.
    package func ledgerKey(of exporter: String, row: UInt64) async throws(Fault) -> LedgerKey? {
        var found: LedgerKey?
        for segment in segments {
            var nextRow: UInt64 = 0
            try await segment.scan(volume) { record in
                switch record {
                case .snapshot(let state): nextRow = state.queues[exporter]?.nextRow ?? 0
                case .page(let page):
                    for one in page.queued where one.exporter == exporter {
                        let end = one.extents.reduce(nextRow) { $0 + UInt64($1.rows) }
                        if (nextRow..<end).contains(row), page.ledger.indices.contains(one.account) {
                            found = page.ledger[one.account].key
                        }
                        nextRow = end
                    }
                default: break
                }
                return true
            }
        }
        return found
    }
}
