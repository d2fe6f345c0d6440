/// From a credential to whom it began with.
extension CredentialTree {
    /// Links followed before a chain is given up.
    static let depthMax = 16
    /// A chain that holds less often than this is none: thousandths.
    static let confidenceMin = 500

    /// Why a root is not known.
    package enum Gap: UInt8, CaseIterable, Sendable, BitwiseCopyable {
        /// The event that issued the first credential of the chain has not been seen.
        case noIssuer = 1
        /// The chain leads into an account whose log has not been seen.
        case otherAccount
        /// Several sessions of one name began in the same second.
        case ambiguous
        /// The links lead back to where they began, or do not end.
        case circular
        /// The links are too weak together.
        case weak

        package var name: String {
            switch self {
            case .noIssuer: "no_issuer"
            case .otherAccount: "other_account"
            case .ambiguous: "ambiguous"
            case .circular: "circular"
            case .weak: "weak"
            }
        }
    }

    /// Where a chain ends.
    package struct Root: Sendable, BitwiseCopyable {
        /// The identity, or where the chain broke off.
        package var node: Int
        package var gap: Gap?
        package var certainty = Certainty.proved
        /// Thousandths.
        package var confidence = 1_000
        package var hops = 0

        package var isKnown: Bool { gap == nil }
    }

    /// Follows the best link from node to node; where that comes to no end, whom the sessions on the way name.
    package func root(of node: Int) -> Root {
        var reads = Reads()
        return root(of: node, &reads)
    }

    func root(of node: Int, _ reads: inout Reads) -> Root {
        var path = InlineArray<17, Int32>(repeating: -1)
        var taken = InlineArray<17, Int32>(repeating: -1)
        return walk(node, &path, &taken, mayBranch: true, &reads)
    }

    /// The nodes that an answer was read from.
    struct Reads {
        static let max = 48

        private(set) var nodes = InlineArray<48, Int32>(repeating: -1)
        private(set) var count = 0
        /// Whether there were no more than are noted.
        private(set) var isWhole = true

        @inline(__always) mutating func note(_ node: Int) {
            for place in 0..<count where nodes[place] == Int32(truncatingIfNeeded: node) { return }
            guard count < Self.max else {
                isWhole = false
                return
            }
            nodes[count] = Int32(truncatingIfNeeded: node)
            count += 1
        }
    }

    /// The links from a node to its root, in order.
    package func chain(of node: Int) -> (root: Root, hops: [Hop]) {
        var reads = Reads()
        return chain(of: node, &reads)
    }

    func chain(of node: Int, _ reads: inout Reads) -> (root: Root, hops: [Hop]) {
        var path = InlineArray<17, Int32>(repeating: -1)
        var taken = InlineArray<17, Int32>(repeating: -1)
        let root = walk(node, &path, &taken, mayBranch: true, &reads)
        var hops: [Hop] = []
        for place in 0..<root.hops where taken[place] >= 0 {
            hops.append(hop(from: Int(path[place]), Int(taken[place])))
        }
        return (root, hops)
    }

    /// One link of a chain, as it is shown.
    package struct Hop: Sendable {
        package var child: Int
        package var parent: Int
        package var kind: LinkKind
        package var certainty: Certainty
        package var time: Timestamp
        package var uid: [UInt8]
    }

    private func hop(from child: Int, _ index: Int) -> Hop {
        let link = links[index]
        return Hop(
            child: child, parent: Int(link.parent), kind: link.kind,
            certainty: link.kind.certainty(link.basis),
            time: Timestamp(milliseconds: link.time), uid: Array(texts[link.uid.range]))
    }

    /// Who made a node's credential or account, where that is known.
    package func maker(of node: Int) -> Hop? {
        var index = nodes[node].firstLink
        while index >= 0 {
            if links[Int(index)].kind == .created { return hop(from: node, Int(index)) }
            index = links[Int(index)].next
        }
        return nil
    }

    private func walk(
        _ start: Int, _ path: inout InlineArray<17, Int32>, _ taken: inout InlineArray<17, Int32>,
        mayBranch: Bool, _ reads: inout Reads
    ) -> Root {
        var root = Root(node: start)
        reads.note(start)
        path[0] = Int32(start)
        var depth = 0
        while true {
            let node = nodes[root.node]
            if node.kind == .identity {
                if node.nature > .external { return root }
                root.gap = .otherAccount
                break
            }
            guard depth < Self.depthMax else {
                root.gap = .circular
                break
            }
            var gap = Gap.noIssuer
            guard let link = bestLink(of: root.node, path, depth, mayBranch, &gap, &reads) else {
                root.gap = gap
                break
            }
            let confidence = root.confidence * links[link].kind.confidence(links[link].basis) / 1_000
            guard confidence >= Self.confidenceMin else {
                root.gap = .weak
                break
            }
            follow(link, &root, confidence)
            reads.note(root.node)
            taken[depth] = Int32(link)
            depth += 1
            path[depth] = Int32(root.node)
        }
        // Nobody is at the end of the chain: the last session on it that names somebody counts.
        for place in (0...depth).reversed() {
            var found = Root(node: Int(path[place]))
            for step in 0..<place { follow(Int(taken[step]), &found, weigh(Int(taken[step]), found)) }
            guard let (first, second) = claim(of: found.node, &reads) else { continue }
            follow(first, &found, weigh(first, found))
            taken[place] = Int32(first)
            path[place + 1] = Int32(found.node)
            if let second {
                follow(second, &found, weigh(second, found))
                if place + 1 < 17 { taken[place + 1] = Int32(second) }
            }
            if found.confidence >= Self.confidenceMin { return found }
        }
        return root
    }

    private func weigh(_ link: Int, _ root: Root) -> Int {
        root.confidence * links[link].kind.confidence(links[link].basis) / 1_000
    }

    private func follow(_ link: Int, _ root: inout Root, _ confidence: Int) {
        root.node = Int(links[link].parent)
        root.certainty = min(root.certainty, links[link].kind.certainty(links[link].basis))
        root.confidence = confidence
        root.hops += 1
    }

    /// The first of a node's links that leads on: not back, not into another's past, and not to one of several.
    private func bestLink(
        of node: Int, _ path: InlineArray<17, Int32>, _ depth: Int, _ mayBranch: Bool, _ gap: inout Gap,
        _ reads: inout Reads
    ) -> Int? {
        var index = nodes[node].firstLink
        while index >= 0 {
            let link = links[Int(index)]
            defer { index = link.next }
            if link.kind == .created { continue }
            var isBack = false
            for place in 0...depth where path[place] == link.parent { isBack = true }
            if isBack {
                gap = .circular
                continue
            }
            guard link.basis == .moment else { return Int(index) }
            reads.note(Int(link.parent))
            let began = nodes[Int(link.parent)].start
            if began != .max, began > link.time + Self.skew { continue }
            if isAmbiguous(node, Int(index), mayBranch, &reads) {
                gap = .ambiguous
                continue
            }
            return Int(index)
        }
        return nil
    }

    /// Whether other links of the same kind of evidence lead to somebody else.
    private func isAmbiguous(
        _ node: Int, _ index: Int, _ mayBranch: Bool, _ reads: inout Reads
    ) -> Bool {
        var other = nodes[node].firstLink
        var first: Root?
        var path = InlineArray<17, Int32>(repeating: -1)
        var taken = InlineArray<17, Int32>(repeating: -1)
        while other >= 0 {
            let link = links[Int(other)]
            defer { other = link.next }
            guard Int(other) != index, link.basis == .moment, link.parent != links[index].parent else {
                continue
            }
            guard mayBranch else { return true }
            let mine =
                first ?? walk(Int(links[index].parent), &path, &taken, mayBranch: false, &reads)
            first = mine
            let theirs = walk(Int(link.parent), &path, &taken, mayBranch: false, &reads)
            if mine.isKnown && theirs.isKnown ? mine.node != theirs.node : mine.isKnown == theirs.isKnown {
                return true
            }
            if !mine.isKnown { return true }
        }
        return false
    }

    /// The link from a node, or from the session it belongs to, that names an identity.
    private func claim(of node: Int, _ reads: inout Reads) -> (Int, Int?)? {
        var session: Int?
        var index = nodes[node].firstLink
        while index >= 0 {
            let link = links[Int(index)]
            if link.kind != .created, isNamed(Int(link.parent), &reads) { return (Int(index), nil) }
            if link.kind == .ofSession, session == nil { session = Int(index) }
            index = link.next
        }
        guard let session else { return nil }
        reads.note(Int(links[session].parent))
        index = nodes[Int(links[session].parent)].firstLink
        while index >= 0 {
            let link = links[Int(index)]
            if link.kind != .created, isNamed(Int(link.parent), &reads) { return (session, Int(index)) }
            index = link.next
        }
        return nil
    }

    private func isNamed(_ node: Int, _ reads: inout Reads) -> Bool {
        reads.note(node)
        return nodes[node].kind == .identity && nodes[node].nature > .external
    }
}
