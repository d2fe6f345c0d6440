import Engine

/// A drift report as Markdown: for tickets, chats and mails.
package struct DriftMarkdown {
    /// Of one section; the rest is counted.
    private static let shownMax = 200
    /// Changes of little consequence that are told at length; more become a table.
    private static let routineMax = 8

    private let report: DriftReport
    private var out = ""

    package init(_ report: DriftReport) { self.report = report }

    package var bytes: [UInt8] {
        var copy = self
        copy.write()
        return Array(copy.out.utf8)
    }

    /// What a log says is text here, too: no markup, no line of its own.
    static func plain(_ text: String) -> String {
        var plain = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\", "`", "*", "_", "[", "]", "<", ">", "|", "#", "~":
                plain += "\\" + String(scalar)
            default:
                plain += scalar.value < 0x20 || scalar.value == 0x7F ? " " : String(scalar)
            }
        }
        return plain
    }

    /// A command or an id as code; a fence longer than any run of backquotes in it.
    static func code(_ text: String) -> String {
        let clean = String(
            String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 0x20 ? " " : $0 }))
        var longest = 0
        var run = 0
        for character in clean.utf8 {
            run = character == UInt8(ascii: "`") ? run + 1 : 0
            longest = max(longest, run)
        }
        let fence = String(repeating: "`", count: longest + 1)
        let pad = longest > 0 ? " " : ""
        return "\(fence)\(pad)\(clean)\(pad)\(fence)"
    }

    private mutating func line(_ text: String = "") { out += text + "\n" }

    private mutating func write() {
        line("# Access drift")
        line()
        line("From \(DriftReport.moment(report.from)) to \(DriftReport.moment(report.to)).")
        if let previous = report.previous {
            line("Compared with the report up to \(DriftReport.moment(previous.to)).")
        }
        line()
        line("**\(Self.plain(report.headline))**")
        line()
        line("| verdict | changes |")
        line("|---|---|")
        for (verdict, count) in report.verdicts where verdict != .equal {
            line("| \(verdict.rawValue) | \(count) |")
        }
        for question in DriftReport.Question.allCases {
            line()
            line("## \(question.title)")
            line()
            switch question {
            case .wider: wider()
            case .plan: plan()
            case .unseen: unseen()
            default: list(report.findings(for: question), question)
            }
        }
        closed()
    }

    private mutating func wider() {
        if report.wider.isEmpty { return line(DriftReport.Question.wider.nothing) }
        let routine = report.wider.filter(\.isRoutine)
        let isFolded = routine.count > Self.routineMax
        let told = isFolded ? report.wider.filter { !$0.isRoutine } : report.wider
        for change in told.prefix(Self.shownMax) {
            line(
                "- **\(Self.plain(change.subject))** "
                    + "(\(Self.plain(DriftReport.place(change.provider, change.account)))): "
                    + "\(Self.plain(change.words)) (\(change.verdict.rawValue): \(change.effect.name))")
            for text in [change.witness, change.consequence, change.doubt] where !text.isEmpty {
                line("  - \(Self.plain(text))")
            }
            if !change.doubt.isEmpty { line("  - \(Self.plain(change.doubt))") }
            line("  - \(cause(change.cause))")
        }
        rest(told.count)
        if isFolded { table(routine) }
    }

    /// Changes of little consequence, a row each.
    private mutating func table(_ changes: [DriftChange]) {
        line()
        line("\(changes.count) changes that give no power over access:")
        line()
        line("| when | whose | what | comes to | by | event |")
        line("|---|---|---|---|---|---|")
        for change in changes.prefix(Self.shownMax) {
            let effect = [change.witness, change.consequence, change.doubt].filter { !$0.isEmpty }.joined(
                separator: "; ")
            let cells = [
                DriftFinding.text(change.cause.time), change.subject, change.words, effect,
                "\(DriftReport.who(change.cause)); \(DriftReport.backing(change.cause))", change.cause.uid,
            ]
            line("| \(cells.map(Self.plain).joined(separator: " | ")) |")
        }
        rest(changes.count)
    }

    private mutating func list(_ findings: [DriftFinding], _ question: DriftReport.Question) {
        if findings.isEmpty { return line(question.nothing) }
        for finding in findings.prefix(Self.shownMax) { item(finding) }
        rest(findings.count)
    }

    private mutating func item(_ finding: DriftFinding) {
        let age = DriftReport.age(finding.age(at: report.to))
        line(
            "- **\(finding.code.name) \(finding.severity.name)** \(Self.plain(finding.words)) "
                + "(\(Self.plain(DriftReport.place(finding.provider, finding.account))); "
                + "\(report.standing(finding).rawValue), \(age))")
        if !finding.witness.isEmpty { line("  - \(Self.plain(finding.witness))") }
        if !finding.consequence.isEmpty { line("  - \(Self.plain(finding.consequence))") }
        line("  - \(cause(finding.opened))")
        if let closed = finding.closed { line("  - closed: \(cause(closed))") }
    }

    private func cause(_ cause: DriftFinding.Cause) -> String {
        "\(DriftFinding.text(cause.time)) \(Self.code(cause.operation)) by \(Self.plain(DriftReport.who(cause))); "
            + "\(Self.plain(DriftReport.backing(cause))); event \(Self.code(cause.uid))"
    }

    private mutating func plan() {
        let plan = report.plan
        if plan.isEmpty { return line(DriftReport.Question.plan.nothing) }
        line("Read each command before it is run: it takes access away.")
        line()
        for (place, step) in plan.prefix(Self.shownMax).enumerated() {
            line(
                "\(place + 1). \(Self.plain(step.finding.words)) (\(Self.plain(step.places.joined(separator: ", "))))"
            )
            for command in step.commands { line("   - \(Self.code(command))") }
        }
        rest(plan.count)
    }

    private mutating func unseen() {
        let findings = report.findings(for: .unseen)
        for finding in findings.prefix(Self.shownMax) { item(finding) }
        rest(findings.count)
        for limit in report.limits { line("- \(Self.plain(limit))") }
        if findings.isEmpty && report.limits.isEmpty { line(DriftReport.Question.unseen.nothing) }
    }

    private mutating func closed() {
        let closed = report.closed.filter { $0.code != .telemetryGap }
        guard !closed.isEmpty else { return }
        line()
        line("## Closed in this period")
        line()
        for finding in closed.prefix(Self.shownMax) { item(finding) }
        rest(closed.count)
    }

    private mutating func rest(_ count: Int) {
        if count > Self.shownMax { line("- … and \(count - Self.shownMax) more: `--format json` has all") }
    }
}
