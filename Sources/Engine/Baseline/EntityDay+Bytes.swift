extension EntityDay {
    /// The day's bytes: the same for the same facts, however they came.
    package var encoded: [UInt8] {
        var packed = self
        packed.pack()
        var writer = StateWriter()
        packed.put(into: &writer)
        return writer.bytes
    }

    /// What `encoded` wrote; nothing where it is damaged.
    package init?(encoded bytes: [UInt8]) {
        var reader = StateReader(bytes)
        self.init(&reader)
        guard !reader.isBroken, reader.isAtEnd else { return nil }
    }

    func put(into writer: inout StateWriter) {
        writer.put(hash: key)
        writer.put(signed: Int64(day))
        writer.put(name)
        writer.put(traits.rawValue)
        writer.put(hours)
        writer.put(bytes)
        func put(_ extent: Extent) {
            writer.put(extent.start)
            writer.put(extent.count)
        }
        writer.put(count: facts.count)
        for fact in facts {
            writer.put(fact.value)
            writer.put(fact.hours)
            writer.put(fact.time)
            put(fact.uid)
            put(fact.text)
            writer.put(fact.level << 1 | (fact.isCatalogued ? 1 : 0))
        }
        writer.put(count: sketches.count)
        for sketch in sketches {
            writer.put(sketch.metric.rawValue)
            writer.put(sketch.hour)
            writer.put(sketch.time)
            put(sketch.uid)
            writer.put(count: sketch.hashes.count)
            for hash in sketch.hashes { writer.put(hash: hash) }
        }
        writer.put(count: uses.count)
        for use in uses {
            writer.put(hash: use.session)
            writer.put(use.network)
            writer.put(use.country)
            writer.put(use.agent)
            writer.put(use.hours)
            writer.put(use.first)
            put(use.uid)
        }
        writer.put(count: fixes.count)
        for fix in fixes {
            writer.put(fix.network)
            writer.put(signed: Int64(fix.latitude))
            writer.put(signed: Int64(fix.longitude))
            writer.put(fix.hours)
            writer.put(fix.first)
            put(fix.uid)
            if traits.contains(.located) {
                writer.put(fix.accuracy)
                put(fix.place)
            }
        }
        writer.put(count: moments.count)
        for moment in moments {
            writer.put(moment.kind.rawValue)
            writer.put(moment.time)
            writer.put(hash: moment.hash)
            put(moment.uid)
        }
    }

    init(_ reader: inout StateReader) {
        let key = reader.hash()
        let day = reader.signed32()
        self.init(key: key, day: day, name: reader.text())
        traits = Traits(rawValue: reader.number(UInt16.self))
        hours = reader.number(UInt32.self)
        bytes = reader.text()
        let room = bytes.count
        for _ in 0..<reader.count() {
            var fact = Fact(
                value: reader.number(UInt32.self), hours: reader.number(UInt32.self), time: reader.time())
            fact.uid = reader.extent(in: room)
            fact.text = reader.extent(in: room)
            let level = reader.number(UInt8.self)
            fact.level = level >> 1
            fact.isCatalogued = level & 1 == 1
            facts.append(fact)
        }
        for _ in 0..<reader.count() {
            let metric = Sketch.Metric(rawValue: reader.number(UInt8.self)) ?? .changes
            var sketch = Sketch(metric: metric, hour: reader.number(UInt8.self), time: reader.time())
            sketch.uid = reader.extent(in: room)
            for _ in 0..<reader.count() { sketch.hashes.append(reader.hash()) }
            sketches.append(sketch)
        }
        for _ in 0..<reader.count() {
            var use = SessionUse(
                session: reader.hash(), network: reader.number(UInt32.self),
                country: reader.number(UInt32.self),
                agent: reader.number(UInt32.self), hours: reader.number(UInt32.self),
                first: reader.time())
            use.uid = reader.extent(in: room)
            uses.append(use)
        }
        for _ in 0..<reader.count() {
            var fix = Fix(
                network: reader.number(UInt32.self), latitude: reader.signed32(),
                longitude: reader.signed32(),
                hours: reader.number(UInt32.self), first: reader.time())
            fix.uid = reader.extent(in: room)
            if traits.contains(.located) {
                fix.accuracy = reader.number(UInt16.self)
                fix.place = reader.extent(in: room)
            }
            fixes.append(fix)
        }
        for _ in 0..<reader.count() {
            let kind = Moment.Kind(rawValue: reader.number(UInt8.self)) ?? .signedIn
            var moment = Moment(kind: kind, time: reader.time(), hash: reader.hash())
            moment.uid = reader.extent(in: room)
            moments.append(moment)
        }
    }
}
