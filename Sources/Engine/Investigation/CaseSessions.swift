/// The tree of what the subject acted with, from the links that all events together tell.
///
/// An event that came before its issuer says less than a later one of the same credential: the links of both count.
struct CaseSessions {
    static let sessionsMax = 2_000
    private static let addressesMax = 8

    private struct Node {
        var session: CaseSession
        var parentKey: String?
        var linkTime = Timestamp.distantFuture
    }

    private var nodes: [String: Node] = [:]
    private var placeOf: [String: Int] = [:]
    private(set) var sessions: [CaseSession] = []
    private(set) var leftOut = 0

    /// - Parameter acts: in the order of time.
    init(_ acts: [CaseEvent], human: String?, asked: CaseEntity) {
        for event in acts { add(event, human) }
        for event in acts { addIssued(event) }
        for (key, node) in nodes where asked.names(node.session.id) || asked.names(node.session.label) {
            nodes[key]?.session.isAsked = true
        }
        order()
    }

    /// Where an event's own session stands.
    func place(of event: CaseEvent) -> Int? { placeOf[Self.key(of: event)] }

    private static func key(of event: CaseEvent) -> String {
        if let link = event.chain.first { return key(link.type, link.uid) }
        if !event.root.uid.isEmpty { return key(of: event.root) }
        if !event.credential.isEmpty { return key("credential", event.credential) }
        if !event.session.isEmpty { return key("session", event.session) }
        return key(
            "identity", [event.principal, event.principalName, event.application].first { !$0.isEmpty } ?? "")
    }

    private static func key(_ type: String, _ uid: String) -> String { "\(type) \(uid)" }
    private static func key(of root: CaseEvent.Root) -> String { "identity \(root.system) \(root.uid)" }

    private mutating func add(_ event: CaseEvent, _ human: String?) {
        let own = Self.key(of: event)
        for (place, link) in event.chain.enumerated() {
            let key = Self.key(link.type, link.uid)
            let parent =
                place + 1 < event.chain.count
                ? Self.key(event.chain[place + 1].type, event.chain[place + 1].uid) : Self.key(of: event.root)
            let isBroken = place + 1 == event.chain.count && event.who.isEmpty && event.root.uid == link.uid
            make(key, type: link.type, id: link.uid, event, isOwn: key == own)
            if !isBroken {
                join(
                    key, to: parent, via: link.via, certainty: link.certainty, evidence: link.evidence,
                    at: link.time)
            }
        }
        if !event.root.uid.isEmpty,
            event.chain.last.map({ $0.uid != event.root.uid || !event.who.isEmpty }) ?? true
        {
            let key = Self.key(of: event.root)
            make(
                key, type: event.root.type.isEmpty ? "identity" : event.root.type, id: event.root.uid, event,
                isOwn: key == own)
            if nodes[key]?.session.label.isEmpty ?? false { nodes[key]?.session.label = event.root.system }
            addHuman(event, key, human)
        } else if event.chain.isEmpty {
            let parts = own.split(separator: " ", maxSplits: 1).map(String.init)
            make(own, type: parts[0], id: parts.count > 1 ? parts[1] : "", event, isOwn: true)
        }
        count(event, own)
    }

    /// One of the human's accounts: the event that has its address beside its id says so, else the directory does.
    private mutating func addHuman(_ event: CaseEvent, _ account: String, _ human: String?) {
        guard let human, event.who == human else { return }
        let key = Self.key("human", human)
        if nodes[key] == nil {
            nodes[key] = Node(
                session: CaseSession(
                    id: human, type: "human", label: event.nature, provider: "", account: "", via: "",
                    certainty: "", evidence: ""))
        }
        let isShown = event.principal == event.root.uid && event.email.lowercased() == human.lowercased()
        let isNamed = event.root.uid.lowercased() == human.lowercased()
        join(
            account, to: key, via: isShown ? "same_address" : isNamed ? "same_name" : "directory",
            certainty: "asserted", evidence: isShown || isNamed ? event.uid : "",
            at: isShown ? event.time : isNamed ? event.time + .days(36_500) : .distantFuture)
    }

    private mutating func make(_ key: String, type: String, id: String, _ event: CaseEvent, isOwn: Bool) {
        if nodes[key] == nil {
            guard nodes.count < Self.sessionsMax else {
                leftOut += 1
                return
            }
            nodes[key] = Node(
                session: CaseSession(
                    id: id, type: type, label: "", provider: "", account: "", via: "", certainty: "",
                    evidence: ""))
        }
        guard isOwn, nodes[key]?.session.provider.isEmpty ?? false else { return }
        nodes[key]?.session.provider = event.provider
        nodes[key]?.session.account = event.account
        if type != "identity" {
            nodes[key]?.session.label = event.roleName.isEmpty ? event.principalName : event.roleName
        }
    }

    private mutating func join(
        _ child: String, to parent: String, via: String, certainty: String, evidence: String,
        at time: Timestamp
    ) {
        guard child != parent, var node = nodes[child] else { return }
        // Of several the earliest, the same in whatever order they come.
        let isBetter =
            node.parentKey == nil
            || (time, evidence, parent) < (node.linkTime, node.session.evidence, node.parentKey ?? "")
        guard isBetter else { return }
        node.parentKey = parent
        node.linkTime = time
        node.session.via = via
        node.session.certainty = certainty
        node.session.evidence = evidence
        node.session.issued = evidence.isEmpty || node.session.type == "identity" ? nil : time
        nodes[child] = node
    }

    /// A credential that an act handed out came from the one it was asked for with, whoever knew it then.
    private mutating func addIssued(_ event: CaseEvent) {
        for id in event.issued where event.outcome != .failure {
            let key = Self.key("credential", id)
            guard let node = nodes[key], node.parentKey == nil else { continue }
            let via = event.operation.hasPrefix("AssumeRole") ? "assume_role" : "session_token"
            join(
                key, to: Self.key(of: event), via: via, certainty: "proved", evidence: event.uid,
                at: event.time)
        }
    }

    private mutating func count(_ event: CaseEvent, _ key: String) {
        guard var session = nodes[key]?.session else { return }
        session.events += 1
        session.first = min(session.first ?? event.time, event.time)
        session.last = max(session.last ?? event.time, event.time)
        if !event.address.isEmpty, session.addresses.count < Self.addressesMax,
            !session.addresses.contains(event.address)
        {
            session.addresses.append(event.address)
        }
        nodes[key]?.session = session
    }

    /// Parents before their children, and siblings by when they began; what leads back to itself begins anew.
    private mutating func order() {
        var children: [String: [String]] = [:]
        var tops: [String] = []
        for (key, node) in nodes {
            if let parent = node.parentKey, nodes[parent] != nil {
                children[parent, default: []].append(key)
            } else {
                tops.append(key)
            }
        }
        func moment(_ key: String) -> Timestamp {
            nodes[key]?.session.issued ?? nodes[key]?.session.first ?? .distantFuture
        }
        func sorted(_ keys: [String]) -> [String] { keys.sorted { (moment($0), $0) < (moment($1), $1) } }
        tops.sort { a, b in
            let (isHuman, isOther) = (nodes[a]?.session.type == "human", nodes[b]?.session.type == "human")
            return isHuman != isOther ? isHuman : (moment(a), a) < (moment(b), b)
        }
        var open: [(key: String, parent: Int?, depth: Int)] = []
        func walk() {
            while let (key, parent, depth) = open.popLast() {
                guard placeOf[key] == nil, var session = nodes[key]?.session else { continue }
                session.parent = parent
                session.depth = depth
                placeOf[key] = sessions.count
                sessions.append(session)
                let place = sessions.count - 1
                for child in sorted(children[key] ?? []).reversed() { open.append((child, place, depth + 1)) }
            }
        }
        for top in tops {
            open = [(top, nil, 0)]
            walk()
        }
        for key in sorted(Array(nodes.keys)) where placeOf[key] == nil {
            open = [(key, nil, 0)]
            walk()
        }
    }
}
