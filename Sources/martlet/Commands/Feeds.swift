import Engine
import Pipeline
import Ports

extension Command {
    static let feeds = Command(
        name: "feeds",
        summary: "Lists the feeds: what each collects, how, and what it must be allowed",
        discussion: """
            `api` in the ways is the protocol that the feed's feed.yaml declares (from: api in a pipeline file). The
            position says how a restart goes on: a cursor of the vendor's, a window of time whose end is read again for
            late records, a delta link, or a snapshot. `late` is how long after its time a record may appear.

            --policy prints instead the least that the feeds must be allowed, as the cloud takes it: an IAM policy of
            AWS (narrow the resources of a bucket and a queue to yours), a custom role of Azure, one of Google Cloud,
            or the application permissions of Graph, one a line.
            """,
        arguments: [
            Argument("FEED", "Only these (default: all)", isRequired: false, isRepeated: true)
        ],
        options: [
            .format(["table", "json"], "How it is printed (default: table)"), .vendors,
            Option(
                "policy", .choice(FeedPolicies.clouds), "CLOUD", "What the feeds must be allowed, as a policy"
            ),
        ],
        examples: [
            "martlet feeds", "martlet feeds --format json",
            "martlet feeds --policy aws aws.iam aws.organizations",
        ]
    ) { invocation, context in
        var own: [VendorFolder] = []
        for folder in invocation.folders("vendors", in: context) {
            own += try await VendorFolder.read(from: folder, with: context.files)
        }
        let mapped = Set(try MappingCatalog(own: own).feeds)
        let known = try FeedCatalog(own: own).feeds
        for name in invocation.arguments where !known.contains(where: { $0.feed == name }) {
            let near = nearestName(to: name, among: known.map(\.feed))
            throw CommandFailure(
                "there is no feed \(name)" + (near.map { "; did you mean \($0)?" } ?? "; see martlet feeds"),
                status: .usage)
        }
        let asked = known.filter { invocation.arguments.isEmpty || invocation.arguments.contains($0.feed) }
        if let cloud = invocation.text("policy") {
            let policies = FeedPolicies(asked, cloud: cloud)
            if policies.isEmpty {
                throw CommandFailure("none of these feeds asks anything of \(cloud)", status: .usage)
            }
            context.output.write(policies.text(for: cloud))
            return .done
        }
        let all = asked.map { FeedLine($0, isMapped: mapped.contains($0.feed)) }
        if invocation.text("format") == "json" {
            for line in all { context.output.writeLine(line.json) }
            return .done
        }
        var table = TextTable(
            ["feed", "ways", "position", "late", "permissions", "what"],
            width: context.outputIsTerminal ? context.terminalWidth : nil)
        for line in all { context.output.write(table.add(line.cells)) }
        context.output.write(table.finish())
        return .done
    }
}

/// One feed as it is listed.
private struct FeedLine {
    let feed: FeedProtocol
    let isMapped: Bool

    init(_ feed: FeedProtocol, isMapped: Bool) {
        self.feed = feed
        self.isMapped = isMapped
    }

    private var ways: [String] { (feed.position == nil ? [] : ["api"]) + feed.ways + ["files"] }

    /// A list of what there is has nothing that comes late.
    private var comesLate: Bool { feed.position == .window || feed.position == .cursor }

    var cells: [String] {
        [
            feed.feed, ways.joined(separator: ","), feed.position?.rawValue ?? "-",
            comesLate ? feed.late.userText : "-",
            feed.permissions.isEmpty ? "-" : feed.permissions.joined(separator: ","), feed.about,
        ]
    }

    /// Named as in `feed.yaml`.
    var json: String {
        func list(_ texts: [String]) -> String { "[\(texts.map(quoted).joined(separator: ","))]" }
        let parameters = feed.parameters.all.map { parameter in
            let standard = parameter.standard.map { ",\"default\":\(quoted($0))" } ?? ""
            return "\(quoted(parameter.name)):{\"about\":\(quoted(parameter.about))\(standard)}"
        }
        var members = [
            "\"feed\":\(quoted(feed.feed))", "\"about\":\(quoted(feed.about))", "\"ways\":\(list(ways))",
            "\"mapped\":\(isMapped)",
        ]
        if let position = feed.position {
            members.append("\"position\":\(quoted(position.rawValue))")
            if comesLate { members.append("\"late\":\(quoted(feed.late.userText))") }
            members.append("\"interval\":\(quoted(feed.interval.userText))")
        }
        if let retention = feed.retention { members.append("\"retention\":\(quoted(retention.userText))") }
        members.append("\"auth\":\(list(feed.auth.kinds))")
        members.append("\"permissions\":\(list(feed.permissions))")
        members.append("\"parameters\":{\(parameters.joined(separator: ","))}")
        return "{\(members.joined(separator: ","))}"
    }
}
