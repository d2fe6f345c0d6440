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

    /// What most days that are being read come to: facts, and bytes of their texts.
    private static let room = (facts: 12, bytes: 384)

    init(key: UInt64, day: Int32, name: [UInt8], withRoom: Bool = false) {
        self.key = key
        self.day = day
        self.name = name
        guard withRoom else { return }
        facts.reserveCapacity(Self.room.facts)
        bytes.reserveCapacity(Self.room.bytes)
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
