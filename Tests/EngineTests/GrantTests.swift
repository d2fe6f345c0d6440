import Foundation
import Pipeline
import Testing

@testable import Engine

@Suite struct GrantTests {
    static let yaml = """
        product: {name: Broker, vendor_name: Example}
        record: {id: id, time: t}
        class:
          from: op
          cases:
            use: api_activity/other
          otherwise: api_activity/read
        grant:
          uid: req
          requester.name: who
          roles: {each: roles, fields: {name: $}}
          resources: {each: res, fields: {uid: id, type: kind}}
          account.uid: acct
          start_time: from
          end_time: to
          duration: ttl
          justification: why
          ticket.uid: ticket
          is_emergency: breakglass
          phase: {from: state, cases: {PENDING: requested, GRANTED: approved}}
        blocks:
          - operations: [review]
            grant:
              approvers: {items: [{name: by, email_addr: {from: by, is: email}}]}
          - when: {op: revoke}
            grant: {phase: {value: revoked}}
        """

    func bench() throws -> MappingBench { try MappingBench(Self.yaml) }

    func grant(_ event: String) -> Grant? {
        var reader = GrantReader()
        return reader.grant(in: Array(event.utf8).span)
    }

    static let record =
        #"{"id":"1","t":1793610900000,"op":"review","req":"g-1","who":"ana@example.com","by":"bo@example.com","#
        + #""roles":["admin","db \"x\""],"res":[{"id":"db-1","kind":"database"}],"acct":"111122223333","#
        + #""from":"2026-11-02T09:15:00Z","to":"2026-11-02T17:15:00Z","why":"Störung é 😀","#
        + #""ticket":"INC-7","breakglass":true,"state":"GRANTED"}"#

    @Test("A record's grant becomes one enrichment, and is read back from the event")
    func written() throws {
        let event = try #require(try bench().map(Self.record).events.first)
        #expect(
            event.contains(
                #""enrichments":[{"value":"approved","name":"grant","type":"access","provider":"Broker","data":{"#
                    + #""phase":"approved","provider":"Broker","uid":"g-1","requester":{"name":"ana@example.com"},"#
                    + #""roles":[{"name":"admin"},{"name":"db \"x\""}],"#
            ), "\(event)")
        let grant = try #require(self.grant(event))
        #expect(grant.phase == .approved && grant.uid == "g-1" && grant.provider == "Broker")
        #expect(grant.requester?.name == "ana@example.com" && grant.target == grant.requester)
        #expect(grant.approvers.map(\.name) == ["bo@example.com"])
        #expect(grant.approvers.map(\.email) == ["bo@example.com"] && grant.approvers[0].uid == nil)
        #expect(grant.roles.map(\.name) == ["admin", #"db "x""#])
        #expect(grant.resources.map(\.uid) == ["db-1"] && grant.resources.map(\.type) == ["database"])
        #expect(grant.account?.uid == "111122223333" && grant.ticket?.uid == "INC-7")
        #expect(
            grant.start?.iso8601 == "2026-11-02T09:15:00Z" && grant.end?.iso8601 == "2026-11-02T17:15:00Z")
        #expect(grant.justification == "Störung é 😀" && grant.isEmergency)
        // Nothing that the grant carries is in `unmapped` too; what only chose the phase is.
        #expect(event.contains(#""unmapped":{"op":"review","state":"GRANTED"}"#), "\(event)")
    }

    @Test("No phase, no grant, and nothing counts as carried by it")
    func absent() throws {
        let event = try #require(
            try bench().map(#"{"id":"1","t":1,"op":"use","who":"ana","state":"ODD"}"#).events.first)
        #expect(!event.contains("enrichments"))
        #expect(event.contains(#""unmapped":{"who":"ana","state":"ODD"}"#), "\(event)")
        #expect(grant(event) == nil)
        let revoked = try #require(
            try bench().map(#"{"id":"1","t":1,"op":"revoke","state":"PENDING"}"#).events.first)
        #expect(grant(revoked)?.phase == .revoked)
    }

    @Test("A grant survives every OCSF version", arguments: OCSFSchema.Version.allCases)
    func versions(version: OCSFSchema.Version) throws {
        let event = try #require(try bench().map(Self.record).events.first)
        var text = Array(event.utf8)
        if var translator = try OCSFContent.translator(to: version) {
            var out: [UInt8] = []
            try translator.translate(text, 0..<text.count, into: &out)
            text = out
        }
        #expect(grant(String(decoding: text, as: UTF8.self)) == grant(event))
        var validator = OCSFValidator(try OCSFContent.schema(version))
        let findings = validator.findings(in: text.span).filter { $0.path.hasPrefix("enrichments") }
        #expect(findings.isEmpty)
    }

    @Test("A mapping that says too little or too much of a grant is refused, with what was meant")
    func problems() {
        let head = MappingTests.head
        #expect(
            MappingBench.problems(head + "grant: {requestor.name: who, phase: {value: aproved}}").contains {
                $0.contains("a grant has no requestor (did you mean requester?)")
            })
        let phase = MappingBench.problems(head + "grant: {phase: {value: aproved}}")
        #expect(phase.contains { $0.contains("phase has no value aproved (did you mean approved?)") })
        #expect(
            MappingBench.problems(head + "grant: {uid: g}").contains { $0.contains("a grant needs `phase`") })
        #expect(
            MappingBench.problems(
                head + "grant: {phase: {value: used}}\nfields: {enrichments: {items: [{name: a}]}}"
            ).contains { $0.contains("enrichments holds the grant") })
        let people = MappingBench.problems(head + "grant: {approvers: who, phase: {value: used}}")
        #expect(people.contains { $0.contains("approvers is an array of objects") }, "\(people)")
    }

    @Test("Whatever a text holds, reading it ends and takes only what fits")
    func hostile() throws {
        let event = Array(try #require(try bench().map(Self.record).events.first).utf8)
        var reader = GrantReader()
        for end in event.indices {
            let found = reader.grant(in: event.span.extracting(0..<end))
            #expect(found == nil)
        }
        var state: UInt64 = 7
        func roll(_ sides: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(sides))
        }
        for _ in 0..<2_000 {
            var changed = event
            for _ in 0..<3 { changed[roll(changed.count)] = UInt8(roll(256)) }
            _ = reader.grant(in: changed.span)
        }
        let odd = { (data: String) in
            self.grant(#"{"enrichments":[7,{"name":"grant"},{"name":"grant","value":"x","data":\#(data)}]}"#)
        }
        #expect(odd("{}") == nil && odd("[]") == nil && odd(#"{"phase":"gone"}"#) == nil)
        let long = String(repeating: "x", count: Grant.textBytesMax + 1)
        let many = (0..<Grant.listMax + 50).map { #"{"name":"r\#($0)"}"# }.joined(separator: ",")
        let grant = try #require(
            odd(
                #"{"phase":"used","uid":"\#(long)","requester":[1],"target":{"name":{}},"start_time":99999999999999999999,"#
                    + #""end_time":9223372036854775807,"duration":"999999999999999999w","roles":[\#(many)]}"#)
        )
        #expect(grant.uid == nil && grant.requester == nil && grant.target == nil && grant.start == nil)
        #expect(grant.end == .distantFuture && grant.duration == nil && grant.roles.count == Grant.listMax)
        // Only what the mapping wrote counts: not a look-alike further down.
        #expect(
            self.grant(#"{"unmapped":{"enrichments":[{"name":"grant","data":{"phase":"used"}}]}}"#) == nil)
    }

    @Test(
        "A duration is read as brokers write it",
        arguments: [
            ("3600", 3_600), ("3600s", 3_600), ("8h0m0s", 28_800), ("1h30m", 5_400), ("PT8H", 28_800),
            ("P1DT12H", 129_600), ("PT1M30.5S", 90), ("P7D", 604_800), ("1d", 86_400), ("P1W", 604_800),
            ("4 hour(s)", 14_400), ("90 minutes", 5_400), ("1 day, 2 hours", 93_600), ("30 min", 1_800),
        ] as [(String, Int64)])
    func durations(text: String, seconds: Int64) {
        #expect(Duration(lifetime: text) == .seconds(seconds))
    }

    @Test(
        "What is no duration is none",
        arguments: [
            "", "P", "PT", "P1M", "P1Y", "h", "-5", "8 months", "1 mo", "1h2", "99999999999999999999", "PT1D",
        ])
    func noDurations(text: String) { #expect(Duration(lifetime: text) == nil) }
}
