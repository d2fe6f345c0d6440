import Codecs
import Engine
import Foundation
import Testing

@testable import Pipeline

/// What every vendor folder promises, built in or not.
@Suite struct VendorFolderTests {
    static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    static let feeds = VendorFolder.builtIn.map(\.feed)
    static let catalog = Result { try MappingCatalog() }

    private func folder(_ feed: String) throws -> VendorFolder {
        try #require(VendorFolder.builtIn.first { $0.feed == feed })
    }

    private func normalize(_ bytes: [UInt8], feed: String) throws -> (events: [[UInt8]], refusals: [Refusal])
    {
        let normalizer = try Self.catalog.get().normalizer(for: feed)
        let reader = RecordReader()
        var batch = EventBatch()
        var refusals: [Refusal] = []
        reader.begin()
        reader.feed(bytes.span)
        reader.finish()
        while reader.advance() {
            refusals += reader.refusals
            normalizer.normalize(reader, into: &batch, refusals: &refusals)
        }
        return (batch.events.map { Array(batch.bytes[$0.json.range]) }, refusals)
    }

    @Test("Samples become golden events; MARTLET_UPDATE_GOLDEN=1 writes them anew", arguments: feeds)
    func golden(feed: String) throws {
        let folder = try folder(feed)
        let result = try normalize(try #require(folder.files[.samples]), feed: feed)
        #expect(result.refusals.map(\.reason) == [])
        let made = result.events.map { String(decoding: $0, as: UTF8.self) }
        if ProcessInfo.processInfo.environment["MARTLET_UPDATE_GOLDEN"] == "1" {
            let path = Self.root.appending(path: "\(folder.path)/golden.jsonl")
            try Data((made.joined(separator: "\n") + "\n").utf8).write(to: path)
            return
        }
        let golden = String(decoding: try #require(folder.files[.golden]), as: UTF8.self)
            .split(separator: "\n").map(String.init)
        #expect(made.count == golden.count)
        for (number, (ours, theirs)) in zip(made, golden).enumerated() where ours != theirs {
            Issue.record("sample \(number + 1) of \(feed):\n\(ours)\nis not the golden\n\(theirs)")
        }
    }

    @Test("Golden events are valid OCSF", arguments: feeds)
    func valid(feed: String) throws {
        let schema = try OCSFContent.schema(.canonical)
        var validator = OCSFValidator(schema)
        let golden = try #require(try folder(feed).files[.golden])
        for line in golden.split(separator: 0x0A) {
            let violations = validator.findings(in: Array(line).span)
            #expect(violations.isEmpty, "\(String(decoding: line.prefix(300), as: UTF8.self)): \(violations)")
        }
    }

    @Test("A sample cut anywhere is refused, and never a trap", arguments: feeds)
    func cuts(feed: String) throws {
        let samples = try #require(try folder(feed).files[.samples]).split(separator: 0x0A)
        let reader = RecordReader()
        for sample in samples.prefix(12) {
            let bytes = Array(sample)
            for end in 1..<bytes.count {
                reader.begin()
                reader.feed(bytes.span.extracting(0..<end))
                reader.finish()
                var records = 0
                var refusals = 0
                while reader.advance() {
                    records += reader.records.count
                    refusals += reader.refusals.count
                }
                #expect(records == 0 && refusals > 0, "cut at \(end)")
            }
        }
    }

    @Test("Each feed's samples are told from their shape", arguments: feeds)
    func detected(feed: String) throws {
        guard feed != MappingCatalog.fallbackFeed else { return }
        let samples = try #require(try folder(feed).files[.samples])
        let named = try normalize(samples, feed: feed)
        let told = try normalize(samples, feed: MappingCatalog.auto)
        #expect(told.events == named.events)
    }
}
