import Engine

/// One identity of `HabitTrail`: what it does, from where, and how often it does something it never did.
package struct Persona: Sendable {
    package enum Kind: Sendable { case human, clocked, scanner, backup }

    /// From where and with what a call is made.
    struct Circumstances: Sendable {
        var address: String
        var agent: String
        var region: String
        var key: String
    }

    static let regions = ["us-east-1", "eu-west-1", "ap-southeast-2", "eu-central-1"]
    static let attackersPrograms = [
        "Boto3/1.28.9 md/Botocore#1.31.9 os/linux", "aws-cli/2.11.2 Python/3.11.2 Linux/6.1",
        "aws-sdk-go-v2/1.17.4 os/linux lang/go", "python-requests/2.28",
    ]
    private static let browsers = [
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 Chrome/VERSION Safari/537.36",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/VERSION Safari/537.36",
        "Mozilla/5.0 (X11; Linux x86_64; rv:109.0) Gecko/20100101 Firefox/VERSION",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/VERSION Safari/537.36 Edg/VERSION",
    ]
    private static let programs = [
        "aws-cli/2.VERSION Python/3.11 Darwin/22", "aws-cli/2.VERSION Python/3.11 Linux/6.1",
        "Boto3/1.VERSION md/Botocore os/macos", "aws-sdk-go-v2/1.VERSION os/linux",
        "APN/1.0 HashiCorp/1.0 Terraform/1.VERSION",
    ]

    let number: Int
    package let kind: Kind
    package let name: String
    var team: Int
    let account: String
    let role: String
    let keyStem: String
    let session: String
    package internal(set) var home: String
    let office: String
    let mobile: String
    var browser: Int
    var program: Int
    var version: Int
    var ownAgent: String?
    let region: String
    let startHour: Int
    let hoursLong: Int
    let business: Double
    let consoleShare: Double
    let nightShare: Double
    let mobileShare: Double
    let errorShare: Double
    /// How often a call is something that it never did: 0.1 to 8 %, log-normal.
    let novelty: Double
    /// How often on a day it changes its program, and goes on a journey.
    let programChange: Double
    let travel: Double
    /// Calls it makes, the most frequent first.
    var habits: [Int]
    var away: (address: String, until: Int)?
    var isAtOffice = false
    package internal(set) var lastActiveDay = -1

    init(
        _ number: Int, _ teams: [HabitTrail.Team], _ options: HabitTrail.Options, _ calls: [HabitTrail.Call],
        _ dice: inout Dice
    ) {
        self.number = number
        let draw = dice.fraction()
        kind = draw < 0.72 ? .human : draw < 0.95 ? .clocked : draw < 0.965 ? .scanner : .backup
        team = dice.below(teams.count)
        account = teams[team].account
        keyStem = dice.base32(12)
        let isHuman = kind == .human
        name = isHuman ? "p\(number)@example.com" : "job-\(number)"
        session = isHuman ? name : "i-0\(dice.hex(16))"
        role = isHuman ? "AWSReservedSSO_\(teams[team].name)_\(dice.hex(16))" : "job-\(number)-role"
        home =
            "\(dice.pick(["81", "88", "92", "109"])).\(dice.below(60)).\(dice.below(250)).\(dice.within(1...250))"
        office = teams[team].office
        mobile = "100.\(64 + dice.below(20)).\(dice.below(250)).\(dice.within(1...250))"
        if !isHuman { home = "52.\(dice.below(8)).\(dice.below(250)).\(dice.within(1...250))" }
        browser = dice.below(Self.browsers.count)
        program = dice.below(Self.programs.count)
        version = 100 + dice.below(20)
        region = dice.chance(0.7) ? Self.regions[0] : dice.pick(Self.regions)
        startHour = dice.within(6...10)
        hoursLong = dice.within(7...10)
        business = Self.logNormal(middle: 0.8, spread: 0.6, &dice)
        consoleShare = dice.fraction()
        nightShare = min(0.3, Self.logNormal(middle: 0.02, spread: 1, &dice))
        mobileShare = dice.chance(0.3) ? 0.08 : 0
        errorShare = min(0.1, Self.logNormal(middle: 0.015, spread: 0.7, &dice))
        novelty = max(0.001, min(0.08, Self.logNormal(middle: 0.008, spread: 1, &dice)))
        programChange = min(0.05, Self.logNormal(middle: 0.006, spread: 1, &dice))
        travel = min(0.08, Self.logNormal(middle: 0.01, spread: 1, &dice))
        habits = []
        let pool = teams[team].pool
        for _ in 0..<(8 + dice.below(16)) { habits.append(pool[dice.skewed(pool.count)]) }
    }

    /// About e to the power of a normal draw, from the sum of twelve even ones.
    private static func logNormal(middle: Double, spread: Double, _ dice: inout Dice) -> Double {
        var sum = -6.0
        for _ in 0..<12 { sum += dice.fraction() }
        var power = sum * spread
        var result = middle
        // In steps of a half, so that no logarithm is needed whose last bit is not the same everywhere.
        while power > 0.5 {
            result *= 1.648_721_270_700_128
            power -= 0.5
        }
        while power < -0.5 {
            result /= 1.648_721_270_700_128
            power += 0.5
        }
        return result * (1 + power + power * power / 2)
    }

    // MARK: Days

    mutating func works(on day: Int, isWeekend: Bool, isHoliday: Bool, _ dice: inout Dice) -> Bool {
        guard kind == .human else { return true }
        isAtOffice = away == nil && dice.chance(0.5)
        return dice.chance(isHoliday ? 0.12 : isWeekend ? 0.07 : 0.92)
    }

    /// What changes in a life: journeys, other programs, another provider at home, another team.
    mutating func change(on day: Int, _ teams: [HabitTrail.Team], _ dice: inout Dice) {
        guard kind == .human else {
            if dice.chance(0.01) { version += 1 }
            return
        }
        if dice.chance(0.1) { version += 1 }
        if let trip = away, trip.until < day { away = nil }
        if away == nil, dice.chance(travel) {
            let address = "185.\(dice.below(120)).\(dice.below(250)).\(dice.within(1...250))"
            away = (address, day + 1 + dice.below(4))
        }
        if dice.chance(programChange) {
            if dice.chance(0.5) {
                browser = dice.below(Self.browsers.count)
            } else {
                program = dice.below(Self.programs.count)
            }
        }
        if dice.chance(0.003) { home = "89.\(dice.below(60)).\(dice.below(250)).\(dice.within(1...250))" }
        if dice.chance(0.0008) {
            team = dice.below(teams.count)
            let pool = teams[team].pool
            for _ in 0..<10 { habits.insert(pool[dice.skewed(pool.count)], at: 0) }
        }
    }

    mutating func take(_ rollOut: HabitTrail.RollOut) {
        guard kind == .human else { return }
        habits = rollOut.calls + habits
        if let agent = rollOut.agent { ownAgent = agent }
    }

    /// What it does next: a habit, or something new, which may become one.
    mutating func draw(_ teams: [HabitTrail.Team], _ calls: Int, _ dice: inout Dice) -> Int {
        guard dice.chance(novelty) else { return habits[dice.skewed(habits.count)] }
        let pool = teams[team].pool
        let call = dice.chance(0.7) ? pool[dice.below(pool.count)] : dice.below(calls)
        if dice.chance(0.5) { habits.append(call) }
        return call
    }

    func circumstances(isConsole: Bool) -> Circumstances {
        let address = away?.address ?? (isAtOffice ? office : home)
        let form = isConsole ? Self.browsers[browser] : ownAgent ?? Self.programs[program]
        let agent = kind == .human ? form : Self.programs[program]
        return Circumstances(
            address: address, agent: Self.versioned(agent, version), region: region,
            key: "ASIA\(keyStem)\(isConsole ? "C" : "P")\(100 + lastActiveDay)")
    }

    private static func versioned(_ agent: String, _ version: Int) -> String {
        agent.split(separator: "VERSION", omittingEmptySubsequences: false).joined(separator: "\(version).0")
    }

    /// The `userIdentity` of its calls.
    func identity(key: String) -> String {
        #"{"type":"AssumedRole","principalId":"AROA\#(keyStem):\#(session)","#
            + #""arn":"arn:aws:sts::\#(account):assumed-role/\#(role)/\#(session)","accountId":"\#(account)","#
            + #""accessKeyId":"\#(key)","sessionContext":{"sessionIssuer":{"type":"Role","principalId":"#
            + #""AROA\#(keyStem)","arn":"arn:aws:iam::\#(account):role/\#(role)","accountId":"\#(account)","#
            + #""userName":"\#(role)"},"attributes":{"mfaAuthenticated":"\#(kind == .human)"}}}"#
    }

    /// How baselines call it: the human's address, or the job's role.
    package var entity: String {
        kind == .human ? name : "arn:aws:iam::\(account):role/\(role)"
    }
}
