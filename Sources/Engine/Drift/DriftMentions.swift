/// Whose documents name whom: who is looked at anew when somebody comes or goes, or an account turns out to be one of ours.
struct DriftMentions {
    /// Principals looked up of one document; those that name more are looked at whoever it is about.
    static let namesMax = 1_000

    private var principals: [AccessState.Subject: Set<AccessState.Subject>] = [:]
    private var accounts: [String: Set<AccessState.Subject>] = [:]
    private var crowded: Set<AccessState.Subject> = []

    /// Takes note of whom a change's document or share names.
    mutating func note(_ change: AccessState.Change, _ judge: PolicyJudge) {
        guard let text = change.entry.value else { return }
        let key = change.key
        let subject = AccessState.Subject(account: key.account, name: key.subject)
        switch key.kind {
        case .trust: note(judge.policy(text, .trust), of: subject)
        case .resourcePolicy: note(judge.policy(text, .resource), of: subject)
        case .sharing:
            if let account = RequestPrincipal(KeyGrant(text: text).grantee).account {
                accounts[account, default: []].insert(subject)
            }
        default: break
        }
    }

    private mutating func note(_ policy: AccessPolicy?, of subject: AccessState.Subject) {
        guard let policy else { return }
        var names = 0
        for statement in policy.statements where statement.isAllow {
            for principal in statement.principals.elements {
                names += 1
                guard names <= Self.namesMax else {
                    crowded.insert(subject)
                    return
                }
                note(principal, of: subject)
            }
        }
    }

    private mutating func note(_ principal: PrincipalPattern, of subject: AccessState.Subject) {
        switch principal {
        case .account(let account): accounts[account, default: []].insert(subject)
        case .arn(let arn):
            let named = RequestPrincipal(arn)
            guard let account = named.account else { return }
            accounts[account, default: []].insert(subject)
            guard account == subject.account, let name = named.subjectName else { return }
            principals[AccessState.Subject(account: account, name: name), default: []].insert(subject)
        default: break
        }
    }

    /// Who trusts a principal of its own account, as far as documents ever named it.
    func naming(_ principal: AccessState.Subject) -> Set<AccessState.Subject> {
        (principals[principal] ?? []).union(crowded)
    }

    /// Who ever let in somebody of an account.
    func naming(account: String) -> Set<AccessState.Subject> { (accounts[account] ?? []).union(crowded) }
}

extension RequestPrincipal {
    /// A user or a role as the state of access calls it: `role/deploy`; of a session, its role.
    var subjectName: String? { roleName.map { "role/\($0)" } ?? userName.map { "user/\($0)" } }
}
