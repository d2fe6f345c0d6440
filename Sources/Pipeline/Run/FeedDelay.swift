import Collectors
import Engine
import Ports

/// How late a declared feed's records have come, and what share of them is expected to come later still than it is
/// waited for.
package struct FeedDelay: Hashable, Sendable {
    /// As the ledger names it.
    package var source: String
    private let mark: FeedMark

    /// What the saved positions of a pipeline's collectors know, by source.
    package static func all(in positions: [String: [UInt8]]) -> [FeedDelay] {
        positions.sorted { $0.key < $1.key }.flatMap { source, position -> [FeedDelay] in
            guard let marks = FeedMark.marks(in: position) else { return [] }
            return marks.sorted { $0.key < $1.key }.filter { $0.value.census.counted > 0 }.map { name, mark in
                FeedDelay(source: marks.count > 1 ? "\(source)/\(name)" : source, mark: mark)
            }
        }
    }

    private init(source: String, mark: FeedMark) {
        self.source = source
        self.mark = mark
    }

    private var half: Duration? { mark.census.quantile(0.5) }
    private var most: Duration? { mark.census.quantile(0.99) }

    package var text: String {
        guard let half, let most else {
            return "\(source): \(mark.census.counted) delays measured, too few to tell"
        }
        var text = "\(source): half of the records come within \(half.userText), 99 % within \(most.userText)"
        if let missed = mark.missed {
            let share = missed > 0 ? "1 in \(Int((1 / missed).rounded()))" : "none"
            text += "; at most \(share) is expected to be missed"
        }
        return text
    }

    /// Durations in seconds; `missed` is a share, left out where the vendor's cursor misses nothing.
    var json: String {
        var members = ["\"measured\":\(mark.census.counted)"]
        if let half { members.append("\"p50\":\(half.components.seconds)") }
        if let most { members.append("\"p99\":\(most.components.seconds)") }
        if let missed = mark.missed { members.append("\"missed\":\(missed)") }
        return "{\(members.joined(separator: ","))}"
    }
}
