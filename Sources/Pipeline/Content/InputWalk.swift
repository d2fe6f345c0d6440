import Codecs
import Engine
import Exporters
package import Ports

/// Takes what an input walk reads: plain bytes, file by file.
package protocol InputSink: AnyObject {
    func begin(_ file: String)
    func feed(_ bytes: Span<UInt8>)
    /// The file ended. `fault` says why before its time, where that is so; what was fed stands.
    func finish(fault: String?)
    /// Between two pieces, and after each file: the place to write out what has come together. A fault ends the walk.
    func settle() async throws(Fault)
}

extension InputSink {
    package func settle() async throws(Fault) {}
}

/// INPUT of a command: files, folders (walked in name order) and `-`; plain, gzip or zstd by content.
///
/// Memory is one piece and one window, whatever a file's size. What cannot be read is told to the sink, and the walk
/// goes on. Asked to stop, it ends behind the piece under way: the sink has had every record that is whole by then,
/// and is not told of an end, so that the record that was cut is not taken for a broken one.
package struct InputWalk: Sendable {
    /// Bytes read so far, as they are stored: of compressed files their compressed bytes.
    package typealias Watch = (_ bytesRead: Int64) -> Void

    /// Bytes read from a file at once, and inflated at once.
    package static let pieceBytes = 256 << 10
    /// Folders within folders; a link that leads back ends here.
    static let folderDepthMax = 64

    private let files: any FileReader
    private let readInput: @Sendable () async throws(Fault) -> [UInt8]?
    private let stop: Pulse

    /// - Parameter stop: beats when the walk is to end before its time. Standard input must then end when cancelled.
    package init(
        _ files: any FileReader, standardInput: @escaping @Sendable () async throws(Fault) -> [UInt8]?,
        until stop: Pulse = Pulse()
    ) {
        self.files = files
        self.stop = stop
        readInput = standardInput
    }

    private var isStopped: Bool { stop.beats > 0 }

    /// Walks the paths; `names` are the same as the user typed them. Throws what the sink throws, and nothing else.
    package func walk(
        _ paths: [String], shownAs names: [String], into sink: any InputSink, watch: Watch = { _ in }
    ) async throws(Fault) {
        var bytesRead: Int64 = 0
        let count = { (bytes: Int) in
            bytesRead += Int64(bytes)
            watch(bytesRead)
        }
        for (path, name) in zip(paths, names) where !isStopped {
            if name == "-" {
                try await read(name, into: sink, count) { () async throws(Fault) in
                    try await nextOfStandardInput()
                }
            } else {
                try await walk(path, name, depth: 0, into: sink, count)
            }
        }
    }

    /// The bytes of all files the paths lead to; `nil` where nobody can know, as of standard input.
    package func bytes(of paths: [String], shownAs names: [String]) async -> Int64? {
        if names.contains("-") { return nil }
        var total: Int64 = 0
        var folders: [(path: String, depth: Int)] = []
        func add(_ entry: FileEntry, depth: Int) {
            total += entry.size
            if entry.kind == .folder, depth < Self.folderDepthMax { folders.append((entry.path, depth)) }
        }
        for path in paths {
            if let entry = try? await files.entry(at: path) { add(entry, depth: 0) }
        }
        while let folder = folders.popLast(), !isStopped {
            for entry in (try? await files.entries(of: folder.path)) ?? [] {
                add(entry, depth: folder.depth + 1)
            }
        }
        return total
    }

    /// Standard input may have nothing to say for hours, and be stopped meanwhile.
    private func nextOfStandardInput() async throws(Fault) -> [UInt8]? {
        let next = await withTaskGroup(of: Result<[UInt8]?, Fault>.self) { group in
            group.addTask {
                do throws(Fault) {
                    return .success(try await readInput())
                } catch {
                    return .failure(error)
                }
            }
            group.addTask {
                try? await stop.wait(after: 0)
                return .success(nil)
            }
            defer { group.cancelAll() }
            return await group.next()
        }
        return try next?.get()
    }

    private func walk(
        _ path: String, _ name: String, depth: Int, into sink: any InputSink, _ count: (Int) -> Void
    ) async throws(Fault) {
        var inner: [FileEntry]?
        do throws(Fault) {
            guard let entry = try await files.entry(at: path) else {
                throw Fault(.rejected(rows: []), "there is no such file or folder")
            }
            if entry.kind == .folder {
                guard depth < Self.folderDepthMax else {
                    throw Fault(.rejected(rows: []), "folders nest deeper than \(Self.folderDepthMax)")
                }
                inner = try await files.entries(of: path)
            }
        } catch {
            sink.begin(name)
            sink.finish(fault: error.message)
            return try await sink.settle()
        }
        guard let inner else { return try await file(path, name, into: sink, count) }
        for entry in inner where !isStopped {
            let shown = name.hasSuffix("/") ? name : name + "/"
            try await walk(
                entry.path, shown + Paths.name(of: entry.path), depth: depth + 1, into: sink, count)
        }
    }

    private func file(
        _ path: String, _ name: String, into sink: any InputSink, _ count: (Int) -> Void
    ) async throws(Fault) {
        var offset: Int64 = 0
        try await read(name, into: sink, count) { () async throws(Fault) in
            let bytes = try await files.read(path, in: offset..<offset + Int64(Self.pieceBytes))
            offset += Int64(bytes.count)
            return bytes.isEmpty ? nil : bytes
        }
    }

    /// Inflates pieces until they end; what stands before damage is fed all the same.
    private func read(
        _ name: String, into sink: any InputSink, _ count: (Int) -> Void,
        next: () async throws(Fault) -> [UInt8]?
    ) async throws(Fault) {
        sink.begin(name)
        var inflater = Inflater()
        var window = [UInt8](repeating: 0, count: Self.pieceBytes)
        var damage: String?
        var isOver = false
        while !isOver {
            var piece: [UInt8]?
            do throws(Fault) { piece = try await next() } catch {
                damage = error.message
                break
            }
            if isStopped { return }
            isOver = piece == nil
            var offset = 0
            count(piece?.count ?? 0)
            var progress = Inflater.Progress.windowFull
            while progress == .windowFull, damage == nil {
                var filled = 0
                do throws(CodecError) {
                    progress = try inflater.read(
                        piece ?? [], at: &offset, isLast: isOver, into: &window, at: &filled)
                } catch {
                    damage = error.message
                    isOver = true
                }
                if filled > 0 { sink.feed(window.span.extracting(0..<filled)) }
                try await sink.settle()
                if isStopped { return }
                count(0)
            }
        }
        sink.finish(fault: damage)
        try await sink.settle()
    }
}
