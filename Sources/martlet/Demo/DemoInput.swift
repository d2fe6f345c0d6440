import Codecs
import Engine
import Ports

/// What of a user's folder the demo reads: all that holds CloudTrail, and all that was meant to and is broken.
///
/// A folder of logs seldom holds logs alone: licences, notes, digests and reports of other tools stand beside them. They
/// are named and left out before the pipeline runs, so that what the pipeline refuses is truly wrong with the logs.
struct DemoInput: Sendable {
    struct Excluded: Sendable, Equatable {
        var path: String
        var reason: String
    }

    /// Bytes looked at of each file, as stored.
    private static let headBytes: Int64 = 64 << 10
    /// Bytes of what they unpack to.
    private static let textBytes = 1 << 20
    private static let depthMax = 64

    /// Absolute paths for the collector: folders as a whole where nothing in them is left out.
    private(set) var paths: [String] = []
    private(set) var files = 0
    /// Not CloudTrail at all.
    private(set) var skipped: [Excluded] = []
    /// Could not be opened.
    private(set) var unreadable: [Excluded] = []

    /// The demo's own folder, which may stand inside the user's.
    private let ownFolder: String

    /// Looks at every file under `path`, as the files collector walks it.
    static func survey(
        _ path: String, except ownFolder: String, _ files: any FileReader, _ seen: (Int) throws -> Void
    ) async throws -> DemoInput {
        var input = DemoInput(ownFolder: ownFolder)
        let found = try await input.look(at: path, depth: 0, files, seen)
        input.paths = found.isWhole ? [path] : found.paths
        return input
    }

    private init(ownFolder: String) { self.ownFolder = ownFolder }

    private mutating func look(
        at path: String, depth: Int, _ files: any FileReader, _ seen: (Int) throws -> Void
    ) async throws -> (isWhole: Bool, paths: [String]) {
        if path == ownFolder || depth > Self.depthMax { return (false, []) }
        do throws(Fault) {
            guard let entry = try await files.entry(at: path), entry.kind != .other else { return (true, []) }
            if entry.kind == .file {
                if let reason = try await reasonAgainst(path, files) {
                    skipped.append(Excluded(path: path, reason: reason))
                    return (false, [])
                }
                self.files += 1
                return (true, [path])
            }
        } catch {
            unreadable.append(Excluded(path: path, reason: error.message))
            return (false, [])
        }
        return try await lookInside(path, depth: depth, files, seen)
    }

    private mutating func lookInside(
        _ folder: String, depth: Int, _ files: any FileReader, _ seen: (Int) throws -> Void
    ) async throws -> (isWhole: Bool, paths: [String]) {
        try seen(self.files + skipped.count)
        let entries: [FileEntry]
        do throws(Fault) {
            entries = try await files.entries(of: folder)
        } catch {
            unreadable.append(Excluded(path: folder, reason: error.message))
            return (false, [])
        }
        // The folder that this run is about to make stands in here, or will.
        var isWhole = !ownFolder.hasPrefix(folder == "/" ? "/" : folder + "/")
        var paths: [String] = []
        for entry in entries where !Self.name(of: entry.path).hasPrefix(".") {
            let found = try await look(at: entry.path, depth: depth + 1, files, seen)
            isWhole = isWhole && found.isWhole
            paths += found.paths
        }
        return (isWhole, isWhole && !paths.isEmpty ? [folder] : paths)
    }

    /// Why a file is no CloudTrail; `nil` where it is, or seems a broken one, which the pipeline has to say.
    private func reasonAgainst(_ path: String, _ files: any FileReader) async throws(Fault) -> String? {
        let head = try await files.read(path, in: 0..<Self.headBytes)
        if head.isEmpty || Self.name(of: path).contains("_CloudTrail_") { return nil }
        var inflater = Inflater()
        var text = [UInt8](repeating: 0, count: Self.textBytes)
        var (at, filled) = (0, 0)
        do throws(CodecError) {
            _ = try inflater.read(
                head, at: &at, isLast: head.count < Self.headBytes, into: &text, at: &filled)
        } catch {
            if filled == 0 { return nil }
        }
        text.removeLast(text.count - filled)
        return reasonAgainst(text)
    }

    private func reasonAgainst(_ text: [UInt8]) -> String? {
        let reader = RecordReader()
        reader.begin()
        reader.feed(text.span)
        reader.finish()
        var records = 0
        while reader.advance() {
            for record in reader.records {
                let tape = reader.tape
                guard tape.kind(record.open) == .object else { continue }
                if tape.isCloudTrail(record.open) { return nil }
                if tape.member("digestStartTime", of: record.open) != nil {
                    return "a CloudTrail digest: it signs log files and holds no records"
                }
                records += 1
            }
        }
        if records > 0 { return "JSON without CloudTrail records" }
        // Cut off or broken within its first record: CloudTrail by its words.
        let words = String(decoding: text.prefix(64 << 10), as: UTF8.self)
        let isJSON = words.first { !$0.isWhitespace }.map { $0 == "{" || $0 == "[" } ?? false
        if isJSON {
            let signs = ["\"eventSource\"", "\"eventName\"", "\"userIdentity\"", "\"Records\""]
            return signs.contains { words.contains($0) } ? nil : "JSON without CloudTrail records"
        }
        return text.contains(0) ? "neither JSON nor text" : "text, not JSON"
    }

    static func name(of path: String) -> String {
        path.split(separator: "/").last.map { String($0) } ?? path
    }
}

extension JSONTape {
    /// Whether an object has the marks of a CloudTrail record, in any of the layouts it is delivered in.
    fileprivate func isCloudTrail(_ open: Int) -> Bool {
        member("eventSource", of: open) != nil || member("eventName", of: open) != nil
            || member("insightDetails", of: open) != nil || member("CloudTrailEvent", of: open) != nil
            || member("userIdentity", of: open) != nil
    }
}
