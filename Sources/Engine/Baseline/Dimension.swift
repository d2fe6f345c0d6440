/// What a fact says something about.
///
/// A value of a dimension is 28 bits of a hash under the dimension's four: two values of one identity are taken for
/// one another once in 13 million comparisons.
package enum Dimension: UInt8, CaseIterable, Sendable {
    case network = 0
    case country, agent, device, method, client
    case region, account, role
    case service, action
    /// A rule or detector that fired.
    case rule
    /// What the identity has in common with its peers: its role, permission set, first group or account.
    case peer
    /// A user name that failed to sign in: of addresses only.
    case victim
    /// The addresses that somebody comes from, where a database tells places: who shares them with many is anywhere.
    case egress

    /// Those that are counted by kind of identity: all but the last.
    package static let count = 14

    /// As explanations call it.
    var noun: String {
        switch self {
        case .network: "network"
        case .country: "country"
        case .agent: "client program"
        case .device: "device"
        case .method: "kind of credential"
        case .client: "application"
        case .region: "region"
        case .account: "account"
        case .role: "role"
        case .service: "service"
        case .action: "action"
        case .rule: "rule"
        case .peer: "peer group"
        case .victim: "user name"
        case .egress: "address range"
        }
    }

    /// Whether its values are part of what an identity usually does.
    var isHabit: Bool { rawValue <= Dimension.action.rawValue }

    /// Whether a profile keeps its values.
    var isRemembered: Bool { isHabit || self == .peer || self == .rule || self == .egress }

    func value(of hash: UInt64) -> UInt32 { UInt32(rawValue) << 28 | UInt32(truncatingIfNeeded: hash >> 36) }

    /// The value for the text of another dimension's value.
    func value(like other: UInt32) -> UInt32 { UInt32(rawValue) << 28 | other & 0x0FFF_FFFF }

    static func of(_ value: UInt32) -> Dimension { Dimension(rawValue: UInt8(value >> 28)) ?? .rule }
}

/// Some dimensions, as bits.
struct DimensionSet: Sendable {
    private let bits: UInt32

    init(_ dimensions: [Dimension]) { bits = dimensions.reduce(0) { $0 | 1 << UInt32($1.rawValue) } }

    @inline(__always) func contains(_ dimension: Dimension) -> Bool {
        bits >> UInt32(dimension.rawValue) & 1 == 1
    }
}

/// How much an action can do, from its class and its name.
enum AccessLevel: UInt8, Sendable {
    case list = 0
    case read, write, permissions
}

/// Signs of what kind of identity acts, gathered over a day; a set, so that order and repetition change nothing.
package struct Traits: OptionSet, Sendable, Hashable {
    package let rawValue: UInt16

    package init(rawValue: UInt16) { self.rawValue = rawValue }

    static let browser = Traits(rawValue: 1)
    static let program = Traits(rawValue: 2)
    static let multifactor = Traits(rawValue: 4)
    static let personal = Traits(rawValue: 8)
    static let service = Traits(rawValue: 16)
    static let breakGlass = Traits(rawValue: 32)
    static let address = Traits(rawValue: 64)
    static let workload = Traits(rawValue: 128)
    /// Its places were read with a database of places at hand.
    static let located = Traits(rawValue: 256)

    /// Positive for people, negative for machines.
    var odds: Int {
        var odds = 0
        if contains(.browser) { odds += 2 }
        if contains(.multifactor) { odds += 2 }
        if contains(.personal) { odds += 3 }
        if contains(.program) { odds -= 1 }
        if contains(.workload) { odds -= 4 }
        return odds
    }
}

/// What an identity is, as far as it can be told from what it does.
package enum EntityKind: UInt8, CaseIterable, Sendable {
    case human = 0
    case machine, service, breakGlass, address

    package var name: String {
        switch self {
        case .human: "human"
        case .machine: "machine"
        case .service: "service"
        case .breakGlass: "break_glass"
        case .address: "address"
        }
    }

    init(_ traits: Traits, odds: Int) {
        self =
            if traits.contains(.address) {
                .address
            } else if traits.contains(.breakGlass) {
                .breakGlass
            } else if traits.contains(.service) {
                .service
            } else {
                odds >= 0 ? .human : .machine
            }
    }
}
