/// Whom or what somebody asks about: a name as it was typed, and what it may be the name of.
package struct CaseEntity: Hashable, Sendable {
    /// The order is that of the guess where a name is several things: what leads to a human comes first.
    package enum Kind: String, CaseIterable, Comparable, Sendable {
        case human, key, session, principal, role, address, resource

        /// Whether all that the human behind it did is asked for, and not only what bears the name.
        var leadsToHuman: Bool { self <= .principal }

        package static func < (a: Self, b: Self) -> Bool {
            (allCases.firstIndex(of: a) ?? 0) < (allCases.firstIndex(of: b) ?? 0)
        }
    }

    /// Without the prefix.
    package let name: String
    /// What the prefix says it is: `role:deploy`; `nil` where nothing is said.
    package let forced: Kind?
    private let folded: String
    private let tails: [String]

    package init(_ typed: String) {
        let parts = typed.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        if parts.count == 2, let kind = Kind(rawValue: parts[0].lowercased()), !parts[1].isEmpty {
            forced = kind
            name = String(parts[1])
        } else {
            forced = nil
            name = typed
        }
        folded = name.lowercased()
        tails = ["/" + name, ":" + name]
    }

    /// Whether a value of an event is the name: all of it, or behind the last part of an ARN or a path; addresses of people
    /// in whatever case.
    package func names(_ value: String) -> Bool {
        if value.isEmpty { return false }
        if value == name { return true }
        if value.utf8.count < name.utf8.count { return false }
        if name.utf8.contains(UInt8(ascii: "@")), value.lowercased() == folded { return true }
        return tails.contains { value.hasSuffix($0) }
    }

    /// The kinds that an event has the name as, acting or acted on.
    func kinds(in event: CaseEvent) -> (acting: Kind?, affected: Kind?) {
        var found: (acting: Kind?, affected: Kind?) = (nil, nil)
        for kind in forced.map({ [$0] }) ?? Kind.allCases {
            if found.acting == nil, event.names(kind).contains(where: names) { found.acting = kind }
            if found.affected == nil, event.affectedNames(kind).contains(where: names) {
                found.affected = kind
            }
        }
        return found
    }
}
