package import Ports

/// The state folders of all pipelines under one folder: each is named as its pipeline.
package enum StateFolders {
    /// What marks a pipeline's state: the folder of its journal.
    private static let mark = "journal"

    /// Absolute paths with the pipelines' names, in name order. A folder that is itself a pipeline's is given alone.
    package static func under(
        _ folder: String, _ files: any FileReader
    ) async throws(Fault) -> [(name: String, path: String)] {
        if try await files.entry(at: "\(folder)/\(mark)")?.kind == .folder {
            return [(Paths.name(of: folder), folder)]
        }
        guard try await files.entry(at: folder)?.kind == .folder else { return [] }
        var found: [(name: String, path: String)] = []
        for entry in try await files.entries(of: folder) where entry.kind == .folder {
            if try await files.entry(at: "\(entry.path)/\(mark)")?.kind == .folder {
                found.append((Paths.name(of: entry.path), entry.path))
            }
        }
        return found
    }

    /// Where a pipeline keeps its state.
    package static func path(of pipeline: String, in folder: String) -> String { "\(folder)/\(pipeline)" }
}
