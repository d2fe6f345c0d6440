/// An Azure role definition: blocks of actions, each less what the block leaves out.
///
/// What one block leaves out another may grant: `notActions` is no denial.
package struct AzureRole: Sendable {
    /// Of a definition's blocks, or of a deny assignment's.
    package struct Block: Sendable {
        package var actions: [String] = []
        package var notActions: [String] = []
        package var dataActions: [String] = []
        package var notDataActions: [String] = []
        /// As it is written: only its text is compared.
        package var condition: String?
    }

    /// The definition's id, or its name where it has none.
    package var id: String
    package var name: String
    package var blocks: [Block]
    package var assignableScopes: [String]

    /// Reads what Azure Resource Manager, `az role definition list` and `az role definition create` have.
    package init(_ document: Document) throws(Problems) {
        var reader = AzureReader()
        var root = document
        if let list = root.list {
            guard list.count == 1 else {
                throw Problems([
                    Problem(
                        at: document.position,
                        "one role definition is needed, and this is a list of \(list.count)")
                ])
            }
            root = list[0]
        }
        let properties = root.member("properties") ?? root
        id = (root.member("id") ?? root.member("name"))?.string ?? ""
        name = (properties.member("roleName") ?? root.member("name"))?.string ?? ""
        blocks = reader.blocks(properties)
        assignableScopes = reader.texts(properties.member("assignableScopes"), "assignableScopes")
        if !reader.problems.isEmpty { throw Problems(reader.problems) }
    }

    /// Operations by which access is given or a machine is taken, where a pattern takes them.
    static let grave = [
        "Microsoft.Authorization/roleAssignments/write", "Microsoft.Authorization/roleDefinitions/write",
        "Microsoft.Authorization/elevateAccess/action",
        "Microsoft.ManagedIdentity/userAssignedIdentities/assign/action",
        "Microsoft.Compute/virtualMachines/runCommand/action",
        "Microsoft.KeyVault/vaults/accessPolicies/write",
        "Microsoft.Storage/storageAccounts/listKeys/action",
    ]

    /// How grave an operation is: what gives access, then what changes anything, then what reads.
    static func gravity(of action: String) -> Int {
        let folded = action.lowercased()
        if let place = grave.firstIndex(where: { $0.lowercased() == folded }) {
            return 10 + grave.count - place
        }
        if folded.hasPrefix("microsoft.authorization/"), !folded.hasSuffix("/read") { return 9 }
        return folded.hasSuffix("/read") ? 0 : 1
    }

    /// The blocks as statements over one dimension: `action:` and `data:` before the names.
    var policy: AccessPolicy {
        var statements: [PolicyStatement] = []
        for block in blocks {
            for (prefix, list, except) in [
                ("action:", block.actions, block.notActions),
                ("data:", block.dataActions, block.notDataActions),
            ] where !list.isEmpty {
                var statement = PolicyStatement(
                    index: statements.count, sid: nil, isAllow: true,
                    actions: .init(elements: list.map { ActionPattern(prefix + $0) }, isComplement: false),
                    resources: .everything)
                statement.exceptActions = except.map { ActionPattern(prefix + $0) }
                if let condition = block.condition, !condition.isEmpty,
                    let comparison = PolicyOperator("Bool")
                {
                    statement.conditions = [
                        PolicyCondition(comparison, key: condition, values: ["true"], variables: false)
                    ]
                    statement.conditionKey = statement.conditions[0].canonical
                }
                statements.append(statement)
            }
        }
        return AccessPolicy(statements: statements)
    }
}

extension Document {
    /// A member by its name in any case, as Azure's tools write them.
    func member(_ name: String) -> Document? {
        map?.first { $0.key.lowercased() == name.lowercased() }?.value
    }
}

/// Reads lists of actions, collecting what is wrong.
struct AzureReader {
    var problems: [Problem] = []

    mutating func blocks(_ properties: Document) -> [AzureRole.Block] {
        guard let list = properties.member("permissions") else {
            if properties.member("actions") == nil, properties.member("dataActions") == nil {
                problems.append(
                    Problem(
                        at: properties.position, "a role definition has `permissions`, and this has none",
                        hint: "or Actions, NotActions, DataActions and NotDataActions"))
            }
            return [block(properties)]
        }
        return (list.list ?? [list]).map { item in
            check(item)
            return block(item)
        }
    }

    private static let members = [
        "actions", "notActions", "dataActions", "notDataActions", "condition", "conditionVersion",
    ]

    /// A block that is none, and a member that nobody knows, would pass for one that allows nothing.
    private mutating func check(_ item: Document) {
        guard let entries = item.map else {
            problems.append(
                Problem(
                    at: item.position, "a block of `permissions` is a mapping, and this is \(item.kind)",
                    hint: Self.members.joined(separator: ", ")))
            return
        }
        for entry in entries
        where !Self.members.contains(where: { $0.lowercased() == entry.key.lowercased() }) {
            let near = nearestName(to: entry.key, among: Self.members)
            problems.append(
                Problem(
                    at: entry.keyPosition, "a block of `permissions` has no `\(entry.key.prefix(80))`",
                    hint: near.map { "did you mean `\($0)`?" } ?? Self.members.joined(separator: ", ")))
        }
        if let condition = item.member("condition"), condition.string == nil, !condition.isNull {
            problems.append(
                Problem(at: condition.position, "`condition` is text, and this is \(condition.kind)"))
        }
    }

    private mutating func block(_ item: Document) -> AzureRole.Block {
        AzureRole.Block(
            actions: texts(item.member("actions"), "actions"),
            notActions: texts(item.member("notActions"), "notActions"),
            dataActions: texts(item.member("dataActions"), "dataActions"),
            notDataActions: texts(item.member("notDataActions"), "notDataActions"),
            condition: item.member("condition")?.string)
    }

    mutating func texts(_ given: Document?, _ name: String) -> [String] {
        guard let given, !given.isNull else { return [] }
        return (given.list ?? [given]).compactMap { item in
            if let text = item.string, text.utf8.count <= AccessPolicy.textBytesMax { return text }
            problems.append(
                Problem(
                    at: item.position, "`\(name)` needs texts of at most \(AccessPolicy.textBytesMax) bytes"))
            return nil
        }
    }
}

extension PolicyChange {
    /// What changed between two Azure role definitions.
    package static func ofAzureRoles(old: AzureRole, new: AzureRole) -> PolicyChange {
        let comparison = PolicyComparison(old: old.policy, new: new.policy, place: .identity)
        var change = comparison.change()
        func plain(_ text: String) -> String {
            for prefix in ["action:", "data:"] where text.hasPrefix(prefix) {
                return String(text.dropFirst(prefix.count))
            }
            return text
        }
        for (side, isGained) in [(\PolicyChange.gained, true), (\PolicyChange.lost, false)] {
            comparison.tell(
                &change[keyPath: side], isGained: isGained, known: AzureRole.grave.map { "action:" + $0 }
            ) { AzureRole.gravity(of: plain($0.request.action)) }
            change[keyPath: side].actions = change[keyPath: side].actions.map(plain).sorted()
        }
        for index in change.gained.witnesses.indices { change.gained.witnesses[index].becomeAzure(plain) }
        for index in change.lost.witnesses.indices { change.lost.witnesses[index].becomeAzure(plain) }
        if Set(old.assignableScopes) != Set(new.assignableScopes) {
            change.notes.append(
                "the scopes at which the role can be assigned changed: "
                    + "\(old.assignableScopes.sorted().joined(separator: ", ")) → "
                    + new.assignableScopes.sorted().joined(separator: ", "))
        }
        return change
    }
}

extension PolicyChange.Witness {
    fileprivate mutating func becomeAzure(_ plain: (String) -> String) {
        if action.hasPrefix("data:") { context.append(("data action", .single("true"))) }
        action = plain(action)
        resource = "any scope at which the role is assigned"
        because = because.replacing("statement", with: "permission block")
    }
}
