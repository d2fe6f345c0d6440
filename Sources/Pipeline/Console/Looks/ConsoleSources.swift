package import Engine
package import Ports
package import Store

/// What stands in the state folder at one moment.
package struct ConsoleStore: Sendable {
    package struct Pipeline: Sendable {
        package var name: String
        package var state: JournalState
        package var verdicts: Judgements

        package init(name: String, state: JournalState, verdicts: Judgements) {
            self.name = name
            self.state = state
            self.verdicts = verdicts
        }
    }

    package var reader: StoreReader
    package var plans: [ColumnPlan]
    package var pipelines: [Pipeline]
    /// What could not be read, in words.
    package var problems: [String] = []

    package init(reader: StoreReader, plans: [ColumnPlan], pipelines: [Pipeline]) {
        self.reader = reader
        self.plans = plans
        self.pipelines = pipelines
    }
}

/// Where the console's pages have their content from.
package protocol ConsoleSources: Sendable {
    var time: any TimeSource { get }
    /// The program and its version, as files say that it made.
    var program: String { get }
    /// What is there now; a fault or a failure in words where nothing can be read.
    func open() async throws -> ConsoleStore
    /// Every identity's risk by what the pipelines have learned, riskiest first.
    func risks() async throws -> [EntityRisk]
    /// The rows of an SQL query over the store, one JSON object a line.
    func rows(of sql: String, in times: Range<Int64>, limit: Int) async throws -> [UInt8]
    /// How access strayed since a time, by all events there are.
    func drift(from: Timestamp) async throws -> DriftReport
    /// Privileged acts since a time, with the grants that should cover them.
    func grants(from: Timestamp) async throws -> GrantReview
    /// What somebody or something did, through every session that leads to it.
    func investigate(_ entity: CaseEntity, from: Timestamp?, to: Timestamp?) async throws
        -> InvestigationOutcome
    /// Keeps a verdict; durable when it returns.
    func keep(_ verdict: Judgement) async throws
}

/// Something that was asked wrongly, and is told to whoever asked.
package struct ConsoleComplaint: Error {
    package var status: Int
    package var message: String

    package init(_ status: Int, _ message: String) {
        self.status = status
        self.message = message
    }
}
