package import Ports

/// How a pipeline's own files looked at a moment: its file, rules, placeholders, identities, databases of places, vendor
/// folders and verdicts.
///
/// Two stamps differ when a file came, went, or was written; what the files hold is not read for it.
package struct ContentStamp: Hashable, Sendable {
    /// Files looked at; of more the rest is not watched.
    package static let filesMax = 100_000
    private static let folderDepthMax = 32

    private var entries: [FileEntry] = []

    package init() {}

    /// - Parameters:
    ///   - vendors: folders with more feeds for every pipeline, absolute.
    ///   - state: the pipeline's state folder, which holds the verdicts.
    package init(of file: PipelineFile, vendors: [String], state: String, _ files: any FileReader) async {
        var paths = [file.path]
        paths += file.config.rules.map(\.value).filter { $0 != RuleLibrary.builtinName }.map {
            file.absolute($0)
        }
        paths += file.config.vendors.map { file.absolute($0.value) } + vendors
        for path in [file.config.placeholders, file.config.attribution.identities?.value] {
            if let path { paths.append(file.absolute(path)) }
        }
        paths.append("\(state)/\(Judgements.folder)")
        paths += file.config.geo.databases.map { file.absolute($0.value) }
        for path in paths { await add(path, depth: 0, files) }
    }

    private mutating func add(_ path: String, depth: Int, _ files: any FileReader) async {
        guard entries.count < Self.filesMax, depth < Self.folderDepthMax,
            let entry = try? await files.entry(at: path)
        else { return }
        entries.append(entry)
        guard entry.kind == .folder, let inner = try? await files.entries(of: path) else { return }
        for entry in inner where entries.count < Self.filesMax {
            if entry.kind == .folder {
                await add(entry.path, depth: depth + 1, files)
            } else {
                entries.append(entry)
            }
        }
    }
}
