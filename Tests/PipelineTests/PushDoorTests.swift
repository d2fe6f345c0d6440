import Engine
import Foundation
import Platform
import Ports
import Synchronization
import Testing

@testable import Pipeline

/// A push collector on a real socket, with a real disk behind it.
@Suite struct PushDoorTests {
    private static let pipeline = """
        name: push
        collectors:
          lines: {from: push, listen: "127.0.0.1:0", path: /lines, auth: {kind: bearer, token: t}, body_max: 64KiB}
          more: {from: push, listen: "127.0.0.1:0", path: /lines, auth: {kind: bearer, token: u}}
        store: {enabled: false}
        exporters:
          out: {to: file, path: out, compression: none}
        """

    private struct NoPrograms: ChildProcess {
        func run(_ command: ChildCommand) async throws(Fault) -> ChildResult {
            throw Fault(.denied, "no programs here")
        }
    }

    @Test("Lines that are posted are in the ledger when the answer is there, and those of strangers are not")
    func lines() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "martlet-push-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let (addresses, found) = AsyncStream.makeStream(of: String.self)
        let surroundings = RunSurroundings(
            time: SystemClock(), entropy: SystemEntropy(), files: ScriptedFiles(files: [:]),
            processes: NoPrograms(), environment: [:], transport: { _ in CurlTransport() },
            volume: { folder throws(Fault) in try FileVolume(folder) },
            listen: { wanted, handler throws(Fault) in
                var options = HTTPServer.Options()
                options.bodyBytesMax = wanted.bodyBytesMax
                let server = try HTTPServer(options, gate: { handler.refusal(of: $0) }) {
                    await handler.answer($0)
                }
                found.yield(server.url)
                return Listening(url: server.url) { await server.stop() }
            }, log: .silent)
        let file = try await PipelineFile.read(
            ["\(folder)/p.yaml"], environment: [:],
            ScriptedFiles(files: ["\(folder)/p.yaml": Self.pipeline]))[0]
        let runner = PipelineRunner(file, content: LineContent(), surroundings: surroundings)
        let stopping = Pulse()
        let outcome = try await withThrowingTaskGroup(of: RunOutcome?.self) { group in
            group.addTask {
                try await runner.run(
                    state: "\(folder)/state", until: { try? await stopping.wait(after: 0) }, observe: { _ in }
                )
            }
            group.addTask {
                defer { stopping.beat() }
                var base = ""
                for await address in addresses {
                    base = address
                    break
                }
                try await Self.talk(to: base)
                return nil
            }
            return try await group.reduce(nil) { $0 ?? $1 }
        }
        #expect(outcome?.snapshot.collectors.map(\.records) == [1_003, 1])
        let state = try #require(try await PipelineState.read(try FileVolume("\(folder)/state", .reading)))
        #expect(state.ledger.total.records == 1_004 && state.ledger.total.malformed == 1)
        #expect(state.ledger.total.duplicate == 1 && state.ledger.rows.values.allSatisfy { $0.isBalanced })
    }

    /// What clients get.
    private static func talk(to base: String) async throws {
        let transport = CurlTransport()
        func post(_ body: String, _ token: String?, _ path: String = "/lines") async throws -> HTTPResponse {
            var request = HTTPRequest(.POST, base + path, body: Array(body.utf8))
            request.headers["Authorization"] = token.map { "Bearer \($0)" }
            return try await transport.send(request)
        }
        // Both collectors have to have begun.
        while try await post("", nil, "/nowhere").status == 503 {
            try await Task.sleep(for: .milliseconds(20))
        }
        #expect(try await post("a", nil).status == 401)
        #expect(try await post("a", "wrong").status == 401)
        #expect(try await post("a", "t", "/elsewhere").status == 404)
        let first = try await post("a\nb\nbad\n", "t")
        #expect(first.status == 200)
        #expect(
            String(decoding: first.body, as: UTF8.self)
                == "{\"records\":3,\"events\":2,\"duplicate\":0,\"malformed\":1}\n")
        let again = try await post("a", "u")
        #expect(String(decoding: again.body, as: UTF8.self).contains("\"duplicate\":1"))
        let many = try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<20 {
                group.addTask {
                    let text = (0..<50).map { "n\(number)-\($0)" }.joined(separator: "\n")
                    return try await post(text, "t").status
                }
            }
            return try await group.reduce(into: [Int: Int]()) { $0[$1, default: 0] += 1 }
        }
        #expect(many == [200: 20])
    }
}
