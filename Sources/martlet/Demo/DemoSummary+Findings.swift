import Engine
import Simulation

/// What was found: by rule, by who stands behind it, and beside the truth.
extension DemoSummary {
    private static let rulesMax = 12
    private static let principalsMax = 8
    /// `severity_id` of medium: from here on a person should look.
    private static let medium = 3

    func findings(_ panel: inout TextPanel) {
        let rules = tally.rules.values.sorted {
            ($1.severity, $1.findings, $0.name) < ($0.severity, $0.findings, $1.name)
        }
        panel.heading("Findings", "\(grouped(tally.findingCount)) by \(rules.count) rules, the gravest first")
        for rule in rules.prefix(Self.rulesMax) {
            panel.line(
                "  " + Self.severity(rule.severity, panel) + TextPanel.padded(rule.name, 59)
                    + TextPanel.aligned(grouped(rule.findings), 7))
            let names = rule.principals.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map(\.key)
            let more = names.count > 2 ? ", and \(names.count - 2) more" : ""
            let who = TextPanel.cut(names.prefix(2).joined(separator: ", "), 68 - more.count) + more
            panel.line("           " + panel.styled(who, .dim))
        }
        let rest = rules.dropFirst(Self.rulesMax)
        if !rest.isEmpty {
            let levels = Dictionary(grouping: rest, by: \.severity).sorted { $0.key > $1.key }.map {
                "\(Self.level($0.key)) \(grouped($0.value.reduce(0) { $0 + $1.findings }))"
            }
            panel.line("  and \(rest.count) more rules: \(levels.joined(separator: ", "))")
        }
        if rules.isEmpty { panel.line("  none") }
    }

    func principals(_ panel: inout TextPanel) {
        let all = tally.principals.sorted {
            ($1.value.severity, $1.value.rules.count, $1.value.findings, $0.key)
                < ($0.value.severity, $0.value.rules.count, $0.value.findings, $1.key)
        }
        if all.isEmpty { return }
        panel.heading(
            "Whom to look at", "\(grouped(all.count)) people and programs, as the records name them")
        for (name, found) in all.prefix(Self.principalsMax) {
            let rules = "\(found.rules.count) \(found.rules.count == 1 ? "rule " : "rules")"
            panel.line(
                "  " + Self.severity(found.severity, panel) + TextPanel.padded(name, 46)
                    + TextPanel.aligned("\(grouped(found.findings)) by \(rules)", 20))
        }
        if all.count > Self.principalsMax {
            panel.line("  and \(grouped(all.count - Self.principalsMax)) more")
        }
    }

    func attacks(_ recall: DemoRecall, _ panel: inout TextPanel) {
        if recall.lines.isEmpty { return }
        let records = recall.lines.reduce(0) { $0 + $1.records }
        panel.heading(
            "Attacks hidden in it",
            "\(recall.lines.count) storylines, \(grouped(records)) records, labelled by the generator")
        for line in recall.lines {
            let verdict = line.isFound ? panel.styled("found ", .green) : panel.styled("missed", .red)
            let findings = "\(line.findings) \(line.findings == 1 ? "finding" : "findings")"
            panel.line(
                "  \(verdict)  " + TextPanel.padded(line.storyline, 22)
                    + TextPanel.aligned("\(findings) on \(grouped(line.records)) records", 46))
            for part in TextPanel.wrapped(line.summary, 68) {
                panel.line("          " + panel.styled(part, .dim))
            }
        }
        verdict(recall, &panel)
    }

    /// How much was found, how much of what was raised was right, and why what was missed was missed.
    private func verdict(_ recall: DemoRecall, _ panel: inout TextPanel) {
        panel.line()
        panel.line(
            "  \(recall.found) of \(recall.lines.count) storylines found. Of the findings, on attacks:")
        for (severity, precision) in recall.precision.sorted(by: { $0.key > $1.key }) {
            let whole = max(1, precision.findings)
            let share = (precision.onAttacks * 200 + whole) / (whole * 2)
            panel.line(
                "    " + TextPanel.padded(Self.level(severity), 9)
                    + TextPanel.aligned(
                        "\(grouped(precision.onAttacks)) of \(grouped(precision.findings))", 12)
                    + TextPanel.aligned("\(share)%", 7))
        }
        var remarks: [String] = []
        if !recall.mistaken.isEmpty {
            let rules = recall.mistaken.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
                .map { "\($0.key) (\($0.value))" }
            remarks.append(
                "Innocent work that looks like an attack in a single record: \(rules.joined(separator: ", "))."
            )
        }
        if recall.precision.contains(where: { $0.key < Self.medium && $0.value.findings > $0.value.onAttacks }
        ) {
            remarks.append(
                "What is low is context: everyday where programs hold long-lived keys, never an alert.")
        }
        for line in recall.lines where !line.isFound {
            remarks.append(
                line.isWithinRights
                    ? "\(line.storyline): each of its calls is one that this person may make, so no rule over single "
                        + "events can tell. That takes their own past, and more than the week that baselines learn from."
                    : "\(line.storyline): no rule matched any of its records.")
        }
        for remark in remarks {
            panel.line()
            panel.text(remark)
        }
    }

    private static func level(_ id: Int) -> String {
        let names = ["unknown", "info", "low", "medium", "high", "critical", "fatal"]
        return names.indices.contains(id) ? names[id] : "other"
    }

    private static func severity(_ id: Int, _ panel: TextPanel) -> String {
        let name = TextPanel.padded(level(id), 9)
        return id > medium ? panel.styled(name, .red) : id == medium ? panel.styled(name, .yellow) : name
    }
}
