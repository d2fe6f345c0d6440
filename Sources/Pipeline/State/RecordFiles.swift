import Codecs
import Exporters
import Ports

/// A log of checked records in append-only files of one folder: what a stage that remembers is rebuilt from.
///
/// A file that was cut by a crash is read as far as it is whole, and one whose end is unknown is never continued.
/// Belongs to the actor that holds it. `docs/state.md` has the bytes.
final class RecordFiles {
    struct Form: Sendable {
        /// In the state folder; also the files' ending.
        var folder: String
        var ending: String
        /// Eight letters at the head of each file.
        var magic: String
        var version: UInt32
    }

    /// One record as it is read.
    struct Record {
        /// The number of its file: what is told in several records stands in one file.
        var file: UInt64
        /// The format that its file was written in.
        var version: UInt32
        var kind: UInt8
        var payload: BinaryReader
    }

    private static let headBytes = 12
    /// Check sum, length, kind.
    private static let recordHeadBytes = 9
    /// A longer record is damage: bytes.
    private static let recordBytesMax = 64 << 20

    private let form: Form
    private let volume: any Volume
    private let turnstile = Turnstile()
    private var file: UInt64 = 0
    private var isBegun = false
    /// Of the file that is written to.
    private var fileBytes: Int64 = 0
    private var old: [(path: String, bytes: Int64)] = []

    init(_ form: Form, in volume: any Volume) {
        self.form = form
        self.volume = volume
    }

    /// Bytes in all files, as far as it is known what they hold.
    var bytes: Int64 { old.reduce(fileBytes) { $0 + $1.bytes } }

    private var path: String { "\(form.folder)/\(hexadecimal(file)).\(form.ending)" }

    // MARK: Reading

    /// Reads what is there, record by record, in the order in which it was written.
    func open(_ body: (inout Record) -> Void) async throws(Fault) {
        for path in try await volume.files(under: form.folder) {
            guard let number = segmentNumber(path) else { continue }
            file = max(file, number + 1)
            let length = try await volume.length(of: path) ?? 0
            old.append((path, length))
            let content = try await volume.read(path, in: 0..<length)
            guard content.starts(with: form.magic.utf8), content.count >= Self.headBytes else { continue }
            var head = BinaryReader(content, in: 8..<content.count)
            guard let version: UInt32 = try? head.word() else { continue }
            guard version <= form.version else {
                throw Fault(
                    .denied,
                    "\(path) was written by a newer Martlet: this one reads format \(form.version). Run the "
                        + "newer version, or start afresh with another state folder")
            }
            Self.scan(content, number, version, body)
        }
    }

    private static func scan(
        _ content: [UInt8], _ file: UInt64, _ version: UInt32, _ body: (inout Record) -> Void
    ) {
        var at = headBytes
        while at + recordHeadBytes <= content.count {
            var head = BinaryReader(content, in: at..<content.count)
            guard let sum: UInt32 = try? head.word(), let count: UInt32 = try? head.word(),
                let kind: UInt8 = try? head.word(), count <= recordBytesMax
            else { return }
            let end = at + recordHeadBytes + Int(count)
            guard end <= content.count, CRC32C.of(content, in: at + 4..<end) == sum else { return }
            var record = Record(
                file: file, version: version, kind: kind,
                payload: BinaryReader(content, in: at + recordHeadBytes..<end))
            body(&record)
            at = end
        }
    }

    // MARK: Writing

    /// What `body` writes is durable when it returns.
    func append(_ body: () async throws(Fault) -> Void) async throws(Fault) {
        await turnstile.enter()
        defer { turnstile.leave() }
        try await body()
        try await synchronize()
    }

    /// What `body` writes takes the place of all that was there. Where it cannot be written, what was there stays.
    func replace(_ body: () async throws(Fault) -> Void) async throws(Fault) {
        await turnstile.enter()
        defer { turnstile.leave() }
        seal()
        let before = old
        try await body()
        try await synchronize()
        for (path, _) in before {
            if try await volume.length(of: path) != nil { try await volume.remove(path) }
            old.removeAll { $0.path == path }
        }
    }

    /// Writes a record; only within `append` or `replace`.
    func write(_ kind: UInt8, _ body: (inout BinaryWriter) -> Void) async throws(Fault) {
        var writer = BinaryWriter()
        if !isBegun {
            writer.bytes += form.magic.utf8
            writer.put(form.version)
        }
        let start = writer.bytes.count
        writer.put(UInt32(0))
        writer.put(UInt32(0))
        writer.put(kind)
        body(&writer)
        writer.replace(
            at: start + 4, with: UInt32(clamping: writer.bytes.count - start - Self.recordHeadBytes))
        writer.replace(at: start, with: CRC32C.of(writer.bytes, in: start + 4..<writer.bytes.count))
        isBegun = true
        do throws(Fault) {
            _ = try await volume.append(writer.bytes, to: path)
            fileBytes += Int64(writer.bytes.count)
        } catch {
            // An unknown part may stand at its end: it is not continued.
            seal()
            throw error
        }
    }

    private func synchronize() async throws(Fault) {
        guard isBegun else { return }
        do throws(Fault) {
            try await volume.synchronize(path)
        } catch {
            seal()
            throw error
        }
    }

    /// Goes on in a file of its own.
    private func seal() {
        guard isBegun else { return }
        old.append((path, fileBytes))
        file += 1
        fileBytes = 0
        isBegun = false
    }
}
