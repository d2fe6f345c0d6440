/// Who is who: the keys under which a grant's beneficiary and an act's doer are the same.
///
/// What attribution knows joins accounts of different systems; without it addresses and full ids do. A bare name counts
/// within its own system only.
struct GrantPeople {
    private let attributor: Attributor?
    private let directory: IdentityDirectory?
    private var known: [CredentialKey: Doer] = [:]

    /// Whoever acted with a credential, by attribution.
    struct Doer {
        var name: String?
        var key: String?
        var nature: Nature
    }

    init(_ attributor: Attributor?) {
        self.attributor = attributor
        directory = attributor?.tree.directory
    }

    /// By what each event says of itself, and a directory of accounts.
    init(directory: IdentityDirectory?) {
        attributor = nil
        self.directory = directory
    }

    /// `nil` where attribution knows nothing of the credential.
    mutating func doer(_ act: GrantReview.Act) -> Doer? {
        guard let attributor else {
            guard act.nature != nil || !act.human.isEmpty else { return nil }
            let key = act.human.isEmpty ? nil : person(act.human, act.system)
            return Doer(name: act.human.isEmpty ? nil : act.human, key: key, nature: act.nature ?? .user)
        }
        let acting = act.acting
        if acting == .none { return nil }
        if let known = known[acting] { return known }
        guard let node = attributor.tree.find(acting) else { return nil }
        let subject = attributor.subject(of: node)
        let doer = Doer(
            name: subject.isKnown ? attributor.name(of: subject) : nil,
            key: subject.isKnown ? Self.text(subject.key) : nil, nature: subject.nature)
        known[acting] = doer
        return doer
    }

    private static func text(_ key: CredentialKey) -> String {
        "key:" + String(key.high, radix: 36) + "-" + String(key.low, radix: 36)
    }

    /// One name in one form: addresses and ids without case, a bare name with its system.
    private static func word(_ text: String, _ system: String) -> String {
        let text = text.lowercased()
        let isFull = text.contains("@") || text.contains(":") || text.contains("/") || text.utf8.count >= 20
        return isFull ? text : "\(system) \(text)"
    }

    func keys(of name: Grant.Name?, in system: String) -> [String] {
        guard let name else { return [] }
        var keys: [String] = []
        for text in [name.email, name.uid, name.name].compactMap({ $0 }) {
            keys.append(Self.word(text, system))
            if let key = person(text, system) { keys.append(key) }
        }
        return Array(Set(keys)).sorted()
    }

    mutating func keys(of act: GrantReview.Act) -> [String] {
        var keys: [String] = []
        for text in [act.userEmail, act.userUID, act.userName] where !text.isEmpty {
            keys.append(Self.word(text, act.system))
            if let key = person(text, act.system) { keys.append(key) }
        }
        if let doer = doer(act) {
            if let key = doer.key { keys.append(key) }
            if let name = doer.name { keys.append(Self.word(name, act.system)) }
        }
        return Array(Set(keys)).sorted()
    }

    /// The human that an account is one of, where the directory has it.
    private func person(_ text: String, _ system: String) -> String? {
        guard let directory else { return nil }
        let bytes = Array(text.utf8)
        if bytes.span.isAddress(0..<bytes.count) {
            let key = CredentialKey(
                .identity, ActTaking.addressSeed, IdentityDirectory.lowered(bytes).span)
            return directory.person(key).map { Self.text($0.key) }
        }
        let key = CredentialKey(.identity, WyHash.hash(Array(system.utf8).span), bytes.span)
        return directory.person(key).map { Self.text($0.key) }
    }
}
