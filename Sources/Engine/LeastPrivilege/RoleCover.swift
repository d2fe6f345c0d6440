/// The cheapest set of a cloud's ready-made roles that allows what was used, and the role that allows just that.
///
/// A greedy cover: at each step the role that brings the most used permissions for the fewest unused ones. An Azure role
/// has patterns and no list, so what it gives is counted over the actions that any of the roles names.
package struct RoleCover: Sendable {
    /// A role that can be had.
    package struct Role: Sendable {
        package var name: String
        var statements: AccessPolicy?
        var permissions: Set<String>

        package init(_ role: AzureRole) {
            name = role.name.isEmpty ? role.id : role.name
            statements = role.policy
            permissions = Set(
                role.blocks.flatMap { $0.actions + $0.notActions }.filter { !$0.contains("*") }
                    .map { $0.lowercased() })
        }

        package init(_ role: GoogleRole) {
            name = role.name
            permissions = role.granted
        }

        func allows(_ permission: String) -> Bool {
            guard let statements else { return permissions.contains(permission) }
            return statements.decision(PolicyRequest(action: "action:" + permission, resource: "*")) == .allow
        }
    }

    package struct Choice: Sendable {
        package var name: String
        /// Used permissions that no role before it allows.
        package var covers: [String]
        /// Permissions that it gives beyond what is used.
        package var excess: Int
    }

    /// Roles that one principal is given at most.
    static let choicesMax = 20

    package private(set) var choices: [Choice] = []
    /// Used permissions that no role allows.
    package private(set) var uncovered: [String] = []
    package let used: [String]
    package private(set) var excess = 0

    package init(_ used: [String], roles: [Role]) {
        self.used = Set(used).sorted()
        let isAzure = roles.contains { $0.statements != nil }
        let universe = Set(roles.flatMap(\.permissions)).union(used.map { isAzure ? $0.lowercased() : $0 })
        let asked = Set(self.used.map { isAzure ? $0.lowercased() : $0 })
        let given: [(name: String, gives: Set<String>)] = roles.sorted { $0.name < $1.name }.map { role in
            (role.name, role.statements == nil ? role.permissions : universe.filter { role.allows($0) })
        }
        var missing = asked
        var held: Set<String> = []
        while !missing.isEmpty, choices.count < Self.choicesMax {
            var best: (name: String, gives: Set<String>, covers: Int, excess: Int)?
            for role in given {
                let covers = role.gives.intersection(missing).count
                guard covers > 0 else { continue }
                let excess = role.gives.subtracting(asked).subtracting(held).count
                // Cost for each permission brought, compared without division.
                if let best, (excess + 1) * best.covers >= (best.excess + 1) * covers { continue }
                best = (role.name, role.gives, covers, excess)
            }
            guard let best else { break }
            choices.append(
                Choice(
                    name: best.name, covers: best.gives.intersection(missing).sorted(), excess: best.excess))
            missing.subtract(best.gives)
            held.formUnion(best.gives)
        }
        uncovered = missing.sorted()
        excess = held.subtracting(asked).count
    }

    /// A role of just what was used, as `az role definition create` takes it.
    package func azureRole(named name: String, scopes: [String]) -> Document {
        .map([
            ("Name", .text(name)), ("IsCustom", Document(.bool(true), at: Document.nowhere)),
            ("Description", .text("What was used, and nothing else")),
            ("Actions", .list(used.map { .text($0) })), ("NotActions", .list([])),
            ("DataActions", .list([])), ("NotDataActions", .list([])),
            ("AssignableScopes", .list(scopes.map { .text($0) })),
        ])
    }

    /// A role of just what was used, as `gcloud iam roles create --file` takes it.
    package func googleRole(named name: String) -> Document {
        .map([
            ("title", .text(name)), ("description", .text("What was used, and nothing else")),
            ("stage", .text("GA")), ("includedPermissions", .list(used.map { .text($0) })),
        ])
    }
}
