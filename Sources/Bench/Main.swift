@main
struct Main {
    /// Each stage prints nanoseconds an event and what it saw; without a name, all of them.
    static func main() throws {
        let words = Array(CommandLine.arguments.dropFirst())
        switch words.first {
        case "rules": try RuleStage.run(Array(words.dropFirst()))
        default: print("usage: Bench rules --records FOLDER [--rules FOLDER]…")
        }
    }
}
