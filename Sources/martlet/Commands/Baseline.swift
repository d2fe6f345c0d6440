import Codecs
import Engine
import Pipeline
import Ports

extension Command {
    static let baselineSave = Command(
        name: "baseline save",
        summary: "Saves access as it stands, to hold what comes later against",
        discussion: """
            INPUT is audit logs and answers of get-account-authorization-details, as for `martlet drift`; without it the store's
            events are read. FILE is JSON, a fact on each line in a fixed order, so that a repository shows what changed
            between two of them.
            """,
        arguments: [input],
        options: [
            Option("out", .path, "FILE", "Where it is kept", isRequired: true),
            Option("name", .text, "NAME", "What findings call it (default: the file's name)"),
            Option("at", .time, "TIME", "As of this time (default: after all events)"),
            account, feed, .rejects,
        ] + stored,
        examples: [
            "martlet baseline save --out access.json cloudtrail/ account.json",
            "martlet baseline save --out access.json --state state/",
        ]
    ) { invocation, context in
        let reading = try await BaselineReading(invocation, context, against: nil)
        let time = invocation.time("at", now: context.time.now) ?? max(reading.run.end, .epoch)
        // What Google permits by its own roles is nobody's to approve.
        let facts = reading.run.drift.state.facts(at: time).filter { !$0.key.account.isEmpty }
        let path = invocation.text("out") ?? ""
        let name = invocation.text("name") ?? Paths.name(of: path)
        try await FileWriting.replace(path, with: DeclaredAccess.text(facts, name: name, at: time), context)
        context.say("\(facts.count) facts of access saved to \(path)")
        return reading.status
    }

    static let baselineDiff = Command(
        name: "baseline diff",
        summary: "Says how access differs from a baseline, and by whom it was changed",
        discussion: """
            BASELINE is a file of `martlet baseline save`, an answer of get-account-authorization-details, Terraform's
            `show -json` of a plan or a state, a CloudFormation template, or a folder of these and of policies by themselves
            (111122223333/role/deploy/inline/name.json, …/role/deploy/trust.json, …/policy/name.json, …/s3/bucket.json).
            Without INPUT the store's events are read. Documents are compared by meaning; the uid at the end of a line is
            what `martlet baseline approve --finding` takes. Exit status 1 if anything is wider than the baseline.
            """,
        arguments: [baseline, input],
        options: [
            .format(["table", "json", "ocsf"], "How it is printed (default: table)"), account, feed, .rejects,
        ] + stored,
        examples: [
            "martlet baseline diff access.json cloudtrail/ account.json",
            "terraform show -json > state.json; martlet baseline diff --account 111122223333 state.json cloudtrail/",
        ]
    ) { invocation, context in
        let reading = try await BaselineReading(invocation, context, against: invocation.arguments.first)
        let report = reading.run.report()
        let found = report.open.filter { $0.code == .baselineDifference }
        for finding in found {
            switch invocation.text("format") {
            case "json": context.output.write(finding.json(at: report.to) + [UInt8(ascii: "\n")])
            case "ocsf": context.output.write(DriftFindingWriter().line(finding) + [UInt8(ascii: "\n")])
            default:
                let cause = finding.opened
                context.output.writeLine(
                    printable(
                        "\(DriftReport.place(finding.provider, finding.account)) \(finding.words); since "
                            + "\(DriftFinding.text(cause.time)), \(cause.operation) by \(DriftReport.who(cause)), event "
                            + "\(cause.uid) (\(finding.uid))"))
                if !finding.witness.isEmpty { context.output.writeLine(printable("  \(finding.witness)")) }
            }
        }
        let wider = found.count { $0.effect > .none }
        context.say("\(found.count) difference\(found.count == 1 ? "" : "s"), \(wider) of them wider")
        if reading.status != .done { return reading.status }
        return wider > 0 ? .notHeld : .done
    }

    static let baselineApprove = Command(
        name: "baseline approve",
        summary: "Takes what differs into a baseline, all of it or single findings",
        discussion: """
            What INPUT shows is written into BASELINE, a file of `martlet baseline save`: of --finding the one thing that it
            is about, else everything that differs. What changed is listed on standard output.
            """,
        arguments: [baseline, input],
        options: [
            Option("finding", .text, "UID", "Only what this finding of code D2 is about", isRepeated: true),
            account, feed, .rejects,
        ] + stored,
        examples: ["martlet baseline approve --finding 5b1c… access.json cloudtrail/ account.json"]
    ) { invocation, context in
        let path = invocation.arguments.first ?? ""
        let reading = try await BaselineReading(invocation, context, against: path)
        guard let approved = reading.run.drift.settings.baseline else { return .usage }
        let report = reading.run.report()
        let chosen = Set(invocation.texts("finding"))
        let found = report.open.filter {
            $0.code == .baselineDifference && (chosen.isEmpty || chosen.contains($0.uid))
        }
        let missing = chosen.subtracting(found.map(\.uid))
        guard missing.isEmpty else {
            throw CommandFailure(
                "no difference of that uid stands open: \(missing.sorted().joined(separator: ", "))")
        }
        var facts = approved.facts.facts
        for finding in found {
            guard
                let kind = finding.object.split(separator: " ").first.flatMap({
                    AccessState.Kind(rawValue: String($0))
                })
            else { continue }
            let part = String(finding.object.dropFirst(kind.rawValue.count + 1))
            let key = AccessState.Key(finding.account, finding.subject, kind, part)
            facts[key] = reading.run.drift.state.value(key, at: report.to)
            context.output.writeLine(printable(finding.words))
        }
        try await FileWriting.replace(
            path, with: DeclaredAccess.text(facts, name: approved.name, at: report.to), context)
        context.say("\(found.count) differences approved in \(path)")
        return reading.status
    }

    private static let input = Argument(
        "INPUT", "Audit logs and snapshots: files, folders or - (default: the store)", kind: .path,
        isRequired: false, isRepeated: true)
    private static let stored = [
        StoreReading.lake, StoreReading.cache, StoreReading.pipelines, StoreReading.store, .state,
    ]
    private static let baseline = Argument(
        "BASELINE", "What was approved or declared: a file or a folder", kind: .path)
    private static let feed = Option("feed", .text, "FEED", "Whose records INPUT are (default: auto)")
    private static let account = Option(
        "account", .text, "ID",
        "Whose a declaration is that does not say (default: the only account of INPUT)")
}

/// INPUT of a baseline's command, read.
struct BaselineReading {
    let run: DriftRun
    let status: ExitStatus

    /// - Parameter path: the baseline, which is the first argument then.
    init(_ invocation: Invocation, _ context: CommandContext, against path: String?) async throws {
        let feed = invocation.text("feed") ?? MappingCatalog.auto
        let refused = try await InputRefusals.make(feed: feed, invocation, context)
        let catalog = try MappingCatalog.builtIn()
        let run = try DriftRun(
            feed: feed, catalog, DriftSettings(), .builtIn(), attributor: nil, refused: refused)
        run.present = context.time.now
        let inputs = path == nil ? invocation.arguments : Array(invocation.arguments.dropFirst())
        var isWhole = true
        if inputs.isEmpty {
            let opened = try await StoreReading.open(invocation, context)
            for problem in try await DriftCommand.read(opened, to: nil, into: run) {
                refused.add("store", reason: problem)
            }
        } else {
            isWhole = try await InputSession("Reading", inputs, context).walk(into: run) {
                ["events": run.events, "changes": run.drift.notes.changes]
            }
        }
        run.close()
        if let path {
            let own = invocation.text("account") ?? run.drift.state.onlyAccount
            run.judge(against: try await Self.baseline(path, account: own, context))
        }
        try await refused.finish()
        refused.tell(context)
        self.run = run
        status = !isWhole ? .interrupted : refused.isEmpty ? .done : .refused
    }

    /// A baseline of a file, or of all files of a folder.
    static func baseline(
        _ path: String, account: String?, _ context: CommandContext
    ) async throws -> DriftBaseline {
        let file: BaselineFile
        do throws(Problems) {
            file = try await BaselineFile.read(
                context.absolute(path), shownAs: path, account: account, context.files)
        } catch {
            throw CommandFailure(error.list.map(\.message).joined(separator: "\n"), status: .usage)
        }
        for text in file.leftOut { context.say(printable("left out: \(text)")) }
        return file.baseline
    }
}

/// Files that a command writes as a whole.
enum FileWriting {
    /// The new content or the old one, whatever happens on the way.
    static func replace(_ path: String, with bytes: [UInt8], _ context: CommandContext) async throws {
        let file = context.absolute(path)
        let volume = try context.sharedVolume(Paths.folder(of: file))
        let name = Paths.name(of: file)
        try await volume.remove(name + ".new")
        _ = try await volume.append(bytes, to: name + ".new")
        try await volume.synchronize(name + ".new")
        try await volume.rename(name + ".new", to: name)
    }
}
