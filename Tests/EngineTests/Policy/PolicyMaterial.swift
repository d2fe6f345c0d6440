import Foundation

@testable import Engine

/// Where the tests of policies find the repository's own tables and, where it is there, real material beside it.
enum PolicyMaterial {
    static let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .resolvingSymlinksInPath().deletingLastPathComponent().deletingLastPathComponent()
    private static let shared = package.appending(path: "../shared/data").standardized

    /// Absent on a user's machine.
    static var isThere: Bool { FileManager.default.fileExists(atPath: shared.path) }

    static func bytes(_ path: String) throws -> [UInt8] {
        try [UInt8](Data(contentsOf: shared.appending(path: path)))
    }

    static let catalogue: ActionCatalogue = {
        let file = package.appending(path: "schemas/policy/aws-actions.txt")
        return ActionCatalogue((try? String(contentsOf: file, encoding: .utf8)) ?? "")
    }()
}
