/// What a review says, in words and as JSON.
extension GrantReview.Flag {
    /// As programs ask for it.
    package var code: String {
        switch self {
        case .unused: "unused"
        case .wider: "wider-than-used"
        case .selfApproved: "self-approved"
        case .sameHands: "same-hands"
        case .renewed: "renewed"
        case .emergencyWithoutTicket: "emergency-without-ticket"
        case .tooLong: "too-long"
        case .approvalNotSeen: "approval-not-seen"
        case .usedThoughRefused: "used-though-refused"
        case .usedAfterEnd: "used-after-end"
        case .standing: "standing"
        }
    }

    package var text: String {
        switch self {
        case .unused: "unused"
        case .wider(let what): "wider than used: \(what)"
        case .selfApproved: "approved by who asked for it"
        case .sameHands(_, let what): "asked for and approved from one \(what)"
        case .renewed(let count): "renewed \(count) times in a row"
        case .emergencyWithoutTicket: "for an emergency, without a ticket"
        case .tooLong(let span): "for \(span.inWords)"
        case .approvalNotSeen: "no approval was seen"
        case .usedThoughRefused: "used though it was refused"
        case .usedAfterEnd(let count): "\(count) acts after its end"
        case .standing: "without an end"
        }
    }

    /// The record that shows it, where one does.
    package var uid: String? {
        switch self {
        case .selfApproved(let uid), .sameHands(let uid, _), .usedThoughRefused(let uid): uid
        default: nil
        }
    }
}

extension Duration {
    /// `45 s`, `17 min`, `3 h 20 min`, `2 d 4 h`: the two largest units.
    package var inWords: String {
        let seconds = max(0, components.seconds)
        func pair(_ large: Int64, _ unit: String, _ small: Int64, _ other: String) -> String {
            small == 0 ? "\(large) \(unit)" : "\(large) \(unit) \(small) \(other)"
        }
        if seconds < 120 { return "\(seconds) s" }
        if seconds < 7_200 { return "\(seconds / 60) min" }
        if seconds < 172_800 { return pair(seconds / 3_600, "h", seconds % 3_600 / 60, "min") }
        return pair(seconds / 86_400, "d", seconds % 86_400 / 3_600, "h")
    }
}

extension GrantReview {
    /// Why an act has its label, as one phrase.
    package func reason(_ act: Act) -> String {
        var text: String
        let grant = act.grant.map { grants[$0].grant }
        switch act.label {
        case .inGrant: text = "covered"
        case .breakGlass:
            text = grant == nil ? "an account for emergencies" : "a grant for an emergency"
        case .outOfScope: text = "the grant is for something else"
        case .beforeStart: text = "\((act.distance ?? .zero).inWords) before the grant began"
        case .afterExpiry: text = "\((act.distance ?? .zero).inWords) after the grant ran out"
        case .afterRevocation:
            text = "\((act.distance ?? .zero).inWords) after the grant was taken back"
        case .unbrokered:
            text = act.isBrokeredPlace ? "no grant, where one is needed" : "no grant of theirs"
        case .machine: text = "not a person"
        }
        if act.label != .inGrant, let refused = act.refused.flatMap({ grants[$0].grant.refused }) {
            text += ", \((act.time - refused).inWords) after a request was refused"
        }
        return text
    }

    /// Acts of each label.
    package func counts(_ acts: [Act]) -> [(label: Label, count: Int)] {
        var counts: [Label: Int] = [:]
        for act in acts { counts[act.label, default: 0] += 1 }
        return Label.allCases.map { ($0, counts[$0] ?? 0) }
    }

    private static func quoted(_ text: String) -> String {
        String(decoding: JSONFragment.quoted(text), as: UTF8.self)
    }

    /// One object, its members in the order given; those without a value are left out.
    private static func object(_ members: [(String, String?)]) -> String {
        let texts = members.compactMap { name, value in value.map { "\"\(name)\":\($0)" } }
        return "{\(texts.joined(separator: ","))}"
    }

    private static func text(_ text: String?) -> String? { text.flatMap { $0.isEmpty ? nil : quoted($0) } }
    private static func time(_ time: Timestamp?) -> String? { time.map { quoted($0.iso8601) } }

    private static func name(_ name: Grant.Name?) -> String? {
        name.map {
            object([
                ("uid", text($0.uid)), ("name", text($0.name)), ("email", text($0.email)),
                ("type", text($0.type)),
            ])
        }
    }

    private static func names(_ names: [Grant.Name]) -> String {
        "[\(names.compactMap(name).joined(separator: ","))]"
    }

    private func key(_ place: Int?) -> String? {
        place.map { place in
            let key = grants[place].grant.key
            return Self.object([("provider", Self.text(key.provider)), ("uid", Self.text(key.uid))])
        }
    }

    package func json(_ act: Act) -> String {
        Self.object([
            ("time", Self.time(act.time)), ("event", Self.text(act.uid)),
            ("label", Self.text(act.label.rawValue)),
            ("who", Self.text(act.who)),
            ("principal", Self.text(act.userUID.isEmpty ? act.userName : act.userUID)),
            ("action", Self.text(act.operation)), ("privilege", Self.text(act.privilege.name)),
            ("system", Self.text(act.system)), ("account", Self.text(act.account)),
            ("role", Self.text(act.role)), ("resource", Self.text(act.resource)),
            ("session", Self.text(act.session)), ("grant", key(act.grant)),
            ("refusedRequest", key(act.refused)), ("why", Self.text(reason(act))),
        ])
    }

    package func json(_ reviewed: Reviewed) -> String {
        let grant = reviewed.grant
        let windows = grant.windows.map { window in
            Self.object([
                ("start", Self.time(window.start)), ("end", Self.time(window.end)),
                ("ending", Self.text(window.ending?.rawValue)),
            ])
        }
        let flags = reviewed.flags.map { flag in
            Self.object([
                ("code", Self.text(flag.code)), ("text", Self.text(flag.text)),
                ("event", Self.text(flag.uid)),
            ])
        }
        let evidence = grant.evidence.map { phase in
            Self.object([
                ("phase", Self.text(phase.phase.rawValue)), ("time", Self.time(phase.time)),
                ("event", Self.text(phase.uid)),
            ])
        }
        return Self.object([
            ("provider", Self.text(grant.key.provider)), ("uid", Self.text(grant.key.uid)),
            ("requester", Self.name(grant.requester)), ("target", Self.name(grant.target)),
            ("approvers", Self.names(grant.approvals.map(\.by))), ("roles", Self.names(grant.roles)),
            ("resources", Self.names(grant.resources)), ("account", Self.name(grant.account)),
            ("windows", "[\(windows.joined(separator: ","))]"), ("refused", Self.time(grant.refused)),
            ("justification", Self.text(grant.justification)), ("ticket", Self.name(grant.ticket)),
            ("emergency", grant.isEmergency ? "true" : "false"), ("acts", String(reviewed.acts)),
            ("firstUse", Self.time(reviewed.firstUse)), ("lastUse", Self.time(reviewed.lastUse)),
            ("flags", "[\(flags.joined(separator: ","))]"),
            ("phases", "[\(evidence.joined(separator: ","))]"),
        ])
    }

    package func json(_ session: Outliving) -> String {
        Self.object([
            ("session", Self.text(session.session)), ("who", Self.text(session.act.who)),
            ("system", Self.text(session.act.system)), ("account", Self.text(session.act.account)),
            ("role", Self.text(session.act.role)), ("grant", key(session.grant)),
            ("first", Self.time(session.first)), ("last", Self.time(session.last)),
            ("actsAfter", String(session.acts)),
            ("events", "[\(session.uids.map(Self.quoted).joined(separator: ","))]"),
            ("revoke", "[\(session.revocation.map(Self.quoted).joined(separator: ","))]"),
        ])
    }
}
