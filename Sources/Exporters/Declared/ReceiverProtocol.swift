package import Engine

/// What a file under `schemas/receivers/` declares: a receiver that one POST of a text made of events is enough for.
package struct ReceiverProtocol: Hashable, Sendable {
    /// What `to:` calls it.
    package var receiver = ""
    package var about = ""
    /// What counts as accepted, and what happens to repetitions, in a few words.
    package var counts = ""
    package var repeats = ""
    package var parameters = ReceiverParameters()
    package var auth = ReceiverAuth()
    /// Where batches are posted.
    package var post = ""
    package var headers = ReceiverHeaders()
    package var body = ReceiverBody()
    /// The first is the one taken where the user says nothing.
    package var compression: [String] = ["none"]
    /// Which of `encoding:` it takes, the usual first.
    package var encodings: [String] = ["ocsf"]
    package var limits = ReceiverLimits()
    package var tables = ReceiverTables()
    package var answers: [ReceiverAnswer] = []
    /// What it is sent where the user does not say: notices get findings alone.
    package var receives: [String] = ["events", "findings"]

    package init() {}
}

package struct ReceiverParameters: Hashable, Sendable {
    package struct Parameter: Hashable, Sendable {
        package var name: String
        package var about: String
        /// Taken where the user says nothing.
        package var standard: String?
        package var isSecret = false
        package var isURL = false
        package var isOptional = false

        package init(name: String) {
            self.name = name
            about = ""
        }
        package var isRequired: Bool { standard == nil && !isOptional }
    }

    package var all: [Parameter] = []

    package init() {}
}

/// Which kinds of the pipeline file's `auth` it takes, beside what stands in its headers.
package struct ReceiverAuth: Hashable, Sendable {
    package var kinds: [String] = []
    /// What a token is asked for.
    package var scope: String?
    /// Whether the file must have it.
    package var isRequired = true

    package init() {}
}

/// Texts under names, in the order written.
package struct ReceiverHeaders: Hashable, Sendable {
    package struct Entry: Hashable, Sendable {
        package var name: String
        package var value: String

        package init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    package var all: [Entry] = []

    package init(_ all: [Entry] = []) { self.all = all }
}

/// Templates that make a body out of a batch; see `EventTemplate`.
package struct ReceiverBody: Hashable, Sendable {
    package var begin = ""
    package var event = "{event}"
    package var between = ""
    package var end = ""
    /// Characters of fields that the receiver takes for markup, and what is written instead.
    package var escape = ReceiverHeaders()

    package init() {}
}

package struct ReceiverLimits: Hashable, Sendable {
    /// Events in a request.
    package var rows: Int?
    /// Bytes of a request before compression.
    package var bytes: Int?
    /// Bytes of one event as it is sent; a larger one goes to the dead letter unless it is cut to size.
    package var event: Int?
    /// Bytes of events that make a batch, where the request's limit leaves room for what is wrapped around them.
    package var batch: Int?

    package init() {}
}

package struct ReceiverTables: Hashable, Sendable {
    package var all: [String: EventTemplate.Table] = [:]

    package init() {}
}

/// What an answer means; the first that fits counts.
package struct ReceiverAnswer: Hashable, Sendable {
    package enum Meaning: String, Hashable, Sendable, CaseIterable {
        case accepted
        /// The same again later.
        case retry
        /// Nothing was accepted; it is sent in halves until the event is found.
        case halves
        /// None of it will ever be accepted.
        case refused
        /// A person must mend something.
        case denied
    }

    package var status: [Int] = []
    /// A text that stands in the body (a number at its end is not the beginning of a longer one), that it begins with, or
    /// that it is.
    package var has: String?
    package var begins: String?
    package var equals: String?
    /// The body has nothing in it.
    package var isEmpty = false
    /// Path of a number in the body that is more than zero.
    package var count: String?
    package var then = Meaning.denied
    package var say: String?

    package init() {}
}
