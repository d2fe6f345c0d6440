/// An event's values by their path, for what reads a few of many.
struct EventMembers {
    private(set) var tree = EventTree()
    private(set) var bytes: [UInt8] = []

    /// `false` where the text is no event.
    mutating func read(_ event: borrowing Span<UInt8>) -> Bool {
        bytes.removeAll(keepingCapacity: true)
        bytes.append(event)
        do throws(EventTree.Malformed) { try tree.read(event) } catch { return false }
        return tree.nodes.first?.kind == .object
    }

    func member(_ key: String, of object: Int) -> Int? {
        guard tree.nodes.indices.contains(object), tree.nodes[object].kind == .object else { return nil }
        for child in tree.children(of: object) where holds(key, tree.nodes[child].keyRange) { return child }
        return nil
    }

    private func holds(_ key: String, _ range: Range<Int>) -> Bool { bytes[range].elementsEqual(key.utf8) }

    func node(_ path: [String], of object: Int = 0) -> Int? {
        var node = object
        for key in path {
            guard let next = member(key, of: node) else { return nil }
            node = next
        }
        return node
    }

    /// A text, or a number as it is written.
    func text(_ node: Int?) -> String? {
        guard let node, tree.nodes.indices.contains(node) else { return nil }
        let found = tree.nodes[node]
        guard found.kind != .object, found.kind != .array, found.kind != .null,
            found.text.count <= Grant.textBytesMax
        else { return nil }
        let text = JSONText.string(bytes.span.extracting(found.text))
        return text.isEmpty ? nil : text
    }

    func text(_ path: String...) -> String? { text(node(path)) }

    func elements(_ node: Int?) -> [Int] {
        guard let node, tree.nodes.indices.contains(node), tree.nodes[node].kind == .array else { return [] }
        return Array(tree.children(of: node))
    }

    /// The members of an object that are texts.
    func texts(of object: Int?) -> [(key: String, value: String)] {
        guard let object, tree.nodes.indices.contains(object), tree.nodes[object].kind == .object else {
            return []
        }
        return tree.children(of: object).compactMap { child in
            guard let value = text(child) else { return nil }
            return (JSONText.string(bytes.span.extracting(tree.nodes[child].keyRange)), value)
        }
    }
}
