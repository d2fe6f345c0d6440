/// What sets back what was changed, where it is known what there was.
extension DriftRemedy {
    /// Longer documents do not stand in commands: bytes.
    private static let documentBytesMax = 6_144

    /// The document as a word; a file to be filled where it is not known or is too long for a command line.
    static func document(_ before: String?, _ file: String) -> String {
        guard let before, before.utf8.count <= documentBytesMax else { return "file://\(file)" }
        return word(before)
    }

    /// Sets back what a change made wider.
    ///
    /// - Parameters:
    ///   - before: the document or value that there was; `nil` where there was none that is known of.
    ///   - now: what there is.
    ///   - version: which version of a managed policy counted before.
    static func undoing(
        _ change: DriftChange, to before: String?, from now: String?, version: String? = nil
    ) -> [String] {
        let key = AccessState.Key(change.account, change.subject, change.kind, change.object)
        switch change.kind {
        case .defaultVersion where before == nil:
            return ["aws iam list-entities-for-policy \(given("--policy-arn", change.subject))"]
        case .defaultVersion: return countingVersion(of: change.subject, version)
        case .inline:
            guard let before else { return removing(key, "", change.provider) }
            if AccessAssignment.isPermissionSet(change.subject) {
                return restoringPermissionSet(change.subject, before)
            }
            guard let (kind, option) = option(change.subject) else { return [] }
            return [
                "aws iam put-\(kind)-policy \(option) \(given("--policy-name", change.object)) "
                    + "--policy-document \(document(before, "policy-before.json"))"
            ]
        case .trust: return restoringTrust(change.subject, before)
        case .resourcePolicy: return restoringPolicy(change.subject, before)
        case .publicAccessBlock: return blockingPublic(change.subject)
        case .boundary: return settingBoundary(change.subject, before)
        default: return removing(key, now ?? "", change.provider)
        }
    }

    private static func countingVersion(of policy: String, _ version: String?) -> [String] {
        let set = "aws iam set-default-policy-version \(given("--policy-arn", policy))"
        guard let version, !version.hasPrefix("of ") else {
            return [
                "aws iam list-policy-versions \(given("--policy-arn", policy))",
                "\(set) --version-id 'VERSION BEFORE'",
            ]
        }
        return ["\(set) \(given("--version-id", version))"]
    }

    static func restoringTrust(_ subject: String, _ before: String? = nil) -> [String] {
        guard let (kind, option) = option(subject), kind == "role" else { return [] }
        return [
            "aws iam update-assume-role-policy \(option) --policy-document "
                + document(before, "trust-before.json")
        ]
    }

    static func restoringPolicy(_ subject: String, _ before: String? = nil) -> [String] {
        let parts = subject.split(separator: "/", maxSplits: 1).map { String($0) }
        guard parts.count == 2 else { return [] }
        let text = document(before, "policy-before.json")
        switch parts[0] {
        case "s3": return ["aws s3api put-bucket-policy \(given("--bucket", parts[1])) --policy \(text)"]
        case "kms":
            return [
                "aws kms put-key-policy \(given("--key-id", parts[1])) --policy-name default --policy \(text)"
            ]
        case "secretsmanager":
            return [
                "aws secretsmanager put-resource-policy \(given("--secret-id", parts[1])) "
                    + "--resource-policy \(text)"
            ]
        case "ecr":
            return [
                "aws ecr set-repository-policy \(given("--repository-name", parts[1])) --policy-text \(text)"
            ]
        case "sns":
            return [
                "aws sns set-topic-attributes \(given("--topic-arn", parts[1])) --attribute-name Policy "
                    + "--attribute-value \(text)"
            ]
        default: return []
        }
    }

    /// Takes a resource's policy away: where it is known that it had none before.
    static func deletingPolicy(_ subject: String) -> [String] {
        let parts = subject.split(separator: "/", maxSplits: 1).map { String($0) }
        guard parts.count == 2 else { return [] }
        switch parts[0] {
        case "s3": return ["aws s3api delete-bucket-policy \(given("--bucket", parts[1]))"]
        case "secretsmanager":
            return ["aws secretsmanager delete-resource-policy \(given("--secret-id", parts[1]))"]
        case "ecr": return ["aws ecr delete-repository-policy \(given("--repository-name", parts[1]))"]
        default: return []
        }
    }

    static func blockingPublic(_ subject: String) -> [String] {
        guard subject.hasPrefix("s3/") else { return [] }
        let switches =
            "BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true"
        let bucket = String(subject.dropFirst(3))
        if bucket.hasPrefix("account ") {
            return [
                "aws s3control put-public-access-block \(given("--account-id", String(bucket.dropFirst(8))))"
                    + " --public-access-block-configuration \(switches)"
            ]
        }
        return [
            "aws s3api put-public-access-block \(given("--bucket", bucket)) "
                + "--public-access-block-configuration \(switches)"
        ]
    }

    static func settingBoundary(_ subject: String, _ boundary: String?) -> [String] {
        guard let (kind, option) = option(subject), kind != "group" else { return [] }
        return [
            "aws iam put-\(kind)-permissions-boundary \(option) "
                + given("--permissions-boundary", boundary ?? "ARN")
        ]
    }

    static func attachingGuardrail(_ key: AccessState.Key) -> [String] {
        guard key.subject.hasPrefix("target/"), key.part.hasPrefix("p-") else { return [] }
        return [
            "aws organizations attach-policy \(given("--policy-id", key.part)) "
                + given("--target-id", String(key.subject.dropFirst(7)))
        ]
    }

    static func detachingGuardrail(_ key: AccessState.Key) -> [String] {
        guard key.subject.hasPrefix("target/"), key.part.hasPrefix("p-") else { return [] }
        return [
            "aws organizations detach-policy \(given("--policy-id", key.part)) "
                + given("--target-id", String(key.subject.dropFirst(7)))
        ]
    }

    static func askingFactor(_ subject: String, _ provider: String) -> [String] {
        guard provider == "AWS", let (_, option) = option(subject) else { return [] }
        return ["aws iam list-mfa-devices \(option)"]
    }

    static func recording(_ subject: String, _ part: String) -> [String] {
        guard subject.hasPrefix("trail/") else { return [] }
        let trail = String(subject.dropFirst(6))
        if !part.isEmpty {
            return [
                "aws cloudtrail put-event-selectors \(given("--trail-name", trail)) --event-selectors "
                    + "ReadWriteType=All,IncludeManagementEvents=true"
            ]
        }
        return ["aws cloudtrail start-logging \(given("--name", trail))"]
    }
}
