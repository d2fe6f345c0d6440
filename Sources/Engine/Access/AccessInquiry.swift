/// Who may do something as of a time, by all that the state of access tells: policies of their own, of their groups and
/// of their permission sets, boundaries, the organization's limits, the resource's policy and the grants on it.
///
/// What is not known is said beside every answer that it could change.
package final class AccessInquiry {
    /// One who may, or of whom it is not known.
    package struct Answer: Hashable, Sendable {
        /// An ARN, a person of a directory, `account 999988887777`, `everybody`, a member of Google's, an id
        /// of Entra's.
        package var principal: String
        /// The account in which it may be done.
        package var account: String
        /// Through what: a group, a permission set; empty where it is the principal's own.
        package var via: [String] = []
        package var isAllowed: Bool
        package var reason: String
        /// What nobody told, and could make it otherwise.
        package var unknown: [String] = []

        package init(principal: String, account: String, isAllowed: Bool, reason: String) {
            self.principal = principal
            self.account = account
            self.isAllowed = isAllowed
            self.reason = reason
        }

        static func precedes(_ a: Answer, _ b: Answer) -> Bool {
            if a.principal != b.principal { return a.principal < b.principal }
            return (a.account, a.via.joined(separator: "\n"), a.reason)
                < (b.account, b.via.joined(separator: "\n"), b.reason)
        }
    }

    /// What may be done, and to what.
    package struct Question: Hashable, Sendable {
        package var action: String
        package var resource: String
        package var context: PolicyContext

        package init(action: String, resource: String, context: PolicyContext = PolicyContext()) {
            self.action = action
            self.resource = resource
            self.context = context
        }

        /// `storage.objects.get`: Google's have neither a colon nor a slash.
        var isGoogles: Bool { !action.contains(":") && !action.contains("/") && action.contains(".") }

        /// `Microsoft.Storage/storageAccounts/delete`: others' have no slash.
        var isAzures: Bool { action.contains("/") }

        /// `SELECT`, `MANAGE GRANTS`: Snowflake's privileges are words.
        var isSnowflakes: Bool { !action.contains { ":/.".contains($0) } }
    }

    let state: AccessState
    let time: Timestamp
    let judge: PolicyJudge
    /// What the last snapshots do not tell.
    let shortfalls: [SnapshotShortfall]
    private(set) lazy var names = DirectoryNames(state, at: time)
    private var limits: [String: Limits] = [:]
    private var provided: [String: String?] = [:]
    /// Accounts of which users or roles are known.
    private lazy var listed = Set(state.identities(at: time).map(\.account))

    package init(
        _ state: AccessState, at time: Timestamp, catalogue: ActionCatalogue? = nil,
        shortfalls: [SnapshotShortfall] = []
    ) {
        self.state = state
        self.shortfalls = shortfalls
        self.time = time
        judge = PolicyJudge(catalogue)
    }

    /// Everybody who may, and everybody of whom it is not known, in order; and what the last snapshots do not tell of it.
    package func answers(to question: Question) -> [Answer] {
        found(question).sorted(by: Answer.precedes)
    }

    private func found(_ question: Question) -> [Answer] {
        func rest(of prefix: String) -> String { String(question.action.dropFirst(prefix.utf8.count)) }
        let directories: [AccessSnapshot.Service] = [
            .entraRoles, .entraEligibilities, .entraGroups, .oktaGroups,
        ]
        if question.action.hasPrefix(Self.rolePrefix) {
            return holders(ofRole: rest(of: Self.rolePrefix), at: question.resource)
                + shortfalls(for: directories + [.azureRoles, .googleBindings])
        }
        if question.action.hasPrefix(Self.groupPrefix) {
            return members(ofGroup: rest(of: Self.groupPrefix))
                + shortfalls(for: [.oktaGroups, .entraGroups, .identityCenter, .iam])
        }
        if question.isGoogles {
            return google(question) + shortfalls(for: [.googleRoles, .googleBindings])
        }
        if question.isAzures {
            let isEntras = question.action.lowercased().hasPrefix(Self.directoryPrefix)
            return azure(question) + entra(question)
                + shortfalls(
                    for: isEntras
                        ? [.entraRoles, .entraEligibilities, .entraGroups] : [.azureRoles, .entraGroups])
        }
        if question.isSnowflakes { return snowflake(question) }
        let isKeys = question.action.lowercased().hasPrefix("kms:")
        return amazon(question)
            + shortfalls(for: [.iam, .identityCenter, .organizations] + (isKeys ? [.kms] : []))
    }

    private func amazon(_ question: Question) -> [Answer] {
        let resource = AccessedResource(question.resource, question.action, state, at: time, judge)
        var answers: [Answer] = []
        for (account, subject) in state.identities(at: time) where !subject.hasPrefix("group/") {
            guard let arn = state.value(AccessState.Key(account, subject, .identity), at: time),
                arn.hasPrefix("arn:")
            else { continue }
            let holdings = holdings(account, subject)
            if let answer = answer(question, resource, RequestPrincipal(arn), account, holdings) {
                answers.append(answer)
            }
        }
        answers += directory(question, resource)
        return answers + strangers(question, resource, known: Set(answers.map(\.principal)))
    }

    // MARK: AWS

    /// A user's or a role's own policies, AWS's among them as far as anybody knows them.
    private func holdings(_ account: String, _ subject: String) -> AccessState.Holdings {
        state.holdings(account, subject, at: time, known: { self.provided($0) }) { self.judge.policy($0) }
    }

    /// A policy of AWS's own: by whichever account's snapshot has it, else what is known of the few that matter.
    func provided(_ arn: String) -> String? {
        if let known = provided[arn] { return known }
        var text: String?
        if judge.known(arn).isProviders {
            text =
                state.accounts.sorted().lazy.compactMap { self.state.document(of: arn, $0, at: self.time) }
                .first
                ?? judge.known(arn).document
        }
        provided[arn] = .some(text)
        return text
    }

    /// `nil` where it is denied for certain, or nothing allows it and nothing that is unknown could.
    func answer(
        _ question: Question, _ resource: AccessedResource, _ principal: RequestPrincipal, _ account: String,
        _ holdings: AccessState.Holdings
    ) -> Answer? {
        var layers = holdings.layers
        var unknown = holdings.unknown + holdings.unreadable
        let limits = limits(over: account)
        layers.scp = limits.layers
        layers.rcp = self.limits(over: resource.account ?? account).resource
        if !principal.isServiceLinked { unknown += limits.doubts }
        layers.resource = resource.policies
        unknown += resource.unknown
        let request = PolicyRequest(
            action: question.action, resource: question.resource,
            resourceAccount: resource.account ?? account,
            principal: principal, context: question.context)
        let verdict = PolicyEvaluator.verdict(request, under: layers)
        var answer = Answer(
            principal: principal.text, account: account, isAllowed: verdict.decision == .allow,
            reason: verdict.reason)
        answer.unknown = unknown
        switch verdict.decision {
        case .allow: return answer
        case .deny: return nil
        case .implicitDeny:
            if holdings.isWhole, resource.isWhole { return nil }
            // Whether it would be allowed if what nobody told allowed everything.
            let anything = PolicyLayers.Named("what nobody told", .everything)
            if !holdings.isWhole { layers.identity.append(anything) }
            if !resource.isWhole { layers.resource.append(anything) }
            return PolicyEvaluator.verdict(request, under: layers).decision == .allow ? answer : nil
        }
    }

    /// The service and the resource control policies over an account, from the root down.
    private struct Limits {
        var layers: [[PolicyLayers.Named]] = []
        var resource: [[PolicyLayers.Named]] = []
        var doubts: [String] = []
    }

    private func limits(over account: String) -> Limits {
        if let known = limits[account] { return known }
        let found = state.guardrails(over: account, at: time)
        var all = Limits()
        all.doubts = found.doubts
        for level in found.levels.reversed() {
            var named: [PolicyLayers.Named] = []
            var isOpen = level.isOpen || !level.unknown.isEmpty
            for document in level.documents {
                guard let policy = judge.policy(document.text) else {
                    all.doubts.append("the service control policy \(document.name)")
                    isOpen = true
                    continue
                }
                named.append(PolicyLayers.Named("\(document.name) on \(level.name)", policy))
            }
            // What nobody told the words of may allow, and then it is said that it is not known.
            if isOpen {
                named.append(PolicyLayers.Named("\(AccessState.openPolicy) on \(level.name)", .everything))
            } else if named.isEmpty {
                named.append(
                    PolicyLayers.Named("nothing is attached to \(level.name)", AccessPolicy(statements: [])))
            }
            all.layers.append(named)
            let denials = level.resourceDocuments.compactMap { document in
                judge.policy(document.text, .resource).map {
                    PolicyLayers.Named("\(document.name) on \(level.name)", $0)
                }
            }
            if !denials.isEmpty { all.resource.append(denials) }
        }
        if found.isManagement || found.isOff { all.layers = [] }
        if found.isManagement { all.resource = [] }
        limits[account] = all
        return all
    }

    // MARK: Those whom nobody listed

    /// Whom the resource's policy and grants let in beside those that are known.
    private func strangers(
        _ question: Question, _ resource: AccessedResource, known: Set<String>
    ) -> [Answer] {
        var found: [String: Answer] = [:]
        for document in resource.policies {
            for statement in document.policy.statements where statement.isAllow {
                for pattern in statement.principals.elements {
                    guard let stranger = stranger(pattern, resource.account), !known.contains(stranger.text)
                    else { continue }
                    if let answer = answer(question, resource, stranger, pattern, document.name) {
                        found[answer.principal] = answer
                    }
                }
            }
        }
        return Array(found.values)
    }

    /// Who is in no list of ours: what is known of others was asked already.
    private func stranger(_ pattern: PrincipalPattern, _ own: String?) -> RequestPrincipal? {
        switch pattern {
        case .everyone: return RequestPrincipal("*")
        case .service(let name), .federated(let name), .canonical(let name): return RequestPrincipal(name)
        case .account(let account):
            // An account's name stands for its users and roles, which are asked where they are known.
            return account == own || listed.contains(account)
                ? nil : RequestPrincipal("arn:aws:iam::\(account):root")
        case .arn(let arn):
            let principal = RequestPrincipal(arn)
            guard let account = principal.account, let name = principal.subjectName else { return principal }
            let entry = state.entry(AccessState.Key(account, name, .identity), at: time)
            return entry == nil ? principal : nil
        }
    }

    private func answer(
        _ question: Question, _ resource: AccessedResource, _ stranger: RequestPrincipal,
        _ pattern: PrincipalPattern, _ document: String
    ) -> Answer? {
        var layers = PolicyLayers()
        layers.resource = resource.policies
        layers.rcp = resource.account.map { limits(over: $0).resource } ?? []
        // What its own account says nobody here knows.
        layers.identity = [PolicyLayers.Named("its own policies", .everything)]
        let request = PolicyRequest(
            action: question.action, resource: question.resource, resourceAccount: resource.account,
            principal: stranger, context: question.context)
        let verdict = PolicyEvaluator.verdict(request, under: layers)
        // Not what the account's own policies would have to give as well: of those nothing is known.
        guard verdict.decision == .allow, verdict.layer == .resource else { return nil }
        var name = stranger.text
        if stranger.kind == .anonymous {
            guard !resource.isBlocked else { return nil }
            name = "everybody"
        } else if stranger.kind == .root, let account = stranger.account {
            name = "account \(account)"
        }
        var answer = Answer(
            principal: name, account: resource.account ?? "", isAllowed: true, reason: verdict.reason)
        if let account = stranger.account {
            answer.unknown = ["the policies in account \(account)"]
        }
        answer.reason = verdict.reason.split(separator: ",").first.map { String($0) } ?? verdict.reason
        return answer
    }
}

extension AccessState.Holdings {
    /// Whether all that could give something is known.
    var isWhole: Bool { unknown.isEmpty && unreadable.isEmpty }
}
