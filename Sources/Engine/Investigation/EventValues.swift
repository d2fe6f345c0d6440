/// Values of one finished event by their paths. It allocates, and is for what looks at single events.
struct EventValues {
    /// A longer text is cut: bytes. No id that a provider hands out is.
    static let textBytesMax = 1_024

    private var members = EventMembers()

    /// `nil` where the text is no event.
    init?(_ text: [UInt8]) {
        guard members.read(text.span) else { return nil }
    }

    private var bytes: [UInt8] { members.bytes }
    private var tree: EventTree { members.tree }

    func member(_ key: String, of parent: Int) -> Int? { members.member(key, of: parent) }
    func node(_ path: [String], of parent: Int = 0) -> Int? { members.node(path, of: parent) }

    /// A scalar's text at a path with dots between its keys; empty where there is none.
    func text(_ path: String, of parent: Int = 0) -> String {
        node(path.split(separator: ".").map(String.init), of: parent).map { text(at: $0) } ?? ""
    }

    func integer(_ path: String, of parent: Int = 0) -> Int64? { Int64(text(path, of: parent)) }

    /// The elements of a list, or nothing.
    func list(_ path: String, of parent: Int = 0) -> [Int] {
        members.elements(node(path.split(separator: ".").map(String.init), of: parent))
    }

    func text(at node: Int) -> String {
        let value = tree.nodes[node]
        guard value.kind != .object, value.kind != .array, value.kind != .null else { return "" }
        var range = value.text
        if range.count > Self.textBytesMax {
            var end = range.lowerBound + Self.textBytesMax
            while end > range.lowerBound, bytes[end] & 0xC0 == 0x80 { end -= 1 }
            if bytes[max(range.lowerBound, end - 6)..<end].contains(UInt8(ascii: "\\")) { end -= 6 }
            range = range.lowerBound..<max(range.lowerBound, end)
        }
        return JSONText.string(bytes.span.extracting(range))
    }

    /// The scalars below a node whose keys are wanted, each key's first, as they stand in the text.
    func scalars(below path: String, of wanted: Set<String>, into found: inout [String: String]) {
        guard let top = node(path.split(separator: ".").map(String.init)) else { return }
        for node in top..<Int(tree.nodes[top].next) {
            let value = tree.nodes[node]
            guard !value.keyRange.isEmpty, value.kind == .string || value.kind == .integer else { continue }
            let key = String(decoding: bytes[value.keyRange], as: UTF8.self)
            if wanted.contains(key), found[key] == nil { found[key] = text(at: node) }
        }
    }
}
