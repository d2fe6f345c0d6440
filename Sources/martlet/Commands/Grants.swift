import Engine
import Pipeline
import Ports

extension Command {
    static let grants = Command(
        name: "grants",
        summary:
            "Holds every privileged act against the grant that should cover it, and every grant against its use",
        discussion: """
            Reads what brokers tell of grants (Entra PIM, Google PAM, AWS TEAM, Teleport, Vault, CyberArk, …) together with
            what was done, in any order, from INPUT or, without INPUT, from the event store. Each privileged act is
            in-grant, out-of-scope, before-start, after-expiry, after-revocation, break-glass or unbrokered (machine: of a
            program); each grant is told with its use and with what is not as it should be; each session that went on
            after its grant with the command that ends it. --policy names a YAML file that says what brokers' roles give
            access to, where nobody may act without a grant, and what a grant is held to: see docs/grants.md.
            Exit status 1 if --fail-on matched, 3 if some input was unreadable or refused.
            """,
        arguments: [
            Argument("INPUT", "Files, folders or -", kind: .path, isRequired: false, isRepeated: true)
        ],
        options: [
            Option("feed", .text, "FEED", "Whose records INPUT has, or auto (default): see martlet feeds"),
            .from, .to,
            Option("of", .text, "WHO", "Only acts and grants of one person, by any name; * for any text"),
            Option(
                "label", .choices(GrantReview.Label.allCases.map(\.rawValue)), "LABELS",
                "Only acts with these labels (default of the table: those that need a look)"),
            Option("policy", .path, "FILE", "What grants are held to, YAML"),
            .identities,
            Option(
                "fail-on", .choices(GrantReview.Label.allCases.map(\.rawValue)), "LABELS",
                "Exit with 1 if an act has one of these labels"),
            .format(
                ["table", "json", "ndjson"], "table (default on a terminal), ndjson (default elsewhere), json"
            ),
            Option("vendors", .path, "DIR", "More mappings: <vendor>/<feed>/mapping.yaml"),
            .rejects, StoreReading.lake, StoreReading.cache, StoreReading.pipelines, StoreReading.store,
            .state,
        ],
        examples: [
            "martlet grants --from 7d",
            "martlet grants --of ana@example.com --format table teleport/ cloudtrail/",
            "martlet grants --policy grants.yaml --fail-on after-expiry,after-revocation logs/",
        ]
    ) { invocation, context in
        let feed = invocation.text("feed") ?? MappingCatalog.auto
        let catalog = try await MappingCatalog.read(invocation, context)
        let refused = try await InputRefusals.make(feed: feed, invocation, context)
        let directory = try await IdentityDirectory.read(invocation, context)
        var policy = GrantPolicy()
        if let path = invocation.text("policy") {
            policy = try await GrantPolicyFile.read(context.absolute(path), shownAs: path, context.files)
        }
        let now = context.time.now
        let from = invocation.time("from", now: now) ?? .distantPast
        let to = invocation.time("to", now: now) ?? .distantFuture
        guard from <= to else { throw CommandFailure("--from is later than --to", status: .usage) }
        let run = try GrantRun(feed: feed, catalog, directory, refused: refused)
        var isWhole = true
        if invocation.arguments.isEmpty {
            // A grant may have begun long before the acts that are asked about.
            let since = from == .distantPast ? nil : from - .days(31)
            try await StoredRecords(invocation, context, since: since).feed(into: run)
        } else {
            isWhole = try await InputSession("Reading", invocation, context).walk(into: run) {
                ["events": run.events]
            }
        }
        try await refused.finish()
        let review = run.review(policy)
        let chosen = GrantsTold.Choice(
            from: from, to: to, who: invocation.text("of"),
            labels: invocation.isSet("label") ? Self.labels("label", invocation) : nil)
        let told = GrantsTold(review, chosen)
        let format = invocation.text("format") ?? (context.outputIsTerminal ? "table" : "ndjson")
        switch format {
        case "table":
            context.output.write(told.table(width: context.outputIsTerminal ? context.terminalWidth : nil))
        case "json": context.output.write(told.json)
        default: context.output.write(told.ndjson)
        }
        context.output.finish()
        refused.tell(context)
        if let before = review.forgottenBefore {
            context.messages.writeLine(
                "martlet: more acts or grants than are kept at once: what is before \(before.iso8601) may lack its grant"
            )
        }
        context.say(
            (isWhole ? "" : InputSession.interruption)
                + "\(grouped(run.events)) events, \(grouped(told.acts.count)) privileged acts, "
                + "\(grouped(told.grants.count)) grants, \(grouped(told.sessions.count)) sessions after their grant"
        )
        if !isWhole { return .interrupted }
        let failing = Self.labels("fail-on", invocation)
        if told.acts.contains(where: { failing.contains($0.label) }) { return .notHeld }
        return refused.isEmpty ? .done : .refused
    }

    private static func labels(_ option: String, _ invocation: Invocation) -> Set<GrantReview.Label> {
        Set(invocation.choices(option).compactMap { GrantReview.Label(rawValue: $0) })
    }
}
