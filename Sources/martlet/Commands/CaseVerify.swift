import Codecs
import Engine
import Exporters
import Pipeline
import Ports
import Store

extension Command {
    static let caseVerify = Command(
        name: "case verify",
        summary: "Checks a case file: whether it is as it was written, and its evidence still there",
        discussion: """
            FILE is what martlet investigate --html wrote. Its own digest is compared first; whoever changes a file on purpose
            can change that as well, so --digest compares with the one that investigate told and you noted. Then each piece
            of evidence is looked for: in INPUT, files and folders with the vendors' records, or in the store where there is
            one. Exit status 1 if the file was altered, or evidence is missing or changed, each told by its uid.
            """,
        arguments: [
            Argument("FILE", "The case file", kind: .path),
            Argument(
                "INPUT", "Files or folders that hold the evidence, instead of the store", kind: .path,
                isRequired: false, isRepeated: true),
        ],
        options: [
            Option("digest", .text, "SHA256", "The digest that the file must have"),
            Option("alone", "Only the file, not its evidence"),
            Option("feed", .text, "FEED", "Whose records INPUT has, or auto (default): see martlet feeds"),
            .format(["text", "json"], "text (default), or json: one object"),
            StoreReading.lake, StoreReading.cache, StoreReading.pipelines, StoreReading.store, .state,
        ],
        examples: [
            "martlet case verify case.html",
            "martlet case verify case.html --feed auto evidence/",
        ]
    ) { invocation, context in
        let name = invocation.arguments[0]
        let files = Array(invocation.arguments.dropFirst())
        guard !files.contains(name) else {
            throw CommandFailure("\(printable(name)) is the case, not its evidence", status: .usage)
        }
        let bytes = try await context.files.read(context.absolute(name), bytesMax: Int64(CaseFile.bytesMax))
        let read = try CaseFile.read(bytes, name: printable(name))
        let wanted = invocation.text("digest")?.lowercased()
        let isExpected = wanted.map { $0 == read.digest } ?? true
        var told = CaseVerdict(read: read, isIntact: read.isIntact && isExpected)
        if !invocation.isSet("alone"), !read.evidence.isEmpty {
            var check = EvidenceCheck(read.evidence)
            if files.isEmpty {
                told.result = try await stored(&check, invocation, context)
            } else {
                let run = try EvidenceRun(feed: invocation.text("feed") ?? MappingCatalog.auto, check)
                guard try await InputSession("Checking", files, context).walk(into: run, counts: { [:] })
                else {
                    return .interrupted
                }
                told.result = run.check.result(ofRecords: true)
                for problem in run.problems.prefix(InputRefusals.toldMax) {
                    context.messages.writeLine(printable(problem))
                }
            }
        }
        if invocation.text("format") == "json" {
            context.output.writeLine(told.json)
        } else {
            for line in told.lines(isExpected: isExpected) { context.output.writeLine(printable(line)) }
        }
        return told.holds ? .done : .notHeld
    }

    /// Uids that are asked for in one query.
    private static let uidsAtOnce = 500

    /// Looks the evidence up in the store; `nil` where there is none.
    private static func stored(
        _ check: inout EvidenceCheck, _ invocation: Invocation, _ context: CommandContext
    ) async throws -> EvidenceCheck.Result? {
        let opened: StoreReading.Opened
        do { opened = try await StoreReading.open(invocation, context) } catch let failure as CommandFailure {
            if failure.status == .usage { throw failure }
            return nil
        }
        guard let plan = opened.plans.first(where: { $0.table == "events" }) else { return nil }
        let uids = check.uids
        var areRecords = true
        var looked = check
        for start in stride(from: 0, to: uids.count, by: uidsAtOnce) {
            var query = EventQuery(plan)
            query.conditions = [
                EventQuery.Condition(
                    leaves: [plan.leaf(at: "metadata.uid")].compactMap { $0 },
                    patterns: uids[start..<min(uids.count, start + uidsAtOnce)].map {
                        TextPattern(exactly: $0)
                    })
            ]
            var text = RowText(plan)
            _ = try await opened.reader.run(query, leaves: nil) { rows, row in
                let entries = rows.entries[rows.entries(of: row)]
                let record = entries.first { Int($0.leaf) == plan.raw }.map { Array(rows.bytes[$0.range]) }
                guard let leaf = plan.leaf(at: "metadata.uid"),
                    let uid = entries.first(where: { Int($0.leaf) == leaf })
                else { return true }
                var event: [UInt8] = []
                if record == nil {
                    text.append(entries, rows.bytes, withRaw: false, to: &event)
                    areRecords = false
                }
                looked.take(
                    String(decoding: rows.bytes[uid.range], as: UTF8.self),
                    digest: Digest.sha256Hex(record ?? event))
                return true
            }
        }
        check = looked
        return check.result(ofRecords: areRecords)
    }
}

/// What came of a check.
private struct CaseVerdict {
    /// Uids that are told one by one.
    private static let toldMax = 50

    let read: CaseFile.Read
    let isIntact: Bool
    var result: EvidenceCheck.Result?

    init(read: CaseFile.Read, isIntact: Bool) {
        self.read = read
        self.isIntact = isIntact
    }

    var holds: Bool { isIntact && (result.map { $0.missing.isEmpty && $0.changed.isEmpty } ?? true) }

    func lines(isExpected: Bool) -> [String] {
        var lines: [String] = []
        if !read.isIntact {
            lines.append("altered: the file's digest is \(read.digest), and it says \(read.stated)")
        } else if !isExpected {
            lines.append("another file: its digest is \(read.digest)")
        } else {
            lines.append("intact: \(read.digest)")
        }
        guard let result else {
            lines.append("evidence: \(read.evidence.count) events, not looked for")
            return lines
        }
        lines.append(
            "evidence: \(result.intact) of \(read.evidence.count) events as they were, \(result.missing.count) missing, "
                + "\(result.changed.count) changed"
                + (result.unchecked > 0 ? ", \(result.unchecked) not to be compared with records" : ""))
        for (word, uids) in [("missing", result.missing), ("changed", result.changed)] {
            for uid in uids.prefix(Self.toldMax) { lines.append("\(word): \(uid)") }
            if uids.count > Self.toldMax { lines.append("\(word): \(uids.count - Self.toldMax) more") }
        }
        return lines
    }

    var json: String {
        func list(_ uids: [String]) -> String {
            "[" + uids.map { String(decoding: JSONText.quoted($0), as: UTF8.self) }.joined(separator: ",")
                + "]"
        }
        var text = "{\"intact\":\(isIntact),\"sha256\":\"\(read.digest)\",\"evidence\":\(read.evidence.count)"
        if let result {
            text += ",\"as_they_were\":\(result.intact),\"missing\":\(list(result.missing))"
            text += ",\"changed\":\(list(result.changed)),\"not_comparable\":\(result.unchecked)"
        }
        return text + "}"
    }
}

/// Records in, their digests held against a case's evidence.
private final class EvidenceRun: InputSink {
    private let feed: String
    private let normalizer: FeedNormalizer
    private var batch = EventBatch()
    private var name = ""
    private(set) var check: EvidenceCheck
    private(set) var problems: [String] = []

    init(feed: String, _ check: EvidenceCheck) throws {
        let catalog = try MappingCatalog.builtIn()
        _ = try catalog.normalizer(for: feed)
        self.feed = feed
        self.check = check
        normalizer = FeedNormalizer(catalog, keepsRecords: true)
    }

    func begin(_ file: String) {
        name = file
        normalizer.begin(file, feed: feed)
    }

    func feed(_ bytes: Span<UInt8>) {
        normalizer.feed(bytes)
        drain()
    }

    func finish(fault: String?) {
        normalizer.finish()
        drain()
        if let fault { problems.append("\(name): \(fault)") }
    }

    private func drain() {
        while true {
            batch.removeAll()
            guard normalizer.advance(into: &batch) else { return }
            for event in batch.events {
                check.take(
                    Self.plain(batch.uid(of: event)),
                    digest: Digest.sha256Hex(Array(batch.raw[event.raw.range])))
            }
        }
    }

    /// A uid stands escaped in its event.
    private static func plain(_ escaped: String) -> String {
        guard escaped.contains("\\"),
            let document = try? JSONReader.document(in: Array("\"\(escaped)\"".utf8), file: "uid")
        else { return escaped }
        return document.string ?? escaped
    }
}
