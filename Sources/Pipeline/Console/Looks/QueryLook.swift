import Codecs
import Credentials
import Engine
import Store

/// A question put to the store, and what came of it.
struct QueryLook: APIObject {
    static let limitUsual = 200
    static let limitMax = 1_000
    /// Rows that the plot counts.
    static let countedMax = 200_000
    static let sqlBytesMax = 16 << 10

    static let statuses = ["success", "failure"]
    static let tables = StorePlans.tables

    /// The questions that need no SQL.
    static let filters: [APIParameter] = [
        .choice("table", tables, "events (the default) or findings"),
        .text(
            "entity",
            "A human, role, key, session or service, by any of its names; * at an end for anything",
            max: 512),
        .text("ip", "An address, from or to", max: 512),
        .text("action", "AssumeRole, Describe*, iam:CreateAccessKey", max: 512),
        .text("resource", "What was acted on, by uid or name", max: 1_024),
        .text("uid", "One event or finding, and the findings about an event", max: 512),
        .text("account", "An account, project or subscription", max: 512),
        .text("region", "A region", max: 512),
        .choice("status", statuses, "Only what succeeded, or failed"),
        .integer("class", 0...999_999, "An OCSF class, such as 3002"),
        .text("contains", "A text anywhere in the vendor's record", max: 512),
        .time("from", "From this time on"), .time("to", "Up to this time"),
        .integer("limit", 1...limitMax, "At most so many; \(limitUsual) unless told otherwise"),
    ]
    static let sql: [APIParameter] = [
        .text(
            "sql", "A query over events, findings, ledger, grants and sessions; needs DuckDB",
            max: sqlBytesMax,
            isRequired: true, example: "SELECT count(*) AS events FROM events"),
        .time("from", "From this time on"), .time("to", "Up to this time"),
        .integer("limit", 1...limitMax, "At most so many rows; \(limitUsual) unless told otherwise"),
    ]

    var rows: [JSONValue]
    var isCut: Bool
    /// The same, for a table: columns in their order.
    var columns: [String] = []
    var cells: [[String]] = []
    var events: [EventNote] = []
    var findings: [FindingNote] = []
    var moments: [TimePlot.Moment] = []
    var isSQL = false

    static let name = "Rows"
    static let what =
        "What a query found: OCSF events or findings newest first, or the rows of an SQL query."
    static var members: [APIMember<Self>] {
        [
            .init("rows", \.rows, "The rows"),
            .init("cut", \.isCut, "Whether the limit was reached: there may be more"),
        ]
    }

    static func times(of call: ConsoleCall) throws(ConsoleComplaint) -> Range<Int64> {
        let from = call.time("from")?.milliseconds ?? .min
        let to = call.time("to")?.milliseconds ?? .max
        guard from <= to else { throw ConsoleComplaint(400, "from is later than to") }
        return from..<to
    }

    /// The rows that fit the filters; with the moments of all that fit, for a plot, where these are wanted.
    static func filtered(_ call: ConsoleCall, _ look: ConsoleLook, withMoments: Bool) async throws
        -> QueryLook
    {
        let table = call.text("table") ?? "events"
        var query = EventQuery(try look.plan(table))
        query.times = try times(of: call)
        query.isNewestFirst = true
        query.limit = call.integer("limit") ?? limitUsual
        QueryWords.narrow(&query) { call.text($0) }
        let (rows, isCut) = try await look.values(query)
        var answer = QueryLook(rows: rows, isCut: isCut)
        if table == "findings" {
            answer.findings = rows.compactMap { FindingNote($0) }
        } else {
            answer.events = rows.compactMap { EventNote($0) }
        }
        guard withMoments else { return answer }
        query.limit = countedMax
        let leaves = ["time", table == "findings" ? "severity_id" : "status_id"].map {
            query.plan.leaf(at: $0)
        }
        _ = try await look.store.reader.run(query, leaves: leaves.compactMap { $0 }) { source, row in
            var moment = TimePlot.Moment(time: 0)
            for index in source.entries(of: row) {
                let entry = source.entries[index]
                if Int(entry.leaf) == leaves[0] { moment.time = entry.integer }
                if Int(entry.leaf) == leaves[1] {
                    moment.isSecond = table == "findings" ? entry.integer >= 4 : entry.integer == 2
                }
            }
            answer.moments.append(moment)
            return true
        }
        return answer
    }

    static func ofSQL(_ call: ConsoleCall, _ sources: any ConsoleSources) async throws -> QueryLook {
        let limit = call.integer("limit") ?? limitUsual
        let bytes = try await sources.rows(
            of: call.text("sql") ?? "", in: try times(of: call), limit: limit + 1)
        var answer = QueryLook(rows: [], isCut: false)
        answer.isSQL = true
        var documents: [[Document.Entry]] = []
        for line in bytes.split(separator: UInt8(ascii: "\n")) {
            guard documents.count < limit else {
                answer.isCut = true
                break
            }
            let row = try JSONReader.document(in: Array(line), file: "duckdb").map ?? []
            documents.append(row)
            answer.rows.append(JSONValue(json: Array(line)) ?? .null)
        }
        answer.columns = documents.first?.map(\.key) ?? []
        answer.cells = documents.map { row in row.map { $0.value.cellText } }
        answer.moments = moments(in: documents)
        return answer
    }

    /// A plot's moments where a column is made of times: each row counts once, or as often as its one number says.
    private static func moments(in rows: [[Document.Entry]]) -> [TimePlot.Moment] {
        guard let first = rows.first else { return [] }
        for column in first.indices {
            let times = rows.map { row in row.indices.contains(column) ? time(row[column].value) : nil }
            guard times.allSatisfy({ $0 != nil }) else { continue }
            let numbers = first.indices.filter { $0 != column && first[$0].value.integer != nil }
            return zip(rows, times).map { row, time in
                var moment = TimePlot.Moment(time: time?.milliseconds ?? 0)
                if numbers.count == 1, row.indices.contains(numbers[0]),
                    let count = row[numbers[0]].value.integer
                {
                    moment.count = Int(clamping: count)
                }
                return moment
            }
        }
        return []
    }

    /// DuckDB's own form: `2026-11-15 10:00:00`.
    private static func time(_ document: Document) -> Timestamp? {
        guard let text = document.string, text.utf8.count >= 10, text.utf8.count <= 40 else {
            return nil
        }
        let exact = text.replacing(" ", with: "T")
        return Timestamp(iso8601: exact) ?? Timestamp(iso8601: exact + "Z")
            ?? Timestamp(iso8601: exact + "T00:00:00Z")
    }
}
