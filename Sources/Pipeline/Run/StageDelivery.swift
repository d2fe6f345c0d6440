import Engine
import Ports

/// How an ordered stage behind all pages delivers what it has found: as a page of its own, tried until it is taken.
struct StageDelivery: Sendable {
    /// Under which the findings are accounted.
    let source: String
    let time: any TimeSource

    /// Delivers the findings, then does what has to be durable once they are; false where it was cancelled before.
    ///
    /// - Parameter versions: of each finding, how often it was said.
    func deliver(
        _ findings: EventBatch, _ versions: [UInt32], into sink: any PageSink,
        then note: () async throws(Fault) -> Void
    ) async -> Bool {
        if versions.isEmpty { return true }
        var page: [UInt8] = []
        for (row, version) in zip(findings.events, versions) {
            page += "{\"version\":\(version),\"finding\":".utf8
            page += findings.bytes[row.json.range]
            page += "}\n".utf8
        }
        let raw = RawPage(
            feed: LanePart.findingFeed, source: source, objects: [RawObject(name: source, bytes: page)],
            position: nil, listed: 1, fetched: 1)
        guard await isDone({ () async throws(Fault) in _ = try await sink.deliver(raw) }) else {
            return false
        }
        return await isDone(note)
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
