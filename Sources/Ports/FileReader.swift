package import Engine

/// What stands at a path.
package struct FileEntry: Hashable, Sendable {
    package enum Kind: Hashable, Sendable { case file, folder, other }

    /// Absolute.
    package var path: String
    package var kind: Kind
    /// Bytes; 0 for anything but a file.
    package var size: Int64
    package var modified: Timestamp

    package init(path: String, kind: Kind, size: Int64 = 0, modified: Timestamp = .epoch) {
        self.path = path
        self.kind = kind
        self.size = size
        self.modified = modified
    }
}

/// Files that belong to somebody else and are only read: logs in a folder, `~/.aws`, a token file.
///
/// Paths are absolute. Symbolic links are followed. A file that is missing or may not be read is a fault whose
/// message names the path and the reason: `denied` for a permission, `rejected` for anything that waiting
/// does not mend (missing, not a file, too large), `transient` for an I/O error.
package protocol FileReader: Sendable {
    /// `nil` where there is nothing.
    func entry(at path: String) async throws(Fault) -> FileEntry?
    /// What stands directly in a folder, in byte order of the names, without `.` and `..`.
    func entries(of folder: String) async throws(Fault) -> [FileEntry]
    /// The bytes in `range`, fewer where the file ends.
    func read(_ path: String, in range: Range<Int64>) async throws(Fault) -> [UInt8]
}

extension FileReader {
    /// A whole file, refused where it is larger than `bytesMax`.
    package func read(_ path: String, bytesMax: Int64) async throws(Fault) -> [UInt8] {
        let bytes = try await read(path, in: 0..<(bytesMax + 1))
        guard bytes.count <= bytesMax else {
            throw Fault(.rejected(rows: []), "\(path) is larger than \(bytesMax) bytes")
        }
        return bytes
    }
}
