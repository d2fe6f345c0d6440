import Engine
import Exporters
import Ports

/// The keys of one hour of events: in files, and in memory as far as there is room.
struct DuplicateHour {
    /// What memory has of them.
    enum Held {
        case nothing
        case keys(KeyTable)
        /// Too many for that, or not asked for lately: what a key must match to be worth looking for in the files.
        case prints(PrintTable)
        /// Too many even for that: the files are read for every question.
        case counted
    }

    var held: Held
    /// Not yet in a file.
    var tail: [DuplicateKey] = []
    var files: [String] = []
    var usedAt: UInt64 = 0

    init(held: Held = .nothing) { self.held = held }

    var memory: Int {
        let table =
            switch held {
            case .nothing, .counted: 0
            case .keys(let table): table.bytes
            case .prints(let table): table.bytes
            }
        return table + tail.count * MemoryLayout<DuplicateKey>.size
    }

    /// Whether its keys themselves are in memory, and more of them than are worth making smaller.
    var isExact: Bool { if case .keys(let table) = held { table.bytes > 1_024 } else { false } }

    /// Makes fingerprints of the keys.
    mutating func compact(_ limits: Duplicates.Limits) {
        guard case .keys(let table) = exchange(&held, with: .nothing) else { return }
        // Room for a quarter more, as an hour grows while its records still come.
        let slots = min(table.count * 10 / 7, limits.hourBytesMax / 8)
        var prints = PrintTable(segmentSlots: max(64, slots))
        table.forEach { prints.insert($0) }
        held = .prints(prints)
    }

    var isHeld: Bool { if case .nothing = held { false } else { true } }

    mutating func add(_ keys: [DuplicateKey], _ limits: Duplicates.Limits) {
        tail += keys
        hold(keys, limits)
    }

    /// Puts keys that are in a file, or in the tail, into memory too.
    mutating func hold(_ keys: [DuplicateKey], _ limits: Duplicates.Limits) {
        // Taken out while it is changed, so that it has one owner and is not copied.
        switch exchange(&held, with: .nothing) {
        case .nothing: return
        case .counted: held = .counted
        case .keys(var table):
            table.reserve(keys.count)
            for key in keys { table.insert(key) }
            let isTooLarge = table.bytes > limits.hourBytesMax
            held = .keys(table)
            if isTooLarge { compact(limits) }
        case .prints(var table):
            for key in keys { table.insert(key) }
            held = table.bytes > limits.hourBytesMax ? .counted : .prints(table)
        }
    }

    /// What memory alone knows of a key; `nil` where its files must be asked.
    func knows(_ key: DuplicateKey) -> Bool? {
        switch held {
        case .nothing, .counted: nil
        case .keys(let table): table.contains(key)
        case .prints(let table): table.mayContain(key) ? nil : false
        }
    }

    /// Reads all keys of the files, a piece at a time.
    func readFiles(_ volume: any Volume, _ take: ([DuplicateKey]) -> Void) async throws(Fault) {
        for path in files {
            var offset = Int64(Duplicates.magic.count)
            while true {
                let bytes = try await volume.read(path, in: offset..<offset + Self.pieceBytes)
                take(Self.keys(in: bytes))
                offset += Int64(bytes.count)
                if bytes.count < Self.pieceBytes { break }
            }
        }
    }

    private static let pieceBytes: Int64 = 1 << 18

    private static func keys(in bytes: [UInt8]) -> [DuplicateKey] {
        var keys: [DuplicateKey] = []
        keys.reserveCapacity(bytes.count / Duplicates.entryBytes)
        let span = bytes.span
        func word(_ start: Int) -> UInt64 {
            var word: UInt64 = 0
            for index in 0..<8 { word |= UInt64(span[start + index]) << UInt64(8 * index) }
            return word
        }
        for start in stride(from: 0, to: bytes.count - Duplicates.entryBytes + 1, by: Duplicates.entryBytes) {
            let key = DuplicateKey(uid: word(start), content: word(start + 8))
            if key != KeyTable.none { keys.append(key) }
        }
        return keys
    }
}
