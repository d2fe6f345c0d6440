/// What joins a credential to what it came from.
package enum LinkKind: UInt8, CaseIterable, Sendable, BitwiseCopyable {
    // Issued: the event that hands out the credential or the session is there.
    case assumeRole = 1
    case saml, webIdentity, sessionToken, federationToken, assumeRoot, identityCenter, rolesAnywhere
    case consoleSwitch, signIn, token
    /// A service takes its role for a workload.
    case serviceRole
    // Said by the record of the act itself.
    /// The record names whose credential it is.
    case stated
    /// The credential belongs to a session that the record names.
    case ofSession
    /// The session began in another one.
    case inSession
    /// The same act as another account recorded it.
    case sharedEvent
    case delegation
    /// Identity Center names the user on whose behalf the role acts.
    case onBehalfOf
    /// Only the instance's own metadata service hands it out.
    case instanceRole
    // Names that the session carries.
    /// The session of a permission set's role has its user's name.
    case permissionSet
    case sourceIdentity
    case sessionName
    /// Only the other account is known.
    case externalAccount
    /// Who made the credential or the account: no part of a chain.
    case created

    /// As mappings and events write it.
    package var name: String {
        switch self {
        case .assumeRole: "assume_role"
        case .saml: "saml"
        case .webIdentity: "web_identity"
        case .sessionToken: "session_token"
        case .federationToken: "federation_token"
        case .assumeRoot: "assume_root"
        case .identityCenter: "identity_center"
        case .rolesAnywhere: "roles_anywhere"
        case .consoleSwitch: "console_switch"
        case .signIn: "sign_in"
        case .token: "token"
        case .serviceRole: "service_role"
        case .stated: "stated"
        case .ofSession: "of_session"
        case .inSession: "in_session"
        case .sharedEvent: "shared_event"
        case .delegation: "delegation"
        case .onBehalfOf: "on_behalf_of"
        case .instanceRole: "instance_role"
        case .permissionSet: "permission_set"
        case .sourceIdentity: "source_identity"
        case .sessionName: "session_name"
        case .externalAccount: "external_account"
        case .created: "created"
        }
    }

    static let issuing = allCases.filter { $0.rawValue <= serviceRole.rawValue } + [.created]

    package var isIssuing: Bool { rawValue <= LinkKind.serviceRole.rawValue }
}

/// How a link's two ends were found to belong together.
enum LinkBasis: UInt8, BitwiseCopyable {
    /// By an id that only they have.
    case id = 0
    /// By the session's name and the second in which it began.
    case moment
}

extension LinkKind {
    func certainty(_ basis: LinkBasis) -> Certainty {
        if basis == .moment { return .inferred }
        return switch self {
        case .saml, .webIdentity, .permissionSet, .sourceIdentity, .sessionName: .asserted
        default: .proved
        }
    }

    /// How often a link of the kind holds, in thousandths.
    func confidence(_ basis: LinkBasis) -> Int {
        if basis == .moment { return 970 }
        return switch self {
        case .saml, .webIdentity: 980
        case .onBehalfOf, .sourceIdentity: 990
        case .permissionSet: 970
        case .sessionName: 700
        default: 1_000
        }
    }

    /// Which of a node's links is followed: the lowest first.
    func rank(_ basis: LinkBasis) -> UInt8 {
        switch self {
        case .stated, .delegation, .instanceRole: 0
        case .onBehalfOf: basis == .id ? 4 : 5
        case .ofSession: 3
        case .inSession: 1
        case .sharedEvent: 2
        case .permissionSet: 7
        case .sourceIdentity: 8
        case .sessionName: 9
        case .externalAccount: 10
        case .created: 11
        default: basis == .id ? 1 : 6
        }
    }
}
