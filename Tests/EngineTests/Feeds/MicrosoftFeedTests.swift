import Codecs
import Engine
import Foundation
import Pipeline
import Testing

/// Microsoft's mappings over their own samples and over what others recorded.
@Suite struct MicrosoftFeedTests {
    static let feeds = [
        "azure.activity", "azure.roles", "entra.audit", "entra.eligibilities", "entra.groups", "entra.pim",
        "entra.risk",
        "entra.roles", "entra.signin",
        "m365.audit",
    ]
    static let catalog = Result { try MappingCatalog.builtIn() }

    static func mapping(_ feed: String) throws -> Mapping {
        try #require(try catalog.get().mappings().first { $0.feed == feed })
    }

    @Test(
        "Each sample's event is valid in every version and holds the whole record, though a member is missing",
        arguments: feeds)
    func samples(feed: String) throws {
        let path = "schemas/vendors/\(feed.replacing(".", with: "/"))/samples.jsonl"
        let samples = try Data(contentsOf: SharedData.package.appending(path: path))
        var lines: [Data] = []
        for line in samples.split(separator: 0x0A) {
            lines.append(Data(line))
            let record = try #require(try JSONSerialization.jsonObject(with: Data(line)) as? [String: Any])
            for key in record.keys.sorted() {
                var less = record
                less[key] = nil
                lines.append(try JSONSerialization.data(withJSONObject: less, options: [.sortedKeys]))
                less[key] = 7
                lines.append(try JSONSerialization.data(withJSONObject: less, options: [.sortedKeys]))
            }
        }
        let judge = try Self.judge([UInt8](Data(lines.joined(separator: [0x0A]))), feed, of: lines.count)
        // What is listed, and not done, has no actor; a token's end in seconds is carried in milliseconds.
        let faults = judge.faults.filter { !$0.key.hasPrefix("no act") && !$0.key.contains("lost exp: ") }
        #expect(Self.text(faults) == [])
    }

    @Test(
        "All 2,684 shared records of the unified audit log are events, valid in every version, with actor and action",
        .enabled(if: SharedData.isThere, "../shared/data is absent"))
    func unifiedAuditLog() throws {
        let bytes = try SharedData.bytes("m365/unified-audit-log-invictus/ual.jsonl")
        let judge = try Self.judge(bytes, "m365.audit", of: 2_684)
        #expect(Self.text(judge.faults) == [])
    }

    @Test(
        "Shared records of Azure, Entra and Microsoft 365 are told from each other and from those of 70 other logs",
        .enabled(if: SharedData.isThere, "../shared/data is absent"))
    func told() throws {
        let root = SharedData.root.appending(path: "labelled-events/panther")
        let normalizer = try Self.catalog.get().normalizer(for: MappingCatalog.auto)
        var wrong: [String: Int] = [:]
        var count = 0
        for file in try FileManager.default.contentsOfDirectory(atPath: root.path).sorted()
        where file.hasSuffix(".jsonl") {
            var events = Data()
            for line in try Data(contentsOf: root.appending(path: file)).split(separator: 0x0A) {
                let object = try JSONSerialization.jsonObject(with: Data(line)) as? [String: Any]
                guard let event = object?["event"] as? [String: Any] else { continue }
                events += try JSONSerialization.data(withJSONObject: event, options: [.sortedKeys]) + [0x0A]
            }
            for feed in Self.feeds(of: [UInt8](events), normalizer) {
                count += 1
                let isOurs = Self.feeds.contains(feed)
                let isRight =
                    switch file {
                    case "Azure.Audit.jsonl": feed == "entra.signin" || feed == "entra.audit"
                    case "Azure.MonitorActivity.jsonl":
                        feed == "azure.activity" || feed == "kubernetes.audit" || feed == "generic.json"
                    case _ where file.hasPrefix("Microsoft365."): feed == "m365.audit"
                    default: !isOurs
                    }
                if !isRight { wrong["\(file) as \(feed)", default: 0] += 1 }
            }
        }
        #expect(Self.text(wrong) == [])
        #expect(count > 1_300)
    }

    private static func judge(_ bytes: [UInt8], _ feed: String, of count: Int) throws -> EventJudge {
        var judge = try EventJudge()
        let refusals = try CloudTrail.normalize(bytes, by: mapping(feed)) { record, event, batch in
            judge.take(record, event, batch)
        }
        #expect(refusals.map(\.reason) == [])
        #expect(judge.events == count)
        return judge
    }

    private static func feeds(of bytes: [UInt8], _ normalizer: Normalizer) -> [String] {
        let reader = RecordReader()
        var batch = EventBatch()
        var refusals: [Refusal] = []
        reader.begin()
        reader.feed(bytes.span)
        reader.finish()
        while reader.advance() { normalizer.normalize(reader, into: &batch, refusals: &refusals) }
        return batch.events.map { normalizer.feeds[Int($0.feed)] }
    }

    private static func text(_ faults: [String: Int]) -> [String] {
        faults.sorted { $0.key < $1.key }.map { "\($0.value)× \($0.key)" }
    }
}
