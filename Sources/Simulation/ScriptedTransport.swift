package import Engine
package import Ports
import Synchronization

/// A network that gives the written answers in their order, and remembers when what was asked.
///
/// A request beyond the script is answered with the last step again, so that a poller may go on asking.
package final class ScriptedTransport: Transport {
    package enum Step: Sendable {
        case answer(HTTPResponse)
        case fault(Fault)
        /// The request hangs until its timeout, then fails.
        case hang
        /// Whatever the request deserves.
        case compute(@Sendable (HTTPRequest) -> HTTPResponse)

        /// 200 with a body and, where given, an RFC 8288 next link.
        package static func ok(_ body: String, next: String? = nil) -> Step {
            var response = HTTPResponse(status: 200, body: Array(body.utf8))
            if let next { response.headers["Link"] = "<\(next)>; rel=\"next\"" }
            return .answer(response)
        }

        package static func status(
            _ status: Int, _ body: String = "", headers: HTTPHeaders = [:]
        ) -> Step {
            .answer(HTTPResponse(status: status, headers: headers, body: Array(body.utf8)))
        }

        /// 429 with a reset time in whole seconds, in the two headers vendors use for it.
        package static func throttled(until time: Timestamp) -> Step {
            .status(
                429,
                headers: ["X-Rate-Limit-Reset": "\(time.seconds)", "X-RateLimit-Reset": "\(time.seconds)"])
        }

        /// 429 with `Retry-After` in seconds.
        package static func throttled(for seconds: Int) -> Step {
            .status(429, headers: ["Retry-After": "\(seconds)"])
        }
    }

    package struct Exchange: Sendable {
        /// Since the world began.
        package var at: Duration
        package var request: HTTPRequest
        package var url: String { request.url }
    }

    private struct State {
        var steps: [Step]
        var exchanges: [Exchange] = []
    }

    private let world: Simulation
    private let state: Mutex<State>

    package init(_ world: Simulation, _ steps: Step...) {
        self.world = world
        state = Mutex(State(steps: steps))
    }

    package init(_ world: Simulation, steps: [Step]) {
        self.world = world
        state = Mutex(State(steps: steps))
    }

    package var exchanges: [Exchange] { state.withLock { $0.exchanges } }

    package func send(_ request: HTTPRequest) async throws(Fault) -> HTTPResponse {
        let at = world.elapsed
        let step = state.withLock { state in
            let number = state.exchanges.count
            state.exchanges.append(Exchange(at: at, request: request))
            return state.steps.isEmpty ? nil : state.steps[min(number, state.steps.count - 1)]
        }
        if Task.isCancelled { throw Fault(.cancelled, "cancelled") }
        switch step {
        case .answer(let response): return response
        case .compute(let answer): return answer(request)
        case .fault(let fault): throw fault
        case .hang:
            do throws(CancellationError) { try await world.sleep(until: world.now + request.timeout) } catch {
                throw Fault(.cancelled, "cancelled")
            }
            throw Fault(.transient, "no answer within \(request.timeout)")
        case nil: throw Fault(.transient, "nothing is scripted for \(request.url)")
        }
    }
}
