extension AccessState {
    /// The service control policies of one level of an organization: of an account, a unit or the root.
    struct GuardrailLevel: Hashable {
        /// Documents that are known.
        var documents: [String] = []
        /// Whether something else may be attached that allows everything, as AWS attaches it by itself.
        var isOpen = true
    }

    /// Units in units; AWS allows five.
    private static let depthMax = 16

    /// What limits an account, from itself up to the highest level that is known.
    func guardrails(over account: String, at time: Timestamp) -> [GuardrailLevel] {
        var levels: [GuardrailLevel] = []
        var seen: Set<String> = []
        var next: String? = account
        while let id = next, levels.count < Self.depthMax, seen.insert(id).inserted {
            let keys = targets["target/\(id)"] ?? []
            levels.append(level(keys.filter { $0.kind == .guardrailTarget }.sorted(), at: time))
            next =
                keys.filter { $0.kind == .placement }.compactMap { entry($0, at: time) }
                .max(by: Entry.precedes)?.value
        }
        return levels
    }

    private func level(_ keys: [Key], at time: Timestamp) -> GuardrailLevel {
        var level = GuardrailLevel()
        for key in keys where key.part.hasPrefix("p-") {
            let isAttached = value(key, at: time) != nil
            if key.part == "p-FullAWSAccess" {
                level.isOpen = isAttached
            } else if isAttached,
                let document = value(Key(key.account, "policy/\(key.part)", .guardrail), at: time)
            {
                level.documents.append(document)
            }
        }
        return level
    }
}
