import Engine
import Pipeline

/// What a demo ends with: what came in, what was found, what was delivered, and what to do next.
struct DemoSummary: Sendable {
    var title: String
    var snapshot: RunSnapshot
    var tally: DemoTally
    var recall: DemoRecall?
    /// Objects and bytes of JSON that were collected; `nil` where nobody knows the bytes.
    var objects: Int
    var inputBytes: Int?
    var seconds: Double
    /// Names and places of what the user may want to look at.
    var places: [(name: String, path: String)]
    var commands: [(what: String, command: String)]

    private static let classesMax = 12
    private static let rulesMax = 15

    func text(usesColor: Bool) -> String {
        var panel = TextPanel(usesColor: usesColor)
        panel.line(panel.styled(title, .bold))
        overview(&panel)
        classes(&panel)
        findings(&panel)
        if let recall { attacks(recall, &panel) }
        ledger(&panel)
        panel.heading("Where things are")
        for place in places { panel.line("  " + TextPanel.padded(place.name, 12) + place.path) }
        panel.heading("What to type next")
        for (what, command) in commands {
            panel.line("  " + panel.styled("# \(what)", .dim))
            panel.line("  \(command)")
        }
        return panel.text
    }

    /// Every record is accounted for, and so is every event and finding at every exporter.
    var isBalanced: Bool {
        let collected = snapshot.collectors.allSatisfy {
            $0.records == $0.malformed + $0.duplicate + $0.filtered + $0.events
        }
        return collected
            && snapshot.exporters.allSatisfy { $0.queued == $0.accepted + $0.refused + $0.pending }
    }

    private var records: Int { snapshot.collectors.reduce(0) { $0 + $1.records } }

    private func overview(_ panel: inout TextPanel) {
        panel.line()
        panel.line("  Collected  \(grouped(records)) records in \(grouped(objects)) objects")
        panel.line("  Received   \(grouped(tally.events)) events and \(grouped(tally.findingCount)) findings")
        let rate = Double(records) / max(0.001, seconds)
        var speed = "  Took       \(Self.oneDecimal(seconds)) s: \(grouped(Int(rate))) records/s"
        if let inputBytes {
            speed +=
                ", \(Self.oneDecimal(Double(inputBytes) / 1_048_576 / max(0.001, seconds))) MiB/s of JSON"
        }
        panel.line(speed)
    }

    private func classes(_ panel: inout TextPanel) {
        panel.heading("Events by class", "OCSF 1.9.0")
        let sorted = tally.classes.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        let rest = sorted.dropFirst(Self.classesMax)
        let others = rest.reduce(0) { $0 + $1.value }
        let most = max(sorted.first?.value ?? 0, others)
        for (name, count) in sorted.prefix(Self.classesMax) { panel.bar(name, count, of: most) }
        if !rest.isEmpty { panel.bar("\(rest.count) other classes", others, of: most) }
    }

    private func findings(_ panel: inout TextPanel) {
        let rules = tally.rules.values.sorted {
            ($1.severity, $1.findings, $0.name) < ($0.severity, $0.findings, $1.name)
        }
        panel.heading(
            "Findings",
            "\(grouped(tally.findingCount)) by \(rules.count) rules; who, as the record names them")
        for rule in rules.prefix(Self.rulesMax) {
            panel.line(
                "  " + Self.severity(rule.severity, panel) + TextPanel.padded(rule.name, 59)
                    + TextPanel.aligned(grouped(rule.findings), 7))
            let names = rule.principals.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map(\.key)
            let more = names.count > 2 ? ", and \(names.count - 2) more" : ""
            let who = names.prefix(2).joined(separator: ", ") + more
            panel.line("           " + panel.styled(String(TextPanel.padded(who, 68)).trimmedRight, .dim))
        }
        let rest = rules.dropFirst(Self.rulesMax)
        if !rest.isEmpty {
            let count = rest.reduce(0) { $0 + $1.findings }
            panel.line("  \(rest.count) more rules, \(grouped(count)) findings")
        }
        if rules.isEmpty { panel.line("  none") }
    }

    private func attacks(_ recall: DemoRecall, _ panel: inout TextPanel) {
        panel.heading(
            "Attacks hidden in the week",
            "\(recall.lines.count) storylines, \(grouped(recall.lines.reduce(0) { $0 + $1.records })) records"
        )
        for line in recall.lines {
            let verdict = line.isFound ? panel.styled("found ", .green) : panel.styled("missed", .red)
            panel.line(
                "  \(verdict)  " + TextPanel.padded(line.storyline, 22)
                    + TextPanel.aligned("\(line.findings) findings on \(line.records) records", 30))
            for part in Self.wrapped(line.summary, 68) { panel.line("          " + panel.styled(part, .dim)) }
        }
        panel.line(
            "  \(recall.found) of \(recall.lines.count) storylines found. Findings on ordinary records: "
                + "\(grouped(recall.elsewhere)) of \(grouped(tally.findingCount)).")
    }

    private func ledger(_ panel: inout TextPanel) {
        var problems: [String] = []
        for collector in snapshot.collectors {
            let sum = collector.malformed + collector.duplicate + collector.filtered + collector.events
            if collector.records != sum { problems.append(collector.name) }
        }
        let state =
            problems.isEmpty ? panel.styled("balances", .green) : panel.styled("does not balance", .red)
        panel.heading("Ledger")
        for collector in snapshot.collectors {
            panel.line(
                "  \(collector.name): \(grouped(collector.records)) records = \(grouped(collector.malformed)) malformed"
                    + " + \(grouped(collector.duplicate)) duplicate + \(grouped(collector.events)) events")
        }
        for exporter in snapshot.exporters {
            panel.line(
                "  \(exporter.name): \(grouped(exporter.accepted)) accepted, \(grouped(exporter.refused)) refused, "
                    + "\(grouped(exporter.pending)) pending, \(grouped(exporter.resent)) resent")
        }
        panel.line("  It \(state).")
    }

    private static func severity(_ id: Int, _ panel: TextPanel) -> String {
        let names = ["unknown", "info", "low", "medium", "high", "critical", "fatal"]
        let name = TextPanel.padded(names.indices.contains(id) ? names[id] : "other", 9)
        return id >= 4 ? panel.styled(name, .red) : id == 3 ? panel.styled(name, .yellow) : name
    }

    static func oneDecimal(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        return "\(grouped(tenths / 10)).\(abs(tenths % 10))"
    }

    /// Lines of at most so many characters, broken at spaces.
    static func wrapped(_ text: String, _ width: Int) -> [String] {
        var lines: [String] = []
        var line = ""
        for word in text.split(separator: " ") {
            if !line.isEmpty, line.count + 1 + word.count > width {
                lines.append(line)
                line = ""
            }
            line += (line.isEmpty ? "" : " ") + word
        }
        return line.isEmpty ? lines : lines + [line]
    }
}

extension String {
    fileprivate var trimmedRight: String {
        var copy = self
        while copy.last == " " { copy.removeLast() }
        return copy
    }
}
