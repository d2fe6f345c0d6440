/// Says of each event whose act it was: what pipelines, detections and baselines ask.
///
/// A value: the tree and the directory it holds are a function of the set of acts taken, so what it says of an event
/// depends on all that was taken before it is asked and on nothing else.
package struct Attributor: Sendable {
    package static let enrichmentName = "attribution"
    static let enrichmentOpening: StaticString = #"{"name":"attribution","#

    package var tree: CredentialTree
    private var written = WrittenEnrichments()
    /// The events of a batch with what was added to them; the room is kept from batch to batch.
    private var text: [UInt8] = []
    private var acting: [Int32] = []

    package init(_ tree: CredentialTree = CredentialTree()) { self.tree = tree }

    /// Whose act an event is, for what counts by entity: the human where one is known, else the identity where the chain
    /// ends or breaks off.
    package struct Subject: Hashable, Sendable, BitwiseCopyable {
        /// The same for all accounts of one human; it changes when an issuer or a join comes late.
        package var key: CredentialKey
        package var nature: Nature
        /// Whether the chain came to its end.
        package var isKnown: Bool
        package var certainty: Certainty
        /// The credential, session or identity that the record itself names; as long as nothing more is taken.
        package var acting: Int
    }

    /// Takes the event's act, and says whose it is by all that is known so far; `nil` where the record names nobody.
    package mutating func subject(of event: Event, in batch: borrowing EventBatch) -> Subject? {
        guard let node = tree.take(event, of: batch) else { return nil }
        return subject(of: node)
    }

    package func subject(of node: Int) -> Subject {
        let root = tree.root(of: node)
        let end = tree.nodes[root.node]
        var subject = Subject(
            key: end.key, nature: end.nature, isKnown: root.isKnown, certainty: root.certainty, acting: node)
        if root.isKnown, let person = tree.directory.person(end.key) {
            subject.key = person.key
            subject.nature = person.nature
        }
        return subject
    }

    /// What people call whoever a chain ends at.
    package func name(of subject: Subject) -> String {
        let root = tree.root(of: subject.acting)
        return String(decoding: name(of: root), as: UTF8.self)
    }

    /// Still escaped.
    func name(of root: CredentialTree.Root) -> [UInt8] {
        let node = tree.nodes[root.node]
        if root.isKnown, let person = tree.directory.person(node.key) { return person.name }
        return Array(tree.texts[node.id.range])
    }

    // MARK: Writing

    /// Takes the acts of a batch's events from a row on, then writes into each event whose it was.
    ///
    /// - Parameter mayBeEnriched: of each feed that events are of, whether its events have enrichments of their own.
    package mutating func attribute(
        _ batch: inout EventBatch, from first: Int = 0, mayBeEnriched: [Bool] = []
    ) {
        var facts = Facts()
        let isSettled = take(batch, from: first, noting: false, &facts)
        write(into: &batch, from: first, mayBeEnriched: mayBeEnriched, takingAgain: !isSettled)
    }

    /// The same; `facts` gets the acts that told something new.
    package mutating func attribute(
        _ batch: inout EventBatch, from first: Int, mayBeEnriched: [Bool], noting facts: inout Facts
    ) {
        let isSettled = take(batch, from: first, noting: true, &facts)
        write(into: &batch, from: first, mayBeEnriched: mayBeEnriched, takingAgain: !isSettled)
    }

    /// Takes the acts of a batch's events; `acting` are the nodes that acted, -1 where nobody did.
    ///
    /// - Returns: whether those are their places still: a batch may tell of more than there is room for.
    private mutating func take(
        _ batch: borrowing EventBatch, from first: Int, noting: Bool, _ facts: inout Facts
    ) -> Bool {
        acting.removeAll(keepingCapacity: true)
        acting.reserveCapacity(batch.events.count - first)
        let before = tree.forgettings
        for event in batch.events[first...] {
            let changes = tree.changes
            acting.append(event.kind == .event ? tree.take(event, of: batch).map { Int32($0) } ?? -1 : -1)
            if noting, tree.changes != changes { facts.append(event, of: batch) }
        }
        guard tree.forgettings != before else { return true }
        let again = tree.forgettings
        // What was forgotten on the way moved the rest.
        acting.removeAll(keepingCapacity: true)
        for event in batch.events[first...] {
            acting.append(event.kind == .event ? tree.take(event, of: batch).map { Int32($0) } ?? -1 : -1)
        }
        return tree.forgettings == again
    }

    // MARK: Findings of several events

    /// Notes in a finding's row who acted last of the events behind it, for `attribute(findings:)`.
    static func note(_ acting: CredentialKey, of row: inout Event, in findings: inout EventBatch) {
        var writer = TreeWriter()
        writer.put(acting)
        row.act = Extent(start: findings.acts.count, count: writer.bytes.count)
        findings.acts += writer.bytes
    }

    /// Writes into each finding of correlations whose the last of the acts behind it was, by all that is known.
    package mutating func attribute(findings: inout EventBatch) {
        acting.removeAll(keepingCapacity: true)
        for row in findings.events {
            var reader = TreeReader(Array(findings.acts[row.act.range]))
            let node = row.act.isEmpty ? nil : (try? reader.key()).flatMap { tree.find($0) }
            acting.append(node.map { Int32($0) } ?? -1)
        }
        write(into: &findings, from: 0, mayBeEnriched: [], takingAgain: false)
    }

    /// - Parameter takingAgain: whether each event's act is taken once more before it is said whose it is.
    private mutating func write(
        into batch: inout EventBatch, from first: Int, mayBeEnriched: [Bool], takingAgain: Bool
    ) {
        guard acting.contains(where: { $0 >= 0 }) else { return }
        written.begin(tree)
        let start = Int(batch.events[first].json.start)
        var text = exchange(&self.text, with: [])
        text.removeAll(keepingCapacity: true)
        for place in acting.indices {
            let row = first + place
            var event = batch.events[row]
            var node = acting[place]
            if takingAgain, event.kind == .event {
                node = tree.take(event, of: batch).map { Int32($0) } ?? -1
                written.begin(tree)
            }
            let before = event.json
            let begin = text.count
            let isEnriched = Int(event.feed) < mayBeEnriched.count && mayBeEnriched[Int(event.feed)]
            if node >= 0 {
                let enrichment = enrichment(of: Int(node))
                Self.insert(
                    written.pool.span.extracting(enrichment.range), into: batch.bytes.span, before.range,
                    isEnriched: isEnriched, &text)
            } else {
                text.append(batch.bytes.span.extracting(before.range))
            }
            event.json = Extent(start: start + begin, count: text.count - begin)
            event.uid.start = UInt32(truncatingIfNeeded: start + begin) + (event.uid.start - before.start)
            batch.events[row] = event
            text.append(0x0A)
        }
        if start == 0 {
            swap(&batch.bytes, &text)
        } else {
            batch.bytes.removeSubrange(start...)
            batch.bytes += text
        }
        self.text = text
    }

    /// Copies an event with one enrichment more.
    private static func insert(
        _ enrichment: Span<UInt8>, into bytes: Span<UInt8>, _ event: Range<Int>, isEnriched: Bool,
        _ out: inout [UInt8]
    ) {
        if isEnriched {
            var members = JSONMembers(event)
            while let member = members.next(bytes) {
                guard bytes.holds("enrichments", member.key), member.value.count > 2 else { continue }
                let end = member.value.upperBound - 1
                out.append(bytes.extracting(event.lowerBound..<end))
                out.append(UInt8(ascii: ","))
                out.append(enrichment)
                out.append(bytes.extracting(end..<event.upperBound))
                return
            }
        }
        out.append(bytes.extracting(event.lowerBound..<event.upperBound - 1))
        JSONFragment.append(raw: ",\"enrichments\":[", to: &out)
        out.append(enrichment)
        JSONFragment.append(raw: "]}", to: &out)
    }

    private mutating func enrichment(of node: Int) -> Extent {
        if let known = written.find(node, tree) { return known }
        var reads = CredentialTree.Reads()
        var out = written.takePool()
        let start = out.count
        appendEnrichment(of: node, to: &out, &reads)
        return written.put(node, out, from: start, reads, tree)
    }

    /// `{"name":"attribution",…}` for a node.
    package func appendEnrichment(of node: Int, to out: inout [UInt8]) {
        var reads = CredentialTree.Reads()
        appendEnrichment(of: node, to: &out, &reads)
    }

    private func appendEnrichment(
        of node: Int, to out: inout [UInt8], _ reads: inout CredentialTree.Reads
    ) {
        let (root, hops) = tree.chain(of: node, &reads)
        let end = tree.nodes[root.node]
        let person = root.isKnown ? tree.directory.person(end.key) : nil
        JSONFragment.append(raw: "\(Self.enrichmentOpening)", to: &out)
        JSONFragment.append(raw: "\"type\":\"identity\",\"value\":\"", to: &out)
        if let person {
            out += person.name
        } else if root.isKnown {
            out += tree.texts[end.id.range]
        } else {
            JSONFragment.append(raw: "unknown", to: &out)
        }
        let nature = root.isKnown ? (person?.nature ?? end.nature).name : "unknown"
        JSONFragment.append(raw: "\",\"provider\":\"Martlet\",\"data\":{\"kind\":\"", to: &out)
        JSONFragment.append(raw: nature, to: &out)
        JSONFragment.append(raw: "\",\"certainty\":\"", to: &out)
        JSONFragment.append(raw: root.certainty.name, to: &out)
        JSONFragment.append(raw: "\",\"confidence\":", to: &out)
        JSONFragment.append(raw: Self.decimal(root.confidence), to: &out)
        if let gap = root.gap {
            JSONFragment.append(raw: ",\"gap\":\"", to: &out)
            JSONFragment.append(raw: gap.name, to: &out)
            JSONFragment.append(raw: "\"", to: &out)
        }
        JSONFragment.append(raw: ",\"root\":", to: &out)
        appendNode(end, to: &out)
        JSONFragment.append(raw: "}", to: &out)
        if !hops.isEmpty {
            JSONFragment.append(raw: ",\"chain\":[", to: &out)
            for (place, hop) in hops.enumerated() {
                if place > 0 { out.append(UInt8(ascii: ",")) }
                appendNode(tree.nodes[hop.child], to: &out)
                append(hop, to: &out)
            }
            out.append(UInt8(ascii: "]"))
        }
        if let made = tree.maker(of: node) {
            JSONFragment.append(raw: ",\"created_by\":", to: &out)
            let maker = tree.nodes[tree.root(of: made.parent, &reads).node]
            appendNode(maker, to: &out)
            append(made, to: &out)
        }
        JSONFragment.append(raw: "}}", to: &out)
    }

    /// An object that is left open.
    private func appendNode(_ node: CredentialTree.Node, to out: inout [UInt8]) {
        JSONFragment.append(raw: "{\"type\":\"", to: &out)
        JSONFragment.append(raw: node.kind.name, to: &out)
        JSONFragment.append(raw: "\",\"uid\":\"", to: &out)
        out += tree.texts[node.id.range]
        JSONFragment.append(raw: "\"", to: &out)
        if !node.name.isEmpty {
            JSONFragment.append(raw: ",\"name\":\"", to: &out)
            out += tree.texts[node.name.range]
            JSONFragment.append(raw: "\"", to: &out)
        }
        if node.kind == .identity, Int(node.system) < tree.systems.count {
            JSONFragment.append(raw: ",\"system\":\"", to: &out)
            out += tree.systems[Int(node.system)]
            JSONFragment.append(raw: "\"", to: &out)
        }
    }

    private func append(_ hop: CredentialTree.Hop, to out: inout [UInt8]) {
        JSONFragment.append(raw: ",\"via\":\"", to: &out)
        JSONFragment.append(raw: hop.kind.name, to: &out)
        JSONFragment.append(raw: "\",\"certainty\":\"", to: &out)
        JSONFragment.append(raw: hop.certainty.name, to: &out)
        JSONFragment.append(raw: "\",\"event_uid\":\"", to: &out)
        out += hop.uid
        JSONFragment.append(raw: "\",\"time\":", to: &out)
        JSONFragment.append(hop.time.milliseconds, to: &out)
        JSONFragment.append(raw: "}", to: &out)
    }

    /// Thousandths as JSON writes them: `0.97`, `1`.
    package static func decimal(_ thousandths: Int) -> String {
        if thousandths >= 1_000 { return "1" }
        var digits = String(thousandths)
        while digits.utf8.count < 3 { digits = "0" + digits }
        while digits.hasSuffix("0"), digits.utf8.count > 1 { digits.removeLast() }
        return "0." + digits
    }
}

extension CredentialKey.Kind {
    package var name: String {
        switch self {
        case .credential: "credential"
        case .session: "session"
        case .act: "act"
        case .delegation: "delegation"
        case .identity: "identity"
        }
    }
}

extension Event {
    /// Whether the act changes something: whatever is neither a look nor a sign-in.
    ///
    /// Attribution's coverage is counted over these.
    package var isPrivileged: Bool {
        switch classUID {
        // API activity: create, update, delete.
        case 6003: activityID == 1 || activityID == 3 || activityID == 4
        // Sign-ins and sessions.
        case 3002, 3003: false
        // Users, groups, roles, entities: all but reading them.
        case 3000..<4000: !(classUID == 3004 && activityID == 2)
        default: false
        }
    }
}
