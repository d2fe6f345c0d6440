package import Engine
import Exporters
package import Ports

/// Where a page becomes events and then becomes true: inflated, normalized, freed of duplicates, appended to every
/// spool, made durable, committed.
///
/// Pages of several sources are in work at once and share only short stretches of writing. Nothing of a page
/// counts before its one record is in the journal, so a fault or a crash at any point leaves nothing behind.
package final class Lane: PageSink {
    package struct Limits: Hashable, Sendable {
        /// Events are handed to the spools in frames of about this much JSON: bytes.
        package var frameBytes = 1 << 20
        package var frameRows = 4_096
        /// Inflated at once: bytes.
        package var windowBytes = 1 << 20
        /// Refused records held before they are written out: bytes.
        package var refusalBytes = 1 << 20
        /// How often a page is gone through again because another page brought the same records meanwhile.
        package var conflictsMax = 32

        package init() {}
    }

    /// The rows of a batch that a pipeline lets through, ascending.
    package typealias Filter = @Sendable (borrowing EventBatch) -> [Int]

    let state: PipelineState
    let limits: Limits
    let filter: Filter?
    private let makeNormalizer: @Sendable () -> any PageNormalizer

    package init(
        _ state: PipelineState, limits: Limits = Limits(), filter: Filter? = nil,
        normalizer: @escaping @Sendable () -> any PageNormalizer
    ) {
        self.state = state
        self.limits = limits
        self.filter = filter
        makeNormalizer = normalizer
    }

    package func position(of source: String) async throws(Fault) -> [UInt8]? {
        await state.position(of: source)
    }

    package func deliver(_ page: RawPage) async throws(Fault) -> PageReceipt {
        try await waitForRoom()
        for _ in 0..<limits.conflictsMax {
            if let receipt = try await attempt(page) { return receipt }
        }
        throw Fault(
            .transient, "another source keeps bringing the records of \(page.source) at the same time")
    }

    private func waitForRoom() async throws(Fault) {
        for spool in state.spools {
            try await spool.waitForRoom { await self.state.queue(of: spool.exporter).pendingRows > 0 }
        }
    }

    /// One go through the page; `nil` where another page has taken some of its records meanwhile.
    private func attempt(_ page: RawPage) async throws(Fault) -> PageReceipt? {
        let work = LanePage(
            page, lane: self, normalizer: makeNormalizer(), ticket: await state.duplicates.begin())
        do throws(Fault) {
            let receipt = try await work.run()
            await finish(work)
            return receipt
        } catch let fault {
            await finish(work)
            throw fault
        }
    }

    private func finish(_ work: LanePage) async {
        await state.duplicates.end(work.ticket, committed: work.committed)
        for (spool, pages) in zip(state.spools, work.spoolPages) { await spool.finish(pages) }
        guard work.committed != nil else { return }
        state.committed.beat()
        if await state.duplicates.wantsFlush, let safe = try? await state.duplicates.flush() {
            await state.journal.setDuplicatesHave(safe)
        }
    }
}
