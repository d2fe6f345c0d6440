import Engine
import Pipeline
import Ports

extension Command {
    static let rightsize = Command(
        name: "rightsize",
        summary: "Writes the smallest policy that a principal needs, with the proof that it breaks nothing",
        discussion: """
            From CloudTrail logs (and answers of get-account-authorization-details among them) it says which permissions
            PRINCIPAL used in the last days, on what, which it never used, and of which no log can tell. The policy that
            comes out is proved: never wider than what is there (by comparing what the documents mean), and every request
            of those days is put to it (by the evaluator). What goes is listed with its last use, what stays because nobody
            can know with the reason, and days without a whole log by date.
            --policies names the policies as they are; without it they are rebuilt from the IAM events and snapshots in
            INPUT. For Azure and Google --roles names role definitions that can be had: the cheapest set of them that
            allows what was used is told, and the custom role of just that. See docs/least-privilege.md.
            Exit status 1 if the policy is not proved to be no wider, or a request of those days would be refused.
            """,
        arguments: [
            Argument("PRINCIPAL", "An ARN, role/deploy or deploy; an address or object id elsewhere"),
            Argument(
                "INPUT", "Logs and snapshots: files, folders or - (default: the store)", kind: .path,
                isRequired: false, isRepeated: true),
        ],
        options: UseReading.options + [
            Option(
                "policies", .path, "PATH",
                "The principal's policies as they are: documents, or a folder of them",
                isRepeated: true),
            Option(
                "roles", .path, "PATH",
                "Azure or Google role definitions that can be had, beside gcp.roles in INPUT: JSON, or folders of it",
                isRepeated: true),
            Option(
                "cloud", .choice(["aws", "azure", "gcp"]), "CLOUD", "Whose principal it is (default: as seen)"
            ),
            .format(["json", "md", "policy"], "json (default), md to read, policy: the document alone"),
        ] + UseReading.endings,
        examples: [
            "martlet rightsize role/deploy --days 90 cloudtrail/ account.json",
            "martlet rightsize deploy --policies policies/ --format md cloudtrail/",
            "martlet rightsize ana@example.com --roles roles/ --cloud gcp gcp/",
        ]
    ) { invocation, context in
        let name = PrincipalName(invocation.arguments[0])
        let cloud = invocation.text("cloud").flatMap { ObservedRequest.Provider(rawValue: $0) }
        let paths = invocation.texts("policies")
        let access = AccessRun(
            snapshotTime: context.time.now,
            refused: try await InputRefusals(feed: MappingCatalog.auto, keptIn: nil))
        let inputs = Array(invocation.arguments.dropFirst())
        let held = try await HeldPolicies(invocation, context)
        let reading = try await UseReading(
            inputs, invocation, context, beside: paths.isEmpty ? PairedSink(access, held.run) : nil
        ) { request in name.isOf(request.principal) && cloud.map { $0 == request.provider } ?? true }
        access.close()
        if paths.isEmpty, inputs.isEmpty { try await held.readStore(invocation, context) }
        held.run.close()
        let seen = Set(reading.run.index.allowed.keys.map(\.provider))
            .union(reading.run.index.denied.keys.map(\.provider))
        guard seen.count <= 1 else {
            throw CommandFailure(
                "PRINCIPAL is seen in several clouds: say which with --cloud", status: .usage)
        }
        let provider = cloud ?? seen.first ?? .aws
        let answer =
            provider == .aws
            ? try await RightsizeAnswer.aws(invocation.arguments[0], reading, held, paths, context)
            : try await RightsizeAnswer.roles(
                provider, invocation.arguments[0], reading, invocation.texts("roles"), access.roles, context)
        context.output.write(Array(answer.text(invocation.text("format") ?? "json").utf8))
        context.output.finish()
        context.say("\(reading.told(context)), \(answer.summary)")
        if reading.status == .interrupted { return .interrupted }
        return answer.holds ? reading.status : .notHeld
    }
}

/// What `rightsize` has to say, for whichever cloud.
struct RightsizeAnswer {
    var json: String
    var markdown: String
    var policy: String
    var summary: String
    /// Whether the proof holds.
    var holds: Bool

    func text(_ format: String) -> String {
        switch format {
        case "md": markdown
        case "policy": policy + "\n"
        default: json + "\n"
        }
    }

    // MARK: AWS

    static func aws(
        _ name: String, _ reading: UseReading, _ held: HeldPolicies, _ paths: [String],
        _ context: CommandContext
    ) async throws -> RightsizeAnswer {
        let (within, earlier) = reading.run.index.since(reading.start)
        let principals = Set(within.allowed.keys.map(\.principal)).sorted()
        guard principals.count <= 1 else {
            throw CommandFailure(
                "\(name) may be any of \(principals.prefix(5).joined(separator: ", ")): name one by its ARN",
                status: .usage)
        }
        let principal = principals.first ?? name
        var sources: [Rightsizing.Source] = []
        var layers = PolicyLayers()
        var unknown: [String] = []
        if paths.isEmpty {
            (sources, layers, unknown) = held.policies(of: principal, at: reading.end)
        } else {
            var tree = await PolicyTree(paths, in: context)
            layers = tree.layers()
            sources = tree.leaves.compactMap { leaf in
                guard let named = layers.identity.first(where: { $0.name == leaf.path }) else { return nil }
                return Rightsizing.Source(leaf.path, leaf.document, named.policy)
            }
            if !tree.problems.isEmpty { throw Problems(tree.problems) }
        }
        guard !sources.isEmpty else {
            throw CommandFailure(
                "no policy of \(name) is known: name them with --policies, or add the answer of "
                    + "get-account-authorization-details or a collected snapshot to INPUT"
            )
        }
        let account = RequestPrincipal(principal).account ?? ""
        let coverage = within.coverage(
            of: account, from: reading.start, to: reading.end, broken: reading.broken)
        let result = Rightsizing(
            sources, layers: layers, used: within, earlier: earlier, coverage: coverage, .builtIn(),
            .builtIn())
        return RightsizeAnswer(RightsizingText(result, principal, unknown))
    }

    private init(_ text: RightsizingText) {
        json = text.json
        markdown = text.markdown
        policy = text.policy
        summary = text.summary
        holds = text.holds
    }

    init(json: String, markdown: String, policy: String, summary: String, holds: Bool) {
        self.json = json
        self.markdown = markdown
        self.policy = policy
        self.summary = summary
        self.holds = holds
    }
}

/// The policies that events and snapshots show.
struct HeldPolicies {
    let run: DriftRun
    private let present: Timestamp

    init(_ invocation: Invocation, _ context: CommandContext) async throws {
        present = context.time.now
        // What cannot be read the reading of uses tells.
        run = try DriftRun(
            feed: invocation.text("feed") ?? MappingCatalog.auto, .builtIn(), DriftSettings(), nil,
            attributor: nil, snapshotTime: present,
            refused: try await InputRefusals(feed: MappingCatalog.auto, keptIn: nil))
    }

    func readStore(_ invocation: Invocation, _ context: CommandContext) async throws {
        _ = try await DriftCommand.read(try await StoreReading.open(invocation, context), to: nil, into: run)
    }

    func policies(
        of name: String, at end: Timestamp
    ) -> (sources: [Rightsizing.Source], layers: PolicyLayers, unknown: [String]) {
        let state = run.drift.state
        guard let (account, subject) = state.named(name).first else { return ([], PolicyLayers(), []) }
        // A snapshot is of now, whatever the days are.
        let time = max(end, present)
        var layers = state.holdings(account, subject, at: time) { AccessRun.policy($0) }
        var sources: [Rightsizing.Source] = []
        for text in state.policyTexts(account, subject, at: time) {
            guard let document = try? PolicyFile.document(of: text.text, file: text.name),
                let policy = try? AccessPolicy(document, for: .identity)
            else { continue }
            sources.append(Rightsizing.Source(text.name, document, policy))
        }
        layers.layers.identity = sources.map { PolicyLayers.Named($0.name, $0.policy) }
        return (sources, layers.layers, layers.unknown + layers.unreadable)
    }
}
