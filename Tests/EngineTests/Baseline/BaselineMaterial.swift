import Codecs
import Testing

@testable import Engine

/// Seeded lives of a small organization, as OCSF events, and what baselines say of them.
struct BaselineMaterial {
    /// A Monday.
    static let start = Timestamp(seconds: 1_789_948_800)

    /// One act, before it is written down.
    struct Act {
        var who: String
        var at: Timestamp
        var uid: String
        var action = "ec2:DescribeInstances"
        var ip = "198.51.100.7"
        var agent = "aws-cli/2.15 os/linux"
        var isFailure = false
        var classUID = 6003
        var resource = "r"
        var credential = ""
        var place: (latitude: Double, longitude: Double)?
        var group = "team"
        var role = ""
        var account = ""
        var factor = ""
        var device = ""
    }

    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }

    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }

    /// Working days of people who do about the same every day; every tenth act is something less usual.
    mutating func acts(people: Int, days: Int) -> [Act] {
        var acts: [Act] = []
        for day in 0..<days {
            for person in 0..<people {
                let isOff = day % 7 >= 5
                if isOff, below(8) > 0 { continue }
                for number in 0..<(6 + below(6)) {
                    let second = day * 86_400 + (8 + below(9)) * 3_600 + below(3_600)
                    var act = Act(
                        who: "p\(person)@example.com", at: Self.start + .seconds(second),
                        uid: "d\(day)-p\(person)-\(number)")
                    act.ip = "198.\(51 + person % 3).100.\(1 + person)"
                    act.action = "svc\(person % 4):Get\(below(6))"
                    if below(10) == 0 { act.action = "svc\(below(8)):List\(below(40))" }
                    if below(40) == 0 { act.ip = "203.\(below(6)).1.1" }
                    act.credential = "key-\(person)-\(day)"
                    acts.append(act)
                }
            }
        }
        return acts
    }

    /// A day on which somebody else has one person's credential.
    static func theft(of person: Int, day: Int) -> [Act] {
        (0..<12).map { number in
            var act = Act(
                who: "p\(person)@example.com",
                at: start + .seconds(day * 86_400 + 36_000 + number * 20), uid: "theft-\(day)-\(number)")
            act.ip = "192.0.2.66"
            act.agent = "Boto3/1.26 os/windows"
            act.action = number < 9 ? "iam:List\(number)" : "iam:CreateAccessKey"
            act.credential = "key-\(person)-\(day)"
            return act
        }
    }

    static func batch(_ acts: [Act]) -> EventBatch {
        var batch = EventBatch()
        for act in acts {
            let parts = act.action.split(separator: ":").map(String.init)
            let start = batch.bytes.count
            var text =
                "{\"activity_id\":1,\"class_uid\":\(act.classUID),\"metadata\":{\"uid\":\"\(act.uid)\"},"
                + "\"time\":\(act.at.milliseconds),\"api\":{\"operation\":\"\(parts[1])\",\"service\":{\"name\":"
                + "\"\(parts[0]).amazonaws.com\"}},\"http_request\":{\"user_agent\":\"\(act.agent)\"},"
                + "\"src_endpoint\":{\"ip\":\"\(act.ip)\""
            if let place = act.place {
                text +=
                    ",\"location\":{\"country\":\"PT\",\"lat\":\(place.latitude),\"long\":\(place.longitude)}"
            }
            text += "},\"actor\":{\"user\":{\"uid\":\"\(act.who)\",\"email_addr\":\"\(act.who)\""
            text += ",\"groups\":[{\"name\":\"\(act.group)\"}]}"
            if !act.credential.isEmpty { text += ",\"session\":{\"credential_uid\":\"\(act.credential)\"}" }
            if !act.role.isEmpty { text += ",\"iam_role\":{\"name\":\"\(act.role)\"}" }
            text += "},\"resources\":[{\"uid\":\"\(act.resource)\"}],\"cloud\":{\"region\":\"eu-west-1\""
            if !act.account.isEmpty { text += ",\"account\":{\"uid\":\"\(act.account)\"}" }
            text += "}"
            if !act.device.isEmpty { text += ",\"device\":{\"uid\":\"\(act.device)\"}" }
            if !act.factor.isEmpty { text += ",\"auth_factors\":[{\"factor_type\":\"\(act.factor)\"}]" }
            text += ",\"user\":{\"uid\":\"\(act.who)\"},\"observables\":[]}"
            batch.bytes += Array(text.utf8)
            var event = Event(time: act.at)
            event.classUID = UInt32(act.classUID)
            event.activityID = 1
            event.statusID = act.isFailure ? 2 : 1
            event.json = Extent(start: start, count: text.utf8.count)
            let uid = text.utf8.count - text[text.range(of: act.uid)!.lowerBound...].utf8.count
            event.uid = Extent(start: start + uid, count: act.uid.utf8.count)
            batch.events.append(event)
        }
        return batch
    }

    /// Takes acts in batches, evaluating after each; the findings that stand in the end, by uid.
    static func standing(
        _ batches: [[Act]], settings: BehaviourSettings = .init(), by geography: Geography? = nil,
        behaviour: inout Behaviour
    ) -> [String: String] {
        behaviour = Behaviour(settings)
        var standing: [String: String] = [:]
        var locator = geography.map { Locator($0) }
        for acts in batches {
            var reader = FactReader(geography)
            var batch = batch(acts)
            locator?.locate(&batch)
            for event in batch.events { reader.observe(event, of: batch) }
            behaviour.take(reader.take())
            var findings = EventBatch()
            behaviour.evaluate(into: &findings)
            for event in findings.events {
                let uid = findings.uid(of: event)
                standing[uid] = event.activityID == 3 ? nil : findings.json(of: event)
            }
        }
        return standing
    }

    static func standing(
        _ batches: [[Act]], settings: BehaviourSettings = .init(), by geography: Geography? = nil
    ) -> [String: String] {
        var behaviour = Behaviour()
        return standing(batches, settings: settings, by: geography, behaviour: &behaviour)
    }

    /// The day of one identity after its acts, in one batch.
    static func day(
        _ acts: [Act], by geography: Geography? = nil, of holders: AccountHolders? = nil
    ) -> [EntityDay] {
        var reader = FactReader(geography, holders)
        var batch = batch(acts)
        var locator = geography.map { Locator($0) }
        locator?.locate(&batch)
        for event in batch.events { reader.observe(event, of: batch) }
        return reader.take().entityDays
    }
}

extension String {
    /// Where another text begins, without Foundation.
    fileprivate func range(of other: String) -> Range<String.Index>? {
        var at = startIndex
        while at < endIndex {
            if self[at...].hasPrefix(other) { return at..<index(at, offsetBy: other.count) }
            at = index(after: at)
        }
        return nil
    }
}
