import Codecs
import Pipeline
import Testing

@testable import Engine

/// The rules in `pipelines/rules`: their cases, their manners, and how they do on real logs.
@Suite struct OwnRulesTests {
    static let files = Assets.names(under: "pipelines/rules/").filter { $0.hasSuffix(".yaml") }

    @Test("Every rule of ours loads, and all of its cases hold", arguments: files)
    func cases(file: String) throws {
        let rules = RuleSet(
            reading: try YAMLReader.documents(in: try #require(Assets.bytes(file)), file: file),
            schema: try OCSFContent.schema(.canonical))
        let casesFile = file.replacing(".yaml", with: ".cases.jsonl")
        let cases = try #require(Assets.bytes(casesFile), "\(casesFile) is missing")
        let outcome = RuleCases.run(rules, cases: cases, file: casesFile, try .builtIn())
        #expect(outcome.problems.isEmpty, "\(outcome.problems)")
        #expect(outcome.hits >= 1)
        #expect(outcome.misses >= 1)
        // What is only a part of a correlation says what it is, and no more.
        let plan = CorrelationPlan(rules)
        let heads =
            zip(rules.rules, plan.silentRules).filter { !$1 }.map(\.0.head)
            + zip(rules.correlations, plan.silentCorrelations).filter { !$1 }.map(\.0.head)
        #expect(heads.count == 1, "a file is one rule or one correlation")
        for head in heads {
            #expect(head.tags.contains { $0.hasPrefix("attack.t") }, "\(head.title) names no technique")
            #expect(
                head.tags.allSatisfy { tag in
                    let name = tag.dropFirst(7)
                    return AttackNames.tactic(String(name)) != nil
                        || AttackNames.technique(name.uppercased()) != nil
                }, "\(head.title): a tag has no name in AttackNames")
            #expect(!head.falsePositives.isEmpty, "\(head.title) does not say when it is wrong")
        }
        for head in rules.rules.map(\.head) + rules.correlations.map(\.head) {
            #expect(!head.summary.isEmpty)
        }
    }

    @Test("There are rules and correlations for every group of feeds, and nothing of another pack among them")
    func pack() {
        let rules = RuleLibrary.builtin()
        let plan = CorrelationPlan(rules)
        #expect(rules.problems.isEmpty, "\(rules.problems)")
        #expect(zip(rules.rules, plan.silentRules).count { !$1 } >= 100)
        #expect(zip(rules.correlations, plan.silentCorrelations).count { !$1 } >= 30)
        let folders = Set(Self.files.map { $0.split(separator: "/")[2] })
        #expect(
            folders == [
                "aws", "azure", "databricks", "entra", "gcp", "github", "google_workspace", "kubernetes",
                "m365",
                "ocsf", "okta", "snowflake", "teleport", "vault",
            ])
    }

    @Test("A case that does not hold is told with its line, and so is a rule without cases")
    func brokenCases() throws {
        let rules = try RuleMaterial.rule("s:\n  a: 1\ncondition: s")
        let cases = """
            {"expect":"hit","why":"not one","record":{"a":2}}
            {"expect":"hot","record":{"a":1}}
            {"expect":"hit"}
            {"expect":"hit","record":{"a":1}}
            """
        let outcome = RuleCases.run(
            rules, cases: Array(cases.utf8), file: "r.cases.jsonl", try .builtIn())
        #expect(
            outcome.problems.map(\.description) == [
                "r.cases.jsonl:1:1: no rule matches, but one must (not one)",
                "r.cases.jsonl:2:1: 'expect' is 'hot' (expected 'hit' or 'miss')",
                "r.cases.jsonl:3:1: expected {\"expect\":\"hit\" or \"miss\",\"record\":{…}}, or \"sequence\":[…]",
                "r.cases.jsonl:1:1: the rule has no case that it must not match",
            ])
    }

    @Test(
        "Ours raise nothing on benign logs, and most techniques of an attack run",
        .enabled(if: RuleMaterial.hasShared))
    func precisionAndRecall() throws {
        var matcher = RuleMatcher(RuleCompiler.compile(RuleLibrary.builtin().rules, feed: "aws.cloudtrail"))
        var benign = 0
        let noise = RuleMaterial.shared + "/aws/cloudtrail/sans504-benign-noise/AWSLogs"
        // Every eighth file, to be quick: the pages of docs say what all of them give.
        for (i, file) in RuleMaterial.files(under: noise, endings: [".json.gz"]).enumerated() where i % 8 == 0
        {
            RuleMaterial.forEachRecord(try RuleMaterial.bytes(file)) { tape, record in
                matcher.match(tape, record)
                benign += matcher.hits.count
            }
        }
        #expect(benign == 0)
        var found: Set<String> = []
        let folder = RuleMaterial.shared + "/aws/cloudtrail/invictus-stratus-2023"
        for file in RuleMaterial.files(under: folder + "/CloudTrail", endings: [".json", ".json.gz"]) {
            // The tool names itself in the user agent, which would give every answer away.
            let bytes = String(decoding: try RuleMaterial.bytes(file), as: UTF8.self)
                .replacing("stratus-red-team_", with: "masked_")
            RuleMaterial.forEachRecord(Array(bytes.utf8)) { tape, record in
                matcher.match(tape, record)
                if !matcher.hits.isEmpty, let id = tape.member("eventID", of: record.open) {
                    found.insert(tape.string(id))
                }
            }
        }
        let labels = try JSONReader.document(
            in: try RuleMaterial.bytes(folder + "/labels_inferred.json"), file: "labels.json")
        let techniques = try #require(labels["techniques"]?.list)
        let missed = techniques.filter { technique in
            !(technique["event_ids"]?.list ?? []).contains { found.contains($0.string ?? "") }
        }.compactMap { $0["technique"]?.string }
        #expect(techniques.count == 27)
        #expect(missed.count <= 3, "missed: \(missed)")
    }
}
