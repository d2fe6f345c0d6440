package import Engine
package import Ports

/// One exporter's durable queue of events on disk: append-only segments of checksummed frames.
///
/// Appending and synchronizing make frames durable, but only the journal's commit makes them count. A segment
/// is removed when all its committed rows are judged. After any fault a segment is not written to again.
package actor Spool {
    package struct Limits: Hashable, Sendable {
        /// All segments together. A page waits until there is room, so collectors slow down and nothing is lost; a
        /// page under way may go beyond it by its own size when nothing else is left to ship.
        package var bytesMax: Int64 = 1 << 30
        /// A segment is sealed at this size; at most an eighth of `bytesMax`.
        package var segmentBytes: Int64 = 32 << 20

        package init() {}
        package init(bytesMax: Int64, segmentBytes: Int64) {
            self.bytesMax = bytesMax
            self.segmentBytes = segmentBytes
        }
    }

    static let magic: [UInt8] = Array("MARTLETS".utf8)
    /// The format written, and the only one that is read: those before it were never released.
    package static let formatVersion: UInt32 = 3
    static let headBytes = 16

    private struct Segment {
        var bytes: Int64 = 0
        var synchronized: Int64 = 0
        var rows: UInt64 = 0
        /// Pages that have appended here and are not yet committed or given up.
        var pages = 0
        var isSealed = false
        /// A synchronize failed: what was not durable before it never will be.
        var isPoisoned = false
    }

    package nonisolated let exporter: String
    package nonisolated let limits: Limits
    private nonisolated let volume: any Volume
    private let turnstile = Turnstile()
    private let syncTurnstile = Turnstile()
    private let removeTurnstile = Turnstile()
    private var isClosing = false
    private nonisolated let roomMade = Pulse()
    private var segments: [UInt64: Segment] = [:]
    private var current: UInt64?
    private var nextSegment: UInt64 = 0

    package init(_ exporter: String, volume: any Volume, limits: Limits = Limits()) {
        self.exporter = exporter
        self.volume = volume
        var limits = limits
        limits.segmentBytes = max(1, min(limits.segmentBytes, limits.bytesMax / 8))
        self.limits = limits
    }

    static func folder(_ exporter: String) -> String { "spool/\(exporter)" }
    package static func path(_ exporter: String, _ segment: UInt64) -> String {
        "\(folder(exporter))/\(hexadecimal(segment)).ms"
    }
    private func path(_ segment: UInt64) -> String { Self.path(exporter, segment) }

    package var bytes: Int64 { segments.values.reduce(0) { $0 + $1.bytes } }

    /// Takes up what an earlier run has left: keeps the segments that the journal still needs, removes the others.
    package func open(needed: Set<UInt64>) async throws(Fault) {
        for path in try await volume.files(under: Self.folder(exporter)) {
            guard let number = segmentNumber(path) else { continue }
            nextSegment = max(nextSegment, number + 1)
            guard needed.contains(number) else {
                try await volume.remove(path)
                continue
            }
            let length = try await volume.length(of: path) ?? 0
            let head = try await volume.read(path, in: 0..<Int64(Self.headBytes))
            try Self.check(head, path)
            segments[number] = Segment(bytes: length, synchronized: length, isSealed: true)
        }
        nextSegment = max(nextSegment, (needed.max() ?? 0) + 1)
    }

    private static func check(_ head: [UInt8], _ path: String) throws(Fault) {
        // A file without our head is no reason to stop: its frames speak for themselves.
        guard head.starts(with: magic), head.count == headBytes else { return }
        let version = head[8..<12].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        guard version == formatVersion else {
            let other = version > formatVersion ? "newer" : "older"
            throw Fault(
                .denied,
                "\(path) has format \(version), written by a \(other) Martlet; this one reads \(formatVersion): "
                    + "run the \(other) version until its spool is empty (`martlet spool inspect`)")
        }
    }

    /// Waits while the spool is full and there is something that shipping could free.
    package func waitForRoom(hasPending: @Sendable () async -> Bool) async throws(Fault) {
        while true {
            let beats = roomMade.beats
            if bytes < limits.bytesMax { return }
            guard await hasPending() else { return }
            do throws(CancellationError) { try await roomMade.wait(after: beats) } catch {
                throw Fault(.cancelled, "stopped while the spool of \(exporter) was full")
            }
        }
    }

    /// Appends a frame; it counts once its extent is committed. `page` is whatever began with `beginPage`.
    package func append(
        _ payload: SpoolFrame.Payload, key: LedgerKey, arrival: Timestamp, in page: inout SpoolPage
    ) async throws(Fault) {
        await turnstile.enter()
        defer { turnstile.leave() }
        let (number, isNew) = openSegment()
        if page.segments.insert(number).inserted { segments[number]?.pages += 1 }
        let rowsBefore = segments[number]?.rows ?? 0
        let frame = SpoolFrame.encode(
            payload, key: key, arrival: arrival, rowsBefore: rowsBefore)
        let head: [UInt8] = isNew ? Self.magic + littleEndian(Self.formatVersion) + [0, 0, 0, 0] : []
        do throws(Fault) {
            let length = try await volume.append(isNew ? head + frame : frame, to: path(number))
            segments[number]?.bytes = length
            segments[number]?.rows += UInt64(payload.rows)
            let extent = SpoolExtent(
                segment: number, start: length - Int64(frame.count), end: length, rows: payload.rows,
                rowsBefore: rowsBefore)
            page.append(extent, key)
            if length >= limits.segmentBytes { seal(number) }
        } catch let fault {
            // An unknown part of the frame may stand there: nothing may follow it.
            seal(number)
            if let length = try? await volume.length(of: path(number)) { segments[number]?.bytes = length }
            throw fault
        }
    }

    /// Makes the page's frames durable. Pages that wait for the same segment share one synchronize.
    package func synchronize(_ page: SpoolPage) async throws(Fault) {
        for number in page.segments.sorted() {
            let end = page.extents.filter { $0.extent.segment == number }.map(\.extent.end).max() ?? 0
            await syncTurnstile.enter()
            defer { syncTurnstile.leave() }
            guard let segment = segments[number], segment.synchronized < end else { continue }
            guard !segment.isPoisoned else {
                throw Fault(.transient, "\(path(number)): could not be synchronized")
            }
            let reached = segment.bytes
            do throws(Fault) {
                try await volume.synchronize(path(number))
                segments[number]?.synchronized = max(segment.synchronized, reached)
            } catch let fault {
                segments[number]?.isPoisoned = true
                seal(number)
                throw fault
            }
        }
    }

    /// The page is committed or given up: its segments may go when nothing else holds them.
    package func finish(_ page: SpoolPage) {
        for number in page.segments { segments[number]?.pages -= 1 }
    }

    /// Removes the segments that hold nothing which is still owed; where removing fails the next call tries again.
    ///
    /// `needed` is asked after the candidates are sealed, so that no page can commit to one of them unseen.
    package func removeUnneeded(_ needed: @Sendable () async -> Set<UInt64>) async {
        await removeTurnstile.enter()
        defer { removeTurnstile.leave() }
        if let number = current, let segment = segments[number], segment.pages == 0,
            isClosing || segment.bytes >= limits.segmentBytes / 8
        {
            seal(number)
        }
        let candidates = segments.filter { $0.value.isSealed && $0.value.pages == 0 }.keys.sorted()
        if !candidates.isEmpty {
            let needed = await needed()
            for number in candidates where !needed.contains(number) {
                do throws(Fault) {
                    try await volume.remove(path(number))
                    segments[number] = nil
                } catch {
                    continue
                }
            }
        }
        roomMade.beat()
    }

    /// No page will come any more: what is shipped may go, down to the last segment.
    package func close() { isClosing = true }

    private func openSegment() -> (UInt64, isNew: Bool) {
        if let current, segments[current]?.isSealed == false { return (current, false) }
        let number = nextSegment
        nextSegment += 1
        segments[number] = Segment()
        current = number
        return (number, true)
    }

    private func seal(_ number: UInt64) {
        segments[number]?.isSealed = true
        if current == number { current = nil }
    }
}

/// What one page has appended to one spool so far.
package struct SpoolPage: Sendable {
    /// In order; those that touch and have the same account are one.
    package private(set) var extents: [(key: LedgerKey, extent: SpoolExtent)] = []
    package internal(set) var segments: Set<UInt64> = []

    package init() {}

    mutating func append(_ extent: SpoolExtent, _ key: LedgerKey) {
        if let last = extents.last, last.key == key, last.extent.segment == extent.segment,
            last.extent.end == extent.start
        {
            extents[extents.count - 1].extent.end = extent.end
            extents[extents.count - 1].extent.rows += extent.rows
        } else {
            extents.append((key, extent))
        }
    }
}

/// A file's number as its name has it: 16 digits, so that names sort as numbers do.
package func hexadecimal(_ number: UInt64) -> String {
    let digits = String(number, radix: 16)
    return String(repeating: "0", count: max(0, 16 - digits.utf8.count)) + digits
}

/// The number in a name of the form `folder/00000000000000ff.xx`.
package func segmentNumber(_ path: String) -> UInt64? {
    guard let name = path.split(separator: "/").last, let digits = name.split(separator: ".").first,
        digits.utf8.count == 16
    else { return nil }
    return UInt64(digits, radix: 16)
}

package func littleEndian(_ word: UInt32) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: word >> UInt32(8 * $0)) }
}
