package import Engine

/// One kind of request and how its answer is read.
package struct FeedEndpoint: Hashable, Sendable {
    /// One of the two holds the URL.
    package var get: FeedTemplate?
    package var post: FeedTemplate?
    package var query = FeedEntries()
    package var headers = FeedEntries()
    package var body: FeedBody?
    /// Where the records stand; the first of these paths that an answer has.
    package var records = FeedPaths([KeyPath([])])
    package var next = FeedNext()

    package init() {}

    package var url: FeedTemplate? { post ?? get }

    /// Every name that a request needs or may use.
    package var names: [String] {
        (url?.names ?? []) + query.all.flatMap(\.value.names) + headers.all.flatMap(\.value.names)
            + (body?.names ?? [])
    }
}

package struct FeedPaths: Hashable, Sendable {
    package var all: [KeyPath]

    package init(_ all: [KeyPath]) { self.all = all }
}

/// How an answer says what comes after it.
package struct FeedNext: Hashable, Sendable {
    /// The relation of a `Link` header: its URL is asked next.
    package var link: String?
    /// A header that holds the next URL.
    package var header: String?
    /// Where the next URL stands in the answer; the first of these paths that it has.
    package var url: FeedPaths?
    /// Where a token stands; `{next}` in the request takes its place.
    package var token: KeyPath?
    /// A value of the last record; `{next}` takes its place.
    package var last: KeyPath?
    /// Records in a full page; `{next}` counts the records read, and a page that is not full is the last.
    package var offset: Int?
    /// Where the URL stands that brings what changes from now on, at the end of a delta query.
    package var delta: KeyPath?
    /// Where a Boolean says that there is more.
    package var more: KeyPath?
    /// Whether only an empty page means that everything was read, since a next page is always named.
    package var untilEmpty = false

    package init() {}
}

/// Requests that follow each item of a list: a blob's content, a group's members.
package struct FeedEach: Hashable, Sendable {
    package var endpoint = FeedEndpoint()
    /// The member under which the item stands in each record, where records are to hold both…
    package var parent: String?
    /// …and the member under which the record itself stands.
    package var item: String?
    /// Where the moment stands after which the item need not be asked for.
    package var expires: KeyPath?

    package init() {}
}

/// A request whose answer is ready later: asked again until it is.
package struct FeedPoll: Hashable, Sendable {
    /// Statuses that mean: not yet.
    package var statuses: [Int] = []
    /// Where the state stands in the answer, and the states that mean: not yet.
    package var state: KeyPath?
    package var pending: [String] = []
    /// States that mean: never.
    package var failed: [String] = []
    package var get: FeedTemplate?
    package var every = Duration.seconds(2)

    package init() {}
}

/// An answer in rows: what their columns are called.
package struct FeedColumns: Hashable, Sendable {
    package var at = KeyPath([])
    package var label = KeyPath([])
    package var type: KeyPath?
    /// Types, without case, whose texts are JSON.
    package var nested: [String] = []

    package init() {}
}

/// An answer in parts: the further ones are asked for by their number, from 1.
package struct FeedPartitions: Hashable, Sendable {
    /// A list with an element for each part.
    package var at = KeyPath([])
    package var get: FeedTemplate?

    package init() {}
}

/// A request that must have been made once before anything can be read: a subscription.
package struct FeedBefore: Hashable, Sendable {
    package var post: FeedTemplate?
    package var query = FeedEntries()
    /// Codes of refusals that mean that it was made already.
    package var accept: [String] = []

    package init() {}
}
