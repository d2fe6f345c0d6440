/// All that a service lists that tells of access, by key: IAM (`get-account-authorization-details`), AWS Organizations,
/// IAM Identity Center, KMS, Google's roles, Azure's.
package struct AccessSnapshot: Hashable, Sendable {
    /// What was asked.
    package enum Service: String, CaseIterable, Sendable {
        case iam, organizations, kms
        case identityCenter = "identity_center"
        case googleRoles = "gcp.roles"
        case googleBindings = "gcp.iam"
        case azureRoles = "azure.roles"

        /// The cloud that it is of.
        package var provider: String { isGoogles ? "GCP" : self == .azureRoles ? "Azure" : "AWS" }
        /// Whether its marks name no account.
        var isOfDeclaredFeed: Bool { isGoogles || self == .azureRoles }
        private var isGoogles: Bool { self == .googleRoles || self == .googleBindings }
    }

    /// What one snapshot after the other is taken of.
    struct Source: Hashable, Comparable, Sendable {
        var account: String
        var service: Service
        var part: String

        static func < (a: Source, b: Source) -> Bool {
            (a.account, a.service.rawValue, a.part) < (b.account, b.service.rawValue, b.part)
        }
    }

    package var service = Service.iam
    package var account: String
    /// The region or the list that it is of, where there is more than one; empty where it is of all.
    package var part = ""
    package private(set) var facts: [AccessState.Key: String] = [:]
    /// When it was begun and taken, where that is told: what changed in between may be in it or not.
    package var begun: Timestamp?
    package var taken: Timestamp?
    /// Whether what it does not show was not there.
    package var isWhole = true

    var source: Source { Source(account: account, service: service, part: part) }

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
        switch service {
        case .iam: return Self.covers(key)
        case .organizations:
            return switch key.kind {
            case .guardrail: key.subject.hasPrefix("policy/p-")
            case .guardrailTarget, .placement: key.subject.hasPrefix("target/")
            default: false
            }
        case .identityCenter:
            guard Self.isOfIdentityCenter(key.subject) else { return false }
            return switch key.kind {
            case .identity, .membership, .inline, .attachment, .boundary: true
            case .assignment: AccessAssignment.isPermissionSet(key.part)
            default: false
            }
        case .kms:
            // Of keys that it lists: one that is gone had to be off for a week, and its grants with it.
            return key.kind == .sharing
                && facts[AccessState.Key(key.account, key.subject, .resourcePolicy)] != nil
        case .googleRoles:
            // One list has Google's own, another a project's or an organization's.
            return key.kind == .roleDefinition
        // Lists call many a resource otherwise than the logs do.
        case .googleBindings, .azureRoles: return false
        }
    }

    /// Whether IAM's snapshots would show the key if it were there.
    package static func covers(_ key: AccessState.Key) -> Bool {
        switch key.kind {
        case .identity, .membership, .attachment, .inline, .boundary, .trust:
            !isOfIdentityCenter(key.subject)
        // Of AWS's own policies it lists only those in use, and neither keys, passwords nor devices at all.
        case .version, .defaultVersion: !key.subject.contains(":aws:policy/")
        default: false
        }
    }

    /// Whether a subject is a permission set, or a user or a group of a directory: those have ids for names.
    static func isOfIdentityCenter(_ subject: String) -> Bool {
        if AccessAssignment.isPermissionSet(subject) { return true }
        guard subject.hasPrefix("user/") || subject.hasPrefix("group/") else { return false }
        let name = subject.utf8.drop { $0 != UInt8(ascii: "/") }.dropFirst()
        // 93673c4a-0002-4000-8000-000000000002, in some regions with ten digits and a hyphen before it.
        guard name.count == 36 || name.count == 47 else { return false }
        var hyphens = 0
        for byte in name {
            switch byte {
            case UInt8(ascii: "-"): hyphens += 1
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"): break
            default: return false
            }
        }
        return hyphens == (name.count == 36 ? 4 : 5)
    }
}
