import Engine
import Ports

/// Watches what would keep a pipeline from going on, and tells of it loudly: in the log, and as findings that go where
/// all findings go.
actor HealthStage {
    /// The source under which its findings are accounted.
    static let source = "health"
    static let lookEvery = Duration.seconds(30)

    private enum Level: Int, Comparable {
        case nearlyFull, full
        static func < (a: Level, b: Level) -> Bool { a.rawValue < b.rawValue }
    }

    private let pipeline: String
    private let state: PipelineState
    private let health: any HealthReporter
    private let time: any TimeSource
    private let delivery: StageDelivery
    /// The worst that was told of a day.
    private var told: (level: Level, day: Timestamp)?

    init(_ pipeline: String, _ state: PipelineState, _ health: any HealthReporter, _ time: any TimeSource) {
        self.pipeline = pipeline
        self.state = state
        self.health = health
        self.time = time
        delivery = StageDelivery(source: Self.source, time: time)
    }

    func run(into sink: any PageSink) async {
        while !Task.isCancelled {
            await look(into: sink)
            do throws(CancellationError) { try await time.sleep(until: time.now + Self.lookEvery) } catch {
                return
            }
        }
    }

    /// Looks once. Once a day each trouble is a finding again, as long as it lasts.
    func look(into sink: any PageSink) async {
        guard let level = await level() else {
            told = nil
            if await state.notes["deadletter"] != nil { await state.note("deadletter", "") }
            return
        }
        let now = time.now
        let day = Timestamp(seconds: floorDivide(now.seconds, 86_400) * 86_400)
        if let told, told.day == day, told.level >= level { return }
        told = (level, day)
        let trouble = trouble(level)
        await state.note("deadletter", trouble.text)
        await health.report(
            HealthNote(
                level == .full ? .problem : .warning, source: Self.source, code: trouble.code, trouble.text))
        var findings = EventBatch()
        HealthFindingWriter().append(trouble, day: day, at: now, to: &findings)
        if await !delivery.deliver(findings, [1], into: sink, noting: {}) { told = nil }
    }

    private func level() async -> Level? {
        if await state.deadLetter.isFull { return .full }
        return await state.deadLetter.isNearlyFull ? .nearlyFull : nil
    }

    private func trouble(_ level: Level) -> HealthFindingWriter.Trouble {
        let limit = ByteSize(state.deadLetter.limits.bytesMax).userText
        let remedy =
            "Look at it with `martlet deadletter list`, mend the reason, send it again with `martlet deadletter redrive`, "
            + "or raise dead_letter.size in the pipeline file."
        return switch level {
        case .nearlyFull:
            HealthFindingWriter.Trouble(
                code: "dead_letter_nearly_full", title: "The dead letter is nearly full",
                text: "Refused records and events take more than four fifths of the \(limit) that they may. "
                    + "At the limit whatever would refuse more waits, and nothing is removed. \(remedy)",
                severity: .high, pipeline: pipeline)
        case .full:
            HealthFindingWriter.Trouble(
                code: "dead_letter_full", title: "The dead letter is full",
                text:
                    "Refused records and events have reached the \(limit) that they may take. Pages with a record "
                    + "to refuse wait, and so does delivery to receivers that refuse an event. \(remedy)",
                severity: .critical, pipeline: pipeline)
        }
    }
}
