/// All that IAM (`get-account-authorization-details`) or AWS Organizations lists, by key.
package struct AccessSnapshot: Hashable, Sendable {
    /// What was asked.
    package enum Service: String, CaseIterable, Sendable {
        case iam, organizations
    }

    /// What one snapshot after the other is taken of.
    struct Source: Hashable, Comparable, Sendable {
        var account: String
        var service: Service

        static func < (a: Source, b: Source) -> Bool {
            (a.account, a.service.rawValue) < (b.account, b.service.rawValue)
        }
    }

    package var service = Service.iam
    package var account: String
    package private(set) var facts: [AccessState.Key: String] = [:]
    /// When it was begun and taken, where that is told: what changed in between may be in it or not.
    package var begun: Timestamp?
    package var taken: Timestamp?
    /// Whether what it does not show was not there.
    package var isWhole = true

    var source: Source { Source(account: account, service: service) }

    package init(account: String, facts: [AccessState.Key: String], service: Service = .iam) {
        self.service = service
        self.account = account
        self.facts = facts
    }

    /// `nil` where the document is none.
    package init?(authorizationDetails document: Document, _ texts: PolicyTexts) {
        let lists = [("UserDetailList", "user"), ("GroupDetailList", "group"), ("RoleDetailList", "role")]
        let items = lists.flatMap { list, kind in (document[list]?.list ?? []).map { (kind, $0) } }
        let policies = document["Policies"]?.list ?? []
        guard document["UserDetailList"] != nil || document["RoleDetailList"] != nil,
            let arn = items.lazy.compactMap({ $0.1["Arn"]?.string }).first,
            let account = RequestPrincipal(arn).account
        else { return nil }
        self.account = account
        let all = items + policies.map { ("policy", $0) }
        for (kind, item) in all {
            guard let item = AccessItem(kind, item, of: account) else { continue }
            facts.merge(item.facts(texts)) { $1 }
        }
    }

    /// Whether this snapshot is whole in what the key is about: it would show it if it were there.
    func isWhole(in key: AccessState.Key) -> Bool {
        guard isWhole else { return false }
        switch (service, key.kind) {
        case (.iam, _): return Self.covers(key)
        case (.organizations, .guardrail): return key.subject.hasPrefix("policy/p-")
        case (.organizations, .guardrailTarget), (.organizations, .placement):
            return key.subject.hasPrefix("target/")
        case (.organizations, _): return false
        }
    }

    /// Whether IAM's snapshots would show the key if it were there.
    package static func covers(_ key: AccessState.Key) -> Bool {
        switch key.kind {
        case .identity, .membership, .attachment, .inline, .boundary, .trust: true
        // Of AWS's own policies it lists only those in use, and neither keys, passwords nor devices at all.
        case .version, .defaultVersion: !key.subject.contains(":aws:policy/")
        default: false
        }
    }
}
