/// Sigma correlations over the signals of base rules, in event time and in whatever order the signals come.
///
/// Findings are given out as soon as their condition holds. A signal that comes late is put in its place, and what was
/// given out is corrected: a finding that now reads otherwise is given out again under its uid, one that no longer
/// stands is closed. So after the same signals, in any order and any batches, the last version of every finding is the
/// same, byte for byte.
///
/// All of it holds while not more than `Limits.bytes` of signals are kept. Beyond that the older half, by event time, is
/// settled: its findings stay as they are, and a signal that comes later than that is counted and passed over. What open
/// windows reach is kept beyond that, up to `Limits.windowBytes`; then its older half is forgotten, and counted.
package struct Correlator: Sendable {
    package struct Limits: Hashable, Sendable {
        /// Signals kept for what may still come late: bytes.
        package var bytes = 64 << 20
        /// All signals kept, those that open windows reach included: bytes.
        package var windowBytes = 96 << 20

        package init(bytes: Int = 64 << 20, windowBytes: Int = 96 << 20) {
            self.bytes = bytes
            self.windowBytes = max(bytes, windowBytes)
        }
    }

    package struct Notes: Hashable, Sendable {
        package var signals = 0
        /// Signals older than what was settled.
        package var late = 0
        /// Signals forgotten though windows still reached them.
        package var forgotten = 0
        package var findings = 0
        package var updates = 0
        package var retractions = 0
        /// Findings that somebody had called expected.
        package var suppressed = 0
    }

    private let plan: CorrelationPlan
    private let writer: CorrelationFindingWriter
    private let limits: Limits
    private var groups: [[[[UInt8]]: CorrelationGroup]]
    /// Groups to which something came since they were last gone through.
    private var touched: [Set<[[UInt8]]>]
    private var weight = 0
    /// The weight from which on it is full: settling again is worth its while only when much has come.
    private var fullWeight: Int
    /// Up to here everything is settled.
    private var frontier = Timestamp.distantPast
    package private(set) var notes = Notes()

    package init(_ plan: CorrelationPlan, limits: Limits = Limits()) {
        self.plan = plan
        self.limits = limits
        fullWeight = limits.bytes
        writer = CorrelationFindingWriter(plan.correlations)
        groups = .init(repeating: [:], count: plan.correlations.count)
        touched = .init(repeating: [], count: plan.correlations.count)
    }

    /// Whether it is time to evaluate, whatever else is due: more is kept than there is room for.
    package var isFull: Bool { weight > fullWeight }

    /// Takes over what an earlier run had said; to be called before anything else, in the order in which it was said.
    package mutating func restore(_ told: CorrelationTold) {
        let index = Int(told.correlation)
        var group = groups[index][told.group] ?? CorrelationGroup()
        group.versions[told.uid] = told.version
        if told.stands {
            var state = CorrelationGroup.Told(time: told.time, digest: told.digest)
            state.isRestored = true
            group.told[told.uid] = state
        } else {
            group.told[told.uid] = nil
        }
        groups[index][told.group] = group
        touched[index].insert(told.group)
    }

    /// Takes over how far an earlier run had settled the past.
    package mutating func restore(frontier: Timestamp, _ settled: [CorrelationSettled]) {
        self.frontier = max(self.frontier, frontier)
        for one in settled {
            groups[Int(one.correlation)][one.group, default: CorrelationGroup()].restore(one)
        }
    }

    /// Takes back a signal of an earlier run; to be called when the frontier is known.
    package mutating func restore(_ signal: CorrelationSignal) {
        guard signal.time <= frontier else { return insert(signal) }
        groups[Int(signal.correlation)][signal.group, default: CorrelationGroup()].restore(settled: signal)
        weight += signal.weight
    }

    package mutating func take(_ signal: CorrelationSignal) {
        notes.signals += 1
        guard signal.time > frontier else {
            notes.late += 1
            return
        }
        insert(signal)
    }

    private mutating func insert(_ signal: CorrelationSignal) {
        let index = Int(signal.correlation)
        groups[index][signal.group, default: CorrelationGroup()].insert(signal)
        weight += signal.weight
        touched[index].insert(signal.group)
    }

    /// Appends what follows from the signals taken since the last time, as rows in the order of their times.
    ///
    /// - Returns: for each row what was said with it.
    @discardableResult
    package mutating func evaluate(into findings: inout EventBatch) -> [CorrelationTold] {
        var raised: [Raised] = []
        for index in plan.correlations.indices {
            let keys = touched[index].sorted { $0.lexicographicallyPrecedes($1, by: Self.isBefore) }
            touched[index].removeAll(keepingCapacity: true)
            for key in keys { evaluate(index, key, &raised) }
        }
        raised.sort { ($0.told.time, $0.told.uid) < ($1.told.time, $1.told.uid) }
        for finding in raised { writer.append(finding.text, to: &findings) }
        if isFull { settleOlderHalf() }
        return raised.map(\.told)
    }

    private struct Raised {
        var told: CorrelationTold
        var text: CorrelationFindingWriter.Text
    }

    /// Every signal that is kept: what a log of them has to hold.
    package func forEachSignal(_ body: (CorrelationSignal) -> Void) {
        for group in groups.joined() {
            // What correlations gave each other follows from the rest.
            for signal in group.value.signals where signal.events.isEmpty { body(signal) }
        }
    }

    /// How far the past is settled, and what it leaves behind.
    package func settled() -> (frontier: Timestamp, groups: [CorrelationSettled]) {
        var all: [CorrelationSettled] = []
        for (index, keys) in groups.enumerated() {
            for (key, group) in keys { all.append(group.leftBehind(Int32(index), key)) }
        }
        return (frontier, all)
    }

    /// What was said last of each finding that may still have to be corrected.
    package func forEachTold(_ body: (CorrelationTold) -> Void) {
        for (index, keys) in groups.enumerated() {
            for (key, group) in keys {
                for (uid, version) in group.versions {
                    let told = group.told[uid]
                    body(
                        CorrelationTold(
                            correlation: Int32(index), group: key, uid: uid, time: told?.time ?? .epoch,
                            digest: told?.digest ?? 0, version: version, stands: told != nil))
                }
            }
        }
    }

    /// How often the past was settled, since it was made.
    package private(set) var settlements = 0

    private static func isBefore(_ a: [UInt8], _ b: [UInt8]) -> Bool { a.lexicographicallyPrecedes(b) }

    private mutating func evaluate(
        _ index: Int, _ key: [[UInt8]], _ raised: inout [Raised]
    ) {
        guard var group = groups[index].removeValue(forKey: key) else { return }
        weight -= group.order()
        let correlation = plan.correlations[index]
        let isLoud = !plan.silentCorrelations[index]
        let firings = group.firings(correlation)
        let standing = Set(firings.map(\.uid))
        for (uid, told) in group.told.sorted(by: { $0.key < $1.key }) where !standing.contains(uid) {
            group.told[uid] = nil
            for signal in told.derived { withdraw(signal) }
            // What was never said is not taken back.
            guard isLoud, group.versions[uid] != nil else { continue }
            notes.retractions += 1
            // The one that stands in its place is the first that was completed no earlier, else the last.
            let successor = firings.first { $0.time >= told.time } ?? firings.last
            let text = writer.retraction(index, uid: uid, time: told.time, successor: successor?.uid)
            let version = group.nextVersion(of: uid)
            raised.append(
                Raised(
                    told: CorrelationTold(
                        correlation: Int32(index), group: key, uid: uid, time: told.time, digest: text.digest,
                        version: version, stands: false), text: text))
        }
        for firing in firings {
            let text = writer.finding(index, firing, group.signals[firing.evidence])
            let before = group.told[firing.uid]
            let isSaid = before?.digest == text.digest
            if isSaid, before?.isRestored == false { continue }
            for signal in before?.derived ?? [] { withdraw(signal) }
            var told = CorrelationGroup.Told(time: firing.time, digest: text.digest)
            told.derived = derived(index, firing, group.signals[firing.evidence])
            group.told[firing.uid] = told
            for signal in told.derived { insert(signal) }
            guard isLoud, !isSaid else { continue }
            if isSilenced(correlation, firing, group.signals[firing.evidence]) {
                notes.suppressed += 1
                continue
            }
            if before == nil || group.versions[firing.uid] == nil {
                notes.findings += 1
            } else {
                notes.updates += 1
            }
            let version = group.nextVersion(of: firing.uid)
            raised.append(
                Raised(
                    told: CorrelationTold(
                        correlation: Int32(index), group: key, uid: firing.uid, time: firing.time,
                        digest: text.digest, version: version, stands: true), text: text))
        }
        if !group.isEmpty { groups[index][key] = group }
    }

    /// Whether somebody has called it expected.
    private func isSilenced(
        _ correlation: SigmaCorrelation, _ firing: CorrelationGroup.Firing,
        _ evidence: ArraySlice<CorrelationSignal>
    ) -> Bool {
        guard !plan.suppressions.isEmpty, let last = evidence.last else { return false }
        return plan.suppressions.silence(
            correlation.head.id, correlation.groupBy, last.group, actor: last.actor, at: firing.time)
    }

    // MARK: Correlations of correlations

    /// A finding as the correlations see it that are made of this one.
    private func derived(
        _ index: Int, _ firing: CorrelationGroup.Firing, _ evidence: ArraySlice<CorrelationSignal>
    ) -> [CorrelationSignal] {
        guard let last = evidence.last else { return [] }
        let names = plan.correlations[index].groupBy
        return plan.ofCorrelations[index].map { tap in
            let value = { (field: String) in names.firstIndex(of: field).map { last.group[$0] } ?? [] }
            var signal = CorrelationSignal(
                correlation: tap.correlation, member: tap.member, time: firing.time,
                uid: Array(firing.uid.utf8), group: tap.group.map(value))
            signal.values = tap.values.map(value)
            signal.number = signal.values.first.flatMap { CorrelationSignal.number(in: $0) }
            signal.actor = last.actor
            signal.acting = last.acting
            signal.events = CorrelationSignal.events(of: evidence)
            signal.eventCount = evidence.reduce(0) { $0 + $1.eventCount }
            return signal
        }
    }

    private mutating func withdraw(_ signal: CorrelationSignal) {
        let index = Int(signal.correlation)
        groups[index][signal.group]?.remove(signal)
        weight -= signal.weight
        touched[index].insert(signal.group)
    }

    // MARK: Bounds

    private mutating func settleOlderHalf() {
        var times: [Timestamp] = []
        for group in groups.joined() { times += group.value.signals.map(\.time).filter { $0 > frontier } }
        times.sort()
        guard !times.isEmpty else { return }
        frontier = times[times.count / 2]
        settlements += 1
        settle(forgets: false)
        if weight > limits.windowBytes / 2 { settle(forgets: true) }
        fullWeight = max(limits.bytes, min(2 * weight, limits.windowBytes))
    }

    private mutating func settle(forgets: Bool) {
        for index in plan.correlations.indices {
            let correlation = plan.correlations[index]
            for key in Array(groups[index].keys) {
                let span = forgets ? .zero : correlation.timespan
                let gone = groups[index][key]?.settle(correlation, upTo: frontier, keeping: span) ?? (0, 0)
                weight -= gone.0
                if forgets { notes.forgotten += gone.1 }
                if groups[index][key]?.isEmpty == true { groups[index][key] = nil }
            }
        }
    }
}

extension CorrelationSignal {
    /// A JSON number, or a text that holds one, in millionths.
    package static func number(in value: [UInt8]) -> Int128? {
        var text = value[...]
        if text.first == UInt8(ascii: "\""), text.last == UInt8(ascii: "\""), text.count >= 2 {
            text = text.dropFirst().dropLast()
        }
        guard text.count <= 40, let number = Double(String(decoding: text, as: UTF8.self)), number.isFinite
        else { return nil }
        return CorrelationWindow.millionths(number)
    }
}
