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
    /// Files that are no CloudTrail, and were left out.
    var skipped: [DemoInput.Excluded] = []
    /// What could not be read, or was refused.
    var broken: [DemoInput.Excluded] = []

    private static let classesMax = 12
    private static let filesMax = 8

    func text(usesColor: Bool) -> String {
        var panel = TextPanel(usesColor: usesColor)
        for part in TextPanel.wrapped(title, TextPanel.width) { panel.line(panel.styled(part, .bold)) }
        overview(&panel)
        classes(&panel)
        findings(&panel)
        principals(&panel)
        if let recall { attacks(recall, &panel) }
        files("Skipped, not CloudTrail", skipped, &panel)
        files("Refused", broken, &panel)
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

    private func files(_ title: String, _ files: [DemoInput.Excluded], _ panel: inout TextPanel) {
        if files.isEmpty { return }
        panel.heading(title, "\(grouped(files.count)) \(files.count == 1 ? "file" : "files")")
        for file in files.prefix(Self.filesMax) {
            panel.text("\(file.path): \(file.reason)")
        }
        if files.count > Self.filesMax {
            panel.line("  and \(grouped(files.count - Self.filesMax)) more")
        }
    }

    private func ledger(_ panel: inout TextPanel) {
        let state = isBalanced ? panel.styled("balances", .green) : panel.styled("does not balance", .red)
        panel.heading("Ledger")
        for collector in snapshot.collectors {
            panel.text(
                "\(collector.name): \(grouped(collector.records)) records = \(grouped(collector.malformed)) malformed"
                    + " + \(grouped(collector.duplicate)) duplicate + \(grouped(collector.events)) events")
        }
        for exporter in snapshot.exporters {
            panel.text(
                "\(exporter.name): \(grouped(exporter.accepted)) accepted, \(grouped(exporter.refused)) refused, "
                    + "\(grouped(exporter.pending)) pending, \(grouped(exporter.resent)) resent")
        }
        panel.line("  It \(state).")
    }

    static func oneDecimal(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        return "\(grouped(tenths / 10)).\(abs(tenths % 10))"
    }
}
