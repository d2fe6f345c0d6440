import Engine
import Pipeline
import Simulation
import Testing

/// The generator's other systems: the same for the same seed, hung on the trail's visits, and what their mappings expect.
@Suite struct SyntheticFeedTests {
    private static func files(seed: UInt64) -> (files: [SyntheticFeeds.File], feeds: SyntheticFeeds) {
        var options = SyntheticTrail.Options()
        options.seed = seed
        options.days = 5
        options.identities = 80
        var trail = SyntheticTrail(options)
        var feeds = SyntheticFeeds(seed: seed, identities: options.identities)
        var files: [SyntheticFeeds.File] = []
        while trail.next() != nil {
            for moment in trail.takeMoments() { feeds.play(moment) }
            files += feeds.files(before: trail.playedUntil)
        }
        files += feeds.files()
        return (files, feeds)
    }

    @Test("A seed gives the same bytes, and another seed others")
    func seeded() {
        let first = Self.files(seed: 3).files
        #expect(first.map(\.bytes) == Self.files(seed: 3).files.map(\.bytes))
        #expect(first.map(\.bytes) != Self.files(seed: 4).files.map(\.bytes))
        #expect(Set(first.map(\.path)).count == first.count)
        #expect(Set(first.map(\.feed)) == Set(SyntheticFeeds.feeds))
    }

    @Test(
        "Every record is told by its shape, and becomes a valid event; repeated ones have their first's uid")
    func valid() throws {
        let (files, feeds) = Self.files(seed: 5)
        let normalizer = FeedNormalizer(try MappingCatalog.builtIn())
        var validator = OCSFValidator(try OCSFContent.schema(.canonical))
        var uids: [String: Int] = [:]
        var events = 0
        for file in files {
            normalizer.begin(file.path, feed: MappingCatalog.auto)
            normalizer.feed(file.bytes.span)
            normalizer.finish()
            var batch = EventBatch()
            while normalizer.advance(into: &batch) {
                #expect(normalizer.refusals.isEmpty, "\(normalizer.refusals)")
                for event in batch.events {
                    events += 1
                    #expect(normalizer.feeds[Int(event.feed)] == file.feed)
                    let text = Array(batch.bytes[event.json.range])
                    let wrong = validator.findings(in: text.span).filter(\.isError)
                    #expect(wrong.isEmpty, "\(file.feed): \(wrong)")
                    uids[file.feed + batch.uid(of: event), default: 0] += 1
                }
            }
        }
        #expect(events == files.reduce(0) { $0 + $1.records })
        #expect(events == feeds.records + feeds.repeated)
        #expect(uids.values.reduce(0) { $0 + $1 - 1 } == feeds.repeated)
    }
}
