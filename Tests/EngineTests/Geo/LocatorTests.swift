import Testing

@testable import Engine

/// What a database adds to events, and what it leaves as it is.
@Suite struct LocatorTests {
    private static func batch(_ texts: [String]) -> EventBatch {
        var batch = EventBatch()
        for text in texts {
            let start = batch.bytes.count
            batch.bytes += Array(text.utf8) + [0x0A]
            var event = Event(time: Timestamp(seconds: 1_790_000_000))
            event.json = Extent(start: start, count: text.utf8.count)
            let parts = text.split(separator: "\"uid\":\"", maxSplits: 1)
            event.uid = Extent(
                start: start + parts[0].utf8.count + 7, count: parts[1].prefix { $0 != "\"" }.utf8.count)
            batch.events.append(event)
        }
        return batch
    }

    private static func located(_ texts: [String], from first: Int = 0) throws -> EventBatch {
        var batch = batch(texts)
        var locator = Locator(try GeoMaterial.geography())
        locator.locate(&batch, from: first)
        return batch
    }

    private static func event(_ source: String, uid: String = "e") -> String {
        #"{"src_endpoint":\#(source),"metadata":{"uid":"\#(uid)"},"unmapped":{"src_endpoint":{"ip":"192.0.2.1"}}}"#
    }

    @Test("Location and network come in behind what is there, and the uid is found where it moved to")
    func added() throws {
        let batch = try Self.located([
            Self.event(#"{"ip":"192.0.2.1"}"#, uid: "first"),
            #"{"metadata":{"uid":"second"},"src_endpoint":{"ip":"2001:db8:1::7","port":9}}"#,
        ])
        #expect(
            batch.json(of: batch.events[0])
                == Self.event(
                    #"{"ip":"192.0.2.1","location":{"city":"Sydney","continent":"Oceania","country":"AU","#
                        + #""lat":-33.87,"long":151.21,"horizontal_accuracy":"50000"},"#
                        + #""autonomous_system":{"number":64511,"name":"Example Down Under"}}"#, uid: "first")
        )
        #expect(
            batch.json(of: batch.events[1])
                == #"{"metadata":{"uid":"second"},"src_endpoint":{"ip":"2001:db8:1::7","port":9,"location":"#
                + #"{"city":"Saint-Denis \"La Plaine\"","continent":"Europe","country":"FR","lat":48.92,"long":2.36,"#
                + #""horizontal_accuracy":"20000"}}}"#)
        #expect(batch.events.map { batch.uid(of: $0) } == ["first", "second"])
        #expect(batch.bytes.last == 0x0A)
    }

    @Test("What the vendor says stays; coordinates come to a country that is the same")
    func vendors() throws {
        let own =
            #"{"ip":"192.0.2.1","location":{"country":"PT","lat":1.0,"long":2.0},"autonomous_system":{"number":1}}"#
        let other = #"{"ip":"192.0.2.1","location":{"country":"PT"},"autonomous_system":{"number":1}}"#
        let same = #"{"ip":"192.0.2.1","location":{"country":"AU"},"autonomous_system":{"number":1}}"#
        let odd = #"{"ip":"192.0.2.1","location":{"country":5},"autonomous_system":{"number":1}}"#
        let batch = try Self.located([own, other, same, odd].map { Self.event($0) })
        let texts = batch.events.map { batch.json(of: $0) }
        #expect(texts[0] == Self.event(own))
        #expect(texts[1] == Self.event(other))
        #expect(
            texts[2]
                == Self.event(
                    #"{"ip":"192.0.2.1","location":{"country":"AU","lat":-33.87,"long":151.21,"#
                        + #""horizontal_accuracy":"50000"},"autonomous_system":{"number":1}}"#))
        #expect(texts[3] == Self.event(odd))
    }

    @Test("Without an address that is known, every byte stays where it was")
    func untouched() throws {
        let texts = [
            "{\"metadata\":{\"uid\":\"e\"}}", Self.event("{}"), Self.event("null"), Self.event("[]"),
            Self.event(#"{"ip":null}"#), Self.event(#"{"ip":"AWS Internal"}"#),
            Self.event(#"{"ip":"8.8.8.8"}"#),
            Self.event(#"{"ip":"10.0.0.1","location":{}}"#), Self.event(#"{"domain":"192.0.2.1"}"#),
        ]
        let batch = try Self.located(texts)
        #expect(batch.bytes == Self.batch(texts).bytes)
        #expect(batch.events.map(\.json) == Self.batch(texts).events.map(\.json))
    }

    @Test("Rows before the first that is meant, and findings, stay")
    func partly() throws {
        let text = Self.event(#"{"ip":"192.0.2.1"}"#)
        var batch = Self.batch([text, text, text])
        batch.events[2].kind = .finding
        var locator = Locator(try GeoMaterial.geography())
        locator.locate(&batch, from: 1)
        #expect(batch.json(of: batch.events[0]) == text)
        #expect(batch.json(of: batch.events[1]).contains("Sydney"))
        #expect(batch.json(of: batch.events[2]) == text)
        #expect(batch.events.map { batch.uid(of: $0) } == ["e", "e", "e"])
    }

    @Test("More addresses than are remembered are looked up anew")
    func many() throws {
        var locator = Locator(try GeoMaterial.geography())
        for round in 0..<3 {
            for part in 0..<300 {
                var batch = Self.batch(
                    (0..<100).map {
                        Self.event("{\"ip\":\"198.5\(1 + round).\(part % 250).\(part / 250 * 100 + $0)\"}")
                    })
                locator.locate(&batch)
                let city = ["Lisbon", "Porto", "Braga"][round]
                #expect(batch.events.allSatisfy { batch.json(of: $0).contains(city) })
            }
        }
    }
}
