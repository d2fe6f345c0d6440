import Codecs
import Engine
package import Ports

/// Takes what an input walk reads: plain bytes, file by file.
package protocol InputSink: AnyObject {
    func begin(_ file: String)
    func feed(_ bytes: Span<UInt8>)
    /// The file ended. `fault` says why before its time, where that is so; what was fed stands.
    func finish(fault: String?)
}

/// INPUT of a command: files, folders (walked in name order) and `-`; plain, gzip or zstd by content.
///
/// Memory is one piece and one window, whatever a file's size. What cannot be read is told to the sink, and the walk
/// goes on.
package struct InputWalk: Sendable {
    /// Bytes read from a file at once, and inflated at once.
    static let pieceBytes = 1 << 20
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

    /// Walks the paths; `names` are the same as the user typed them.
    package func walk(_ paths: [String], shownAs names: [String], into sink: any InputSink) async {
        for (path, name) in zip(paths, names) {
            if name == "-" {
                await read(name, into: sink) { () async throws(Fault) in try await readInput() }
            } else {
                await walk(path, name, depth: 0, into: sink)
            }
        }
    }

    private func walk(_ path: String, _ name: String, depth: Int, into sink: any InputSink) async {
        do throws(Fault) {
            guard let entry = try await files.entry(at: path) else {
                return refuse(name, "there is no such file or folder", sink)
            }
            guard entry.kind == .folder else { return await file(path, name, into: sink) }
            guard depth < Self.folderDepthMax else {
                return refuse(name, "folders nest deeper than \(Self.folderDepthMax)", sink)
            }
            for inner in try await files.entries(of: path) {
                let last = inner.path.split(separator: "/").last.map(String.init) ?? ""
                let shown = name.hasSuffix("/") ? name + last : name + "/" + last
                await walk(inner.path, shown, depth: depth + 1, into: sink)
            }
        } catch {
            refuse(name, error.message, sink)
        }
    }

    private func refuse(_ name: String, _ reason: String, _ sink: any InputSink) {
        sink.begin(name)
        sink.finish(fault: reason)
    }

    private func file(_ path: String, _ name: String, into sink: any InputSink) async {
        let position = Position()
        await read(name, into: sink) { () async throws(Fault) in
            let start = position.offset
            let bytes = try await files.read(path, in: start..<start + Int64(Self.pieceBytes))
            position.offset += Int64(bytes.count)
            return bytes.isEmpty ? nil : bytes
        }
    }

    private final class Position { var offset: Int64 = 0 }

    /// Inflates pieces until they end.
    private func read(
        _ name: String, into sink: any InputSink, next: () async throws(Fault) -> [UInt8]?
    ) async {
        sink.begin(name)
        var inflater = Inflater()
        var window = [UInt8](repeating: 0, count: Self.pieceBytes)
        do {
            var isLast = false
            while !isLast {
                let piece = try await next()
                isLast = piece == nil
                let input = piece ?? []
                var offset = 0
                reading: while true {
                    var filled = 0
                    let progress = try inflater.read(
                        input, at: &offset, isLast: isLast, into: &window, at: &filled)
                    if filled > 0 { sink.feed(window.span.extracting(0..<filled)) }
                    switch progress {
                    case .windowFull: continue
                    case .inputUsed, .finished: break reading
                    }
                }
            }
            sink.finish(fault: nil)
        } catch let fault as Fault {
            sink.finish(fault: fault.message)
        } catch {
            sink.finish(fault: "\(error)")
        }
    }
}
