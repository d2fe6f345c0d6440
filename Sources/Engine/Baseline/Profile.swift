/// A value that an identity has shown: how often, and when last.
struct Habit: Sendable, Hashable, BitwiseCopyable {
    var value: UInt32
    /// Hours in which it was shown; at most 65,535.
    var count: UInt16
    /// Days since 1970, held to 16 bits.
    var lastDay: UInt16
}

/// How many different things an identity does in an hour: a gamma-Poisson model of one metric.
struct Pace: Sendable, Hashable, BitwiseCopyable {
    /// What the last fifty active hours count for; older ones fade.
    static let hourlyDecay: Float = 0.98

    var things: Float = 1
    var hours: Float = 0.5

    /// The chance of so many in an hour, or more.
    func tail(_ count: Int) -> Double {
        let scale = Double(hours)
        return Natural.negativeBinomialTail(count, size: Double(max(0.01, things)), q: scale / (scale + 1))
    }
}

/// What is usual for one identity, but for its habits: a fixed number of bytes without anything to count references of,
/// for there are very many.
struct Profile: Sendable, BitwiseCopyable {
    var key: UInt64
    /// Those it is compared with, and the role, permission set or group that they have in common where it is large enough.
    var peer: UInt32 = 0
    var group: UInt32 = 0
    var firstDay: Int32
    var lastDay: Int32
    var activeDays: UInt16 = 0
    /// The longest silence so far: days.
    var longestGap: UInt16 = 0
    /// Fading sum of facts in a day: how active it is, in 1/8.
    var activity: UInt16 = 0
    var odds: Int8 = 0
    var kind: UInt8 = 0
    /// By dimension: facts seen, and how many of them were new, fading.
    var seen = InlineArray<11, Float>(repeating: 0)
    var novel = InlineArray<11, Float>(repeating: 0)
    /// Hours of weekdays, then of weekends.
    var hours = InlineArray<48, UInt8>(repeating: 0)
    /// Of the four paces what is counted, by metric; the active hours are those of all of them.
    var things = InlineArray<4, Float>(repeating: 1)
    var activeHours: Float = 0.5

    init(key: UInt64, day: Int32) {
        self.key = key
        firstDay = day
        lastDay = day
    }

    func pace(of metric: Sketch.Metric) -> Pace {
        Pace(things: things[Int(metric.rawValue)], hours: activeHours)
    }

    /// Learns how many different things there were in each of a day's active hours.
    mutating func learnPaces(_ entity: borrowing EntityDay) {
        for hour in 0..<24 where entity.hours >> UInt32(hour) & 1 == 1 {
            activeHours = activeHours * Pace.hourlyDecay + 1
            for metric in things.indices { things[metric] *= Pace.hourlyDecay }
            if entity.sketches.isEmpty { continue }
            for sketch in entity.sketches
            where Int(sketch.hour) == hour && Int(sketch.metric.rawValue) < things.count {
                things[Int(sketch.metric.rawValue)] += Float(min(sketch.count, 1_000_000))
            }
        }
    }

    /// How often the identity is active at an hour of the day, blurred over its neighbours; and how often at all.
    func presence(hour: Int, isWeekend: Bool) -> (here: Double, all: Double) {
        let base = isWeekend ? 24 : 0
        var all = 0
        for i in 0..<24 { all += Int(hours[base + i]) }
        let before = Int(hours[base + (hour + 23) % 24])
        let after = Int(hours[base + (hour + 1) % 24])
        return (Double(before + 2 * Int(hours[base + hour]) + after) / 4, Double(all))
    }

    /// The group that it has most in common with: by its role, permission set or first group; 0 for none.
    func commonGroup(_ habits: ArraySlice<Habit>) -> UInt32 {
        let group = habits.mostShown(.peer)
        return group == 0 ? 0 : group ^ UInt32(kind)
    }

    /// All of its kind in the account where it is most active.
    func accountGroup(_ habits: ArraySlice<Habit>) -> UInt32 {
        let account = habits.mostShown(.account)
        return account == 0 ? 0 : Dimension.peer.value(like: account) ^ UInt32(kind)
    }
}

/// An identity as the days before have shown it.
struct Past: Sendable {
    let profile: Profile
    /// Ascending by value.
    let habits: ArraySlice<Habit>
}

extension ArraySlice where Element == Habit {
    /// The first place whose value is not less.
    func partition(of value: UInt32) -> Int {
        var (low, high) = (startIndex, endIndex)
        while low < high {
            let middle = (low + high) / 2
            if self[middle].value < value { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Hours in which a value was shown; 0 where it is new.
    func hours(of value: UInt32) -> Int {
        let place = partition(of: value)
        return place < endIndex && self[place].value == value ? Int(self[place].count) : 0
    }

    /// Different values of a dimension.
    func distinct(_ dimension: Dimension) -> Int {
        let first = partition(of: UInt32(dimension.rawValue) << 28)
        return partition(of: UInt32(dimension.rawValue + 1) << 28) - first
    }

    fileprivate func mostShown(_ dimension: Dimension) -> UInt32 {
        let first = partition(of: UInt32(dimension.rawValue) << 28)
        let end = partition(of: UInt32(dimension.rawValue + 1) << 28)
        return self[first..<end].max { ($0.count, $1.value) < ($1.count, $0.value) }?.value ?? 0
    }
}

extension [Habit] {
    static let habitsMax = 64
    /// By dimension, so that who does very many things does not forget from where.
    private static let quotas: [Int] = [6, 3, 4, 4, 4, 3, 4, 4, 6, 6, 40, 8, 3, 0, 6]
    /// What a habit counts for halves in so many days when another wants its place.
    private static let halfLifeDays = 30

    /// Adds to a value's count; the least used one makes room where there is none.
    ///
    /// - Returns: the value that is forgotten for it.
    mutating func show(_ value: UInt32, count more: Int, day: Int32) -> UInt32? {
        let place = self[...].partition(of: value)
        let last = UInt16(truncatingIfNeeded: day)
        if place < count, self[place].value == value {
            self[place].count = UInt16(clamping: Int(self[place].count) + more)
            self[place].lastDay = Swift.max(self[place].lastDay, last)
            return nil
        }
        insert(Habit(value: value, count: UInt16(clamping: more), lastDay: last), at: place)
        let dimension = Dimension.of(value)
        if self[...].distinct(dimension) > Self.quotas[Int(dimension.rawValue)] {
            return forget(among: { Dimension.of($0) == dimension }, but: value, last)
        }
        return count > Self.habitsMax ? forget(among: { _ in true }, but: value, last) : nil
    }

    private mutating func forget(among isOf: (UInt32) -> Bool, but value: UInt32, _ today: UInt16) -> UInt32?
    {
        var least: Int?
        var leastWorth = Double.infinity
        for (i, habit) in enumerated() where habit.value != value && isOf(habit.value) {
            let age = Int(today &- habit.lastDay)
            let worth = Double(habit.count) * Natural.exp(-0.693 * Double(age) / Double(Self.halfLifeDays))
            if worth < leastWorth { (least, leastWorth) = (i, worth) }
        }
        return least.map { remove(at: $0).value }
    }
}
