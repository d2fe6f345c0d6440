/// What brokers said of grants, and the privileged acts that should be covered by them: a fold over events in any order.
///
/// Two sets of facts, the newest of each up to a limit. What is said of them (`GrantReview`) is a function of the sets
/// and of who is who, so neither the order of events nor their repetition changes it, and a grant that is told late puts
/// earlier labels right. At a limit the oldest facts are forgotten; `forgottenBefore` says up to when.
package struct GrantBook: Sendable {
    package struct Limits: Hashable, Sendable {
        /// Phases of grants: one row is about 500 bytes.
        package var phases = 200_000
        /// Privileged acts: one row is about 100 bytes, its texts are shared.
        package var acts = 500_000
        package init() {}
    }

    /// One phase of a grant, with the record that tells of it.
    struct Phase: Sendable {
        var time: Timestamp
        var uid: String
        /// The vendor of the feed: what system the broker is of.
        var system: String
        var grant: Grant
        /// Who did it, where from and in which session, as the record says.
        var actor: String
        var session: String
        var address: String
    }

    /// One privileged act. Texts are numbers in the pool; 0 is none.
    struct Act: Sendable, BitwiseCopyable {
        var time: Timestamp
        var acting: CredentialKey
        var uid: Int32 = 0
        var operation: Int32 = 0
        var system: Int32 = 0
        var account: Int32 = 0
        var role: Int32 = 0
        var resource: Int32 = 0
        var userUID: Int32 = 0
        var userName: Int32 = 0
        var userEmail: Int32 = 0
        var session: Int32 = 0
        var privilege: Privilege
        var isRoot = false
    }

    package let limits: Limits
    private(set) var phases: [Phase] = []
    private(set) var acts: [Act] = []
    private(set) var texts = TextPool()
    /// The newest time of any event: what has not ended by then is still open.
    package private(set) var latest = Timestamp.distantPast
    /// Facts before this time may have been forgotten.
    package private(set) var forgottenBefore: Timestamp?
    private var reader = GrantReader()

    package init(limits: Limits = Limits()) { self.limits = limits }

    package var phaseCount: Int { phases.count }
    package var actCount: Int { acts.count }

    /// Takes what an event tells of grants or does with them.
    ///
    /// - Parameter feed: the event's, as `<vendor>.<feed>`.
    /// - Parameter acting: who acted, by attribution; nil where nobody is named.
    package mutating func take(
        _ event: Event, of batch: borrowing EventBatch, feed: String, acting: CredentialKey?
    ) {
        guard event.kind == .event else { return }
        latest = max(latest, event.time)
        let json = event.json.range
        let text = batch.bytes.span.extracting(json)
        let system = Self.system(of: feed)
        let mark = Array("\"name\":\"grant\"".utf8)
        if Bytes.contain(text, mark.span), let grant = reader.grant(in: text) {
            take(grant, event, of: batch, system)
            return
        }
        guard event.classUID == 6003 || 3000..<4000 ~= event.classUID else { return }
        let fields = EventFields(batch.bytes.span, json)
        let operation = Self.text(fields.operation, batch)
        let place = Self.text(fields.service, batch) == "kubernetes" ? "kubernetes" : system
        guard let privilege = Privilege.of(event, operation, system: place) else { return }
        var act = Act(time: event.time, acting: acting ?? .none, privilege: privilege)
        act.uid = texts.number(of: batch.uid(of: event))
        act.operation = texts.number(of: operation)
        act.system = texts.number(of: place)
        act.account = texts.number(of: Self.text(fields.account, batch))
        let user = Self.text(fields.userUID, batch)
        act.role = texts.number(of: Self.role(Self.text(fields.issuer, batch), user))
        act.resource = texts.number(of: Self.text(fields.resource, batch))
        act.userUID = texts.number(of: user)
        act.userName = texts.number(of: Self.text(fields.userName, batch))
        act.userEmail = texts.number(of: Self.text(fields.userEmail, batch))
        let session = fields.credential.isEmpty ? fields.session : fields.credential
        act.session = texts.number(of: Self.text(session, batch))
        act.isRoot = fields.userType.equals(batch.bytes.span, "Root")
        acts.append(act)
        if acts.count > limits.acts + limits.acts / 4 { settle() }
    }

    private mutating func take(
        _ grant: Grant, _ event: Event, of batch: borrowing EventBatch, _ system: String
    ) {
        let fields = EventFields(batch.bytes.span, event.json.range)
        let actor = fields.userEmail.isEmpty ? fields.userName : fields.userEmail
        let session = fields.credential.isEmpty ? fields.session : fields.credential
        phases.append(
            Phase(
                time: event.time, uid: batch.uid(of: event), system: system, grant: grant,
                actor: Self.text(actor, batch), session: Self.text(session, batch),
                address: Self.text(fields.address, batch)))
        if phases.count > limits.phases + limits.phases / 4 { settle() }
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

    // MARK: The sets

    /// Puts both sets in order, each fact once, the newest up to the limit.
    package mutating func settle() {
        phases.sort(by: Self.isBefore)
        phases = Self.unique(phases) { $0.time == $1.time && $0.uid == $1.uid }
        forgot(Self.cut(&phases, limits.phases) { $0.time })
        let pool = texts
        acts.sort { Self.isBefore($0, $1, pool) }
        acts = Self.unique(acts) { $0.time == $1.time && $0.uid == $1.uid }
        let isFull = acts.count > limits.acts
        forgot(Self.cut(&acts, limits.acts) { $0.time })
        if isFull { texts = renumbered() }
    }

    private static func unique<Fact>(_ facts: [Fact], isSame: (Fact, Fact) -> Bool) -> [Fact] {
        var kept: [Fact] = []
        kept.reserveCapacity(facts.count)
        for fact in facts {
            // Of two accounts of the same fact the one that sorts last stays, whichever came first.
            if let last = kept.last, isSame(last, fact) { kept.removeLast() }
            kept.append(fact)
        }
        return kept
    }

    /// Leaves the last facts up to a limit; the first one's time where others had to go.
    private static func cut<Fact>(
        _ facts: inout [Fact], _ limit: Int, time: (Fact) -> Timestamp
    ) -> Timestamp? {
        guard facts.count > limit, let first = facts.suffix(limit).first else { return nil }
        facts.removeFirst(facts.count - limit)
        return time(first)
    }

    private mutating func forgot(_ time: Timestamp?) {
        if let time { forgottenBefore = max(forgottenBefore ?? .distantPast, time) }
    }

    private static func isBefore(_ a: Phase, _ b: Phase) -> Bool {
        if a.time != b.time { return a.time < b.time }
        if a.uid != b.uid { return a.uid < b.uid }
        return (a.grant.phase.rawValue, a.grant.end ?? .distantPast, a.session, a.actor)
            < (b.grant.phase.rawValue, b.grant.end ?? .distantPast, b.session, b.actor)
    }

    private static func isBefore(_ a: Act, _ b: Act, _ texts: TextPool) -> Bool {
        if a.time != b.time { return a.time < b.time }
        if a.uid != b.uid { return texts[a.uid] < texts[b.uid] }
        if a.operation != b.operation { return texts[a.operation] < texts[b.operation] }
        if a.resource != b.resource { return texts[a.resource] < texts[b.resource] }
        return a.acting < b.acting
    }

    /// A pool of the texts that are still asked for.
    private mutating func renumbered() -> TextPool {
        var pool = TextPool()
        for place in acts.indices {
            var act = acts[place]
            for field in Self.fields { act[keyPath: field] = pool.number(of: texts[act[keyPath: field]]) }
            acts[place] = act
        }
        return pool
    }

    private static var fields: [WritableKeyPath<Act, Int32>] {
        [
            \.uid, \.operation, \.system, \.account, \.role, \.resource, \.userUID, \.userName, \.userEmail,
            \.session,
        ]
    }
}

/// Texts by number, each held once.
struct TextPool: Sendable {
    private var numbers: [String: Int32] = [:]
    private var texts = [""]

    subscript(number: Int32) -> String {
        let place = Int(number)
        return texts.indices.contains(place) ? texts[place] : ""
    }

    mutating func number(of text: String) -> Int32 {
        if text.isEmpty { return 0 }
        if let known = numbers[text] { return known }
        guard texts.count < Int(Int32.max) else { return 0 }
        let number = Int32(truncatingIfNeeded: texts.count)
        texts.append(text)
        numbers[text] = number
        return number
    }
}
