import Engine
package import Ports

/// The catalog on disk: a log of changes that begins with a snapshot.
///
/// `catalog/<number>.log` holds a line for each change; a change counts once its line is durable, and bytes behind the
/// last whole line belong to a write that never counted. When the log has grown long a new one is written beside it,
/// and the old one goes. Readers take the highest number, in whatever process they are.
package final class CatalogLog {
    package static let folder = "catalog"
    /// A log is written anew when its changes are this many bytes, and more than its snapshot.
    static let rewriteBytes: Int64 = 64 << 10

    private let volume: any Volume
    private var number: UInt64 = 0
    private var bytes: Int64 = 0
    private var snapshotBytes: Int64 = 0
    /// A write failed, or was cut short by a crash: nobody knows what stands at the end.
    private var isTorn = false

    package init(volume: any Volume) { self.volume = volume }

    /// Whether a log can be read by itself.
    package static func isSnapshot(_ log: [UInt8]) -> Bool {
        guard let end = log.firstIndex(of: UInt8(ascii: "\n")) else { return false }
        do throws(CatalogLine.OtherVersion) {
            if case .snapshot = try CatalogLine.read(log[..<end]) { return true }
            return false
        } catch {
            return true
        }
    }

    package static func number(of path: String) -> UInt64 { Segment.number(of: path) }

    package static func path(_ number: UInt64) -> String {
        let digits = String(number)
        return "\(folder)/" + String(repeating: "0", count: max(0, 8 - digits.count)) + digits + ".log"
    }

    /// The catalog as it stands, for whoever is about to write it.
    package func open() async throws(Fault) -> Catalog {
        for path in try await volume.files(under: Self.folder) where path.hasSuffix(".new") {
            try await volume.remove(path)
        }
        guard let found = try await Self.newest(in: volume) else { return Catalog() }
        number = found.number
        bytes = found.bytes
        snapshotBytes = found.snapshotBytes
        isTorn = found.isTorn
        return found.catalog
    }

    /// The catalog as another process has left it or is writing it; empty where there is none.
    package static func read(_ volume: any Volume) async throws(Fault) -> Catalog {
        try await newest(in: volume)?.catalog ?? Catalog()
    }

    /// Makes a change durable. After a fault nothing has changed for sure.
    package func commit(_ change: Catalog.Change, to catalog: inout Catalog) async throws(Fault) {
        var next = catalog
        next.apply(change)
        let changes = bytes - snapshotBytes
        if next.id.isEmpty { next.id = Self.freshID(change) }
        if number == 0 || isTorn || (changes > Self.rewriteBytes && changes > snapshotBytes) {
            try await rewrite(next)
        } else {
            let line = CatalogLine.bytes(of: change)
            isTorn = true
            let length = try await volume.append(line, to: Self.path(number))
            guard length == bytes + Int64(line.count) else {
                throw Fault(.transient, "\(Self.path(number)) was changed by somebody else")
            }
            try await volume.synchronize(Self.path(number))
            isTorn = false
            bytes = length
        }
        catalog = next
    }

    /// A store's name is made of its first change, which no other store has to the nanosecond.
    static func freshID(_ change: Catalog.Change) -> String {
        let bytes = CatalogLine.bytes(of: change)
        let hash = unsafe bytes.withUnsafeBufferPointer { unsafe WyHash.hash($0) }
        let digits = String(hash & 0xFFFF_FFFF, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }

    private func rewrite(_ catalog: Catalog) async throws(Fault) {
        let path = Self.path(number + 1)
        let fresh = path + ".new"
        try await volume.remove(fresh)
        let length = try await volume.append(CatalogLine.bytes(of: catalog), to: fresh)
        try await volume.synchronize(fresh)
        try await volume.rename(fresh, to: path)
        let old = number
        number += 1
        bytes = length
        snapshotBytes = length
        isTorn = false
        // The change is true by now, whether the old one goes or stays: readers take the highest number.
        if old > 0 { try? await volume.remove(Self.path(old)) }
    }

    private struct Found {
        var number: UInt64
        var catalog: Catalog
        var bytes: Int64
        var snapshotBytes: Int64
        var isTorn: Bool
    }

    /// Times a reader looks again when the log it was about to read has just been replaced.
    private static let readTries = 5

    private static func newest(in volume: any Volume) async throws(Fault) -> Found? {
        var tries = readTries
        while true {
            let numbers = try await volume.files(under: folder).filter { $0.hasSuffix(".log") }.map(
                Segment.number)
            guard let number = numbers.max() else { return nil }
            let path = path(number)
            do throws(Fault) {
                guard let length = try await volume.length(of: path) else {
                    throw Fault(.transient, "\(path) is gone")
                }
                return try found(number, try await volume.read(path, in: 0..<length))
            } catch {
                tries -= 1
                let isGone = error.kind == .transient
                guard isGone, tries > 0, try await volume.length(of: path) == nil else { throw error }
            }
        }
    }

    private static func found(_ number: UInt64, _ bytes: [UInt8]) throws(Fault) -> Found {
        var found = Found(number: number, catalog: Catalog(), bytes: 0, snapshotBytes: 0, isTorn: false)
        var fold = CatalogFold(name: path(number))
        found.bytes = Int64(try fold.take(bytes))
        found.catalog = fold.catalog
        found.snapshotBytes = Int64(fold.snapshotBytes)
        found.isTorn = found.bytes < bytes.count
        return found
    }
}

/// A catalog's lines becoming a catalog.
package struct CatalogFold {
    /// What the log is called in messages.
    package var name: String
    package private(set) var catalog = Catalog()
    /// Segments of the snapshot that are still to come.
    private var missing = 0
    package private(set) var snapshotBytes = 0

    package init(name: String) { self.name = name }

    /// Takes the lines of one log.
    ///
    /// - Returns: the bytes of the whole lines; what is behind them belongs to a write that never counted.
    package mutating func take(_ bytes: [UInt8]) throws(Fault) -> Int {
        var start = 0
        while start < bytes.count {
            guard let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) else { break }
            let line: CatalogLine?
            do throws(CatalogLine.OtherVersion) {
                line = try CatalogLine.read(bytes[start..<end])
            } catch {
                throw Self.refusal(of: error.version)
            }
            switch line {
            case .snapshot(let snapshot, let segments):
                catalog = snapshot
                missing = segments
                snapshotBytes = end + 1
            case .change(let change):
                catalog.apply(change)
                if missing > 0 {
                    missing -= change.add.count
                    snapshotBytes = end + 1
                }
            case nil:
                // Whole lines behind a damaged one are no torn end: what they say must not be forgotten.
                guard bytes[(end + 1)...].firstIndex(of: UInt8(ascii: "\n")) == nil else {
                    throw damaged(at: start)
                }
            }
            if line == nil { break }
            start = end + 1
        }
        // A log gets its name when its snapshot is whole.
        if missing > 0 || (start == 0 && !bytes.isEmpty) { throw damaged(at: start) }
        return start
    }

    private func damaged(at byte: Int) -> Fault {
        Fault(
            .denied,
            "\(name) is damaged at byte \(byte): `martlet store verify --rebuild` makes a new catalog from the segments"
        )
    }

    private static func refusal(of version: Int64) -> Fault {
        Fault(
            .denied,
            version > CatalogLine.formatVersion
                ? "the store's catalog has format \(version), and this martlet knows up to "
                    + "\(CatalogLine.formatVersion): use the newer martlet, or another folder"
                : "the store's catalog has format \(version), which is no longer read: `martlet store verify --rebuild` "
                    + "makes a new catalog from the segments")
    }
}
