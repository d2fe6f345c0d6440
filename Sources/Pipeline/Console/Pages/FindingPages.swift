import Engine
import Ports

/// The list of findings, and one finding with all that a person needs to judge it.
enum FindingPages {
    /// Rows of a list; who needs more narrows it.
    static let rowsMax = 500

    static func list(_ look: ConsoleLook, _ filter: FindingFilter, _ call: ConsoleCall) -> HTTPResponse {
        let findings = filter.apply(to: look.findings)
        return ConsolePage("Findings", place: "/findings", call, isLive: true) { page in
            page("h1", text: "Findings")
            page("form", ["class": "filters", "action": "/findings"]) { page in
                page.input(
                    "q", "Text", call.text("q"), placeholder: "title, entity, tactic, uid", type: "search")
                page.select("severity", "Severity", FindingFilter.severities, filter.severity, none: "any")
                page.select("state", "State", FindingFilter.states, filter.state, none: nil)
                page.select("sort", "Order", FindingFilter.orders, filter.order, none: nil)
                page("button", text: "Show")
            }
            page("p", ["class": "muted"]) { page in
                page.text("\(Markup.count(findings.count)) of \(Markup.count(look.findings.count)) findings")
                if findings.count > rowsMax { page.text(", the first \(rowsMax) are shown") }
                if look.isCut { page.text("; older ones are found by ") }
                if look.isCut { page("a", ["href": "/query?table=findings"], text: "a query") }
            }
            if findings.isEmpty {
                page.empty("No finding is like that.")
            } else {
                page.table(
                    [
                        ("Severity", false), ("Finding", false), ("Who", false), ("Risk", false),
                        ("When", false),
                    ],
                    label: "Findings", isList: true
                ) { page in
                    for finding in findings.prefix(rowsMax) { OverviewPage.row(&page, finding) }
                }
            }
        }.response
    }

    static func one(_ detail: FindingDetail, _ call: ConsoleCall) -> HTTPResponse {
        let note = detail.note
        return ConsolePage(note.title, place: "/findings", call) { page in
            page("p", ["class": "crumbs"]) { $0("a", ["href": "/findings"], text: "Findings") }
            page("h1", text: note.title)
            page("p", ["class": "facts"]) { page in
                page.severity(note.severity)
                page.time(note.time)
                page("span", text: note.type)
                for tactic in note.tactics { page("span", ["class": "badge"], text: tactic) }
                if note.isRetracted { page("span", ["class": "badge bad"], text: "retracted") }
            }
            page("div", ["class": "columns finding"]) { page in
                page("div") { page in
                    who(&page, detail)
                    for section in detail.explanation.sections where isShown(section) {
                        self.section(&page, section)
                    }
                }
                page("div") { page in
                    verdict(&page, note, call)
                    risk(&page, detail)
                }
            }
            events(&page, detail)
        }.response
    }

    /// What stands in the head of the page, or in a place of its own, is not told twice.
    private static func isShown(_ section: FindingExplanation.Section) -> Bool {
        !section.title.isEmpty && !section.title.hasPrefix("Risk") && !section.lines.isEmpty
    }

    private static func who(_ page: inout Markup, _ detail: FindingDetail) {
        page("section", ["class": "card behind"]) { page in
            page("h2", text: "Who is behind it")
            page("p", ["class": "name"]) { $0.entity(detail.note.entity) }
            if !detail.certainty.isEmpty { page("p", ["class": "muted"], text: detail.certainty) }
            if !detail.note.entity.isEmpty {
                page("p", ["class": "actions"]) { page in
                    page(
                        "a", ["class": "button", "href": ConsoleLink.entity(detail.note.entity)],
                        text: "Everything they did")
                    page(
                        "a",
                        [
                            "class": "button",
                            "href": ConsoleLink.to("/investigate", ["name": detail.note.entity]),
                        ], text: "Investigate")
                    page(
                        "a",
                        [
                            "class": "button",
                            "href": ConsoleLink.to(
                                "/findings", ["entity": detail.note.entity, "state": "all"]),
                        ], text: "Their findings")
                }
            }
        }
    }

    private static func section(_ page: inout Markup, _ section: FindingExplanation.Section) {
        page("section") { page in
            page("h2", text: section.title)
            page("dl", ["class": "facts-list"]) { page in
                for line in section.lines {
                    page("dt", text: line.name)
                    page("dd") { page in
                        if line.name == "see", line.value.hasPrefix("https://") {
                            page("a", ["href": line.value, "rel": "noreferrer noopener"], text: line.value)
                        } else if ["principal", "human", "identity", "role", "session", "from", "person"]
                            .contains(line.name)
                        {
                            page.entity(line.value)
                        } else {
                            page.text(line.value)
                        }
                    }
                }
            }
        }
    }

    private static func verdict(_ page: inout Markup, _ note: FindingNote, _ call: ConsoleCall) {
        page("section", ["class": "card"]) { page in
            page("h2", text: "Verdict")
            if let verdict = note.verdict {
                page("p") { page in
                    page("strong", text: verdict)
                    if let until = note.until { page.text(" until \(until.iso8601.prefix(16))Z") }
                    if !note.note.isEmpty { page("span", ["class": "muted"], text: " “\(note.note)”") }
                }
            } else {
                page("p", ["class": "muted"], text: "Nobody has judged this yet.")
            }
            guard call.user?.role == .analyst else {
                page("p", ["class": "muted"], text: "Your role looks, and does not judge.")
                return
            }
            page(
                "form",
                ["class": "verdict", "method": "post", "action": ConsoleLink.finding(note.uid) + "/verdict"]
            ) { page in
                page.void("input", ["type": "hidden", "name": "form_token", "value": call.formToken])
                page.input("note", "Note", nil, placeholder: "why, for whoever reads it later")
                page.input(
                    "until", "Until", nil, placeholder: "14d, or 2026-12-31T00:00:00Z; needed for expected")
                page("div", ["class": "buttons"]) { page in
                    for (value, words) in [
                        ("malicious", "Malicious"), ("benign", "Benign"), ("expected", "Expected"),
                    ] {
                        page(
                            "button", ["name": "verdict", "value": value, "class": "verdict-\(value)"],
                            text: words)
                    }
                }
            }
            page("details") { page in
                page("summary", text: "What they mean")
                page("p", text: "Malicious: an attack. Nothing of that day is ever learned as usual.")
                page("p", text: "Benign: the identity may do this. What the baselines held back is learned.")
                page("p", text: "Expected: known and agreed until a time; until then it raises nothing.")
            }
        }
    }

    private static func risk(_ page: inout Markup, _ detail: FindingDetail) {
        page("section", ["class": "card"]) { page in
            page("h2", text: "Risk")
            if let risk = detail.risk {
                page.score(risk.score)
                RiskPage.contributions(&page, risk)
            } else if let section = detail.explanation.sections.first(where: { $0.title.hasPrefix("Risk") }) {
                page("dl", ["class": "facts-list"]) { page in
                    for line in section.lines {
                        page("dt", text: line.name)
                        page("dd", text: line.value)
                    }
                }
            }
        }
    }

    private static func events(_ page: inout Markup, _ detail: FindingDetail) {
        page("h2", text: "The \(Markup.count(detail.explanation.eventCount)) events it rests on")
        if detail.events.isEmpty {
            page.empty("None of them is in the store any more.")
            return
        }
        EventTable.draw(into: &page, detail.events, label: "Evidence")
        if detail.explanation.eventCount > detail.events.count {
            page("p", ["class": "muted"], text: "The first \(detail.events.count) are shown.")
        }
    }
}

/// Events as rows, each leading to all that is kept of it.
enum EventTable {
    static func draw(into page: inout Markup, _ events: [EventNote], label: String) {
        page.table(
            [
                ("When", false), ("What", false), ("Outcome", false), ("As whom", false), ("From", false),
                ("On what", false), ("Where", false),
            ], label: label, isList: true
        ) { page in
            for event in events {
                page("tr") { page in
                    page("td", ["class": "when"]) { $0.time(event.time) }
                    page("td") {
                        $0("a", ["href": ConsoleLink.event(event.uid), "class": "go"], text: event.action)
                    }
                    page("td", ["class": event.status == "Failure" ? "bad" : "muted"], text: event.status)
                    page("td") { $0.entity(event.principal) }
                    page("td") { if !event.address.isEmpty { $0.entity(event.address) } }
                    page("td", ["class": "long"], text: event.resource)
                    page("td", ["class": "muted"], text: event.account)
                }
            }
        }
    }
}
