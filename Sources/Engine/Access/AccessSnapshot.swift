/// All that a service lists that tells of access, by key: IAM (`get-account-authorization-details`), AWS Organizations,
/// IAM Identity Center, KMS, Google's roles, Azure's, Entra's, Okta's groups.
package struct AccessSnapshot: Hashable, Sendable {
    /// What was asked.
    package enum Service: String, CaseIterable, Sendable {
        case iam, organizations, kms
        case identityCenter = "identity_center"
        case googleRoles = "gcp.roles"
        case googleBindings = "gcp.iam"
        case azureRoles = "azure.roles"
        case entraRoles = "entra.roles"
        case entraEligibilities = "entra.eligibilities"
        case entraGroups = "entra.groups"
        case oktaGroups = "okta.groups"

        /// The cloud or product that it is of, as its events name it.
        package var provider: String {
            switch self {
            case .iam, .organizations, .kms, .identityCenter: "AWS"
            case .googleRoles, .googleBindings: "GCP"
            case .azureRoles, .entraRoles, .entraEligibilities, .entraGroups: "Azure"
            case .oktaGroups: "Okta"
            }
        }

        /// Whether its marks name no account.
        var isOfDeclaredFeed: Bool { provider != "AWS" }

        /// Whose changes are told in the account that has the provider's name: neither records nor lists name a better one.
        var home: String? {
            switch self {
            case .entraRoles, .entraEligibilities, .entraGroups, .oktaGroups: provider
            default: nil
            }
        }

        /// Whether two collectors of it may be of two organizations that share that account.
        var isRivalled: Bool { home != nil }
    }

    /// What one snapshot after the other is taken of.
    struct Source: Hashable, Comparable, Sendable {
        var account: String
        var service: Service
        var part: String

        /// The region or the list.
        var list: String { String(split.first ?? "") }
        /// Who took it; empty where the mark does not say.
        var collector: String { split.count > 1 ? String(split[1]) : "" }

        private var split: [String] {
            guard let range = part.firstRange(of: SnapshotReader.by) else { return [part] }
            return [String(part[..<range.lowerBound]), String(part[range.upperBound...])]
        }

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
    /// Where it is not: the calls that brought less than they should. Without any, nothing is known of what it lacks.
    package var lacking: [SnapshotLack] = []
    /// Whether nobody else lists what it is of. What others list may be of another organization.
    var isAlone = true
    /// Items that could not be read: with any, what it does not show may be there.
    package private(set) var unreadable = 0

    var source: Source { Source(account: account, service: service, part: part) }

    package init(account: String, facts: [AccessState.Key: String], service: Service = .iam) {
        self.service = service
        self.account = account
        self.facts = facts
    }

    /// One that came item by item, at its end.
    init(_ facts: [AccessState.Key: String], _ end: SnapshotEnd) {
        self.init(account: end.account, facts: facts, service: end.service)
        part = end.part
        (begun, taken) = (end.begun, end.taken)
        (isWhole, lacking) = (end.isComplete, end.lacking)
        rehome(in: end.account)
        if end.service == .azureRoles { placeScope(end.scope) }
    }

    /// Those who know their tenant's id say it to the collector: then it is the account, as it is in records.
    private mutating func rehome(in account: String) {
        guard let home = service.home, account != home else { return }
        facts = Dictionary(
            facts.map { key, value in
                var key = key
                if key.account == home { key.account = account }
                return (key, value)
            }, uniquingKeysWith: { $1 })
    }

    /// Whether it says what roles of Entra's are called.
    var definesRoles: Bool {
        service == .entraRoles && facts.keys.contains { $0.kind == .roleDefinition }
    }

    /// What a collector of Azure's lists at a subscription and is assigned at a management group is inherited from it.
    private mutating func placeScope(_ scope: String) {
        let groups = facts.compactMap { key, value in
            key.kind == .assignment ? AzureScope.group(of: AccessAssignment(text: value).scope) : nil
        }
        guard let subscription = AzureScope.subscription(of: scope) else { return }
        for group in Set(groups) {
            facts[
                AccessState.Key(
                    subscription, AzureScope.subject(ofSubscription: subscription), .placement,
                    group)
            ] = group
        }
    }

    mutating func replace(_ facts: [AccessState.Key: String]) { self.facts = facts }

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
            guard let item = AccessItem(kind, item, of: account) else {
                unreadable += 1
                isWhole = false
                continue
            }
            facts.merge(item.facts(texts)) { $1 }
        }
    }

    /// Whether IAM's snapshots would show the key if it were there.
    package static func covers(_ key: AccessState.Key) -> Bool {
        switch key.kind {
        // What else somebody is known by is a directory's.
        case .identity: key.part.isEmpty && !isOfIdentityCenter(key.subject)
        case .membership, .attachment, .inline, .boundary, .trust: !isOfIdentityCenter(key.subject)
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
