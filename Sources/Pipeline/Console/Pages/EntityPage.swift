import Engine
import Ports

/// One entity: its risk, its findings, and everything it did.
enum EntityPage {
    static func response(_ look: EntityLook, _ call: ConsoleCall) -> HTTPResponse {
        ConsolePage(look.entity, place: "/risk", call) { page in
            page("p", ["class": "crumbs"]) { $0("a", ["href": "/risk"], text: "Risk") }
            page("h1", ["class": "entity"], text: look.entity)
            page("p", ["class": "facts"]) { page in
                if let risk = look.risk {
                    page.score(risk.score)
                    page("span", text: "\(risk.level) risk")
                    page("span", ["class": "muted"], text: risk.kind)
                } else {
                    page("span", ["class": "muted"], text: "Nothing weighs on it.")
                }
                page("span", text: "\(Markup.count(look.counted))\(look.isCut ? " or more" : "") events")
                page("span", text: "\(look.findings.count) finding\(look.findings.count == 1 ? "" : "s")")
            }
            filters(&page, look, call)
            if look.events.isEmpty, look.findings.isEmpty {
                page.empty(
                    "No event names \(look.entity), and none leads back to it. A name stands whole: an address, a role's "
                        + "ARN, a key's id, an e-mail address; * at an end stands for anything.")
                return
            }
            if let plot = TimePlot(look.times, names: ("succeeded", "failed")) {
                plot.draw(into: &page, label: "Events of \(look.entity)")
            }
            page("div", ["class": "columns"]) { page in
                page("section") { page in
                    page("h2", text: "Findings")
                    if look.findings.isEmpty {
                        page.empty("None about it.")
                    } else {
                        OverviewPage.findings(&page, Array(look.findings.prefix(50)))
                    }
                }
                page("section") { page in
                    page("h2", text: "What the score is made of")
                    if let risk = look.risk {
                        RiskPage.contributions(&page, risk)
                    } else {
                        page.empty("Nothing weighs on it.")
                    }
                }
            }
            page("div", ["class": "counts"]) { page in
                counts(&page, "Did", look.actions)
                counts(&page, "As", look.principals, areEntities: true)
                counts(&page, "From", look.addresses, areEntities: true)
                counts(&page, "In", look.accounts)
            }
            page("h2", text: "Everything they did, newest first")
            EventTable.draw(into: &page, look.events, label: "Events")
            if look.counted > look.events.count {
                page("p", ["class": "muted"]) { page in
                    page.text("The newest \(look.events.count) are shown. ")
                    page(
                        "a", ["href": ConsoleLink.to("/query", ["entity": look.entity, "limit": "1000"])],
                        text: "Ask for more")
                }
            }
        }.response
    }

    private static func filters(_ page: inout Markup, _ look: EntityLook, _ call: ConsoleCall) {
        page("form", ["class": "filters", "action": "/entity"]) { page in
            page.void("input", ["type": "hidden", "name": "name", "value": look.entity])
            page.input("from", "From", call.text("from"), placeholder: "-24h, 2026-01-31")
            page.input("to", "To", call.text("to"), placeholder: "now")
            page("button", text: "Show")
            page(
                "a", ["class": "button investigate", "href": ConsoleLink.investigation(look.entity, call)],
                text: "Investigate")
        }
    }

    private static func counts(
        _ page: inout Markup, _ title: String, _ counts: [EntityLook.Count], areEntities: Bool = false
    ) {
        page("section", ["class": "card"]) { page in
            page("h3", text: title)
            if counts.isEmpty { page.empty("nothing") }
            page("ul", ["class": "plain"]) { page in
                for one in counts {
                    page("li", ["class": "counted"]) { page in
                        page("span", ["class": "points"], text: Markup.count(one.count))
                        if areEntities { page.entity(one.value) } else { page("span", text: one.value) }
                    }
                }
            }
        }
    }
}

/// One event with all that is kept of it.
enum EventPage {
    static func response(_ uid: String, _ event: EventNote?, _ texts: [String], _ call: ConsoleCall)
        -> HTTPResponse
    {
        ConsolePage(event?.action ?? "Event", place: "/query", call) { page in
            page("h1", text: event?.action ?? "Event")
            if let event {
                page("p", ["class": "facts"]) { page in
                    page.time(event.time)
                    page("span", ["class": event.status == "Failure" ? "bad" : "good"], text: event.status)
                    page.entity(event.principal)
                    if !event.human.isEmpty, event.human != event.principal {
                        page("span", text: "behind it")
                        page.entity(event.human)
                    }
                    if !event.address.isEmpty { page.entity(event.address) }
                }
            }
            for text in texts { page("pre", ["tabindex": "0", "class": "json"], text: text) }
            page("p", ["class": "muted mono"], text: uid)
        }.response
    }
}
