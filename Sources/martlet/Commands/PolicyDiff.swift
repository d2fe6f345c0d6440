import Engine
import Pipeline
import Ports

extension Command {
    static let policyDiff = Command(
        name: "policy diff",
        summary: "Says what a change of a policy means: what may be done now that could not before",
        discussion: """
            Compares two documents by meaning, not by text: `equal`, `narrowed`, `widened` or `incomparable` (both gained
            and lost), with the actions gained and lost and requests that show it, each confirmed by evaluating both
            documents. Where nothing is gained, no request at all exists that the new one allows and the old one does not.

            The verdict holds whatever other policies stand beside the document: a denial that is dropped is access
            gained. `isolated` is the verdict of the documents by themselves, `realisable` the one over actions and
            resources that exist today. What the comparison gives up Z3 is asked, where it is installed, for five seconds
            a question; what is not decided then counts as widened, and says so.

            OLD and NEW are JSON files or - for standard input; the answers of get-policy-version, get-role and
            get-bucket-policy are understood, too. Exit status 1 if --fail-on matches.
            """,
        arguments: [
            Argument("OLD", "The document before", kind: .path),
            Argument("NEW", "The document after", kind: .path),
        ],
        options: [
            Option(
                "kind", .choice(PolicyKind.allCases.map(\.rawValue)), "KIND",
                "What the documents are (default: aws-identity)"),
            .format(["table", "json"], "How it is printed (default: table)"),
            Option(
                "fail-on", .choices(["widened", "narrowed"]), "VERDICTS",
                "Exit with 1 if access was gained (widened) or lost (narrowed); incomparable is both"),
        ],
        examples: [
            "martlet policy diff old.json new.json",
            "martlet policy diff old.json new.json --format json --fail-on widened",
            "martlet policy diff trust-before.json trust-after.json --kind aws-trust",
            "martlet policy diff role-before.json role-after.json --kind gcp-role",
        ]
    ) { invocation, context in
        let kind = invocation.text("kind").flatMap { PolicyKind(rawValue: $0) } ?? .awsIdentity
        if invocation.arguments == ["-", "-"] {
            throw CommandFailure("only one of the two documents can come from standard input", status: .usage)
        }
        let old = try await PolicyFile.document(invocation.arguments[0], in: context)
        let new = try await PolicyFile.document(invocation.arguments[1], in: context)
        let change = try await change(of: kind, old, new, PolicySolver(context))
        if invocation.text("format") == "json" {
            context.output.writeLine(PolicyChangeText(change).json)
        } else {
            for line in PolicyChangeText(change).lines { context.output.writeLine(line) }
        }
        let failing = invocation.choices("fail-on")
        let isWider = change.verdict == .widened || change.verdict == .incomparable
        let isNarrower = change.verdict == .narrowed || change.verdict == .incomparable
        let fails = (isWider && failing.contains("widened")) || (isNarrower && failing.contains("narrowed"))
        return fails ? .notHeld : .done
    }

    private static func change(
        of kind: PolicyKind, _ old: Document, _ new: Document, _ solver: PolicySolver
    ) async throws -> PolicyChange {
        if let place = kind.place {
            var problems: [Problem] = []
            func read(_ document: Document) -> AccessPolicy {
                do throws(Problems) { return try AccessPolicy(document, for: place) } catch {
                    problems += error.list
                    return AccessPolicy(statements: [])
                }
            }
            let before = read(old)
            let after = read(new)
            if !problems.isEmpty { throw Problems(problems) }
            var comparison = PolicyComparison(
                old: before, new: after, place: place, catalogue: .builtIn())
            let note = try await solver.settle(&comparison)
            var change = comparison.change()
            if let note { change.notes.append(note) }
            return change
        }
        switch kind {
        case .azureRole: return .ofAzureRoles(old: try AzureRole(old), new: try AzureRole(new))
        case .googleRole: return .ofGoogleRoles(old: try GoogleRole(old), new: try GoogleRole(new))
        default: return .ofGoogleBindings(old: try GoogleBindings(old), new: try GoogleBindings(new))
        }
    }
}

/// A change of a policy as it is told to people and programs.
struct PolicyChangeText {
    /// Names of actions on a line of the table.
    private static let namesShown = 12

    let change: PolicyChange

    init(_ change: PolicyChange) { self.change = change }

    // MARK: JSON

    var json: String {
        var members = [
            "\"verdict\":\(quoted(change.verdict.rawValue))", "\"method\":\(quoted(change.method.rawValue))",
        ]
        if let isolated = change.isolated { members.append("\"isolated\":\(quoted(isolated.rawValue))") }
        if let realisable = change.realisable {
            members.append("\"realisable\":\(quoted(realisable.rawValue))")
        }
        members.append("\"gained\":\(Self.list(change.gained.actions))")
        members.append("\"lost\":\(Self.list(change.lost.actions))")
        members.append("\"noLongerDenied\":\(Self.list(change.gained.undenied))")
        members.append("\"newlyDenied\":\(Self.list(change.lost.undenied))")
        if change.gained.isCut || change.lost.isCut { members.append("\"cut\":true") }
        let first = [("gained", change.gained), ("lost", change.lost)].map { name, side in
            "\(quoted(name)):\(side.witnesses.first.map { Self.json($0) } ?? "null")"
        }
        members.append("\"witness\":{\(first.joined(separator: ","))}")
        let all = [("gained", change.gained), ("lost", change.lost)].map { name, side in
            "\(quoted(name)):[\(side.witnesses.map { Self.json($0) }.joined(separator: ","))]"
        }
        members.append("\"witnesses\":{\(all.joined(separator: ","))}")
        members.append("\"notes\":\(Self.list(change.notes))")
        return "{\(members.joined(separator: ","))}"
    }

    private static func list(_ texts: [String]) -> String { "[\(texts.map(quoted).joined(separator: ","))]" }

    private static func json(_ witness: PolicyChange.Witness) -> String {
        let context = witness.context.map { key, value in
            switch value {
            case .single(let text): "\(quoted(key)):\(quoted(text))"
            case .list(let texts): "\(quoted(key)):\(list(texts))"
            }
        }
        var members = [
            "\"action\":\(quoted(witness.action))", "\"resource\":\(quoted(witness.resource))",
            "\"principal\":\(witness.principal.map(quoted) ?? "null")",
            "\"context\":{\(context.joined(separator: ","))}",
            "\"before\":\(quoted(witness.before.rawValue))", "\"after\":\(quoted(witness.after.rawValue))",
            "\"because\":\(quoted(witness.because))",
        ]
        if let reading = witness.onlyReading { members.append("\"reading\":\(quoted(reading.rawValue))") }
        return "{\(members.joined(separator: ","))}"
    }

    // MARK: Text

    var lines: [String] {
        var lines = ["\(change.verdict.rawValue): \(Self.sentence(change.verdict))"]
        lines += told("gained", change.gained, allowed: "now allowed, before not")
        lines += told("lost", change.lost, allowed: "no longer allowed")
        lines += change.notes.map { "note: \($0)" }
        return lines.map { printable($0) }
    }

    private static func sentence(_ verdict: PolicyComparison.Verdict) -> String {
        switch verdict {
        case .equal: "both documents mean the same"
        case .narrowed: "the new document allows less, and nothing more"
        case .widened: "the new document allows more"
        case .incomparable: "the new document allows some more and some less"
        }
    }

    private func told(_ name: String, _ side: PolicyChange.Side, allowed: String) -> [String] {
        var lines: [String] = []
        if !side.actions.isEmpty { lines.append("\(name): \(names(side.actions, side.isCut))") }
        if !side.undenied.isEmpty {
            let word = name == "gained" ? "no longer denied" : "denied now"
            lines.append("\(word): \(names(side.undenied, side.isCut))")
        }
        for witness in side.witnesses.prefix(5) { lines.append("  " + told(witness, allowed)) }
        if side.witnesses.count > 5 {
            lines.append("  (\(side.witnesses.count - 5) more with --format json)")
        }
        return lines
    }

    private func names(_ actions: [String], _ isCut: Bool) -> String {
        let shown = actions.prefix(Self.namesShown).joined(separator: ", ")
        let count =
            "\(grouped(actions.count))\(isCut ? " or more" : "") \(actions.count == 1 ? "action" : "actions")"
        return "\(count): \(shown)\(actions.count > Self.namesShown ? ", …" : "")"
    }

    private func told(_ witness: PolicyChange.Witness, _ allowed: String) -> String {
        let isAllowed = witness.before == .allow || witness.after == .allow
        let word =
            isAllowed ? allowed : witness.after == .deny ? "denied now" : "no longer denied"
        return "\(word): \(witness.words)"
    }
}
