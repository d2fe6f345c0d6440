/// Writes OCSF Detection Findings (2004, version 1.9.0) for rule hits.
///
/// A finding is a function of its rule and its event: the same hit writes the same bytes in every run. Its
/// times are the event's; its `uid` is made from the rule's id and the event's uid. What a rule's finding
/// always says is escaped once, when the writer is made; who did it, from where and through which API is
/// copied from the event.
struct FindingWriter: Sendable {
    /// A longer part of the event (a request of megabytes) is left out of the evidence; the event itself has
    /// it.
    static let evidencePartBytesMax = 64 << 10
    /// Bytes of one matched value that the evidence shows.
    static let evidenceValueBytesMax = 1_024
    static let observablesMax = 32

    /// What one rule's findings have in common, each part ready to append.
    struct Wording {
        var id: String
        var severityID: UInt8
        /// `"title":…` up to `"attacks":[…]`: members of `finding_info`.
        var info: [UInt8] = []
        /// Members of the finding itself, up to `"severity_id":…`.
        var head: [UInt8] = []
    }

    let feed: [UInt8]
    let wordings: [Wording]

    init(_ program: RuleProgram) {
        var feed: [UInt8] = []
        JSONFragment.append(program.feed, to: &feed)
        self.feed = feed
        wordings = program.sources.map { Wording($0.head, type: "Sigma rule") }
    }
}

extension FindingWriter.Wording {
    /// - Parameter type: what `finding_info.types` calls it.
    init(_ rule: RuleHead, type: String) {
        let severity: (UInt8, String) =
            switch rule.level {
            case .informational: (1, "Informational")
            case .low: (2, "Low")
            case .medium: (3, "Medium")
            case .high: (4, "High")
            case .critical: (5, "Critical")
            }
        // How far a rule's author trusts it is the confidence in what it finds.
        let confidence: String? =
            switch rule.status {
            case "stable": "\"confidence\":\"High\",\"confidence_id\":3,"
            case "test": "\"confidence\":\"Medium\",\"confidence_id\":2,"
            case "experimental", "deprecated", "unsupported": "\"confidence\":\"Low\",\"confidence_id\":1,"
            default: nil
            }
        self.init(id: rule.id, severityID: severity.0)
        if let confidence { JSONFragment.append(raw: confidence, to: &head) }
        JSONFragment.append(raw: "\"is_alert\":true,\"message\":", to: &head)
        JSONFragment.append(rule.title, to: &head)
        JSONFragment.append(raw: ",\"severity\":\"", to: &head)
        JSONFragment.append(raw: severity.1, to: &head)
        JSONFragment.append(raw: "\",\"severity_id\":", to: &head)
        JSONFragment.append(Int64(severity.0), to: &head)

        JSONFragment.append(raw: "\"title\":", to: &info)
        JSONFragment.append(rule.title, to: &info)
        if !rule.summary.isEmpty {
            JSONFragment.append(raw: ",\"desc\":", to: &info)
            JSONFragment.append(rule.summary, to: &info)
        }
        if let reference = rule.references.first {
            JSONFragment.append(raw: ",\"src_url\":", to: &info)
            JSONFragment.append(reference, to: &info)
        }
        JSONFragment.append(
            raw: ",\"analytic\":{\"category\":\"Sigma\",\"type\":\"Rule\",\"type_id\":1,\"uid\":",
            to: &info)
        JSONFragment.append(rule.id, to: &info)
        JSONFragment.append(raw: ",\"name\":", to: &info)
        JSONFragment.append(rule.title, to: &info)
        JSONFragment.append(raw: "},\"types\":[", to: &info)
        JSONFragment.append(type, to: &info)
        JSONFragment.append(raw: "]", to: &info)
        Self.appendAttacks(rule.tags, to: &info)
    }

    /// One entry for each technique; tactics stand in the entries where the tags name only one, else by
    /// themselves, because tags do not say which technique serves which tactic.
    static func appendAttacks(_ tags: [String], to out: inout [UInt8]) {
        var tactics: [AttackNames.Tactic] = []
        var techniques: [String] = []
        for tag in tags {
            guard tag.hasPrefix("attack.") else { continue }
            let name = String(tag.dropFirst(7)).lowercased()
            if let tactic = AttackNames.tactic(name) {
                tactics.append(tactic)
            } else if isTechnique(name) {
                techniques.append(name.uppercased())
            }
        }
        guard !tactics.isEmpty || !techniques.isEmpty else { return }
        JSONFragment.append(raw: ",\"attacks\":[", to: &out)
        var isFirst = true
        func entry(_ tactic: AttackNames.Tactic?, _ technique: String?) {
            JSONFragment.append(raw: isFirst ? "{" : ",{", to: &out)
            isFirst = false
            if let tactic { append("tactic", uid: tactic.uid, name: tactic.name, to: &out) }
            if let technique {
                if tactic != nil { out.append(UInt8(ascii: ",")) }
                let parts = technique.split(separator: ".")
                let parent = String(parts[0])
                append("technique", uid: parent, name: AttackNames.technique(parent), to: &out)
                if parts.count == 2 {
                    out.append(UInt8(ascii: ","))
                    append("sub_technique", uid: technique, name: AttackNames.technique(technique), to: &out)
                }
            }
            out.append(UInt8(ascii: "}"))
        }
        let shared = tactics.count == 1 && !techniques.isEmpty ? tactics[0] : nil
        for technique in techniques { entry(shared, technique) }
        if shared == nil { for tactic in tactics { entry(tactic, nil) } }
        out.append(UInt8(ascii: "]"))
    }

    private static func isTechnique(_ name: String) -> Bool {
        let parts = name.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard let first = parts.first, first.count == 5, first.first == UInt8(ascii: "t"), parts.count <= 2
        else {
            return false
        }
        let digits = first.dropFirst().allSatisfy { (48...57).contains($0) }
        return digits
            && (parts.count == 1 || (parts[1].count == 3 && parts[1].allSatisfy { (48...57).contains($0) }))
    }

    private static func append(_ key: String, uid: String?, name: String?, to out: inout [UInt8]) {
        out.append(UInt8(ascii: "\""))
        JSONFragment.append(raw: key, to: &out)
        JSONFragment.append(raw: "\":{", to: &out)
        if let name {
            JSONFragment.append(raw: "\"name\":", to: &out)
            JSONFragment.append(name, to: &out)
        }
        if let uid {
            JSONFragment.append(raw: name == nil ? "\"uid\":" : ",\"uid\":", to: &out)
            JSONFragment.append(uid, to: &out)
        }
        out.append(UInt8(ascii: "}"))
    }
}
