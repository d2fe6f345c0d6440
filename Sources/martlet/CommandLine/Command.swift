import Engine
import Pipeline

/// One command: what it is called, what it takes, what it does.
///
/// The declaration drives parsing, `--help`, the completions and the reference; a command is one value in a file of
/// its own, listed in `Command.all`.
struct Command: Sendable {
    /// One word, or two for a command of a family: `run`, `rules check`.
    var name: String
    /// What it does, in one line.
    var summary: String
    /// More about it, in paragraphs wrapped by hand at 100 columns; shown by `--help` only.
    var discussion = ""
    var arguments: [Argument] = []
    var options: [Option] = []
    /// Command lines that work as they stand.
    var examples: [String]
    /// For our own scripts: works, but is neither listed nor completed.
    var isHidden = false
    var run: @Sendable (Invocation, CommandContext) async throws -> ExitStatus

    /// What stands on the command line by its place.
    struct Argument: Sendable {
        var name: String
        var help: String
        var kind = ValueKind.text
        var isRequired = true
        /// Takes all that follow; only for the last one.
        var isRepeated = false

        init(
            _ name: String, _ help: String, kind: ValueKind = .text, isRequired: Bool = true,
            isRepeated: Bool = false
        ) {
            self.name = name
            self.help = help
            self.kind = kind
            self.isRequired = isRequired
            self.isRepeated = isRepeated
        }
    }

    /// What stands on the command line by its name, `--name VALUE`; without a value kind, a switch.
    struct Option: Sendable {
        /// Without the two dashes.
        var name: String
        var short: Character?
        var kind: ValueKind?
        /// What the value is called in the help: `DIR`.
        var placeholder: String
        var help: String
        var isRepeated = false
        var isRequired = false

        /// A switch.
        init(_ name: String, short: Character? = nil, _ help: String) {
            self.name = name
            self.short = short
            self.placeholder = ""
            self.help = help
        }

        init(
            _ name: String, short: Character? = nil, _ kind: ValueKind, _ placeholder: String, _ help: String,
            isRepeated: Bool = false, isRequired: Bool = false
        ) {
            self.name = name
            self.short = short
            self.kind = kind
            self.placeholder = placeholder
            self.help = help
            self.isRepeated = isRepeated
            self.isRequired = isRequired
        }
    }

    /// What a value must look like; checked before the command runs.
    enum ValueKind: Sendable {
        case text
        case path
        case integer(ClosedRange<Int>)
        /// `15m`, `24h`, `7d`.
        case duration
        /// `64MiB`.
        case size
        /// RFC 3339 or relative.
        case time
        case choice([String])
        /// Several of these, with commas between.
        case choices([String])
    }
}

/// What a command ends with; the numbers are a promise to scripts.
struct ExitStatus: Hashable, Sendable {
    var code: Int32

    static let done = ExitStatus(code: 0)
    /// The thing asked for did not hold.
    static let notHeld = ExitStatus(code: 1)
    /// Bad usage or configuration.
    static let usage = ExitStatus(code: 2)
    /// Done, but some input was unreadable or refused, and is kept with its reason.
    static let refused = ExitStatus(code: 3)
    static let interrupted = ExitStatus(code: 130)
}

/// Thrown by a command for what it could not do; the message goes to standard error.
struct CommandFailure: Error {
    var status: ExitStatus
    var message: String

    init(_ message: String, status: ExitStatus = .notHeld) {
        self.status = status
        self.message = message
    }
}

extension Command.Option {
    /// What every command takes.
    static let everywhere: [Command.Option] = [
        Command.Option("quiet", short: "q", "No progress, log lines or summaries on standard error"),
        Command.Option("verbose", short: "v", "Log details as well"),
        Command.Option("log-format", .choice(["text", "json"]), "FORMAT", "How log lines are written"),
        Command.Option("help", short: "h", "This text"),
    ]

    static let state = Command.Option(
        "state", .path, "DIR", "Where state is kept (default: $MARTLET_STATE, else ~/.local/state/martlet)")
    static let vendors = Command.Option(
        "vendors", .path, "DIR", "Folder with more feeds: <vendor>/<feed>/feed.yaml and mapping.yaml",
        isRepeated: true)
    static let from = Command.Option(
        "from", .time, "TIME", "From this time on: RFC 3339, or -24h, yesterday, 7d")
    static let to = Command.Option("to", .time, "TIME", "Up to this time")

    static func format(_ names: [String], _ help: String = "How the result is printed") -> Command.Option {
        Command.Option("format", .choice(names), "FORMAT", help)
    }
}
