import Engine
import Ports

/// Every privileged act held against the grant that should cover it, and every grant against its use.
enum GrantsPage {
    private static let rowsMax = 200

    static func response(_ look: GrantsLook, days: Int, _ call: ConsoleCall) -> HTTPResponse {
        ConsolePage("Grants", place: "/grants", call) { page in
            page("h1", text: "Grants")
            AccessPages.period(&page, "/grants", days)
            page("div", ["class": "tiles"]) { page in
                for (label, count) in look.labels where count > 0 {
                    page.tile(Markup.count(count), label.rawValue, tone: tone(label))
                }
            }
            sessions(&page, look)
            page("h2", text: "Acts that need a look")
            acts(&page, look)
            page("h2", text: "Grants")
            grants(&page, look)
        }.response
    }

    private static func tone(_ label: GrantReview.Label) -> String {
        switch label {
        case .inGrant: "good"
        case .machine: ""
        case .unbrokered, .breakGlass, .beforeStart: "medium"
        case .outOfScope, .afterExpiry, .afterRevocation: "high"
        }
    }

    private static func acts(_ page: inout Markup, _ look: GrantsLook) {
        guard !look.acts.isEmpty else {
            return page.empty("Every privileged act is covered, or of a machine.")
        }
        page.table(
            [
                ("When", false), ("Label", false), ("Who", false), ("Did", false), ("Where", false),
                ("Why", false),
            ],
            label: "Acts", isList: true
        ) { page in
            for act in look.acts.prefix(rowsMax) {
                page("tr") { page in
                    page("td", ["class": "when"]) { page in
                        page("a", ["href": ConsoleLink.event(act.act.uid), "class": "go"]) {
                            $0.time(act.act.time)
                        }
                    }
                    page("td") {
                        $0(
                            "span", ["class": "severity \(severity(act.act.label))"],
                            text: act.act.label.rawValue
                        )
                    }
                    page("td") { $0.entity(act.act.who) }
                    page("td", text: act.act.operation)
                    page(
                        "td", ["class": "muted"],
                        text: [act.act.system, act.act.account, act.act.role].filter { !$0.isEmpty }.joined(
                            separator: " "))
                    page("td", text: act.why)
                }
            }
        }
        rest(&page, look.acts.count)
    }

    private static func severity(_ label: GrantReview.Label) -> String {
        tone(label) == "" ? "info" : tone(label)
    }

    private static func sessions(_ page: inout Markup, _ look: GrantsLook) {
        guard !look.sessions.isEmpty else { return }
        page("h2", text: "Sessions that outlived their grant")
        for session in look.sessions.prefix(rowsMax) {
            page("section", ["class": "card bad-edge"]) { page in
                page("p") { page in
                    page.entity(session.act.who)
                    page.text(" went on for \(session.acts) acts, until ")
                    page.time(session.last)
                }
                page("pre", text: session.revocation.joined(separator: "\n"))
            }
        }
    }

    private static func grants(_ page: inout Markup, _ look: GrantsLook) {
        guard !look.grants.isEmpty else {
            return page.empty("No broker has told of a grant in this time.")
        }
        page.table(
            [
                ("Grant", false), ("Whose", false), ("For", false), ("From", false), ("To", false),
                ("Acts", true), ("Notes", false),
            ],
            label: "Grants", isList: true
        ) { page in
            for reviewed in look.grants.prefix(rowsMax) {
                let grant = reviewed.grant
                let what =
                    grant.roleNames + grant.resources.compactMap { $0.name ?? $0.uid }
                    + [grant.account?.name ?? grant.account?.uid].compactMap { $0 }
                page("tr") { page in
                    page("td") { page in
                        page.text(grant.key.provider)
                        page("div", ["class": "muted small mono"], text: Markup.short(grant.key.uid, max: 26))
                    }
                    page("td") { $0.entity(grant.who) }
                    page("td", ["class": "long"], text: what.joined(separator: ", "))
                    page("td", ["class": "when"]) { if let start = grant.start { $0.time(start) } }
                    page("td", ["class": "when"]) { page in
                        if grant.windows.isEmpty {
                            page.text(grant.refused == nil ? "not given" : "refused")
                        } else if let end = grant.end {
                            page.time(end)
                        } else {
                            page("span", ["class": "fair"], text: "open")
                        }
                    }
                    page.number(reviewed.acts)
                    page("td") { page in
                        for flag in reviewed.flags { page("div", ["class": "fair"], text: flag.text) }
                    }
                }
            }
        }
        rest(&page, look.grants.count)
    }

    private static func rest(_ page: inout Markup, _ count: Int) {
        guard count > rowsMax else { return }
        page(
            "p", ["class": "muted"],
            text: "The first \(rowsMax) of \(Markup.count(count)): `martlet grants` has all.")
    }
}
