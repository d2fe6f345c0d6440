package import Engine

extension Drift {
    /// The report of a period, by all that was taken.
    ///
    /// - Parameters:
    ///   - others: findings that others have raised.
    ///   - backings: what stands behind acts, by their events' uids, where the acts themselves do not say it.
    package func report(
        from: Timestamp, to: Timestamp, previous: DriftReport.Previous? = nil,
        coverage: DriftReport.Coverage? = nil, others: [DriftFinding] = [],
        backings: [String: DriftFinding.Backing] = [:]
    ) -> DriftReport {
        var (findings, changes) = readAll(at: to)
        func back(_ cause: inout DriftFinding.Cause) {
            if cause.backing == .none, let backing = backings[cause.uid] { cause.backing = backing }
        }
        for place in findings.indices { back(&findings[place].opened) }
        for place in changes.indices { back(&changes[place].cause) }
        var told = coverage ?? DriftReport.Coverage()
        told.shortfalls = shortfalls(at: to)
        if coverage == nil {
            told.events = notes.changes
            told.attributed = changes.count { $0.cause.human != nil }
            told.principals = state.identities(at: to).count
        }
        told.changes = notes.changes
        told.forgotten = notes.refused
        return DriftReport(
            from: from, to: to, findings: findings + others, changes: changes, coverage: told,
            previous: previous,
            declared: settings.declared)
    }
}
