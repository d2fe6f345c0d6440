import Codecs
import Credentials
import Engine
import Ports
import Store

/// Everything that lists and boards are drawn from, as it was at one moment.
struct ConsoleLook: Sendable {
    var at: Timestamp
    var store: ConsoleStore
    /// Newest first, each once, with its verdict.
    var findings: [FindingNote]
    /// Whether older findings were left out.
    var isCut: Bool
    var ledger: LedgerReport
    var delays: [FeedDelay]

    var verdicts: [Judgement] { Judgements(store.pipelines.flatMap(\.verdicts.all)).all }

    func plan(_ table: String) throws(ConsoleComplaint) -> ColumnPlan {
        guard let plan = store.plans.first(where: { $0.table == table }) else {
            throw ConsoleComplaint(404, "there is no table \(table)")
        }
        return plan
    }

    /// The rows that fit a query, as JSON texts, and whether there are more.
    func texts(_ query: EventQuery, withRaw: Bool = false) async throws -> (
        rows: [[UInt8]], isCut: Bool
    ) {
        var bytes: [UInt8] = []
        var rows: [[UInt8]] = []
        var writer = RowWriter(query.plan, .ndjson, columns: [], withRaw: withRaw, width: nil) {
            bytes = $0
        }
        let wanted = RowWriter.leaves(.ndjson, columns: [], withRaw: withRaw, query.plan)
        let outcome = try await store.reader.run(query, leaves: wanted) { source, row in
            try writer.add(source, row)
            rows.append(bytes)
            return true
        }
        return (rows, outcome.isCut)
    }

    func values(_ query: EventQuery) async throws -> (rows: [JSONValue], isCut: Bool) {
        let (texts, isCut) = try await texts(query)
        return (texts.compactMap { JSONValue(json: $0) }, isCut)
    }

    /// The rows of a table that name a uid.
    func texts(of table: String, uid: String, withRaw: Bool = false) async throws -> [[UInt8]] {
        var query = EventQuery(try plan(table))
        query.conditions = [QueryWords.uid(uid, query.plan)]
        query.limit = Self.rowsMax
        return try await texts(query, withRaw: withRaw).rows
    }

    private static let rowsMax = 1_000
}

/// Looks, each made once for all who ask within a short while: a thousand readers cost what one does.
actor ConsoleBoard {
    /// How old what is shown may be.
    private static let lookAge = Duration.seconds(3)
    /// The same of risk, which is computed from all that was learned.
    private static let riskAge = Duration.seconds(60)
    /// The same of what is worked out from all events.
    private static let accessAge = Duration.minutes(5)
    /// Findings that lists are made from; older ones are found by `/query`.
    static let findingsMax = 5_000

    private let sources: any ConsoleSources
    private let turnstile = Turnstile()
    private let riskTurnstile = Turnstile()
    private let accessTurnstile = Turnstile()
    /// By days; as many as `AccessPages.periods` has.
    private var lastDrift: [Int: (at: Timestamp, report: DriftReport)] = [:]
    private var lastGrants: [Int: (at: Timestamp, look: GrantsLook)] = [:]
    /// The newest last; a page and the file that is made of it tell the same.
    private var lastCases: [(question: CaseQuestion, at: Timestamp, outcome: InvestigationOutcome)] = []
    private static let casesMax = 8
    private var last: ConsoleLook?
    private var lastRisks: (at: Timestamp, risks: [EntityRisk])?
    /// The findings of the same segments need not be read again.
    private var read: (segments: [String], notes: [FindingNote], isCut: Bool)?

    init(_ sources: any ConsoleSources) { self.sources = sources }

    private func isFresh(_ at: Timestamp, _ age: Duration) -> Bool {
        let now = sources.time.now
        return now - at < age && now >= at
    }

    func look() async throws -> ConsoleLook {
        if let last, isFresh(last.at, Self.lookAge) { return last }
        await turnstile.enter()
        defer { turnstile.leave() }
        if let last, isFresh(last.at, Self.lookAge) { return last }
        let look = try await make()
        last = look
        return look
    }

    /// The next look is made anew: something was changed through the console itself.
    func forget() { last = nil }

    func risks() async throws -> [EntityRisk] {
        if let lastRisks, isFresh(lastRisks.at, Self.riskAge) { return lastRisks.risks }
        await riskTurnstile.enter()
        defer { riskTurnstile.leave() }
        if let lastRisks, isFresh(lastRisks.at, Self.riskAge) { return lastRisks.risks }
        let at = sources.time.now
        let risks = try await sources.risks()
        lastRisks = (at, risks)
        return risks
    }

    /// How access strayed in the last so many days.
    func drift(days: Int) async throws -> DriftReport {
        if let last = lastDrift[days], isFresh(last.at, Self.accessAge) { return last.report }
        await accessTurnstile.enter()
        defer { accessTurnstile.leave() }
        if let last = lastDrift[days], isFresh(last.at, Self.accessAge) { return last.report }
        let at = sources.time.now
        let report = try await sources.drift(from: at - .days(days))
        lastDrift[days] = (at, report)
        return report
    }

    /// Grants and privileged acts of the last so many days.
    func grants(days: Int) async throws -> GrantsLook {
        if let last = lastGrants[days], isFresh(last.at, Self.accessAge) { return last.look }
        await accessTurnstile.enter()
        defer { accessTurnstile.leave() }
        if let last = lastGrants[days], isFresh(last.at, Self.accessAge) { return last.look }
        let at = sources.time.now
        let from = at - .days(days)
        let look = GrantsLook(try await sources.grants(from: from), from: from)
        lastGrants[days] = (at, look)
        return look
    }

    func investigate(_ question: CaseQuestion) async throws -> InvestigationOutcome {
        if let known = knownCase(question) { return known }
        await accessTurnstile.enter()
        defer { accessTurnstile.leave() }
        if let known = knownCase(question) { return known }
        let at = sources.time.now
        let outcome = try await sources.investigate(
            CaseEntity(question.name), from: question.from, to: question.to)
        lastCases.removeAll { $0.question == question || !isFresh($0.at, Self.accessAge) }
        if lastCases.count >= Self.casesMax { lastCases.removeFirst() }
        lastCases.append((question, at, outcome))
        return outcome
    }

    private func knownCase(_ question: CaseQuestion) -> InvestigationOutcome? {
        lastCases.last { $0.question == question && isFresh($0.at, Self.accessAge) }?.outcome
    }

    private func make() async throws -> ConsoleLook {
        let at = sources.time.now
        let store = try await sources.open()
        var look = ConsoleLook(
            at: at, store: store, findings: [], isCut: false, ledger: LedgerReport(), delays: [])
        for pipeline in store.pipelines {
            let delays = FeedDelay.all(in: pipeline.state.positions)
            look.delays += delays
            look.ledger.add(
                pipeline.state.ledger, of: pipeline.name,
                delays: Dictionary(delays.map { ($0.source, $0) }, uniquingKeysWith: { first, _ in first }))
        }
        let segments = store.reader.parts.flatMap { part in
            part.segments.filter { $0.table == "findings" }.map {
                "\(part.folder ?? "") \($0.path) \($0.rows)"
            }
        }
        // What is in no segment yet has no name of its own to be known again by.
        let isKnown = read?.segments == segments && store.reader.parts.allSatisfy { $0.folder != nil }
        if !isKnown {
            let (notes, isCut) = try await findings(of: look)
            read = (segments, notes, isCut)
        }
        let risks = try await risks()
        let scores = Dictionary(
            risks.map { ($0.entity.lowercased(), $0.score) }, uniquingKeysWith: { first, _ in first })
        let verdicts = Dictionary(look.verdicts.map { ($0.finding, $0) }, uniquingKeysWith: { $1 })
        look.findings = (read?.notes ?? []).map { note in
            var note = note
            note.risk = scores[note.entity.lowercased()] ?? 0
            if let verdict = verdicts[note.uid] { note.take(verdict) }
            return note
        }
        look.isCut = read?.isCut ?? false
        return look
    }

    private func findings(of look: ConsoleLook) async throws -> ([FindingNote], isCut: Bool) {
        guard let plan = look.store.plans.first(where: { $0.table == "findings" }) else {
            return ([], false)
        }
        var query = EventQuery(plan)
        query.isNewestFirst = true
        query.limit = Self.findingsMax
        let (rows, isCut) = try await look.values(query)
        var notes: [FindingNote] = []
        var places: [String: Int] = [:]
        for row in rows {
            guard var note = FindingNote(row) else { continue }
            if let place = places[note.uid] {
                // A retraction says only that it no longer stands; what it was is in the version before.
                if notes[place].isRetracted, !note.isRetracted {
                    note.isRetracted = true
                    notes[place] = note
                }
                continue
            }
            places[note.uid] = notes.count
            notes.append(note)
        }
        return (notes, isCut)
    }
}

extension EntityRisk {
    /// From 0 to 100.
    var score: Double { Double(ledger.hundredths) / 100 }
}
