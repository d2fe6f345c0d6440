/// Says of findings what is new of them: opened, closed, or taken back.
struct DriftTeller: Sendable {
    private let writer = DriftFindingWriter()

    /// Appends what was not said yet, and answers with what was said of each.
    ///
    /// - Parameters:
    ///   - kept: uids of what stands as it was said: it is not among `found`.
    ///   - known: what was said before and may have changed, by uid.
    ///   - subject: whose a finding is kept as.
    func tell(
        _ found: [DriftFinding], kept: [String] = [], known: [String: DriftTold],
        into findings: inout EventBatch, _ subject: (DriftFinding) -> AccessState.Subject
    ) -> [DriftTold] {
        var said: [DriftTold] = []
        var standing = kept
        for finding in found {
            let uid = finding.uid
            let before = known[uid]
            if before != nil { standing.append(uid) }
            let state: DriftTold.State = finding.isOpen ? .open : .closed
            guard before?.state != state else { continue }
            var version = before?.version ?? 0
            func say(_ finding: DriftFinding, _ state: DriftTold.State) {
                version += 1
                writer.append(finding, uid: uid, to: &findings)
                said.append(
                    DriftTold(
                        subject: subject(finding), uid: uid, code: finding.code,
                        time: finding.closed?.time ?? finding.opened.time, version: version, state: state))
            }
            if before == nil, !finding.isOpen {
                var opened = finding
                opened.closed = nil
                say(opened, .open)
            }
            say(finding, state)
        }
        return said + retract(known, but: standing, from: &findings)
    }

    /// Takes back what was said and does not stand any more.
    private func retract(
        _ known: [String: DriftTold], but standing: [String], from findings: inout EventBatch
    ) -> [DriftTold] {
        // All of these are known.
        let standing = Set(standing)
        if standing.count == known.count { return [] }
        var said: [DriftTold] = []
        for one in known.values.sorted(by: { $0.uid < $1.uid })
        where one.state != .retracted && !standing.contains(one.uid) {
            var gone = one
            gone.state = .retracted
            gone.version += 1
            writer.append(retraction: gone, to: &findings)
            said.append(gone)
        }
        return said
    }
}
