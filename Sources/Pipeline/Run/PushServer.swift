import Collectors
import Credentials
import Engine
import Ports
import Synchronization

/// A push collector in a run. It is always caught up: a run that is to end does not wait for what nobody has sent.
struct PushPart: CollectorPart {
    var name: String
    var feed: String
    var server: PushServer
    var time: any TimeSource

    func run(
        _ mode: RunMode, files: any FileReader, sink: any PageSink, health: any HealthReporter
    ) async throws(Fault) {
        if mode == .continuous { try await server.run(name, sink: sink, time: time) }
    }
}

/// The push collectors of a pipeline that listen at one address.
///
/// Listens from the first of them that runs to the last. A collector that has not begun yet, or whose state is still being
/// read, is not missing: its senders are told to come again.
final class PushServer: RequestHandler {
    private struct State {
        var receivers: [PushReceiver] = []
        var users = 0
        var listening: Listening?
        var failure: Fault?
        var isStopped = false
    }

    private let options: ListenOptions
    private let listen: RunSurroundings.Listen
    private let expected: [PushReceiver.Config]
    private let log: Log
    private let state = Mutex(State())

    init(_ parts: [(name: String, config: PushCollectorConfig)], _ surroundings: RunSurroundings) {
        var options = ListenOptions()
        if let first = parts.first?.config, let address = AdminConfig.split(first.listen.value) {
            let host = address.host.filter { $0 != "[" && $0 != "]" }
            options.address = host == "localhost" ? "127.0.0.1" : host
            options.port = address.port
            options.certificate = first.tls?.certificate.revealed
            options.key = first.tls?.key.revealed
            options.clientAuthorities = first.tls?.clientCA?.revealed
        }
        expected = parts.map { $0.config.settings($0.name) }
        options.bodyBytesMax = expected.map(\.bodyBytesMax).max() ?? options.bodyBytesMax
        // Four of the largest bodies, or many small ones.
        options.bufferedBytesMax = options.bodyBytesMax * 4
        self.options = options
        listen = surroundings.listen
        log = surroundings.log
    }

    /// One server for each address that push collectors of a pipeline listen at.
    static func all(of file: PipelineFile, _ surroundings: RunSurroundings) -> [PushServer] {
        var parts: [(listen: String, parts: [(name: String, config: PushCollectorConfig)])] = []
        for entry in file.config.collectors.entries {
            guard case .push(let config) = entry.value else { continue }
            if let index = parts.firstIndex(where: { $0.listen == config.listen.value }) {
                parts[index].parts.append((entry.name, config))
            } else {
                parts.append((config.listen.value, [(entry.name, config)]))
            }
        }
        return parts.map { PushServer($0.parts, surroundings) }
    }

    /// Whether a collector is one of those that listen here.
    func serves(_ name: String) -> Bool { expected.contains { $0.source == name } }

    /// Takes requests for a collector until cancelled; a fault where nobody can listen here.
    func run(_ name: String, sink: any PageSink, time: any TimeSource) async throws(Fault) {
        guard let config = expected.first(where: { $0.source == name }) else { return }
        try begin(PushReceiver(config, sink: sink, time: time))
        while !Task.isCancelled { try? await time.sleep(until: time.now + .hours(1)) }
        await end(name)
    }

    private func begin(_ receiver: PushReceiver) throws(Fault) {
        let problem: Fault? = state.withLock { state in
            if let failure = state.failure { return failure }
            state.receivers.append(receiver)
            state.users += 1
            guard state.listening == nil, !state.isStopped else { return nil }
            do throws(Fault) {
                let listening = try listen(options, self)
                state.listening = listening
                log.info("Pushed records are taken in", ["url": listening.url])
            } catch {
                state.failure = error
                return error
            }
            return nil
        }
        if let problem { throw problem }
    }

    private func end(_ name: String) async {
        let last: Listening? = state.withLock { state in
            state.receivers.removeAll { $0.config.source == name }
            state.users -= 1
            guard state.users == 0 else { return nil }
            state.isStopped = true
            defer { state.listening = nil }
            return state.listening
        }
        await last?.stop()
    }

    // MARK: Requests

    private func receivers(of request: HTTPRequest) -> [PushReceiver] {
        state.withLock { $0.receivers.filter { $0.serves(request) } }
    }

    func refusal(of request: HTTPRequest) -> HTTPResponse? {
        let all = receivers(of: request)
        if all.isEmpty {
            let isAll = state.withLock { $0.receivers.count == expected.count }
            var answer = PushReceiver.say(
                isAll ? 404 : 503, isAll ? "nothing is taken here" : "not ready yet")
            if !isAll { answer.headers["Retry-After"] = PushReceiver.busyPause }
            return answer
        }
        // Several feeds may share a path: their senders are told apart by what they show.
        var first: HTTPResponse?
        for receiver in all {
            guard let refusal = receiver.refusal(of: request) else { return nil }
            first = first ?? refusal
        }
        return first
    }

    func answer(_ request: HTTPRequest) async -> HTTPResponse {
        let all = receivers(of: request)
        for receiver in all where receiver.admits(request) { return await receiver.answer(request) }
        return refusal(of: request) ?? PushReceiver.say(401, "not authorized")
    }
}
