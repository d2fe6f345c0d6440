package import Engine

/// A week, or as long as asked, of CloudTrail at Example Corp: the same seed gives the same bytes.
///
/// The whole organization is played in event time from an agenda, so sessions hang together: a temporary key is
/// issued by a recorded call before it is used, and ends when it expires. Files come one by one, in the order of
/// delivery; memory does not grow with the length of the log.
package struct SyntheticTrail: Sendable {
    package struct Options: Sendable {
        package var seed: UInt64 = 1
        package var days = 7
        package var identities = 200
        /// About how much JSON to make; `nil` is what this many people and their machines make by themselves.
        package var mebibytes: Int?
        /// Names of storylines, from `Storyline.names`.
        package var storylines: [String] = Storyline.names
        /// A Monday, so that the week-end comes last.
        package var start = Timestamp(seconds: 1_793_577_600)

        package init() {}
    }

    /// What to do at a time.
    enum Act: Sendable {
        case day(person: Int)
        case visit(person: Int, isFirst: Bool)
        case call(visit: Int)
        case machine(Int)
        case release
        case apply
        case upkeep(account: Int)
        case beat(story: Int)
        case drill
        case errand(Errand)
        case insight
    }

    let options: Options
    let organization: Organization
    let catalogue = Catalogue()
    let end: Timestamp
    var dice: Dice
    var agenda = Agenda()
    var visits: [Visit] = []
    var freeVisits: [Int] = []
    var machines: [Machine] = []
    var stories: [Story] = []
    package internal(set) var labels: [Label] = []
    /// Visits begun since they were last taken: what the other systems hang on.
    var moments: [SyntheticFeeds.Moment] = []
    /// Of every record by its id, whose act it truly is, as `Label.human` says it; kept where it is asked for.
    package private(set) var truths: [String: String] = [:]
    package var keepsTruths = false
    package private(set) var bytesWritten = 0
    package private(set) var recordsWritten = 0

    /// How busy everybody is: 1 unless a size is asked for.
    private(set) var intensity = 1.0
    private var intensitySeconds = 0.0
    var keysIssued: UInt64 = 0
    var delivery: Delivery
    private var ready: [LogFile] = []
    private var nextDelivery: Timestamp
    private var isOver = false

    // Of the record being written: what each slot stands for, and the bytes.
    var drawn: [Int] = Array(repeating: -1, count: Slot.allCases.count)
    var record: [UInt8] = []
    var eventIDStart = 0
    var lastOperation = 0
    var lastEntity = ""
    var lastTime = Timestamp.epoch

    package init(_ options: Options) {
        self.options = options
        organization = Organization(seed: options.seed, identities: options.identities)
        dice = Dice(seed: Dice.seed(options.seed, for: "acts"))
        delivery = Delivery(
            accounts: organization.accounts.map(\.id),
            dice: Dice(seed: Dice.seed(options.seed, for: "delivery")))
        end = options.start + .days(max(1, options.days))
        nextDelivery = options.start + Delivery.interval
        schedule()
    }

    /// The visits begun since this was last asked, in the order of their times.
    package mutating func takeMoments() -> [SyntheticFeeds.Moment] {
        defer { moments.removeAll(keepingCapacity: true) }
        return moments
    }

    /// Up to when the log has been played.
    package var playedUntil: Timestamp { nextDelivery }

    /// How much of the log's time has been played, 0 to 1.
    package var fractionDone: Double {
        let whole = Double((end - options.start).nanoseconds)
        return min(1, Double((nextDelivery - options.start).nanoseconds) / whole)
    }

    package var lateRecords: Int { delivery.lateRecords }
    package var repeatedRecords: Int { delivery.repeatedRecords }
    package var accounts: Int { organization.accounts.count }
    package var firstEvent: Timestamp { options.start }
    package var lastEvent: Timestamp { end }

    /// The next file delivered, or `nil` at the end.
    package mutating func next() -> LogFile? {
        while ready.isEmpty {
            if isOver { return nil }
            step()
        }
        return ready.popLast()
    }

    private mutating func step() {
        if let time = agenda.nextTime, time <= nextDelivery, time < end {
            if let (time, act) = agenda.pop() { perform(act, at: time) }
            return
        }
        isOver = nextDelivery >= end
        ready = delivery.files(at: nextDelivery, isLast: isOver).reversed()
        nextDelivery = nextDelivery + Delivery.interval
        steer()
    }

    /// Sets how busy everybody is so that the rest of the log has the bytes that are still wanted.
    private mutating func steer() {
        guard let mebibytes = options.mebibytes else { return }
        let interval = 300.0
        intensitySeconds += intensity * interval
        let left = Double((end - nextDelivery).nanoseconds) / 1e9
        guard left > interval, bytesWritten > 500_000 else { return }
        let perIntensitySecond = Double(bytesWritten) / intensitySeconds
        let wanted = Double(mebibytes << 20) - Double(bytesWritten)
        intensity = min(10_000, max(0.02, wanted / (perIntensitySecond * left)))
    }

    private mutating func perform(_ act: Act, at time: Timestamp) {
        switch act {
        case .day(let person): beginDay(of: person, at: time)
        case .visit(let person, let isFirst): beginVisit(of: person, isFirst: isFirst, at: time)
        case .call(let visit): continueVisit(visit, at: time)
        case .machine(let machine): work(machine, at: time)
        case .release: release(at: time)
        case .apply: applyInfrastructure(at: time)
        case .upkeep(let account): upkeep(of: account, at: time)
        case .beat(let story): play(story, at: time)
        case .drill: drillBreakGlass(at: time)
        case .errand(let errand): run(errand, at: time)
        case .insight: insight(at: time)
        }
    }

    private mutating func schedule() {
        for day in 0..<max(1, options.days) {
            let midnight = options.start + .days(day)
            for person in organization.people.indices {
                let local = midnight - .hours(organization.people[person].zone)
                agenda.push(.day(person: person), at: max(options.start, local))
            }
            scheduleReleases(on: midnight, isWeekend: day % 7 >= 5)
            scheduleErrands(on: midnight, weekday: day % 7)
            if day % 7 == 3 { agenda.push(.drill, at: midnight + .seconds(52_000 + dice.below(4_000))) }
            if day % 7 == 2 { agenda.push(.insight, at: midnight + .seconds(30_000 + dice.below(30_000))) }
        }
        machines = makeMachines()
        for machine in machines.indices {
            agenda.push(.machine(machine), at: options.start + .seconds(dice.below(3_600)))
        }
        for account in organization.accounts.indices {
            agenda.push(.upkeep(account: account), at: options.start + .seconds(dice.below(3_600)))
        }
        scheduleStories()
    }

    /// Remembers whose act the record written last truly is.
    mutating func note(truth human: String) {
        if keepsTruths { truths[lastEventID] = human }
    }

    /// Counts a finished record and hands it to delivery.
    mutating func deliver(account: Int, region: Int, at time: Timestamp, isInsight: Bool = false) {
        bytesWritten += record.count + 1
        recordsWritten += 1
        delivery.take(record, account: account, region: region, at: time, isInsight: isInsight)
    }
}

/// What is to happen, soonest first; equal times in the order they were entered.
struct Agenda: Sendable {
    private var heap: [(time: Timestamp, order: UInt64, act: SyntheticTrail.Act)] = []
    private var entered: UInt64 = 0

    var nextTime: Timestamp? { heap.first?.time }

    private func precedes(_ a: Int, _ b: Int) -> Bool {
        (heap[a].time, heap[a].order) < (heap[b].time, heap[b].order)
    }

    mutating func push(_ act: SyntheticTrail.Act, at time: Timestamp) {
        entered += 1
        heap.append((time, entered, act))
        var child = heap.count - 1
        while child > 0, precedes(child, (child - 1) / 2) {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    mutating func pop() -> (time: Timestamp, act: SyntheticTrail.Act)? {
        guard let first = heap.first else { return nil }
        let last = heap.removeLast()
        if !heap.isEmpty {
            heap[0] = last
            var parent = 0
            while true {
                var least = parent
                for child in [parent * 2 + 1, parent * 2 + 2]
                where child < heap.count && precedes(child, least) {
                    least = child
                }
                if least == parent { break }
                heap.swapAt(parent, least)
                parent = least
            }
        }
        return (first.time, first.act)
    }
}
