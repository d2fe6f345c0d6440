/// Those from outside whom a document with principals lets in.
struct DriftOutsiders {
    struct Outsider: Hashable, Comparable {
        /// `everybody`, `account 999988887777`, `token.example.com`.
        var name: String
        /// What is missing that would limit it; empty where nothing is.
        var lack = ""
        var isEverybody = false

        static func < (a: Outsider, b: Outsider) -> Bool { (a.name, a.lack) < (b.name, b.lack) }
    }

    /// Keys of conditions that say from where somebody must come: whoever passes is no stranger.
    private static let limiting: Set<String> = [
        "aws:principalorgid", "aws:principalorgpaths", "aws:principalarn", "aws:principalaccount",
        "aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:sourcevpce", "aws:sourcevpc",
        "aws:sourceip", "aws:userid", "aws:resourceorgid", "kms:calleraccount", "kms:viaservice",
        "s3:dataaccesspointaccount", "s3:dataaccesspointarn",
    ]

    private let own: Set<String>
    private let isTrust: Bool

    init(own: Set<String>, isTrust: Bool) {
        self.own = own
        self.isTrust = isTrust
    }

    /// In order.
    func all(of policy: AccessPolicy) -> [Outsider] {
        var found: Set<Outsider> = []
        for statement in policy.statements where statement.isAllow {
            let limits = Set(statement.conditions.map(\.key))
            if statement.principals.isComplement {
                if limits.isDisjoint(with: Self.limiting) {
                    found.insert(Outsider(name: "everybody", isEverybody: true))
                }
                continue
            }
            for principal in statement.principals.elements {
                if let outsider = outsider(principal, statement.conditions, limits) { found.insert(outsider) }
            }
        }
        return found.sorted()
    }

    private func outsider(
        _ principal: PrincipalPattern, _ conditions: [PolicyCondition], _ limits: Set<String>
    ) -> Outsider? {
        switch principal {
        case .everyone:
            guard limits.isDisjoint(with: Self.limiting) else { return nil }
            return Outsider(name: "everybody", isEverybody: true)
        case .account(let account): return stranger(account, limits)
        case .arn(let arn):
            guard let account = RequestPrincipal(arn).account else { return nil }
            return stranger(account, limits)
        case .federated(let name) where isTrust: return voucher(name, conditions, limits)
        case .canonical(let id):
            return isTrust ? nil : Outsider(name: "canonical user \(id)")
        case .service, .federated: return nil
        }
    }

    private func stranger(_ account: String, _ limits: Set<String>) -> Outsider? {
        guard !own.contains(account) else { return nil }
        let hasID = limits.contains("sts:externalid")
        return Outsider(
            name: "account \(account)", lack: isTrust && !hasID ? "no external id is asked" : "")
    }

    /// An OIDC provider vouches for everybody it knows: the subject says for whom.
    private func voucher(
        _ name: String, _ conditions: [PolicyCondition], _ limits: Set<String>
    ) -> Outsider? {
        if name.contains(":saml-provider/") { return nil }
        let host = name.split(separator: "/").last.map { String($0) } ?? name
        let shown =
            name.contains("oidc-provider/")
            ? name.split(separator: "/").dropFirst().joined(separator: "/") : host
        let subjects = conditions.filter { $0.key.hasSuffix(":sub") || $0.key.hasSuffix(":amr") }
        if subjects.isEmpty { return Outsider(name: shown, lack: "no subject is asked") }
        let isOpen = subjects.contains { condition in
            condition.values.contains { Self.isOpen($0.text) }
        }
        if isOpen { return Outsider(name: shown, lack: "its subject is open to many") }
        let hasAudience = limits.contains { $0.hasSuffix(":aud") || $0.hasSuffix(":azp") }
        return hasAudience ? nil : Outsider(name: shown, lack: "no audience is asked")
    }

    /// `*`, `repo:*`, `repo:someone/*`: more than one repository or account meets it.
    private static func isOpen(_ subject: String) -> Bool {
        guard let star = subject.firstIndex(of: "*") else { return false }
        let before = subject[..<star]
        // `repo:owner/name:*` is one repository, whatever its branches.
        return before.split(separator: ":").count < 2 || before.split(separator: "/").count < 2
            || before.hasSuffix("/")
    }
}
