import Engine
import Glibc
import Pipeline

/// MB/s of input JSON on one thread and ns per event, by stage.
struct NormalizeBench {
    static let rounds = 5
    static let pieceBytes = 256 << 10

    let feed: String
    let paths: [String]

    private struct Figures {
        var seconds = Double.infinity
        var records = 0
        var written = 0
    }

    func run() throws {
        let inputs = paths.map(Self.contents)
        let bytes = inputs.reduce(0) { $0 + $1.count }
        let catalog = try MappingCatalog.builtIn()
        print("\(inputs.count) files, \(bytes) bytes, best of \(Self.rounds), one thread")

        let reader = RecordReader()
        print(
            report(
                "index + grammar", bytes,
                measure {
                    var records = 0
                    for input in inputs { Self.read(input, reader) { records += reader.records.count } }
                    return (records, 0)
                }))
        let normalizer = try catalog.normalizer(for: feed)
        var batch = EventBatch()
        var refusals: [Refusal] = []
        print(
            report(
                "+ map + write", bytes,
                measure {
                    var records = 0
                    var written = 0
                    for input in inputs {
                        normalizer.begin()
                        Self.read(input, reader) {
                            batch.removeAll()
                            normalizer.normalize(reader, into: &batch, refusals: &refusals)
                            records += batch.count
                            written += batch.bytes.count
                        }
                    }
                    return (records, written)
                }))
        if !refusals.isEmpty { print("refused: \(refusals.count), first: \(refusals[0].reason)") }
    }

    private static func read(_ input: [UInt8], _ reader: RecordReader, _ use: () -> Void) {
        reader.begin()
        var start = 0
        while start < input.count {
            let end = min(input.count, start + pieceBytes)
            reader.feed(input.span.extracting(start..<end))
            while reader.advance() { use() }
            start = end
        }
        reader.finish()
        while reader.advance() { use() }
    }

    private func measure(_ body: () -> (Int, Int)) -> Figures {
        var best = Figures()
        for _ in 0..<Self.rounds {
            let start = Self.now()
            let (records, written) = body()
            let seconds = Self.now() - start
            if seconds < best.seconds {
                best = Figures(
                    seconds: seconds, records: records,
                    written: written)
            }
        }
        return best
    }

    private func report(_ stage: String, _ bytes: Int, _ figures: Figures) -> String {
        let rate = Int(Double(bytes) / figures.seconds / 1e6)
        let each = figures.records > 0 ? Int(figures.seconds * 1e9 / Double(figures.records)) : 0
        return "\(stage): \(rate) MB/s, \(each) ns/event, \(figures.records) events, "
            + "\(figures.written) bytes written, peak memory \(Self.peakKilobytes() >> 10) MiB"
    }

    private static func peakKilobytes() -> Int {
        var usage = rusage()
        unsafe getrusage(__rusage_who_t(truncatingIfNeeded: RUSAGE_SELF.rawValue), &usage)
        return usage.ru_maxrss
    }

    private static func now() -> Double {
        var time = timespec()
        unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    private static func contents(of path: String) -> [UInt8] {
        guard let file = unsafe fopen(path, "r") else {
            print("cannot read \(path)")
            exit(2)
        }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = unsafe fread(&piece, 1, piece.count, file)
            if count == 0 { break }
            bytes += piece[..<count]
        }
        unsafe fclose(file)
        return bytes
    }
}
