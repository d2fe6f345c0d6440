/// One thing a collector fetched: a file, an S3 object, a page of an API's answer.
package struct RawObject: Sendable {
    /// What a person calls it: a path, `s3://bucket/key`, a URL without its query.
    package var name: String
    /// As it came: plain, gzip or zstd, in any layout the record reader knows.
    package var bytes: [UInt8]
    /// Why it could not be fetched or must not be read, where that is so; it then counts as one malformed record.
    package var refusal: String?

    package init(name: String, bytes: [UInt8], refusal: String? = nil) {
        self.name = name
        self.bytes = bytes
        self.refusal = refusal
    }
}

/// What a collector hands over at once, and the unit of commitment: its events are durable together with its
/// position, or not at all.
package struct RawPage: Sendable {
    /// `aws.cloudtrail`, or `auto`.
    package var feed: String
    /// The collector's name in the pipeline file.
    package var source: String
    package var objects: [RawObject]
    /// The position to resume from once this page is durable, in the collector's own form; `nil` leaves it.
    package var position: [UInt8]?
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

/// Where pages go: normalized, scored, appended to every exporter's spool and committed.
package protocol PageSink: Sendable {
    /// Returns once everything in the page is durable and its position is saved, in that order.
    ///
    /// A fault leaves nothing behind: the page may be delivered again. Waits while a spool is full.
    func deliver(_ page: RawPage) async throws(Fault) -> PageReceipt
    /// The position saved with the last durable page of this source; `nil` at a first start.
    func position(of source: String) async throws(Fault) -> [UInt8]?
}
