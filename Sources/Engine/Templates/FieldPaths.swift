/// Paths of an event's fields, looked for together in one walk over the event.
///
/// Of an array on the way, the first element that has the rest of the path counts; `null` is no value.
package struct FieldPaths: Sendable {
    private struct Node: Sendable {
        var key: [UInt8]
        var children: [Int] = []
        var slot = -1
    }

    /// Where a value stands in the event's text; a string without its quotes, still escaped.
    package struct Found: Sendable, BitwiseCopyable {
        package var start: Int32 = -1
        package var end: Int32 = -1
        package var isQuoted = false

        package var isMissing: Bool { start < 0 }
        package var range: Range<Int> { Int(start)..<Int(end) }
    }

    private var nodes = [Node(key: [])]
    package private(set) var count = 0

    package init() {}

    /// The number under which the value at a path (`actor.user.uid`) is found; the same for the same path.
    package mutating func slot(for path: String) -> Int {
        var at = 0
        for step in path.split(separator: ".") {
            let key = Array(step.utf8)
            if let child = nodes[at].children.first(where: { nodes[$0].key == key }) {
                at = child
            } else {
                nodes.append(Node(key: key))
                nodes[at].children.append(nodes.count - 1)
                at = nodes.count - 1
            }
        }
        if nodes[at].slot < 0 {
            nodes[at].slot = count
            count += 1
        }
        return nodes[at].slot
    }

    /// Fills `found`, an element for each path, from the event that `tree` has read out of `text`.
    package func find(in tree: EventTree, of text: Span<UInt8>, into found: inout [Found]) {
        found.removeAll(keepingCapacity: true)
        for _ in 0..<count { found.append(Found()) }
        if count > 0, !tree.nodes.isEmpty { walk(0, 0, tree, text, &found) }
    }

    private func walk(
        _ at: Int, _ path: Int, _ tree: EventTree, _ text: Span<UInt8>, _ found: inout [Found]
    ) {
        let value = tree.nodes[at]
        if value.kind == .array {
            var element = at + 1
            while element < Int(value.next) {
                walk(element, path, tree, text, &found)
                element = Int(tree.nodes[element].next)
            }
            return
        }
        let slot = nodes[path].slot
        if slot >= 0, found[slot].isMissing, value.kind != .null {
            let range = value.text
            found[slot] = Found(
                start: Int32(truncatingIfNeeded: range.lowerBound),
                end: Int32(truncatingIfNeeded: range.upperBound), isQuoted: value.kind == .string)
        }
        guard value.kind == .object, !nodes[path].children.isEmpty else { return }
        var member = at + 1
        while member < Int(value.next) {
            let node = tree.nodes[member]
            for child in nodes[path].children where Self.equal(text, node.keyRange, nodes[child].key) {
                walk(member, child, tree, text, &found)
            }
            member = Int(node.next)
        }
    }

    private static func equal(_ text: Span<UInt8>, _ range: Range<Int>, _ key: [UInt8]) -> Bool {
        guard range.count == key.count else { return false }
        for index in 0..<key.count where text[range.lowerBound + index] != key[index] { return false }
        return true
    }
}
