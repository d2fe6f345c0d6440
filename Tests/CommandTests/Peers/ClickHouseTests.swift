import Codecs
import Engine
import Foundation
import Glibc
import Platform
import Ports
import Testing

/// Debian's ClickHouse, which is of 2018: a table, events in it, rows that it refuses, and its end in the middle.
@Suite(
    .serialized, .timeLimit(.minutes(3)),
    .enabled(if: PeerDaemon.isUnpacked("clickhouse-server"), "needs scripts/bootstrap --with heavy"))
struct ClickHouseTests {
    private static let table = """
        CREATE TABLE martlet (uid String, time DateTime, kind String, class_uid UInt32, activity_id UInt16,
          severity_id UInt8, status_id UInt8, event String) ENGINE = MergeTree ORDER BY (class_uid, time)
        """

    private func start(_ program: Program) async throws -> PeerDaemon {
        try await PeerDaemon.start("clickhouse-server", in: program.folder) { port in
            let folder = "\(program.folder)/clickhouse"
            try program.write(
                """
                <yandex>
                  <logger><level>warning</level><log>\(folder)/log</log><errorlog>\(folder)/errors</errorlog></logger>
                  <http_port>\(port)</http_port><listen_host>127.0.0.1</listen_host>
                  <path>\(folder)/data/</path><tmp_path>\(folder)/tmp/</tmp_path>
                  <user_files_path>\(folder)/files/</user_files_path>
                  <format_schema_path>\(folder)/schemas/</format_schema_path>
                  <users_config>\(folder)/users.xml</users_config>
                  <default_profile>default</default_profile><default_database>default</default_database>
                  <mark_cache_size>5368709</mark_cache_size>
                </yandex>

                """, to: "clickhouse/config.xml")
            try program.write(
                """
                <yandex>
                  <profiles><default/></profiles><quotas><default/></quotas>
                  <users><default>
                    <password>secret</password><networks><ip>127.0.0.1</ip></networks>
                    <profile>default</profile><quota>default</quota>
                  </default></users>
                </yandex>

                """, to: "clickhouse/users.xml")
            return ["--config-file=\(folder)/config.xml"]
        }
    }

    private func ask(_ daemon: PeerDaemon, _ query: String) async throws -> String {
        let response = try await CurlTransport().send(
            HTTPRequest(
                .POST, "http://127.0.0.1:\(daemon.port)/",
                headers: ["X-ClickHouse-User": "default", "X-ClickHouse-Key": "secret"],
                body: Array(query.utf8)))
        let text = String(decoding: response.body, as: UTF8.self)
        #expect(response.status == 200, "\(query): \(text)")
        return text
    }

    private func pipeline(
        _ program: Program, _ daemon: PeerDaemon, _ more: String = ", deduplication: ''",
        password: String = "secret"
    ) throws {
        try program.pipeline(
            "  siem: {to: clickhouse, url: \"http://127.0.0.1:\(daemon.port)\", table: martlet, password: \(password)\(more)}\n"
                + "store: {enabled: false}")
    }

    private func records(_ count: Int) -> String {
        let odd = #"line one\nline two ä中😀 \"quoted\" \\ "#
        return (0..<count).map { "{\"n\":\($0),\"text\":\"\(odd)\"}\n" }.joined()
    }

    @Test(
        "Every event is a row, its text byte for byte; what is wrong is said in the server's own words, and nothing is refused for it"
    )
    func whole() async throws {
        let program = try Program()
        let daemon = try await start(program)
        try program.write(records(1_000), to: "logs/a.json")
        func pending(_ words: String) async throws {
            let ran = try await program.run("run", "./p.yaml", "--once", "--patience", "1s")
            #expect(ran.status == 1 && ran.messages.contains("0 refused, 1,000 pending"), "\(ran.messages)")
            #expect(ran.messages.contains(words), "\(ran.messages)")
        }
        try pipeline(program, daemon, "")
        try await pending("insert_deduplication_token")
        try pipeline(program, daemon)
        try await pending("there is no such table")
        _ = try await ask(daemon, Self.table)
        try pipeline(program, daemon, password: "wrong")
        try await pending("Wrong password")
        try pipeline(program, daemon, ", deduplication: '', database: absent")
        try await pending("there is no such database")

        try pipeline(program, daemon)
        let ran = try await program.run("run", "./p.yaml", "--once")
        #expect(ran.status == 0 && ran.messages.contains("siem: 1,000 accepted"), "\(ran.messages)")
        let texts = try await ask(daemon, "SELECT event FROM martlet FORMAT JSONEachRow")
        let rows = try texts.split(separator: "\n").map {
            try JSONReader.document(in: Array($0.utf8), file: "row")["event"]?.string ?? ""
        }
        #expect(rows.sorted() == (try program.delivered()).sorted())
        await daemon.stop()
    }

    @Test(
        "Rows that the table's types refuse go to the dead letter with the server's code, the others are stored"
    )
    func refused() async throws {
        let program = try Program()
        let daemon = try await start(program)
        // A table of the user's own, into which uids fit that have 34 letters at most, as those of generic records have.
        _ = try await ask(daemon, Self.table.replacing("uid String", with: "uid FixedString(34)"))
        try program.write(records(20), to: "logs/a.json")
        try program.pipeline(
            "  siem: {to: clickhouse, url: \"http://127.0.0.1:\(daemon.port)\", table: martlet, password: secret, deduplication: ''}\n"
                + "store: {enabled: false}", feed: "auto")
        try program.write(
            "{\"eventVersion\":\"1.08\",\"userIdentity\":{\"type\":\"Root\"},\"eventSource\":\"signin.amazonaws.com\",\"eventName\":\"ConsoleLogin\",\"eventID\":\"e-0123456789012345678901234567890123456789\",\"eventTime\":\"2026-11-01T10:00:00Z\"}\n",
            to: "logs/b.json")
        let ran = try await program.run("run", "./p.yaml", "--once")
        let dead = try await program.run("deadletter", "list", "./p.yaml")
        #expect(
            ran.status == 3 && ran.messages.contains("siem: 20 accepted, 1 refused, 0 pending"),
            "\(ran.messages)")
        #expect(dead.lines.count == 1 && dead.output.contains("Code: 131"), "\(dead.output)")
        #expect(try await ask(daemon, "SELECT count() FROM martlet") == "20\n")
        await daemon.stop()
    }

    @Test(
        "Killed and started again in the middle, it has every event, and twice at most what was under way",
        arguments: [SIGTERM, SIGKILL])
    func restart(signal: Int32) async throws {
        let count = 20_000
        let program = try Program()
        let daemon = try await start(program)
        _ = try await ask(daemon, Self.table)
        try program.write(records(count), to: "logs/a.json")
        try pipeline(program, daemon, ", deduplication: '', batch: {rows: 200}")
        async let run = program.run("run", "./p.yaml", "--once")
        var seen = 0
        for _ in 0..<1_000 where seen < count / 8 {
            seen = Int(try await ask(daemon, "SELECT count() FROM martlet").dropLast()) ?? 0
            try await Task.sleep(for: .milliseconds(10))
        }
        await daemon.stop(signal)
        try await daemon.start()
        let ran = try await run
        #expect(
            seen < count && ran.status == 0 && ran.messages.contains("siem: 20,000 accepted"),
            "\(ran.messages)")
        let different = try await ask(daemon, "SELECT uniqExact(uid) FROM martlet")
        let all = Int(try await ask(daemon, "SELECT count() FROM martlet").dropLast()) ?? 0
        #expect(different == "\(count)\n")
        // Four batches are under way at once.
        #expect(all <= count + 4 * 200)
        await daemon.stop()
    }
}
