/// Puts values back into an event at the places that JSON Pointers (RFC 6901) name.
enum EventPatch {
    private final class Node {
        var children: [(key: [UInt8], node: Node)] = []
        /// Where the value stands in the patch; a node with children has none.
        var value: Range<Int>?

        func child(_ key: [UInt8]) -> Node {
            if let known = children.first(where: { $0.key == key }) { return known.node }
            let made = Node()
            children.append((key, made))
            return made
        }
    }

    /// - Parameters:
    ///   - patch: an object of pointers and values, as `RowShredder` writes it.
    ///   - out: ends with the event, which begins at `start`.
    static func apply(_ patch: [UInt8], to out: inout [UInt8], from start: Int) {
        let root = Node()
        var members = JSONMembers(patch.indices)
        while let member = members.next(patch.span) {
            var node = root
            for segment in segments(patch[member.key]) { node = node.child(segment) }
            node.value = member.value
        }
        let event = Array(out[start...])
        out.removeSubrange(start...)
        write(root, over: event.indices, of: event, patch, &out)
    }

    /// The keys of a pointer, still escaped as JSON.
    private static func segments(_ pointer: ArraySlice<UInt8>) -> [[UInt8]] {
        pointer.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).dropFirst().map {
            part in
            var key: [UInt8] = []
            var isMarked = false
            for byte in part {
                if isMarked {
                    key.append(byte == UInt8(ascii: "1") ? UInt8(ascii: "/") : UInt8(ascii: "~"))
                } else if byte != UInt8(ascii: "~") {
                    key.append(byte)
                }
                isMarked = !isMarked && byte == UInt8(ascii: "~")
            }
            return key
        }
    }

    /// Writes the value at `range` of the event as the node changes it.
    private static func write(
        _ node: Node, over range: Range<Int>?, of event: [UInt8], _ patch: [UInt8], _ out: inout [UInt8]
    ) {
        if let value = node.value { return out.append(contentsOf: patch[value]) }
        guard let range, let first = event[range].first else {
            out.append(UInt8(ascii: "{"))
            add(node.children, isFirst: true, event, patch, &out)
            return out.append(UInt8(ascii: "}"))
        }
        switch first {
        case UInt8(ascii: "{"): object(node, range, event, patch, &out)
        case UInt8(ascii: "["): list(node, range, event, patch, &out)
        default: out.append(contentsOf: event[range])
        }
    }

    private static func object(
        _ node: Node, _ range: Range<Int>, _ event: [UInt8], _ patch: [UInt8], _ out: inout [UInt8]
    ) {
        out.append(UInt8(ascii: "{"))
        var left = node.children
        var members = JSONMembers(range)
        var isFirst = true
        while let member = members.next(event.span) {
            if !isFirst { out.append(UInt8(ascii: ",")) }
            isFirst = false
            out.append(UInt8(ascii: "\""))
            out.append(contentsOf: event[member.key])
            out += [UInt8(ascii: "\""), UInt8(ascii: ":")]
            if let index = left.firstIndex(where: { $0.key.elementsEqual(event[member.key]) }) {
                write(left[index].node, over: member.value, of: event, patch, &out)
                left.remove(at: index)
            } else {
                out.append(contentsOf: event[member.value])
            }
        }
        add(left, isFirst: isFirst, event, patch, &out)
        out.append(UInt8(ascii: "}"))
    }

    private static func list(
        _ node: Node, _ range: Range<Int>, _ event: [UInt8], _ patch: [UInt8], _ out: inout [UInt8]
    ) {
        out.append(UInt8(ascii: "["))
        var elements = JSONMembers(range)
        var number = 0
        while let element = elements.nextElement(event.span) {
            if number > 0 { out.append(UInt8(ascii: ",")) }
            if let change = node.children.first(where: { $0.key == Array(String(number).utf8) }) {
                write(change.node, over: element, of: event, patch, &out)
            } else {
                out.append(contentsOf: event[element])
            }
            number += 1
        }
        out.append(UInt8(ascii: "]"))
    }

    private static func add(
        _ children: [(key: [UInt8], node: Node)], isFirst: Bool, _ event: [UInt8], _ patch: [UInt8],
        _ out: inout [UInt8]
    ) {
        var isFirst = isFirst
        for child in children {
            if !isFirst { out.append(UInt8(ascii: ",")) }
            isFirst = false
            out.append(UInt8(ascii: "\""))
            out.append(contentsOf: child.key)
            out += [UInt8(ascii: "\""), UInt8(ascii: ":")]
            write(child.node, over: nil, of: event, patch, &out)
        }
    }
}
