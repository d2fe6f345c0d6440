import Engine

/// What pages are put together from, so that the same thing looks the same everywhere.
extension Markup {
    mutating func severity(_ name: String) {
        self("span", ["class": "severity \(Self.tone(severity: name))"], text: name)
    }

    static func tone(severity: String) -> String {
        switch severity {
        case "Critical", "Fatal": "critical"
        case "High": "high"
        case "Medium": "medium"
        case "Low": "low"
        default: "info"
        }
    }

    /// To the second, in UTC; machines have it exactly.
    mutating func time(_ time: Timestamp) {
        let exact = time.iso8601
        self("time", ["datetime": exact, "title": exact]) { page in
            page("span", ["class": "day"], text: String(exact.prefix(10)))
            page.text(" \(exact.dropFirst(11).prefix(8))")
        }
    }

    /// How long ago, for what should have been lately.
    mutating func age(of time: Timestamp, at now: Timestamp) {
        self("time", ["datetime": time.iso8601, "title": time.iso8601], text: Self.age(now - time))
    }

    /// How long ago an hour of the ledger was; what came within it is not told apart.
    mutating func age(ofHour hour: Timestamp, at now: Timestamp) {
        let hours = max(0, (now - hour).components.seconds) / 3_600 + 1
        let words =
            hours == 1
            ? "this hour" : hours <= 48 ? "less than \(hours) h ago" : "\(hours / 24) days ago"
        self("time", ["datetime": hour.iso8601, "title": "in the hour of \(hour.iso8601)"], text: words)
    }

    static func age(_ span: Duration) -> String {
        let seconds = max(0, span.components.seconds)
        switch seconds {
        case ..<90: return "just now"
        case ..<5_400: return "\(seconds / 60) min ago"
        case ..<172_800: return "\(seconds / 3_600) h ago"
        default: return "\(seconds / 86_400) days ago"
        }
    }

    mutating func entity(_ name: String) {
        if name.isEmpty {
            self("span", ["class": "muted"], text: "nobody named")
        } else {
            let short = Self.short(name)
            self(
                "a",
                ["href": ConsoleLink.entity(name), "class": "entity", "title": short == name ? nil : name],
                text: short)
        }
    }

    /// The end of an identifier tells more than its beginning, and both more than the middle.
    static func short(_ name: String, max count: Int = 44) -> String {
        name.count <= count ? name : "\(name.prefix(count / 3 - 1))…\(name.suffix(count - count / 3))"
    }

    /// A score from 0 to 100 as a bar with its number.
    mutating func score(_ score: Double) {
        self("span", ["class": "score"]) { page in
            page(
                "svg",
                [
                    "class": "bar \(Self.tone(score: score))", "viewBox": "0 0 100 8",
                    "preserveAspectRatio": "none",
                    "aria-hidden": "true",
                ]
            ) { page in
                page("rect", ["class": "ground", "width": "100", "height": "8", "rx": "4"], text: "")
                page(
                    "rect",
                    ["class": "fill", "width": "\(max(1, min(100, Int(score))))", "height": "8", "rx": "4"],
                    text: "")
            }
            page("span", ["class": "number"], text: Self.number(score))
        }
    }

    static func tone(score: Double) -> String {
        switch score {
        case 90...: "critical"
        case 70..<90: "high"
        case 40..<70: "medium"
        case 20..<40: "low"
        default: "info"
        }
    }

    static func number(_ value: Double) -> String {
        let tenths = Int((max(-1e9, min(1e9, value)) * 10).rounded())
        return "\(tenths < 0 ? "-" : "")\(abs(tenths) / 10).\(abs(tenths) % 10)"
    }

    static func count(_ count: Int) -> String { count.groupedText }

    mutating func number(_ count: Int, tone: String = "") {
        self("td", ["class": "number \(tone)"], text: Markup.count(count))
    }

    /// A table that scrolls by itself where the page is too narrow.
    mutating func table(
        _ titles: [(title: String, isNumber: Bool)], label: String, isList: Bool = false,
        _ body: (inout Markup) -> Void
    ) {
        self("div", ["class": "wide", "tabindex": "0", "role": "region", "aria-label": label]) { page in
            page("table", ["data-list": isList ? "" : nil]) { page in
                page("thead") { page in
                    page("tr") { page in
                        for one in titles {
                            page(
                                "th", ["scope": "col", "class": one.isNumber ? "number" : nil],
                                text: one.title)
                        }
                    }
                }
                page("tbody", [:], body)
            }
        }
    }

    /// A number that stands for something, with a link to it.
    mutating func tile(_ value: String, _ what: String, tone: String = "", link: String? = nil) {
        self(link == nil ? "div" : "a", ["class": "tile \(tone)", "href": link]) { page in
            page("span", ["class": "value"], text: value)
            page("span", ["class": "what"], text: what)
        }
    }

    mutating func empty(_ words: String) { self("p", ["class": "empty"], text: words) }

    /// A field of a form with its label.
    mutating func input(
        _ name: StaticString, _ label: String, _ value: String?, placeholder: String = "",
        type: String = "text"
    ) {
        self("label") { page in
            page("span", text: label)
            page.void(
                "input",
                [
                    "name": "\(name)", "type": type, "value": value,
                    "placeholder": placeholder.isEmpty ? nil : placeholder,
                ])
        }
    }

    /// A choice of a form; the first stands for none.
    mutating func select(
        _ name: StaticString, _ label: String, _ names: [String], _ chosen: String?, none: String?
    ) {
        self("label") { page in
            page("span", text: label)
            page("select", ["name": "\(name)"]) { page in
                if let none { page("option", ["value": ""], text: none) }
                for one in names {
                    page("option", ["value": one, "selected": one == chosen ? "" : nil], text: one)
                }
            }
        }
    }
}
