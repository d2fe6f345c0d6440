import Codecs
internal import Engine
package import Ports

/// Reads a command's inputs: files, folders in name order, `-` for standard input; plain, gzip or zstd by content.
///
/// Holds one piece of a file and one window of what it unpacks to, whatever the sizes.
package struct InputWalker {
    /// Bytes read from a file at once, and unpacked at once.
    package static let pieceBytes = 256 << 10

    /// What the walk has come to.
    package enum Step: Sendable {
        case begins(name: String)
        /// The input ended; the reason if it could not be read to its end.
        case ends(fault: String?)
        /// An input that could not be opened.
        case unreadable(name: String, reason: String)
    }

    private let files: any FileReader
    private let readInput: @Sendable () async throws(Fault) -> [UInt8]?

    package init(
        files: any FileReader, readInput: @escaping @Sendable () async throws(Fault) -> [UInt8]?
    ) {
        self.files = files
        self.readInput = readInput
    }

    /// Walks `inputs` (absolute paths or `-`), telling each step and handing on the unpacked bytes, which begin a window.
    package func walk(
        _ inputs: [String], step: (Step) async throws -> Void,
        bytes: (_ window: [UInt8], _ count: Int) async throws -> Void
    ) async throws {
        for input in inputs {
            if input == "-" {
                try await step(.begins(name: "-"))
                let fault = try await unpack(bytes) { _ throws(Fault) in try await readInput() }
                try await step(.ends(fault: fault))
            } else {
                try await walk(path: input, step, bytes)
            }
        }
    }

    private func walk(
        path: String, _ step: (Step) async throws -> Void,
        _ bytes: (_ window: [UInt8], _ count: Int) async throws -> Void
    ) async throws {
        // A stack instead of recursion: what is deepest and first in name order is on top.
        var pending = [path]
        while let next = pending.popLast() {
            do throws(Fault) {
                guard let entry = try await files.entry(at: next) else {
                    throw Fault(.rejected(rows: []), "there is no file or folder \(next)")
                }
                if entry.kind == .folder {
                    pending += try await files.entries(of: next).map(\.path).reversed()
                    continue
                }
            } catch {
                try await step(.unreadable(name: next, reason: error.message))
                continue
            }
            try await step(.begins(name: next))
            let fault = try await unpack(bytes) { offset throws(Fault) in
                let piece = try await files.read(next, in: offset..<offset + Int64(Self.pieceBytes))
                return piece.isEmpty ? nil : piece
            }
            try await step(.ends(fault: fault))
        }
    }

    /// Unpacks what `read` gives from an offset on, until it gives `nil`; what was wrong, if something was.
    private func unpack(
        _ bytes: (_ window: [UInt8], _ count: Int) async throws -> Void,
        _ read: (Int64) async throws(Fault) -> [UInt8]?
    ) async throws -> String? {
        var inflater = Inflater()
        var window = [UInt8](repeating: 0, count: Self.pieceBytes)
        var offset: Int64 = 0
        while true {
            let piece: [UInt8]
            let isLast: Bool
            do throws(Fault) {
                let next = try await read(offset)
                piece = next ?? []
                isLast = next == nil
            } catch {
                return error.message
            }
            offset += Int64(piece.count)
            var at = 0
            while true {
                var filled = 0
                let progress: Inflater.Progress
                do throws(CodecError) {
                    progress = try inflater.read(piece, at: &at, isLast: isLast, into: &window, at: &filled)
                } catch {
                    if filled > 0 { try await bytes(window, filled) }
                    return "\(error)"
                }
                if filled > 0 { try await bytes(window, filled) }
                if progress == .finished { return nil }
                if progress == .inputUsed { break }
            }
            if isLast { return nil }
        }
    }
}
