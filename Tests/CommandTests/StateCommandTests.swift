import Codecs
import Engine
import Foundation
import Testing

/// The commands that look at state and mend it, as they are typed.
@Suite(.enabled(if: Program.isBuilt, "needs the built program"))
struct StateCommandTests {
    @Test("What was refused is listed, shown whole, and sent again once it can be read")
    func redrive() async throws {
        let program = try Program()
        try program.pipeline()
        try program.write("{\"good\":1}\n{\"bad\":tru}\n", to: "logs/a.json")
        #expect(try await program.run("run", "./p.yaml", "--once").status == 3)
        let list = try await program.run("deadletter", "list", "./p.yaml", "--format", "table")
        #expect(list.lines.count == 1 && list.messages == "1 in all\n", "\(list.messages)")
        let id = try #require(list.lines.first?.split(separator: " ").first).description
        #expect(id.hasPrefix("p/") && list.output.contains("logs/a.json:2  "))
        let shown = try await program.run("deadletter", "show", id, "./p.yaml")
        #expect(
            try JSONReader.document(in: Array(shown.output.utf8), file: "x")["raw"]?.string == "{\"bad\":tru}"
        )
        #expect(try await program.run("deadletter", "show", "p/9-9", "./p.yaml").status == 1)

        let sent = try await program.run("deadletter", "redrive", "./p.yaml")
        #expect(sent.status == 0 && sent.messages.contains("1 are sent again"), "\(sent.messages)")
        let after = try await program.run("deadletter", "list", "./p.yaml")
        #expect(after.lines.count == 1, "rubbish is rubbish again, and is one new entry")
        let ledger = try await program.run("ledger", "./p.yaml")
        #expect(ledger.status == 0 && ledger.messages.contains("it balances"), "\(ledger.messages)")
    }

    @Test(
        "State is found by --state, by $MARTLET_STATE, then by the pipeline's own file, without its secrets")
    func places() async throws {
        let program = try Program()
        try program.pipeline(
            "  siem: {to: splunk_hec, url: \"https://siem.example.com:8088\", token: \"${env:TOKEN}\"}")
        try program.pipeline()
        try program.write("{\"good\":1}\n", to: "logs/a.json")
        #expect(try await program.run("run", "./p.yaml", "--once").status == 0)
        try program.pipeline(
            "  siem: {to: splunk_hec, url: \"https://siem.example.com:8088\", token: \"${env:TOKEN}\"}")
        let commands = [["ledger"], ["spool", "inspect"], ["spool", "verify"], ["deadletter", "list"]]
        for command in commands {
            func ran(_ more: [String], _ environment: [String: String] = [:]) async throws -> Program.Ran {
                try await program.run(command + more, environment: environment)
            }
            #expect(try await ran(["./p.yaml"]).status == 0, "\(command)")
            #expect(try await ran(["--state", "./state"]).status == 0, "\(command)")
            #expect(try await ran([], ["MARTLET_STATE": "\(program.folder)/state"]).status == 0, "\(command)")
            let nowhere = try await ran([])
            #expect(nowhere.status == 1 && nowhere.messages.contains("there is no state in"), "\(command)")
        }
        let missing = try await program.run("ledger", "./q.yaml")
        #expect(missing.status == 2 && missing.messages.contains("q.yaml"))
    }

    @Test(
        "Digests are verified on demand: without a bucket it says so, without credentials it fails and says why"
    )
    func digests() async throws {
        let program = try Program()
        try program.pipeline()
        let none = try await program.run("ledger", "--verify-digests", "./p.yaml")
        #expect(none.status == 0 && none.messages.contains("p lists no bucket"), "\(none.messages)")
        try program.write(
            """
            name: p
            collectors: {in: {from: s3, bucket: trail, region: eu-central-1, endpoint: "http://127.0.0.1:9"}}
            exporters: {out: {to: file, path: out}}
            """, to: "p.yaml")
        let keys = ["AWS_ACCESS_KEY_ID": "AKIAEXAMPLE", "AWS_SECRET_ACCESS_KEY": "s"]
        let away = try await program.run(
            "ledger", "--verify-digests", "./p.yaml", environment: keys,
            wrapper: ["timeout", "-s", "INT", "10"])
        #expect(away.status != 0 && away.output.isEmpty, "\(away.messages)")
    }
}
