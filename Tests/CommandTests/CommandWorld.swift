import Engine
import Pipeline
import Ports
import Simulation

@testable import martlet

/// A command run in this process, with all that it wrote.
struct CommandWorld {
    let output = WrittenBytes()
    let messages = WrittenBytes()
    let files: SimulatedFiles
    var context: CommandContext

    init(
        environment: [String: String] = [:], currentFolder: String = "/home/ada",
        files: [String: String] = [:]
    ) {
        self.files = SimulatedFiles(files)
        var surroundings = AbsentDoors.surroundings(environment: environment)
        surroundings.files = self.files
        context = CommandContext(
            output: Output { [output] in output.append($0) },
            messages: Output { [messages] in messages.append($0) },
            surroundings: surroundings,
            readingVolume: { _ in AbsentDoors() },
            sharedVolume: { _ in AbsentDoors() },
            serve: { _, _, _ in CommandContext.Served(url: "http://127.0.0.1:0") {} },
            readInput: { () async throws(Fault) in nil },
            currentFolder: currentFolder)
    }

    func run(_ words: String...) async -> ExitStatus { await Dispatch.run(words, in: context) }
}
