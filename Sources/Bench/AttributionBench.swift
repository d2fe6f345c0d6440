import CAllocations
import Engine
import Foundation
import Pipeline
import Simulation

/// What it costs to say of each event whose act it was: over a generated week, part by part.
///
/// Takes and writes are timed in the batches that a lane has. The second time over the same week every credential is
/// known, as it mostly is in a pipeline that runs.
struct AttributionBench {
    private static let feed = "aws.cloudtrail"
    private static let rounds = 5
    /// What is read at once: bytes, as the collectors do.
    private static let windowBytes = 1 << 18

    private struct Figures {
        var seconds = Double.infinity
        var allocations = 0.0
        var events = 0

        mutating func improve(_ other: Figures) { if other.seconds < seconds { self = other } }

        func line(_ name: String, less other: Figures? = nil) -> String {
            let count = Double(max(1, events))
            return name.padding(toLength: 34, withPad: " ", startingAt: 0)
                + String(
                    format: "%9.0f %19.2f", (seconds - (other?.seconds ?? 0)) / count * 1e9,
                    (allocations - (other?.allocations ?? 0)) / count)
        }
    }

    private let records: [UInt8]
    private let catalog: MappingCatalog

    init(identities: Int, days: Int) throws {
        var options = SyntheticTrail.Options()
        options.identities = identities
        options.days = days
        var trail = SyntheticTrail(options)
        var records: [UInt8] = []
        while let file = trail.next() { file.appendLines(to: &records) }
        self.records = records
        catalog = try MappingCatalog.builtIn()
    }

    func run() throws {
        var (plain, acts) = (Figures(), Figures())
        var (first, again) = (Figures(), Figures())
        var nodes = 0
        for _ in 0..<Self.rounds {
            plain.improve(try pass(keepsActs: false) { _ in })
            acts.improve(try pass(keepsActs: true) { _ in })
            var attributor = Attributor()
            first.improve(try attribution(&attributor))
            again.improve(try attribution(&attributor))
            nodes = attributor.tree.count
        }
        print(
            "\(first.events) records, \(records.count) bytes, \(nodes) credentials, sessions and identities, "
                + "best of \(Self.rounds), one thread")
        print("                                   ns/event   allocations/event")
        print(plain.line("mapping without acts"))
        print(acts.line("what records tell of credentials", less: plain))
        print(first.line("take and write, all new"))
        print(again.line("take and write, all known"))
    }

    /// The seconds of attributing alone.
    private func attribution(_ attributor: inout Attributor) throws -> Figures {
        var own = attributor
        var figures = Figures(seconds: 0)
        let all = try pass(keepsActs: true) { batch in
            let (start, allocations) = (Self.now(), martlet_allocations())
            own.attribute(&batch)
            figures.seconds += Self.now() - start
            figures.allocations += Double(martlet_allocations() - allocations)
        }
        figures.events = all.events
        attributor = own
        return figures
    }

    private func pass(keepsActs: Bool, _ body: (inout EventBatch) -> Void) throws -> Figures {
        let reader = RecordReader()
        let normalizer = try catalog.normalizer(for: Self.feed, keepsActs: keepsActs)
        var batch = EventBatch()
        var refusals: [Refusal] = []
        var figures = Figures(seconds: 0)
        let (start, allocations) = (Self.now(), martlet_allocations())
        func take() {
            while reader.advance() {
                figures.events += reader.records.count
                batch.removeAll()
                normalizer.normalize(reader, into: &batch, refusals: &refusals)
                body(&batch)
            }
        }
        reader.begin(normalizer.layouts)
        normalizer.begin()
        for start in stride(from: 0, to: records.count, by: Self.windowBytes) {
            reader.feed(records.span.extracting(start..<min(records.count, start + Self.windowBytes)))
            take()
        }
        reader.finish()
        take()
        figures.seconds = Self.now() - start
        figures.allocations = Double(martlet_allocations() - allocations)
        return figures
    }

    private static func now() -> Double {
        var time = timespec()
        unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
