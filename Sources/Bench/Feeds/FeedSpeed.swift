import Engine
import Foundation
import Pipeline

/// How fast each feed's records become events on one thread: index, grammar, mapping, writing.
struct FeedSpeed {
    static let rounds = 5
    /// Records are repeated until there are so many bytes, so that a pass takes tens of milliseconds.
    static let corpusBytes = 16 << 20
    static let windowBytes = 1 << 18

    struct Pace {
        var seconds = Double.infinity
        var bytes = 0
        var records = 0
        var written = 0

        var megabytesPerSecond: Double { Double(bytes) / seconds / 1e6 }
    }

    /// `Bench speed [--data FOLDER] [FEED…]`
    static func run(_ words: [String]) throws {
        var data = "../shared/data"
        var feeds: [String] = []
        var rest = words[...]
        while let word = rest.popFirst() {
            if word == "--data" { data = rest.popFirst() ?? data } else { feeds.append(word) }
        }
        let catalog = try MappingCatalog.builtIn()
        let material = SharedMaterial.isThere(data) ? try SharedMaterial(data) : nil
        print("| Feed | MB/s | ns a record | Bytes a record | Bytes an event |\n|---|---|---|---|---|")
        for feed in catalog.feeds where feeds.isEmpty || feeds.contains(feed) {
            let pace = try pace(of: feed, try catalog.normalizer(for: feed), corpus(of: feed, material))
            let records = Double(max(1, pace.records))
            print(
                String(
                    format: "| `%@` | %.0f | %.0f | %.0f | %.0f |", feed, pace.megabytesPerSecond,
                    pace.seconds / records * 1e9, Double(pace.bytes) / records, Double(pace.written) / records
                ))
        }
    }

    /// Others' records of the feed and its own samples, one a line, over and over.
    private static func corpus(of feed: String, _ material: SharedMaterial?) -> [UInt8] {
        let others = material?.pieces.filter { $0.feed == feed && $0.records == 1 }.map(\.text) ?? []
        let samples = VendorFolder.builtIn.first { $0.feed == feed }?[.samples] ?? []
        let records = others + samples.split(separator: 0x0A).map(Array.init)
        guard !records.isEmpty else { return [] }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(corpusBytes + 1 << 20)
        while bytes.count < corpusBytes {
            for record in records {
                bytes += record
                bytes.append(0x0A)
            }
        }
        return bytes
    }

    static func pace(of feed: String, _ normalizer: Normalizer, _ corpus: [UInt8]) throws -> Pace {
        let reader = RecordReader()
        var batch = EventBatch()
        var best = Pace()
        var refusals: [Refusal] = []
        // Once more than counts: the first pass compiles what is compiled on demand.
        for _ in 0...rounds {
            var pace = Pace(seconds: 0, bytes: corpus.count)
            let start = StageBench.now()
            reader.begin(normalizer.layouts)
            normalizer.begin()
            var at = 0
            func take() {
                while reader.advance() {
                    batch.removeAll()
                    normalizer.normalize(reader, into: &batch, refusals: &refusals)
                    pace.records += batch.count
                    pace.written += batch.bytes.count
                }
            }
            while at < corpus.count {
                let end = min(corpus.count, at + windowBytes)
                reader.feed(corpus.span.extracting(at..<end))
                at = end
                take()
            }
            reader.finish()
            take()
            pace.seconds = StageBench.now() - start
            if pace.seconds < best.seconds { best = pace }
        }
        return best
    }
}
