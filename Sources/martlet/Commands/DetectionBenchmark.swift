import Engine
import Pipeline
import Ports
import Simulation

/// One seed of the detection benchmark.
struct DetectionBenchmark {
    /// Days at the end in which attacks are.
    private static let testDays = 15
    /// Days at the beginning that nobody is judged by.
    private static let learningDays = 14

    struct Episode {
        var day: Int
        var victim: String
        var technique: String
        var mode: HabitTrail.Mode
    }

    let options: HabitTrail.Options
    let traces: [(technique: String, calls: [HabitTrail.TraceCall])]
    let attacks: Int
    let budget: Double
    let rules: RuleSet
    /// Each day's records in another order, and a fifth of them twice.
    var isShuffled = false
    var geography: Geography?

    init(
        _ options: HabitTrail.Options, _ traces: [(technique: String, calls: [HabitTrail.TraceCall])],
        attacks: Int, budget: Double, _ rules: RuleSet
    ) {
        self.options = options
        self.traces = traces
        self.attacks = attacks
        self.budget = budget
        self.rules = rules
    }

    func run(_ context: CommandContext) async throws -> DetectionMeasure {
        var trail = HabitTrail(options)
        var dice = Dice(seed: options.seed &* 0x9E37_79B9 &+ 77)
        let first = options.days - Self.testDays
        var planned = [Int: Int]()
        for _ in 0..<attacks { planned[first + dice.below(Self.testDays), default: 0] += 1 }
        var settings = BehaviourSettings()
        settings.budget = budget
        let lines = FindingLines()
        let run = try DetectionRun(
            feed: "aws.cloudtrail", rules, try MappingCatalog.builtIn(), onlyMatches: false,
            behaviour: settings, geography: geography,
            refused: try await InputRefusals(feed: "aws.cloudtrail", keptIn: nil)
        ) { lines.take($0) }
        var measure = DetectionMeasure()
        var calibration: (risk: [Double], damped: [Double]) = ([], [])
        var progress = ProgressLine("seed \(options.seed)", in: context)
        run.begin("day")
        for day in 0..<options.days {
            var records = trail.records(of: day)
            let episodes = inject(planned[day] ?? 0, on: day, &trail, &dice, into: &records)
            if isShuffled { Self.shuffle(&records) }
            measure.records += records.count { $0 == UInt8(ascii: "\n") }
            run.feed(records.span)
            run.close()
            progress.update(
                bytes: Int64(day + 1), of: Int64(options.days), counts: ["records": run.counts.records])
            guard day >= Self.learningDays, let behaviour = run.behaviour else { continue }
            let report = behaviour.report(on: trail.time(of: day))
            if day < first {
                calibration.risk += report.map(\.riskPoints)
                calibration.damped += report.map(\.dampedSum)
            } else {
                measure.take(report, episodes, isStorm: behaviour.isStorm(on: trail.time(of: day)))
            }
        }
        run.finish(fault: nil)
        run.close()
        progress.finish()
        let wanted = Int(budget * Double(first - Self.learningDays))
        measure.riskLimit = Self.limit(calibration.risk, wanted)
        measure.dampedLimit = Self.limit(calibration.damped, wanted)
        measure.settle(budget: budget)
        measure.findings = lines.standing
        return measure
    }

    /// The least value that at most so many exceed.
    private static func limit(_ values: [Double], _ wanted: Int) -> Double {
        let sorted = values.sorted(by: >)
        return sorted.isEmpty ? .infinity : sorted[min(wanted, sorted.count - 1)]
    }

    private func inject(
        _ count: Int, on day: Int, _ trail: inout HabitTrail, _ dice: inout Dice, into records: inout [UInt8]
    ) -> [Episode] {
        var free = trail.active(on: day)
        var episodes: [Episode] = []
        for _ in 0..<count where !free.isEmpty {
            let place = dice.below(free.count)
            let victim = free.remove(at: place)
            let draw = dice.fraction()
            let mode: HabitTrail.Mode = draw < 0.6 ? .stolen : draw < 0.8 ? .nearby : .insider
            let trace = dice.pick(traces)
            let second = mode == .stolen ? dice.below(72_000) : 32_000 + dice.below(28_000)
            records += trail.attack(trace.calls, victim: victim, mode: mode, day: day, second: second)
            episodes.append(
                Episode(
                    day: day, victim: trail.people[victim].entity, technique: trace.technique, mode: mode))
        }
        return episodes
    }

    private static func shuffle(_ records: inout [UInt8]) {
        // Chance of its own, so that the attacks stay the same.
        var own = Dice(seed: UInt64(records.count))
        var lines = records.split(separator: UInt8(ascii: "\n"))
        lines += lines.filter { _ in own.chance(0.2) }
        for i in stride(from: lines.count - 1, to: 0, by: -1) { lines.swapAt(i, own.below(i + 1)) }
        records = Array(lines.joined(separator: [UInt8(ascii: "\n")])) + [UInt8(ascii: "\n")]
    }
}

/// The behaviour findings that stand, as a run gives them out.
private final class FindingLines {
    private var last: [String: String] = [:]

    func take(_ line: [UInt8]) {
        let text = String(decoding: line, as: UTF8.self)
        guard text.contains("martlet.behaviour."),
            let uid = text.split(separator: "\"finding_info\":{\"uid\":\"").last
        else { return }
        let key = String(uid.prefix { $0 != "\"" })
        last[key] = text.hasPrefix("{\"activity_id\":3") ? nil : text
    }

    var standing: Set<String> { Set(last.values) }
}

/// What came of a seed, or of several.
struct DetectionMeasure {
    private struct Hit {
        var mode: HabitTrail.Mode
        var technique: String
        var isFound: Bool
        var rank: Int
        var risk: Double
        var damped: Double
    }

    var records = 0
    var riskLimit = Double.infinity
    var dampedLimit = Double.infinity
    var findings: Set<String> = []
    var replayDifferences = 0
    private var hits: [Hit] = []
    private var days = 0
    private var alerts = 0
    private var falseAlerts = 0
    private var storms = 0
    private var innocent: (risk: [Double], damped: [Double]) = ([], [])
    /// Found and false, by the thresholds of the days before, and by those that hindsight would have chosen.
    private var others: [String: (found: Int, wrong: Int)] = [:]

    mutating func take(_ report: [DayReport], _ episodes: [DetectionBenchmark.Episode], isStorm: Bool) {
        days += 1
        storms += isStorm ? 1 : 0
        let victims = Set(episodes.map(\.victim))
        let order = report.sorted { ($0.chance, $1.statistic) < ($1.chance, $0.statistic) }
        for (rank, entity) in order.enumerated() {
            if entity.isAlert { alerts += 1 }
            if !victims.contains(entity.entity) {
                if entity.isAlert { falseAlerts += 1 }
                innocent.risk.append(entity.riskPoints)
                innocent.damped.append(entity.dampedSum)
                continue
            }
            for episode in episodes where episode.victim == entity.entity {
                hits.append(
                    Hit(
                        mode: episode.mode, technique: episode.technique, isFound: entity.isAlert,
                        rank: rank + 1, risk: entity.riskPoints, damped: entity.dampedSum))
            }
        }
    }

    mutating func settle(budget: Double) {
        func count(_ name: String, _ limit: Double, _ all: [Double], _ value: (Hit) -> Double) {
            others[name] = (hits.count { value($0) > limit }, all.count { $0 > limit })
        }
        count("risk_points", riskLimit, innocent.risk) { $0.risk }
        count("elastic_sum", dampedLimit, innocent.damped) { $0.damped }
        let wanted = Int(budget * Double(days))
        let risk = innocent.risk.sorted(by: >)
        let damped = innocent.damped.sorted(by: >)
        if risk.count > wanted { count("risk_points_hindsight", risk[wanted], innocent.risk) { $0.risk } }
        if damped.count > wanted {
            count("elastic_sum_hindsight", damped[wanted], innocent.damped) { $0.damped }
        }
    }

    static func += (total: inout DetectionMeasure, one: DetectionMeasure) {
        total.records += one.records
        total.hits += one.hits
        total.days += one.days
        total.alerts += one.alerts
        total.falseAlerts += one.falseAlerts
        total.storms += one.storms
        for (name, counts) in one.others {
            total.others[name, default: (0, 0)].found += counts.found
            total.others[name]?.wrong += counts.wrong
        }
    }

    private func recall(_ mode: HabitTrail.Mode?) -> Double {
        let own = hits.filter { mode == nil || $0.mode == mode }
        return own.isEmpty ? 1 : Double(own.count { $0.isFound }) / Double(own.count)
    }

    private var medianRank: Int {
        let ranks = hits.map(\.rank).sorted()
        return ranks.isEmpty ? 0 : ranks[ranks.count / 2]
    }

    private func perDay(_ count: Int) -> Double { Double(count) / Double(max(1, days)) }

    func line(_ seed: String, seeds: Int) -> String {
        func short(_ value: Double) -> String { "\((value * 1_000).rounded() / 1_000)" }
        var text = "{\"seed\":\"\(seed)\",\"records\":\(records),\"attacks\":\(hits.count)"
        text += ",\"recall\":\(short(recall(nil)))"
        for mode in HabitTrail.Mode.allCases { text += ",\"recall_\(mode.rawValue)\":\(short(recall(mode)))" }
        text += ",\"alerts_per_day\":\(short(perDay(alerts)))"
        text += ",\"false_per_day\":\(short(perDay(falseAlerts)))"
        text += ",\"median_rank\":\(medianRank)"
        text += ",\"top5\":\(short(Double(hits.count { $0.rank <= 5 }) / Double(max(1, hits.count))))"
        text += ",\"tenant_days\":\(storms)"
        for (name, counts) in others.sorted(by: { $0.key < $1.key }) {
            let recall = Double(counts.found) / Double(max(1, hits.count))
            text +=
                ",\"\(name)\":{\"recall\":\(short(recall)),\"false_per_day\":\(short(perDay(counts.wrong)))}"
        }
        let missed = Set(hits.filter { !$0.isFound }.map { "\($0.technique) (\($0.mode.rawValue))" }).sorted()
        text += ",\"replay_differences\":\(replayDifferences)"
        text += ",\"missed\":[" + missed.map { "\"\($0)\"" }.joined(separator: ",") + "]}"
        return text
    }

    /// Says which targets are missed.
    func misses(budget: Double, _ context: CommandContext) -> Bool {
        let targets: [(String, Bool)] = [
            ("recall of at least 0.92", recall(nil) >= 0.92),
            ("recall of at least 0.98 for stolen credentials", recall(.stolen) >= 0.98),
            ("recall of at least 0.60 for insiders", recall(.insider) >= 0.60),
            ("at most 1.2 times the budget of alerts where nothing is", perDay(falseAlerts) <= 1.2 * budget),
            ("a median rank of at most 2", medianRank <= 2),
            ("no difference between live and replay", replayDifferences == 0),
        ]
        for (target, isHeld) in targets { context.say("\(isHeld ? "held" : "MISSED"): \(target)") }
        return targets.contains { !$0.1 }
    }
}
