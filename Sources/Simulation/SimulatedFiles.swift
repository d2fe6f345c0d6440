package import Engine
package import Ports
import Synchronization

/// Somebody else's files, as `FileReader` shows them.
package final class SimulatedFiles: FileReader {
    private struct File {
        var bytes: [UInt8]
        var modified: Timestamp
        var isForbidden = false
    }

    private struct State {
        var files: [String: File] = [:]
        var forbiddenFolders: Set<String> = []
        var readings: [String] = []
    }

    private let state = Mutex(State())

    package init(_ texts: [String: String] = [:]) {
        for (path, text) in texts { self[path] = Array(text.utf8) }
    }

    package subscript(path: String) -> [UInt8]? {
        get { state.withLock { $0.files[path]?.bytes } }
        set { state.withLock { $0.files[path] = newValue.map { File(bytes: $0, modified: .epoch) } } }
    }

    /// Writes a file as of a time.
    package func write(_ bytes: [UInt8], to path: String, at time: Timestamp) {
        state.withLock { $0.files[path] = File(bytes: bytes, modified: time) }
    }

    package func forbid(file path: String) { state.withLock { $0.files[path]?.isForbidden = true } }
    package func forbid(folder path: String) { state.withLock { _ = $0.forbiddenFolders.insert(path) } }
    package func allow(folder path: String) { state.withLock { _ = $0.forbiddenFolders.remove(path) } }

    /// The files that were read, in order.
    package var readings: [String] { state.withLock { $0.readings } }

    package func entry(at path: String) async throws(Fault) -> FileEntry? {
        state.withLock { state in
            if let file = state.files[path] {
                return FileEntry(
                    path: path, kind: .file, size: Int64(file.bytes.count), modified: file.modified)
            }
            let isFolder = state.files.keys.contains { $0.hasPrefix(path == "/" ? "/" : path + "/") }
            return isFolder || state.forbiddenFolders.contains(path)
                ? FileEntry(path: path, kind: .folder) : nil
        }
    }

    package func entries(of folder: String) async throws(Fault) -> [FileEntry] {
        let found: [FileEntry]? = state.withLock { state in
            if state.forbiddenFolders.contains(folder) { return nil }
            let prefix = folder == "/" ? "/" : folder + "/"
            var entries: [String: FileEntry] = [:]
            for (path, file) in state.files where path.hasPrefix(prefix) {
                let rest = path.dropFirst(prefix.count)
                if let slash = rest.firstIndex(of: "/") {
                    let inner = prefix + rest[..<slash]
                    entries[inner] = FileEntry(path: inner, kind: .folder)
                } else {
                    entries[path] = FileEntry(
                        path: path, kind: .file, size: Int64(file.bytes.count), modified: file.modified)
                }
            }
            return entries.values.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
        }
        guard let found else { throw Fault(.denied, "\(folder): permission denied") }
        return found
    }

    package func read(_ path: String, in range: Range<Int64>) async throws(Fault) -> [UInt8] {
        let file = state.withLock { state in
            state.readings.append(path)
            return state.files[path]
        }
        guard let file else { throw Fault(.rejected(rows: []), "\(path): no such file") }
        if file.isForbidden { throw Fault(.denied, "\(path): permission denied") }
        let end = min(range.upperBound, Int64(file.bytes.count))
        return range.lowerBound < end ? Array(file.bytes[Int(range.lowerBound)..<Int(end)]) : []
    }
}

/// Programs that answer as written, by the name they are called under; an unknown one cannot be started.
package final class ScriptedProcesses: ChildProcess {
    private let programs: [String: ChildResult]
    private let started = Mutex<[[String]]>([])

    package init(_ programs: [String: ChildResult] = [:]) { self.programs = programs }

    /// The command lines started, in order.
    package var commands: [[String]] { started.withLock { $0 } }

    package func run(_ command: ChildCommand) async throws(Fault) -> ChildResult {
        started.withLock { $0.append(command.arguments) }
        guard let name = command.arguments.first, let result = programs[name] else {
            throw Fault(.denied, "\(command.arguments.first ?? ""): no such program")
        }
        return result
    }
}
