import Codecs
package import Engine
package import Ports

/// The embedded event store: what is delivered becomes Parquet segments, and the catalog says which of them count.
///
/// A delivery is durable and in the catalog before it is answered, all of it or nothing; one that comes again is known
/// by its id and content. One process writes; any number read, each its own snapshot of the catalog.
package actor EventStore {
    package struct Limits: Hashable, Sendable {
        /// Rows in a row group.
        package var rowGroupRows = 20_480
        /// Of segments as they are delivered, and of those merged from them: zstd levels.
        package var deliveredLevel = -5
        package var mergedLevel = 1
        /// So many segments of a day that are about as large as each other are merged into one. Full deliveries then
        /// make one that is not merged again, so that a busy store writes each row twice and no more.
        package var mergeMin = 32
        /// At most so many at once, all of them in memory.
        package var mergeMax = 64
        /// What is merged has at most so many rows and bytes, and a segment that has a third of either is not merged again:
        /// merging packs better than delivering, so that what came in full goes out a good deal smaller.
        package var mergedRows = 1_000_000
        package var mergedBytes: Int64 = 64 << 20
        /// A day to which nothing was added for so long is merged with fewer segments, too.
        package var mergeIdle = Duration.hours(1)
        /// How long a segment that was replaced stays for those who are reading it.
        package var grace = Duration.minutes(10)

        package init() {}
    }

    package nonisolated let plans: [ColumnPlan]
    package nonisolated let limits: Limits
    nonisolated let volume: any Volume
    nonisolated let time: any TimeSource
    private let turnstile = Turnstile()
    private let log: CatalogLog
    package private(set) var catalog = Catalog()
    private var retired: [(path: String, since: Timestamp)] = []
    var clock = ClockTrust()
    private(set) var newestAtOpen = Timestamp.distantPast
    private var isOpen = false
    private let shredders: [BatchShredder]
    /// One delivery at a time: they share the shredders' memory.
    private let deliveries = Turnstile()

    package init(
        _ plans: [ColumnPlan], volume: any Volume, time: any TimeSource, limits: Limits = Limits()
    ) {
        self.plans = plans
        self.volume = volume
        self.time = time
        self.limits = limits
        log = CatalogLog(volume: volume)
        shredders = plans.map { BatchShredder($0, level: limits.deliveredLevel) }
    }

    /// Reads the catalog and removes what no catalog knows: the remains of writes that never counted.
    package func open() async throws(Fault) {
        await turnstile.enter()
        defer { turnstile.leave() }
        guard !isOpen else { return }
        catalog = try await log.open()
        for plan in plans {
            for path in try await volume.files(under: plan.table) where catalog[path] == nil {
                try await volume.remove(path)
            }
        }
        newestAtOpen = catalog.newest
        isOpen = true
    }

    /// Stores a delivery.
    ///
    /// - Returns: the numbers of events that are no JSON and so are not stored; all others are.
    package func append(_ batch: EventBatch, id: String) async throws(Fault) -> [Int] {
        try await open()
        await deliveries.enter()
        defer { deliveries.leave() }
        let known = Catalog.Batch(id: id, digest: Self.digest(batch.bytes))
        var refused: [Int] = []
        var change = Catalog.Change(batch: known)
        if catalog.has(known) { return [] }
        do throws(Fault) {
            for shredder in shredders {
                let wanted = shredder.wanted(batch)
                if wanted.isEmpty { continue }
                refused += shredder.shred(batch, wanted)
                change.add += try await write(shredder)
            }
        } catch {
            // What was not said to the catalog did not happen.
            throw Fault(error.kind, error.message, mayHaveArrived: false)
        }
        do throws(Fault) {
            try await commit(change)
        } catch {
            // The line may be on the disk, or come there, whatever the disk has said of it: the same delivery has to come again.
            throw Fault(error.kind, error.message, mayHaveArrived: true)
        }
        return refused.sorted()
    }

    /// Tells a delivery's content from another's under the same id: no more is asked of it.
    private static func digest(_ bytes: [UInt8]) -> String {
        unsafe bytes.withUnsafeBufferPointer { unsafe String(WyHash.hash($0), radix: 16) }
    }

    private func write(_ shredder: BatchShredder) async throws(Fault) -> [Segment] {
        var segments: [Segment] = []
        for day in shredder.filledDays {
            var encoded: BatchShredder.Encoded?
            try Self.coded { () throws(CodecError) in encoded = try shredder.encode(day) }
            guard let encoded else { continue }
            var file = begin(shredder.plan.table, day)
            try await append(encoded.bytes, to: &file)
            segments.append(try await seal(&file, rows: encoded.rows, times: encoded.times, level: 0))
        }
        return segments
    }

    // MARK: Segments

    /// A segment being written.
    struct OpenSegment {
        var table: String
        var day: Int
        var number: UInt64
        var bytes: Int64 = 0
        var path: String { Segment.path(table: table, day: day, number: number) }
        var partial: String { path + ".partial" }
    }

    func begin(_ table: String, _ day: Int) -> OpenSegment {
        OpenSegment(table: table, day: day, number: catalog.takeNumber())
    }

    func append(_ bytes: [UInt8], to file: inout OpenSegment) async throws(Fault) {
        if file.bytes == 0 { try await volume.remove(file.partial) }
        file.bytes += Int64(bytes.count)
        let length = try await volume.append(bytes, to: file.partial)
        guard length == file.bytes else {
            throw Fault(.transient, "\(file.partial) was changed by somebody else")
        }
    }

    /// Makes the file whole and durable under its name; it counts with the change that adds it.
    ///
    /// - Parameter inputs: the names of all segments whose rows are in it.
    func finish(
        _ encoder: SegmentEncoder, _ file: inout OpenSegment, level: Int, inputs: [String] = []
    ) async throws(Fault) -> Segment {
        try Self.coded { () throws(CodecError) in try encoder.finish(level: level, inputs: inputs) }
        try await append(encoder.take(), to: &file)
        return try await seal(&file, rows: encoder.rowCount, times: encoder.times ?? 0...0, level: level)
    }

    /// Takes in a segment that another store wrote, under its own name there.
    ///
    /// - Returns: whether its rows were not here before, as themselves or merged into others.
    package func take(_ segment: Segment, _ bytes: [UInt8]) async throws(Fault) -> Bool {
        try await open()
        await deliveries.enter()
        defer { deliveries.leave() }
        guard let plan = plans.first(where: { $0.table == segment.table }) else {
            throw Fault(.denied, "\(segment.path): the table \(segment.table) is not known")
        }
        let path = segment.path
        let held = MemorySource(files: [path: bytes])
        let found = try await StoreCheck.read(path, Int64(bytes.count), plan, held)
        if try await holds(Segment.name(of: path), in: Segment.folder(of: path), plan) { return false }
        try await volume.remove(path + ".partial")
        _ = try await volume.append(bytes, to: path + ".partial")
        try await volume.synchronize(path + ".partial")
        try await volume.rename(path + ".partial", to: path)
        var taken = segment
        taken.rows = found.rows
        taken.bytes = Int64(bytes.count)
        (taken.from, taken.to) = (found.from, found.to)
        taken.written = time.now
        try await commit(Catalog.Change(add: [taken]))
        return true
    }

    /// Whether a segment, named as other stores name it, is here, perhaps in what it was merged into.
    package func holds(
        _ name: String, in folder: String, _ plan: ColumnPlan
    ) async throws(Fault) -> Bool {
        for segment in catalog.folders[folder, default: [:]].values.sorted(by: { $0.path < $1.path }) {
            if Segment.name(of: segment.path, in: catalog.id) == name { return true }
            let file = try await SegmentFile.open(
                segment.path, bytes: segment.bytes, plan, VolumeSource(volume))
            if file.inputs.contains(where: { Segment.qualified($0, catalog.id) == name }) { return true }
        }
        return false
    }

    private func seal(
        _ file: inout OpenSegment, rows: Int, times: ClosedRange<Int64>, level: Int
    ) async throws(Fault) -> Segment {
        try await volume.synchronize(file.partial)
        try await volume.rename(file.partial, to: file.path)
        return Segment(
            table: file.table, day: file.day, number: file.number, rows: rows, bytes: file.bytes,
            from: times.lowerBound, to: times.upperBound, level: level, written: time.now)
    }

    static func coded(_ body: () throws(CodecError) -> Void) throws(Fault) {
        do throws(CodecError) { try body() } catch { throw Fault(.malformed, "writing a segment: \(error)") }
    }

    // MARK: The catalog

    /// Makes a change true; the segments it removes go from the disk when their grace is over.
    func commit(_ change: Catalog.Change) async throws(Fault) {
        await turnstile.enter()
        defer { turnstile.leave() }
        var next = catalog
        try await log.commit(change, to: &next)
        // Numbers may have been taken meanwhile.
        next.raise(next: catalog.nextNumber)
        catalog = next
        let now = time.now
        retired += change.remove.map { ($0, now) }
    }

    /// Removes segments that were replaced long enough ago.
    ///
    /// - Parameter all: whatever their grace, where nobody else reads.
    package func tidy(all: Bool = false) async throws(Fault) {
        let now = time.now
        while let first = retired.first, all || first.since + limits.grace <= now {
            retired.removeFirst()
            try await volume.remove(first.path)
        }
    }
}
