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

    mutating func learn(_ count: Int) {
        things = things * Self.hourlyDecay + Float(min(count, 1_000_000))
        hours = hours * Self.hourlyDecay + 1
    }

    /// The chance of so many in an hour, or more.
    func tail(_ count: Int) -> Double {
        let scale = Double(hours)
        return Natural.negativeBinomialTail(count, size: Double(max(0.01, things)), q: scale / (scale + 1))
    }
}

/// What is usual for one identity. Fixed in size but for its habits, of which it keeps at most `habitsMax`.
struct Profile: Sendable {
    static let habitsMax = 64
    /// By dimension, so that who does very many things does not forget from where.
    private static let quotas: [Int] = [6, 3, 4, 4, 4, 3, 4, 4, 6, 6, 40, 8, 3, 0, 6]
    /// What a habit counts for halves in so many days when another wants its place.
    static let habitHalfLifeDays = 30

    var key: UInt64
    /// Those it is compared with, and the role, permission set or group that they have in common where it is large enough.
    var peer: UInt32 = 0
    var group: UInt32 = 0
    var firstDay: Int32
    var lastDay: Int32
    var activeDays: UInt16 = 0
    /// The longest silence so far: days.
    var longestGap: UInt16 = 0
    var odds: Int8 = 0
    var kind: UInt8 = 0
    /// Fading sum of facts in a day: how active it is, in 1/8.
    var activity: UInt16 = 0
    /// By dimension: facts seen, and how many of them were new, fading.
    var seen = InlineArray<11, Float>(repeating: 0)
    var novel = InlineArray<11, Float>(repeating: 0)
    /// Hours of weekdays, then of weekends.
    var hours = InlineArray<48, UInt8>(repeating: 0)
    var paces = InlineArray<4, Pace>(repeating: Pace())
    /// Ascending by value.
    var habits: [Habit] = []

    init(key: UInt64, day: Int32) {
        self.key = key
        firstDay = day
        lastDay = day
    }

    /// Hours in which a value was shown; 0 where it is new.
    func count(of value: UInt32) -> Int {
        let place = habits.partition(of: value)
        return place < habits.count && habits[place].value == value ? Int(habits[place].count) : 0
    }

    /// Different values of a dimension.
    func distinct(_ dimension: Dimension) -> Int {
        let first = habits.partition(of: UInt32(dimension.rawValue) << 28)
        return habits.partition(of: UInt32(dimension.rawValue + 1) << 28) - first
    }

    /// The group that it has most in common with: by its role, permission set or first group; 0 for none.
    var commonGroup: UInt32 {
        let group = mostShown(.peer)
        return group == 0 ? 0 : group ^ UInt32(kind)
    }

    /// All of its kind in the account where it is most active.
    var accountGroup: UInt32 {
        let account = mostShown(.account)
        return account == 0 ? 0 : Dimension.peer.value(like: account) ^ UInt32(kind)
    }

    private func mostShown(_ dimension: Dimension) -> UInt32 {
        let first = habits.partition(of: UInt32(dimension.rawValue) << 28)
        let end = habits.partition(of: UInt32(dimension.rawValue + 1) << 28)
        return habits[first..<end].max { ($0.count, $1.value) < ($1.count, $0.value) }?.value ?? 0
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

    /// Adds to a value's count; the least used one makes room where there is none.
    ///
    /// - Returns: the value that is forgotten for it.
    mutating func show(_ value: UInt32, count: Int, day: Int32) -> UInt32? {
        let place = habits.partition(of: value)
        let last = UInt16(truncatingIfNeeded: day)
        if place < habits.count, habits[place].value == value {
            habits[place].count = UInt16(clamping: Int(habits[place].count) + count)
            habits[place].lastDay = max(habits[place].lastDay, last)
            return nil
        }
        if habits.count == habits.capacity {
            habits.reserveCapacity(min(Self.habitsMax + 1, habits.count + 4))
        }
        habits.insert(Habit(value: value, count: UInt16(clamping: count), lastDay: last), at: place)
        let dimension = Dimension.of(value)
        if distinct(dimension) > Self.quotas[Int(dimension.rawValue)] {
            return forget(among: { Dimension.of($0) == dimension }, but: value, last)
        }
        return habits.count > Self.habitsMax ? forget(among: { _ in true }, but: value, last) : nil
    }

    private mutating func forget(among isOf: (UInt32) -> Bool, but value: UInt32, _ today: UInt16) -> UInt32?
    {
        var least: Int?
        var leastWorth = Double.infinity
        for (i, habit) in habits.enumerated() where habit.value != value && isOf(habit.value) {
            let age = Int(today &- habit.lastDay)
            let worth =
                Double(habit.count) * Natural.exp(-0.693 * Double(age) / Double(Self.habitHalfLifeDays))
            if worth < leastWorth { (least, leastWorth) = (i, worth) }
        }
        return least.map { habits.remove(at: $0).value }
    }
}

extension [Habit] {
    func partition(of value: UInt32) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if self[middle].value < value { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

/// All profiles, in small pieces, so that a copy of them shares what has not changed since.
struct ProfileTable: Sendable {
    private static let pieceSize = 16

    private var index = KeyIndex()
    private var pieces: [[Profile]] = []
    private(set) var count = 0

    func place(of key: UInt64) -> Int? { index[key] }

    subscript(place: Int) -> Profile {
        get { pieces[place / Self.pieceSize][place % Self.pieceSize] }
        _modify { yield &pieces[place / Self.pieceSize][place % Self.pieceSize] }
    }

    func profile(of key: UInt64) -> Profile? { index[key].map { self[$0] } }

    mutating func add(_ profile: Profile) -> Int {
        if count % Self.pieceSize == 0 {
            pieces.append([])
            pieces[pieces.count - 1].reserveCapacity(Self.pieceSize)
        }
        pieces[pieces.count - 1].append(profile)
        index.insert(profile.key, count)
        count += 1
        return count - 1
    }

    /// Every profile, ordered by key.
    var sorted: [Profile] { pieces.joined().sorted { $0.key < $1.key } }

    /// Only those that are wanted.
    func filtered(_ isKept: (Profile) -> Bool) -> ProfileTable {
        var kept = ProfileTable()
        for profile in pieces.joined() where isKept(profile) { _ = kept.add(profile) }
        return kept
    }
}
