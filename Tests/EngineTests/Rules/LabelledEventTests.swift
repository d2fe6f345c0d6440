import Codecs
import Foundation
import Pipeline
import Testing

@testable import Engine

/// How our own rules do on events that others wrote for theirs: each is labelled with one rule of theirs, and whether that
/// rule must match it.
///
/// Recall counts the events that must match and that any rule of ours finds. A “false match” is an event that their rule
/// must not match and that one of ours finds all the same: many of those are sound, for the label speaks of one rule alone.
@Suite(
    "Our rules on labelled events of another pack",
    .enabled(if: RuleMaterial.hasShared, "needs ../shared/data"))
struct LabelledEventTests {
    private static let feeds: [(file: String, feed: String)] = [
        ("AWS.CloudTrail", "aws.cloudtrail"), ("Azure.Audit", "entra.signin"),
        ("Azure.Audit", "entra.audit"), ("Azure.MonitorActivity", "azure.activity"),
        ("Microsoft365.Audit.AzureActiveDirectory", "m365.audit"),
        ("Microsoft365.Audit.Exchange", "m365.audit"),
        ("Microsoft365.Audit.SharePoint", "m365.audit"), ("GCP.AuditLog", "gcp.audit"),
        ("GSuite.ActivityEvent", "google_workspace.activity"), ("Okta.SystemLog", "okta.system_log"),
        ("GitHub.Audit", "github.audit"), ("Amazon.EKS.Audit", "kubernetes.audit"),
        ("Snowflake.LoginHistory", "snowflake.login_history"),
        ("Snowflake.QueryHistory", "snowflake.access_history"),
        ("Databricks.Audit", "databricks.audit"), ("Gravitational.TeleportAudit", "teleport.audit"),
    ]

    private struct Tally {
        var expected = 0
        var found = 0
        var others = 0
        var matched = 0
        mutating func add(_ other: Tally) {
            expected += other.expected
            found += other.found
            others += other.others
            matched += other.matched
        }
    }

    @Test("The table of recall and of other matches, and what it must not fall below")
    func table() throws {
        let rules = RuleLibrary.builtin()
        let plan = CorrelationPlan(rules)
        let alone = zip(rules.rules, plan.silentRules).filter { !$1 }.map(\.0)
        var whole = Tally()
        print("log type                                  must match  found  recall  others  matched")
        for (file, feed) in Self.feeds {
            let tally = try tally(file, feed, alone)
            whole.add(tally)
            print(Self.line("\(file) (\(feed))", tally))
        }
        print(Self.line("all", whole))
        #expect(whole.expected > 400)
        #expect(Double(whole.found) >= 0.25 * Double(whole.expected))
        #expect(Double(whole.matched) <= 0.12 * Double(whole.others))
    }

    private static func line(_ name: String, _ tally: Tally) -> String {
        let recall = tally.expected == 0 ? 0 : 100 * tally.found / tally.expected
        let cells = [tally.expected, tally.found, recall, tally.others, tally.matched]
        let widths = [10, 7, 7, 8, 9]
        return name.padding(toLength: 42, withPad: " ", startingAt: 0)
            + zip(cells, widths).map { cell, width in
                String(repeating: " ", count: max(0, width - "\(cell)".count)) + "\(cell)"
            }.joined()
    }

    private func tally(_ file: String, _ feed: String, _ rules: [SigmaRule]) throws -> Tally {
        var matcher = RuleMatcher(RuleProgram(rules, feed: feed))
        var eventMatcher = RuleMatcher(RuleCompiler.compile(rules, feed: feed, of: .event))
        let normalizer = try MappingCatalog.builtIn().normalizer(for: feed)
        let index = EventIndex()
        let reader = RecordReader()
        var tally = Tally()
        let path = RuleMaterial.shared + "/labelled-events/panther/\(file).jsonl"
        for line in try RuleMaterial.bytes(path).split(separator: UInt8(ascii: "\n")) {
            guard let labelled = try JSONSerialization.jsonObject(with: Data(line)) as? [String: Any],
                let expected = labelled["expected"] as? Bool, let event = labelled["event"] as? [String: Any],
                Self.isOne(event, of: feed)
            else { continue }
            let record = try JSONSerialization.data(
                withJSONObject: Self.restored(event, feed), options: [.sortedKeys])
            var isFound = false
            var batch = EventBatch()
            var refusals: [Refusal] = []
            reader.begin(normalizer.layouts)
            normalizer.begin()
            reader.feed(Array(record).span)
            reader.finish()
            while reader.advance() {
                batch.removeAll()
                normalizer.normalize(reader, into: &batch, refusals: &refusals)
                for record in reader.records {
                    matcher.match(reader.tape, record)
                    isFound = isFound || !matcher.hits.isEmpty
                }
                for event in batch.events {
                    guard let (tape, whole) = index.read(event, of: batch) else { continue }
                    eventMatcher.match(tape, whole)
                    isFound = isFound || !eventMatcher.hits.isEmpty
                }
            }
            if expected {
                tally.expected += 1
                tally.found += isFound ? 1 : 0
            } else {
                tally.others += 1
                tally.matched += isFound ? 1 : 0
            }
        }
        return tally
    }

    /// One file has sign-ins and audit events.
    private static func isOne(_ event: [String: Any], of feed: String) -> Bool {
        let isSignIn = (event["category"] as? String)?.hasSuffix("SignInLogs") ?? false
        return feed == "entra.signin" ? isSignIn : feed == "entra.audit" ? !isSignIn : true
    }

    /// The form in which the vendor sends it, where the pack has flattened it.
    private static func restored(_ event: [String: Any], _ feed: String) -> [String: Any] {
        guard feed == "google_workspace.activity", event["events"] == nil else { return event }
        var event = event
        var inner: [String: Any] = [:]
        for key in ["type", "name"] { inner[key] = event.removeValue(forKey: key) }
        let parameters = event.removeValue(forKey: "parameters") as? [String: Any] ?? [:]
        inner["parameters"] = parameters.sorted { $0.key < $1.key }.map {
            ["name": $0.key, "value": $0.value]
        }
        event["events"] = [inner]
        return event
    }
}
