import Engine
import Pipeline
import Ports

/// Finds the command that was asked for, runs it, and turns whatever comes of it into an exit status.
enum Dispatch {
    /// `words` is the command line without the program's own name.
    static func run(_ words: [String], in context: CommandContext) async -> ExitStatus {
        let status: ExitStatus
        do {
            status = try await perform(words, in: context)
        } catch let fault as UsageFault {
            for complaint in fault.complaints { context.messages.write("martlet: \(complaint)\n") }
            let help = fault.command.map { "martlet \($0.name) --help" } ?? "martlet help"
            context.messages.write("Try “\(help)”.\n")
            status = .usage
        } catch {
            status = report(error, in: context)
        }
        context.output.finish()
        context.messages.finish()
        return status
    }

    private static func perform(_ words: [String], in context: CommandContext) async throws -> ExitStatus {
        guard let first = words.first else {
            context.messages.write(HelpText.overview())
            return .usage
        }
        if ["--help", "-h"].contains(first) {
            context.output.write(HelpText.overview())
            return .done
        }
        if ["--version", "-V"].contains(first) {
            context.output.writeLine(Version.line)
            return .done
        }
        if words.count == 2, ["--help", "-h"].contains(words[1]), let family = HelpText.family(first) {
            context.output.write(family)
            return .done
        }
        let (command, rest) = try find(words)
        let invocation = try Invocation(command, rest)
        if invocation.isSet("help") {
            context.output.write(HelpText.text(of: command))
            return .done
        }
        return try await command.run(invocation, adjusted(context, to: invocation))
    }

    /// The command named by the first one or two words, and what follows it.
    static func find(_ words: [String]) throws(UsageFault) -> (Command, [String]) {
        if words.count >= 2, let command = Command.named("\(words[0]) \(words[1])") {
            return (command, Array(words.dropFirst(2)))
        }
        guard let first = words.first else { throw UsageFault(complaints: ["a command is missing"]) }
        if let command = Command.named(first) { return (command, Array(words.dropFirst())) }
        let family = Command.all.filter { $0.name.hasPrefix("\(first) ") && !$0.isHidden }.map(\.name)
        if !family.isEmpty {
            let list = family.joined(separator: ", ")
            guard words.count >= 2, !words[1].hasPrefix("-") else {
                throw UsageFault(complaints: ["“\(first)” needs one more word: \(list)"])
            }
            let near = nearestName(to: "\(first) \(words[1])", among: family).map {
                "; did you mean “\($0)”?"
            }
            throw UsageFault(
                complaints: [
                    "unknown command “\(printable("\(first) \(words[1])"))”\(near ?? ": there is \(list)")"
                ])
        }
        let names = Command.all.filter { !$0.isHidden }.map(\.name)
        let near = nearestName(to: first, among: names).map { "; did you mean “\($0)”?" } ?? ""
        throw UsageFault(complaints: ["unknown command “\(printable(first))”\(near)"])
    }

    private static func adjusted(_ context: CommandContext, to invocation: Invocation) -> CommandContext {
        var context = context
        context.isQuiet = invocation.isSet("quiet")
        context.logsJSON = invocation.text("log-format") == "json"
        let isQuiet = context.isQuiet
        let logsJSON = context.logsJSON
        let messages = context.messages
        context.surroundings.log = Log(
            from: invocation.isSet("verbose") ? .detail : .info, time: context.time
        ) {
            line in
            // An operator who silenced the log still has to act on an error.
            if isQuiet, line.level < .error { return }
            messages.writeLine(logsJSON ? line.json : line.text)
        }
        return context
    }

    private static func report(_ error: any Error, in context: CommandContext) -> ExitStatus {
        switch error {
        case let failure as CommandFailure:
            // Some show a line of the user's own text with a mark under it.
            let lines = failure.message.split(separator: "\n", omittingEmptySubsequences: false)
            context.messages.write(
                "martlet: \(lines.map { printable(String($0)) }.joined(separator: "\n"))\n")
            return failure.status
        case let problems as Problems:
            for problem in problems.list { context.messages.write("\(printable(problem.description))\n") }
            return .usage
        case let problem as Problem:
            context.messages.write("\(printable(problem.description))\n")
            return .usage
        case let fault as Fault:
            if fault.kind == .cancelled { return .interrupted }
            context.messages.write("martlet: \(printable(fault.message))\n")
            return .notHeld
        case is CancellationError:
            return .interrupted
        default:
            context.messages.write("martlet: \(printable("\(error)"))\n")
            return .notHeld
        }
    }
}
