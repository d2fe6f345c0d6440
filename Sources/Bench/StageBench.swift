import CAllocations
import Codecs
import Engine
import Exporters
import Foundation
import Pipeline

/// The per-event path on one thread, stage by stage: each line adds one stage to those above it.
struct StageBench {
    static let rounds = 5
    /// What is read and inflated at once: bytes, as the collectors do.
    static let windowBytes = 1 << 18

    private enum Stage: Int, CaseIterable {
        case inflate, read, map, attribute, rules, facts, pack

        var name: String {
            switch self {
            case .inflate: "inflate"
            case .read: "+ index, grammar, records"
            case .map: "+ map, write OCSF"
            case .attribute: "+ attribution"
            case .rules: "+ rules, findings"
            case .facts: "+ facts for baselines"
            case .pack: "+ spool frame, zstd 1"
            }
        }
    }

    private struct Figures {
        var seconds = Double.infinity
        var allocations = 0.0
        var events = 0
    }

    private let feed: String
    private let inputs: [[UInt8]]
    private let plainBytes: Int
    private let content: MappingCatalog
    private let rules: RuleSet

    init(feed: String, paths: [String], rules folders: [String]) throws {
        self.feed = feed
        let files = try paths.map { [UInt8](try Data(contentsOf: URL(fileURLWithPath: $0))) }
        inputs = files
        plainBytes = try files.reduce(0) { $0 + (try Inflater.inflate($1, bytesMax: 1 << 30).count) }
        content = try MappingCatalog.builtIn()
        rules = RuleSet(reading: try RuleStage.documents(in: folders))
    }

    func run() throws {
        var before = Figures(seconds: 0)
        print(
            "\(inputs.count) files, \(plainBytes) bytes of JSON, best of \(Self.rounds), one thread, \(rules.rules.count) rules"
        )
        print("stage                       ns/event   of which   allocations/event   MB/s so far")
        for stage in Stage.allCases {
            var figures = Figures()
            for _ in 0..<Self.rounds {
                let one = try pass(upTo: stage)
                if one.seconds < figures.seconds { figures = one }
            }
            let events = Double(max(1, figures.events))
            let total = figures.seconds / events * 1e9
            let own = (figures.seconds - before.seconds) / events * 1e9
            let allocations = (figures.allocations - before.allocations) / events
            print(
                stage.name.padding(toLength: 26, withPad: " ", startingAt: 0),
                String(
                    format: "%9.0f %10.0f %19.2f %13.0f", total, own, allocations,
                    Double(plainBytes) / figures.seconds / 1e6))
            before = figures
        }
    }

    private func pass(upTo last: Stage) throws -> Figures {
        let reader = RecordReader()
        let isAttributed = last.rawValue >= Stage.attribute.rawValue
        let normalizer = try content.normalizer(for: feed, keepsActs: isAttributed)
        var attributor = Attributor()
        var detection = DetectionStage(rules, feed: feed)
        let index = EventIndex()
        var facts = FactReader()
        var compressor = Compressor(.zstd(level: SpoolFrame.packingLevel))
        var batch = EventBatch()
        var findings = EventBatch()
        var refusals: [Refusal] = []
        var window = [UInt8](repeating: 0, count: Self.windowBytes)
        var figures = Figures(seconds: 0)
        func take() {
            while reader.advance() {
                figures.events += reader.records.count
                guard last.rawValue >= Stage.map.rawValue else { continue }
                batch.removeAll()
                normalizer.normalize(reader, into: &batch, refusals: &refusals)
                if isAttributed { attributor.attribute(&batch, mayBeEnriched: normalizer.mayEnrich) }
                guard last.rawValue >= Stage.rules.rawValue else { continue }
                findings.removeAll()
                detection.observe(reader.tape, reader.records, as: batch, index, into: &findings)
                guard last.rawValue >= Stage.facts.rawValue else { continue }
                for event in batch.events { facts.observe(event, of: batch) }
                guard last == .pack else { continue }
                _ = SpoolFrame.Payload(batch, &compressor)
            }
        }
        // Once to warm up what is compiled on demand, once to be measured.
        for isMeasured in [false, true] {
            figures.events = 0
            let (start, allocations) = (Self.now(), martlet_allocations())
            for input in inputs {
                reader.begin()
                normalizer.begin()
                try Self.inflate(input, by: &window) { piece in
                    guard last.rawValue >= Stage.read.rawValue else { return }
                    reader.feed(piece)
                    take()
                }
                if last.rawValue >= Stage.read.rawValue {
                    reader.finish()
                    take()
                }
            }
            if isMeasured {
                figures.seconds = Self.now() - start
                figures.allocations = Double(martlet_allocations() - allocations)
            }
        }
        if figures.events == 0 { figures.events = try pass(upTo: .read).events }
        return figures
    }

    /// Inflates an object piece by piece, each as large as the window at most.
    static func inflate(
        _ object: [UInt8], by window: inout [UInt8], _ body: (Span<UInt8>) throws -> Void
    ) throws {
        var inflater = Inflater()
        var offset = 0
        while true {
            var filled = 0
            let progress = try inflater.read(object, at: &offset, isLast: true, into: &window, at: &filled)
            try body(window.span.extracting(0..<filled))
            if progress == .finished { return }
        }
    }

    static func now() -> Double {
        var time = timespec()
        unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
