/// The signals of one correlation that have the same values of its group-by fields, and what came of them.
///
/// An answer is a function of the signals alone, in whatever order they came: they are kept sorted, and gone through
/// anew behind what is settled when one is added or taken away.
struct CorrelationGroup: Sendable {
    /// The condition came to hold: one finding.
    ///
    /// It is raised again only after the condition has failed at a signal, or a timespan has passed without one, so that
    /// a storm is one finding.
    struct Firing: Sendable {
        var uid: String
        /// Of the signal that completed it.
        var time: Timestamp
        /// The places of its evidence among the signals.
        var evidence: Range<Int>
        var measure: Double
    }

    /// What the past leaves behind.
    private struct State: Sendable {
        /// Whether the condition held at the last signal, and when that was.
        var isOpen = false
        var lastTime: Timestamp?
        /// The last finding's.
        var lastUID: String?
    }

    /// A finding that was given out, and may have to be corrected.
    struct Told: Sendable {
        var time: Timestamp
        var digest: UInt64
        var version: UInt32 = 1
        /// Of an earlier run: what correlations of this one have to know was not given to them yet.
        var isRestored = false
        /// Its signals in the correlations that are made of this one.
        var derived: [CorrelationSignal] = []
    }

    private(set) var signals: [CorrelationSignal] = []
    /// So many of the first ones are settled: nothing will come before or between them.
    private var settled = 0
    /// As of the last settled signal.
    private var state = State()
    var told: [String: Told] = [:]
    /// How many versions there were of each finding that was given out.
    var versions: [String: UInt32] = [:]

    /// Came since the signals were last put in order.
    private var pending: [CorrelationSignal] = []

    mutating func nextVersion(of uid: String) -> UInt32 {
        versions[uid, default: 0] += 1
        return versions[uid] ?? 1
    }

    var isEmpty: Bool { signals.isEmpty && pending.isEmpty && told.isEmpty }

    mutating func insert(_ signal: CorrelationSignal) { pending.append(signal) }

    mutating func remove(_ signal: CorrelationSignal) {
        let isSame = { (other: CorrelationSignal) in other.member == signal.member && other.uid == signal.uid
        }
        pending.removeAll(where: isSame)
        if let place = signals.indices.dropFirst(settled).first(where: { isSame(signals[$0]) }) {
            signals.remove(at: place)
        }
    }

    /// Puts what came in its place. Returns the weight of what was there already, and is there once.
    mutating func order() -> Int {
        if pending.isEmpty { return 0 }
        pending.sort(by: Self.isBefore)
        var merged: [CorrelationSignal] = []
        merged.reserveCapacity(signals.count + pending.count)
        merged += signals[..<settled]
        var doubled = 0
        var old = settled
        var new = 0
        while old < signals.count || new < pending.count {
            let takesNew =
                old == signals.count || (new < pending.count && Self.isBefore(pending[new], signals[old]))
            let signal = takesNew ? pending[new] : signals[old]
            if takesNew { new += 1 } else { old += 1 }
            if let last = merged.last, last.time == signal.time, last.member == signal.member,
                last.uid == signal.uid
            {
                doubled += signal.weight
            } else {
                merged.append(signal)
            }
        }
        signals = merged
        pending = []
        return doubled
    }

    private static func isBefore(_ a: CorrelationSignal, _ b: CorrelationSignal) -> Bool {
        if a.time != b.time { return a.time < b.time }
        if a.member != b.member { return a.member < b.member }
        return a.uid.lexicographicallyPrecedes(b.uid)
    }

    /// What the settled past leaves behind, to be kept over a restart.
    func leftBehind(_ correlation: Int32, _ key: [[UInt8]]) -> CorrelationSettled {
        CorrelationSettled(
            correlation: correlation, group: key, isOpen: state.isOpen, lastTime: state.lastTime,
            lastUID: state.lastUID)
    }

    mutating func restore(_ settled: CorrelationSettled) {
        state = State(isOpen: settled.isOpen, lastTime: settled.lastTime, lastUID: settled.lastUID)
    }

    /// Takes back a signal of the settled past, which windows still reach.
    mutating func restore(settled signal: CorrelationSignal) {
        var place = settled
        while place > 0, Self.isBefore(signal, signals[place - 1]) { place -= 1 }
        signals.insert(signal, at: place)
        settled += 1
    }

    /// What the signals behind the settled ones come to.
    func firings(_ correlation: SigmaCorrelation) -> [Firing] {
        var firings: [Firing] = []
        _ = walk(correlation, through: signals.count) { firings.append($0) }
        return firings
    }

    /// Goes through the signals before `end`; returns the state as of the last.
    private func walk(
        _ correlation: SigmaCorrelation, through end: Int, _ fire: (Firing) -> Void
    ) -> State {
        var window = CorrelationWindow(correlation)
        var left = 0
        var state = state
        for place in 0..<end {
            let signal = signals[place]
            while signals[left].time < signal.time - correlation.timespan {
                window.remove(signals[left])
                left += 1
            }
            window.add(signal)
            if place < settled { continue }
            let isOn = state.lastTime.map { signal.time - $0 <= correlation.timespan } ?? false
            let holds = window.holds(at: signal.time)
            if holds, !(state.isOpen && isOn) {
                var first = left
                if let start = window.runStart, correlation.kind == .temporalOrdered {
                    while signals[first].time < start { first += 1 }
                }
                let uid = uid(correlation, first)
                if uid != state.lastUID {
                    fire(
                        Firing(
                            uid: uid, time: signal.time, evidence: first..<place + 1, measure: window.measure)
                    )
                }
                state.lastUID = uid
            }
            state.isOpen = holds
            state.lastTime = signal.time
        }
        return state
    }

    /// Of the correlation, the group and the first evidence.
    private func uid(_ correlation: SigmaCorrelation, _ first: Int) -> String {
        var hash = SHA256()
        for part in [Array(correlation.head.id.utf8)] + signals[first].group + [signals[first].uid] {
            hash.update(withLengthOf: part.count)
            hash.update(part.span)
        }
        return StableDigest.identifier(hash)
    }

    /// Nothing will come at or before `time` any more: forgets what no later window reaches. Returns how many signals
    /// were forgotten, and what they weighed.
    ///
    /// - Parameter keeping: how far back of `time` windows still reach; zero where there is no room for them.
    mutating func settle(
        _ correlation: SigmaCorrelation, upTo time: Timestamp, keeping span: Duration
    ) -> (weight: Int, signals: Int) {
        var end = settled
        while end < signals.count, signals[end].time <= time { end += 1 }
        state = walk(correlation, through: end) { _ in }
        settled = end
        var gone = 0
        while gone < settled, signals[gone].time < time - span || span == .zero { gone += 1 }
        let weight = signals[..<gone].reduce(0) { $0 + $1.weight }
        signals.removeFirst(gone)
        settled -= gone
        told = told.filter { $0.value.time > time }
        versions = versions.filter { told[$0.key] != nil }
        return (weight, gone)
    }
}
