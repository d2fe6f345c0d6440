/// An identity's risk from 0 to 100: log-odds that add up line by line, and the points each line is worth.
package struct RiskLedger: Sendable {
    /// What adds to the log-odds.
    package struct Line: Sendable, Hashable {
        /// In 1/1024 nat, faded to the day asked about.
        package var nats: Int32
        package var why: String
        package var finding: String?
        package var events: [String]
        /// In hundredths of a point; all of them and the base add up to the score.
        package var hundredths = 0
    }

    /// An identity of which nothing is known: one in a hundred.
    private static let baseOdds = -4.6

    package private(set) var lines: [Line]
    /// In hundredths of a point.
    package private(set) var hundredths: Int
    /// What every identity has, in hundredths of a point.
    package let baseHundredths: Int

    package init(_ lines: [Line]) {
        baseHundredths = Self.hundredths(atOdds: Self.baseOdds)
        let sum = lines.reduce(0) { $0 + Int($1.nats) }
        hundredths = Self.hundredths(atOdds: Self.baseOdds + Double(sum) / 1_024)
        self.lines = lines
        share(hundredths - baseHundredths, over: sum)
    }

    /// What a rule adds by its level, informational to critical: 1/1024 nat.
    static let natsOfLevel: [Int32] = [256, 512, 1_024, 2_048, 3_072]

    /// Of an identity on which one rule's finding weighs, of today, and nothing else.
    package static func ofRule(level: Int) -> RiskLedger {
        let nats = natsOfLevel[max(0, min(4, level))]
        return RiskLedger([Line(nats: nats, why: "a rule", finding: nil, events: [])])
    }

    /// The score of a ledger without one of its lines, in hundredths.
    package func without(_ line: Int) -> Int {
        var rest = lines
        rest.remove(at: line)
        return RiskLedger(rest).hundredths
    }

    private static func hundredths(atOdds odds: Double) -> Int {
        Int((10_000 / (1 + Natural.exp(-odds))).rounded())
    }

    /// Splits points among the lines as their nats are; what rounding leaves goes to the largest remainders.
    private mutating func share(_ points: Int, over sum: Int) {
        guard sum != 0 else { return }
        var left = points
        var remainders: [(remainder: Int, place: Int)] = []
        for place in lines.indices {
            let product = points * Int(lines[place].nats)
            let whole = Int(floorDivide(Int64(product), Int64(sum)))
            lines[place].hundredths = whole
            left -= whole
            remainders.append((product - whole * sum, place))
        }
        remainders.sort { ($0.remainder, $1.place) > ($1.remainder, $0.place) }
        for (_, place) in remainders.prefix(max(0, left)) { lines[place].hundredths += 1 }
    }

    /// `12.34` of hundredths.
    package static func text(_ hundredths: Int) -> String {
        let (whole, rest) = (abs(hundredths) / 100, abs(hundredths) % 100)
        return (hundredths < 0 ? "-" : "") + "\(whole).\(rest < 10 ? "0" : "")\(rest)"
    }

    /// A score with its odds multiplied, as by how critical the identity is: 36.16 becomes 53.11 where twice as much is
    /// at stake.
    package static func score(_ score: Double, timesOdds factor: Double) -> Double {
        let odds = score / (100 - score)
        return 100 * odds * factor / (1 + odds * factor)
    }

    /// OCSF's risk level of a score, in words and as a number: 20, 40, 70 and 90 are the steps.
    package var level: (name: String, id: Int) {
        switch hundredths {
        case 9_000...: ("Critical", 4)
        case 7_000...: ("High", 3)
        case 4_000...: ("Medium", 2)
        case 2_000...: ("Low", 1)
        default: ("Info", 0)
        }
    }
}

/// How much depends on an identity: what its risk's odds are multiplied by.
package enum Criticality: String, CaseIterable, Sendable {
    case low, medium, high, extreme

    package var factor: Double {
        switch self {
        case .low: 0.5
        case .medium: 1
        case .high: 1.5
        case .extreme: 2
        }
    }

    /// The line it is in a ledger; nothing of what is usual.
    var line: RiskLedger.Line? {
        let nats = Int32((Natural.log(factor) * 1_024).rounded())
        guard nats != 0 else { return nil }
        return RiskLedger.Line(nats: nats, why: "criticality is \(rawValue)", finding: nil, events: [])
    }
}

extension RiskHistory {
    /// The ledger as of a day: a line counts half as much after each half-life, a week for humans and three days for
    /// machines.
    func ledger(asOf day: Int32, criticality: Criticality = .medium) -> RiskLedger {
        let halfLife = kind == .machine || kind == .service ? 3.0 : 7.0
        var lines: [RiskLedger.Line] = []
        for one in days where one.day <= day && day - one.day <= Self.daysMax {
            let fading = Natural.exp(-0.693_147_180_559_945_3 * Double(day - one.day) / halfLife)
            for line in one.lines {
                let nats = Int32((Double(line.nats) * fading).rounded())
                if nats != 0 {
                    lines.append(
                        RiskLedger.Line(nats: nats, why: line.why, finding: line.finding, events: line.events)
                    )
                }
            }
        }
        if let line = criticality.line { lines.append(line) }
        lines.sort { ($0.nats, $1.why) > ($1.nats, $0.why) }
        return RiskLedger(lines)
    }
}

extension RiskDay {
    /// Days more common than this weigh nothing.
    private static let chanceMax = 0.02
    private static let natsMax: Int32 = 9 * 1_024
    private static let daysMin = 50.0
    private static let eventsMax = 5

    /// Whether a day can add anything: very many add nothing.
    static func mayWeigh(_ score: DayScore, isCalibrated: Bool) -> Bool {
        !score.fired.isEmpty || isCalibrated && score.chance <= chanceMax && score.outOf >= daysMin
    }

    /// What a day adds: a line for each rule that fired, damped by rank, and what the day's rarity says beyond them.
    static func lines(of entity: EntityDay, _ score: DayScore, finding: String?, isCalibrated: Bool) -> [Line]
    {
        var lines: [Line] = []
        let rules = entity.facts.filter { $0.dimension == .rule && score.fired.contains($0.value) }
            .sorted { ($0.level, $1.value) > ($1.level, $0.value) }
        var sum: Int32 = 0
        for (rank, rule) in rules.enumerated() {
            let nats = Natural.damped(RiskLedger.natsOfLevel[Int(min(4, rule.level))], rank: rank + 1)
            sum += nats
            let (title, raised) = RuleHit.parts(of: entity.bytes[rule.text.range])
            let uid = String(decoding: entity.bytes[rule.uid.range], as: UTF8.self)
            lines.append(Line(nats: nats, why: title, finding: raised, events: [uid]))
        }
        guard isCalibrated, score.chance <= chanceMax, score.outOf >= daysMin else { return lines }
        let rest = min(natsMax, evidence(score.chance)) - sum
        guard rest > 0 else { return lines }
        let parts = score.parts(of: entity).prefix(3)
        lines.append(
            Line(
                nats: rest,
                why: "a day as unusual as \(score.rarity) of \(score.judge.words): "
                    + parts.map(\.name).joined(separator: ", "),
                finding: finding, events: Array(parts.flatMap(\.events).prefix(eventsMax))))
        return lines
    }

    /// The logarithm of the e-value that a p-value is worth (mixture calibrator): 1/1024 nat.
    private static func evidence(_ p: Double) -> Int32 {
        let log = Natural.log(p)
        return Int32((Natural.log((1 - p + p * log) / (p * log * log)) * 1_024).rounded())
    }
}
