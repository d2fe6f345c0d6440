import Engine
import Pipeline
import Ports

extension Command {
    static let detect = Command(
        name: "detect",
        summary: "Runs detections over logs: one OCSF Detection Finding a line",
        discussion: """
            INPUT is files, folders (walked in name order) or -; plain, gzip or zstd, in any layout. Findings come in
            event-time order, each once. Past 64 MiB of findings the older half is given out before the end; findings
            that then come late are counted. With --matches one line for each rule hit instead, in input order, each
            record by itself: {"rule":…,"event":…,"file":…,"line":…}. Correlations see the events in the order of their
            times, whatever the files' order; the rules that they are made of raise nothing themselves unless they say
            “generate: true”. Baselines compare each day of an identity with what was usual for it, its peers and all others
            before, and raise at most --budget findings a day in the long run; they need a week of events before
            they say anything. Drift follows access through the changes of it: see martlet drift for more. A rule that is wrong is told with its place and left out, as “run” does it, and the others
            run. Exit status 3 if a rule was wrong, or some input unreadable or refused.
            SIGINT and SIGTERM end it behind a whole record: what was found is
            given out, and the status is 130.
            """,
        arguments: [Argument("INPUT", "Files, folders or -", kind: .path, isRepeated: true)],
        options: [
            Option(
                "feed", .text, "FEED", "Whose records these are, or auto: see martlet feeds", isRequired: true
            ),
            Option(
                "rules", .path, "PATH", "Sigma rules in place of the ones inside the binary (builtin)",
                isRepeated: true),
            .placeholders,
            Option(
                "content", .choices(["rules", "correlation", "behaviour", "drift"]), "KINDS",
                "Which detections run (default: all)"),
            .budget,
            Option("matches", "One line for each rule hit instead of findings"),
            Option(
                "attribute", "Finds who is behind each event, from all of the input, and says so in findings"),
            .identities, .geo,
            Option("grant-policy", .path, "FILE", "What grants are held to, YAML: see docs/grants.md"),
            .rejects,
            Option(
                "state", .path, "DIR",
                "Heed the verdicts kept there; detection over files keeps no other state"),
        ],
        examples: [
            "martlet detect --feed aws.cloudtrail logs/",
            "martlet detect --feed auto --rules my-rules/ --matches -",
        ]
    ) { invocation, context in
        let kinds = invocation.choices("content")
        var rules = RuleSet()
        let isAll = kinds.isEmpty
        var raised: CorrelationPlan.Kinds = []
        if isAll || kinds.contains("rules") { raised.insert(.rules) }
        if isAll || kinds.contains("correlation") { raised.insert(.correlations) }
        if !raised.isEmpty {
            let named = invocation.texts("rules")
            rules = try await RuleSet.read(
                named.isEmpty ? [RuleLibrary.builtinName] : named, invocation, context)
        }
        try rules.throwAbsent()
        for problem in rules.problems { context.say(printable(problem.description)) }
        let feed = invocation.text("feed") ?? MappingCatalog.auto
        let catalog = try MappingCatalog.builtIn()
        _ = try catalog.normalizer(for: feed)
        let refused = try await InputRefusals.make(feed: feed, invocation, context)
        let attributor = try await Attributor.read(feed: feed, catalog, invocation, context)
        let drift = isAll || kinds.contains("drift")
        let grants = try await GrantPolicy.read(invocation, context)
        let run = try DetectionRun(
            feed: feed, rules, catalog, onlyMatches: invocation.isSet("matches"), kinds: raised,
            behaviour: isAll || kinds.contains("behaviour") ? try await .read(invocation, context) : nil,
            drift: drift
                ? DriftPart(
                    DriftSettings(), .builtIn(), grants: grants, directory: attributor?.tree.directory) : nil,
            suppressions: try await Judgements.read(invocation, context).suppressions,
            attributor: attributor, geography: try await .read(invocation, context),
            holders: AccountHolders(try await IdentityDirectory.read(invocation, context)), refused: refused
        ) { context.output.write($0) }
        let isWhole = try await InputSession("Detecting", invocation, context).walk(into: run) {
            let counts = run.counts
            return counts.matches > 0
                ? ["records": counts.records, "matches": counts.matches]
                : ["records": counts.records, "findings": counts.findings]
        }
        run.close()
        try await refused.finish()
        return summarize(run, refused, rules, context, isWhole: isWhole)
    }

    private static func summarize(
        _ run: DetectionRun, _ refused: InputRefusals, _ rules: RuleSet, _ context: CommandContext,
        isWhole: Bool
    ) -> ExitStatus {
        let counts = run.counts
        refused.tell(context)
        var parts = ["\(counts.records) records in \(counts.files) files", "\(run.rulesInUse) rules"]
        parts.append(counts.matches > 0 ? "\(counts.matches) matches" : "\(counts.findings) findings")
        if counts.duplicates > 0 { parts.append("\(counts.duplicates) of duplicate records left out") }
        if run.lateSignals > 0 {
            parts.append("\(run.lateSignals) events passed over by correlations, whose memory was full")
        }
        if let late = run.behaviour?.notes.late, late > 0 {
            parts.append("\(late) identities' days passed over by baselines, whose memory was full")
        }
        if counts.late > 0 { parts.append("\(counts.late) findings out of time order") }
        if refused.records > 0 { parts.append("\(refused.records) records refused") }
        if refused.inputs > 0 { parts.append("\(refused.inputs) files unreadable") }
        if run.suppressed > 0 { parts.append("\(run.suppressed) findings expected by a verdict left out") }
        if run.patternLimits > 0 { parts.append("\(run.patternLimits) searches ended by a pattern's limits") }
        if !rules.problems.isEmpty { parts.append("\(rules.problems.count) rules left out") }
        context.say((isWhole ? "" : InputSession.interruption) + parts.joined(separator: ", "))
        return !isWhole ? .interrupted : refused.isEmpty && rules.errors.isEmpty ? .done : .refused
    }
}
