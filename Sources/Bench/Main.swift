import Engine
import Platform

/// Times the stages of the hot path; each prints nanoseconds an event and what it saw.
@main
struct Main {
    static func main() async throws {
        // As the program does: what its memory is measured with.
        ProcessMemory.keepHeapSmall()
        let words = Array(CommandLine.arguments.dropFirst())
        switch words.first {
        case "rules": try RuleStage.run(Array(words.dropFirst()))
        case "stages" where words.count > 3:
            try StageBench(feed: words[1], paths: Array(words.dropFirst(3)), rules: [words[2]]).run()
        case "convert" where words.count > 4: try ConvertBench.run(Array(words.dropFirst()))
        case "baselines":
            try BaselineBench.run(identities: words.count > 1 ? Int(words[1]) ?? 1_000_000 : 1_000_000)
        case "attribution":
            try AttributionBench(
                identities: words.count > 1 ? Int(words[1]) ?? 1_000 : 1_000,
                days: words.count > 2 ? Int(words[2]) ?? 2 : 2
            ).run()
        case "drift":
            try DriftBench.run(
                principals: words.count > 1 ? Int(words[1]) ?? 10_000 : 10_000,
                changes: words.count > 2 ? Int(words[2]) ?? 100_000 : 100_000,
                isDeclared: words.contains("declared"))
        case "policy": try PolicyStage.run(Array(words.dropFirst()))
        case "delivery": try await DeliveryBench.run(Array(words.dropFirst()))
        case "store": try await StoreBench.run(Array(words.dropFirst()))
        case "feeds": try FeedTable.run(Array(words.dropFirst()))
        case "speed": try FeedSpeed.run(Array(words.dropFirst()))
        case "catalog": try await StoreBench.catalog(Array(words.dropFirst()))
        default:
            print("usage: Bench stages FEED RULES-FOLDER FILE…")
            print("       Bench convert FEED RULES-FOLDER|- OUT-FOLDER FILE…")
            print("       Bench feeds [--data FOLDER] [--of FEED]")
            print("       Bench speed [--data FOLDER] [FEED…]")
            print("       Bench baselines [IDENTITIES]")
            print("       Bench attribution [IDENTITIES [DAYS]]")
            print("       Bench drift [PRINCIPALS [CHANGES [declared]]]")
            print("       Bench store FEED FILE…")
            print("       Bench delivery [--times N] [--disk DIR] [--way NAME] FEED FILE…")
            print("       Bench catalog SEGMENTS")
            print("       Bench policy PAIRS.jsonl")
            print("       Bench rules --records FOLDER [--rules FOLDER]…")
        }
    }
}
