/// Places of identities in a day, each once, in the order in which they came.
struct Places: Sendable {
    private var isIn: [Bool] = []
    private(set) var all: [Int32] = []

    mutating func insert(_ place: Int) {
        while isIn.count <= place { isIn.append(false) }
        if isIn[place] { return }
        isIn[place] = true
        all.append(Int32(truncatingIfNeeded: place))
    }
}

/// Facts of all identities, by day: what a page's events say, or what has been learned of the days still open.
package struct FactBook: Sendable {
    /// One day's facts.
    struct Day: Sendable {
        private(set) var index = KeyIndex()
        private(set) var entities: [EntityDay] = []
        /// Places to which something came since they were last scored.
        private(set) var touched = Places()
        /// Events counted on the day, duplicates included: how sure it is that the day has come.
        var events = 0

        func entity(_ key: UInt64) -> EntityDay? { index[key].map { entities[$0] } }

        /// The place of an identity, made where it has none.
        mutating func place(of key: UInt64, day: Int32, name: Span<UInt8>) -> Int {
            if let place = index[key] { return place }
            var text: [UInt8] = []
            let count = min(name.count, EntityDay.textBytesMax)
            text.reserveCapacity(count)
            for i in 0..<count {
                let byte = name[i]
                text.append(byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte)
            }
            index.insert(key, entities.count)
            entities.append(EntityDay(key: key, day: day, name: text, withRoom: true))
            return entities.count - 1
        }

        mutating func settleTouched() { touched = Places() }

        mutating func change(_ place: Int, _ body: (inout EntityDay) -> Void) {
            body(&entities[place])
            touched.insert(place)
        }

        mutating func change(
            _ key: UInt64, day: Int32, name: Span<UInt8>, _ body: (inout EntityDay) -> Void
        ) {
            change(place(of: key, day: day, name: name), body)
        }

        /// About how much memory it takes: bytes.
        var weight: Int {
            let entities = entities.span
            var sum = 0
            for place in entities.indices { sum += entities[place].weight }
            return sum
        }

        mutating func merge(_ other: Day) {
            let others = other.entities.span
            for place in others.indices { merge(others[place]) }
            events += other.events
        }

        mutating func merge(_ other: EntityDay) {
            if let place = index[other.key] { return change(place) { $0.merge(other) } }
            touched.insert(entities.count)
            index.insert(other.key, entities.count)
            entities.append(other.withoutRoom)
        }
    }

    var days: [Int32: Day] = [:]

    package init() {}

    package var isEmpty: Bool { days.isEmpty }

    /// Every identity's day, in an order that follows from the facts alone.
    package var entityDays: [EntityDay] {
        days.sorted { $0.key < $1.key }.flatMap { $0.value.entities.sorted { $0.key < $1.key } }
    }

    package mutating func merge(_ other: EntityDay) { days[other.day, default: Day()].merge(other) }

    package mutating func merge(_ other: FactBook) {
        for (day, part) in other.days {
            days[day, default: Day()].merge(part)
        }
    }

    package mutating func removeAll() { days.removeAll(keepingCapacity: true) }
}

extension Timestamp {
    private static let dayNanoseconds: Int64 = 86_400_000_000_000

    /// Days since 1970.
    var day: Int32 { Int32(truncatingIfNeeded: floorDivide(nanoseconds, Self.dayNanoseconds)) }
    /// The hour of the day, in UTC.
    var hour: UInt8 {
        let ofDay = nanoseconds - floorDivide(nanoseconds, Self.dayNanoseconds) &* Self.dayNanoseconds
        return UInt8(truncatingIfNeeded: ofDay / 3_600_000_000_000)
    }

    init(day: Int32) { self.init(seconds: Int64(day) * 86_400) }
}
