import Codecs
import Pipeline
import Testing

@testable import Engine

/// What an attacker may write into a log: names with line ends, markup and control characters, and megabytes of them.
@Suite struct HostileValueTests {
    private static let rules = """
        title: Named
        id: 00000000-0000-4000-8000-0000000000f1
        logsource: {product: aws, service: cloudtrail}
        detection: {s: {eventName: CreateUser}, condition: s}
        ---
        title: Named in OCSF
        id: 00000000-0000-4000-8000-0000000000f2
        logsource: {product: ocsf, category: user_management}
        detection: {s: {user.name|contains: a}, condition: s}
        ---
        title: Named often
        id: 00000000-0000-4000-8000-0000000000f3
        correlation:
          type: value_count
          rules: [Named]
          group-by: [requestParameters.userName]
          timespan: 1h
          generate: true
          condition: {field: eventID, gte: 2}
        """

    /// A CloudTrail record whose names are `value`, which is JSON text already.
    private static func record(_ value: String, _ number: Int) -> String {
        #"{"eventVersion":"1.11","userIdentity":{"type":"IAMUser","userName":"\#(value)","arn":"arn:aws:iam::111122223333:user/x","accountId":"111122223333"},"#
            + #""eventTime":"2026-03-02T09:15:0\#(number)Z","eventSource":"iam.amazonaws.com","eventName":"CreateUser","awsRegion":"us-east-1","#
            + #""sourceIPAddress":"198.51.100.7","userAgent":"\#(value)","requestParameters":{"userName":"\#(value)"},"#
            + #""responseElements":null,"eventID":"e-\#(number)","eventType":"AwsApiCall","recipientAccountId":"111122223333"}"#
    }

    private func findings(_ records: [String]) throws -> [String] {
        let rules = RuleSet(
            reading: try RuleMaterial.parsed(Self.rules), schema: try OCSFContent.schema(.canonical))
        #expect(rules.problems.isEmpty, "\(rules.problems)")
        let plan = CorrelationPlan(rules)
        var stage = DetectionStage(rules, plan, feed: "aws.cloudtrail")
        var correlator = Correlator(plan)
        let normalizer = try MappingCatalog.builtIn().normalizer(for: "aws.cloudtrail")
        let reader = RecordReader()
        let index = EventIndex()
        var batch = EventBatch()
        var refusals: [Refusal] = []
        var found = EventBatch()
        reader.begin()
        normalizer.begin()
        for record in records {
            reader.feed(Array((record + "\n").utf8).span)
            while reader.advance() {
                batch.removeAll()
                normalizer.normalize(reader, into: &batch, refusals: &refusals)
                stage.observe(reader.tape, reader.records, as: batch, index, into: &found)
            }
        }
        reader.finish()
        while reader.advance() {
            batch.removeAll()
            normalizer.normalize(reader, into: &batch, refusals: &refusals)
            stage.observe(reader.tape, reader.records, as: batch, index, into: &found)
        }
        #expect(refusals.isEmpty, "\(refusals)")
        for signal in stage.raised.signals { correlator.take(signal) }
        correlator.evaluate(into: &found)
        return found.events.map { found.json(of: $0) }
    }

    @Test(
        "Line ends, markup, quotes and half characters stay inside their strings, and the finding is valid OCSF",
        arguments: [
            #"a\n{\"class_uid\":2004,\"severity_id\":6}\r\n"#, #"a<script>alert(1)</script>&<!--"#,
            #"a\"],\"evidences\":[{\"data\":\"b"#, #"a\u0000\u0007\u001b[2J"#, #"a\ud800 b\udc00"#,
            #"a\\\" b\\"#,
            "a\u{202E}\u{2028}\u{2029}é",
        ])
    func markup(value: String) throws {
        let found = try findings([Self.record(value, 1), Self.record(value, 2)])
        #expect(found.count == 5)
        var validator = OCSFValidator(try OCSFContent.schema(.canonical))
        for text in found {
            let bytes = Array(text.utf8)
            #expect(!bytes.contains { $0 < 0x20 }, "a control character stands in the line")
            #expect(validator.findings(in: bytes.span).isEmpty)
            let document = try JSONReader.document(in: bytes, file: "finding")
            #expect(document["class_uid"]?.integer == 2004)
            #expect(document["severity_id"]?.integer == 3)
            #expect(document["evidences"]?.list?.count == 1)
        }
    }

    @Test("Names of two megabytes make findings of some kilobytes, and correlations remember no more of them")
    func megabytes() throws {
        let value = "a" + String(repeating: #"<b>\n\"x\" "#, count: 200_000)
        let found = try findings((1...5).map { Self.record(value, $0) })
        // A finding for each record and rule, and one of the correlation.
        #expect(found.count == 11)
        for text in found {
            #expect(text.utf8.count < 16_384, "\(text.utf8.count) bytes")
            _ = try JSONReader.document(in: Array(text.utf8), file: "finding")
        }
    }

    @Test(
        "What correlations remember stays in its bounds, whatever the groups are called and however many there are"
    )
    func manyGroups() throws {
        let rules = RuleSet(reading: try RuleMaterial.parsed(Self.rules))
        let plan = CorrelationPlan(rules)
        var correlator = Correlator(plan, limits: .init(bytes: 1 << 19, windowBytes: 1 << 20))
        var findings = EventBatch()
        var kept = 0
        for number in 0..<20_000 {
            var signal = CorrelationSignal(
                correlation: 0, member: 0, time: Timestamp(seconds: 1_790_000_000 + Int64(number)),
                uid: Array("u\(number)".utf8),
                group: [Array(("\"g\(number)" + String(repeating: "x", count: 900) + "\"").utf8)])
            signal.values = [Array("\(number)".utf8)]
            correlator.take(signal)
            if correlator.isFull { correlator.evaluate(into: &findings) }
        }
        correlator.evaluate(into: &findings)
        correlator.forEachSignal { kept += $0.group[0].count + $0.uid.count }
        #expect(findings.events.isEmpty)
        #expect(kept < 2 << 20, "\(kept) bytes are kept")
        #expect(correlator.settlements > 0 && correlator.notes.forgotten > 0)
    }
}
