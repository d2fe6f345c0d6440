/// What the house holds a grant to, and what its brokers' roles give access to.
package struct GrantPolicy: Sendable {
    /// What a broker's role gives access to in another system: `prod-admin` of Teleport is a role in an AWS account.
    ///
    /// Patterns know `*` and `?`, and no case.
    package struct Scope: Sendable {
        package var provider = "*"
        package var role = "*"
        /// The vendor of the other system's feed: `aws`, `gcp`, …
        package var system: String
        package var accounts = ["*"]
        package var roles = ["*"]

        package init(system: String) { self.system = system }
    }

    /// Where nobody may act without a grant.
    package struct Place: Sendable {
        package var system: String
        package var accounts = ["*"]
        package var roles = ["*"]

        package init(system: String) { self.system = system }
    }

    /// A longer grant is told: eight hours, a shift.
    package var durationMax: Duration = .hours(8)
    /// More renewals in a row are told.
    package var renewalsMax = 2
    /// A grant that begins within this time after the last one's end is its renewal.
    package var renewalGap: Duration = .minutes(10)
    /// Brokers' clocks and clouds' clocks differ.
    package var skew: Duration = .minutes(2)
    /// An act longer after a grant than this has nothing to do with it.
    package var near: Duration = .hours(24)
    /// An act longer before a grant than this has nothing to do with it.
    package var lead: Duration = .hours(1)
    /// While a pipeline runs, an act without its grant is not told before a broker has had so long to tell of it.
    package var wait: Duration = .minutes(15)
    /// Principals, addresses and roles that are for emergencies.
    package var breakGlass: [String] = []
    package var scopes: [Scope] = []
    package var brokered: [Place] = []

    package init() {}

    /// Whether a text is one of those that patterns name; an empty text is none but `*`'s.
    static func matches(_ patterns: [String], _ text: String) -> Bool {
        let text = text.lowercased()
        return patterns.contains { pattern in
            pattern == "*" || WildcardPattern(pattern.lowercased()).matches(text)
        }
    }

    /// Whether a person means this name: without case, `*` for any text.
    package static func isNamed(_ name: String, by pattern: String) -> Bool { matches([pattern], name) }

    func isBreakGlass(_ names: [String]) -> Bool {
        !breakGlass.isEmpty && names.contains { !$0.isEmpty && Self.matches(breakGlass, $0) }
    }

    func isBrokered(system: String, account: String, role: String) -> Bool {
        brokered.contains { place in
            place.system == system && Self.matches(place.accounts, account) && Self.matches(place.roles, role)
        }
    }
}
