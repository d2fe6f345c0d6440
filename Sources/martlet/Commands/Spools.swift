import Engine
import Exporters
import Pipeline
import Ports

extension Command {
    static let spoolInspect = Command(
        name: "spool inspect",
        summary: "Shows what waits in each exporter's spool",
        arguments: [StateReading.pipelines],
        options: [.state],
        examples: ["martlet spool inspect", "martlet spool inspect pipelines/cloudtrail-to-splunk.yaml"]
    ) { invocation, context in
        context.output.writeLine("pipeline\texporter\tpending\tperhaps accepted\tsegments")
        for folder in try await StateReading.folders(invocation.arguments, invocation, context) {
            let name = folder.name
            for (exporter, queue) in folder.state.queues.sorted(by: { $0.key < $1.key }) {
                let open = queue.unjudged.reduce(0) { $0 + $1.count }
                context.output.writeLine(
                    "\(name)\t\(exporter)\t\(queue.pendingRows)\t\(open)\t\(queue.segments.count)")
            }
        }
        return .done
    }

    static let spoolVerify = Command(
        name: "spool verify",
        summary: "Reads everything that waits in the spools and checks it",
        discussion: "Every frame's check sums are compared. Ends with status 1 if anything is damaged.",
        arguments: [StateReading.pipelines],
        options: [.state],
        examples: ["martlet spool verify", "martlet spool verify pipelines/cloudtrail-to-splunk.yaml"]
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
        return damaged == 0 ? .done : .notHeld
    }
}
