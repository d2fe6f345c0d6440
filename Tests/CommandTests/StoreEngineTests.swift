import Codecs
import Engine
import Foundation
import Platform
import Ports
import Testing

/// A store's folder opened by engines that know nothing of Martlet.
@Suite(.enabled(if: Program.isBuilt, "needs the built program"))
struct StoreEngineTests {
    private static let python = "\(Program.root)/.tools/bin/python"

    private static func has(_ package: String) -> Bool {
        let library = "\(Program.root)/.tools/lib"
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: library)) ?? []
        return versions.contains {
            FileManager.default.fileExists(atPath: "\(library)/\($0)/site-packages/\(package)")
        }
    }

    private func opened(_ more: String...) async throws {
        let program = try Program()
        try program.write(
            """
            name: p
            state: state
            collectors: {in: {from: files, feed: aws.cloudtrail, paths: logs}}

            """, to: "p.yaml")
        for part in 1...3 {
            try program.write(StoreCommandTests.records(part * 70), to: "logs/\(part).json")
            #expect(try await program.run("run", "./p.yaml", "--once").status == 0)
        }
        #expect(try await program.run("store", "compact", "--state", "./state").status == 0)
        var command = ChildCommand(
            [
                Self.python, "\(Program.root)/Tests/Support/store_engines.py",
                "\(program.folder)/state/p/store",
            ] + more)
        command.timeout = .seconds(180)
        let result = try await SpawnedProcess().run(command)
        let output = String(decoding: result.output, as: UTF8.self)
        #expect(
            result.status == 0,
            "\(output)\(String(decoding: result.errorOutput, as: UTF8.self).suffix(2_000))")
        let found = try JSONReader.document(in: Array(output.utf8), file: "engines")
        #expect(found["count"]?.integer == 210 && found["days"]?.integer == 2)
    }

    @Test(
        "DuckDB and pyarrow read the store's folder as it is",
        .enabled(if: has("duckdb") && has("pyarrow"), "needs scripts/bootstrap --with judges"))
    func duckdb() async throws { try await opened() }

    @Test(
        "Spark answers the same over the same folder",
        .enabled(
            if: has("pyspark") && ProcessInfo.processInfo.environment["MARTLET_SLOW"] == "1",
            "needs scripts/test --all"))
    func spark() async throws { try await opened("--spark") }
}
