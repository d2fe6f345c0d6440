import Collectors
import Credentials
import Engine
package import Ports
package import Store

/// A prefix of a bucket. Every object is created once, with `If-None-Match: *`, catalog included.
///
/// The catalog is `catalog/00000007.log`, each the change of one commit, or a snapshot. Who wants to commit creates the
/// next number; whoever was faster makes the other look again. So any number of exporters may write to one lake, and a
/// reader has the last snapshot and the few changes behind it.
package struct BucketLake: Lake {
    /// Every so many commits the catalog is written whole.
    static let snapshotEvery: UInt64 = 32
    private static let attempts = 8
    /// How often a commit looks again, because others were faster.
    private static let commitTries = 100
    /// What of two files is compared where one is there already: a footer's statistics and check sum tell them apart.
    private static let comparedBytes: Int64 = 64 << 10
    private static let logBytesMax = 256 << 20

    package let name: String
    private let bucket: S3Bucket
    /// Empty, or with a slash at its end.
    private let prefix: String
    private let caller: Caller

    init(_ bucket: S3Bucket, prefix: String, caller: Caller) {
        self.bucket = bucket
        self.caller = caller
        let prefix = prefix.drop { $0 == "/" }
        self.prefix = prefix.isEmpty || prefix.hasSuffix("/") ? String(prefix) : prefix + "/"
        name = bucket.uri(of: self.prefix)
    }

    package var source: any SegmentSource { BucketSource(lake: self) }

    private func send(_ operation: Call.Operation) async throws(Fault) -> HTTPResponse {
        guard case .http(let request, let authorizer, let rule) = operation else {
            throw Fault(.malformed, "a bucket is asked by HTTP")
        }
        return try await caller.send(request, authorizer: authorizer, rule: rule, attempts: Self.attempts)
    }

    /// Every key under the prefix, in byte order.
    package func keys() async throws(Fault) -> [String] {
        var keys: [String] = []
        var continuation: String?
        repeat {
            let listing = try bucket.listing(
                in: try await send(bucket.list(prefix: prefix, continuation: continuation)))
            keys += listing.objects.map(\.key)
            continuation = listing.continuation
        } while continuation != nil
        return keys
    }

    // MARK: Segments

    func read(_ path: String, in range: Range<Int64>) async throws(Fault) -> [UInt8] {
        let key = prefix + path
        let piece = try bucket.piece(
            of: key, isFirst: range.lowerBound == 0, in: try await send(bucket.get(key, range)))
        guard piece.bytes.count == range.count else {
            throw Fault(.malformed, "\(bucket.uri(of: key)) is shorter than the catalog says")
        }
        return piece.bytes
    }

    package func create(_ path: String, _ bytes: [UInt8]) async throws(Fault) -> Bool {
        let key = prefix + path
        if try bucket.created(key, in: try await send(bucket.create(key, bytes))) { return true }
        let end = Int64(bytes.count)
        let tail = max(0, end - Self.comparedBytes)..<end
        let key0 = bucket.uri(of: key)
        let piece = try bucket.piece(of: key, isFirst: false, in: try await send(bucket.get(key, tail)))
        guard piece.total == end, piece.bytes == Array(bytes[Int(tail.lowerBound)...]) else {
            throw Fault(.rejected(rows: []), "\(key0) is there, and is something else")
        }
        return false
    }

    package func remove(_ path: String) async throws(Fault) {
        let key = prefix + path
        try bucket.deleted(key, in: try await send(bucket.delete(key)))
    }

    // MARK: The catalog

    package func catalog() async throws(Fault) -> Catalog { try await newest().catalog }

    package func commit(_ change: Catalog.Change) async throws(Fault) {
        for _ in 0..<Self.commitTries {
            let found = try await newest()
            let number = found.number + 1
            let isSnapshot = number % Self.snapshotEvery == 1 || found.number == 0
            let bytes = isSnapshot ? found.catalog.snapshot(with: change) : change.line
            let key = prefix + CatalogLog.path(number)
            if try bucket.created(key, in: try await send(bucket.create(key, bytes))) {
                if isSnapshot { await forget(found.keys, before: number) }
                return
            }
        }
        throw Fault(.transient, "\(name): others commit all the time; try again")
    }

    /// Takes away logs that nobody needs for whom the snapshot before the last is old enough. Who may not, leaves them.
    private func forget(_ keys: [String], before number: UInt64) async {
        guard number > Self.snapshotEvery else { return }
        for key in keys where CatalogLog.number(of: key) < number - Self.snapshotEvery {
            guard let response = try? await send(bucket.delete(key)),
                (try? bucket.deleted(key, in: response)) != nil
            else { return }
        }
    }

    private struct Found {
        var number: UInt64 = 0
        var catalog = Catalog()
        var keys: [String] = []
    }

    private func newest() async throws(Fault) -> Found {
        var found = Found()
        var continuation: String?
        repeat {
            let listing = try bucket.listing(
                in: try await send(
                    bucket.list(prefix: prefix + CatalogLog.folder + "/", continuation: continuation)))
            found.keys += listing.objects.map(\.key).filter { $0.hasSuffix(".log") }
            continuation = listing.continuation
        } while continuation != nil
        // Backwards to a log that begins with a snapshot, then forwards.
        var logs: [(key: String, bytes: [UInt8])] = []
        for key in found.keys.sorted().reversed() {
            let bytes = try bucket.object(
                key, in: try await send(bucket.get(key, bytesMax: Self.logBytesMax)))
            logs.append((key, bytes))
            if CatalogLog.isSnapshot(bytes) { break }
        }
        guard let newest = logs.first else { return found }
        found.number = CatalogLog.number(of: newest.key)
        var fold = CatalogFold(name: name)
        for (key, bytes) in logs.reversed() {
            fold.name = bucket.uri(of: key)
            guard try fold.take(bytes) == bytes.count else {
                throw Fault(.malformed, "\(fold.name) is cut off")
            }
        }
        found.catalog = fold.catalog
        return found
    }
}

/// A lake's segments, straight from the bucket.
struct BucketSource: SegmentSource {
    let lake: BucketLake

    func read(_ path: String, in range: Range<Int64>) async throws(Fault) -> [UInt8] {
        try await lake.read(path, in: range)
    }
}
