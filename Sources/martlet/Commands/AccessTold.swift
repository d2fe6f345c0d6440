import Engine
import Pipeline
import Ports

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

    /// Its own, its groups', and what the permission sets give that these are assigned.
    private var facts: [Fact] {
        let groups = state.parts(account, subject, .membership, at: time).map { "group/\($0.name)" }
        let own = ([subject] + groups).flatMap { holder in
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

    private var isThere: Bool {
        state.value(AccessState.Key(account, subject, .identity), at: time) != nil
    }

    var lines: [String] {
        let facts = facts
        var lines = [
            "\(subject) in \(account) as of \(Self.text(time))\(isThere ? "" : ": was not there")"
        ]
        for fact in facts {
            let inherited = fact.holder == subject ? "" : " (by \(name(fact.holder)))"
            lines.append(
                "  \(fact.kind.rawValue)\(words(fact))\(inherited): \(Self.origin(fact.part.entry))")
        }
        return lines.map { printable($0) }
    }

    var json: String {
        let facts = facts.map { fact in
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
            + "\"exists\":\(isThere),\"access\":[\(facts.joined(separator: ","))]}"
    }
}

/// Who may do something, as it is told: a line each.
struct AccessAnswerText {
    private let answer: AccessInquiry.Answer

    init(_ answer: AccessInquiry.Answer) { self.answer = answer }

    private var via: String {
        answer.via.isEmpty ? "" : "by \(answer.via.joined(separator: ", ")) in \(answer.account): "
    }

    /// `nil` where it is not known: the line is for those who want to know why.
    var line: String? {
        answer.isAllowed ? "\(printable(answer.principal))\t\(printable(via + answer.reason))" : nil
    }

    /// What nobody told; `nil` where all is known.
    var doubt: String? {
        if answer.isAllowed, answer.unknown.isEmpty { return nil }
        let list = answer.unknown.isEmpty ? answer.reason : answer.unknown.joined(separator: ", ")
        return printable("\(answer.principal): \(via)not known: \(list)")
    }

    var json: String {
        func list(_ texts: [String]) -> String { "[\(texts.map(quoted).joined(separator: ","))]" }
        return "{\"principal\":\(quoted(answer.principal)),\"allowed\":\(answer.isAllowed ? "true" : "null"),"
            + "\"account\":\(quoted(answer.account)),\"via\":\(list(answer.via)),"
            + "\"because\":\(quoted(answer.reason)),\"unknown\":\(list(answer.unknown))}"
    }
}
