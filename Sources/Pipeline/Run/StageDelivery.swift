import Codecs
import Engine
import Ports
import Synchronization

/// How an ordered stage behind all pages delivers what it has found: as a page of its own, tried until it is taken.
///
/// A stage whose findings change keeps the page in a file until it was taken, and notes what the page says before that: so a
/// later run knows all that may have been delivered, and delivers what perhaps was not.
final class StageDelivery: Sendable {
    /// Under which the findings are accounted.
    private let source: String
    private let time: any TimeSource
    /// Where the page is kept; `nil` for findings that are said once and stay.
    private let volume: (any Volume)?
    /// The page of an earlier run, until it was taken.
    private let unfinished = Mutex<[UInt8]?>(nil)

    init(source: String, time: any TimeSource, volume: (any Volume)? = nil) {
        self.source = source
        self.time = time
        self.volume = volume
    }

    private var path: String { "outbox/\(source).page" }

    /// Notes what the findings say, and delivers them, after what an earlier run has left; false where it was cancelled before.
    ///
    /// - Parameter versions: of each finding, how often it was said.
    func deliver(
        _ findings: EventBatch, _ versions: [UInt32], into sink: any PageSink,
        noting note: () async throws(Fault) -> Void
    ) async -> Bool {
        if let page = unfinished.withLock({ $0 }) {
            guard await deliver(page, into: sink) else { return false }
            unfinished.withLock { $0 = nil }
        }
        if versions.isEmpty { return true }
        var page: [UInt8] = []
        for (row, version) in zip(findings.events, versions) {
            page += "{\"version\":\(version),\"finding\":".utf8
            page += findings.bytes[row.json.range]
            page += "}\n".utf8
        }
        let isKept = await isDone { [page] () async throws(Fault) in try await keep(page) }
        guard isKept, await isDone(note) else { return false }
        return await deliver(page, into: sink)
    }

    /// Delivers a page that was kept, and keeps it no longer.
    private func deliver(_ page: [UInt8], into sink: any PageSink) async -> Bool {
        let raw = RawPage(
            feed: LanePart.findingFeed, source: source, objects: [RawObject(name: source, bytes: page)],
            position: nil, listed: 1, fetched: 1)
        guard await isDone({ () async throws(Fault) in _ = try await sink.deliver(raw) }) else {
            return false
        }
        // What cannot be removed is delivered again by the next run, and known by uid and version.
        try? await volume?.remove(path)
        return true
    }

    /// Takes up the page of an earlier run that was noted and perhaps not delivered. One that was kept and not noted was not
    /// delivered, and is made again.
    ///
    /// - Parameter told: what the stage has noted.
    func takeUp(noted told: some Sequence<(uid: String, version: UInt32)>) async throws(Fault) {
        guard let volume, let length = try await volume.length(of: path) else { return }
        let page = try await volume.read(path, in: 0..<length)
        var newest: [String: Int64] = [:]
        for one in told { newest[one.uid] = max(newest[one.uid] ?? 0, Int64(one.version)) }
        for line in page.split(separator: UInt8(ascii: "\n")) {
            guard let said = try? JSONReader.document(in: Array(line), file: path),
                let uid = said["finding"]?["metadata"]?["uid"]?.string, let version = said["version"]?.integer
            else { continue }
            if let noted = newest[uid], noted >= version { return unfinished.withLock { $0 = page } }
        }
    }

    /// Durable, and whole where it is there, when it returns.
    private func keep(_ page: [UInt8]) async throws(Fault) {
        guard let volume else { return }
        let draft = path.replacing(".page", with: ".new")
        if try await volume.length(of: draft) != nil { try await volume.remove(draft) }
        _ = try await volume.append(page, to: draft)
        try await volume.synchronize(draft)
        try await volume.rename(draft, to: path)
    }

    /// Tries until it is done; false where it was cancelled before.
    private func isDone(_ work: () async throws(Fault) -> Void) async -> Bool {
        var pause = Duration.milliseconds(200)
        while true {
            do throws(Fault) {
                try await work()
                return true
            } catch {
                if error.kind == .cancelled || Task.isCancelled { return false }
            }
            do throws(CancellationError) { try await time.sleep(until: time.now + pause) } catch {
                return false
            }
            pause = min(pause * 2, .seconds(30))
        }
    }
}
