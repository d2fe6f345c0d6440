import Engine
import Ports

@testable import martlet

/// A command run in this process, with all that it wrote.
struct CommandWorld {
    let output = WrittenBytes()
    let messages = WrittenBytes()
    var context: CommandContext

    init(environment: [String: String] = [:], currentFolder: String = "/home/ada") {
        let absent = AbsentDoors()
        context = CommandContext(
            output: Output { [output] in output.append($0) },
            messages: Output { [messages] in messages.append($0) },
            log: .silent,
            doors: Doors(transport: absent, time: absent, volume: absent, entropy: absent),
            volume: { _ in absent },
            readInput: { () async throws(Fault) in nil },
            environment: environment,
            currentFolder: currentFolder)
    }

    func run(_ words: String...) async -> ExitStatus { await Dispatch.run(words, in: context) }
}
