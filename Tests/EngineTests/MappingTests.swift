import Codecs
import Foundation
import Pipeline
import Testing

@testable import Engine

/// Maps records by a mapping written here.
struct MappingBench {
    static let schema = try? OCSFContent.schema(.canonical)

    let mapping: Mapping

    init(_ yaml: String) throws {
        let schema = try #require(Self.schema)
        mapping = try Mapping(
            feed: "test.feed", YAMLReader.document(in: Array(yaml.utf8), file: "mapping.yaml"), schema: schema
        )
    }

    func map(_ records: String, keepsRaw: Bool = false) -> (
        events: [String], refusals: [Refusal], batch: EventBatch
    ) {
        let reader = RecordReader()
        let normalizer = Normalizer([mapping], keepsRaw: keepsRaw)
        var batch = EventBatch()
        var refusals: [Refusal] = []
        reader.begin()
        reader.feed(Array(records.utf8).span)
        reader.finish()
        while reader.advance() {
            refusals += reader.refusals
            normalizer.normalize(reader, into: &batch, refusals: &refusals)
        }
        return (batch.events.map { batch.json(of: $0) }, refusals, batch)
    }

    /// The one event of one record, without the constant head and metadata.
    func body(_ record: String) throws -> String {
        let event = try #require(map(record).events.first)
        let object = try #require(
            try JSONSerialization.jsonObject(with: Data(event.utf8)) as? [String: Any])
        let derived: Set<String> = [
            "activity_id", "activity_name", "category_name", "category_uid", "class_name", "class_uid",
            "type_name",
            "type_uid", "metadata", "severity", "severity_id", "time",
        ]
        let data = try JSONSerialization.data(
            withJSONObject: object.filter { !derived.contains($0.key) },
            options: [.sortedKeys, .withoutEscapingSlashes])
        return String(decoding: data, as: UTF8.self)
    }

    static func problems(_ yaml: String) -> [String] {
        do {
            _ = try MappingBench(yaml)
            return []
        } catch let problems as Problems {
            return problems.list.map(\.description)
        } catch {
            return ["\(error)"]
        }
    }
}

@Suite struct MappingTests {
    static let head = """
        product: {name: Log, vendor_name: Example}
        profiles: [cloud]
        record: {id: id, time: t}
        class: {otherwise: api_activity/read}

        """

    static func bench(_ fields: String) throws -> MappingBench { try MappingBench(head + fields) }

    @Test("The nearest name is the one with the fewest changes, the first of equals, and nothing is far")
    func nearest() {
        let names = ["session", "severity", "actor", "action", "act"]
        #expect(nearestName(to: "sesion", among: names) == "session")
        #expect(nearestName(to: "Severity_", among: names) == "severity")
        #expect(nearestName(to: "actio", among: ["action", "actiom"]) == "actiom")
        #expect(nearestName(to: "acton", among: names) == "action")
        #expect(nearestName(to: "zebra", among: names) == nil)
        #expect(nearestName(to: "", among: ["ab", "abc"]) == "ab")
    }

    @Test("Fills in what OCSF derives, and keeps what is not named")
    func derived() throws {
        let bench = try Self.bench("fields: {api.operation: op}")
        let result = bench.map(
            #"{"id":"e1","t":"2026-11-02T09:15:00Z","op":"Get","x":{"y":[1,null]},"z":null}"#)
        #expect(
            result.events == [
                #"{"activity_id":2,"activity_name":"Read","category_name":"Application Activity","category_uid":6,"#
                    + #""class_name":"API Activity","class_uid":6003,"type_name":"API Activity: Read","type_uid":600302,"#
                    + #""metadata":{"uid":"e1","product":{"name":"Log","vendor_name":"Example"},"version":"1.9.0","#
                    + #""profiles":["cloud"]},"time":1793610900000,"severity_id":1,"severity":"Informational","#
                    + #""api":{"operation":"Get"},"unmapped":{"x":{"y":[1,null]},"z":null}}"#
            ])
        let event = result.batch.events[0]
        #expect(result.batch.uid(of: event) == "e1")
        #expect(event.classUID == 6003 && event.activityID == 2 && event.severityID == 1)
        #expect(event.time.iso8601 == "2026-11-02T09:15:00Z")
    }

    @Test("Carries a value only where it can be got back")
    func carried() throws {
        let bench = try Self.bench(
            """
            fields:
              src_endpoint.port: port
              src_endpoint.ip: {from: host, is: ip}
              src_endpoint.hostname: {from: host, is_not: ip}
              src_endpoint.domain: {from: upper, take: lower}
              cloud.region: {from: arn, take: arn_region}
              cloud.account.uid: {from: arn, take: arn_account}
              api.operation: number
              api.request.data: {from: obj, take: json}
              message: missing
            """)
        let body = try bench.body(
            #"{"id":"1","t":1,"port":"443","host":"1.2.3.4","upper":"A.B","arn":"arn:aws:iam:eu-1:12:user/p/x","number":7,"obj":{"a":"\"q\""}}"#
        )
        #expect(
            body
                == #"{"api":{"operation":"7","request":{"data":"{\"a\":\"\\\"q\\\"\"}"}},"cloud":{"account":{"uid":"12"},"region":"eu-1"},"observables":[{"name":"src_endpoint.port","type":"Port","type_id":11,"value":"443"},{"name":"src_endpoint.ip","type":"IP Address","type_id":2,"value":"1.2.3.4"},{"name":"cloud.account.uid","type":"Account UID","type_id":35,"value":"12"}],"src_endpoint":{"domain":"a.b","ip":"1.2.3.4","port":443},"unmapped":{"arn":"arn:aws:iam:eu-1:12:user/p/x","upper":"A.B"}}"#
        )
        // What does not fit stays where it was.
        #expect(
            try bench.body(#"{"id":"1","t":1,"port":"many","host":"h.example.com","number":{"a":1}}"#)
                == #"{"observables":[{"name":"src_endpoint.hostname","type":"Hostname","type_id":1,"value":"h.example.com"}],"src_endpoint":{"hostname":"h.example.com"},"unmapped":{"number":{"a":1},"port":"many"}}"#
        )
    }

    @Test("Chooses the class by the most exact case, by rules first, and tells other activities by name")
    func classes() throws {
        let bench = try MappingBench(
            """
            product: {name: Log, vendor_name: Example}
            record: {id: id, time: t}
            class:
              from: [s, o]
              rules:
                - {when: {kind: login}, class: authentication/logon}
              cases:
                iam/CreateUser: {class: user_management/create, fields: {user.name: case_name}}
                iam/Create*: user_management/other
                '*/Create*': api_activity/create
                '*/Get*': api_activity/read
              otherwise: api_activity/other
            blocks:
              - classes: [user_management]
                fields: {user.name: name, message: text}
              - operations: ['iam/*User']
                fields: {message: note}
              - when: {kind: odd}
                fields: {message: null}
            """)
        func name(_ record: String) throws -> String {
            let batch = bench.map(record).batch
            let event = try #require(batch.events.first)
            return "\(event.classUID)/\(event.activityID)"
        }
        #expect(try name(#"{"id":1,"t":1,"s":"iam","o":"CreateUser"}"#) == "3007/1")
        #expect(try name(#"{"id":1,"t":1,"s":"iam","o":"CreateGroup"}"#) == "3007/99")
        #expect(try name(#"{"id":1,"t":1,"s":"s3","o":"CreateBucket"}"#) == "6003/1")
        #expect(try name(#"{"id":1,"t":1,"s":"s3","o":"GetObject"}"#) == "6003/2")
        #expect(try name(#"{"id":1,"t":1,"s":"s3"}"#) == "6003/99")
        #expect(try name(#"{"id":1,"t":1,"s":"s3","o":"GetObject","kind":"login"}"#) == "3002/1")
        #expect(
            bench.map(#"{"id":1,"t":1,"s":"iam","o":"CreateGroup"}"#).events[0]
                .contains(#""activity_name":"CreateGroup""#))
        #expect(
            try bench.body(#"{"id":"1","t":1,"s":"iam","o":"CreateUser","name":"n","note":"x","text":"y"}"#)
                == #"{"message":"x","observables":[{"name":"user.name","type":"User Name","type_id":4,"value":"n"}],"unmapped":{"o":"CreateUser","s":"iam","text":"y"},"user":{"name":"n"}}"#
        )
        #expect(
            try bench.body(#"{"id":"1","t":1,"s":"iam","o":"CreateUser","name":"n","case_name":"c"}"#)
                .contains(#""user":{"name":"c"}"#))
    }

    @Test("A value that chooses the class may stand at several places; rules keep to the one they name")
    func alternatives() throws {
        let bench = try MappingBench(
            """
            product: {name: Log, vendor_name: Example}
            record: {id: id, time: t}
            class:
              from: [[code, old.code], [verb, v]]
              rules:
                - {when: {code: X}, class: api_activity/update}
              cases: {A/get: api_activity/read, A/*: api_activity/create, X/get: api_activity/delete}
              otherwise: api_activity/other
            """)
        let names = { (record: String) in
            let event = bench.map(#"{"id":"1","t":1,\#(record)}"#).events.first ?? ""
            return String(event.prefix { $0 != "," }.dropFirst(15))
        }
        #expect(names(#""old":{"code":"A"},"v":"get""#) == "2")
        #expect(names(#""code":"A","old":{"code":"B"},"verb":"put""#) == "1")
        #expect(names(#""old":{"code":"X"},"verb":"get""#) == "4")
        #expect(names(#""code":"X","verb":"get""#) == "3")
        #expect(names(#""old":{"code":"X"},"v":"get""#) == "4")
        #expect(bench.map(#"{"id":"1","t":1,"v":"own"}"#).events[0].contains(#""activity_name":"own""#))
    }

    @Test(
        "Seconds may have a fraction",
        arguments: [
            (#""1793610900.061000000""#, 1_793_610_900_061), ("1793610900.5", 1_793_610_900_500),
            (#""1793610900""#, 1_793_610_900_000), (#""0.000000001""#, 0),
        ] as [(String, Int64)])
    func seconds(text: String, milliseconds: Int64) throws {
        let bench = try MappingBench(
            Self.head.replacing("time: t", with: "time: {from: t, as: seconds}"))
        let event = try #require(bench.map(#"{"id":"1","t":\#(text)}"#).batch.events.first)
        #expect(event.time.milliseconds == milliseconds)
    }

    @Test("A time may be part of a text")
    func partOfText() throws {
        let time = "time: [{from: t, take: {before: ' '}, as: seconds}, {from: t, take: {after: at=}}]"
        let bench = try MappingBench(
            Self.head.replacing("time: t", with: time)
                + "fields: {start_time: {from: t, take: {after: at=}}}")
        let times = { (text: String) in
            bench.map(#"{"id":"1","t":"\#(text)"}"#).batch.events.first?.time.iso8601
        }
        #expect(times("1793610900.5 1440") == "2026-11-02T09:15:00.500Z")
        #expect(times(#"\"x\" at=2026-11-02T10:15:00.25+01:00"#) == "2026-11-02T09:15:00.250Z")
        #expect(times("at=soon") == nil && times("") == nil && times(" 1") == nil)
        let body = try bench.body(#"{"id":"1","t":"at=2026-11-02T09:15:00Z"}"#)
        #expect(body.contains(#""start_time":1793610900000"#))
    }

    @Test(
        "What is no number of seconds is no time",
        arguments: [#"".5""#, #""1.""#, #""1.5x""#, #""1.0123456789""#, #""-1.5""#, #""1.2.3""#, "1e3.5"])
    func noSeconds(text: String) throws {
        let bench = try MappingBench(
            Self.head.replacing("time: t", with: "time: {from: t, as: seconds}"))
        #expect(bench.map(#"{"id":"1","t":\#(text)}"#).events.isEmpty)
    }

    @Test("A record is told by one of several shapes")
    func shapes() throws {
        let yaml =
            MappingTests.head + """
                detect:
                  - {has: [a, b], equals: {a: {starts_with: T}}}
                  - {has: [c], equals: {d: {is: absent}}}
                """
        let schema = try #require(MappingBench.schema)
        let shaped = try Mapping(
            feed: "shaped", YAMLReader.document(in: Array(yaml.utf8), file: "m"), schema: schema)
        let rest = try Mapping(
            feed: "rest", YAMLReader.document(in: Array(MappingTests.head.utf8), file: "m"), schema: schema)
        let feeds = { (record: String) -> UInt16? in
            let reader = RecordReader()
            let normalizer = Normalizer([shaped, rest])
            var batch = EventBatch()
            var refusals: [Refusal] = []
            reader.begin()
            reader.feed(Array(record.utf8).span)
            reader.finish()
            while reader.advance() { normalizer.normalize(reader, into: &batch, refusals: &refusals) }
            return batch.events.first.map { UInt16($0.feed) }
        }
        for (record, feed) in [
            (#"{"id":"1","t":1,"a":"T1","b":1}"#, 0), (#"{"id":"1","t":1,"a":"S1","b":1}"#, 1),
            (#"{"id":"1","t":1,"c":1}"#, 0), (#"{"id":"1","t":1,"c":1,"d":2}"#, 1),
            (#"{"id":"1","t":1,"c":null}"#, 1),
        ] { #expect(feeds(record) == UInt16(feed), "\(record)") }
    }

    @Test("Enums by table: captions beside them, the source's word beside 99")
    func enums() throws {
        let bench = try Self.bench(
            "fields: {status_id: {from: r, cases: {OK: success, 'F*': failure}, otherwise: other}}")
        #expect(
            try bench.body(#"{"id":"1","t":1,"r":"OK"}"#)
                == #"{"status":"Success","status_id":1,"unmapped":{"r":"OK"}}"#)
        #expect(
            try bench.body(#"{"id":"1","t":1,"r":"FAIL"}"#).contains(#""status":"Failure","status_id":2"#))
        #expect(try bench.body(#"{"id":"1","t":1,"r":"odd"}"#) == #"{"status":"odd","status_id":99}"#)
        #expect(bench.map(#"{"id":"1","t":1,"r":"FAIL"}"#).batch.events[0].statusID == 2)
    }

    @Test("Arrays of objects and of values, from elements and from items")
    func arrays() throws {
        let bench = try Self.bench(
            """
            fields:
              resources: {each: rs, fields: {uid: ARN, type: type, owner.account.uid: acct, name: ^op}}
              privileges: {each: ps}
            """.replacing("  privileges: {each: ps}\n", with: "").replacing(
                "  privileges: {each: ps}", with: ""))
        #expect(
            try bench.body(#"{"id":"1","t":1,"op":"o","rs":[{"ARN":"a","type":"T"},{"ARN":"b","acct":"2"}]}"#)
                .hasSuffix(
                    #""resources":[{"name":"o","type":"T","uid":"a"},{"name":"o","owner":{"account":{"uid":"2"}},"uid":"b"}]}"#
                ))
        // One member of one element is not mapped: the array stays.
        #expect(
            try bench.body(#"{"id":"1","t":1,"rs":[{"ARN":"a","zone":"z"}]}"#)
                .contains(#""unmapped":{"rs":[{"ARN":"a","zone":"z"}]}"#))
        let items = try Self.bench(
            """
            fields:
              resources:
                items:
                  - {name: bucket}
                  - when: {key: {is: present}}
                    fields: {name: key, type: {value: Object}}
            """)
        #expect(
            try items.body(#"{"id":"1","t":1,"bucket":"b","key":null}"#).contains(
                #""resources":[{"name":"b"}]"#))
        #expect(
            try items.body(#"{"id":"1","t":1,"bucket":"b","key":"k"}"#)
                .contains(#""resources":[{"name":"b"},{"name":"k","type":"Object"}]"#))
        #expect(try items.body(#"{"id":"1","t":1}"#) == "{}")
    }

    @Test("Says what is wrong, where, and what was meant")
    func problems() {
        let wrong =
            Self.head + """
                fields:
                  api.operatoin: op
                  actor.user: u
                  status_id: {value: sucess}
                  message: {from: m, take: arn_acount}
                  src_endpoint.port: {value: many}
                  resources: r
                  class_uid: c
                blocks:
                  - classes: [api_activty]
                    fields: {message: {form: m}}
                """
        let problems = MappingBench.problems(wrong)
        for expected in [
            "mapping.yaml:6:3: OCSF 1.9.0 has no attribute operatoin in api (api) (did you mean api.operation?)",
            "mapping.yaml:7:15: actor.user is an object (user) (name an attribute in it, such as",
            "mapping.yaml:8:22: status_id has no value sucess (did you mean success?)",
            "mapping.yaml:9:28: there is no function arn_acount (did you mean arn_account?)",
            "mapping.yaml:10:30: many does not fit port",
            "mapping.yaml:11:14: resources is an array of objects",
            "mapping.yaml:12:3: class_uid is filled in, not mapped",
            "mapping.yaml:14:15: OCSF 1.9.0 has no class api_activty (did you mean api_activity?)",
            "mapping.yaml:15:23: one of from, value, join, each, items is needed, not 0",
        ] {
            #expect(
                problems.contains { $0.hasPrefix(expected) },
                "\(expected)\n\(problems.joined(separator: "\n"))")
        }
    }

    @Test("Refuses a key that stands twice, spelled with escapes or not, and a record without a time")
    func refusals() throws {
        let bench = try Self.bench("fields: {api.operation: op}")
        for record in [
            #"{"id":"1","t":1,"op":"a","op":"b"}"#, #"{"id":"1","t":1,"op":"a","\u006fp":"b"}"#,
            #"{"id":"1","t":1,"x":"a","x":"b"}"#, #"{"id":"1","t":1,"x":"a","\u0078":"b"}"#,
            #"{"id":"1","t":1,"x":[{"y":{"a":1,"b":2,"a":3}}]}"#,
        ] {
            let result = bench.map(record)
            #expect(result.events.isEmpty && result.refusals.count == 1, "\(record)")
            #expect(result.refusals.first?.reason.contains("twice") == true)
            #expect(result.refusals.first?.raw == Array(record.utf8))
        }
        #expect(bench.map(#"{"id":"1","t":"soon"}"#).refusals.first?.reason == "there is no time at t")
        // An escaped key is the key it spells.
        #expect(try bench.body(#"{"id":"1","t":1,"\u006fp":"b"}"#).hasPrefix(#"{"api":{"operation":"b"}"#))
    }

    @Test("A record without an id is known by its content and its occurrence, however it is laid out")
    func uids() throws {
        let bench = try Self.bench("fields: {api.operation: op}")
        let uids = { (text: String) in
            let batch = bench.map(text).batch
            return batch.events.map { batch.uid(of: $0) }
        }
        let twice = uids("{\"t\":1,\"op\":\"a\"}\n{\"t\":1,\"op\":\"a\"}\n{\"t\":1,\"op\":\"b\"}")
        #expect(Set(twice).count == 3)
        #expect(uids("{ \"t\" : 1,\n \"op\": \"a\" }") == [twice[0]])
        #expect(twice[0].hasSuffix("-0") && twice[1].hasSuffix("-1"))
    }

    @Test("raw_data is the record as it came, with its size and hash")
    func raw() throws {
        let bench = try Self.bench("fields: {api.operation: op}")
        let event = try #require(bench.map("{ \"id\":\"1\",\n\"t\":1}", keepsRaw: true).events.first)
        #expect(
            event.hasSuffix(
                #""raw_data":"{ \"id\":\"1\",\n\"t\":1}","raw_data_hash":{"algorithm":"SHA-256","algorithm_id":3,"#
                    + #""value":"\#(Digest.sha256Hex(Array("{ \"id\":\"1\",\n\"t\":1}".utf8)))"},"raw_data_size":18}"#
            ))
    }
}
