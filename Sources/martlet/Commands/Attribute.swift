import Engine
import Pipeline
import Ports

extension Command {
    static let attribute = Command(
        name: "attribute",
        summary: "Says who is behind each credential, by which links and events, and how much is known",
        discussion: """
            INPUT is files, folders (in name order) or -; plain, gzip or zstd. Everything is read before anything is
            said, so the order does not matter. One line for each credential or session that acted: whose it is, how
            certain that is, its events, and the chain that leads there, each link with its kind, its certainty and the
            uid of the event that shows it. Then the accounts that are one human's, with why, and the share of privileged
            events (that change something; see docs/attribution.md) whose root is known. Exit status 3 if some input
            was unreadable or refused.
            """,
        arguments: [Argument("INPUT", "Files, folders or -", kind: .path, isRepeated: true)],
        options: [
            Option(
                "feed", .text, "FEED", "Whose records they are, or auto: see martlet feeds", isRequired: true),
            .identities,
            Option(
                "format", .choice(["text", "json"]), "FORMAT",
                "text, or json: an object a line, the last of them the coverage"),
            Option("vendors", .path, "DIR", "More mappings: <vendor>/<feed>/mapping.yaml"),
            .rejects,
        ],
        examples: [
            "martlet attribute --feed aws.cloudtrail logs/",
            "martlet attribute --feed auto --identities people.yaml --format json okta/ cloudtrail/",
        ]
    ) { invocation, context in
        let feed = invocation.text("feed") ?? MappingCatalog.auto
        let catalog = try await MappingCatalog.read(invocation, context)
        let refused = try await InputRefusals.make(feed: feed, invocation, context)
        let directory = try await IdentityDirectory.read(invocation, context)
        let run = try AttributionRun(feed: feed, catalog, directory, refused: refused)
        let isWhole = try await InputSession("Attributing", invocation, context).walk(into: run) {
            ["events": run.events, "refused": refused.records]
        }
        try await refused.finish()
        let report = AttributionReport(run)
        context.output.write(invocation.text("format") == "json" ? report.json : report.text)
        context.output.finish()
        refused.tell(context)
        context.say(
            (isWhole ? "" : InputSession.interruption)
                + "\(run.events) events, \(refused.records) records refused, \(refused.inputs) inputs not read to their end"
        )
        if !isWhole { return .interrupted }
        return refused.isEmpty ? .done : .refused
    }
}

extension Command.Option {
    static let identities = Self(
        "identities", .path, "FILE", "People and their accounts, YAML or CSV, beside what the records tell")
}

extension MappingCatalog {
    /// The built-in mappings, and those of `--vendors`.
    static func read(_ invocation: Invocation, _ context: CommandContext) async throws -> MappingCatalog {
        guard let folder = invocation.text("vendors") else { return try builtIn() }
        return try MappingCatalog(
            own: try await VendorFolder.read(from: context.absolute(folder), with: context.files))
    }
}

extension IdentityDirectory {
    /// What the file of `--identities` says; empty without one.
    static func read(_ invocation: Invocation, _ context: CommandContext) async throws -> IdentityDirectory {
        var directory = IdentityDirectory()
        guard let path = invocation.text("identities") else { return directory }
        try await IdentityFile.read(context.absolute(path), shownAs: path, context.files, into: &directory)
        return directory
    }
}

extension Attributor {
    /// Where `--attribute` is given, what all of the input tells: the first of two passes.
    static func read(
        feed: String, _ catalog: MappingCatalog, _ invocation: Invocation, _ context: CommandContext
    ) async throws -> Attributor? {
        guard invocation.isSet("attribute") else { return nil }
        guard !invocation.arguments.contains("-") else {
            throw CommandFailure(
                "--attribute reads its input twice, and standard input can be read once: write it to a file",
                status: .usage)
        }
        let directory = try await IdentityDirectory.read(invocation, context)
        let run = try AttributionRun(feed: feed, catalog, directory, refused: nil)
        let isWhole = try await InputSession("Attributing", invocation, context).walk(into: run) {
            ["events": run.events]
        }
        if !isWhole { throw CommandFailure("interrupted before anything was written", status: .interrupted) }
        return run.attributor
    }
}

/// What `attribute` has to say.
private struct AttributionReport {
    private let run: AttributionRun
    private let lines: [AttributionRun.Line]
    private let coverage: AttributionRun.Coverage

    init(_ run: AttributionRun) {
        self.run = run
        lines = run.lines()
        coverage = run.coverage(lines)
    }

    private var tree: CredentialTree { run.attributor.tree }

    // MARK: Text

    var text: [UInt8] {
        var out = ""
        for line in lines {
            let how =
                line.root.gap.map { "unknown: \($0.name)" }
                ?? "\(line.subject.nature.name), \(line.root.certainty.name) "
                + Attributor.decimal(line.root.confidence)
            out += "\(printable(line.who)) (\(how)), \(line.use.events) events: "
            out += printable(tree.text(of: line.node))
            for hop in line.hops {
                out += " <- \(hop.kind.name) [\(hop.certainty.name) "
                out += "\(printable(String(decoding: hop.uid, as: UTF8.self)))] "
                out += printable(tree.text(of: hop.parent))
            }
            if let made = tree.maker(of: line.node) {
                out += "; created by \(printable(tree.text(of: made.parent)))"
                out += " [\(printable(String(decoding: made.uid, as: UTF8.self)))]"
            }
            out += "\n"
        }
        for person in people {
            out += "\n\(printable(person.name)) is"
            for (place, join) in person.joins.enumerated() {
                out += place == 0 ? " " : ", "
                out += "\(join.a) = \(join.b) (\(join.reason)\(join.uid.isEmpty ? "" : " " + join.uid))"
            }
            out += "\n"
        }
        out += "\n" + share("privileged events", coverage.privileged)
        out += share("events", coverage.events)
        return Array(out.utf8)
    }

    private func share(_ what: String, _ share: AttributionRun.Coverage.Share) -> String {
        var parts = [
            "\(share.byCertainty[2]) proved", "\(share.byCertainty[1]) asserted",
            "\(share.byCertainty[0]) inferred",
        ]
        if share.known > 0 { parts.append("mean confidence \(Attributor.decimal(share.confidence))") }
        let gaps = zip(CredentialTree.Gap.allCases, share.gaps).filter { $0.1 > 0 }
            .map { "\($0.1) \($0.0.name)" }
        var why = gaps
        if share.nameless > 0 { why.append("\(share.nameless) nobody_named") }
        if share.forgotten > 0 { why.append("\(share.forgotten) forgotten") }
        return "\(share.percent) of \(share.all) \(what) have a known root: \(parts.joined(separator: ", "))"
            + (why.isEmpty ? "" : "; unknown: \(why.joined(separator: ", "))") + "\n"
    }

    // MARK: People

    private struct Person {
        var name: String
        var joins: [(a: String, b: String, reason: String, uid: String)]
    }

    /// Humans of whom more than one account is known and one acted.
    private var people: [Person] {
        var seen: Set<CredentialKey> = []
        var people: [Person] = []
        for line in lines where line.root.isKnown && seen.insert(line.subject.key).inserted {
            let joins = tree.directory.joins(of: tree.key(of: line.root.node))
            if joins.isEmpty { continue }
            people.append(
                Person(
                    name: line.who,
                    joins: joins.map { join in
                        (
                            Self.account(join.a), Self.account(join.b), join.reason.name,
                            printable(String(decoding: join.uid, as: UTF8.self))
                        )
                    }))
        }
        return people
    }

    private static func account(_ account: IdentityDirectory.Account) -> String {
        printable("\(account.system) \(String(decoding: account.id, as: UTF8.self))")
    }

    // MARK: JSON

    var json: [UInt8] {
        var out: [UInt8] = []
        for line in lines {
            let use = line.use
            out += Array("{\"credential\":\"".utf8)
            out += tree.escaped(line.node)
            out += Array("\",\"type\":\"\(tree.kind(of: line.node).name)\"".utf8)
            out += Array(",\"events\":\(use.events),\"privileged_events\":\(use.privileged)".utf8)
            out += Array(
                ",\"first_time\":\(use.first.milliseconds),\"last_time\":\(use.last.milliseconds)".utf8)
            out += Array(",\"attribution\":".utf8)
            run.attributor.appendEnrichment(of: line.node, to: &out)
            out += Array("}\n".utf8)
        }
        for person in people {
            out += Array("{\"person\":".utf8) + JSONFragment.quoted(person.name) + Array(",\"joins\":[".utf8)
            for (place, join) in person.joins.enumerated() {
                out += Array((place == 0 ? "[" : ",[").utf8)
                out += JSONFragment.quoted(join.a) + [0x2C] + JSONFragment.quoted(join.b) + [0x2C]
                out += JSONFragment.quoted(join.reason) + [0x2C] + JSONFragment.quoted(join.uid) + [0x5D]
            }
            out += Array("]}\n".utf8)
        }
        out += Array("{\"coverage\":{\"privileged_events\":".utf8) + json(coverage.privileged)
        out += Array(",\"events\":".utf8) + json(coverage.events) + Array("}}\n".utf8)
        return out
    }

    private func json(_ share: AttributionRun.Coverage.Share) -> [UInt8] {
        let whole = share.all == 0 ? 1_000 : share.known * 1_000 / share.all
        var text = "{\"count\":\(share.all),\"known\":\(share.known),\"share\":\(Attributor.decimal(whole))"
        text += ",\"confidence\":\(Attributor.decimal(share.confidence))"
        for certainty in [Certainty.proved, .asserted, .inferred] {
            text += ",\"\(certainty.name)\":\(share.byCertainty[Int(certainty.rawValue)])"
        }
        text += ",\"unknown\":{"
        for (gap, count) in zip(CredentialTree.Gap.allCases, share.gaps) {
            text += "\"\(gap.name)\":\(count),"
        }
        text += "\"nobody_named\":\(share.nameless),\"forgotten\":\(share.forgotten)}}"
        return Array(text.utf8)
    }
}
