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
        /// Keys in memory: beyond it the hours not asked for longest leave it, and are read again when asked for.
        /// The hour in use always stays.
        package var bytesMax = 96 << 20
        /// How long a duplicate is recognised, in days of arrival.
        package var daysKept: Int64 = 7
        /// Hours with a file of their own. Events beyond it (clocks gone mad, or a hostile log) share sixteen.
        package var hoursMax = 4_096
        /// New keys until everything is written out and the watermark moves.
        package var flushKeys = 65_536

        package init() {}
    }

    /// A page's stay in here, from its first question to its commit.
    package struct Ticket: Hashable, Sendable {
        fileprivate var number: UInt64
        fileprivate var version: UInt64
    }

    /// What a set of 16-byte keys takes in memory for each.
    private static let bytesPerKey = 32
    static let magic: [UInt8] = Array("MARTLETD".utf8) + littleEndian(1) + [0, 0, 0, 0]
    static let entryBytes = 16
    /// "MWMK"
    static let watermarkMagic: UInt32 = 0x4B4D_574D
    static let watermarkPath = "duplicates/watermark"

    private struct Hour {
        /// `nil` while it is on the disk only.
        var keys: Set<DuplicateKey>?
        /// Not yet in a file.
        var tail: [DuplicateKey] = []
        var files: [String] = []
        var usedAt: UInt64 = 0

        var memory: Int { ((keys?.count ?? 0) + tail.count) * Duplicates.bytesPerKey }
    }

    private struct Reserved {
        var keys: Set<DuplicateKey>
        /// Its commit's number will be at least this.
        var sequenceAtLeast: UInt64
    }

    private let volume: any Volume
    private let time: any TimeSource
    private let limits: Limits
    private var hours: [Int64: Hour] = [:]
    private var uses: UInt64 = 0
    private var memory = 0
    private var unflushed = 0
    private var hasOverflow = false
    /// Pages in work, with the number of commits they have seen.
    private var open: [UInt64: UInt64] = [:]
    private var nextTicket: UInt64 = 0
    private var version: UInt64 = 0
    /// Keys committed while a page in work had perhaps asked already.
    private var recent: [(version: UInt64, keys: Set<DuplicateKey>)] = []
    private var reserved: [UInt64: Reserved] = [:]
    private var committedBelow: UInt64 = 0
    private let released = Pulse()
    private let turnstile = Turnstile()

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
            hours[Int64(bitPattern: number), default: Hour()].files.append(path)
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
        var byHour: [Int64: [Int]] = [:]
        for (index, one) in asked.enumerated() {
            byHour[one.hour, default: []].append(index)
            if hasOverflow { byHour[Self.overflow(one.key), default: []].append(index) }
        }
        for (hour, indices) in byHour.sorted(by: { $0.key < $1.key }) where hours[hour] != nil {
            try await load(hour)
            // Another page's hours may have pushed it out again while we waited.
            while hours[hour] != nil, hours[hour]?.keys == nil { try await load(hour) }
            guard let keys = hours[hour]?.keys else { continue }
            for index in indices where keys.contains(asked[index].key) { answers[index] = true }
        }
        return answers
    }

    /// Claims a page's new keys for its commit; false where another page has committed one of them since they
    /// were asked for, so that the page must be gone through again.
    package func reserve(
        _ ticket: Ticket, _ keys: Set<DuplicateKey>, sequenceAtLeast: UInt64
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
            if !open.isEmpty { recent.append((version, claim?.keys ?? [])) }
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
        var hour = hours.removeValue(forKey: number) ?? Hour(keys: [])
        memory -= hour.memory
        hour.tail += keys
        hour.keys?.formUnion(keys)
        memory += hour.memory
        hours[number] = hour
        unflushed += keys.count
    }

    private func load(_ hour: Int64) async throws(Fault) {
        uses += 1
        hours[hour]?.usedAt = uses
        guard hours[hour]?.keys == nil else { return }
        await turnstile.enter()
        defer { turnstile.leave() }
        guard let found = hours[hour], found.keys == nil else { return }
        var keys: Set<DuplicateKey> = []
        for path in found.files { try await read(path, into: &keys) }
        // Commits may have come meanwhile.
        keys.formUnion(hours[hour]?.tail ?? [])
        hours[hour]?.keys = keys
        memory += keys.count * Self.bytesPerKey
        try await makeRoom(except: hour)
    }

    private func read(_ path: String, into keys: inout Set<DuplicateKey>) async throws(Fault) {
        var offset = Int64(Self.magic.count)
        while true {
            let bytes = try await volume.read(path, in: offset..<offset + (1 << 20))
            var reader = BinaryReader(bytes)
            while reader.remaining >= Self.entryBytes {
                guard let uid: UInt64 = try? reader.word(), let content: UInt64 = try? reader.word() else {
                    break
                }
                if uid != 0 || content != 0 { keys.insert(DuplicateKey(uid: uid, content: content)) }
            }
            offset += Int64(bytes.count)
            if bytes.count < 1 << 20 { return }
        }
    }

    /// Lets the hours go that were not asked for longest, after writing out what only memory has of them.
    private func makeRoom(except kept: Int64?) async throws(Fault) {
        while memory > limits.bytesMax {
            let candidates = hours.filter { $0.key != kept && $0.value.keys != nil }
            guard let oldest = candidates.min(by: { ($0.value.usedAt, $0.key) < ($1.value.usedAt, $1.key) })
            else { return }
            try await write(oldest.key)
            memory -= hours[oldest.key]?.memory ?? 0
            hours[oldest.key]?.keys = nil
            memory += hours[oldest.key]?.memory ?? 0
        }
    }

    /// Appends the hour's new keys to the file of today. After a fault they are appended again: a set does not mind.
    private func write(_ hour: Int64) async throws(Fault) {
        guard let tail = hours[hour]?.tail, !tail.isEmpty else { return }
        let day = floorDivide(time.now.seconds, 86_400)
        let path = "duplicates/\(day)/\(hexadecimal(UInt64(bitPattern: hour))).md"
        var writer = BinaryWriter()
        let length = try await volume.length(of: path) ?? 0
        if length == 0 {
            writer.bytes += Self.magic
        } else if length % Int64(Self.entryBytes) != 0 {
            // A torn entry is filled up: it then names a key that nothing has.
            writer.bytes += [UInt8](
                repeating: 0, count: Self.entryBytes - Int(length % Int64(Self.entryBytes)))
        }
        for key in tail {
            writer.put(key.uid)
            writer.put(key.content)
        }
        _ = try await volume.append(writer.bytes, to: path)
        hours[hour]?.tail.removeFirst(tail.count)
        memory -= tail.count * Self.bytesPerKey
        if hours[hour]?.files.contains(path) == false { hours[hour]?.files.append(path) }
        dirty.insert(path)
    }

    /// Files with keys that are not yet synchronized.
    private var dirty: Set<String> = []
    /// A synchronize has failed: what it was to make durable may be gone although a later one succeeds. The watermark
    /// then stays, and the next start takes those keys from the journal again.
    private var isPoisoned = false

    package var wantsFlush: Bool { unflushed >= limits.flushKeys }

    /// Writes everything out and moves the watermark; gives the number from which the journal is still needed.
    package func flush() async throws(Fault) -> UInt64 {
        await turnstile.enter()
        defer { turnstile.leave() }
        let safe = reserved.values.map(\.sequenceAtLeast).min() ?? committedBelow
        unflushed = 0
        for hour in hours.filter({ !$0.value.tail.isEmpty }).keys.sorted() { try await write(hour) }
        guard !isPoisoned else { return 0 }
        for path in dirty.sorted() {
            do throws(Fault) { try await volume.synchronize(path) } catch let fault {
                isPoisoned = true
                throw fault
            }
            dirty.remove(path)
        }
        var writer = BinaryWriter()
        writer.put(safe)
        writer.put(CRC32C.of(writer.bytes))
        writer.put(Self.watermarkMagic)
        _ = try await volume.append(writer.bytes, to: Self.watermarkPath)
        try await volume.synchronize(Self.watermarkPath)
        try await removeOldFiles()
        try await makeRoom(except: nil)
        return safe
    }

    private func removeOldFiles() async throws(Fault) {
        let oldest = floorDivide(time.now.seconds, 86_400) - limits.daysKept
        for (hour, entry) in hours.sorted(by: { $0.key < $1.key }) {
            for path in entry.files {
                guard let day = path.split(separator: "/").dropFirst().first.flatMap({ Int64($0) }),
                    day < oldest
                else { continue }
                try await volume.remove(path)
                hours[hour]?.files.removeAll { $0 == path }
                // What is in memory of it goes with it, and what is left is read again when asked for.
                if hours[hour]?.tail.isEmpty == true {
                    memory -= hours[hour]?.memory ?? 0
                    hours[hour]?.keys = nil
                }
            }
            if hours[hour]?.files.isEmpty == true, hours[hour]?.tail.isEmpty == true { hours[hour] = nil }
        }
    }
}
