package import Engine

/// Ordinary life for measuring detection: many weeks of CloudTrail of identities that differ in how often they do
/// something new.
///
/// Written before and apart from the detectors. What makes it hard is what makes real organizations hard: some people
/// show something new every few days and some never; they travel, change programs and teams; whole teams take up
/// something on one day; machines keep a beat, back up in bursts, or list everything. The same seed gives the same
/// bytes; a day is made by itself, so that memory does not grow.
package struct HabitTrail: Sendable {
    package struct Options: Sendable {
        package var seed: UInt64 = 1
        package var identities = 1_000
        package var days = 45
        /// A Monday.
        package var start = Timestamp(seconds: 1_790_553_600)
        /// About how many records an identity makes on a day it works.
        package var recordsPerDay = 26

        package init() {}
    }

    /// How an attacker holds the victim's access.
    package enum Mode: String, CaseIterable, Sendable {
        /// From a network that nobody here uses, with the attacker's own program.
        case stolen
        /// From a network that others here use.
        case nearby
        /// From the victim's own network, with the victim's own program.
        case insider
    }

    /// One call of a recorded attack.
    package struct TraceCall: Sendable {
        package var source: String
        package var name: String
        package var error: String?
        /// JSON, as it was recorded.
        package var parameters: String
        /// Seconds after the trace's first call.
        package var after: Int
        package var isReadOnly: Bool

        package init(
            source: String, name: String, error: String?, parameters: String, after: Int, isReadOnly: Bool
        ) {
            self.source = source
            self.name = name
            self.error = error
            self.parameters = parameters
            self.after = after
            self.isReadOnly = isReadOnly
        }
    }

    let options: Options
    var dice: Dice
    let calls: [Call]
    var teams: [Team]
    package internal(set) var people: [Persona]
    /// What each team takes up on which day.
    let rollOuts: [Int: [RollOut]]
    /// On this day hardly anybody works.
    let holiday: Int

    package init(_ options: Options) {
        self.options = options
        var dice = Dice(seed: Dice.seed(options.seed, for: "habits"))
        let calls = Call.universe(&dice)
        var teams: [Team] = []
        for number in 0..<max(3, options.identities / 50) { teams.append(Team(number, calls.count, &dice)) }
        self.calls = calls
        self.teams = teams
        people = (0..<options.identities).map { Persona($0, teams, options, calls, &dice) }
        var rollOuts: [Int: [RollOut]] = [:]
        for team in teams.indices {
            var day = 4 + dice.below(9)
            while day < options.days {
                rollOuts[day, default: []].append(RollOut(team: team, calls.count, &dice))
                day += 5 + dice.below(12)
            }
        }
        self.rollOuts = rollOuts
        holiday = 14 + dice.below(max(1, options.days - 20))
        self.dice = Dice(seed: Dice.seed(options.seed, for: "habit days"))
    }

    package func time(of day: Int) -> Timestamp { options.start + .days(day) }

    /// All records of one day, a line each; days are to be asked for in their order.
    package mutating func records(of day: Int) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(people.count * options.recordsPerDay * 700)
        for index in people.indices {
            // Taken out while it lives its day, so that it can be changed.
            var person = people[index]
            live(&person, day, into: &out)
            people[index] = person
        }
        return out
    }

    /// Identities that work on a day on which they were asked for: whom an attack can hide behind.
    package func active(on day: Int) -> [Int] { people.indices.filter { people[$0].lastActiveDay == day } }

    /// The records of a recorded attack in the name of a victim, beginning at a second of the day.
    package mutating func attack(
        _ trace: [TraceCall], victim: Int, mode: Mode, day: Int, second: Int
    ) -> [UInt8] {
        let person = people[victim]
        var circumstances = person.circumstances(isConsole: false)
        switch mode {
        case .stolen:
            circumstances.address = "45.\(dice.within(130...250)).\(dice.below(250)).\(dice.within(1...250))"
            circumstances.agent = dice.pick(Persona.attackersPrograms)
        case .nearby:
            circumstances.address = dice.pick(people).home
            if dice.chance(0.5) { circumstances.agent = dice.pick(Persona.attackersPrograms) }
        case .insider: break
        }
        var out: [UInt8] = []
        let begin = time(of: day) + .seconds(second)
        let key = circumstances.key
        for call in trace {
            let record = Record(
                source: call.source, name: call.name, isReadOnly: call.isReadOnly, error: call.error,
                parameters: call.parameters, region: circumstances.region)
            circumstances.key = key
            append(record, by: person, circumstances, at: begin + .seconds(min(call.after, 7_200)), to: &out)
        }
        return out
    }

    // MARK: Days

    private mutating func live(_ person: inout Persona, _ day: Int, into out: inout [UInt8]) {
        let isWeekend = day % 7 >= 5
        for rollOut in rollOuts[day] ?? [] where rollOut.team == person.team && dice.chance(rollOut.share) {
            person.take(rollOut)
        }
        person.change(on: day, teams, &dice)
        guard person.works(on: day, isWeekend: isWeekend, isHoliday: day == holiday, &dice) else { return }
        person.lastActiveDay = day
        switch person.kind {
        case .human: work(&person, day, into: &out)
        case .clocked: beat(&person, day, into: &out)
        case .scanner: scan(&person, day, into: &out)
        case .backup: backUp(&person, day, into: &out)
        }
    }

    private mutating func work(_ person: inout Persona, _ day: Int, into out: inout [UInt8]) {
        let count = max(2, Int(Double(options.recordsPerDay) * person.business * (0.5 + dice.fraction())))
        var isConsole = dice.chance(person.consoleShare)
        for number in 0..<count {
            if number % 9 == 8 { isConsole = dice.chance(person.consoleShare) }
            var hour = person.startHour + dice.below(person.hoursLong)
            if dice.chance(person.nightShare) { hour += 6 + dice.below(5) }
            let second = (hour % 24) * 3_600 + dice.below(3_600)
            let call = person.draw(teams, calls.count, &dice)
            var circumstances = person.circumstances(isConsole: isConsole)
            if dice.chance(person.mobileShare) { circumstances.address = person.mobile }
            if dice.chance(0.03) { circumstances.region = dice.pick(Persona.regions) }
            append(call, by: person, circumstances, day, second, to: &out)
        }
    }

    private mutating func beat(_ person: inout Persona, _ day: Int, into out: inout [UInt8]) {
        let circumstances = person.circumstances(isConsole: false)
        for hour in stride(from: dice.below(2), to: 24, by: 2) {
            for call in person.habits.prefix(4) {
                append(call, by: person, circumstances, day, hour * 3_600 + 120 + dice.below(20), to: &out)
            }
        }
        if dice.chance(person.novelty * 4) {
            append(person.draw(teams, calls.count, &dice), by: person, circumstances, day, 40_000, to: &out)
        }
    }

    private mutating func scan(_ person: inout Persona, _ day: Int, into out: inout [UInt8]) {
        let circumstances = person.circumstances(isConsole: false)
        var second = 7_200 + dice.below(600)
        for (index, call) in calls.enumerated() where call.isReadOnly && (index + person.number) % 3 == 0 {
            append(index, by: person, circumstances, day, second, to: &out)
            second += dice.below(4)
        }
    }

    private mutating func backUp(_ person: inout Persona, _ day: Int, into out: inout [UInt8]) {
        let circumstances = person.circumstances(isConsole: false)
        let count = 20 + dice.below(40)
        for number in 0..<count {
            let name = number % 3 == 2 ? "DeleteSnapshot" : "CreateSnapshot"
            let record = Record(
                source: "ec2.amazonaws.com", name: name, isReadOnly: false, error: nil,
                parameters: #"{"snapshotId":"snap-\#(dice.hex(17))"}"#, region: circumstances.region)
            append(
                record, by: person, circumstances, at: time(of: day) + .seconds(3_600 + number * 3), to: &out)
        }
    }

    private mutating func append(
        _ call: Int, by person: Persona, _ circumstances: Persona.Circumstances, _ day: Int, _ second: Int,
        to out: inout [UInt8]
    ) {
        let call = calls[call]
        let record = Record(
            source: call.source, name: call.name, isReadOnly: call.isReadOnly,
            error: dice.chance(person.errorShare) ? "AccessDenied" : nil,
            parameters: #"{"name":"\#(call.noun)-\#(dice.below(12))"}"#, region: circumstances.region)
        append(record, by: person, circumstances, at: time(of: day) + .seconds(second), to: &out)
    }
}
