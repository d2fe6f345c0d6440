import Engine
import Ports

/// How access strayed: what got wider and by whom, what stands open, what undoes it.
enum DriftConsolePage {
    /// Rows of one table.
    private static let rowsMax = 200

    static func response(_ report: DriftReport, days: Int, _ call: ConsoleCall) -> HTTPResponse {
        ConsolePage("Drift", place: "/drift", call) { page in
            page("h1", text: "Drift")
            AccessPages.period(&page, "/drift", days)
            page("p", text: report.headline)
            page("div", ["class": "tiles"]) { page in
                let wider = report.wider.count + report.untold.changes
                page.tile(Markup.count(wider), "changes gave more", tone: wider > 0 ? "high" : "")
                page.tile(
                    Markup.count(report.open.count), "stand open",
                    tone: report.open.isEmpty ? "good" : "medium")
                page.tile(Markup.count(report.closed.count), "closed in this time")
                page.tile(Markup.count(report.coverage.changes), "changes of access seen")
            }
            page("h2", text: DriftReport.Question.wider.title)
            wider(&page, report)
            for question in [DriftReport.Question.open, .expired, .unused] {
                page("h2", text: question.title)
                findings(&page, report.findings(for: question), question.nothing, report)
            }
            plan(&page, report)
            page("h2", text: DriftReport.Question.unseen.title)
            let gaps = report.findings(for: .unseen)
            if !gaps.isEmpty { findings(&page, gaps, "", report) }
            page("ul", ["class": "notes"]) { page in
                for limit in report.limits { page("li", text: limit) }
            }
        }.response
    }

    private static func wider(_ page: inout Markup, _ report: DriftReport) {
        guard !report.wider.isEmpty else { return page.empty(DriftReport.Question.wider.nothing) }
        page.table(
            [
                ("Verdict", false), ("Whose access", false), ("What it comes to", false),
                ("Who did it", false), ("When", false),
            ],
            label: "What got wider", isList: true
        ) { page in
            for change in report.wider.prefix(rowsMax) {
                page("tr") { page in
                    page("td") { page in
                        page(
                            "span", ["class": "severity \(change.effect >= .writes ? "high" : "medium")"],
                            text: change.verdict.rawValue)
                        page("div", ["class": "muted small"], text: change.effect.name)
                    }
                    page("td") { page in
                        page.entity(change.subject)
                        page(
                            "div", ["class": "muted small"],
                            text: "\(change.words); \(DriftReport.place(change.provider, change.account))")
                    }
                    page("td", ["class": "long"]) { page in
                        for text in [change.witness, change.consequence, change.doubt] where !text.isEmpty {
                            page("div", text: text)
                        }
                        gained(&page, change.gained)
                    }
                    cause(&page, change.cause)
                }
            }
        }
        rest(&page, report.wider.count + report.untold.changes)
    }

    private static func findings(
        _ page: inout Markup, _ findings: [DriftFinding], _ nothing: String, _ report: DriftReport
    ) {
        guard !findings.isEmpty else { return page.empty(nothing) }
        page.table(
            [
                ("Severity", false), ("What", false), ("Age", false), ("Who did it", false),
                ("When", false),
            ],
            label: "Findings", isList: true
        ) { page in
            for finding in findings.prefix(rowsMax) {
                page("tr") { page in
                    page("td") { page in
                        page.severity(finding.severity.name)
                        page("div", ["class": "muted small"], text: finding.code.name)
                    }
                    page("td", ["class": "long"]) { page in
                        page("div", text: finding.words)
                        page(
                            "div", ["class": "muted small"],
                            text:
                                "\(finding.code.title); \(DriftReport.place(finding.provider, finding.account))"
                        )
                        for text in [finding.witness, finding.consequence] where !text.isEmpty {
                            page("div", text: text)
                        }
                        gained(&page, finding.gained)
                    }
                    page("td") { page in
                        page.text(DriftReport.age(finding.age(at: report.to)))
                        if let closed = finding.closed {
                            page("div", ["class": "good small"], text: "closed by \(closed.operation)")
                        }
                    }
                    cause(&page, finding.opened)
                }
            }
        }
        rest(&page, findings.count)
    }

    private static func gained(_ page: inout Markup, _ actions: [String]) {
        guard !actions.isEmpty else { return }
        page("details") { page in
            page("summary", text: "\(actions.count) gained")
            page("p", ["class": "mono"], text: actions.joined(separator: ", "))
        }
    }

    /// Two cells: who with what stands behind it, and the event.
    private static func cause(_ page: inout Markup, _ cause: DriftFinding.Cause) {
        page("td") { page in
            page.entity(cause.human ?? cause.actor)
            if let human = cause.human, human != cause.actor, !cause.actor.isEmpty {
                page("div", ["class": "muted small"], text: "as \(Markup.short(cause.actor))")
            }
            page(
                "div", ["class": "small \(cause.backing == .none ? "bad" : "good")"],
                text: DriftReport.backing(cause))
        }
        page("td", ["class": "when"]) { page in
            if cause.uid.isEmpty {
                page.time(cause.time)
            } else {
                page("a", ["href": ConsoleLink.event(cause.uid), "class": "go"]) { $0.time(cause.time) }
            }
            page("div", ["class": "muted small"], text: cause.operation)
        }
    }

    private static func plan(_ page: inout Markup, _ report: DriftReport) {
        page("h2", text: DriftReport.Question.plan.title)
        let plan = report.plan
        guard !plan.isEmpty else { return page.empty(DriftReport.Question.plan.nothing) }
        page("p", ["class": "muted"], text: "Read each command before it is run: it takes access away.")
        for step in plan.prefix(rowsMax) {
            page("details", ["class": "card"]) { page in
                page("summary", text: step.finding.words)
                page("pre", text: step.commands.joined(separator: "\n"))
            }
        }
        rest(&page, plan.count)
    }

    private static func rest(_ page: inout Markup, _ count: Int) {
        guard count > rowsMax else { return }
        page(
            "p", ["class": "muted"],
            text: "The first \(rowsMax) of \(Markup.count(count)): `martlet drift` has all.")
    }
}

/// What pages about access have in common.
enum AccessPages {
    static let periods = [7, 30, 90]
    static let parameters: [APIParameter] = [
        .choice("days", periods.map { "\($0)" }, "Of how many days; 30 unless told otherwise")
    ]

    static func days(_ call: ConsoleCall) -> Int { call.integer("days") ?? 30 }

    static func period(_ page: inout Markup, _ path: StaticString, _ days: Int) {
        page("form", ["class": "filters", "action": "\(path)"]) { page in
            page.select("days", "Days", periods.map { "\($0)" }, "\(days)", none: nil)
            page("button", text: "Show")
        }
    }
}
