/// Grants held against what was done, as findings while events come in: what was said is remembered, and put right.
package struct GrantStream: Sendable {
    /// Privileged acts are remembered as long as this; grants as long as there is room.
    package static let remembered = Duration.days(31)

    private let teller = DriftTeller()
    private let policy: GrantPolicy
    private let directory: IdentityDirectory?
    private var book: GrantBook
    private var told: [String: DriftTold] = [:]
    /// Something has come since it was last looked, or is waited for.
    private var isDue = false
    /// When what is held back may be said; `nil` where nothing is.
    private var waitingUntil: Timestamp?

    /// When to look again: at once where something has come.
    package var nextLook: Timestamp? { isDue ? .distantPast : waitingUntil }

    /// - Parameter directory: which accounts are the same human's.
    package init(
        _ policy: GrantPolicy, directory: IdentityDirectory? = nil,
        limits: GrantBook.Limits = .init(phases: 100_000, acts: 100_000, age: GrantStream.remembered)
    ) {
        self.policy = policy
        self.directory = directory
        book = GrantBook(limits: limits)
    }

    package mutating func take(_ fact: GrantFact) {
        book.take(fact)
        isDue = true
    }

    /// An event of this time has come, whatever it tells.
    package mutating func see(_ time: Timestamp) { book.see(time) }

    /// Takes back up what an earlier run has said.
    package mutating func restore(_ one: DriftTold) { told[one.uid] = one }

    /// All that is remembered, in order.
    package mutating func facts() -> [GrantFact] { book.facts() }

    /// Everything that was said, what was taken back too.
    package var standing: [DriftTold] { told.values.sorted { $0.uid < $1.uid } }

    /// What is to be said of all that has come.
    package func review() -> GrantReview { GrantReview(book, GrantPeople(directory: directory), policy) }

    /// Appends what is to be said as of a time, and answers with what was said of each.
    ///
    /// An act without its grant is not told before the broker has had time to tell of it (`GrantPolicy.wait`).
    package mutating func evaluate(asOf now: Timestamp, into findings: inout EventBatch) -> [DriftTold] {
        guard isDue || waitingUntil.map({ $0 <= now }) == true else { return [] }
        isDue = false
        waitingUntil = nil
        book.settle()
        let review = review()
        let found = review.driftFindings().filter { finding in
            guard finding.code == .outsideWindow, told[finding.uid] == nil else { return true }
            let ready = finding.opened.time + policy.wait
            if ready > now { waitingUntil = min(waitingUntil ?? ready, ready) }
            return ready <= now
        }
        // What rested on acts that are forgotten is neither repeated nor taken back.
        if let forgotten = review.forgottenBefore {
            let now = Set(found.map(\.uid))
            told = told.filter { $0.value.time >= forgotten || now.contains($0.key) }
        }
        let said = teller.tell(found, known: told, into: &findings) {
            AccessState.Subject(account: $0.account, name: $0.subject)
        }
        for one in said { restore(one) }
        return said
    }
}
