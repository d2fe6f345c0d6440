package import Engine
package import Store

/// The common questions as conditions on columns.
package enum QueryWords {
    /// Where an identity may stand: a human, role, key, session or service, by any of its names.
    static let identities = [
        "principal", "actor.user.uid", "actor.user.uid_alt", "actor.user.name", "actor.user.email_addr",
        "actor.user.credential_uid", "actor.user.programmatic_credentials.uid", "actor.session.uid",
        "actor.session.uid_alt", "actor.session.credential_uid", "actor.session.issuer", "actor.iam_role.uid",
        "actor.iam_role.name", "actor.app_name", "actor.app_uid", "actor.invoked_by", "user.uid",
        "user.uid_alt",
        "user.name", "user.email_addr", "user.credential_uid", "user.programmatic_credentials.uid",
        "session.uid",
        "session.credential_uid", "evidences.actor.user.uid", "evidences.actor.user.name",
        "evidences.actor.session.credential_uid", "evidences.actor.user.programmatic_credentials.uid",
    ]
    static let addresses = [
        "src_endpoint.ip", "dst_endpoint.ip", "device.ip", "evidences.src_endpoint.ip",
        "evidences.dst_endpoint.ip",
    ]
    static let resources = ["resources.uid", "resources.name", "resource.uid", "resource.name"]
    private static let uids = ["metadata.uid", "finding_info.uid", "finding_info.related_events.uid"]
    private static let accounts = ["cloud.account.uid", "actor.user.account.uid", "cloud.project_uid"]

    package static func entity(_ text: String, _ plan: ColumnPlan) -> EventQuery.Condition {
        condition(identities, [TextPattern(text)], plan)
    }
    /// An identity or an address by any of its names, and everything that attribution leads back to it.
    package static func anybody(_ text: String, _ plan: ColumnPlan) -> EventQuery.Condition {
        condition(identities + addresses + ["enrichments.value"], [TextPattern(text)], plan)
    }
    package static func address(_ text: String, _ plan: ColumnPlan) -> EventQuery.Condition {
        condition(addresses, [TextPattern(text)], plan)
    }
    package static func resource(_ text: String, _ plan: ColumnPlan) -> EventQuery.Condition {
        condition(resources, [TextPattern(text)], plan)
    }
    package static func uid(_ text: String, _ plan: ColumnPlan) -> EventQuery.Condition {
        condition(uids, [TextPattern(text)], plan)
    }
    package static func account(_ text: String, _ plan: ColumnPlan) -> EventQuery.Condition {
        condition(accounts, [TextPattern(text)], plan)
    }
    package static func region(_ text: String, _ plan: ColumnPlan) -> EventQuery.Condition {
        condition(["cloud.region"], [TextPattern(text)], plan)
    }

    /// `AssumeRole`, `Describe*`, or with its service: `iam:CreateAccessKey`.
    package static func action(_ text: String, _ plan: ColumnPlan) -> [EventQuery.Condition] {
        let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
        let names = ["api.operation", "evidences.api.operation", "event_code"]
        guard parts.count == 2 else {
            return [condition(names, [TextPattern(text, isCaseBlind: true)], plan)]
        }
        return [
            condition(
                ["api.service.name", "evidences.api.service.name"],
                [TextPattern(parts[0], isCaseBlind: true), TextPattern(parts[0] + ".*", isCaseBlind: true)],
                plan),
            condition(names, [TextPattern(parts[1], isCaseBlind: true)], plan),
        ]
    }

    package static func contained(_ text: String, _ plan: ColumnPlan) -> EventQuery.Condition {
        // The free-form parts are of the record, so where that is kept they need no look.
        var made = condition([ColumnPlan.rawColumn], [TextPattern(contained: text)], plan)
        made.otherwise = ["unmapped", "api.request.data", "api.response.data"].compactMap {
            plan.leaf(at: $0)
        }
        return made
    }

    /// Narrows a query by the common questions, asked by their names; what has no value is not asked.
    package static func narrow(_ query: inout EventQuery, by value: (String) -> String?) {
        let plan = query.plan
        let words: [(String, (String, ColumnPlan) -> EventQuery.Condition)] = [
            ("entity", entity), ("ip", address), ("resource", resource), ("uid", uid), ("account", account),
            ("region", region), ("contains", contained),
        ]
        for (name, condition) in words {
            if let text = value(name) { query.conditions.append(condition(text, plan)) }
        }
        if let text = value("action") { query.conditions += action(text, plan) }
        if let status = value("status"), let leaf = plan.leaf(at: "status_id") {
            query.numbers.append((leaf, [status == "success" ? 1 : 2]))
        }
        if let uid = value("class").flatMap({ Int64($0) }), let leaf = plan.leaf(at: "class_uid") {
            query.numbers.append((leaf, [uid]))
        }
    }

    static func condition(_ paths: [String], _ patterns: [TextPattern], _ plan: ColumnPlan)
        -> EventQuery.Condition
    {
        EventQuery.Condition(leaves: paths.compactMap { plan.leaf(at: $0) }, patterns: patterns)
    }

    /// What a table shows unless told otherwise.
    package static func columns(of plan: ColumnPlan) -> [String] {
        plan.table == "findings"
            ? [
                "time", "severity", "finding_info.title", "principal", "evidences.api.operation",
                "metadata.uid",
            ]
            : [
                "time", "principal", "api.operation", "status", "src_endpoint.ip", "cloud.account.uid",
                "resources.uid", "metadata.uid",
            ]
    }
}
