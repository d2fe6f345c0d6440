import Engine
import Exporters
package import Ports

/// Makes the reports of a pipeline at their times, and gives them to whoever is to have them.
///
/// What was missed while nothing ran is made up for, period by period.
package actor ReportStage {
    /// The source under which the findings of reports are accounted.
    static let source = "reports"
    /// Periods made up for at once; of more, the older ones are one.
    static let missedMax = 31

    package struct Entry: Sendable {
        package var name: String
        package var schedule: CronSchedule
        package var formats: [ReportConfig.Format]
        /// Where its files are put besides.
        package var folder: (any Volume)?
        package var delay: Duration
        package var delivers: Bool
    }

    private let entries: [Entry]
    private let drift: DriftStage
    private let log: ReportLog
    private let volume: any Volume
    private let time: any TimeSource
    private let messages: Log
    private let delivery: StageDelivery
    private let turnstile = Turnstile()
    private var standing: [String: ReportLog.Standing]

    package static func open(
        _ entries: [Entry], of drift: DriftStage, volume: any Volume, time: any TimeSource, log messages: Log
    ) async throws(Fault) -> ReportStage {
        let log = ReportLog(volume: volume)
        var standing = try await log.open()
        for entry in entries where standing[entry.name] == nil {
            try await log.arm(entry.name, at: time.now)
            standing[entry.name] = ReportLog.Standing(since: time.now)
        }
        return ReportStage(entries, drift, log, standing, volume, time, messages)
    }

    private init(
        _ entries: [Entry], _ drift: DriftStage, _ log: ReportLog, _ standing: [String: ReportLog.Standing],
        _ volume: any Volume, _ time: any TimeSource, _ messages: Log
    ) {
        self.entries = entries
        self.drift = drift
        self.log = log
        self.standing = standing
        self.volume = volume
        self.time = time
        self.messages = messages
        delivery = StageDelivery(source: Self.source, time: time)
    }

    /// Makes reports as they come due, until cancelled.
    func run(into sink: any PageSink) async {
        while !Task.isCancelled {
            await makeDue(into: sink)
            let next = entries.compactMap { due($0).map { $0.to + $0.delay } }.min() ?? time.now + .hours(24)
            // Looked at anew now and then: a machine that slept does not count it.
            let wake = min(max(next, time.now + .seconds(1)), time.now + .minutes(10))
            do throws(CancellationError) { try await time.sleep(until: wake) } catch { return }
        }
    }

    /// Makes and delivers all that is due.
    func makeDue(into sink: any PageSink) async {
        await turnstile.enter()
        defer { turnstile.leave() }
        for entry in entries {
            do throws(Fault) {
                if let pending = standing[entry.name]?.pending {
                    guard try await deliver(entry, pending, into: sink) else { return }
                }
                while let period = due(entry), period.to + entry.delay <= time.now {
                    let made = try await make(entry, from: period.from, to: period.to)
                    guard try await deliver(entry, made, into: sink) else { return }
                }
            } catch {
                if error.kind == .cancelled { return }
                messages.error("A report could not be made", ["report": entry.name, "reason": error.message])
            }
        }
    }

    /// The next period; where many were missed, the first is as long as those beyond the limit.
    private func due(_ entry: Entry) -> (from: Timestamp, to: Timestamp, delay: Duration)? {
        guard let since = standing[entry.name]?.since, let first = entry.schedule.next(after: since) else {
            return nil
        }
        var ends = [first]
        while let last = ends.last, last + entry.delay <= time.now,
            let next = entry.schedule.next(after: last)
        {
            ends.append(next)
            if ends.count > Self.missedMax + 1 { ends.removeFirst() }
        }
        return (since, ends.first ?? first, entry.delay)
    }

    // MARK: One report

    private func make(_ entry: Entry, from: Timestamp, to: Timestamp) async throws(Fault) -> ReportLog.Made {
        let report = await drift.report(from: from, to: to, previous: standing[entry.name]?.previous)
        for format in entry.formats {
            try await Self.write(report.bytes(format), to: Self.path(entry.name, to, format), in: volume)
        }
        if !entry.formats.contains(.md) {
            try await Self.write(report.bytes(.md), to: Self.path(entry.name, to, .md), in: volume)
        }
        let made = ReportLog.Made(
            from: from, to: to, headline: report.headline,
            isGrave: report.open.contains { $0.severity >= .high && report.standing($0) == .new },
            open: report.open.map(\.uid))
        try await log.note(entry.name, made: made)
        standing[entry.name]?.pending = made
        return made
    }

    /// False where it was cancelled before.
    private func deliver(
        _ entry: Entry, _ made: ReportLog.Made, into sink: any PageSink
    ) async throws(Fault) -> Bool {
        if let folder = entry.folder {
            for format in entry.formats {
                let path = Self.path(entry.name, made.to, format)
                let bytes = try await Self.read(path, in: volume)
                try await Self.write(bytes, to: Self.fileName(entry.name, made.to, format), in: folder)
            }
        }
        if entry.delivers {
            var findings = EventBatch()
            ReportFindingWriter().append(
                name: entry.name, from: made.from, to: made.to, headline: made.headline,
                text: try await Self.read(Self.path(entry.name, made.to, .md), in: volume),
                isGrave: made.isGrave,
                to: &findings)
            guard await delivery.deliver(findings, [1], into: sink, noting: {}) else { return false }
        }
        try await log.noteDelivered(entry.name)
        standing[entry.name] = ReportLog.Standing(since: made.to, previous: made.asPrevious)
        messages.info("A report was made", ["report": entry.name, "until": DriftFinding.text(made.to)])
        return true
    }

    // MARK: Files

    /// `weekly-2026-05-04T06-00-00Z.html`
    static func fileName(_ name: String, _ to: Timestamp, _ format: ReportConfig.Format) -> String {
        let stamp = DriftFinding.text(Timestamp(seconds: to.seconds)).replacing(":", with: "-")
        return "\(name)-\(stamp).\(format == .ocsf ? "ndjson" : format.rawValue)"
    }

    private static func path(_ name: String, _ to: Timestamp, _ format: ReportConfig.Format) -> String {
        "report-files/\(fileName(name, to, format))"
    }

    private static func write(_ bytes: [UInt8], to path: String, in volume: any Volume) async throws(Fault) {
        let new = path + ".new"
        if try await volume.length(of: new) != nil { try await volume.remove(new) }
        _ = try await volume.append(bytes, to: new)
        try await volume.synchronize(new)
        try await volume.rename(new, to: path)
    }

    private static func read(_ path: String, in volume: any Volume) async throws(Fault) -> [UInt8] {
        let length = try await volume.length(of: path) ?? 0
        return try await volume.read(path, in: 0..<length)
    }
}

extension DriftReport {
    /// As a file of the format.
    package func bytes(_ format: ReportConfig.Format) -> [UInt8] {
        switch format {
        case .html: DriftPage(self).bytes
        case .md: DriftMarkdown(self).bytes
        case .json: DriftJSON(self).bytes
        case .ocsf: findings.flatMap { DriftFindingWriter().line($0) + [UInt8(ascii: "\n")] }
        }
    }
}
