/// Which accounts, in several systems, are one human's: each join with its reason.
///
/// Like the tree a pure function of the set of what it was told. It learns from identity providers' events (an account
/// and its address in one record) and from a user's file.
package struct IdentityDirectory: Sendable {
    /// Why two accounts are taken for one human's.
    package enum Reason: UInt8, CaseIterable, Sendable {
        /// One record has both ids.
        case sameRecord = 1
        /// A record gives the account this address.
        case sameAddress
        /// The user's file says so.
        case file

        package var name: String {
            switch self {
            case .sameRecord: "same_record"
            case .sameAddress: "same_address"
            case .file: "file"
            }
        }
    }

    package struct Evidence: Hashable, Sendable {
        package var time: Int64
        package var uid: [UInt8]

        package init(time: Int64, uid: [UInt8]) {
            self.time = time
            self.uid = uid
        }

        func isBefore(_ other: Evidence) -> Bool {
            time != other.time ? time < other.time : uid.lexicographicallyPrecedes(other.uid)
        }
    }

    package struct Account: Sendable {
        package var key: CredentialKey
        package var system: String
        /// Escaped as it came; so is the name.
        package var id: [UInt8]
        package var name: [UInt8]?
        package var nature: Nature
        /// Whether it was only ever told as a second id of an account.
        var isOther: Bool
        /// Another account of the same human, or itself; and of that, how the human is called.
        var above: Int
        /// What the accounts joined under this one are, the most telling.
        var together: Nature
        var label: Label
    }

    /// What a human is called: the user's word, else an address, else an id, which is nobody else's as a name might be;
    /// of several the first in byte order.
    struct Label: Comparable, Sendable {
        var rank: UInt8
        var text: [UInt8]
        /// What the user's file says it is.
        var nature: Nature?

        static func < (a: Label, b: Label) -> Bool {
            a.rank != b.rank ? a.rank < b.rank : a.text.lexicographicallyPrecedes(b.text)
        }
    }

    struct Join: Hashable, Sendable {
        var a: CredentialKey
        var b: CredentialKey
        var reason: Reason
    }

    /// Accounts beyond are not told apart from strangers; what is known stays.
    static let accountsMax = 500_000

    private(set) var accounts: [Account] = []
    private(set) var joins: [Join: Evidence] = [:]
    private var places: [CredentialKey: Int] = [:]
    /// Grows with all that was new.
    private(set) var changes: UInt64 = 0
    /// Grows when somebody who is known is called or taken for something else.
    private(set) var namings: UInt64 = 0
    /// Accounts passed over at the limit.
    package private(set) var passedOver = 0

    package init() {}

    package var count: Int { accounts.count }

    /// ASCII letters made small: addresses are compared so.
    static func lowered(_ text: [UInt8]) -> [UInt8] {
        text.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
    }

    // MARK: Learning

    /// - Parameter isOther: whether it is a second id of an account, which is not what people call it.
    /// - Returns: whether the account is new.
    @discardableResult
    package mutating func add(
        _ key: CredentialKey, system: String, id: [UInt8], name: [UInt8]? = nil, nature: Nature,
        isOther: Bool = false
    ) -> Bool {
        let label = Label(rank: system == "email" ? 1 : isOther ? 3 : 2, text: id)
        if let place = places[key] {
            if accounts[place].nature < nature {
                accounts[place].nature = nature
                changes += 1
            }
            let top = top(of: place)
            if accounts[top].together < nature {
                accounts[top].together = nature
                namings += 1
            }
            if accounts[place].isOther, !isOther {
                accounts[place].isOther = false
                changes += 1
            }
            if let name {
                let isFirst = accounts[place].name.map { name.lexicographicallyPrecedes($0) } ?? true
                if isFirst {
                    accounts[place].name = name
                    changes += 1
                }
            }
            call(place, label)
            return false
        }
        guard accounts.count < Self.accountsMax else {
            passedOver += 1
            return false
        }
        places[key] = accounts.count
        changes += 1
        accounts.append(
            Account(
                key: key, system: system, id: id, name: name, nature: nature, isOther: isOther,
                above: accounts.count,
                together: nature, label: label))
        return true
    }

    package mutating func join(
        _ a: CredentialKey, _ b: CredentialKey, _ reason: Reason, _ evidence: Evidence
    ) {
        guard a != b, let first = places[a], let second = places[b] else { return }
        let join = Join(a: min(a, b), b: max(a, b), reason: reason)
        if let held = joins[join] {
            if evidence.isBefore(held) {
                joins[join] = evidence
                changes += 1
            }
            return
        }
        joins[join] = evidence
        changes += 1
        let (top, other) = (top(of: first), top(of: second))
        if top == other { return }
        namings += 1
        let (low, high) = accounts[top].key < accounts[other].key ? (top, other) : (other, top)
        accounts[high].above = low
        accounts[low].together = max(accounts[low].together, accounts[high].together)
        accounts[low].label = Self.merged(accounts[low].label, accounts[high].label)
    }

    /// One human of the user's file: accounts by `system id`, an address or an ARN.
    package mutating func add(person name: String, nature: Nature, accounts ids: [String]) {
        var first: CredentialKey?
        for id in ids {
            let (system, text) = Self.parts(id)
            let bytes = system == "email" ? Self.lowered(Array(text.utf8)) : Array(text.utf8)
            let named = Array(system.utf8)
            let key = CredentialKey(.identity, WyHash.hash(named.span), bytes.span)
            add(key, system: system, id: bytes, nature: nature)
            guard let place = places[key] else { continue }
            call(place, Label(rank: 0, text: Array(name.utf8), nature: nature))
            if let first { join(first, key, .file, Evidence(time: 0, uid: [])) } else { first = key }
        }
    }

    /// `okta 00u1` into its two parts; addresses and ARNs say themselves what they are.
    package static func parts(_ text: String) -> (system: String, id: String) {
        if let space = text.firstIndex(of: " ") {
            return (String(text[..<space]), String(text[text.index(after: space)...]))
        }
        if text.hasPrefix("arn:") { return ("aws", text) }
        return ("email", text)
    }

    /// The user's word for whom an account is.
    mutating func call(_ key: CredentialKey, _ name: [UInt8], _ nature: Nature?) {
        if let place = places[key] { call(place, Label(rank: 0, text: name, nature: nature)) }
    }

    private mutating func call(_ place: Int, _ label: Label) {
        let top = top(of: place)
        let new = Self.merged(accounts[top].label, label)
        if new == accounts[top].label { return }
        accounts[top].label = new
        namings += 1
    }

    private static func merged(_ a: Label, _ b: Label) -> Label {
        var label = min(a, b)
        label.nature = [a.nature, b.nature].compactMap { $0 }.max()
        return label
    }

    /// The account that stands for all of the human's: the same in whatever order they were joined.
    private func top(of place: Int) -> Int {
        var place = place
        while accounts[place].above != place { place = accounts[place].above }
        return place
    }

    // MARK: Asking

    /// A human, or whoever an account is one of.
    package struct Person: Sendable {
        package var key: CredentialKey
        package var name: [UInt8]
        /// The user's word, else what one of the accounts is.
        package var nature: Nature
    }

    package func person(_ key: CredentialKey) -> Person? {
        guard let place = places[key] else { return nil }
        let top = accounts[top(of: place)]
        return Person(key: top.key, name: top.label.text, nature: top.label.nature ?? top.together)
    }

    /// The joins that make the account one of the human's, in the order of their keys.
    package func joins(of key: CredentialKey) -> [(a: Account, b: Account, reason: Reason, uid: [UInt8])] {
        guard let place = places[key] else { return [] }
        let top = top(of: place)
        return joins.filter { join, _ in places[join.a].map { self.top(of: $0) == top } ?? false }
            .sorted {
                ($0.key.a, $0.key.b, $0.key.reason.rawValue) < ($1.key.a, $1.key.b, $1.key.reason.rawValue)
            }
            .compactMap { join, evidence in
                guard let a = places[join.a], let b = places[join.b] else { return nil }
                return (accounts[a], accounts[b], join.reason, evidence.uid)
            }
    }

    /// The accounts in the order of their keys.
    var sorted: [Account] { accounts.sorted { $0.key < $1.key } }

    /// Adds all that another one knows.
    package mutating func merge(_ other: IdentityDirectory) {
        for account in other.accounts {
            add(
                account.key, system: account.system, id: account.id, name: account.name,
                nature: account.nature, isOther: account.isOther)
            guard account.label.rank == 0, let place = places[account.key] else { continue }
            call(place, account.label)
        }
        for (join, evidence) in other.joins { self.join(join.a, join.b, join.reason, evidence) }
    }
}
