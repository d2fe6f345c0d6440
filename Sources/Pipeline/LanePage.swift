import Codecs
import Engine
import Exporters
import Ports

/// One page on its way through the lane, part by part.
final class LanePage {
    private let page: RawPage
    private let lane: Lane
    private let bench: Workbench
    private var normalizer: any PageNormalizer { bench.normalizer }
    /// The part being put together; `nil` between two of them.
    private var part: LanePart?
    /// Records of the object being read that have come out, and how many of them were durable before.
    private var recordsRead = 0
    private var recordsDone = 0

    init(_ page: RawPage, lane: Lane, bench: Workbench) {
        self.page = page
        self.lane = lane
        self.bench = bench
    }

    /// Goes through the page from the mark on; false where another page has committed some of its records since they
    /// were asked for, so that it must be gone through again from where the mark then is.
    func run(from mark: inout PageMark) async throws(Fault) -> Bool {
        for index in page.objects.indices.dropFirst(mark.object) {
            try await beginPart()
            guard try await read(index, &mark) else { return false }
            if index + 1 < page.objects.count, part?.isFull == true {
                guard try await commit(to: index + 1, records: 0, &mark) else { return false }
            }
        }
        try await beginPart()
        return try await commit(to: page.objects.count, records: 0, &mark)
    }

    /// Lets go of what was not committed.
    func giveUp() async {
        await part?.end()
        part = nil
    }

    private func beginPart() async throws(Fault) {
        guard part == nil else { return }
        try await lane.waitForRoom()
        bench.batch.removeAll()
        part = await LanePart(page, lane: lane, bench: bench)
    }

    /// Makes the part durable and moves the mark behind it; false after a conflict.
    private func commit(to object: Int, records: Int, _ mark: inout PageMark) async throws(Fault) -> Bool {
        guard let part else { preconditionFailure("a part is under way") }
        let isLast = object == page.objects.count
        part.facts = normalizer.takeFacts()
        part.news = normalizer.takeNews()
        var next = mark
        next.object = object
        next.records = records
        // An object counts with the part that begins it; what the page counts beyond its objects, at its end.
        let begun = page.objects[..<min(object + (records > 0 ? 1 : 0), page.objects.count)]
        next.listed = isLast ? page.listed : min(page.listed, begun.count)
        next.fetched = isLast ? page.fetched : min(page.fetched, begun.count { $0.refusal == nil })
        guard
            try await part.commit(
                position: isLast ? page.position : page.positionWithin?(next),
                listed: next.listed - mark.listed, fetched: next.fetched - mark.fetched)
        else { return false }
        next.receipt += part.receipt
        mark = next
        self.part = nil
        await part.end()
        return true
    }

    // MARK: Reading

    /// Reads one object to its end, committing on the way where it is large; false after a conflict.
    private func read(_ index: Int, _ mark: inout PageMark) async throws(Fault) -> Bool {
        let object = page.objects[index]
        recordsRead = 0
        recordsDone = max(object.recordsDone, index == mark.object ? mark.records : 0)
        if let refusal = object.refusal {
            try await part?.refuse(
                [RefusedRecord(ordinal: 0, line: 0, reason: refusal, raw: object.bytes)], in: object)
            return true
        }
        normalizer.begin(object.name, feed: page.feed)
        var unpacking = ObjectUnpacking(object, windowBytes: lane.limits.windowBytes)
        while let count = try await unpacking.fillWindow() {
            normalizer.feed(unpacking.window.span.extracting(0..<count))
            if recordsRead >= recordsDone { part?.bytes += count }
            try await absorb(object)
            if part?.isFull == true, recordsRead > recordsDone {
                guard try await commit(to: index, records: recordsRead, &mark) else { return false }
                try await beginPart()
            }
        }
        normalizer.finish()
        try await absorb(object)
        if let broken = unpacking.broken {
            let reason = "\(broken); what stood before it was read"
            try await part?.refuse(
                [RefusedRecord(ordinal: recordsRead, line: 0, reason: reason, raw: [])], in: object)
        }
        return true
    }

    /// Takes what the normalizer has ready.
    private func absorb(_ object: RawObject) async throws(Fault) {
        var refused: [RefusedRecord] = []
        while true {
            let first = bench.batch.count
            guard normalizer.advance(into: &bench.batch, refusals: &refused) else { return }
            // Findings stand behind their events, with the same ordinals.
            let lastEvent = bench.batch.events[first...].last { $0.kind == .event }
            let end = 1 + max(refused.last?.ordinal ?? -1, lastEvent.map { Int($0.ordinal) } ?? -1)
            part?.records += max(0, end - max(recordsRead, recordsDone))
            recordsRead = max(recordsRead, end)
            refused.removeAll { $0.ordinal < recordsDone }
            part?.signals += normalizer.takeSignals()
            try await part?.refuse(refused, in: object)
            try await part?.take(from: first, recordsDone: recordsDone, feeds: normalizer.feeds)
        }
    }
}
