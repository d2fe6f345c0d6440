import Foundation
import Testing

@testable import martlet

/// Rules in a pipeline that really runs.
@Suite(.enabled(if: Program.isBuilt, "needs the built program"))
struct RuleRunTests {
    private static let pipeline = """
        name: p
        collectors: {in: {from: files, feed: generic.json, paths: log.json}}
        rules: [r]
        exporters: {out: {to: file, path: out}}
        """

    @Test("A rule that is wrong is logged with its place and left out, the others run, and the status is 3")
    func wrongRule() async throws {
        let program = try Program()
        try program.write(Self.pipeline, to: "p.yaml")
        try program.write(DetectCommandTests.rule, to: "r/a.yml")
        try program.write(RulesCommandTests.broken, to: "r/b.yml")
        try program.write(DetectCommandTests.record("2026-03-02T01:00:00Z"), to: "log.json")
        let ran = try await program.run("run", "./p.yaml", "--once")
        #expect(ran.status == 3, "\(ran.messages)")
        #expect(ran.messages.contains("b.yml:3:17: unknown modifier 'contain'"), "\(ran.messages)")
        #expect(ran.messages.contains("p: 1 records, 1 events, 1 findings"), "\(ran.messages)")
        #expect(ran.messages.contains("1 wrong rule was left out: martlet validate"))
    }

    @Test("A pipeline's own file gives the values of its rules' placeholders")
    func placeholders() async throws {
        let program = try Program()
        try program.write(Self.pipeline + "\nplaceholders: names.yaml\n", to: "p.yaml")
        let rule = DetectCommandTests.rule.replacing("eventName: X", with: "'eventName|expand': '%names%'")
        try program.write(rule, to: "r/a.yml")
        try program.write("names: [X, Z]\n", to: "names.yaml")
        try program.write(DetectCommandTests.record("2026-03-02T01:00:00Z"), to: "log.json")
        let ran = try await program.run("run", "./p.yaml", "--once")
        #expect(ran.status == 0, "\(ran.messages)")
        #expect(ran.messages.contains("p: 1 records, 1 events, 1 findings"), "\(ran.messages)")
        try FileManager.default.removeItem(atPath: "\(program.folder)/names.yaml")
        let absent = try await program.run("validate", "./p.yaml")
        #expect(absent.status == 2)
        #expect(absent.messages.contains("names.yaml:1:1: placeholders: "), "\(absent.messages)")
    }
}
