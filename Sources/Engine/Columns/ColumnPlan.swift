/// Which OCSF attributes of a table have a column of their own, and in what tree the columns stand.
///
/// Objects are groups that are always there, so that an attribute's presence is its column's own; lists may be missing,
/// empty or hold elements. That is Parquet's nesting (Dremel, Melnik et al. 2010) with one definition level for each
/// list and one for the value. Read from `schemas/store/<table>.yaml` and an OCSF version's facts.
package final class ColumnPlan: Sendable {
    package enum Kind: UInt8, Sendable, BitwiseCopyable, CaseIterable {
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

    /// Reads a plan that a person wrote.
    ///
    /// - Throws: everything wrong with the file.
    package convenience init(table: String, _ file: Document, schema: OCSFSchema) throws(Problems) {
        var builder = ColumnPlanBuilder()
        builder.read(file, schema)
        for (name, kind) in [
            (Self.principalColumn, Kind.text), (Self.restColumn, .json), (Self.rawColumn, .text),
        ] {
            builder.addOwn(name, kind, at: file.position)
        }
        builder.number()
        builder.read(paths: "principal", of: file) { $0.principalFrom.append($1) }
        builder.read(paths: "bloom", of: file) { $0.leaves[$1].hasBloomFilter = true }
        guard builder.problems.isEmpty else { throw Problems(builder.problems) }
        try self.init(table: table, builder, at: file.position)
    }

    /// Reads a plan from the lines that `lines` gives: what the binary has, since looking every type up takes its time.
    package convenience init(table: String, lines: String) throws(Problems) {
        var builder = ColumnPlanBuilder()
        builder.read(lines: lines)
        try self.init(table: table, builder, at: SourcePosition(file: "\(table).columns", line: 1, column: 1))
    }

    private init(table: String, _ builder: ColumnPlanBuilder, at position: SourcePosition) throws(Problems) {
        let leaves = builder.leaves
        let find = { (path: String) in leaves.firstIndex { $0.path == path } }
        guard let principal = find(Self.principalColumn), let rest = find(Self.restColumn),
            let raw = find(Self.rawColumn), let time = find("time")
        else { throw Problems([Problem(at: position, "the column time is missing")]) }
        self.table = table
        fields = builder.fields
        self.leaves = leaves
        principalFrom = builder.principalFrom
        (self.principal, self.rest, self.raw, self.time) = (principal, rest, raw, time)
    }

    /// The plan as lines: a column's path with `[]` behind lists, its type, `bloom` where it has a filter, and `principal`
    /// with its rank where a row may be filed under it.
    package var lines: String {
        var text = ""
        func add(_ field: Field, _ prefix: String) {
            let path = prefix + field.name + (field.isList ? "[]" : "")
            switch field.content {
            case .group(let children): for child in children { add(child, path + ".") }
            case .leaf(let leaf):
                text += "\(path) \(leaves[leaf].kind)"
                if leaves[leaf].hasBloomFilter { text += " bloom" }
                if let rank = principalFrom.firstIndex(of: leaf) { text += " principal=\(rank)" }
                text += "\n"
            }
        }
        for field in fields { add(field, "") }
        return text
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

    let root = Node("", isList: false, kind: nil)
    var problems: [Problem] = []
    var fields: [ColumnPlan.Field] = []
    var leaves: [ColumnPlan.Leaf] = []
    var principalFrom: [Int] = []

    mutating func read(lines: String) {
        var blooms: [Int] = []
        var ranks: [(rank: Int, leaf: Int)] = []
        for (number, line) in lines.split(separator: "\n").enumerated() {
            let words = line.split(separator: " ")
            guard words.count > 1,
                let kind = ColumnPlan.Kind.allCases.first(where: { "\($0)" == words[1] })
            else { continue }
            var node = root
            let steps = words[0].split(separator: ".")
            for (index, step) in steps.enumerated() {
                let isList = step.hasSuffix("[]")
                let name = String(isList ? step.dropLast(2) : step)
                if let last = node.children.last, last.name == name, index < steps.count - 1 {
                    node = last
                } else {
                    let child = Node(name, isList: isList, kind: index == steps.count - 1 ? kind : nil)
                    node.children.append(child)
                    node = child
                }
            }
            for word in words.dropFirst(2) {
                if word == "bloom" { blooms.append(number) }
                if word.hasPrefix("principal="), let rank = Int(word.dropFirst(10)) {
                    ranks.append((rank, number))
                }
            }
        }
        self.number()
        for leaf in blooms { leaves[leaf].hasBloomFilter = true }
        principalFrom = ranks.sorted { $0.rank < $1.rank }.map(\.leaf)
    }

    mutating func read(_ file: Document, _ schema: OCSFSchema) {
        for entry in file.map ?? [] where !["principal", "bloom", "columns"].contains(entry.key) {
            problems.append(
                Problem(
                    at: entry.keyPosition, "unknown key \(entry.key)",
                    hint: "a plan has principal, bloom and columns"))
        }
        for entry in file["columns"]?.map ?? [] {
            let prefix = entry.key == "." ? "" : entry.key + "."
            for name in entry.value.list ?? [] {
                add(prefix + (name.string ?? ""), schema, at: name.position)
            }
        }
    }

    /// Gives the columns that a list of paths names.
    mutating func read(
        paths key: String, of file: Document, _ take: (inout ColumnPlanBuilder, Int) -> Void
    ) {
        for item in file[key]?.list ?? [] {
            let path = item.string ?? ""
            if let leaf = leaves.firstIndex(where: { $0.path == path }) {
                take(&self, leaf)
            } else {
                problems.append(
                    Problem(
                        at: item.position, "\(path) is no column",
                        hint: nearestName(to: path, among: leaves.map(\.path)).map { "did you mean \($0)?" }
                            ?? ""
                    ))
            }
        }
    }

    private mutating func add(_ path: String, _ schema: OCSFSchema, at position: SourcePosition) {
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
