import Engine
import Pipeline
import Ports

extension Command {
    static let validate = Command(
        name: "validate",
        summary: "Says everything that is wrong with pipeline files, without touching the network",
        discussion: """
            Keys, values, secrets that are not set, feeds and rules: each problem with file:line:column and, where a
            name is misspelt, the nearest valid one. With --connect each credential and endpoint is tried as well, and
            where a vendor refuses, the permission that is missing is named.
            """,
        arguments: [Argument("PIPELINE", "Pipeline files", kind: .path, isRepeated: true)],
        options: [Option("connect", "Also try each credential and endpoint"), .vendors],
        examples: [
            "martlet validate pipelines/cloudtrail-to-splunk.yaml",
            "martlet validate --connect pipelines/cloudtrail-to-splunk.yaml",
        ]
    ) { invocation, context in
        let files = try await PipelineFile.read(invocation.arguments, in: context)
        let (content, problems) = await ContentCheck(
            context.surroundings, vendors: invocation.folders("vendors", in: context)
        ).load(files)
        let wrong = problems + content.flatMap(\.wrongRules)
        if !wrong.isEmpty { throw Problems(wrong) }
        for rule in Set(content.flatMap(\.warnings)).sorted(by: { $0.description < $1.description }) {
            context.say(printable("\(rule.description): it is left out"))
        }
        var isReachable = true
        if invocation.isSet("connect") {
            for (file, content) in zip(files, content) {
                for probe in await ConnectionProbe(file, content.feeds, context.surroundings).results() {
                    context.output.writeLine(
                        "\(file.config.name.value)\t\(probe.part)\t\(printable(probe.failure ?? "ok"))")
                    if probe.failure != nil { isReachable = false }
                }
            }
        }
        if isReachable {
            context.say("\(files.count == 1 ? "1 pipeline is" : "\(files.count) pipelines are") valid")
        }
        return isReachable ? .done : .notHeld
    }
}

extension PipelineFile {
    /// Reads the files named on the command line, shown in messages as they were typed.
    static func read(_ paths: [String], in context: CommandContext) async throws -> [PipelineFile] {
        try await read(
            paths.map { context.absolute($0) }, shownAs: paths, environment: context.environment,
            context.files)
    }
}
