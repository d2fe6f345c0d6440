/// Which OCSF attributes of a table have a column of their own, and in what tree the columns stand.
///
/// Objects are groups that are always there, so that an attribute's presence is its column's own; lists may be missing,
/// empty or hold elements. That is Parquet's nesting (Dremel, Melnik et al. 2010) with one definition level for each
/// list and one for the value. Read from `schemas/store/<table>.yaml` and an OCSF version's facts.
package final class ColumnPlan: Sendable {
    package enum Kind: UInt8, Sendable, BitwiseCopyable {
        case boolean, integer, double, text
        /// Any JSON value as text.
        case json
        /// Milliseconds since 1970 of a date and time that the event has as text.
        case timestamp
    }

    /// One column. Leaves are numbered in the order of the tree, so those of one object or list follow each other.
    package struct Leaf: Sendable, Hashable {
        /// `actor.user.uid`; lists are not marked.
        package var path: String
        package var kind: Kind
        /// Of a value; one less is a null among a list's elements, 0 is nothing at all.
        package var definitionMax: Int
        /// Lists around it, itself counted where it is one.
        package var repetitionMax: Int
        package var hasBloomFilter = false
    }

    package struct Field: Sendable {
        package enum Content: Sendable {
            case leaf(Int)
            case group([Field])
        }
        package var name: String
        package var isList: Bool
        package var content: Content
        /// The leaves in it.
        package var leaves: Range<Int>
    }

    /// Columns that every table has beside OCSF's: whom the row is filed under, what has no column, the vendor's record.
    package static let principalColumn = "principal"
    package static let restColumn = "rest"
    package static let rawColumn = "raw_data"

    /// `events` or `findings`.
    package let table: String
    package let fields: [Field]
    package let leaves: [Leaf]
    package let principal: Int
    package let rest: Int
    package let raw: Int
    package let time: Int
    /// The leaves a row may be filed under, the best first.
    let principalFrom: [Int]

    /// - Throws: everything wrong with the file.
    package init(table: String, _ file: Document, schema: OCSFSchema) throws(Problems) {
        var builder = ColumnPlanBuilder(schema: schema)
        builder.read(file)
        for (name, kind) in [
            (Self.principalColumn, Kind.text), (Self.restColumn, .json), (Self.rawColumn, .text),
        ] {
            builder.addOwn(name, kind, at: file.position)
        }
        builder.number()
        let leaves = builder.leaves
        let find = { (path: String) in leaves.firstIndex { $0.path == path } }
        principalFrom = builder.paths("principal", in: file).compactMap { find($0) }
        for path in builder.paths("bloom", in: file) {
            if let leaf = find(path) { builder.leaves[leaf].hasBloomFilter = true }
        }
        guard builder.problems.isEmpty, let principal = find(Self.principalColumn),
            let rest = find(Self.restColumn), let raw = find(Self.rawColumn), let time = find("time")
        else {
            let missing = Problem(at: file.position, "the column time is missing")
            throw Problems(builder.problems.isEmpty ? [missing] : builder.problems)
        }
        self.table = table
        fields = builder.fields
        self.leaves = builder.leaves
        (self.principal, self.rest, self.raw, self.time) = (principal, rest, raw, time)
    }

    /// The column at a path, as a query names it.
    package func leaf(at path: String) -> Int? { leaves.firstIndex { $0.path == path } }
}

/// Reads a plan's file into the tree of its columns.
private struct ColumnPlanBuilder {
    final class Node {
        var name: String
        var isList: Bool
        var kind: ColumnPlan.Kind?
        var children: [Node] = []

        init(_ name: String, isList: Bool, kind: ColumnPlan.Kind?) {
            self.name = name
            self.isList = isList
            self.kind = kind
        }
    }

    let schema: OCSFSchema
    let root = Node("", isList: false, kind: nil)
    var problems: [Problem] = []
    var fields: [ColumnPlan.Field] = []
    var leaves: [ColumnPlan.Leaf] = []

    init(schema: OCSFSchema) { self.schema = schema }

    mutating func read(_ file: Document) {
        for entry in file.map ?? [] where !["principal", "bloom", "columns"].contains(entry.key) {
            problems.append(
                Problem(
                    at: entry.keyPosition, "unknown key \(entry.key)",
                    hint: "a plan has principal, bloom and columns"))
        }
        for entry in file["columns"]?.map ?? [] {
            let prefix = entry.key == "." ? "" : entry.key + "."
            for name in entry.value.list ?? [] { add(prefix + (name.string ?? ""), at: name.position) }
        }
    }

    /// The texts of a list that must all be columns.
    mutating func paths(_ key: String, in file: Document) -> [String] {
        var found: [String] = []
        for item in file[key]?.list ?? [] {
            let path = item.string ?? ""
            if leaves.contains(where: { $0.path == path }) {
                found.append(path)
            } else {
                problems.append(
                    Problem(
                        at: item.position, "\(path) is no column",
                        hint: nearestName(to: path, among: leaves.map(\.path)).map { "did you mean \($0)?" }
                            ?? ""
                    ))
            }
        }
        return found
    }

    private mutating func add(_ path: String, at position: SourcePosition) {
        var failure: Problem?
        var destination: OCSFSchema.Destination?
        for structure in schema.classes where destination == nil {
            do {
                destination = try schema.resolve(path, in: structure, at: position, hints: false)
            } catch {
                failure = failure ?? error
            }
        }
        guard let destination, destination.rest.isEmpty else {
            problems.append(failure ?? Problem(at: position, "\(path) has no type"))
            return
        }
        var node = root
        for (index, step) in destination.steps.enumerated() {
            let isLast = index == destination.steps.count - 1
            if let known = node.children.first(where: { $0.name == step.attribute.name }) {
                if isLast {
                    problems.append(Problem(at: position, "\(path) is a column twice"))
                }
                node = known
                continue
            }
            let kind = Self.kind(step.attribute)
            if isLast, kind == nil {
                problems.append(Problem(at: position, "\(path) is an object: name its attributes"))
            }
            // A list of anything is one value.
            let child = Node(
                step.attribute.name, isList: step.attribute.isArray && kind != .json, kind: kind)
            node.children.append(child)
            node = child
        }
    }

    private static func kind(_ attribute: OCSFSchema.Attribute) -> ColumnPlan.Kind? {
        switch attribute.type {
        case .object: nil
        case .anyObject: .json
        case .scalar(.json): .json
        case .scalar(.boolean): .boolean
        case .scalar(.integer), .scalar(.long), .scalar(.port), .scalar(.timestamp): .integer
        case .scalar(.float): .double
        case .scalar: attribute.name == "time_dt" ? .timestamp : .text
        }
    }

    mutating func addOwn(_ name: String, _ kind: ColumnPlan.Kind, at position: SourcePosition) {
        if root.children.contains(where: { $0.name == name }) {
            problems.append(Problem(at: position, "\(name) is the store's own column"))
            return
        }
        root.children.append(Node(name, isList: false, kind: kind))
    }

    mutating func number() { fields = root.children.map { number($0, "", lists: 0) } }

    private mutating func number(_ node: Node, _ prefix: String, lists outer: Int) -> ColumnPlan.Field {
        let path = prefix + node.name
        let lists = outer + (node.isList ? 1 : 0)
        let first = leaves.count
        var content = ColumnPlan.Field.Content.leaf(first)
        if let kind = node.kind {
            leaves.append(
                .init(path: path, kind: kind, definitionMax: 2 * lists + 1, repetitionMax: lists))
        } else {
            content = .group(node.children.map { number($0, path + ".", lists: lists) })
        }
        return .init(name: node.name, isList: node.isList, content: content, leaves: first..<leaves.count)
    }
}
