import Engine

/// Times the stages of the hot path; each prints nanoseconds an event and what it saw.
@main
struct Main {
    static func main() throws {
        let words = Array(CommandLine.arguments.dropFirst())
        switch words.first {
        case "rules": try RuleStage.run(Array(words.dropFirst()))
        case "normalize" where words.count > 2:
            try NormalizeBench(feed: words[1], paths: Array(words.dropFirst(2))).run()
        default:
            print("usage: Bench rules --records FOLDER [--rules FOLDER]…")
            print("       Bench normalize FEED FILE…   (plain JSON)")
        }
    }
}
