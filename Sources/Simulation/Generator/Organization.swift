/// Example Corp: who works there, in which accounts, on which machines. Made once from the seed.
struct Organization: Sendable {
    static let identifier = "o-exampleorg1"
    static let identityStore = "d-9067example"
    /// Home region first: global services and most work are recorded there.
    static let regions = ["us-east-1", "eu-west-1", "ap-southeast-2"]

    struct Account: Sendable {
        let id: String
        let name: String
        /// Eight letters that all key and role ids of an account share.
        let keyStem: String
        /// Values of pooled slots, by the slot's place in `Slot.allCases`.
        let pools: [[String]]
        /// The address its private networks leave by, as others see it.
        let egress: String
        /// How much of the organization's machine activity it has.
        let share: Int
    }

    struct Person: Sendable {
        let email: String
        let team: Team
        /// Hours east of UTC, of the place they work from.
        let zone: Int
        /// Local hour at which the day usually begins.
        let startHour: Int
        let homeAddress: String
        let officeAddress: String
        let browser: String
        let shell: String
        /// Identity store user id.
        let storeID: String
        /// Whether they come in through the older SAML federation rather than through Identity Center.
        let usesDirectFederation: Bool
        let region: Int
    }

    struct Team: Sendable {
        let name: String
        /// Mixes and their weights.
        let work: [(mix: String, weight: Int)]
        /// Accounts and their weights.
        let accounts: [(name: String, weight: Int)]
        let permissionSet: String
        let weight: Int
        /// Share of working days on which a member touches AWS.
        let presence: Double
    }

    let accounts: [Account]
    let people: [Person]
    let seed: UInt64

    /// Identities below 1 count as 1, above 100,000 as 100,000.
    init(seed: UInt64, identities: Int) {
        self.seed = seed
        var dice = Dice(seed: Dice.seed(seed, for: "organization"))
        accounts = Organization.accountFacts.map { fact in
            Account(
                id: fact.id, name: fact.name, keyStem: dice.base32(8),
                pools: Organization.pools(of: fact.name, &dice), egress: fact.egress, share: fact.share)
        }
        var people: [Person] = []
        let teamWeights = Organization.teams.reduce(0) { $0 + $1.weight }
        for number in 0..<min(100_000, max(1, identities)) {
            var draw = dice.below(teamWeights)
            let team = Organization.teams.first { team in
                draw -= team.weight
                return draw < 0
            }
            people.append(Organization.person(number, in: team ?? Organization.teams[0], &dice))
        }
        self.people = people
    }

    func account(_ name: String) -> Int {
        guard let index = accounts.firstIndex(where: { $0.name == name }) else {
            preconditionFailure("no account is called \(name)")
        }
        return index
    }

    private static let accountFacts: [(id: String, name: String, egress: String, share: Int)] = [
        ("111122223333", "management", "192.0.2.8", 4),
        ("222233334444", "security", "192.0.2.9", 8),
        ("444455556666", "prod", "192.0.2.10", 40),
        ("555566667777", "staging", "192.0.2.11", 14),
        ("666677778888", "dev", "192.0.2.12", 10),
        ("777788889999", "data", "192.0.2.13", 20),
        ("888899990000", "sandbox", "192.0.2.14", 4),
    ]

    static let teams: [Team] = [
        Team(
            name: "platform",
            work: [
                ("compute", 5), ("containers", 5), ("network", 4), ("administration", 4), ("monitoring", 4),
                ("identity", 2),
            ],
            accounts: [("prod", 4), ("staging", 4), ("dev", 3), ("management", 1)],
            permissionSet: "PlatformAdmin", weight: 12, presence: 0.85),
        Team(
            name: "backend",
            work: [("serverless", 6), ("containers", 5), ("monitoring", 5), ("databases", 3)],
            accounts: [("dev", 6), ("staging", 4), ("prod", 2)],
            permissionSet: "Developer", weight: 34, presence: 0.6),
        Team(
            name: "frontend", work: [("storage", 5), ("serverless", 3), ("monitoring", 3), ("network", 1)],
            accounts: [("dev", 6), ("staging", 3)],
            permissionSet: "Developer", weight: 18, presence: 0.4),
        Team(
            name: "data", work: [("data", 12), ("storage", 4), ("databases", 2), ("monitoring", 1)],
            accounts: [("data", 8), ("dev", 2), ("sandbox", 1)],
            permissionSet: "DataAnalyst", weight: 16, presence: 0.7),
        Team(
            name: "security", work: [("security", 10), ("identity", 5), ("network", 1), ("storage", 1)],
            accounts: [("security", 8), ("management", 1), ("prod", 1)],
            permissionSet: "SecurityAudit", weight: 6, presence: 0.85),
        Team(
            name: "finance", work: [("finance", 1)], accounts: [("management", 1)],
            permissionSet: "Billing", weight: 4, presence: 0.3),
        Team(
            name: "support", work: [("monitoring", 5), ("databases", 2), ("compute", 2)],
            accounts: [("prod", 1)], permissionSet: "SupportReadOnly", weight: 10, presence: 0.4),
    ]

    /// Where people work, hours east of UTC (winter), their office's address, and their nearest region.
    private static let places: [(zone: Int, office: String, region: Int, weight: Int)] = [
        (-5, "203.0.113.8", 0, 40), (-8, "203.0.113.9", 0, 20), (0, "203.0.113.10", 1, 15),
        (1, "203.0.113.11", 1, 20), (10, "203.0.113.12", 2, 5),
    ]

    private static func person(_ number: Int, in team: Team, _ dice: inout Dice) -> Person {
        let first = Names.first[number % Names.first.count]
        let last = Names.last[(number / Names.first.count * 7 + number * 3) % Names.last.count]
        let round = number / (Names.first.count * Names.last.count)
        var draw = dice.below(100)
        let place =
            places.first { place in
                draw -= place.weight
                return draw < 0
            } ?? places[0]
        return Person(
            email: "\(first).\(last)\(round == 0 ? "" : "\(round + 1)")@example.com", team: team,
            zone: place.zone, startHour: dice.within(7...10),
            homeAddress: dice.chance(0.85)
                ? "198.51.100.\(1 + number % 180)"
                : "2001:db8:\(hex(dice.below(0xFFFF))):1::\(1 + number % 90)",
            officeAddress: place.office, browser: dice.pick(Names.browsers), shell: dice.pick(Names.shells),
            storeID: dice.uuid(), usesDirectFederation: dice.chance(0.2), region: place.region)
    }

    private static func hex(_ value: Int) -> String { String(value, radix: 16) }
}

extension Dice {
    private static let letters32 = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)
    private static let lettersHex = Array("0123456789abcdef".utf8)

    mutating func base32(_ count: Int) -> String { text(count, of: Dice.letters32, bits: 5) }
    mutating func hex(_ count: Int) -> String { text(count, of: Dice.lettersHex, bits: 4) }

    private mutating func text(_ count: Int, of letters: [UInt8], bits: UInt64) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count)
        var word: UInt64 = 0
        for place in 0..<count {
            if place % 12 == 0 { word = next() }
            bytes.append(letters[Int(word & (1 << bits - 1))])
            word >>= bits
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    mutating func uuid() -> String {
        var bytes: [UInt8] = []
        appendUUID(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// A random (version 4) UUID in lower case.
    mutating func appendUUID(to bytes: inout [UInt8]) {
        let high = next() & 0xFFFF_FFFF_FFFF_0FFF | 0x4000
        let low = next() & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
        for place in 0..<32 {
            if place == 8 || place == 12 || place == 16 || place == 20 { bytes.append(0x2D) }
            let word = place < 16 ? high : low
            bytes.append(Dice.lettersHex[Int(word >> UInt64(60 - place % 16 * 4) & 15)])
        }
    }
}
