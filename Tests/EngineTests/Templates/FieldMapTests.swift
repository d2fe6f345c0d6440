import Codecs
import Foundation
import Testing

@testable import Engine

/// The field maps under `schemas/encodings/`, over the events that the built-in feeds' samples become.
@Suite struct FieldMapTests {
    private static let schemas = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "schemas")

    private static let golden: EventBatch = {
        var batch = EventBatch()
        let vendors = schemas.appending(path: "vendors")
        let all = FileManager.default.enumerator(atPath: vendors.path)?.compactMap { $0 as? String } ?? []
        for path in all.sorted() where path.hasSuffix("/golden.jsonl") {
            let bytes = (try? Data(contentsOf: vendors.appending(path: path))) ?? Data()
            for line in [UInt8](bytes).split(separator: UInt8(ascii: "\n")).prefix(20) {
                append(Array(line), to: &batch)
            }
        }
        return batch
    }()

    private static func append(_ line: [UInt8], to batch: inout EventBatch) {
        guard let document = try? JSONReader.document(in: line, file: "golden"),
            let time = document["time"]?.integer
        else { return }
        var event = Event(time: Timestamp(milliseconds: time))
        event.classUID = UInt32(document["class_uid"]?.integer ?? 0)
        event.activityID = UInt16(document["activity_id"]?.integer ?? 0)
        event.severityID = UInt8(document["severity_id"]?.integer ?? 0)
        event.statusID = UInt8(document["status_id"]?.integer ?? 0)
        event.json = Extent(start: batch.bytes.count, count: line.count)
        var uid: [UInt8] = []
        JSONText.escape((document["metadata"]?["uid"]?.string ?? "").utf8, into: &uid)
        batch.bytes += line + [UInt8(ascii: "\n")]
        event.uid = Extent(start: batch.bytes.count, count: uid.count)
        batch.bytes += uid
        batch.events.append(event)
    }

    private func texts(_ encoding: String, _ batch: EventBatch = golden) throws -> [String] {
        let file = Self.schemas.appending(path: "encodings/\(encoding).yaml")
        let map = try FieldMap(
            try YAMLReader.document(in: [UInt8](try Data(contentsOf: file)), file: encoding))
        #expect(map.name == encoding)
        let out = map.encoded(batch)
        #expect(out.count == batch.count)
        for (before, after) in zip(batch.events, out.events) {
            #expect(batch.uid(of: before) == out.uid(of: after))
        }
        return out.events.map { out.json(of: $0) }
    }

    private func documents(_ encoding: String) throws -> [Document] {
        try texts(encoding).map { try JSONReader.document(in: Array($0.utf8), file: encoding) }
    }

    private func original(_ row: Int) throws -> Document {
        try JSONReader.document(in: Array(Self.golden.json(of: Self.golden.events[row]).utf8), file: "g")
    }

    @Test("Every golden event is JSON in each schema, with its time, its uid and who did it")
    func schemas() throws {
        #expect(Self.golden.count > 100)
        let (ecs, udm, cim) = (try documents("ecs"), try documents("udm"), try documents("cim"))
        var named = 0
        for row in 0..<Self.golden.count {
            let event = try original(row)
            let uid = event["metadata"]?["uid"]?.string
            #expect(ecs[row]["event"]?["id"]?.string == uid)
            #expect(udm[row]["metadata"]?["productLogId"]?.string == uid)
            #expect(cim[row]["id"]?.string == uid)
            let time = try #require(ecs[row]["@timestamp"]?.string.flatMap { Timestamp(iso8601: $0) })
            #expect(time.milliseconds == event["time"]?.integer)
            if let name = event["actor"]?["user"]?["name"]?.string, !name.isEmpty {
                named += 1
                #expect(ecs[row]["user"]?["name"]?.string == name)
                #expect(cim[row]["src_user"]?.string == name)
            }
            if let number = event["src_endpoint"]?["autonomous_system"]?["number"] {
                #expect(ecs[row]["source"]?["as"]?["number"]?.integer == number.integer)
            }
        }
        #expect(named > 50)
    }

    @Test("ECS tells sign-ins and their outcome as Elastic names them")
    func ecs() throws {
        let all = try documents("ecs")
        for row in 0..<Self.golden.count {
            let event = try original(row)
            guard event["class_uid"]?.integer == 3002, event["activity_id"]?.integer == 1 else { continue }
            #expect(all[row]["event"]?["category"]?.list?.first?.string == "authentication")
            #expect(all[row]["event"]?["type"]?.list?.first?.string == "start")
            let expected = [1: "success", 2: "failure"][event["status_id"]?.integer ?? 0] ?? "unknown"
            #expect(all[row]["event"]?["outcome"]?.string == expected)
        }
        let allowed: Set<String> = [
            "api", "authentication", "configuration", "database", "file", "iam", "network", "process",
            "session", "threat", "web",
        ]
        for event in all {
            for category in event["event"]?["category"]?.list ?? [] {
                #expect(allowed.contains(category.string ?? ""))
            }
        }
    }

    private func event(_ json: String) -> EventBatch {
        var batch = EventBatch()
        Self.append(Array(json.utf8), to: &batch)
        return batch
    }

    @Test("CEF escapes what would end a field or a line, and reads back")
    func cef() throws {
        let text = try texts(
            "cef",
            event(
                #"{"class_uid":3002,"activity_id":1,"type_uid":300201,"severity_id":4,"status_id":2,"#
                    + #""time":1700000000123,"metadata":{"uid":"u=1\\2","product":{"name":"A|B\\C"}},"#
                    + #""actor":{"user":{"name":"a=b|c\nd\u0001"}},"cloud":{"account":{"uid":"42"}}}"#))[0]
        #expect(
            text
                == #"CEF:0|Martlet|A\|B\\C|1|300201|Event|7|rt=1700000000123 externalId=u\=1\\2 outcome=failure "#
                + #"suser=a\=b|c\nd  cs1Label=account cs1=42"#)
        for line in try texts("cef") {
            #expect(line.hasPrefix("CEF:0|") && !line.contains("\n"))
            #expect(line.replacing("\\|", with: "").split(separator: "|").count >= 7)
        }
    }

    @Test("LEEF has a tab between pairs and none in them")
    func leef() throws {
        let text = try texts(
            "leef",
            event(
                #"{"class_uid":3002,"severity_id":1,"time":1700000000123,"metadata":{"uid":"u1"},"#
                    + #""actor":{"user":{"name":"a\tb|c"}},"status":"Success"}"#))[0]
        #expect(
            text == "LEEF:2.0|Martlet|Martlet|1|event|x09|devTime=1700000000123\tsev=1\tusrName=a b|c\t"
                + "outcome=Success\teventId=u1")
    }
}
