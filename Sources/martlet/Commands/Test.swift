import Codecs
import Engine
import Pipeline
import Ports

extension Command {
    static let test = Command(
        name: "test",
        summary: "Runs the cases kept beside mappings, rules and pipelines",
        discussion: """
            A mapping's samples.jsonl must become its golden.jsonl; a rule's records in <rule>.cases.jsonl must match or
            not match as each says, and a correlation's sequences of records must meet it or not; the records in <pipeline>.cases.jsonl are replayed through the pipeline file, without
            network or state. Folders are walked in name order; without PATH the cases inside the binary are run.

            Each case that does not hold is a line file:line:column with what was expected and what came. Exit status 1 if
            there is any, or if no case was found.
            """,
        arguments: [
            Argument(
                "PATH", "Folders, .yaml files or .cases.jsonl files (default: what is inside the binary)",
                kind: .path, isRequired: false, isRepeated: true)
        ],
        options: [.placeholders],
        examples: ["martlet test", "martlet test my-rules/ my-vendors/okta/system_log pipelines/"]
    ) { invocation, context in
        let paths = invocation.arguments
        let report: CaseReport
        if paths.isEmpty {
            report = await CaseLibrary.builtIn(environment: context.environment)
        } else {
            let library = CaseLibrary(
                context.files, environment: context.environment,
                placeholders: try await RulePlaceholders.read(invocation, context))
            report = await library.report(paths.map { context.absolute($0) }, shownAs: paths)
        }
        let problems = report.allProblems
        for problem in problems { context.output.writeLine(printable(problem.description)) }
        context.say(summary(of: report))
        if report.cases == 0, problems.isEmpty {
            context.messages.writeLine("martlet: no cases were found")
            return .notHeld
        }
        return problems.isEmpty ? .done : .notHeld
    }

    private static func summary(of report: CaseReport) -> String {
        var parts: [String] = []
        for kind in CaseOutcome.Kind.allCases {
            let count = report.outcomes.count { $0.kind == kind }
            if count > 0 { parts.append("\(grouped(count)) \(kind.rawValue)\(count == 1 ? "" : "s")") }
        }
        var text = parts.isEmpty ? "" : parts.joined(separator: ", ") + ": "
        text += "\(grouped(report.cases)) cases"
        let broken = report.allProblems.count
        text += broken == 0 ? ", all hold" : ", \(grouped(broken)) complaints"
        if !report.withoutCases.isEmpty {
            let count = report.withoutCases.count
            text += "; \(grouped(count)) \(count == 1 ? "file has" : "files have") no cases"
        }
        return text
    }
}
