import Foundation
import Ports
import Testing

@testable import Platform

@Suite struct SystemFilesTests {
    private func withFolder(_ body: (String) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "martlet-\(UUID().uuidString)")
            .path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await body(folder)
    }

    @Test("Lists in byte order, follows links, and reads the stretch that was asked for")
    func reading() async throws {
        try await withFolder { folder in
            for name in ["b", "a", "ä", "B"] {
                try "text of \(name)".write(toFile: "\(folder)/\(name)", atomically: false, encoding: .utf8)
            }
            try FileManager.default.createSymbolicLink(
                atPath: "\(folder)/link", withDestinationPath: "\(folder)/a")
            try FileManager.default.createSymbolicLink(
                atPath: "\(folder)/nowhere", withDestinationPath: "\(folder)/x")
            let files = SystemFiles()
            let entries = try await files.entries(of: folder)
            #expect(
                entries.map { String($0.path.dropFirst(folder.count + 1)) } == ["B", "a", "b", "link", "ä"])
            #expect(entries.allSatisfy { $0.kind == .file })
            #expect(try await files.read("\(folder)/a", in: 5..<100) == Array("of a".utf8))
            #expect(try await files.read("\(folder)/a", in: 100..<200) == [])
            #expect(try await files.entry(at: "\(folder)/x") == nil)
        }
    }

    @Test("What is missing, a folder or a device is refused with its path")
    func refusing() async throws {
        try await withFolder { folder in
            let files = SystemFiles()
            for path in ["\(folder)/missing", folder, "/dev/null"] {
                await #expect {
                    _ = try await files.read(path, in: 0..<1)
                } throws: { ($0 as? Fault)?.kind == .rejected(rows: []) && "\($0)".contains(path) }
            }
        }
    }
}
