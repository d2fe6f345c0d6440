import Engine

/// A person's stay in one account: calls until they are done or their session ends.
struct Visit: Sendable {
    var person: Int
    var session: Session
    var mixes: [(mix: Catalogue.Mix, weight: Int)]
    var callsLeft: Int
    /// Calls still to come in the page or script that is running.
    var burst: Int
}

extension SyntheticTrail {
    /// Decides a person's day: whether they touch AWS, and when.
    mutating func beginDay(of person: Int, at time: Timestamp) {
        let who = organization.people[person]
        let localDay = (time + .hours(who.zone)).seconds / 86_400
        let isWeekend = (localDay + 3) % 7 >= 5
        let presence = isWeekend ? 0.04 : who.team.presence
        guard dice.chance(presence) else { return }
        let visits = 1 + dice.below(isWeekend ? 1 : 4)
        let morning = time + .hours(who.startHour) + .seconds(dice.below(3_600))
        for visit in 0..<visits {
            let moment = visit == 0 ? morning : morning + .seconds(dice.within(2_000...31_000))
            agenda.push(.visit(person: person, isFirst: visit == 0), at: max(time, moment))
        }
    }

    mutating func beginVisit(of person: Int, isFirst: Bool, at time: Timestamp) {
        let who = organization.people[person]
        let draw = dice.below(100)
        let address =
            draw < 55 ? who.officeAddress : draw < 80 ? "203.0.113.\(20 + person % 4)" : who.homeAddress
        if isFirst, !who.usesDirectFederation {
            emitUserAuthentication(person, from: address, agent: who.browser, at: time)
        }
        let account = weighted(who.team.accounts)
        moments.append(
            SyntheticFeeds.Moment(
                person: person, time: time, address: address, account: account, isFirst: isFirst))
        let isConsole = dice.chance(0.55)
        let start = time + .seconds(dice.within(3...40))
        var session = signIn(
            person, account: organization.account(account), permissionSet: who.team.permissionSet,
            from: address, agent: isConsole ? who.browser : who.shell, console: isConsole, at: start)
        if isConsole { session.agent = consoleAgent(session.agent) }
        var began = start + .seconds(2)
        if ["platform", "security"].contains(who.team.name), dice.chance(0.3) {
            session = changeRole(from: session, of: who, at: start + .seconds(dice.within(5...90)))
            began = start + .seconds(95)
        }
        var mixes = who.team.work.map { (catalogue.mix($0.mix), $0.weight) }
        if who.team.name == "data", time - options.start >= .days(2), person % 5 < 2 {
            mixes.append((catalogue.mix("models"), 6))
        }
        let calls = max(2, Int(Double(4 + dice.waiting(mean: 26)) * min(1, intensity)))
        let visit = Visit(
            person: person, session: session, mixes: mixes, callsLeft: min(260, calls), burst: 0)
        agenda.push(.call(visit: keep(visit)), at: began)
    }

    /// From their own role into another account's: by the console's switch, or by `assume-role`.
    private mutating func changeRole(
        from session: Session, of who: Organization.Person, at time: Timestamp
    ) -> Session {
        let isAudit = who.team.name == "security"
        let target = organization.account(isAudit ? dice.pick(["prod", "data", "management"]) : "prod")
        let role = organization.role(isAudit ? "ReadOnlyAudit" : "DeployRole", in: target)
        let name = session.isConsole ? who.email : String(who.email.prefix { $0 != "@" })
        let next = assume(role, as: name, by: session, at: time, sourceIdentity: isAudit ? who.email : nil)
        if session.isConsole {
            var call = Call(catalogue.index("signin:SwitchRole"))
            call.eventType = "AwsConsoleSignIn"
            call.response = Template(#"{"SwitchRole":"Success"}"#)
            call.additional = Template(
                #"{"SwitchFrom":"\#(session.arn)","SwitchTo":"\#(role.arn)","#
                    + #""RedirectTo":"https://console.aws.amazon.com/"}"#)
            emit(call, by: next, at: time + .seconds(1))
        }
        return next
    }

    mutating func continueVisit(_ index: Int, at time: Timestamp) {
        var visit = visits[index]
        guard visit.callsLeft > 0, time < visit.session.expires else {
            freeVisits.append(index)
            return
        }
        let mix = weighted(visit.mixes)
        var call = Call(catalogue.draw(from: mix, &dice))
        let isWrite = !catalogue.operations[call.operation].isReadOnly
        call.failure = failure(
            of: call.operation, by: visit.session, denied: isWrite ? 0.05 : 0.012, other: 0.012)
        if dice.chance(0.06) { call.region = dice.below(Organization.regions.count) }
        emit(call, by: visit.session, at: time)

        visit.callsLeft -= 1
        let gap: Int
        if visit.burst > 0 {
            visit.burst -= 1
            gap = dice.below(3)
        } else {
            visit.burst = visit.session.isConsole ? dice.within(2...9) : dice.below(4)
            gap = 4 + dice.waiting(mean: visit.session.isConsole ? 70 : 45)
        }
        visits[index] = visit
        agenda.push(.call(visit: index), at: time + .seconds(gap))
    }

    mutating func keep(_ visit: Visit) -> Int {
        if let index = freeVisits.popLast() {
            visits[index] = visit
            return index
        }
        visits.append(visit)
        return visits.count - 1
    }

    mutating func weighted<Value>(_ choices: [(Value, weight: Int)]) -> Value {
        var left = dice.below(choices.reduce(0) { $0 + $1.weight })
        for choice in choices {
            left -= choice.weight
            if left < 0 { return choice.0 }
        }
        return choices[0].0
    }

    /// Once a month somebody proves that the break-glass user still works: with a second factor, by day, briefly.
    mutating func drillBreakGlass(at time: Timestamp) {
        guard let person = organization.people.firstIndex(where: { $0.team.name == "platform" }) else {
            return
        }
        let who = organization.people[person]
        let account = organization.account("management")
        let bare = user(
            "break-glass-1", in: account, key: "", from: who.officeAddress, agent: who.browser,
            human: who.email)
        emitConsoleLogin(by: bare, mfa: true, at: time)
        let session = consoleUser(
            "break-glass-1", in: account, from: who.officeAddress, agent: consoleAgent(who.browser),
            mfa: true,
            human: who.email, at: time)
        let mix = catalogue.mix("identity")
        let visit = Visit(person: person, session: session, mixes: [(mix, 1)], callsLeft: 9, burst: 5)
        agenda.push(.call(visit: keep(visit)), at: time + .seconds(8))
    }

    /// The console's back ends call with an agent of their own or with the browser's.
    func consoleAgent(_ browser: String) -> String { browser }
}
