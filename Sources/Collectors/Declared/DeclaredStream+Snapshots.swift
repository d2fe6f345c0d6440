import Codecs
import Credentials
import Engine
import Ports

/// A snapshot that is delivered whole: every item bears its identifier, and marks of a feed of our own stand before
/// and behind them. Only one whose end says `complete` proves that what it lacks is not there.
extension DeclaredStream {
    enum SnapshotMark: String { case begin, end }

    /// Of the feed, what the user said of it, the stream and the moment: two collectors give two snapshots.
    func snapshotID(at now: Timestamp) -> String {
        let own = settings.parameters.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        let text = ([declaration.feed, name] + own + ["\(now.nanoseconds)"]).joined(separator: "\n")
        return Hex.encode(Array(Digest.sha256(Array(text.utf8)).prefix(12)))
    }

    /// An item with its snapshot in front of its own members.
    func marked(_ item: [UInt8], with id: String, takenAt time: Timestamp) -> [UInt8] {
        guard item.first == 0x7B, let inner = item.dropFirst().first(where: { $0 > 0x20 }) else {
            return item
        }
        let mark = place(id, time).bytes
        return Array("{\"snapshot\":".utf8) + mark + (inner == 0x7D ? [] : [0x2C]) + item.dropFirst()
    }

    /// The page with a mark; `nil` where none is wanted.
    func snapshotMark(_ kind: SnapshotMark, at now: Timestamp) -> Draft? {
        guard declaration.isMarked, let round, let id = round.snapshot else { return nil }
        var place = place(id, kind == .begin ? round.end : now).object ?? [:]
        place["mark"] = .string(kind.rawValue)
        // Who took it, and of what: lists of two organizations name neither.
        place["source"] = .string(source)
        if !settings.parameters.isEmpty {
            place["parameters"] = .object(settings.parameters.mapValues { .string($0) })
        }
        var members: [String: JSONValue] = [
            "begun_at": .string(round.end.iso8601), "snapshot": .object(place),
        ]
        if kind == .end {
            let isComplete = round.itemsMissed == 0
            members["status"] = isComplete ? "complete" : "partial"
            members["items"] = .integer(round.itemsRead)
            if !isComplete { members["skipped"] = .integer(round.itemsMissed) }
            members["coverage"] = [
                [
                    "operation": .string(declaration.endpoint.url?.text ?? ""), "stream": .string(name),
                    "calls": .integer(round.requests), "items": .integer(round.itemsRead),
                ]
            ]
        }
        var draft = Draft(name: "\(declaration.feed)/\(id)/\(kind.rawValue)")
        draft.feed = DeclaredCollector.markFeed
        draft.bytes = [0x5B] + JSONValue.object(members).bytes + [0x5D]
        draft.records = 1
        return draft
    }

    private func place(_ id: String, _ time: Timestamp) -> JSONValue {
        [
            "id": .string(id), "feed": .string(declaration.feed), "stream": .string(name),
            "taken_at": .string(time.iso8601),
        ]
    }
}
