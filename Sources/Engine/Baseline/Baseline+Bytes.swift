extension Baseline {
    private static let version: UInt64 = 2
    /// With the places where people were last, which there are with a database of places only.
    private static let versionWithPlaces: UInt64 = 3

    /// All that is remembered, in the same bytes for the same past.
    package var encoded: [UInt8] {
        var writer = StateWriter()
        writer.put(lastPlaces.isEmpty ? Self.version : Self.versionWithPlaces)
        writer.put(count: daysClosed)
        writer.put(signed: Int64(lastDay ?? .min))
        writer.put(budgetShift)
        writer.put(active.weekday)
        writer.put(active.weekend)
        writer.put(activityCuts.low)
        writer.put(activityCuts.high)
        for tally in tallies {
            writer.put(signed: tally.seen)
            writer.put(signed: tally.novel)
            writer.put(signed: tally.novelToPeers)
        }
        writer.put(count: raised.count)
        for one in raised {
            writer.put(signed: Int64(one.day))
            writer.put(signed: Int64(one.alerts))
        }
        put(holders, into: &writer)
        put(peerHolders, into: &writer)
        put(peerSizes, into: &writer)
        put(groupSizes, into: &writer)
        writer.put(count: classes.count)
        for (key, record) in classes.sorted(by: { $0.key.order < $1.key.order }) {
            writer.put(key.kind)
            writer.put(key.activity)
            writer.put(UInt8(key.isWeekend ? 1 : 0))
            record.put(into: &writer)
        }
        writer.put(count: held.count)
        for one in held {
            writer.put(signed: Int64(one.until))
            one.entity.put(into: &writer)
        }
        putRisks(into: &writer)
        writer.put(count: profiles.count)
        for place in profiles.placesByKey {
            profiles[place].put(profiles.habits(at: place), into: &writer)
        }
        if !lastPlaces.isEmpty { putPlaces(into: &writer) }
        return writer.bytes
    }

    /// What `encoded` wrote; nothing where it is damaged or of another version.
    package init?(encoded bytes: [UInt8]) {
        var reader = StateReader(bytes)
        let version = reader.number()
        guard version == Self.version || version == Self.versionWithPlaces else { return nil }
        self.init()
        daysClosed = Int(reader.number(UInt32.self))
        let last = reader.signed32()
        lastDay = last == .min ? nil : last
        budgetShift = reader.double()
        active = (reader.double(), reader.double())
        activityCuts = (reader.number(UInt16.self), reader.number(UInt16.self))
        for i in tallies.indices {
            tallies[i] = Tally(seen: reader.signed(), novel: reader.signed(), novelToPeers: reader.signed())
        }
        for _ in 0..<reader.count() { raised.append((reader.signed32(), reader.signed32())) }
        for _ in 0..<reader.count() {
            holders[UInt64(reader.number(UInt32.self))] = reader.number(UInt32.self)
        }
        for _ in 0..<reader.count() { peerHolders[reader.number()] = reader.number(UInt32.self) }
        for _ in 0..<reader.count() {
            peerSizes[UInt64(reader.number(UInt32.self))] = reader.number(UInt32.self)
        }
        for _ in 0..<reader.count() {
            groupSizes[UInt64(reader.number(UInt32.self))] = reader.number(UInt32.self)
        }
        for _ in 0..<reader.count() {
            let key = DayClass(
                kind: reader.number(UInt8.self), activity: reader.number(UInt8.self),
                isWeekend: reader.number(UInt8.self) == 1)
            classes[key] = ClassRecord(&reader)
        }
        for _ in 0..<reader.count() {
            let until = reader.signed32()
            let one = HeldDay(entity: EntityDay(&reader), until: until)
            reported[one.entity.key, default: []].formUnion(one.entity.facts.map(\.value))
            held.append(one)
        }
        readRisks(&reader)
        for _ in 0..<reader.count() {
            var habits: [Habit] = []
            let profile = Profile(&reader, &habits)
            profiles.put(profile, habits, at: profiles.add(profile))
        }
        if version == Self.versionWithPlaces { readPlaces(&reader) }
        guard !reader.isBroken, reader.isAtEnd else { return nil }
    }

    private func put(_ counts: CountTable, into writer: inout StateWriter) {
        writer.put(count: counts.count)
        for (key, count) in counts.sorted {
            writer.put(key)
            writer.put(count)
        }
    }

    private func putPlaces(into writer: inout StateWriter) {
        writer.put(count: lastPlaces.count)
        for (key, last) in lastPlaces.sorted(by: { $0.key < $1.key }) {
            writer.put(hash: key)
            writer.put(last.stop.network)
            writer.put(signed: Int64(last.stop.latitude))
            writer.put(signed: Int64(last.stop.longitude))
            writer.put(last.stop.accuracy)
            writer.put(last.stop.first)
            writer.put(last.name)
            writer.put(last.uid)
        }
    }

    private mutating func readPlaces(_ reader: inout StateReader) {
        for _ in 0..<reader.count() {
            let key = reader.hash()
            var stop = Fix(
                network: reader.number(UInt32.self), latitude: reader.signed32(),
                longitude: reader.signed32(), hours: 0, first: .distantPast)
            stop.accuracy = reader.number(UInt16.self)
            stop.first = reader.time()
            lastPlaces[key] = LastPlace(stop: stop, name: reader.text(), uid: reader.text())
        }
    }

    private func putRisks(into writer: inout StateWriter) {
        writer.put(count: risks.count)
        for (key, history) in risks.sorted(by: { $0.key < $1.key }) {
            writer.put(hash: key)
            writer.put(history.name)
            writer.put(history.kind.rawValue)
            writer.put(count: history.days.count)
            for day in history.days {
                writer.put(signed: Int64(day.day))
                writer.put(count: day.lines.count)
                for line in day.lines {
                    writer.put(signed: Int64(line.nats))
                    writer.put(line.why)
                    writer.put(line.finding ?? "")
                    writer.put(count: line.events.count)
                    for event in line.events { writer.put(event) }
                }
            }
        }
    }

    private mutating func readRisks(_ reader: inout StateReader) {
        for _ in 0..<reader.count() {
            let key = reader.hash()
            var history = RiskHistory(
                name: reader.text(), kind: EntityKind(rawValue: reader.number(UInt8.self)) ?? .human)
            for _ in 0..<reader.count() {
                var day = RiskDay(day: reader.signed32(), lines: [])
                for _ in 0..<reader.count() {
                    var line = RiskDay.Line(nats: reader.signed32(), why: reader.string())
                    let finding = reader.string()
                    line.finding = finding.isEmpty ? nil : finding
                    for _ in 0..<reader.count() { line.events.append(reader.string()) }
                    day.lines.append(line)
                }
                history.days.append(day)
            }
            risks[key] = history
        }
    }
}

extension ClassRecord {
    fileprivate func put(into writer: inout StateWriter) {
        writer.put(signed: total)
        writer.put(count: histogram.count)
        for count in histogram { writer.put(signed: count) }
        writer.put(count: combinations.count)
        for (key, count) in combinations.sorted(by: { $0.key < $1.key }) {
            writer.put(key)
            writer.put(signed: count)
        }
        writer.put(count: rules.count)
        for (key, count) in rules.sorted(by: { $0.key < $1.key }) {
            writer.put(key)
            writer.put(signed: count)
        }
    }

    fileprivate init(_ reader: inout StateReader) {
        let total = reader.signed()
        var histogram: [Int64] = []
        for _ in 0..<reader.count() { histogram.append(reader.signed()) }
        var combinations: [UInt64: Int64] = [:]
        for _ in 0..<reader.count() { combinations[reader.number()] = reader.signed() }
        var rules: [UInt32: Int64] = [:]
        for _ in 0..<reader.count() { rules[reader.number(UInt32.self)] = reader.signed() }
        self.init(
            histogram: histogram.count == Self.bins ? histogram : [], total: total,
            combinations: combinations,
            rules: rules)
    }
}

extension Profile {
    fileprivate func put(_ habits: ArraySlice<Habit>, into writer: inout StateWriter) {
        writer.put(hash: key)
        writer.put(peer)
        writer.put(group)
        writer.put(signed: Int64(firstDay))
        writer.put(signed: Int64(lastDay))
        writer.put(activeDays)
        writer.put(longestGap)
        writer.put(signed: Int64(odds))
        writer.put(kind)
        writer.put(activity)
        for slot in seen.indices {
            writer.put(seen[slot].bitPattern)
            writer.put(novel[slot].bitPattern)
        }
        for hour in hours.indices { writer.put(hours[hour]) }
        for metric in things.indices {
            writer.put(things[metric].bitPattern)
            writer.put(activeHours.bitPattern)
        }
        writer.put(count: habits.count)
        for habit in habits {
            writer.put(habit.value)
            writer.put(habit.count)
            writer.put(habit.lastDay)
        }
    }

    fileprivate init(_ reader: inout StateReader, _ habits: inout [Habit]) {
        func real() -> Float {
            let value = Float(bitPattern: reader.number(UInt32.self))
            return value.isFinite ? value : 0
        }
        let key = reader.hash()
        let (peer, group) = (reader.number(UInt32.self), reader.number(UInt32.self))
        self.init(key: key, day: reader.signed32())
        self.peer = peer
        self.group = group
        lastDay = reader.signed32()
        activeDays = reader.number(UInt16.self)
        longestGap = reader.number(UInt16.self)
        odds = Int8(clamping: reader.signed())
        kind = reader.number(UInt8.self)
        activity = reader.number(UInt16.self)
        for slot in seen.indices {
            seen[slot] = real()
            novel[slot] = real()
        }
        for hour in hours.indices { hours[hour] = reader.number(UInt8.self) }
        for metric in things.indices { (things[metric], activeHours) = (real(), real()) }
        for _ in 0..<reader.count() {
            let habit = Habit(
                value: reader.number(UInt32.self), count: reader.number(UInt16.self),
                lastDay: reader.number(UInt16.self))
            if habits.count < [Habit].habitsMax { habits.append(habit) }
        }
    }
}

extension Behaviour {
    /// What is settled for good, and the facts of the days that may still change.
    package var kept: (settled: [UInt8], open: [EntityDay]) { (base.encoded, book.entityDays) }

    /// What was said of days that may still change.
    package var standing: [BehaviourTold] { told.values.sorted { ($0.day, $0.uid) < ($1.day, $1.uid) } }

    /// Takes over what an earlier run had settled; to be called before anything else. False where it is damaged.
    package mutating func restore(settled bytes: [UInt8]) -> Bool {
        guard let baseline = Baseline(encoded: bytes) else { return false }
        base = baseline
        return true
    }
}
