import Engine
import Pipeline
import Ports

extension Command {
    static let policyRehearse = Command(
        name: "policy rehearse",
        summary: "Says which requests that were made a proposed policy would have refused",
        discussion: """
            Puts every AWS request that succeeded in the last days to POLICY: a document, or a folder of policies as `policy
            evaluate` takes it. What would be refused is told by action and resource with the statement that decides, how
            often, first and last, and the first events. What depends on values that a log does not tell is told apart.
            --kind says what a document is: identity (the principal's only policy: say whose with --as), or a limit on top
            of all that it may do: scp, boundary, session.
            """,
        arguments: [
            Argument("POLICY", "The proposed policy, or a folder of policies", kind: .path),
            Argument(
                "INPUT", "CloudTrail logs: files, folders or - (default: the store)", kind: .path,
                isRequired: false, isRepeated: true),
        ],
        options: [
            Option(
                "as", .text, "PRINCIPAL", "Only requests of this principal: its ARN, role/deploy or deploy"),
            Option(
                "kind", .choice(["identity", "scp", "boundary", "session"]), "KIND",
                "What POLICY is, where it is one document (default: identity)"),
        ] + UseReading.options + [
            Option(
                "fail-on", .choices(["denied", "undecided"]), "WHAT",
                "Exit with 1 if a request would be refused, or may be"),
            .format(
                ["table", "json", "ndjson"], "table (default on a terminal), ndjson (default elsewhere), json"
            ),
        ] + UseReading.endings,
        examples: [
            "martlet policy rehearse new.json --as role/deploy --days 90 cloudtrail/",
            "martlet policy rehearse scp.json --kind scp --fail-on denied",
        ]
    ) { invocation, context in
        let path = invocation.arguments[0]
        let layers = try await layers(path, invocation.text("kind"), context)
        let named = invocation.text("as").map { PrincipalName($0) }
        let reading = try await UseReading(Array(invocation.arguments.dropFirst()), invocation, context) {
            request in
            request.provider == .aws && named?.isOf(request.principal) ?? true
        }
        let rehearsal = Rehearsal(layers, over: reading.run.index.since(reading.start).index)
        let told = RehearsalTold(rehearsal)
        switch invocation.text("format") ?? (context.outputIsTerminal ? "table" : "ndjson") {
        case "table": context.output.write(told.table(context.outputIsTerminal ? context.terminalWidth : nil))
        case "json": context.output.write(told.json)
        default: context.output.write(told.ndjson)
        }
        context.output.finish()
        if rehearsal.passedOver > 0 {
            context.messages.writeLine(
                "martlet: \(grouped(rehearsal.passedOver)) requests more than are kept at once were not asked"
            )
        }
        context.say(
            "\(reading.told(context)), \(grouped(rehearsal.events)) requests that succeeded "
                + "(\(grouped(rehearsal.requests)) distinct): \(grouped(rehearsal.refusedEvents)) would be refused, "
                + "\(grouped(rehearsal.doubtedEvents)) not decided")
        if reading.status == .interrupted { return .interrupted }
        if let name = invocation.text("as"), rehearsal.requests == 0 {
            context.messages.writeLine(
                printable("martlet: no request by \(name) was seen in these days: nothing was rehearsed"))
            return .notHeld
        }
        let failing = invocation.choices("fail-on")
        if failing.contains("denied") && !rehearsal.refusals.isEmpty
            || failing.contains("undecided") && !rehearsal.doubts.isEmpty
        {
            return .notHeld
        }
        return reading.status
    }

    private static func layers(
        _ path: String, _ kind: String?, _ context: CommandContext
    ) async throws -> PolicyLayers {
        var tree = await PolicyTree([path], in: context)
        var layers = tree.layers()
        if !tree.problems.isEmpty { throw Problems(tree.problems) }
        guard tree.leaves.isEmpty == false else {
            throw CommandFailure("\(path): there is no policy in it", status: .usage)
        }
        if let kind, tree.leaves.count == 1 {
            let all = layers.identity + layers.boundary + layers.session + layers.scp.flatMap(\.self)
            layers = PolicyLayers()
            switch kind {
            case "scp": layers.scp = [all]
            case "boundary": layers.boundary = all
            case "session": layers.session = all
            default: layers.identity = all
            }
        }
        // A limit by itself: the requests were made, so something allowed them.
        if layers.identity.isEmpty {
            layers.identity = [PolicyLayers.Named("what the principal has", AccessPolicy.everything)]
        }
        return layers
    }
}

/// What `policy rehearse` prints.
struct RehearsalTold {
    private let rehearsal: Rehearsal

    init(_ rehearsal: Rehearsal) { self.rehearsal = rehearsal }

    private func json(_ tally: UseIndex.Tally) -> String {
        "\"events\":\(tally.count),\"first\":\(quoted(tally.first.iso8601)),\"last\":\(quoted(tally.last.iso8601)),"
            + "\"uids\":[\(tally.evidence.map { quoted($0.uid) }.joined(separator: ","))]"
    }

    private func json(_ refusal: Rehearsal.Refusal) -> String {
        let verdict = refusal.verdict
        var text = "{\"principal\":\(quoted(refusal.principal)),\"action\":\(quoted(refusal.action))"
        if let resource = refusal.resource { text += ",\"resource\":\(quoted(resource))" }
        text +=
            ",\"decision\":\(quoted(verdict.decision.rawValue)),\"layer\":\(quoted(verdict.layer.rawValue))"
        if !verdict.policy.isEmpty { text += ",\"policy\":\(quoted(verdict.policy))" }
        if let statement = verdict.statement {
            text += ",\"statement\":\(statement.index + 1)"
            if let sid = statement.sid { text += ",\"sid\":\(quoted(sid))" }
        }
        return text + ",\"reason\":\(quoted(verdict.reason)),\(json(refusal.tally))}"
    }

    private func json(_ doubt: Rehearsal.Doubt) -> String {
        "{\"principal\":\(quoted(doubt.principal)),\"action\":\(quoted(doubt.action)),"
            + "\"dependsOn\":\(quoted(doubt.missing)),\(json(doubt.tally))}"
    }

    private var totals: String {
        "{\"requests\":\(rehearsal.requests),\"events\":\(rehearsal.events),\"allowed\":\(rehearsal.allowed),"
            + "\"denied\":\(rehearsal.refusedEvents),\"undecided\":\(rehearsal.doubtedEvents)}"
    }

    var ndjson: [UInt8] {
        var out = ""
        for refusal in rehearsal.refusals { out += "{\"denied\":\(json(refusal))}\n" }
        for doubt in rehearsal.doubts { out += "{\"undecided\":\(json(doubt))}\n" }
        return Array((out + "{\"totals\":\(totals)}\n").utf8)
    }

    var json: [UInt8] {
        var out = "{\"denied\":[" + rehearsal.refusals.map { json($0) }.joined(separator: ",")
        out += "],\"undecided\":[" + rehearsal.doubts.map { json($0) }.joined(separator: ",")
        return Array((out + "],\"totals\":\(totals)}\n").utf8)
    }

    func table(_ width: Int?) -> [UInt8] {
        var out = ""
        if rehearsal.refusals.isEmpty { out += "Nothing would have been refused\n" }
        var refused = TextTable(
            ["Events", "Action", "Resource", "Principal", "First", "Last", "Because"], width: width)
        for refusal in rehearsal.refusals {
            out += refused.add(
                [
                    grouped(refusal.tally.count), refusal.action, refusal.resource ?? "not told",
                    refusal.principal,
                    refusal.tally.first.iso8601, refusal.tally.last.iso8601, refusal.verdict.reason,
                ].map { printable($0) })
        }
        if !rehearsal.refusals.isEmpty { out += refused.finish() }
        if rehearsal.doubts.isEmpty { return Array(out.utf8) }
        out += "\nNot decided:\n"
        var doubted = TextTable(["Events", "Action", "Principal", "Last", "Depends on"], width: width)
        for doubt in rehearsal.doubts {
            out += doubted.add(
                [
                    grouped(doubt.tally.count), doubt.action, doubt.principal, doubt.tally.last.iso8601,
                    doubt.missing,
                ].map { printable($0) })
        }
        return Array((out + doubted.finish()).utf8)
    }
}
