package import Codecs
package import Engine
package import Ports

/// NDJSON files in a folder, packed, rotated by size and age, and given their final name when they are whole.
///
/// A batch is one gzip member or zstd frame, appended to `<name>.partial` and made durable before it counts. An
/// index beside the files names each batch with a digest of its content and where it ends, so that a batch that
/// is sent again after a crash is recognised and written once; bytes past the last indexed batch belong to a
/// write that never counted, and are left out when the file is finished.
///
/// Age is looked at with each batch, and by `tend` where none comes.
package actor FileExporter: FrameReceiver {
    package static let name = "file"

    package struct Config: Sendable {
        package var compression = Compressor.Form.zstd(level: 1)
        /// A file is whole when it has grown to this: bytes as written.
        package var rotateBytes: Int64 = 256 << 20
        /// A file is whole when its first batch is this old.
        package var rotateAge: Duration = .minutes(60)
        /// What file names begin with.
        package var prefix = "events"

        package init() {}
    }

    private struct OpenFile {
        var name: String
        /// Bytes of it that count.
        var end: Int64
        var since: Timestamp
        var partial: String { name + ".partial" }
    }

    /// Batches remembered, to recognise one that comes again. Only those that were under way at a crash can.
    private static let batchesMax = 1_024
    /// The index is written anew, with the latest batches, when it has grown to this: bytes.
    private static let indexBytesMax: Int64 = 1 << 20
    /// What is copied at a time where a file is finished without its torn end: bytes.
    private static let copyBytes: Int64 = 4 << 20

    private let config: Config
    private let volume: any Volume
    private let time: any TimeSource
    private var entries: [FileIndex.Entry] = []
    private var delivered: Set<FileIndex.Batch> = []
    private var indexBytes: Int64 = 0
    private var file: OpenFile?
    private var isLoaded = false
    /// A write failed: nobody knows what stands at the ends of the file and of the index.
    private var isTorn = false
    private var compressor: Compressor
    /// Memory for the next batch.
    private var spare: [UInt8] = []
    private static let spareBytesMax = 4 << 20
    /// Beats when a file is begun.
    private let begun = Pulse()
    /// How long a rotation that failed waits before it is tried again.
    private static let retryTime = Duration.seconds(30)
    private var isBusy = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    package init(_ config: Config, volume: any Volume, time: any TimeSource) {
        self.config = config
        self.volume = volume
        self.time = time
        compressor = Compressor(config.compression)
    }

    package func deliver(_ batch: EventBatch, batchID: String) async throws(Fault) -> Verdict {
        let text = batch.text
        let id = FileIndex.Batch(id: batchID, digest: Self.digest(text))
        var packed: [UInt8] = []
        compressor.pack(text, into: &packed)
        return try await deliver(packed, id)
    }

    /// Files are what the spool holds, where they are zstd as well.
    package nonisolated var takesFrames: Bool { config.compression == .zstd(level: SpoolFrame.packingLevel) }

    package func deliver(frames: [SpoolFrame], batchID: String) async throws(Fault) -> Verdict {
        var packed = exchange(&spare, with: [])
        packed.removeAll(keepingCapacity: true)
        packed.reserveCapacity(frames.reduce(0) { $0 + $1.text.count })
        for frame in frames {
            if frame.isPacked {
                packed += frame.text
            } else {
                compressor.pack(Array(frame.text), into: &packed)
            }
        }
        let id = FileIndex.Batch(id: batchID, digest: Self.digest(packed))
        let verdict = try await deliver(packed, id)
        if packed.capacity <= Self.spareBytesMax { spare = packed }
        return verdict
    }

    /// What tells a batch from another of the same rows, which only a state folder begun anew can bring.
    private static func digest(_ bytes: [UInt8]) -> String {
        hexadecimal(WyHash.hash(bytes.span))
    }

    private func deliver(_ packed: [UInt8], _ id: FileIndex.Batch) async throws(Fault) -> Verdict {
        await enter()
        defer { leave() }
        do throws(Fault) {
            try await write(packed, id)
            return .accepted
        } catch {
            // What did not reach the index did not happen, and the index is ours to read.
            throw Fault(error.kind, error.message, mayHaveArrived: false)
        }
    }

    /// Gives a file its name when its age has come; at the start, those that an earlier process left open.
    package func tend() async {
        while !Task.isCancelled {
            let beats = begun.beats
            let next = await rotate()
            do throws(CancellationError) {
                if let next {
                    try await begun.wait(after: beats, until: next, time)
                } else {
                    try await begun.wait(after: beats)
                }
            } catch {
                return
            }
        }
    }

    /// Seals the open file where it is old enough; when to look again, `nil` for when another is begun.
    private func rotate() async -> Timestamp? {
        await enter()
        defer { leave() }
        do throws(Fault) {
            try await prepare()
            guard let open = file else { return nil }
            if !isOld(open) { return open.since + config.rotateAge }
            try await seal()
            return nil
        } catch {
            // The next batch, which meets the same, says so.
            return time.now + Self.retryTime
        }
    }

    package func close() async throws(Fault) {
        await enter()
        defer { leave() }
        try await prepare()
        try await seal()
    }

    private func write(_ packed: [UInt8], _ id: FileIndex.Batch) async throws(Fault) {
        try await prepare()
        if delivered.contains(id) { return }
        if let file, file.end >= config.rotateBytes || isOld(file) {
            try await seal()
        }
        if file == nil { file = try await create(for: id.id) }
        guard var target = file else { return }
        isTorn = true
        let length = try await volume.append(packed, to: target.partial)
        guard length == target.end + Int64(packed.count) else {
            throw Fault(.transient, "\(target.partial) was changed by somebody else")
        }
        try await volume.synchronize(target.partial)
        target.end = length
        let entry = FileIndex.Entry(batch: id, file: target.name, end: length)
        indexBytes = try await volume.append(entry.line, to: indexPath)
        try await volume.synchronize(indexPath)
        isTorn = false
        file = target
        remember(entry)
    }

    /// A clock that was set back ends a file, too: it would be a day's file for as long as the clock was ahead.
    private func isOld(_ file: OpenFile) -> Bool {
        let now = time.now
        return now >= file.since + config.rotateAge || now < file.since
    }

    private func remember(_ entry: FileIndex.Entry) {
        entries.append(entry)
        delivered.insert(entry.batch)
        if entries.count > 2 * Self.batchesMax {
            entries.removeFirst(entries.count - Self.batchesMax)
            delivered = Set(entries.map(\.batch))
        }
    }

    private var indexPath: String { ".\(config.prefix).index" }

    /// A new file's name: when it was begun, and its first batch.
    private func create(for batchID: String) async throws(Fault) -> OpenFile {
        let now = time.now
        let stamp = now.iso8601.prefix(19).filter { $0 != "-" && $0 != ":" }
        let stem = "\(config.prefix)-\(stamp)Z-\(batchID)"
        let suffix = ".ndjson\(config.compression.suffix)"
        var name = stem + suffix
        var number = 1
        while true {
            let isTaken = try await volume.length(of: name) != nil
            let isBegun = try await volume.length(of: name + ".partial") != nil
            if !isTaken, !isBegun { break }
            number += 1
            name = "\(stem)-\(number)\(suffix)"
        }
        // The index knows the file before it exists, so that a start after a crash finds what is left of it.
        isTorn = true
        let beginning = FileIndex.Entry(batch: .begin, file: name, end: 0)
        indexBytes = try await volume.append(beginning.line, to: indexPath)
        try await volume.synchronize(indexPath)
        isTorn = false
        entries.append(beginning)
        begun.beat()
        return OpenFile(name: name, end: 0, since: now)
    }

    /// Gives the open file its final name.
    private func seal() async throws(Fault) {
        guard let open = file else { return }
        try await finish(open.name, at: open.end)
        file = nil
        if indexBytes > Self.indexBytesMax { try await rewriteIndex() }
    }

    /// Ends a file after its first `end` bytes, whatever else stands there. May be repeated.
    private func finish(_ name: String, at end: Int64) async throws(Fault) {
        let partial = name + ".partial"
        guard let length = try await volume.length(of: partial) else { return }
        if end == 0 {
            try await volume.remove(partial)
        } else if length == end {
            try await volume.rename(partial, to: name)
        } else {
            let copy = name + ".mending"
            try await volume.remove(copy)
            var start: Int64 = 0
            while start < end {
                let bytes = try await volume.read(partial, in: start..<min(end, start + Self.copyBytes))
                guard !bytes.isEmpty else { throw Fault(.transient, "\(partial) became shorter") }
                start += Int64(bytes.count)
                _ = try await volume.append(bytes, to: copy)
            }
            try await volume.synchronize(copy)
            try await volume.rename(copy, to: name)
            try await volume.remove(partial)
        }
    }

    /// Reads the index at the first use, and mends what a failed write left behind.
    private func prepare() async throws(Fault) {
        if !isLoaded {
            try await load()
            isLoaded = true
            isTorn = false
        }
        guard isTorn else { return }
        if let open = file { try await finish(open.name, at: open.end) }
        file = nil
        try await rewriteIndex()
        isTorn = false
    }

    private func load() async throws(Fault) {
        let length = try await volume.length(of: indexPath) ?? 0
        let bytes = length > 0 ? try await volume.read(indexPath, in: 0..<length) : []
        let read = FileIndex.entries(in: bytes)
        var order: [String] = []
        var byFile: [String: [FileIndex.Entry]] = [:]
        for entry in read {
            if byFile[entry.file] == nil { order.append(entry.file) }
            byFile[entry.file, default: []].append(entry)
        }
        entries = []
        for name in order {
            var known = byFile[name] ?? []
            if let whole = try await volume.length(of: name) {
                known.removeAll { $0.end > whole }
                try await volume.remove(name + ".partial")
            } else if let begun = try await volume.length(of: name + ".partial") {
                known.removeAll { $0.end > begun }
                try await finish(name, at: known.map(\.end).max() ?? 0)
            }
            // Where neither is there somebody has taken the file away, after it was whole.
            entries += known.filter { $0.batch != .begin }
        }
        delivered = Set(entries.map(\.batch))
        if !bytes.isEmpty { try await rewriteIndex() }
    }

    private func rewriteIndex() async throws(Fault) {
        let path = indexPath + ".new"
        try await volume.remove(path)
        // An index without a batch still has a line: writing it makes what was removed in this folder durable.
        let kept = entries.isEmpty ? [FileIndex.Entry.none] : entries.suffix(Self.batchesMax)
        let length = try await volume.append(kept.flatMap(\.line), to: path)
        try await volume.synchronize(path)
        try await volume.rename(path, to: indexPath)
        indexBytes = length
    }

    /// One delivery at a time, in the order in which they came: an actor alone lets another in at every wait.
    private func enter() async {
        if isBusy {
            await withCheckedContinuation { waiting.append($0) }
        } else {
            isBusy = true
        }
    }

    private func leave() {
        if waiting.isEmpty { isBusy = false } else { waiting.removeFirst().resume() }
    }
}
