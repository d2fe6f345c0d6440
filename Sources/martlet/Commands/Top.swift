import Codecs
import Engine
import Pipeline
import Ports

extension Command {
    static let top = Command(
        name: "top",
        summary: "Running pipelines in the terminal: rates, lag, what waits, and who is riskiest",
        discussion: """
            Asks the metrics of a running “martlet run” (admin: in its pipeline file) and draws them again and again until
            Ctrl-C. PIPELINE is a pipeline file: its admin address is asked, and its state read for the riskiest identities.
            Without one, --url says where the metrics are. Rates are since the frame before; in the first, and with --once,
            since the pipeline started. What is on its own line in red needs a person: something is down, or waits.
            """,
        arguments: [
            Argument("PIPELINE", "Pipeline files", kind: .path, isRequired: false, isRepeated: true)
        ],
        options: [
            Option("url", .text, "URL", "Where the metrics are (default: http://127.0.0.1:9464)"),
            Option("once", "One frame, for scripts"),
            Option("interval", .duration, "TIME", "Between two frames (default 2s)"),
            Option("limit", .integer(0...1_000), "N", "So many of the riskiest identities (default 10)"),
            .state,
        ],
        examples: [
            "martlet top pipelines/cloudtrail-files.yaml", "martlet top --once --url http://127.0.0.1:9464",
        ]
    ) { invocation, context in
        try await TopSession(invocation, context).run()
    }
}

/// One look at running pipelines after another.
private struct TopSession {
    private let context: CommandContext
    private let urls: [String]
    private let isOnce: Bool
    private let interval: Duration
    private let limit: Int
    private let folders: [String]

    init(_ invocation: Invocation, _ context: CommandContext) async throws {
        self.context = context
        isOnce = invocation.isSet("once") || !context.outputIsTerminal
        interval = max(.milliseconds(200), invocation.duration("interval") ?? .seconds(2))
        limit = invocation.integer("limit") ?? 10
        var urls = invocation.text("url").map { [$0] } ?? []
        var folders: [String] = []
        if !invocation.arguments.isEmpty {
            for file in try await PipelineFile.read(invocation.arguments, in: context) {
                let base = try context.stateFolder(
                    invocation.text("state"), pipeline: file.config.state.map { file.absolute($0) })
                folders.append(StateFolders.path(of: file.config.name.value, in: base))
                guard let admin = file.config.admin, invocation.text("url") == nil else { continue }
                let url = "http://\(admin.listen.value)"
                if !urls.contains(url) { urls.append(url) }
            }
            if urls.isEmpty {
                throw CommandFailure(
                    "none of the files has admin: {listen: …}, so there are no metrics to ask for",
                    status: .usage)
            }
        } else if let state = try? context.stateFolder(invocation.text("state")) {
            folders = ((try? await StateFolders.under(state, context.files)) ?? []).map(\.path)
        }
        self.urls = urls.isEmpty ? ["http://127.0.0.1:9464"] : urls
        self.folders = folders
    }

    func run() async throws -> ExitStatus {
        let transport = try context.surroundings.transport(ConnectionConfig())
        var before: TopFrame?
        while true {
            let frame = try await TopFrame(
                metrics: metrics(transport), at: context.time.now, before: before?.reading, risks: risks())
            let text = frame.text(
                usesColor: context.usesColor, width: context.outputIsTerminal ? context.terminalWidth : nil)
            if isOnce {
                context.output.write(text)
                return frame.isSound ? .done : .notHeld
            }
            context.output.write("\u{1B}[H\u{1B}[2J" + text)
            context.output.finish()
            before = frame
            if await isStopped() { return .done }
        }
    }

    /// Waits for the next frame; whether it was asked to stop meanwhile.
    private func isStopped() async -> Bool {
        await withTaskGroup(of: Bool.self) { group in
            group.addTask { [context] in
                _ = await context.stopRequest()
                return !Task.isCancelled
            }
            group.addTask { [context, interval] in
                try? await context.time.sleep(until: context.time.now + interval)
                return false
            }
            defer { group.cancelAll() }
            return await group.next() ?? true
        }
    }

    private func metrics(_ transport: any Transport) async throws -> String {
        var pages = ""
        for url in urls {
            let address =
                url.hasSuffix("/metrics") ? url : url + (url.hasSuffix("/") ? "metrics" : "/metrics")
            var request = HTTPRequest(.GET, address)
            request.timeout = .seconds(5)
            request.responseBytesMax = 16 << 20
            let response: HTTPResponse
            do { response = try await transport.send(request) } catch {
                throw CommandFailure(
                    "\(printable(address)): \(error.message). Is “martlet run” running there?")
            }
            guard response.status == 200 else {
                throw CommandFailure("\(printable(address)) answers with status \(response.status)")
            }
            pages += String(decoding: response.body, as: UTF8.self)
        }
        return pages
    }

    /// Of what the pipelines' baselines have written down; nobody where they keep none.
    private func risks() async -> [EntityRisk] {
        if limit == 0 { return [] }
        var all: [EntityRisk] = []
        for folder in folders {
            guard let volume = try? context.readingVolume(folder),
                let content = try? await BehaviourLog(volume: volume).open()
            else { continue }
            var behaviour = Behaviour(BehaviourSettings())
            if let settled = content.settled, !behaviour.restore(settled: settled) { continue }
            for day in content.facts { behaviour.take(day) }
            for told in content.told { behaviour.restore(told) }
            all += behaviour.risks()
        }
        return Array(
            all.sorted { ($0.ledger.hundredths, $1.entity) > ($1.ledger.hundredths, $0.entity) }.prefix(limit)
        )
    }
}

/// How running pipelines stand at a moment, against a moment before.
struct TopFrame {
    struct Reading {
        var metrics: MetricsReading
        var time: Timestamp
    }

    let reading: Reading
    private let before: Reading?
    private let risks: [EntityRisk]

    init(metrics: String, at time: Timestamp, before: Reading?, risks: [EntityRisk]) {
        reading = Reading(metrics: MetricsReading(metrics), time: time)
        self.before = before
        self.risks = risks
    }

    private var metrics: MetricsReading { reading.metrics }

    /// Whether every part gets on.
    var isSound: Bool {
        let ups = metrics.samples.filter {
            $0.name == "martlet_collector_up" || $0.name == "martlet_exporter_up"
        }
        return !ups.isEmpty && ups.allSatisfy { $0.value == 1 }
    }

    func text(usesColor: Bool, width: Int?) -> String {
        var panel = TextPanel(usesColor: usesColor)
        let pipelines = metrics.labels(of: "martlet_start_time_seconds").compactMap { $0["pipeline"] }
        panel.line(
            panel.styled("martlet top", .bold) + "  \(Timestamp(seconds: reading.time.seconds).iso8601)  "
                + "\(pipelines.count) \(pipelines.count == 1 ? "pipeline" : "pipelines")")
        for pipeline in pipelines { add(pipeline, to: &panel, width) }
        if !risks.isEmpty {
            panel.heading("Riskiest", "martlet investigate ENTITY")
            for risk in risks {
                let why = risk.ledger.lines.first?.why ?? "what every identity has"
                panel.line(
                    cut(
                        "  \(TextPanel.aligned(RiskLedger.text(risk.ledger.hundredths), 6))  \(risk.entity)  \(why)",
                        width))
            }
        }
        return panel.text
    }

    private func cut(_ text: String, _ width: Int?) -> String {
        let clean = printable(text)
        return width.map { TextPanel.cut(clean, max(40, $0)) } ?? clean
    }

    private func add(_ pipeline: String, to panel: inout TextPanel, _ width: Int?) {
        let own = ["pipeline": pipeline]
        let start = metrics.value("martlet_start_time_seconds", where: own) ?? 0
        let up = Self.span(Double(reading.time.milliseconds) / 1_000 - start)
        let findings = Self.whole(metrics.value("martlet_findings_total", where: own) ?? 0)
        panel.heading(printable(pipeline), "up \(up), \(grouped(findings)) findings")
        var collectors = TextTable(
            ["COLLECTOR", "FEED", "STATE", "RECORDS/S", "EVENTS/S", "RECORDS", "MALFORMED", "LAG"],
            width: width)
        var text = ""
        for labels in metrics.labels(of: "martlet_collector_up") where labels["pipeline"] == pipeline {
            text += collectors.add(
                [
                    labels["collector"] ?? "", labels["feed"] ?? "", state("martlet_collector_up", labels),
                    rate("martlet_records_total", labels, start), rate("martlet_events_total", labels, start),
                    count("martlet_records_total", labels), count("martlet_malformed_total", labels),
                    metrics.value("martlet_last_page_age_seconds", where: labels).map { Self.span($0) }
                        ?? "-",
                ].map(printable))
        }
        write(text + collectors.finish(), to: &panel)
        var exporters = TextTable(
            ["EXPORTER", "TO", "STATE", "ACCEPTED/S", "PENDING", "SPOOL", "REFUSED", "RESENT"], width: width)
        text = ""
        for labels in metrics.labels(of: "martlet_exporter_up") where labels["pipeline"] == pipeline {
            let bytes = metrics.value("martlet_pending_bytes", where: labels) ?? 0
            let limit = metrics.value("martlet_spool_limit_bytes", where: labels) ?? 0
            text += exporters.add(
                [
                    labels["exporter"] ?? "", labels["to"] ?? "", state("martlet_exporter_up", labels),
                    rate("martlet_accepted_total", labels, start), count("martlet_pending", labels),
                    limit > 0 ? "\(Self.whole(min(100, bytes * 100 / limit))) %" : "-",
                    count("martlet_refused_total", labels),
                    count("martlet_resent_total", labels),
                ].map(printable))
        }
        write(text + exporters.finish(), to: &panel)
    }

    private func write(_ table: String, to panel: inout TextPanel) {
        for line in table.split(separator: "\n") {
            panel.line("  " + (line.contains(" DOWN ") ? panel.styled(String(line), .red) : String(line)))
        }
    }

    private func state(_ name: String, _ labels: [String: String]) -> String {
        metrics.value(name, where: labels) == 1 ? "up" : "DOWN"
    }

    private func count(_ name: String, _ labels: [String: String]) -> String {
        grouped(Self.whole(metrics.value(name, where: labels) ?? 0))
    }

    /// Since the frame before, where the counter has not begun anew meanwhile; else since the start.
    private func rate(_ name: String, _ labels: [String: String], _ start: Double) -> String {
        let now = metrics.value(name, where: labels) ?? 0
        var seconds = Double(reading.time.milliseconds) / 1_000 - start
        var count = now
        if let before, let old = before.metrics.value(name, where: labels), old <= now {
            seconds = Double((reading.time - before.time).nanoseconds) / 1e9
            count = now - old
        }
        let rate = seconds > 0 ? count / seconds : 0
        return rate >= 10 || rate < 0.05
            ? grouped(Self.whole(rate.rounded())) : "\((rate * 10).rounded() / 10)"
    }

    /// Whatever a page says, it is a number that can be shown.
    private static func whole(_ value: Double) -> Int { value.isFinite && abs(value) < 1e15 ? Int(value) : 0 }

    /// Two units of time: `3h12m`.
    private static func span(_ seconds: Double) -> String {
        let whole = max(0, Self.whole(seconds.rounded()))
        switch whole {
        case ..<60: return "\(whole)s"
        case ..<3_600: return "\(whole / 60)m\(whole % 60)s"
        case ..<86_400: return "\(whole / 3_600)h\(whole % 3_600 / 60)m"
        default: return "\(whole / 86_400)d\(whole % 86_400 / 3_600)h"
        }
    }
}
