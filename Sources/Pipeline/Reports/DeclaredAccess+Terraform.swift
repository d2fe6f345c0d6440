import Engine

/// Terraform's `show -json` of a plan or a state, and CloudFormation's templates.
extension DeclaredAccess {
    /// Modules within modules; deeper ones are left out.
    private static let depthMax = 64

    mutating func readTerraform(_ module: Document, depth: Int) {
        guard depth < Self.depthMax else { return leaveOut("modules nest deeper than \(Self.depthMax)") }
        for resource in module["resources"]?.list ?? []
        where resource["mode"]?.string ?? "managed" == "managed" {
            guard let type = resource["type"]?.string, let values = resource["values"] else { continue }
            readResource(type, values, resource["address"]?.string ?? type)
        }
        for child in module["child_modules"]?.list ?? [] { readTerraform(child, depth: depth + 1) }
    }

    private mutating func readResource(_ type: String, _ values: Document, _ address: String) {
        func text(_ name: String) -> String? { values[name]?.string.flatMap { $0.isEmpty ? nil : $0 } }
        let account = text("arn").flatMap { RequestPrincipal($0).account }
        func policy(_ owner: String?, _ name: String?) {
            guard let owner, let name, let document = document(values["policy"]) else {
                return leaveOut("\(address): its owner, name or policy is known only when it is made")
            }
            put(account, owner, .inline, name, document)
        }
        switch type {
        case "aws_iam_role", "aws_iam_user", "aws_iam_group":
            let kind = String(type.dropFirst("aws_iam_".utf8.count))
            guard let name = text("name") else { return leaveOut("\(address): its name is not known yet") }
            let subject = "\(kind)/\(name)"
            if let arn = text("arn") { put(account, subject, .identity, "", arn) }
            if let trust = document(values["assume_role_policy"]) { put(account, subject, .trust, "", trust) }
            if let boundary = text("permissions_boundary") { put(account, subject, .boundary, "", boundary) }
            for inline in values["inline_policy"]?.list ?? [] {
                guard let name = inline["name"]?.string, let document = document(inline["policy"]) else {
                    continue
                }
                put(account, subject, .inline, name, document)
            }
            for arn in values["managed_policy_arns"]?.list ?? [] {
                if let arn = arn.string { put(account, subject, .attachment, arn, "attached") }
            }
        case "aws_iam_role_policy": policy(text("role").map { "role/\($0)" }, text("name"))
        case "aws_iam_user_policy": policy(text("user").map { "user/\($0)" }, text("name"))
        case "aws_iam_group_policy": policy(text("group").map { "group/\($0)" }, text("name"))
        case "aws_iam_policy":
            let arn = text("arn") ?? text("name").map { "arn:aws:iam::\(ownAccount):policy/\($0)" }
            guard let arn, let document = document(values["policy"]) else {
                return leaveOut("\(address): its policy is known only when it is made")
            }
            put(account, arn, .defaultVersion, "", "v1")
            put(account, arn, .version, "v1", document)
        case "aws_iam_role_policy_attachment", "aws_iam_user_policy_attachment",
            "aws_iam_group_policy_attachment":
            let kind = type.split(separator: "_").dropFirst(2).first.map { String($0) } ?? ""
            guard let owner = text(kind), let arn = text("policy_arn") else {
                return leaveOut("\(address): its owner or policy is known only when it is made")
            }
            put(account, "\(kind)/\(owner)", .attachment, arn, "attached")
        case "aws_iam_group_membership":
            for user in values["users"]?.list ?? [] {
                if let user = user.string, let group = text("group") {
                    put(account, "user/\(user)", .membership, group, "member")
                }
            }
        case "aws_iam_user_group_membership":
            for group in values["groups"]?.list ?? [] {
                if let group = group.string, let user = text("user") {
                    put(account, "user/\(user)", .membership, group, "member")
                }
            }
        case "aws_s3_bucket_policy":
            guard let bucket = text("bucket"), let document = document(values["policy"]) else {
                return leaveOut("\(address): its policy is known only when it is made")
            }
            put(nil, "s3/\(bucket)", .resourcePolicy, "", document)
        default: return
        }
    }

    // MARK: CloudFormation

    mutating func readCloudFormation(_ name: String, _ resource: Document) {
        guard let type = resource["Type"]?.string, let values = resource["Properties"] else { return }
        func text(_ key: String) -> String? { values[key]?.string }
        switch type {
        case "AWS::IAM::Role", "AWS::IAM::User", "AWS::IAM::Group":
            let kind = type.split(separator: ":").last.map { $0.lowercased() } ?? ""
            guard let own = text("\(kind.prefix(1).uppercased())\(kind.dropFirst())Name") else {
                return leaveOut("\(name): it has no name of its own, so that it cannot be found again")
            }
            let subject = "\(kind)/\(own)"
            if let trust = document(values["AssumeRolePolicyDocument"]) {
                put(nil, subject, .trust, "", trust)
            }
            if let boundary = text("PermissionsBoundary") { put(nil, subject, .boundary, "", boundary) }
            for policy in values["Policies"]?.list ?? [] {
                guard let part = policy["PolicyName"]?.string,
                    let document = document(policy["PolicyDocument"])
                else {
                    leaveOut("\(name): a policy of it is computed by the template")
                    continue
                }
                put(nil, subject, .inline, part, document)
            }
            for arn in values["ManagedPolicyArns"]?.list ?? [] {
                if let arn = arn.string { put(nil, subject, .attachment, arn, "attached") }
            }
        case "AWS::IAM::ManagedPolicy":
            guard let own = text("ManagedPolicyName"), let document = document(values["PolicyDocument"])
            else {
                return leaveOut("\(name): its name or document is computed by the template")
            }
            let arn = "arn:aws:iam::\(ownAccount):policy/\(own)"
            put(nil, arn, .defaultVersion, "", "v1")
            put(nil, arn, .version, "v1", document)
        case "AWS::S3::BucketPolicy":
            guard let bucket = text("Bucket"), let document = document(values["PolicyDocument"]) else {
                return leaveOut("\(name): its bucket or document is computed by the template")
            }
            put(nil, "s3/\(bucket)", .resourcePolicy, "", document)
        default: return
        }
    }
}
