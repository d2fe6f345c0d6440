/// What is asked about: whose it is, its own policy and what is granted on it, as far as anybody told.
struct AccessedResource {
    /// `nil` where the name does not say it, and nobody told.
    private(set) var account: String?
    private(set) var policies: [PolicyLayers.Named] = []
    /// What has a say in it and was not told.
    private(set) var unknown: [String] = []
    /// What is public by its policy is not, for its public access block.
    private(set) var isBlocked = false

    /// Whether nothing more could let somebody in.
    var isWhole: Bool { unknown.isEmpty }

    /// - Parameter action: what is asked: a role's trust has a say in who may take it, and in nothing else.
    init(_ resource: String, _ action: String, _ state: AccessState, at time: Timestamp, _ judge: PolicyJudge)
    {
        let parts = resource.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false).map {
            String($0)
        }
        guard parts.count == 6, parts[0] == "arn" else { return }
        let (service, region, rest) = (parts[2], parts[3], parts[5])
        account = parts[4].isEmpty || parts[4] == "aws" ? nil : parts[4]
        let isTrust = action.lowercased().hasPrefix("sts:assumerole")
        if service == "iam", !isTrust { return }
        let names = Self.subjects(service, region, account, rest, resource)
        if account == nil { account = Self.owner(of: names, state) }
        guard let account else {
            if service == "s3", !names.isEmpty { unknown.append("the bucket's policy") }
            return
        }
        for name in names {
            read(name, account, state, at: time, judge)
        }
        // Of a bucket there may be none; a key and a role always have one.
        if policies.isEmpty, unknown.isEmpty, service == "kms" || service == "iam" {
            unknown.append("the policy of \(resource)")
        }
    }

    /// What the state of access may call it.
    private static func subjects(
        _ service: String, _ region: String, _ account: String?, _ rest: String, _ arn: String
    ) -> [String] {
        let last = rest.split(separator: "/").last.map { String($0) } ?? rest
        switch service {
        case "s3": return ["s3/\(rest.prefix { $0 != "/" })"]
        case "kms": return rest.hasPrefix("key/") ? ["kms/\(last)"] : []
        case "iam": return rest.hasPrefix("role/") ? ["role/\(last)"] : []
        case "sqs": return ["sqs/https://sqs.\(region).amazonaws.com/\(account ?? "")/\(rest)"]
        case "ecr": return rest.hasPrefix("repository/") ? ["ecr/\(rest.dropFirst("repository/".count))"] : []
        case "secretsmanager":
            // Calls name a secret by its ARN or by its name; the ARN ends in six letters of chance.
            let name = rest.hasPrefix("secret:") ? String(rest.dropFirst("secret:".count)) : rest
            let plain = name.split(separator: "-").dropLast().joined(separator: "-")
            return ["secretsmanager/\(arn)", "secretsmanager/\(name)", "secretsmanager/\(plain)"]
        default: return ["\(service)/\(arn)"]
        }
    }

    private static func owner(of names: [String], _ state: AccessState) -> String? {
        state.accounts.sorted().first { account in names.contains { state.holding(account, $0) != nil } }
    }

    private mutating func read(
        _ name: String, _ account: String, _ state: AccessState, at time: Timestamp, _ judge: PolicyJudge
    ) {
        let isRole = name.hasPrefix("role/")
        if let text = state.value(AccessState.Key(account, name, isRole ? .trust : .resourcePolicy), at: time)
        {
            if let policy = judge.policy(text, isRole ? .trust : .resource) {
                policies.append(
                    PolicyLayers.Named("the \(isRole ? "trust" : "policy") of \(name)", policy))
            } else {
                unknown.append("the policy of \(name)")
            }
        }
        if name.hasPrefix("kms/") { readGrants(name, account, state, at: time, judge) }
        isBlocked =
            isBlocked
            || [name, "s3/account \(account)"].contains {
                state.value(AccessState.Key(account, $0, .publicAccessBlock), at: time) == "on"
            }
    }

    /// Each grant as a policy of the key's that lets its grantee in.
    private mutating func readGrants(
        _ name: String, _ account: String, _ state: AccessState, at time: Timestamp, _ judge: PolicyJudge
    ) {
        for part in state.parts(account, name, .sharing, at: time) {
            let grant = KeyGrant(text: part.value)
            guard !grant.operations.isEmpty else {
                unknown.append("the operations of grant \(part.name)")
                continue
            }
            let isService = grant.grantee.hasSuffix(".amazonaws.com")
            func quoted(_ text: String) -> String { String(decoding: JSONText.quoted(text), as: UTF8.self) }
            let actions = grant.operations.map { quoted("kms:\($0)") }.joined(separator: ",")
            let text =
                "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"\(isService ? "Service" : "AWS")\":"
                + "\(quoted(grant.grantee))},\"Action\":[\(actions)],\"Resource\":\"*\"}]}"
            guard let policy = judge.policy(text, .resource) else {
                unknown.append("grant \(part.name)")
                continue
            }
            let limit = grant.constraints.isEmpty ? "" : ", where \(grant.constraints) holds"
            policies.append(PolicyLayers.Named("grant \(part.name) of \(name)\(limit)", policy))
        }
    }
}
