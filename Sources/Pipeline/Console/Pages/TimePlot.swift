import Engine

/// How much happened when: counts in equal steps of time, in one or two kinds.
struct TimePlot: Sendable {
    /// Something at a time, in milliseconds.
    struct Moment: Sendable {
        var time: Int64
        var isSecond = false
        var count = 1
    }

    /// Steps of a plot.
    static let stepsMax = 72

    /// More at one moment is no count of anything.
    private static let countMax = 1 << 40

    /// The years 1678 to 2262 in milliseconds, as far as `Timestamp` goes.
    private static let timesShown: ClosedRange<Int64> = -9_200_000_000_000...9_200_000_000_000

    private static let spans: [Int64] = [
        60, 300, 900, 3_600, 10_800, 21_600, 43_200, 86_400, 604_800, 2_592_000,
    ]

    /// Milliseconds.
    let start: Int64
    let step: Int64
    /// Of each step: of the first kind, and of the second.
    private(set) var counts: [(first: Int, second: Int)] = []
    /// What the kinds are called.
    var names: (first: String, second: String)

    /// - Parameter times: in any order; `nil` where there are none, or where they lie too far apart.
    init?(_ times: [Moment], names: (first: String, second: String)) {
        guard let first = times.map(\.time).min(), let last = times.map(\.time).max(),
            Self.timesShown.contains(first), Self.timesShown.contains(last)
        else { return nil }
        let difference = last - first
        let wanted = Self.spans.first { difference / ($0 * 1_000) < Int64(Self.stepsMax) - 1 }
        guard let seconds = wanted else { return nil }
        step = seconds * 1_000
        start = floorDivide(first, step) * step
        self.names = names
        counts = [(first: Int, second: Int)](
            repeating: (0, 0), count: Int(floorDivide(last - start, step)) + 1)
        for one in times {
            let place = Int((one.time - start) / step)
            guard counts.indices.contains(place) else { continue }
            let count = max(0, min(one.count, Self.countMax))
            if one.isSecond { counts[place].second += count } else { counts[place].first += count }
        }
    }

    var stepText: String { Duration.milliseconds(step).userText }

    /// The picture; what it shows is in words beside it.
    func draw(into page: inout Markup, label: String) {
        let most = max(1, counts.map { $0.first + $0.second }.max() ?? 1)
        let total = counts.reduce(0) { $0 + $1.first + $1.second }
        let seconds = counts.reduce(0) { $0 + $1.second }
        let width = 720.0 / Double(max(1, counts.count))
        page("figure", ["class": "plot"]) { page in
            page(
                "svg",
                [
                    "viewBox": "0 0 720 120", "role": "img", "preserveAspectRatio": "none",
                    "aria-label": "\(label): \(total) in steps of \(stepText), at most \(most) in one",
                ]
            ) { page in
                page(
                    "line", ["class": "axis", "x1": "0", "x2": "720", "y1": "119.5", "y2": "119.5"], text: "")
                for (place, count) in counts.enumerated() where count.first + count.second > 0 {
                    let x = Double(place) * width
                    let from = Timestamp(milliseconds: start + Int64(place) * step)
                    let high = 116.0 * Double(count.first + count.second) / Double(most)
                    let share = 116.0 * Double(count.second) / Double(most)
                    page("g") { page in
                        page(
                            "title",
                            text: "\(from.iso8601.prefix(16))Z: \(count.first) \(names.first)"
                                + (count.second > 0 ? ", \(count.second) \(names.second)" : ""))
                        bar(&page, "first", x, 118.5 - high, width, max(1, high - share))
                        if count.second > 0 { bar(&page, "second", x, 118.5 - share, width, max(1.5, share)) }
                    }
                }
            }
            page("figcaption") { page in
                page("span", text: Self.short(Timestamp(milliseconds: start)))
                page("span", ["class": "muted words"]) { page in
                    page.text("\(Markup.count(total)) in steps of \(stepText), at most \(Markup.count(most))")
                    if seconds > 0 {
                        page.text(" · ")
                        page(
                            "span", ["class": "key second"], text: "\(Markup.count(seconds)) \(names.second)")
                    }
                }
                page(
                    "span", text: Self.short(Timestamp(milliseconds: start + Int64(counts.count) * step)))
            }
        }
    }

    private func bar(
        _ page: inout Markup, _ kind: String, _ x: Double, _ y: Double, _ width: Double, _ height: Double
    ) {
        page(
            "rect",
            [
                "class": kind, "x": Self.text(x + width * 0.08), "y": Self.text(y),
                "width": Self.text(width * 0.84), "height": Self.text(height),
            ], text: "")
    }

    private static func text(_ value: Double) -> String { "\((value * 100).rounded() / 100)" }

    private static func short(_ time: Timestamp) -> String {
        let exact = time.iso8601
        return "\(exact.prefix(10)) \(exact.dropFirst(11).prefix(5))"
    }
}
