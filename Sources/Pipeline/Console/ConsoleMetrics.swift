import Engine

/// What the state folder and the console itself have to say to Prometheus.
enum ConsoleMetrics {
    static func text(_ look: ConsoleLook, _ console: Console) -> String {
        var page = MetricsPage()
        let overview = OverviewLook(look)
        let counters: [(String, String, (FeedLook) -> Int)] = [
            ("records", "Records read", { $0.records }), ("events", "Events made", { $0.events }),
            ("malformed", "Records that could not be read, kept as dead letters", { $0.malformed }),
            ("duplicate", "Records seen before", { $0.duplicate }),
            ("filtered", "Events left out by the pipeline's filter", { $0.filtered }),
        ]
        for (name, help, value) in counters {
            page.family("martlet_ledger_\(name)_total", "counter", help)
            for feed in overview.feeds { page.sample(labels(feed), Double(value(feed))) }
        }
        page.family("martlet_ledger_balanced", "gauge", "1 while every hour of a source balances")
        for feed in overview.feeds { page.sample(labels(feed), feed.isBalanced ? 1 : 0) }
        page.family("martlet_ledger_last_arrival_seconds", "gauge", "The hour in which records came last")
        for feed in overview.feeds {
            if let last = feed.lastArrival { page.sample(labels(feed), Double(last.seconds)) }
        }
        let deliveries: [(String, String, String, (ExporterLook) -> Int)] = [
            ("accepted_total", "counter", "Events and findings that the receiver has", { $0.accepted }),
            ("refused_total", "counter", "Refused by the receiver, kept as dead letters", { $0.refused }),
            ("pending", "gauge", "Events and findings waiting on disk", { $0.pending }),
            (
                "resent_total", "counter", "Sent again without knowing whether the first try arrived",
                { $0.resent }
            ),
        ]
        for (name, type, help, value) in deliveries {
            page.family("martlet_ledger_\(name)", type, help)
            for exporter in overview.exporters {
                page.sample(
                    [("pipeline", exporter.pipeline), ("exporter", exporter.exporter)],
                    Double(value(exporter)))
            }
        }
        page.family("martlet_findings_open", "gauge", "Findings that nobody has judged")
        for severity in FindingFilter.severities {
            page.sample([("severity", severity)], Double(overview.open[severity] ?? 0))
        }
        let counted = console.counted
        page.family("martlet_console_answers_total", "counter", "Requests by the status of their answer")
        for (status, count) in counted.answered.sorted(by: { $0.key < $1.key }) {
            page.sample([("status", "\(status)")], Double(count))
        }
        page.family("martlet_console_sessions", "gauge", "Sessions that are open")
        page.sample([], Double(console.door.sessions.count))
        return page.text
    }

    private static func labels(_ feed: FeedLook) -> [(String, String)] {
        [("pipeline", feed.pipeline), ("feed", feed.feed), ("source", feed.source)]
    }
}
