extension Command {
    static let help = Command(
        name: "help",
        summary: "Lists the commands, or explains one",
        arguments: [Argument("COMMAND", "The command's name", isRequired: false, isRepeated: true)],
        examples: ["martlet help run"]
    ) { invocation, context in
        if invocation.arguments.isEmpty {
            context.output.write(HelpText.overview())
        } else if invocation.arguments.count == 1, let family = HelpText.family(invocation.arguments[0]) {
            context.output.write(family)
        } else {
            let (command, _) = try Dispatch.find(invocation.arguments)
            context.output.write(HelpText.text(of: command))
        }
        return .done
    }

    static let version = Command(
        name: "version",
        summary: "Prints the version",
        examples: ["martlet version"]
    ) { _, context in
        context.output.writeLine(Version.line)
        return .done
    }

    static let completions = Command(
        name: "completions",
        summary: "Prints a completion script for a shell",
        arguments: [Argument("SHELL", "bash, zsh or fish", kind: .choice(["bash", "zsh", "fish"]))],
        examples: ["source <(martlet completions bash)"]
    ) { invocation, context in
        context.output.write(Completions.script(for: invocation.arguments[0]))
        return .done
    }
}

extension Command {
    static let man = Command(
        name: "man",
        summary: "Prints the manual page",
        examples: ["martlet man | man -l -", "martlet man > /usr/local/share/man/man1/martlet.1"]
    ) { _, context in
        context.output.write(ManualPage.text())
        return .done
    }
}

enum Version {
    static let number = "0.1.0"
    static let line = "martlet \(number)"
}
