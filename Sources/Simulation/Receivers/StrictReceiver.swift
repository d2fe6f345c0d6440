import Codecs
package import Engine
package import Ports
import Synchronization

/// A receiver of HTTP that refuses what the real one refuses, with its codes, and counts every event that it takes.
package final class StrictReceiver: SimulatedServer {
    /// An event as it stood in a request.
    package struct Entry: Sendable {
        package var uid: String
        /// What the receiver would store; `poison` in it is what it will never take.
        package var text: String
        /// By what the receiver itself tells a repetition; `nil` where it does not.
        package var key: String?

        package init(uid: String, text: String, key: String? = nil) {
            self.uid = uid
            self.text = text
            self.key = key
        }

        var isPoison: Bool { text.contains("poison") }
    }

    /// What is wrong with a request's body, as the receiver would say it.
    package struct Breach: Error {
        package var what: String
        package init(_ what: String) { self.what = what }
    }

    /// One product's side of its protocol.
    package struct Rules: Sendable {
        package var method = HTTPRequest.Method.POST
        /// Where batches go, with the query where it matters; objects go below it.
        package var path: String
        /// Header fields that must be there, as they are.
        package var headers: [(name: String, value: String)]
        /// What is answered to wrong or missing ones.
        package var stranger: HTTPResponse
        package var contentType: String
        package var compressions: Set<String> = ["gzip"]
        package var bodyBytesMax = 8 << 20
        package var rowsMax = Int.max
        package var entries: @Sendable ([UInt8]) throws -> [Entry]
        package var accepted: @Sendable ([Entry]) -> HTTPResponse
        /// The answer to a batch with poison in it, and which of it is taken all the same.
        package var poisoned: @Sendable ([Entry]) -> (answer: HTTPResponse, taken: [Int])
        /// The answer to what cannot be read.
        package var unreadable: HTTPResponse
        /// The answer to an object under a name that is taken; `nil` where requests are no objects.
        package var exists: HTTPResponse?
    }

    package enum Manner: Hashable, Sendable {
        case plain
        /// So many requests are answered with this status first, without anything being taken.
        case failing(Int, status: Int)
        /// Every third event is put off once, by itself, where the protocol can say so.
        case puttingOff
        /// A page that is nobody's answer.
        case lying
        case redirecting
        /// Other credentials are wanted.
        case closed
    }

    /// What it does to events that their uids choose, so that each fares the same at every try.
    package struct Habits: Hashable, Sendable {
        /// One event in so many is never taken; 0 for none.
        package var refusesOneIn: UInt64 = 0
        /// One event in so many is taken and then lost, which no receiver may do; 0 for none.
        package var losesOneIn: UInt64 = 0

        package init() {}

        package func refuses(_ uid: String) -> Bool { Self.isChosen(uid, oneIn: refusesOneIn, salt: 1) }
        package func loses(_ uid: String) -> Bool { Self.isChosen(uid, oneIn: losesOneIn, salt: 2) }

        private static func isChosen(_ uid: String, oneIn count: UInt64, salt: UInt64) -> Bool {
            guard count > 0 else { return false }
            // FNV-1a, the same in every process.
            let hash = uid.utf8.reduce(14_695_981_039_346_656_037 ^ salt) {
                ($0 ^ UInt64($1)) &* 1_099_511_628_211
            }
            return (hash >> 20) % count == 0
        }
    }

    package struct Tally: Sendable {
        package var requests = 0
        package var breaches: [String] = []
        /// How often each uid is kept in the end.
        package var uids: [String: Int] = [:]
        /// How often each was received, whatever came of it.
        package var received: [String: Int] = [:]
        package var times: [Timestamp] = []
    }

    private struct State {
        var tally = Tally()
        var keys: Set<String> = []
        var putOff: Set<String> = []
        var failures = 0
    }

    private let rules: Rules
    private let manner: Manner
    private let habits: Habits
    private let state = Mutex(State())

    package init(_ rules: Rules, _ manner: Manner = .plain, habits: Habits = Habits()) {
        self.rules = rules
        self.manner = manner
        self.habits = habits
    }

    package var tally: Tally { state.withLock { $0.tally } }

    package func answer(_ request: HTTPRequest, at now: Timestamp) -> HTTPResponse {
        state.withLock { state in
            state.tally.requests += 1
            state.tally.times.append(now)
            return answer(request, &state)
        }
    }

    private func answer(_ request: HTTPRequest, _ state: inout State) -> HTTPResponse {
        switch manner {
        case .lying:
            return HTTPResponse(
                status: 200, headers: ["Content-Type": "text/html"],
                body: Array("<html><style>a{}</style>Sign in: success, ok</html>".utf8))
        case .redirecting:
            return HTTPResponse(status: 307, headers: ["Location": "https://elsewhere.example.com/x"])
        case .closed: return rules.stranger
        case .failing(let count, let status) where state.failures < count:
            state.failures += 1
            return HTTPResponse(status: status, headers: status == 429 ? ["Retry-After": "7"] : [:])
        default: break
        }
        guard request.method == rules.method, Self.path(of: request.url).hasPrefix(rules.path) else {
            state.tally.breaches.append("\(request.method.rawValue) \(Self.path(of: request.url))")
            return HTTPResponse(status: 404)
        }
        for (name, value) in rules.headers where request.headers[name] != value {
            state.tally.breaches.append("\(name): \(request.headers[name] ?? "missing")")
            return rules.stranger
        }
        guard (request.headers["Content-Type"] ?? "").hasPrefix(rules.contentType) else {
            state.tally.breaches.append("Content-Type \(request.headers["Content-Type"] ?? "missing")")
            return HTTPResponse(status: 415)
        }
        guard let body = unpacked(request, &state) else { return HTTPResponse(status: 415) }
        guard body.count <= rules.bodyBytesMax else { return HTTPResponse(status: 413) }
        if let exists = rules.exists, !state.keys.insert(Self.path(of: request.url)).inserted {
            return exists
        }
        return take(body, &state)
    }

    private func unpacked(_ request: HTTPRequest, _ state: inout State) -> [UInt8]? {
        guard let encoding = request.headers["Content-Encoding"] else { return request.body }
        guard rules.compressions.contains(encoding),
            let plain = try? Inflater.inflate(request.body, bytesMax: 64 << 20)
        else {
            state.tally.breaches.append("encoding \(encoding)")
            return nil
        }
        return plain
    }

    private func take(_ body: [UInt8], _ state: inout State) -> HTTPResponse {
        var entries: [Entry]
        do {
            entries = try rules.entries(body)
        } catch {
            state.tally.breaches.append("\((error as? Breach)?.what ?? "\(error)")")
            return rules.unreadable
        }
        guard entries.count <= rules.rowsMax, !entries.isEmpty else {
            state.tally.breaches.append("\(entries.count) events")
            return HTTPResponse(status: 413)
        }
        for entry in entries { state.tally.received[entry.uid, default: 0] += 1 }
        for index in entries.indices where habits.refuses(entries[index].uid) {
            entries[index].text = "poison"
        }
        if manner == .puttingOff {
            // Texts are marked for the rules' own answer.
            var marked = entries
            for index in entries.indices
            where index % 3 == 0 && state.putOff.insert(entries[index].uid).inserted {
                marked[index].text = "later"
            }
            let (answer, taken) = rules.poisoned(marked)
            keep(taken.map { entries[$0] }, &state)
            return answer
        }
        guard entries.contains(where: \.isPoison) else {
            keep(entries, &state)
            return rules.accepted(entries)
        }
        let (answer, taken) = rules.poisoned(entries)
        keep(taken.map { entries[$0] }, &state)
        return answer
    }

    private func keep(_ entries: [Entry], _ state: inout State) {
        for entry in entries {
            if let key = entry.key, !state.keys.insert(key).inserted { continue }
            if habits.loses(entry.uid) { continue }
            state.tally.uids[entry.uid, default: 0] += 1
        }
    }

    private static func path(of url: String) -> String {
        guard let scheme = url.firstRange(of: "://") else { return url }
        return String(url[scheme.upperBound...].drop { $0 != "/" })
    }
}
