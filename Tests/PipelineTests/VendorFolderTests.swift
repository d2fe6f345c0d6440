import Codecs
import Engine
import Foundation
import Testing

@testable import Pipeline

/// What every vendor folder promises, built in or not.
@Suite struct VendorFolderTests {
    static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    static let feeds = VendorFolder.builtIn.filter { $0.holds(.mapping) }.map(\.feed)
    static let catalog = Result { try MappingCatalog.builtIn() }

    private func folder(_ feed: String) throws -> VendorFolder {
        try #require(VendorFolder.builtIn.first { $0.feed == feed })
    }

    @Test(
        "Samples become valid golden events, and auto tells them; MARTLET_UPDATE_GOLDEN=1 writes them anew",
        arguments: feeds)
    func golden(feed: String) throws {
        let folder = try folder(feed)
        let catalog = try Self.catalog.get()
        if ProcessInfo.processInfo.environment["MARTLET_UPDATE_GOLDEN"] == "1" {
            let path = Self.root.appending(path: "\(folder.path)/golden.jsonl")
            let lines = try MappingCases.events(of: folder, in: catalog).map {
                String(decoding: $0, as: UTF8.self)
            }
            try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: path)
            return
        }
        let outcome = MappingCases.run(folder, in: catalog)
        #expect(outcome.problems.map(\.description) == [])
        #expect(outcome.cases > 0)
    }

    @Test("A built-in mapping has nothing wrong with it, since a start does not look again", arguments: feeds)
    func proven(feed: String) throws {
        _ = try folder(feed).mapping(schema: try OCSFContent.schema(.canonical))
    }

    @Test("A sample cut anywhere is refused, and never a trap", arguments: feeds)
    func cuts(feed: String) throws {
        let samples = try #require(try folder(feed)[.samples]).split(separator: 0x0A)
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

    @Test(
        "A record's event is the same whenever one of its shape was met before, and how often",
        arguments: feeds)
    func shapes(feed: String) throws {
        let samples = try #require(try folder(feed)[.samples]).split(separator: 0x0A).map(Array.init)
        let seasoned = try Self.catalog.get().normalizer(for: feed)
        let reader = RecordReader()
        func written(_ sample: [UInt8], by normalizer: Normalizer) -> EventBatch {
            var batch = EventBatch()
            var refusals: [Refusal] = []
            reader.begin()
            normalizer.begin()
            reader.feed(sample.span)
            reader.finish()
            while reader.advance() { normalizer.normalize(reader, into: &batch, refusals: &refusals) }
            return batch
        }
        // Forwards and backwards, so that what was learned from one record serves another.
        for sample in samples + samples.reversed() + samples {
            let fresh = try Self.catalog.get().normalizer(for: feed)
            let (first, again) = (written(sample, by: fresh), written(sample, by: seasoned))
            #expect(first.bytes == again.bytes)
            #expect(first.events.map(\.statusID) == again.events.map(\.statusID))
            #expect(first.events.map(\.severityID) == again.events.map(\.severityID))
        }
    }

    @Test("A built-in feed other than the fallback is told from its shape", arguments: feeds)
    func detected(feed: String) throws {
        let mapping = try #require(try Self.catalog.get().mappings().first { $0.feed == feed })
        #expect(mapping.isDetectable || feed == MappingCatalog.fallbackFeed)
    }
}
