package import Engine
package import Store

extension QueryWords {
    /// Where a name may stand beyond `identities`: as whom attribution found, and as what was acted on.
    private static let named =
        identities + addresses + resources + [
            "enrichments.value", "iam_role.uid", "iam_role.name", "group.name", "policies.uid",
            "policies.name",
        ]

    /// What an investigation asks, as queries of which each brings a part of the answer.
    package static func queries(for question: Investigator.Question, _ plan: ColumnPlan) -> [EventQuery] {
        var queries: [EventQuery] = []
        func ask(_ paths: [String], _ texts: [String]) {
            if texts.isEmpty { return }
            var query = EventQuery(plan)
            query.conditions = [condition(paths, texts.map { TextPattern(exactly: $0) }, plan)]
            queries.append(query)
        }
        var names = Set(question.names + question.humans)
        for name in names where name.contains("@") { names.insert(name.lowercased()) }
        ask(named, names.sorted())
        if !question.takesTails { ask(addresses, question.addresses) }
        ask(["api.operation", "metadata.event_code"], question.operations)
        return queries
    }

    /// The same with names that stand at the end of an ARN or a path: every row's columns have to be looked at.
    package static func tailQuery(for question: Investigator.Question, _ plan: ColumnPlan) -> EventQuery {
        var query = EventQuery(plan)
        let patterns = question.names.flatMap { name in
            [TextPattern(endingIn: "/" + name), TextPattern(endingIn: ":" + name)]
        }
        query.conditions = [condition(named, patterns, plan)]
        return query
    }

    /// Columns whose values are offered where a name is not there.
    package static let offered = [
        "principal", "actor.user.email_addr", "actor.session.credential_uid", "actor.iam_role.uid",
        "src_endpoint.ip", "enrichments.value",
    ]
}
