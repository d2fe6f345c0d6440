package import Engine
package import Ports
import Synchronization

/// A server of the simulated world: request → response. It keeps what it must in a `Mutex` of its own.
package protocol SimulatedServer: Sendable {
    func answer(_ request: HTTPRequest, at now: Timestamp) -> HTTPResponse
}

/// The network of the simulated world: servers by the beginning of their URL, and everything that can go wrong
/// on the way to them and back.
package final class SimulatedNetwork: Sendable {
    /// Probabilities per request.
    package struct Faults: Sendable {
        /// The connection is reset before the server sees the request.
        package var resetBefore = 0.0
        /// The server does its work, and the answer is lost.
        package var resetAfter = 0.0
        /// 429 with `Retry-After: 1…5`, without the server doing anything.
        package var throttled = 0.0
        /// 503, without the server doing anything.
        package var unavailable = 0.0
        /// 401, as to a token that has just ended, without the server doing anything.
        package var unauthorized = 0.0
        /// The answer ends early, which a client sees as a fault.
        package var truncated = 0.0
        /// Nothing comes until the request's timeout.
        package var hang = 0.0
        /// The longest way there, and the longest way back.
        package var latency = Duration.milliseconds(80)

        package init() {}
    }

    private struct Route {
        var prefix: String
        var server: any SimulatedServer
        var faults: Faults
        var isDown = false
    }

    fileprivate let world: Simulation
    private let routes: Mutex<[Route]>
    private let met = Mutex(0)
    /// Whether answers say what time it is, as they do in life.
    fileprivate let saysTime: Bool

    package init(_ world: Simulation, saysTime: Bool = true) {
        self.world = world
        self.saysTime = saysTime
        routes = Mutex([])
    }

    /// Serves every URL that begins with `prefix`; the longest prefix wins.
    package func serve(_ prefix: String, _ server: any SimulatedServer, faults: Faults = Faults()) {
        routes.withLock { $0.append(Route(prefix: prefix, server: server, faults: faults)) }
    }

    /// Takes a server off the network or brings it back; while away every request is refused.
    package func setDown(_ isDown: Bool, _ prefix: String) {
        routes.withLock { routes in
            for index in routes.indices where routes[index].prefix == prefix { routes[index].isDown = isDown }
        }
    }

    package func setFaults(_ faults: Faults, _ prefix: String) {
        routes.withLock { routes in
            for index in routes.indices where routes[index].prefix == prefix { routes[index].faults = faults }
        }
    }

    /// Requests so far with which something went wrong.
    package var faultsMet: Int { met.withLock { $0 } }

    /// Whether this goes wrong now.
    fileprivate func fails(_ probability: Double) -> Bool {
        guard world.chance(probability) else { return false }
        met.withLock { $0 += 1 }
        return true
    }

    fileprivate func count() { met.withLock { $0 += 1 } }

    /// A door for one life of a process.
    package func transport() -> SimulatedTransport { SimulatedTransport(network: self) }

    fileprivate func route(to url: String) -> (server: any SimulatedServer, faults: Faults)? {
        routes.withLock { routes in
            let route = routes.filter { url.hasPrefix($0.prefix) && !$0.isDown }
                .max { $0.prefix.utf8.count < $1.prefix.utf8.count }
            return route.map { ($0.server, $0.faults) }
        }
    }
}

/// One process's way into a `SimulatedNetwork`; it ends with the process.
///
/// A request that is under way when the process dies may still reach its server, as it may in life.
package final class SimulatedTransport: Transport {
    private let network: SimulatedNetwork
    private let dead = Mutex(false)

    fileprivate init(network: SimulatedNetwork) { self.network = network }

    package func stop() { dead.withLock { $0 = true } }

    package func send(_ request: HTTPRequest) async throws(Fault) -> HTTPResponse {
        let world = network.world
        try check()
        guard let (server, faults) = network.route(to: request.url) else {
            network.count()
            await world.pass(world.span(upTo: .milliseconds(5)))
            throw Fault(.transient, "\(request.url): connection refused", mayHaveArrived: false)
        }
        await world.pass(world.span(upTo: faults.latency))
        if isStopped, world.chance(0.5) { throw Fault(.cancelled, "cancelled") }
        if network.fails(faults.hang) {
            await hang(request)
            try check()
            throw Fault(.transient, "\(request.url): no answer within \(request.timeout)")
        }
        if network.fails(faults.resetBefore) { throw Fault(.transient, "connection reset by peer") }
        if network.fails(faults.throttled) {
            return HTTPResponse(status: 429, headers: ["Retry-After": "\(1 + world.next() % 5)"])
        }
        if network.fails(faults.unavailable) { return HTTPResponse(status: 503) }
        if network.fails(faults.unauthorized) { return HTTPResponse(status: 401) }
        var response = server.answer(request, at: world.now)
        response.headers["Date"] =
            network.saysTime ? response.headers["Date"] ?? world.now.httpDate : nil
        await world.pass(world.span(upTo: faults.latency))
        try check()
        if network.fails(faults.resetAfter) { throw Fault(.transient, "connection reset by peer") }
        if network.fails(faults.truncated) { throw Fault(.transient, "the answer ended early") }
        return response
    }

    private var isStopped: Bool { dead.withLock { $0 } || Task.isCancelled }

    private func check() throws(Fault) {
        if isStopped { throw Fault(.cancelled, "cancelled") }
    }

    private func hang(_ request: HTTPRequest) async {
        do throws(CancellationError) {
            try await network.world.sleep(until: network.world.now + request.timeout)
        } catch {
            return
        }
    }
}
