import Engine

/// The charts of a report's page: what opened and closed by day, and what stands open by kind.
struct DriftCharts {
    /// Days that a chart has bars for; a longer period is drawn by as many equal parts.
    private static let barsMax = 31

    private let report: DriftReport

    init(_ report: DriftReport) { self.report = report }

    func write(to page: inout Markup) {
        page("div", ["class": "charts"]) { page in
            page("figure", ["class": "card"]) { page in
                page("h3", text: "Opened and closed")
                timeline(&page)
            }
            page("figure", ["class": "card"]) { page in
                page("h3", text: "Open, by kind")
                kinds(&page)
            }
        }
    }

    // MARK: Time

    private func timeline(_ page: inout Markup) {
        let span = max(1, (report.to - report.from).components.seconds)
        let bars = Int(max(1, min(Int64(Self.barsMax), (span + 86_399) / 86_400)))
        var opened = [Int](repeating: 0, count: bars)
        var closed = opened
        func bar(_ time: Timestamp) -> Int? {
            let offset = (time - report.from).components.seconds
            guard offset >= 0, offset <= span else { return nil }
            return min(bars - 1, Int(offset * Int64(bars) / span))
        }
        for finding in report.findings {
            if let place = bar(finding.opened.time) { opened[place] += 1 }
            if let end = finding.closed, let place = bar(end.time) { closed[place] += 1 }
        }
        let most = max(1, zip(opened, closed).map { max($0, $1) }.max() ?? 1)
        let step = 320 / bars
        page(
            "svg",
            [
                "viewBox": "0 0 340 150", "role": "img",
                "aria-label": "\(opened.reduce(0, +)) findings opened and \(closed.reduce(0, +)) closed",
            ]
        ) { page in
            for place in 0..<bars {
                let x = 10 + place * step
                column(opened[place], most, x: x, width: max(1, step / 2 - 1), tone: "opened", &page)
                column(
                    closed[place], most, x: x + step / 2, width: max(1, step / 2 - 1), tone: "closed", &page)
            }
            label(DriftPage.day(report.from), x: 10, y: 140, anchor: "start", &page)
            label(DriftPage.day(report.to), x: 330, y: 140, anchor: "end", &page)
            label("most in a bar: \(most)", x: 170, y: 12, anchor: "middle", &page)
        }
        page("figcaption", ["class": "muted"], text: "Red: opened. Green: closed.")
    }

    private func column(_ count: Int, _ most: Int, x: Int, width: Int, tone: String, _ page: inout Markup) {
        let height = count * 100 / most
        page(
            "rect",
            [
                "class": tone, "x": String(x), "y": String(122 - height), "width": String(width),
                "height": String(height),
            ]
        ) { page in
            if count > 0 { page("title", text: "\(count) \(tone)") }
        }
    }

    private func label(_ text: String, x: Int, y: Int, anchor: String, _ page: inout Markup) {
        page(
            "text", ["class": "muted", "x": String(x), "y": String(y), "text-anchor": anchor], text: text)
    }

    // MARK: Kinds

    private func kinds(_ page: inout Markup) {
        let counts = DriftCode.allCases.compactMap { code in
            let count = report.open.count { $0.code == code }
            return count == 0 ? nil : (code, count)
        }
        let most = max(1, counts.map(\.1).max() ?? 1)
        let height = max(1, counts.count) * 24 + 6
        page(
            "svg",
            [
                "viewBox": "0 0 340 \(height)", "role": "img",
                "aria-label": "\(report.open.count) findings stand open",
            ]
        ) { page in
            for (place, (code, count)) in counts.enumerated() {
                let y = place * 24 + 4
                let width = max(2, count * 120 / most)
                label("\(code.name) \(Self.short(code))", x: 165, y: y + 13, anchor: "end", &page)
                page(
                    "rect",
                    [
                        "class": "bar", "x": "172", "y": String(y), "width": String(width), "height": "18",
                    ]
                ) { page in page("title", text: "\(code.title): \(count)") }
                label(String(count), x: 178 + width, y: y + 13, anchor: "start", &page)
            }
        }
    }

    private static func short(_ code: DriftCode) -> String {
        code.word.replacing("_", with: " ")
    }
}
