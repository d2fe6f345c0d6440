import Credentials
import Engine
import Ports

/// AWS Organizations: the tree of units and accounts from its roots, and the policies attached to them.
extension SnapshotScope {
    static let policyTypes = ["SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY"]

    private func organizations(
        _ action: String, _ body: [String: JSONValue], about subject: String = "", _ read: @escaping Read
    ) -> SnapshotQuestion {
        json("organizations", "AWSOrganizationsV20161128", action, body, about: subject, read)
    }

    /// Twenty at a time: what Organizations allows.
    private static func twenty(_ pairs: (String, String)..., after token: String?) -> [String: JSONValue] {
        members(
            pairs.map { ($0.0, JSONValue.string($0.1)) } + [("MaxResults", JSONValue.integer(20))],
            token: "NextToken", token)
    }

    func roots(_ token: String?) -> SnapshotQuestion {
        organizations("ListRoots", Self.twenty(after: token)) { answer throws(Fault) in
            var step = SnapshotStep()
            for root in try Self.list("Roots", in: answer) {
                guard let document = root.object, let id = root["Id"]?.string else { continue }
                step.items.append(
                    SnapshotItem(kind: "root", id: root["Arn"]?.string ?? id, document: document))
                step.next += [accounts(below: id, nil), units(below: id, nil)]
            }
            if let next = try Self.token("NextToken", in: answer, after: token) {
                step.next.append(roots(next))
            }
            return step
        }
    }

    private func accounts(below parent: String, _ token: String?) -> SnapshotQuestion {
        organizations("ListAccountsForParent", Self.twenty(("ParentId", parent), after: token), about: parent)
        {
            answer throws(Fault) in
            var step = SnapshotStep()
            for account in try Self.list("Accounts", in: answer) {
                guard var document = account.object, let id = account["Id"]?.string else { continue }
                document["ParentId"] = .string(parent)
                step.items.append(
                    SnapshotItem(kind: "account", id: account["Arn"]?.string ?? id, document: document))
            }
            if let next = try Self.token("NextToken", in: answer, after: token) {
                step.next.append(accounts(below: parent, next))
            }
            return step
        }
    }

    private func units(below parent: String, _ token: String?) -> SnapshotQuestion {
        organizations(
            "ListOrganizationalUnitsForParent", Self.twenty(("ParentId", parent), after: token), about: parent
        ) { answer throws(Fault) in
            var step = SnapshotStep()
            for unit in try Self.list("OrganizationalUnits", in: answer) {
                guard var document = unit.object, let id = unit["Id"]?.string else { continue }
                document["ParentId"] = .string(parent)
                step.items.append(
                    SnapshotItem(
                        kind: "organizational_unit", id: unit["Arn"]?.string ?? id, document: document))
                step.next += [accounts(below: id, nil), units(below: id, nil)]
            }
            if let next = try Self.token("NextToken", in: answer, after: token) {
                step.next.append(units(below: parent, next))
            }
            return step
        }
    }

    func policies(of type: String, _ token: String?) -> SnapshotQuestion {
        organizations("ListPolicies", Self.twenty(("Filter", type), after: token), about: type) {
            answer throws(Fault) in
            var step = SnapshotStep()
            for policy in try Self.list("Policies", in: answer) {
                guard let summary = policy.object, let id = policy["Id"]?.string else { continue }
                step.next += [policyContent(id, summary), targets(of: id, nil)]
            }
            if let next = try Self.token("NextToken", in: answer, after: token) {
                step.next.append(policies(of: type, next))
            }
            return step
        }
    }

    private func policyContent(_ id: String, _ summary: [String: JSONValue]) -> SnapshotQuestion {
        @Sendable func item(_ content: JSONValue?) -> SnapshotStep {
            var whole = summary
            whole["Content"] = content
            return SnapshotStep(items: [
                SnapshotItem(kind: "policy", id: summary["Arn"]?.string ?? id, document: whole)
            ])
        }
        var question = organizations("DescribePolicy", ["PolicyId": .string(id)], about: id) {
            answer throws(Fault) in item(Self.document(answer["Policy"]?["Content"]))
        }
        question.orElse = { item(nil) }
        return question
    }

    private func targets(of policy: String, _ token: String?) -> SnapshotQuestion {
        organizations("ListTargetsForPolicy", Self.twenty(("PolicyId", policy), after: token), about: policy)
        {
            answer throws(Fault) in
            var step = SnapshotStep()
            for target in try Self.list("Targets", in: answer) {
                guard var document = target.object, let id = target["TargetId"]?.string else { continue }
                document["PolicyId"] = .string(policy)
                step.items.append(
                    SnapshotItem(kind: "policy_target", id: "\(policy)/\(id)", document: document))
            }
            if let next = try Self.token("NextToken", in: answer, after: token) {
                step.next.append(targets(of: policy, next))
            }
            return step
        }
    }
}
