/// Lowers rules for one class into a program's tables; says what is wrong with them on the way.
struct ProgramBuilder {
    /// An attribute to be written, in the order of first mention.
    final class Node {
        let name: String
        let attribute: OCSFSchema.Attribute?
        let path: String
        var children: [Node] = []
        var expressions: [(expression: MappingDocument.Expression, conditions: [MappingDocument.Condition])] =
            []
        var special: MappingProgram.Op.Code?

        init(_ name: String, _ attribute: OCSFSchema.Attribute?, path: String) {
            self.name = name
            self.attribute = attribute
            self.path = path
        }

        func child(_ name: String, _ attribute: OCSFSchema.Attribute?) -> Node {
            if let found = children.first(where: { $0.name == name }) { return found }
            let node = Node(name, attribute, path: path.isEmpty ? name : "\(path).\(name)")
            children.append(node)
            return node
        }
    }

    let schema: OCSFSchema
    let profiles: [String]
    /// Slot of each path, for the record and for each `each`.
    let slots: [[KeyPath: Int]]
    /// What is added to the slots of each.
    let slotOffsets: [Int]

    var ops: [MappingProgram.Op] = []
    /// The steps of arrays' elements; a table of their own, so that the main steps stand together.
    var innerOps: [MappingProgram.Op] = []
    var expressions: [MappingProgram.Expression] = []
    var conditions: [MappingProgram.Condition] = []
    var texts: [Run32] = []
    var references: [Int32] = []
    var functions: [MappingProgram.Function] = []
    var cases: [MappingProgram.Case] = []
    var items: [MappingProgram.Item] = []
    var observables: [Run32] = []
    var pool: [UInt8] = []
    var problems: [Problem] = []
    /// Enum values that this class has not; a fault only where no class has them.
    var unfit: [Problem] = []
    /// Where constants stand that did fit.
    var fitted: Set<SourcePosition> = []

    init(schema: OCSFSchema, profiles: [String], slots: [[KeyPath: Int]], slotOffsets: [Int]) {
        self.schema = schema
        self.profiles = profiles
        self.slots = slots
        self.slotOffsets = slotOffsets
    }

    /// A rule and the conditions of the block it stands in.
    typealias ConditionedRule = (MappingDocument.Rule, [MappingDocument.Condition])

    /// A problem that says an attribute is not in this class; another class may have it.
    struct Missing: Error { var problem: Problem }

    /// The program for `structure`; rules later in the list count first.
    mutating func program(
        _ structure: OCSFSchema.Structure, activity: OCSFSchema.EnumValue,
        rules: [ConditionedRule], grant: [ConditionedRule],
        attribution: (rules: [ConditionedRule], system: String), time: [MappingDocument.Expression],
        activityFrom: [MappingDocument.Reference]
    ) -> MappingProgram {
        let root = Node("", nil, path: "")
        let metadata = root.child("metadata", schema.baseEvent["metadata"])
        metadata.child("uid", nil).special = .uid
        root.child("time", schema.baseEvent["time"]).special = .time
        for (rule, conditions) in rules { add(rule, conditions, to: root, in: structure) }

        let activityID = activity.id ?? 0
        let category = schema.categoryName(structure.categoryUID)
        var head = #"{"activity_id":\#(activityID),"#
        let named = root.children.first { $0.name == "activity_name" }
        if activityID != 99, named == nil { head += "\"activity_name\":\(quoted(activity.caption))," }
        head += "\"category_name\":\(quoted(category)),\"category_uid\":\(structure.categoryUID),"
        head += "\"class_name\":\(quoted(structure.caption)),\"class_uid\":\(structure.uid),"
        head += "\"type_name\":\(quoted("\(structure.caption): \(activity.caption)")),"
        head += "\"type_uid\":\(Int64(structure.uid) * 100 + activityID),"
        let start = ops.count
        ops.append(.init(code: .literal, text: text(head)))
        if activityID == 99, named == nil {
            let node = root.child("activity_name", structure["activity_name"])
            let nowhere = SourcePosition(file: "", line: 0, column: 0)
            let caption = Document(.string(activity.caption), at: nowhere)
            node.expressions.append((.init(source: .constant(caption), position: nowhere), []))
            if !activityFrom.isEmpty {
                node.expressions.insert((.init(source: .paths(activityFrom), position: nowhere), []), at: 0)
            }
            root.children.removeLast()
            root.children.insert(node, at: 0)
        }
        for child in root.children { emit(child, beside: root, scope: 0) }
        if !grant.isEmpty { emitGrant(grant) }
        let count = ops.count - start
        let act = emitAttribution(rules, attribution.rules, of: structure, system: attribution.system)
        let times = lower(time.map { ($0, []) }, attribute: schema.baseEvent["time"], scope: 0)
        return MappingProgram(
            self, main: Run32(start: Int32(start), count: Int32(count)), act: act, time: times,
            classUID: structure.uid,
            activityID: Int(activityID))
    }

    // MARK: The tree of attributes

    /// Where a rule's path leads in `structure`, or the problem; `Missing` if only this class lacks it.
    func resolve(
        _ rule: MappingDocument.Rule, in structure: OCSFSchema.Structure, hints: Bool = true
    ) throws(Missing) -> OCSFSchema.Destination {
        let destination: OCSFSchema.Destination
        do {
            destination = try schema.resolve(rule.path, in: structure, at: rule.position, hints: hints)
        } catch {
            throw Missing(problem: error)
        }
        for profile in destination.profiles
        where !profiles.contains(profile) || !structure.profiles.contains(profile) {
            throw Missing(
                problem: Problem(
                    at: rule.position, "\(rule.path) needs the profile \(profile)",
                    hint: structure.profiles.contains(profile)
                        ? "add it to `profiles`" : "class \(structure.name) does not know it"))
        }
        return destination
    }

    static let derived: Set<String> = [
        "activity_id", "category_uid", "category_name", "class_uid", "class_name", "type_uid", "type_name",
        "time",
        "observables", "unmapped", "raw_data", "raw_data_hash", "raw_data_size",
    ]

    mutating func add(
        _ rule: MappingDocument.Rule, _ conditions: [MappingDocument.Condition], to root: Node,
        in structure: OCSFSchema.Structure
    ) {
        guard let destination = try? resolve(rule, in: structure, hints: false) else { return }
        if root.path.isEmpty, let first = destination.steps.first?.attribute.name,
            Self.derived.contains(first)
        {
            problems.append(
                Problem(at: rule.position, "\(first) is filled in, not mapped", hint: "see docs/mappings.md"))
            return
        }
        place(rule, conditions, at: destination, in: root)
    }

    /// Puts a rule's expressions at their place in the tree, before those that are there.
    mutating func place(
        _ rule: MappingDocument.Rule, _ conditions: [MappingDocument.Condition],
        at destination: OCSFSchema.Destination, in root: Node
    ) {
        var node = root
        for (index, step) in destination.steps.enumerated() {
            node = node.child(step.attribute.name, step.attribute)
            let isLast = index == destination.steps.count - 1 && destination.rest.isEmpty
            if !isLast, step.attribute.isArray {
                problems.append(
                    Problem(
                        at: rule.position, "\(node.path) is an array",
                        hint:
                            "give it `each` or `items`, with `\(step.attribute.name)` alone as the attribute")
                )
                return
            }
            if !isLast { node.expressions = [] }
        }
        for name in destination.rest { node = node.child(name, nil) }
        node.children = []
        if rule.expressions.isEmpty {
            // `null` under a condition: nothing, where it holds.
            let nothing = MappingDocument.Expression(source: .nothing, position: rule.position)
            node.expressions = conditions.isEmpty ? [] : [(nothing, conditions)] + node.expressions
        } else {
            node.expressions = rule.expressions.map { ($0, conditions) } + node.expressions
        }
    }
}
