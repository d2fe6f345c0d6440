import Codecs
import Foundation
import Pipeline
import Testing

@testable import Engine

@Suite("What a finding says")
struct FindingTests {
    static let rule = """
        title: "Odd \\"title\\" with <markup>"
        id: 5d4f7a1e-2222-4333-8444-000000000001
        status: stable
        level: high
        description: |
          First line
          second\tline
        references: [https://example.com/why]
        tags: [attack.persistence, attack.t1098.003, attack.t1098, cve.2024.1]
        logsource: {product: aws, service: cloudtrail}
        detection:
          s:
            eventName: AttachUserPolicy
            requestParameters.policyArn|endswith: /AdministratorAccess
          not_me: {userIdentity.userName: nobody}
          condition: s and not not_me
        """

    /// A small event of ours, as the mapping would write it.
    static func event(uid: String, user: String = "alice") -> String {
        """
        {"activity_id":10,"activity_name":"Attach Policies","actor":{"user":{"name":"\(user)","type":"User","type_id":1,\
        "uid":"arn:aws:iam::111122223333:user/alice"}},"api":{"operation":"AttachUserPolicy",\
        "service":{"name":"iam.amazonaws.com"}},"category_name":"Identity & Access Management","category_uid":3,\
        "class_name":"User Management","class_uid":3007,"cloud":{"provider":"AWS","region":"eu-west-1"},\
        "metadata":{"product":{"name":"CloudTrail","vendor_name":"AWS"},"profiles":["cloud","datetime"],\
        "uid":"\(uid)","version":"1.9.0"},"observables":[{"name":"actor.user.name","type":"User Name","type_id":4,\
        "value":"\(user)"},{"name":"src_endpoint.ip","type":"IP Address","type_id":2,"value":"198.51.100.7"},\
        {"name":"user.name","type":"User Name","type_id":4,"value":"bob"}],"severity":"Informational",\
        "severity_id":1,"src_endpoint":{"ip":"198.51.100.7"},"time":1772442900000,\
        "type_name":"User Management: Attach Policies","type_uid":300710,"user":{"name":"bob"}}
        """
    }

    /// Runs the rule over one record with its event; the findings' texts.
    static func findings(
        record: String, event: String, uid: String, rules text: String = rule
    ) throws -> [String] {
        let rules = RuleSet(reading: try RuleMaterial.parsed(text))
        #expect(rules.problems.isEmpty, "\(rules.problems)")
        var stage = DetectionStage(rules, feed: "aws.cloudtrail")
        var batch = EventBatch()
        batch.bytes = Array(event.utf8)
        var row = Event(time: Timestamp(milliseconds: 1_772_442_900_000))
        row.json = Extent(start: 0, count: batch.bytes.count)
        let place = try #require(event.range(of: "\"uid\":\"" + uid + "\""))
        let start = event.utf8.distance(from: event.startIndex, to: place.lowerBound) + 7
        row.uid = Extent(start: start, count: uid.utf8.count)
        batch.events = [row]
        var findings = EventBatch()
        RuleMaterial.forEachRecord(Array(record.utf8)) { tape, record in
            stage.observe(tape, [record], as: batch, EventIndex(), into: &findings)
        }
        for event in findings.events {
            #expect(event.kind == .finding)
            #expect(event.classUID == 2004)
            #expect(findings.json(of: event).contains("\"uid\":\"\(findings.uid(of: event))\""))
        }
        return findings.events.map { findings.json(of: $0) }
    }

    static let record = """
        {"eventName":"AttachUserPolicy","requestParameters":{"userName":"bob",\
        "policyArn":"arn:aws:iam::aws:policy/AdministratorAccess"},"userIdentity":{"userName":"alice"}}
        """

    @Test("It names the rule, the technique, the event, who and what, and keeps to the event's time")
    func content() throws {
        let found = try Self.findings(record: Self.record, event: Self.event(uid: "e-1"), uid: "e-1")
        #expect(found.count == 1)
        let finding = try JSONReader.document(in: Array(found[0].utf8), file: "finding.json")
        let info = try #require(finding["finding_info"])
        #expect(info["title"]?.string == "Odd \"title\" with <markup>")
        #expect(info["desc"]?.string == "First line\nsecond\tline\n")
        #expect(info["analytic"]?["uid"]?.string == "5d4f7a1e-2222-4333-8444-000000000001")
        #expect(info["analytic"]?["type_id"]?.integer == 1)
        #expect(info["related_events"]?.list?.first?["uid"]?.string == "e-1")
        #expect(info["related_events"]?.list?.first?["type_uid"]?.integer == 300_710)
        for key in ["created_time", "first_seen_time", "last_seen_time"] {
            #expect(info[key]?.integer == 1_772_442_900_000)
        }
        #expect(finding["time"]?.integer == 1_772_442_900_000)
        #expect(finding["severity_id"]?.integer == 4)
        #expect(finding["confidence"]?.string == "High")
        let attacks = try #require(info["attacks"]?.list)
        #expect(attacks[0]["tactic"]?["uid"]?.string == "TA0003")
        #expect(attacks[0]["technique"]?["name"]?.string == "Account Manipulation")
        #expect(attacks[0]["sub_technique"]?["uid"]?.string == "T1098.003")
        let evidence = try #require(finding["evidences"]?.list?.first)
        #expect(evidence["actor"]?["user"]?["name"]?.string == "alice")
        #expect(evidence["api"]?["operation"]?.string == "AttachUserPolicy")
        #expect(evidence["src_endpoint"]?["ip"]?.string == "198.51.100.7")
        let data = try #require(evidence["data"]?.map)
        #expect(data.map(\.key) == ["eventName", "requestParameters.policyArn"])
        #expect(
            finding["observables"]?.list?.compactMap { $0["name"]?.string } == [
                "evidences[].actor.user.name", "evidences[].src_endpoint.ip",
            ])
        #expect(finding["cloud"]?["region"]?.string == "eu-west-1")
    }

    @Test("It is valid OCSF 1.9.0")
    func valid() throws {
        var validator = OCSFValidator(try OCSFContent.schema(.canonical))
        let event = Self.event(uid: "e-1")
        #expect(validator.findings(in: Array(event.utf8).span).filter(\.isError).isEmpty)
        for finding in try Self.findings(record: Self.record, event: event, uid: "e-1") {
            let wrong = validator.findings(in: Array(finding.utf8).span).filter(\.isError)
            #expect(wrong.isEmpty, "\(wrong)")
        }
    }

    @Test("The same rule and event write the same bytes; another event is another finding")
    func deterministic() throws {
        let first = try Self.findings(record: Self.record, event: Self.event(uid: "e-1"), uid: "e-1")
        let again = try Self.findings(record: Self.record, event: Self.event(uid: "e-1"), uid: "e-1")
        let other = try Self.findings(record: Self.record, event: Self.event(uid: "e-2"), uid: "e-2")
        #expect(first == again)
        #expect(first != other)
    }

    @Test(
        "Hostile values stay values: quotes, newlines, markup, half surrogates, megabytes",
        arguments: [
            #"a\"b\\"#, #"a\nb\u0000c"#, "<script>alert(1)</script>", #"\ud83d"#, "😀\u{202E}",
            String(repeating: "x", count: 3 << 20), String(repeating: #"\ud83d\ude00"#, count: 5_000),
            String(repeating: #"\""#, count: 5_000), String(repeating: "é", count: 5_000),
        ])
    func hostile(value: String) throws {
        let rules = """
            title: t
            logsource: {product: aws, service: cloudtrail}
            detection: {s: {a: '*', b: '*'}, condition: s}
            """
        let record = #"{"a":""# + value + #"","b":{"c":""# + value + #""}}"#
        let found = try Self.findings(
            record: record, event: Self.event(uid: "e-1", user: value == #"\ud83d"# ? "x" : value),
            uid: "e-1", rules: rules)
        let finding = try JSONReader.document(in: Array(try #require(found.first).utf8), file: "f.json")
        let shown = try #require(finding["evidences"]?.list?.first?["data"]?["a"]?.string)
        #expect(shown.utf8.count <= FindingWriter.evidenceValueBytesMax + 3)
        var validator = OCSFValidator(try OCSFContent.schema(.canonical))
        let wrong = validator.findings(in: Array(found[0].utf8).span).filter(\.isError)
        #expect(wrong.isEmpty, "\(wrong)")
    }

    @Test("SHA-256 is SHA-256")
    func digest() {
        for text in ["", "abc", String(repeating: "a", count: 1_000)] {
            var hash = SHA256()
            let bytes = Array(text.utf8)
            hash.update(bytes.span)
            #expect(hash.finish() == Digest.sha256(bytes))
        }
    }
}
