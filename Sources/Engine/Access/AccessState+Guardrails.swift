/// The policies of an organization that limit an account: at each level, from the account up to the root.
struct Guardrails: Hashable {
    /// One document that is attached to a level.
    struct Document: Hashable {
        /// The policy's id: `p-deny1`.
        var name: String
        var text: String
    }

    /// The policies of one level: of an account, a unit or the root.
    struct Level: Hashable {
        /// `444455556666`, `ou-ab12-prod`, `r-ab12`.
        var name: String
        /// Service control policies whose documents are known.
        var documents: [Document] = []
        /// Resource control policies whose documents are known: they only ever deny.
        var resourceDocuments: [Document] = []
        /// Attached, and nobody told what they say.
        var unknown: [String] = []
        /// Whether everything is allowed beside the documents: AWS attaches what does so by itself.
        var isOpen = true
        /// Whether it was ever told that everything is allowed here, or that it is not.
        var isKnown = false
    }

    /// From the account up.
    var levels: [Level] = []
    /// Whether the last of them is the root.
    var isWhole = false
    /// Service control policies never hold in the organization's own account.
    var isManagement = false
    /// Service control policies are switched off: a snapshot or an event said so.
    var isOff = false

    /// What is not known of them, in words: without it nobody can say that something is allowed.
    var doubts: [String] {
        if isManagement || isOff { return [] }
        var doubts: [String] = []
        for level in levels {
            doubts += level.unknown.map { "the service control policy \($0)" }
            if !level.isKnown { doubts.append("the service control policies of \(level.name)") }
        }
        if !isWhole, !levels.isEmpty { doubts.append("what stands above \(levels[levels.count - 1].name)") }
        return doubts
    }
}

extension AccessState {
    /// Units in units; AWS allows five.
    private static let depthMax = 16
    /// The policies that AWS attaches everywhere: whoever takes the first off a level leaves only what the others list.
    static let openPolicy = "p-FullAWSAccess"
    static let openResourcePolicy = "p-RCPFullAWSAccess"
    static let serviceControl = "SERVICE_CONTROL_POLICY"

    /// What limits an account, from itself up to the highest level that is known.
    func guardrails(over account: String, at time: Timestamp) -> Guardrails {
        var found = Guardrails()
        var ids: [String] = []
        var next: String? = account
        while let id = next, ids.count < Self.depthMax, !ids.contains(id) {
            ids.append(id)
            next =
                (targets["target/\(id)"] ?? []).filter { $0.kind == .placement }
                .compactMap { entry($0, at: time) }.max(by: Entry.precedes)?.value
        }
        // An account of which no organization is known may be in none.
        if ids.count == 1, targets["target/\(account)"] == nil {
            found.isManagement = isManagement(account)
            return found
        }
        let root = ids.last { $0.hasPrefix("r-") }
        let control = root.map { switched(at: $0, time) } ?? Switch()
        found.isWhole = root != nil
        found.isOff = control.isOff
        found.isManagement = isManagement(account)
        found.levels = ids.map { level($0, since: control.since, at: time) }
        return found
    }

    /// Whether service control policies are on, and since when: what was attached before is not any more.
    private struct Switch {
        var isOff = false
        var since = Timestamp.distantPast
    }

    private func switched(at root: String, _ time: Timestamp) -> Switch {
        var found = Switch()
        let keys = (targets["target/\(root)"] ?? []).filter {
            $0.kind == .guardrailTarget && $0.part == Self.serviceControl
        }
        var wasOff = false
        for entry in keys.flatMap({ history($0) }).sorted(by: Entry.precedes) where entry.time <= time {
            if entry.value != nil, wasOff || entry.operation == "EnablePolicyType" {
                found.since = entry.time
            }
            wasOff = entry.value == nil
        }
        found.isOff = wasOff
        return found
    }

    /// Whether an account is the organization's own: only a snapshot's ARNs say so.
    private func isManagement(_ account: String) -> Bool {
        let names = parts(account, "organization", .guardrailTarget, at: .distantFuture)
        return names.contains { $0.name == "management" }
    }

    private func level(_ id: String, since: Timestamp, at time: Timestamp) -> Guardrails.Level {
        var level = Guardrails.Level(name: id)
        let keys = (targets["target/\(id)"] ?? []).filter { $0.kind == .guardrailTarget }.sorted()
        // A new unit, and everything when the policies are switched on, is given what allows all.
        let isMade = (targets["target/\(id)"] ?? []).contains { key in
            key.kind == .placement && history(key).contains { $0.operation == "CreateOrganizationalUnit" }
        }
        level.isKnown = since != .distantPast || isMade
        var open: Entry?
        var attached: Set<String> = []
        for key in keys where key.part.hasPrefix("p-") {
            guard let entry = entry(key, at: time), entry.time >= since else { continue }
            if key.part == Self.openPolicy {
                if open.map({ Entry.precedes($0, entry) }) ?? true { open = entry }
            } else if key.part != Self.openResourcePolicy, entry.value != nil {
                attached.insert(key.part)
            }
        }
        if let open {
            level.isOpen = open.value != nil
            level.isKnown = true
        }
        for name in attached.sorted() {
            guard let text = guardrail(name, at: time) else {
                level.unknown.append(name)
                continue
            }
            let document = Guardrails.Document(name: name, text: text)
            // Only a resource control policy names principals: it must, and the other must not.
            if text.contains("\"Principal\":") {
                level.resourceDocuments.append(document)
            } else {
                level.documents.append(document)
            }
        }
        return level
    }

    /// A policy's document, whichever account told it.
    func guardrail(_ name: String, at time: Timestamp) -> String? {
        (targets["policy/\(name)"] ?? []).compactMap { entry($0, at: time) }.max(by: Entry.precedes)?.value
    }
}
