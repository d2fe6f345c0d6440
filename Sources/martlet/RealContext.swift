import Engine
import Glibc
import Platform
import Ports

/// The context of a command that was typed into a shell.
enum RealContext {
    static func make(stoppedBy signals: AsyncStream<StopSignals.Kind>) -> CommandContext {
        let outputIsTerminal = StandardStreams.outputIsTerminal
        let absent = AbsentDoors()
        return CommandContext(
            output: Output(isLineBuffered: outputIsTerminal) { StandardStreams.write($0) },
            messages: Output(isLineBuffered: true) { StandardStreams.write($0, toErrors: true) },
            log: .silent,
            doors: Doors(transport: absent, time: absent, volume: absent, entropy: absent),
            volume: { _ in absent },
            readInput: { () async throws(Fault) in try StandardStreams.read() },
            environment: StandardStreams.environment,
            currentFolder: StandardStreams.currentFolder,
            outputIsTerminal: outputIsTerminal,
            messagesAreTerminal: StandardStreams.errorsAreTerminal,
            stopRequest: {
                for await signal in signals { return signal == .interrupt ? .interrupt : .terminate }
                return .interrupt
            })
    }

    static func exit(_ status: ExitStatus) -> Never { Glibc.exit(status.code) }
}

/// Stands where a door is not built yet.
struct AbsentDoors: Transport, TimeSource, Volume, Entropy {
    var now: Timestamp { .epoch }
    private var fault: Fault { Fault(.denied, "this door is not there") }

    func send(_ request: HTTPRequest) async throws(Fault) -> HTTPResponse { throw fault }
    func sleep(until deadline: Timestamp) async throws(CancellationError) { throw CancellationError() }
    func append(_ bytes: [UInt8], to path: String) async throws(Fault) -> Int64 { throw fault }
    func synchronize(_ path: String) async throws(Fault) { throw fault }
    func read(_ path: String, in range: Range<Int64>) async throws(Fault) -> [UInt8] { throw fault }
    func length(of path: String) async throws(Fault) -> Int64? { throw fault }
    func rename(_ old: String, to new: String) async throws(Fault) { throw fault }
    func remove(_ path: String) async throws(Fault) { throw fault }
    func files(under folder: String) async throws(Fault) -> [String] { throw fault }
    func next() -> UInt64 { 0 }
}
