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

/// Different things done in one hour, by their hashes: exact up to `keptMax`, estimated from the least beyond.
struct Sketch: Sendable, Hashable {
    enum Metric: UInt8, Sendable, CaseIterable {
        case changes = 0, deletions, reads, denials, victims, successes
    }

    static let keptMax = 64

    var metric: Metric
    var hour: UInt8
    /// The least hashes, ascending.
    var hashes: [UInt64] = []
    var time: Timestamp
    var uid = Extent.none

    /// How many different ones there were.
    var count: Int {
        guard hashes.count == Self.keptMax, let last = hashes.last else { return hashes.count }
        let estimate = Double(Self.keptMax - 1) * 18_446_744_073_709_551_616.0 / Double(max(last, 1))
        return max(Self.keptMax, Int(min(1e12, estimate)))
    }

    /// False where it was there already, or is too great to be kept.
    mutating func insert(_ hash: UInt64) -> Bool {
        if hashes.count == Self.keptMax, let last = hashes.last, hash > last { return false }
        let place = hashes.partition(of: hash)
        if place < hashes.count, hashes[place] == hash { return false }
        hashes.insert(hash, at: place)
        if hashes.count > Self.keptMax { hashes.removeLast() }
        return true
    }

    var order: UInt16 { UInt16(metric.rawValue) << 8 | UInt16(hour) }
}

/// From where and with what a credential was used.
struct SessionUse: Sendable, Hashable, BitwiseCopyable {
    var session: UInt64
    var network: UInt32
    var country: UInt32
    var agent: UInt32
    /// The hours of the day in which it was used so.
    var hours: UInt32
    var first: Timestamp
    var uid = Extent.none

    var order: UInt64 { WyHash.mix(session ^ UInt64(network) << 32 | UInt64(agent), UInt64(country) | 1) }
}

/// A place on the globe where somebody was, told by an address.
struct Fix: Sendable, Hashable, BitwiseCopyable {
    /// The network that tells it; with a database of places the egress, which may be one of many of a network's.
    var network: UInt32
    /// In 1/10,000 of a degree.
    var latitude: Int32
    var longitude: Int32
    /// The hours of the day in which it was seen there.
    var hours: UInt32
    var first: Timestamp
    var uid = Extent.none
    /// It is most likely within so many kilometres of there.
    var accuracy: UInt16 = 0
    /// What people call it; empty where no database of places was at hand.
    var place = Extent.none
}

/// Something of which the minute counts.
struct Moment: Sendable, Hashable, BitwiseCopyable {
    enum Kind: UInt8, Sendable { case factorDenied = 0, factorApproved, factorReset, signInFailed, signedIn }

    var kind: Kind
    var time: Timestamp
    var hash: UInt64
    var uid = Extent.none
}

/// All facts about one identity on one day.
///
/// Everything in it is a set, a minimum or a union. So two of them merge into what one would have become that saw both
/// halves' events, in any order and however often.
package struct EntityDay: Sendable {
    static let factsMax = 256
    static let usesMax = 64
    static let fixesMax = 32
    static let momentsMax = 64
    /// Of a value's text, and of a uid: bytes.
    static let textBytesMax = 512

    let key: UInt64
    let day: Int32
    var name: [UInt8]
    var traits = Traits()
    var hours: UInt32 = 0
    /// Texts and uids; what is replaced stays until the day is packed.
    var bytes: [UInt8] = []
    var facts: [Fact] = []
    var sketches: [Sketch] = []
    var uses: [SessionUse] = []
    var fixes: [Fix] = []
    var moments: [Moment] = []

    private var lastUID = Extent.none

    init(key: UInt64, day: Int32, name: [UInt8]) {
        self.key = key
        self.day = day
        self.name = name
    }

    /// About how much memory it takes: bytes.
    var weight: Int {
        200 + name.count + bytes.count + 40 * (facts.count + uses.count + fixes.count + moments.count)
            + sketches.reduce(0) { $0 + 80 + 8 * $1.hashes.count }
    }

    /// The same without room for more, which is half of its memory: most days that have been read get nothing more.
    var withoutRoom: EntityDay {
        var day = self
        day.bytes = bytes.map { $0 }
        day.facts = facts.map { $0 }
        return day
    }

    /// Takes in what another part of the same day has.
    mutating func merge(_ other: EntityDay) {
        traits.formUnion(other.traits)
        hours |= other.hours
        if other.name.lexicographicallyPrecedes(name) { name = other.name }
        let text = other.bytes.span
        for fact in other.facts {
            insert(fact, uid: text.extracting(fact.uid.range), text: text.extracting(fact.text.range))
        }
        for sketch in other.sketches {
            for hash in sketch.hashes {
                insert(
                    sketch.metric, hour: sketch.hour, hash, at: sketch.time, text.extracting(sketch.uid.range)
                )
            }
        }
        for use in other.uses { insert(use, uid: text.extracting(use.uid.range)) }
        for fix in other.fixes {
            insert(fix, uid: text.extracting(fix.uid.range), place: text.extracting(fix.place.range))
        }
        for moment in other.moments { insert(moment, uid: text.extracting(moment.uid.range)) }
    }

    // MARK: Inserting

    /// Facts of one event follow one another, so most uids are the one kept last.
    private mutating func keep(uid: Span<UInt8>) -> Extent {
        if bytes.holds(uid, at: lastUID) { return lastUID }
        lastUID = keep(uid)
        return lastUID
    }

    private mutating func keep(_ text: Span<UInt8>) -> Extent {
        let start = bytes.count
        var count = min(text.count, Self.textBytesMax)
        if count < text.count {
            // Neither a character nor an escape is cut in two.
            while count > 0, text[count] & 0xC0 == 0x80 { count -= 1 }
            for i in max(0, count - 6)..<count where text[i] == UInt8(ascii: "\\") {
                count = i
                break
            }
        }
        bytes.append(text.extracting(0..<count))
        return Extent(start: start, count: count)
    }

    /// Whether an event comes before the one that something stands on: by time, then by uid.
    ///
    /// Of the bytes alone, so that nothing else is retained for it.
    private static func precedes(
        _ time: Timestamp, _ uid: Span<UInt8>, _ otherTime: Timestamp, _ other: Extent, in bytes: [UInt8]
    ) -> Bool {
        if time != otherTime { return time < otherTime }
        let count = min(uid.count, textBytesMax)
        for i in 0..<min(count, Int(other.count)) {
            let byte = bytes[Int(other.start) + i]
            if uid[i] != byte { return uid[i] < byte }
        }
        return count < Int(other.count)
    }

    mutating func insert(_ fact: Fact, uid: Span<UInt8>, text: Span<UInt8>) {
        let place = facts.partition(of: fact.value)
        if place < facts.count, facts[place].value == fact.value {
            facts[place].hours |= fact.hours
            facts[place].level = max(facts[place].level, fact.level)
            facts[place].isCatalogued = facts[place].isCatalogued || fact.isCatalogued
            if Self.precedes(fact.time, uid, facts[place].time, facts[place].uid, in: bytes) {
                facts[place].time = fact.time
                facts[place].uid = keep(uid: uid)
                facts[place].text = keep(text)
                if bytes.count > Self.looseBytesMax { pack() }
            }
            return
        }
        let dimension = fact.value >> 28
        let first = facts.partition(of: dimension << 28)
        let end = dimension == 15 ? facts.count : facts.partition(of: (dimension + 1) << 28)
        if end - first >= Self.factsMax {
            // The least are kept, whatever came first.
            guard place < end else { return }
            facts.remove(at: end - 1)
        }
        var fact = fact
        fact.uid = keep(uid: uid)
        fact.text = keep(text)
        facts.insert(fact, at: place)
        if bytes.count > Self.looseBytesMax { pack() }
    }

    /// Texts that were replaced are let go of past so many bytes, which events that come ever earlier could fill.
    private static let looseBytesMax = 256 << 10

    /// Lays the texts out anew, in the order of what they belong to and each uid once: equal days have equal bytes then.
    mutating func pack() {
        var packing = Packing(bytes)
        for i in facts.indices {
            facts[i].uid = packing.moved(uid: facts[i].uid)
            facts[i].text = packing.moved(facts[i].text)
        }
        for i in sketches.indices { sketches[i].uid = packing.moved(uid: sketches[i].uid) }
        for i in uses.indices { uses[i].uid = packing.moved(uid: uses[i].uid) }
        for i in fixes.indices {
            fixes[i].uid = packing.moved(uid: fixes[i].uid)
            if !fixes[i].place.isEmpty { fixes[i].place = packing.moved(uid: fixes[i].place) }
        }
        for i in moments.indices { moments[i].uid = packing.moved(uid: moments[i].uid) }
        bytes = packing.bytes
        lastUID = .none
    }

    private struct Packing {
        let old: [UInt8]
        var bytes: [UInt8] = []
        private var kept = KeyIndex()
        private var uids: [Extent] = []

        init(_ old: [UInt8]) { self.old = old }

        mutating func moved(_ extent: Extent) -> Extent {
            let start = bytes.count
            bytes += old[extent.range]
            return Extent(start: start, count: Int(extent.count))
        }

        mutating func moved(uid: Extent) -> Extent {
            let key = WyHash.hash(old.span.extracting(uid.range))
            if let place = kept[key] {
                let isSame = bytes[uids[place].range] == old[uid.range]
                return isSame ? uids[place] : moved(uid)
            }
            let new = moved(uid)
            kept.insert(key, uids.count)
            uids.append(new)
            return new
        }
    }

    mutating func insert(
        _ metric: Sketch.Metric, hour: UInt8, _ hash: UInt64, at time: Timestamp, _ uid: Span<UInt8>
    ) {
        var place = 0
        let order = UInt16(metric.rawValue) << 8 | UInt16(hour)
        while place < sketches.count, sketches[place].order < order { place += 1 }
        if place == sketches.count || sketches[place].order != order {
            sketches.insert(Sketch(metric: metric, hour: hour, time: time, uid: keep(uid: uid)), at: place)
        } else if Self.precedes(time, uid, sketches[place].time, sketches[place].uid, in: bytes) {
            sketches[place].time = time
            sketches[place].uid = keep(uid: uid)
        }
        _ = sketches[place].insert(hash)
    }

    mutating func insert(_ use: SessionUse, uid: Span<UInt8>) {
        let order = use.order
        var place = 0
        while place < uses.count, uses[place].order < order { place += 1 }
        if place < uses.count, uses[place].order == order {
            if Self.precedes(use.first, uid, uses[place].first, uses[place].uid, in: bytes) {
                uses[place].first = use.first
                uses[place].uid = keep(uid: uid)
            }
            uses[place].hours |= use.hours
            return
        }
        guard place < Self.usesMax else { return }
        var use = use
        use.uid = keep(uid: uid)
        uses.insert(use, at: place)
        if uses.count > Self.usesMax { uses.removeLast() }
    }

    mutating func insert(_ fix: Fix, uid: Span<UInt8>, place name: Span<UInt8>) {
        var place = 0
        while place < fixes.count, fixes[place].network < fix.network { place += 1 }
        if place < fixes.count, fixes[place].network == fix.network {
            if Self.precedes(fix.first, uid, fixes[place].first, fixes[place].uid, in: bytes) {
                fixes[place].first = fix.first
                fixes[place].latitude = fix.latitude
                fixes[place].longitude = fix.longitude
                fixes[place].accuracy = fix.accuracy
                fixes[place].uid = keep(uid: uid)
                fixes[place].place = name.isEmpty ? .none : keep(name)
            }
            fixes[place].hours |= fix.hours
            return
        }
        guard place < Self.fixesMax else { return }
        var fix = fix
        fix.uid = keep(uid: uid)
        fix.place = name.isEmpty ? .none : keep(name)
        fixes.insert(fix, at: place)
        if fixes.count > Self.fixesMax { fixes.removeLast() }
    }

    mutating func insert(_ moment: Moment, uid: Span<UInt8>) {
        var place = 0
        while place < moments.count,
            (moments[place].kind.rawValue, moments[place].time, moments[place].hash)
                < (moment.kind.rawValue, moment.time, moment.hash)
        {
            place += 1
        }
        if place < moments.count, moments[place].kind == moment.kind, moments[place].time == moment.time,
            moments[place].hash == moment.hash
        {
            return
        }
        var end = place
        while end < moments.count, moments[end].kind == moment.kind { end += 1 }
        let first = moments.firstIndex { $0.kind == moment.kind } ?? place
        if end - first >= Self.momentsMax {
            guard place < end else { return }
            moments.remove(at: end - 1)
        }
        var moment = moment
        moment.uid = keep(uid: uid)
        moments.insert(moment, at: place)
    }
}

extension [UInt8] {
    /// Whether a text stands at a place.
    fileprivate func holds(_ text: Span<UInt8>, at place: Extent) -> Bool {
        text.count == Int(place.count) && Bytes.equal(span.extracting(place.range), text)
    }
}

extension [UInt64] {
    /// The first place whose element is not less.
    func partition(of value: UInt64) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if self[middle] < value { low = middle + 1 } else { high = middle }
        }
        return low
    }
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
