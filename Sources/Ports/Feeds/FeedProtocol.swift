import Engine

/// What a `feed.yaml` declares: what a feed is, and how it is collected over HTTP.
///
/// A declaration without a `position` says only what the feed is: its records come by other ways.
package struct FeedProtocol: Hashable, Sendable {
    package var feed = ""
    /// What it collects, in a sentence.
    package var about = ""
    /// Ways it is collected other than by this protocol and from files: `s3`, `push`.
    package var ways: [String] = []
    /// What the credentials must be allowed.
    package var permissions: [String] = []
    /// How long the vendor keeps records.
    package var retention: Duration?
    /// How long after its time a record may appear, as the vendor says or as is known.
    package var late = Duration.minutes(15)
    package var parameters = FeedParameters()
    package var auth = FeedAuth()
    package var position: FeedPosition?
    package var interval = Duration.minutes(1)
    /// The longest window that is asked for at once.
    package var span = Duration.days(1)
    /// The least time between two requests.
    package var pace = Duration.zero
    package var times = FeedTimes.iso8601
    package var throttle = FeedThrottle()
    /// Statuses, and codes in a refusal, that mean that a saved cursor is no longer known.
    package var expired: [String] = []
    package var before = FeedBefore()
    package var endpoint = FeedEndpoint()
    /// Where a record's time stands; may hold names of a stream's values.
    package var time: FeedTemplate?
    package var each = FeedEach()
    package var poll = FeedPoll()
    package var columns: FeedColumns?
    package var partitions: FeedPartitions?
    package var snapshot = FeedSnapshot.changes
    /// Parts that are read side by side, each with its own position, by the values they give to names.
    package var streams = FeedStreams()

    package init() {}

    /// Whether its answers are lists of what to ask for.
    package var listsContents: Bool { each.endpoint.url != nil }

    /// Whether marks of a feed of our own stand around its records.
    package var isMarked: Bool { position == .snapshot && snapshot == .whole }

    /// Whether a bounded stretch of the past can be asked for.
    package var takesEnd: Bool { endpoint.names.contains("end") }
}

/// How a feed remembers where it is.
package enum FeedPosition: String, Hashable, Sendable, CaseIterable {
    /// The vendor's own cursor, which outlives a restart and misses nothing.
    case cursor
    /// Windows of time, the last of them read again for what comes late.
    case window
    /// A link that brings what has changed since.
    case delta
    /// The whole of it, again and again.
    case snapshot
}

/// How times are written in requests.
package enum FeedTimes: String, Hashable, Sendable, CaseIterable {
    case iso8601
    /// RFC 3339 without its zone.
    case plain
    case seconds
    case milliseconds
}

/// What a snapshot delivers.
package enum FeedSnapshot: String, Hashable, Sendable, CaseIterable {
    /// Items that are new or have changed.
    case changes
    /// Every item, under the snapshot's identifier, between a begin and an end.
    case whole
}

/// What the user must say.
package struct FeedParameters: Hashable, Sendable {
    package struct Parameter: Hashable, Sendable {
        package var name: String
        package var about: String
        /// Taken where the user says nothing.
        package var standard: String?

        package init(name: String, about: String, standard: String?) {
            self.name = name
            self.about = about
            self.standard = standard
        }
    }

    package var all: [Parameter] = []

    package init(_ all: [Parameter] = []) { self.all = all }
}

package struct FeedStreams: Hashable, Sendable {
    package struct Stream: Hashable, Sendable {
        package var name: String
        package var values: [String: String]

        package init(name: String, values: [String: String]) {
            self.name = name
            self.values = values
        }
    }

    package var all: [Stream] = []

    package init(_ all: [Stream] = []) { self.all = all }
}

/// Which credentials a feed takes.
package struct FeedAuth: Hashable, Sendable {
    /// Kinds of the pipeline file's `auth`; none where the vendor wants no credentials.
    package var kinds: [String] = []
    /// Where a token that somebody made by hand stands, and what stands before it.
    package var header = "Authorization"
    package var scheme = "Bearer"
    /// What a token is asked for: an OAuth scope or audience; may hold parameters.
    package var scope: FeedTemplate?

    package init() {}
}

/// How a vendor says that it is asked too often, beside status 429 and `Retry-After`.
package struct FeedThrottle: Hashable, Sendable {
    /// A header with the moment in seconds since 1970 from which it answers again.
    package var resetHeader: String?
    /// A header that says `0` in a refusal that will pass.
    package var remainingHeader: String?
    /// Codes in a refusal that will pass.
    package var codes: [String] = []

    package init() {}
}
