/// The manual page `martlet(1)`, made from the declarations, in the man(7) macros.
enum ManualPage {
    static func text() -> String {
        var page = """
            .\\" Written by martlet man; made from the same declarations as --help.
            .TH MARTLET 1 "" "martlet \(Version.number)" "User Commands"
            .SH NAME
            martlet \\- identity telemetry: collect, normalize, score, deliver and query audit logs
            .SH SYNOPSIS
            .B martlet
            .I COMMAND
            [options]
            .SH DESCRIPTION
            Martlet collects cloud audit logs and access-change feeds, turns them into OCSF events, finds what is
            wrong in them, and delivers both, with an account of every record.
            .PP
            Times are RFC 3339 or relative (\\-24h, yesterday, 7d); durations 15m, 24h, 7d; sizes 64MiB.
            .SH COMMANDS

            """
        for command in Command.all where !command.isHidden { page += section(command) }
        page += """
            .SH OPTIONS OF EVERY COMMAND

            """
        for option in Command.Option.everywhere { page += item(option) }
        page += """
            .SH EXIT STATUS
            .TP
            .B 0
            done
            .TP
            .B 1
            what was asked for did not hold: a check, a test, a ledger
            .TP
            .B 2
            bad usage or configuration; every problem is listed with its place
            .TP
            .B 3
            done, but some input was unreadable or refused and is kept with its reason
            .TP
            .B 130
            interrupted
            .SH ENVIRONMENT
            .TP
            .B MARTLET_STATE
            where state is kept, unless \\-\\-state or the pipeline file says otherwise
            .TP
            .B NO_COLOR
            no colours on a terminal
            .SH FILES
            .TP
            .I ~/.local/state/martlet
            state, where nothing else is said

            """
        return page
    }

    private static func section(_ command: Command) -> String {
        var text = ".SS \"\(escaped(HelpText.usage(of: command)))\"\n\(escaped(command.summary)).\n"
        if !command.discussion.isEmpty { text += ".PP\n\(escaped(command.discussion))\n" }
        for argument in command.arguments {
            text += ".TP\n.I \(escaped(argument.name))\n\(escaped(argument.help))\n"
        }
        for option in command.options { text += item(option) }
        text += ".PP\n.EX\n\(command.examples.map(escaped).joined(separator: "\n"))\n.EE\n"
        return text
    }

    private static func item(_ option: Command.Option) -> String {
        let short = option.short.map { "\\fB\\-\($0)\\fR, " } ?? ""
        let value = option.placeholder.isEmpty ? "" : " \\fI\(escaped(option.placeholder))\\fR"
        var help = option.help
        if let listed = option.kind?.listed, !listed.isEmpty { help += ": \(listed.joined(separator: ", "))" }
        return ".TP\n\(short)\\fB\\-\\-\(escaped(option.name))\\fR\(value)\n\(escaped(help))\n"
    }

    /// A backslash and a hyphen mean something to roff, and so do a dot and a quote that begin a line.
    private static func escaped(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            let plain = line.replacing("\\", with: "\\e").replacing("-", with: "\\-")
            return plain.isEmpty
                ? ".PP" : plain.first == "." || plain.first == "'" ? "\\&" + plain : String(plain)
        }.joined(separator: "\n")
    }
}
