/// Says of findings what is new of them: opened, closed, or taken back.
struct DriftTeller: Sendable {
    private let writer = DriftFindingWriter()

    /// Appends what was not said yet, and answers with what was said of each.
    ///
    /// - Parameter known: what was said before and may have changed, by uid.
    /// - Parameter subject: whose a finding is kept as.
    func tell(
        _ found: [DriftFinding], known: [String: DriftTold], into findings: inout EventBatch,
        _ subject: (DriftFinding) -> AccessState.Subject
    ) -> [DriftTold] {
        var said: [DriftTold] = []
        var known = known
        for finding in found {
            let uid = finding.uid
            let before = known.removeValue(forKey: uid)
            let state: DriftTold.State = finding.isOpen ? .open : .closed
            guard before?.state != state else { continue }
            var version = before?.version ?? 0
            func say(_ finding: DriftFinding, _ state: DriftTold.State) {
                version += 1
                writer.append(finding, to: &findings)
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
        for one in known.values.sorted(by: { $0.uid < $1.uid }) where one.state != .retracted {
            var gone = one
            gone.state = .retracted
            gone.version += 1
            writer.append(retraction: gone, to: &findings)
            said.append(gone)
        }
        return said
    }
}
