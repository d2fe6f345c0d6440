/// Where somebody was, as far as an event's source tells it.
extension FactReader {
    static func readPlace(
        _ fields: EventFields, _ network: UInt32, _ geography: Geography?, _ bytes: Span<UInt8>,
        _ writer: inout DayWriter, _ entity: inout EntityDay
    ) {
        guard let latitude = degrees(fields.latitude, bytes),
            let longitude = degrees(fields.longitude, bytes)
        else { return }
        var fix = Fix(
            network: network, latitude: latitude, longitude: longitude,
            hours: 1 << UInt32(writer.hour), first: writer.time)
        guard let geography else {
            entity.insert(fix, uid: writer.uid, place: writer.uid.extracting(0..<0))
            return
        }
        entity.traits.insert(.located)
        // Who comes out of a cloud or of a private network for sale may be anywhere.
        if geography.sharedNetworks.contains(number(fields.autonomousSystem, bytes)) { return }
        writer.scratch.removeAll(keepingCapacity: true)
        NetworkOf.append(prefixOf: fields.address, parts: 3, bytes, to: &writer.scratch)
        let egress = writer.addScratch(.egress, to: &entity)
        // Of one network many places can be at once.
        if egress != 0 { fix.network = egress }
        fix.accuracy = UInt16(clamping: (number(fields.accuracy, bytes) + 999) / 1_000)
        writer.scratch.removeAll(keepingCapacity: true)
        for i in fields.city.range { writer.scratch.append(bytes[i]) }
        if !fields.city.isEmpty, !fields.country.isEmpty { writer.scratch += ", ".utf8 }
        for i in fields.country.range { writer.scratch.append(bytes[i]) }
        entity.insert(fix, uid: writer.uid, place: writer.scratch.span)
    }

    /// In 1/10,000 of a degree.
    private static func degrees(_ text: Extent, _ bytes: Span<UInt8>) -> Int32? {
        guard !text.isEmpty, text.count <= 24 else { return nil }
        var word: [UInt8] = []
        for i in text.range { word.append(bytes[i]) }
        guard let value = Double(String(decoding: word, as: UTF8.self)), abs(value) <= 180 else { return nil }
        return Int32((value * 10_000).rounded())
    }

    /// The whole number that a text begins with; 0 where it begins with none, or with one over four thousand million.
    private static func number(_ text: Extent, _ bytes: Span<UInt8>) -> UInt32 {
        var value: UInt64 = 0
        for i in text.range.prefix(11) {
            guard bytes[i] >= 0x30, bytes[i] <= 0x39 else { break }
            value = value * 10 + UInt64(bytes[i] - 0x30)
        }
        return UInt32(exactly: value) ?? 0
    }
}
