import Codecs
import Engine
import Exporters
package import Ports

/// Recognises, for a week, a record that was delivered before: same uid, same content.
///
/// The journal decides what was delivered; this is what of it can be asked quickly. Keys are kept by the hour of
/// the event's own time, in append-only files of 16-byte entries by the day of their arrival, and in memory as
/// far as there is room. Everything can be rebuilt from the journal from a watermark on.
package actor Duplicates {
    package struct Limits: Hashable, Sendable {
        /// Keys in memory. Beyond it the hours not asked for longest are held as fingerprints of 5 bytes a key, and their
        /// files are read to be sure of a duplicate; beyond even that (three million keys) hours leave memory and are read
        /// again when asked for. The hour in use stays.
        package var bytesMax = 16 << 20
        /// Of one hour. One with more keys (about 250,000) is held as fingerprints; one with more than 1.3
        /// million is not held, and its files are read for every batch.
        package var hourBytesMax = 6 << 20
        /// How long a duplicate is recognised, in days of arrival on which something came.
        package var daysKept: Int64 = 7
        /// Hours with a file of their own. Events beyond it (clocks gone mad, or a hostile log) share sixteen.
        package var hoursMax = 4_096
        /// New keys until everything is written out and the watermark moves: 4 MiB of the memory above. A backfill's keys
        /// are of hundreds of hours, and each hour's file is written and synchronized by itself.
        package var flushKeys = 262_144

        package init() {}
    }

    /// A page's stay in here, from its first question to its commit.
    package struct Ticket: Hashable, Sendable {
        fileprivate var number: UInt64
        fileprivate var version: UInt64
    }

    static let magic: [UInt8] = Array("MARTLETD".utf8) + littleEndian(1) + [0, 0, 0, 0]
    static let entryBytes = 16
    /// "MWMK"
    static let watermarkMagic: UInt32 = 0x4B4D_574D
    static let watermarkPath = "duplicates/watermark"

    struct Reserved {
        var keys: KeyTable
        /// Its commit's number will be at least this.
        var sequenceAtLeast: UInt64
    }

    let volume: any Volume
    let time: any TimeSource
    let limits: Limits
    var hours: [Int64: DuplicateHour] = [:]
    private var uses: UInt64 = 0
    var memory = 0
    var unflushed = 0
    private var hasOverflow = false
    /// Pages in work, with the number of commits they have seen.
    private var open: [UInt64: UInt64] = [:]
    private var nextTicket: UInt64 = 0
    private var version: UInt64 = 0
    /// Keys committed while a page in work had perhaps asked already.
    private var recent: [(version: UInt64, keys: KeyTable)] = []
    var reserved: [UInt64: Reserved] = [:]
    var committedBelow: UInt64 = 0
    /// Files with keys that are not yet synchronized.
    var dirty: Set<String> = []
    /// A synchronize has failed: what it was to make durable may be gone although a later one succeeds. The watermark
    /// then stays, and the next start takes those keys from the journal again.
    var isPoisoned = false
    private let released = Pulse()
    let turnstile = Turnstile()

    private init(volume: any Volume, time: any TimeSource, limits: Limits) {
        self.volume = volume
        self.time = time
        self.limits = limits
    }

    package static func open(
        volume: any Volume, time: any TimeSource, journal: Journal, limits: Limits = Limits()
    ) async throws(Fault) -> Duplicates {
        let duplicates = Duplicates(volume: volume, time: time, limits: limits)
        let watermark = try await duplicates.findFiles()
        await journal.setDuplicatesHave(watermark)
        try await journal.replay(from: watermark) { next, pages throws(Fault) in
            await duplicates.takeUp(pages, before: next)
            if await duplicates.wantsFlush { await journal.setDuplicatesHave(try await duplicates.flush()) }
        }
        return duplicates
    }

    private func takeUp(_ pages: [PageCommit], before sequence: UInt64) {
        for page in pages { insert(page.duplicates) }
        committedBelow = max(committedBelow, sequence)
    }

    /// The files of earlier runs, and how far in the journal they reach.
    private func findFiles() async throws(Fault) -> UInt64 {
        for path in try await volume.files(under: "duplicates") where path.hasSuffix(".md") {
            guard let number = segmentNumber(path) else { continue }
            hours[Int64(bitPattern: number), default: DuplicateHour()].files.append(path)
            if Int64(bitPattern: number) < Self.overflow + 16 { hasOverflow = true }
        }
        guard let length = try await volume.length(of: Self.watermarkPath) else { return 0 }
        let tail = try await volume.read(Self.watermarkPath, in: max(0, length - 1_600)..<length)
        var best: UInt64 = 0
        // Found at whatever offset a torn entry has left them.
        for start in 0..<max(0, tail.count - 15) {
            var reader = BinaryReader(tail, in: start..<start + 16)
            guard let number: UInt64 = try? reader.word(), let check: UInt32 = try? reader.word(),
                let magic: UInt32 = try? reader.word(), magic == Self.watermarkMagic,
                check == CRC32C.of(tail, in: start..<start + 8)
            else { continue }
            best = max(best, number)
        }
        return best
    }

    // MARK: Asking

    package func begin() -> Ticket {
        nextTicket += 1
        open[nextTicket] = version
        return Ticket(number: nextTicket, version: version)
    }

    /// Which of these were delivered before.
    package func known(_ asked: [(hour: Int64, key: DuplicateKey)]) async throws(Fault) -> [Bool] {
        var answers = [Bool](repeating: false, count: asked.count)
        // By hour, those that stand beside each other together: a page is mostly of one hour.
        var byHour: [Int64: [Range<Int>]] = [:]
        var start = 0
        while start < asked.count {
            var end = start + 1
            while end < asked.count, asked[end].hour == asked[start].hour { end += 1 }
            byHour[asked[start].hour, default: []].append(start..<end)
            start = end
        }
        if hasOverflow {
            for (index, one) in asked.enumerated() {
                byHour[Self.overflow(one.key), default: []].append(index..<index + 1)
            }
        }
        for (hour, runs) in byHour.sorted(by: { $0.key < $1.key }) where hours[hour] != nil {
            try await load(hour)
            // Another page's hours may have pushed it out again while we waited.
            while let found = hours[hour], !found.isHeld { try await load(hour) }
            guard let found = hours[hour] else { continue }
            var unsure: [DuplicateKey: [Int]] = [:]
            for index in runs.joined() {
                if let isKnown = found.knows(asked[index].key) {
                    if isKnown { answers[index] = true }
                } else {
                    unsure[asked[index].key, default: []].append(index)
                }
            }
            if !unsure.isEmpty {
                for index in try await find(unsure, in: hour) { answers[index] = true }
            }
        }
        return answers
    }

    /// Claims a page's new keys for its commit; false where another page has committed one of them since they
    /// were asked for, so that the page must be gone through again.
    func reserve(
        _ ticket: Ticket, _ keys: KeyTable, sequenceAtLeast: UInt64
    ) async throws(Fault) -> Bool {
        while true {
            let beats = released.beats
            let isTaken = reserved.contains {
                $0.key != ticket.number && !$0.value.keys.isDisjoint(with: keys)
            }
            if !isTaken { break }
            // Only a journal write away.
            do throws(CancellationError) { try await released.wait(after: beats) } catch {
                throw Fault(.cancelled, "stopped")
            }
        }
        for commit in recent where commit.version > ticket.version && !commit.keys.isDisjoint(with: keys) {
            return false
        }
        reserved[ticket.number] = Reserved(
            keys: keys, sequenceAtLeast: max(sequenceAtLeast, committedBelow))
        return true
    }

    /// Ends a page's stay. Where it was committed, under which number and with which keys by hour.
    package func end(_ ticket: Ticket, committed: (sequence: UInt64, keys: [PageCommit.Keys])?) async {
        let claim = reserved.removeValue(forKey: ticket.number)
        open[ticket.number] = nil
        if let committed {
            version += 1
            if !open.isEmpty { recent.append((version, claim?.keys ?? KeyTable())) }
            insert(committed.keys)
            committedBelow = max(committedBelow, committed.sequence + 1)
        }
        let oldest = open.values.min() ?? version
        recent.removeAll { $0.version <= oldest }
        released.beat()
    }

    // MARK: Keeping

    private static let overflow = Int64.min
    private static func overflow(_ key: DuplicateKey) -> Int64 { overflow + Int64(key.uid & 15) }

    private func insert(_ keys: [PageCommit.Keys]) {
        for one in keys {
            if hours[one.hour] != nil || hours.count < limits.hoursMax {
                insert(one.keys, under: one.hour)
            } else {
                hasOverflow = true
                for (hour, keys) in Dictionary(grouping: one.keys, by: Self.overflow) {
                    insert(keys, under: hour)
                }
            }
        }
    }

    private func insert(_ keys: [DuplicateKey], under number: Int64) {
        // What is not there has no files: all of it is in memory.
        var hour = hours.removeValue(forKey: number) ?? DuplicateHour(held: .keys(KeyTable()))
        memory -= hour.memory
        hour.add(keys, limits)
        memory += hour.memory
        hours[number] = hour
        unflushed += keys.count
    }

    private func load(_ number: Int64) async throws(Fault) {
        uses += 1
        hours[number]?.usedAt = uses
        guard hours[number]?.isHeld == false else { return }
        await turnstile.enter()
        defer { turnstile.leave() }
        guard let found = hours[number], !found.isHeld else { return }
        var loaded = DuplicateHour(held: .keys(KeyTable()))
        try await found.readFiles(volume) { loaded.hold($0, limits) }
        // Commits may have come meanwhile.
        guard var hour = hours[number] else { return }
        memory -= hour.memory
        hour.held = loaded.held
        hour.hold(hour.tail, limits)
        memory += hour.memory
        hours[number] = hour
        try await makeRoom(except: number)
    }

    /// Which of these an hour really has, by its files. What is committed meanwhile is found at the commit.
    private func find(_ keys: [DuplicateKey: [Int]], in number: Int64) async throws(Fault) -> [Int] {
        await turnstile.enter()
        defer { turnstile.leave() }
        guard let hour = hours[number] else { return [] }
        var found: [Int] = hour.tail.flatMap { keys[$0] ?? [] }
        try await hour.readFiles(volume) { piece in
            for key in piece { if let indices = keys[key] { found += indices } }
        }
        return found
    }
}
