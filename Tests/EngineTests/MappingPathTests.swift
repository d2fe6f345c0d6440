import Codecs
import Testing

@testable import Engine

/// Where a mapping finds values: in lists of names and values, in JSON inside texts, and what tells a feed.
@Suite struct MappingPathTests {
    @Test("A path reads an element of a list by what it holds, the first of several")
    func elements() throws {
        let bench = try MappingTests.bench(
            """
            fields:
              http_request.user_agent: "ext[Name=UserAgent].Value"
              message: "ext[Name=a.b c].Value.deep"
              api.operation: "ext[Kind=1].Name"
              src_endpoint.ip: "ext[Name=IP].Value"
              api.version: {from: "ext[Name=User_*].Name", take: {strip_prefix: User_}}
            """)
        let record =
            #"{"id":"1","t":1,"ext":[1,{"Name":"x"},{"Value":"curl","Name":"User\u0041gent"},"#
            + #"{"Name":"UserAgent","Value":"second"},{"Name":"a.b c","Value":{"deep":"m"}},{"Name":"k","Kind":1},{"Name":"Us\u0065r_7"},"#
            + #"{"Name":"IP","Value":null}]}"#
        let event = try #require(bench.map(record).events.first)
        #expect(event.contains(#""http_request":{"user_agent":"curl"}"#))
        #expect(event.contains(#""message":"m""#))
        #expect(event.contains(#""api":{"operation":"k","version":"7"}"#))
        #expect(!event.contains("src_endpoint"))
        // The list is kept as it was.
        #expect(event.contains(#""unmapped":{"ext":[1,{"Name":"x"}"#))
        #expect(bench.map(#"{"id":"1","t":1,"ext":{"Name":"UserAgent","Value":"v"}}"#).events.count == 1)
        // A key that stands twice in an element that is looked into is refused like any other.
        let twice = #"{"id":"1","t":1,"ext":[{"Name":"UserAgent","Value":"a","Value":"b"}]}"#
        #expect(bench.map(twice).refusals.first?.reason == "the key Value stands twice in one object")
        #expect(KeyPath("a[b=c].d[e=*]")?.description == "a[b=c].d[e=*]")
        #expect(KeyPath("a[=c]") == nil)
    }

    @Test("Reads a value out of the JSON that a text holds, and nothing where there is none")
    func insideTexts() throws {
        let bench = try MappingTests.bench(
            """
            fields:
              message: {from: body, take: {in_json: Properties.RoleId}}
              api.operation: {from: body, take: [{in_json: "Properties.List[1]"}, upper]}
              api.version: {from: quoted, take: {in_json: $}}
              api.service.name: {from: listed, take: {in_json: "$[0]"}}
              api.request.data: {from: body, take: [{in_json: Properties}, parsed_json]}
            """)
        func map(_ record: String) throws -> String { try bench.body(#"{"id":"1","t":1,"# + record + "}") }
        let whole = try map(
            #""body":"{ \"Properties\" : {\"RoleId\": \"r\\\"1\", \"List\":[1,\"two\"]}}","quoted":"\"Admin\"","#
                + #""listed":"[\r\n  \"Company Administrator\"\r\n]""#)
        #expect(whole.contains(#""message":"r\"1""#))
        #expect(whole.contains(#""operation":"TWO""#))
        #expect(whole.contains(#""version":"Admin""#))
        #expect(whole.contains(#""service":{"name":"Company Administrator"}"#))
        #expect(whole.contains(#""request":{"data":{"List":[1,"two"],"RoleId":"r\"1"}}"#))
        // A part was taken: the text stays.
        #expect(whole.contains(#""unmapped":{"body":"#))
        for text in [
            "", "x", "{", "1],[2", #"{\"a\":1}"#, "null", #"{\"Properties\":null}"#, #"\"\""#, #"\"\\q\""#,
        ] {
            let event = try map(#""body":"\#(text)","listed":"\#(text)""#)
            #expect(!event.contains("message") && !event.contains("service"), "\(text)")
        }
        #expect(
            MappingBench.problems(
                MappingTests.head + #"fields: {message: {from: a, take: {in_json: "a[b=c]"}}}"#)
                == [
                    "mapping.yaml:5:35: a[b=c] is no path into JSON (keys and numbers; `$` is the value itself)"
                ])
    }

    @Test("The class is chosen by the first of several values, after functions")
    func choosers() throws {
        let bench = try MappingBench(
            """
            product: {name: Log, vendor_name: Example}
            record: {id: [[properties.id, id], part], time: t}
            class:
              from: [[kind.value, kind], {from: [op.value, op], take: lower}]
              rules:
                - {when: {kind: ruled, op: one}, class: authentication/logon}
              cases:
                a/roles/write: api_activity/create
                '*/*/write': api_activity/update
              otherwise: api_activity/other
            """)
        func type(_ record: String) throws -> String {
            let event = try #require(bench.map(#"{"id":"1","t":1,"# + record + "}").events.first)
            let type = try #require(event.firstRange(of: #""type_uid":"#))
            let name = event.contains(#""activity_name":"Odd""#) ? " Odd" : ""
            return String(event[type.upperBound...].prefix { $0 != "," }) + name
        }
        #expect(try type(#""kind":"a","op":"ROLES/WRITE""#) == "600301")
        #expect(try type(#""kind":{"value":"a"},"op":{"value":"Roles/write"}"#) == "600301")
        #expect(try type(#""kind":"b","op":"x/Write""#) == "600303")
        #expect(try type(#""kind":"b","op":"Odd""#) == "600399 Odd")
        #expect(try type(#""kind":"ruled","op":"one""#) == "300201")
        // The same values in another place are not the rule's.
        #expect(try type(#""kind":{"value":"ruled"},"op":"one""#) == "600399")
        let batch = bench.map(#"{"id":"1","t":1,"part":2}{"id":"1","t":1,"properties":{"id":"p"}}"#).batch
        #expect(batch.events.map { batch.uid(of: $0) } == ["1/2", "p"])
    }

    @Test("A feed has several shapes, and is known by what must not be there too")
    func shapes() throws {
        func mapping(_ feed: String, _ detect: String) throws -> Mapping {
            let yaml = """
                product: {name: \(feed), vendor_name: Example}
                detect: \(detect)
                record: {time: t, time_optional: true}
                class: {otherwise: base_event/other}
                """
            let schema = try #require(MappingBench.schema)
            let document = try YAMLReader.document(in: Array(yaml.utf8), file: "mapping.yaml")
            return try Mapping(feed: feed, document, schema: schema)
        }
        let normalizer = Normalizer(
            [
                try mapping("a", "[{has: [x], equals: {k: [A, B]}}, {has: ['list[n=v].w']}]"),
                try mapping(
                    "b", "{has: [x], equals: {k: {not: [A, B]}, z: {is: absent}, y: {starts_with: /sub}}}"),
                try mapping("generic", "{has: [never]}"),
            ], keepsRaw: false)
        let reader = RecordReader()
        var batch = EventBatch()
        var refusals: [Refusal] = []
        reader.begin()
        reader.feed(
            Array(
                """
                {"x":1,"k":"A"}
                {"list":[{"n":"u"},{"n":"v","w":1}]}
                {"x":1,"y":"/sub/1"}
                {"x":1,"y":"/sub/1","k":"B"}
                {"x":1,"y":"/sub/1","z":2}
                {"list":[{"n":"v"}]}
                """.utf8
            ).span)
        reader.finish()
        while reader.advance() { normalizer.normalize(reader, into: &batch, refusals: &refusals) }
        #expect(batch.events.map(\.feed) == [0, 0, 1, 0, 2, 2])
    }

    @Test("An array is carried whole though some of its elements' values are null")
    func nulls() throws {
        let bench = try MappingTests.bench(
            "fields: {resources: {each: list, fields: {uid: id, name: name, data.more: more}}}")
        #expect(
            try bench.body(#"{"id":"1","t":1,"list":[{"id":"a","name":null},{"id":"b","more":[]}]}"#)
                .contains(#""resources":[{"uid":"a"},{"data":{"more":[]},"uid":"b"}]}"#))
        #expect(
            try bench.body(#"{"id":"1","t":1,"list":[{"id":"a","other":null}]}"#)
                .contains(#""unmapped":{"list":[{"id":"a","other":null}]}"#))
    }
}
