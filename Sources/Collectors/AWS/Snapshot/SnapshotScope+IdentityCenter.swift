import Credentials
import Engine
import Ports

/// IAM Identity Center: permission sets, who is assigned them where, users, groups and memberships.
extension SnapshotScope {
    private func sso(
        _ action: String, _ body: [String: JSONValue], about subject: String = "", _ read: @escaping Read
    ) -> SnapshotQuestion {
        json("sso-admin", signedAs: "sso", "SWBExternalService", action, body, about: subject, read)
    }

    private func store(
        _ action: String, _ body: [String: JSONValue], about subject: String = "", _ read: @escaping Read
    ) -> SnapshotQuestion {
        json("identitystore", "AWSIdentityStore", action, body, about: subject, read)
    }

    private static func hundred(_ pairs: (String, String)..., after token: String?) -> [String: JSONValue] {
        members(
            pairs.map { ($0.0, JSONValue.string($0.1)) } + [("MaxResults", JSONValue.integer(pageItems))],
            token: "NextToken",
            token)
    }

    func instances(_ token: String?) -> SnapshotQuestion {
        sso("ListInstances", Self.hundred(after: token)) { answer throws(Fault) in
            var step = SnapshotStep()
            for instance in try Self.list("Instances", in: answer) {
                guard let arn = instance["InstanceArn"]?.string else { continue }
                step.next.append(permissionSets(arn, nil))
                guard let store = instance["IdentityStoreId"]?.string else { continue }
                step.next += [users(store, nil), groups(store, nil)]
            }
            if let next = try Self.token("NextToken", in: answer, after: token) {
                step.next.append(instances(next))
            }
            return step
        }
    }

    private func permissionSets(_ instance: String, _ token: String?) -> SnapshotQuestion {
        sso("ListPermissionSets", Self.hundred(("InstanceArn", instance), after: token)) {
            answer throws(Fault) in
            var step = SnapshotStep()
            for arn in try Self.list("PermissionSets", in: answer).compactMap(\.string) {
                step.next += [permissionSet(arn, instance), provisioned(arn, instance, nil)]
            }
            if let next = try Self.token("NextToken", in: answer, after: token) {
                step.next.append(permissionSets(instance, next))
            }
            return step
        }
    }

    /// A permission set's parts come from five operations; the item is delivered with what could be had.
    private func permissionSet(_ arn: String, _ instance: String) -> SnapshotQuestion {
        let names = [("InstanceArn", JSONValue.string(instance)), ("PermissionSetArn", .string(arn))]
        let both = Self.members(names, token: "NextToken", nil)
        let known: [String: JSONValue] = ["InstanceArn": .string(instance), "PermissionSetArn": .string(arn)]
        var question = sso("DescribePermissionSet", both, about: arn) { answer throws(Fault) in
            guard let described = answer["PermissionSet"]?.object else {
                throw Fault(.malformed, "the answer has no PermissionSet")
            }
            return SnapshotStep(next: [inlinePolicy(known.merging(described) { _, last in last }, both)])
        }
        question.orElse = { SnapshotStep(next: [inlinePolicy(known, both)]) }
        return question
    }

    private func inlinePolicy(_ set: [String: JSONValue], _ both: [String: JSONValue]) -> SnapshotQuestion {
        let arn = set["PermissionSetArn"]?.string ?? ""
        var question = sso("GetInlinePolicyForPermissionSet", both, about: arn) { answer throws(Fault) in
            var set = set
            if answer["InlinePolicy"]?.string?.isEmpty == false {
                set["InlinePolicy"] = Self.document(answer["InlinePolicy"])
            }
            return SnapshotStep(next: [attached(Self.attachments[0], set, both, nil)])
        }
        question.orElse = { SnapshotStep(next: [attached(Self.attachments[0], set, both, nil)]) }
        return question
    }

    private struct Attachment {
        var action: String
        var list: String
        var member: String
    }

    private static let attachments = [
        Attachment(
            action: "ListManagedPoliciesInPermissionSet", list: "AttachedManagedPolicies",
            member: "ManagedPolicies"),
        Attachment(
            action: "ListCustomerManagedPolicyReferencesInPermissionSet",
            list: "CustomerManagedPolicyReferences", member: "CustomerManagedPolicyReferences"),
    ]

    private func attached(
        _ kind: Attachment, _ set: [String: JSONValue], _ both: [String: JSONValue], _ token: String?
    ) -> SnapshotQuestion {
        @Sendable func following(_ set: [String: JSONValue]) -> SnapshotQuestion {
            kind.member == "ManagedPolicies"
                ? attached(Self.attachments[1], set, both, nil) : boundary(set, both)
        }
        let arn = set["PermissionSetArn"]?.string ?? ""
        let body = Self.members(both.map { ($0.key, $0.value) }, token: "NextToken", token)
        var question = sso(kind.action, body, about: arn) { answer throws(Fault) in
            var set = set
            let list = try Self.list(kind.list, in: answer)
            set[kind.member] = .array((set[kind.member]?.array ?? []) + list)
            if let next = try Self.token("NextToken", in: answer, after: token) {
                return SnapshotStep(next: [attached(kind, set, both, next)])
            }
            return SnapshotStep(next: [following(set)])
        }
        question.orElse = { SnapshotStep(next: [following(set)]) }
        return question
    }

    private func boundary(_ set: [String: JSONValue], _ both: [String: JSONValue]) -> SnapshotQuestion {
        let arn = set["PermissionSetArn"]?.string ?? ""
        @Sendable func item(_ boundary: JSONValue?) -> SnapshotStep {
            var whole = set
            whole["PermissionsBoundary"] = boundary
            return SnapshotStep(items: [SnapshotItem(kind: "permission_set", id: arn, document: whole)])
        }
        var question = sso("GetPermissionsBoundaryForPermissionSet", both, about: arn) {
            answer throws(Fault) in
            item(answer["PermissionsBoundary"])
        }
        question.mayBeAbsent = true
        question.orElse = { item(nil) }
        return question
    }

    private func provisioned(_ set: String, _ instance: String, _ token: String?) -> SnapshotQuestion {
        sso(
            "ListAccountsForProvisionedPermissionSet",
            Self.hundred(("InstanceArn", instance), ("PermissionSetArn", set), after: token), about: set
        ) { answer throws(Fault) in
            var step = SnapshotStep()
            for account in try Self.list("AccountIds", in: answer).compactMap(\.string) {
                step.next.append(assignments(account, set, instance, nil))
            }
            if let next = try Self.token("NextToken", in: answer, after: token) {
                step.next.append(provisioned(set, instance, next))
            }
            return step
        }
    }

    private func assignments(
        _ account: String, _ set: String, _ instance: String, _ token: String?
    ) -> SnapshotQuestion {
        let names = [("InstanceArn", instance), ("AccountId", account), ("PermissionSetArn", set)]
        let body = Self.members(
            names.map { ($0.0, JSONValue.string($0.1)) } + [
                ("MaxResults", JSONValue.integer(Self.pageItems))
            ],
            token: "NextToken", token)
        return sso("ListAccountAssignments", body, about: "\(set) in \(account)") { answer throws(Fault) in
            var step = SnapshotStep()
            for assignment in try Self.list("AccountAssignments", in: answer) {
                guard var document = assignment.object, let principal = assignment["PrincipalId"]?.string
                else { continue }
                document["InstanceArn"] = .string(instance)
                let kind = assignment["PrincipalType"]?.string ?? ""
                step.items.append(
                    SnapshotItem(
                        kind: "account_assignment", id: "\(set)/\(account)/\(kind)/\(principal)",
                        document: document))
            }
            if let next = try Self.token("NextToken", in: answer, after: token) {
                step.next.append(assignments(account, set, instance, next))
            }
            return step
        }
    }

    private func users(_ store: String, _ token: String?) -> SnapshotQuestion {
        self.store("ListUsers", Self.hundred(("IdentityStoreId", store), after: token)) {
            answer throws(Fault) in
            var step = SnapshotStep()
            for user in try Self.list("Users", in: answer) {
                guard let document = user.object, let id = user["UserId"]?.string else { continue }
                step.items.append(SnapshotItem(kind: "user", id: id, document: document))
            }
            if let next = try Self.token("NextToken", in: answer, after: token) {
                step.next.append(users(store, next))
            }
            return step
        }
    }

    private func groups(_ store: String, _ token: String?) -> SnapshotQuestion {
        self.store("ListGroups", Self.hundred(("IdentityStoreId", store), after: token)) {
            answer throws(Fault) in
            var step = SnapshotStep()
            for group in try Self.list("Groups", in: answer) {
                guard let document = group.object, let id = group["GroupId"]?.string else { continue }
                step.items.append(SnapshotItem(kind: "group", id: id, document: document))
                step.next.append(memberships(id, store, nil))
            }
            if let next = try Self.token("NextToken", in: answer, after: token) {
                step.next.append(groups(store, next))
            }
            return step
        }
    }

    private func memberships(_ group: String, _ store: String, _ token: String?) -> SnapshotQuestion {
        self.store(
            "ListGroupMemberships",
            Self.hundred(("IdentityStoreId", store), ("GroupId", group), after: token),
            about: group
        ) { answer throws(Fault) in
            var step = SnapshotStep()
            for membership in try Self.list("GroupMemberships", in: answer) {
                guard let document = membership.object, let id = membership["MembershipId"]?.string else {
                    continue
                }
                step.items.append(SnapshotItem(kind: "group_membership", id: id, document: document))
            }
            if let next = try Self.token("NextToken", in: answer, after: token) {
                step.next.append(memberships(group, store, next))
            }
            return step
        }
    }
}
