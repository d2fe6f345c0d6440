import Codecs
import Engine
import Pipeline
import Ports

extension Command {
    static let explain = Command(
        name: "explain",
        summary: "Why a finding was raised, on what it rests, and what would have been normal",
        discussion: """
            FINDING_UID is a finding's uid in the store (`finding_info.uid`). Says which rule, correlation or baseline
            raised it and why, who is behind it, the events it rests on, what would have been normal, and the
            identity's risk with it and without it.
            """,
        arguments: [Argument("FINDING_UID", "The finding's uid")],
        options: [StoreReading.lake, StoreReading.cache, StoreReading.pipelines, StoreReading.store, .state],
        examples: ["martlet explain 5b1f0c0e-6a57-8c1d-9e0b-3a1d2f4c5b6a"]
    ) { invocation, context in
        let stored = try await StoredFinding.read(invocation.arguments[0], invocation, context)
        let explanation = try await Explanation(stored)
        for line in explanation.lines { context.output.writeLine(printable(line)) }
        return .done
    }
}

/// A finding in words.
private struct Explanation {
    private static let eventsMax = 20
    private(set) var lines: [String] = []

    init(_ stored: StoredFinding) async throws {
        let last = stored.last
        // A retraction says only that it no longer stands; what it was is in the version before.
        let isRetracted = last["activity_id"]?.integer == 3
        let finding = isRetracted ? stored.versions.last { $0["activity_id"]?.integer != 3 } ?? last : last
        let info = finding["finding_info"]
        lines.append(info?["title"]?.string ?? finding["message"]?.string ?? "A finding")
        add("uid", info?["uid"]?.string)
        add("when", (finding["time"]?.integer).map { Timestamp(milliseconds: $0).iso8601 })
        add("severity", finding["severity"]?.string)
        add("confidence", finding["confidence"]?.string)
        if isRetracted { add("retracted", last["status_detail"]?.string ?? "it no longer stands") }
        if stored.versions.count > 1 { add("versions", "\(stored.versions.count), this is the last") }
        addWhy(info)
        addWho(finding)
        addEvidence(finding)
        addNormal(finding)
        addRisk(finding)
        try await addEvents(info, stored)
    }

    private mutating func add(_ name: String, _ value: String?) {
        guard let value, !value.isEmpty else { return }
        lines.append("  \(name)\(String(repeating: " ", count: max(1, 12 - name.count)))\(value)")
    }

    private mutating func head(_ text: String) { lines += ["", text] }

    private mutating func addWhy(_ info: Document?) {
        head("Why")
        let analytic = info?["analytic"]
        add("raised by", info?["types"]?.list?.first?.string ?? analytic?["type"]?.string)
        add("name", analytic?["name"]?.string)
        add("id", analytic?["uid"]?.string)
        add("says", info?["desc"]?.string)
        add("see", info?["src_url"]?.string)
        let attacks = (info?["attacks"]?.list ?? []).map { attack in
            ["tactic", "technique", "sub_technique"].compactMap { attack[$0] }.map { part in
                [part["uid"]?.string, part["name"]?.string].compactMap { $0 }.joined(separator: " ")
            }.joined(separator: " / ")
        }
        for attack in attacks { add("ATT&CK", attack) }
    }

    private mutating func addWho(_ finding: Document) {
        let evidences = finding["evidences"]?.list ?? []
        head("Who")
        for evidence in evidences {
            add("identity", evidence["data"]?["identity"]?.string)
            let user = evidence["actor"]?["user"]
            add("principal", user?["uid"]?.string ?? user?["name"]?.string)
            add("human", user?["email_addr"]?.string)
            add("role", evidence["actor"]?["iam_role"]?["uid"]?.string)
            add("session", evidence["actor"]?["session"]?["credential_uid"]?.string)
            add("from", evidence["src_endpoint"]?["ip"]?.string)
            add("with", evidence["http_request"]?["user_agent"]?.string)
            if user != nil { return }
        }
    }

    private mutating func addEvidence(_ finding: Document) {
        head("Evidence")
        for evidence in finding["evidences"]?.list ?? [] {
            guard let data = evidence["data"]?.map else { continue }
            if let what = evidence["data"]?["what"]?.string,
                let surprise = evidence["data"]?["surprise"]?.text
            {
                add("+\(surprise)", "\(what): \(evidence["data"]?["why"]?.string ?? "")")
            } else {
                for entry in data where entry.key != "identity" { add(entry.key, entry.value.text) }
            }
        }
    }

    private mutating func addNormal(_ finding: Document) {
        head("What would have been normal")
        let summary = (finding["evidences"]?.list ?? []).first { $0["data"]?["as_unusual_as"] != nil }?[
            "data"]
        if let summary {
            add(
                "judged",
                "\(summary["as_unusual_as"]?.string ?? "") of \(summary["class_days"]?.text ?? "") days of "
                    + "\(summary["class"]?.string ?? "its class"); alerts begin at \(summary["limit"]?.string ?? "")"
            )
            for evidence in (finding["evidences"]?.list ?? []).dropFirst() {
                guard let dimension = evidence["data"]?["dimension"]?.string, dimension != "detector" else {
                    continue
                }
                add("normal", "a \(dimension) that it, its peers or others have shown before")
                break
            }
        } else if finding["finding_info"]?["types"]?.list?.first?.string == "Sigma correlation" {
            add(
                "normal",
                "events that do not come to the correlation's count, order or sum within its time span")
        } else {
            add("normal", "events whose fields are not those above: the rule compares with no habit")
        }
    }

    private mutating func addRisk(_ finding: Document) {
        let data = (finding["evidences"]?.list ?? []).compactMap { $0["data"] }.first { $0["risk"] != nil }
        head("Risk of the identity (0 to 100)")
        if let data {
            add("with it", data["risk"]?.text)
            add("without it", data["risk_without"]?.text)
            return
        }
        // What a rule of this level is worth by itself, on a day on which nothing else happened.
        let alone = RiskLedger.ofRule(level: Int(finding["severity_id"]?.integer ?? 1) - 1)
        add("with it", RiskLedger.text(alone.hundredths) + ", where nothing else weighs on it")
        add("without it", RiskLedger.text(RiskLedger([]).hundredths) + "; `martlet risk` has all that does")
    }

    private mutating func addEvents(_ info: Document?, _ stored: StoredFinding) async throws {
        let uids = (info?["related_events"]?.list ?? []).compactMap { $0["uid"]?.string }
        let count = info?["related_events_count"]?.integer ?? Int64(uids.count)
        head("Events (\(count))")
        for uid in uids.prefix(Self.eventsMax) {
            let rows = try await StoredFinding.rows(of: "events", uid, stored.opened)
            guard let event = rows.first(where: { $0["metadata"]?["uid"]?.string == uid }) else {
                add("-", "\(uid) (no longer in the store)")
                continue
            }
            let time = (event["time"]?.integer).map { Timestamp(milliseconds: $0).iso8601 } ?? ""
            let words = [
                time, event["api"]?["operation"]?.string, event["status"]?.string,
                event["actor"]?["user"]?["uid"]?.string ?? event["actor"]?["user"]?["name"]?.string,
                event["src_endpoint"]?["ip"]?.string, uid,
            ]
            lines.append("  " + words.compactMap { $0 }.joined(separator: "  "))
        }
        if uids.count > Self.eventsMax { add("…", "and \(uids.count - Self.eventsMax) more") }
    }
}

extension Document {
    /// A scalar as text; a list or a map as it is not.
    fileprivate var text: String? {
        if let string { return string }
        if let integer { return "\(integer)" }
        if let bool { return "\(bool)" }
        if case .number(let number) = value { return "\(number)" }
        if let list { return list.compactMap(\.text).joined(separator: ", ") }
        return nil
    }
}

/// Lines that a query writes, read back as documents.
final class CollectedLines {
    var bytes: [UInt8] = []

    var documents: [Document] {
        get throws {
            try bytes.split(separator: UInt8(ascii: "\n")).map { line in
                try JSONReader.document(in: Array(line), file: "finding")
            }
        }
    }
}
