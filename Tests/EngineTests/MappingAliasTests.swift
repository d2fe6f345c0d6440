import Testing

@testable import Engine

/// Values under other keys, and single values inside an array's objects.
@Suite struct MappingAliasTests {
    @Test("A single value is read out of each element, where it has one that fits")
    func members() throws {
        let bench = try MappingTests.bench(
            """
            fields:
              http_request.x_forwarded_for: {each: chain, member: at.ip}
              api.request.flags: {each: chain, member: '"na.me"', take: upper}
            """)
        #expect(
            try bench.body(
                #"{"id":"1","t":1,"chain":[{"at":{"ip":"192.0.2.1"},"na.me":"a"},{"at":{"ip":"home"}},7,{"at":{"ip":null}},"#
                    + #"{"at":{"ip":"2001:db8::1"}}]}"#
            ).hasPrefix(
                #"{"api":{"request":{"flags":["A"]}},"http_request":{"x_forwarded_for":["192.0.2.1","2001:db8::1"]},"observables""#
            ))
        let wrong = MappingBench.problems(
            MappingTests.head + """
                fields:
                  metadata.labels: {each: a, member: 'b[0]'}
                  resources: {each: a, member: b, fields: {uid: c}}
                """)
        #expect(wrong.contains { $0.contains("`member` needs keys") }, "\(wrong)")
        #expect(wrong.contains { $0.contains("not both") }, "\(wrong)")
    }

    @Test("An alias is the path it stands for; of both the first counts, and neither may come twice")
    func aliases() throws {
        let bench = try MappingBench(
            """
            product: {name: Log, vendor_name: Example}
            profiles: [cloud]
            record: {id: id, time: t, aliases: {OP: op.name, req: request, request.IP: request.ip}}
            class: {from: op.name, cases: {go: api_activity/create}, otherwise: api_activity/read}
            fields: {api.operation: op.name, src_endpoint.ip: request.ip}
            """)
        let plain = bench.map(#"{"id":"1","t":1,"op":{"name":"go"},"request":{"ip":"192.0.2.1","x":1}}"#)
        let other = bench.map(#"{"id":"1","t":1,"OP":"go","req":{"IP":"192.0.2.1","x":1}}"#)
        let event = try #require(plain.events.first)
        #expect(event.contains(#""type_uid":600301"#) && event.contains(#""operation":"go""#))
        #expect(other.events == [event.replacing(#""request":{"x""#, with: #""req":{"x""#)])
        // A record that has both keeps the second as it is.
        let both =
            #"{"id":"1","t":1,"request":{"ip":"192.0.2.1","IP":"192.0.2.9"},"op":{"name":"go"},"OP":"no"}"#
        #expect(
            try bench.body(both).hasSuffix(#""unmapped":{"OP":"no","request":{"IP":"192.0.2.9"}}}"#))
        for twice in [
            #""OP":"a","OP":"b""#, #""op":{"name":"a"},"OP":"b","OP":"c""#, #""OP":"a","op":{},"OP":"b""#,
        ] {
            #expect(bench.map(#"{"id":"1","t":1,\#(twice)}"#).refusals.count == 1, "\(twice)")
        }
        let wrong = MappingBench.problems(
            """
            product: {name: Log, vendor_name: Example}
            record: {time: t, aliases: {t.x: t, u: t, message: u}}
            class: {otherwise: base_event/other}
            fields: {message: message}
            """)
        #expect(wrong.contains { $0.contains("t.x is no other way to write t") }, "\(wrong)")
        #expect(wrong.contains { $0.contains("message is read by itself") }, "\(wrong)")
    }
}
