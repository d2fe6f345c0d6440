import Codecs
import Engine
import Testing

@testable import Pipeline

@Suite struct ShapingTests {
    private func batch(_ count: Int) -> EventBatch {
        var batch = EventBatch()
        for number in 0..<count {
            var event = Event(time: Timestamp(seconds: 1_700_000_000))
            let isRead = number % 2 == 0
            let uid = "uid-\(number)"
            let head = "{\"metadata\":{\"uid\":\""
            let text = "\(head)\(uid)\"},\"activity_id\":\(isRead ? 2 : 1)}"
            event.json = Extent(start: batch.bytes.count, count: text.utf8.count)
            event.uid = Extent(start: batch.bytes.count + head.utf8.count, count: uid.utf8.count)
            event.kind = number % 10 == 9 ? .finding : .event
            batch.bytes += Array(text.utf8) + [UInt8(ascii: "\n")]
            batch.events.append(event)
        }
        return batch
    }

    private func delivery(_ yaml: String) throws -> DeliveryConfig {
        let document = try YAMLReader.document(in: Array(yaml.utf8), file: "d")
        var decoder = ConfigDecoder(references: References(environment: [:]))
        let config = DeliveryConfig.decode(document, by: &decoder)
        #expect(decoder.problems.map(\.description) == [])
        return try #require(config)
    }

    @Test("A sample is one in so many of what it is taken of, always the same, and never of findings")
    func samples() throws {
        let batch = batch(4_000)
        let choice = try #require(RowChoice(try delivery("{sample: {one_in: 10, only: {activity_id: 2}}}")))
        let rows = choice.rows(of: batch)
        let reads = rows.filter { $0 % 2 == 0 }
        #expect((120...280).contains(reads.count), "\(reads.count)")
        #expect(rows.filter { $0 % 2 == 1 }.count == 2_000)
        #expect(choice.rows(of: batch) == rows)
        let all = try #require(RowChoice(try delivery("{sample: {one_in: 10}}"))).rows(of: batch)
        #expect(all.filter { $0 % 10 == 9 }.count == 400)
        #expect((700...900).contains(all.count), "\(all.count)")
    }

    @Test("An exporter's own filter and kinds are for it alone; nothing to choose is no choice")
    func filters() throws {
        let batch = batch(20)
        let choice = try #require(
            RowChoice(try delivery("{receives: [events], filter: [{drop: {activity_id: 2}}]}")))
        #expect(choice.rows(of: batch) == [1, 3, 5, 7, 11, 13, 15, 17])
        #expect(RowChoice(try delivery("{batch: {rows: 5}}")) == nil)
    }

    @Test(
        "What cannot be is said at the start",
        arguments: [
            (
                "to: splunk_hec, url: 'https://s.example.com', token: t, encoding: cef",
                "not what this receiver"
            ),
            (
                "to: elasticsearch, url: 'https://e.example.com', stream: a, encoding: udm",
                "not what this receiver"
            ),
            ("to: file, path: /x, encoding: ecs, ocsf: 1.1.0", "for encoding: ocsf alone"),
            ("to: file, path: /x, redact: [{fields: [user.name], by: hash}]", "hash needs a key"),
            (
                "to: file, path: /x, redact: [{fields: [metadata.uid], by: remove}]",
                "what an event is known by"
            ),
            ("to: elasticsearch, url: 'https://e.example.com', stream: Bad*", "cannot be the name"),
            ("to: datadog", "needs “api_key”"),
            ("to: datadog, api_kee: x", "did you mean “api_key”"),
            ("to: datadog, api_key: x, compression: zip", "not known here"),
            ("to: loki, url: 'http://loki.example.com'", "plain HTTP"),
            ("to: sentinel, url: 'https://s.example.com', rule: r, stream: s", "needs “auth”"),
            ("to: datadg, api_key: x", "did you mean “datadog”"),
            ("to: s3, bucket: b, region: eu-central-1, format: parquet, encoding: ecs", "not what this"),
        ])
    func complaints(config: String, complaint: String) throws {
        let yaml = "{name: p, collectors: {c: {from: files, paths: [/l]}}, exporters: {out: {\(config)}}}"
        let document = try YAMLReader.document(in: Array(yaml.utf8), file: "p")
        var decoder = ConfigDecoder(references: References(environment: [:]))
        _ = PipelineConfig.decode(document, by: &decoder)
        let problems = decoder.problems.map(\.description).joined(separator: "\n")
        #expect(problems.contains(complaint), "\(problems)")
    }
}
