/// What is promised, and what people have said about what was raised.
package struct BehaviourSettings: Sendable {
    /// Days that must have been closed before anything is raised.
    static let learningDays = 7

    /// At most so many alerts a day are to be expected of days on which nothing is wrong.
    package var budget = 5.0
    /// Facts of days that may still change: bytes. Past it the oldest days are settled.
    package var bytes = 128 << 20
    /// By identity: what is expected of it, and until when.
    package var expected: [UInt64: [Expectation]] = [:]
    package var benign: Set<JudgedDay> = []
    package var malicious: Set<JudgedDay> = []

    package init() {}

    func expected(_ key: UInt64, on day: Int32) -> Set<UInt32> {
        guard !expected.isEmpty, let all = expected[key] else { return [] }
        return Set(all.filter { $0.days.contains(day) }.flatMap(\.values))
    }
}

/// Values that an identity is expected to show for some days.
package struct Expectation: Sendable, Hashable {
    package var values: Set<UInt32>
    package var days: ClosedRange<Int32>

    package init(values: Set<UInt32>, days: ClosedRange<Int32>) {
        self.values = values
        self.days = days
    }

    /// The value that a finding names by its dimension and its text.
    package static func value(_ dimension: String, _ text: String) -> UInt32? {
        if dimension == "detector" { return BehaviourRule.allCases.first { $0.name == text }?.value }
        guard let known = Dimension.allCases.first(where: { $0.noun == dimension }) else { return nil }
        let bytes = Array(text.utf8)
        return known.value(of: WyHash.hash(bytes.span))
    }
}

/// One identity's day on which somebody has passed judgement.
package struct JudgedDay: Sendable, Hashable {
    package var key: UInt64
    package var day: Int32

    package init(identity: String, at time: Timestamp) {
        self.init(key: Subject.key(Array(identity.utf8)), day: time.day)
    }

    init(key: UInt64, day: Int32) {
        self.key = key
        self.day = day
    }
}

/// What was said of a finding last.
package struct BehaviourTold: Sendable, Hashable {
    package var uid: String
    package var day: Int32
    package var time: Timestamp
    package var digest: UInt64
    package var version: UInt32
    package var stands: Bool

    package init(uid: String, day: Int32, time: Timestamp, digest: UInt64, version: UInt32, stands: Bool) {
        self.uid = uid
        self.day = day
        self.time = time
        self.digest = digest
        self.version = version
        self.stands = stands
    }
}
