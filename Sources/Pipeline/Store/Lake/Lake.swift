package import Ports
package import Store

/// Where segments of one store or of several are kept for others: a folder, or what is under a prefix of a bucket.
///
/// It is laid out as a store is: `events/day=2026-11-24/0000000000000042-1f3a5b7c.parquet` and a catalog. A segment is
/// created once, under a name that says which store wrote it, and never changed.
package protocol Lake: Sendable {
    /// As a person writes it.
    var name: String { get }
    var source: any SegmentSource { get }
    func catalog() async throws(Fault) -> Catalog
    /// Makes a file durable under its name; false where the same is there already, a fault where it is something else.
    func create(_ path: String, _ bytes: [UInt8]) async throws(Fault) -> Bool
    /// Makes a change of the catalog true, whoever else is changing it.
    func commit(_ change: Catalog.Change) async throws(Fault)
    func remove(_ path: String) async throws(Fault)
}

/// A folder, which is a store of its own then: `--store` reads it.
package actor FolderLake: Lake {
    package nonisolated let name: String
    private let volume: any Volume
    private let log: CatalogLog
    private let isWritten: Bool
    private var current: Catalog?

    /// - Parameter isWritten: the volume is ours alone.
    package init(_ folder: String, _ volume: any Volume, isWritten: Bool) {
        name = folder
        self.isWritten = isWritten
        self.volume = volume
        log = CatalogLog(volume: volume)
    }

    package nonisolated var source: any SegmentSource { VolumeSource(volume) }

    package func catalog() async throws(Fault) -> Catalog {
        if let current { return current }
        let opened = isWritten ? try await log.open() : try await CatalogLog.read(volume)
        current = opened
        return opened
    }

    package func create(_ path: String, _ bytes: [UInt8]) async throws(Fault) -> Bool {
        if let length = try await volume.length(of: path) {
            guard length == Int64(bytes.count), try await volume.read(path, in: 0..<length) == bytes else {
                throw Fault(.rejected(rows: []), "\(name)/\(path) is there, and is something else")
            }
            return false
        }
        let partial = path + ".partial"
        try await volume.remove(partial)
        _ = try await volume.append(bytes, to: partial)
        try await volume.synchronize(partial)
        try await volume.rename(partial, to: path)
        return true
    }

    package func commit(_ change: Catalog.Change) async throws(Fault) {
        var next = try await catalog()
        try await log.commit(change, to: &next)
        current = next
    }

    package func remove(_ path: String) async throws(Fault) { try await volume.remove(path) }
}
