import Codecs
import Engine
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
/// goes on.
package struct InputWalk: Sendable {
    /// Bytes read from a file at once, and inflated at once.
    package static let pieceBytes = 256 << 10
    /// Folders within folders; a link that leads back ends here.
    static let folderDepthMax = 64

    private let files: any FileReader
    private let readInput: @Sendable () async throws(Fault) -> [UInt8]?

    package init(
        _ files: any FileReader, standardInput: @escaping @Sendable () async throws(Fault) -> [UInt8]?
    ) {
        self.files = files
        readInput = standardInput
    }

    /// Walks the paths; `names` are the same as the user typed them. Throws what the sink throws, and nothing else.
    package func walk(_ paths: [String], shownAs names: [String], into sink: any InputSink)
        async throws(Fault)
    {
        for (path, name) in zip(paths, names) {
            if name == "-" {
                try await read(name, into: sink) { () async throws(Fault) in try await readInput() }
            } else {
                try await walk(path, name, depth: 0, into: sink)
            }
        }
    }

    private func walk(_ path: String, _ name: String, depth: Int, into sink: any InputSink)
        async throws(Fault)
    {
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
        guard let inner else { return try await file(path, name, into: sink) }
        for entry in inner {
            let shown = name.hasSuffix("/") ? name : name + "/"
            try await walk(entry.path, shown + Paths.name(of: entry.path), depth: depth + 1, into: sink)
        }
    }

    private func file(_ path: String, _ name: String, into sink: any InputSink) async throws(Fault) {
        var offset: Int64 = 0
        try await read(name, into: sink) { () async throws(Fault) in
            let bytes = try await files.read(path, in: offset..<offset + Int64(Self.pieceBytes))
            offset += Int64(bytes.count)
            return bytes.isEmpty ? nil : bytes
        }
    }

    /// Inflates pieces until they end; what stands before damage is fed all the same.
    private func read(
        _ name: String, into sink: any InputSink, next: () async throws(Fault) -> [UInt8]?
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
            isOver = piece == nil
            var offset = 0
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
            }
        }
        sink.finish(fault: damage)
        try await sink.settle()
    }
}
