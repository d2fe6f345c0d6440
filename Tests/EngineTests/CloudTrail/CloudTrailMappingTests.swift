import Engine
import Foundation
import Testing

@Suite struct CloudTrailMappingTests {
    static let golden = SharedData.package.appending(path: CloudTrail.folder + "golden.jsonl")

    @Test("The mapping is right by OCSF 1.9.0")
    func compiles() {
        #expect(throws: Never.self) { try CloudTrail.mapping.get() }
    }

    /// `MARTLET_UPDATE=1 swift test --filter CloudTrailMappingTests` writes the golden events anew.
    @Test("The samples become the golden events")
    func samples() throws {
        var lines = ""
        let samples = try CloudTrail.file("samples.jsonl")
        let refusals = try CloudTrail.normalize(samples) { _, event, batch in
            lines += batch.json(of: event) + "\n"
        }
        #expect(refusals.map(\.reason) == [])
        if ProcessInfo.processInfo.environment["MARTLET_UPDATE"] != nil {
            try Data(lines.utf8).write(to: Self.golden)
        }
        let golden = try String(contentsOf: Self.golden, encoding: .utf8).split(separator: "\n")
        for (line, wanted) in zip(lines.split(separator: "\n"), golden) where line != wanted {
            Issue.record("golden \(wanted)\nis now \(line)")
        }
        #expect(golden.count == lines.split(separator: "\n").count)
    }

    @Test(
        "Each sample's event is valid in every version, names who acted and what, and holds the whole record")
    func sampleEvents() throws {
        var judge = try EventJudge()
        let samples = try CloudTrail.file("samples.jsonl")
        _ = try CloudTrail.normalize(samples) { record, event, batch in
            judge.take(record, event, batch)
        }
        #expect(judge.faults.sorted { $0.key < $1.key }.map { "\($0.value)× \($0.key)" } == [])
        #expect(judge.events >= 60)
    }

    @Test(
        "All 21,929 shared records normalize, are valid in every version, and are all there",
        .enabled(if: SharedData.isThere, "../shared/data is absent"))
    func corpus() throws {
        var judge = try EventJudge()
        var refused: [String] = []
        var events = 0
        var withoutTime = 0
        for object in try CloudTrail.objects() {
            refused += try CloudTrail.normalize(object) { record, event, batch in
                events += 1
                if event.time == .epoch { withoutTime += 1 }
                judge.take(record, event, batch)
            }.map(\.reason)
        }
        #expect(refused == [])
        #expect(events == 21_929 && judge.events == events)
        #expect(judge.faults.sorted { $0.key < $1.key }.map { "\($0.value)× \($0.key)" } == [])
        #expect(withoutTime == 3, "two DynamoDB stream records and a template with words for a time")
    }
}

/// Holds events against what must be true of each, and counts what is not.
struct EventJudge {
    private(set) var events = 0
    /// How often each fault was met.
    private(set) var faults: [String: Int] = [:]
    private var canonical: OCSFValidator
    private var older: [(version: String, translator: OCSFTranslator, validator: OCSFValidator)]
    private var conservation = Conservation()
    private var tree = EventTree()

    init() throws {
        canonical = OCSFValidator(OCSFTables[.v1_9_0])
        older = try OCSFTranslatorTests.older.map { version in
            let translator = try #require(OCSFMaps.all[version])
            return (version.rawValue, translator, OCSFValidator(OCSFTables[version]))
        }
    }

    mutating func take(_ record: [UInt8], _ event: Event, _ batch: EventBatch) {
        events += 1
        let text = Array(batch.bytes[event.json.range])
        for finding in canonical.findings(in: text.span) { fault("1.9.0", finding) }
        do {
            for value in try conservation.missing(record, in: text) { count("lost \(value.prefix(80))") }
            for index in older.indices {
                var out: [UInt8] = []
                try older[index].translator.translate(text, 0..<text.count, into: &out)
                for finding in older[index].validator.findings(in: out.span) where finding.isError {
                    fault(older[index].version, finding)
                }
                for value in try conservation.missing(record, in: out) {
                    count("\(older[index].version) lost \(value.prefix(80))")
                }
            }
        } catch {
            count("\(error)")
        }
        let json = String(decoding: text, as: UTF8.self)
        let isFinding = event.classUID == 2004
        if !isFinding, !json.contains("\"actor\":{\"") { count("no actor") }
        if !json.contains("\"api\":{\"operation\":\"") && !json.contains("\"operation\":\"") {
            count("no action")
        }
    }

    private mutating func fault(_ version: String, _ finding: OCSFValidator.Finding) {
        count("\(version) \(finding.description.prefix(120))")
    }

    private mutating func count(_ fault: String) { faults[fault, default: 0] += 1 }
}
