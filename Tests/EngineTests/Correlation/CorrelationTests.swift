import Codecs
import Pipeline
import Testing

@testable import Engine

@Suite("Sigma correlations and filters")
struct CorrelationTests {
    private static let failedLogins = """
        title: Many failed sign-ins
        id: 0e95725d-7320-415d-80f7-004da920fc99
        level: high
        tags: [attack.credential-access, attack.t1110]
        correlation:
          type: event_count
          rules: [a]
          group-by: [sourceIPAddress]
          timespan: 5m
          condition: {gte: 3}
        """

    /// Records through base rules and correlations, as `detect` does it.
    private func findings(
        _ correlations: String, _ records: [String], alone: CorrelationPlan.Kinds = .all
    ) throws -> [Document] {
        let set = try CorrelationMaterial.ruleSet(correlations)
        #expect(set.problems.isEmpty, "\(set.problems)")
        let plan = CorrelationPlan(set, alone: alone)
        var stage = DetectionStage(set, plan, feed: "aws.cloudtrail")
        var correlator = Correlator(plan)
        let normalizer = try MappingCatalog.builtIn().normalizer(for: "aws.cloudtrail")
        let reader = RecordReader()
        var batch = EventBatch()
        var refusals: [Refusal] = []
        var found = EventBatch()
        reader.begin()
        normalizer.begin()
        reader.feed(Array(records.joined(separator: "\n").utf8).span)
        reader.finish()
        while reader.advance() {
            batch.removeAll()
            normalizer.normalize(reader, into: &batch, refusals: &refusals)
            stage.observe(reader.tape, reader.records, as: batch, EventIndex(), into: &found)
        }
        #expect(refusals.isEmpty, "\(refusals)")
        for signal in stage.raised.signals { correlator.take(signal) }
        correlator.evaluate(into: &found)
        var validator = OCSFValidator(try OCSFContent.schema(.canonical))
        return try found.events.map { event in
            let text = Array(found.bytes[event.json.range])
            #expect(validator.findings(in: text.span).isEmpty)
            return try JSONReader.document(in: text, file: "finding")
        }
    }

    private func record(
        _ name: String, at minute: Int, uid: String, ip: String = "192.0.2.7", _ more: String = ""
    ) -> String {
        """
        {"eventVersion":"1.08","eventName":"\(name)","eventSource":"iam.amazonaws.com","awsRegion":"eu-west-1",\
        "eventTime":"2026-03-02T09:\(minute < 10 ? "0" : "")\(minute):00Z","eventID":"\(uid)",\
        "sourceIPAddress":"\(ip)","userAgent":"cli","eventType":"AwsApiCall","recipientAccountId":"111122223333",\
        "userIdentity":{"type":"IAMUser","userName":"ada","arn":"arn:aws:iam::111122223333:user/ada",\
        "principalId":"AIDA1","accountId":"111122223333","accessKeyId":"AKIAEXAMPLE"}\(more)}
        """
    }

    @Test("Three in five minutes from one address are one finding, with its evidence and who it was")
    func eventCount() throws {
        let records =
            (0..<5).map { record("a", at: $0, uid: "e\($0)") }
            + [record("a", at: 1, uid: "o1", ip: "192.0.2.9"), record("a", at: 30, uid: "late")]
        let found = try findings(Self.failedLogins, records)
        #expect(found.count == 1, "the base rule raises nothing by itself")
        let finding = try #require(found.first)
        #expect(
            finding["finding_info"]?["analytic"]?["uid"]?.string == "0e95725d-7320-415d-80f7-004da920fc99")
        #expect(finding["severity_id"]?.integer == 4)
        let uids = finding["finding_info"]?["related_events"]?.list?.compactMap { $0["uid"]?.string }
        #expect(uids == ["e0", "e1", "e2"])
        #expect(finding["finding_info"]?["related_events_count"]?.integer == 3)
        let evidence = try #require(finding["evidences"]?.list?.first)
        #expect(evidence["data"]?["sourceIPAddress"]?.string == "192.0.2.7")
        #expect(evidence["data"]?["event_count"]?.integer == 3)
        #expect(evidence["actor"]?["user"]?["name"]?.string == "ada")
        #expect(
            finding["finding_info"]?["last_seen_time"]?.integer
                == Timestamp(iso8601: "2026-03-02T09:02:00Z")?.milliseconds)
    }

    @Test("generate lets base rules alert, too; correlation alone then has those, and no other rule")
    func generate() throws {
        let loud = Self.failedLogins + "\n  generate: true"
        let records = (0..<3).map { record("a", at: $0, uid: "e\($0)") } + [record("b", at: 4, uid: "f")]
        #expect(try findings(loud, records).count == 5, "three of a, one of b, one correlation")
        #expect(try findings(loud, records, alone: .correlations).count == 4)
        #expect(try findings(loud, records, alone: .rules).count == 4)
        #expect(try findings(Self.failedLogins, records, alone: .correlations).count == 1)
    }

    @Test("Ordered rules must come in their order, joined by an alias where their fields differ")
    func ordered() throws {
        let chain = """
            title: Key made, then used
            correlation:
              type: temporal_ordered
              rules: [a, b]
              group-by: [key]
              aliases:
                key: {a: responseElements.accessKey.accessKeyId, b: userIdentity.accessKeyId}
              timespan: 10m
            """
        let made = ",\"responseElements\":{\"accessKey\":{\"accessKeyId\":\"AKIAEXAMPLE\"}}"
        let right = [record("a", at: 1, uid: "made", made), record("b", at: 3, uid: "used")]
        let wrong = [record("b", at: 1, uid: "used"), record("a", at: 3, uid: "made", made)]
        let found = try findings(chain, right)
        #expect(found.count == 1)
        #expect(found.first?["evidences"]?.list?.first?["data"]?["key"]?.string == "AKIAEXAMPLE")
        #expect(try findings(chain, wrong).isEmpty)
        #expect(try findings(chain, [record("a", at: 1, uid: "made"), right[1]]).isEmpty, "no key, no group")
    }

    @Test("A correlation of correlations names the events behind them")
    func chained() throws {
        let text = """
            title: Inner
            name: burst
            correlation:
              type: event_count
              rules: [a]
              group-by: [sourceIPAddress, userIdentity.userName]
              timespan: 5m
              condition: {gte: 2}
            ---
            title: Outer
            correlation:
              type: temporal_ordered
              rules: [burst, b]
              group-by: [sourceIPAddress]
              timespan: 30m
            """
        let found = try findings(
            text,
            [record("a", at: 0, uid: "e0"), record("a", at: 1, uid: "e1"), record("b", at: 20, uid: "f")])
        #expect(found.count == 1)
        let uids = found.first?["finding_info"]?["related_events"]?.list?.compactMap { $0["uid"]?.string }
        #expect(uids == ["e0", "e1", "f"])
    }

    @Test("A late event corrects what was raised: the old finding is closed and names its successor")
    func corrected() throws {
        let set = try CorrelationMaterial.ruleSet(Self.failedLogins)
        var correlator = Correlator(CorrelationPlan(set))
        func evaluate(_ signals: [CorrelationSignal]) -> EventBatch {
            for signal in signals { correlator.take(signal) }
            var batch = EventBatch()
            correlator.evaluate(into: &batch)
            return batch
        }
        let first = evaluate((1...3).map { CorrelationMaterial.signal(0, at: $0 * 60, uid: "e\($0)") })
        #expect(first.count == 1)
        #expect(evaluate([CorrelationMaterial.signal(0, at: 240, uid: "e4")]).count == 0, "the same storm")
        let second = evaluate([CorrelationMaterial.signal(0, at: 0, uid: "e0")])
        #expect(second.events.map(\.activityID) == [1, 3])
        let closed = second.json(of: second.events[1])
        #expect(second.uid(of: second.events[1]) == first.uid(of: first.events[0]))
        #expect(closed.contains("see \(second.uid(of: second.events[0]))"))
        let third = evaluate([CorrelationMaterial.signal(0, at: 30, uid: "e0b")])
        #expect(third.events.map(\.activityID) == [1], "same first evidence, sooner complete: an update")
        #expect(third.uid(of: third.events[0]) == second.uid(of: second.events[0]))
        #expect(correlator.notes.updates == 1 && correlator.notes.retractions == 1)
    }

    @Test("A filter adds its condition to the rules of its logsource that it names")
    func filtered() throws {
        let set = RuleSet(
            reading: try YAMLReader.documents(
                in: Array(
                    """
                    title: Users listed
                    id: 11111111-2222-4333-8444-555555555501
                    logsource: {product: aws, service: cloudtrail}
                    detection: {s: {eventName: ListUsers}, condition: s}
                    ---
                    title: Not our scanner
                    logsource: {product: aws}
                    filter:
                      rules: [11111111-2222-4333-8444-555555555501]
                      selection: {userAgent|startswith: scanner/}
                      condition: not selection
                    """.utf8), file: "rules.yml"))
        #expect(set.problems.isEmpty && set.filters == 1)
        var matcher = RuleMatcher(RuleCompiler.compile(set.rules, feed: "aws.cloudtrail"))
        func matches(_ record: String) -> Bool {
            var answer = false
            RuleMaterial.forEachRecord(Array(record.utf8)) { tape, record in
                matcher.match(tape, record)
                answer = !matcher.hits.isEmpty
            }
            return answer
        }
        #expect(matches(#"{"eventName":"ListUsers","userAgent":"cli"}"#))
        #expect(!matches(#"{"eventName":"ListUsers","userAgent":"Scanner/2"}"#))
    }

    @Test(
        "What is wrong with a correlation is said where it stands",
        arguments: [
            ("type: event_cuont", "unknown type 'event_cuont' (did you mean 'event_count'?)"),
            ("type: event_count\n  rules: [a]\n  timespan: 5x", "“5x” is no timespan"),
            ("type: event_count\n  rules: [a]\n  timespan: 5m", "event_count needs a 'condition'"),
            (
                "type: value_sum\n  rules: [a]\n  timespan: 5m\n  condition: {gt: 1}",
                "needs the condition's 'field'"
            ),
            ("type: temporal\n  rules: [a, bb]\n  timespan: 5m", "no loaded rule is called “bb”"),
            ("type: temporal\n  rules: [Self]\n  timespan: 5m", "refers to itself"),
            (
                "type: temporal\n  rules: [a]\n  timespan: 5m\n  group_by: [x]",
                "a correlation has no 'group_by' (did you mean 'group-by'?)"
            ),
        ])
    func wrong(body: String, message: String) throws {
        let set = try CorrelationMaterial.ruleSet("title: Self\ncorrelation:\n  " + body)
        #expect(set.correlations.isEmpty)
        #expect(set.problems.count == 1)
        #expect(set.problems.first?.description.contains(message) == true, "\(set.problems)")
        #expect(set.problems.first?.position?.file == "rules.yml")
    }
}
