/// The new policy in the making: statement by statement of the old ones.
struct RightsizingDraft {
    /// How narrow resources are made.
    enum Scoping: CaseIterable {
        /// Those that were used, with what changes from one to the next left open.
        case shapes
        /// Those that were used.
        case exact
        /// The statement's own.
        case none
    }

    private let sources: [Rightsizing.Source]
    private let coverage: Rightsizing.Coverage
    private let permissions: EventPermissions
    private let catalogue: ActionCatalogue
    private let requests: [String: [(request: ObservedRequest, tally: UseIndex.Tally)]]

    private(set) var document: Document
    private(set) var kept: [Rightsizing.Kept] = []
    private(set) var removed: [(action: String, statements: [String])] = []
    private(set) var unexplained: [String] = []
    private(set) var notes: [String] = []

    init(
        _ sources: [Rightsizing.Source], _ index: UseIndex, _ coverage: Rightsizing.Coverage,
        _ permissions: EventPermissions, _ catalogue: ActionCatalogue
    ) {
        self.sources = sources
        self.coverage = coverage
        self.permissions = permissions
        self.catalogue = catalogue
        var requests: [String: [(ObservedRequest, UseIndex.Tally)]] = [:]
        for (request, tally) in index.allowed.sorted(by: { UseIndex.isBefore($0.key, $1.key) }) {
            requests[request.action.lowercased(), default: []].append((request, tally))
        }
        self.requests = requests.mapValues { $0.map { (request: $0.0, tally: $0.1) } }
        document = .map([])
    }

    /// Which actions of a statement stay, with the resources each was used on; none: the statement's own.
    private struct Staying {
        var action: String
        var resources: [String]
    }

    mutating func write(_ scoping: Scoping) {
        kept = []
        notes = []
        var statements: [Document] = []
        var gone: [String: Set<String>] = [:]
        var stays: Set<String> = []
        var explained: Set<String> = []
        for source in sources {
            for statement in source.policy.statements {
                guard let raw = Self.raw(statement, source.document) else { continue }
                guard statement.isAllow else {
                    statements.append(raw)
                    continue
                }
                let title = "\(source.name) \(statement.title)"
                var staying: [Staying] = []
                for action in actions(of: statement, title) {
                    let folded = action.lowercased()
                    if let used = used(folded, by: statement) {
                        explained.insert(folded)
                        stays.insert(action)
                        staying.append(Staying(action: action, resources: shapes(used, scoping)))
                    } else if let why = reasonToKeep(action) {
                        stays.insert(action)
                        staying.append(Staying(action: action, resources: []))
                        if !kept.contains(where: { $0.action == action }) {
                            kept.append(Rightsizing.Kept(action: action, why: why))
                        }
                    } else {
                        gone[action, default: []].insert(title)
                    }
                }
                statements += written(staying, statement, raw)
            }
        }
        removed = gone.filter { !stays.contains($0.key) }.map { ($0.key, $0.value.sorted()) }
            .sorted { $0.action < $1.action }
        kept.sort { $0.action < $1.action }
        unexplained = requests.keys.filter { !explained.contains($0) }.compactMap {
            requests[$0]?.first?.request.action
        }.sorted()
        document = .map([
            ("Version", .text("2012-10-17")), ("Statement", .list(statements)),
        ])
    }

    /// The statement's own text.
    private static func raw(_ statement: PolicyStatement, _ document: Document) -> Document? {
        guard let list = document["Statement"] else { return nil }
        let items = list.list ?? [list]
        return items.indices.contains(statement.index) ? items[statement.index] : nil
    }

    // MARK: Actions

    /// The actions there are that a statement is about; what the catalogue does not know, as it is written.
    private mutating func actions(of statement: PolicyStatement, _ title: String) -> [String] {
        if statement.actions.isComplement {
            let except = statement.actions.elements
            return catalogue.actions(ActionPattern("*")).filter { action in
                !except.contains { $0.pattern.matches(action.pattern.pattern.symbols) }
            }.map(\.name)
        }
        var names: Set<String> = []
        for pattern in statement.actions.elements {
            let known = catalogue.actions(pattern).map(\.name)
            names.formUnion(known)
            // Used, and newer than the catalogue.
            for name in requests.keys where pattern.pattern.matches(WildcardPattern.letters(name)) {
                if catalogue.action(name) == nil, let found = requests[name]?.first {
                    names.insert(found.request.action)
                }
            }
            if known.isEmpty, pattern.isLiteral { names.insert(pattern.text) }
            if names.count > Rightsizing.actionsMax { break }
        }
        if statement.actions.elements.contains(where: { !$0.isLiteral }), names.isEmpty {
            notes.append("\(title) is about no action that is known, and is left out")
        }
        return names.sorted()
    }

    /// Requests that the statement may have allowed; `nil` where there are none.
    private func used(
        _ action: String, by statement: PolicyStatement
    ) -> [(request: ObservedRequest, tally: UseIndex.Tally)]? {
        let found = (requests[action] ?? []).filter { item in
            var asked = statement
            // What a log does not tell is taken to have held.
            asked.conditions.removeAll { !ObservedRequest.toldKeys.contains($0.key) }
            if item.request.resource == nil { asked.resources = .everything }
            let request = item.request.policyRequest(at: item.tally.last)
            return ResourceReading.allCases.contains {
                asked.matches(PreparedRequest(request, $0, asksPrincipal: false))
            }
        }
        return found.isEmpty ? nil : found
    }

    /// Why an action stays though nobody saw it used; `nil` where it can go.
    private func reasonToKeep(_ action: String) -> String? {
        let service = String(action.lowercased().prefix { $0 != ":" })
        guard catalogue.action(action) != nil else { return "it is not in the catalogue of actions" }
        switch permissions.observability(of: action) {
        case .never: return "no event shows its use"
        case .data:
            return coverage.dataServices.contains(service)
                ? nil : "only data events show its use, and those of \(service) were not seen in every week"
        case .management:
            return coverage.covered.isEmpty ? "no log of its account was read" : nil
        }
    }

    // MARK: Resources

    private func shapes(
        _ used: [(request: ObservedRequest, tally: UseIndex.Tally)], _ scoping: Scoping
    ) -> [String] {
        if scoping == .none { return [] }
        var resources: Set<String> = []
        for item in used {
            // One that is not told, or on nothing: the statement's own stay.
            guard let resource = item.request.resource, resource != "*" else { return [] }
            resources.insert(resource)
        }
        let exact = resources.sorted()
        if exact.count <= 2 || scoping == .exact { return exact.count <= Rightsizing.shapesMax ? exact : [] }
        let shapes = Array(Set(exact.map(ResourceShape.of))).sorted()
        // Three alike are a pattern, two may be chance.
        if shapes.count * 3 <= exact.count, shapes.count <= Rightsizing.shapesMax { return shapes }
        return exact.count <= Rightsizing.shapesMax ? exact : []
    }

    // MARK: Statements

    /// One statement for each set of resources.
    private func written(_ staying: [Staying], _ statement: PolicyStatement, _ raw: Document) -> [Document] {
        var groups: [[String]: [String]] = [:]
        for action in staying { groups[action.resources, default: []].append(action.action) }
        return groups.keys.sorted { $0.lexicographicallyPrecedes($1) }.enumerated().map { place, resources in
            var members: [(String, Document)] = []
            if let sid = statement.sid, !sid.isEmpty {
                members.append(("Sid", .text(place == 0 ? sid : "\(sid)\(place + 1)")))
            }
            members.append(("Effect", .text("Allow")))
            members.append(("Action", .list((groups[resources] ?? []).sorted().map { .text($0) })))
            if resources.isEmpty {
                for key in ["Resource", "NotResource"] {
                    if let own = raw[key] { members.append((key, own)) }
                }
            } else {
                members.append(("Resource", .list(resources.map { .text($0) })))
            }
            if let condition = raw["Condition"] { members.append(("Condition", condition)) }
            return .map(members)
        }
    }
}

/// An ARN with what changes from one to the next left open.
enum ResourceShape {
    /// `i-0abc…`, a UUID, a date, a long number: a part between slashes, colons and equal signs that no person chose.
    static func of(_ arn: String) -> String {
        let parts = arn.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
        guard parts.count == 6 else { return arn }
        var shape = parts.dropLast().joined(separator: ":") + ":"
        var word = ""
        for character in parts[5] {
            if "/:=.".contains(character) {
                shape += (isVolatile(word) ? "*" : word) + String(character)
                word = ""
            } else {
                word.append(character)
            }
        }
        return shape + (isVolatile(word) ? "*" : word)
    }

    private static func isVolatile(_ word: String) -> Bool {
        let digits = word.utf8.count { (0x30...0x39).contains($0) }
        if digits >= 3, digits * 2 >= word.utf8.count { return true }
        let hex = word.utf8.count { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) || $0 == 0x2D }
        return digits >= 2 && word.utf8.count >= 8 && hex * 10 >= word.utf8.count * 8
    }
}

extension Document {
    static let nowhere = SourcePosition(file: "", line: 1, column: 1)

    static func text(_ text: String) -> Document { Document(.string(text), at: nowhere) }
    static func list(_ items: [Document]) -> Document { Document(.list(items), at: nowhere) }
    static func map(_ members: [(String, Document)]) -> Document {
        Document(
            .map(members.map { Entry(key: $0.0, keyPosition: nowhere, value: $0.1) }), at: nowhere)
    }
}
