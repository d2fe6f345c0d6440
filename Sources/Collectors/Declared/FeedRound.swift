import Engine

/// One pass over what a feed has: what it asks for, and how far it is.
struct FeedRound: Sendable {
    enum Stage: Hashable, Sendable {
        /// The request that must have been made once.
        case before
        /// The records themselves, or a list of what to ask for.
        case list
        /// The same answer, once it is ready.
        case poll
        case partition(Int)
        /// What the first of the items leads to.
        case each
    }

    /// An item of a list, to be followed.
    struct Item: Sendable {
        var values: [String: String]
        /// The item as it stands, where records are to hold it.
        var bytes: [UInt8]
    }

    /// What the whole round covers; frozen when it begins.
    var start: Timestamp
    var end: Timestamp
    /// Whether it reads back to the horizon.
    var isDeep: Bool
    /// What time it was at the vendor, as far as was known when it began.
    var framedAt = Timestamp.distantPast
    /// What time it was there when the present stretch was first answered, where the answer says it.
    var answeredAt: Timestamp?
    /// Whether an answer has shown that it is framed well.
    var isSettled = false
    /// What the vendor no longer has, if it is framed well.
    var gap: Range<Timestamp>?
    /// Whether nothing was read before it.
    var isFirst = false
    /// The stretch that is asked for at once.
    var stretch: Range<Timestamp>
    var stage = Stage.list
    /// The token or URL of the page to ask for.
    var next: String?
    /// Records read by number, where pages are.
    var offset = 0
    /// What the first answer gave for those that follow it.
    var handle: [String: String] = [:]
    var columns: [FeedAnswer.Column]?
    var partitions = 0
    var items: [Item] = []
    var itemNext: String?
    /// Where a redirect has led the request that is being made.
    var redirected: String?
    var redirects = 0
    /// Tokens that pages have had, so that a circle is seen.
    var visited: Set<String> = []
    /// How often the stretch was begun anew since a page was last read.
    var restarts = 0
    /// The snapshot's identifier, whether its beginning was delivered, and the items in it so far.
    var snapshot: String?
    var hasBegun = false
    var itemsRead = 0
    var requests = 0
    /// Items that could not be followed: a snapshot that lacks them proves nothing absent.
    var itemsMissed = 0

    /// More is no paging, but a vendor that never ends.
    static let pagesMax = 200_000
    static let restartsMax = 10
    static let redirectsMax = 3

    init(from start: Timestamp, to end: Timestamp, isDeep: Bool, span: Duration) {
        self.start = start
        self.end = max(start, end)
        self.isDeep = isDeep
        stretch = start..<max(start, min(end, start + span))
    }

    /// Whether the stretch is the round's last.
    var isLast: Bool { stretch.upperBound >= end }

    /// Begins the stretch anew, or the next one.
    mutating func begin(_ stretch: Range<Timestamp>) {
        self.stretch = stretch
        answeredAt = nil
        stage = .list
        next = nil
        offset = 0
        handle = [:]
        columns = nil
        partitions = 0
        items = []
        itemNext = nil
        redirected = nil
        visited = []
        itemsRead = 0
        itemsMissed = 0
    }
}
