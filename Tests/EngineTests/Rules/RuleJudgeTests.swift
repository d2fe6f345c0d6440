import Foundation
import Testing

@testable import Engine

/// Generated rules and records, with pySigma's parser as the judge of what the rules mean.
@Suite(
    "Rules against pySigma",
    .enabled(
        if: FileManager.default.isExecutableFile(atPath: RuleMaterial.root + "/.tools/bin/python"),
        "needs .tools (scripts/bootstrap --with judges)"))
struct RuleJudgeTests {
    /// SplitMix64: the same rules in every run.
    private struct Dice {
        var state: UInt64
        mutating func roll(_ sides: Int) -> Int {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return Int((z ^ (z >> 31)) % UInt64(sides))
        }
        mutating func pick<T>(_ items: [T]) -> T { items[roll(items.count)] }
    }

    private static let fields = ["a", "b", "c.d", "c.e", "missing"]
    private static let pieces = [
        "x", "Y", "xy", "*", "?", #"\*"#, #"\\"#, #"\?"#, "-", "é", "É", ".", "1", " ",
    ]
    private static let texts = [
        "x", "xy", "XY", "x*", #"\"#, #"x\"#, "y-x", "É1", "1", "10", "", "true", "x.y", "10.0.0.7", "yx xy",
    ]

    private static func item(_ dice: inout Dice) -> String {
        let field = dice.pick(fields)
        func value(_ dice: inout Dice) -> String {
            "'" + (0...dice.roll(3)).map { _ in dice.pick(pieces) }.joined() + "'"
        }
        switch dice.roll(12) {
        case 0: return "\(field): null"
        case 1: return "\(field): \(dice.pick(["1", "10", "true", "''"]))"
        case 2: return "\(field)|exists: \(dice.pick(["true", "false"]))"
        case 3: return "\(field)|\(dice.pick(["lt", "lte", "gt", "gte"])): \(dice.pick(["1", "5", "10"]))"
        case 4:
            return "\(field)|re: '\(dice.pick(["x.*y", "^x", "y$", "[xX]y", ".*xy.*", "x|1", "(x|y){2}"]))'"
        case 5: return "\(field)|cidr: \(dice.pick(["10.0.0.0/8", "10.0.0.7/32", "192.0.2.0/24"]))"
        case 6:
            return
                "\(field)|\(dice.pick(["contains", "startswith", "endswith"]))|all: [\(value(&dice)), \(value(&dice))]"
        case 7: return "\(field)|cased: \(value(&dice))"
        case 8: return "\(field)|fieldref: \(dice.pick(fields))"
        case 9:
            return
                "\(field)|\(dice.pick(["contains", "startswith", "endswith"])): [\(value(&dice)), \(value(&dice))]"
        default: return "\(field): [\(value(&dice)), \(value(&dice))]"
        }
    }

    private static func rule(_ number: Int, _ dice: inout Dice) -> String {
        let names = ["s_one", "s_two", "other"]
        let parts = names.map {
            "  \($0):\n    \(item(&dice))\n" + (dice.roll(3) == 0 ? "    zz|exists: false\n" : "")
        }
        let condition = dice.pick([
            "s_one", "s_one and not s_two", "1 of s_*", "all of them", "not (s_one or s_two) and other",
            "s_one or s_two and other", "not 1 of s_* or other", "all of s_* and not other",
        ])
        return """
            title: rule \(number)
            id: 00000000-0000-4000-8000-\(String(repeating: "0", count: 12 - "\(number)".count))\(number)
            status: test
            level: low
            logsource: {product: test}
            detection:
            \(parts.joined())  condition: \(condition)

            """
    }

    private static func record(_ dice: inout Dice) -> [String: Any] {
        func leaf(_ dice: inout Dice) -> Any {
            switch dice.roll(10) {
            case 0: return NSNull()
            case 1: return dice.pick([1, 5, 10])
            case 2: return dice.roll(2) == 0
            case 3: return [dice.pick(texts), dice.pick(texts)]
            default: return dice.pick(texts)
            }
        }
        var record: [String: Any] = [:]
        for field in ["a", "b"] where dice.roll(4) > 0 { record[field] = leaf(&dice) }
        if dice.roll(3) > 0 { record["c"] = ["d": leaf(&dice), "e": leaf(&dice)] }
        return record
    }

    @Test("Four hundred generated rules match the records that pySigma's reading of them matches")
    func generated() throws {
        var dice = Dice(state: 20_261_123)
        let rules = (0..<400).map { Self.rule($0, &dice) }
        let records = (0..<40).map { _ in Self.record(&dice) }
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "martlet-judge-\(getpid())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let work = folder.appendingPathComponent("work.json")
        try JSONSerialization.data(withJSONObject: ["rules": rules, "records": records]).write(to: work)

        let judge = Process()
        judge.executableURL = URL(fileURLWithPath: RuleMaterial.root + "/.tools/bin/python")
        judge.arguments = [RuleMaterial.root + "/Tests/EngineTests/Rules/judge.py", work.path]
        let pipe = Pipe()
        judge.standardOutput = pipe
        try judge.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        judge.waitUntilExit()
        let verdicts = String(decoding: output, as: UTF8.self).split(separator: "\n")
        try #require(verdicts.count == rules.count)

        let lines = try records.map { try JSONSerialization.data(withJSONObject: $0, options: [.sortedKeys]) }
        let log = lines.flatMap { Array($0) + [UInt8(ascii: "\n")] }
        var judged = 0
        for (rule, verdict) in zip(rules, verdicts) {
            guard let expected = try? JSONDecoder().decode([Int].self, from: Data(verdict.utf8)) else {
                continue
            }
            judged += 1
            let loaded = RuleSet(reading: try RuleMaterial.parsed(rule))
            #expect(loaded.problems.isEmpty, "\(loaded.problems)\n\(rule)")
            var matcher = RuleMatcher(RuleCompiler.compile(loaded.rules, feed: "generic.json"))
            var found: [Int] = []
            RuleMaterial.forEachRecord(log) { tape, record in
                matcher.match(tape, record)
                if !matcher.hits.isEmpty { found.append(record.ordinal) }
            }
            let differing = Set(found).symmetricDifference(expected)
            #expect(
                differing.isEmpty,
                "\(rule)ours \(found), pySigma's \(expected); \(differing.prefix(1).map { String(decoding: lines[$0], as: UTF8.self) })"
            )
        }
        #expect(judged > 350, "pySigma took only \(judged) of the rules")
    }
}
