import Codecs
import Engine
import Foundation

/// What rules cost on top of reading records: CPU nanoseconds an event, for 0, 100 and 1,000 rules.
///
/// Rules are those of the folders given, then, up to the count, generated ones of the shapes that public rules have
/// (an operation and its service, without an error), most of them for operations that the log does not hold.
enum RuleStage {
    /// Inflated records kept in memory, so that inflating is not measured: bytes.
    static let corpusBytesMax = 256 << 20
    static let rounds = 5

    static func run(_ words: [String]) throws {
        var records = ""
        var folders: [String] = []
        var rest = words[...]
        while let word = rest.popFirst() {
            switch word {
            case "--records": records = rest.popFirst() ?? ""
            case "--rules": folders.append(rest.popFirst() ?? "")
            default: print("unknown option \(word)")
            }
        }
        let corpus = try corpus(under: records)
        let bytes = corpus.reduce(0) { $0 + $1.count }
        let baseline = measure(corpus, RuleSet())
        print("\(corpus.count) files, \(bytes >> 20) MiB, \(baseline.events) events")
        print("reading\t\(baseline.nanoseconds) ns/event")
        var first = 0
        for count in [100, 1_000] {
            let rules = try rules(folders, count)
            let result = measure(corpus, rules)
            let stage = max(result.nanoseconds - baseline.nanoseconds, 1)
            if first == 0 { first = stage }
            print(
                "\(rules.rules.count) rules\t\(result.nanoseconds) ns/event\trules alone \(stage) ns/event, "
                    + "\(1_000_000 / stage) k events/s\thits \(result.hits)\talways tried \(result.always)\t"
                    + "speed of the first set \(100 * first / stage) %")
        }
    }

    private static func corpus(under folder: String) throws -> [[UInt8]] {
        var files: [[UInt8]] = []
        var total = 0
        let names = (FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? [])
            .sorted()
        for name in names
        where name.hasSuffix(".json") || name.hasSuffix(".json.gz") || name.hasSuffix(".jsonl") {
            let raw = [UInt8](try Data(contentsOf: URL(fileURLWithPath: folder + "/" + name)))
            files.append(name.hasSuffix(".gz") ? try Inflater.inflate(raw, bytesMax: corpusBytesMax) : raw)
            total += files.last?.count ?? 0
            if total > corpusBytesMax { break }
        }
        return files
    }

    private static func rules(_ folders: [String], _ count: Int) throws -> RuleSet {
        var documents = try documents(in: folders)
        documents = Array(documents.prefix(count))
        for number in documents.count..<max(count, documents.count) {
            let text = """
                title: generated \(number)
                id: generated-\(number)
                logsource: {product: aws, service: cloudtrail}
                detection:
                  selection: {eventSource: service\(number % 40).amazonaws.com, eventName: Operation\(number)}
                  error: {errorCode|exists: true}
                  condition: selection and not error
                """
            documents += try YAMLReader.documents(in: Array(text.utf8), file: "generated.yml")
        }
        return RuleSet(reading: documents)
    }

    static func documents(in folders: [String]) throws -> [Document] {
        var documents: [Document] = []
        for folder in folders {
            let names = (FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? [])
                .sorted()
            for name in names where name.hasSuffix(".yml") || name.hasSuffix(".yaml") {
                let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: folder + "/" + name)))
                documents += try YAMLReader.documents(in: bytes, file: name)
            }
        }
        return documents
    }

    private static func measure(
        _ corpus: [[UInt8]], _ rules: RuleSet
    ) -> (nanoseconds: Int, events: Int, hits: Int, always: Int) {
        var stage = DetectionStage(rules, feed: "aws.cloudtrail")
        let reader = RecordReader()
        var best = Int.max
        var events = 0
        var hits = 0
        for _ in 0..<rounds {
            events = 0
            hits = 0
            let start = cpuNanoseconds()
            for file in corpus {
                reader.begin()
                var at = 0
                while at < file.count {
                    let end = min(at + (1 << 20), file.count)
                    reader.feed(file.span.extracting(at..<end))
                    at = end
                    while reader.advance() { take(reader, &stage, rules, &events, &hits) }
                }
                reader.finish()
                while reader.advance() { take(reader, &stage, rules, &events, &hits) }
            }
            best = min(best, (cpuNanoseconds() - start) / max(events, 1))
        }
        return (best, events, hits, stage.program.alwaysCount)
    }

    private static func take(
        _ reader: RecordReader, _ stage: inout DetectionStage, _ rules: RuleSet, _ events: inout Int,
        _ hits: inout Int
    ) {
        events += reader.records.count
        if rules.rules.isEmpty { return }
        for record in reader.records { hits += stage.countMatches(reader.tape, record) }
    }

    private static func cpuNanoseconds() -> Int {
        var time = timespec()
        unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return time.tv_sec * 1_000_000_000 + time.tv_nsec
    }
}
