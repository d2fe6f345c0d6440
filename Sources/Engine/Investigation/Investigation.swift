/// What there is to say about an entity: a value that is a function of the events and findings alone.
package struct Investigation: Sendable {
    package var entity: CaseEntity
    /// What the name turned out to be; other kinds that it is as well.
    package var kind: CaseEntity.Kind
    package var alsoKinds: [CaseEntity.Kind]
    /// Whom it is about: the human, where one is behind it, else the name itself.
    package var subject: String
    package var nature: String
    /// Whether all of the human's acts were gathered.
    package var isWhole: Bool
    /// Others behind the acts that bear the name, the busiest first.
    package var behind: [(name: String, nature: String, events: Int)]
    /// The first and the last event of all that was gathered.
    package var data: ClosedRange<Timestamp>
    /// What of it is told; the rest only serves to tell what is new.
    package var window: ClosedRange<Timestamp>
    package var events: Int
    package var leftOut: Int
    package var sessions: [CaseSession]
    package var places: [CaseUse]
    package var agents: [CaseUse]
    package var firsts: [CaseFirst]
    package var findings: [CaseFinding]
    package var scores: [CaseScore]
    package var steps: [CaseStep]
    package var things: [CaseThing]
    package var pivots: [CasePivot]
    /// AWS principals that were used, for whoever knows what these may do.
    package var principals: [CasePrincipal]
    package var reach: [CaseReach] = []
    package var evidence: [CaseEvidence]
    /// What is to be kept in mind: what is not known, and what was left out.
    package var notes: [String]
}

/// A place or a program that acts came from.
package struct CaseUse: Sendable, Equatable {
    package var name: String
    /// The network and the country of an address.
    package var of: String
    package var count = 0
    package var first: Timestamp
    package var last: Timestamp
    package var isNew = false
    /// Others who came from there.
    package var others: [String] = []
}

/// The first time that the subject did something, in the data that is there.
package struct CaseFirst: Sendable, Equatable {
    package var dimension: String
    package var value: String
    package var time: Timestamp
    package var evidence: String
    /// Days before, on which the subject did anything at all.
    package var daysBefore: Int

    /// How much that says.
    package var words: String {
        switch daysBefore {
        case 0: "no earlier day to compare with"
        case 1: "not on the one day before"
        default: "not on \(daysBefore) days before"
        }
    }
}

package struct CaseFinding: Sendable, Equatable {
    package var uid: String
    package var title: String
    package var severity: String
    package var severityID: Int
    package var rule: String
    package var time: Timestamp
    package var evidence: [String]
}

/// The risk from a finding on, of findings alone.
package struct CaseScore: Sendable, Equatable {
    package var time: Timestamp
    /// Hundredths of a point.
    package var hundredths: Int
    package var finding: String
}

/// Like acts of one session with nothing of it between them.
package struct CaseStep: Sendable {
    package var relation: Investigator.Relation
    package var first: Timestamp
    package var last: Timestamp
    package var count = 0
    /// Where in `sessions`; `nil` where nobody's session is known.
    package var session: Int?
    package var actor: String
    package var operation: String
    package var service: String
    package var outcome: CaseEvent.Outcome
    package var reason: String
    package var address: String
    package var agent: String
    package var account: String
    package var region: String
    /// The first of them, and how many there are.
    package var targets: [String] = []
    package var targetCount = 0
    package var isNotable: Bool
    package var change: CaseThing.Change?
    /// Where in `firsts`.
    package var firsts: [Int] = []
    /// Where in `findings`.
    package var findings: [Int] = []
    /// Uids of its events, the first of them.
    package var evidence: [String] = []
}

/// Something to look at next.
package struct CasePivot: Sendable, Equatable {
    package var kind: CaseEntity.Kind
    package var name: String
    package var count: Int
    package var why: String
}

/// A role or user of AWS, as the state of access calls it, and its first act.
package struct CasePrincipal: Sendable, Equatable {
    package var account: String
    /// `role/deploy`, `user/ana`.
    package var subject: String
    /// Of its first act and its last.
    package var first: Timestamp
    package var last: Timestamp
}

/// What could be done with a principal's access at a moment.
package struct CaseReach: Sendable, Equatable {
    package var principal: String
    package var account: String
    package var time: Timestamp
    package var holds: [String]
    package var allowed: [String]
    package var isWhole: Bool

    package init(
        principal: String, account: String, time: Timestamp, holds: [String], allowed: [String], isWhole: Bool
    ) {
        self.principal = principal
        self.account = account
        self.time = time
        self.holds = holds
        self.allowed = allowed
        self.isWhole = isWhole
    }
}

package struct CaseEvidence: Sendable, Hashable {
    package var uid: String
    package var time: Timestamp
    /// SHA-256, hexadecimal.
    package var digest: String
    /// Whether it is of the vendor's record, and not of the event.
    package var isOfRecord: Bool

    package init(uid: String, time: Timestamp, digest: String, isOfRecord: Bool) {
        self.uid = uid
        self.time = time
        self.digest = digest
        self.isOfRecord = isOfRecord
    }
}

/// A credential or session, and how it leads to the human.
package struct CaseSession: Sendable {
    package var id: String
    /// `human`, `identity`, `credential`, `session`, `delegation`, `act`.
    package var type: String
    /// What it is called beside its id: a role's name, an account's system.
    package var label: String
    package var provider: String
    package var account: String
    /// Where in `sessions` what it came from stands, and how that is known.
    package var parent: Int?
    package var depth = 0
    package var via: String
    package var certainty: String
    package var evidence: String
    package var issued: Timestamp?
    package var events = 0
    package var first: Timestamp?
    package var last: Timestamp?
    package var addresses: [String] = []
    /// Whether it is what was asked for.
    package var isAsked = false
}
