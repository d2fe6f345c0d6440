import Engine
import Exporters
import Ports

/// What became of every record, hour by hour.
enum LedgerPage {
    /// Rows of the table; `martlet ledger` has all.
    static let rowsMax = 500

    static func response(_ report: LedgerReport, feeds: [String], _ call: ConsoleCall) -> HTTPResponse {
        ConsolePage("Ledger", place: "/ledger", call, isLive: true) { page in
            page("h1", text: "Ledger")
            let total = report.total
            page("p", ["class": "sum"]) { page in
                page.text(
                    "\(Markup.count(total.records)) records = \(Markup.count(total.malformed)) malformed + "
                        + "\(Markup.count(total.duplicate)) duplicate + \(Markup.count(total.filtered)) filtered + "
                        + "\(Markup.count(total.events)) events ")
                if report.unbalanced.isEmpty {
                    page("span", ["class": "good"], text: "✓ it balances")
                } else {
                    page("span", ["class": "bad"], text: "✗ \(report.unbalanced.count) rows do not balance")
                }
            }
            page("form", ["class": "filters", "action": "/ledger"]) { page in
                page.select("feed", "Feed", feeds, call.text("feed"), none: "all")
                page.input("from", "From", call.text("from"), placeholder: "-24h")
                page.input("to", "To", call.text("to"), placeholder: "now")
                page("button", text: "Show")
            }
            if report.lines.isEmpty {
                page.empty("Nothing was collected in that time.")
                return
            }
            table(&page, report)
        }.response
    }

    private static func table(_ page: inout Markup, _ report: LedgerReport) {
        let titles: [(title: String, isNumber: Bool)] = [
            ("Hour of arrival", false), ("Feed", false), ("Source", false), ("Listed", true),
            ("Fetched", true),
            ("Records", true), ("Malformed", true), ("Duplicate", true), ("Filtered", true), ("Events", true),
            ("Exporters", false), ("", false),
        ]
        page.table(titles, label: "Ledger", isList: true) { page in
            let newest = report.lines.sorted {
                ($1.key.hour, $0.pipeline, $0.key.feed, $0.key.source)
                    < ($0.key.hour, $1.pipeline, $1.key.feed, $1.key.source)
            }
            for line in newest.prefix(rowsMax) {
                page("tr") { page in
                    page(
                        "td", ["class": "when"], text: String(line.hour.prefix(16)).replacing("T", with: " "))
                    page("td", text: line.key.feed)
                    page("td", ["class": "muted"], text: line.key.source)
                    page.number(line.row.listed)
                    page.number(line.row.fetched)
                    page.number(line.row.records)
                    page.number(line.row.malformed, tone: line.row.malformed > 0 ? "fair" : "")
                    page.number(line.row.duplicate)
                    page.number(line.row.filtered)
                    page.number(line.row.events)
                    page("td") { exporters(&$0, line.row) }
                    page("td") { page in
                        page(
                            "span", ["class": line.row.isBalanced ? "good" : "bad"],
                            text: line.row.isBalanced ? "✓" : "✗ does not balance")
                    }
                }
            }
        }
        if report.lines.count > rowsMax {
            page(
                "p", ["class": "muted"],
                text: "The newest \(rowsMax) of \(Markup.count(report.lines.count)) rows.")
        }
    }

    private static func exporters(_ page: inout Markup, _ row: Ledger.Row) {
        page("ul", ["class": "plain tight"]) { page in
            for (name, cell) in row.exporters.sorted(by: { $0.key < $1.key }) {
                page("li") { page in
                    page("span", text: "\(name) ")
                    page("span", ["class": "muted"], text: "\(Markup.count(cell.accepted)) accepted")
                    if cell.refused > 0 {
                        page("span", ["class": "bad"], text: " \(Markup.count(cell.refused)) refused")
                    }
                    if cell.pending > 0 {
                        page("span", ["class": "fair"], text: " \(Markup.count(cell.pending)) pending")
                    }
                    if cell.resent > 0 {
                        page("span", ["class": "muted"], text: " \(Markup.count(cell.resent)) sent again")
                    }
                }
            }
        }
    }
}
