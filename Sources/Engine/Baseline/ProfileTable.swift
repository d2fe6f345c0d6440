/// All profiles with their habits, in small pieces, so that a copy of them shares what has not changed since.
///
/// A piece holds the profiles of some identities one behind the other, and then all their habits: two pieces of memory
/// for eight identities, with hardly a byte that is not used.
struct ProfileTable: Sendable {
    private static let pieceSize = 8

    private struct Piece: Sendable {
        var profiles: [Profile] = []
        var habits: [Habit] = []
        /// Of each profile where its habits end.
        private var ends = InlineArray<8, UInt16>(repeating: 0)

        func range(_ place: Int) -> Range<Int> {
            (place == 0 ? 0 : Int(ends[place - 1]))..<Int(ends[place])
        }

        mutating func put(_ new: [Habit], at place: Int) {
            let old = range(place)
            let more = new.count - old.count
            if more == 0 {
                for (offset, habit) in new.enumerated() { habits[old.lowerBound + offset] = habit }
                return
            }
            let needed = habits.count + more
            if needed > habits.capacity { habits.reserveCapacity(needed + needed / 16) }
            habits.replaceSubrange(old, with: new)
            for next in place..<ends.count { ends[next] = UInt16(Int(ends[next]) + more) }
        }
    }

    private var index = PlaceIndex()
    private var pieces: [Piece] = []
    private(set) var count = 0

    func place(of key: UInt64) -> Int? {
        index.find(key) { pieces[$0 / Self.pieceSize].profiles[$0 % Self.pieceSize].key == key }
    }

    subscript(place: Int) -> Profile {
        @inline(__always) get { pieces[place / Self.pieceSize].profiles[place % Self.pieceSize] }
        @inline(__always) _modify {
            yield &pieces[place / Self.pieceSize].profiles[place % Self.pieceSize]
        }
    }

    /// Ascending by value.
    func habits(at place: Int) -> ArraySlice<Habit> {
        let piece = place / Self.pieceSize
        return pieces[piece].habits[pieces[piece].range(place % Self.pieceSize)]
    }

    func past(of key: UInt64) -> Past? {
        place(of: key).map { Past(profile: self[$0], habits: habits(at: $0)) }
    }

    mutating func put(_ profile: Profile, _ habits: [Habit], at place: Int) {
        self[place] = profile
        pieces[place / Self.pieceSize].put(habits, at: place % Self.pieceSize)
    }

    mutating func add(_ profile: Profile) -> Int {
        if count % Self.pieceSize == 0 {
            pieces.append(Piece())
            pieces[pieces.count - 1].profiles.reserveCapacity(Self.pieceSize)
        }
        let place = count
        pieces[pieces.count - 1].profiles.append(profile)
        count += 1
        if index.isFull { index = grown() } else { index.insert(profile.key, place) }
        return place
    }

    private func grown() -> PlaceIndex {
        var larger = PlaceIndex(for: count)
        for place in 0..<count { larger.insert(self[place].key, place) }
        return larger
    }

    /// Where profiles stand, ordered by their keys.
    var placesByKey: [Int] {
        var all = (0..<count).map { (key: self[$0].key, place: $0) }
        all.sort { $0.key < $1.key }
        return all.map(\.place)
    }

    /// Only those that are wanted.
    func filtered(_ isKept: (Profile) -> Bool) -> ProfileTable {
        var kept = ProfileTable()
        for place in 0..<count where isKept(self[place]) {
            let new = kept.add(self[place])
            kept.put(self[place], Array(habits(at: place)), at: new)
        }
        return kept
    }
}

/// Where things stand by keys that are hashes already, without the keys: five bytes a slot, and whoever asks has the key
/// itself to compare.
private struct PlaceIndex: Sendable {
    /// 0 where a slot is free, else seven bits of the key's upper end.
    private var tags: [UInt8] = []
    private var places: [UInt32] = []
    private var mask = 0
    private var count = 0

    init() {}

    init(for count: Int) {
        var slots = 16
        while slots * 6 < count * 10 { slots *= 2 }
        tags = Array(repeating: 0, count: slots)
        places = Array(repeating: 0, count: slots)
        mask = slots - 1
    }

    /// Whether there is no room for one more.
    var isFull: Bool { mask == 0 || (count + 1) * 10 > tags.count * 8 }

    private static func tag(_ key: UInt64) -> UInt8 { UInt8(truncatingIfNeeded: key >> 57) | 0x80 }

    func find(_ key: UInt64, _ isAt: (Int) -> Bool) -> Int? {
        guard mask > 0 else { return nil }
        let tag = Self.tag(key)
        var slot = Int(truncatingIfNeeded: key) & mask
        while tags[slot] != 0 {
            if tags[slot] == tag, isAt(Int(places[slot])) { return Int(places[slot]) }
            slot = (slot &+ 1) & mask
        }
        return nil
    }

    mutating func insert(_ key: UInt64, _ place: Int) {
        var slot = Int(truncatingIfNeeded: key) & mask
        while tags[slot] != 0 { slot = (slot &+ 1) & mask }
        tags[slot] = Self.tag(key)
        places[slot] = UInt32(truncatingIfNeeded: place)
        count += 1
    }
}
