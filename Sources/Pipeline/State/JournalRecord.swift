package import Engine
package import Exporters

/// What tells one version of one record from all others: a duplicate has the same key.
package struct DuplicateKey: Hashable, Sendable, BitwiseCopyable {
    /// A keyed hash of `metadata.uid`, and the digest of the vendor's bytes.
    package var uid: UInt64
    package var content: UInt64

    package init(uid: UInt64, content: UInt64) {
        self.uid = uid
        self.content = content
    }
}

/// Everything a page changes, in one record: written whole, or the page did not happen.
package struct PageCommit: Hashable, Sendable {
    package struct Keys: Hashable, Sendable {
        /// Hours since 1970-01-01T00:00Z, of the events' own time.
        package var hour: Int64
        package var keys: [DuplicateKey]
    }

    package struct Queued: Hashable, Sendable {
        package var exporter: String
        /// Whose rows these are: an index into `ledger`.
        package var account: Int
        package var extents: [SpoolExtent]
    }

    package struct Delta: Hashable, Sendable {
        package var key: LedgerKey
        package var row: Ledger.Row
    }

    package var source: String
    package var position: [UInt8]?
    package var ledger: [Delta] = []
    package var queued: [Queued] = []
    package var deadLetter: [DeadLetterExtent] = []
    package var duplicates: [Keys] = []

    package init(source: String, position: [UInt8]?) {
        self.source = source
        self.position = position
    }
}

/// Entries of one dead-letter file, one after the other.
package struct DeadLetterExtent: Hashable, Sendable {
    package var file: UInt64
    package var start: Int64
    package var end: Int64
    package var entries: Int
}

/// Where a dead-letter entry begins.
package struct DeadLetterPlace: Hashable, Sendable, Comparable {
    package var file: UInt64
    package var offset: Int64

    package init(file: UInt64, offset: Int64) {
        self.file = file
        self.offset = offset
    }

    package static func < (a: Self, b: Self) -> Bool { (a.file, a.offset) < (b.file, b.offset) }
}

/// One line of the journal. `docs/state.md` has the bytes.
package enum JournalRecord: Hashable, Sendable {
    package struct Count: Hashable, Sendable {
        package var key: LedgerKey
        package var rows: Int
    }

    case snapshot(JournalState)
    case page(PageCommit)
    case attempt(exporter: String, rows: Range<UInt64>, resent: [Count])
    case verdict(
        exporter: String, rows: Range<UInt64>, accepted: [Count], refused: [Count],
        deadLetter: [DeadLetterExtent])
    case release(exporter: String, rows: Range<UInt64>)
    /// A health note; an empty text takes the subject's note back.
    case note(subject: String, text: String, at: Timestamp)
    /// A dead-letter entry that was sent again.
    case redriven(DeadLetterPlace)
    /// A dead-letter file of which everything was sent again: it may go.
    case forgotten(file: UInt64)
}

extension [LedgerKey: Int] {
    var list: [JournalRecord.Count] {
        sorted { $0.key < $1.key }.map { JournalRecord.Count(key: $0.key, rows: $0.value) }
    }

    init(_ list: [JournalRecord.Count]) {
        self.init(list.map { ($0.key, $0.rows) }, uniquingKeysWith: +)
    }
}
