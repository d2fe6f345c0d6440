import Engine
import Pipeline
import Ports

extension Command {
    static let investigate = Command(
        name: "investigate",
        summary: "What did this human do, through every role, session and cloud, and what still stands",
        discussion: """
            ENTITY is a human, principal, key, session, role, address or resource, by any name that events have for it; the
            last part of an ARN is enough, and KIND: before it says which it is (role:deploy). A human, principal, key or
            session leads to the human behind it, and from there to all they did, as far as events tell; --narrow stays with
            what bears the name. Without INPUT the store is asked; with INPUT, files and folders are read as they are, no
            store needed: each several times, so not standard input.

            Told are: what was made or changed and still stands, with the command that undoes it; findings, and the risk after
            each; how each session leads to the human, each link with the event that shows it; from where and with what; what
            was new for them; the timeline, reads folded; what to look at next. Events before --from serve to tell what was new.
            --html writes all of it as one file, with the digest of each piece of evidence: martlet case verify checks it.
            Exit status 1 where nothing bears the name: the nearest names are told.
            """,
        arguments: [
            Argument(
                "ENTITY", "A name, or KIND:NAME with human, principal, key, session, role, address, resource"),
            Argument(
                "INPUT", "Files or folders, instead of the store", kind: .path, isRequired: false,
                isRepeated: true),
        ],
        options: [
            .from, .to,
            .format(["text", "json"], "text (default), or json: everything as one object"),
            Option("html", .path, "FILE", "Write a case file: one HTML page with evidence digests"),
            Option("all", "In the text, every step of the timeline"),
            Option("narrow", "Only what bears the name, not all of the human behind it"),
            Option("feed", .text, "FEED", "Whose records INPUT has, or auto (default): see martlet feeds"),
            .identities,
            Option(
                "access", .path, "PATH",
                "More CloudTrail or answers of get-account-authorization-details: what they could reach",
                isRepeated: true),
            Option(
                "rules", .path, "PATH",
                "Over INPUT: Sigma rules in place of the ones inside the binary (builtin)",
                isRepeated: true),
            .placeholders, .geo, .rejects, StoreReading.lake, StoreReading.cache, StoreReading.pipelines,
            StoreReading.store,
            .state,
        ],
        examples: [
            "martlet investigate dalia.jansen@example.com",
            "martlet investigate key:ASIAEXAMPLE --from -24h --html case.html",
            "martlet investigate 198.51.100.7 --feed auto evidence/",
        ]
    ) { invocation, context in
        let entity = CaseEntity(invocation.arguments[0])
        let files = Array(invocation.arguments.dropFirst())
        let now = context.time.now
        let from = invocation.time("from", now: now)
        let to = invocation.time("to", now: now)
        if let from, let to, from > to { throw CommandFailure("--from is later than --to", status: .usage) }
        if files.contains("-") {
            throw CommandFailure(
                "investigate reads its input several times, and standard input can be read once: write it to a file",
                status: .usage)
        }
        let refused = try await InputRefusals.make(
            feed: invocation.text("feed") ?? MappingCatalog.auto, invocation, context)
        var input: any InvestigationInput =
            files.isEmpty
            ? StoredInput(
                try await StoreReading.open(invocation, context), until: to,
                try await .read(invocation, context), context)
            : try await FileInput.make(files, invocation, refused, context)
        let outcome = try await input.investigate(
            entity, isNarrow: invocation.isSet("narrow"), from: from, to: to,
            access: invocation.texts("access"))
        try await refused.finish()
        refused.tell(context)
        let found: Investigation
        switch outcome {
        case .found(let whole): found = whole
        case .unknown(let near): return tellNearest(entity, near, context)
        case .silent: throw CommandFailure("nothing of \(printable(entity.name)) is to be told")
        case nil: return .interrupted
        }
        if let path = invocation.text("html") { try await write(found, to: path, context) }
        if invocation.text("format") == "json" {
            context.output.write(found.json)
        } else {
            let panel = InvestigationPanel(
                found, showsAll: invocation.isSet("all"), usesColor: context.usesColor,
                width: context.outputIsTerminal ? context.terminalWidth : nil)
            context.output.write(panel.text)
        }
        return input.problems == 0 ? .done : .refused
    }

    /// Writes the case file whole or not at all, and tells its digest, which is worth noting elsewhere.
    private static func write(_ found: Investigation, to name: String, _ context: CommandContext) async throws
    {
        let path = context.absolute(name)
        if let entry = try await context.files.entry(at: path), entry.kind != .file {
            throw CommandFailure("--html \(printable(name)): this is not a regular file", status: .usage)
        }
        let file = CaseFile(found, madeBy: "martlet \(Version.number)")
        let volume = try context.sharedVolume(Paths.folder(of: path))
        let (whole, part) = (Paths.name(of: path), Paths.name(of: path) + ".part")
        try await volume.remove(part)
        _ = try await volume.append(file.bytes, to: part)
        try await volume.synchronize(part)
        try await volume.rename(part, to: whole)
        context.say(
            "\(printable(name)): case of \(grouped(found.evidence.count)) events, sha256 \(file.digest)")
    }

    private static func tellNearest(
        _ entity: CaseEntity, _ near: [String], _ context: CommandContext
    ) -> ExitStatus {
        let kind = entity.forced?.rawValue ?? "human, principal, key, session, role, address or resource"
        context.messages.writeLine("martlet: no \(kind) is called \(printable(entity.name))")
        for name in near { context.messages.writeLine("  did you mean \(printable(name))?") }
        if near.isEmpty { context.messages.writeLine("  martlet query --top principal lists who is there") }
        return .notHeld
    }
}

extension FileInput {
    static func make(
        _ files: [String], _ invocation: Invocation, _ refused: InputRefusals, _ context: CommandContext
    ) async throws -> FileInput {
        let feed = invocation.text("feed") ?? MappingCatalog.auto
        let named = invocation.texts("rules")
        let rules = try await RuleSet.read(
            named.isEmpty ? [RuleLibrary.builtinName] : named, invocation, context)
        try rules.throwAbsent()
        for problem in rules.problems { context.say(printable(problem.description)) }
        let catalog = try MappingCatalog.builtIn()
        _ = try catalog.normalizer(for: feed)
        return FileInput(
            feed: feed, files, rules, catalog, try await IdentityDirectory.read(invocation, context),
            try await .read(invocation, context), refused, context)
    }
}
