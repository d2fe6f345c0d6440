/// Which credential came from which: what every act is traced back through, to whom it began with.
///
/// A pure function of the set of acts it was shown: neither their order nor how often they came nor how they were cut
/// into batches changes a byte of what it holds, so an issuer that comes late puts everything behind it right. Of each
/// link the earliest evidence is kept, of each node its `linksMax` best links.
///
/// At `Limits.nodes` the quarter of the credentials that were used longest ago is forgotten, with what only led to
/// them; then a late event of theirs begins anew, and its root is unknown unless the record itself tells it.
package struct CredentialTree: Sendable {
    package struct Limits: Hashable, Sendable {
        package var nodes = 1_000_000
        package init() {}
    }

    /// The event that a link rests on: the earliest, then the one whose uid comes first.
    struct Evidence {
        var time: Int64
        var uid: Extent
    }

    struct Node: BitwiseCopyable {
        var key: CredentialKey
        var kind: CredentialKey.Kind
        var nature: Nature
        var system: UInt16
        /// Its id, and what people call it, in `texts`; still escaped.
        var id: Extent
        var name = Extent.none
        var firstLink: Int32 = -1
        /// When it began, and when it was last used: milliseconds.
        var start = Int64.max
        var last = Int64.min
    }

    struct Link: BitwiseCopyable {
        var parent: Int32
        var kind: LinkKind
        var basis: LinkBasis
        var time: Int64
        var uid: Extent
        var next: Int32 = -1

        var rank: UInt8 { kind.rank(basis) }
    }

    /// Links kept of one node.
    static let linksMax = 6
    /// A longer id is cut where it is shown; what it is known by is the whole: bytes.
    static let shownBytesMax = 512
    /// An issuer cannot have begun later than what it issued, but clocks differ: milliseconds.
    static let skew: Int64 = 300_000

    package let limits: Limits
    var nodes: [Node] = []
    var links: [Link] = []
    var texts: [UInt8] = []
    var systems: [[UInt8]] = []
    /// The accounts of people.
    package var directory = IdentityDirectory()
    /// Times that the oldest were forgotten.
    package internal(set) var forgettings = 0
    /// Grows with all that was new.
    private var ownChanges: UInt64 = 0
    package var changes: UInt64 { ownChanges &+ directory.changes }
    var places: [Int32] = []
    /// Of each node how often it has changed: what was said of one stands until one that it was read from changes.
    private(set) var versions: [UInt32] = []
    /// Times that nodes got other places.
    package private(set) var moves: UInt64 = 0
    var freeLink: Int32 = -1
    var deadText = 0
    var repeated: [Repeated] = []

    /// An act that was taken before, and the earliest time of it: later ones tell nothing new.
    struct Repeated: BitwiseCopyable {
        var high: UInt64 = 0
        var low: UInt64 = 0
        var node: Int32 = -1
        var time: Int64 = 0
    }

    static let repeatedCount = 1 << 16

    package init(limits: Limits = Limits()) { self.limits = limits }

    package var count: Int { nodes.count }

    // MARK: Taking acts

    /// Takes what an event's record tells; the node that acted, as long as nothing else is taken. `nil` where the record
    /// names nobody.
    package mutating func take(_ event: Event, of batch: borrowing EventBatch) -> Int? {
        if event.act.isEmpty || event.act.end > batch.acts.count { return nil }
        let evidence = (event.time.milliseconds, event.uid.range)
        return take(batch.acts.span, event.act.range, at: evidence.0, uid: batch.bytes.span, evidence.1)
    }

    /// Takes one act with the event that tells of it.
    package mutating func take(
        _ acts: Span<UInt8>, _ range: Range<Int>, at time: Int64, uid bytes: Span<UInt8>, _ uid: Range<Int>
    ) -> Int? {
        if repeated.isEmpty { repeated = [Repeated](repeating: Repeated(), count: Self.repeatedCount) }
        let high = WyHash.hash(acts.extracting(range), seed: 1)
        let low = WyHash.hash(acts.extracting(range), seed: 2)
        var place = Int(truncatingIfNeeded: high) & (Self.repeatedCount - 1)
        // An act has two places: of two that fall on one both can be known.
        if repeated[place].node >= 0, repeated[place].high != high {
            let other = repeated[place ^ 1]
            if other.node < 0 || other.high == high { place ^= 1 }
        }
        let known = repeated[place]
        let isKnown = known.node >= 0 && known.high == high && known.low == low
        if isKnown, time > known.time {
            let node = Int(known.node)
            if nodes[node].last < time { nodes[node].last = time }
            return node
        }
        if nodes.count >= limits.nodes { forget() }
        if deadText > 1 << 20, deadText > texts.count / 2 { compact(keeping: Array(nodes.indices)) }
        let taking = ActTaking(acts.bytes(range), at: time, uid: bytes.bytes(uid))
        guard let node = taking.take(into: &self) else { return nil }
        nodes[node].last = max(nodes[node].last, time)
        if taking.act.isRepeatable {
            let first = isKnown ? min(known.time, time) : time
            repeated[place] = Repeated(high: high, low: low, node: Int32(node), time: first)
        }
        return node
    }

    package func key(of node: Int) -> CredentialKey { nodes[node].key }
    package func kind(of node: Int) -> CredentialKey.Kind { nodes[node].kind }
    /// A node's id as it stands in JSON.
    package func escaped(_ node: Int) -> [UInt8] { Array(texts[nodes[node].id.range]) }
    package func text(of node: Int) -> String {
        JSONText.string(texts.span.extracting(nodes[node].id.range))
    }

    // MARK: Nodes

    /// The node with a key, made if it is not there.
    mutating func node(
        _ key: CredentialKey, _ kind: CredentialKey.Kind, _ nature: Nature, system: UInt16,
        id: Span<UInt8>
    ) -> Int {
        if let found = find(key) {
            if nodes[found].nature < nature {
                nodes[found].nature = nature
                change(found)
            }
            return found
        }
        let node = Node(key: key, kind: kind, nature: nature, system: system, id: store(shown: id))
        return insert(node)
    }

    private mutating func insert(_ node: Node) -> Int {
        if (nodes.count + 1) * 2 > places.count { rehash(max(1_024, places.count * 2)) }
        nodes.append(node)
        versions.append(0)
        ownChanges += 1
        place(nodes.count - 1)
        return nodes.count - 1
    }

    private mutating func change(_ node: Int) {
        versions[node] &+= 1
        ownChanges += 1
    }

    /// Something outside the tree that is said of a node has changed.
    mutating func touch(_ key: CredentialKey) {
        if let node = find(key) { versions[node] &+= 1 }
    }

    /// All nodes have new places.
    mutating func restart(at count: Int) {
        versions = [UInt32](repeating: 0, count: count)
        moves += 1
    }

    package func find(_ key: CredentialKey) -> Int? {
        if places.isEmpty { return nil }
        var place = Int(truncatingIfNeeded: key.low) & (places.count - 1)
        while places[place] >= 0 {
            let node = Int(places[place])
            if nodes[node].key == key { return node }
            place = (place + 1) & (places.count - 1)
        }
        return nil
    }

    private mutating func place(_ node: Int) {
        var place = Int(truncatingIfNeeded: nodes[node].key.low) & (places.count - 1)
        while places[place] >= 0 { place = (place + 1) & (places.count - 1) }
        places[place] = Int32(node)
    }

    mutating func rehash(_ size: Int) {
        places = [Int32](repeating: -1, count: size)
        for node in nodes.indices { place(node) }
    }

    /// What people call a node: of several names the first in byte order.
    mutating func name(_ node: Int, _ name: Span<UInt8>) {
        if name.isEmpty || name.count > Self.shownBytesMax { return }
        let held = nodes[node].name
        if !held.isEmpty {
            guard compare(name, texts.span.extracting(held.range)) < 0 else { return }
            deadText += held.range.count
        }
        nodes[node].name = store(name)
        change(node)
    }

    mutating func began(_ node: Int, _ time: Int64) {
        guard time < nodes[node].start else { return }
        nodes[node].start = time
        change(node)
    }

    mutating func system(_ name: Span<UInt8>) -> UInt16 {
        for (index, known) in systems.enumerated() where compare(name, known.span) == 0 {
            return UInt16(index)
        }
        // One for each feed's vendor: there are not so many.
        if systems.count > 4_000 { return 0 }
        systems.append(name.bytes(0..<name.count))
        return UInt16(systems.count - 1)
    }

    // MARK: Links

    /// Notes that `child` came from `parent`.
    mutating func link(
        _ child: Int, to parent: Int, _ kind: LinkKind, _ basis: LinkBasis, at time: Int64,
        _ uid: Span<UInt8>
    ) {
        if child == parent { return }
        var previous: Int32 = -1
        var index = nodes[child].firstLink
        var count = 0
        while index >= 0 {
            let held = links[Int(index)]
            if held.parent == Int32(parent), held.kind == kind, held.basis == basis {
                let isEarlier =
                    time < held.time
                    || (time == held.time && compare(uid, texts.span.extracting(held.uid.range)) < 0)
                guard isEarlier else { return }
                unlink(child, index, after: previous)
                break
            }
            previous = index
            index = held.next
        }
        index = nodes[child].firstLink
        previous = -1
        while index >= 0, isBefore(Int(index), parent, kind, basis, time, uid) {
            previous = index
            index = links[Int(index)].next
            count += 1
        }
        guard count < Self.linksMax else { return }
        let new = allocate(
            Link(parent: Int32(parent), kind: kind, basis: basis, time: time, uid: store(uid), next: index))
        if previous >= 0 { links[Int(previous)].next = new } else { nodes[child].firstLink = new }
        change(child)
        trim(child)
    }

    /// The order of a node's links, the same whenever they came.
    private func isBefore(
        _ index: Int, _ parent: Int, _ kind: LinkKind, _ basis: LinkBasis, _ time: Int64, _ uid: Span<UInt8>
    ) -> Bool {
        let held = links[index]
        if held.rank != kind.rank(basis) { return held.rank < kind.rank(basis) }
        if held.time != time { return held.time < time }
        let order = compare(texts.span.extracting(held.uid.range), uid)
        if order != 0 { return order < 0 }
        if held.kind != kind { return held.kind.rawValue < kind.rawValue }
        return nodes[Int(held.parent)].key < nodes[parent].key
    }

    private mutating func trim(_ child: Int) {
        var index = nodes[child].firstLink
        var previous: Int32 = -1
        var count = 0
        while index >= 0 {
            let next = links[Int(index)].next
            count += 1
            if count > Self.linksMax {
                unlink(child, index, after: previous)
            } else {
                previous = index
            }
            index = next
        }
    }

    private mutating func allocate(_ link: Link) -> Int32 {
        guard freeLink >= 0 else {
            links.append(link)
            return Int32(links.count - 1)
        }
        let index = freeLink
        freeLink = links[Int(index)].next
        links[Int(index)] = link
        return index
    }

    private mutating func unlink(_ child: Int, _ index: Int32, after previous: Int32) {
        let next = links[Int(index)].next
        if previous >= 0 { links[Int(previous)].next = next } else { nodes[child].firstLink = next }
        deadText += links[Int(index)].uid.range.count
        links[Int(index)].next = freeLink
        freeLink = index
    }

    // MARK: Texts

    mutating func store(_ text: Span<UInt8>) -> Extent {
        let start = texts.count
        texts.append(text)
        return Extent(start: start, count: text.count)
    }

    /// Cut at a character, and never within an escape.
    private mutating func store(shown text: Span<UInt8>) -> Extent {
        if text.count <= Self.shownBytesMax { return store(text) }
        var end = Self.shownBytesMax
        while end > 0, text[end] & 0xC0 == 0x80 { end -= 1 }
        for index in max(0, end - 6)..<end where text[index] == UInt8(ascii: "\\") {
            end = index
            break
        }
        return store(text.extracting(0..<end))
    }

    func compare(_ a: Span<UInt8>, _ b: Span<UInt8>) -> Int {
        for index in 0..<min(a.count, b.count) where a[index] != b[index] {
            return a[index] < b[index] ? -1 : 1
        }
        return a.count - b.count
    }
}
