extension AccessState {
    /// The kinds of things that access consists of.
    package enum Kind: String, CaseIterable, Sendable {
        /// A principal: its value is its ARN.
        case identity
        /// A group that a user is in.
        case membership
        /// A managed policy that is attached: its part is the policy's ARN.
        case attachment
        /// A policy of its own, by name: its value is the document.
        case inline
        case boundary
        /// Who may take a role: its value is the document.
        case trust
        /// A managed policy's version: the subject is the policy's ARN, the part the version.
        case version
        /// Which version of a managed policy counts.
        case defaultVersion = "default-version"
        case accessKey = "access-key"
        case password
        case mfa
        /// Who may use a resource: its value is the document.
        case resourcePolicy = "resource-policy"
        /// What keeps a bucket or an account from being public: `on`, or which switches are off.
        case publicAccessBlock = "public-access-block"
        /// Whom a resource is given to beside its policy: its part is the one who got it, its value as well.
        case sharing
        /// A service or resource control policy: its value is the document.
        case guardrail
        /// Where a guardrail holds; whatever limits access and is no document is one of these, too.
        case guardrailTarget = "guardrail-target"
        /// Which unit of an organization an account or a unit is in: its value is the unit's id.
        case placement
        /// Somebody has a role somewhere: its value is an `AccessAssignment`.
        case assignment
        /// What a role of Azure's or Google's may do: its value is the document.
        case roleDefinition = "role-definition"
        /// Who vouches for identities: its value tells one configuration from another.
        case federation
        /// A trail, a recorder or a stream of audit records.
        case recording
    }
}

extension AccessState.Kind {
    /// Its place among the kinds in the order of their names.
    var order: UInt8 {
        switch self {
        case .accessKey: 0
        case .assignment: 1
        case .attachment: 2
        case .boundary: 3
        case .defaultVersion: 4
        case .federation: 5
        case .guardrail: 6
        case .guardrailTarget: 7
        case .identity: 8
        case .inline: 9
        case .membership: 10
        case .mfa: 11
        case .password: 12
        case .placement: 13
        case .publicAccessBlock: 14
        case .recording: 15
        case .resourcePolicy: 16
        case .roleDefinition: 17
        case .sharing: 18
        case .trust: 19
        case .version: 20
        }
    }
}
