/// Rules and correlations that raise nothing about somebody for a while, because somebody has said that it is expected.
///
/// Always of one identity, or of what a correlation's events have in common, and with an end: a rule is never muted for
/// everybody, nor for good.
package struct FindingSuppressions: Sendable {
    private struct Group: Sendable {
        /// By the fields that the correlation groups by.
        var values: [String: String]
        var span: ClosedRange<Timestamp>
    }

    private var spans: [String: [UInt64: [ClosedRange<Timestamp>]]] = [:]
    private var groups: [String: [Group]] = [:]

    package init() {}

    package var isEmpty: Bool { spans.isEmpty && groups.isEmpty }

    package mutating func add(_ rule: String, _ identity: String, from: Timestamp, until: Timestamp) {
        guard from <= until else { return }
        spans[rule, default: [:]][Subject.key(Array(identity.utf8)), default: []].append(from...until)
    }

    /// Silences a correlation about events that have these values in common.
    package mutating func add(
        _ correlation: String, group values: [String: String], from: Timestamp, until: Timestamp
    ) {
        guard from <= until else { return }
        groups[correlation, default: []].append(Group(values: values, span: from...until))
    }

    /// Whether a rule is to say nothing about an event.
    func silence(_ rule: String, _ event: Event, in batch: borrowing EventBatch) -> Bool {
        guard let identities = spans[rule] else { return false }
        return Self.silence(identities, batch.bytes.span, event.json.range, at: event.time)
    }

    /// Whether a correlation is to say nothing about what it found.
    ///
    /// - Parameters:
    ///   - group: the values in common, as JSON, in the order of `names`.
    ///   - actor: the actor of the event that completed it, as JSON: it is whom a finding without a group is about.
    func silence(
        _ correlation: String, _ names: [String], _ group: [[UInt8]], actor: [UInt8], at time: Timestamp
    ) -> Bool {
        if let known = groups[correlation] {
            let values = Dictionary(
                zip(names, group.map { Self.plain($0) }), uniquingKeysWith: { first, _ in first })
            if known.contains(where: { $0.span.contains(time) && $0.values == values }) { return true }
        }
        guard names.isEmpty, let identities = spans[correlation], !actor.isEmpty else { return false }
        var event = Array("{\"actor\":".utf8)
        event += actor
        event.append(UInt8(ascii: "}"))
        return Self.silence(identities, event.span, 0..<event.count, at: time)
    }

    /// A verdict names whom it is about as the finding does, which may be by another of its names than the baselines do.
    private static func silence(
        _ identities: [UInt64: [ClosedRange<Timestamp>]], _ bytes: Span<UInt8>, _ event: Range<Int>,
        at time: Timestamp
    ) -> Bool {
        let fields = EventFields(bytes, event)
        if identities[Subject(fields, bytes).key]?.contains(where: { $0.contains(time) }) == true {
            return true
        }
        for name in [fields.userEmail, fields.userUID, fields.userName] where !name.isEmpty {
            if identities[Subject.key(bytes, name)]?.contains(where: { $0.contains(time) }) == true {
                return true
            }
        }
        return false
    }

    /// A JSON value as text: that of a string without quotes and escapes, any other as it stands.
    private static func plain(_ value: [UInt8]) -> String {
        guard value.count >= 2, value.first == UInt8(ascii: "\"") else {
            return String(decoding: value, as: UTF8.self)
        }
        return JSONText.string(value.span.extracting(1..<value.count - 1))
    }
}
