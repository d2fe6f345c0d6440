import Engine
import Pipeline
import Ports

extension Command {
    static let access = Command(
        name: "access",
        summary: "Says what access a principal had at a time, or who could do something",
        discussion: """
            INPUT is CloudTrail logs and answers of get-account-authorization-details, in any mix and order. From the IAM
            events in the logs the state of access is rebuilt: for each thing the last change before --at counts, however
            late it arrived. A snapshot fills in what is older than the logs; where it shows something that no event told,
            that is said, with the time since which it must have happened.

            --of: the principal's groups, policies, boundary, trust, keys and devices, each with since when and by whom.
            --who-can: every user and role whose identity policies and boundary allow the action, with the statement that
            does; what resource policies grant is not looked at.
            """,
        arguments: [
            Argument(
                "INPUT", "CloudTrail logs and snapshots: files, folders or -", kind: .path, isRepeated: true)
        ],
        options: [
            Option("of", .text, "PRINCIPAL", "An ARN, user/NAME, role/NAME, group/NAME or a name"),
            Option("who-can", .text, "ACTION", "An action, such as iam:PassRole"),
            Option("on", .text, "RESOURCE", "The ARN that it is asked on (default: *)"),
            Option("at", .time, "TIME", "As of this time (default: now)"),
            Option("snapshot-at", .time, "TIME", "When the snapshots were taken (default: now)"),
            .format(["table", "json"], "How it is printed (default: table)"),
            .rejects,
        ],
        examples: [
            "martlet access --of user/ada --at 2026-05-01T12:00:00Z cloudtrail/ account.json",
            "martlet access --who-can iam:PassRole --on arn:aws:iam::111122223333:role/admin account.json",
        ]
    ) { invocation, context in
        let now = context.time.now
        let time = invocation.time("at", now: now) ?? now
        guard (invocation.text("of") == nil) != (invocation.text("who-can") == nil) else {
            throw CommandFailure("one of --of PRINCIPAL and --who-can ACTION is needed", status: .usage)
        }
        let refused = try await InputRefusals.make(feed: "aws.cloudtrail", invocation, context)
        let run = AccessRun(
            snapshotTime: invocation.time("snapshot-at", now: now) ?? now, refused: refused)
        let isWhole = try await InputSession("Reading", invocation, context).walk(into: run) {
            ["records": run.records, "changes": run.changes]
        }
        run.close()
        try await refused.finish()
        refused.tell(context)
        let isJSON = invocation.text("format") == "json"
        var isFound = true
        if let name = invocation.text("of") {
            let found = run.state.named(name)
            isFound = !found.isEmpty
            for (account, subject) in found {
                let told = AccessTold(run.state, account, subject, at: time)
                for line in isJSON ? [told.json] : told.lines { context.output.writeLine(line) }
            }
            if found.isEmpty {
                context.messages.writeLine("martlet: no principal \(printable(name)) was seen")
            }
        } else if let action = invocation.text("who-can") {
            let resource = invocation.text("on") ?? "*"
            AccessTold.whoCan(action, resource, run.state, at: time) { subject, verdict in
                let line =
                    isJSON
                    ? "{\"principal\":\(quoted(subject)),\"because\":\(quoted(verdict.reason))}"
                    : "\(printable(subject))\t\(printable(verdict.reason))"
                context.output.writeLine(line)
            } unknown: { subject, names in
                context.say(printable("\(subject): not known what \(names.joined(separator: ", ")) allow"))
            }
        }
        let gaps = run.unseen == 0 ? "" : ", \(run.unseen) changes that no event told"
        context.say(
            "\(isWhole ? "" : InputSession.interruption)\(run.records) records, \(run.changes) changes, "
                + "\(run.snapshots) snapshots\(gaps)")
        if !isWhole { return .interrupted }
        return !refused.isEmpty ? .refused : isFound ? .done : .notHeld
    }
}

/// One principal's access as it is told.
struct AccessTold {
    private let state: AccessState
    private let account: String
    private let subject: String
    private let time: Timestamp

    init(_ state: AccessState, _ account: String, _ subject: String, at time: Timestamp) {
        self.state = state
        self.account = account
        self.subject = subject
        self.time = time
    }

    private struct Fact {
        var kind: AccessState.Kind
        var holder: String
        var part: AccessState.Part
    }

    private var facts: [Fact] {
        let groups = state.parts(account, subject, .membership, at: time).map { "group/\($0.name)" }
        return ([subject] + groups).flatMap { holder in
            AccessState.Kind.allCases.flatMap { kind in
                state.parts(account, holder, kind, at: time).map {
                    Fact(kind: kind, holder: holder, part: $0)
                }
            }
        }
    }

    /// `2026-05-01T…, AttachUserPolicy by arn:…`.
    private static func origin(_ entry: AccessState.Entry) -> String {
        var text = "since \(text(entry.time)), \(entry.operation)"
        if !entry.actor.isEmpty { text += " by \(entry.actor)" }
        if let since = entry.unseenSince {
            text +=
                since == .distantPast
                ? "; no event told it" : "; no event told it, after \(Self.text(since))"
        }
        return text
    }

    private static func text(_ time: Timestamp) -> String {
        var bytes: [UInt8] = []
        time.appendISO8601(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    var lines: [String] {
        let facts = facts
        let isThere = state.value(AccessState.Key(account, subject, .identity), at: time) != nil
        var lines = [
            "\(subject) in \(account) as of \(Self.text(time))\(isThere ? "" : ": was not there")"
        ]
        for fact in facts {
            let inherited = fact.holder == subject ? "" : " (by \(fact.holder))"
            let isDocument = [.inline, .trust, .version].contains(fact.kind)
            let value = isDocument || fact.part.value.isEmpty ? "" : " \(fact.part.value)"
            let name = fact.part.name.isEmpty ? value : " \(fact.part.name)\(isDocument ? "" : value)"
            lines.append("  \(fact.kind.rawValue)\(name)\(inherited): \(Self.origin(fact.part.entry))")
        }
        return lines.map { printable($0) }
    }

    var json: String {
        let facts = facts.map { fact in
            let entry = fact.part.entry
            var members = [
                "\"kind\":\(quoted(fact.kind.rawValue))", "\"holder\":\(quoted(fact.holder))",
                "\"name\":\(quoted(fact.part.name))", "\"value\":\(quoted(fact.part.value))",
                "\"since\":\(quoted(Self.text(entry.time)))", "\"event\":\(quoted(entry.uid))",
                "\"operation\":\(quoted(entry.operation))", "\"actor\":\(quoted(entry.actor))",
            ]
            if let since = entry.unseenSince {
                members.append("\"unseen\":true")
                if since != .distantPast { members.append("\"unseenSince\":\(quoted(Self.text(since)))") }
            }
            return "{\(members.joined(separator: ","))}"
        }
        let isThere = state.value(AccessState.Key(account, subject, .identity), at: time) != nil
        return
            "{\"account\":\(quoted(account)),\"principal\":\(quoted(subject)),\"at\":\(quoted(Self.text(time))),"
            + "\"exists\":\(isThere),\"access\":[\(facts.joined(separator: ","))]}"
    }

    /// Every user and role that may do it by its own policies, in order.
    static func whoCan(
        _ action: String, _ resource: String, _ state: AccessState, at time: Timestamp,
        found: (String, PolicyVerdict) -> Void, unknown: (String, [String]) -> Void
    ) {
        var read: [String: AccessPolicy?] = [:]
        for (account, subject) in state.identities(at: time) where !subject.hasPrefix("group/") {
            guard let arn = state.value(AccessState.Key(account, subject, .identity), at: time) else {
                continue
            }
            let holdings = state.holdings(account, subject, at: time) { text in
                if let known = read[text] { return known }
                let policy = AccessRun.policy(text)
                read[text] = .some(policy)
                return policy
            }
            let request = PolicyRequest(
                action: action, resource: resource, resourceAccount: account,
                principal: RequestPrincipal(arn))
            let verdict = PolicyEvaluator.verdict(request, under: holdings.layers)
            if verdict.decision == .allow { found(arn, verdict) }
            let missing = holdings.unknown + holdings.unreadable
            if !missing.isEmpty, verdict.decision != .deny { unknown(arn, missing) }
        }
    }
}
