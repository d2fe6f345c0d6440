import Engine
import Pipeline
import Ports

/// One principal's access as it is told.
struct AccessTold {
    private let state: AccessState
    /// What the account's last snapshots are, and what they do not tell.
    private let snapshots: [SnapshotEnd]
    private let shortfalls: [SnapshotShortfall]
    private let account: String
    private let subject: String
    private let time: Timestamp

    init(_ drift: Drift, _ account: String, _ subject: String, at time: Timestamp) {
        state = drift.state
        snapshots = drift.snapshots(at: time).filter { $0.account == account }
        shortfalls = drift.shortfalls(at: time).filter { $0.account == account }
        self.account = account
        self.subject = subject
        self.time = time
    }

    private struct Fact {
        var kind: AccessState.Kind
        var holder: String
        var part: AccessState.Part
    }

    /// Its own, its groups' and theirs, its roles', and what the permission sets give that these are assigned.
    private var facts: [Fact] {
        let groups = state.groups(of: subject, in: account, at: time).map(\.name)
        let roles = account == AccessChanges.snowflake ? state.snowflakesRoles(of: subject, at: time) : []
        let own = ([subject] + groups + roles).flatMap { holder in
            AccessState.Kind.allCases.flatMap { facts($0, of: holder) }
        }
        let sets = own.filter { $0.kind == .assignment }
            .map { AccessAssignment(text: $0.part.value).role }
            .filter { AccessAssignment.isPermissionSet($0) }
        let given = Set(sets).sorted().flatMap { set in
            [AccessState.Kind.attachment, .inline, .boundary].flatMap { facts($0, of: set) }
        }
        return own + given
    }

    private func facts(_ kind: AccessState.Kind, of holder: String) -> [Fact] {
        state.parts(account, holder, kind, at: time).map { Fact(kind: kind, holder: holder, part: $0) }
    }

    /// `2026-05-01T…, AttachUserPolicy by arn:…`.
    private static func origin(_ entry: AccessState.Entry) -> String {
        var text = "since \(text(entry.time)), \(entry.operation)"
        if entry.isSnapshot, !entry.uid.hasPrefix(entry.operation) { text += " \(entry.uid)" }
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

    /// What a directory calls a group or a permission set; its id where nobody told.
    private func name(_ holder: String) -> String {
        let known = state.value(AccessState.Key(account, holder, .identity), at: time)
        guard let known, !known.hasPrefix("arn:") else { return holder }
        guard holder != subject else { return holder }
        return AccessAssignment.isPermissionSet(holder) ? "permission set \(known)" : "group \(known)"
    }

    private func words(_ fact: Fact) -> String {
        switch fact.kind {
        case .assignment:
            let assignment = AccessAssignment(text: fact.part.value)
            let isSet = AccessAssignment.isPermissionSet(assignment.role)
            var text = isSet ? name(assignment.role) : assignment.role
            text += " \(isSet ? "in" : "at") \(assignment.scope)"
            if !assignment.expiry.isEmpty { text += " until \(assignment.expiry)" }
            return " \(text)\(assignment.isEligible ? ", not active" : "")"
        case .sharing:
            let grant = KeyGrant(text: fact.part.value)
            let list = grant.operations.isEmpty ? "" : " for \(grant.operations.joined(separator: ", "))"
            return " \(fact.part.name) \(grant.grantee)\(list)"
        case .inline, .trust, .version, .resourcePolicy, .guardrail, .roleDefinition:
            return fact.part.name.isEmpty ? "" : " \(fact.part.name)"
        default:
            let value = fact.part.value.isEmpty ? "" : " \(fact.part.value)"
            return fact.part.name.isEmpty ? value : " \(fact.part.name)\(value)"
        }
    }

    private func value(_ fact: Fact) -> String {
        switch fact.kind {
        case .assignment, .sharing: String(words(fact).dropFirst())
        default: fact.part.value
        }
    }

    /// Of whom nobody told when they began, what they have says that they are there.
    private func isThere(_ facts: [Fact]) -> Bool {
        let key = AccessState.Key(account, subject, .identity)
        if state.history(key).isEmpty { return !facts.isEmpty }
        return state.value(key, at: time) != nil
    }

    /// `okta.groups (all) of 2026-05-05T06:00:00Z, complete`: what is known as of when.
    private static func words(_ end: SnapshotEnd) -> String {
        let part = end.part.isEmpty ? "" : " (\(end.part))"
        return
            "\(end.service.rawValue)\(part) of \(text(end.begun)), \(end.isComplete ? "complete" : "not whole")"
    }

    var lines: [String] {
        let facts = facts
        var lines = [
            "\(subject) in \(account) as of \(DriftReport.moment(time))\(isThere(facts) ? "" : ": was not there")"
        ]
        for fact in facts {
            let inherited = fact.holder == subject ? "" : " (by \(name(fact.holder)))"
            lines.append(
                "  \(fact.kind.rawValue)\(words(fact))\(inherited): \(Self.origin(fact.part.entry))")
        }
        lines += snapshots.map { "  snapshot \(Self.words($0))" }
        lines += shortfalls.map { "  not known: \($0.what): \($0.why)" }
        return lines.map { printable($0) }
    }

    var json: String {
        let all = facts
        let facts = all.map { fact in
            let entry = fact.part.entry
            var members = [
                "\"kind\":\(quoted(fact.kind.rawValue))", "\"holder\":\(quoted(fact.holder))",
                "\"name\":\(quoted(fact.part.name))",
                "\"value\":\(quoted(value(fact)))",
                "\"since\":\(quoted(Self.text(entry.time)))", "\"event\":\(quoted(entry.uid))",
                "\"operation\":\(quoted(entry.operation))", "\"actor\":\(quoted(entry.actor))",
            ]
            if let since = entry.unseenSince {
                members.append("\"unseen\":true")
                if since != .distantPast { members.append("\"unseenSince\":\(quoted(Self.text(since)))") }
            }
            return "{\(members.joined(separator: ","))}"
        }
        return
            "{\"account\":\(quoted(account)),\"principal\":\(quoted(subject)),\"at\":\(quoted(Self.text(time))),"
            + "\"exists\":\(isThere(all)),\"access\":[\(facts.joined(separator: ","))]"
            + ",\"snapshots\":[\(snapshots.map { quoted(Self.words($0)) }.joined(separator: ","))]"
            + ",\"unknown\":[\(shortfalls.map { quoted("\($0.what): \($0.why)") }.joined(separator: ","))]}"
    }
}
