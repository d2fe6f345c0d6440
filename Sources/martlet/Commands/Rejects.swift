import Pipeline
import Ports

extension Command.Option {
    static let rejects = Command.Option(
        "rejects", .path, "FILE", "Where refused records go, one JSON object a line")
}

extension InputRefusals {
    /// The refusals of one command, kept where its `--rejects` says.
    static func make(
        feed: String, _ invocation: Invocation, _ context: CommandContext
    ) async throws -> InputRefusals {
        guard let file = invocation.text("rejects") else {
            return try await InputRefusals(feed: feed, keptIn: nil)
        }
        let path = context.absolute(file)
        if let entry = try await context.files.entry(at: path), entry.kind != .file {
            throw CommandFailure("--rejects \(file): this is not a regular file", status: .usage)
        }
        let volume = try context.sharedVolume(Paths.folder(of: path))
        return try await InputRefusals(feed: feed, keptIn: (volume, Paths.name(of: path)))
    }

    /// Says the first of them, and how many more there are.
    func tell(_ context: CommandContext) {
        for line in told { context.say(printable(line)) }
        let more = records + inputs - told.count
        if more > 0 { context.say("and \(grouped(more)) more") }
    }
}
