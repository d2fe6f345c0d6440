import Engine

/// The pictures of a case file: what each session came from, and the risk over time.
enum CasePicture {
    /// Boxes drawn; of more the busiest, with all they came from.
    static let boxesMax = 60
    private static let box = (width: 236, height: 38, gapX: 124, gapY: 12)

    /// Sessions from the human on the left to the last role on the right; the link's certainty is its line.
    static func sessions(_ found: Investigation, _ out: inout Markup) {
        let places = shown(found)
        guard !places.isEmpty else { return }
        var row: [Int: Int] = [:]
        for (number, place) in places.enumerated() { row[place] = number }
        let deepest = places.map { found.sessions[$0].depth }.max() ?? 0
        let width = (deepest + 1) * (box.width + box.gapX) - box.gapX + 4
        let height = places.count * (box.height + box.gapY) + 4
        out("div", ["class": "wide"]) { out in
            out(
                "svg",
                [
                    "viewBox": "0 0 \(width) \(height)", "width": "\(width)", "height": "\(height)",
                    "role": "img",
                    "aria-label": "What each session came from",
                ]
            ) { svg in
                for place in places {
                    let one = found.sessions[place]
                    if let parent = one.parent, let from = row[parent], let to = row[place] {
                        edge(from, found.sessions[parent].depth, to, one, &svg)
                    }
                }
                for place in places { node(row[place] ?? 0, found.sessions[place], &svg) }
            }
        }
        out(
            "p", ["class": "muted"],
            text: "Lines: green proved, dashed asserted, dotted inferred."
                + (places.count < found.sessions.count
                    ? " \(found.sessions.count - places.count) are not drawn." : ""))
    }

    private static func shown(_ found: Investigation) -> [Int] {
        let busiest = found.sessions.indices.sorted {
            (found.sessions[$1].events, $0) < (found.sessions[$0].events, $1)
        }
        var shown: Set<Int> = []
        for place in busiest where shown.count < boxesMax {
            var at: Int? = place
            while let here = at, shown.insert(here).inserted { at = found.sessions[here].parent }
        }
        return shown.sorted()
    }

    private static func corner(_ row: Int, _ depth: Int) -> (x: Int, y: Int) {
        (2 + depth * (box.width + box.gapX), 2 + row * (box.height + box.gapY))
    }

    private static func edge(_ from: Int, _ depth: Int, _ to: Int, _ one: CaseSession, _ svg: inout Markup) {
        let (start, end) = (corner(from, depth), corner(to, one.depth))
        let (x, y) = (start.x + box.width, start.y + box.height / 2)
        let (toX, toY) = (end.x, end.y + box.height / 2)
        // The longest name of a link fits between here and the box.
        let middle = x + 20
        svg(
            "path",
            [
                "class": "edge \(["proved", "asserted", "inferred"].first { $0 == one.certainty } ?? "")",
                "d": "M\(x) \(y)H\(middle)V\(toY)H\(toX)",
            ]
        ) { _ in }
        svg("text", ["class": "muted", "x": "\(middle + 4)", "y": "\(toY - 4)"], text: cut(one.via, 14))
    }

    private static func node(_ row: Int, _ one: CaseSession, _ svg: inout Markup) {
        let (x, y) = corner(row, one.depth)
        svg("g") { group in
            group(
                "title",
                text:
                    "\(one.type) \(one.label) \(one.id) \(one.provider) \(one.account), \(one.events) events, "
                    + "evidence \(one.evidence)")
            group(
                "rect",
                [
                    "class": one.isAsked ? "box asked" : "box", "x": "\(x)", "y": "\(y)", "rx": "5",
                    "width": "\(box.width)", "height": "\(box.height)",
                ]
            ) { _ in }
            let title = one.label.isEmpty || one.type == "human" ? one.id : one.label
            let events = one.events > 0 ? ", \(one.events) events" : ""
            group("text", ["x": "\(x + 8)", "y": "\(y + 16)"], text: cut(title, 34))
            group(
                "text", ["class": "muted", "x": "\(x + 8)", "y": "\(y + 31)"],
                text: one.type == "human"
                    ? one.label : cut("\(one.type) \(one.id)", 34 - events.count) + events)
        }
    }

    private static func cut(_ text: String, _ width: Int) -> String {
        text.count > width
            ? String(text.prefix(width / 2)) + "…" + String(text.suffix(width - width / 2 - 1)) : text
    }

    /// The risk after each finding, from 0 to 100.
    static func risk(_ found: Investigation, _ out: inout Markup) {
        guard found.scores.count > 1 else { return }
        let (width, height) = (720, 110)
        let start = found.window.lowerBound.milliseconds
        let length = max(1, found.window.upperBound.milliseconds - start)
        func x(_ time: Timestamp) -> Int {
            Int(Double(time.milliseconds - start) / Double(length) * Double(width - 40)) + 30
        }
        func y(_ hundredths: Int) -> Int { 10 + (10_000 - hundredths) * (height - 20) / 10_000 }
        var path = "M30 \(y(0))"
        for score in found.scores { path += "H\(x(score.time))V\(y(score.hundredths))" }
        out(
            "svg",
            [
                "class": "risk-line", "viewBox": "0 0 \(width) \(height)", "width": "100%", "role": "img",
                "aria-label": "Risk after each finding, from 0 to 100",
            ]
        ) { svg in
            for mark in [0, 40, 70, 100] {
                let at = y(mark * 100)
                svg("path", ["class": "edge", "d": "M30 \(at)H\(width - 10)", "stroke-opacity": "0.3"]) { _ in
                }
                svg("text", ["class": "muted", "x": "2", "y": "\(at + 4)"], text: "\(mark)")
            }
            svg("path", ["class": "risk", "d": path + "H\(width - 10)"]) { _ in }
        }
    }
}
