import Engine
import Ports

/// An investigation as a tired person reads it in a terminal: the most urgent first, times in UTC, long things folded.
struct InvestigationPanel {
    private static let sessionsMax = 30
    private static let stepsMax = 60
    private static let thingsMax = 20
    private static let firstsMax = 15

    private let found: Investigation
    private let showsAll: Bool
    private var panel: TextPanel
    private let width: Int

    /// - Parameter showsAll: every step, and not only the notable ones.
    init(_ found: Investigation, showsAll: Bool, usesColor: Bool, width: Int?) {
        self.found = found
        self.showsAll = showsAll
        self.width = max(60, width ?? Int(Int32.max))
        panel = TextPanel(usesColor: usesColor)
    }

    var text: String {
        var copy = self
        copy.write()
        return copy.panel.text
    }

    private mutating func write() {
        head()
        standing()
        findings()
        chain()
        origins()
        firsts()
        reach()
        timeline()
        pivots()
        for note in found.notes { panel.text(note) }
    }

    // MARK: Pieces

    private func counted(_ count: Int, _ what: String) -> String {
        "\(grouped(count)) \(what)\(count == 1 ? "" : "s")"
    }

    /// An ARN without what all of them have: `777788889999:role/deploy`.
    private func short(_ text: String) -> String {
        guard text.hasPrefix("arn:") else { return text }
        let parts = text.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
        guard parts.count == 6 else { return text }
        let name = String(parts[5]).replacing("aws-reserved/sso.amazonaws.com/", with: "")
        return parts[4].isEmpty ? name : "\(parts[4]):\(name)"
    }

    /// `11-02 11:22:18`, with the year where years differ.
    private func moment(_ time: Timestamp) -> String {
        let text = Timestamp(seconds: time.seconds).iso8601
        let isOneYear = found.window.lowerBound.iso8601.prefix(4) == found.window.upperBound.iso8601.prefix(4)
        return String(text.dropFirst(isOneYear ? 5 : 0).dropLast()).replacing("T", with: " ")
    }

    private func span(_ first: Timestamp, _ last: Timestamp) -> String {
        let (a, b) = (moment(first), moment(last))
        if a == b { return a }
        let isOneDay = a.prefix { $0 != " " } == b.prefix { $0 != " " }
        return "\(a) – \(isOneDay ? String(b.split(separator: " ").last ?? "") : b)"
    }

    private mutating func line(_ text: String, _ style: TextPanel.Style? = nil, indent: Int = 2) {
        let cut = TextPanel.cut(printable(text), width - indent)
        panel.line(String(repeating: " ", count: indent) + (style.map { panel.styled(cut, $0) } ?? cut))
    }

    private mutating func more(_ count: Int, _ what: String) {
        if count > 0 { line("… \(grouped(count)) more \(what): --format json or --html has all", .dim) }
    }

    private mutating func head() {
        panel.line(panel.styled(printable(found.subject), .bold) + "  " + found.nature)
        if found.subject != found.entity.name {
            line("found behind the \(found.kind.rawValue) \(found.entity.name)", indent: 0)
        }
        let clouds = Set(found.sessions.map(\.provider)).filter { !$0.isEmpty }.sorted().joined(
            separator: ", ")
        line(
            "\(counted(found.events, "event")), \(span(found.window.lowerBound, found.window.upperBound)) UTC"
                + (clouds.isEmpty ? "" : ", in \(clouds)"), indent: 0)
        if let score = found.scores.map(\.hundredths).max() {
            line(
                "\(counted(found.findings.count, "finding")), risk up to \(RiskLedger.text(score)) of 100",
                indent: 0)
        }
        if !found.isWhole || found.behind.count > 1 {
            for one in found.behind.prefix(8) {
                line(
                    "\(one.name) (\(one.nature)), \(counted(one.events, "event")): martlet investigate \(one.name)"
                )
            }
            more(found.behind.count - 8, "identities")
        }
    }

    /// What still stands comes before everything else: it is what has to be undone.
    private mutating func standing() {
        let open = found.things.filter { thing in
            switch thing.standing {
            case .stands, .notKnown: thing.command != nil || thing.standing == .stands
            case .undone, .until: false
            }
        }
        let rest = found.things.count - open.count
        guard !found.things.isEmpty else { return }
        panel.heading("Made or changed, and still standing", "\(open.count) of \(found.things.count)")
        for thing in open.prefix(Self.thingsMax) {
            let state = thing.standing == .stands ? "stands" : "not known whether it stands"
            line(
                "\(moment(thing.time))  \(thing.kind) \(thing.label): \(thing.change.rawValue) with "
                    + "\(thing.operation), \(state)\(thing.more > 0 ? ", and \(thing.more) like it" : "")",
                .red)
            if let uses = thing.uses {
                line(
                    "used \(uses.count) times since, \(span(uses.first, uses.last)), from "
                        + uses.addresses.joined(separator: ", "), .yellow, indent: 4)
            }
            // Whole, so that it can be copied.
            if let command = thing.command { panel.line("    " + panel.styled(printable(command), .cyan)) }
        }
        more(open.count - Self.thingsMax, "things")
        if rest > 0 {
            let undone = found.things.filter { if case .undone = $0.standing { true } else { false } }.count
            let sessions = found.things.filter { if case .until = $0.standing { true } else { false } }.count
            line("undone since: \(undone); sessions that end by themselves: \(sessions)", .dim)
        }
    }

    private mutating func findings() {
        guard !found.findings.isEmpty else { return }
        panel.heading("Findings", "martlet explain UID")
        let sorted = found.findings.indices.sorted {
            (found.findings[$1].severityID, $0) < (found.findings[$0].severityID, $1)
        }
        for place in sorted.prefix(Self.thingsMax) {
            let one = found.findings[place]
            let score = place < found.scores.count ? RiskLedger.text(found.scores[place].hundredths) : ""
            line(
                "\(moment(one.time))  \(one.severity): \(one.title)  (risk then \(score))  \(one.uid)",
                one.severityID >= 4 ? .red : nil)
        }
        more(found.findings.count - Self.thingsMax, "findings")
    }

    private mutating func chain() {
        panel.heading("Sessions, and how each leads to \(printable(found.subject))")
        // Sessions in which little happened give way to the others.
        let shown = Set(
            found.sessions.indices.sorted {
                (found.sessions[$1].events, $0) < (found.sessions[$0].events, $1)
            }.prefix(Self.sessionsMax))
        var needed = shown
        for place in shown {
            var at = found.sessions[place].parent
            while let parent = at, needed.insert(parent).inserted { at = found.sessions[parent].parent }
        }
        for place in found.sessions.indices where needed.contains(place) {
            let one = found.sessions[place]
            var text =
                one.label.isEmpty || one.label == one.id ? short(one.id) : "\(one.label) \(short(one.id))"
            if one.type != "human" { text = "\(one.type) \(text)" }
            if !one.via.isEmpty { text += "  ← \(one.via), \(one.certainty)" }
            if !one.evidence.isEmpty { text += " [\(one.evidence)]" }
            if one.events > 0, let first = one.first, let last = one.last {
                text +=
                    "  \(one.provider) \(one.account): \(counted(one.events, "event")), \(span(first, last))"
            }
            line(text, one.isAsked ? .yellow : nil, indent: 2 + 2 * min(one.depth, 12))
        }
        more(found.sessions.count - needed.count, "sessions")
    }

    private mutating func origins() {
        panel.heading("From where, with what")
        for (uses, what) in [(found.places, "addresses"), (found.agents, "programs")] {
            let sorted = uses.filter(\.isNew) + uses.filter { !$0.isNew }
            for use in sorted.prefix(8) {
                let of = use.of.isEmpty ? "" : " (\(use.of))"
                let others =
                    use.others.isEmpty ? "" : "; also \(use.others.prefix(3).joined(separator: ", "))"
                line(
                    "\(use.isNew ? "new  " : "     ")\(use.name)\(of)  \(counted(use.count, "event")), "
                        + "\(span(use.first, use.last))\(others)", use.isNew ? .yellow : nil)
            }
            more(sorted.count - 8, what)
        }
    }

    private mutating func firsts() {
        let new = found.firsts.filter { $0.daysBefore > 0 && !["address", "program"].contains($0.dimension) }
        guard !new.isEmpty else { return }
        panel.heading("For the first time")
        for one in new.suffix(Self.firstsMax) {
            line("\(moment(one.time))  \(one.dimension) \(short(one.value)): \(one.words)")
        }
        more(new.count - Self.firstsMax, "first times before these")
    }

    private mutating func reach() {
        guard !found.reach.isEmpty else { return }
        panel.heading("What they could reach")
        for one in found.reach {
            line("\(moment(one.time))  \(one.principal) in \(one.account)")
            line(
                "holds \(one.holds.isEmpty ? "nothing that is known" : one.holds.joined(separator: ", "))",
                indent: 4)
            line(
                "may \(one.allowed.isEmpty ? "do none of the grave actions" : one.allowed.joined(separator: ", "))"
                    + (one.isWhole ? "" : " (some policies' documents are not known)"), indent: 4)
        }
    }

    // MARK: Timeline

    private mutating func timeline() {
        panel.heading("Timeline", "UTC; * new, ! finding, + made or changed, > done to them, ~ reads folded")
        var rows: [(text: String, style: TextPanel.Style?)] = []
        var quiet: [CaseStep] = []
        func fold() {
            guard let first = quiet.first else { return }
            let count = quiet.reduce(0) { $0 + $1.count }
            let end = quiet.map(\.last).max() ?? first.last
            let names = Set(quiet.map(\.operation)).sorted()
            rows.append(
                (
                    "~   \(span(first.first, end))  \(counted(count, "read")): \(names.prefix(5).joined(separator: ", "))"
                        + (names.count > 5 ? " and \(names.count - 5) more" : ""), .dim
                ))
            quiet = []
        }
        for step in found.steps {
            let isQuiet = !showsAll && !step.isNotable && step.findings.isEmpty && step.firsts.isEmpty
            if isQuiet {
                quiet.append(step)
                continue
            }
            fold()
            rows.append((text(of: step), style(of: step)))
        }
        fold()
        let cut = showsAll ? 0 : max(0, rows.count - Self.stepsMax)
        if cut > 0 { line("… \(grouped(cut)) steps before: --all shows them", .dim) }
        for row in rows.dropFirst(cut) { line(row.text, row.style) }
    }

    private func style(of step: CaseStep) -> TextPanel.Style? {
        if !step.findings.isEmpty { return .red }
        return step.outcome == .failure || !step.firsts.isEmpty ? .yellow : nil
    }

    private func text(of step: CaseStep) -> String {
        var marks = step.findings.isEmpty ? "" : "!"
        if !step.firsts.isEmpty { marks += "*" }
        if step.change != nil { marks += "+" }
        if step.relation == .affected { marks += ">" }
        let session = step.session.map { found.sessions[$0] }
        var text = TextPanel.padded(marks, 4) + span(step.first, step.last)
        text += "  \(step.service.isEmpty ? step.operation : "\(step.service) \(step.operation)")"
        if step.count > 1 { text += " ×\(grouped(step.count))" }
        if step.outcome == .failure { text += " REFUSED \(step.reason)" }
        if let target = step.targets.first {
            text += " on \(short(target))\(step.targetCount > 1 ? " and \(step.targetCount - 1) more" : "")"
        }
        if step.relation == .affected { text += " by \(step.actor)" }
        let whose = session.map { $0.label.isEmpty || $0.type == "identity" ? short($0.id) : $0.label } ?? ""
        let from = [whose, step.account, step.address, step.agent].filter { !$0.isEmpty }
        return text + "  " + from.joined(separator: " · ")
    }

    private mutating func pivots() {
        guard !found.pivots.isEmpty else { return }
        panel.heading("Look at next", "martlet investigate KIND:NAME")
        for one in found.pivots.prefix(12) {
            line("\(one.kind.rawValue):\(one.name)  \(one.why), \(counted(one.count, "event"))")
        }
        more(found.pivots.count - 12, "things that were touched")
    }
}
