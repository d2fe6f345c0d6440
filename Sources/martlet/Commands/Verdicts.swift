import Engine
import Pipeline
import Ports
import Store

extension Command {
    static let verdict = Command(
        name: "verdict",
        summary: "Says what a finding was: benign, malicious or expected until a time",
        discussion: """
            FINDING is a finding's uid in the store. A verdict is kept in the state of the pipelines, for good, and heeded by
            `run`, `detect --state` and `risk`. `expected --until T`: the same rule, or the same facts of a baseline, raise
            nothing about the same identity until T. `benign`: what the baselines held back is learned now; with --until the
            rule is silent about the identity till then. `malicious`: nothing of that day is ever learned as usual. The last
            verdict on a finding counts.
            """,
        arguments: [
            Argument("FINDING", "The finding's uid"),
            Argument("VERDICT", "benign, malicious or expected"),
        ],
        options: [
            Option("until", .text, "T", "RFC 3339, or 14d from now; needed for expected"),
            Option("note", .text, "TEXT", "Why, for whoever reads it later"),
            StoreReading.lake, StoreReading.cache, StoreReading.pipelines, StoreReading.store, .state,
        ],
        examples: [
            "martlet verdict 5b1f… expected --until 14d --note 'migration of the data platform'",
            "martlet verdict 5b1f… malicious",
        ]
    ) { invocation, context in
        let (uid, word) = (invocation.arguments[0], invocation.arguments[1])
        guard let kind = Judgement.Kind(rawValue: word) else {
            let near = nearestName(to: word, among: Judgement.Kind.allCases.map(\.rawValue))
            throw CommandFailure(
                "VERDICT is benign, malicious or expected, not \(printable(word))"
                    + (near.map { "; did you mean \($0)?" } ?? ""), status: .usage)
        }
        let now = context.time.now
        let until = try invocation.text("until").map { try time(after: now, $0) }
        if kind == .expected, until == nil {
            throw CommandFailure("expected needs --until: nothing is expected for good", status: .usage)
        }
        if let until, until <= now { throw CommandFailure("--until is not in the future", status: .usage) }
        let stored = try await StoredFinding.read(uid, invocation, context)
        let verdict = try Judgement(
            on: stored.last, kind, at: now, until: until, note: invocation.text("note") ?? "")
        guard !stored.opened.states.isEmpty else {
            throw CommandFailure("there is no pipeline's state to keep a verdict in", status: .usage)
        }
        for state in stored.opened.states {
            try await Judgements.add(verdict, to: try context.sharedVolume(state.path))
        }
        context.say(
            "\(printable(verdict.identity)): \(kind.rawValue)"
                + (until.map { " until \($0.iso8601)" } ?? ""))
        return .done
    }

    private static func time(after now: Timestamp, _ text: String) throws -> Timestamp {
        if let span = Duration(userText: text) { return now + span }
        if let time = Timestamp(iso8601: text) { return time }
        throw CommandFailure("--until \(printable(text)): RFC 3339 or a duration such as 14d", status: .usage)
    }
}

/// A finding as the store has it, with all versions that were given out.
struct StoredFinding {
    let opened: StoreReading.Opened
    /// Oldest first.
    let versions: [Document]

    var last: Document { versions[versions.count - 1] }

    static func read(
        _ uid: String, _ invocation: Invocation, _ context: CommandContext
    ) async throws -> StoredFinding {
        let opened = try await StoreReading.open(invocation, context)
        let texts = try await rows(of: "findings", uid, opened).filter {
            $0["finding_info"]?["uid"]?.string == uid
        }
        guard !texts.isEmpty else {
            throw CommandFailure(
                "no finding \(printable(uid)) is in the store: `martlet query --findings` lists them",
                status: .notHeld)
        }
        return StoredFinding(opened: opened, versions: texts)
    }

    /// The rows of a table that name a uid.
    static func rows(
        of table: String, _ uid: String, _ opened: StoreReading.Opened
    ) async throws -> [Document] {
        guard let plan = opened.plans.first(where: { $0.table == table }) else {
            throw CommandFailure("there is no table \(table)")
        }
        var query = EventQuery(plan)
        query.conditions = [QueryWords.uid(uid, plan)]
        let lines = CollectedLines()
        var writer = RowWriter(plan, .ndjson, columns: [], withRaw: false, width: nil) { lines.bytes += $0 }
        let wanted = RowWriter.leaves(.ndjson, columns: [], withRaw: false, plan)
        _ = try await opened.reader.run(query, leaves: wanted) { rows, row in
            try writer.add(rows, row)
            return true
        }
        try writer.finish()
        return try lines.documents
    }
}
