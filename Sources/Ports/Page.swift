/// One thing a collector fetched: a file, an S3 object, a page of an API's answer.
package struct RawObject: Sendable {
    /// What a person calls it: a path, `s3://bucket/key`, a URL without its query.
    package var name: String
    /// As it came: plain, gzip or zstd, in any layout the record reader knows. The first piece of it, if `rest` is set.
    package var bytes: [UInt8]
    /// Where the bytes behind `bytes` come from; `nil` where there are none.
    package var rest: (any PieceSource)?
    /// How many of its first records an earlier page has made durable: they are passed over.
    package var recordsDone = 0
    /// Why it could not be fetched or must not be read, where that is so; it then counts as one malformed record.
    package var refusal: String?

    package init(name: String, bytes: [UInt8], refusal: String? = nil) {
        self.name = name
        self.bytes = bytes
        self.refusal = refusal
    }
}

/// The bytes of an object behind its first piece, read as they are needed.
package protocol PieceSource: Sendable {
    /// The bytes from `offset` on, as many as come at once; none at the end.
    ///
    /// `rejected` and `malformed` say that this object will never be read to its end; other faults stop its page.
    func piece(at offset: Int64) async throws(Fault) -> [UInt8]
}

/// What a collector hands over at once. Events are durable together with the position behind them, or not at all: a
/// small page is committed as one, a large one in parts.
package struct RawPage: Sendable {
    /// `aws.cloudtrail`, or `auto`.
    package var feed: String
    /// The collector's name in the pipeline file.
    package var source: String
    /// The part of the source that it is of, where the ledger tells parts apart: a region.
    package var part: String?
    package var objects: [RawObject]
    /// The position to resume from once this page is durable, in the collector's own form; `nil` leaves it.
    package var position: [UInt8]?
    /// The position to resume from once the page is durable up to a mark; without it the position stays until the
    /// whole page is, and what was durable of it comes again as duplicates.
    package var positionWithin: (@Sendable (PageMark) -> [UInt8])?
    /// Objects, pages or messages seen, and those of them fetched, for the ledger.
    package var listed: Int
    package var fetched: Int

    package init(
        feed: String, source: String, objects: [RawObject], position: [UInt8]?, listed: Int, fetched: Int
    ) {
        self.feed = feed
        self.source = source
        self.objects = objects
        self.position = position
        self.listed = listed
        self.fetched = fetched
    }

    /// What the ledger calls the source.
    package var account: String { part.map { "\(source)/\($0)" } ?? source }
}

/// What became of a page's records.
package struct PageReceipt: Hashable, Sendable {
    package var records = 0
    package var malformed = 0
    package var duplicate = 0
    package var filtered = 0
    package var events = 0

    package init() {}
}

/// How far a page is durable: the objects before `object` wholly, and of that one the first `records`.
package struct PageMark: Hashable, Sendable {
    package var object = 0
    package var records = 0
    /// What the ledger has counted of it.
    package var listed = 0
    package var fetched = 0
    package var receipt = PageReceipt()

    package init() {}
}

/// Where pages go: normalized, scored, appended to every exporter's spool and committed.
package protocol PageSink: Sendable {
    /// Returns once everything in the page behind `mark` is durable and its position is saved, in that order.
    ///
    /// Moves the mark with each part that became durable: after a fault the page may be delivered again from there,
    /// and nothing else of it was left behind. Waits while a spool is full.
    func deliver(_ page: RawPage, from mark: inout PageMark) async throws(Fault) -> PageReceipt
    /// The position saved with the last durable page of this source; `nil` at a first start.
    func position(of source: String) async throws(Fault) -> [UInt8]?
}

extension PageSink {
    /// The whole page in one try.
    package func deliver(_ page: RawPage) async throws(Fault) -> PageReceipt {
        var mark = PageMark()
        return try await deliver(page, from: &mark)
    }
}
