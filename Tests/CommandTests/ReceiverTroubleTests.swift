import Engine
import Foundation
import Platform
import Ports
import Testing

/// What a user sees of a receiver that is away, that refuses, or that has another time, over real sockets.
@Suite(.serialized, .enabled(if: Program.isBuilt, "needs the built program"))
struct ReceiverTroubleTests {
    private static func program(_ url: String) throws -> Program {
        let program = try Program()
        try program.pipeline("  siem: {to: splunk_hec, url: \"\(url)\", token: secret, compression: none}")
        try program.write("{\"good\":1}\n{\"good\":2}\n", to: "logs/a.json")
        return program
    }

    /// A HEC that takes everything, or answers with one status.
    private static func hec(_ status: Int) throws -> HTTPServer {
        var options = HTTPServer.Options()
        options.address = "127.0.0.1"
        return try HTTPServer(options) { _ in
            HTTPResponse(
                status: status, headers: ["Content-Type": "application/json"],
                body: Array(
                    (status == 200 ? "{\"text\":\"Success\",\"code\":0}" : "{\"text\":\"no\",\"code\":4}")
                        .utf8))
        }
    }

    @Test(
        "A dead SIEM: status 1, its events wait and are told, the other exporter has all; the next run delivers"
    )
    func dead() async throws {
        let closed = try Self.hec(200)
        let url = closed.url
        await closed.stop()
        let program = try Self.program(url)
        let ran = try await program.run("run", "./p.yaml", "--once", "--patience", "2s")
        #expect(ran.status == 1, "\(ran.messages)")
        #expect(ran.messages.contains("siem: 0 accepted, 0 refused, 2 pending"), "\(ran.messages)")
        #expect(try program.delivered().count == 2)
        #expect(try await program.run("ledger", "./p.yaml").status == 0)
        let spools = try await program.run("spool", "inspect", "./p.yaml")
        #expect(spools.lines.contains { $0.hasPrefix("p\tsiem\t2\t0\t1\t") }, "\(spools.output)")
        let whole = try await program.run("spool", "verify", "./p.yaml")
        #expect(whole.status == 0 && whole.messages.contains("2 waiting events are whole, 0 are damaged"))

        let port = try #require(UInt16(url.split(separator: ":").last ?? ""))
        var options = HTTPServer.Options()
        options.port = port
        let back = try HTTPServer(options) { _ in
            HTTPResponse(status: 200, body: Array("{\"text\":\"Success\",\"code\":0}".utf8))
        }
        let again = try await program.run("run", "./p.yaml", "--once")
        await back.stop()
        #expect(again.status == 0 && again.messages.contains("siem: 2 accepted"), "\(again.messages)")
    }

    @Test("A spool that is damaged is told by file, and verify ends with status 1")
    func damaged() async throws {
        let closed = try Self.hec(200)
        let program = try Self.program(closed.url)
        await closed.stop()
        _ = try await program.run("run", "./p.yaml", "--once", "--patience", "1s")
        let folder = "\(program.folder)/state/p/spool/siem"
        let name = try #require(
            try FileManager.default.contentsOfDirectory(atPath: folder).first { $0.hasSuffix(".ms") })
        var bytes = try Data(contentsOf: URL(filePath: "\(folder)/\(name)"))
        bytes[bytes.count - 3] ^= 0xFF
        try bytes.write(to: URL(filePath: "\(folder)/\(name)"))
        let ran = try await program.run("spool", "verify", "./p.yaml")
        #expect(ran.status == 1, "\(ran.messages)")
        #expect(
            ran.output.contains(name) && ran.messages.contains("2 are damaged"),
            "\(ran.output)\(ran.messages)")
        let isolated = try await program.run("spool", "verify", "./p.yaml", "--isolate")
        #expect(isolated.status == 3 && isolated.messages.contains("2 are in the dead letter now"))
        let dead = try await program.run("deadletter", "list", "./p.yaml")
        #expect(dead.lines.count { $0.contains(name) } == 2, "\(dead.output)")
        #expect(try await program.run("spool", "verify", "./p.yaml").status == 0)
        #expect(try await program.run("ledger", "./p.yaml").status == 0)
    }

    @Test(
        "Wrong credentials: status 1, the reason, nothing refused and nothing lost; validate --connect says it, too"
    )
    func credentials() async throws {
        let server = try Self.hec(403)
        let program = try Self.program(server.url)
        let ran = try await program.run("run", "./p.yaml", "--once", "--patience", "2s")
        let tried = try await program.run("validate", "--connect", "./p.yaml")
        await server.stop()
        #expect(ran.status == 1, "\(ran.messages)")
        #expect(ran.messages.contains("siem: 0 accepted, 0 refused, 2 pending"), "\(ran.messages)")
        #expect(ran.messages.contains("token") || ran.messages.contains("credentials"), "\(ran.messages)")
        #expect(tried.status == 1)
        #expect(
            tried.output.contains("exporter siem\trefused the credentials (HTTP status 403)"),
            "\(tried.output)")
        #expect(try await program.run("ledger", "./p.yaml").status == 0)
    }

    @Test("Two processes on one state folder: the second says who has it, and harms nothing")
    func twoProcesses() async throws {
        let server = try Self.hec(503)
        let program = try Self.program(server.url)
        async let first = program.run("run", "./p.yaml", "--once", "--patience", "6s")
        // The lock's file is there once the first has the folder.
        for _ in 0..<100 where !FileManager.default.fileExists(atPath: "\(program.folder)/state/p/.lock") {
            try await Task.sleep(for: .milliseconds(50))
        }
        let second = try await program.run("run", "./p.yaml", "--once")
        let redrive = try await program.run("deadletter", "redrive", "./p.yaml")
        let looking = try await program.run("ledger", "./p.yaml")
        let ended = try await first
        await server.stop()
        for refused in [second, redrive] {
            #expect(refused.status == 1)
            #expect(refused.messages.contains("is in use by process "), "\(refused.messages)")
            #expect(refused.messages.contains("--state"))
        }
        #expect(looking.status == 0 || looking.messages.contains("has anything run yet"))
        #expect(ended.status == 1 && ended.messages.contains("2 pending"), "\(ended.messages)")
    }

    @Test("Events from the future, from the epoch and without a time go through, and the ledger balances")
    func eventsOutOfTime() async throws {
        let program = try Program()
        try program.pipeline(feed: "aws.cloudtrail")
        let times = ["2099-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "not a time"]
        let records = times.enumerated().map {
            "{\"eventVersion\":\"1.08\",\"userIdentity\":{\"type\":\"Root\"},\"eventSource\":\"s3.amazonaws.com\","
                + "\"eventName\":\"GetObject\",\"eventID\":\"e\($0)\",\"eventTime\":\"\($1)\"}\n"
        }
        try program.write(records.joined(), to: "logs/a.json")
        try program.write(records.joined(), to: "logs/b.json")
        let ran = try await program.run("run", "./p.yaml", "--once")
        #expect([0, 3].contains(ran.status), "\(ran.messages)")
        let ledger = try await program.run("ledger", "./p.yaml")
        #expect(ledger.status == 0 && ledger.messages.hasPrefix("6 records = "), "\(ledger.messages)")
        #expect(try program.delivered().count >= 2)
    }
}
