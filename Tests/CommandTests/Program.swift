import Foundation
import Platform
import Ports
import Testing

@testable import martlet

/// The program as a user runs it, with real files in a folder that is gone afterwards.
final class Program: Sendable {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path
    static let path = "\(root)/.build/debug/martlet"
    static var isBuilt: Bool { FileManager.default.isExecutableFile(atPath: path) }

    struct Ran {
        var status: Int
        var output: String
        var messages: String
        var lines: [Substring] { output.split(separator: "\n") }
    }

    let folder: String

    init() throws {
        folder = "/tmp/martlet-program-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        // Others may look into it: some tests run the program as another user.
        try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: folder)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func write(_ bytes: [UInt8], to name: String) throws {
        let path = "\(folder)/\(name)"
        try FileManager.default.createDirectory(
            atPath: Foundation.URL(filePath: path).deletingLastPathComponent().path,
            withIntermediateDirectories: true)
        try Data(bytes).write(to: Foundation.URL(filePath: path))
    }

    func write(_ text: String, to name: String) throws { try write(Array(text.utf8), to: name) }

    func text(of name: String) throws -> String {
        try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
    }

    /// Runs a command with the real doors; a word that begins with `./` is a path in the folder.
    ///
    /// It runs in this process, where the mappings are compiled once, unless a `wrapper` has to start the program.
    func run(
        _ words: String..., environment: [String: String] = [:], wrapper: [String] = [],
        timeout: Duration = .seconds(120)
    ) async throws -> Ran {
        try await run(words, environment: environment, wrapper: wrapper, timeout: timeout)
    }

    func run(
        _ words: [String], environment: [String: String] = [:], wrapper: [String] = [],
        timeout: Duration = .seconds(120)
    ) async throws -> Ran {
        let arguments = words.map { $0.hasPrefix("./") ? "\(folder)/\($0.dropFirst(2))" : $0 }
        let environment = ["PATH": "/usr/bin:/bin:/usr/sbin", "HOME": folder].merging(environment) { $1 }
        if wrapper.isEmpty { return await dispatch(arguments, environment) }
        var command = ChildCommand(wrapper + [Self.path] + arguments)
        command.environment = environment
        command.timeout = timeout
        command.outputBytesMax = 64 << 20
        let result = try await SpawnedProcess().run(command)
        return Ran(
            status: result.status, output: String(decoding: result.output, as: UTF8.self),
            messages: String(decoding: result.errorOutput, as: UTF8.self))
    }

    private func dispatch(_ words: [String], _ environment: [String: String]) async -> Ran {
        let (output, messages) = (WrittenBytes(), WrittenBytes())
        var context = RealContext.make(stoppedBy: AsyncStream { _ in }, environment: environment)
        context.output = Output { output.append($0) }
        context.messages = Output { messages.append($0) }
        context.outputIsTerminal = false
        context.messagesAreTerminal = false
        let status = await Dispatch.run(words, in: context)
        return Ran(status: Int(status.code), output: output.text, messages: messages.text)
    }

    /// Files in a folder → files in another, with the state beside them.
    func pipeline(_ more: String = "", feed: String = "generic.json") throws {
        try write(
            """
            name: p
            state: state
            collectors: {in: {from: files, feed: \(feed), paths: logs}}
            rules: []
            exporters:
              out: {to: file, path: out, compression: none}
            \(more)

            """, to: "p.yaml")
    }

    /// What the whole files of an exporter's folder hold.
    func delivered(_ exporter: String = "out") throws -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(folder)/\(exporter)")) ?? []
        return try names.filter { $0.hasSuffix(".ndjson") }.sorted().flatMap {
            try text(of: "\(exporter)/\($0)").split(separator: "\n").map(String.init)
        }
    }
}
