import Engine
import Exporters
import Pipeline
import Ports

extension Command {
    static let spoolInspect = Command(
        name: "spool inspect",
        summary: "Shows what waits in each exporter's spool",
        options: [.state],
        examples: ["martlet spool inspect"]
    ) { invocation, context in
        context.output.writeLine("pipeline\texporter\tpending\tperhaps accepted\tsegments")
        for (name, state) in try await StateReading.all(invocation, context) {
            for (exporter, queue) in state.queues.sorted(by: { $0.key < $1.key }) {
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
        options: [.state],
        examples: ["martlet spool verify"]
    ) { invocation, context in
        let folder = try context.stateFolder(invocation.text("state"))
        var damaged = 0
        var whole = 0
        for (name, path) in try await StateFolders.under(folder, context.files) {
            let volume = try context.readingVolume(path)
            guard let state = try await PipelineState.read(volume) else { continue }
            for (exporter, queue) in state.queues.sorted(by: { $0.key < $1.key }) {
                var reader = SpoolReader(exporter, volume: volume)
                var row: UInt64 = 0
                while let free = queue.nextFree(from: row, besides: []) {
                    var batch = EventBatch()
                    guard let run = try await reader.next(holding: free.lowerBound, in: queue, into: &batch)
                    else {
                        break
                    }
                    if let damage = run.damage {
                        damaged += run.rows.count
                        context.output.writeLine(
                            printable("\(name)\t\(exporter)\trows \(run.rows)\t\(damage)"))
                    } else {
                        whole += run.rows.count
                    }
                    row = run.rows.upperBound
                }
            }
        }
        context.say("\(grouped(whole)) waiting events are whole, \(grouped(damaged)) are damaged")
        return damaged == 0 ? .done : .notHeld
    }
}
