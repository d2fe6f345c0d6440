import Codecs
import Engine
import Foundation
import Pipeline
import Testing

/// Events as columns, and columns as events again.
@Suite struct ColumnTests {
    static let plans = Result { try StorePlans.all() }

    /// Events' text through one plan and back, a line each.
    static func roundTrip(_ text: [UInt8], _ plan: ColumnPlan) -> (events: [String], rows: ColumnRows) {
        var shredder = RowShredder(plan)
        var writer = RowText(plan)
        var rows = ColumnRows()
        let reader = RecordReader()
        reader.begin()
        func drain() {
            while reader.advance() {
                for record in reader.records {
                    unsafe shredder.append(reader.tape, record, raw: reader.source(of: record), to: &rows)
                }
            }
        }
        reader.feed(text.span)
        drain()
        reader.finish()
        drain()
        let events = (0..<rows.count).map { row -> String in
            var out: [UInt8] = []
            writer.append(rows.entries[rows.entries(of: row)], rows.bytes, withRaw: false, to: &out)
            return String(decoding: out, as: UTF8.self)
        }
        return (events, rows)
    }

    /// A value with its members in name order, to compare what JSON means.
    static func meaning(_ text: some StringProtocol) throws -> String {
        func plain(_ document: Document) -> String {
            switch document.value {
            case .map(let entries):
                "{"
                    + entries.map { "\($0.key.debugDescription):\(plain($0.value))" }.sorted()
                    .joined(separator: ",") + "}"
            case .list(let items): "[" + items.map(plain).joined(separator: ",") + "]"
            case .string(let string): string.debugDescription
            case .integer(let integer): "\(integer)"
            case .number(let number): "\(number)"
            case .bool(let bool): "\(bool)"
            case .null: "null"
            }
        }
        return plain(try JSONReader.document(in: Array(text.utf8), file: "event"))
    }

    @Test("The plans in the binary are right by OCSF")
    func plans() throws {
        for plan in try Self.plans.get() { #expect(plan.leaves.count > 100) }
    }

    @Test(
        "What fits no column comes back all the same",
        arguments: [
            #"{"time":1}"#,
            #"{"time":1,"activity_id":7,"actor":{"user":{"uid":"a\"b\\cé\u0000\n","name":""}}}"#,
            #"{"time":1.0}"#, #"{"time":"1"}"#, #"{"time":1e3}"#, #"{"time":-0}"#,
            #"{"time":9223372036854775807}"#,
            #"{"time":9223372036854775808}"#, #"{"time":null}"#, #"{"time":{}}"#, #"{"time":[]}"#,
            #"{"time":1,"actor":{}}"#, #"{"time":1,"actor":{"user":{}}}"#, #"{"time":1,"actor":null}"#,
            #"{"time":1,"actor":[{"user":1}]}"#, #"{"time":1,"actor":{"user":{"uid":5}}}"#,
            #"{"time":1,"actor":{"user":{"favourite~/ colour":"b/~e"}},"x/y":{"~":[]}}"#,
            #"{"time":1,"resources":[]}"#, #"{"time":1,"resources":[{}]}"#,
            #"{"time":1,"resources":[{},{},{"uid":"r"}]}"#,
            #"{"time":1,"resources":[{"uid":"a","owner":{"name":"o","account":{"uid":"1"}}},{"uid":"b","colour":1}]}"#,
            #"{"time":1,"resources":[{"uid":"a"},5]}"#, #"{"time":1,"resources":{"uid":"a"}}"#,
            #"{"time":1,"resources":null}"#, #"{"time":1,"resources":[{"owner":{}},{"uid":null}]}"#,
            #"{"time":1,"metadata":{"profiles":["cloud","",null],"labels":["x"]}}"#,
            #"{"time":1,"metadata":{"profiles":["cloud",""],"labels":[]}}"#,
            #"{"time":1,"actor":{"user":{"groups":[{"uid":"g1","name":"n"},{"name":"m"}]}},"unmapped":{"a":[1,{"b":null}]}}"#,
            #"{"time":1,"unmapped":null,"api":{"request":{"data":[1,2.50,"x"],"flags":["a","b"]}}}"#,
            #"{"time":1000,"time_dt":"1970-01-01T00:00:01Z"}"#,
            #"{"time":1000,"time_dt":"1970-01-01T00:00:01.000Z"}"#,
            #"{"time":1000,"time_dt":"1970-01-01 02:00:01+02:00"}"#, #"{"time":1000,"time_dt":"yesterday"}"#,
            #"{"time":1,"src_endpoint":{"location":{"lat":1.5,"long":-0.25}},"risk_score":12,"is_mfa":false}"#,
            #"{"time":1,"actor":{"user":{"u\u0069d":"escaped key"}}}"#, #"{}"#,
        ])
    func back(event: String) throws {
        for plan in try Self.plans.get() {
            let (events, rows) = Self.roundTrip(Array(event.utf8), plan)
            let got = try #require(events.first)
            #expect(try Self.meaning(got) == Self.meaning(event), "\(plan.table): \(got)")
            #expect(rows.count == 1)
        }
    }

    @Test("Lists in lists keep their elements apart")
    func nested() throws {
        let event = #"""
            {"time":1,"evidences":[{"actor":{"user":{"uid":"a","programmatic_credentials":[{"uid":"1"},{"uid":"2"}]}}},
            {"actor":{"user":{"uid":"b","programmatic_credentials":[]}}},{},{"data":{"k":[1]},"actor":{"user":
            {"programmatic_credentials":[{"type":"t"},{"type":"u","uid":"4"},{}]}}}]}
            """#
        let plan = try #require(try Self.plans.get().last)
        let (events, rows) = Self.roundTrip(Array(event.utf8), plan)
        #expect(try Self.meaning(events[0]) == Self.meaning(event))
        let uid = try #require(plan.leaf(at: "evidences.actor.user.programmatic_credentials.uid"))
        let levels = rows.entries.filter { Int($0.leaf) == uid }.map { [$0.repetition, $0.definition] }
        #expect(levels == [[0, 5], [2, 5], [1, 3], [1, 2], [1, 4], [2, 5], [2, 4]])
        #expect(!rows.entries.contains { Int($0.leaf) == plan.rest })
    }

    @Test("A row is filed under the best of what it has, and rows are sorted by it and by time")
    func principal() throws {
        let text = """
            {"time":3,"actor":{"user":{"name":"ana","uid":"u2"}}}
            {"time":2,"actor":{"user":{"uid":"u2","name":"ana"}}}
            {"time":1,"user":{"name":"bob"},"actor":{"app_name":"ec2"}}
            {"time":0}
            {"time":4,"src_endpoint":{"ip":"192.0.2.1"},"actor":{"user":{"uid":""}}}
            {"time":4,"actor":{"user":{"uid":"u2345678900"}}}
            {"time":4,"actor":{"user":{"uid":"u23456789"}}}
            """
        let plan = try #require(try Self.plans.get().first)
        let rows = Self.roundTrip(Array(text.utf8), plan).rows
        let names = rows.principals.map { String(decoding: rows.bytes[$0.range], as: UTF8.self) }
        #expect(names == ["u2", "u2", "bob", "", "192.0.2.1", "u2345678900", "u23456789"])
        #expect(rows.sorted() == [3, 4, 2, 1, 0, 6, 5])
    }

    @Test("A plan says all that is wrong with it, where")
    func wrongPlan() throws {
        let text = """
            principal: [actor.user.uid, actor.user.nam]
            bloom: [nothing]
            colums: {}
            columns:
              .: [time, actor, tiem]
              actor.user: [uid, name, uid]
            """
        let file = try YAMLReader.document(in: Array(text.utf8), file: "plan.yaml")
        let schema = try OCSFContent.schema(.canonical)
        let problems = #expect(throws: Problems.self) {
            try ColumnPlan(table: "events", file, schema: schema)
        }
        let lines = try #require(problems).list.map(\.description)
        for part in [
            "plan.yaml:3:1: unknown key colums", "plan.yaml:5:13: actor is an object", "5:20", "tiem",
            "6:27: actor.user.uid is a column twice",
            "1:29: actor.user.nam is no column (did you mean actor.user.name?)",
            "nothing is no column",
        ] {
            #expect(lines.contains { $0.contains(part) }, "\(part) in \(lines)")
        }
    }

    @Test("Every golden event comes back from its columns")
    func golden() throws {
        let root = SharedData.package.appending(path: "schemas/vendors")
        let plan = try #require(try Self.plans.get().first)
        var count = 0
        for feed in VendorFolder.builtIn where feed.holds(.golden) {
            let path = feed.feed.replacing(".", with: "/") + "/golden.jsonl"
            let text = try String(contentsOf: root.appending(path: path), encoding: .utf8)
            let lines = text.split(separator: "\n")
            let (events, _) = Self.roundTrip(Array(text.utf8), plan)
            #expect(events.count == lines.count)
            for (event, line) in zip(events, lines) { #expect(try Self.meaning(event) == Self.meaning(line)) }
            count += lines.count
        }
        #expect(count > 100)
    }

    @Test(
        "Shared records' events come back from their columns, one of each shape, and few need the rest",
        .enabled(if: SharedData.isThere, "../shared/data is absent"))
    func corpus() throws {
        let plan = try #require(try Self.plans.get().first)
        var events = 0
        var rests = 0
        var shapes: [[UInt16]: Int] = [:]
        for object in try CloudTrail.objects() {
            var text: [UInt8] = []
            _ = try CloudTrail.normalize(object) { _, event, batch in
                text += batch.bytes[event.json.range] + [UInt8(ascii: "\n")]
            }
            let (back, rows) = Self.roundTrip(text, plan)
            let lines = text.split(separator: UInt8(ascii: "\n"))
            #expect(back.count == lines.count)
            events += back.count
            for row in 0..<rows.count {
                let shape = rows.entries[rows.entries(of: row)].map(\.leaf)
                if shape.contains(UInt16(plan.rest)) { rests += 1 }
                shapes[shape, default: 0] += 1
                guard shapes[shape] == 1 else { continue }
                let line = String(decoding: lines[row], as: UTF8.self)
                if try Self.meaning(back[row]) != Self.meaning(line) {
                    Issue.record("\(line)\ncame back as\n\(back[row])")
                }
            }
        }
        #expect(events == 21_929)
        #expect(rests * 50 < events, "\(rests) events need the rest")
        #expect(shapes.count > 100)
    }
}
