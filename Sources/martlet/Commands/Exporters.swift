import Pipeline
import Ports

extension Command {
    static let exporters = Command(
        name: "exporters",
        summary: "Lists the kinds of exporters: what each delivers to, and what counts as accepted",
        discussion: """
            Each is written `to: KIND` in a pipeline file; `martlet schema` and the configuration page have its keys.
            """,
        options: [.format(["table", "json"], "How it is printed (default: table)")],
        examples: ["martlet exporters", "martlet exporters --format json"]
    ) { invocation, context in
        let kinds = ExporterKind.all.sorted { $0.name < $1.name }
        if invocation.text("format") == "json" {
            for kind in kinds {
                context.output.writeLine(
                    "{\"to\":\(quoted(kind.name)),\"about\":\(quoted(kind.about)),"
                        + "\"accepted\":\(quoted(kind.counts)),\"repeats\":\(quoted(kind.repeats))}")
            }
            return .done
        }
        var table = TextTable(
            ["to", "delivers to", "counts as accepted"],
            width: context.outputIsTerminal ? context.terminalWidth : nil)
        for kind in kinds { context.output.write(table.add([kind.name, kind.about, kind.counts])) }
        context.output.write(table.finish())
        return .done
    }
}
