import Engine
import Foundation
import Pipeline

/// The table of all feeds: what of their records becomes OCSF, and how far others agree.
struct FeedTable {
    private let catalog: MappingCatalog
    private let material: SharedMaterial?

    /// - Parameter data: the folder with others' records; without it the feeds' own samples alone are counted.
    init(data: String?) throws {
        catalog = try MappingCatalog.builtIn()
        material = try data.map { try SharedMaterial($0) }
    }

    /// `Bench feeds [--data FOLDER] [--of FEED]`
    static func run(_ words: [String]) throws {
        var data = "../shared/data"
        var only: String?
        var rest = words[...]
        while let word = rest.popFirst() {
            switch word {
            case "--data": data = rest.popFirst() ?? data
            case "--of": only = rest.popFirst()
            default: print("\(word) is not known: Bench feeds [--data FOLDER] [--of FEED]")
            }
        }
        let isThere = SharedMaterial.isThere(data)
        if !isThere { print("\(data) is absent: only the feeds' own samples are counted") }
        let table = try FeedTable(data: isThere ? data : nil)
        if let only { try table.details(of: only) } else { try table.all() }
    }

    /// A feed's own samples, and what others have of it.
    private func pieces(of feed: String) -> (samples: [SharedMaterial.Piece], others: [SharedMaterial.Piece])
    {
        let folder = VendorFolder.builtIn.first { $0.feed == feed }
        let samples = (folder?[.samples] ?? []).split(separator: 0x0A).map {
            SharedMaterial.Piece(source: "samples.jsonl", feed: feed, text: Array($0))
        }
        return (samples, material?.pieces.filter { $0.feed == feed } ?? [])
    }

    private func figures(of feed: String) throws -> (samples: Int, others: Int, figures: FeedFigures) {
        var judge = try FeedJudge(feed: feed, catalog: catalog)
        let (samples, others) = pieces(of: feed)
        for piece in samples + others { try judge.take(piece) }
        return (samples.count, others.reduce(0) { $0 + $1.records }, judge.figures)
    }

    private func all() throws {
        print(
            """
            | Feed | Own samples | Others' records | OCSF attributes | Values in `unmapped` | Validation errors \
            | Time, actor, action found | Agreement |
            |---|---|---|---|---|---|---|---|
            """)
        for feed in catalog.feeds {
            let (samples, others, figures) = try figures(of: feed)
            let agreement = figures.agreement
            let cells = [
                "`\(feed)`", "\(samples)", others == 0 ? "–" : "\(others)", "\(figures.attributes.count)",
                Self.percent(figures.unmapped, of: figures.values), "\(figures.errorCount)",
                [figures.time, figures.actor, figures.action].map { Self.percent($0.found, of: $0.held) }
                    .joined(separator: ", "),
                agreement.compared == 0
                    ? "–"
                    : "\(Self.percent(agreement.agreed, of: agreement.compared)) of \(agreement.compared)",
            ]
            print("| " + cells.joined(separator: " | ") + " |")
        }
        guard let material else { return }
        let told = try Told(material, catalog)
        print(
            "\n`--feed auto` tells the feed of \(told.count - told.wrong.values.reduce(0, +)) of \(told.count) records."
        )
        Self.list("told wrongly", told.wrong)
        let texts = material.plainTexts.sorted { $0.key < $1.key }.map { "\($0.value) of \($0.key)" }
        print("Refused with a reason, being lines of text: \(texts.joined(separator: ", ")).")
    }

    private func details(of feed: String) throws {
        let (_, _, figures) = try figures(of: feed)
        Self.list("refused", figures.refusals)
        Self.list("validation errors", figures.errors)
        Self.list("lost", figures.lost)
        Self.list("not found", figures.missed)
        Self.list("others say differently", figures.agreement.disagreements)
        Self.list("others' own, not compared", figures.agreement.uncompared)
    }

    private static func list(_ title: String, _ counts: [String: Int]) {
        print("\(title): \(counts.values.reduce(0, +))")
        for (text, count) in counts.sorted(by: { $0.key < $1.key }) { print("  \(count)× \(text)") }
    }

    private static func percent(_ part: Int, of whole: Int) -> String {
        whole == 0
            ? "–" : String(format: part == whole ? "%.0f %%" : "%.1f %%", Double(part * 100) / Double(whole))
    }
}

/// Which feed `auto` takes each shared record for.
struct Told {
    private(set) var count = 0
    /// By source: what it is, and what it was taken for.
    private(set) var wrong: [String: Int] = [:]

    init(_ material: SharedMaterial, _ catalog: MappingCatalog) throws {
        let normalizer = try catalog.normalizer(for: MappingCatalog.auto)
        let reader = RecordReader()
        var batch = EventBatch()
        var refusals: [Refusal] = []
        for piece in material.pieces {
            reader.begin(normalizer.layouts)
            normalizer.begin()
            reader.feed(piece.text.span)
            reader.finish()
            while reader.advance() {
                batch.removeAll()
                normalizer.normalize(reader, into: &batch, refusals: &refusals)
                for event in batch.events {
                    count += 1
                    let feed = normalizer.feeds[Int(event.feed)]
                    guard feed != piece.feed else { continue }
                    wrong["\(piece.source): \(piece.feed) as \(feed)", default: 0] += 1
                }
            }
        }
    }
}
