/// What a credential, a session or an identity is known by: 128 bits of a hash over its kind, its system and its id.
///
/// Ids come from logs and may be chosen by an attacker, so one 64-bit hash would be too little to tell them apart by.
package struct CredentialKey: Hashable, Comparable, Sendable, BitwiseCopyable {
    package var high: UInt64
    package var low: UInt64

    package static let none = CredentialKey(high: 0, low: 0)

    /// What kind of thing a node of the tree is.
    package enum Kind: UInt8, Sendable, BitwiseCopyable {
        /// An access key, a token: an id that its provider hands out once.
        case credential = 1
        /// A sign-in, a role session: by its own id, or by its name and the second in which it began.
        case session
        /// One act that two accounts recorded, each with its own event.
        case act
        /// A service account used in somebody else's name.
        case delegation
        /// A user, a workload, a service: where a chain can end.
        case identity
    }

    /// - Parameter moment: seconds since 1970, where the id is only the node's together with them; else 0.
    init(_ kind: Kind, _ system: UInt64, _ id: Span<UInt8>, moment: Int64 = 0) {
        let seed = system &+ UInt64(kind.rawValue) &* 0x9E37_79B9_7F4A_7C15
        low = WyHash.hash(id, seed: seed)
        high = WyHash.hash(id, seed: ~seed &* 0xD6E8_FEB8_6659_FD93)
        if moment != 0 {
            low = WyHash.mix(low ^ UInt64(bitPattern: moment), 0x2D35_8DCC_AA6C_78A5)
            high = WyHash.mix(high ^ UInt64(bitPattern: moment), 0x8BB8_4B93_962E_ACC9)
        }
    }

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    package static func < (a: CredentialKey, b: CredentialKey) -> Bool {
        a.high != b.high ? a.high < b.high : a.low < b.low
    }
}

/// How an identity is to be taken: as the vendor's record tells it.
package enum Nature: UInt8, CaseIterable, Comparable, Sendable, BitwiseCopyable {
    /// A role's or a token's session, which is nobody by itself.
    case session = 0
    /// A principal of another account, of whom only the account is told.
    case external
    /// An account of which nothing says whether a person or a program is behind it.
    case user
    /// A provider's own service.
    case service
    /// A program: an instance, a function, a build, a service account.
    case workload
    /// The account itself.
    case root
    case human

    /// As mappings and events write it.
    package var name: String {
        switch self {
        case .session: "session"
        case .external: "external"
        case .user: "user"
        case .service: "service"
        case .workload: "workload"
        case .root: "root"
        case .human: "human"
        }
    }

    package static func < (a: Nature, b: Nature) -> Bool { a.rawValue < b.rawValue }
}

/// How far a link of a chain can be trusted.
package enum Certainty: UInt8, Comparable, Sendable, BitwiseCopyable {
    /// Matched by name, place and time.
    case inferred = 0
    /// Somebody other than the provider vouches for it: an identity provider, or who asked for the session.
    case asserted
    /// The provider's own record says it, or an id says it that only the provider hands out.
    case proved

    package var name: String {
        switch self {
        case .inferred: "inferred"
        case .asserted: "asserted"
        case .proved: "proved"
        }
    }

    package static func < (a: Certainty, b: Certainty) -> Bool { a.rawValue < b.rawValue }
}
