import Foundation
import Platform
import Ports
import Testing

@testable import martlet

/// A day's story, told by the drift report as it was read through once: what changes in it is seen here first.
@Suite struct DriftGoldenTests {
    private static let folder = "\(Program.root)/Tests/Support/Golden/drift"
    private static let python = "\(Program.root)/.tools/bin/python"
    private static let hasPython = FileManager.default.isExecutableFile(atPath: python)
    private static let hasBrowser = FileManager.default.isExecutableFile(atPath: "/usr/bin/chromium")

    private static func report(_ format: String) async throws -> String {
        var files: [String: String] = [:]
        for name in ["cloudtrail.jsonl", "grants.jsonl", "approved.json", "grants.yaml"] {
            let folder = name.hasSuffix(".jsonl") ? "/home/ada/logs" : "/home/ada"
            files["\(folder)/\(name)"] = try String(contentsOfFile: "\(Self.folder)/\(name)", encoding: .utf8)
        }
        let world = CommandWorld(files: files)
        let status = await world.run(
            "drift", "--format", format, "--pipeline-actor", "terraform=*:assumed-role/terraform/*",
            "--baseline", "approved.json", "--grant-policy", "grants.yaml", "logs")
        #expect(status == .done, "\(world.messages.text)")
        return world.output.text
    }

    @Test("The report is the golden one", arguments: ["json", "html", "md"])
    func golden(format: String) async throws {
        let report = try await Self.report(format)
        let path = "\(Self.folder)/report.\(format)"
        if ProcessInfo.processInfo.environment["MARTLET_UPDATE_GOLDEN"] == "1" {
            try report.write(toFile: path, atomically: true, encoding: .utf8)
        }
        #expect(report == (try? String(contentsOfFile: path, encoding: .utf8)))
    }

    @Test(
        "In a browser the page is drawn without a complaint, wide, dark and on a phone, and its filter works",
        .enabled(if: hasBrowser && hasPython, "needs Debian's chromium: scripts/bootstrap --with browser"))
    func browser() async throws {
        var command = ChildCommand([
            Self.python, "\(Program.root)/Tests/Support/report_browser.py", "\(Self.folder)/report.html",
            "\(Program.root)/.build/screenshots",
        ])
        command.timeout = .seconds(300)
        let result = try await SpawnedProcess().run(command)
        #expect(result.status == 0, "\(String(decoding: result.output + result.errorOutput, as: UTF8.self))")
    }
}
