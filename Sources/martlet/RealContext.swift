import Engine
import Glibc
import Pipeline
import Platform
import Ports

/// The context of a command that was typed into a shell.
enum RealContext {
    static func make(stoppedBy signals: AsyncStream<StopSignals.Kind>) -> CommandContext {
        let outputIsTerminal = StandardStreams.outputIsTerminal
        return CommandContext(
            output: Output(isLineBuffered: outputIsTerminal) { StandardStreams.write($0) },
            messages: Output(isLineBuffered: true) { StandardStreams.write($0, toErrors: true) },
            surroundings: AbsentDoors.surroundings(environment: StandardStreams.environment),
            readInput: { () async throws(Fault) in try StandardStreams.read() },
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
