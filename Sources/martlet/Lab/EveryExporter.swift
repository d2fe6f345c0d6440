import Pipeline
import Simulation

/// A pipeline with every kind of exporter at once, for the fault lab: nothing in it is anybody's.
enum EveryExporter {
    static let text = """
        name: everything
        collectors:
          folder: {from: files, feed: aws.cloudtrail, paths: /srv/logs}
          api: {from: api, feed: github.audit, parameters: {scope: orgs/acme}, auth: {kind: api_token, token: t}}
          bucket: {from: s3, bucket: trail, region: eu-central-1, verify_digests: true}
          okta: {from: push, feed: okta.system_log, format: okta_hook, auth: {kind: bearer, token: t}}
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
            sources: {'3002': martlet-auth, '6003': martlet-api, '2004': martlet-findings}
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

    static func file() async throws -> PipelineFile {
        try await PipelineFile.read(
            ["/every-exporter.yaml"], environment: [:], SimulatedFiles(["/every-exporter.yaml": text]))[0]
    }
}
