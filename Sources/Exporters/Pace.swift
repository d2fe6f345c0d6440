package import Engine

/// How fast one exporter goes, found out from what its receiver answers: how many requests are under way at once, how
/// closely one follows the other, and how large a batch is.
///
/// Requests under way rise by one for each round that is taken and fall by a quarter when the receiver throttles, by half when
/// answers stay away. Below one they are a pause between requests, so that a receiver that takes ten a second gets ten a
/// second, however quickly it answers. They fall back while answers take three times as long as they did. Pure: no clock,
/// no chance.
package struct Pace: Hashable, Sendable {
    /// What an answer says of the receiver's load.
    package enum Sign: Hashable, Sendable {
        /// It has looked at the batch and given its word.
        case taken
        /// It has too much to do.
        case throttled
        /// No answer, or one that says nothing.
        case lost
        /// No answer for so long that the batch may have been too much.
        case timedOut
        case tooLarge
        /// Nothing of its load: nothing was sent, or nobody was there.
        case silent
    }

    /// A request under way.
    package struct Ticket: Hashable, Sendable {
        fileprivate var number: UInt64
        /// When it went out.
        package var sentAt: Timestamp
        /// Whether more would have been sent, had more been allowed.
        fileprivate var isPressed: Bool
        /// The part of the largest batch that it is.
        fileprivate var size: Double
    }

    /// Requests at once in the beginning.
    private static let first = 2.0
    private static let windowFloor = 0x1p-12
    private static let sizeFloor = 0x1p-12
    /// The longest pause between two requests; a receiver that wants a longer one says so in `Retry-After`.
    private static let spacingMax = Duration.seconds(1)
    /// Answers that take so many times longer than usual mean that requests queue over there.
    private static let slowdown: Int64 = 3
    /// Answers that are averaged before they are compared.
    private static let latencyBlock: Int64 = 4
    /// No answer is held to have taken longer: the clock was set.
    private static let latencyMax = Duration.minutes(10)
    /// A batch of so much of the present size tells something of the size.
    private static let fullEnough = 0.75

    private var window: Climb
    private var size: Climb
    /// Since then and now: those sent before the last fall say nothing new.
    private var nextNumber: UInt64 = 0
    private var fellAt: UInt64 = 0
    private var fellTime = Timestamp.distantPast
    private var takenSinceFall = 0
    private var nextTurn = Timestamp.distantPast
    private var latency: Duration?
    private var usual: Duration?
    private var blockSum = Duration.zero
    private var blockCount: Int64 = 0

    package private(set) var underWay = 0
    /// Answers so far that asked for less.
    package private(set) var throttled = 0

    /// - Parameter most: requests at once, whatever the receiver would take.
    package init(most: Int) {
        window = Climb(
            from: Self.first, floor: Self.windowFloor, top: Double(max(1, most)), patienceMax: 1_024)
        size = Climb(from: 1, floor: Self.sizeFloor, top: 1, patienceMax: 1_024)
    }

    /// Requests under way at once, as of now.
    package var limit: Int { max(1, Int(isSpaced ? window.value.rounded(.up) : window.value)) }
    /// The same before rounding; below one it is a pause between requests.
    package var exactLimit: Double { window.value }

    /// So much of a largest number of rows or bytes as a batch may be.
    package func part(of most: Int) -> Int { max(1, min(most, Int(Double(most) * size.value))) }

    // MARK: Turns

    /// When a request may go; `nil` until one of those under way has ended.
    package func turn(at now: Timestamp) -> Timestamp? {
        guard underWay < limit else { return nil }
        // What is further away than any pause was reckoned by a clock that has been set back.
        guard nextTurn > now, nextTurn - now <= Self.spacingMax else { return now }
        return nextTurn
    }

    /// - Parameter size: the part of the largest batch that goes.
    package mutating func depart(size: Double, at now: Timestamp) -> Ticket {
        let pause = spacing
        let isDue = pause > .zero && now - nextTurn <= pause
        let ticket = Ticket(
            number: nextNumber, sentAt: now, isPressed: isDue || underWay + 1 >= limit, size: size)
        nextNumber += 1
        underWay += 1
        // What was not used in time may be caught up with, up to as many as may be under way.
        let late = pause.nanoseconds * Int64(max(1, window.value - 1))
        let turn = nextTurn - now > Self.spacingMax ? now : max(nextTurn, now - .nanoseconds(late))
        nextTurn = pause > .zero ? turn + pause : now
        return ticket
    }

    package mutating func arrive(_ ticket: Ticket, _ sign: Sign, at now: Timestamp) {
        underWay -= 1
        switch sign {
        case .taken:
            takenSinceFall += 1
            measure(ticket, at: now)
            if isQueueing {
                window.ease(to: Self.first)
            } else if ticket.isPressed {
                window.rise()
            }
            if ticket.size >= Self.fullEnough * size.value { size.rise() }
        case .throttled:
            throttled += 1
            slowDown(ticket, at: now)
        case .lost: halve(ticket, at: now)
        case .timedOut:
            halve(ticket, at: now)
            shrink(ticket)
        case .tooLarge: shrink(ticket)
        case .silent: break
        }
    }

    /// Whether requests keep a distance: once the receiver has said that it was too much.
    private var isSpaced: Bool { window.ceiling != nil && window.value < window.top }

    private var spacing: Duration {
        guard isSpaced, let latency else { return .zero }
        return .nanoseconds(
            Int64(min(Double(latency.nanoseconds) / window.value, Double(Self.spacingMax.nanoseconds))))
    }

    // MARK: What answers say

    /// One fall for a round: whoever was sent before the last one was refused for the same reason.
    private mutating func falls(_ ticket: Ticket, at now: Timestamp) -> Bool {
        let sinceFall = now - fellTime
        let isRound = sinceFall < .zero || sinceFall >= latency ?? .zero
        guard ticket.number >= fellAt, isRound else { return false }
        fellAt = nextNumber
        fellTime = now
        return true
    }

    private mutating func slowDown(_ ticket: Ticket, at now: Timestamp) {
        let taken = takenSinceFall
        // Where nothing at all is taken the reason is not how much is sent.
        if taken == 0, window.value <= 1 { return }
        guard falls(ticket, at: now) else { return }
        takenSinceFall = 0
        if taken == 0 {
            window.fall(to: 0.5, isCeiling: false, floor: 1)
        } else {
            window.fall(to: taken < 4 ? 0.5 : 0.75, isCeiling: true, floor: slowest)
        }
    }

    private mutating func halve(_ ticket: Ticket, at now: Timestamp) {
        guard window.value > 1, falls(ticket, at: now) else { return }
        takenSinceFall = 0
        window.fall(to: 0.5, isCeiling: false, floor: 1)
    }

    /// Where the pause between two requests is the longest.
    private var slowest: Double {
        Double((latency ?? .zero).nanoseconds) / Double(Self.spacingMax.nanoseconds)
    }

    /// Larger ones that are refused afterwards were sent before the last fall, and smaller ones have other reasons.
    private mutating func shrink(_ ticket: Ticket) {
        guard ticket.size >= Self.fullEnough * size.value, ticket.size * Self.fullEnough <= size.value else {
            return
        }
        size.fall(to: 0.5, isCeiling: true)
        (latency, usual, blockSum, blockCount) = (nil, nil, .zero, 0)
    }

    private mutating func measure(_ ticket: Ticket, at now: Timestamp) {
        guard ticket.size >= Self.fullEnough * size.value else { return }
        let taken = min(max(now - ticket.sentAt, .zero), Self.latencyMax)
        latency = latency.map { .nanoseconds(($0.nanoseconds * 7 + taken.nanoseconds) / 8) } ?? taken
        blockSum += taken
        blockCount += 1
        guard blockCount == Self.latencyBlock else { return }
        let mean = Duration.nanoseconds(blockSum.nanoseconds / blockCount)
        // What is usual drifts upwards: a receiver may become slower for good.
        usual = usual.map { min(mean, .nanoseconds($0.nanoseconds / 512 * 513)) } ?? mean
        (blockSum, blockCount) = (.zero, 0)
    }

    private var isQueueing: Bool {
        guard window.value >= 2, let latency, let usual else { return false }
        return latency.nanoseconds > usual.nanoseconds * Self.slowdown
    }
}
