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
            record by itself: {"rule":…,"event":…,"file":…,"line":…}. Rules that cannot be loaded are told, and the
            others run. Exit status 3 if some input was unreadable or refused.
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
                "Which detections run (default: all); this version has rules"),
            Option("matches", "One line for each rule hit instead of findings"),
            Option("state", .path, "DIR", "Accepted for later; rules over single events keep no state"),
        ],
        examples: [
            "martlet detect --feed aws.cloudtrail logs/",
            "martlet detect --feed auto --rules my-rules/ --matches -",
        ]
    ) { invocation, context in
        let kinds = invocation.choices("content")
        var rules = RuleSet()
        if kinds.isEmpty || kinds.contains("rules") {
            let named = invocation.texts("rules")
            rules = try await RuleSet.read(
                named.isEmpty ? [RuleLibrary.builtinName] : named, invocation, context)
        }
        for problem in rules.problems { context.say(printable(problem.description)) }
        let run = try DetectionRun(
            feed: invocation.text("feed") ?? MappingCatalog.auto, rules, MappingCatalog(),
            onlyMatches: invocation.isSet("matches")
        ) { context.output.write($0) }
        await InputWalk(context.files, standardInput: context.readInput).walk(
            invocation.arguments.map { $0 == "-" ? $0 : context.absolute($0) }, shownAs: invocation.arguments,
            into: run)
        run.close()
        return summarize(run, rules, context)
    }

    private static func summarize(_ run: DetectionRun, _ rules: RuleSet, _ context: CommandContext)
        -> ExitStatus
    {
        let counts = run.counts
        for reason in run.reasons { context.say(printable(reason)) }
        var parts = ["\(counts.records) records in \(counts.files) files", "\(run.rulesInUse) rules"]
        parts.append(counts.matches > 0 ? "\(counts.matches) matches" : "\(counts.findings) findings")
        if counts.duplicates > 0 { parts.append("\(counts.duplicates) of duplicate records left out") }
        if counts.late > 0 { parts.append("\(counts.late) findings out of time order") }
        if counts.refused > 0 { parts.append("\(counts.refused) records refused") }
        if counts.unreadable > 0 { parts.append("\(counts.unreadable) files unreadable") }
        if run.patternLimits > 0 { parts.append("\(run.patternLimits) searches ended by a pattern's limits") }
        if !rules.problems.isEmpty { parts.append("\(rules.problems.count) rules not loaded") }
        context.say(parts.joined(separator: ", "))
        return counts.refused > 0 || counts.unreadable > 0 ? .refused : .done
    }
}
