import Codecs
import Credentials
import Exporters
import Ports
import Store
import Synchronization
import Testing

@testable import Engine
@testable import Pipeline

/// A console over a small state folder that stands in memory, asked as a browser or a script would.
final class ConsoleWorld: Sendable {
    static let attack =
        #"<script>alert(1)</script>"><img src=x onerror=alert(2)>' javascript:alert(3) </title>"#
    static let start = Timestamp(seconds: 1_800_000_000)
    static let host = "127.0.0.1:8750"

    let clock = HandClock(start)
    let sources: ScriptedSources
    let door: ConsoleDoor
    let console: Console

    init(text: String = "ada@example.com", idle: Duration = .hours(12)) throws {
        sources = try ScriptedSources(clock, text: text)
        let sessions = ConsoleSessions(idle: idle, time: clock, entropy: CountedEntropy())
        door = ConsoleDoor(
            sessions: sessions,
            tokens: [
                .init(ConsoleUser(name: "ci", role: .reader), token: "a-reader-token-of-32-bytes-length"),
                .init(ConsoleUser(name: "bot", role: .analyst), token: "an-analyst-token-of-32-bytes-long"),
            ], accounts: [], hosts: [Self.host], isSecure: false)
        let (said, kept) = (Said(), Said())
        console = Console(
            sources, door, log: Log(time: clock) { kept.add("\($0.message) \($0.text)") }
        ) { said.add($0) }
        announced = said
        logged = kept
    }

    let announced: Said
    let logged: Said

    static let reader = "a-reader-token-of-32-bytes-length"
    static let analyst = "an-analyst-token-of-32-bytes-long"

    func send(
        _ method: HTTPRequest.Method = .GET, _ path: String, _ headers: [(String, String)] = [],
        body: String = "",
        bearer: String? = nil, cookie: String? = nil
    ) async -> Answer {
        var request = HTTPRequest(method, path, body: Array(body.utf8))
        request.headers["Host"] = Self.host
        if let bearer { request.headers["Authorization"] = "Bearer \(bearer)" }
        if let cookie { request.headers["Cookie"] = cookie }
        if bearer == nil { request.headers["Accept"] = "text/html" }
        for (name, value) in headers { request.headers[name] = value }
        if let refused = console.refusal(of: request) { return Answer(refused, isBeforeBody: true) }
        return Answer(await console.answer(request), isBeforeBody: false)
    }

    /// Signs in with the newest link; gives the cookie.
    func signIn() async throws -> String {
        console.announceLink()
        let token = try #require(announced.all.last)
        let answer = await send(.GET, "/sign-in?token=\(token)")
        #expect(answer.status == 303)
        let set = try #require(answer.headers["Set-Cookie"])
        return String(set.prefix { $0 != ";" })
    }

    func formToken(_ cookie: String) async throws -> String {
        let page = await send(.GET, "/", cookie: cookie).text
        let match = try #require(page.firstMatch(of: /name="form_token" value="([^"]+)"/))
        return String(match.output.1)
    }

    struct Answer {
        var status: Int
        var headers: HTTPHeaders
        var text: String
        var isBeforeBody: Bool

        init(_ response: HTTPResponse, isBeforeBody: Bool) {
            status = response.status
            headers = response.headers
            text = String(decoding: response.body, as: UTF8.self)
            self.isBeforeBody = isBeforeBody
        }
    }
}

/// What was said, in order.
final class Said: Sendable {
    private let lines = Mutex<[String]>([])
    var all: [String] { lines.withLock { $0 } }
    func add(_ line: String) { lines.withLock { $0.append(line) } }
}

/// A clock that stands until it is moved.
final class HandClock: TimeSource {
    private let time: Mutex<Timestamp>
    init(_ now: Timestamp) { time = Mutex(now) }
    var now: Timestamp { time.withLock { $0 } }
    func move(_ span: Duration) { time.withLock { $0 = $0 + span } }
    func sleep(until deadline: Timestamp) async throws(CancellationError) {
        do { try await Task.sleep(for: .seconds(3_600)) } catch { throw CancellationError() }
    }
}

final class CountedEntropy: Entropy {
    private let last = Mutex<UInt64>(1)
    func next() -> UInt64 {
        last.withLock { last in
            last = last &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return last
        }
    }
}

/// A state folder of two events and a finding, all of whose texts are the same.
final class ScriptedSources: ConsoleSources {
    static let uid = "11111111-2222-8333-8444-555555555555"

    let clock: HandClock
    let part: StoreReader.Part
    let text: String
    let verdicts = Mutex<[Judgement]>([])
    let sql = Mutex<[UInt8]>([])
    var time: any TimeSource { clock }

    init(_ clock: HandClock, text: String) throws {
        self.clock = clock
        self.text = text
        part = try RecentRows.part(Self.batch(text), StorePlans.all(), number: 1)
    }

    func open() async throws -> ConsoleStore {
        var state = JournalState(secret: [1, 2])
        var row = Ledger.Row()
        row.records = 4
        row.events = 3
        row.malformed = 1
        var cell = Ledger.Cell()
        cell.queued = 3
        cell.accepted = 2
        row.exporters[text] = cell
        let key = LedgerKey(feed: text, source: text, hour: 500_000)
        var page = PageCommit(source: text, position: nil)
        page.ledger = [PageCommit.Delta(key: key, row: row)]
        state.apply(.page(page))
        state.apply(.note(subject: text, text: text, at: clock.now))
        return ConsoleStore(
            reader: StoreReader([part]), plans: try StorePlans.all(),
            pipelines: [.init(name: text, state: state, verdicts: Judgements(verdicts.withLock { $0 }))])
    }

    func risks() async throws -> [EntityRisk] {
        let ledger = RiskLedger([
            RiskLedger.Line(nats: 3_072, why: text, finding: Self.uid, events: ["e-1"])
        ])
        return [EntityRisk(entity: text, kind: .human, ledger: ledger)]
    }

    func rows(of sql: String, in times: Range<Int64>, limit: Int) async throws -> [UInt8] {
        if sql.contains("DROP") { throw ConsoleComplaint(400, "only SELECT can be asked: \(sql)") }
        return self.sql.withLock { $0 }
    }

    func drift(from: Timestamp) async throws -> DriftReport {
        let cause = DriftFinding.Cause(
            uid: text, time: clock.now - .hours(1), operation: text, actor: text, human: "h" + text)
        var finding = DriftFinding(
            .outOfBand, provider: text, account: text, subject: text, object: text, opened: cause,
            words: text)
        finding.witness = text
        finding.remedies = [text]
        finding.gained = [text]
        return DriftReport(from: from, to: clock.now, findings: [finding], changes: [])
    }

    func grants(from: Timestamp) async throws -> GrantReview {
        GrantReview(GrantBook(), nil, GrantPolicy())
    }

    let program = "martlet 0"

    /// Whoever is asked about but nobody, it is the one that both events have.
    func investigate(
        _ entity: CaseEntity, from: Timestamp?, to: Timestamp?
    ) async throws -> InvestigationOutcome {
        let batch = Self.batch(text)
        func texts(_ kind: Event.Kind) -> [[UInt8]] {
            batch.events.filter { $0.kind == kind }.map { Array(batch.bytes[$0.json.range]) }
        }
        var investigator = Investigator(CaseEntity(entity.name == "nobody" ? "nobody" : text))
        repeat {
            for event in texts(.event) {
                investigator.take(event, digest: Digest.sha256Hex(event), isOfRecord: false)
                investigator.offer(text)
            }
        } while investigator.finishRound()
        guard investigator.isNamed else { return .unknown(near: investigator.nearest() + [text]) }
        var findings = CaseFindings(about: investigator)
        for finding in texts(.finding) { findings.take(finding) }
        return Investigation(investigator, findings, from: from, to: to).map { .found($0) } ?? .silent
    }

    func keep(_ verdict: Judgement) async throws { verdicts.withLock { $0.append(verdict) } }

    private static func batch(_ text: String) -> EventBatch {
        let quoted = quoted(text)
        let time = ConsoleWorld.start.milliseconds - 3_600_000
        let events = (1...2).map { number in
            """
            {"class_uid":6003,"time":\(time),"status":"Failure","status_id":2,"metadata":{"uid":"e-\(number)"},\
            "actor":{"user":{"uid":\(quoted),"name":\(quoted)},"session":{"credential_uid":\(quoted)}},\
            "api":{"operation":\(quoted),"service":{"name":\(quoted)}},"src_endpoint":{"ip":\(quoted)},\
            "http_request":{"user_agent":\(quoted)},"cloud":{"account":{"uid":\(quoted)},"region":\(quoted)},\
            "resources":[{"uid":\(quoted),"name":\(quoted)}],"unmapped":{\(quoted):\(quoted)},\
            "enrichments":[{"name":"attribution","value":\(quoted),"data":{"kind":"human"}}]}
            """
        }
        let finding = """
            {"class_uid":2004,"activity_id":1,"time":\(time),"severity":"High","severity_id":4,"message":\(quoted),\
            "metadata":{"uid":"\(uid)"},"finding_info":{"uid":"\(uid)","title":\(quoted),"desc":\(quoted),\
            "src_url":\(quoted),"types":[\(quoted)],"analytic":{"uid":\(quoted),"name":\(quoted)},\
            "attacks":[{"tactic":{"name":\(quoted),"uid":\(quoted)}}],"related_events":[{"uid":"e-1"},{"uid":"e-9"}],\
            "related_events_count":2},"evidences":[{"data":{\(quoted):\(quoted)},"actor":{"user":{"uid":\(quoted),\
            "name":\(quoted)}},"src_endpoint":{"ip":\(quoted)}}],"enrichments":[{"name":"attribution",\
            "value":\(quoted),"data":{"kind":"human","certainty":\(quoted),"root":{"system":\(quoted)}}}]}
            """
        var batch = EventBatch()
        for (json, isFinding) in events.map({ ($0, false) }) + [(finding, true)] {
            var event = Event(time: Timestamp(milliseconds: time))
            event.kind = isFinding ? .finding : .event
            event.json = Extent(start: batch.bytes.count, count: json.utf8.count)
            batch.bytes += Array(json.utf8) + [UInt8(ascii: "\n")]
            batch.events.append(event)
        }
        return batch
    }
}
