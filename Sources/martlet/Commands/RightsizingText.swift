import Engine
import Pipeline
import Ports

/// A smaller policy and its proof, for programs and for people.
struct RightsizingText {
    /// Lines of one list in the text for people.
    private static let linesMax = 200

    private let result: Rightsizing
    private let principal: String
    /// Policies that it has and whose documents are not known.
    private let unknown: [String]

    init(_ result: Rightsizing, _ principal: String, _ unknown: [String]) {
        self.result = result
        self.principal = principal
        self.unknown = unknown
    }

    /// What has to hold of any answer: nothing wider, nothing broken.
    var holds: Bool {
        (result.comparison.verdict == .equal || result.comparison.verdict == .narrowed)
            && result.replay.broken.isEmpty
    }

    var policy: String { result.policy.plainJSON }

    var summary: String {
        "\(grouped(result.used.count)) actions used, \(grouped(result.removed.count)) removed, "
            + "\(grouped(result.kept.count)) kept unseen; \(result.comparison.verdict.rawValue) "
            + "(\(result.comparison.method.rawValue)), \(grouped(result.replay.events)) requests replayed, "
            + "\(grouped(result.replay.broken.count)) broken"
    }

    private static func day(_ day: Int64) -> String {
        String(Timestamp(seconds: day * 86_400).iso8601.prefix(10))
    }

    // MARK: JSON

    var json: String {
        let replay = result.replay
        let days = result.coverage.days
        var members = [
            "\"principal\":\(quoted(principal))",
            "\"days\":{\"from\":\(quoted(Self.day(days.lowerBound))),\"to\":\(quoted(Self.day(days.upperBound))),"
                + "\"asked\":\(days.count),\"covered\":\(result.coverage.covered.count),"
                + "\"missing\":\(list(result.coverage.missing.map(Self.day))),"
                + "\"dataEvents\":\(list(result.coverage.dataServices.sorted()))}",
            "\"policy\":\(policy)",
        ]
        let broken = replay.broken.map {
            "{\"action\":\(quoted($0.action)),\"resource\":\($0.resource.map(quoted) ?? "null")}"
        }
        members.append(
            "\"proof\":{\"holds\":\(holds),\"whole\":\(result.isProved),\"neverWider\":{\"verdict\":"
                + "\(quoted(result.comparison.verdict.rawValue)),\"method\":\(quoted(result.comparison.method.rawValue))},"
                + "\"replay\":{\"requests\":\(replay.requests),\"events\":\(replay.events),\"allowed\":\(replay.allowed),"
                + "\"broken\":[\(broken.joined(separator: ","))],\"undecided\":\(replay.undecided),"
                + "\"notByThesePolicies\":\(replay.byOthers)}}")
        members.append("\"used\":[\(result.used.map(json).joined(separator: ","))]")
        members.append("\"removed\":[\(result.removed.map(json).joined(separator: ","))]")
        let kept = result.kept.map { "{\"action\":\(quoted($0.action)),\"why\":\(quoted($0.why))}" }
        members.append("\"kept\":[\(kept.joined(separator: ","))]")
        members.append("\"notAllowedByThesePolicies\":\(list(result.unexplained))")
        members.append("\"unknownPolicies\":\(list(unknown))")
        members.append("\"notes\":\(list(result.notes))")
        return "{\(members.joined(separator: ","))}"
    }

    private func list(_ texts: [String]) -> String { "[\(texts.map(quoted).joined(separator: ","))]" }

    private func json(_ use: UseIndex.ActionUse) -> String {
        let resources = use.resources.compactMap { $0 }.sorted().prefix(8)
        return "{\"action\":\(quoted(use.action)),\"events\":\(use.used.count),"
            + "\"first\":\(quoted(use.used.first.iso8601)),\"last\":\(quoted(use.used.last.iso8601)),"
            + "\"denied\":\(use.denied.count),\"resources\":\(list(Array(resources))),"
            + "\"distinctResources\":\(use.resources.count)}"
    }

    private func json(_ removed: Rightsizing.Removed) -> String {
        "{\"action\":\(quoted(removed.action)),\"level\":\(quoted(removed.level)),"
            + "\"lastUse\":\(removed.lastUse.map { quoted($0.iso8601) } ?? "null"),\"denied\":\(removed.denied),"
            + "\"from\":\(list(removed.statements))}"
    }

    // MARK: For people

    /// Markdown in which nothing of a log is markup.
    private func code(_ text: String) -> String {
        "`" + printable(text).replacing("`", with: "'").replacing("|", with: "\\|") + "`"
    }

    var markdown: String {
        let replay = result.replay
        let days = result.coverage.days
        var out = "# Least privilege for \(code(principal))\n\n"
        out +=
            "\(days.count) days, \(Self.day(days.lowerBound)) to \(Self.day(days.upperBound)); the log is whole on "
        out += "\(result.coverage.covered.count) of them.\n\n## Proof\n\n"
        out += "- Never wider: the comparison says \(result.comparison.verdict.rawValue) "
        out += "(\(result.comparison.method.rawValue)).\n"
        out +=
            "- Replayed: \(grouped(replay.requests)) distinct requests of \(grouped(replay.events)) events; "
        out += "\(grouped(replay.allowed)) allowed, \(grouped(replay.broken.count)) refused, "
        out += "\(grouped(replay.undecided)) not decided from the log, "
        out += "\(grouped(replay.byOthers)) not by these policies.\n"
        for request in replay.broken.prefix(Self.linesMax) {
            out += "  - refused: \(code(request.action)) on \(code(request.resource ?? "what is not told"))\n"
        }
        for note in result.notes { out += "- \(printable(note)).\n" }
        for name in unknown { out += "- \(code(name)) is attached, and its document is not known.\n" }
        out += "\n## The policy\n\n```json\n\(policy)\n```\n"
        out += section("Used", result.used.count)
        out += "| Action | Events | Last | Refused |\n|---|---|---|---|\n"
        for use in result.used.prefix(Self.linesMax) {
            out +=
                "| \(code(use.action)) | \(use.used.count) | \(use.used.last.iso8601) | \(use.denied.count) |\n"
        }
        out += section("Removed, the gravest first", result.removed.count)
        out += "| Action | Level | Last use before |\n|---|---|---|\n"
        for removed in result.removed.prefix(Self.linesMax) {
            out +=
                "| \(code(removed.action)) | \(removed.level) | \(removed.lastUse?.iso8601 ?? "none seen") |\n"
        }
        if result.removed.count > Self.linesMax {
            out += "\nand \(grouped(result.removed.count - Self.linesMax)) more.\n"
        }
        out += section("Kept unseen", result.kept.count)
        for (why, actions) in Dictionary(grouping: result.kept, by: \.why).sorted(by: { $0.key < $1.key }) {
            let names = actions.map { code($0.action) }
            out += "- \(printable(why)): \(names.prefix(Self.linesMax).joined(separator: ", "))\n"
        }
        if !result.unexplained.isEmpty {
            out += section("Used, and not allowed by these policies", result.unexplained.count)
            out += result.unexplained.prefix(Self.linesMax).map { "- \(code($0))\n" }.joined()
        }
        return out
    }

    private func section(_ title: String, _ count: Int) -> String { "\n## \(title) (\(grouped(count)))\n\n" }
}
