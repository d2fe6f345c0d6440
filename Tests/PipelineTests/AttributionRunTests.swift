import Codecs
import Engine
import Exporters
import Ports
import Simulation
import Testing

@testable import Pipeline

/// Attribution in a running pipeline: what an earlier run knew is known after a crash, wherever it came.
@Suite struct AttributionRunTests {
    private static let pipeline = """
        name: p
        collectors: {in: {feed: aws.cloudtrail, from: files, paths: /logs}}
        rules: [/rules/r.yml]
        attribution: {identities: /people.yaml}
        store: {enabled: false}
        exporters:
          out: {to: file, path: /out, compression: none}
        """
    private static let rule = """
        title: Bucket made
        logsource: {product: aws, service: cloudtrail}
        detection: {s: {eventName: CreateBucket}, condition: s}
        """
    private static let people = """
        people:
          - name: Ana Example
            accounts: [arn:aws:iam::111122223333:user/ana, ana@example.com]
        """

    private static let issuer = """
        {"eventVersion":"1.08","eventName":"AssumeRole","eventSource":"sts.amazonaws.com",\
        "eventTime":"2026-11-02T08:00:00Z","eventID":"e1","awsRegion":"eu-west-1","recipientAccountId":"111122223333",\
        "userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::111122223333:user/ana","accountId":"111122223333",\
        "accessKeyId":"AKIAEXAMPLE1","userName":"ana"},\
        "responseElements":{"credentials":{"accessKeyId":"ASIAEXAMPLE1"},"assumedRoleUser":\
        {"arn":"arn:aws:sts::111122223333:assumed-role/Ops/work"}}}
        """
    private static let act = """
        {"eventVersion":"1.08","eventName":"CreateBucket","eventSource":"s3.amazonaws.com",\
        "eventTime":"2026-11-02T08:10:00Z","eventID":"e2","awsRegion":"eu-west-1","recipientAccountId":"111122223333",\
        "userIdentity":{"type":"AssumedRole","arn":"arn:aws:sts::111122223333:assumed-role/Ops/work",\
        "accountId":"111122223333","accessKeyId":"ASIAEXAMPLE1","sessionContext":{"sessionIssuer":{"type":"Role",\
        "arn":"arn:aws:iam::111122223333:role/Ops","userName":"Ops"},\
        "attributes":{"creationDate":"2026-11-02T08:00:00Z"}}}}
        """

    @Test(
        "An event and its finding name the human whose session an earlier run saw begin",
        arguments: 0...30 as ClosedRange<Int>)
    func crashes(point: Int) throws {
        let world = Simulation(seed: UInt64(point + 1))
        var pipeline = RestartedPipeline(
            Self.pipeline, ["/rules/r.yml": Self.rule, "/people.yaml": Self.people], in: world)
        pipeline.write(Self.issuer, to: "/logs/0")
        pipeline.restart(stoppingBefore: point == 0 ? nil : point)
        try? pipeline.run()
        pipeline.restart()
        pipeline.write(Self.act, to: "/logs/1")
        try pipeline.run()
        let lines = pipeline.delivered
        let wanted =
            #""enrichments":[{"name":"attribution","type":"identity","value":"Ana Example","provider":"Martlet","#
            + #""data":{"kind":"human","certainty":"proved""#
        let event = try #require(
            lines.first { $0.contains(#""operation":"CreateBucket""#) && !$0.contains("2004") })
        let finding = try #require(lines.first { $0.contains(#""class_uid":2004"#) })
        #expect(event.contains(wanted), "\(event)")
        #expect(finding.contains(wanted), "\(finding)")
    }
}
