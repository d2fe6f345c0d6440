import Codecs
package import Engine
import Exporters
package import Ports
import Synchronization

/// Where a page becomes events and then becomes true: inflated, normalized, freed of duplicates, appended to every
/// spool, made durable, committed.
///
/// Pages of several sources are in work at once and share only short stretches of writing. Nothing of a page, or of
/// a part of a large one, counts before its one record is in the journal, so a fault or a crash at any point leaves
/// nothing behind. Memory is that of one part, whatever a page and its objects inflate to.
package final class Lane: PageSink {
    package struct Limits: Hashable, Sendable {
        /// Events are handed to the spools in frames of this much JSON, or up to twice as much where that spares
        /// a copy: bytes.
        package var frameBytes = 1 << 20
        package var frameRows = 4_096
        /// Inflated at once: bytes.
        package var windowBytes = 1 << 18
        /// Refused records held before they are written out: bytes.
        package var refusalBytes = 1 << 20
        /// A page is committed in parts of about so many records, or bytes inflated: what is held for one commit.
        package var partRecords = 32_768
        package var partBytes = 64 << 20
        /// How often a page is gone through again because another page brought the same records meanwhile.
        package var conflictsMax = 32

        package init() {}
    }

    /// The rows of a batch, from one on, that a pipeline lets through, ascending.
    package typealias Filter = @Sendable (_ batch: borrowing EventBatch, _ first: Int) -> [Int]

    let state: PipelineState
    let limits: Limits
    let filter: Filter?
    let correlation: CorrelationStage?
    let behaviour: BehaviourStage?
    let drift: DriftStage?
    let attribution: AttributionStage?
    private let makeNormalizer: @Sendable () -> any PageNormalizer
    /// What pages gone through have left: programs compiled and buffers grown.
    private let idle = Mutex<[Workbench]>([])
    /// More are let go of.
    private static let idleMax = 4

    package init(
        _ state: PipelineState, limits: Limits = Limits(), filter: Filter? = nil,
        correlation: CorrelationStage? = nil, behaviour: BehaviourStage? = nil,
        drift: DriftStage? = nil,
        attribution: AttributionStage? = nil,
        normalizer: @escaping @Sendable () -> any PageNormalizer
    ) {
        self.state = state
        self.limits = limits
        self.filter = filter
        self.correlation = correlation
        self.behaviour = behaviour
        self.drift = drift
        self.attribution = attribution
        makeNormalizer = normalizer
    }

    package func position(of source: String) async throws(Fault) -> [UInt8]? {
        await state.position(of: source)
    }

    package func deliver(_ page: RawPage, from mark: inout PageMark) async throws(Fault) -> PageReceipt {
        var conflicts = 0
        while conflicts < limits.conflictsMax {
            let before = mark
            if try await attempt(page, from: &mark) { return mark.receipt }
            conflicts = mark == before ? conflicts + 1 : 0
        }
        throw Fault(
            .transient, "another source keeps bringing the records of \(page.source) at the same time")
    }

    func waitForRoom() async throws(Fault) {
        for spool in state.spools {
            try await spool.waitForRoom { await self.state.queue(of: spool.exporter).pendingRows > 0 }
        }
    }

    /// One go through the page from the mark on; false where another page has taken some of its records meanwhile.
    private func attempt(_ page: RawPage, from mark: inout PageMark) async throws(Fault) -> Bool {
        let bench = idle.withLock { $0.popLast() } ?? Workbench(makeNormalizer())
        let work = LanePage(page, lane: self, bench: bench)
        do throws(Fault) {
            let isDone = try await work.run(from: &mark)
            await work.giveUp()
            idle.withLock { if $0.count < Self.idleMax { $0.append(bench) } }
            return isDone
        } catch let fault {
            await work.giveUp()
            throw fault
        }
    }
}

/// What one page at a time is gone through with.
///
/// Handed from one page's task to the next and never shared, which the compiler cannot see.
final class Workbench: @unchecked Sendable {
    let normalizer: any PageNormalizer
    /// What of the page's own feed is not yet in a frame: the normalizer adds to it.
    var batch = EventBatch()
    /// The findings among them, which are accounted apart.
    var findings = EventBatch()
    var compressor = Compressor(.zstd(level: SpoolFrame.packingLevel))

    init(_ normalizer: any PageNormalizer) { self.normalizer = normalizer }
}
