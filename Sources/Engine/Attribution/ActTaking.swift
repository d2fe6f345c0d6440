/// Turns one act into nodes and links of the tree, and into accounts of the directory.
struct ActTaking {
    let act: Act
    private let bytes: [UInt8]
    private let time: Int64
    private let uid: [UInt8]
    private let seed: UInt64

    /// - Parameter bytes: an act's text, and nothing else.
    init(_ bytes: [UInt8], at time: Int64, uid: [UInt8]) {
        self.bytes = bytes
        self.time = time
        self.uid = uid
        act = Act(bytes.span, 0..<bytes.count)
        seed = act.text(.system, bytes.span).map { WyHash.hash(bytes.span.extracting($0)) } ?? 0
    }

    private static let address = Array("email".utf8)
    static let addressSeed = WyHash.hash(address.span)

    /// The node that acted.
    func take(into tree: inout CredentialTree) -> Int? {
        let name = text(.system) ?? []
        let system = tree.system(name.span)
        let nature = self.nature
        let key = node(.credential, .key, system, in: &tree)
        let session = self.session(system, in: &tree)
        if let key, let session { link(key, to: session, .ofSession, in: &tree) }
        var acting = key ?? session
        if let session { claims(of: session, system, in: &tree) }
        if let holder = session ?? key, let id = text(.parentKey) {
            // A credential of another system that this one was got with.
            let name = text(.parentSystem) ?? text(.system) ?? []
            let key = CredentialKey(.credential, WyHash.hash(name.span), id.span)
            let parent = tree.node(
                key, .credential, .session, system: tree.system(name.span), id: id.span)
            link(holder, to: parent, .inSession, in: &tree)
        }
        if nature == .external {
            acting = visitor(acting, system, in: &tree)
        } else if !act.delegates.isEmpty {
            acting = delegation(system, in: &tree) ?? acting
        } else if let subject = self.subject(nature, system, in: &tree) {
            // Whoever came with another system's credential is known there by more than the name given here.
            let kind = act.text(.parentKey, bytes.span) == nil ? LinkKind.stated : .onBehalfOf
            if let key { link(key, to: subject, kind, in: &tree) }
            if let session { link(session, to: subject, kind, in: &tree) }
            acting = acting ?? subject
        }
        for holder in [session, session == nil ? key : nil] {
            if let holder { names(of: holder, system, in: &tree) }
        }
        if nature != .external, let acting, let shared = node(.act, .shared, system, in: &tree) {
            link(shared, to: acting, .sharedEvent, in: &tree)
        }
        accounts(system, in: &tree)
        if let acting { issue(by: acting, nature, system, in: &tree) }
        return acting
    }

    /// What `take` says acted, from the record alone: it is the same whatever else is known.
    var acting: CredentialKey? {
        let nature = self.nature
        func key(_ kind: CredentialKey.Kind, _ field: Act.Field, moment: Int64 = 0) -> CredentialKey? {
            act.text(field, bytes.span).map {
                CredentialKey(kind, seed, bytes.span.extracting($0), moment: moment)
            }
        }
        let moment = act.number(.sessionTime, bytes.span).map { $0 / 1_000 } ?? 0
        let held = key(.credential, .key) ?? key(.session, .session, moment: moment)
        if nature == .external {
            guard let external = key(.identity, .subject) ?? key(.identity, .account) else { return held }
            return held ?? key(.act, .shared) ?? external
        }
        if !act.delegates.isEmpty {
            let chain = chain(from: 0)
            return CredentialKey(.delegation, seed, chain.span)
        }
        return held ?? (nature == .session ? nil : key(.identity, .subject) ?? key(.identity, .name))
    }

    /// A service account and those in whose name it acts, from a place on, as one id.
    private func chain(from place: Int) -> [UInt8] {
        var ids = [text(.subject) ?? []]
        for extent in act.delegates { ids.append(Array(bytes[extent.range])) }
        return Array(ids[place...].joined(separator: [0x0A]))
    }

    // MARK: Values

    private func text(_ field: Act.Field) -> [UInt8]? {
        act.text(field, bytes.span).map { Array(bytes[$0]) }
    }

    private var nature: Nature {
        if let kind = act.text(.kind, bytes.span) {
            for nature in Nature.allCases where bytes[kind].elementsEqual(nature.name.utf8) { return nature }
        }
        return switch act.number(.typeID, bytes.span) {
        case 1, 2: .human
        case 3: .service
        case 4: .workload
        default: .user
        }
    }

    private func node(
        _ kind: CredentialKey.Kind, _ field: Act.Field, _ system: UInt16, in tree: inout CredentialTree
    ) -> Int? {
        guard let range = act.text(field, bytes.span) else { return nil }
        let id = bytes.span.extracting(range)
        return tree.node(CredentialKey(kind, seed, id), kind, .session, system: system, id: id)
    }

    private func session(_ system: UInt16, in tree: inout CredentialTree) -> Int? {
        guard let range = act.text(.session, bytes.span) else { return nil }
        let began = act.number(.sessionTime, bytes.span)
        let session = self.session(bytes.span.extracting(range), began, system, in: &tree)
        return session
    }

    private func session(
        _ id: Span<UInt8>, _ began: Int64?, _ system: UInt16, in tree: inout CredentialTree
    ) -> Int {
        let moment = began.map { $0 / 1_000 } ?? 0
        let node = tree.node(
            CredentialKey(.session, seed, id, moment: moment), .session, .session, system: system, id: id)
        if let began { tree.began(node, began) }
        return node
    }

    private func identity(
        _ id: [UInt8], _ nature: Nature, _ system: UInt16, in tree: inout CredentialTree
    ) -> Int {
        tree.node(
            CredentialKey(.identity, seed, id.span), .identity, nature, system: system, id: id.span)
    }

    /// A person by what they are called: an address is one person's wherever it stands.
    private func person(_ name: [UInt8], _ system: UInt16, in tree: inout CredentialTree) -> Int {
        guard name.span.isAddress(0..<name.count) else {
            return identity(name, .user, system, in: &tree)
        }
        let address = IdentityDirectory.lowered(name)
        let email = tree.system(Self.address.span)
        let key = CredentialKey(.identity, Self.addressSeed, address.span)
        let node = tree.node(key, .identity, .human, system: email, id: address.span)
        know(key, "email", address, .human, in: &tree)
        return node
    }

    private func link(
        _ child: Int, to parent: Int, _ kind: LinkKind, _ basis: LinkBasis = .id,
        in tree: inout CredentialTree
    ) {
        tree.link(child, to: parent, kind, basis, at: time, uid.span)
    }

    // MARK: Who acts

    private func subject(_ nature: Nature, _ system: UInt16, in tree: inout CredentialTree) -> Int? {
        guard nature != .session, let id = text(.subject) ?? text(.name) else { return nil }
        let node = identity(id, nature, system, in: &tree)
        if let name = text(.email) ?? text(.name) { tree.name(node, name.span) }
        if nature != .service { account(id, .subjectAlt, .name, .email, nature, in: &tree) }
        return node
    }

    /// A principal of another account: the act as that account has recorded it, if it has, tells more.
    private func visitor(_ acting: Int?, _ system: UInt16, in tree: inout CredentialTree) -> Int? {
        guard let id = text(.subject) ?? text(.account) else { return acting }
        let external = identity(id, .external, system, in: &tree)
        let node = acting ?? self.node(.act, .shared, system, in: &tree)
        guard let node else { return external }
        link(node, to: external, .externalAccount, in: &tree)
        return node
    }

    /// A service account and those in whose name it acts, nearest first, as nodes of their own: it acts for others, too.
    private func delegation(_ system: UInt16, in tree: inout CredentialTree) -> Int? {
        var ids = [text(.subject) ?? []]
        for extent in act.delegates { ids.append(Array(bytes[extent.range])) }
        var first: Int?
        var last: Int?
        for place in ids.indices.dropLast() {
            let (id, chain) = (ids[place], chain(from: place))
            let node = tree.node(
                CredentialKey(.delegation, seed, chain.span), .delegation, .session, system: system,
                id: id.span)
            if let last { link(last, to: node, .delegation, in: &tree) }
            first = first ?? node
            last = node
        }
        guard let root = ids.last, let last else { return nil }
        let isService = root.reversed().starts(with: "gserviceaccount.com".utf8.reversed())
        let caller =
            isService
            ? identity(root, .workload, system, in: &tree) : person(root, system, in: &tree)
        link(last, to: caller, .delegation, in: &tree)
        return first
    }

    /// What the provider says of a session beside its name.
    private func claims(of session: Int, _ system: UInt16, in tree: inout CredentialTree) {
        if let id = text(.parentSession), id != text(.session) {
            link(session, to: self.session(id.span, nil, system, in: &tree), .inSession, in: &tree)
        }
        if let id = text(.issuer) {
            link(session, to: identity(id, .user, system, in: &tree), .stated, in: &tree)
        }
        if let id = text(.onBehalfOf) {
            link(session, to: identity(id, .human, system, in: &tree), .onBehalfOf, in: &tree)
        }
        if act.text(.instance, bytes.span) != nil, let id = text(.session) {
            link(session, to: identity(id, .workload, system, in: &tree), .instanceRole, in: &tree)
        }
        // A session's name without the second in which it began is nobody's alone.
        if let id = text(.switchedFrom), id != text(.session),
            !id.span.starts(with: "arn:aws:sts:", 0..<id.count)
        {
            link(session, to: identity(id, .user, system, in: &tree), .consoleSwitch, in: &tree)
        }
    }

    /// What those say who asked for the session.
    private func names(of holder: Int, _ system: UInt16, in tree: inout CredentialTree) {
        if let name = text(.permissionSetUser) {
            link(holder, to: person(name, system, in: &tree), .permissionSet, in: &tree)
        }
        if let name = text(.sourceIdentity) {
            link(holder, to: person(name, system, in: &tree), .sourceIdentity, in: &tree)
        }
        guard let name = text(.sessionName) else { return }
        if name.span.isAddress(0..<name.count) {
            link(holder, to: person(name, system, in: &tree), .sessionName, in: &tree)
        } else if Self.isInstance(name), let id = text(.session) {
            link(holder, to: identity(id, .workload, system, in: &tree), .sessionName, in: &tree)
        }
    }

    /// `i-` and 8 or 17 hexadecimal digits.
    private static func isInstance(_ name: [UInt8]) -> Bool {
        (name.count == 19 || name.count == 10) && name.starts(with: "i-".utf8)
            && name.dropFirst(2).allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }

    // MARK: Accounts

    /// An account that was not known before changes what is said of its node.
    private func know(
        _ key: CredentialKey, _ system: String, _ id: [UInt8], _ nature: Nature, name: [UInt8]? = nil,
        isOther: Bool = false, in tree: inout CredentialTree
    ) {
        let isNew = tree.directory.add(
            key, system: system, id: id, name: name, nature: nature, isOther: isOther)
        if isNew { tree.touch(key) }
    }

    private func accounts(_ system: UInt16, in tree: inout CredentialTree) {
        guard let id = text(.account) else { return }
        account(id, .accountAlt, .accountName, .accountEmail, .user, in: &tree)
    }

    /// Tells the directory of an account, and of the address and the other id that are the same person's.
    private func account(
        _ id: [UInt8], _ other: Act.Field, _ name: Act.Field, _ email: Act.Field, _ nature: Nature,
        in tree: inout CredentialTree
    ) {
        let system = String(decoding: text(.system) ?? [], as: UTF8.self)
        let key = CredentialKey(.identity, seed, id.span)
        know(key, system, id, nature, name: text(name), in: &tree)
        let evidence = IdentityDirectory.Evidence(time: time, uid: uid)
        // A program's address is its own name, not that of a person.
        if nature == .workload || nature == .service { return }
        for field in [nil, other, name, email] {
            guard let value = field.map({ text($0) }) ?? id else { continue }
            if value.span.isAddress(0..<value.count) {
                let address = IdentityDirectory.lowered(value)
                let joined = CredentialKey(.identity, Self.addressSeed, address.span)
                know(joined, "email", address, .human, in: &tree)
                tree.directory.join(key, joined, .sameAddress, evidence)
            } else if field == other, value != id {
                let joined = CredentialKey(.identity, seed, value.span)
                know(joined, system, value, nature, isOther: true, in: &tree)
                tree.directory.join(key, joined, .sameRecord, evidence)
            }
        }
    }

    // MARK: What is handed out

    private func issue(by acting: Int, _ nature: Nature, _ system: UInt16, in tree: inout CredentialTree) {
        guard let name = act.text(.issuedBy, bytes.span),
            let kind = LinkKind.issuing.first(where: { bytes[name].elementsEqual($0.name.utf8) })
        else { return }
        let key = node(.credential, .issuedKey, system, in: &tree)
        if kind == .created {
            if let key { link(key, to: acting, .created, in: &tree) }
            if let id = text(.issuedSubject) {
                link(identity(id, .user, system, in: &tree), to: acting, .created, in: &tree)
            }
            return
        }
        let id = issuedSession
        // A token has an id of its own; a role's session only its name and the second.
        let isToken = kind == .token || kind == .signIn
        let session = id.map { self.session($0.span, isToken ? nil : time, system, in: &tree) }
        var parent = acting
        var via = kind
        if nature == .service, let id {
            // The service does it for a workload, which is known by the session it gets.
            parent = identity(id, .workload, system, in: &tree)
            if let service = text(.subject) { tree.name(parent, service.span) }
            via = .serviceRole
        }
        if let key {
            link(key, to: parent, via, in: &tree)
            tree.began(key, time)
        }
        if let session { link(session, to: parent, via, isToken ? .id : .moment, in: &tree) }
        if let key, let session { link(key, to: session, .ofSession, in: &tree) }
    }

    /// The session that is begun: by its name, or put together where the answer was left out of the record.
    private var issuedSession: [UInt8]? {
        if let id = text(.issuedSession) { return id }
        guard let role = text(.issuedRole), let name = text(.issuedName) else { return nil }
        let parts = role.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        guard parts.count == 6, let last = parts[5].split(separator: UInt8(ascii: "/")).last else {
            return nil
        }
        var id = Array("arn:".utf8)
        id += parts[1]
        id += Array(":sts::".utf8)
        id += parts[4]
        id += Array(":assumed-role/".utf8)
        id += last
        id.append(UInt8(ascii: "/"))
        id += name
        return id
    }
}
