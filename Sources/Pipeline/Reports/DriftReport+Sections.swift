package import Engine

extension DriftReport {
    /// The questions of a report, in their order.
    package enum Question: String, CaseIterable, Sendable {
        case wider, open, expired, unused, plan, unseen

        package var title: String {
            switch self {
            case .wider: "What got wider, and who did it"
            case .open: "What stands open without a grant"
            case .expired: "What expired and was not revoked"
            case .unused: "What nobody uses"
            case .plan: "What to do"
            case .unseen: "What we could not see"
            }
        }

        /// Said where there is nothing to say.
        package var nothing: String {
            switch self {
            case .wider: "Nothing got wider in this period."
            case .open: "Nothing stands open without a grant."
            case .expired: "Nothing that expired was left in place."
            case .unused: "Nothing is known to be unused."
            case .plan: "Nothing is to be undone."
            case .unseen: "No gap in what was recorded is known."
            }
        }
    }

    /// Findings that answer a question.
    package func findings(for question: Question) -> [DriftFinding] {
        switch question {
        case .wider, .plan: []
        case .open:
            Self.newestKnowledgeFirst(
                findings.filter { finding in
                    if case .grant = finding.opened.backing { return false }
                    return finding.isOpen && !Self.elsewhere.contains(finding.code)
                })
        case .expired: findings.filter { [.notRevoked, .outsideWindow, .grantAbuse].contains($0.code) }
        case .unused: findings.filter { $0.code == .dormant }
        case .unseen: findings.filter { $0.code == .telemetryGap }
        }
    }

    /// Codes that answer another question.
    private static let elsewhere: Set<DriftCode> = [
        .notRevoked, .outsideWindow, .grantAbuse, .dormant, .telemetryGap,
    ]

    /// What somebody was seen to do stands before what a snapshot found there: that may be as old as the organization.
    private static func newestKnowledgeFirst(_ findings: [DriftFinding]) -> [DriftFinding] {
        findings.filter { !$0.opened.isSnapshot } + findings.filter { $0.opened.isSnapshot }
    }

    /// A step of the revocation plan.
    package struct Step: Sendable {
        package var finding: DriftFinding
        package var commands: [String]
        /// Where the same is to be done, the finding's own place first.
        package var places: [String]
    }

    /// What can be undone by commands, the gravest first; each command once in each account.
    package var plan: [Step] {
        var seen: Set<[String]> = []
        var steps: [Step] = []
        var known: [[String]: Int] = [:]
        for finding in Self.newestKnowledgeFirst(open) {
            let place = Self.place(finding.provider, finding.account)
            let commands = finding.remedies.filter { seen.insert([place, $0]).inserted }
            if commands.isEmpty { continue }
            // The same in many accounts is one step to be read.
            let name = [finding.provider, finding.words] + commands
            if let step = known[name] {
                steps[step].places.append(place)
            } else {
                known[name] = steps.count
                steps.append(Step(finding: finding, commands: commands, places: [place]))
            }
        }
        return steps
    }

    /// `AWS 111122223333`, or the product alone where it has no accounts.
    package static func place(_ provider: String, _ account: String) -> String {
        account.isEmpty || account == provider ? provider : "\(provider) \(account)"
    }

    /// A time to the second, for people.
    package static func moment(_ time: Timestamp) -> String {
        DriftFinding.text(Timestamp(seconds: time.nanoseconds / 1_000_000_000))
    }

    private static let shortfallsShown = 20

    /// What limits the report, in sentences.
    package var limits: [String] {
        var limits: [String] = []
        if coverage.events == 0 { limits.append("No event was read at all.") }
        if !coverage.silentDays.isEmpty {
            let days = coverage.silentDays
            limits.append(
                "No event came on \(days.prefix(5).joined(separator: ", "))"
                    + (days.count > 5 ? " and \(days.count - 5) days more." : "."))
        }
        if coverage.refused > 0 { limits.append("\(coverage.refused) records or inputs could not be read.") }
        if coverage.forgotten > 0 {
            limits.append("\(coverage.forgotten) changes were passed over: the state of access is full.")
        }
        if coverage.snapshots == 0, coverage.changes > 0 {
            limits.append(
                "No snapshot was read: what is older than the events is not known, and nothing they miss shows."
            )
        }
        limits += coverage.shortfalls.prefix(Self.shortfallsShown).map { "Not known: \($0.what): \($0.why)." }
        if coverage.shortfalls.count > Self.shortfallsShown {
            limits.append(
                "Of \(coverage.shortfalls.count - Self.shortfallsShown) things more the last snapshots do not tell."
            )
        }
        if coverage.changes > coverage.attributed {
            limits.append(
                "Of \(coverage.changes) changes \(coverage.changes - coverage.attributed) were made by somebody of whom no "
                    + "human is known.")
        }
        if declared.isEmpty {
            limits.append("No pipeline and no baseline is declared, so nothing was judged against them.")
        }
        if untold.findings + untold.changes > 0 {
            limits.append(
                "\(untold.findings) findings and \(untold.changes) changes of less weight are counted and not shown."
            )
        }
        return limits
    }

    /// One sentence that says what the period was.
    package var headline: String {
        if isEmpty { return "Nothing strayed in this period, and nothing stands open." }
        let grave = open.count { $0.severity >= .high }
        let found = open.count { $0.opened.isSnapshot }
        return
            "\(wider.count + untold.changes) changes gave more; \(open.count) findings stand open, \(grave) of them grave"
            + (found > 0 ? ", \(found) first seen in a snapshot" : "")
            + "; \(count(.new)) new, \(count(.stillOpen)) still open, \(closed.count) closed."
    }

    /// `3 d 4 h`, `25 min`.
    package static func age(_ age: Duration) -> String {
        let seconds = age.components.seconds
        if seconds >= 86_400 {
            let hours = seconds % 86_400 / 3_600
            return hours == 0 ? "\(seconds / 86_400) d" : "\(seconds / 86_400) d \(hours) h"
        }
        return seconds >= 3_600 ? "\(seconds / 3_600) h \(seconds % 3_600 / 60) min" : "\(seconds / 60) min"
    }

    /// `ada@example.com as arn:…`, or who the record names.
    package static func who(_ cause: DriftFinding.Cause) -> String {
        if cause.isSnapshot { return "somebody before it was taken" }
        let actor = cause.actor.isEmpty ? "somebody the record does not name" : cause.actor
        guard let human = cause.human, human != cause.actor else { return actor }
        return cause.actor.isEmpty ? human : "\(human) as \(cause.actor)"
    }

    /// What stands behind an act.
    package static func backing(_ cause: DriftFinding.Cause) -> String {
        switch cause.backing {
        case .none: cause.isSnapshot ? "not known under what" : "no grant and no pipeline"
        case .grant(let id): "grant \(id)"
        case .pipeline(let name): "pipeline \(name)"
        }
    }
}
