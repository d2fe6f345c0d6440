import Credentials
import Engine

/// The single values of a JSON text with the keys that lead to them; those of an array's elements share a path.
struct Leaves {
    struct Leaf: Hashable {
        /// `actor.user.uid`, `resources.uid`.
        var path: String
        /// The value as text: of a string what it says, of a number its digits.
        var text: String
    }

    private(set) var all: [Leaf] = []
    private var tree = EventTree()

    /// Takes the place of what was read before. Nulls and empty texts say nothing and are left out.
    mutating func read(_ bytes: [UInt8]) throws(EventTree.Malformed) {
        all.removeAll(keepingCapacity: true)
        try tree.read(bytes.span)
        collect(0, "", bytes)
    }

    private mutating func collect(_ index: Int, _ path: String, _ bytes: [UInt8]) {
        let node = tree.nodes[index]
        switch node.kind {
        case .null: return
        case .object:
            for child in tree.children(of: index) {
                let key = String(decoding: bytes[tree.nodes[child].keyRange], as: UTF8.self)
                collect(child, path.isEmpty ? key : "\(path).\(key)", bytes)
            }
        case .array: for child in tree.children(of: index) { collect(child, path, bytes) }
        case .string, .integer, .number, .boolean:
            guard !node.text.isEmpty else { return }
            all.append(Leaf(path: path, text: Self.words(of: node, in: bytes)))
        }
    }

    private static func words(of node: EventTree.Node, in bytes: [UInt8]) -> String {
        let text = bytes[node.text]
        guard node.kind == .string, text.contains(UInt8(ascii: "\\")) else {
            return String(decoding: text, as: UTF8.self)
        }
        return JSONValue(json: Array(bytes[node.range]))?.string ?? String(decoding: text, as: UTF8.self)
    }
}
