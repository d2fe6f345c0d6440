package import Engine
package import Ports

/// The admin endpoint's answers: request and snapshots in, response out.
package enum AdminPages {
    package static func response(
        to request: HTTPRequest, runs: [RunSnapshot], now: Timestamp
    ) -> HTTPResponse {
        guard request.method == .GET || request.method == .HEAD else {
            return text(405, "only GET is answered here\n", headers: ["Allow": "GET, HEAD"])
        }
        switch path(of: request.url) {
        case "/metrics": return text(200, metrics(of: runs, now: now), type: "text/plain; version=0.0.4")
        case "/healthz": return health(of: runs)
        case "/readyz": return readiness(of: runs)
        case "/": return text(200, "Martlet: /metrics /healthz /readyz\n")
        default: return text(404, "there is /metrics, /healthz and /readyz\n")
        }
    }

    /// The path of an absolute URL or of a request target.
    private static func path(of url: String) -> Substring {
        var rest = Substring(url)
        if let scheme = rest.firstRange(of: "://") {
            rest = rest[scheme.upperBound...].drop { $0 != "/" }
        }
        let path = rest.prefix { $0 != "?" && $0 != "#" }
        return path.isEmpty ? "/" : path
    }

    /// 200 while the process does its work at all: a stopped part is for an operator, not for a restart.
    private static func health(of runs: [RunSnapshot]) -> HTTPResponse {
        var lines = ["ok"]
        for run in runs {
            for collector in run.collectors {
                lines.append(line(run.pipeline, "collector", collector.name, collector.condition))
            }
            for exporter in run.exporters {
                lines.append(line(run.pipeline, "exporter", exporter.name, exporter.condition))
            }
        }
        return text(200, lines.joined(separator: "\n") + "\n")
    }

    /// 200 once every part has started and none waits for a person; 503 with the reasons otherwise.
    private static func readiness(of runs: [RunSnapshot]) -> HTTPResponse {
        var reasons: [String] = []
        func look(_ run: RunSnapshot, _ part: String, _ name: String, _ condition: RunSnapshot.Condition) {
            switch condition {
            case .running, .finished, .struggling: break
            case .starting, .stopped: reasons.append(line(run.pipeline, part, name, condition))
            }
        }
        if runs.isEmpty { reasons.append("no pipeline has started") }
        for run in runs {
            if run.isStopping { reasons.append("\(run.pipeline) is stopping") }
            for collector in run.collectors { look(run, "collector", collector.name, collector.condition) }
            for exporter in run.exporters { look(run, "exporter", exporter.name, exporter.condition) }
        }
        return reasons.isEmpty ? text(200, "ready\n") : text(503, reasons.joined(separator: "\n") + "\n")
    }

    private static func line(
        _ pipeline: String, _ part: String, _ name: String, _ condition: RunSnapshot.Condition
    ) -> String {
        let reason = condition.reason.map { ": \($0)" } ?? ""
        return printable("\(pipeline) \(part) \(name) \(condition.name)\(reason)")
    }

    private static func text(
        _ status: Int, _ body: String, type: String = "text/plain; charset=utf-8", headers: HTTPHeaders = [:]
    ) -> HTTPResponse {
        var headers = headers
        headers["Content-Type"] = type
        headers["Cache-Control"] = "no-store"
        headers["X-Content-Type-Options"] = "nosniff"
        return HTTPResponse(status: status, headers: headers, body: Array(body.utf8))
    }

    // MARK: Prometheus

    /// https://prometheus.io/docs/instrumenting/exposition_formats/, version 0.0.4. Counters are of this process.
    static func metrics(of runs: [RunSnapshot], now: Timestamp) -> String {
        var page = MetricsPage()
        typealias Source = RunSnapshot.Collector
        let counters: [(String, String, @Sendable (Source) -> Int)] = [
            ("listed", "Objects, pages or messages seen", { $0.listed }),
            ("fetched", "Of those, the ones fetched", { $0.fetched }),
            ("records", "Records read", { $0.records }),
            ("malformed", "Records that could not be read, kept as dead letters", { $0.malformed }),
            ("duplicate", "Records seen before", { $0.duplicate }),
            ("filtered", "Events left out by the pipeline's filter", { $0.filtered }),
            ("events", "Events made", { $0.events }),
        ]
        for (name, help, value) in counters {
            page.family("martlet_\(name)_total", "counter", help)
            for run in runs {
                for collector in run.collectors {
                    page.sample(labels(run, collector), Double(value(collector)))
                }
            }
        }
        page.family("martlet_collector_up", "gauge", "1 while a collector gets on")
        for run in runs {
            for collector in run.collectors { page.sample(labels(run, collector), isUp(collector.condition)) }
        }
        page.family("martlet_last_page_age_seconds", "gauge", "Time since a collector's last durable page")
        for run in runs {
            for collector in run.collectors {
                guard let last = collector.lastPage else { continue }
                page.sample(labels(run, collector), Double((now - last).nanoseconds) / 1e9)
            }
        }
        deliveries(of: runs, to: &page)
        page.family("martlet_findings_total", "counter", "Findings raised")
        for run in runs { page.sample([("pipeline", run.pipeline)], Double(run.findings)) }
        page.family("martlet_dead_letter_bytes", "gauge", "What was refused and is kept")
        for run in runs { page.sample([("pipeline", run.pipeline)], Double(run.deadLetterBytes)) }
        page.family("martlet_dead_letter_limit_bytes", "gauge", "Bytes of it that may be kept")
        for run in runs { page.sample([("pipeline", run.pipeline)], Double(run.deadLetterBytesMax)) }
        page.family("martlet_start_time_seconds", "gauge", "When the pipeline started")
        for run in runs {
            page.sample([("pipeline", run.pipeline)], Double(run.startedAt.milliseconds) / 1_000)
        }
        return page.text
    }

    private static func deliveries(of runs: [RunSnapshot], to page: inout MetricsPage) {
        typealias Sink = RunSnapshot.Exporter
        let families: [(String, String, String, @Sendable (Sink) -> Double)] = [
            ("queued_total", "counter", "Events and findings put into the spool", { Double($0.queued) }),
            (
                "accepted_total", "counter", "Events and findings that the receiver has",
                { Double($0.accepted) }
            ),
            (
                "refused_total", "counter", "Refused by the receiver, kept as dead letters",
                { Double($0.refused) }
            ),
            (
                "resent_total", "counter", "Sent again without knowing whether the first try arrived",
                { Double($0.resent) }
            ),
            ("pending", "gauge", "Events and findings waiting on disk", { Double($0.pending) }),
            ("pending_bytes", "gauge", "Bytes waiting on disk", { Double($0.pendingBytes) }),
            ("spool_limit_bytes", "gauge", "Bytes that may wait", { Double($0.spoolBytesMax) }),
            ("in_flight", "gauge", "Requests under way to the receiver", { Double($0.inFlight) }),
            (
                "concurrency", "gauge", "Requests that may be under way, as the receiver's answers have it",
                { Double($0.concurrency) }
            ),
            (
                "batch_rows", "gauge", "Events that a batch may have, as the receiver's answers have it",
                { Double($0.batchRows) }
            ),
            (
                "throttled_total", "counter", "Answers by which the receiver asked for less",
                { Double($0.throttled) }
            ),
            ("exporter_up", "gauge", "1 while an exporter gets on", { isUp($0.condition) }),
        ]
        for (name, type, help, value) in families {
            page.family("martlet_\(name)", type, help)
            for run in runs {
                for exporter in run.exporters {
                    page.sample(
                        [("pipeline", run.pipeline), ("exporter", exporter.name), ("to", exporter.kind)],
                        value(exporter))
                }
            }
        }
    }

    private static func labels(_ run: RunSnapshot, _ collector: RunSnapshot.Collector) -> [(String, String)] {
        [("pipeline", run.pipeline), ("collector", collector.name), ("feed", collector.feed)]
    }

    private static func isUp(_ condition: RunSnapshot.Condition) -> Double {
        switch condition {
        case .running, .finished: 1
        case .starting, .struggling, .stopped: 0
        }
    }
}
