/// What ends a session that should be over: commands for a responder's shell, in the order in which they help.
///
/// Every name in them comes from a log, so each is quoted whole: nothing in it is read by the shell.
struct Revocation {
    private let session: GrantReview.Outliving
    private let grant: GrantHistory

    init(_ session: GrantReview.Outliving, _ grant: GrantHistory) {
        self.session = session
        self.grant = grant
    }

    var commands: [String] {
        system + broker
    }

    private var system: [String] {
        let act = session.act
        switch act.system {
        case "aws": return aws(act)
        case "azure", "entra":
            return [
                "az rest --method POST --url \(word("https://graph.microsoft.com/v1.0/users/\(path(user))/revokeSignInSessions"))"
            ]
        case "gcp":
            return [
                "gcloud projects get-iam-policy \(word(act.account))  # then: remove-iam-policy-binding for \(comment(user))"
            ]
        case "kubernetes":
            return [
                "kubectl get rolebindings,clusterrolebindings -A -o wide  # then: delete those of \(comment(user))"
            ]
        case "okta":
            return ["okta: DELETE /api/v1/users/\(path(user))/sessions?oauthTokens=true"]
        default: return []
        }
    }

    private var user: String {
        let act = session.act
        return [act.userEmail, act.userUID, act.userName].first { !$0.isEmpty } ?? act.who
    }

    /// Every session of the role that was issued up to the last act, and of this name only, is refused from then on.
    private func aws(_ act: GrantReview.Act) -> [String] {
        guard !act.role.isEmpty else {
            let name = act.userUID.split(separator: "/").last.map(String.init) ?? act.userName
            return [
                "aws iam update-access-key --status Inactive \(DriftRemedy.given("--access-key-id", act.session)) "
                    + DriftRemedy.given("--user-name", name)
            ]
        }
        var policy =
            #"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":["*"],"Resource":["*"],"Condition":{"#
        policy += #""DateLessThan":{"aws:TokenIssueTime":""# + session.last.iso8601 + #""}"#
        let name = act.userUID.split(separator: "/").last.map(String.init) ?? ""
        if act.userUID.contains(":assumed-role/"), !name.isEmpty {
            policy += #","StringLike":{"aws:userid":"#
            policy += String(decoding: JSONFragment.quoted("*:" + name), as: UTF8.self) + "}"
        }
        policy += "}}]}"
        if act.role.hasPrefix("AWSReservedSSO_") {
            let set =
                grant.roles.compactMap(\.uid).first { $0.contains(":permissionSet/") } ?? "PERMISSION_SET_ARN"
            let parts = set.split(separator: "/")
            let instance = parts.count == 3 ? "arn:aws:sso:::instance/\(parts[1])" : "INSTANCE_ARN"
            return [
                "aws sso-admin put-inline-policy-to-permission-set --instance-arn \(word(instance)) "
                    + "--permission-set-arn \(word(set)) --inline-policy \(word(policy))",
                "aws sso-admin provision-permission-set --instance-arn \(word(instance)) "
                    + "--permission-set-arn \(word(set)) --target-type AWS_ACCOUNT --target-id \(word(act.account))",
            ]
        }
        return [
            "aws iam put-role-policy \(DriftRemedy.given("--role-name", act.role)) --policy-name AWSRevokeOlderSessions "
                + "--policy-document \(word(policy))"
        ]
    }

    private var broker: [String] {
        switch grant.system {
        case "teleport":
            return [
                "tctl lock --user=\(word(grant.who)) --ttl=8h --message=\(word("grant \(grant.key.uid) is over"))",
                "tctl requests rm \(word(grant.key.uid))",
            ]
        case "gcp":
            return ["gcloud beta pam grants revoke \(word(grant.key.uid)) --reason=\(word("grant is over"))"]
        case "vault": return ["vault lease revoke \(word(grant.key.uid))"]
        case "boundary": return ["boundary sessions cancel -id \(word(grant.key.uid))"]
        case "azure":
            let scope = grant.resources.compactMap(\.uid).first ?? "/"
            let role = grant.roleNames.first ?? "ROLE"
            return [
                "az role assignment delete --assignee \(word(grant.who)) --role \(word(role)) --scope \(word(scope))"
            ]
        default: return []
        }
    }

    private func word(_ text: String) -> String { Self.word(text) }

    /// One word for a POSIX shell, whatever is in it.
    static func word(_ text: String) -> String {
        let plain = text.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                || "-_./:@+=,".utf8.contains(byte)
        }
        if plain, !text.isEmpty, !text.hasPrefix("-") { return text }
        let visible = String(
            String.UnicodeScalarView(text.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F }))
        return "'" + visible.replacing("'", with: "'\\''") + "'"
    }

    /// In a comment nothing may end the line.
    private func comment(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F }))
    }

    /// One segment of a path: percent-encoded.
    private func path(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF")
        var out = ""
        for byte in text.utf8 {
            let scalar = Unicode.Scalar(byte)
            if byte < 0x80,
                scalar.properties.isAlphabetic || (0x30...0x39).contains(byte) || "-_.@".utf8.contains(byte)
            {
                out.unicodeScalars.append(scalar)
            } else {
                out += "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
            }
        }
        return out
    }
}
