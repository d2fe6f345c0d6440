/// A timeline folded: like acts that follow one another in one session are one step.
struct CaseSteps {
    /// A longer pause begins a new step.
    private static let pauseMax = Duration.minutes(30)
    static let stepsMax = 20_000
    private static let targetsMax = 8
    private static let evidenceMax = 50

    private(set) var steps: [CaseStep] = []
    private(set) var leftOut = 0
    /// Which step an event is in.
    private(set) var stepOf: [String: Int] = [:]

    /// - Parameter acts: in the order of time.
    init(_ acts: [CaseEvent], _ relations: [String: Investigator.Relation], _ sessions: CaseSessions) {
        // The step that each session is in.
        var open: [Int: Int] = [:]
        for event in acts {
            let relation = relations[event.uid] ?? .acted
            let session = relation == .acted ? sessions.place(of: event) : nil
            let lane = session ?? -1
            if let place = open[lane], Self.continues(steps[place], event, relation) {
                Self.add(event, to: &steps[place])
                stepOf[event.uid] = place
                continue
            }
            guard steps.count < Self.stepsMax else {
                leftOut += 1
                continue
            }
            open[lane] = steps.count
            stepOf[event.uid] = steps.count
            var step = CaseStep(
                relation: relation, first: event.time, last: event.time, session: session, actor: event.actor,
                operation: event.operation, service: event.service, outcome: event.outcome,
                reason: event.reason, address: event.address, agent: event.agentFamily,
                account: event.account,
                region: event.region, isNotable: event.isNotable || relation != .acted, change: event.change)
            Self.add(event, to: &step)
            steps.append(step)
        }
    }

    private static func continues(
        _ step: CaseStep, _ event: CaseEvent, _ relation: Investigator.Relation
    ) -> Bool {
        step.relation == relation && step.operation == event.operation && step.service == event.service
            && step.outcome == event.outcome && step.reason == event.reason && step.address == event.address
            && step.agent == event.agentFamily && step.account == event.account && step.region == event.region
            && step.actor == event.actor && event.time - step.last <= pauseMax
    }

    private static func add(_ event: CaseEvent, to step: inout CaseStep) {
        step.count += 1
        step.last = max(step.last, event.time)
        if step.evidence.count < evidenceMax { step.evidence.append(event.uid) }
        var targets = event.targets.map(\.label)
        // Who signs in is not also what that is done to.
        let user = event.affectedUser.label
        let isSelf = [event.principal, event.principalName, event.email].contains(user)
        if targets.isEmpty, !user.isEmpty, !isSelf { targets = [user] }
        for target in targets where !step.targets.contains(target) {
            step.targetCount += 1
            if step.targets.count < targetsMax { step.targets.append(target) }
        }
    }

    /// Marks what was new and what findings rest on.
    mutating func mark(_ firsts: [CaseFirst], _ findings: [CaseFinding]) {
        for (place, first) in firsts.enumerated() where first.daysBefore > 0 {
            if let step = stepOf[first.evidence] { steps[step].firsts.append(place) }
        }
        for (place, finding) in findings.enumerated() {
            for step in Set(finding.evidence.compactMap { stepOf[$0] }).sorted() {
                steps[step].findings.append(place)
            }
        }
    }
}

/// What the subject did, or came with, for the first time in the data.
struct CaseFirsts {
    static let firstsMax = 1_000

    private(set) var firsts: [CaseFirst] = []
    private(set) var leftOut = 0

    /// - Parameter acts: the subject's own, in the order of time.
    init(_ acts: [CaseEvent], from start: Timestamp) {
        var seen: Set<String> = []
        var days: Set<Int64> = []
        for event in acts {
            let day = floorDivide(event.time.seconds, 86_400)
            let before = days.count - (days.contains(day) ? 1 : 0)
            for (dimension, value) in Self.values(of: event) where !value.isEmpty {
                guard seen.insert("\(dimension) \(value)").inserted, event.time >= start else { continue }
                guard firsts.count < Self.firstsMax else {
                    leftOut += 1
                    continue
                }
                firsts.append(
                    CaseFirst(
                        dimension: dimension, value: value, time: event.time, evidence: event.uid,
                        daysBefore: before))
            }
            days.insert(day)
        }
    }

    private static func values(of event: CaseEvent) -> [(String, String)] {
        // Whoever is refused shows what they tried, and that is theirs as well.
        [
            ("address", event.address), ("network", event.network), ("country", event.country),
            ("program", event.agentFamily), ("account", event.account), ("region", event.region),
            ("role", event.role), ("service", event.service), ("action", event.action),
        ]
    }
}
