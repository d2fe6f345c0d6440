package import Engine

/// What became of access in a stretch of time, and what stands at its end: a pure value, whichever way it is told.
package struct DriftReport: Sendable {
    /// How much was seen, for the last question: what was not.
    package struct Coverage: Hashable, Sendable {
        package var events = 0
        package var changes = 0
        /// Changes whose maker's human is known.
        package var attributed = 0
        package var snapshots = 0
        package var principals = 0
        /// Records that could not be read, and inputs.
        package var refused = 0
        /// Changes that did not fit the state.
        package var forgotten = 0
        /// Days of the period on which no event came at all.
        package var silentDays: [String] = []
        /// What the last snapshots do not tell, and why.
        package var shortfalls: [SnapshotShortfall] = []

        package init() {}
    }

    /// What the report before said, as far as it is compared with.
    package struct Previous: Hashable, Sendable {
        package var from: Timestamp
        package var to: Timestamp
        /// What stood open at its end.
        package var open: Set<String>

        package init(from: Timestamp, to: Timestamp, open: Set<String>) {
            self.from = from
            self.to = to
            self.open = open
        }
    }

    /// Findings and changes that are told one by one; of more the gravest, and how many there were.
    package static let shownMax = 2_000

    package let from: Timestamp
    package let to: Timestamp
    /// Open at the end, or closed within the period; in the order of reports.
    package private(set) var findings: [DriftFinding]
    /// Those that gave more, in the order of reports.
    package private(set) var wider: [DriftChange]
    /// Of each verdict, how many changes.
    package private(set) var verdicts: [(verdict: PolicyComparison.Verdict, count: Int)]
    package let coverage: Coverage
    package let previous: Previous?
    /// Pipelines and baseline that were declared, as they are called.
    package let declared: [String]
    /// Findings and changes that are not told one by one.
    package private(set) var untold = (findings: 0, changes: 0)

    /// - Parameters:
    ///   - findings: all there ever were; of those that opened after the end nothing is told.
    ///   - changes: all of any time.
    package init(
        from: Timestamp, to: Timestamp, findings: [DriftFinding], changes: [DriftChange],
        coverage: Coverage = Coverage(), previous: Previous? = nil, declared: [String] = []
    ) {
        self.from = from
        self.to = to
        self.coverage = coverage
        self.previous = previous
        self.declared = declared
        let told = findings.compactMap { Self.asOf($0, from, to) }.sorted(by: DriftFinding.precedes)
        self.findings = Array(told.prefix(Self.shownMax))
        untold.findings = told.count - self.findings.count
        let own = changes.filter { $0.cause.time >= from && $0.cause.time <= to && !$0.isFirstSight }
        var counts: [PolicyComparison.Verdict: Int] = [:]
        for change in own { counts[change.verdict, default: 0] += 1 }
        verdicts = [.widened, .incomparable, .narrowed, .equal].map { ($0, counts[$0] ?? 0) }
        let all = own.filter(\.isWider).sorted(by: DriftChange.precedes)
        wider = Array(all.prefix(Self.shownMax))
        untold.changes = all.count - wider.count
    }

    /// A finding as it stood at the end; `nil` where it was over before the period, or had not begun.
    private static func asOf(_ finding: DriftFinding, _ from: Timestamp, _ to: Timestamp) -> DriftFinding? {
        guard finding.opened.time <= to else { return nil }
        guard let closed = finding.closed else { return finding }
        if closed.time > to {
            var open = finding
            open.closed = nil
            return open
        }
        return closed.time >= from ? finding : nil
    }

    package var isEmpty: Bool { findings.isEmpty && wider.isEmpty }
    package var open: [DriftFinding] { findings.filter(\.isOpen) }
    package var closed: [DriftFinding] { findings.filter { !$0.isOpen } }

    // MARK: Compared with the report before

    package enum Standing: String, Sendable { case new, stillOpen = "still open", closed }

    /// How a finding stands against the report before; against the period's beginning where there was none.
    package func standing(_ finding: DriftFinding) -> Standing {
        if !finding.isOpen { return .closed }
        if let previous { return previous.open.contains(finding.uid) ? .stillOpen : .new }
        return finding.opened.time >= from ? .new : .stillOpen
    }

    package func count(_ standing: Standing) -> Int {
        findings.count { self.standing($0) == standing }
    }

    /// What the report before said stood open and nothing tells of any more: what it rests on was put right.
    package var retracted: Int {
        guard let previous else { return 0 }
        let known = Set(findings.map(\.uid))
        return previous.open.count { !known.contains($0) }
    }

    /// What the next report is compared with.
    package var asPrevious: Previous {
        Previous(from: from, to: to, open: Set(open.map(\.uid)))
    }
}
