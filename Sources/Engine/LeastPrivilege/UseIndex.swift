/// Which permissions were used, by whom, on what and when: a fold over events in any order.
///
/// Denied requests are counted apart: asking is not having. Each event counts once, however often it comes, as long as
/// `Limits.events` are enough to remember it.
package struct UseIndex: Sendable {
    package struct Limits: Hashable, Sendable {
        /// Distinct requests; more are not taken, and counted.
        package var requests = 300_000
        /// Events remembered so that none counts twice: eight bytes each. Beyond, a repeated event counts again.
        package var events = 4_000_000
        package init() {}
    }

    package struct Tally: Hashable, Sendable {
        /// Events named; of more the earliest.
        package static let uidsMax = 5

        package var count = 0
        package var first = Timestamp.distantFuture
        package var last = Timestamp.distantPast
        /// The earliest events, in order.
        package private(set) var evidence: [Evidence] = []

        package struct Evidence: Hashable, Comparable, Sendable {
            package var time: Timestamp
            package var uid: String

            package static func < (a: Evidence, b: Evidence) -> Bool {
                (a.time, a.uid) < (b.time, b.uid)
            }
        }

        package init() {}

        mutating func add(_ time: Timestamp, _ uid: String) {
            count += 1
            first = min(first, time)
            last = max(last, time)
            insert(Evidence(time: time, uid: uid))
        }

        package mutating func add(_ other: Tally) {
            count += other.count
            first = min(first, other.first)
            last = max(last, other.last)
            for item in other.evidence { insert(item) }
        }

        private mutating func insert(_ item: Evidence) {
            let place = evidence.firstIndex { item < $0 } ?? evidence.count
            guard place < Self.uidsMax else { return }
            evidence.insert(item, at: place)
            if evidence.count > Self.uidsMax { evidence.removeLast() }
        }
    }

    package let limits: Limits
    /// Requests that were allowed.
    package private(set) var allowed: [ObservedRequest: Tally] = [:]
    package private(set) var denied: [ObservedRequest: Tally] = [:]
    /// Days on which anything was seen of an account, and events of each; days since 1970.
    package private(set) var days: [String: [Int64: Int]] = [:]
    /// Days on which data events of a service were seen in an account: `111122223333 s3`.
    package private(set) var dataDays: [String: Set<Int64>] = [:]
    /// Distinct requests beyond the limit.
    package private(set) var passedOver = 0
    package private(set) var latest = Timestamp.distantPast
    private var known: Set<UInt64> = []

    /// Accounts times days that are told apart.
    private static let daysMax = 1_000_000

    package init(limits: Limits = Limits()) { self.limits = limits }

    /// - Parameter isAsked: whether a principal's requests are kept; of all others only their days.
    package mutating func take(_ use: ObservedUse, where isAsked: (ObservedRequest) -> Bool) {
        let uid = Array(use.uid.utf8)
        let mark = WyHash.hash(uid.span, seed: 11)
        if known.contains(mark) { return }
        if known.count < limits.events { known.insert(mark) }
        latest = max(latest, use.time)
        let day = floorDivide(use.time.seconds, 86_400)
        if days.count < Self.daysMax { days[use.account, default: [:]][day, default: 0] += 1 }
        if use.isData, dataDays.count < Self.daysMax {
            dataDays["\(use.account) \(use.service)", default: []].insert(day)
        }
        for request in use.requests where isAsked(request) {
            if use.isDenied {
                Self.add(request, use, to: &denied, limits.requests, &passedOver)
            } else {
                Self.add(request, use, to: &allowed, limits.requests, &passedOver)
            }
        }
    }

    private static func add(
        _ request: ObservedRequest, _ use: ObservedUse, to tallies: inout [ObservedRequest: Tally],
        _ limit: Int, _ passedOver: inout Int
    ) {
        guard tallies.count < limit || tallies[request] != nil else {
            passedOver += 1
            return
        }
        tallies[request, default: Tally()].add(use.time, use.uid)
    }

    /// What was asked from a time on, and when each action was last used of what was not asked since.
    package func since(_ start: Timestamp) -> (index: UseIndex, earlier: [String: Timestamp]) {
        var index = self
        index.allowed = allowed.filter { $0.value.last >= start }
        index.denied = denied.filter { $0.value.last >= start }
        var earlier: [String: Timestamp] = [:]
        for (request, tally) in allowed where tally.last < start {
            earlier[request.action] = max(earlier[request.action] ?? .distantPast, tally.last)
        }
        for request in index.allowed.keys { earlier[request.action] = nil }
        return (index, earlier)
    }

    /// How far the log of an account can be believed in the days up to a time.
    ///
    /// - Parameter broken: days of which a ledger says that something is missing, days since 1970.
    package func coverage(
        of account: String, from start: Timestamp, to end: Timestamp, broken: Set<Int64>
    ) -> Rightsizing.Coverage {
        let first = floorDivide(start.seconds, 86_400)
        let last = max(first, floorDivide(end.seconds, 86_400))
        let seen = (days[account] ?? [:]).keys.filter { first...last ~= $0 && !broken.contains($0) }
        let covered = Set(seen)
        var services: Set<String> = []
        for (key, days) in dataDays {
            let words = key.split(separator: " ")
            guard words.count == 2, words[0] == account else { continue }
            // A trail that has a service's data events has some every week, where they are used at all.
            let isOn = covered.allSatisfy { day in (day - 6...day + 6).contains { days.contains($0) } }
            if isOn { services.insert(String(words[1])) }
        }
        return Rightsizing.Coverage(days: first...last, covered: covered, dataServices: services)
    }

    // MARK: By action

    /// All that is known of one principal's use of one action.
    package struct ActionUse: Sendable {
        package var action: String
        package var used = Tally()
        package var denied = Tally()
        /// Resources that it was used on; `nil` among them where some were not told.
        package var resources: Set<String?> = []
        package var account = ""
    }

    /// By action, in the order of their names.
    package func actions() -> [ActionUse] {
        var uses: [String: ActionUse] = [:]
        for (request, tally) in allowed.sorted(by: { Self.isBefore($0.key, $1.key) }) {
            var use = uses[request.action] ?? ActionUse(action: request.action)
            use.used.add(tally)
            use.resources.insert(request.resource)
            use.account = request.account
            uses[request.action] = use
        }
        for (request, tally) in denied.sorted(by: { Self.isBefore($0.key, $1.key) }) {
            var use = uses[request.action] ?? ActionUse(action: request.action)
            use.denied.add(tally)
            uses[request.action] = use
        }
        return uses.values.sorted { $0.action < $1.action }
    }

    package static func isBefore(_ a: ObservedRequest, _ b: ObservedRequest) -> Bool {
        if (a.principal, a.action) != (b.principal, b.action) {
            return (a.principal, a.action) < (b.principal, b.action)
        }
        if (a.resource ?? "", a.account, a.region) != (b.resource ?? "", b.account, b.region) {
            return (a.resource ?? "", a.account, a.region) < (b.resource ?? "", b.account, b.region)
        }
        func flags(_ request: ObservedRequest) -> Int {
            (request.hasMFA.map { $0 ? 2 : 1 } ?? 0) * 2 + (request.isByService ? 1 : 0)
        }
        return (a.address, flags(a)) < (b.address, flags(b))
    }
}
