/// Takes things out of events before they leave: fields removed, masked or hashed, and what is too long cut to size.
///
/// A field's value also stands in `observables`, under the field's path: there it is treated in the same way. An event
/// that was cut says so: `metadata.is_truncated`, and `metadata.untruncated_size` in bytes.
package struct EventShaper: Sendable {
    package enum Manner: String, Sendable, CaseIterable {
        case remove
        case mask
        /// A digest with a key: equal values stay equal, and nobody without the key can try them out.
        case hash
    }

    package struct Rule: Sendable {
        package var path: String
        package var manner: Manner

        package init(path: String, manner: Manner) {
            self.path = path
            self.manner = manner
        }
    }

    /// What a value becomes and what is still looked for below it.
    private struct Node: Sendable {
        var key: [UInt8]
        var children: [Int] = []
        var manner: Manner?
    }

    /// Texts are never cut shorter than this: bytes.
    private static let textBytesMin = 64
    /// Room for the two members that say that an event was cut: bytes.
    private static let markBytes = 64
    /// What goes first where cutting texts is not enough.
    private static let spare = ["raw_data", "unmapped", "observables", "enrichments"]
    private static let masked = Array("***".utf8)

    private var nodes = [Node(key: [])]
    private var paths: [(path: [UInt8], manner: Manner)] = []
    private let bytesMax: Int
    private let digest: @Sendable ([UInt8]) -> [UInt8]
    private var tree = EventTree()

    /// - Parameter digest: what stands for a value that is hashed, fit for a JSON string.
    package init(_ rules: [Rule], bytesMax: Int?, digest: @escaping @Sendable ([UInt8]) -> [UInt8]) {
        self.bytesMax = bytesMax ?? .max
        self.digest = digest
        for rule in rules {
            var at = 0
            for step in rule.path.split(separator: ".") {
                let key = Array(step.utf8)
                if let child = nodes[at].children.first(where: { nodes[$0].key == key }) {
                    at = child
                } else {
                    nodes.append(Node(key: key))
                    nodes[at].children.append(nodes.count - 1)
                    at = nodes.count - 1
                }
            }
            nodes[at].manner = rule.manner
            paths.append((Array(rule.path.utf8), rule.manner))
        }
    }

    /// Appends the event as it may leave.
    ///
    /// - Returns: false, with nothing appended, where it cannot be cut to size.
    package mutating func shape(
        _ bytes: [UInt8], _ range: Range<Int>, into out: inout [UInt8]
    ) throws(EventTree.Malformed) -> Bool {
        let start = out.count
        if paths.isEmpty {
            out += bytes[range]
        } else {
            try tree.read(bytes.span.extracting(range))
            redact(0, 0, nil, bytes, range.lowerBound, &out)
        }
        guard out.count - start > bytesMax else { return true }
        let whole = Array(out[start...])
        out.removeSubrange(start...)
        return try cut(whole, into: &out)
    }

    // MARK: Redaction

    /// Writes a value with what the rules say of it; false where nothing of it is left.
    @discardableResult
    private func redact(
        _ at: Int, _ path: Int, _ manner: Manner?, _ bytes: [UInt8], _ base: Int, _ out: inout [UInt8]
    ) -> Bool {
        let value = tree.nodes[at]
        let manner = manner ?? nodes[path].manner
        func whole() { out += bytes[base + value.range.lowerBound..<base + value.range.upperBound] }
        if manner == nil, nodes[path].children.isEmpty {
            whole()
            return true
        }
        switch value.kind {
        case .object, .array:
            if manner == .remove { return false }
            let isObject = value.kind == .object
            out.append(isObject ? UInt8(ascii: "{") : UInt8(ascii: "["))
            var isFirst = true
            for child in tree.children(of: at) {
                let mark = out.count
                if !isFirst { out.append(UInt8(ascii: ",")) }
                var next = path
                var own = manner
                if isObject {
                    let key = tree.nodes[child].keyRange
                    let name = bytes[base + key.lowerBound..<base + key.upperBound]
                    out.append(UInt8(ascii: "\""))
                    out += name
                    out += "\":".utf8
                    if at == 0, name.elementsEqual("observables".utf8), manner == nil {
                        redactObservables(child, bytes, base, &out)
                        isFirst = false
                        continue
                    }
                    next = nodes[path].children.first { name.elementsEqual(nodes[$0].key) } ?? -1
                    if next < 0, own == nil {
                        out +=
                            bytes[
                                base + tree.nodes[child].range.lowerBound..<base
                                    + tree.nodes[child].range.upperBound]
                        isFirst = false
                        continue
                    }
                    if next < 0 { next = 0; own = manner }
                }
                if own == nil, next >= 0, nodes[next].manner == .remove {
                    out.removeSubrange(mark...)
                } else if redact(child, next, own, bytes, base, &out) {
                    isFirst = false
                } else {
                    out.removeSubrange(mark...)
                }
            }
            out.append(isObject ? UInt8(ascii: "}") : UInt8(ascii: "]"))
            return true
        case .string:
            guard let manner else {
                whole()
                return true
            }
            if manner == .remove { return false }
            out.append(UInt8(ascii: "\""))
            out += replaced(value, manner, bytes, base)
            out.append(UInt8(ascii: "\""))
            return true
        default:
            // A number or a word cannot be masked and stay what it is.
            if manner != nil { return false }
            whole()
            return true
        }
    }

    private func replaced(_ value: EventTree.Node, _ manner: Manner, _ bytes: [UInt8], _ base: Int) -> [UInt8]
    {
        guard manner == .hash else { return Self.masked }
        var text: [UInt8] = []
        EscapedText.append(
            bytes, in: base + value.text.lowerBound..<base + value.text.upperBound, to: &text)
        return digest(text)
    }

    /// An observable names the field that it repeats.
    private func redactObservables(_ at: Int, _ bytes: [UInt8], _ base: Int, _ out: inout [UInt8]) {
        guard tree.nodes[at].kind == .array else { return redactPlain(at, bytes, base, &out) }
        out.append(UInt8(ascii: "["))
        var isFirst = true
        for element in tree.children(of: at) {
            var manner: Manner?
            for member in tree.children(of: element) {
                let node = tree.nodes[member]
                guard text(bytes, base, node.keyRange).elementsEqual("name".utf8) else { continue }
                let name = text(bytes, base, node.text)
                manner =
                    paths.first { name.elementsEqual($0.path) || name.starts(with: $0.path + [0x2E]) }?.manner
            }
            if manner == .remove { continue }
            if !isFirst { out.append(UInt8(ascii: ",")) }
            isFirst = false
            guard let manner else {
                redactPlain(element, bytes, base, &out)
                continue
            }
            out.append(UInt8(ascii: "{"))
            for (number, member) in tree.children(of: element).enumerated() {
                let node = tree.nodes[member]
                if number > 0 { out.append(UInt8(ascii: ",")) }
                out.append(UInt8(ascii: "\""))
                out += text(bytes, base, node.keyRange)
                out += "\":".utf8
                if node.kind == .string, text(bytes, base, node.keyRange).elementsEqual("value".utf8) {
                    out.append(UInt8(ascii: "\""))
                    out += replaced(node, manner, bytes, base)
                    out.append(UInt8(ascii: "\""))
                } else {
                    redactPlain(member, bytes, base, &out)
                }
            }
            out.append(UInt8(ascii: "}"))
        }
        out.append(UInt8(ascii: "]"))
    }

    private func redactPlain(_ at: Int, _ bytes: [UInt8], _ base: Int, _ out: inout [UInt8]) {
        out += text(bytes, base, tree.nodes[at].range)
    }

    private func text(_ bytes: [UInt8], _ base: Int, _ range: Range<Int>) -> ArraySlice<UInt8> {
        bytes[base + range.lowerBound..<base + range.upperBound]
    }

    // MARK: Size

    private mutating func cut(_ event: [UInt8], into out: inout [UInt8]) throws(EventTree.Malformed) -> Bool {
        var rest = event
        for round in 0...Self.spare.count {
            try tree.read(rest.span)
            let lengths = tree.nodes.filter { $0.kind == .string }.map { $0.text.count }
            func size(_ limit: Int) -> Int {
                rest.count - lengths.reduce(0) { $0 + max(0, $1 - limit - 3) } + Self.markBytes
            }
            if size(Self.textBytesMin) <= bytesMax {
                var (low, high) = (Self.textBytesMin, bytesMax)
                while low < high {
                    let middle = (low + high + 1) / 2
                    if size(middle) <= bytesMax { low = middle } else { high = middle - 1 }
                }
                writeCut(rest, low, untruncated: event.count, &out)
                return true
            }
            guard round < Self.spare.count else { return false }
            rest = without(Self.spare[round], rest)
        }
        return false
    }

    /// The event with its long texts cut, and the mark in its metadata.
    private func writeCut(_ event: [UInt8], _ limit: Int, untruncated: Int, _ out: inout [UInt8]) {
        var at = 0
        let metadata = tree.children(of: 0).first {
            tree.nodes[$0].kind == .object && event[tree.nodes[$0].keyRange].elementsEqual("metadata".utf8)
        }
        for (index, node) in tree.nodes.enumerated() {
            if index == metadata {
                out += event[at...Int(node.start)]
                at = Int(node.start) + 1
                out += "\"is_truncated\":true,\"untruncated_size\":\(untruncated)".utf8
                if node.next > UInt32(index + 1) { out.append(UInt8(ascii: ",")) }
            }
            // A cut that saves nothing would only add its mark.
            guard node.kind == .string, node.text.count > limit + 3 else { continue }
            let end = EscapedText.end(of: event, in: node.text, limit: limit)
            out += event[at..<end]
            out += "…".utf8
            at = node.text.upperBound
        }
        out += event[at...]
    }

    /// The event without one of its members.
    private func without(_ key: String, _ event: [UInt8]) -> [UInt8] {
        var out: [UInt8] = [UInt8(ascii: "{")]
        for member in tree.children(of: 0) where !event[tree.nodes[member].keyRange].elementsEqual(key.utf8) {
            let node = tree.nodes[member]
            if out.count > 1 { out.append(UInt8(ascii: ",")) }
            out.append(UInt8(ascii: "\""))
            out += event[node.keyRange]
            out += "\":".utf8
            out += event[node.range]
        }
        out.append(UInt8(ascii: "}"))
        return out
    }
}
