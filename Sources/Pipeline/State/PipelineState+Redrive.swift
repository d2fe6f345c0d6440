import Codecs
import Engine
import Exporters
package import Ports

extension PipelineState {
    /// What became of the entries that were asked to be sent again.
    package struct Redrive: Hashable, Sendable {
        package var redriven = 0
        /// Their exporter is not one of this pipeline's, or nothing of the record is left to send.
        package var left = 0

        package init() {}
    }

    /// Sends dead letters again: a refused event to the exporter that it is still owed to, a malformed record
    /// through the lane, as today's mappings read it. What fails again becomes a new entry.
    package func redrive(
        through lane: Lane, where isWanted: (DeadLetterPlace, DeadLetterEntry) -> Bool
    ) async throws(Fault) -> Redrive {
        var wanted: [(DeadLetterPlace, DeadLetterEntry)] = []
        try await DeadLetter.read(doors.volume, await journal.state) { place, entry in
            if isWanted(place, entry) { wanted.append((place, entry)) }
        }
        var outcome = Redrive()
        for (place, entry) in wanted {
            if entry.raw.isEmpty {
                outcome.left += 1
            } else if entry.exporter.isEmpty {
                let object = RawObject(name: entry.file, bytes: entry.raw)
                _ = try await lane.deliver(
                    RawPage(
                        feed: entry.feed, source: entry.source, objects: [object], position: nil, listed: 0,
                        fetched: 0))
                try await journal.commit([.redriven(place)])
                outcome.redriven += 1
            } else if let index = outlets.firstIndex(where: { $0.name == entry.exporter }) {
                try await requeue(entry, at: place, index)
                outcome.redriven += 1
            } else {
                outcome.left += 1
            }
        }
        committed.beat()
        try await forgetRedrivenFiles()
        return outcome
    }

    /// Queues one event for one exporter; the others' books say that it was not for them.
    private func requeue(_ entry: DeadLetterEntry, at place: DeadLetterPlace, _ index: Int)
        async throws(Fault)
    {
        var batch = EventBatch()
        batch.bytes = entry.raw
        let document = try? JSONReader.document(in: entry.raw, file: entry.exporter)
        var event = Event(time: document?["time"]?.integer.map { Timestamp(milliseconds: $0) } ?? entry.at)
        event.json = Extent(start: 0, count: entry.raw.count)
        if let uid = entry.raw.firstRange(of: Array(entry.uid.utf8)), !entry.uid.isEmpty {
            event.uid = Extent(start: uid.lowerBound, count: uid.count)
        }
        event.classUID = document?["class_uid"]?.integer.flatMap { UInt32(exactly: $0) } ?? 0
        // A vendor's own findings are events; Martlet's are accounted for apart.
        event.kind = entry.feed == LanePart.findingFeed ? .finding : .event
        batch.events = [event]
        var compressor = Compressor(.zstd(level: 1))
        let now = doors.time.now
        let key = LedgerKey(feed: entry.feed, source: entry.source, arrival: now)
        var pages = SpoolPage()
        let payload = SpoolFrame.Payload(batch, &compressor)
        do throws(Fault) {
            try await spools[index].append(payload, key: key, arrival: now, in: &pages)
            try await spools[index].synchronize(pages)
            var commit = PageCommit(source: entry.source, position: nil)
            var row = Ledger.Row()
            row.records = 1
            row.events = 1
            for outlet in outlets {
                row.exporters[outlet.name] = Ledger.Cell()
                if outlet.name == entry.exporter {
                    row.exporters[outlet.name]?.queued = 1
                } else {
                    row.exporters[outlet.name]?.filtered = 1
                }
            }
            commit.ledger = [.init(key: key, row: row)]
            commit.queued = pages.extents.map {
                .init(exporter: entry.exporter, account: 0, extents: [$0.extent])
            }
            try await journal.commit([.page(commit), .redriven(place)])
            await spools[index].finish(pages)
        } catch let fault {
            await spools[index].finish(pages)
            throw fault
        }
    }

    /// Dead-letter files of which everything was sent again make room for others.
    private func forgetRedrivenFiles() async throws(Fault) {
        let state = await journal.state
        var entries: [UInt64: Int] = [:]
        for extent in state.deadLetter { entries[extent.file, default: 0] += extent.entries }
        for place in state.redriven { entries[place.file, default: 0] -= 1 }
        let done = Set(entries.filter { $0.value == 0 }.keys)
        if done.isEmpty { return }
        await deadLetter.beginFile()
        try await journal.commit(done.sorted().map { .forgotten(file: $0) })
        try await deadLetter.remove(done)
    }
}
