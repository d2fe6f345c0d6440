/// A feed's mapping, checked against OCSF: from it a `Normalizer` makes events.
package final class Mapping: Sendable {
    /// `aws.cloudtrail`.
    package let feed: String
    let document: MappingDocument
    let schema: OCSFSchema
    /// The record's trie, then one for each `each`.
    let tries: [KeyPathTrie]
    let slots: [[KeyPath: Int]]
    /// Classes the mapping can choose, each with the activity.
    let targets: [(structure: OCSFSchema.Structure, activity: OCSFSchema.EnumValue)]
    /// Numbers into `targets`.
    let otherwise: Int
    let ruleTargets: [Int]
    let caseTargets: [Int]
    private let caseIndex: CaseIndex
    /// Rules every event begins from: product, profiles, version, severity.
    private let constants: [MappingDocument.Rule]

    /// - Parameter isProven: whether a test has checked this very text already, as it has what is in the binary: then its
    ///   rules are not tried against every class again, which takes longer than all the rest of a start.
    /// - Throws: everything wrong with the mapping.
    package init(feed: String, _ file: Document, schema: OCSFSchema, isProven: Bool = false) throws(Problems)
    {
        var reader = MappingReader()
        var document = reader.read(file)
        // The most exact case first; what was written first among equals.
        let ranked = document.cases.map { (rank: $0.pattern.rank, item: $0) }.enumerated()
        document.cases = ranked.sorted { a, b in
            let (left, right) = (a.element.rank, b.element.rank)
            return left == right ? a.offset < b.offset : right.lexicographicallyPrecedes(left)
        }.map(\.element.item)
        var problems = reader.problems

        var targets: [(structure: OCSFSchema.Structure, activity: OCSFSchema.EnumValue)] = []
        func number(_ target: MappingDocument.Target) -> Int {
            do {
                let structure = try schema.requireClass(target.className, at: target.position)
                let activity = try structure.requireActivity(target.activity, at: target.position)
                let found = targets.firstIndex {
                    $0.structure.uid == structure.uid && $0.activity == activity
                }
                if let found { return found }
                targets.append((structure, activity))
                return targets.count - 1
            } catch {
                problems.append(error)
                return 0
            }
        }
        otherwise = number(document.otherwise)
        ruleTargets = document.classRules.map { number($0.target) }
        caseTargets = document.cases.map { number($0.target) }
        caseIndex = CaseIndex(document.cases.map(\.pattern))

        var collector = ReferenceCollector(count: document.trieCount + 1)
        collector.collect(document)
        for (alias, path, position) in document.aliases where !collector.builders[0].alias(alias, of: path) {
            problems.append(
                Problem(
                    at: position, "\(alias) is read by itself, or is no key",
                    hint: "an alias is a path that the mapping names nowhere else"))
        }
        tries = collector.builders.map { $0.build() }
        slots = collector.slots
        constants = Self.constants(document, schema)
        for profile in document.profiles
        where !schema.classes.contains(where: { $0.profiles.contains(profile.name) }) {
            let near = nearestName(to: profile.name, among: Set(schema.classes.flatMap(\.profiles)))
            problems.append(
                Problem(
                    at: profile.position, "OCSF \(schema.version) has no profile \(profile.name)",
                    hint: near.map { "did you mean \($0)?" } ?? ""))
        }
        self.feed = feed
        self.document = document
        self.schema = schema
        self.targets = targets
        if !targets.isEmpty, !isProven { problems += check() }
        if !problems.isEmpty {
            var seen: Set<Problem> = []
            throw Problems(problems.filter { seen.insert($0).inserted })
        }
    }

    private static func constants(_ document: MappingDocument, _ schema: OCSFSchema) -> [MappingDocument.Rule]
    {
        let nowhere = SourcePosition(file: "", line: 0, column: 0)
        func rule(_ path: String, _ value: Document, _ position: SourcePosition) -> MappingDocument.Rule {
            .init(
                path: path, position: position,
                expressions: [.init(source: .constant(value), position: position)])
        }
        var rules = document.product.map { rule("metadata.product.\($0.name)", $0.value, $0.position) }
        rules.append(rule("metadata.version", Document(.string(schema.version), at: nowhere), nowhere))
        rules.append(rule("severity_id", Document(.string("informational"), at: nowhere), nowhere))
        return rules
    }

    /// Checks every rule against every class it may be written for.
    private func check() -> [Problem] {
        var problems: [Problem] = []
        for block in document.blocks {
            var classes: [OCSFSchema.Structure] = []
            for named in block.classes {
                do {
                    let structure = try schema.requireClass(named.name, at: named.position)
                    if let activity = named.activity {
                        _ = try structure.requireActivity(activity, at: named.position)
                    }
                    classes.append(structure)
                } catch {
                    problems.append(error)
                }
            }
            if classes.isEmpty { classes = targets.map(\.structure) }
            let builder = self.builder()
            for rule in block.rules {
                let missing = classes.filter { structure in
                    (try? builder.resolve(rule, in: structure, hints: false)) == nil
                }
                guard let first = missing.first else { continue }
                let isNowhere = missing.count == classes.count
                guard isNowhere || !block.classes.isEmpty else { continue }
                do { _ = try builder.resolve(rule, in: first) } catch { problems.append(error.problem) }
            }
        }
        // Lowering finds the rest: values that do not fit, objects given a single value.
        var unfit: [Problem] = []
        var fitted: Set<SourcePosition> = []
        for number in targets.indices {
            var builder = self.builder()
            _ = lower(number, blocks: Array(document.blocks.indices), with: &builder)
            problems += builder.problems
            unfit += builder.unfit
            fitted.formUnion(builder.fitted)
        }
        return problems + checkGrant() + checkAttribution()
            + unfit.filter { !($0.position.map(fitted.contains) ?? false) }
    }

    private func checkAttribution() -> [Problem] {
        let known = Act.Field.allCases.map(\.attribute)
        return document.blocks.flatMap(\.attribution).filter { !known.contains($0.path) }.map { rule in
            let near = nearestName(to: rule.path, among: known).map { "did you mean \($0)?" }
            return Problem(
                at: rule.position, "attribution has no \(rule.path)",
                hint: near ?? "it has \(known.joined(separator: ", "))")
        }
    }

    private func checkGrant() -> [Problem] {
        let rules = document.blocks.flatMap(\.grant)
        guard let first = rules.first else { return [] }
        var problems: [Problem] = []
        let structure = schema.grant
        for rule in rules {
            let name = String(rule.path.prefix { $0 != "." })
            guard structure[name] != nil else {
                let known = structure.attributes.map(\.name)
                let near = nearestName(to: name, among: known).map { "did you mean \($0)?" }
                problems.append(
                    Problem(
                        at: rule.position, "a grant has no \(name)",
                        hint: near ?? "it has \(known.joined(separator: ", "))"))
                continue
            }
            do { _ = try schema.resolve(rule.path, in: structure, at: rule.position) } catch {
                problems.append(error)
            }
        }
        if !rules.contains(where: { $0.path == "phase" }) {
            let phases = Grant.Phase.allCases.map(\.rawValue).joined(separator: ", ")
            problems.append(Problem(at: first.position, "a grant needs `phase`", hint: "one of \(phases)"))
        }
        if let taken = document.blocks.flatMap(\.rules).first(where: { $0.path == "enrichments" }) {
            problems.append(
                Problem(at: taken.position, "enrichments holds the grant", hint: "map one or the other"))
        }
        return problems
    }

    private func builder() -> ProgramBuilder {
        var offsets = [0]
        for trie in tries { offsets.append((offsets.last ?? 0) + trie.slotCount) }
        return ProgramBuilder(
            schema: schema, profiles: document.profiles.map(\.name), slots: slots, slotOffsets: offsets)
    }

    private func lower(
        _ target: Int, blocks: [Int], with builder: inout ProgramBuilder
    ) -> MappingProgram {
        let (structure, activity) = targets[target]
        var rules: [ProgramBuilder.ConditionedRule] = constants.map { ($0, []) }
        let applied = document.profiles.filter { structure.profiles.contains($0.name) }
        if let first = applied.first {
            let list = Document(
                .list(applied.map { Document(.string($0.name), at: $0.position) }), at: first.position)
            rules.append(
                (
                    .init(
                        path: "metadata.profiles", position: first.position,
                        expressions: [.init(source: .constant(list), position: first.position)]), []
                ))
        }
        // The product is the provider, unless the mapping knows better.
        var grant: [ProgramBuilder.ConditionedRule] = document.product.filter { $0.name == "name" }.map {
            let value = MappingDocument.Expression(source: .constant($0.value), position: $0.position)
            return (.init(path: "provider", position: $0.position, expressions: [value]), [])
        }
        var attribution: [ProgramBuilder.ConditionedRule] = []
        for number in blocks {
            let block = document.blocks[number]
            rules += block.rules.map { ($0, block.conditions) }
            grant += block.grant.map { ($0, block.conditions) }
            attribution += block.attribution.map { ($0, block.conditions) }
        }
        return builder.program(
            structure, activity: activity, rules: rules, grant: grant,
            attribution: (attribution, String(feed.prefix { $0 != "." })), time: document.time,
            activityFrom: document.from.last?.references ?? [])
    }

    /// Whether a record's shape tells that it is this feed's.
    package var isDetectable: Bool { !document.detects.isEmpty }
    /// Where records stand in documents that are none themselves.
    var layouts: RecordLayouts { document.layouts }

    /// What a person is told when a record has no time.
    var timePath: String {
        let paths = document.time.flatMap { expression -> [String] in
            if case .paths(let list) = expression.source { return list.map(\.path.description) }
            return []
        }
        return paths.joined(separator: " or ")
    }

    /// The rules that choose a class before its cases do: an item of conditions for each. `functions` are those of
    /// the values that choose it.
    func dispatchProgram() -> (program: MappingProgram, functions: [Run32]) {
        var builder = builder()
        let functions = document.from.map { builder.lower($0.functions) }
        builder.items = document.classRules.map { rule in
            .init(conditions: builder.lower(rule.conditions, scope: 0), ops: .none)
        }
        return (
            MappingProgram(builder, main: .none, act: .none, time: .none, classUID: 0, activityID: 0),
            functions
        )
    }

    /// The program for a class and the blocks that apply.
    func program(target: Int, blocks: [Int]) -> MappingProgram {
        var builder = builder()
        return lower(target, blocks: blocks, with: &builder)
    }

    /// What a record with these values at `class.from` is, unless a rule says otherwise: the case's number, if any.
    func classCase(_ values: [[UInt8]]) -> Int? { caseIndex.first(matching: values) }

    /// The blocks for a target, a case and the values at `class.from`, in the order written.
    func blocks(target: Int, classCase: Int?, _ values: [[UInt8]]) -> [Int] {
        let (structure, activity) = targets[target]
        let own = classCase.flatMap { document.cases[$0].block }
        return document.blocks.indices.filter { index in
            let block = document.blocks[index]
            if block.isOfCase { return index == own }
            let isOfClass =
                block.classes.isEmpty
                || block.classes.contains { named in
                    named.name == structure.name
                        && (named.activity.map { structure["activity_id"]?.value(named: $0) == activity }
                            ?? true)
                }
            let isOfOperation =
                block.operations.isEmpty
                || block.operations.contains { $0.parts.count == values.count && $0.matches(values) }
            return isOfClass && isOfOperation
        }
    }
}

/// Every path that a mapping reads, as slots of the tries that find them.
private struct ReferenceCollector {
    var builders: [KeyPathTrie.Builder]
    var slots: [[KeyPath: Int]]

    init(count: Int) {
        builders = Array(repeating: KeyPathTrie.Builder(), count: count)
        slots = Array(repeating: [:], count: count)
    }

    mutating func collect(_ document: MappingDocument) {
        let from = document.from.flatMap(\.references)
        for reference in document.id.joined() + from + (document.principal.map { [$0] } ?? []) {
            add(reference, 0)
        }
        collect(document.classRules.flatMap(\.conditions), 0)
        for expression in document.time { collect(expression, 0) }
        for block in document.blocks {
            collect(block.conditions, 0)
            for rule in block.rules + block.grant + block.attribution { collect(rule, 0) }
        }
    }

    private mutating func add(_ reference: MappingDocument.Reference, _ scope: Int) {
        let trie = reference.isRoot ? 0 : scope
        guard !reference.path.steps.isEmpty, slots[trie][reference.path] == nil else { return }
        slots[trie][reference.path] = builders[trie].slot(of: reference.path)
    }

    private mutating func collect(_ conditions: [MappingDocument.Condition], _ scope: Int) {
        for condition in conditions { add(condition.reference, scope) }
    }

    private mutating func collect(_ rule: MappingDocument.Rule, _ scope: Int) {
        for expression in rule.expressions { collect(expression, scope) }
    }

    private mutating func collect(_ expression: MappingDocument.Expression, _ scope: Int) {
        collect(expression.conditions, scope)
        switch expression.source {
        case .constant, .nothing: break
        case .paths(let list), .join(let list, _): for reference in list { add(reference, scope) }
        case .each(let reference, let trie, let rules, _):
            add(reference, scope)
            for rule in rules ?? [] { collect(rule, trie + 1) }
        case .items(let items):
            for item in items {
                collect(item.conditions, scope)
                for rule in item.rules { collect(rule, scope) }
            }
        }
    }
}
