import Codecs
import Credentials
package import Engine
package import Ports

/// Files and folders that somebody else writes, read in byte order of their names.
///
/// The position is the set of files that were delivered, each as a digest of path, size and time of change, so a
/// file that was replaced or has grown is read again as a whole; the lane then drops the records it knows. A file
/// longer than a piece is read while its page is in work, so its size does not matter; how much of it is durable is
/// in the position, too.
package struct FileCollector: Collector {
    package struct Config: Hashable, Sendable {
        /// Absolute paths of files and folders.
        package var paths: [String]
        /// How long after the end of one walk the next begins.
        package var interval = Duration.seconds(30)
        /// A file changed more recently than this is left to the next walk: somebody may still be writing it.
        package var settling = Duration.zero
        /// Objects and bytes in a page; a page has at least one object.
        package var pageObjectsMax = 64
        package var pageBytesMax = 8 << 20
        /// Bytes read at once.
        package var pieceBytes = ObjectRest.pieceBytes

        package init(paths: [String]) { self.paths = paths }
    }

    /// Files remembered as delivered; of more, the first in byte order of digests are forgotten and read again.
    static let filesRememberedMax = 262_144
    /// Folders inside one another: a link that leads in a circle ends here.
    static let depthMax = 64
    /// Bytes and objects at which a page is full whatever the length of the position.
    static let worthMax = 8 << 20
    static let objectsMax = 4_096

    package let feed: String
    package let source: String
    private let config: Config

    /// What is still to be looked at, the next one last.
    private var stack: [(path: String, depth: Int, entry: FileEntry?)] = []
    private var done: Set<UInt64> = []
    private var nextWalk: Timestamp?
    private var call: (id: Int, path: String, depth: Int, entry: FileEntry?)?
    private var lastID = 0
    private var gathered: [RawObject] = []
    private var gatheredBytes = 0
    private var gatheredMarks: [UInt64] = []
    private var gatheredRests: [Int: ObjectRest] = [:]
    /// The file that an earlier life has delivered the beginning of.
    private var partial: PartialObject?
    private var isDelivering = false
    private var notes: [HealthNote] = []
    /// What was complained about in an earlier walk is not complained about again.
    private var complaints: Set<String> = []

    package init(feed: String, source: String, config: Config) {
        self.feed = feed
        self.source = source
        self.config = config
    }

    package mutating func resume(from position: [UInt8]?, mode: RunMode, at now: Timestamp) throws(Fault) {
        guard let position else { return }
        guard let json = JSONValue(json: position), json["v"]?.integer == 1,
            let packed = json["files"]?.string.flatMap({ Base64.decode($0) }), packed.count % 8 == 0
        else { throw Fault(.denied, "\(source): the saved position cannot be read") }
        for start in stride(from: 0, to: packed.count, by: 8) {
            done.insert(packed[start..<start + 8].reduce(0) { $0 << 8 | UInt64($1) })
        }
        partial = PartialObject(saved: json["partial"])
    }

    package mutating func next(at now: Timestamp) -> Step {
        if !notes.isEmpty { return .report(notes.removeFirst()) }
        if isDelivering || call != nil { return .wait(until: nil, isCaughtUp: false) }
        if nextWalk == nil {
            nextWalk = .distantPast
            stack = config.paths.reversed().map { ($0, 0, nil) }
        }
        while let item = stack.last {
            if isPageFull { return deliverGathered() }
            stack.removeLast()
            guard let entry = item.entry else { return ask(.entry(path: item.path), item) }
            switch entry.kind {
            case .other: continue
            case .folder:
                guard item.depth < Self.depthMax else {
                    complain("folder-too-deep", "\(item.path): folders more than \(Self.depthMax) deep")
                    continue
                }
                return ask(.list(folder: item.path), item)
            case .file:
                if done.contains(mark(of: entry)) || isSettling(entry, at: now) { continue }
                return ask(.read(path: item.path, range: 0..<Int64(config.pieceBytes)), item)
            }
        }
        if !notes.isEmpty { return .report(notes.removeFirst()) }
        if !gathered.isEmpty { return deliverGathered() }
        let interval = max(config.interval, .seconds(1))
        if nextWalk == .distantPast { nextWalk = now + interval }
        guard let walk = nextWalk, !walk.isDue(at: now, within: interval) else {
            nextWalk = nil
            return next(at: now)
        }
        return .wait(until: walk, isCaughtUp: true)
    }

    package mutating func take(_ reply: Reply, to id: Int, at now: Timestamp) throws(Fault) {
        guard let asked = call, asked.id == id else { return }
        call = nil
        switch reply {
        case .entry(let entry):
            guard let entry else {
                complain("file-missing", "\(asked.path): there is no such file or folder")
                return
            }
            stack.append((asked.path, asked.depth, entry))
        case .entries(let entries):
            for entry in entries.reversed() where !Self.isHidden(entry.path) {
                stack.append((entry.path, asked.depth + 1, entry))
            }
        case .bytes(let bytes):
            if let entry = asked.entry { gather(bytes, of: entry) }
        case .failed(let fault):
            if fault.kind == .transient { throw restore(asked, fault) }
            complain("file-unreadable", "\(fault.message); it is left out, and tried again at the next walk")
        case .answer, .messages, .committed: break
        }
    }

    package mutating func delivered(_ receipt: PageReceipt, at now: Timestamp) { isDelivering = false }

    // MARK: One page

    /// A long position is worth a long page: what is written for it stays an eighth of what is read.
    private var isPageFull: Bool {
        let worth = min(done.count * 88, Self.worthMax)
        return gatheredBytes >= max(config.pageBytesMax, worth) || gathered.count >= Self.objectsMax
            || gathered.count >= config.pageObjectsMax && gatheredBytes >= worth
    }

    private mutating func gather(_ bytes: [UInt8], of entry: FileEntry) {
        let mark = mark(of: entry)
        var object = RawObject(name: entry.path, bytes: bytes)
        object.recordsDone = partial.records(of: Self.name(of: mark))
        if bytes.count >= config.pieceBytes {
            gatheredRests[gathered.count] = .file(path: entry.path, pieceBytes: config.pieceBytes)
        }
        gathered.append(object)
        gatheredBytes += max(bytes.count, Int(clamping: entry.size))
        gatheredMarks.append(mark)
    }

    private mutating func deliverGathered() -> Step {
        let marks = gatheredMarks
        let before = done
        done.formUnion(marks)
        if done.count > Self.filesRememberedMax {
            for mark in done.sorted().prefix(done.count - Self.filesRememberedMax) { done.remove(mark) }
        }
        // A file whose beginning an earlier life has counted is not counted again.
        let known = gathered.count { $0.recordsDone > 0 }
        var page = RawPage(
            feed: feed, source: source, objects: gathered, position: Self.position(done, nil),
            listed: gathered.count - known, fetched: gathered.count - known)
        page.positionWithin = { mark in
            let partial =
                mark.object < marks.count
                ? PartialObject(mark: Self.name(of: marks[mark.object]), records: mark.records) : nil
            return Self.position(before.union(marks.prefix(mark.object)), partial)
        }
        let rests = gatheredRests
        gathered = []
        gatheredBytes = 0
        gatheredMarks = []
        gatheredRests = [:]
        isDelivering = true
        return .deliver(page, rests: rests)
    }

    private static func position(_ done: Set<UInt64>, _ partial: PartialObject?) -> [UInt8] {
        var packed: [UInt8] = []
        packed.reserveCapacity(done.count * 8)
        for mark in done.sorted() {
            for shift in stride(from: 56, through: 0, by: -8) {
                packed.append(UInt8(truncatingIfNeeded: mark >> UInt64(shift)))
            }
        }
        var position: [String: JSONValue] = ["v": 1, "files": .string(Base64.encode(packed))]
        if let partial { position["partial"] = partial.saved }
        return JSONValue.object(position).bytes
    }

    private static func name(of mark: UInt64) -> String { String(mark, radix: 16) }

    /// A file from a future that the clock has left is settled: it would be left alone for as long as the clock was ahead.
    private func isSettling(_ entry: FileEntry, at now: Timestamp) -> Bool {
        !entry.modified.isDue(at: now - config.settling, within: config.settling + VendorTime.tolerance)
    }

    private func mark(of entry: FileEntry) -> UInt64 {
        let text = "\(entry.path)\u{0}\(entry.size)\u{0}\(entry.modified.nanoseconds)"
        return Digest.sha256(Array(text.utf8)).prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }

    // MARK: Asking

    private mutating func ask(
        _ operation: Call.Operation, _ item: (path: String, depth: Int, entry: FileEntry?)
    ) -> Step {
        lastID += 1
        call = (lastID, item.path, item.depth, item.entry)
        return .call(Call(lastID, operation, isEssential: false))
    }

    private mutating func restore(
        _ asked: (id: Int, path: String, depth: Int, entry: FileEntry?), _ fault: Fault
    ) -> Fault {
        call = asked
        return fault
    }

    private mutating func complain(_ code: String, _ message: String) {
        guard complaints.count < 10_000, complaints.insert(message).inserted else { return }
        notes.append(HealthNote(.problem, source: source, code: code, message))
    }

    private static func isHidden(_ path: String) -> Bool {
        path.split(separator: "/").last?.hasPrefix(".") ?? false
    }
}
