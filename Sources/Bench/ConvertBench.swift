import Codecs
import Engine
import Exporters
import Foundation
import Pipeline

/// What the peers' programs do, and no more: objects inflated, mapped, held against rules and written to two files of zstd
/// frames, on one thread.
///
/// No spool, no ledger, no duplicates told apart, nothing synchronized: what `martlet run` takes beyond it is the price of
/// losing nothing.
struct ConvertBench {
    /// JSON in a frame, as in the spool's: bytes.
    private static let frameBytes = 1 << 20

    /// NDJSON that is packed and written when a frame is full.
    private final class Output {
        let file: FileHandle
        var compressor = Compressor(.zstd(level: SpoolFrame.packingLevel))
        var batch = EventBatch()
        var packed: [UInt8] = []
        var events = 0

        init(_ path: String) throws {
            try Data().write(to: URL(fileURLWithPath: path))
            file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        }

        func write(isLast: Bool) throws {
            guard batch.bytes.count >= ConvertBench.frameBytes || (isLast && batch.count > 0) else { return }
            events += batch.count
            packed.removeAll(keepingCapacity: true)
            compressor.pack(batch.text, into: &packed)
            try file.write(contentsOf: packed)
            batch.removeAll()
        }
    }

    private let reader = RecordReader()
    private let normalizer: Normalizer
    private var detection: DetectionStage
    private let index = EventIndex()
    private var events: Output
    private var findings: Output
    private var refused = 0

    private init(feed: String, rules: RuleSet, into folder: String) throws {
        normalizer = try MappingCatalog.builtIn().normalizer(for: feed)
        detection = DetectionStage(rules, feed: feed)
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        events = try Output(folder + "/events.ndjson.zst")
        findings = try Output(folder + "/findings.ndjson.zst")
    }

    /// - Parameter words: the feed, a folder of rules or `-`, the folder to write to, and the objects.
    static func run(_ words: [String]) throws {
        let rules = words[1] == "-" ? RuleSet() : RuleSet(reading: try RuleStage.documents(in: [words[1]]))
        var bench = try ConvertBench(feed: words[0], rules: rules, into: words[2])
        for path in words.dropFirst(3) { try bench.convert(path) }
        try bench.events.write(isLast: true)
        try bench.findings.write(isLast: true)
        print("\(bench.events.events) events, \(bench.findings.events) findings, \(bench.refused) refused")
    }

    private mutating func convert(_ path: String) throws {
        let object = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        var window = [UInt8](repeating: 0, count: StageBench.windowBytes)
        reader.begin()
        normalizer.begin()
        try StageBench.inflate(object, by: &window) { piece in
            reader.feed(piece)
            try take()
        }
        reader.finish()
        try take()
    }

    private mutating func take() throws {
        var refusals: [Refusal] = []
        while reader.advance() {
            let first = events.batch.count
            normalizer.normalize(reader, into: &events.batch, refusals: &refusals)
            detection.observe(
                reader.tape, reader.records, as: events.batch, from: first, index, into: &findings.batch)
            refused += reader.refusals.count + refusals.count
            refusals.removeAll(keepingCapacity: true)
            try events.write(isLast: false)
            try findings.write(isLast: false)
        }
    }
}
