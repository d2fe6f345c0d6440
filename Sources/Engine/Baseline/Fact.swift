/// One thing that an identity showed on a day: a network, an action, a rule that fired.
///
/// A fact exists once a day, whatever number of events show it; its carrier is the first of them by time and uid.
struct Fact: Sendable, Hashable, BitwiseCopyable {
    var value: UInt32
    /// The hours, and above their 24 bits what is known of an action or rule: there are very many facts.
    private var marks: UInt32
    /// The carrier's time, and where its uid and the value's text stand in the day's bytes.
    var time: Timestamp
    var uid = Extent.none
    var text = Extent.none

    init(value: UInt32, hours: UInt32, time: Timestamp) {
        self.value = value
        self.time = time
        marks = hours & Self.allHours
    }

    private static let allHours: UInt32 = 0x00FF_FFFF

    /// The hours of the day in which it was shown, a bit each.
    var hours: UInt32 {
        get { marks & Self.allHours }
        set { marks = marks & ~Self.allHours | newValue & Self.allHours }
    }

    /// Of an action: what it can do. Of a rule: its level, 0 to 4.
    var level: UInt8 {
        get { UInt8(truncatingIfNeeded: marks >> 25) }
        set { marks = marks & 0x01FF_FFFF | UInt32(newValue) << 25 }
    }

    /// Whether attackers are known for the action.
    var isCatalogued: Bool {
        get { marks >> 24 & 1 == 1 }
        set { marks = marks & ~(1 << 24) | (newValue ? 1 << 24 : 0) }
    }

    var dimension: Dimension { .of(value) }
    /// The hours in which it was shown: how often, as far as a day's baseline counts.
    var count: Int { hours.nonzeroBitCount }
}

extension [Fact] {
    /// The first place whose value is not less.
    func partition(of value: UInt32) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if self[middle].value < value { low = middle + 1 } else { high = middle }
        }
        return low
    }

    func find(_ value: UInt32) -> Fact? {
        let place = partition(of: value)
        return place < count && self[place].value == value ? self[place] : nil
    }
}
