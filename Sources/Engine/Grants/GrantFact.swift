/// What an event tells of grants or does with them: all that a review needs to know of it, without the event.
package enum GrantFact: Hashable, Sendable {
    /// A broker tells of a grant.
    case phase(GrantPhase)
    /// A privileged act.
    case act(GrantAct)

    package var time: Timestamp {
        switch self {
        case .phase(let phase): phase.time
        case .act(let act): act.time
        }
    }
}

/// One phase of a grant, with the record that tells of it.
package struct GrantPhase: Hashable, Sendable {
    package var time: Timestamp
    package var uid: String
    /// The vendor of the feed: what system the broker is of.
    package var system: String
    package var grant: Grant
    /// Who did it, where from and in which session, as the record says.
    package var actor: String
    package var session: String
    package var address: String

    package init(
        time: Timestamp, uid: String, system: String, grant: Grant, actor: String, session: String,
        address: String
    ) {
        self.time = time
        self.uid = uid
        self.system = system
        self.grant = grant
        self.actor = actor
        self.session = session
        self.address = address
    }
}

/// A privileged act, as its record tells it.
package struct GrantAct: Hashable, Sendable {
    package var time: Timestamp
    package var uid = ""
    package var operation = ""
    package var system = ""
    package var account = ""
    package var role = ""
    package var resource = ""
    package var userUID = ""
    package var userName = ""
    package var userEmail = ""
    package var session = ""
    /// Who is behind it, where the event itself says so; empty where it does not.
    package var human = ""
    /// What kind of doer that is.
    package var nature: Nature?
    package var privilege: Privilege
    package var isRoot = false
    /// Who acted, where an attributor is asked.
    var acting = CredentialKey.none

    package init(time: Timestamp, privilege: Privilege) {
        self.time = time
        self.privilege = privilege
    }
}

/// Finds what events tell of grants, and privileged acts among them.
package struct GrantFactReader: Sendable {
    private var reader = GrantReader()
    private static let mark = Array("\"name\":\"grant\"".utf8)

    package init() {}

    /// `nil` for what is neither.
    ///
    /// - Parameter feed: the event's, as `<vendor>.<feed>`.
    /// - Parameter acting: who acted, by attribution; nil where nobody is named, or the event itself says it.
    package mutating func fact(
        _ event: Event, of batch: borrowing EventBatch, feed: String, acting: CredentialKey? = nil
    ) -> GrantFact? {
        guard event.kind == .event else { return nil }
        let json = event.json.range
        let text = batch.bytes.span.extracting(json)
        let system = Self.system(of: feed)
        if Bytes.contain(text, Self.mark.span), let grant = reader.grant(in: text) {
            return .phase(Self.phase(grant, event, of: batch, system))
        }
        guard event.classUID == 6003 || 3000..<4000 ~= event.classUID else { return nil }
        let fields = EventFields(batch.bytes.span, json)
        let operation = Self.text(fields.operation, batch)
        let place = Self.text(fields.service, batch) == "kubernetes" ? "kubernetes" : system
        guard let privilege = Privilege.of(event, operation, system: place) else { return nil }
        var act = GrantAct(time: event.time, privilege: privilege)
        act.acting = acting ?? .none
        act.uid = batch.uid(of: event)
        act.operation = operation
        act.system = place
        act.account = Self.text(fields.account, batch)
        act.userUID = Self.text(fields.userUID, batch)
        act.role = Self.role(Self.text(fields.issuer, batch), act.userUID)
        act.resource = Self.text(fields.resource, batch)
        act.userName = Self.text(fields.userName, batch)
        act.userEmail = Self.text(fields.userEmail, batch)
        act.session = Self.text(fields.credential.isEmpty ? fields.session : fields.credential, batch)
        act.isRoot = fields.userType.equals(batch.bytes.span, "Root")
        if acting == nil {
            if let doer = reader.doer(in: text) { (act.human, act.nature) = doer }
            // A session that is called by an address was taken for who has it, as far as anybody says.
            if act.human.isEmpty, act.userUID.contains(":assumed-role/"),
                let name = act.userUID.split(separator: "/").last, name.contains("@")
            {
                act.human = String(name)
            }
        }
        return .act(act)
    }

    private static func phase(
        _ grant: Grant, _ event: Event, of batch: borrowing EventBatch, _ system: String
    ) -> GrantPhase {
        let fields = EventFields(batch.bytes.span, event.json.range)
        let actor = fields.userEmail.isEmpty ? fields.userName : fields.userEmail
        let session = fields.credential.isEmpty ? fields.session : fields.credential
        return GrantPhase(
            time: event.time, uid: batch.uid(of: event), system: system, grant: grant,
            actor: text(actor, batch), session: text(session, batch), address: text(fields.address, batch))
    }

    private static func text(_ extent: Extent, _ batch: borrowing EventBatch) -> String {
        guard !extent.isEmpty, extent.count <= UInt32(Grant.textBytesMax) else { return "" }
        return JSONText.string(batch.bytes.span.extracting(extent.range))
    }

    /// `m365.audit` belongs to the directory whose roles give access to it.
    private static func system(of feed: String) -> String {
        let vendor = String(feed.prefix { $0 != "." })
        return vendor == "m365" ? "entra" : vendor
    }

    /// The role that a session is of: `arn:aws:iam::1:role/path/deploy` and `arn:aws:sts::1:assumed-role/deploy/ana`.
    private static func role(_ issuer: String, _ user: String) -> String {
        if issuer.contains(":role/"), let last = issuer.split(separator: "/").last { return String(last) }
        guard user.contains(":assumed-role/") else { return "" }
        let parts = user.split(separator: "/")
        return parts.count >= 2 ? String(parts[1]) : ""
    }
}
