import Engine
import Pipeline
import Ports

/// All that a command may touch, so that it runs in a test as it runs in a shell.
struct CommandContext: Sendable {
    /// Standard output: data only.
    var output: Output
    /// Standard error: progress, summaries, messages.
    var messages: Output
    var log: Log { surroundings.log }
    var time: any TimeSource { surroundings.time }
    var files: any FileReader { surroundings.files }
    var environment: [String: String] { surroundings.environment }
    /// Clock, files and network, as a pipeline sees them.
    var surroundings: RunSurroundings
    /// A volume that changes nothing, for looking at the state of a program that may be running.
    var readingVolume: @Sendable (_ folder: String) throws(Fault) -> any Volume
    /// A volume for a file of the user's choice, in a folder that others use as well.
    var sharedVolume: @Sendable (_ folder: String) throws(Fault) -> any Volume
    /// Answers HTTP at an address and a port of this machine.
    var serve:
        @Sendable (_ address: String, _ port: UInt16, _ answer: @escaping Answer) throws(Fault) -> Served
    /// The next bytes of standard input, at most 1 MiB; `nil` at the end.
    var readInput: @Sendable () async throws(Fault) -> [UInt8]?
    /// Absolute.
    var currentFolder: String
    var outputIsTerminal = false
    var messagesAreTerminal = false
    /// Columns of the terminal on standard output.
    var terminalWidth = 80
    var isQuiet = false
    var logsJSON = false
    /// Ends a long-running command cleanly: returns when the user or the system asks to stop, and says how.
    var stopRequest: @Sendable () async -> StopRequest = {
        try? await Never.wait()
        return .interrupt
    }

    /// Begins to listen for requests to read the configuration again, each a beat: SIGHUP.
    var reloads: @Sendable () -> Pulse = { Pulse() }

    /// Starts a program that shows the output page by page: `$PAGER`, or `less`; `nil` where there is none.
    var openPager: @Sendable () -> PagedOutput? = { nil }

    /// Whether nobody reads the output any more.
    var isOutputClosed: @Sendable () -> Bool = { false }

    /// A program that shows what is written to it.
    struct PagedOutput: Sendable {
        /// False once nobody reads any more.
        var write: @Sendable ([UInt8]) -> Bool
        /// Returns when the user has seen enough.
        var finish: @Sendable () async -> Void
    }

    typealias Answer = @Sendable (HTTPRequest) async -> HTTPResponse

    /// A server that listens.
    struct Served: Sendable {
        var url: String
        var stop: @Sendable () async -> Void
    }

    enum StopRequest: Sendable {
        /// SIGINT: somebody pressed Ctrl-C.
        case interrupt
        /// SIGTERM: the service supervisor.
        case terminate
    }

    /// Whether colours may be used on standard output.
    var usesColor: Bool { outputIsTerminal && environment["NO_COLOR", default: ""].isEmpty }

    /// An absolute path for one the user typed; `~` is the shell's business.
    func absolute(_ path: String) -> String {
        Paths.absolute(path, in: currentFolder)
    }

    /// Where programs keep what they can do without.
    var cacheFolder: String? {
        let named = { (name: String) in environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        return named("XDG_CACHE_HOME") ?? named("HOME").map { "\($0)/.cache" }
    }

    /// The state folder by the contract's order.
    func stateFolder(_ option: String?, pipeline: String? = nil) throws(CommandFailure) -> String {
        if let option { return absolute(option) }
        if let named = environment["MARTLET_STATE"], !named.isEmpty { return absolute(named) }
        if let pipeline { return absolute(pipeline) }
        guard let home = environment["HOME"], !home.isEmpty else {
            throw CommandFailure(
                "no state folder: give --state DIR or set MARTLET_STATE or HOME", status: .usage)
        }
        return "\(home)/.local/state/martlet"
    }

    /// A summary for the person who typed the command; silenced by `--quiet`.
    func say(_ line: String) {
        if !isQuiet { messages.write(line + "\n") }
    }
}

extension Never {
    /// Waits until the task is cancelled.
    fileprivate static func wait() async throws(CancellationError) {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
        for await _ in stream {}
        _ = continuation
        throw CancellationError()
    }
}
