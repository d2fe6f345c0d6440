package import Engine

/// What the other systems of Example Corp record of the same people: the identity provider, the access broker, GitHub,
/// Kubernetes, Google Cloud, Azure, Snowflake.
///
/// Everything hangs on the visits that the trail plays: who signs in to AWS has come through Okta a moment before, who
/// works in prod has asked Teleport for it. It has dice of its own, so that the trail of a seed is the same with it and
/// without. Some records are delivered twice, and some late.
package struct SyntheticFeeds: Sendable {
    /// A person's coming to work in an account, or a step of an attack on another system than AWS.
    package struct Moment: Sendable {
        package var person: Int
        package var time: Timestamp
        package var address: String
        package var account = ""
        /// The first of their day.
        package var isFirst = false
        /// The step, where it is one.
        var deed: Deed?
        /// What the step is part of, where it is one of the attack itself.
        var attack: Attack?
    }

    /// The place of a step in a storyline, for its label.
    struct Attack: Sendable {
        var storyline: String
        var step: Int
        var technique: String
        var human: String
    }

    /// Who does something: whose account it is, from where, with what.
    struct Hand: Sendable {
        var person: Int
        var who: Organization.Person
        var address: String
        var browser: String
        /// What tells this session of theirs from their others: one a day.
        var session: String

        init(_ moment: Moment, _ who: Organization.Person) {
            person = moment.person
            self.who = who
            address = moment.address
            browser = who.browser
            session = "\(moment.time.seconds / 86_400)"
        }
    }

    /// A day of one feed, as it was delivered.
    package struct File: Sendable {
        package let feed: String
        /// `okta/system_log/2026-11-02.ndjson`.
        package let path: String
        package let records: Int
        package let bytes: [UInt8]
    }

    package static let feeds = [
        "azure.activity", "entra.signin", "gcp.audit", "github.audit", "google_workspace.activity",
        "kubernetes.audit", "okta.system_log", "snowflake.login_history", "teleport.audit",
    ]

    /// Of a thousand records: delivered twice, and late by up to hours.
    private static let repeatedPerMille = 2
    private static let latePerMille = 3

    private struct Waiting: Sendable {
        var delivered: Timestamp
        var feed: String
        var line: String
    }

    let organization: Organization
    var dice: Dice
    private let seed: UInt64
    private var waiting: [Waiting] = []
    package private(set) var records = 0
    package private(set) var late = 0
    package private(set) var repeated = 0
    /// The truth about the steps of attacks that were played here.
    package internal(set) var labels: [Label] = []

    package init(seed: UInt64, identities: Int) {
        self.seed = seed
        organization = Organization(seed: seed, identities: identities)
        dice = Dice(seed: Dice.seed(seed, for: "feeds"))
    }

    /// Enters a record of a feed.
    mutating func record(_ feed: String, at time: Timestamp, _ line: String) {
        records += 1
        var delivered = time + .seconds(dice.within(2...240))
        if dice.below(1_000) < Self.latePerMille {
            delivered = time + .seconds(dice.within(1_800...20_000))
            late += 1
        }
        waiting.append(Waiting(delivered: delivered, feed: feed, line: line))
        if dice.below(1_000) < Self.repeatedPerMille {
            waiting.append(
                Waiting(delivered: delivered + .seconds(dice.within(1...900)), feed: feed, line: line))
            repeated += 1
        }
    }

    /// The whole days that have been delivered before a time; all that is left without one.
    package mutating func files(before time: Timestamp? = nil) -> [File] {
        // Who works in prod asked for it a quarter of an hour before the visit: a day ends a little later here.
        let end = time.map { floorDivide(($0 - .hours(1)).seconds, 86_400) } ?? .max
        let isDue = { (one: Waiting) in floorDivide(one.delivered.seconds, 86_400) < end }
        guard waiting.contains(where: isDue) else { return [] }
        var due: [String: [Waiting]] = [:]
        for one in waiting where isDue(one) {
            let day = Timestamp(seconds: floorDivide(one.delivered.seconds, 86_400) * 86_400).iso8601
            let path = one.feed.replacing(".", with: "/") + "/" + day.prefix(10) + ".ndjson"
            due[path, default: []].append(one)
        }
        waiting.removeAll(where: isDue)
        return due.sorted { $0.key < $1.key }.map { path, all in
            let sorted = all.enumerated().sorted {
                ($0.element.delivered, $0.offset) < ($1.element.delivered, $1.offset)
            }
            var bytes: [UInt8] = []
            for (_, one) in sorted { bytes += Array((one.line + "\n").utf8) }
            return File(feed: all[0].feed, path: path, records: all.count, bytes: bytes)
        }
    }

    // MARK: A person's work

    package mutating func play(_ moment: Moment) {
        if let deed = moment.deed { return play(deed, moment) }
        let who = organization.people[moment.person]
        signIn(moment, who)
        switch who.team.name {
        case "platform":
            if moment.account == "prod" { askForProduction(moment, who) }
            if dice.chance(0.7) { useCluster(moment, who, isOperator: true) }
            if dice.chance(0.15) { changeAzure(moment, who) }
        case "backend":
            useGitHub(moment, who)
            if dice.chance(0.4) { useCluster(moment, who, isOperator: false) }
        case "frontend": useGitHub(moment, who)
        case "data":
            useSnowflake(moment, who)
            useGoogleCloud(moment, who)
        case "security": if dice.chance(0.3) { administerOkta(moment, who) }
        case "support": if dice.chance(0.2) { administerOkta(moment, who) }
        default: break
        }
    }

    /// A number that a person keeps, whatever else is drawn.
    func identifier(_ person: Int, _ system: String) -> UInt64 {
        Dice.seed(seed, for: "\(system)/\(person)")
    }

    /// Somebody else of the same team, or the person themselves where they are alone.
    mutating func colleague(of person: Int) -> Int {
        let team = organization.people[person].team.name
        let others = organization.people.indices.filter {
            $0 != person && organization.people[$0].team.name == team
        }
        return others.isEmpty ? person : dice.pick(others)
    }
}

extension Organization.Person {
    /// `alice.adler`.
    var login: String { String(email.prefix { $0 != "@" }) }
    /// `Alice Adler`.
    var fullName: String {
        login.split(separator: ".").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined(separator: " ")
    }
}
