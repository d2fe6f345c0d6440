/// `--help`, made from the declarations.
enum HelpText {
    /// What `martlet help` prints.
    static func overview() -> String {
        let listed = Command.all.filter { !$0.isHidden }
        let width = listed.map(\.name.count).max() ?? 0
        var text = """
            Martlet collects cloud audit logs, turns them into OCSF events, finds what is wrong in them, and
            delivers both, with an account of every record.

            Usage: martlet COMMAND [options]

            Commands:

            """
        for command in listed { text += row(command.name, command.summary, width: width) }
        text += """

            “martlet COMMAND --help” says more about each. Times are RFC 3339 or relative (-24h, yesterday, 7d);
            durations 15m, 24h, 7d; sizes 64MiB.

            Try it: martlet demo

            """
        return text
    }

    /// What commands of two words have in common: those that begin so; `nil` where none does, or the word is one itself.
    static func family(_ first: String) -> String? {
        let listed = Command.all.filter { $0.name.hasPrefix("\(first) ") && !$0.isHidden }
        guard !listed.isEmpty, Command.named(first) == nil else { return nil }
        let width = listed.map(\.name.count).max() ?? 0
        return "Usage: martlet \(first) COMMAND [options]\n\nCommands:\n"
            + listed.map { row($0.name, $0.summary, width: width) }.joined()
            + "\n“martlet \(first) COMMAND --help” says more about each.\n"
    }

    static func text(of command: Command) -> String {
        var text = "\(command.summary)\n\nUsage: \(usage(of: command))\n"
        if !command.discussion.isEmpty { text += "\n\(command.discussion)\n" }
        if !command.arguments.isEmpty {
            text += "\nArguments:\n"
            let width = command.arguments.map(\.name.count).max() ?? 0
            for argument in command.arguments { text += row(argument.name, argument.help, width: width) }
        }
        text += "\nOptions:\n"
        let options = command.options + Command.Option.everywhere
        let width = options.map { label(of: $0).count }.max() ?? 0
        for option in options {
            var help = option.help
            if let listed = option.kind?.listed, !listed.isEmpty {
                help += ": \(listed.joined(separator: ", "))"
            }
            if option.isRequired { help += " (required)" }
            if option.isRepeated { help += " (may be repeated)" }
            text += row(label(of: option), help, width: width)
        }
        text += command.examples.count == 1 ? "\nExample:\n" : "\nExamples:\n"
        for example in command.examples { text += "  \(example)\n" }
        return text
    }

    static func usage(of command: Command) -> String {
        var parts = ["martlet", command.name]
        for option in command.options where option.isRequired {
            parts.append("--\(option.name) \(option.placeholder)")
        }
        parts.append("[options]")
        for argument in command.arguments {
            let name = argument.isRepeated ? "\(argument.name)…" : argument.name
            parts.append(argument.isRequired ? name : "[\(name)]")
        }
        return parts.joined(separator: " ")
    }

    private static func label(of option: Command.Option) -> String {
        let short = option.short.map { "-\($0), " } ?? "    "
        return "\(short)--\(option.name)" + (option.placeholder.isEmpty ? "" : " \(option.placeholder)")
    }

    /// Two columns; the second is wrapped at 100 columns.
    private static func row(_ label: String, _ help: String, width: Int) -> String {
        let indent = String(repeating: " ", count: width + 4)
        var lines: [String] = []
        var line = "  \(label)" + String(repeating: " ", count: max(0, width - label.count) + 2)
        for word in help.split(separator: " ") {
            if line.count + word.count > 100, line != indent {
                lines.append(line)
                line = indent
            }
            line += word + " "
        }
        lines.append(line)
        return lines.map { String($0.reversed().drop { $0 == " " }.reversed()) + "\n" }.joined()
    }
}
