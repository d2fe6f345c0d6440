import Credentials
import Engine
import Ports

/// One thing a snapshot asks of AWS, and what its answer leads to.
struct SnapshotQuestion: Sendable {
    /// As a policy names it: `iam:ListAccessKeys`. The coverage counts by it.
    var operation: String
    /// What it is asked about, where that is one thing among many: an ARN, a name.
    var subject = ""
    /// SigV4's name of the service, and the region that it signs for.
    var service: String
    var region: String
    var request: HTTPRequest
    /// How long to wait before it is asked: for jobs that take a while.
    var delay = Duration.zero
    /// Whether “there is no such thing” is an answer like any other.
    var mayBeAbsent = false
    /// `malformed` if the answer is none to this question.
    var read: @Sendable (HTTPResponse) throws(Fault) -> SnapshotStep
    /// What there is to do where it is refused, or what it asks about is gone.
    var orElse: @Sendable () -> SnapshotStep = { SnapshotStep() }
}

/// What an answer brings: items to deliver, and then questions, the first of them and all it leads to before the
/// second.
struct SnapshotStep: Sendable {
    var items: [SnapshotItem] = []
    var next: [SnapshotQuestion] = []
}

/// One thing that exists.
struct SnapshotItem: Sendable {
    /// `role`, `permission_set`, …
    var kind: String
    /// What it is known by within the service: an ARN where it has one.
    var id: String
    /// As the API gives it.
    var document: [String: JSONValue]
}

/// How often one operation was asked, and what came of it.
struct SnapshotCoverage: Hashable, Sendable {
    var calls = 0
    var items = 0
    var denied = 0
    var failed = 0
    var gone = 0
    /// Of the first that brought nothing.
    var reason = ""
    var subject = ""
    /// What it brought nothing about, each as often as it was asked; of more than `subjectsMax` only how many.
    var subjects: [String] = []

    static let subjectsMax = 64

    /// Whether what it was asked for is all there.
    var isWhole: Bool { denied == 0 && failed == 0 }

    init() {}

    init(saved: JSONValue) {
        func number(_ key: String) -> Int { Int(saved[key]?.integer ?? 0) }
        calls = number("calls")
        items = number("items")
        denied = number("denied")
        failed = number("failed")
        gone = number("gone")
        reason = saved["reason"]?.string ?? ""
        subject = saved["subject"]?.string ?? ""
        subjects = (saved["subjects"]?.array ?? []).compactMap(\.string)
    }

    func json(_ operation: String) -> JSONValue {
        var members: [String: JSONValue] = [
            "operation": .string(operation), "calls": .integer(calls), "items": .integer(items),
            "denied": .integer(denied), "failed": .integer(failed), "gone": .integer(gone),
        ]
        if !reason.isEmpty { members["reason"] = .string(reason) }
        if !subject.isEmpty { members["subject"] = .string(subject) }
        if !subjects.isEmpty { members["subjects"] = .array(subjects.map { .string($0) }) }
        return .object(members)
    }
}
