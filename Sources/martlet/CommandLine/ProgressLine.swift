import Engine
import Pipeline
import Ports

/// One line on a terminal that says how far a command is: bar, rate, counts, time left.
///
/// Nothing is written where standard error is no terminal, with `--quiet` or with a JSON log. Redrawn at most ten
/// times a second, whatever the caller does.
struct ProgressLine: ~Copyable {
    private static let redrawEvery = Duration.milliseconds(100)

    private let messages: Output
    private let time: any TimeSource
    let isShown: Bool
    private let title: String
    private let start: Timestamp
    private var lastDrawn = Timestamp.distantPast

    init(_ title: String, in context: CommandContext) {
        self.title = title
        messages = context.messages
        time = context.time
        isShown = context.messagesAreTerminal && !context.isQuiet && !context.logsJSON
        start = context.time.now
    }

    /// `done` of `total` bytes are behind us; `counts` are named figures in the order to show.
    mutating func update(
        bytes done: Int64, of total: Int64?, counts: @autoclosure () -> KeyValuePairs<String, Int> = [:]
    ) {
        guard isShown else { return }
        let now = time.now
        guard lastDrawn == .distantPast || now - lastDrawn >= Self.redrawEvery else { return }
        lastDrawn = now
        let elapsed = max(0.001, Double((now - start).nanoseconds) / 1e9)
        messages.write("\r\u{1B}[2K" + Self.line(title, done, total, elapsed: elapsed, counts: counts()))
        messages.finish()
    }

    /// Clears the line, so that what follows starts in the first column.
    func finish() {
        guard isShown, lastDrawn != .distantPast else { return }
        messages.write("\r\u{1B}[2K")
        messages.finish()
    }

    static func line(
        _ title: String, _ done: Int64, _ total: Int64?, elapsed: Double, counts: KeyValuePairs<String, Int>
    ) -> String {
        var parts = [title]
        let rate = Double(done) / elapsed
        if let total, total > 0 {
            let share = min(1, max(0, Double(done) / Double(total)))
            let full = Int(share * 20)
            parts.append(
                "[\(String(repeating: "=", count: full))\(String(repeating: " ", count: 20 - full))] "
                    + "\(Int(share * 100))%")
        }
        if done > 0 { parts.append("\(ByteSize(Int64(rate)).rounded)/s") }
        for (name, count) in counts { parts.append("\(grouped(count)) \(name)") }
        if let total, rate > 0, total > done {
            let left = Double(total - done) / rate
            parts.append(left < 1 ? "" : "\(Duration.seconds(Int(left)).clock) left")
        }
        return parts.filter { !$0.isEmpty }.joined(separator: "  ")
    }
}

/// `1,234,567`.
func grouped(_ count: Int) -> String { count.groupedText }

extension Duration {
    /// `1:05` or `2:03:09`.
    var clock: String {
        let seconds = max(0, components.seconds)
        func two(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }
        let hours = seconds / 3_600
        return (hours > 0 ? "\(hours):\(two(seconds / 60 % 60))" : "\(seconds / 60 % 60)")
            + ":\(two(seconds % 60))"
    }
}
