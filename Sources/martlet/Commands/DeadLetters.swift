import Engine
import Pipeline
import Ports

extension Command {
    static let deadletterList = Command(
        name: "deadletter list",
        summary: "Lists what was refused, and why",
        discussion: "Records that could not be read, and events that a receiver will never accept.",
        arguments: [StateReading.pipelines],
        options: [
            .state,
            Option("feed", .text, "FEED", "Only this feed"),
            Option("exporter", .text, "NAME", "Only what this exporter's receiver refused"),
            Option("limit", .integer(1...Int.max), "N", "At most so many"),
            .format(
                ["table", "json"],
                "table, or one JSON object a line (default where standard output is no terminal)"),
        ],
        examples: ["martlet deadletter list --feed aws.cloudtrail --limit 20"]
    ) { invocation, context in
        let isJSON = (invocation.text("format") ?? (context.outputIsTerminal ? "table" : "json")) == "json"
        let limit = invocation.integer("limit") ?? .max
        var shown = 0
        var total = 0
        let (feed, exporter) = (invocation.text("feed"), invocation.text("exporter"))
        try await eachDeadLetter(invocation.arguments[...], invocation, context) { name, place, entry in
            if let feed, entry.feed != feed { return }
            if let exporter, entry.exporter != exporter { return }
            total += 1
            guard shown < limit else { return }
            shown += 1
            if isJSON {
                var line: [UInt8] = []
                entry.write(into: &line)
                context.output.write(line)
            } else {
                let origin =
                    entry.exporter.isEmpty ? "\(entry.file):\(entry.line)" : "exporter \(entry.exporter)"
                context.output.writeLine(
                    printable(
                        "\(name)/\(place.text)  \(entry.at.iso8601)  \(entry.feed)  \(origin)  \(entry.reason)"
                    ))
            }
        }
        context.say(
            shown < total ? "\(grouped(shown)) of \(grouped(total)) are shown" : "\(grouped(total)) in all")
        return .done
    }

    static let deadletterShow = Command(
        name: "deadletter show",
        summary: "Shows one refused record whole",
        arguments: [
            Argument("ID", "As the list prints it, NAME/FILE-OFFSET, or the record's uid"),
            StateReading.pipelines,
        ],
        options: [.state],
        examples: ["martlet deadletter show cloudtrail-files/0-0"]
    ) { invocation, context in
        let wanted = invocation.arguments[0]
        var isFound = false
        try await eachDeadLetter(invocation.arguments.dropFirst(), invocation, context) {
            name, place, entry in
            guard "\(name)/\(place.text)" == wanted || (!entry.uid.isEmpty && entry.uid == wanted) else {
                return
            }
            isFound = true
            var line: [UInt8] = []
            entry.write(into: &line)
            context.output.write(line)
        }
        if !isFound { throw CommandFailure("nothing refused has the id \(wanted)") }
        return .done
    }

    static let deadletterRedrive = Command(
        name: "deadletter redrive",
        summary: "Sends refused records again",
        discussion: """
            Malformed records are read again with today's mappings, refused events go back to their exporter's spool; the
            next run sends them. What fails again becomes a new entry. The pipeline must not be running meanwhile.
            """,
        arguments: [Argument("PIPELINE", "The pipeline's file", kind: .path)],
        options: [
            .state,
            Option("feed", .text, "FEED", "Only this feed"),
            Option("exporter", .text, "NAME", "Only what this exporter's receiver refused"),
        ],
        examples: ["martlet deadletter redrive pipelines/cloudtrail-to-splunk.yaml --exporter siem"]
    ) { invocation, context in
        let files = try await PipelineFile.read(invocation.arguments, in: context)
        let (content, problems) = await ContentCheck(context.surroundings).load(files)
        if !problems.isEmpty { throw Problems(problems) }
        let file = files[0]
        let base = try context.stateFolder(
            invocation.text("state"), pipeline: file.config.state.map { file.absolute($0) })
        let runner = PipelineRunner(file, content: content[0], surroundings: context.surroundings)
        let (feed, exporter) = (invocation.text("feed"), invocation.text("exporter"))
        let outcome = try await runner.redrive(
            state: StateFolders.path(of: file.config.name.value, in: base)
        ) { _, entry in
            (feed == nil || entry.feed == feed) && (exporter == nil || entry.exporter == exporter)
        }
        context.say(
            "\(grouped(outcome.redriven)) are sent again by the next run, \(grouped(outcome.left)) are left")
        return outcome.left == 0 ? .done : .refused
    }

    private static func eachDeadLetter(
        _ pipelines: ArraySlice<String>, _ invocation: Invocation, _ context: CommandContext,
        _ body: (_ pipeline: String, DeadLetterPlace, DeadLetterEntry) -> Void
    ) async throws {
        for folder in try await StateReading.folders(pipelines, invocation, context) {
            try await DeadLetter.read(folder.volume, folder.state) { place, entry in
                body(folder.name, place, entry)
            }
        }
    }
}

extension DeadLetterPlace {
    /// How people name it.
    var text: String { "\(file)-\(offset)" }
}
