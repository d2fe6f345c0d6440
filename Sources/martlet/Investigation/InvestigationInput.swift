import Codecs
import Engine
import Pipeline
import Ports
import Store

/// Where an investigation gets its events and findings from: the store, or files that a responder was handed.
protocol InvestigationInput {
    /// Answers the investigator's question, and ends its round.
    mutating func answer(_ investigator: inout Investigator) async throws -> Bool
    mutating func findings(about gathered: Investigator) async throws -> CaseFindings
    /// Who had what, by the IAM events that are there and more files.
    func access(_ more: [String]) async throws -> ReachReading
    /// What could not be read; told, and counted in the exit status.
    var problems: Int { get }
    var isWhole: Bool { get }
}

extension InvestigationInput {
    /// Goes through all rounds, and puts together what they brought; `nil` where the input was given up.
    ///
    /// - Parameter more: files with more of who had what.
    mutating func investigate(
        _ entity: CaseEntity, isNarrow: Bool = false, from: Timestamp?, to: Timestamp?,
        access more: [String] = []
    ) async throws -> InvestigationOutcome? {
        var investigator = Investigator(entity, isNarrow: isNarrow)
        while try await answer(&investigator), isWhole {}
        guard isWhole else { return nil }
        guard investigator.isNamed else { return .unknown(near: investigator.nearest()) }
        let findings = try await findings(about: investigator)
        guard isWhole else { return nil }
        guard var found = Investigation(investigator, findings, from: from, to: to) else {
            return .silent
        }
        if !found.principals.isEmpty { found.reach = try await access(more).reach(of: found.principals) }
        return .found(found)
    }
}

/// The events and findings of the stores.
struct StoredInput: InvestigationInput {
    private let opened: StoreReading.Opened
    private let context: CommandContext
    private let end: Int64
    private var locator: Locator?
    private(set) var problems = 0
    let isWhole = true

    /// - Parameters:
    ///   - end: events after it are not looked at.
    ///   - geography: what a database tells of addresses of which the store does not.
    init(
        _ opened: StoreReading.Opened, until end: Timestamp?, _ geography: Geography?,
        _ context: CommandContext
    ) {
        self.opened = opened
        locator = geography.map { Locator($0) }
        self.context = context
        self.end = end.map { $0.milliseconds + 1 } ?? .max
    }

    private func plan(_ table: String) throws -> ColumnPlan {
        guard let plan = opened.plans.first(where: { $0.table == table }) else {
            throw CommandFailure("there is no table \(table)")
        }
        return plan
    }

    mutating func answer(_ investigator: inout Investigator) async throws -> Bool {
        let plan = try plan("events")
        let question = investigator.question
        for query in QueryWords.queries(for: question, plan) { try await take(query, &investigator) }
        if question.takesTails, !investigator.isNamed {
            try await take(QueryWords.tailQuery(for: question, plan), &investigator)
        }
        if question.takesTails, !investigator.isNamed { try await offer(&investigator, plan) }
        return investigator.finishRound()
    }

    private mutating func take(_ query: EventQuery, _ investigator: inout Investigator) async throws {
        var query = query
        query.times = .min..<end
        let plan = query.plan
        var text = RowText(plan)
        var gathering = investigator
        var locator = locator
        let outcome = try await opened.reader.run(query, leaves: nil) { rows, row in
            let entries = rows.entries[rows.entries(of: row)]
            var event: [UInt8] = []
            text.append(entries, rows.bytes, withRaw: false, to: &event)
            let record = entries.first { Int($0.leaf) == plan.raw }.map { Array(rows.bytes[$0.range]) }
            // The digest is of what is stored.
            let digest = Digest.sha256Hex(record ?? event)
            gathering.take(locator?.located(event) ?? event, digest: digest, isOfRecord: record != nil)
            return true
        }
        investigator = gathering
        self.locator = locator
        tell(outcome)
    }

    /// Names that are there, where the one asked for is not.
    private mutating func offer(_ investigator: inout Investigator, _ plan: ColumnPlan) async throws {
        var query = EventQuery(plan)
        query.times = .min..<end
        query.isNewestFirst = true
        query.limit = 200_000
        let leaves = QueryWords.offered.compactMap { plan.leaf(at: $0) }
        var gathering = investigator
        let outcome = try await opened.reader.run(query, leaves: leaves) { rows, row in
            for index in rows.entries(of: row) where rows.entries[index].range.count <= 200 {
                gathering.offer(String(decoding: rows.bytes[rows.entries[index].range], as: UTF8.self))
            }
            return true
        }
        investigator = gathering
        tell(outcome)
    }

    mutating func findings(about gathered: Investigator) async throws -> CaseFindings {
        let plan = try plan("findings")
        var query = EventQuery(plan)
        query.times = .min..<end
        var found = CaseFindings(about: gathered)
        var text = RowText(plan)
        let leaves = plan.leaves.indices.filter { $0 != plan.raw }
        let outcome = try await opened.reader.run(query, leaves: leaves) { rows, row in
            var finding: [UInt8] = []
            text.append(rows.entries[rows.entries(of: row)], rows.bytes, withRaw: false, to: &finding)
            found.take(finding)
            return true
        }
        tell(outcome)
        return found
    }

    func access(_ more: [String]) async throws -> ReachReading {
        try await ReachReading.read(
            opened, until: end == .max ? nil : Timestamp(milliseconds: end - 1), and: more, context)
    }

    private mutating func tell(_ outcome: StoreReader.Outcome) {
        problems += outcome.problems.count
        for problem in outcome.problems { context.messages.writeLine(printable("left out: \(problem)")) }
    }
}

/// Files: attribution reads all of them first, then every round does, and detection last.
struct FileInput: InvestigationInput {
    private let feed: String
    fileprivate let names: [String]
    private let catalog: MappingCatalog
    private let rules: RuleSet
    private let refused: InputRefusals
    fileprivate let context: CommandContext
    private var attributor: Attributor?
    private let directory: IdentityDirectory
    private let geography: Geography?
    private(set) var isWhole = true
    private var isFirstRound = true

    init(
        feed: String, _ names: [String], _ rules: RuleSet, _ catalog: MappingCatalog,
        _ directory: IdentityDirectory, _ geography: Geography?, _ refused: InputRefusals,
        _ context: CommandContext
    ) {
        self.feed = feed
        self.names = names
        self.rules = rules
        self.catalog = catalog
        self.directory = directory
        self.geography = geography
        self.refused = refused
        self.context = context
    }

    var problems: Int { refused.records + refused.inputs }

    private mutating func known() async throws -> Attributor {
        if let attributor { return attributor }
        let run = try AttributionRun(feed: feed, catalog, directory, refused: nil)
        isWhole = try await InputSession("Attributing", names, context).walk(into: run) {
            ["events": run.events]
        }
        attributor = run.attributor
        return run.attributor
    }

    mutating func answer(_ investigator: inout Investigator) async throws -> Bool {
        let attributor = try await known()
        guard isWhole else { return false }
        let run = try InvestigationRun(
            feed: feed, catalog, attributor, investigator, geography, refused: isFirstRound ? refused : nil)
        isFirstRound = false
        isWhole = try await InputSession("Gathering", names, context).walk(into: run) {
            ["events": run.events]
        }
        investigator = run.investigator
        return investigator.finishRound()
    }

    mutating func findings(about gathered: Investigator) async throws -> CaseFindings {
        let found = HeldFindings(CaseFindings(about: gathered))
        let silent = try await InputRefusals(feed: feed, keptIn: nil)
        let run = try DetectionRun(
            feed: feed, rules, catalog, onlyMatches: false, behaviour: BehaviourSettings(),
            attributor: try await known(), geography: geography, refused: silent
        ) { found.take($0) }
        isWhole = try await InputSession("Detecting", names, context).walk(into: run) {
            ["records": run.counts.records]
        }
        run.close()
        return found.findings
    }
}

extension FileInput {
    func access(_ more: [String]) async throws -> ReachReading {
        try await ReachReading.read(names + more, context)
    }
}

/// Findings while they are written.
private final class HeldFindings {
    private(set) var findings: CaseFindings

    init(_ findings: CaseFindings) { self.findings = findings }

    func take(_ line: [UInt8]) { findings.take(line.last == UInt8(ascii: "\n") ? line.dropLast() : line) }
}
