import Engine
import Foundation
import Pipeline
import Ports
import Testing

@testable import martlet

@Suite struct CommandLineTests {
    /// A command with one option of each kind, to read words with.
    static let sample = Command(
        name: "sample", summary: "Takes one of everything",
        arguments: [Command.Argument("INPUT", "What to read", kind: .path, isRepeated: true)],
        options: [
            .init("once", short: "o", "A switch"),
            .init("age", short: "a", .duration, "AGE", "A duration"),
            .init("size", .size, "SIZE", "A size"),
            .init("count", .integer(1...10), "N", "A number"),
            .init("format", .choice(["table", "json"]), "FORMAT", "A choice"),
            .init("rules", .path, "PATH", "Repeated", isRepeated: true),
            .state,
        ],
        examples: ["martlet sample a.json"]
    ) { _, _ in .done }

    @Test("Reads values attached, apart, short and bundled, and stops at two dashes")
    func reading() throws {
        let read = try Invocation(
            Self.sample,
            ["-oa", "15m", "--size=64MiB", "a.json", "--rules", "x", "--rules=y", "-", "--", "--count"])
        #expect(read.isSet("once"))
        #expect(read.duration("age") == .seconds(900))
        #expect(read.size("size")?.bytes == 64 << 20)
        #expect(read.texts("rules") == ["x", "y"])
        #expect(read.arguments == ["a.json", "-", "--count"])
    }

    @Test("Says everything that is wrong at once, with the nearest valid name")
    func complaints() throws {
        let fault = #expect(throws: UsageFault.self) {
            try Invocation(
                Self.sample, ["--formt", "--count=11", "--age", "soon", "--format", "jsn", "--once=yes"])
        }
        let complaints = fault?.complaints ?? []
        #expect(complaints.contains("unknown option --formt; did you mean --format?"))
        #expect(complaints.contains("--count 11: must be from 1 to 10"))
        #expect(complaints.contains("--age soon: a duration is needed: 15m, 24h, 7d"))
        #expect(complaints.contains("--format jsn: did you mean json?"))
        #expect(complaints.contains("--once takes no value"))
        #expect(complaints.contains("INPUT is missing"))
    }

    @Test("The manual page has every command and option, and no line of theirs is taken for a macro")
    func manualPage() async {
        let world = CommandWorld()
        #expect(await world.run("man") == .done)
        let page = world.output.text
        let macros: Set = [".TH", ".SH", ".SS", ".PP", ".TP", ".EX", ".EE", ".B", ".I", ".\\\""]
        for line in page.split(separator: "\n") where line.first == "." || line.first == "'" {
            #expect(macros.contains(String(line.prefix { $0 != " " })), "\(line)")
        }
        for command in Command.all where !command.isHidden {
            #expect(page.contains(".SS \"martlet \(command.name.replacing("-", with: "\\-")) "))
            for option in command.options {
                #expect(page.contains("\\-\\-\(option.name.replacing("-", with: "\\-"))\\fR"))
            }
        }
    }

    @Test("The least that feeds must be allowed is printed as the cloud takes it")
    func feedPolicies() async throws {
        let world = CommandWorld()
        #expect(
            await world.run("feeds", "--policy", "aws", "aws.cloudtrail", "aws.kms", "azure.roles") == .done)
        let policy = try JSONSerialization.jsonObject(with: Data(world.output.text.utf8)) as? [String: Any]
        let statements = policy?["Statement"] as? [[String: Any]]
        let actions = try #require(statements?.first?["Action"] as? [String])
        #expect(actions.contains("sqs:DeleteMessage") && actions.contains("kms:GetKeyPolicy"))
        #expect(
            actions == actions.sorted() && !actions.contains { $0.contains(",") || $0.hasPrefix("Microsoft") }
        )

        let other = CommandWorld()
        #expect(await other.run("feeds", "--policy", "google", "okta.system_log") == .usage)
        #expect(other.messages.text.contains("none of these feeds asks anything of google"))
        let misspelt = CommandWorld()
        #expect(await misspelt.run("feeds", "aws.kns") == .usage)
        #expect(misspelt.messages.text.contains("there is no feed aws.kns; did you mean aws.kms?"))
    }

    @Test("An unknown command ends with status 2 and the nearest one, on standard error")
    func unknownCommand() async {
        let world = CommandWorld()
        #expect(await world.run("versoin") == .usage)
        #expect(world.messages.text.contains("unknown command “versoin”; did you mean “version”?"))
        #expect(world.output.text.isEmpty)
    }

    @Test("Control characters that somebody typed never reach the terminal")
    func hostileWords() async {
        let world = CommandWorld()
        #expect(await world.run("\u{1B}]0;owned\u{7}") == .usage)
        #expect(!world.messages.text.contains("\u{1B}"))
    }

    @Test("Every command explains itself with an example that names it", arguments: Command.all.map(\.name))
    func help(name: String) async {
        let world = CommandWorld()
        let words = name.split(separator: " ").map { String($0) } + ["--help"]
        #expect(await Dispatch.run(words, in: world.context) == .done)
        #expect(world.output.text.contains("Usage: martlet \(name)"))
        #expect(world.output.text.contains("Example"))
        let examples = Command.named(name)?.examples ?? []
        #expect(!examples.isEmpty && examples.allSatisfy { $0.contains("martlet \(name)") })
        #expect(world.messages.text.isEmpty)
    }

    @Test(
        "The first of two words explains what may come behind it",
        arguments: ["spool", "deadletter", "store", "policy", "baseline", "rules"])
    func families(word: String) async {
        for words in [[word, "--help"], ["help", word]] {
            let world = CommandWorld()
            #expect(await Dispatch.run(words, in: world.context) == .done)
            #expect(world.output.text.contains("Usage: martlet \(word) COMMAND"))
            for command in Command.all where command.name.hasPrefix("\(word) ") && !command.isHidden {
                #expect(world.output.text.contains("  \(command.name) "))
            }
        }
        let world = CommandWorld()
        #expect(await world.run(word) == .usage && world.output.text.isEmpty)
        #expect(await CommandWorld().run("nonsense", "--help") == .usage)
    }

    @Test("Every example fits its command's declaration", arguments: Command.all.map(\.name))
    func examples(name: String) throws {
        let command = try #require(Command.named(name))
        for example in command.examples where example.hasPrefix("martlet ") {
            let words = Self.words(of: example).dropFirst(1 + name.split(separator: " ").count)
            _ = try Invocation(command, Array(words))
        }
    }

    /// The words that a shell would hand to the command: quotes undone, up to a pipe, a redirection or a comment.
    private static func words(of line: String) -> [String] {
        var words: [String] = []
        var word: String?
        var quote: Character?
        for letter in line {
            if let open = quote {
                if letter == open { quote = nil } else { word?.append(letter) }
            } else if letter == "\"" || letter == "'" {
                quote = letter
                word = word ?? ""
            } else if letter == " " {
                if let done = word { words.append(done) }
                word = nil
            } else if "|>#".contains(letter), word == nil {
                break
            } else {
                word = (word ?? "") + String(letter)
            }
        }
        return words + (word.map { [$0] } ?? [])
    }

    @Test("The version goes to standard output", arguments: ["version", "--version"])
    func version(word: String) async {
        let world = CommandWorld()
        #expect(await world.run(word) == .done)
        #expect(world.output.text == "martlet 0.1.0\n")
    }

    @Test("Completions name every command and option", arguments: ["bash", "zsh", "fish"])
    func completions(shell: String) async {
        let world = CommandWorld()
        #expect(await world.run("completions", shell) == .done)
        for command in Command.all where !command.isHidden {
            for word in command.name.split(separator: " ") { #expect(world.output.text.contains(word)) }
            for option in command.options { #expect(world.output.text.contains(option.name)) }
        }
    }

    @Test("The state folder comes from the option, the environment, the pipeline, the home, in that order")
    func stateFolder() throws {
        let named = CommandWorld(environment: ["MARTLET_STATE": "/srv/state", "HOME": "/home/ada"]).context
        #expect(try named.stateFolder("here", pipeline: "/p") == "/home/ada/here")
        #expect(try named.stateFolder(nil, pipeline: "/p") == "/srv/state")
        let plain = CommandWorld(environment: ["HOME": "/home/ada"]).context
        #expect(try plain.stateFolder(nil, pipeline: "/p") == "/p")
        #expect(try plain.stateFolder(nil) == "/home/ada/.local/state/martlet")
        #expect(throws: CommandFailure.self) { try CommandWorld().context.stateFolder(nil) }
    }

    @Test("A progress line tells share, rate, counts and time left")
    func progress() {
        let line = ProgressLine.line(
            "normalize", 50 << 20, 100 << 20, elapsed: 2, counts: ["events": 1_234_567])
        #expect(line == "normalize  [==========          ] 50%  25.0 MiB/s  1,234,567 events  0:02 left")
    }
}
