import Codecs
import Engine
import Foundation
import Testing

/// The event store as it is used from a shell: filled by `run`, asked, checked, merged, replayed.
@Suite(.enabled(if: Program.isBuilt, "needs the built program"))
struct StoreCommandTests {
    /// CloudTrail records of three users over two days, an access key made by one of them.
    static func records(_ count: Int) -> String {
        (0..<count).map { number in
            let user = ["ana", "ben", "cam"][number % 3]
            let day = 20 + number % 2
            let name = number == 7 ? "CreateAccessKey" : "DescribeInstances"
            let source = number == 7 ? "iam" : "ec2"
            let minute = String(number % 60 + 100).dropFirst()
            return """
                {"eventVersion":"1.08","eventID":"00000000-0000-4000-8000-\(String(number + 100_000_000_000))",\
                "eventTime":"2026-10-\(day)T0\(number % 10):\(minute):00Z","eventSource":"\(source).amazonaws.com",\
                "eventName":"\(name)","awsRegion":"eu-central-1","sourceIPAddress":"192.0.2.\(number % 20)",\
                "userAgent":"aws-cli","recipientAccountId":"111122223333","eventType":"AwsApiCall",\
                "userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::111122223333:user/\(user)","userName":"\(user)",\
                "accountId":"111122223333","principalId":"AIDA\(user)"},"requestParameters":{"userName":"=cmd()"}}
                """
        }.joined(separator: "\n") + "\n"
    }

    private func filled(_ count: Int = 60, more: String = "") async throws -> Program {
        let program = try Program()
        try program.write(
            """
            name: p
            state: state
            collectors: {in: {from: files, feed: aws.cloudtrail, paths: logs}}
            \(more)

            """, to: "p.yaml")
        try program.write(Self.records(count), to: "logs/a.json")
        let ran = try await program.run("run", "./p.yaml", "--once")
        #expect(ran.status == 0, "\(ran.messages)")
        return program
    }

    private func query(_ program: Program, _ words: String..., environment: [String: String] = [:])
        async throws
        -> Program.Ran
    {
        try await program.run(["query", "--state", "./state"] + words, environment: environment)
    }

    @Test("The common questions are answered from the store, in each format")
    func options() async throws {
        let program = try await filled()
        let all = try await query(program)
        #expect(
            all.status == 0 && all.lines.count == 60 && all.messages.contains("Reading everything: 60 rows"))
        let times = try all.lines.map { line in
            try #require(JSONReader.document(in: Array(line.utf8), file: "x")["time"]?.integer)
        }
        #expect(times == times.sorted())
        for (words, count) in [
            (["--entity", "arn:aws:iam::111122223333:user/ana"], 20), (["--entity", "ben"], 20),
            (["--entity", "be*"], 20), (["--entity", "nobody"], 0), (["--ip", "192.0.2.7"], 3),
            (["--ip", "192.0.2.1*"], 33), (["--action", "createaccesskey"], 1),
            (["--action", "iam:Create*"], 1),
            (["--action", "ec2:Create*"], 0), (["--account", "111122223333", "--status", "success"], 60),
            (["--status", "failure"], 0), (["--class", "6003"], 59),
            (["--region", "eu-*", "--limit", "7"], 7),
            (["--from", "2026-10-21"], 30), (["--to", "2026-10-21"], 30), (["--from", "2026-10-22"], 0),
            (["--contains", "AIDAcam"], 20), (["--uid", "00000000-0000-4000-8000-100000000007"], 1),
        ] as [([String], Int)] {
            let ran = try await program.run(["query", "--state", "./state"] + words)
            #expect(
                ran.status == 0 && ran.lines.count == count, "\(words): \(ran.lines.count) \(ran.messages)")
        }
        let csv = try await query(
            program, "--format", "csv", "--limit", "1", "--columns", "time,principal,api.request.data")
        #expect(csv.lines.first == "time,principal,api.request.data" && csv.lines.count == 2)
        let json = try await query(program, "--format", "json", "--limit", "2", "--raw")
        let list = try #require(JSONReader.document(in: Array(json.output.utf8), file: "x").list)
        #expect(list.count == 2 && list[0]["raw_data"]?.string?.contains("eventVersion") == true)
        #expect(try await query(program, "--format", "json", "--entity", "nobody").output == "[]\n")
        let table = try await query(program, "--format", "table", "--newest", "--limit", "1")
        #expect(table.lines.count == 2 && table.lines[0].hasPrefix("time "))
        #expect(table.messages.contains("--limit reached"))
        let wrong = try await query(program, "--columns", "actor.user.nam")
        #expect(wrong.status == 2 && wrong.messages.contains("did you mean actor.user.name?"))
        let findings = try await query(program, "--findings", "--format", "table")
        #expect(findings.status == 0)
        let parquet = try await query(program, "--format", "parquet", "--limit", "3")
        #expect(parquet.output.hasPrefix("PAR1"))
    }

    @Test("Values that a spreadsheet would run stay text in CSV")
    func formulas() async throws {
        let program = try await filled(3)
        let csv = try await query(
            program, "--format", "csv", "--columns", "http_request.user_agent,resources.name,user.name")
        #expect(!csv.output.contains(",=cmd") && !csv.output.hasPrefix("=cmd"))
    }

    @Test(
        "SQL sees events, findings and the ledger, and can do nothing but ask",
        .enabled(if: DuckDB.path != nil, "needs duckdb: scripts/bootstrap --with judges"))
    func sql() async throws {
        let program = try await filled()
        let duckdb = ["MARTLET_DUCKDB": DuckDB.path ?? ""]
        func ask(_ sql: String, _ more: String...) async throws -> Program.Ran {
            try await program.run(["query", "--state", "./state", sql] + more, environment: duckdb)
        }
        let counts = try await ask(
            "SELECT actor.user.name AS who, count(*) AS n FROM events WHERE time_dt >= '2026-10-20' GROUP BY 1 ORDER BY 1;"
        )
        #expect(
            counts.lines == [#"{"who":"ana","n":20}"#, #"{"who":"ben","n":20}"#, #"{"who":"cam","n":20}"#])
        let ledger = try await ask(
            "SELECT feed, records, exporter, accepted FROM ledger ORDER BY feed", "--format", "csv")
        #expect(ledger.lines.contains("aws.cloudtrail,60,store,60"), "\(ledger.output)\(ledger.messages)")
        let bounded = try await ask("SELECT count(*) AS n FROM events", "--from", "2026-10-21")
        #expect(bounded.output == "{\"n\":30}\n")
        #expect(try await ask("SELECT * FROM events", "--limit", "3", "--format", "ndjson").lines.count == 3)

        let typo = try await ask("SELECT api.operation FRM events")
        #expect(
            typo.status == 2 && typo.messages.contains("\n  SELECT api.operation FRM events\n"),
            "\(typo.messages)")
        let unknown = try await ask("SELECT nothing_of_the_kind FROM events")
        #expect(unknown.status == 2 && unknown.messages.contains("nothing_of_the_kind"))
        for sql in [
            "DELETE FROM events", "COPY events TO './x.csv'", "ATTACH 'x.db'", "SELECT 1; DROP VIEW events",
            "SELECT 1) TO '/tmp/martlet-x' (FORMAT csv); SELECT (2", "INSTALL httpfs",
            "CREATE TABLE t AS SELECT 1",
        ] {
            let ran = try await ask(sql)
            #expect(ran.status == 2 && ran.output.isEmpty, "\(sql): \(ran.output)")
        }
        for sql in [
            "SELECT * FROM read_csv('/etc/passwd')", "SELECT * FROM read_text('p.yaml')",
            "SELECT * FROM glob('/etc/*')",
        ] {
            let ran = try await ask(sql)
            #expect(ran.status == 2 && !ran.output.contains("root:"), "\(sql): \(ran.output)")
        }
        let option = try await ask("SELECT 1", "--entity", "ana")
        #expect(option.status == 2 && option.messages.contains("say it in WHERE"))
        let left = FileManager.default.enumerator(atPath: "\(program.folder)/.cache")?.allObjects ?? []
        #expect(left.count { "\($0)".contains("-") && !"\($0)".hasSuffix("martlet-query") } == 0, "\(left)")
    }

    @Test(
        "What brokers granted is a table, whatever broker told of it",
        .enabled(if: DuckDB.path != nil, "needs duckdb: scripts/bootstrap --with judges"))
    func grants() async throws {
        let program = try Program()
        try program.write(
            """
            name: p
            state: state
            collectors:
              teleport: {from: files, feed: teleport.audit, paths: teleport}
              other: {from: files, feed: generic.grant, paths: other}

            """, to: "p.yaml")
        try program.write(
            #"{"event":"access_request.create","code":"T5000I","time":"2026-11-02T09:15:00Z","uid":"1","id":"r-1","#
                + #""user":"ana","roles":["dba"],"reason":"INC-7","expires":"2026-11-02T11:15:00Z"}"# + "\n"
                + #"{"event":"user.login","code":"T1000I","time":"2026-11-02T09:16:00Z","uid":"2","user":"ana"}"#
                + "\n", to: "teleport/events.log")
        try program.write(
            #"{"grant_id":"g-1","phase":"approved","time":"2026-11-02T09:17:00Z","provider":"Opal","#
                + #""requester":"cy@example.com","approvers":["bo@example.com"],"emergency":true}"# + "\n",
            to: "other/grants.jsonl")
        #expect(try await program.run("run", "./p.yaml", "--once").status == 0)
        let ran = try await query(
            program,
            "SELECT phase, provider, uid, requester, approvers, roles, end_dt, justification, is_emergency FROM grants "
                + "ORDER BY time",
            environment: ["MARTLET_DUCKDB": DuckDB.path ?? ""])
        let expected = """
            {"phase":"requested","provider":"Teleport","uid":"r-1","requester":"ana","approvers":null,\
            "roles":["dba"],"end_dt":"2026-11-02 11:15:00","justification":"INC-7","is_emergency":false}
            {"phase":"approved","provider":"Opal","uid":"g-1","requester":"cy@example.com",\
            "approvers":["bo@example.com"],"roles":null,"end_dt":null,"justification":null,"is_emergency":true}

            """
        #expect(ran.output == expected, "\(ran.messages)")
    }

    @Test("Without DuckDB the options work, and SQL says what installs it")
    func noDuckDB() async throws {
        let program = try await filled(3)
        let ran = try await query(program, "SELECT 1", environment: ["MARTLET_DUCKDB": "/nowhere/duckdb"])
        #expect(ran.status == 1 && ran.messages.contains("pip install duckdb-cli"), "\(ran.messages)")
        #expect(try await query(program, "--entity", "ana").lines.count == 1)
    }

    @Test("Events that wait for their segment are found, once, and with their records")
    func recent() async throws {
        let program = try await filled(40)
        try program.write(
            """
            name: p
            state: state
            store: {seal: {age: 1h}}
            collectors: {in: {from: files, feed: aws.cloudtrail, paths: logs, interval: 1s}}

            """, to: "p.yaml")
        try program.write(Self.records(80), to: "logs/b.json")
        // Killed while the events wait: they are in the spool and nowhere else.
        _ = try await program.run("run", "./p.yaml", wrapper: ["timeout", "-s", "KILL", "5"])
        let waiting = try await program.run("spool", "inspect", "--state", "./state")
        #expect(waiting.output.contains("store\t40"), "\(waiting.output)")
        let found = try await query(program, "--raw")
        #expect(found.lines.count == 80 && found.lines.allSatisfy { $0.contains("\"raw_data\":") })
        #expect(try await program.run("run", "./p.yaml", "--once").status == 0)
        #expect(try await query(program).lines.count == 80)
    }

    @Test("A store is counted, verified, merged, and its damage is named")
    func commands() async throws {
        let program = try await filled()
        let stats = try await program.run("store", "stats", "--state", "./state")
        #expect(
            stats.status == 0 && stats.output.contains(#""table":"events","day":"2026-10-20","segments":1"#))
        #expect(stats.messages.contains("rows"))
        #expect(try await program.run("store", "verify", "--state", "./state").status == 0)
        try program.write(Self.records(80), to: "logs/b.json")
        #expect(try await program.run("run", "./p.yaml", "--once").status == 0)
        let merged = try await program.run("store", "compact", "--state", "./state")
        #expect(merged.status == 0, "\(merged.messages)")
        #expect(try await query(program).lines.count == 80)
        #expect(try await program.run("store", "verify", "--state", "./state").status == 0)

        let folder = "\(program.folder)/state/p/store/events"
        let names = (FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? [])
            .filter {
                $0.hasSuffix(".parquet")
            }.sorted()
        let path = "\(folder)/\(try #require(names.first))"
        var bytes = try [UInt8](Data(contentsOf: URL(filePath: path)))
        bytes[bytes.count / 2] ^= 4
        try Data(bytes).write(to: URL(filePath: path))
        let damaged = try await program.run("store", "verify", "--state", "./state")
        #expect(damaged.status == 1 && damaged.output.contains("events/day="), "\(damaged.output)")
        let rest = try await query(program)
        #expect(
            rest.status == 3 && rest.messages.contains("left out:") && rest.lines.count < 80,
            "\(rest.messages)")

        let catalog = "\(program.folder)/state/p/store/catalog"
        try FileManager.default.removeItem(atPath: catalog)
        let rebuilt = try await program.run("store", "verify", "--rebuild", "--state", "./state")
        #expect(rebuilt.status == 1, "the damaged one is told again")
        #expect(try await query(program).status == 0)
    }

    @Test(
        "A replay raises what the rules of today find, without touching anything, and goes on where it stopped"
    )
    func replay() async throws {
        let program = try await filled(more: "rules: []")
        let before = try await program.run("ledger", "--state", "./state")
        try program.write(
            """
            title: Key made
            id: 11111111-2222-4333-8444-555555555555
            logsource: {product: aws, service: cloudtrail}
            detection:
              selection: {eventName: CreateAccessKey}
              condition: selection
            level: high

            """, to: "rules/key.yml")
        let ran = try await program.run(
            "replay", "--state", "./state", "--from", "2026-10-01", "--to", "2026-11-01", "--rules",
            "./rules",
            "--resume", "./at")
        #expect(
            ran.status == 0 && ran.lines.count == 1 && ran.messages.contains("60 events, 1 findings"),
            "\(ran.messages)")
        let detected = try await program.run(
            "detect", "--feed", "aws.cloudtrail", "--content", "rules", "--rules", "./rules", "./logs")
        #expect(ran.output == detected.output)
        let again = try await program.run(
            "replay", "--state", "./state", "--from", "2026-10-01", "--to", "2026-11-01", "--rules",
            "./rules",
            "--resume", "./at")
        #expect(
            again.lines.isEmpty && again.messages.contains("Going on from 2026-11-01"), "\(again.messages)")
        #expect(try await program.run("ledger", "--state", "./state").output == before.output)
    }

    /// Twenty people over twelve days; on the last one of them does what nobody ever did, from somewhere else.
    private static var weeks: String {
        var lines = ""
        func add(_ day: Int, _ second: Int, _ user: String, _ action: String, from address: String) {
            let time = (Timestamp(seconds: 1_789_948_800) + .days(day) + .seconds(second)).iso8601
            lines += """
                {"eventVersion":"1.08","eventName":"\(action)","eventSource":"iam.amazonaws.com","eventTime":"\(time)",\
                "eventID":"\(day)-\(second)-\(user)","sourceIPAddress":"\(address)","awsRegion":"us-east-1",\
                "userAgent":"aws-cli/2.0","recipientAccountId":"111122223333","eventType":"AwsApiCall",\
                "userIdentity":{"type":"IAMUser","userName":"\(user)","accountId":"111122223333",\
                "arn":"arn:aws:iam::111122223333:user/\(user)"}}

                """
        }
        for day in 0..<12 {
            for user in 0..<20 {
                for turn in 0..<6 {
                    add(day, 36_000 + turn * 600, "p\(user)", "ListThing\(turn)", from: "198.51.\(user).7")
                }
            }
        }
        for turn in 0..<12 {
            add(
                11, 50_000 + turn * 20, "p3", turn % 2 == 0 ? "CreateAccessKey" : "Delete\(turn)",
                from: "45.9.8.7")
        }
        return lines
    }

    @Test("A replay with baselines says what detection over the same records does")
    func replayOfBaselines() async throws {
        let program = try Program()
        try program.write(
            "name: p\nstate: state\ncollectors: {in: {from: files, feed: aws.cloudtrail, paths: logs}}\nrules: []\n",
            to: "p.yaml")
        try program.write(Self.weeks, to: "logs/a.json")
        #expect(try await program.run("run", "./p.yaml", "--once").status == 0)
        let words = ["replay", "--state", "./state", "--from", "2026-09-01", "--to", "2026-11-01"]
        let ran = try await program.run(words + ["--content", "behaviour"])
        let detected = try await program.run(
            "detect", "--feed", "aws.cloudtrail", "--content", "behaviour", "./logs")
        #expect(ran.status == 0 && ran.output.contains("martlet.behaviour.entity_day"), "\(ran.messages)")
        #expect(ran.output.contains("user/p3"))
        #expect(ran.output == detected.output)
        #expect(!(try await program.run(words).output.contains("martlet.behaviour")))
        let resumed = try await program.run(words + ["--content", "behaviour", "--resume", "./at"])
        #expect(resumed.status == 2 && resumed.messages.contains("without --resume"), "\(resumed.messages)")
    }
}

/// DuckDB's program, where it is installed.
enum DuckDB {
    static var path: String? {
        ["\(Program.root)/.tools/bin/duckdb", "/usr/bin/duckdb", "/usr/local/bin/duckdb"].first {
            FileManager.default.isExecutableFile(atPath: $0)
        }
    }
}
