import Codecs
package import Engine

/// The samples beside a mapping, and the golden events that they must become.
///
/// A feed's `samples.jsonl` has a record a line, its `golden.jsonl` the event of each, in the same order. What they
/// become must also be valid OCSF, and `auto` must tell the records of a mapping that says how.
package enum MappingCases {
    /// The events of the samples, a line each: what `golden.jsonl` is to hold.
    package static func events(of folder: VendorFolder, in catalog: MappingCatalog) throws(Problem)
        -> [[UInt8]]
    {
        let made = try normalize(folder[.samples] ?? [], by: catalog.normalizer(for: folder.feed))
        return made.compactMap(\.event)
    }

    package static func run(_ folder: VendorFolder, in catalog: MappingCatalog) -> CaseOutcome {
        let (samplesFile, goldenFile) = ("\(folder.path)/samples.jsonl", "\(folder.path)/golden.jsonl")
        var outcome = CaseOutcome(.mapping, "\(folder.path)/mapping.yaml")
        guard let samples = folder[.samples] else {
            outcome.fail(samplesFile, line: 1, "there are no samples beside the mapping")
            return outcome
        }
        let golden = folder[.golden].map(lines) ?? []
        let made: [Sample]
        let told: [Sample]?
        do throws(Problem) {
            made = try normalize(samples, by: catalog.normalizer(for: folder.feed))
            let isTold = try catalog.mappings().contains {
                $0.feed == folder.feed && $0.isDetectable && $0.feed != MappingCatalog.fallbackFeed
            }
            told =
                isTold ? try normalize(samples, by: catalog.normalizer(for: MappingCatalog.auto)) : nil
        } catch {
            outcome.problems.append(error)
            return outcome
        }
        outcome.cases = made.count
        check(made, golden, samplesFile, goldenFile, &outcome)
        for (sample, other) in zip(made, told ?? made) where sample.event != other.event {
            outcome.fail(
                samplesFile, line: sample.line,
                "expected auto to tell this record's feed as \(folder.feed), got \(other.feed)")
        }
        return outcome
    }

    private static func check(
        _ made: [Sample], _ golden: [[UInt8]], _ samplesFile: String, _ goldenFile: String,
        _ outcome: inout CaseOutcome
    ) {
        var validator = (try? OCSFContent.schema(.canonical)).map { OCSFValidator($0) }
        for (index, sample) in made.enumerated() {
            guard let event = sample.event else {
                outcome.fail(samplesFile, line: sample.line, "expected an event, got: \(sample.refusal)")
                continue
            }
            for finding in validator?.findings(in: event.span).prefix(DocumentDifference.toldMax) ?? [] {
                outcome.fail(samplesFile, line: sample.line, "the event is not valid OCSF: \(finding)")
            }
            guard golden.indices.contains(index) else {
                outcome.fail(
                    goldenFile, line: index + 1,
                    "expected the event of sample \(sample.line), got the end of the file")
                continue
            }
            if golden[index] == event { continue }
            for difference in differences(golden[index], event) {
                outcome.fail(goldenFile, line: index + 1, "sample \(sample.line): \(difference)")
            }
        }
        if golden.count > made.count {
            outcome.fail(goldenFile, line: made.count + 1, "expected a sample for this event, got none")
        }
    }

    private static func differences(_ golden: [UInt8], _ event: [UInt8]) -> [String] {
        guard let wanted = try? JSONReader.document(in: golden, file: "") else {
            return ["expected an event, got a line that is no JSON object"]
        }
        guard let got = try? JSONReader.document(in: event, file: "") else { return ["got no JSON"] }
        let lines = DocumentDifference.lines(expected: wanted, got: got)
        return lines.isEmpty ? ["the same values, but in another order or form"] : lines
    }

    // MARK: Samples

    private struct Sample {
        var line: Int
        var event: [UInt8]?
        var feed = ""
        var refusal = ""
    }

    /// Every record in input order, as an event or refused.
    private static func normalize(_ bytes: [UInt8], by normalizer: Normalizer) -> [Sample] {
        let reader = RecordReader()
        var batch = EventBatch()
        var samples: [Sample] = []
        reader.begin(normalizer.layouts)
        normalizer.begin()
        reader.feed(bytes.span)
        reader.finish()
        while reader.advance() {
            batch.removeAll()
            var refusals = reader.refusals
            normalizer.normalize(reader, into: &batch, refusals: &refusals)
            var run: [(ordinal: Int, sample: Sample)] = refusals.map {
                ($0.ordinal, Sample(line: $0.line, refusal: $0.reason))
            }
            var lineOf: [Int: Int] = [:]
            for record in reader.records { lineOf[record.ordinal] = reader.line(of: record) }
            for event in batch.events {
                let ordinal = Int(event.ordinal)
                run.append(
                    (
                        ordinal,
                        Sample(
                            line: lineOf[ordinal] ?? 0, event: Array(batch.bytes[event.json.range]),
                            feed: normalizer.feeds[Int(event.feed)])
                    ))
            }
            samples += run.sorted { $0.ordinal < $1.ordinal }.map(\.sample)
        }
        return samples
    }

    private static func lines(_ bytes: [UInt8]) -> [[UInt8]] {
        bytes.split(separator: 0x0A).map { Array($0) }
    }
}
