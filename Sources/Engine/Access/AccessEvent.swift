/// A successful change of access as a record or an event tells it, before it is known what it changes.
///
/// Valid until the tape it stands in is used anew.
package struct AccessEvent {
    package var uid: String
    package var time: Timestamp
    /// The cloud or product that it happened in: `AWS`, `Azure`, `GCP`, `Okta`.
    package var provider: String
    /// The account, subscription, project or tenant.
    package var account: String
    package var service: String
    package var operation: String
    /// Who the record names.
    package var actor: String
    /// Who is behind the actor, where attribution knew.
    package var human: String?
    package var request: Document?
    package var response: Document?

    private let tape: JSONTape
    private let open: Int

    /// A longer uid, name or operation is none.
    static let textBytesMax = 4_096

    /// A member of the record as a whole: few of a change's are needed.
    package func member(_ key: StaticString) -> Document? {
        tape.member(key, of: open).flatMap { Document(tape, $0) }
    }

    /// CloudTrail's `additionalEventData`, as a record or an event has it.
    var additional: Document? { member("additionalEventData") ?? member("unmapped")?["additionalEventData"] }

    /// The first resource that is named.
    var resource: String? {
        let first = member("resources")?.list?.first
        return first?["ARN"]?.string ?? first?["uid"]?.string
    }
}

// MARK: CloudTrail

extension AccessEvent {
    /// A record of CloudTrail's; `nil` for what is none, has failed or only reads.
    package init?(cloudTrail tape: JSONTape, _ open: Int) {
        func text(_ key: StaticString, of object: Int? = nil) -> String? {
            Self.text(tape, tape.member(key, of: object ?? open))
        }
        guard let service = text("eventSource"), tape.member("errorCode", of: open) == nil,
            let operation = text("eventName"), let time = text("eventTime"),
            let instant = Timestamp(iso8601: time), let uid = text("eventID")
        else { return nil }
        let identity = Self.object(tape, tape.member("userIdentity", of: open))
        func who(_ key: StaticString) -> String? { identity.flatMap { text(key, of: $0) } }
        guard let account = text("recipientAccountId") ?? who("accountId") else { return nil }
        self.uid = uid
        self.time = instant
        provider = "AWS"
        self.account = account
        self.service = service
        self.operation = operation
        actor = who("arn") ?? who("principalId") ?? who("type") ?? ""
        self.tape = tape
        self.open = open
        request = member("requestParameters")
        response = member("responseElements")
    }

    fileprivate static func text(_ tape: JSONTape, _ token: Int?) -> String? {
        guard let token, tape.kind(token) == .string, Int(tape.content(token).count) <= textBytesMax
        else { return nil }
        let text = tape.string(token)
        return text.isEmpty ? nil : text
    }

    fileprivate static func object(_ tape: JSONTape, _ token: Int?) -> Int? {
        token.flatMap { tape.kind($0) == .object ? $0 : nil }
    }
}

// MARK: OCSF

/// Finds changes of access among events.
///
/// Most events are none, and are told by their class and activity before their text is looked at.
package final class AccessEventReader {
    private let index = EventIndex()

    package init() {}

    /// Whether an event of such a row can be a change of access at all.
    package static func isCandidate(_ event: Event) -> Bool {
        guard event.kind == .event, event.statusID <= 1 else { return false }
        return switch event.classUID {
        case 3001, 3004, 3005, 3006, 3007, 3008: true
        // API activity that is no look.
        case 6003: event.activityID != 2
        default: false
        }
    }

    /// The change an event tells of, as far as anybody can tell before the tables are asked.
    package func change(_ event: Event, of batch: borrowing EventBatch) -> AccessEvent? {
        guard Self.isCandidate(event), let (tape, record) = index.read(event, of: batch) else { return nil }
        return AccessEvent(event: tape, record.open, uid: batch.uid(of: event), time: event.time)
    }

    /// The same of an event's text by itself, as a store or a file of events has it.
    package func change(in text: [UInt8]) -> AccessEvent? {
        var batch = EventBatch()
        batch.bytes = text
        var row = Event(time: .epoch)
        row.json = Extent(start: 0, count: batch.bytes.count)
        guard let (tape, record) = index.read(row, of: batch) else { return nil }
        func number(_ key: StaticString, of object: Int) -> Int64? {
            tape.member(key, of: object).flatMap { Int64(tape.text(tape.extent($0))) }
        }
        row.classUID = UInt32(clamping: number("class_uid", of: record.open) ?? 0)
        row.activityID = UInt16(clamping: number("activity_id", of: record.open) ?? 0)
        row.statusID = UInt8(clamping: number("status_id", of: record.open) ?? 0)
        guard Self.isCandidate(row), let time = number("time", of: record.open),
            let metadata = AccessEvent.object(tape, tape.member("metadata", of: record.open)),
            let uid = AccessEvent.text(tape, tape.member("uid", of: metadata))
        else { return nil }
        return AccessEvent(event: tape, record.open, uid: uid, time: Timestamp(milliseconds: time))
    }
}

extension AccessEvent {
    fileprivate init?(event tape: JSONTape, _ open: Int, uid: String, time: Timestamp) {
        func object(_ key: StaticString, of parent: Int? = nil) -> Int? {
            Self.object(tape, tape.member(key, of: parent ?? open))
        }
        func text(_ key: StaticString, of parent: Int?) -> String? {
            parent.flatMap { Self.text(tape, tape.member(key, of: $0)) }
        }
        guard let api = object("api"), let operation = text("operation", of: api) else { return nil }
        let service = text("name", of: object("service", of: api)) ?? ""
        guard AccessChanges.concerns(operation, of: service) else { return nil }
        let cloud = object("cloud")
        let product = object("metadata").flatMap { object("product", of: $0) }
        let account = cloud.flatMap { object("account", of: $0) }
        let organization = cloud.flatMap { object("org", of: $0) }
        let actor = object("actor")
        let user = actor.flatMap { object("user", of: $0) }
        self.uid = uid
        self.time = time
        // A cluster does not name itself, and of what stands around it only some records tell.
        let isCluster = service == AccessChanges.kubernetes
        provider =
            isCluster
            ? "Kubernetes" : text("provider", of: cloud) ?? text("vendor_name", of: product) ?? ""
        self.account =
            isCluster
            ? AccessChanges.kubernetes
            : text("uid", of: account) ?? text("uid", of: organization) ?? text("name", of: account)
                ?? provider
        self.service = service
        self.operation = operation
        let application = actor.flatMap { object("application", of: $0) }
        self.actor =
            text("uid", of: user).flatMap { $0.hasPrefix("arn:") ? $0 : nil }
            ?? text("name", of: user) ?? text("email_addr", of: user) ?? text("uid", of: user)
            ?? actor.flatMap { object("iam_role", of: $0) }.flatMap { text("name", of: $0) }
            ?? text("app_name", of: actor) ?? text("name", of: application) ?? text("invoked_by", of: actor)
            ?? ""
        human = Self.human(tape, open)
        self.tape = tape
        self.open = open
        let request = object("request", of: api)
        let response = object("response", of: api)
        self.request = request.flatMap { tape.member("data", of: $0) }.flatMap { Document(tape, $0) }
        self.response = response.flatMap { tape.member("data", of: $0) }.flatMap { Document(tape, $0) }
    }

    /// Whom the enrichment `attribution` names, unless it says that nobody knows.
    private static func human(_ tape: JSONTape, _ open: Int) -> String? {
        guard let list = tape.member("enrichments", of: open), tape.kind(list) == .array else { return nil }
        let close = Int(tape.matches[list])
        var token = list + 1
        while token < close {
            if tape.kind(token) == .object,
                text(tape, tape.member("name", of: token)) == Attributor.enrichmentName,
                let value = text(tape, tape.member("value", of: token))
            {
                return value == "unknown" ? nil : value
            }
            token = tape.after(token) + 1
        }
        return nil
    }
}
