import Engine

/// A drift report as one HTML page: nothing loaded from elsewhere, printable, filtered in the page itself.
package struct DriftPage {
    /// Rows of one table; of more the rest is counted.
    static let shownMax = 500

    private let report: DriftReport

    package init(_ report: DriftReport) { self.report = report }

    package var bytes: [UInt8] {
        var page = Page(
            title: "Access drift \(Self.day(report.from)) to \(Self.day(report.to))", style: Self.style,
            script: Self.script)
        page.body = body
        return page.bytes
    }

    static func day(_ time: Timestamp) -> String { String(DriftFinding.text(time).prefix(10)) }

    private var body: Markup {
        var page = Markup()
        page("header") { page in
            page("h1", text: "Access drift")
            page("p", ["class": "muted"]) { page in
                page.text("From ")
                page("time", text: DriftReport.moment(report.from))
                page.text(" to ")
                page("time", text: DriftReport.moment(report.to))
                if let previous = report.previous {
                    page.text(", compared with the report up to \(DriftReport.moment(previous.to))")
                }
            }
            page("p", ["class": "headline"], text: report.headline)
        }
        page("div", ["class": "tiles"]) { page in
            tile("gave more", report.wider.count + report.untold.changes, &page)
            tile("open", report.open.count, &page)
            tile("new", report.count(.new), &page)
            tile("still open", report.count(.stillOpen), &page)
            tile("closed", report.closed.count, &page)
        }
        if !report.isEmpty {
            DriftCharts(report).write(to: &page)
            filter(&page)
        }
        for question in DriftReport.Question.allCases {
            page("section", ["id": question.rawValue]) { page in
                page("h2", text: question.title)
                switch question {
                case .wider: wider(&page)
                case .plan: plan(&page)
                case .unseen: unseen(&page)
                default: table(report.findings(for: question), question.nothing, &page)
                }
            }
        }
        let closed = report.closed.filter { $0.code != .telemetryGap }
        if !closed.isEmpty {
            page("section", ["id": "closed"]) { page in
                page("h2", text: "Closed in this period")
                table(closed, "", &page)
            }
        }
        return page
    }

    private func tile(_ name: String, _ count: Int, _ page: inout Markup) {
        page("div", ["class": "card tile"]) { page in
            page("b", text: String(count))
            page("span", ["class": "muted"], text: name)
        }
    }

    private func filter(_ page: inout Markup) {
        page("form", ["class": "no-print filter", "id": "filter"]) { page in
            page("label") { page in
                page.text("Find ")
                page.void("input", ["type": "search", "id": "find", "placeholder": "subject, human, event…"])
            }
            page("label") { page in
                page.text("At least ")
                page("select", ["id": "least"]) { page in
                    for severity in DriftFinding.Severity.allCases {
                        page("option", ["value": String(severity.rawValue)], text: severity.name)
                    }
                }
            }
            page("label") { page in
                page.text("Standing ")
                page("select", ["id": "standing"]) { page in
                    page("option", ["value": ""], text: "any")
                    for standing in [DriftReport.Standing.new, .stillOpen, .closed] {
                        page("option", ["value": standing.rawValue], text: standing.rawValue)
                    }
                }
            }
        }
    }

    // MARK: Sections

    private func wider(_ page: inout Markup) {
        guard !report.wider.isEmpty else {
            return page("p", ["class": "muted"], text: DriftReport.Question.wider.nothing)
        }
        page("div", ["class": "wide"]) { page in
            page("table") { page in
                head(["What", "Verdict", "What it comes to", "Who, when", "Event"], &page)
                page("tbody") { page in
                    for change in report.wider.prefix(Self.shownMax) { row(change, &page) }
                }
            }
        }
        rest(report.wider.count + report.untold.changes, &page)
    }

    private func row(_ change: DriftChange, _ page: inout Markup) {
        let weight = min(5, Int(change.effect.rawValue) + 1)
        page("tr", ["data-weight": String(weight), "data-standing": ""]) { page in
            page("td") { page in
                page("b", text: change.subject)
                page("div", text: change.words)
                page("div", ["class": "muted"], text: DriftReport.place(change.provider, change.account))
            }
            page("td") { page in
                page(
                    "span", ["class": "badge \(change.effect >= .writes ? "bad" : "fair")"],
                    text: change.verdict.rawValue)
                page("div", ["class": "muted"], text: change.effect.name)
            }
            page("td") { page in
                for text in [change.witness, change.consequence, change.doubt] where !text.isEmpty {
                    page("p", text: text)
                }
                if !change.gained.isEmpty { gained(change.gained, &page) }
            }
            cause(change.cause, &page)
        }
    }

    private func gained(_ actions: [String], _ page: inout Markup) {
        page("details") { page in
            page("summary", text: "\(actions.count) gained")
            page("p", ["class": "mono"], text: actions.joined(separator: ", "))
        }
    }

    private func cause(_ cause: DriftFinding.Cause, _ page: inout Markup) {
        page("td") { page in
            page("div", text: DriftReport.who(cause))
            page("div", ["class": "muted"]) { page in
                page("time", text: DriftFinding.text(cause.time))
                page.text(" \(cause.operation)")
            }
            let isBare = cause.backing == .none
            page("span", ["class": isBare ? "bad" : "good"], text: DriftReport.backing(cause))
        }
        page("td", ["class": "mono"], text: cause.uid)
    }

    private func table(_ findings: [DriftFinding], _ nothing: String, _ page: inout Markup) {
        guard !findings.isEmpty else { return page("p", ["class": "muted"], text: nothing) }
        page("div", ["class": "wide"]) { page in
            page("table") { page in
                head(["", "What", "Age", "Who, when", "Event"], &page)
                page("tbody") { page in
                    for finding in findings.prefix(Self.shownMax) { row(finding, &page) }
                }
            }
        }
        rest(findings.count, &page)
    }

    private func row(_ finding: DriftFinding, _ page: inout Markup) {
        let standing = report.standing(finding)
        let weight = finding.severity.rawValue
        page(
            "tr",
            [
                "id": "f-\(finding.uid)", "data-weight": String(weight), "data-standing": standing.rawValue,
            ]
        ) { page in
            page("td") { page in
                let tone = finding.severity >= .high ? "bad" : finding.severity >= .medium ? "fair" : "muted"
                page("span", ["class": "badge \(tone)"], text: finding.severity.name)
                page("div", ["class": "muted"], text: finding.code.name)
            }
            page("td") { page in
                page("b", text: finding.words)
                page(
                    "div", ["class": "muted"],
                    text: "\(finding.code.title); \(DriftReport.place(finding.provider, finding.account))")
                for text in [finding.witness, finding.consequence] where !text.isEmpty {
                    page("p", text: text)
                }
                if !finding.gained.isEmpty { gained(finding.gained, &page) }
            }
            page("td") { page in
                page.text(DriftReport.age(finding.age(at: report.to)))
                page("div", ["class": "muted"], text: standing.rawValue)
                if let closed = finding.closed {
                    page("div", ["class": "good"], text: "by \(closed.operation), \(DriftReport.who(closed))")
                    page("div", ["class": "mono"], text: closed.uid)
                }
            }
            cause(finding.opened, &page)
        }
    }

    private func plan(_ page: inout Markup) {
        let plan = report.plan
        guard !plan.isEmpty else {
            return page("p", ["class": "muted"], text: DriftReport.Question.plan.nothing)
        }
        page("p", ["class": "muted"], text: "Read each command before it is run: it takes access away.")
        page("ol") { page in
            for step in plan.prefix(Self.shownMax) {
                page("li") { page in
                    page("a", ["href": "#f-\(step.finding.uid)"], text: step.finding.words)
                    page("div", ["class": "muted"], text: step.places.joined(separator: ", "))
                    page("pre", text: step.commands.joined(separator: "\n"))
                }
            }
        }
        rest(plan.count, &page)
    }

    private func unseen(_ page: inout Markup) {
        let findings = report.findings(for: .unseen)
        let limits = report.limits
        if findings.isEmpty, limits.isEmpty {
            return page("p", ["class": "muted"], text: DriftReport.Question.unseen.nothing)
        }
        if !findings.isEmpty { table(findings, "", &page) }
        page("ul") { page in
            for limit in limits { page("li", text: limit) }
        }
        let coverage = report.coverage
        page(
            "p", ["class": "muted"],
            text:
                "\(coverage.events) events, \(coverage.changes) changes of access, \(coverage.principals) principals, "
                + "\(coverage.snapshots) snapshots.")
    }

    private func head(_ names: [String], _ page: inout Markup) {
        page("thead") { page in
            page("tr") { page in
                for name in names { page("th", ["scope": "col"], text: name) }
            }
        }
    }

    private func rest(_ count: Int, _ page: inout Markup) {
        guard count > Self.shownMax else { return }
        page("p", ["class": "muted"], text: "… and \(count - Self.shownMax) more: --format json has all.")
    }

    // MARK: Style and script

    private static let style: StaticString = """
        .headline{font-size:1.1rem}.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(7rem,1fr));gap:.6rem}
        .tile{margin:0}.tile b{display:block;font-size:1.6rem;line-height:1.2}
        .filter{display:flex;flex-wrap:wrap;gap:.75rem;margin:1rem 0}
        .charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(18rem,1fr));gap:.6rem}
        .charts svg{width:100%;height:auto}.charts h3{margin:0}
        svg .opened{fill:var(--bad)}svg .closed{fill:var(--good)}svg .bar{fill:var(--accent)}
        td p{margin:.2rem 0}tr[hidden]{display:none}td.mono{min-width:6rem}
        th,.badge,.badge+.muted{white-space:nowrap;overflow-wrap:normal}
        @media (max-width:40rem){thead{display:none}td{display:block;border:0;padding:.15rem 0}
        tr{display:block;border-bottom:1px solid var(--line);padding:.5rem 0}tr[hidden]{display:none}}
        @media print{tr[hidden]{display:table-row}}
        """

    private static let script: StaticString = """
        "use strict";(()=>{const find=document.getElementById("find"),least=document.getElementById("least"),
        standing=document.getElementById("standing");if(!find)return;
        const rows=[...document.querySelectorAll("tr[data-weight]")].map(r=>[r,r.textContent.toLowerCase()]);
        const show=()=>{const words=find.value.toLowerCase().split(/\\s+/).filter(Boolean);
        for(const [row,text] of rows){row.hidden=Number(row.dataset.weight)<Number(least.value)
        ||(standing.value!==""&&row.dataset.standing!==standing.value)||!words.every(w=>text.includes(w));}};
        for(const e of [find,least,standing])e.addEventListener("input",show);
        document.getElementById("filter").addEventListener("submit",e=>e.preventDefault());show();})();
        """
}
