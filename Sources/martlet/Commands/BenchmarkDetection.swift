import Codecs
import Engine
import Pipeline
import Ports
import Simulation

extension Command {
    static let benchmarkDetection = Command(
        name: "benchmark-detection",
        summary:
            "Measures the baselines: recorded attacks hidden in weeks of generated life (for developers)",
        discussion: """
            For each seed, generates the life of --identities identities for --days days, injects the recorded attacks of
            --traces into its last 15 days (60 % with a stolen credential, 20 % from a network that others use, 20 % as
            the victim), and runs detection over it with the budget fixed beforehand. One JSON object a line for each seed
            and one for all: recall by kind of access, alerts a day on which nothing was injected, the victim's rank, and
            the same for risk points counted once a rule and day and for Elastic's sum, with thresholds from the days
            before. DIR holds labels_inferred.json ({"techniques":[{"technique","event_ids"}]}) and CloudTrail files.
            Exit status 1 where a target is missed.
            """,
        options: [
            Option("traces", .path, "DIR", "Recorded attacks with their labels", isRequired: true),
            Option("seed", .integer(0...Int.max), "N", "A seed (default: 5, 6, 7 and 8)", isRepeated: true),
            Option("identities", .integer(50...100_000), "N", "How many identities (default 1000)"),
            Option("days", .integer(35...400), "N", "How many days (default 45)"),
            Option("attacks", .integer(1...1_000), "N", "Attacks in the last 15 days (default 36)"),
            .budget,
            Option(
                "replay", "Also run each seed shuffled and with a fifth of it twice, and compare what stands"),
            Option("rules", .path, "PATH", "Sigma rules in place of the built-in ones", isRepeated: true),
            .placeholders, .geo,
        ],
        examples: ["martlet benchmark-detection --traces traces/ --seed 5 --seed 6"]
    ) { invocation, context in
        let named = invocation.texts("rules")
        let rules = try await RuleSet.read(
            named.isEmpty ? [RuleLibrary.builtinName] : named, invocation, context)
        let path = invocation.text("traces") ?? "."
        let traces = try await AttackTraces.read(context.absolute(path), shownAs: path, context)
        context.say("\(traces.all.count) recorded attacks")
        var seeds = invocation.texts("seed").compactMap { UInt64($0) }
        if seeds.isEmpty { seeds = [5, 6, 7, 8] }
        let geography = try await Geography.read(invocation, context)
        var total = DetectionMeasure()
        for seed in seeds {
            var options = HabitTrail.Options()
            options.seed = seed
            options.identities = invocation.integer("identities") ?? options.identities
            options.days = invocation.integer("days") ?? options.days
            var benchmark = DetectionBenchmark(
                options, traces.all, attacks: invocation.integer("attacks") ?? 36,
                budget: Double(invocation.integer("budget") ?? 5), rules)
            benchmark.geography = geography
            let measure = try await benchmark.run(context)
            if invocation.isSet("replay") {
                benchmark.isShuffled = true
                let again = try await benchmark.run(context)
                total.replayDifferences += measure.findings.symmetricDifference(again.findings).count
            }
            context.output.writeLine(measure.line("\(seed)", seeds: 1))
            total += measure
        }
        context.output.writeLine(total.line("all", seeds: seeds.count))
        return total.misses(budget: Double(invocation.integer("budget") ?? 5), context) ? .notHeld : .done
    }
}

/// Recorded attacks, each a list of calls.
private struct AttackTraces {
    var all: [(technique: String, calls: [HabitTrail.TraceCall])] = []

    /// Tools' names that would give an attack away stand in user agents, which are replaced, and in parameters.
    private static let tools = ["stratus-red-team", "stratus_red_team", "stratusredteam", "stratus"]

    static func read(_ folder: String, shownAs name: String, _ context: CommandContext) async throws
        -> AttackTraces
    {
        let path = "\(folder)/labels_inferred.json"
        guard try await context.files.entry(at: path) != nil else {
            throw CommandFailure("\(name) holds no labels_inferred.json", status: .usage)
        }
        let labels = try JSONReader.document(
            in: try await context.files.read(path, bytesMax: 64 << 20), file: path)
        let records = RecordCollector()
        let walk = InputWalk(context.files, standardInput: context.readInput, until: Pulse())
        let trails = "\(folder)/CloudTrail"
        try await walk.walk([trails], shownAs: [trails], into: records) { _ in }
        var traces = AttackTraces()
        for technique in labels["techniques"]?.list ?? [] {
            let uids = Set(technique["event_ids"]?.list?.compactMap(\.string) ?? [])
            let own = records.records.filter { uids.contains($0["eventID"]?.string ?? "") }
            let calls = calls(own)
            if !calls.isEmpty { traces.all.append((technique["technique"]?.string ?? "", calls)) }
        }
        guard !traces.all.isEmpty else {
            throw CommandFailure("\(name): none of the labelled events is in its files", status: .usage)
        }
        return traces
    }

    private static func calls(_ records: [Document]) -> [HabitTrail.TraceCall] {
        let timed = records.compactMap { record -> (Timestamp, Document)? in
            record["eventTime"]?.string.flatMap { Timestamp(iso8601: $0) }.map { ($0, record) }
        }.sorted { ($0.0, $0.1["eventID"]?.string ?? "") < ($1.0, $1.1["eventID"]?.string ?? "") }
        guard let first = timed.first?.0 else { return [] }
        return timed.compactMap { time, record in
            guard let source = record["eventSource"]?.string, let name = record["eventName"]?.string else {
                return nil
            }
            let parameters = record["requestParameters"].map { masked($0.jsonText) } ?? "null"
            return HabitTrail.TraceCall(
                source: source, name: name, error: record["errorCode"]?.string, parameters: parameters,
                after: Int((time - first).nanoseconds / 1_000_000_000),
                isReadOnly: record["readOnly"]?.bool ?? false)
        }
    }

    private static func masked(_ text: String) -> String {
        var text = text
        for tool in tools {
            text = text.split(separator: tool, omittingEmptySubsequences: false).joined(separator: "app")
        }
        return text
    }
}

/// Keeps whole records of files, as documents.
private final class RecordCollector: InputSink {
    private(set) var records: [Document] = []
    private let reader = RecordReader()

    func begin(_ file: String) { reader.begin(RecordLayouts()) }
    func feed(_ bytes: Span<UInt8>) {
        reader.feed(bytes)
        drain()
    }
    func finish(fault: String?) {
        reader.finish()
        drain()
    }
    func settle() async throws(Fault) {}

    private func drain() {
        while reader.advance() {
            for record in reader.records {
                let text = Array(reader.tape.text(reader.tape.extent(record.open)).utf8)
                if let document = try? JSONReader.document(in: text, file: "record") {
                    records.append(document)
                }
            }
        }
    }
}

extension Document {
    /// The value as JSON again.
    fileprivate var jsonText: String {
        if let map {
            return "{" + map.map { quoted($0.key) + ":" + $0.value.jsonText }.joined(separator: ",") + "}"
        }
        if let list { return "[" + list.map(\.jsonText).joined(separator: ",") + "]" }
        if let string { return quoted(string) }
        if let integer { return "\(integer)" }
        if let bool { return "\(bool)" }
        return "null"
    }

    private func quoted(_ text: String) -> String {
        String(decoding: JSONFragment.quoted(text), as: UTF8.self)
    }
}
