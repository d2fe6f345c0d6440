import Codecs
import Engine
import Pipeline
import Ports

extension Command {
    static let rulesCheck = Command(
        name: "rules check",
        summary: "Loads Sigma rules and says of each that is not loaded, why",
        discussion: """
            One line for each rule that is not loaded, with file:line:column, what is wrong and the nearest valid name;
            the last line has the counts. Exit status 1 if any rule is not loaded.
            """,
        arguments: [
            Argument(
                "PATH", "Rule files and folders (.yml, .yaml), or builtin", kind: .path, isRepeated: true)
        ],
        options: [.placeholders],
        examples: [
            "martlet rules check pipelines/rules", "martlet rules check my-rules/ --placeholders names.yaml",
        ]
    ) { invocation, context in
        let rules = try await RuleSet.read(invocation.arguments, invocation, context)
        for problem in rules.problems { context.output.writeLine(printable(problem.description)) }
        let repeated = rules.repeated == 0 ? "" : ", \(rules.repeated) repeated"
        let kinds =
            (rules.correlations.isEmpty ? "" : ", \(rules.correlations.count) of them correlations")
            + (rules.filters == 0 ? "" : ", \(rules.filters) filters applied")
        context.output.writeLine(
            "\(rules.rules.count + rules.correlations.count) rules loaded\(kinds)\(repeated), "
                + "\(rules.problems.count) not loaded")
        return rules.problems.isEmpty ? .done : .notHeld
    }

    static let rulesList = Command(
        name: "rules list",
        summary: "Lists Sigma rules: id, level, logsource, title",
        arguments: [
            Argument(
                "PATH", "Rule files and folders (default: the rules inside the binary)", kind: .path,
                isRequired: false,
                isRepeated: true)
        ],
        options: [.placeholders],
        examples: ["martlet rules list", "martlet rules list my-rules/"]
    ) { invocation, context in
        let paths = invocation.arguments.isEmpty ? [RuleLibrary.builtinName] : invocation.arguments
        let rules = try await RuleSet.read(paths, invocation, context)
        for rule in rules.rules {
            context.output.writeLine(
                [rule.id, rule.level.rawValue, rule.logsource.description, rule.title].map { printable($0) }
                    .joined(separator: "\t"))
        }
        for rule in rules.correlations {
            context.output.writeLine(
                [rule.head.id, rule.head.level.rawValue, rule.kind.rawValue, rule.head.title].map {
                    printable($0)
                }.joined(separator: "\t"))
        }
        for problem in rules.problems { context.say(printable(problem.description)) }
        return rules.problems.isEmpty ? .done : .refused
    }
}

extension Command.Option {
    static let placeholders = Command.Option(
        "placeholders", .path, "FILE",
        "YAML with the values of %placeholders% under 'expand': name: [value, …]")
}

extension RuleSet {
    /// Rules of paths as the user typed them, with the placeholders that the command line names.
    static func read(_ paths: [String], _ invocation: Invocation, _ context: CommandContext) async throws
        -> RuleSet
    {
        await RuleLibrary.read(
            paths.map { $0 == RuleLibrary.builtinName ? $0 : context.absolute($0) }, shownAs: paths,
            context.files,
            placeholders: try await RulePlaceholders.read(invocation, context))
    }
}

extension RulePlaceholders {
    /// The values that `--placeholders` names; none without it.
    static func read(_ invocation: Invocation, _ context: CommandContext) async throws -> [String: [String]] {
        guard let path = invocation.text("placeholders") else { return [:] }
        let bytes = try await context.files.read(context.absolute(path), bytesMax: 8 << 20)
        return try read(YAMLReader.document(in: bytes, file: path))
    }
}
