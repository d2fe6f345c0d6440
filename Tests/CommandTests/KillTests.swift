import Foundation
import Platform
import Ports
import Testing

/// The real program, killed for real: S3 and SQS by moto, a HEC beside it. `scripts/kill-test` does it fifty times.
@Suite struct KillTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path
    private static let python = "\(root)/.tools/bin/python"
    private static let binary = "\(root)/.build/debug/martlet"
    private static var isPossible: Bool {
        [python, binary].allSatisfy { FileManager.default.isExecutableFile(atPath: $0) }
            && FileManager.default.fileExists(atPath: "\(root)/schemas/vendors/aws/cloudtrail/mapping.yaml")
    }

    @Test(
        "Killed at random between S3 and a SIEM, nothing is lost and only requests under way come twice",
        .enabled(if: isPossible, "needs scripts/bootstrap --with judges, and the built program"))
    func kills() async throws {
        var command = ChildCommand([
            Self.python, "\(Self.root)/Tests/Support/kill_test.py", "--binary", Self.binary, "--kills", "6",
            "--records", "20", "--longest", "2.0",
        ])
        command.timeout = .seconds(240)
        let result = try await SpawnedProcess().run(command)
        let said = String(decoding: result.output + result.errorOutput, as: UTF8.self)
        #expect(result.status == 0, "\(said)")
    }

    @Test(
        "Killed at random while it fills its store and merges it, nothing is lost and nothing is there twice",
        .enabled(if: isPossible, "needs scripts/bootstrap --with judges, and the built program"))
    func storeKills() async throws {
        var command = ChildCommand([
            Self.python, "\(Self.root)/Tests/Support/kill_store.py", Self.binary, "--kills", "8", "--mib",
            "1",
        ])
        command.timeout = .seconds(240)
        let result = try await SpawnedProcess().run(command)
        let said = String(decoding: result.output + result.errorOutput, as: UTF8.self)
        #expect(result.status == 0, "\(said)")
    }
}
