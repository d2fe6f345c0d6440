import Engine
import Exporters
import Pipeline
import Ports

/// A command's way through its INPUT: it can be stopped, and a line on the terminal says how far it is.
///
/// The line is left out where standard output is a terminal as well: the two would write over each other.
struct InputSession {
    /// What a summary begins with where the way was not gone to its end.
    static let interruption = "Interrupted: "

    private let title: String
    private let context: CommandContext
    private let paths: [String]
    private let names: [String]

    init(_ title: String, _ invocation: Invocation, _ context: CommandContext) {
        self.init(title, invocation.arguments, context)
    }

    /// - Parameter names: files, folders and `-`, as they were typed.
    init(_ title: String, _ names: [String], _ context: CommandContext) {
        self.title = title
        var context = context
        if context.outputIsTerminal { context.messagesAreTerminal = false }
        self.context = context
        self.names = names
        paths = names.map { $0 == "-" ? $0 : context.absolute($0) }
    }

    /// Feeds the sink; `false` where it was asked to stop before the end.
    func walk(into sink: any InputSink, counts: () -> KeyValuePairs<String, Int>) async throws -> Bool {
        let stop = Pulse()
        let listener = Task { [context] in
            _ = await context.stopRequest()
            if !Task.isCancelled { stop.beat() }
        }
        defer { listener.cancel() }
        let walk = InputWalk(context.files, standardInput: context.readInput, until: stop)
        var progress = ProgressLine(title, in: context)
        let total = progress.isShown ? await walk.bytes(of: paths, shownAs: names) : nil
        do throws(Fault) {
            try await walk.walk(paths, shownAs: names, into: sink) { bytes in
                progress.update(bytes: bytes, of: total, counts: counts())
            }
        } catch {
            progress.finish()
            throw error
        }
        progress.finish()
        return stop.beats == 0
    }
}
