import Engine
import Ports

/// Questions to the store: filters or SQL, the answer as a table, and when it happened as a picture.
enum QueryPage {
    static func response(_ look: QueryLook?, _ complaint: String?, _ call: ConsoleCall) -> HTTPResponse {
        ConsolePage("Query", place: "/query", call) { page in
            page("h1", text: "Query")
            let isSQL = call.text("sql") != nil
            page("details", ["class": "card", "open": isSQL ? nil : ""]) { page in
                page("summary", text: "By questions")
                filters(&page, call)
            }
            page("details", ["class": "card", "open": isSQL ? "" : nil]) { page in
                page("summary", text: "By SQL")
                sql(&page, call)
            }
            if let complaint {
                page("section", ["class": "card bad-edge", "role": "alert"]) { page in
                    page("h2", text: "That did not work")
                    page("pre", text: complaint)
                }
            }
            if let look { answer(&page, look) }
        }.response
    }

    private static func filters(_ page: inout Markup, _ call: ConsoleCall) {
        page("form", ["class": "filters grid", "action": "/query"]) { page in
            page.select("table", "Of", QueryLook.tables, call.text("table") ?? "events", none: nil)
            page.input("entity", "Entity", call.text("entity"), placeholder: "human, role, key, session")
            page.input("ip", "Address", call.text("ip"), placeholder: "192.0.2.*")
            page.input("action", "Action", call.text("action"), placeholder: "iam:CreateAccessKey")
            page.input("resource", "Resource", call.text("resource"), placeholder: "uid or name, *bucket*")
            page.input("account", "Account", call.text("account"))
            page.input("region", "Region", call.text("region"))
            page.select("status", "Outcome", QueryLook.statuses, call.text("status"), none: "any")
            page.input("contains", "Contains", call.text("contains"), placeholder: "a text in the record")
            page.input("uid", "Uid", call.text("uid"))
            page.input("from", "From", call.text("from"), placeholder: "-24h, 2026-01-31")
            page.input("to", "To", call.text("to"), placeholder: "now")
            page.input(
                "limit", "At most", call.text("limit"), placeholder: "\(QueryLook.limitUsual)", type: "number"
            )
            page("button", ["class": "main"], text: "Ask")
        }
    }

    private static func sql(_ page: inout Markup, _ call: ConsoleCall) {
        page("form", ["class": "sql", "action": "/query"]) { page in
            page("label") { page in
                page("span", text: "Over events, findings, ledger, grants and sessions; read only")
                page(
                    "textarea",
                    [
                        "name": "sql", "rows": "5", "spellcheck": "false",
                        "maxlength": "\(QueryLook.sqlBytesMax)",
                    ],
                    text: call.text("sql")
                        ?? "SELECT date_trunc('hour', time_dt) AS hour, count(*) AS failed\nFROM events WHERE status = 'Failure'\nGROUP BY 1 ORDER BY 1"
                )
            }
            page("div", ["class": "filters"]) { page in
                page.input("from", "From", call.text("from"), placeholder: "-24h")
                page.input("to", "To", call.text("to"), placeholder: "now")
                page("button", ["class": "main"], text: "Run")
            }
        }
    }

    private static func answer(_ page: inout Markup, _ look: QueryLook) {
        page(
            "h2",
            text: look.isCut
                ? "The newest \(Markup.count(look.rows.count)) of more"
                : "\(Markup.count(look.rows.count)) rows")
        let names = look.findings.isEmpty ? ("succeeded", "failed") : ("to medium", "high or critical")
        if let plot = TimePlot(look.moments, names: look.isSQL ? ("counted", "") : names) {
            plot.draw(into: &page, label: "Rows")
        }
        if look.rows.isEmpty {
            page.empty("Nothing fits.")
        } else if look.isSQL {
            page.table(
                look.columns.map { (title: $0, isNumber: false) }, label: "Rows", isList: true
            ) { page in
                for row in look.cells {
                    page("tr") { page in
                        for cell in row { page("td", ["class": "long"], text: cell) }
                    }
                }
            }
        } else if !look.findings.isEmpty {
            page.table(
                [("Severity", false), ("Finding", false), ("Who", false), ("Risk", false), ("When", false)],
                label: "Findings", isList: true
            ) { page in
                for finding in look.findings { OverviewPage.row(&page, finding) }
            }
        } else {
            EventTable.draw(into: &page, look.events, label: "Events")
        }
        if look.isCut {
            page("p", ["class": "muted"], text: "There are more: narrow it, or raise the limit.")
        }
    }
}
