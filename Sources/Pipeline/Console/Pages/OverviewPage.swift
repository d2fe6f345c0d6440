import Engine
import Ports

/// How everything stands, at one glance.
enum OverviewPage {
    static func response(_ overview: OverviewLook, _ look: ConsoleLook, _ call: ConsoleCall) -> HTTPResponse {
        ConsolePage("Overview", place: "/", call, isLive: true) { page in
            page("h1", text: "Overview")
            tiles(&page, overview)
            page("div", ["class": "columns"]) { page in
                page("section") { page in
                    page("h2") { page in
                        page.text("Findings by risk ")
                        page("a", ["class": "more", "href": "/findings"], text: "all findings")
                    }
                    findings(&page, overview.top)
                }
                page("section") { page in
                    page("h2", text: "Findings over time")
                    let times = look.findings.filter { !$0.isRetracted }.map {
                        TimePlot.Moment(time: $0.time.milliseconds, isSecond: $0.severityID >= 4)
                    }
                    if let plot = TimePlot(times, names: ("to medium", "high or critical")) {
                        plot.draw(into: &page, label: "Findings")
                    } else {
                        page.empty("No findings yet.")
                    }
                    notes(&page, overview)
                }
            }
            feeds(&page, overview)
            exporters(&page, overview)
        }.response
    }

    private static func tiles(_ page: inout Markup, _ overview: OverviewLook) {
        page("div", ["class": "tiles"]) { page in
            for severity in ["Critical", "High", "Medium", "Low"] {
                page.tile(
                    Markup.count(overview.open[severity] ?? 0), "\(severity.lowercased()), open",
                    tone: overview.open[severity] == nil ? "" : Markup.tone(severity: severity),
                    link: "/findings?severity=\(severity)")
            }
            let records = overview.feeds.reduce(0) { $0 + $1.records }
            page.tile(Markup.count(records), "records read", link: "/ledger")
            let refused =
                overview.feeds.reduce(0) { $0 + $1.malformed }
                + overview.exporters.reduce(0) { $0 + $1.refused }
            page.tile(
                Markup.count(refused), "refused, kept with the reason", tone: refused > 0 ? "medium" : "",
                link: "/ledger")
            let isBalanced = overview.feeds.allSatisfy(\.isBalanced)
            page.tile(
                isBalanced ? "balances" : "does not balance", "the ledger",
                tone: isBalanced ? "good" : "critical", link: "/ledger")
        }
    }

    static func findings(_ page: inout Markup, _ findings: [FindingNote]) {
        if findings.isEmpty {
            page.empty("Nothing is open. What was judged is under Findings.")
            return
        }
        page.table(
            [("Severity", false), ("Finding", false), ("Who", false), ("Risk", false), ("When", false)],
            label: "Findings", isList: true
        ) { page in
            for finding in findings { row(&page, finding) }
        }
    }

    static func row(_ page: inout Markup, _ finding: FindingNote) {
        page("tr") { page in
            page("td") { $0.severity(finding.severity) }
            page("td") { page in
                page("a", ["href": ConsoleLink.finding(finding.uid), "class": "go"], text: finding.title)
                if let verdict = finding.verdict {
                    page.text(" ")
                    page("span", ["class": "badge"], text: verdict)
                }
                if finding.isRetracted {
                    page.text(" ")
                    page("span", ["class": "badge"], text: "retracted")
                }
            }
            page("td") { $0.entity(finding.entity) }
            page("td") { $0.score(finding.risk) }
            page("td", ["class": "when"]) { $0.time(finding.time) }
        }
    }

    private static func notes(_ page: inout Markup, _ overview: OverviewLook) {
        guard !overview.notes.isEmpty else { return }
        page("h2", text: "To look after")
        page("ul", ["class": "notes"]) { page in
            for note in overview.notes.prefix(12) {
                page("li") { page in
                    page("strong", text: note.subject)
                    page.text(" \(note.text) ")
                    page("span", ["class": "muted"]) { $0.age(of: note.at, at: overview.at) }
                }
            }
        }
    }

    private static func feeds(_ page: inout Markup, _ overview: OverviewLook) {
        page("h2", text: "Feeds")
        if overview.feeds.isEmpty {
            page.empty("Nothing has been collected yet.")
            return
        }
        let hasDelays = overview.feeds.contains { !$0.delay.isEmpty }
        page.table(
            [
                ("Feed", false), ("Source", false), ("Last records", false), ("Records", true),
                ("Events", true), ("Duplicate", true), ("Malformed", true), ("Complete", false),
            ] + (hasDelays ? [("Delay", false)] : []), label: "Feeds"
        ) { page in
            for feed in overview.feeds {
                page("tr") { page in
                    page("td", text: feed.feed)
                    page("td", ["class": "muted"], text: feed.source)
                    page("td") { page in
                        if let last = feed.lastArrival {
                            page.age(ofHour: last, at: overview.at)
                        } else {
                            page.text("none yet")
                        }
                    }
                    page.number(feed.records)
                    page.number(feed.events)
                    page.number(feed.duplicate)
                    page.number(feed.malformed, tone: feed.malformed > 0 ? "fair" : "")
                    page("td") { page in
                        if feed.isBalanced {
                            page("span", ["class": "good"], text: "✓ balances")
                        } else {
                            page("span", ["class": "bad"], text: "✗ does not balance")
                        }
                    }
                    if hasDelays { page("td", ["class": "muted small"], text: Self.delay(feed)) }
                }
            }
        }
    }

    /// Without the source's name, which stands in the row already.
    private static func delay(_ feed: FeedLook) -> String {
        feed.delay.hasPrefix("\(feed.source): ")
            ? String(feed.delay.dropFirst(feed.source.count + 2)) : feed.delay
    }

    private static func exporters(_ page: inout Markup, _ overview: OverviewLook) {
        page("h2", text: "Exporters")
        if overview.exporters.isEmpty {
            page.empty("Nothing is delivered yet.")
            return
        }
        page.table(
            [
                ("Exporter", false), ("Pipeline", false), ("Queued", true), ("Accepted", true),
                ("Refused", true),
                ("Pending", true), ("Sent again", true),
            ], label: "Exporters"
        ) { page in
            for exporter in overview.exporters {
                page("tr") { page in
                    page("td", text: exporter.exporter)
                    page("td", ["class": "muted"], text: exporter.pipeline)
                    page.number(exporter.queued)
                    page.number(exporter.accepted)
                    page.number(exporter.refused, tone: exporter.refused > 0 ? "bad" : "")
                    page.number(exporter.pending, tone: exporter.pending > 0 ? "fair" : "")
                    page.number(exporter.resent)
                }
            }
        }
    }
}
