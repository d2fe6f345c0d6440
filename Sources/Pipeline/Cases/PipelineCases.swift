import Codecs
import Engine
import Exporters
package import Ports

/// The records replayed through a pipeline file, and what the pipeline must make of each.
///
/// They stand in `<pipeline>.cases.jsonl` beside `<pipeline>.yaml`, one JSON object a line. A first line
/// `{"environment":{"NAME":"value"}}` gives what the file's `${env:…}` stand for. A case is
/// `{"expect":"event","record":{…}}`; `expect` is `event`, `filtered` or `refused`. The record goes through the
/// mapping, the filter, the rules and each exporter's choice of what it is sent and in which version; no network is
/// touched and nothing is kept.
package struct PipelineCases: Sendable {
    /// Lines longer than this are no cases: bytes.
    static let lineBytesMax = 16 << 20

    private let file: PipelineFile
    private let content: BuiltContent
    private let casesFile: String

    /// What became of one record.
    private struct Replay {
        var events = EventBatch()
        var isKept = false
        var reason = ""
        var eventRows: [Int] { events.events.indices.filter { events.events[$0].kind == .event } }
        var findingRows: [Int] { events.events.indices.filter { events.events[$0].kind == .finding } }
    }

    /// Runs the cases in `bytes` for the pipeline at `path`.
    package static func run(
        _ path: String, shownAs name: String, cases bytes: [UInt8], file casesFile: String,
        environment: [String: String], _ catalog: MappingCatalog, _ files: any FileReader
    ) async -> CaseOutcome {
        var outcome = CaseOutcome(.pipeline, name)
        var environment = environment
        var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated().map {
            (number: $0.offset + 1, bytes: Array($0.element))
        }.filter { !$0.bytes.isEmpty }
        if let first = lines.first, let document = try? JSONReader.document(in: first.bytes, file: casesFile),
            let given = document["environment"]?.map
        {
            for entry in given { environment[entry.key] = entry.value.string }
            lines.removeFirst()
        }
        do throws(Problems) {
            let read = try await PipelineFile.read(
                [path], shownAs: [name], environment: environment, files)
            let own = try await VendorFolder.own(of: read[0], files)
            let content = try await BuiltContent.load(
                for: read[0], from: own.isEmpty ? catalog : try MappingCatalog(own: own), files)
            outcome.problems += content.wrongRules
            let cases = PipelineCases(file: read[0], content: content, casesFile: casesFile)
            for line in lines {
                outcome.cases += 1
                cases.check(line.bytes, line.number, &outcome)
            }
            if lines.isEmpty { outcome.fail(casesFile, line: 1, "there is no case") }
        } catch {
            outcome.problems += error.list
        }
        return outcome
    }

    // MARK: One case

    private func check(_ line: [UInt8], _ number: Int, _ outcome: inout CaseOutcome) {
        let document: Document
        do throws(Problems) {
            document = try JSONReader.document(in: line, file: casesFile)
        } catch {
            let reason = error.list.first?.message ?? "this is no JSON"
            return outcome.fail(casesFile, line: number, "expected a case, got: \(reason)")
        }
        guard let expected = document["expect"]?.string, let record = Self.record(of: document, line) else {
            return outcome.fail(
                casesFile, line: number,
                "expected {\"expect\":…,\"record\":{…}} or \"raw\":\"…\" in place of \"record\"")
        }
        guard ["event", "filtered", "refused"].contains(expected) else {
            return outcome.fail(
                casesFile, line: number, "'expect' is '\(expected)'",
                hint: "expected 'event', 'filtered' or 'refused'")
        }
        let collectors = file.config.collectors.entries
        let name = document["collector"]?.string
        guard let collector = name.map({ name in collectors.first { $0.name == name } }) ?? collectors.first
        else {
            let near = nearestName(to: name ?? "", among: collectors.map(\.name))
            return outcome.fail(
                casesFile, line: number, "the pipeline has no collector “\(name ?? "")”",
                hint: near.map { "did you mean “\($0)”?" } ?? "")
        }
        let why = document["why"]?.string.map { " (\($0))" } ?? ""
        let replay = replay(record, feed: collector.value.feed.value)
        let got = replay.eventRows.isEmpty ? "refused" : replay.isKept ? "event" : "filtered"
        if got != expected {
            let reason = replay.reason.isEmpty ? "" : ": \(replay.reason)"
            outcome.fail(casesFile, line: number, "expected \(expected), got \(got)\(reason)\(why)")
        }
        for complaint in complaints(document, replay) {
            outcome.fail(casesFile, line: number, complaint + why)
        }
    }

    /// The record's own bytes, as they stand in the case.
    private static func record(of document: Document, _ line: [UInt8]) -> [UInt8]? {
        if let raw = document["raw"]?.string { return Array(raw.utf8) }
        let reader = RecordReader()
        reader.begin()
        reader.feed(line.span)
        reader.finish()
        guard reader.advance(), let open = reader.records.first?.open,
            let token = reader.tape.member("record", of: open), reader.tape.kind(token) == .object
        else { return nil }
        return Array(reader.tape.text(reader.tape.extent(token)).utf8)
    }

    private func replay(_ record: [UInt8], feed: String) -> Replay {
        let normalizer = content.normalizer(attributing: nil)
        var replay = Replay()
        var batch = EventBatch()
        var refusals: [RefusedRecord] = []
        normalizer.begin(casesFile, feed: feed)
        normalizer.feed(record.span)
        normalizer.finish()
        while normalizer.advance(into: &batch, refusals: &refusals) {
            if replay.reason.isEmpty { replay.reason = refusals.first?.reason ?? "" }
        }
        for event in batch.events { replay.events.append(event, from: batch) }
        let kept = EventFilter(file.config.filter)?.kept(replay.events) ?? replay.eventRows
        replay.isKept = !Set(kept).isDisjoint(with: replay.eventRows)
        return replay
    }

    // MARK: What else a case may ask for

    private func complaints(_ document: Document, _ replay: Replay) -> [String] {
        var complaints: [String] = []
        let event = replay.eventRows.first.flatMap { self.document(of: $0, in: replay) }
        for wanted in document["event"]?.map ?? [] {
            let got = event?.value(at: wanted.key.split(separator: "."))
            let text = got.map(DocumentDifference.shown) ?? "nothing"
            if text != DocumentDifference.shown(wanted.value) {
                complaints.append(
                    "\(wanted.key): expected \(DocumentDifference.shown(wanted.value)), got \(text)")
            }
        }
        if let wanted = document["findings"]?.list {
            let names = Set(wanted.compactMap(\.string))
            let found = replay.findingRows.map { title(of: $0, in: replay) }
            let missing = names.filter { name in !found.contains { $0.title == name || $0.id == name } }
            let extra = found.filter { !names.contains($0.title) && !names.contains($0.id) }
            if !missing.isEmpty || !extra.isEmpty {
                complaints.append(
                    "findings: expected \(Self.list(names)), got \(Self.list(Set(found.map(\.title))))")
            }
        }
        if let wanted = document["exporters"]?.list {
            let names = Set(wanted.compactMap(\.string))
            let got = exporters(of: replay)
            if names != got {
                complaints.append("exporters: expected \(Self.list(names)), got \(Self.list(got))")
            }
        }
        return complaints
    }

    private static func list(_ names: Set<String>) -> String {
        names.isEmpty ? "none" : names.sorted().joined(separator: ", ")
    }

    /// The exporters that are sent something of the record: its event or a finding.
    private func exporters(of replay: Replay) -> Set<String> {
        var names: Set<String> = []
        var rows = Set(replay.findingRows)
        if replay.isKept { rows.formUnion(replay.eventRows) }
        for entry in file.config.exporters.entries {
            let select = ExporterAssembly.outlet(entry.name, entry.value).select
            let selected = select.map { Set($0(replay.events)) } ?? Set(replay.events.events.indices)
            let sent = selected.intersection(rows).filter { isWritable($0, of: replay, for: entry.value) }
            if !sent.isEmpty { names.insert(entry.name) }
        }
        return names
    }

    /// Whether a row can be written in the version that an exporter is sent.
    private func isWritable(_ row: Int, of replay: Replay, for exporter: ExporterConfig) -> Bool {
        guard let version = OCSFSchema.Version(rawValue: exporter.delivery.ocsf.rawValue),
            var translator = try? OCSFContent.translator(to: version)
        else { return true }
        var out: [UInt8] = []
        return
            (try? translator.translate(replay.events.bytes, replay.events.events[row].json.range, into: &out))
            != nil
    }

    private func document(of row: Int, in replay: Replay) -> Document? {
        try? JSONReader.document(
            in: Array(replay.events.bytes[replay.events.events[row].json.range]), file: "")
    }

    private func title(of row: Int, in replay: Replay) -> (id: String, title: String) {
        let info = document(of: row, in: replay)?["finding_info"]
        return (info?["analytic"]?["uid"]?.string ?? "", info?["title"]?.string ?? "")
    }
}
