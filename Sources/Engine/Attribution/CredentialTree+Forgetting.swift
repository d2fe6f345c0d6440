/// What happens at the tree's bound.
extension CredentialTree {
    /// Drops the quarter that was used longest ago, but keeps what the rest came from.
    mutating func forget() {
        forgettings += 1
        let limit = limits.nodes - limits.nodes / 4
        let order = nodes.indices.filter { nodes[$0].last != .min }.sorted {
            (nodes[$0].last, nodes[$0].key) > (nodes[$1].last, nodes[$1].key)
        }
        var kept = [Bool](repeating: false, count: nodes.count)
        var chosen: [Int] = []
        for node in order where chosen.count < limit {
            var open = [node]
            while let next = open.popLast(), chosen.count < limit {
                if kept[next] { continue }
                kept[next] = true
                chosen.append(next)
                var index = nodes[next].firstLink
                while index >= 0 {
                    open.append(Int(links[Int(index)].parent))
                    index = links[Int(index)].next
                }
            }
        }
        compact(keeping: chosen.sorted())
    }

    /// Writes everything anew with nothing but these nodes.
    mutating func compact(keeping kept: [Int]) {
        var moved = [Int32](repeating: -1, count: nodes.count)
        for (place, node) in kept.enumerated() { moved[node] = Int32(place) }
        let old = self
        (texts, links, nodes, freeLink, deadText) = ([], [], [], -1, 0)
        for node in kept {
            var copy = old.nodes[node]
            copy.id = store(old.texts.span.extracting(copy.id.range))
            copy.name = store(old.texts.span.extracting(copy.name.range))
            copy.firstLink = -1
            var last: Int32 = -1
            var index = old.nodes[node].firstLink
            while index >= 0 {
                var link = old.links[Int(index)]
                index = link.next
                link.parent = moved[Int(link.parent)]
                guard link.parent >= 0 else { continue }
                link.uid = store(old.texts.span.extracting(link.uid.range))
                link.next = -1
                links.append(link)
                let place = Int32(links.count - 1)
                if last >= 0 { links[Int(last)].next = place } else { copy.firstLink = place }
                last = place
            }
            nodes.append(copy)
        }
        rehash(max(1_024, places.count))
        restart(at: nodes.count)
        repeated = [Repeated](repeating: Repeated(), count: Self.repeatedCount)
    }
}
