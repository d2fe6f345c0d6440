import Engine

/// What a pipeline's drift is measured against.
package struct DriftConfig: ConfigValue {
    package var enabled = false
    package var pipelines = Named<DriftPipelineConfig>()
    package var accounts: [String] = []
    package var allowStanding: [String] = []
    package var keyAge = Duration.days(90)
    package var grantPolicy: Placed<String>?
    package var baseline: Placed<String>?

    package init() {}

    package static let name = "drift"
    package static let summary =
        "How access strays from what was meant, as findings that open, stand and close."
    package static var fields: [ConfigField<Self>] {
        [
            .init("enabled", \.enabled, "Follow access, and raise what strays"),
            .init(
                "pipelines", \.pipelines,
                "What changes access as a matter of course, under names of yours; what others widen is out of band"
            ),
            .init(
                "accounts", \.accounts,
                "Accounts, projects and tenants of yours, besides those that events are of"),
            .init("allow_standing", \.allowStanding, "Subjects that may be privileged for good, `*` in them"),
            .init("key_age", \.keyAge, "Long-lived keys older than this are told") {
                $0 < .hours(1) ? "must be at least 1h" : nil
            },
            .init(
                "grant_policy", \.grantPolicy,
                "What grants are held to: a file as `martlet grants --policy` takes it"),
            .init(
                "baseline", \.baseline,
                "What access was approved as: a file or folder as `martlet drift --baseline` takes it; what differs is told"
            ),
        ]
    }

    var settings: DriftSettings? {
        guard enabled else { return nil }
        var settings = DriftSettings()
        settings.pipelines = pipelines.entries.map { .init(name: $0.name, actors: $0.value.actors.all) }
        settings.accounts = Set(accounts)
        settings.allowedStanding = allowStanding
        settings.keyAge = keyAge
        return settings
    }
}

/// Something that changes access as a matter of course.
package struct DriftPipelineConfig: ConfigValue {
    package var actors = OneOrMore<String>()

    package init() {}

    package static let name = "a pipeline that changes access"
    package static let summary = "Infrastructure as code, a broker, a joiner's process."
    package static var fields: [ConfigField<Self>] {
        [
            .init(
                "actors", \.actors, isRequired: true,
                "Who it acts as, `*` in it: `arn:aws:sts::*:assumed-role/terraform/*`, a human's or an app's name"
            )
        ]
    }
}
