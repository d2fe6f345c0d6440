import Foundation
import Testing

@testable import martlet

/// `investigate` and `case verify` over a generated week with one attack in it.
@Suite(.serialized) struct InvestigateCommandTests {
    private static let logs = ["./week/cloudtrail", "./week/feeds"]

    /// A day of twenty people; made once, since every test reads the same.
    private static let week = Task { () -> Program in
        let program = try Program()
        let made = try await program.run(
            "generate", "--seed", "1", "--out", "./week", "--scenario", "phished-session", "--days", "1",
            "--identities", "20", "--mib", "1", "--quiet")
        #expect(made.status == 0)
        return program
    }

    private static func investigate(_ words: String...) async throws -> Program.Ran {
        let program = try await week.value
        return try await program.run(["investigate"] + words + logs)
    }

    private static func json(_ ran: Program.Ran) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(ran.output.utf8)) as? [String: Any])
    }

    /// The human, and names of what they acted as and with in four systems, from the investigation of the human.
    private static let found = Task { try await names() }

    private static func names() async throws -> (human: String, names: [String]) {
        let program = try await week.value
        let label = try #require(try program.text(of: "week/labels.jsonl").split(separator: "\n").first)
        let human = try #require(
            (try JSONSerialization.jsonObject(with: Data(label.utf8)) as? [String: Any])?["human"] as? String)
        let found = try json(try await investigate(human, "--format", "json"))
        let sessions = try #require(found["sessions"] as? [[String: Any]])
        var names: [String] = []
        for provider in ["AWS", "GCP", "Okta", "Snowflake"] {
            let own = sessions.filter { $0["provider"] as? String == provider }.compactMap {
                $0["id"] as? String
            }
            names.append(try #require(own.last, "nothing in \(provider)"))
        }
        return (human, names)
    }

    @Test("One human is found from the names of four systems, with the same acts each time")
    func names() async throws {
        let (human, names) = try await Self.found.value
        let whole = try Self.json(try await Self.investigate(human, "--format", "json"))
        for name in names {
            let found = try Self.json(try await Self.investigate(name, "--format", "json"))
            #expect(found["subject"] as? String == human, "from \(name)")
            #expect(found["events"] as? Int == whole["events"] as? Int, "from \(name)")
        }
    }

    @Test("The text is the golden one")
    func golden() async throws {
        let (human, _) = try await Self.found.value
        let ran = try await Self.investigate(human)
        #expect(ran.status == 0)
        let path = URL(filePath: "\(Program.root)/Tests/Support/Golden/phished-session.txt")
        if ProcessInfo.processInfo.environment["MARTLET_UPDATE_GOLDEN"] == "1" {
            try FileManager.default.createDirectory(
                at: path.deletingLastPathComponent(), withIntermediateDirectories: true)
            try ran.output.write(to: path, atomically: true, encoding: .utf8)
        }
        #expect(ran.output == (try? String(contentsOf: path, encoding: .utf8)))
    }

    @Test("Files in another order, and an event's file twice, tell the same")
    func order() async throws {
        let (human, _) = try await Self.found.value
        let program = try await Self.week.value
        let one = try await Self.investigate(human, "--format", "json")
        let other = try await program.run(
            ["investigate", human, "--format", "json"] + Self.logs.reversed() + ["./week/feeds/okta"])
        #expect(one.output == other.output)
    }

    @Test("A name that is not there gets the nearest ones, and status 1")
    func unknown() async throws {
        let (human, _) = try await Self.found.value
        let ran = try await Self.investigate(String(human.dropFirst()) + "m")
        #expect(ran.status == 1 && ran.output.isEmpty)
        #expect(ran.messages.contains("did you mean \(human)?"))
    }

    @Test("A case file is intact; an altered byte, and evidence that is missing or changed, are told")
    func caseFile() async throws {
        let (human, _) = try await Self.found.value
        let program = try await Self.week.value
        let ran = try await Self.investigate(human, "--html", "\(program.folder)/case.html")
        #expect(ran.status == 0)
        let digest = try #require(ran.messages.firstMatch(of: /sha256 ([0-9a-f]{64})/)?.output.1)
        let held = try await program.run(
            ["case", "verify", "./case.html", "--digest", String(digest)] + Self.logs)
        #expect(held.status == 0 && held.output.contains("0 missing, 0 changed"), "\(held.output)")
        // No record is in it, so no token of a session either.
        let page = try program.text(of: "case.html")
        #expect(!page.contains("sessionToken"))
        try program.write(page.replacing("<h1>", with: "<h1> "), to: "altered.html")
        let altered = try await program.run("case", "verify", "./altered.html", "--alone")
        #expect(altered.status == 1 && altered.output.hasPrefix("altered: "))
        let okta = "week/feeds/okta/system_log"
        let day = try #require(
            try FileManager.default.contentsOfDirectory(atPath: "\(program.folder)/\(okta)").sorted().first)
        try program.write(
            try program.text(of: "\(okta)/\(day)").replacing(human, with: "x" + human.dropFirst()),
            to: "okta.ndjson")
        let changed = try await program.run(
            "case", "verify", "./case.html", "./week/cloudtrail", "./okta.ndjson")
        #expect(changed.status == 1)
        #expect(changed.output.contains("missing: ") && changed.output.contains("changed: "))
    }

    @Test("Standard input is refused: it can be read once")
    func standardInput() async throws {
        let program = try await Self.week.value
        let ran = try await program.run("investigate", "x", "-")
        #expect(ran.status == 2)
    }
}
