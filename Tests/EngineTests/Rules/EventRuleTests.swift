import Pipeline
import Testing

@testable import Engine

@Suite("Rules on the fields of the normalized event")
struct EventRuleTests {
    private static let rules = """
        title: Refused anywhere
        id: 00000000-0000-4000-8000-0000000000e1
        logsource: {product: ocsf, category: authentication}
        detection: {s: {status_id: 2, src_endpoint.ip|cidr: 198.51.100.0/24}, condition: s}
        ---
        title: Refused by Okta
        id: 00000000-0000-4000-8000-0000000000e2
        logsource: {product: okta, service: okta}
        detection: {s: {outcome.result: FAILURE}, condition: s}
        ---
        title: Anything of one feed
        id: 00000000-0000-4000-8000-0000000000e3
        logsource: {product: ocsf, service: entra.signin}
        detection: {s: {metadata.uid|exists: true}, condition: s}
        """

    private static let okta = #"""
        {"actor":{"id":"00u1","type":"User","alternateId":"ana@example.com"},"client":{"ipAddress":"198.51.100.23"},"eventType":"user.session.start","outcome":{"result":"FAILURE","reason":"INVALID_CREDENTIALS"},"published":"2026-11-02T08:00:02.002Z","uuid":"u-1"}
        """#
    private static let entra = #"""
        {"id":"u-2","createdDateTime":"2026-11-02T08:15:30Z","userPrincipalName":"bo@example.com","userId":"b","appId":"a","appDisplayName":"Portal","ipAddress":"198.51.100.9","isInteractive":true,"status":{"errorCode":50126}}
        """#

    /// The titles of what is raised, by record, in one run over both kinds of rules.
    private func titles(_ feed: String, _ record: String) throws -> [String] {
        let rules = RuleSet(
            reading: try RuleMaterial.parsed(Self.rules), schema: try OCSFContent.schema(.canonical))
        #expect(rules.problems.isEmpty, "\(rules.problems)")
        var stage = DetectionStage(rules, feed: feed)
        let normalizer = try MappingCatalog.builtIn().normalizer(for: feed)
        let reader = RecordReader()
        var batch = EventBatch()
        var refusals: [Refusal] = []
        var findings = EventBatch()
        reader.begin()
        normalizer.begin()
        reader.feed(Array(record.utf8).span)
        reader.finish()
        while reader.advance() {
            batch.removeAll()
            normalizer.normalize(reader, into: &batch, refusals: &refusals)
            stage.observe(reader.tape, reader.records, as: batch, EventIndex(), into: &findings)
        }
        #expect(refusals.isEmpty, "\(refusals)")
        var validator = OCSFValidator(try OCSFContent.schema(.canonical))
        return findings.events.map { event in
            let text = findings.json(of: event)
            #expect(validator.findings(in: Array(text.utf8).span).isEmpty)
            let start = text.firstRange(of: "\"message\":\"")?.upperBound ?? text.startIndex
            return String(text[start...].prefix { $0 != "\"" })
        }
    }

    @Test("One rule finds the same act in the events of two vendors, beside rules on one vendor's own fields")
    func acrossVendors() throws {
        #expect(try titles("okta.system_log", Self.okta) == ["Refused by Okta", "Refused anywhere"])
        #expect(try titles("entra.signin", Self.entra) == ["Refused anywhere", "Anything of one feed"])
        let elsewhere = Self.entra.replacing("198.51.100.9", with: "203.0.113.9")
        #expect(try titles("entra.signin", elsewhere) == ["Anything of one feed"])
        // Of another class.
        let reset = Self.okta.replacing("user.session.start", with: "user.mfa.factor.reset_all")
        #expect(try titles("okta.system_log", reset) == ["Refused by Okta"])
    }

    @Test("A class or a field that OCSF does not have is told with its place and the nearest name")
    func problems() throws {
        func problems(_ logsource: String, _ detection: String) throws -> [String] {
            let text =
                "title: t\nlogsource: \(logsource)\ndetection:\n  s:\n    \(detection)\n  condition: s\n"
            return RuleSet(
                reading: try RuleMaterial.parsed(text), schema: try OCSFContent.schema(.canonical)
            ).problems.map(\.description)
        }
        #expect(
            try problems("{product: ocsf, category: authentcation}", "status_id: 2") == [
                "rule.yml:2:38: OCSF has no class 'authentcation' (did you mean 'authentication'?)"
            ])
        let field = try problems("{product: ocsf, category: authentication}", "usr.name: x")
        #expect(field.count == 1 && field[0].hasPrefix("rule.yml:5:15: "), "\(field)")
        #expect(field[0].contains("did you mean user?"), "\(field)")
        let other = try problems(
            "{product: ocsf, category: authentication}", "user.name|fieldref: actor.usr.name")
        #expect(other.count == 1, "\(other)")
        #expect(try problems("{product: ocsf}", "unmapped.anything.at.all: x").isEmpty)
        #expect(try problems("{product: ocsf}", "nothing_has_this: x").count == 1)
    }

    @Test("The classes that rules may name are the schema's")
    func classes() throws {
        let schema = try OCSFContent.schema(.canonical)
        let known = Dictionary(
            uniqueKeysWithValues: schema.classes.filter { $0.uid < 7_000 }.map { ($0.name, UInt32($0.uid)) })
        #expect(Logsource.classes == known)
    }
}
