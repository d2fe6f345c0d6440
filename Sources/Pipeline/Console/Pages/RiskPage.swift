import Engine
import Ports

/// Who is riskiest, and what each point is for.
enum RiskPage {
    static let rowsMax = 200

    static func response(_ risks: [RiskLook], total: Int, _ call: ConsoleCall) -> HTTPResponse {
        ConsolePage("Risk", place: "/risk", call, isLive: true) { page in
            page("h1", text: "Risk board")
            page(
                "p", ["class": "muted"],
                text:
                    "Every identity from 0 to 100, riskiest first. The contributions add up to the score, and fade: half "
                    + "after a week for humans, after three days for machines.")
            page("form", ["class": "filters", "action": "/risk"]) { page in
                page.input("q", "Entity", call.text("q"), placeholder: "part of a name", type: "search")
                page("button", text: "Show")
            }
            if risks.isEmpty {
                page.empty(
                    "Nothing weighs on anybody here. Scores need pipelines that run with behaviour on.")
                return
            }
            page.table(
                [("Who", false), ("Kind", false), ("Risk", false), ("Level", false), ("What for", false)],
                label: "Identities by risk", isList: true
            ) { page in
                for risk in risks { row(&page, risk) }
            }
            if total > risks.count {
                page("p", ["class": "muted"], text: "\(risks.count) of \(Markup.count(total)) are shown.")
            }
        }.response
    }

    private static func row(_ page: inout Markup, _ risk: RiskLook) {
        page("tr") { page in
            page("td") { page in
                page("a", ["href": ConsoleLink.entity(risk.entity), "class": "go entity"], text: risk.entity)
            }
            page("td", ["class": "muted"], text: risk.kind)
            page("td") { $0.score(risk.score) }
            page("td", text: risk.level)
            page("td") { page in
                let first = risk.contributions.prefix(3)
                if first.isEmpty { page("span", ["class": "muted"], text: "nothing weighs on it") }
                page("ul", ["class": "plain"]) { page in
                    for line in first {
                        page("li") { page in
                            page("span", ["class": "points"], text: "+\(Markup.number(line.points))")
                            why(&page, line)
                        }
                    }
                    if risk.contributions.count > first.count {
                        page(
                            "li", ["class": "muted"],
                            text: "and \(risk.contributions.count - first.count) more")
                    }
                }
            }
        }
    }

    private static func why(_ page: inout Markup, _ line: RiskLook.Contribution) {
        page.text(" ")
        if let finding = line.finding {
            page("a", ["href": ConsoleLink.finding(finding)], text: line.why)
        } else {
            page.text(line.why)
        }
    }

    /// All of a score's parts with what it would be without each.
    static func contributions(_ page: inout Markup, _ risk: RiskLook) {
        page.table([("Points", true), ("Why", false), ("Without", true)], label: "What the score is made of")
        {
            page in
            page("tr") { page in
                page("td", ["class": "number"], text: Markup.number(risk.base))
                page("td", ["class": "muted"], text: "what every identity has")
                page("td", text: "")
            }
            for line in risk.contributions {
                page("tr") { page in
                    page("td", ["class": "number"], text: "+\(Markup.number(line.points))")
                    page("td") { why(&$0, line) }
                    page("td", ["class": "number muted"], text: Markup.number(line.without))
                }
            }
        }
    }
}
