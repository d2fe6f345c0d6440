package import Ports
import Synchronization

/// A page sink that remembers what it was given, for the tests of collectors.
///
/// It refuses pages with the seeded probability, and then remembers nothing of them, as the real one does.
package final class RememberedPages: PageSink {
    private struct State {
        var pages: [RawPage] = []
        var deliveredAt: [Duration] = []
        var positions: [String: [UInt8]] = [:]
        var attempts = 0
    }

    private let world: Simulation
    private let refuses: Double
    private let state: Mutex<State>

    /// `positions` is what an earlier run has saved, by source.
    package init(_ world: Simulation, refuses: Double = 0, positions: [String: [UInt8]] = [:]) {
        self.world = world
        self.refuses = refuses
        state = Mutex(State(positions: positions))
    }

    package var pages: [RawPage] { state.withLock { $0.pages } }
    /// When each page was delivered, since the world began.
    package var deliveredAt: [Duration] { state.withLock { $0.deliveredAt } }
    package var objects: [RawObject] { pages.flatMap(\.objects) }
    /// Deliveries tried, refused ones included.
    package var attempts: Int { state.withLock { $0.attempts } }

    package subscript(source: String) -> [UInt8]? {
        get { state.withLock { $0.positions[source] } }
        set { state.withLock { $0.positions[source] = newValue } }
    }

    package func deliver(_ page: RawPage, from mark: inout PageMark) async throws(Fault) -> PageReceipt {
        state.withLock { $0.attempts += 1 }
        await world.pass(world.span(upTo: .milliseconds(5)))
        if world.chance(refuses) { throw Fault(.transient, "no space left on the device") }
        let page = try await page.whole()
        let at = world.elapsed
        return state.withLock { state in
            state.pages.append(page)
            state.deliveredAt.append(at)
            if let position = page.position { state.positions[page.source] = position }
            var receipt = PageReceipt()
            receipt.records = page.objects.count
            receipt.events = page.objects.count
            return receipt
        }
    }

    package func position(of source: String) async throws(Fault) -> [UInt8]? {
        state.withLock { $0.positions[source] }
    }
}

extension RawPage {
    /// The same with the bytes of every object at hand.
    package func whole() async throws(Fault) -> RawPage {
        var page = self
        for index in page.objects.indices {
            guard let rest = page.objects[index].rest else { continue }
            while true {
                let piece = try await rest.piece(at: Int64(page.objects[index].bytes.count))
                if piece.isEmpty { break }
                page.objects[index].bytes += piece
            }
            page.objects[index].rest = nil
        }
        return page
    }
}
