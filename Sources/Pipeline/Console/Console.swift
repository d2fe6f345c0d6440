import Codecs
import Credentials
import Engine
package import Ports
import Synchronization

/// The web console and its API: requests in, answers out, and nothing of the world but what it is given.
package final class Console: RequestHandler {
    /// A larger body is refused before it is read: bytes. Nothing but forms and small JSON is sent to a console.
    package static let bodyBytesMax = 64 << 10
    /// Queries in work at once; more are told to come again.
    static let queriesMax = 4
    /// Refusals that are logged in a minute; more are only counted.
    private static let refusalsLogged = 60

    let door: ConsoleDoor
    let board: ConsoleBoard
    let sources: any ConsoleSources
    let routes: [ConsoleRoute]
    let log: Log
    /// Tells the operator the link that signs in next.
    private let announce: @Sendable (_ token: String) -> Void
    private let counts = Mutex(ConsoleCounts())

    package init(
        _ sources: any ConsoleSources, _ door: ConsoleDoor, log: Log,
        announce: @escaping @Sendable (_ token: String) -> Void
    ) {
        self.sources = sources
        self.door = door
        self.log = log
        self.announce = announce
        board = ConsoleBoard(sources)
        routes = ConsoleRoutes.all
    }

    var time: any TimeSource { sources.time }

    package func announceLink() { announce(door.sessions.makeLink()) }

    var counted: ConsoleCounts { counts.withLock { $0 } }

    // MARK: Letting in

    private struct Visit {
        var route: ConsoleRoute
        var path: [String: String]
        var query: [(name: String, value: String)]
        var user: ConsoleUser?
        /// Of a session, whose requests a browser makes by itself; `nil` of a bearer.
        var formToken: String?
    }

    private enum Decision {
        case refuse(HTTPResponse, why: String)
        case visit(Visit)
    }

    package func refusal(of request: HTTPRequest) -> HTTPResponse? {
        guard case .refuse(let response, let why) = decision(on: request) else { return nil }
        note(request, response.status, why)
        return response
    }

    private func decision(on request: HTTPRequest) -> Decision {
        guard let target = RequestTarget(request.url) else {
            return refuse(request, 400, "the path is none")
        }
        if let objection = door.objection(to: request) { return refuse(request, 403, objection) }
        let method = request.method == .HEAD ? .GET : request.method
        let fitting = routes.compactMap { route in route.values(in: target.parts).map { (route, $0) } }
        let chosen = fitting.first { $0.0.method == method }
        if let chosen, chosen.0.access == .anybody {
            return .visit(Visit(route: chosen.0, path: chosen.1, query: target.query))
        }
        let user: ConsoleUser
        var formToken: String?
        switch door.admission(of: request) {
        case .wrongToken: return refuse(request, 401, "the token is not known")
        case .nobody: return refuse(request, 401, "a token is needed")
        case .bearer(let known): user = known
        case .session(let session):
            user = session.user
            formToken = session.formToken
        }
        guard let (route, path) = chosen else {
            if fitting.isEmpty { return refuse(request, 404, "there is no such page") }
            let allowed = fitting.map { $0.0.method == .GET ? "GET, HEAD" : $0.0.method.rawValue }
            return refuse(
                request, 405, "only \(allowed.joined(separator: ", ")) is answered here",
                ["Allow": allowed.joined(separator: ", ")])
        }
        if route.access == .analyst, user.role != .analyst {
            return refuse(request, 403, "\(user.name) may look, and not judge")
        }
        return .visit(
            Visit(route: route, path: path, query: target.query, user: user, formToken: formToken))
    }

    private func refuse(
        _ request: HTTPRequest, _ status: Int, _ why: String, _ headers: HTTPHeaders = [:]
    ) -> Decision {
        .refuse(answer(to: request, status, why, headers), why: why)
    }

    // MARK: Answering

    package func answer(_ request: HTTPRequest) async -> HTTPResponse {
        switch decision(on: request) {
        case .refuse(let response, let why):
            note(request, response.status, why)
            return response
        case .visit(let visit):
            do {
                let response = try await within(visit.route.patience) {
                    try await self.answer(request, visit)
                }
                counts.withLock { $0.answered[response.status, default: 0] += 1 }
                return response
            } catch let complaint as ConsoleComplaint {
                note(request, complaint.status, complaint.message)
                return answer(to: request, complaint.status, complaint.message, user: visit.user)
            } catch {
                let why = (error as? Fault)?.message ?? "\(error)"
                log.warning("A page could not be made", ["path": request.url, "reason": why])
                counts.withLock { $0.answered[503, default: 0] += 1 }
                return answer(to: request, 503, "the state cannot be read now: \(why)", user: visit.user)
            }
        }
    }

    private func answer(_ request: HTTPRequest, _ visit: Visit) async throws -> HTTPResponse {
        let route = visit.route
        var body: [(name: String, value: String)] = []
        if request.method == .POST {
            body = try ConsoleBody.pairs(of: request, isAPI: route.isAPI)
            if let expected = visit.formToken {
                let given = body.first { $0.name == ConsoleBody.formToken }?.value
                guard ConsoleDoor.same(given ?? request.headers[ConsoleBody.formHeader] ?? "", expected)
                else {
                    throw ConsoleComplaint(403, "the form is not of this session: load the page again")
                }
            }
            body.removeAll { $0.name == ConsoleBody.formToken && !route.isAPI }
        }
        let call = ConsoleCall(
            request: request, values: try route.values(path: visit.path, query: visit.query, body: body),
            user: visit.user, formToken: visit.formToken ?? "", now: time.now)
        return try await route.answer(self, call)
    }

    /// Gives up what takes too long.
    private func within(
        _ patience: Duration, _ body: @escaping @Sendable () async throws -> HTTPResponse
    ) async throws -> HTTPResponse {
        let time = time
        return try await withThrowingTaskGroup(of: HTTPResponse?.self) { group in
            group.addTask { try await body() }
            group.addTask {
                try await time.sleep(until: time.now + patience)
                return nil
            }
            defer { group.cancelAll() }
            guard let first = try await group.next(), let response = first else {
                throw ConsoleComplaint(504, "this was not done in \(patience.userText): ask for less")
            }
            return response
        }
    }

    /// Runs a query among the few that may run at once.
    func querying<Value: Sendable>(_ body: () async throws -> Value) async throws -> Value {
        let isFree = counts.withLock { counts in
            guard counts.querying < Self.queriesMax else { return false }
            counts.querying += 1
            return true
        }
        guard isFree else { throw ConsoleComplaint(429, "\(Self.queriesMax) queries run already: try again") }
        defer { counts.withLock { $0.querying -= 1 } }
        return try await body()
    }

    // MARK: What is not as it should be

    /// An answer in the form in which whoever asked can read it.
    private func answer(
        to request: HTTPRequest, _ status: Int, _ why: String, _ headers: HTTPHeaders = [:],
        user: ConsoleUser? = nil
    ) -> HTTPResponse {
        var headers = headers
        if status == 401 { headers["WWW-Authenticate"] = "Bearer" }
        if status == 429 || status == 503 { headers["Retry-After"] = "1" }
        let isPage = request.headers["Accept"]?.contains("text/html") ?? false
        if !isPage || request.url.hasPrefix("/api/") {
            return ConsoleReply.json(status, APIRefusal(error: why).apiValue, headers: headers)
        }
        if status == 401 {
            return SignInPage.response(401, nil, door, next: request.url, headers: headers)
        }
        return ConsoleReply.html(status, ComplaintPage.page(status, why, user: user), headers: headers)
    }

    private func note(_ request: HTTPRequest, _ status: Int, _ why: String) {
        let now = time.now
        let isLogged = counts.withLock { counts in
            counts.answered[status, default: 0] += 1
            if now - counts.loggedSince >= .minutes(1) {
                counts.loggedSince = now
                counts.logged = 0
            }
            counts.logged += 1
            return counts.logged <= Self.refusalsLogged
        }
        // A browser's first visit is no attack.
        let isVisit =
            status == 401 && door.cookie(of: request) == nil && request.headers["Authorization"] == nil
        guard isLogged else { return }
        let path = String(request.url.prefix { $0 != "?" }.prefix(200))
        log.record(
            isVisit || status == 404 ? .detail : .warning, "A request is refused",
            [
                "status": "\(status)", "method": request.method.rawValue, "path": path, "reason": why,
                "host": String((request.headers["Host"] ?? "").prefix(100)),
                "origin": String((request.headers["Origin"] ?? "").prefix(100)),
            ])
    }
}

/// What was asked for and what became of it, for metrics.
struct ConsoleCounts: Sendable {
    /// By status.
    var answered: [Int: Int] = [:]
    var querying = 0
    var logged = 0
    var loggedSince = Timestamp.distantPast
}

/// What a request's body says.
enum ConsoleBody {
    static let formToken = "form_token"
    static let formHeader = "X-Form-Token"

    static func pairs(
        of request: HTTPRequest, isAPI: Bool
    ) throws(ConsoleComplaint) -> [(name: String, value: String)] {
        let type = (request.headers["Content-Type"] ?? "").prefix { $0 != ";" }.lowercased()
        guard isAPI else {
            guard type == "application/x-www-form-urlencoded" || request.body.isEmpty else {
                throw ConsoleComplaint(415, "a form is needed here")
            }
            guard let text = String(validating: request.body, as: UTF8.self),
                let pairs = RequestTarget.pairs(text)
            else { throw ConsoleComplaint(400, "the form cannot be read") }
            return pairs
        }
        guard type == "application/json" else { throw ConsoleComplaint(415, "a JSON body is needed here") }
        guard let members = JSONValue(json: request.body)?.object else {
            throw ConsoleComplaint(400, "the body is no JSON object")
        }
        var pairs: [(name: String, value: String)] = []
        for (name, value) in members.sorted(by: { $0.key < $1.key }) {
            guard let text = value.string else { throw ConsoleComplaint(400, "\(name): text is needed") }
            pairs.append((name, text))
        }
        return pairs
    }
}

extension ConsoleDoor {
    /// Compares without telling by its time how much is right.
    static func same(_ a: String, _ b: String) -> Bool {
        Digest.equalInConstantTime(Digest.sha256(Array(a.utf8)), Digest.sha256(Array(b.utf8)))
    }
}
