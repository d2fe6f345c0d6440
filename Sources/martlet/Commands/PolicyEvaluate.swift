import Engine
import Ports

extension Command {
    static let policyEvaluate = Command(
        name: "policy evaluate",
        summary: "Says whether policies allow a request, and which statement decides",
        discussion: """
            FILE is {"action", "resource", "resourceAccount", "principal", "context"}; - is standard input. A folder of
            policies has identity/*.json, resource.json, session.json, boundary/*.json, scp/<level>/*.json and
            rcp/<level>/*.json, of which any may be absent; levels go from the organization's root to the account, in
            the order of their names. A file by itself is taken for what its name or folder says, else for an identity
            policy.

            --kind azure: roles/, assignments/, eligible/ and deny/; the resource is the scope, and context has groups,
            ancestors (management groups) and data. --kind gcp: roles/, allow/ (from the organization down, in the order
            of the names), deny/ and boundary/; context has groups and the attributes that conditions ask.

            Answers with allow, deny (a statement forbids it) or implicit-deny (nothing allows it).
            """,
        arguments: [
            Argument(
                "PATH", "More folders and files with policies", kind: .path, isRequired: false,
                isRepeated: true)
        ],
        options: [
            Option("request", .path, "FILE", "The request", isRequired: true),
            Option(
                "policies", .path, "PATH", "Folders and files with the policies that have a say",
                isRepeated: true, isRequired: true),
            Option(
                "kind", .choice(["aws", "azure", "gcp"]), "CLOUD", "Whose policies they are (default: aws)"),
            .format(["json", "text"], "How it is printed (default: json)"),
            Option(
                "reading", .choice(ResourceReading.allCases.map(\.rawValue)), "READING",
                "Whether a * in an ARN stays within its colons: segment (default) or string"),
        ],
        examples: [
            "martlet policy evaluate --request request.json --policies policies/",
            "martlet policy evaluate --request request.json --policies identity.json --format text",
            "martlet policy evaluate --kind gcp --request request.json --policies organization/",
        ]
    ) { invocation, context in
        let kind = invocation.text("kind") ?? "aws"
        let reading = invocation.text("reading").flatMap { ResourceReading(rawValue: $0) } ?? .segment
        let request = try PolicyRequest(
            await PolicyFile.document(invocation.text("request") ?? "", in: context), isAWS: kind == "aws")
        var tree = await PolicyTree(invocation.texts("policies") + invocation.arguments, in: context)
        let answer =
            switch kind {
            case "azure": tree.azure(request)
            case "gcp": tree.google(request)
            default: PolicyAnswer(PolicyEvaluator.verdict(request, under: tree.layers(), reading))
            }
        if !tree.problems.isEmpty { throw Problems(tree.problems) }
        if invocation.text("format") == "text" {
            context.output.writeLine(printable("\(answer.decision.rawValue): \(answer.reason)"))
        } else {
            context.output.writeLine(answer.json)
        }
        return .done
    }
}

/// A decision as it is printed.
private struct PolicyAnswer {
    var decision: PolicyDecision
    var layer = ""
    var policy: String
    var statement: PolicyStatement?
    var reason: String

    init(_ verdict: PolicyVerdict) {
        decision = verdict.decision
        layer = verdict.layer.rawValue
        policy = verdict.policy
        statement = verdict.statement
        reason = verdict.reason
    }

    init(_ verdict: (decision: PolicyDecision, because: String, name: String)) {
        decision = verdict.decision
        policy = verdict.name
        reason = verdict.name.isEmpty ? verdict.because : "\(verdict.because) (\(verdict.name))"
    }

    var json: String {
        var because: [String] = []
        if !layer.isEmpty { because.append("\"layer\":\(quoted(layer))") }
        if !policy.isEmpty { because.append("\"policy\":\(quoted(policy))") }
        if let statement {
            because.append("\"statement\":\(statement.index + 1)")
            if let sid = statement.sid { because.append("\"sid\":\(quoted(sid))") }
            if let line = statement.position?.line { because.append("\"line\":\(line)") }
        }
        because.append("\"reason\":\(quoted(reason))")
        return
            "{\"decision\":\(quoted(decision.rawValue)),\"because\":{\(because.joined(separator: ","))}}"
    }
}

extension PolicyTree {
    fileprivate mutating func read<T>(_ leaf: Leaf, _ body: (Document) throws -> T) -> T? {
        do { return try body(leaf.document) } catch {
            complain(leaf.path, error)
            return nil
        }
    }

    // MARK: AWS

    mutating func layers() -> PolicyLayers {
        var layers = PolicyLayers()
        for leaf in leaves {
            let layer = Self.layer(leaf.parts)
            let place: AccessPolicy.Place =
                layer == .resource ? .trust : layer == .rcp ? .resource : .identity
            guard let policy = read(leaf, { try AccessPolicy($0, for: place) }) else { continue }
            let named = PolicyLayers.Named(leaf.path, policy)
            switch layer {
            case .resource: layers.resource.append(named)
            case .session: layers.session.append(named)
            case .boundary: layers.boundary.append(named)
            case .scp: Self.add(named, to: &layers.scp)
            case .rcp: Self.add(named, to: &layers.rcp)
            default: layers.identity.append(named)
            }
        }
        return layers
    }

    /// By the folder it stands in, or by its name.
    private static func layer(_ parts: [String]) -> PolicyLayers.Layer {
        for part in parts.dropLast().reversed() {
            if let layer = PolicyLayers.Layer(rawValue: part), layer != .none { return layer }
        }
        let name = parts.last.map { $0.hasSuffix(".json") ? String($0.dropLast(5)) : $0 } ?? ""
        if name == "trust" { return .resource }
        if let layer = PolicyLayers.Layer(rawValue: name), layer != .none { return layer }
        return .identity
    }

    /// Files of one folder are one level; they come in the order of the folders' names.
    private static func add(_ named: PolicyLayers.Named, to levels: inout [[PolicyLayers.Named]]) {
        func folder(_ path: String) -> ArraySlice<Substring> {
            path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
        }
        if let last = levels.last?.first?.name, folder(last) == folder(named.name) {
            levels[levels.count - 1].append(named)
        } else {
            levels.append([named])
        }
    }

    // MARK: The other clouds

    private static func texts(_ context: PolicyContext, _ key: String) -> [String] {
        switch context[key] {
        case .single(let text)?: [text]
        case .list(let texts)?: texts
        case nil: []
        }
    }

    fileprivate mutating func azure(_ request: PolicyRequest) -> PolicyAnswer {
        var access = AzureAccess()
        for leaf in leaves {
            if leaf.isIn("assignments") {
                access.assignments += read(leaf) { try AzureAccess.assignments($0, name: leaf.path) } ?? []
            } else if leaf.isIn("eligible") {
                access.eligible += read(leaf) { try AzureAccess.assignments($0, name: leaf.path) } ?? []
            } else if leaf.isIn("deny") {
                access.denials += read(leaf) { try AzureAccess.denials($0, name: leaf.path) } ?? []
            } else {
                access.roles += read(leaf) { try AzureAccess.roles($0) } ?? []
            }
        }
        let principals = [request.principal.text] + Self.texts(request.context, "groups")
        let asked = AzureAccess.Request(
            action: request.action, isData: Self.texts(request.context, "data") == ["true"],
            scope: request.resource, principals: Set(principals.map { $0.lowercased() }),
            ancestors: Self.texts(request.context, "ancestors"),
            time: Self.texts(request.context, "time").first.flatMap { Timestamp(iso8601: $0) },
            context: request.context)
        return PolicyAnswer(access.verdict(asked))
    }

    fileprivate mutating func google(_ request: PolicyRequest) -> PolicyAnswer {
        var access = GoogleAccess()
        for leaf in leaves {
            if leaf.isIn("allow") {
                if let bindings = read(leaf, { try GoogleBindings($0) }) {
                    access.policies.append((leaf.path, bindings))
                }
            } else if leaf.isIn("deny") {
                access.denials += read(leaf) { try GoogleAccess.denials($0, name: leaf.path) } ?? []
            } else if leaf.isIn("boundary") {
                access.boundary =
                    (access.boundary ?? []) + (read(leaf) { try GoogleAccess.boundary($0) } ?? [])
            } else if let list = leaf.document["roles"]?.list {
                // Google's answer to who asks for all.
                access.roles += read(leaf) { _ in try list.map { try GoogleRole($0) } } ?? []
            } else if let role = read(leaf, { try GoogleRole($0) }) {
                access.roles.append(role)
            }
        }
        return PolicyAnswer(
            access.verdict(
                GoogleAccess.Request(
                    permission: request.action, resource: request.resource, member: request.principal.text,
                    groups: Self.texts(request.context, "groups"), context: request.context)))
    }
}
