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

    private static let fields = ["a", "b", "c.d", "c.e", "t", "missing"]
    private static let placeholders = ["names": ["xy", "y*", "1"], "one": ["X"]]
    private static let pieces = [
        "x", "Y", "xy", "*", "?", #"\*"#, #"\\"#, #"\?"#, "-", "é", "É", ".", "1", " ",
    ]
    private static let texts = [
        "x", "xy", "XY", "x*", #"\"#, #"x\"#, "y-x", "É1", "1", "10", "", "true", "x.y", "10.0.0.7", "yx xy",
        "2001:db8::7", "x -y /x", "x /y", "x –y", "x\ny", "X\nY",
        // xy, in Base64 at each place, and as UTF-16 in both orders, with and without a mark.
        "eHk=", "IHh5IA==", "ICB4eQ==", "eAB5AA==", "AHgAeQ==", "//54AHkA", "x\0y\0", "\0x\0y",
        "zz IAB4AHkAIAA=",
    ]
    private static let times = [
        "2026-03-02T09:15:00Z", "2026-12-31T23:59:59.5Z", "2025-12-29T00:00:00Z", "2024-02-29T12:30:00+02:00",
    ]

    private static func item(_ dice: inout Dice) -> String {
        let field = dice.pick(fields)
        func value(_ dice: inout Dice) -> String {
            "'" + (0...dice.roll(3)).map { _ in dice.pick(pieces) }.joined() + "'"
        }
        let shapes = ["contains", "startswith", "endswith"]
        let shape = dice.pick(shapes)
        switch dice.roll(26) {
        case 0: return "\(field): null"
        case 1: return "\(field): \(dice.pick(["1", "10", "true", "''"]))"
        case 2: return "\(field)|exists: \(dice.pick(["true", "false"]))"
        case 3: return "\(field)|\(dice.pick(["lt", "lte", "gt", "gte"])): \(dice.pick(["1", "5", "10"]))"
        case 4:
            return "\(field)|re: '\(dice.pick(["x.*y", "^x", "y$", "[xX]y", ".*xy.*", "x|1", "(x|y){2}"]))'"
        case 5:
            return
                "\(field)|cidr: \(dice.pick(["10.0.0.0/8", "10.0.0.7/32", "192.0.2.0/24", "'2001:db8::/32'"]))"
        case 6: return "\(field)|\(shape)|all: [\(value(&dice)), \(value(&dice))]"
        case 7: return "\(field)|cased: \(value(&dice))"
        case 8: return "\(field)|fieldref: \(dice.pick(fields))"
        case 9: return "\(field)|\(shape): [\(value(&dice)), \(value(&dice))]"
        case 10:
            let flag = dice.pick(["i", "m", "s", "ignorecase", "multiline", "dotall"])
            return "\(field)|re|\(flag): '\(dice.pick(["^Y", "x.y", "x$", "X[^z]+Y", "xY"]))'"
        case 11: return "\(field)|re|i|s: '\(dice.pick(["x.Y$", "^X.y", "(X|1)."]))'"
        case 12: return "\(field)|re|\(shape): '\(dice.pick(["x", "x.*", "y$", "^x"]))'"
        case 13: return "\(field)|base64: '\(dice.pick(["xy", " xy ", "x"]))'"
        case 14: return "\(field)|base64offset|contains: '\(dice.pick(["xy", "xxy"]))'"
        case 15: return "\(field)|\(dice.pick(["wide", "utf16be"])): '\(dice.pick(["xy", "x"]))'"
        case 16: return "\(field)|\(dice.pick(["wide", "utf16be"]))|base64: 'xy'"
        case 17: return "\(field)|wide|base64offset|contains: 'xy'"
        case 18: return "\(field)|\(dice.pick(["windash", "windash|contains", "windash|startswith"])): 'x -y'"
        case 19: return "\(field)|neq: \(dice.pick(["1", "5", "10"]))"
        case 20:
            let part = dice.pick(["minute: 15", "hour: 9", "day: 29", "week: 1", "month: 12", "year: 2026"])
            return "\(dice.pick(["t", "t", field]))|\(part)"
        case 21:
            let part = dice.pick(["minute", "hour", "day", "week", "month", "year"])
            return
                "t|\(part)|\(dice.pick(["lt", "lte", "gt", "gte"])): \(dice.pick(["9", "10", "29", "2025"]))"
        case 22: return "\(field)|expand: '\(dice.pick(["%names%", "%one%*", "x%names%", "*%one%y"]))'"
        case 23: return "\(field)|\(shape)|expand: '\(dice.pick(["%names%", "%one%"]))'"
        case 24: return "\(field)|fieldref|\(shape): \(dice.pick(fields))"
        default:
            return
                "\(field)|\(dice.pick(["contains|cased", "startswith|cased", "cased|endswith"])): \(value(&dice))"
        }
    }

    /// Plain letters: what a backend makes of quotes and backslashes in a whole record is its own affair.
    private static func keywords(_ dice: inout Dice) -> String {
        let words = ["x", "XY", "'x*y'", "'y?x'", "10", "true", "zz"]
        return dice.roll(3) == 0
            ? "  other:\n    '|all': [\(dice.pick(words)), \(dice.pick(words))]\n"
            : "  other: [\(dice.pick(words)), \(dice.pick(words))]\n"
    }

    private static func rule(_ number: Int, _ dice: inout Dice) -> String {
        let names = ["s_one", "s_two", "other"]
        let parts = names.map { name in
            if name == "other", dice.roll(6) == 0 { return keywords(&dice) }
            return "  \(name):\n    \(item(&dice))\n" + (dice.roll(3) == 0 ? "    zz|exists: false\n" : "")
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
        if dice.roll(3) > 0 { record["t"] = dice.pick(times) }
        return record
    }

    @Test(
        "A thousand generated rules, of every modifier, match the records that pySigma's reading of them matches"
    )
    func generated() throws {
        var dice = Dice(state: 20_261_123)
        let rules = (0..<1_000).map { Self.rule($0, &dice) }
        let records = (0..<60).map { _ in Self.record(&dice) }
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "martlet-judge-\(getpid())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let work = folder.appendingPathComponent("work.json")
        try JSONSerialization.data(withJSONObject: [
            "rules": rules, "records": records, "placeholders": Self.placeholders,
        ]).write(to: work)

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
        var used: [String: Int] = [:]
        var matches = 0
        for (rule, verdict) in zip(rules, verdicts) {
            guard let expected = try? JSONDecoder().decode([Int].self, from: Data(verdict.utf8)) else {
                continue
            }
            judged += 1
            for modifier in RuleModifier.allCases where rule.contains("|\(modifier.rawValue)") {
                used[modifier.rawValue, default: 0] += 1
            }
            matches += expected.count
            let loaded = RuleSet(reading: try RuleMaterial.parsed(rule), placeholders: Self.placeholders)
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
        #expect(judged > 900, "pySigma took only \(judged) of the rules")
        #expect(matches > 5_000 && matches < judged * records.count - 5_000)
        // pySigma has no utf16le, which is `wide` by its other name, and writes the mark of utf16 in UTF-8.
        for modifier in RuleModifier.allCases where modifier != .utf16le && modifier != .utf16 {
            #expect(used[modifier.rawValue, default: 0] >= 5, "\(modifier.rawValue) was hardly judged")
        }
    }
}
