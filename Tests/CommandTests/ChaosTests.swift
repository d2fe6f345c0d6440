import Pipeline
import Testing

@testable import martlet

/// The fault lab, as a user runs it.
@Suite struct ChaosTests {
    private static let examples = Assets.names(under: "pipelines/").filter {
        $0.hasSuffix(".yaml") && !$0.contains("/rules/")
    }

    /// What the examples' `${env:…}` stand for.
    private static let environment = [
        "CLOUDTRAIL_FOLDER": "/srv/cloudtrail", "MARTLET_OUT": "/srv/out", "AWS_REGION": "eu-central-1",
        "TRAIL_QUEUE": "https://sqs.eu-central-1.amazonaws.com/111122223333/trail",
        "HEC_URL": "https://siem.example.com:8088", "HEC_TOKEN": "secret",
        "WEBHOOK_URL": "https://hooks.example.com/martlet", "WEBHOOK_SECRET": "whsec_c2VjcmV0",
        "ENTRA_TENANT": "contoso.onmicrosoft.com", "ENTRA_CLIENT": "00000000-0000-0000-0000-0000000000c1",
        "ENTRA_SECRET": "s", "KAFKA_PASSWORD": "s",
        "EVENT_HUB":
            "Endpoint=sb://contoso.servicebus.windows.net/;SharedAccessKeyName=m;SharedAccessKey=c2VjcmV0",
        "AUDIT_SUBSCRIPTION": "projects/example/subscriptions/martlet",
        "AUDIT_ROLE": "arn:aws:iam::111122223333:role/martlet-audit",
    ]

    private static func world(_ files: [String: String] = [:]) -> CommandWorld {
        var files = files
        for name in examples { files["/" + name] = String(decoding: Assets.bytes(name) ?? [], as: UTF8.self) }
        return CommandWorld(environment: environment, files: files)
    }

    @Test("Every example pipeline holds through seeds of everything that fails", arguments: examples)
    func endures(name: String) async {
        let world = Self.world()
        let status = await world.run("chaos", "/" + name, "--seed", "11", "--seeds", "2", "--minutes", "6")
        #expect(status == .done, "\(world.messages.text)\(world.output.text)")
    }

    /// Every kind of exporter at once.
    private static let everything = """
        name: everything
        collectors:
          folder: {from: files, feed: aws.cloudtrail, paths: /srv/logs}
          api: {from: api, feed: github.audit, parameters: {org: acme}, auth: {kind: api_token, token: t}}
          bucket: {from: s3, bucket: trail, region: eu-central-1, verify_digests: true}
          okta: {from: push, feed: okta.system_log, format: okta_hook, auth: {kind: bearer, token: t}}
        store: {enabled: false}
        exporters:
          splunk: {to: splunk_hec, url: 'https://splunk.example.com', token: t, acknowledgement: true}
          http: {to: http, url: 'https://in.example.com/in', bearer: t, compression: zstd, encoding: ecs}
          file: {to: file, path: /srv/out}
          elastic: {to: elasticsearch, url: 'https://es.example.com', stream: logs-martlet-default, api_key: k}
          lake: {to: s3, bucket: lake, region: eu-central-1, format: parquet, batch: {age: 10s}}
          security:
            to: security_lake
            bucket: aws-security-data-lake-eu-central-1-x
            region: eu-central-1
            account: '111122223333'
            sources: {'3002': martlet-auth}
            batch: {age: 10s}
          gcs: {to: gcs, bucket: lake, batch: {age: 10s}}
          azure: {to: azure_blob, account: acme, container: lake, batch: {age: 10s}}
          kafka: {to: kafka, brokers: 'kafka.example.com:9093', topic: events}
          syslog: {to: syslog, address: 'logs.example.com:6514'}
          mail: {to: email, server: 'smtp.example.com:587', from: m@example.com, recipients: a@example.com}
          datadog: {to: datadog, api_key: k}
          loki: {to: loki, url: 'https://loki.example.com/', tenant: t, environment: prod}
          sentinel:
            to: sentinel
            url: https://dce.example.com
            rule: dcr-1
            stream: Custom-Martlet_CL
            auth: {kind: entra, tenant: t, client_id: c, client_secret: s}
          otlp: {to: otlp, url: 'https://otel.example.com:4318', api_key: k}
          clickhouse: {to: clickhouse, url: 'https://ch.example.com', database: logs, table: m, password: k}
          secops_raw: {to: secops_raw, project: p, instance: i, forwarder: f, auth: {kind: google}}
          secops_udm: {to: secops_udm, project: p, instance: i, auth: {kind: google}}
          newrelic: {to: newrelic, license_key: k}
          logscale: {to: logscale, url: 'https://ls.example.com', token: k}
          slack: {to: slack, url: 'https://hooks.slack.com/services/T/B/x'}
          teams: {to: teams, url: 'https://flow.example.com/workflows/x'}
          pagerduty: {to: pagerduty, routing_key: k}
        """

    @Test("Every kind of exporter holds, and what is not as in the file is said")
    func everyExporter() async {
        let kinds = Set(ExporterConfig.kinds.map(\.tag))
        #expect(
            kinds.allSatisfy { Self.everything.contains("to: \($0)") }, "one is missing in the test's file")
        let world = Self.world(["/everything.yaml": Self.everything])
        let status = await world.run("chaos", "/everything.yaml", "--seed", "5", "--minutes", "4")
        #expect(status == .done, "\(world.messages.text)\(world.output.text)")
        for said in [
            "exporter http: OCSF is sent in place of ecs", "exporter lake: objects are lines of JSON",
            "exporter security: objects of lines stand for Security Lake's Parquet",
            "collector bucket: digests are not verified",
        ] {
            #expect(world.messages.text.contains(said))
        }
        // Events without the findings' own receivers, and the books below.
        for kind in kinds.subtracting(["security_lake"]) {
            #expect(world.output.text.contains(" \(kind) "), "\(kind) is not in the table")
        }
        #expect(world.output.text.contains("aws.cloudtrail"))
    }

    @Test(
        "A receiver that loses what it has acknowledged is found, with the events and the way to see it again",
        arguments: ["siem": "cloudtrail-to-splunk", "webhook": "cloudtrail-api-to-webhook"])
    func lying(exporter: String, pipeline: String) async {
        let world = Self.world()
        let status = await world.run(
            "chaos", "/pipelines/\(pipeline).yaml", "--seed", "3", "--minutes", "8", "--lying", exporter)
        #expect(status == .notHeld)
        #expect(world.output.text.contains("\(exporter): lost "))
        #expect(world.output.text.contains("it was acknowledged, or never queued, and is not there"))
        #expect(world.messages.text.contains("Again: martlet chaos /pipelines/\(pipeline).yaml --seed 3"))
    }

    @Test("One seed gives one run, to the last number")
    func repeats() async {
        var texts: [String] = []
        for _ in 0..<2 {
            let world = Self.world()
            _ = await world.run(
                "chaos", "/pipelines/cloudtrail-to-splunk.yaml", "--seed", "9", "--minutes", "8", "--format",
                "json")
            texts.append(world.output.text)
        }
        #expect(texts[0] == texts[1] && texts[0].hasPrefix("{\"seed\":9,\"holds\":true,"))
    }

    @Test(
        "What it cannot do is said before anything is played",
        arguments: [
            (["--lying", "siam"], "the pipeline has no exporter “siam” (did you mean “siem”?)"),
            (["--minutes", "0"], "--minutes"),
        ])
    func refused(words: [String], message: String) async {
        let world = Self.world()
        let status = await Dispatch.run(
            ["chaos", "/pipelines/cloudtrail-to-splunk.yaml"] + words, in: world.context)
        #expect(status == .usage)
        #expect(world.messages.text.contains(message), "\(world.messages.text)")
    }

    @Test("Files acknowledge nothing, so they cannot lie")
    func files() async {
        let world = Self.world()
        let status = await world.run("chaos", "/pipelines/cloudtrail-files.yaml", "--lying", "events")
        #expect(status == .usage && world.messages.text.contains("events writes files"))
    }
}
