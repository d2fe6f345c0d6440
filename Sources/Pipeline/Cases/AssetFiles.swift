import Engine
package import Ports

/// The files inside the binary, seen as a folder tree: `/schemas/…`, `/pipelines/…`.
package struct AssetFiles: FileReader {
    package init() {}

    package func entry(at path: String) async throws(Fault) -> FileEntry? {
        let name = String(path.dropFirst())
        if let bytes = Assets.bytes(name) {
            return FileEntry(path: path, kind: .file, size: Int64(bytes.count))
        }
        let isFolder = name.isEmpty || Assets.names.contains { $0.hasPrefix("\(name)/") }
        return isFolder ? FileEntry(path: path, kind: .folder) : nil
    }

    package func entries(of folder: String) async throws(Fault) -> [FileEntry] {
        let prefix = folder == "/" ? "" : "\(folder.dropFirst())/"
        var entries: [FileEntry] = []
        for name in Assets.names where name.hasPrefix(prefix) {
            let rest = name.dropFirst(prefix.count)
            let slash = rest.firstIndex(of: "/")
            let path = "/\(prefix)\(rest[..<(slash ?? rest.endIndex)])"
            if entries.last?.path == path { continue }
            entries.append(FileEntry(path: path, kind: slash == nil ? .file : .folder))
        }
        return entries
    }

    package func read(_ path: String, in range: Range<Int64>) async throws(Fault) -> [UInt8] {
        guard let bytes = Assets.bytes(String(path.dropFirst())) else {
            throw Fault(.rejected(rows: []), "\(path): no such file in this binary")
        }
        return Array(bytes[range.clamped(to: 0..<Int64(bytes.count)).ints])
    }
}

extension Range<Int64> {
    fileprivate var ints: Range<Int> { Int(lowerBound)..<Int(upperBound) }
}
