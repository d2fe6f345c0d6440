import Engine

/// An attack, told as the calls it is made of and the pauses between them; the organization's own work goes on around
/// it. Written from incident reports and the ATT&CK cloud matrix, without a look at any rule.
package struct Storyline: Sendable {
    package let name: String
    /// One sentence for the documentation and the demo.
    package let summary: String
    /// When it begins, as a fraction of the log.
    let begins: Double
    let beats: [Beat]
    /// The team of the person whose access is used.
    var team = "backend"
    /// Whether each call is one that this person may make and makes on other days, so that only their own past, and no
    /// single record, gives it away.
    package var isWithinRights = false

    package static let all: [Storyline] = [
        stolenKey, consoleTakeover, roleChain, privilegeEscalation, logTampering, exfiltration, insider,
        resourceHijack, phishedSession, pipelineToken, brokenGrant, helpDesk,
    ]
    package static let names = all.map(\.name)
}

/// Who carries a storyline out, and what they hold by now.
struct Intruder: Sendable {
    var address: String
    var agent: String
    /// The person whose access is used.
    var human: String
    var person: Int
    var session: Session?
    /// The access request they made of the broker.
    var request = ""
}

/// One step of a storyline: a pause, then one call or several of a kind.
struct Beat: Sendable {
    /// Seconds since the step before.
    let after: ClosedRange<Int>
    /// `nil` for what is not part of the attack itself.
    let technique: String?
    let times: Int
    let perform: @Sendable (inout SyntheticTrail, inout Intruder, Timestamp) -> Void

    static func act(
        _ after: ClosedRange<Int>, _ technique: String?,
        _ perform: @escaping @Sendable (inout SyntheticTrail, inout Intruder, Timestamp) -> Void
    ) -> Beat {
        Beat(after: after, technique: technique, times: 1, perform: perform)
    }

    /// A call that succeeds; empty texts leave what the catalogue says.
    static func call(
        _ after: ClosedRange<Int>, _ technique: String, _ operation: String, _ parameters: String = "",
        response: String = "", region: Int? = nil, times: Int = 1
    ) -> Beat {
        Beat(after: after, technique: technique, times: times) { trail, intruder, time in
            guard let session = intruder.session else { return }
            var call = Call(trail.catalogue.index(operation))
            if !parameters.isEmpty { call.parameters = Template(fields: parameters[...]) }
            if !response.isEmpty { call.response = Template(fields: response[...]) }
            call.region = region
            trail.emit(call, by: session, at: time)
        }
    }

    /// A call that is refused for want of permission, or as `code` says.
    static func refused(
        _ after: ClosedRange<Int>, _ technique: String, _ operation: String, _ parameters: String = "",
        code: String? = nil, times: Int = 1
    ) -> Beat {
        Beat(after: after, technique: technique, times: times) { trail, intruder, time in
            guard let session = intruder.session else { return }
            var call = Call(trail.catalogue.index(operation))
            if !parameters.isEmpty { call.parameters = Template(fields: parameters[...]) }
            call.failure = SyntheticTrail.denial(
                of: trail.catalogue.operations[call.operation], to: session.arn)
            if let code { call.failure = Call.Failure(code: code, message: code) }
            trail.emit(call, by: session, at: time)
        }
    }

    /// Something done on another system than AWS.
    static func elsewhere(
        _ after: ClosedRange<Int>, _ technique: String?, _ deed: SyntheticFeeds.Deed, times: Int = 1
    ) -> Beat {
        Beat(after: after, technique: technique, times: times) { trail, intruder, time in
            trail.enter(deed, by: intruder, at: time)
        }
    }

    /// Takes a role; what follows is done with it.
    static func assume(
        _ after: ClosedRange<Int>, _ technique: String, _ role: String, in account: String, as name: String
    ) -> Beat {
        act(after, technique) { trail, intruder, time in
            guard let session = intruder.session else { return }
            let role = trail.organization.role(role, in: trail.organization.account(account))
            intruder.session = trail.assume(role, as: name, by: session, at: time)
        }
    }

    /// Goes on with a user's long-lived key: the one they always had, or the one a step before made.
    static func useKey(
        of user: String, in account: String, from address: String, agent: String, key: String? = nil
    ) -> Beat {
        act(0...0, nil) { trail, intruder, _ in
            intruder.address = address
            intruder.agent = agent
            intruder.human = "workload:\(user)"
            intruder.session = trail.user(
                user, in: trail.organization.account(account), key: key, from: address, agent: agent,
                human: intruder.human)
        }
    }
}

/// A storyline under way.
struct Story: Sendable {
    var storyline: Storyline
    var beat = 0
    var timesDone = 0
    var step = 0
    var intruder: Intruder
}

extension SyntheticTrail {
    mutating func scheduleStories() {
        let length = Double((end - options.start).nanoseconds) / 1e9
        var own = Dice(seed: Dice.seed(options.seed, for: "storylines"))
        for storyline in Storyline.all where options.storylines.contains(storyline.name) {
            let members = organization.people.indices.filter {
                organization.people[$0].team.name == storyline.team
            }
            let person = members.isEmpty ? 0 : own.pick(members)
            let who = organization.people[person]
            stories.append(
                Story(
                    storyline: storyline,
                    intruder: Intruder(
                        address: "198.51.100.\(200 + own.below(50))", agent: who.shell, human: who.email,
                        person: person)))
            let start = Int(storyline.begins * length) + own.below(max(1, Int(length / 100)))
            agenda.push(.beat(story: stories.count - 1), at: options.start + .seconds(start))
        }
    }

    /// Has another system record a step.
    mutating func enter(_ deed: SyntheticFeeds.Deed, by intruder: Intruder, at time: Timestamp) {
        moments.append(
            SyntheticFeeds.Moment(person: intruder.person, time: time, address: intruder.address, deed: deed))
    }

    /// Plays a story's next beat and enters the one after it.
    mutating func play(_ index: Int, at time: Timestamp) {
        var story = stories[index]
        let beat = story.storyline.beats[story.beat]
        let (before, cues) = (recordsWritten, moments.count)
        beat.perform(&self, &story.intruder, time)
        if let technique = beat.technique, recordsWritten > before {
            story.step += 1
            note(technique, of: story)
        } else if let technique = beat.technique, moments.count > cues {
            story.step += 1
            moments[moments.count - 1].attack = SyntheticFeeds.Attack(
                storyline: story.storyline.name, step: story.step, technique: technique,
                human: story.intruder.human)
        }
        story.timesDone += 1
        if story.timesDone >= beat.times {
            story.timesDone = 0
            story.beat += 1
        }
        let isRepeat = story.timesDone > 0
        stories[index] = story
        guard story.beat < story.storyline.beats.count else { return }
        let wait = isRepeat ? dice.within(1...3) : dice.within(story.storyline.beats[story.beat].after)
        agenda.push(.beat(story: index), at: time + .seconds(wait))
    }

    /// Labels the record written last.
    private mutating func note(_ technique: String, of story: Story) {
        labels.append(
            Label(
                storyline: story.storyline.name, step: story.step, technique: technique, eventID: lastEventID,
                eventName: catalogue.operations[lastOperation].name, time: lastTime, entity: lastEntity,
                human: story.intruder.human))
    }
}
