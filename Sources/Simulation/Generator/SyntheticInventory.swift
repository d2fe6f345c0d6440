package import Engine

/// What IAM of Example Corp's accounts holds as the log begins, as the collector of access snapshots has it: the
/// names that the trail uses, with the documents behind them.
///
/// A function of the seed alone: it draws nothing, so the trail of a seed is the same with it and without.
package struct SyntheticInventory: Sendable {
    /// Where it stands among the feeds' folders.
    package static let folder = "aws/access"
    /// What tells a snapshot's items and its marks apart: their shape.
    package static let feed = "auto"
    /// How long the snapshot of an account takes.
    private static let lasting = Duration.seconds(70)

    private let organization: Organization
    private let begun: Timestamp

    /// - Parameter start: when the log begins, and the snapshot with it: a day before would be one on which nobody did
    ///   anything.
    package init(seed: UInt64, identities: Int, at start: Timestamp) {
        organization = Organization(seed: seed, identities: identities)
        begun = start
    }

    /// A snapshot of each account, one after another.
    package var file: SyntheticFeeds.File {
        var lines: [String] = []
        for account in organization.accounts.indices { lines += snapshot(of: account) }
        return SyntheticFeeds.File(
            feed: Self.feed, path: "\(Self.folder)/\(begun.iso8601.prefix(10)).ndjson", records: lines.count,
            bytes: Array(lines.map { $0 + "\n" }.joined().utf8))
    }

    /// The mark where it begins, an item for each thing, and the mark where it ends.
    private func snapshot(of account: Int) -> [String] {
        let id = organization.accounts[account].id
        let snapshot = "\(id)/iam/\(begun.iso8601)"
        let items = (policies(in: account) + groups(in: account) + users(in: account) + roles(in: account))
            .map {
                item in
                #"{\#(item.members),"snapshot":{"account":"\#(id)","id":"\#(snapshot)","item":"\#(item.key)","#
                    + #""kind":"\#(item.kind)","service":"iam","taken_at":"\#((begun + .seconds(4)).iso8601)"}}"#
            }
        func mark(_ name: String, _ time: Timestamp, _ more: String) -> String {
            #"{"begun_at":"\#(begun.iso8601)",\#(more)"snapshot":{"account":"\#(id)","id":"\#(snapshot)","#
                + #""mark":"\#(name)","of":"iam","taken_at":"\#(time.iso8601)"}}"#
        }
        let coverage =
            #""coverage":[{"calls":1,"denied":0,"failed":0,"gone":0,"items":\#(items.count),"#
            + #""operation":"iam:GetAccountAuthorizationDetails"}],"items":\#(items.count),"status":"complete","#
        return [mark("begin", begun, "")] + items + [mark("end", begun + Self.lasting, coverage)]
    }

    private struct Item {
        var kind: String
        var key: String
        /// The object's members, without its braces.
        var members: String
    }

    // MARK: Policies

    /// AWS's own, as far as they are attached; longer ones abridged.
    private static let managed: [(name: String, document: String)] = [
        ("AdministratorAccess", PolicyText(allowing: ["*"]).json),
        (
            "ReadOnlyAccess",
            PolicyText(allowing: [
                "ec2:Describe*", "s3:Get*", "s3:List*", "iam:Get*", "iam:List*", "cloudwatch:Get*",
            ]).json
        ),
    ]

    private func policies(in account: Int) -> [Item] {
        let owner = organization.accounts[account].id
        let own = Names.services.map { service in
            policy(
                "arn:aws:iam::\(owner):policy/\(service)-access", "\(service)-access", version: "v2",
                PolicyText.formerAccess.of(owner))
        }
        return own
            + Self.managed.map {
                policy("arn:aws:iam::aws:policy/\($0.name)", $0.name, version: "v1", $0.document)
            }
    }

    private func policy(_ arn: String, _ name: String, version: String, _ document: String) -> Item {
        Item(
            kind: "policy", key: arn,
            members: #""Arn":"\#(arn)","PolicyName":"\#(name)","PolicyId":"\#(id("ANPA", arn))","Path":"/","#
                + #""CreateDate":"2024-02-01T09:00:00Z","DefaultVersionId":"\#(version)","IsAttachable":true,"#
                + #""PolicyVersionList":[{"CreateDate":"2025-06-03T09:00:00Z","IsDefaultVersion":true,"#
                + #""VersionId":"\#(version)","Document":\#(document)}]"#)
    }

    // MARK: Groups and users

    private func groups(in account: Int) -> [Item] {
        let owner = organization.accounts[account].id
        return [("readers", "ReadOnlyAccess"), ("administrators", "AdministratorAccess")].map {
            name, policy in
            let arn = "arn:aws:iam::\(owner):group/\(name)"
            return Item(
                kind: "group", key: arn,
                members:
                    #""Arn":"\#(arn)","GroupName":"\#(name)","GroupId":"\#(id("AGPA", arn))","Path":"/","#
                    + #""CreateDate":"2024-02-01T09:00:00Z","GroupPolicyList":[],"#
                    + #""AttachedManagedPolicies":[\#(Self.attached(policy))]"#)
        }
    }

    private func users(in account: Int) -> [Item] {
        let owner = organization.accounts[account]
        return ["svc-reporting", "build-bot", "ops-legacy", "ses-smtp", "backup-agent"].flatMap { name in
            let arn = "arn:aws:iam::\(owner.id):user/\(name)"
            // Whoever ran things by hand once can still do all of it.
            let inline =
                name == "ops-legacy"
                ? Self.inline("operations", PolicyText(allowing: ["iam:*", "ec2:*"])) : ""
            let user = Item(
                kind: "user", key: arn,
                members:
                    #""Arn":"\#(arn)","UserName":"\#(name)","UserId":"\#(organization.userID(name, in: account))","#
                    + #""Path":"/","CreateDate":"2024-02-01T09:00:00Z","GroupList":["readers"],"#
                    + #""AttachedManagedPolicies":[],"UserPolicyList":[\#(inline)]"#)
            let key = organization.longLivedKey(of: name, in: account)
            let held = Item(
                kind: "access_key", key: key,
                members: #""AccessKeyId":"\#(key)","CreateDate":"2024-02-01T09:05:00Z","Status":"Active","#
                    + #""UserArn":"\#(arn)","UserName":"\#(name)","AccessKeyLastUsed":{"LastUsedDate":"\#(begun.iso8601)","#
                    + #""Region":"us-east-1","ServiceName":"s3"}"#)
            return [user, held]
        }
    }

    // MARK: Roles

    private func roles(in account: Int) -> [Item] {
        let owner = organization.accounts[account].id
        let tasks = Names.services.map { service in
            role(
                "\(service)-task", in: account, trust: PolicyText.taskPrincipal,
                policies: [Self.attached("\(service)-access", of: owner)])
        }
        let builds =
            #"{"Federated":"arn:aws:iam::\#(owner):oidc-provider/token.actions.githubusercontent.com"}"#
        func everybody(of name: String) -> String {
            #"{"AWS":"arn:aws:iam::\#(organization.accounts[organization.account(name)].id):root"}"#
        }
        let shared = [
            role(
                "github-deploy", in: account, trust: builds, by: "sts:AssumeRoleWithWebIdentity",
                inline: Self.inline(
                    "deploy",
                    PolicyText(allowing: ["ecs:*", "ecr:*", "lambda:Update*", "cloudformation:*"]))),
            role(
                "terraform", in: account, trust: builds, by: "sts:AssumeRoleWithWebIdentity",
                policies: [Self.attached("AdministratorAccess")]),
            role(
                "DeployRole", in: account, trust: everybody(of: "prod"),
                inline: Self.inline(
                    "deploy", PolicyText(allowing: ["ecs:*", "ec2:*", "lambda:*", "s3:*", "ssm:*"]))),
            role(
                "ReadOnlyAudit", in: account, trust: everybody(of: "security"),
                policies: [Self.attached("ReadOnlyAccess")]),
        ]
        guard organization.accounts[account].name == "data" else { return tasks + shared }
        let loader = role(
            "WarehouseLoader", in: account, trust: everybody(of: "data"),
            inline: Self.inline("load", PolicyText(allowing: ["s3:GetObject", "s3:ListBucket"])))
        return tasks + shared + [loader]
    }

    private func role(
        _ name: String, in account: Int, trust: String, by action: String = "sts:AssumeRole",
        policies: [String] = [], inline: String = ""
    ) -> Item {
        let role = organization.role(name, in: account)
        // Written as a person wrote it: the same trust without its spaces is no change.
        let trust =
            #"{ "Version": "2012-10-17", "Statement": [ { "Effect": "Allow", "Principal": \#(trust), "#
            + #""Action": "\#(action)" } ] }"#
        return Item(
            kind: "role", key: role.arn,
            members:
                #""Arn":"\#(role.arn)","RoleName":"\#(name)","RoleId":"\#(role.id)","Path":"\#(role.path)","#
                + #""CreateDate":"2024-02-01T09:00:00Z","AssumeRolePolicyDocument":\#(trust),"#
                + #""AttachedManagedPolicies":[\#(policies.joined(separator: ","))],"InstanceProfileList":[],"#
                + #""RolePolicyList":[\#(inline)]"#)
    }

    /// AWS's own policy, or an account's.
    private static func attached(_ name: String, of account: String = "aws") -> String {
        #"{"PolicyArn":"arn:aws:iam::\#(account):policy/\#(name)","PolicyName":"\#(name)"}"#
    }

    private static func inline(_ name: String, _ document: PolicyText) -> String {
        #"{"PolicyName":"\#(name)","PolicyDocument":\#(document.json)}"#
    }

    private func id(_ prefix: String, _ arn: String) -> String {
        var dice = Dice(seed: Dice.seed(organization.seed, for: arn))
        return prefix + dice.base32(17)
    }
}
