import Engine
import Ports
import Testing

@testable import Pipeline

@Suite struct AdminPagesTests {
    private static let start = Timestamp(seconds: 1_800_000_000)

    private func run(
        collector: RunSnapshot.Condition = .running, exporter: RunSnapshot.Condition = .running
    ) -> RunSnapshot {
        var run = RunSnapshot(pipeline: "p", startedAt: Self.start)
        var source = RunSnapshot.Collector(name: "trail", feed: "aws.cloudtrail")
        source.condition = collector
        source.records = 12
        source.events = 10
        source.lastPage = Self.start
        var sink = RunSnapshot.Exporter(name: "si\"em", kind: "splunk_hec")
        sink.condition = exporter
        sink.pending = 4
        sink.inFlight = 3
        sink.concurrency = 5
        sink.batchRows = 700
        sink.throttled = 2
        run.collectors = [source]
        run.exporters = [sink]
        run.deadLetterBytes = 9
        run.deadLetterBytesMax = 10
        return run
    }

    private func get(_ path: String, _ run: RunSnapshot?) -> (status: Int, body: String) {
        let response = AdminPages.response(
            to: HTTPRequest(.GET, "http://127.0.0.1:9464\(path)"), runs: run.map { [$0] } ?? [],
            now: Self.start + .seconds(30))
        return (response.status, String(decoding: response.body, as: UTF8.self))
    }

    @Test("Metrics carry the counts of every collector and exporter, with labels escaped")
    func metrics() {
        let page = get("/metrics", run()).body
        #expect(
            page.contains(#"martlet_records_total{pipeline="p",collector="trail",feed="aws.cloudtrail"} 12"#))
        #expect(page.contains(#"martlet_pending{pipeline="p",exporter="si\"em",to="splunk_hec"} 4"#))
        for sample in ["in_flight 3", "concurrency 5", "batch_rows 700", "throttled_total 2"] {
            let (name, value) = (sample.split(separator: " ")[0], sample.split(separator: " ")[1])
            #expect(
                page.contains(
                    #"martlet_\#(name){pipeline="p",exporter="si\"em",to="splunk_hec"} \#(value)"#))
        }
        #expect(
            page.contains(
                #"martlet_last_page_age_seconds{pipeline="p",collector="trail",feed="aws.cloudtrail"} 30"#))
        #expect(page.contains(#"martlet_dead_letter_bytes{pipeline="p"} 9"#))
        #expect(page.contains(#"martlet_dead_letter_limit_bytes{pipeline="p"} 10"#))
        // Each family once, typed before its samples.
        let families = page.split(separator: "\n").filter { $0.hasPrefix("# TYPE") }
        #expect(Set(families).count == families.count && families.count > 15)
    }

    @Test("Ready means started and not waiting for a person; alive means running")
    func health() {
        #expect(get("/readyz", run()).status == 200)
        #expect(get("/readyz", run(collector: .starting)).status == 503)
        #expect(get("/readyz", run(exporter: .struggling("connection refused"))).status == 200)
        let stopped = get("/readyz", run(collector: .stopped("AccessDenied")))
        #expect(stopped.status == 503 && stopped.body.contains("AccessDenied"))
        #expect(get("/healthz", run(collector: .stopped("AccessDenied"))).status == 200)
        #expect(get("/readyz", nil).status == 503)
    }

    @Test("Other paths and methods are refused")
    func others() {
        #expect(get("/metrics/../etc", run()).status == 404)
        let posted = AdminPages.response(
            to: HTTPRequest(.POST, "http://127.0.0.1/metrics"), runs: [], now: Self.start)
        #expect(posted.status == 405)
    }
}
