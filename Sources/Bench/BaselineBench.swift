import Engine
import Foundation

/// What baselines cost: nanoseconds for an event that is read and scored, and bytes for an identity that is known.
enum BaselineBench {
    private static let eventsPerIdentity = 10
    private static let identitiesAtOnce = 50_000

    private struct Cost {
        var events = 0
        var reading = 0.0
        var scoring = 0.0

        mutating func take(
            _ batch: EventBatch, _ reader: inout FactReader, into behaviour: inout Behaviour
        ) {
            let start = BaselineBench.now()
            for event in batch.events { reader.observe(event, of: batch) }
            let middle = BaselineBench.now()
            behaviour.take(reader.take())
            var findings = EventBatch()
            behaviour.evaluate(into: &findings)
            scoring += BaselineBench.now() - middle
            reading += middle - start
            events += batch.count
        }

        func line(_ name: String) -> String {
            let ns = { (seconds: Double) in Int((seconds / Double(max(1, events)) * 1e9).rounded()) }
            return "\(name)read facts \(ns(reading)) ns/event, score and learn \(ns(scoring)) ns/event"
        }
    }

    static func run(identities: Int) throws {
        var behaviour = Behaviour(settings())
        // Of a lane: it reads page after page.
        var reader = FactReader()
        let before = residentBytes()
        // Everybody comes piece by piece, so that the facts of all of them are never there at once.
        var (first, usual) = (Cost(), Cost())
        var day = 0
        // Days that are open cost more; after three there are as many of them as ever.
        var settled: (identities: Int, bytes: Int64)?
        for start in stride(from: 0, to: identities, by: identitiesAtOnce) {
            if day == 4 { settled = (start, residentBytes()) }
            let range = start..<min(identities, start + identitiesAtOnce)
            first.take(batch(range, day: day, eventsPerIdentity), &reader, into: &behaviour)
            day += 1
        }
        let after = residentBytes()
        for _ in 0..<5 {
            usual.take(batch(0..<min(identities, 10_000), day: day, 50), &reader, into: &behaviour)
            day += 1
        }
        print("\(identities) identities, \(first.events + usual.events) events over \(day) days, one thread")
        print(first.line("first day      "))
        print(usual.line("usual day      "))
        print(
            "resident       \((after - before) / Int64(max(1, identities))) bytes/identity, \(after >> 20) MiB in all"
        )
        guard let settled else { return }
        let more = (after - settled.bytes) / Int64(max(1, identities - settled.identities))
        print("               \(more) bytes for each identity whose days are settled")
    }

    private static func settings() -> BehaviourSettings {
        var settings = BehaviourSettings()
        // Days are settled as soon as they may be.
        settings.bytes = 1
        return settings
    }

    /// Ten different actions, the first four of which everybody takes, done over and over within some hours.
    private static func batch(_ identities: Range<Int>, day: Int, _ eventsPerIdentity: Int) -> EventBatch {
        var batch = EventBatch()
        for identity in identities {
            for event in 0..<eventsPerIdentity {
                let number = event % 10
                let time = Timestamp(
                    seconds: 1_790_000_000 + Int64(day) * 86_400 + Int64(number) * 2_000 + Int64(event))
                let uid = "\(identity)-\(day)-\(event)"
                let start = batch.bytes.count
                let head = "{\"activity_id\":2,\"class_uid\":6003,\"metadata\":{\"uid\":\""
                let action = number < 4 ? number : (identity &* 7 &+ number) % 400
                let text =
                    head + uid
                    + "\"},\"time\":\(time.milliseconds),\"cloud\":{\"provider\":\"AWS\",\"region\":"
                    + "\"eu-west-1\",\"account\":{\"uid\":\"11112222333\(identity % 10)\"}},\"api\":{\"operation\":"
                    + "\"DescribeThing\(action)\",\"service\":{\"name\":\"ec2.amazonaws.com\"}},\"http_request\":"
                    + "{\"user_agent\":\"aws-cli/2.15.\(number) Python/3.11 Linux/6.1\"},\"src_endpoint\":{\"ip\":"
                    + "\"198.\(identity % 200).\(identity % 7).9\"},\"actor\":{\"user\":{\"type\":\"IAMUser\","
                    + "\"uid\":\"arn:aws:iam::111122223333:user/p\(identity)\",\"name\":\"p\(identity)\"},"
                    + "\"session\":{\"credential_uid\":\"AKIAEXAMPLE\(identity)\"}},\"observables\":[]}"
                batch.bytes += Array(text.utf8)
                var event = Event(time: time)
                event.classUID = 6003
                event.activityID = 2
                event.statusID = 1
                event.json = Extent(start: start, count: batch.bytes.count - start)
                event.uid = Extent(start: start + head.utf8.count, count: uid.utf8.count)
                batch.events.append(event)
            }
        }
        return batch
    }

    private static func residentBytes() -> Int64 {
        let pages = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?
            .split(separator: " ").dropFirst().first.flatMap { Int64($0) }
        return (pages ?? 0) * 4_096
    }

    private static func now() -> Double {
        var time = timespec()
        unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
