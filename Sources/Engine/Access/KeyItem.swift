/// A key or a grant, as KMS lists them.
struct KeyItem {
    private let kind: String
    private let account: String
    private let subject: Document

    /// Out of an event of `aws.kms`; `nil` for what says nothing of access.
    init?(event: Document) {
        guard let kind = event["metadata"]?["event_code"]?.string,
            let account = event["cloud"]?["account"]?["uid"]?.string,
            let subject = event["resources"]?.list?.first
        else { return nil }
        self.kind = kind
        self.account = account
        self.subject = subject
    }

    func facts(_ texts: PolicyTexts) -> [AccessState.Key: String] {
        guard let id = subject["uid_alt"]?.string, let details = subject["data"] else { return [:] }
        let name = KeyGrant.subject(ofKey: id)
        if kind == "grant" {
            guard let grant = subject["uid"]?.string, let given = KeyGrant(details) else { return [:] }
            return [AccessState.Key(account, name, .sharing, grant): given.text]
        }
        guard kind == "key", let policy = details["Policy"] else { return [:] }
        return [
            AccessState.Key(account, name, .resourcePolicy): policy.string.map(texts.canonical)
                ?? policy.plainJSON
        ]
    }
}

/// What a grant of KMS's gives: to whom, for which operations, and where a limit is set, in which encryption context.
package struct KeyGrant: Hashable, Sendable {
    package var grantee: String
    /// `Decrypt`, `GenerateDataKey`, …; empty where nobody told.
    package var operations: [String] = []
    package var constraints = ""

    private static let separator = "\u{1F}"

    /// Of a call's parameters, or of a list's item; `nil` where nobody gets anything.
    init?(_ document: Document) {
        guard
            let grantee = document.member("granteePrincipal")?.string
                ?? document.member("granteeServicePrincipal")?.string
        else { return nil }
        self.grantee = grantee
        operations = (document.member("operations")?.list ?? []).compactMap(\.string).sorted()
        if let limits = document.member("constraints"), limits.map?.isEmpty == false {
            constraints = Self.folded(limits)
        }
    }

    package init(text: String) {
        let parts = text.split(separator: "\u{1F}", omittingEmptySubsequences: false).map { String($0) }
        grantee = parts[0]
        operations = parts.count > 1 ? parts[1].split(separator: ",").map { String($0) } : []
        constraints = parts.count > 2 ? parts[2] : ""
    }

    package var text: String {
        if operations.isEmpty, constraints.isEmpty { return grantee }
        return [grantee, operations.joined(separator: ","), constraints].joined(separator: Self.separator)
    }

    /// Whether it gives what an action names: `kms:Decrypt`.
    func gives(_ action: String) -> Bool {
        let folded = action.lowercased()
        return operations.contains { "kms:\($0.lowercased())" == folded }
    }

    /// The key as the state of access calls it, by its id or its ARN.
    static func subject(ofKey id: String) -> String { "kms/\(id.split(separator: "/").last ?? "")" }

    /// Calls write `encryptionContextSubset`, lists `EncryptionContextSubset`.
    private static func folded(_ limits: Document) -> String {
        let members = (limits.map ?? []).map { entry in
            (entry.key.prefix(1).uppercased() + entry.key.dropFirst(), entry.value.plainJSON)
        }
        return members.sorted { $0.0 < $1.0 }.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
    }
}
