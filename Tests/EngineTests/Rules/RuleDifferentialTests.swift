import Foundation
import Testing

@testable import Engine

/// Our matches against those of an independent evaluator, over real records of several vendors.
@Suite("Rules against an independent evaluator", .enabled(if: RuleMaterial.hasShared, "needs ../shared/data"))
struct RuleDifferentialTests {
    struct Corpus: CustomTestStringConvertible, Sendable {
        var name: String
        var path: String
        var rules: [String]
        /// Whether a match is named by its record's id, and not by its line.
        var isByID = false
        var testDescription: String { name }

        static let aws = ["sigma/sigmahq/rules/cloud/aws", "sigma/suzaku-rules/aws"]
        static let all: [Corpus] = [
            .init(
                name: "aws/cloudtrail/invictus-stratus-2023", path: "aws/cloudtrail/invictus-stratus-2023",
                rules: aws,
                isByID: true),
            .init(
                name: "aws/cloudtrail/traildiscover/events.jsonl",
                path: "aws/cloudtrail/traildiscover/events.jsonl",
                rules: aws),
            .init(
                name: "aws/cloudtrail/sans504-benign-noise (unique eventIDs)",
                path: "aws/cloudtrail/sans504-benign-noise", rules: aws, isByID: true),
            .init(
                name: "labelled-events/panther/AWS.CloudTrail.jsonl",
                path: "labelled-events/panther/AWS.CloudTrail.jsonl", rules: aws),
            .init(
                name: "labelled-events/panther/Okta.SystemLog.jsonl",
                path: "labelled-events/panther/Okta.SystemLog.jsonl",
                rules: ["sigma/sigmahq/rules/identity/okta"]),
            .init(
                name: "labelled-events/panther/GitHub.Audit.jsonl",
                path: "labelled-events/panther/GitHub.Audit.jsonl",
                rules: ["sigma/sigmahq/rules/application/github"]),
            .init(
                name: "labelled-events/panther/Amazon.EKS.Audit.jsonl",
                path: "labelled-events/panther/Amazon.EKS.Audit.jsonl",
                rules: ["sigma/sigmahq/rules/application/kubernetes"]),
            .init(
                name: "labelled-events/panther/GCP.AuditLog.jsonl",
                path: "labelled-events/panther/GCP.AuditLog.jsonl",
                rules: ["sigma/sigmahq/rules/cloud/gcp/audit"]),
            .init(
                name: "labelled-events/panther/Azure.MonitorActivity.jsonl",
                path: "labelled-events/panther/Azure.MonitorActivity.jsonl",
                rules: ["sigma/sigmahq/rules/cloud/azure/activity_logs"]),
        ]
    }

    private struct Expected: Decodable {
        var corpus: String
        var line: Int
        var event_id: String?
        var rule_id: String
    }

    private static let expected: [String: [Expected]] = {
        let path = RuleMaterial.shared + "/sigma/expected-matches/expected_matches.jsonl"
        guard let bytes = try? RuleMaterial.bytes(path) else { return [:] }
        let decoder = JSONDecoder()
        return Dictionary(
            grouping: bytes.split(separator: UInt8(ascii: "\n")).compactMap {
                try? decoder.decode(Expected.self, from: Data($0))
            }, by: \.corpus)
    }()

    @Test("No match is missing and none is extra", arguments: Corpus.all)
    func differential(corpus: Corpus) throws {
        let rules = try RuleMaterial.sharedRules(corpus.rules)
        // The evaluator left out the rules that stand in one file with the correlation that uses them.
        let correlated = Set(rules.correlations.map(\.head.position.file))
        let alone = rules.rules.filter { !correlated.contains($0.position.file) }
        var matcher = RuleMatcher(RuleCompiler.compile(alone, feed: "generic.json"))
        var found: Set<String> = []
        var line = 0
        let path = RuleMaterial.shared + "/" + corpus.path
        let files =
            path.hasSuffix(".jsonl")
            ? [path] : RuleMaterial.files(under: path + "/", endings: [".json", ".json.gz"])
        for file in files where !file.hasSuffix("labels_inferred.json") {
            RuleMaterial.forEachRecord(try RuleMaterial.bytes(file)) { tape, record in
                line += 1
                // Panther's test cases wrap the event.
                var record = record
                if corpus.name.hasPrefix("labelled"), let event = tape.member("event", of: record.open) {
                    record.open = event
                    record.extent = tape.extent(event)
                }
                matcher.match(tape, record)
                guard !matcher.hits.isEmpty else { return }
                let event =
                    corpus.isByID
                    ? tape.member("eventID", of: record.open).map { tape.string($0) } ?? "" : "\(line)"
                for hit in matcher.hits { found.insert("\(event) \(matcher.program.sources[hit].id)") }
            }
        }
        let wanted = Set(
            try #require(Self.expected[corpus.name]).map {
                "\(corpus.isByID ? $0.event_id ?? "" : "\($0.line)") \($0.rule_id)"
            })
        let missing = wanted.subtracting(found)
        let extra = found.subtracting(wanted)
        #expect(line > 0)
        #expect(missing.isEmpty, "\(missing.count) missing: \(missing.sorted().prefix(5))")
        #expect(extra.isEmpty, "\(extra.count) extra: \(extra.sorted().prefix(5))")
    }

    private struct WindowsCase: Decodable { var rule_id: String }

    @Test("SigmaHQ's own regression events match the rules they were recorded for")
    func regressionEvents() throws {
        let folder = "sigma/regression-windows"
        let rules = try RuleMaterial.sharedRules([folder + "/rules"])
        #expect(rules.problems.isEmpty, "\(rules.problems)")
        var matcher = RuleMatcher(RuleCompiler.compile(rules.rules, feed: "generic.json"))
        let lines = try RuleMaterial.bytes(RuleMaterial.shared + "/" + folder + "/cases.jsonl").split(
            separator: UInt8(ascii: "\n"))
        #expect(lines.count == 59)
        for line in lines {
            let id = try JSONDecoder().decode(WindowsCase.self, from: Data(line)).rule_id
            var hits: Set<String> = []
            // The events stand in a member of the case; as a layout of their own they read as records.
            let text = String(decoding: line, as: UTF8.self)
            let start = try #require(text.range(of: "\"events\":"))
            RuleMaterial.forEachRecord(Array(("{" + text[start.lowerBound...]).utf8)) { tape, record in
                matcher.match(tape, record)
                for hit in matcher.hits { hits.insert(matcher.program.sources[hit].id) }
            }
            #expect(hits.contains(id), "\(id) does not match its own event")
        }
    }

    @Test("Every shared rule and correlation loads, but for rules with unknown placeholders")
    func everyRuleLoads() throws {
        let rules = try RuleMaterial.sharedRules(["sigma/sigmahq", "sigma/suzaku-rules"])
        let other = rules.problems.filter { !$0.message.hasPrefix("no values are configured") }
        #expect(other.isEmpty, "\(other.map(\.description).joined(separator: "\n"))")
        #expect(rules.rules.count > 1_400)
        #expect(rules.correlations.count == 5)
    }
}
