/// The tree as bytes: the same bytes whenever it holds the same, and from them the same tree.
extension CredentialTree {
    private static let magic: [UInt8] = Array("MARTLETA".utf8)
    private static let formatVersion: UInt8 = 1

    /// What is not a saved tree.
    package struct Malformed: Error, Hashable {}

    package var bytes: [UInt8] {
        encoded(nodes.indices.sorted { nodes[$0].key < nodes[$1].key }, linked: nodes.count, directory)
    }

    /// A piece of the tree that is a whole tree by itself, so that none has to be put together in memory: some of the
    /// nodes with what they came from, and as the last the accounts. `nil` behind the last.
    ///
    /// Merged, the pieces are the tree, as long as its nodes keep their places meanwhile (`moves`).
    package func piece(_ number: Int, nodes pieceNodes: Int = 4_096) -> [UInt8]? {
        let first = number * pieceNodes
        if first >= nodes.count {
            return first - nodes.count < pieceNodes ? encoded([], linked: 0, directory) : nil
        }
        let own = first..<min(nodes.count, first + pieceNodes)
        var order = Array(own)
        var beyond: Set<Int> = []
        for node in own {
            forEachLink(of: node) { link in
                let parent = Int(link.parent)
                if !own.contains(parent), beyond.insert(parent).inserted { order.append(parent) }
            }
        }
        return encoded(order, linked: own.count, IdentityDirectory())
    }

    private func forEachLink(of node: Int, _ body: (Link) -> Void) {
        var link = nodes[node].firstLink
        while link >= 0 {
            body(links[Int(link)])
            link = links[Int(link)].next
        }
    }

    /// - Parameter linked: so many of the nodes are written with their links, which lead to one of `order` each.
    private func encoded(_ order: [Int], linked: Int, _ directory: IdentityDirectory) -> [UInt8] {
        var out = TreeWriter()
        out.bytes = Self.magic
        out.put(UInt64(Self.formatVersion))
        var place = [Int: Int](minimumCapacity: order.count)
        for (number, node) in order.enumerated() { place[node] = number }
        out.put(UInt64(order.count))
        for index in order {
            let node = nodes[index]
            out.put(node.key)
            out.put(UInt64(node.kind.rawValue))
            out.put(UInt64(node.nature.rawValue))
            out.put(systems.isEmpty ? [] : systems[Int(node.system)])
            out.put(Array(texts[node.id.range]))
            out.put(Array(texts[node.name.range]))
            out.put(UInt64(bitPattern: node.start))
            out.put(UInt64(bitPattern: node.last))
        }
        for (number, index) in order.enumerated() {
            var list: [Link] = []
            if number < linked { forEachLink(of: index) { list.append($0) } }
            out.put(UInt64(list.count))
            for link in list {
                out.put(UInt64(place[Int(link.parent)] ?? 0))
                out.put(UInt64(link.kind.rawValue))
                out.put(UInt64(link.basis.rawValue))
                out.put(UInt64(bitPattern: link.time))
                out.put(Array(texts[link.uid.range]))
            }
        }
        directory.write(to: &out)
        return out.bytes
    }

    package init(_ bytes: [UInt8], limits: Limits = Limits()) throws(Malformed) {
        self.init(limits: limits)
        var reader = TreeReader(bytes)
        guard bytes.starts(with: Self.magic) else { throw Malformed() }
        reader.at = Self.magic.count
        guard try reader.number() == UInt64(Self.formatVersion) else { throw Malformed() }
        let count = try reader.count()
        var placed: [Int] = []
        for _ in 0..<count {
            let key = try reader.key()
            guard let kind = CredentialKey.Kind(rawValue: try reader.small()),
                let nature = Nature(rawValue: try reader.small())
            else { throw Malformed() }
            let (system, id, name) = (try reader.text(), try reader.text(), try reader.text())
            let number = self.system(system.span)
            let node = self.node(key, kind, nature, system: number, id: id.span)
            self.name(node, name.span)
            nodes[node].start = Int64(bitPattern: try reader.number())
            nodes[node].last = Int64(bitPattern: try reader.number())
            placed.append(node)
        }
        for child in placed {
            for _ in 0..<(try reader.count()) {
                let parent = try reader.count()
                guard parent < placed.count, let kind = LinkKind(rawValue: try reader.small()),
                    let basis = LinkBasis(rawValue: try reader.small())
                else { throw Malformed() }
                let time = Int64(bitPattern: try reader.number())
                let uid = try reader.text()
                link(child, to: placed[parent], kind, basis, at: time, uid.span)
            }
        }
        directory = try IdentityDirectory(&reader)
    }

    /// Adds all that another tree holds: the same as if its acts had been taken here.
    package mutating func merge(_ other: CredentialTree) {
        var moved: [Int] = []
        for node in other.nodes {
            let name = other.systems.isEmpty ? [] : other.systems[Int(node.system)]
            let (id, called) = (Array(other.texts[node.id.range]), Array(other.texts[node.name.range]))
            let place = self.node(
                node.key, node.kind, node.nature, system: system(name.span), id: id.span)
            self.name(place, called.span)
            began(place, node.start)
            nodes[place].last = max(nodes[place].last, node.last)
            moved.append(place)
        }
        for (index, node) in other.nodes.enumerated() {
            var next = node.firstLink
            while next >= 0 {
                let link = other.links[Int(next)]
                let uid = Array(other.texts[link.uid.range])
                self.link(
                    moved[index], to: moved[Int(link.parent)], link.kind, link.basis, at: link.time, uid.span)
                next = link.next
            }
        }
        directory.merge(other.directory)
        restart(at: nodes.count)
    }
}

/// Numbers of seven bits a byte and texts behind their length: the engine has no codec of its own to import.
struct TreeWriter {
    var bytes: [UInt8] = []

    mutating func put(_ number: UInt64) {
        var rest = number
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    mutating func put(_ key: CredentialKey) {
        for word in [key.high, key.low] {
            for shift in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: word >> UInt64(8 * shift))) }
        }
    }

    mutating func put(_ text: [UInt8]) {
        put(UInt64(text.count))
        bytes += text
    }
}

/// Reads what `TreeWriter` wrote; bytes from a disk are never believed.
struct TreeReader {
    private let bytes: [UInt8]
    var at = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func number() throws(CredentialTree.Malformed) -> UInt64 {
        var number: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            guard at < bytes.count, shift < 64 else { throw CredentialTree.Malformed() }
            number |= UInt64(bytes[at] & 0x7F) << shift
            at += 1
            if bytes[at - 1] < 0x80 { return number }
            shift += 7
        }
    }

    /// How many follow: never more than there are bytes.
    mutating func count() throws(CredentialTree.Malformed) -> Int {
        let count = try number()
        guard count <= UInt64(bytes.count) else { throw CredentialTree.Malformed() }
        return Int(count)
    }

    mutating func small() throws(CredentialTree.Malformed) -> UInt8 {
        let number = try number()
        guard number < 256 else { throw CredentialTree.Malformed() }
        return UInt8(number)
    }

    mutating func key() throws(CredentialTree.Malformed) -> CredentialKey {
        guard at + 16 <= bytes.count else { throw CredentialTree.Malformed() }
        var words: [UInt64] = [0, 0]
        for index in 0..<16 { words[index / 8] |= UInt64(bytes[at + index]) << UInt64(8 * (index % 8)) }
        at += 16
        return CredentialKey(high: words[0], low: words[1])
    }

    mutating func text() throws(CredentialTree.Malformed) -> [UInt8] {
        let count = try count()
        guard at + count <= bytes.count else { throw CredentialTree.Malformed() }
        at += count
        return Array(bytes[at - count..<at])
    }
}

extension IdentityDirectory {
    func write(to out: inout TreeWriter) {
        out.put(UInt64(accounts.count))
        for account in sorted {
            out.put(account.key)
            out.put(Array(account.system.utf8))
            out.put(account.id)
            out.put(account.name ?? [])
            out.put(UInt64(account.nature.rawValue))
            out.put(UInt64(account.isOther ? 1 : 0))
            // Only the user's word does not follow from the rest.
            let isNamed = account.label.rank == 0
            out.put(isNamed ? account.label.text : [])
            out.put(isNamed ? UInt64(account.label.nature?.rawValue ?? 255) : 255)
        }
        let list = joins.sorted {
            ($0.key.a, $0.key.b, $0.key.reason.rawValue) < ($1.key.a, $1.key.b, $1.key.reason.rawValue)
        }
        out.put(UInt64(list.count))
        for (join, evidence) in list {
            out.put(join.a)
            out.put(join.b)
            out.put(UInt64(join.reason.rawValue))
            out.put(UInt64(bitPattern: evidence.time))
            out.put(evidence.uid)
        }
    }

    init(_ reader: inout TreeReader) throws(CredentialTree.Malformed) {
        self.init()
        var named: [(CredentialKey, [UInt8], Nature?)] = []
        for _ in 0..<(try reader.count()) {
            let key = try reader.key()
            let system = String(decoding: try reader.text(), as: UTF8.self)
            let id = try reader.text()
            let name = try reader.text()
            guard let nature = Nature(rawValue: try reader.small()) else { throw CredentialTree.Malformed() }
            let isOther = try reader.small() == 1
            add(
                key, system: system, id: id, name: name.isEmpty ? nil : name, nature: nature,
                isOther: isOther)
            let label = try reader.text()
            let kind = try reader.small()
            if !label.isEmpty { named.append((key, label, Nature(rawValue: kind))) }
        }
        for (key, label, nature) in named { call(key, label, nature) }
        for _ in 0..<(try reader.count()) {
            let (a, b) = (try reader.key(), try reader.key())
            guard let reason = Reason(rawValue: try reader.small()) else { throw CredentialTree.Malformed() }
            let time = Int64(bitPattern: try reader.number())
            join(a, b, reason, Evidence(time: time, uid: try reader.text()))
        }
    }
}
