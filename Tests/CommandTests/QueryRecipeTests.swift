import Foundation
import Platform
import Ports
import Testing

@testable import martlet

/// What `martlet query --help` shows is typed into a shell as it stands.
@Suite(.enabled(if: Program.isBuilt, "needs the built program"))
struct QueryRecipeTests {
    private func filled() async throws -> Program {
        let program = try Program()
        try program.write(
            """
            name: p
            collectors: {in: {from: files, feed: aws.cloudtrail, paths: logs}}

            """, to: "p.yaml")
        try program.write(StoreCommandTests.records(60), to: "logs/a.json")
        let ran = try await program.run("run", "./p.yaml", "--once", "--state", "./state")
        #expect(ran.status == 0, "\(ran.messages)")
        try FileManager.default.createDirectory(
            atPath: "\(program.folder)/bin", withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(
            atPath: "\(program.folder)/bin/martlet", withDestinationPath: Program.path)
        return program
    }

    private func shell(_ line: String, _ program: Program, _ more: [String: String] = [:]) async throws
        -> ChildResult
    {
        var command = ChildCommand(["/bin/sh", "-c", "cd '\(program.folder)' && \(line)"])
        command.environment = [
            "PATH": "\(program.folder)/bin:/usr/bin:/bin", "HOME": program.folder,
            "MARTLET_STATE": "\(program.folder)/state", "MARTLET_DUCKDB": DuckDB.path ?? "",
        ].merging(more) { $1 }
        command.timeout = .seconds(120)
        return try await SpawnedProcess().run(command)
    }

    @Test(
        "Each of the twenty recipes of the help runs as it stands",
        .enabled(if: DuckDB.path != nil, "needs duckdb: scripts/bootstrap --with judges"))
    func recipes() async throws {
        let program = try await filled()
        let recipes = Command.query.examples.filter { !$0.contains("s3://") }
        #expect(recipes.count >= 20)
        for recipe in recipes {
            let result = try await shell(recipe, program)
            #expect(
                result.status == 0,
                "\(recipe): \(String(decoding: result.errorOutput, as: UTF8.self))")
        }
        let day = try Data(contentsOf: URL(filePath: "\(program.folder)/day.parquet"))
        #expect(day.starts(with: Data("PAR1".utf8)))
    }

    @Test(
        "Complaints about SQL point at the word",
        .enabled(if: DuckDB.path != nil, "needs duckdb: scripts/bootstrap --with judges"),
        arguments: [
            ("SELECT api.operation FRM events", "events", 1),
            ("SELECT 1,\n  nope FROM events", "nope FROM", 1),
            ("SELECT count(*) FROM evnts", "evnts", 1), ("SELECT actor.usr.name FROM events", "usr.name", 1),
            (
                "SELECT nofunc(time) FROM events WHERE time_dt > '2026-10-01' AND status_id = 1 AND class_uid = 6003 AND"
                    + " principal IS NOT NULL", "nofunc(", 1
            ),
        ])
    func complaints(sql: String, word: String, line: Int) async throws {
        let program = try await filled()
        let ran = try await program.run(
            ["query", "--state", "./state", sql], environment: ["MARTLET_DUCKDB": DuckDB.path ?? ""])
        let lines = ran.messages.split(separator: "\n")
        let mark = try #require(
            lines.lastIndex { $0.contains("^") && $0.allSatisfy { " ^".contains($0) } }, "\(ran.messages)")
        let column = lines[mark].distance(
            from: lines[mark].startIndex, to: lines[mark].firstIndex(of: "^") ?? lines[mark].endIndex)
        let shown = lines[mark - 1].dropFirst(column)
        #expect(
            ran.status == 2 && shown.hasPrefix(word.prefix { $0 != " " && $0 != "(" && $0 != "." }),
            "\(ran.messages)")
    }

    @Test("A query longer than any that a person writes is refused before anything is started")
    func huge() async throws {
        let program = try await filled()
        let ran = try await program.run(
            "query", "--state", "./state", "SELECT " + String(repeating: "1,", count: 600_000) + "1",
            environment: ["MARTLET_DUCKDB": DuckDB.path ?? "duckdb"])
        #expect(ran.status == 2 && ran.messages.contains("are taken"), "\(ran.messages.prefix(200))")
    }

    @Test(
        "Whatever the machine's time zone, times are UTC and say so",
        .enabled(if: DuckDB.path != nil, "needs duckdb: scripts/bootstrap --with judges"))
    func timeZones() async throws {
        let program = try await filled()
        let lines = [
            "martlet query --from 2026-10-21 --limit 3 --format csv --columns time,metadata.uid",
            "martlet query --from 2026-10-21T02:00:00+02:00 --to 2026-10-20T21:00:00-05:00 --format ndjson",
            "martlet query \"SELECT min(time_dt) AS first, count(*) AS n FROM events WHERE time_dt >= '2026-10-21'\"",
            "martlet query \"SELECT time_dt::VARCHAR AS t FROM events ORDER BY time LIMIT 2\" --format csv",
        ]
        for line in lines {
            let utc = try await shell(line, program, ["TZ": "UTC"])
            let tokyo = try await shell(line, program, ["TZ": "Asia/Tokyo"])
            let output = String(decoding: utc.output, as: UTF8.self)
            #expect(utc.status == 0 && utc.output == tokyo.output, "\(line): \(output)")
            #expect(output.contains("2026-10-2") || output.contains("\"time\":"), "\(line): \(output)")
        }
        let first = try await shell(lines[0], program)
        #expect(String(decoding: first.output, as: UTF8.self).contains("2026-10-21T01:01:00"), "UTC")
    }

    @Test("A table on a terminal goes through the pager, and elsewhere it does not")
    func pager() async throws {
        let program = try await filled()
        try program.write("#!/bin/sh\ncat > \"$HOME/paged\"\n", to: "bin/pages")
        _ = try await shell("chmod +x bin/pages", program)
        let terminal = { (line: String) in "script -qec \"\(line)\" /dev/null" }
        let paged = try await shell(
            terminal("martlet query --quiet --entity ana"), program, ["PAGER": "pages", "TERM": "xterm"])
        #expect(paged.status == 0, "\(String(decoding: paged.output, as: UTF8.self))")
        let shown = try program.text(of: "paged")
        #expect(shown.split(separator: "\n").count == 21 && shown.hasPrefix("time "), "\(shown)")
        for more in ["--no-pager", "--format ndjson"] {
            let plain = try await shell(
                "rm -f paged; " + terminal("martlet query --quiet --entity ana \(more)"), program,
                ["PAGER": "pages", "TERM": "xterm"])
            #expect(plain.status == 0)
            #expect(!FileManager.default.fileExists(atPath: "\(program.folder)/paged"))
        }
        for more in ["--format table", ""] {
            // Through a pipe nothing is paged: whoever reads gets all of it.
            let plain = try await shell(
                "rm -f paged; martlet query --quiet --entity ana \(more) | cat", program,
                ["PAGER": "pages", "TERM": "xterm"])
            let lines = String(decoding: plain.output, as: UTF8.self).split(separator: "\n")
            #expect(lines.count == (more.isEmpty ? 20 : 21), "\(lines)")
            #expect(lines[0].hasPrefix(more.isEmpty ? "{" : "time "), "\(lines[0])")
            #expect(!FileManager.default.fileExists(atPath: "\(program.folder)/paged"))
        }
        let left = try await shell(
            terminal("martlet query --quiet"), program, ["PAGER": "head -1 > first", "TERM": "xterm"])
        #expect(left.status == 0)
        #expect(try program.text(of: "first").hasPrefix("time "))
    }

    @Test("Values of a column are counted, the most frequent first, in each format")
    func top() async throws {
        let program = try await filled()
        let ran = try await program.run(
            "query", "--state", "./state", "--top", "api.operation", "--format", "csv")
        #expect(ran.output == "api.operation,count\nDescribeInstances,59\nCreateAccessKey,1\n")
        let two = try await program.run(
            "query", "--state", "./state", "--entity", "ana", "--top", "cloud.region,status_id", "--format",
            "ndjson")
        #expect(two.output == "{\"cloud.region\":\"eu-central-1\",\"status_id\":\"1\",\"count\":20}\n")
        let limited = try await program.run(
            "query", "--state", "./state", "--top", "src_endpoint.ip", "--limit", "2", "--format", "json")
        #expect(limited.output.hasPrefix("[{\"src_endpoint.ip\":\"192.0.2.0\",\"count\":3},\n"))
        let parquet = try await program.run(
            "query", "--state", "./state", "--top", "api.operation", "--format", "parquet")
        #expect(parquet.status == 2)
    }

    @Test("One writer at a time: a second is told who has the store, and readers are not in the way")
    func writers() async throws {
        let program = try await filled()
        let folder = "\(program.folder)/state/p/store"
        let held = try FileVolume(folder)
        for words in [["store", "compact"], ["store", "import", "./state/p/store"]] {
            let ran = try await program.run(words + ["--state", "./state"])
            #expect(ran.status == 1 && ran.messages.contains("is in use by process"), "\(ran.messages)")
        }
        #expect(try await program.run("query", "--state", "./state").lines.count == 60)
        #expect(try await program.run("store", "export", "--state", "./state", "./copy").status == 0)
        _ = try await held.length(of: "x")
    }

    @Test("A store on a read-only disk is still asked, and what must be written says why it is not")
    func readOnly() async throws {
        let program = try await filled()
        let nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
        _ = try await shell("chmod -R a+rX state && chmod 755 . state", program)
        let ran = try await program.run("query", "--state", "./state", "--entity", "ana", wrapper: nobody)
        #expect(ran.status == 0 && ran.lines.count == 20, "\(ran.messages)")
        let merging = try await program.run("store", "compact", "--state", "./state", wrapper: nobody)
        #expect(merging.status == 1 && merging.messages.contains("permission denied"), "\(merging.messages)")
        guard DuckDB.path != nil else { return }
        let sql = try await program.run(
            ["query", "--state", "./state", "SELECT 1"], environment: ["MARTLET_DUCKDB": DuckDB.path ?? ""],
            wrapper: nobody)
        #expect(sql.status == 1 && sql.messages.contains("permission denied"), "\(sql.messages)")
    }
}
