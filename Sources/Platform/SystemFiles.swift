import Engine
import Glibc
package import Ports

/// Other people's files on this machine.
package actor SystemFiles: FileReader {
    /// Read in one call: bytes.
    private static let readBytesMax = 1 << 30

    private let executor = BlockingExecutor("martlet.files")

    package nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe executor.asUnownedSerialExecutor()
    }

    package init() {}

    package func entry(at path: String) async throws(Fault) -> FileEntry? { try Self.entryNow(path) }

    package func entries(of folder: String) async throws(Fault) -> [FileEntry] {
        guard let stream = unsafe opendir(folder) else { throw Self.fault(folder, errno) }
        defer { unsafe closedir(stream) }
        var names: [String] = []
        while let entry = unsafe readdir(stream) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        names.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        var entries: [FileEntry] = []
        for name in names {
            // What vanished, and a link that leads nowhere, is as if it had not been there.
            if let entry = try Self.entryNow(folder == "/" ? "/\(name)" : "\(folder)/\(name)") {
                entries.append(entry)
            }
        }
        return entries
    }

    package func read(_ path: String, in range: Range<Int64>) async throws(Fault) -> [UInt8] {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw Self.fault(path, errno) }
        defer { close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw Self.fault(path, errno) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw Fault(.rejected(rows: []), "\(path) is not a file")
        }
        let start = max(0, range.lowerBound)
        let end = max(start, min(range.upperBound, Int64(status.st_size)))
        guard end - start <= Self.readBytesMax else {
            throw Fault(.rejected(rows: []), "\(path) is larger than \(Self.readBytesMax) bytes")
        }
        switch PositionedRead.bytes(of: descriptor, from: start, count: Int(end - start)) {
        case .success(let bytes): return bytes
        case .failure(let number): throw Self.fault(path, number.value)
        }
    }

    private static func entryNow(_ path: String) throws(Fault) -> FileEntry? {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else {
            if errno == ENOENT || errno == ENOTDIR || errno == ELOOP { return nil }
            throw fault(path, errno)
        }
        let modified =
            Timestamp(seconds: Int64(status.st_mtim.tv_sec)) + .nanoseconds(Int64(status.st_mtim.tv_nsec))
        switch status.st_mode & S_IFMT {
        case S_IFREG:
            return FileEntry(path: path, kind: .file, size: Int64(status.st_size), modified: modified)
        case S_IFDIR: return FileEntry(path: path, kind: .folder, modified: modified)
        default: return FileEntry(path: path, kind: .other, modified: modified)
        }
    }

    private static func fault(_ path: String, _ number: Int32) -> Fault {
        let reason = unsafe String(cString: strerror(number))
        return switch number {
        case EACCES, EPERM: Fault(.denied, "\(path): \(reason)")
        case ENOENT, ENOTDIR, EISDIR, ELOOP, ENAMETOOLONG: Fault(.rejected(rows: []), "\(path): \(reason)")
        default: Fault(.transient, "\(path): \(reason)")
        }
    }
}
