/// A call of a snapshot's that did not come whole: what it would have told the snapshot does not prove.
package struct SnapshotLack: Hashable, Sendable {
    /// As a policy names it: `identitystore:ListUsers`.
    package var operation: String
    /// What it got no answer about; empty where nobody can say about what it got one.
    package var subjects: [String]
    package var isDenied: Bool

    package init(operation: String, subjects: [String] = [], isDenied: Bool = true) {
        self.operation = operation
        self.subjects = subjects
        self.isDenied = isDenied
    }

    /// Of a mark's `coverage`, those that were refused or not answered.
    static func all(in coverage: Document?) -> [SnapshotLack] {
        (coverage?.list ?? []).compactMap { entry in
            func number(_ key: String) -> Int64 { min(max(0, entry[key]?.integer ?? 0), 1 << 40) }
            let missed = number("denied") + number("failed")
            guard missed > 0, let operation = entry["operation"]?.string else { return nil }
            let told =
                entry["subjects"]?.list?.compactMap(\.string)
                ?? [entry["subject"]?.string].compactMap(\.self).filter { !$0.isEmpty }
            return SnapshotLack(
                operation: operation, subjects: Int64(told.count) == missed ? Set(told).sorted() : [],
                isDenied: number("denied") > 0)
        }.sorted { $0.operation < $1.operation }
    }
}

/// Something that the last snapshot of it does not tell, and why.
package struct SnapshotShortfall: Hashable, Sendable {
    package var service: AccessSnapshot.Service
    package var account: String
    /// `users of the directory in 111122223333`.
    package var what: String
    /// `identitystore:ListUsers was denied to the snapshot of …; allow it, and it is known`.
    package var why: String

    /// What of access each call of AWS's tells. The rest is of no weight here.
    private static let told: [String: String] = [
        "iam:GetAccountAuthorizationDetails": "users, groups, roles and policies",
        "organizations:ListRoots": "what is in the organization",
        "organizations:ListAccountsForParent": "which accounts are where in the organization",
        "organizations:ListOrganizationalUnitsForParent": "which units the organization has",
        "organizations:ListPolicies": "which service and resource control policies there are",
        "organizations:DescribePolicy": "what service and resource control policies say",
        "organizations:ListTargetsForPolicy": "where service and resource control policies are attached",
        "sso:ListInstances": "what is in IAM Identity Center",
        "sso:ListPermissionSets": "which permission sets there are",
        "sso:DescribePermissionSet": "what permission sets are called",
        "sso:GetInlinePolicyForPermissionSet": "permission sets' own policies",
        "sso:ListManagedPoliciesInPermissionSet": "AWS's policies in permission sets",
        "sso:ListCustomerManagedPolicyReferencesInPermissionSet": "accounts' policies in permission sets",
        "sso:GetPermissionsBoundaryForPermissionSet": "permission sets' boundaries",
        "sso:ListAccountsForProvisionedPermissionSet": "in which accounts permission sets are",
        "sso:ListAccountAssignments": "who is assigned permission sets",
        "identitystore:ListUsers": "users of the directory",
        "identitystore:ListGroups": "groups of the directory",
        "identitystore:ListGroupMemberships": "who is in the directory's groups",
        "kms:ListKeys": "which keys there are", "kms:GetKeyPolicy": "key policies",
        "kms:ListGrants": "grants on keys",
    ]

    /// What a snapshot does not tell.
    static func of(_ end: SnapshotEnd, rivals: [String]) -> [SnapshotShortfall] {
        let place = end.account.isEmpty ? end.service.rawValue : end.account
        let named = "the snapshot of \(DriftFinding.text(end.begun))"
        func shortfall(_ what: String, _ why: String) -> SnapshotShortfall {
            SnapshotShortfall(service: end.service, account: end.account, what: what, why: why)
        }
        var found = end.lacking.compactMap { lack -> SnapshotShortfall? in
            guard let what = told[lack.operation] else { return nil }
            let about = lack.subjects.prefix(4).joined(separator: ", ")
            let more = lack.subjects.count > 4 ? " and \(lack.subjects.count - 4) more" : ""
            return shortfall(
                "\(what) in \(place)",
                lack.isDenied
                    ? "\(lack.operation)\(about.isEmpty ? "" : " on \(about)\(more)") was denied to \(named): "
                        + "allow it to the collector"
                    : "\(lack.operation)\(about.isEmpty ? "" : " on \(about)\(more)") was not answered to \(named)"
            )
        }
        let list = end.source.list
        let whole = "\(end.service.rawValue)\(list.isEmpty ? "" : " (\(list))") in \(place)"
        if !end.isComplete, end.lacking.isEmpty {
            found.append(shortfall("what \(whole) does not show", "\(named) is not whole"))
        }
        // Once for all of them.
        if let first = rivals.first, end.service.isRivalled, end.source.collector < first {
            let names = ([end.source.collector] + rivals).joined(separator: ", ")
            found.append(
                shortfall(
                    "what \(whole) no longer shows",
                    "\(names) list it, and their records do not say of which organization they are: collect each in a "
                        + "pipeline of its own"))
        }
        return found
    }
}
