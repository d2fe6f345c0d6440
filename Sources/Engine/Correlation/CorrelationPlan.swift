/// Which rules of a set feed which correlations, and what is taken of their events.
package struct CorrelationPlan: Sendable {
    /// One use of a rule, or of a correlation, by a correlation.
    struct Tap: Sendable {
        var correlation: Int32
        /// The place of the rule in the correlation, where that matters: an event counts once, however many of the
        /// rules it meets.
        var member: Int32
        /// Field names, in the order of the correlation's `group-by`.
        var group: [String]
        var values: [String]
    }

    /// What raises findings.
    package struct Kinds: OptionSet, Sendable {
        package let rawValue: Int
        package init(rawValue: Int) { self.rawValue = rawValue }
        package static let rules = Kinds(rawValue: 1)
        package static let correlations = Kinds(rawValue: 2)
        package static let all: Kinds = [.rules, .correlations]
    }

    package let correlations: [SigmaCorrelation]
    /// By the rule's place in the rule set.
    let ofRules: [[Tap]]
    /// By the correlation's place.
    let ofCorrelations: [[Tap]]
    /// Rules and correlations that are only parts of others and raise nothing by themselves.
    let silentRules: [Bool]
    let silentCorrelations: [Bool]
    /// What people have called expected.
    package var suppressions = FindingSuppressions()

    /// - Parameter alone: whether rules and correlations raise findings of their own; else the rules are there for the
    ///   correlations, or the correlations are left out.
    package init(_ set: RuleSet, alone: Kinds = .all) {
        correlations = alone.contains(.correlations) ? set.correlations : []
        var ofRules = [[Tap]](repeating: [], count: set.rules.count)
        var ofCorrelations = [[Tap]](repeating: [], count: set.correlations.count)
        var silentRules = [Bool](repeating: !alone.contains(.rules), count: set.rules.count)
        var silentCorrelations = [Bool](repeating: false, count: set.correlations.count)
        var loud: (rules: Set<Int>, correlations: Set<Int>) = ([], [])
        for (index, correlation) in set.correlations.enumerated() {
            for (place, (reference, member)) in zip(correlation.references, correlation.members).enumerated()
            {
                let tap = Tap(
                    correlation: Int32(index), member: correlation.isTemporal ? Int32(place) : 0,
                    group: correlation.groupBy.map { correlation.field($0, of: reference.name) },
                    values: correlation.valueFields)
                switch member {
                case .rule(let rule):
                    if !correlations.isEmpty { ofRules[rule].append(tap) }
                    silentRules[rule] = true
                    if correlation.generate { loud.rules.insert(rule) }
                case .correlation(let inner):
                    ofCorrelations[inner].append(tap)
                    silentCorrelations[inner] = true
                    if correlation.generate { loud.correlations.insert(inner) }
                }
            }
        }
        for rule in loud.rules { silentRules[rule] = false }
        for inner in loud.correlations { silentCorrelations[inner] = false }
        self.ofRules = ofRules
        self.ofCorrelations = ofCorrelations
        self.silentRules = silentRules
        self.silentCorrelations = silentCorrelations
    }

    package var isEmpty: Bool { correlations.isEmpty }
}

/// What was said last of a correlation's finding: what a restart has to know, so that it neither repeats itself nor
/// leaves standing what late events have taken back meanwhile.
package struct CorrelationTold: Hashable, Sendable {
    package var correlation: Int32
    package var group: [[UInt8]]
    package var uid: String
    package var time: Timestamp
    package var digest: UInt64
    /// Counts the versions of the finding, from 1.
    package var version: UInt32
    /// False once it was closed.
    package var stands: Bool

    package init(
        correlation: Int32, group: [[UInt8]], uid: String, time: Timestamp, digest: UInt64, version: UInt32,
        stands: Bool
    ) {
        self.correlation = correlation
        self.group = group
        self.uid = uid
        self.time = time
        self.digest = digest
        self.version = version
        self.stands = stands
    }
}

/// What the past that is settled leaves behind for one group.
package struct CorrelationSettled: Hashable, Sendable {
    package var correlation: Int32
    package var group: [[UInt8]]
    /// Whether the condition held at the last settled signal, and when that was.
    package var isOpen: Bool
    package var lastTime: Timestamp?
    /// The last finding's.
    package var lastUID: String?

    package init(
        correlation: Int32, group: [[UInt8]], isOpen: Bool, lastTime: Timestamp?, lastUID: String?
    ) {
        self.correlation = correlation
        self.group = group
        self.isOpen = isOpen
        self.lastTime = lastTime
        self.lastUID = lastUID
    }
}

/// A rule's hit, as one correlation sees it.
package struct CorrelationSignal: Hashable, Sendable {
    /// The correlation and the place of the rule in it.
    package var correlation: Int32
    package var member: Int32
    package var time: Timestamp
    /// The event's `metadata.uid`, in JSON-escaped form without quotes.
    package var uid: [UInt8]
    /// JSON values, one for each field that is grouped by.
    package var group: [[UInt8]]
    /// JSON values of the condition's fields: what is counted.
    package var values: [[UInt8]] = []
    /// The condition's field as a number, in millionths; `nil` where it is none.
    package var number: Int128?
    /// The event's `actor`, as JSON; empty where it is large or there is none.
    package var actor: [UInt8] = []
    /// The credential that acted, for attribution; `nil` where that is off.
    package var acting: CredentialKey?

    /// Of a correlation's finding: the uids of the events behind it, as far as they are kept, and how many there are.
    package var events: [[UInt8]] = []
    package var eventCount = 1

    /// Events named in one finding.
    static let eventsMax = 100

    package init(correlation: Int32, member: Int32, time: Timestamp, uid: [UInt8], group: [[UInt8]]) {
        self.correlation = correlation
        self.member = member
        self.time = time
        self.uid = uid
        self.group = group
    }

    /// The uids of the events behind signals, each once.
    static func events(of signals: ArraySlice<CorrelationSignal>) -> [[UInt8]] {
        var seen: Set<[UInt8]> = []
        var events: [[UInt8]] = []
        for signal in signals {
            for uid in signal.events.isEmpty ? [signal.uid] : signal.events where seen.insert(uid).inserted {
                events.append(uid)
                if events.count == eventsMax { return events }
            }
        }
        return events
    }

    /// What it takes in memory, about: bytes.
    var weight: Int {
        160 + uid.count + actor.count + group.reduce(0) { $0 + $1.count + 32 }
            + values.reduce(0) { $0 + $1.count + 32 } + events.reduce(0) { $0 + $1.count + 32 }
    }
}
