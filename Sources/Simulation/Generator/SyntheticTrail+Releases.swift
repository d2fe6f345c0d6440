import Engine

extension SyntheticTrail {
    /// Lays a day's releases and infrastructure changes into the agenda: many on working days, few at the week-end.
    mutating func scheduleReleases(on midnight: Timestamp, isWeekend: Bool) {
        for _ in 0..<(isWeekend ? 2 : 22) {
            agenda.push(.release, at: midnight + .hours(8) + .seconds(dice.below(50_000)))
        }
        for _ in 0..<(isWeekend ? 1 : 7) {
            agenda.push(.apply, at: midnight + .hours(8) + .seconds(dice.below(46_000)))
        }
    }

    /// A build takes a role by its OIDC token and ships one service.
    mutating func release(at time: Timestamp) {
        let service = dice.pick(Names.services)
        let account = organization.account(dice.pick(["dev", "dev", "staging", "staging", "prod"]))
        let session = build(
            role: "github-deploy", repository: service, in: account, agent: Agents.action, at: time)
        var moment = time + .seconds(20)
        let mix = catalogue.mix("shipping")
        let calls = Int(Double(12 + dice.below(24)) * min(1, intensity))
        for _ in 0..<calls {
            var call = Call(catalogue.draw(from: mix, &dice))
            call.failure = failure(of: call.operation, by: session, denied: 0.004, other: 0.01)
            emit(call, by: session, at: moment)
            moment = moment + .seconds(dice.below(9))
        }
    }

    /// Terraform reads everything, fast, and changes a little of it.
    mutating func applyInfrastructure(at time: Timestamp) {
        let account = organization.account(
            dice.pick(["dev", "staging", "staging", "prod", "data", "security"]))
        let session = build(
            role: "terraform", repository: "infrastructure", in: account, agent: Agents.terraform, at: time)
        var moment = time + .seconds(15)
        let plan = catalogue.mix("planning")
        let reads = Int(Double(50 + dice.below(110)) * min(1, intensity))
        for _ in 0..<reads {
            var call = Call(catalogue.draw(from: plan, &dice))
            call.failure = failure(of: call.operation, by: session, denied: 0.002, other: 0.02)
            emit(call, by: session, at: moment)
            if dice.chance(0.3) { moment = moment + .seconds(1) }
        }
        let changes = catalogue.mix("applying")
        for _ in 0..<dice.within(0...9) {
            var call = Call(catalogue.draw(from: changes, &dice))
            call.failure = failure(of: call.operation, by: session, denied: 0.02, other: 0.01)
            emit(call, by: session, at: moment)
            moment = moment + .seconds(dice.within(1...6))
        }
    }

    private mutating func build(
        role: String, repository: String, in account: Int, agent: String, at time: Timestamp
    ) -> Session {
        var session = assumeWithWebIdentity(
            organization.role(role, in: account), as: "GitHubActions",
            provider: "token.actions.githubusercontent.com",
            subject: "repo:example-corp/\(repository):ref:refs/heads/main", audience: "sts.amazonaws.com",
            from: "192.0.2.\(64 + dice.below(60))", agent: Agents.action, human: "ci:\(repository)", at: time)
        session.agent = agent
        return session
    }

    /// CloudTrail Insights notices a burst: one record when it begins and one when it ends, in files of their own.
    mutating func insight(at time: Timestamp) {
        let account = organization.account("prod")
        let owner = organization.accounts[account].id
        let shared = dice.uuid()
        for (state, moment) in [("Start", time), ("End", time + .minutes(4))] {
            record.removeAll(keepingCapacity: true)
            append(#"{"eventVersion":"1.08","eventTime":""#)
            moment.wholeSeconds.appendISO8601(to: &record)
            append(#"","awsRegion":"us-east-1","eventID":""#)
            dice.appendUUID(to: &record)
            append(#"","eventType":"AwsCloudTrailInsight","recipientAccountId":"\#(owner)","#)
            append(#""sharedEventID":"\#(shared)","insightDetails":{"state":"\#(state)","#)
            append(#""eventSource":"ec2.amazonaws.com","eventName":"DescribeTags","#)
            append(#""insightType":"ApiCallRateInsight","insightContext":{"statistics":{"baseline":{"#)
            append(#""average":0.0021},"insight":{"average":1.4},"insightDuration":4,"#)
            append(#""baselineDuration":11519}}},"eventCategory":"Insight"}"#)
            deliver(account: account, region: 0, at: moment, isInsight: true)
        }
    }
}
