import Credentials
import Engine
import Ports

/// One service of one account and region: its snapshots, one after the other.
///
/// What is still to be asked stands on a stack, the next question last: what an answer leads to is asked before what
/// stood there already, so that the stack holds a page of each level and never the whole account.
struct SnapshotStream: Sendable {
    /// The snapshot under way.
    struct Open: Sendable {
        var id: String
        var begun: Timestamp
        var items = 0
        var coverage: [String: SnapshotCoverage] = [:]
        /// Why it broke off, once it has.
        var cut: String?

        init(id: String, begun: Timestamp) {
            self.id = id
            self.begun = begun
        }

        init?(saved: JSONValue?) {
            guard let id = saved?["id"]?.string, let begun = saved?["begun"]?.integer else { return nil }
            self.init(id: id, begun: Timestamp(nanoseconds: begun))
            items = Int(saved?["items"]?.integer ?? 0)
            for entry in saved?["coverage"]?.array ?? [] {
                guard let operation = entry["operation"]?.string else { continue }
                coverage[operation] = SnapshotCoverage(saved: entry)
            }
        }

        var saved: JSONValue {
            [
                "id": .string(id), "begun": .integer(begun.nanoseconds), "items": .integer(items),
                "coverage": coverageList,
            ]
        }

        var coverageList: JSONValue {
            .array(coverage.sorted { $0.key < $1.key }.map { $0.value.json($0.key) })
        }

        /// Why it proves no absence; empty if it does.
        var shortcoming: String {
            if let cut { return cut }
            return coverage.filter { !$0.value.isWhole }.sorted { $0.key < $1.key }.map { entry in
                let count = entry.value.denied + entry.value.failed
                let word = entry.value.denied > 0 ? "denied" : "not answered"
                return "\(entry.key) was \(word)\(count == 1 ? "" : " \(count) times")"
            }.joined(separator: "; ")
        }
    }

    /// `111122223333/kms/eu-central-1`, or without the account while that is not known.
    let name: String
    let account: Int
    let scope: SnapshotScope
    var region: String? { scope.service.isRegional ? scope.endpoints.region : nil }

    var open: Open?
    /// What the position says of the snapshot under way.
    var durable: Open?
    /// When the last one began, of those whose end is durable.
    var begun: Timestamp?
    /// When to begin the next; `distantFuture` where there is to be none.
    var due = Timestamp.distantPast
    var stack: [SnapshotQuestion] = []
    /// Whether a call is under way or a page not yet delivered.
    var isBusy = false
    /// Since when the question at hand got no usable answer.
    var troubled: Timestamp?
    var nextCall = Timestamp.distantPast
    /// An earlier process's snapshot, whose end is yet to be told.
    var isAbandoned = false

    init(name: String, account: Int, scope: SnapshotScope) {
        self.name = name
        self.account = account
        self.scope = scope
    }

    func isDue(at now: Timestamp, _ interval: Duration) -> Bool {
        due != .distantFuture && due.isDue(at: now, within: max(interval, .seconds(1)))
    }

    // MARK: Answers

    /// Counts an answer and puts on the stack what it leads to; the items it brought.
    mutating func take(_ step: SnapshotStep, to question: SnapshotQuestion) -> [SnapshotItem] {
        count(question.operation) {
            $0.calls += 1
            $0.items += step.items.count
        }
        open?.items += step.items.count
        stack += step.next.reversed()
        return step.items
    }

    /// Counts a question that brought nothing, and goes on with what there is to do without it.
    mutating func miss(
        _ question: SnapshotQuestion, _ kind: WritableKeyPath<SnapshotCoverage, Int>, _ reason: String
    ) -> [SnapshotItem] {
        count(question.operation) {
            $0[keyPath: kind] += 1
            if kind != \.gone, !question.subject.isEmpty, $0.subjects.count < SnapshotCoverage.subjectsMax {
                $0.subjects.append(String(question.subject.prefix(500)))
            }
            guard $0.reason.isEmpty, kind != \.gone else { return }
            $0.reason = String(reason.prefix(500))
            $0.subject = String(question.subject.prefix(500))
        }
        let step = question.orElse()
        open?.items += step.items.count
        if !step.items.isEmpty { count(question.operation) { $0.items += step.items.count } }
        stack += step.next.reversed()
        return step.items
    }

    /// Ends the snapshot at a question that gets no answer.
    mutating func cut(at question: SnapshotQuestion, _ reason: String) {
        count(question.operation) {
            $0.failed += 1
            $0.reason = String(reason.prefix(500))
        }
        open?.cut = reason
    }

    private mutating func count(_ operation: String, _ change: (inout SnapshotCoverage) -> Void) {
        guard var open else { return }
        change(&open.coverage[operation, default: SnapshotCoverage()])
        self.open = open
    }

    // MARK: Records

    /// The items as records, one a line, each with where it was seen.
    func records(_ items: [SnapshotItem], account: String, at now: Timestamp) -> [UInt8] {
        guard let open else { return [] }
        var lines: [UInt8] = []
        for item in items {
            var head = head(open, account, at: now)
            head["service"] = .string(scope.service.rawValue)
            head["item"] = .string(item.id)
            head["kind"] = .string(item.kind)
            var members = item.document
            members["snapshot"] = .object(head)
            lines += JSONValue.object(members).bytes
            lines.append(0x0A)
        }
        return lines
    }

    func beginMark(_ open: Open, account: String, at now: Timestamp) -> [UInt8] {
        mark("begin", open, account, at: now, [:])
    }

    func endMark(_ open: Open, account: String, at now: Timestamp) -> [UInt8] {
        let shortcoming = open.shortcoming
        let skipped = open.coverage.values.reduce(0) { $0 + $1.denied + $1.failed }
        var members: [String: JSONValue] = [
            "status": open.cut != nil ? "cut" : shortcoming.isEmpty ? "complete" : "partial",
            "items": .integer(open.items), "skipped": .integer(skipped), "coverage": open.coverageList,
        ]
        if !shortcoming.isEmpty { members["reason"] = .string(shortcoming) }
        return mark("end", open, account, at: now, members)
    }

    private func mark(
        _ mark: String, _ open: Open, _ account: String, at now: Timestamp, _ members: [String: JSONValue]
    ) -> [UInt8] {
        var head = head(open, account, at: now)
        head["mark"] = .string(mark)
        head["of"] = .string(scope.service.rawValue)
        var all = members
        all["snapshot"] = .object(head)
        all["begun_at"] = .string(open.begun.iso8601)
        return JSONValue.object(all).bytes + [0x0A]
    }

    private func head(_ open: Open, _ account: String, at now: Timestamp) -> [String: JSONValue] {
        var head: [String: JSONValue] = [
            "id": .string(open.id), "account": .string(account), "taken_at": .string(now.iso8601),
        ]
        if let region { head["region"] = .string(region) }
        return head
    }
}
