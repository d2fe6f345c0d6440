import Engine
import Exporters
import Pipeline
import Ports

extension Command {
    static let spoolInspect = Command(
        name: "spool inspect",
        summary: "Shows what waits in each exporter's spool",
        discussion:
            "`oldest` is when the page came of the oldest event that its receiver does not have: the lag.",
        arguments: [StateReading.pipelines],
        options: [.state],
        examples: ["martlet spool inspect", "martlet spool inspect pipelines/cloudtrail-to-splunk.yaml"]
    ) { invocation, context in
        context.output.writeLine("pipeline\texporter\tpending\tperhaps accepted\tsegments\tbytes\toldest")
        for folder in try await StateReading.folders(invocation.arguments, invocation, context) {
            for report in try await SpoolReport.inspect(folder.volume, folder.state) {
                let bytes = report.segments.reduce(0) { $0 + $1.bytes }
                let cells = [
                    folder.name, report.exporter, "\(report.pendingRows)", "\(report.unjudgedRows)",
                    "\(report.segments.count)", "\(bytes)", report.oldest?.iso8601 ?? "",
                ]
                context.output.writeLine(cells.joined(separator: "\t"))
                for damage in report.damage { context.messages.writeLine(printable(damage)) }
            }
        }
        return .done
    }

    static let spoolVerify = Command(
        name: "spool verify",
        summary: "Reads everything that waits in the spools and checks it",
        discussion: """
            Every frame's check sums are compared. Ends with status 1 if anything is damaged.

            --isolate refuses the events that cannot be read back: the dead letter names them by file and byte, the ledger
            counts them, and all the others are free to go. `run` does the same when it comes to them. Not beside a running
            pipeline.
            """,
        arguments: [StateReading.pipelines],
        options: [Option("isolate", "Refuse what is damaged, so that nothing waits for it"), .state],
        examples: [
            "martlet spool verify", "martlet spool verify pipelines/cloudtrail-to-splunk.yaml --isolate",
        ]
    ) { invocation, context in
        var damaged = 0
        var whole: UInt64 = 0
        for folder in try await StateReading.folders(invocation.arguments, invocation, context) {
            for report in try await SpoolReport.verify(folder.volume, folder.state) {
                whole += report.rowsRead
                damaged += Int(report.pendingRows - min(report.pendingRows, report.rowsRead))
                for damage in report.damage {
                    context.output.writeLine(printable("\(folder.name)\t\(report.exporter)\t\(damage)"))
                }
            }
        }
        context.say("\(grouped(Int(whole))) waiting events are whole, \(grouped(damaged)) are damaged")
        if damaged > 0, invocation.isSet("isolate") {
            var isolated = 0
            for folder in try await StateReading.folders(invocation.arguments, invocation, context) {
                isolated += try await PipelineState.isolateDamage(in: folder.path, context.surroundings)
            }
            context.say(
                "\(grouped(isolated)) are in the dead letter now: see “martlet deadletter list”; the rest is free to go"
            )
            return .refused
        }
        return damaged == 0 ? .done : .notHeld
    }
}
