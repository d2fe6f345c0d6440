/// Commands that undo what a finding tells, to be read before they are run.
///
/// Names in them come from logs: each is quoted so that a shell takes it as one plain word.
enum DriftRemedy {
    /// A word that no shell reads anything into.
    static func word(_ text: String) -> String {
        let isPlain = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"),
                UInt8(ascii: "."),
                UInt8(ascii: "/"), UInt8(ascii: ":"), UInt8(ascii: "@"), UInt8(ascii: "="), UInt8(ascii: "+"),
                UInt8(ascii: ","):
                true
            default: false
            }
        }
        if isPlain, !text.isEmpty, !text.hasPrefix("-") { return text }
        let printable = text.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F }
        return "'"
            + String(String.UnicodeScalarView(printable)).split(
                separator: "'", omittingEmptySubsequences: false
            )
            .joined(separator: "'\\''") + "'"
    }

    /// `--user-name ada` for `user/ada`.
    private static func option(_ subject: String) -> (kind: String, option: String)? {
        for kind in ["user", "role", "group"] where subject.hasPrefix("\(kind)/") {
            return (kind, "--\(kind)-name \(word(String(subject.dropFirst(kind.utf8.count + 1))))")
        }
        return nil
    }

    /// Takes one thing away.
    static func removing(_ key: AccessState.Key, _ value: String, _ provider: String) -> [String] {
        let part = word(key.part)
        switch key.kind {
        case .attachment:
            guard let (kind, option) = option(key.subject) else { return [] }
            return ["aws iam detach-\(kind)-policy \(option) --policy-arn \(part)"]
        case .inline:
            guard let (kind, option) = option(key.subject) else { return [] }
            return ["aws iam delete-\(kind)-policy \(option) --policy-name \(part)"]
        case .membership:
            guard provider == "AWS", let (_, option) = option(key.subject) else { return [] }
            return ["aws iam remove-user-from-group \(option) --group-name \(part)"]
        case .accessKey:
            guard provider == "AWS", let (_, option) = option(key.subject) else { return [] }
            if key.part.hasPrefix("of ") { return ["aws iam list-access-keys \(option)"] }
            return ["aws iam update-access-key \(option) --access-key-id \(part) --status Inactive"]
        case .assignment:
            return [removing(AccessAssignment(text: value), key, provider)].filter { !$0.isEmpty }
        case .sharing: return sharing(key, value)
        default: return []
        }
    }

    private static func removing(
        _ assignment: AccessAssignment, _ key: AccessState.Key, _ provider: String
    ) -> String {
        let principal = word(assignment.principal)
        let role = word(assignment.role)
        let scope = word(assignment.scope)
        switch provider {
        case "Azure" where key.subject.hasPrefix("assignment/"):
            return "az role assignment delete --assignee \(principal) --role \(role) --scope \(scope)"
        case "GCP":
            let project = assignment.scope.hasPrefix("projects/") ? String(assignment.scope.dropFirst(9)) : ""
            if project.isEmpty { return "" }
            return
                "gcloud projects remove-iam-policy-binding \(word(project)) --member \(principal) --role \(role)"
        case "AWS" where assignment.role.hasPrefix("arn:aws:sso"):
            let parts = assignment.principal.split(separator: "/", maxSplits: 1)
            let instance = assignment.role.split(separator: "/").dropFirst().first.map { String($0) } ?? "?"
            return "aws sso-admin delete-account-assignment --instance-arn "
                + word("arn:aws:sso:::instance/\(instance)")
                + " --permission-set-arn \(role) --target-id \(scope) --target-type AWS_ACCOUNT"
                + " --principal-type \(parts.first?.uppercased() ?? "USER")"
                + " --principal-id \(word(String(parts.last ?? "")))"
        default: return ""
        }
    }

    private static func sharing(_ key: AccessState.Key, _ who: String) -> [String] {
        let parts = key.subject.split(separator: "/", maxSplits: 1).map { String($0) }
        guard parts.count == 2 else { return [] }
        let name = word(parts[1])
        let entry = who == "all" ? "Group=all" : "UserId=\(who)"
        if parts[1].hasPrefix("snap-") {
            return [
                "aws ec2 modify-snapshot-attribute --snapshot-id \(name) --create-volume-permission "
                    + word("Remove=[{\(entry)}]")
            ]
        }
        if parts[1].hasPrefix("ami-") {
            return [
                "aws ec2 modify-image-attribute --image-id \(name) --launch-permission "
                    + word("Remove=[{\(entry)}]")
            ]
        }
        switch parts[0] {
        case "rds":
            return [
                "aws rds modify-db-snapshot-attribute --db-snapshot-identifier \(name) --attribute-name restore"
                    + " --values-to-remove \(word(who))"
            ]
        case "s3": return ["aws s3api put-bucket-acl --bucket \(name) --acl private"]
        case "lambda":
            return ["aws lambda remove-permission --function-name \(name) --statement-id \(word(key.part))"]
        case "kms": return ["aws kms revoke-grant --key-id \(name) --grant-id \(word(key.part))"]
        default: return []
        }
    }

    /// Sets back what a change made wider.
    ///
    /// - Parameter before: the document or value that there was; `nil` where there was none that is known of.
    static func undoing(_ change: DriftChange, to before: String?) -> [String] {
        let key = AccessState.Key(change.account, change.subject, change.kind, change.object)
        switch change.kind {
        case .defaultVersion:
            return [
                "aws iam list-policy-versions --policy-arn \(word(change.subject))",
                "aws iam set-default-policy-version --policy-arn \(word(change.subject)) --version-id 'VERSION BEFORE'",
            ]
        case .inline:
            guard let before, let (kind, option) = option(change.subject) else {
                return removing(key, "", change.provider)
            }
            return [
                "aws iam put-\(kind)-policy \(option) --policy-name \(word(change.object)) --policy-document "
                    + document(before, "policy-before.json")
            ]
        case .trust: return restoringTrust(change.subject, before)
        case .resourcePolicy: return restoringPolicy(change.subject, before)
        case .publicAccessBlock: return blockingPublic(change.subject)
        default: return removing(key, "", change.provider)
        }
    }

    /// The document as a word; a file to be filled where it is not known or is too long for a command line.
    private static func document(_ before: String?, _ file: String) -> String {
        guard let before, before.utf8.count <= documentBytesMax else { return "file://\(file)" }
        return word(before)
    }

    /// Longer documents do not stand in commands: bytes.
    private static let documentBytesMax = 6_144

    static func restoringTrust(_ subject: String, _ before: String? = nil) -> [String] {
        guard let (kind, option) = option(subject), kind == "role" else { return [] }
        return [
            "aws iam update-assume-role-policy \(option) --policy-document "
                + document(before, "trust-before.json")
        ]
    }

    static func restoringPolicy(_ subject: String, _ before: String? = nil) -> [String] {
        guard subject.hasPrefix("s3/") else { return [] }
        return [
            "aws s3api put-bucket-policy --bucket \(word(String(subject.dropFirst(3)))) --policy "
                + document(before, "policy-before.json")
        ]
    }

    static func blockingPublic(_ subject: String) -> [String] {
        guard subject.hasPrefix("s3/") else { return [] }
        let switches =
            "BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true"
        let bucket = String(subject.dropFirst(3))
        if bucket.hasPrefix("account ") {
            return [
                "aws s3control put-public-access-block --account-id \(word(String(bucket.dropFirst(8))))"
                    + " --public-access-block-configuration \(switches)"
            ]
        }
        return [
            "aws s3api put-public-access-block --bucket \(word(bucket)) --public-access-block-configuration \(switches)"
        ]
    }

    static func settingBoundary(_ subject: String, _ boundary: String?) -> [String] {
        guard let (kind, option) = option(subject), kind != "group" else { return [] }
        return [
            "aws iam put-\(kind)-permissions-boundary \(option) --permissions-boundary \(word(boundary ?? "ARN"))"
        ]
    }

    static func attachingGuardrail(_ key: AccessState.Key) -> [String] {
        guard key.subject.hasPrefix("target/"), key.part.hasPrefix("p-") else { return [] }
        return [
            "aws organizations attach-policy --policy-id \(word(key.part)) --target-id "
                + word(String(key.subject.dropFirst(7)))
        ]
    }

    static func askingFactor(_ subject: String, _ provider: String) -> [String] {
        guard provider == "AWS", let (_, option) = option(subject) else { return [] }
        return ["aws iam list-mfa-devices \(option)"]
    }

    static func recording(_ subject: String, _ part: String) -> [String] {
        guard subject.hasPrefix("trail/") else { return [] }
        if !part.isEmpty {
            return [
                "aws cloudtrail put-event-selectors --trail-name \(word(String(subject.dropFirst(6)))) --event-selectors "
                    + "ReadWriteType=All,IncludeManagementEvents=true"
            ]
        }
        return ["aws cloudtrail start-logging --name \(word(String(subject.dropFirst(6))))"]
    }
}
