/// Commands that undo what a finding tells, to be read before they are run.
///
/// Names in them come from logs: each is quoted so that a shell takes it as one plain word, and given so that the command
/// takes it for a value and never for an option or a file to be read.
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

    /// `--user-name ada`. A value that begins with a hyphen would be taken for an option, and stands behind an equals sign.
    static func given(_ option: String, _ value: String) -> String {
        value.hasPrefix("-") ? "\(option)=\(word(value))" : "\(option) \(word(value))"
    }

    /// Whether the AWS tools would read a file or a page in the place of a value.
    static func isFetched(_ value: String) -> Bool {
        let folded = value.lowercased()
        return ["file://", "fileb://", "http://", "https://"].contains { folded.hasPrefix($0) }
    }

    /// `--user-name ada` for `user/ada`.
    static func option(_ subject: String) -> (kind: String, option: String)? {
        for kind in ["user", "role", "group"] where subject.hasPrefix("\(kind)/") {
            let name = String(subject.dropFirst(kind.utf8.count + 1))
            return isFetched(name) ? nil : (kind, given("--\(kind)-name", name))
        }
        return nil
    }

    /// Takes one thing away.
    static func removing(_ key: AccessState.Key, _ value: String, _ provider: String) -> [String] {
        if isFetched(key.part) { return [] }
        if key.kind == .assignment {
            return [removing(AccessAssignment(text: value), key, provider)].filter { !$0.isEmpty }
        }
        if key.kind == .sharing { return sharing(key, KeyGrant(text: value).grantee) }
        if AccessAssignment.isPermissionSet(key.subject) { return removing(ofPermissionSet: key) }
        guard provider == "AWS", let (kind, option) = option(key.subject) else { return [] }
        switch key.kind {
        case .attachment:
            return ["aws iam detach-\(kind)-policy \(option) \(given("--policy-arn", key.part))"]
        case .inline: return ["aws iam delete-\(kind)-policy \(option) \(given("--policy-name", key.part))"]
        case .membership:
            return ["aws iam remove-user-from-group \(option) \(given("--group-name", key.part))"]
        case .accessKey:
            if key.part.hasPrefix("of ") { return ["aws iam list-access-keys \(option)"] }
            return [
                "aws iam update-access-key \(option) \(given("--access-key-id", key.part)) --status Inactive"
            ]
        default: return []
        }
    }

    private static func removing(
        _ assignment: AccessAssignment, _ key: AccessState.Key, _ provider: String
    ) -> String {
        switch provider {
        case "Azure" where key.subject.hasPrefix("assignment/"):
            return "az role assignment delete \(given("--assignee", assignment.principal)) "
                + "\(given("--role", assignment.role)) \(given("--scope", assignment.scope))"
        case "GCP": return google(assignment, isConditional: key.part.contains(" if "))
        case "Kubernetes":
            let parts = key.subject.split(separator: "/", maxSplits: 2).map { String($0) }
            if parts.count == 3 {
                return "kubectl delete \(parts[0]) \(given("--namespace", parts[1])) -- \(word(parts[2]))"
            }
            return parts.count == 2 ? "kubectl delete \(parts[0]) -- \(word(parts[1]))" : ""
        case "AWS" where AccessAssignment.isPermissionSet(assignment.role):
            let parts = assignment.principal.split(separator: "/", maxSplits: 1)
            return "aws sso-admin delete-account-assignment \(instance(assignment.role))"
                + " \(given("--target-id", assignment.scope)) --target-type AWS_ACCOUNT"
                + " --principal-type \(word(parts.first?.uppercased() ?? "USER"))"
                + " \(given("--principal-id", String(parts.last ?? "")))"
        default: return ""
        }
    }

    /// Google's binding has its place in the command that the resource has.
    private static func google(_ assignment: AccessAssignment, isConditional: Bool) -> String {
        var scope = assignment.scope
        if scope.hasPrefix("//") { scope = String(scope.dropFirst(2).drop { $0 != "/" }.dropFirst()) }
        let parts = scope.split(separator: "/").map { String($0) }
        guard parts.count >= 2 else { return "" }
        let command: String
        switch (parts[0], parts.count > 2 ? parts[2] : "") {
        case ("projects", "buckets") where parts.count == 4:
            command = "gcloud storage buckets remove-iam-policy-binding \(word("gs://\(parts[3])"))"
        case ("projects", "serviceAccounts") where parts.count == 4:
            command = "gcloud iam service-accounts remove-iam-policy-binding \(word(parts[3]))"
        case ("projects", ""): command = "gcloud projects remove-iam-policy-binding \(word(parts[1]))"
        case ("folders", ""):
            command = "gcloud resource-manager folders remove-iam-policy-binding \(word(parts[1]))"
        case ("organizations", ""):
            command = "gcloud organizations remove-iam-policy-binding \(word(parts[1]))"
        default: return ""
        }
        // Where the policy has conditions, the tool asks which binding is meant, and a script cannot answer.
        return "\(command) --member=\(word(assignment.principal)) --role=\(word(assignment.role)) "
            + (isConditional ? "--all" : "--condition=None")
    }

    // MARK: Permission sets

    /// The instance and the permission set, as every call has them.
    private static func instance(_ set: String) -> String {
        let instance = set.split(separator: "/").dropFirst().first.map { String($0) } ?? "?"
        return
            "--instance-arn \(word("arn:aws:sso:::instance/\(instance)")) --permission-set-arn \(word(set))"
    }

    /// Nothing changes in an account before the permission set is provisioned anew.
    private static func provisioning(_ set: String) -> String {
        "aws sso-admin provision-permission-set \(instance(set)) --target-type ALL_PROVISIONED_ACCOUNTS"
    }

    private static func removing(ofPermissionSet key: AccessState.Key) -> [String] {
        let set = key.subject
        switch key.kind {
        case .inline:
            return [
                "aws sso-admin delete-inline-policy-from-permission-set \(instance(set))", provisioning(set),
            ]
        case .attachment where key.part.hasPrefix("arn:"):
            return [
                "aws sso-admin detach-managed-policy-from-permission-set \(instance(set)) "
                    + given("--managed-policy-arn", key.part),
                provisioning(set),
            ]
        case .attachment where key.part.hasPrefix(IdentityCenterItem.customerPrefix):
            let path = key.part.dropFirst(IdentityCenterItem.customerPrefix.count)
            guard let slash = path.lastIndex(of: "/") else { return [] }
            let reference = "Name=\(path[path.index(after: slash)...]),Path=\(path[...slash])"
            return [
                "aws sso-admin detach-customer-managed-policy-reference-from-permission-set \(instance(set)) "
                    + given("--customer-managed-policy-reference", reference),
                provisioning(set),
            ]
        default: return []
        }
    }

    static func restoringPermissionSet(_ set: String, _ before: String) -> [String] {
        [
            "aws sso-admin put-inline-policy-to-permission-set \(instance(set)) "
                + "--inline-policy \(document(before, "policy-before.json"))",
            provisioning(set),
        ]
    }

    // MARK: Shares

    private static func sharing(_ key: AccessState.Key, _ who: String) -> [String] {
        let parts = key.subject.split(separator: "/", maxSplits: 1).map { String($0) }
        guard parts.count == 2, !isFetched(parts[1]), !isFetched(who) else { return [] }
        let name = parts[1]
        let entry = who == "all" ? "Group=all" : "UserId=\(who)"
        if name.hasPrefix("snap-") {
            return [
                "aws ec2 modify-snapshot-attribute \(given("--snapshot-id", name)) "
                    + "--attribute createVolumePermission --operation-type remove "
                    + (who == "all" ? "--group-names all" : given("--user-ids", who))
            ]
        }
        if name.hasPrefix("ami-") {
            return [
                "aws ec2 modify-image-attribute \(given("--image-id", name)) --launch-permission "
                    + word("Remove=[{\(entry)}]")
            ]
        }
        switch parts[0] {
        case "rds":
            return [
                "aws rds modify-db-snapshot-attribute \(given("--db-snapshot-identifier", name)) "
                    + "--attribute-name restore \(given("--values-to-remove", who))"
            ]
        case "s3": return ["aws s3api put-bucket-acl \(given("--bucket", name)) --acl private"]
        case "lambda":
            return [
                "aws lambda remove-permission \(given("--function-name", name)) "
                    + given("--statement-id", key.part)
            ]
        case "kms":
            return ["aws kms revoke-grant \(given("--key-id", name)) \(given("--grant-id", key.part))"]
        default: return []
        }
    }
}
