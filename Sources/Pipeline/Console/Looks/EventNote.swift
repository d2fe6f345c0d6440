import Codecs
import Credentials
import Engine
import Store

/// An event as lists show it.
struct EventNote: APIObject {
    var uid: String
    var time: Timestamp
    var action: String
    var status: String
    var principal: String
    /// The human behind it, where attribution found one.
    var human: String
    var address: String
    var resource: String
    var account: String

    static let name = "Event"
    static let what = "An event in a line; `/event` has all of it."
    static var members: [APIMember<Self>] {
        [
            .init("uid", \.uid, "metadata.uid"), .init("time", \.time, "When it happened"),
            .init("action", \.action, "The operation, with its service"),
            .init("status", \.status, "Success or Failure, where the record says"),
            .init("principal", \.principal, "What the vendor saw"),
            .init("human", \.human, "Who was behind it, as far as the records say"),
            .init("address", \.address, "Where it came from"),
            .init("resource", \.resource, "What it was done to"),
            .init("account", \.account, "Account, project or subscription"),
        ]
    }

    init?(_ event: JSONValue) {
        guard let uid = event["metadata"]?["uid"]?.string, let time = event["time"]?.integer else {
            return nil
        }
        self.uid = uid
        self.time = Timestamp(milliseconds: time)
        let service = event["api"]?["service"]?["name"]?.string
        let operation =
            event["api"]?["operation"]?.string ?? event["metadata"]?["event_code"]?.string
            ?? event["activity_name"]?.string ?? event["message"]?.string ?? "an event"
        action = service.map { "\(operation) · \($0)" } ?? operation
        status = event["status"]?.string ?? ""
        let user = event["actor"]?["user"] ?? event["user"]
        principal =
            user?["uid"]?.string ?? user?["email_addr"]?.string ?? user?["name"]?.string
            ?? event["actor"]?["app_name"]?.string ?? event["actor"]?["invoked_by"]?.string ?? ""
        human =
            (event["enrichments"]?.array ?? []).first { $0["name"]?.string == "attribution" }?["value"]?
            .string
            ?? ""
        address = event["src_endpoint"]?["ip"]?.string ?? ""
        let resource = event["resources"]?.array?.first ?? event["resource"]
        self.resource = resource?["uid"]?.string ?? resource?["name"]?.string ?? ""
        account = [event["cloud"]?["account"]?["uid"]?.string, event["cloud"]?["region"]?.string]
            .compactMap { $0 }.joined(separator: " ")
    }
}

/// One finding with all that is known of it.
struct FindingDetail: APIObject {
    var note: FindingNote
    var explanation: FindingExplanation
    /// How it is known who is behind it; empty where nothing says.
    var certainty: String
    var events: [EventNote]
    var risk: RiskLook?

    static let name = "FindingDetail"
    static let what =
        "A finding with why it was raised, its evidence, and the risk of who is behind it."
    static var members: [APIMember<Self>] {
        [
            .init("finding", \.note, "The finding"),
            .init("why", \.sections, "In sections, as `martlet explain` has it"),
            .init("certainty", \.certainty, "How it is known who is behind it"),
            .init("events", \.events, "Of the events it rests on, at most 20"),
            .init("risk", \.risk, "The entity's risk, where anything weighs on it"),
        ]
    }

    struct Section: APIObject {
        var title: String
        var lines: [[String: String]]

        static let name = "Section"
        static let what = "Lines under a heading."
        static var members: [APIMember<Self>] {
            [
                .init("title", \.title, "The heading"),
                .init("lines", \.lines, "Each a name with its value"),
            ]
        }
    }

    private var sections: [Section] {
        explanation.sections.map { section in
            Section(
                title: section.title.isEmpty ? "Finding" : section.title,
                lines: section.lines.map { ["name": $0.name, "value": $0.value] })
        }
    }

    /// Reads a finding of a look by its uid.
    static func read(_ uid: String, _ look: ConsoleLook, _ risks: [EntityRisk]) async throws
        -> FindingDetail
    {
        let versions = try await versions(uid, look)
        let explanation = FindingExplanation(versions.map(\.document))
        let values = versions.map(\.value)
        let told = values.last { $0["activity_id"]?.integer != 3 } ?? values[values.count - 1]
        guard var note = look.findings.first(where: { $0.uid == uid }) ?? FindingNote(told) else {
            throw ConsoleComplaint(404, "no finding \(uid) is in the store")
        }
        let name = note.entity.lowercased()
        let risk = risks.first { $0.entity.lowercased() == name }
        note.risk = risk?.score ?? 0
        if let verdict = look.verdicts.first(where: { $0.finding == uid }) { note.take(verdict) }
        var events: [EventNote] = []
        for event in explanation.eventUIDs {
            for text in try await look.texts(of: "events", uid: event) {
                guard let value = JSONValue(json: text), value["metadata"]?["uid"]?.string == event,
                    let note = EventNote(value)
                else { continue }
                events.append(note)
                break
            }
        }
        return FindingDetail(
            note: note, explanation: explanation, certainty: certainty(told), events: events,
            risk: risk.map { RiskLook($0) })
    }

    /// All versions that were given out, oldest first; at least one.
    static func versions(
        _ uid: String, _ look: ConsoleLook
    ) async throws -> [(document: Document, value: JSONValue)] {
        var versions: [(document: Document, value: JSONValue)] = []
        for text in try await look.texts(of: "findings", uid: uid) {
            guard let document = try? JSONReader.document(in: text, file: "finding"),
                document["finding_info"]?["uid"]?.string == uid, let value = JSONValue(json: text)
            else { continue }
            versions.append((document, value))
        }
        guard !versions.isEmpty else {
            throw ConsoleComplaint(404, "no finding \(uid) is in the store")
        }
        return versions
    }

    private static func certainty(_ finding: JSONValue) -> String {
        let attribution = (finding["enrichments"]?.array ?? []).first {
            $0["name"]?.string == "attribution"
        }
        guard let data = attribution?["data"], let certainty = data["certainty"]?.string else {
            return ""
        }
        var words = certainty
        if let root = data["root"]?["system"]?.string { words += ", by what \(root) recorded" }
        if let gap = data["gap"]?.string { words += "; \(gap)" }
        return words
    }
}
