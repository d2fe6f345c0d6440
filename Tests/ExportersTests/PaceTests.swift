import Engine
import Simulation
import Testing

@testable import Exporters

/// The pace alone against receivers in a few lines: what is reached, and how often they have to refuse.
@Suite struct PaceTests {
    /// A receiver that refuses what is too much.
    private struct Counter {
        var atOnce = Int.max
        var perSecond = Int.max
        /// Answers so many at once in their usual time; more of them wait for each other.
        var servers = Int.max
        var rowsMax = Double.infinity
        var isAway = false
    }

    private struct Result {
        var taken = 0
        var refused = 0
        var most = 0
        var limit = 0.0
    }

    private enum Event { case send, answer(Pace.Ticket, Pace.Sign) }

    /// Sends for so long, always with more to send.
    private func drive(
        _ pace: inout Pace, _ counter: Counter, for span: Duration, seed: UInt64, from start: Timestamp,
        size: (Pace) -> Double = { $0.part(of: 4_096) == 4_096 ? 1 : Double($0.part(of: 4_096)) / 4_096 }
    ) -> Result {
        var generator = SeededGenerator(seed: seed)
        var result = Result()
        var answers: [(at: Timestamp, ticket: Pace.Ticket, sign: Pace.Sign)] = []
        var now = start
        var (second, used, inside) = (Int64.min, 0, 0)
        // As in the shipper, what was refused waits a drawn while and keeps its place meanwhile.
        var again: [Timestamp] = []
        while now < start + span {
            while let turn = pace.turn(at: now), turn <= now {
                again.sort()
                if let first = again.first, first <= now {
                    again.removeFirst()
                } else if pace.underWay + again.count >= pace.limit {
                    break
                }
                let part = size(pace)
                let ticket = pace.depart(size: part, at: now)
                result.most = max(result.most, pace.underWay)
                if now.seconds != second { (second, used) = (now.seconds, 0) }
                var delay = Duration.milliseconds(30 + generator.index(below: 40))
                var sign = Pace.Sign.taken
                if counter.isAway || inside >= counter.atOnce || used >= counter.perSecond {
                    sign = .throttled
                    delay = .milliseconds(2)
                } else if part > counter.rowsMax {
                    sign = .tooLarge
                    delay = .milliseconds(2)
                } else {
                    used += 1
                    inside += 1
                    if inside > counter.servers { delay = delay * (inside / counter.servers + 1) }
                }
                answers.append((now + delay, ticket, sign))
            }
            answers.sort { $0.at < $1.at }
            var turn = pace.turn(at: now) ?? .distantFuture
            if pace.underWay + again.count >= pace.limit { turn = max(turn, again.min() ?? .distantFuture) }
            now = min(answers.first?.at ?? .distantFuture, max(turn, now + .milliseconds(1)))
            while let first = answers.first, first.at <= now {
                answers.removeFirst()
                if first.sign == .taken { inside -= 1 }
                if first.sign == .taken {
                    result.taken += 1
                } else {
                    result.refused += 1
                    if first.sign == .throttled {
                        again.append(now + .milliseconds(generator.index(below: 1_000)))
                    }
                }
                pace.arrive(first.ticket, first.sign, at: now)
            }
        }
        for left in answers { pace.arrive(left.ticket, .silent, at: now) }
        result.limit = pace.exactLimit
        return result
    }

    private static let start = Timestamp(seconds: 1_700_000_000)

    @Test(
        "Four fifths of what a receiver takes at once is reached, and few are refused",
        arguments: 1...12)
    func atOnce(seed: UInt64) {
        for most in [1, 2, 3, 5, 8, 13] {
            var pace = Pace(most: 32)
            let counter = Counter(atOnce: most)
            let result = drive(&pace, counter, for: .seconds(240), seed: seed, from: Self.start)
            // 240 seconds of answers after 50 ms in the mean.
            let capacity = 240_000 / 50 * most
            #expect(result.taken * 100 >= capacity * 80, "\(result.taken) of \(capacity), \(most) at once")
            #expect(result.refused * 100 <= result.taken * 2, "\(result.refused) refused, \(most) at once")
        }
    }

    @Test(
        "Four fifths of what a receiver takes a second is reached, and few are refused",
        arguments: 1...12)
    func perSecond(seed: UInt64) {
        for rate in [2, 5, 10, 30, 70, 150] {
            var pace = Pace(most: 32)
            let counter = Counter(perSecond: rate)
            let result = drive(&pace, counter, for: .seconds(240), seed: seed, from: Self.start)
            #expect(result.taken * 100 >= rate * 240 * 80, "\(result.taken) of \(rate * 240)")
            #expect(result.refused * 100 <= result.taken * 10 + 2_000, "\(result.refused) refused at \(rate)")
        }
    }

    @Test("A receiver that takes more again gets more", arguments: 1...8)
    func moreAgain(seed: UInt64) {
        var pace = Pace(most: 16)
        _ = drive(&pace, Counter(atOnce: 2), for: .seconds(60), seed: seed, from: Self.start)
        #expect(pace.exactLimit < 4)
        let later = Self.start + .seconds(60)
        _ = drive(&pace, Counter(), for: .seconds(60), seed: seed, from: later)
        #expect(pace.limit == 16)
    }

    @Test("After an outage the pace is found again within seconds", arguments: 1...8)
    func outage(seed: UInt64) {
        var pace = Pace(most: 8)
        _ = drive(&pace, Counter(), for: .seconds(10), seed: seed, from: Self.start)
        #expect(pace.limit == 8)
        _ = drive(
            &pace, Counter(isAway: true), for: .seconds(60), seed: seed, from: Self.start + .seconds(10))
        #expect(pace.exactLimit == 1)
        _ = drive(&pace, Counter(), for: .seconds(10), seed: seed, from: Self.start + .seconds(70))
        #expect(pace.limit == 8)
    }

    @Test("Nobody is sent more than the cap at once, or more than makes him slow", arguments: 1...8)
    func queueing(seed: UInt64) {
        var pace = Pace(most: 64)
        let slow = drive(&pace, Counter(servers: 2), for: .seconds(120), seed: seed, from: Self.start)
        #expect(slow.most <= 16, "\(slow.most) under way where two are served")
        var quick = Pace(most: 5)
        #expect(drive(&quick, Counter(), for: .seconds(20), seed: seed, from: Self.start).most == 5)
    }

    @Test(
        "A batch is halved where it is too large, stays near what is taken, and grows again",
        arguments: 1...8)
    func size(seed: UInt64) {
        var pace = Pace(most: 4)
        let small = drive(&pace, Counter(rowsMax: 0.3), for: .seconds(120), seed: seed, from: Self.start)
        #expect(pace.part(of: 1_000) > 150 && pace.part(of: 1_000) <= 310)
        #expect(small.refused * 100 <= small.taken * 3, "\(small.refused) of \(small.taken) too large")
        _ = drive(&pace, Counter(), for: .seconds(120), seed: seed, from: Self.start + .seconds(120))
        #expect(pace.part(of: 1_000) == 1_000)
    }

    @Test("Time-outs make batches smaller, one row at the least")
    func timeouts() {
        var pace = Pace(most: 4)
        var now = Self.start
        for _ in 0..<40 {
            let ticket = pace.depart(size: Double(pace.part(of: 100)) / 100, at: now)
            now = now + .seconds(60)
            pace.arrive(ticket, .timedOut, at: now)
        }
        #expect(pace.part(of: 100) == 1 && pace.limit == 1)
    }

    @Test("A clock that is set, by days, holds nobody up", arguments: [-3 * 86_400, 3 * 86_400])
    func clock(jump: Int) {
        var pace = Pace(most: 8)
        _ = drive(&pace, Counter(perSecond: 5), for: .seconds(30), seed: 1, from: Self.start)
        let later = Self.start + .seconds(30 + jump)
        let after = drive(&pace, Counter(perSecond: 5), for: .seconds(60), seed: 1, from: later)
        #expect(after.taken >= 240)
    }
}
