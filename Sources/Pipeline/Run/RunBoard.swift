import Engine
package import Ports
import Synchronization

/// Where the parts of a running pipeline say how they fare, and where everybody else reads it.
package final class RunBoard: HealthReporter {
    /// Reasons kept of one kind of note before they are only counted: a vendor's outage must not fill the log.
    private static let notesLoggedMax = 20

    private struct State {
        var snapshot: RunSnapshot
        var notes: [String: Int] = [:]
    }

    private let state: Mutex<State>
    private let log: Log
    private let time: any TimeSource

    package init(pipeline: String, log: Log, time: any TimeSource) {
        state = Mutex(State(snapshot: RunSnapshot(pipeline: pipeline, startedAt: time.now)))
        self.log = log
        self.time = time
    }

    package var snapshot: RunSnapshot { state.withLock { $0.snapshot } }

    /// How often each kind of health note came: `object-missing`, `digest-invalid`, ….
    package var noteCounts: [String: Int] { state.withLock { $0.notes } }

    func add(_ collector: RunSnapshot.Collector) {
        state.withLock { $0.snapshot.collectors.append(collector) }
    }
    func add(_ exporter: RunSnapshot.Exporter) { state.withLock { $0.snapshot.exporters.append(exporter) } }
    func beginStopping() { state.withLock { $0.snapshot.isStopping = true } }
    func setDeadLetter(_ bytes: Int64, of limit: Int64) {
        state.withLock { state in
            state.snapshot.deadLetterBytes = bytes
            state.snapshot.deadLetterBytesMax = limit
        }
    }
    func setFindings(_ count: Int) { state.withLock { $0.snapshot.findings = count } }

    func collector(_ name: String, _ change: (inout RunSnapshot.Collector) -> Void) {
        state.withLock { state in
            guard let index = state.snapshot.collectors.firstIndex(where: { $0.name == name }) else { return }
            change(&state.snapshot.collectors[index])
        }
    }

    func exporter(_ name: String, _ change: (inout RunSnapshot.Exporter) -> Void) {
        state.withLock { state in
            guard let index = state.snapshot.exporters.firstIndex(where: { $0.name == name }) else { return }
            change(&state.snapshot.exporters[index])
        }
    }

    /// A page, or a part of one, is durable: from one mark to another.
    func took(_ page: RawPage, from start: PageMark, to mark: PageMark) {
        guard mark != start else { return }
        let (done, receipt) = (start.receipt, mark.receipt)
        let now = time.now
        collector(page.source) { collector in
            collector.condition = .running
            collector.listed += mark.listed - start.listed
            collector.fetched += mark.fetched - start.fetched
            collector.records += receipt.records - done.records
            collector.malformed += receipt.malformed - done.malformed
            collector.duplicate += receipt.duplicate - done.duplicate
            collector.filtered += receipt.filtered - done.filtered
            collector.events += receipt.events - done.events
            collector.lastPage = now
        }
    }

    package func report(_ note: HealthNote) async {
        let count = state.withLock { state in
            state.notes[note.code, default: 0] += 1
            return state.notes[note.code, default: 0]
        }
        if note.severity == .problem { collector(note.source) { $0.problems += 1 } }
        if note.code == "still-trying" { collector(note.source) { $0.condition = .struggling(note.message) } }
        guard count <= Self.notesLoggedMax else { return }
        let level: LogLine.Level =
            switch note.severity {
            case .information: .info
            case .warning: .warning
            case .problem: .error
            }
        log.record(level, note.message, ["source": note.source, "code": note.code])
        if count == Self.notesLoggedMax {
            log.warning("More notes of this kind are counted and not logged", ["code": note.code])
        }
    }
}

/// The lane, seen by the board: what it took is what the metrics count.
struct WatchedSink: PageSink {
    let sink: any PageSink
    let board: RunBoard

    func deliver(_ page: RawPage, from mark: inout PageMark) async throws(Fault) -> PageReceipt {
        let start = mark
        defer { board.took(page, from: start, to: mark) }
        return try await sink.deliver(page, from: &mark)
    }

    func position(of source: String) async throws(Fault) -> [UInt8]? { try await sink.position(of: source) }
}
