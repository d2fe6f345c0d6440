import Engine
import Pipeline
import Ports

/// Azure and Google: which ready-made roles, or which custom one.
extension RightsizeAnswer {
    static func roles(
        _ provider: ObservedRequest.Provider, _ name: String, _ reading: UseReading, _ paths: [String],
        _ listed: [GoogleRole], _ context: CommandContext
    ) async throws -> RightsizeAnswer {
        let within = reading.run.index.since(reading.start).index
        let uses = within.actions().filter { $0.used.count > 0 }
        guard !uses.isEmpty else { throw CommandFailure("\(name): no use by that name was seen") }
        var roles = try await catalogue(provider, paths, context)
        // Of one that comes in several snapshots the last counts.
        if provider == .gcp {
            let last = Dictionary(listed.map { ($0.name, $0) }) { $1 }
            roles += last.values.sorted { $0.name < $1.name }.map { RoleCover.Role($0) }
        }
        let cover = RoleCover(uses.map(\.action), roles: roles)
        let scopes = Set(within.allowed.keys.map(\.account)).filter { !$0.isEmpty }.sorted()
            .map { provider == .azure ? "/subscriptions/\($0)" : $0 }
        let custom =
            provider == .azure
            ? cover.azureRole(named: "Least privilege of \(name)", scopes: scopes)
            : cover.googleRole(named: "Least privilege of \(name)")
        let told = RoleCoverText(cover, uses, name, custom, hasRoles: !roles.isEmpty)
        return RightsizeAnswer(
            json: told.json, markdown: told.markdown, policy: custom.plainJSON, summary: told.summary,
            holds: true)
    }

    private static func catalogue(
        _ provider: ObservedRequest.Provider, _ paths: [String], _ context: CommandContext
    ) async throws -> [RoleCover.Role] {
        let tree = await PolicyTree(paths, in: context)
        var problems = tree.problems
        var roles: [RoleCover.Role] = []
        for leaf in tree.leaves {
            // A file may hold one definition, a list of them as `az role definition list` prints it, or Google's answer to
            // who asks for all.
            for document in leaf.document.list ?? leaf.document["roles"]?.list ?? [leaf.document] {
                do throws(Problems) {
                    roles.append(
                        provider == .azure
                            ? RoleCover.Role(try AzureRole(document))
                            : RoleCover.Role(try GoogleRole(document)))
                } catch {
                    problems += error.list
                }
            }
        }
        if !problems.isEmpty { throw Problems(problems) }
        return roles
    }
}

/// A cover by roles, for programs and for people.
private struct RoleCoverText {
    private let cover: RoleCover
    private let uses: [UseIndex.ActionUse]
    private let name: String
    private let custom: Document
    private let hasRoles: Bool

    init(
        _ cover: RoleCover, _ uses: [UseIndex.ActionUse], _ name: String, _ custom: Document, hasRoles: Bool
    ) {
        self.cover = cover
        self.uses = uses
        self.name = name
        self.custom = custom
        self.hasRoles = hasRoles
    }

    var summary: String {
        "\(grouped(uses.count)) permissions used, \(grouped(cover.choices.count)) roles with "
            + "\(grouped(cover.excess)) permissions more, \(grouped(cover.uncovered.count)) in no role"
    }

    private func list(_ texts: [String]) -> String { "[\(texts.map(quoted).joined(separator: ","))]" }

    var json: String {
        let used = uses.map { use in
            "{\"permission\":\(quoted(use.action)),\"events\":\(use.used.count),"
                + "\"first\":\(quoted(use.used.first.iso8601)),\"last\":\(quoted(use.used.last.iso8601)),"
                + "\"denied\":\(use.denied.count)}"
        }
        let roles = cover.choices.map { choice in
            "{\"role\":\(quoted(choice.name)),\"covers\":\(list(choice.covers)),\"excess\":\(choice.excess)}"
        }
        return "{\"principal\":\(quoted(name)),\"used\":[\(used.joined(separator: ","))],"
            + "\"roles\":[\(roles.joined(separator: ","))],\"excess\":\(cover.excess),"
            + "\"uncovered\":\(list(cover.uncovered)),\"customRole\":\(custom.plainJSON)}"
    }

    var markdown: String {
        func code(_ text: String) -> String { "`" + printable(text).replacing("`", with: "'") + "`" }
        var out = "# Least privilege for \(code(name))\n\n## Ready-made roles\n\n"
        if !hasRoles { out += "No role definitions were given: `--roles`.\n" }
        for choice in cover.choices {
            out +=
                "- \(code(choice.name)): \(choice.covers.count) of the permissions used, \(choice.excess) others\n"
        }
        if !cover.uncovered.isEmpty, hasRoles {
            out += "- in no role: \(cover.uncovered.map(code).joined(separator: ", "))\n"
        }
        out += "\n## A custom role\n\n```json\n\(custom.plainJSON)\n```\n\n## Used\n\n"
        out += "| Permission | Events | Last |\n|---|---|---|\n"
        for use in uses { out += "| \(code(use.action)) | \(use.used.count) | \(use.used.last.iso8601) |\n" }
        return out
    }
}
