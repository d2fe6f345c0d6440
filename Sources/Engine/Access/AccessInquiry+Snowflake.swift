/// Snowflake's users, by the privileges that their roles have, and roles' roles.
extension AccessInquiry {
    func isSnowflakes(_ account: String) -> Bool { account == AccessChanges.snowflake }

    /// Everybody who has a privilege on an object: `SELECT` on `SALES.PUBLIC.ORDERS`.
    func snowflake(_ question: Question) -> [Answer] {
        let privilege = question.action.uppercased()
        var answers: [Answer] = []
        for role in state.allSubjects(of: AccessChanges.snowflake, from: "role/") {
            for part in state.parts(role.account, role.name, .assignment, at: time) {
                let assignment = AccessAssignment(text: part.value)
                let given = assignment.role.uppercased()
                guard given == privilege || given == "OWNERSHIP",
                    assignment.scope != AccessChanges.snowflakeAccount || given == privilege,
                    Self.isMeant(assignment.scope, question.resource)
                else { continue }
                let answer = Answer(
                    principal: assignment.principal, account: role.account, isAllowed: true,
                    reason: "role \(role.name.dropFirst("role/".utf8.count)) has \(assignment.role) on "
                        + assignment.scope)
                answers += users(of: answer, role: role, on: Self.object(of: assignment.scope))
            }
        }
        return answers
    }

    /// `SALES.PUBLIC.ORDERS` of `TABLE SALES.PUBLIC.ORDERS`; a table's schema and database have to be usable, too.
    private static func object(of scope: String) -> String? {
        let parts = scope.split(separator: " ", maxSplits: 1)
        return parts.count == 2 && parts[1].split(separator: ".").count > 2 ? String(parts[1]) : nil
    }

    private static func isMeant(_ scope: String, _ resource: String) -> Bool {
        let (scope, resource) = (scope.uppercased(), resource.uppercased())
        return resource == "*" || scope == resource || scope.hasSuffix(" \(resource)")
    }

    /// The answer for every user who has a role, by itself or through others.
    ///
    /// - Parameter object: what it is about, where its schema and database matter.
    func users(of answer: Answer, role: AccessState.Subject, on object: String? = nil) -> [Answer] {
        var found: [Answer] = []
        var seen: Set<String> = [role.name]
        var next = [(role, [String]())]
        while let (holder, via) = next.popLast(), found.count < AccessState.nestingMax * 100 {
            let name = String(holder.name.dropFirst("role/".utf8.count))
            let path = via + ["role \(name)"]
            // Everybody has this one, and no row says so.
            if name == "PUBLIC" {
                var all = answer
                (all.principal, all.via) = ("every user of Snowflake", path)
                found.append(all)
            }
            for subject in state.holders(ofSnowflakesRole: name, at: time)
            where seen.insert(subject.name).inserted {
                if subject.name.hasPrefix("role/") {
                    next.append((subject, path))
                    continue
                }
                var own = answer
                (own.principal, own.via) = (subject.name, path)
                if let object { own.unknown += lacking(of: subject, to: object) }
                found.append(own)
            }
        }
        return found
    }

    /// Whether somebody's roles can use a table's database and schema: without it a privilege on the table gives nothing.
    private func lacking(of user: AccessState.Subject, to object: String) -> [String] {
        let parts = object.uppercased().split(separator: ".").map { String($0) }
        let wanted = ["DATABASE \(parts[0])", "SCHEMA \(parts[0]).\(parts[1])"]
        let usable = state.snowflakesRoles(of: user.name, at: time).flatMap { role in
            state.parts(user.account, role, .assignment, at: time).map { AccessAssignment(text: $0.value) }
        }.filter { $0.role == "USAGE" || $0.role == "OWNERSHIP" }.map { $0.scope.uppercased() }
        return wanted.filter { !usable.contains($0) }.map { "whether it can use \($0.lowercased())" }
    }
}

extension AccessState {
    /// Who was given a role of Snowflake's, and has it.
    func holders(ofSnowflakesRole name: String, at time: Timestamp) -> [Subject] {
        holders(of: "role/\(name)", in: AccessChanges.snowflake).filter { subject in
            parts(subject.account, subject.name, .assignment, at: time).contains {
                let assignment = AccessAssignment(text: $0.value)
                return assignment.role == name && assignment.scope == AccessChanges.snowflakeAccount
            }
        }
    }

    /// The roles of somebody of Snowflake's, and their roles; each once, however they go round.
    package func snowflakesRoles(of subject: String, at time: Timestamp) -> [String] {
        var found: [String] = []
        var seen: Set<String> = [subject]
        var next = [subject]
        while let holder = next.popLast(), found.count < Self.nestingMax {
            for part in parts(AccessChanges.snowflake, holder, .assignment, at: time) {
                let assignment = AccessAssignment(text: part.value)
                let role = "role/\(assignment.role)"
                guard assignment.scope == AccessChanges.snowflakeAccount, seen.insert(role).inserted else {
                    continue
                }
                found.append(role)
                next.append(role)
            }
        }
        return found.sorted()
    }
}
