import Codecs
import Credentials
import Engine
import Ports
import Simulation
import Synchronization
import Testing

/// A network that takes a second for each answer, told apart by address, and remembers what was asked.
final class TokenWorld: Transport {
    let world: Simulation
    let files: SimulatedFiles
    let environment: [String: String]
    private let answers: Mutex<[(prefix: String, answer: @Sendable (HTTPRequest, Int) -> HTTPResponse)]>
    private let log = Mutex<[(at: Duration, request: HTTPRequest)]>([])

    init(seed: UInt64 = 1, _ environment: [String: String] = [:], files: [String: String] = [:]) {
        world = Simulation(seed: seed)
        self.files = SimulatedFiles(files)
        self.environment = environment
        answers = Mutex([])
    }

    /// Answers requests whose address begins so; told how many of them came before.
    func on(_ prefix: String, _ answer: @escaping @Sendable (HTTPRequest, Int) -> HTTPResponse) {
        answers.withLock { $0.append((prefix, answer)) }
    }

    func requests(_ prefix: String = "") -> [HTTPRequest] {
        log.withLock { $0.map(\.request).filter { $0.url.hasPrefix(prefix) } }
    }

    func times(_ prefix: String) -> [Int64] {
        log.withLock { $0.filter { $0.request.url.hasPrefix(prefix) }.map { $0.at.components.seconds } }
    }

    func send(_ request: HTTPRequest) async throws(Fault) -> HTTPResponse {
        let at = world.elapsed
        let before = log.withLock { log in
            log.append((at, request))
            return log.map(\.request)
        }
        do { try await world.sleep(until: world.now + .seconds(1)) } catch {
            throw Fault(.cancelled, "stopped")
        }
        guard let found = answers.withLock({ $0.first { request.url.hasPrefix($0.prefix) } }) else {
            throw Fault(.transient, "\(request.url): no route to host")
        }
        return found.answer(request, before.count { $0.url.hasPrefix(found.prefix) } - 1)
    }

    var caller: Caller { Caller(transport: self, time: world, entropy: world) }

    var surroundings: TokenSurroundings {
        TokenSurroundings(
            AWSSurroundings(
                environment: environment.merging(["HOME": "/home/ana"]) { a, _ in a }, files: files,
                processes: ScriptedProcesses(), caller: caller, endpoints: AWSEndpoints(region: ""),
                volume: { folder throws(Fault) in throw Fault(.denied, folder) }))
    }

    /// One call of an API with these credentials.
    func call(_ authorizer: any Authorizer, _ url: String = "https://api.example.com/v1/logs?since=1")
        async throws(Fault) -> HTTPResponse
    {
        try await caller.send(HTTPRequest(.GET, url), authorizer: authorizer, rule: .http, attempts: 3)
    }

    /// Why a token source gives nothing.
    func failure(_ source: any TokenSource) -> String {
        do { return "got \(String(describing: try world.run { try await source.token() }))" } catch {
            return "\(error)"
        }
    }
}

func json(_ text: String, status: Int = 200, headers: HTTPHeaders = [:]) -> HTTPResponse {
    HTTPResponse(status: status, headers: headers, body: Array(text.utf8))
}

/// A form's fields, decoded.
func fields(_ request: HTTPRequest) -> [String: String] {
    var found: [String: String] = [:]
    for pair in String(decoding: request.body, as: UTF8.self).split(separator: "&") {
        let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map {
            String($0)
        }
        found[parts[0]] = PercentEncoding.decode(parts[1], plusIsSpace: true)
    }
    return found
}
