package import Engine

/// A finding in words: why it was raised, who is behind it, on what it rests, and what would have been normal.
package struct FindingExplanation: Sendable {
    /// Lines under a heading, each a name with its value.
    package struct Section: Sendable {
        package var title: String
        package var lines: [Line]
    }

    package struct Line: Hashable, Sendable {
        package var name: String
        package var value: String
    }

    /// Events that a person looks at one by one; the rest is counted.
    package static let eventsMax = 20

    package private(set) var title: String
    package private(set) var sections: [Section] = []
    /// Of the events it rests on, at most `eventsMax`.
    package private(set) var eventUIDs: [String]
    /// All that it rests on.
    package private(set) var eventCount: Int
    /// Of those, the ones whose uids it has.
    package private(set) var namedEvents: Int

    /// - Parameter versions: as they were given out, oldest first; at least one.
    package init(_ versions: [Document]) {
        let last = versions.last ?? Document(.null, at: SourcePosition(file: "", line: 1, column: 1))
        // A retraction says only that it no longer stands; what it was is in the version before.
        let isRetracted = last["activity_id"]?.integer == 3
        let finding = isRetracted ? versions.last { $0["activity_id"]?.integer != 3 } ?? last : last
        let info = finding["finding_info"]
        title = info?["title"]?.string ?? finding["message"]?.string ?? "A finding"
        let uids = (info?["related_events"]?.list ?? []).compactMap { $0["uid"]?.string }
        eventUIDs = Array(uids.prefix(Self.eventsMax))
        namedEvents = uids.count
        eventCount = Int(clamping: info?["related_events_count"]?.integer ?? Int64(uids.count))
        head("")
        add("uid", info?["uid"]?.string)
        add("when", (finding["time"]?.integer).map { Timestamp(milliseconds: $0).iso8601 })
        add("severity", finding["severity"]?.string)
        add("confidence", finding["confidence"]?.string)
        if isRetracted { add("retracted", last["status_detail"]?.string ?? "it no longer stands") }
        if versions.count > 1 { add("versions", "\(versions.count), this is the last") }
        addWhy(info)
        addWho(finding)
        addEvidence(finding)
        addNormal(finding)
        addRisk(finding)
    }

    private mutating func add(_ name: String, _ value: String?) {
        guard let value, !value.isEmpty, !sections.isEmpty else { return }
        sections[sections.count - 1].lines.append(Line(name: name, value: value))
    }

    private mutating func head(_ title: String) { sections.append(Section(title: title, lines: [])) }

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
        let level = max(1, min(6, finding["severity_id"]?.integer ?? 1))
        let alone = RiskLedger.ofRule(level: Int(level) - 1)
        add("with it", RiskLedger.text(alone.hundredths) + ", where nothing else weighs on it")
        add("without it", RiskLedger.text(RiskLedger([]).hundredths) + "; `martlet risk` has all that does")
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
