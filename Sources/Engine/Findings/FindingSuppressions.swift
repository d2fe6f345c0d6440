/// Rules that raise nothing about an identity for a while, because somebody has said that it is expected.
///
/// Always of one identity and with an end: a rule is never muted for everybody, nor for good.
package struct FindingSuppressions: Sendable {
    private var spans: [String: [UInt64: [ClosedRange<Timestamp>]]] = [:]

    package init() {}

    package var isEmpty: Bool { spans.isEmpty }

    package mutating func add(_ rule: String, _ identity: String, from: Timestamp, until: Timestamp) {
        guard from <= until else { return }
        spans[rule, default: [:]][Subject.key(Array(identity.utf8)), default: []].append(from...until)
    }

    /// Whether a rule is to say nothing about an event.
    func silence(_ rule: String, _ event: Event, in batch: borrowing EventBatch) -> Bool {
        guard let identities = spans[rule] else { return false }
        let bytes = batch.bytes.span
        let subject = Subject(EventFields(bytes, event.json.range), bytes)
        return identities[subject.key]?.contains { $0.contains(event.time) } ?? false
    }
}
