import Testing

@testable import Engine

/// Each detector on days made for it, and on days that look like it and are harmless.
@Suite struct DetectorTests {
    private typealias Act = BaselineMaterial.Act

    private static func fired(_ acts: [Act], profile: Profile? = nil, kind: EntityKind? = nil) -> Set<String>
    {
        var all: Set<String> = []
        for entity in BaselineMaterial.day(acts) {
            let own = kind ?? EntityKind(entity.traits, odds: 3)
            let past = profile.map { Past(profile: $0, habits: []) }
            let isNew = entity.facts.map { _ in true }
            let detectors = Detectors(
                entity, entity.traits.contains(.address) ? nil : past, own, isNew: isNew)
            all.formUnion(detectors.firings.map(\.rule.name))
            all.formUnion(
                entity.facts.compactMap { $0.dimension == .rule ? BehaviourRule.of($0.value)?.name : nil })
        }
        return all
    }

    private static func act(_ minute: Int, _ uid: String, _ change: (inout Act) -> Void = { _ in }) -> Act {
        var act = Act(who: "ada@example.com", at: BaselineMaterial.start + .seconds(minute * 60), uid: uid)
        change(&act)
        return act
    }

    @Test("Lisbon and Sydney within two hours is no journey; Lisbon and Porto is one")
    func travel() {
        func day(_ latitude: Double, _ longitude: Double) -> Set<String> {
            Self.fired([
                Self.act(60, "a") { $0.place = (38.72, -9.14) },
                Self.act(180, "b") {
                    $0.place = (latitude, longitude)
                    $0.ip = "203.0.113.9"
                },
            ])
        }
        #expect(day(-33.87, 151.21).contains("travel"))
        #expect(!day(41.15, -8.61).contains("travel"))
    }

    @Test("One key from two networks with two programs is split; a laptop that changes its network is not")
    func sessionSplit() {
        func day(_ agent: String) -> Set<String> {
            Self.fired([
                Self.act(60, "a") { $0.credential = "k" },
                Self.act(90, "b") {
                    $0.credential = "k"
                    $0.ip = "203.0.113.9"
                    $0.agent = agent
                },
            ])
        }
        #expect(day("Boto3/1.26 os/windows").contains("session_split"))
        #expect(!day("aws-cli/2.16 os/linux").contains("session_split"))
    }

    @Test("Eight users failing from one network in an hour is a spray; one success behind it is told")
    func spray() {
        func signIn(_ minute: Int, _ user: Int, isFailure: Bool) -> Act {
            Self.act(minute, "s\(minute)-\(user)") {
                $0.who = "u\(user)@example.com"
                $0.classUID = 3002
                $0.action = "okta:user.session.start"
                $0.isFailure = isFailure
                $0.ip = "203.0.113.9"
            }
        }
        let failures = (0..<9).map { signIn(60 + $0, $0, isFailure: true) }
        #expect(Self.fired(failures).contains("spray"))
        #expect(!Self.fired(failures).contains("stuffing_hit"))
        #expect(Self.fired(failures + [signIn(75, 20, isFailure: false)]).contains("stuffing_hit"))
        // An office of whom many mistype in the morning.
        let successes = (0..<20).map { signIn(60 + $0, 100 + $0, isFailure: false) }
        #expect(!Self.fired(failures + successes).contains("spray"))
    }

    @Test("Three refused pushes in a quarter of an hour tire; over a day they do not")
    func fatigue() {
        func day(_ gap: Int) -> Set<String> {
            Self.fired(
                (0..<3).map { number in
                    Self.act(60 + number * gap, "m\(number)") {
                        $0.classUID = 3002
                        $0.action = "okta:user.authentication.auth_via_mfa"
                        $0.factor = "Push Notification"
                        $0.isFailure = true
                    }
                })
        }
        #expect(day(4).contains("mfa_fatigue"))
        #expect(!day(100).contains("mfa_fatigue"))
    }

    @Test("More deletions in an hour than ever; the same from who deletes that much every day is nothing")
    func deletions() {
        let acts = (0..<40).map { number in
            Self.act(60 + number % 50, "x\(number)") {
                $0.action = "s3:DeleteObject"
                $0.resource = "object-\(number)"
            }
        }
        var quiet = Profile(key: 1, day: BaselineMaterial.start.day - 20)
        var busy = quiet
        for _ in 0..<100 {
            for metric in 0..<4 {
                quiet.things[metric] = quiet.things[metric] * Pace.hourlyDecay + (metric == 0 ? 3 : 0)
                busy.things[metric] = busy.things[metric] * Pace.hourlyDecay + 38
            }
            quiet.activeHours = quiet.activeHours * Pace.hourlyDecay + 1
            busy.activeHours = busy.activeHours * Pace.hourlyDecay + 1
        }
        #expect(Self.fired(acts, profile: quiet).contains("mass_deletion"))
        #expect(!Self.fired(acts, profile: busy).contains("mass_deletion"))
        // The same object forty times is one object.
        let again = acts.map { act in
            var act = act
            act.resource = "one"
            return act
        }
        #expect(!Self.fired(again, profile: quiet).contains("mass_deletion"))
    }

    @Test("Looking around quickly at what was never looked at is enumeration")
    func enumeration() {
        func day(_ gap: Int) -> Set<String> {
            Self.fired(
                (0..<9).map { number in
                    Self.act(60 + number * gap, "e\(number)") { $0.action = "svc\(number):List\(number)" }
                })
        }
        #expect(day(1).contains("enumeration"))
        #expect(!day(20).contains("enumeration"))
    }

    @Test("A long silence is told, but not where such silences are its habit")
    func dormant() {
        let day = BaselineMaterial.start.day
        var profile = Profile(key: 1, day: day - 60)
        profile.activeDays = 20
        profile.longestGap = 3
        #expect(Self.fired([Self.act(60, "a")], profile: profile).contains("dormant_return"))
        profile.longestGap = 30
        #expect(!Self.fired([Self.act(60, "a")], profile: profile).contains("dormant_return"))
    }

    @Test("Switching the trail off is told whoever does it")
    func tampering() {
        #expect(
            Self.fired([Self.act(60, "a") { $0.action = "cloudtrail:StopLogging" }]).contains("log_tampering")
        )
        #expect(
            !Self.fired([Self.act(60, "a") { $0.action = "cloudtrail:LookupEvents" }]).contains(
                "log_tampering"))
    }

    @Test(
        "A day in parts, in any order and twice, merges into the day as a whole",
        arguments: 1...30 as ClosedRange<UInt64>)
    func merging(seed: UInt64) {
        var random = BaselineMaterial(seed: seed)
        var acts = random.acts(people: 1, days: 1) + BaselineMaterial.theft(of: 0, day: 0)
        acts += (0..<100).map { number in
            Self.act(600 + random.below(300), "x\(number)") {
                $0.who = "p0@example.com"
                $0.action = "s3:DeleteObject"
                $0.resource = "object-\(number)"
            }
        }
        var whole = BaselineMaterial.day(acts)[0]
        whole.pack()
        var parts: [EntityDay] = []
        for _ in 0..<4 { parts += BaselineMaterial.day(acts.filter { _ in random.below(2) == 0 }) }
        parts += BaselineMaterial.day(acts.reversed())
        var merged = EntityDay(key: whole.key, day: whole.day, name: whole.name)
        while !parts.isEmpty { merged.merge(parts.remove(at: random.below(parts.count))) }
        merged.pack()
        #expect(merged.facts == whole.facts)
        #expect(merged.sketches == whole.sketches)
        #expect(merged.uses == whole.uses)
        #expect(merged.bytes == whole.bytes)
        #expect(merged.hours == whole.hours)
    }
}
