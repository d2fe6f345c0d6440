import Codecs
import Engine
import Pipeline
import Ports
import Store

/// SQL over the store's segments, by DuckDB in a process of its own.
///
/// The segments, the events that are in none yet and the ledger become views; DuckDB may then read these files, write
/// one for its answer, and nothing else.
struct SQLQuery: Sendable {
    /// The release this was tested with, and the command that installs it.
    static let installHint = "pip install duckdb-cli==1.5.6"
    /// The longest query taken.
    private static let bytesMax = 1 << 20
    /// What DuckDB says before its parser's opinion of a query that is none.
    private static let refusal = "martlet refuses:"

    private let opened: StoreReading.Opened
    private let context: CommandContext
    private let folder: String
    private let token: String

    init(_ opened: StoreReading.Opened, _ context: CommandContext) {
        self.opened = opened
        self.context = context
        folder = "\(context.cacheFolder ?? context.currentFolder)/martlet-query"
        token = String(context.surroundings.entropy.next(), radix: 36)
    }

    func run(_ sql: String, _ format: RowWriter.Format, _ invocation: Invocation) async throws -> ExitStatus {
        for option in [
            "entity", "ip", "action", "resource", "uid", "account", "region", "status", "class", "contains",
        ]
        where invocation.text(option) != nil {
            throw CommandFailure("--\(option) does not go with SQL: say it in WHERE", status: .usage)
        }
        let text = Self.trimmed(sql)
        guard text.utf8.count <= Self.bytesMax else {
            throw CommandFailure(
                "the query has \(grouped(text.utf8.count)) bytes, and at most \(grouped(Self.bytesMax)) are taken",
                status: .usage)
        }
        return try await cleaning { try await answer(text, format, invocation, $0) }
    }

    /// At most `limit` rows, one JSON object a line, for those who show them themselves.
    func rows(
        _ sql: String, in times: Range<Int64>, limit: Int, within patience: Duration, bytesMax: Int64
    ) async throws -> [UInt8] {
        let text = Self.trimmed(sql)
        return try await cleaning { volume in
            let (script, _) = try await views(times, volume)
            let out = "\(token)-answer"
            let result = try await duckdb(
                "SET memory_limit = '1GB';\nSET threads = 2;\n" + Self.check(text) + script
                    + "COPY (SELECT * FROM (\n\(text)\n) LIMIT \(limit)) TO \(Self.quoted("\(folder)/\(out)")) "
                    + "(FORMAT json);\n", timeout: patience)
            guard result.status == 0 else { throw Self.complaint(text, result) }
            guard let length = try await volume.length(of: out) else { return [] }
            guard length <= bytesMax else {
                throw CommandFailure(
                    "the answer has \(ByteSize(length).rounded), more than can be shown: ask for fewer columns",
                    status: .usage)
            }
            return try await volume.read(out, in: 0..<length)
        }
    }

    /// Whatever comes of it, no file of a query stays.
    private func cleaning<Answer>(_ body: (any Volume) async throws -> Answer) async throws -> Answer {
        let volume = try context.sharedVolume(folder)
        do {
            let answer = try await body(volume)
            try await clean(volume)
            return answer
        } catch {
            try? await clean(volume)
            throw error
        }
    }

    private static func trimmed(_ sql: String) -> String {
        var text = Substring(sql)
        while let last = text.last, last.isWhitespace || last == ";" { text.removeLast() }
        return String(text)
    }

    private func clean(_ volume: any Volume) async throws(Fault) {
        for path in try await volume.files(under: "") where path.hasPrefix(token) {
            try await volume.remove(path)
        }
    }

    // MARK: DuckDB

    private func duckdb(_ script: String, timeout: Duration = .hours(24)) async throws -> ChildResult {
        let named = context.environment["MARTLET_DUCKDB"].flatMap { $0.isEmpty ? nil : $0 }
        var command = ChildCommand([named ?? "duckdb", "-batch", "-bail", "-noheader", "-list"])
        command.input = Array(script.utf8)
        command.timeout = timeout
        command.outputBytesMax = 4 << 20
        do throws(Fault) {
            return try await context.surroundings.processes.run(command)
        } catch {
            if error.kind == .cancelled { throw error }
            throw CommandFailure(
                "SQL needs DuckDB, and it could not be started: \(error.message). \(Self.installHint) installs it; "
                    + "MARTLET_DUCKDB names it elsewhere. The options of `martlet query` work without it")
        }
    }

    /// Ends the script unless DuckDB's own parser sees a query, and nothing else, in the text.
    private static func check(_ sql: String) -> String {
        let parsed = "json_serialize_sql(\(quoted(sql)))"
        return "SELECT CASE WHEN json_extract_string(\(parsed), '$.error') = 'true' "
            + "THEN error('\(refusal)' || \(parsed)) END;\n"
    }

    /// Why DuckDB ended without an answer.
    private static func complaint(_ sql: String, _ result: ChildResult) -> CommandFailure {
        let message = String(decoding: result.errorOutput, as: UTF8.self)
        let complaint = SQLComplaint(sql: sql)
        if let found = message.firstRange(of: refusal),
            let json = try? JSONReader.document(
                in: Array(message[found.upperBound...].prefix { !$0.isNewline }.utf8), file: "duckdb")
        {
            return CommandFailure(complaint.text(parsing: json), status: .usage)
        }
        return CommandFailure(complaint.text(running: message), status: .usage)
    }

    private static func quoted(_ text: String) -> String { "'\(text.replacing("'", with: "''"))'" }

    // MARK: The answer

    private func answer(
        _ sql: String, _ format: RowWriter.Format, _ invocation: Invocation, _ volume: any Volume
    ) async throws -> ExitStatus {
        let began = context.time.now
        let from = invocation.time("from", now: began)?.milliseconds ?? .min
        let to = invocation.time("to", now: began)?.milliseconds ?? .max
        guard from <= to else { throw CommandFailure("--from is later than --to", status: .usage) }
        let (script, estimate) = try await views(from..<to, volume)
        if estimate.isAll {
            context.say(
                "Over \(grouped(estimate.rows)) rows, \(ByteSize(estimate.bytes).rounded): --from and --to make it less"
            )
        }
        let out = "\(folder)/\(token)-answer"
        let limited = invocation.integer("limit").map { "SELECT * FROM (\n\(sql)\n) LIMIT \($0)" } ?? sql
        let form =
            switch format {
            case .json: "FORMAT json, ARRAY true"
            case .ndjson, .table: "FORMAT json"
            case .csv: "FORMAT csv, HEADER true"
            case .parquet: "FORMAT parquet, COMPRESSION zstd"
            }
        let result = try await duckdb(
            Self.check(sql) + script + "COPY (\n\(limited)\n) TO \(Self.quoted(out)) (\(form));\n")
        guard result.status == 0 else { throw Self.complaint(sql, result) }
        let rows = try await show(format, volume)
        context.say(
            (rows.map { "\(grouped($0)) rows in " } ?? "Done in ") + (context.time.now - began).userText)
        return .done
    }

    private func show(_ format: RowWriter.Format, _ volume: any Volume) async throws -> Int? {
        let path = "\(token)-answer"
        guard let length = try await volume.length(of: path) else { return 0 }
        var start: Int64 = 0
        var rest: [UInt8] = []
        var table: TextTable?
        var rows = 0
        while start < length {
            let bytes = try await volume.read(path, in: start..<min(length, start + 1 << 20))
            if bytes.isEmpty { break }
            start += Int64(bytes.count)
            guard format == .table else {
                context.output.write(bytes)
                continue
            }
            rest += bytes
            while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                let row = try JSONReader.document(in: Array(rest[..<end]), file: "duckdb").map ?? []
                rest.removeSubrange(...end)
                if table == nil {
                    table = TextTable(
                        row.map(\.key), width: context.outputIsTerminal ? context.terminalWidth : nil)
                }
                context.output.write(table?.add(row.map { printable($0.value.cellText) }) ?? "")
                rows += 1
            }
        }
        if var last = table { context.output.write(last.finish()) }
        return format == .table ? rows : nil
    }

    // MARK: Views

    private func views(
        _ times: Range<Int64>, _ volume: any Volume
    ) async throws -> (script: String, estimate: (rows: Int, bytes: Int64, isAll: Bool)) {
        var script = "SET TimeZone = 'UTC';\nSET autoinstall_known_extensions = false;\n"
        var allowed: [String] = ["\(folder)/\(token)-answer"]
        var (rows, bytes): (Int, Int64) = (0, 0)
        for plan in opened.plans {
            let empty = "\(token)-empty-\(plan.table).parquet"
            var files = ["\(folder)/\(empty)"]
            _ = try await volume.append(try RecentRows.emptyFile(plan), to: empty)
            for part in opened.reader.parts {
                let wanted = part.segments.filter { $0.table == plan.table && $0.overlaps(times) }
                try await part.source.prepare(wanted)
                try await part.source.checkRoom(for: wanted)
                for segment in wanted {
                    rows += segment.rows
                    bytes += segment.bytes
                    if let folder = part.folder {
                        files.append("\(folder)/\(segment.path)")
                    } else if let place = try await part.source.place(segment.path) {
                        files.append(place)
                    } else {
                        let name = "\(token)-recent-\(plan.table)-\(files.count).parquet"
                        _ = try await volume.append(
                            try await part.source.read(segment.path, in: 0..<segment.bytes), to: name)
                        files.append("\(folder)/\(name)")
                    }
                }
            }
            allowed += files
            var filter = ""
            if times.lowerBound != .min { filter += " AND time >= \(times.lowerBound)" }
            if times.upperBound != .max { filter += " AND time < \(times.upperBound)" }
            script +=
                "CREATE VIEW \(plan.table) AS SELECT * REPLACE (coalesce(time_dt, make_timestamp(time * 1000)) AS time_dt) "
                + "FROM read_parquet([\(files.map(Self.quoted).joined(separator: ", "))], union_by_name = true, "
                + "hive_partitioning = false)" + (filter.isEmpty ? "" : " WHERE true\(filter)") + ";\n"
        }
        script += Self.grantsView + Self.sessionsView + (try await ledger(volume, &allowed))
        script += "SET allowed_paths = [\(allowed.map(Self.quoted).joined(separator: ", "))];\n"
        script += "SET enable_external_access = false;\nSET lock_configuration = true;\n"
        return (script, (rows, bytes, times == Int64.min ..< .max))
    }

    private func ledger(_ volume: any Volume, _ allowed: inout [String]) async throws -> String {
        var report = LedgerReport()
        for state in opened.states { report.add(state.state.ledger, of: state.name) }
        let text = report.text(.csv)
        let name = "\(token)-ledger.csv"
        _ = try await volume.append(Array(text.utf8), to: name)
        allowed.append("\(folder)/\(name)")
        // What an exporter left out is called as what the pipeline did.
        return "CREATE VIEW ledger AS SELECT * RENAME (filtered_1 AS exporter_filtered) FROM read_csv("
            + "\(Self.quoted("\(folder)/\(name)")), header = true);\n"
    }
}
