/// Writes into events where their source addresses are, by the user's databases.
///
/// What the vendor tells itself stays: only a location, coordinates or an autonomous system that are missing come in.
/// An event without a source address stays as it is, byte for byte.
package struct Locator: Sendable {
    /// Addresses remembered; past it they are looked up anew.
    private static let addressesMax = 65_536

    /// What is written for an address, in `pool`; empty where nothing is known.
    private struct Known: Sendable {
        /// `"location":{…}`.
        var location = Extent.none
        /// The country's two letters, and `"lat":…,"long":…` for a location that has none.
        var country = Extent.none
        var coordinates = Extent.none
        /// `"autonomous_system":{…}`.
        var network = Extent.none
    }

    /// What comes into an event, and where.
    private struct Addition {
        var place: Int
        var parts: [Extent]
    }

    private let geography: Geography
    private var index = KeyIndex()
    private var known: [Known] = []
    private var pool: [UInt8] = []
    private var text: [UInt8] = []
    private var rows: [Event] = []

    package init(_ geography: Geography) { self.geography = geography }

    /// Completes the events of a batch from a row on.
    package mutating func locate(_ batch: inout EventBatch, from first: Int = 0) {
        guard first < batch.events.count else { return }
        let start = Int(batch.events[first].json.start)
        text.removeAll(keepingCapacity: true)
        rows.removeAll(keepingCapacity: true)
        var isChanged = false
        for row in first..<batch.events.count {
            var event = batch.events[row]
            let before = event.json
            let begin = text.count
            let additions = event.kind == .event ? additions(to: before.range, batch.bytes.span) : []
            var at = Int(before.start)
            var shift = 0
            for addition in additions {
                text += batch.bytes[at..<addition.place]
                at = addition.place
                for part in addition.parts {
                    text.append(UInt8(ascii: ","))
                    text += pool[part.range]
                    if addition.place <= Int(event.uid.start) { shift += Int(part.count) + 1 }
                }
                isChanged = true
            }
            text += batch.bytes[at..<before.end]
            event.json = Extent(start: start + begin, count: text.count - begin)
            event.uid.start =
                UInt32(truncatingIfNeeded: start + begin + shift) + (event.uid.start - before.start)
            rows.append(event)
            text.append(0x0A)
        }
        guard isChanged else { return }
        batch.bytes.removeSubrange(start...)
        batch.bytes += text
        batch.events.replaceSubrange(first..., with: rows)
    }

    /// One event's text, completed.
    package mutating func located(_ event: [UInt8]) -> [UInt8] {
        var batch = EventBatch()
        batch.bytes = event
        var row = Event(time: .epoch)
        row.json = Extent(start: 0, count: event.count)
        row.uid = Extent(start: 0, count: 0)
        batch.events = [row]
        locate(&batch)
        return Array(batch.bytes[batch.events[0].json.range])
    }

    private mutating func additions(to event: Range<Int>, _ bytes: Span<UInt8>) -> [Addition] {
        var members = JSONMembers(event)
        while let member = members.next(bytes) {
            guard bytes.holds("src_endpoint", member.key) else { continue }
            return additions(to: Source(member.value, bytes), bytes)
        }
        return []
    }

    /// Where the parts of a source stand that matter here.
    private struct Source {
        let end: Int
        var address = 0..<0
        var location: Range<Int>?
        var hasNetwork = false

        init(_ object: Range<Int>, _ bytes: Span<UInt8>) {
            end = object.upperBound - 1
            guard object.count > 2, bytes[object.lowerBound] == UInt8(ascii: "{") else { return }
            var members = JSONMembers(object)
            while let member = members.next(bytes) {
                if bytes.holds("ip", member.key) { address = member.value }
                if bytes.holds("location", member.key) { location = member.value }
                if bytes.holds("autonomous_system", member.key) { hasNetwork = true }
            }
        }
    }

    private mutating func additions(to source: Source, _ bytes: Span<UInt8>) -> [Addition] {
        let address = source.address
        guard address.count > 4, address.count <= 47, bytes[address.lowerBound] == UInt8(ascii: "\"") else {
            return []
        }
        if source.location != nil && source.hasNetwork && hasCoordinates(source, bytes) { return [] }
        let known = known(bytes.extracting(address.lowerBound + 1..<address.upperBound - 1))
        var all: [Addition] = []
        var last: [Extent] = []
        if let location = source.location {
            if !known.coordinates.isEmpty, lacksCoordinates(location, in: known, bytes) {
                all.append(Addition(place: location.upperBound - 1, parts: [known.coordinates]))
            }
        } else if !known.location.isEmpty {
            last.append(known.location)
        }
        if !source.hasNetwork, !known.network.isEmpty { last.append(known.network) }
        if !last.isEmpty { all.append(Addition(place: source.end, parts: last)) }
        return all
    }

    private func hasCoordinates(_ source: Source, _ bytes: Span<UInt8>) -> Bool {
        guard let location = source.location else { return false }
        var members = JSONMembers(location)
        while let member = members.next(bytes) {
            if bytes.holds("lat", member.key) { return true }
        }
        return false
    }

    /// Whether a vendor's location names no coordinates, and no other country than the databases do.
    private func lacksCoordinates(_ location: Range<Int>, in known: Known, _ bytes: Span<UInt8>) -> Bool {
        guard location.count > 2, bytes[location.lowerBound] == UInt8(ascii: "{") else { return false }
        var members = JSONMembers(location)
        while let member = members.next(bytes) {
            if bytes.holds("lat", member.key) || bytes.holds("long", member.key) { return false }
            guard bytes.holds("country", member.key) else { continue }
            guard member.value.count > 1 else { return false }
            let country = bytes.extracting(member.value.lowerBound + 1..<member.value.upperBound - 1)
            guard Bytes.equal(country, pool.span.extracting(known.country.range)) else { return false }
        }
        return true
    }

    // MARK: What is known

    private mutating func known(_ address: Span<UInt8>) -> Known {
        let key = WyHash.hash(address)
        if let place = index[key] { return known[place] }
        if known.count >= Self.addressesMax {
            index = KeyIndex()
            known.removeAll(keepingCapacity: true)
            pool.removeAll(keepingCapacity: true)
        }
        var word: [UInt8] = []
        for i in address.indices { word.append(address[i]) }
        index.insert(key, known.count)
        let new = write(geography.place(of: String(decoding: word, as: UTF8.self)))
        known.append(new)
        return new
    }

    private mutating func write(_ place: GeoDatabase.Place) -> Known {
        var known = Known()
        var coordinates: [UInt8] = []
        if let latitude = place.latitude, let longitude = place.longitude {
            JSONFragment.append(raw: "\"lat\":\(latitude),\"long\":\(longitude)", to: &coordinates)
            if let accuracy = place.accuracyKilometres {
                // In metres, as a text: OCSF has it so.
                JSONFragment.append(raw: ",\"horizontal_accuracy\":\"\(accuracy * 1_000)\"", to: &coordinates)
            }
        }
        if !place.country.isEmpty || !place.city.isEmpty {
            known.location = pooled { out in
                JSONFragment.append(raw: "\"location\":{", to: &out)
                var isFirst = true
                for (name, value) in [
                    ("city", place.city), ("region", place.region), ("continent", place.continent),
                    ("country", place.country),
                ] where !value.isEmpty {
                    JSONFragment.append(raw: (isFirst ? "\"" : ",\"") + name + "\":", to: &out)
                    JSONFragment.append(value, to: &out)
                    isFirst = false
                }
                if !coordinates.isEmpty { out += [UInt8(ascii: ",")] + coordinates }
                JSONFragment.append(raw: "}", to: &out)
            }
        }
        known.country = pooled { $0 += place.country.utf8 }
        known.coordinates = pooled { $0 += coordinates }
        if place.number != 0 {
            known.network = pooled { out in
                JSONFragment.append(raw: "\"autonomous_system\":{\"number\":\(place.number)", to: &out)
                if !place.organization.isEmpty {
                    JSONFragment.append(raw: ",\"name\":", to: &out)
                    JSONFragment.append(place.organization, to: &out)
                }
                JSONFragment.append(raw: "}", to: &out)
            }
        }
        return known
    }

    private mutating func pooled(_ write: (inout [UInt8]) -> Void) -> Extent {
        let start = pool.count
        write(&pool)
        return Extent(start: start, count: pool.count - start)
    }
}
