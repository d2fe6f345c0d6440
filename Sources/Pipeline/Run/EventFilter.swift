package import Engine

/// A pipeline's own filter: which events are left out.
///
/// An event is left out when all conditions of one `drop` hold; a condition holds when the value at its path (any
/// element, where arrays are on the way) is written as one of its texts.
package struct EventFilter: Sendable {
    private struct Condition: Sendable {
        var path: [[UInt8]]
        /// As they stand in an event, escaped, without quotes.
        var values: [[UInt8]]
    }

    private let drops: [[Condition]]

    /// `nil` where nothing is to be left out.
    package init?(_ configs: [FilterConfig]) {
        if configs.isEmpty { return nil }
        drops = configs.map { config in
            config.drop.all.map { condition in
                Condition(
                    path: condition.path.split(separator: ".").map { Array($0.utf8) },
                    values: condition.values.map { text in
                        var escaped: [UInt8] = []
                        JSONText.escape(text.utf8, into: &escaped)
                        return escaped
                    })
            }
        }
    }

    /// The rows from `first` on that stay, ascending.
    package func kept(_ batch: borrowing EventBatch, from first: Int = 0) -> [Int] {
        var tree = EventTree()
        var rows: [Int] = []
        rows.reserveCapacity(batch.count - first)
        for index in first..<batch.count {
            let range = batch.events[index].json.range
            let text = batch.bytes.span.extracting(range)
            do throws(EventTree.Malformed) {
                try tree.read(text)
            } catch {
                rows.append(index)  // What cannot be read is nobody's to drop.
                continue
            }
            let isDropped = drops.contains { conditions in
                conditions.allSatisfy { holds($0, 0, at: 0, tree, batch.bytes, range.lowerBound) }
            }
            if !isDropped { rows.append(index) }
        }
        return rows
    }

    private func holds(
        _ condition: Condition, _ depth: Int, at node: Int, _ tree: EventTree, _ bytes: [UInt8], _ base: Int
    ) -> Bool {
        func equal(_ range: Range<Int>, _ wanted: [UInt8]) -> Bool {
            range.count == wanted.count
                && bytes[base + range.lowerBound..<base + range.upperBound].elementsEqual(wanted)
        }
        if tree.nodes[node].kind == .array {
            return tree.children(of: node).contains { holds(condition, depth, at: $0, tree, bytes, base) }
        }
        guard depth < condition.path.count else {
            return condition.values.contains { equal(tree.nodes[node].text, $0) }
        }
        guard tree.nodes[node].kind == .object else { return false }
        return tree.children(of: node).contains { child in
            equal(tree.nodes[child].keyRange, condition.path[depth])
                && holds(condition, depth + 1, at: child, tree, bytes, base)
        }
    }
}
