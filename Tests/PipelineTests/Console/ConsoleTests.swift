import Codecs
import Credentials
import Engine
import Ports
import Synchronization
import Testing

@testable import Pipeline

/// Every page and every answer of the API, without a socket.
@Suite struct ConsoleTests {
    static let paths = [
        "/", "/findings", "/findings?state=all&sort=time&q=a", "/findings/\(ScriptedSources.uid)", "/risk",
        "/risk?q=a", "/entity?name=e-1", "/event?uid=e-1", "/query", "/query?entity=x&limit=5",
        "/query?table=findings", "/query?sql=SELECT%201", "/ledger", "/api", "/drift", "/grants?days=7",
        "/investigate?name=e-1", "/investigate?name=nobody",
    ]

    @Test("Every page is drawn, with a policy that runs nothing of its content", arguments: paths)
    func pages(path: String) async throws {
        let world = try ConsoleWorld()
        let answer = await world.send(.GET, path, cookie: try await world.signIn())
        #expect(answer.status == 200, "\(answer.text.prefix(400))")
        #expect(answer.text.hasPrefix("<!doctype html>") && answer.text.contains("<main id=\"main\""))
        let policy = answer.headers["Content-Security-Policy"] ?? ""
        #expect(policy.hasPrefix("default-src 'none'") && !policy.contains("unsafe"))
        #expect(answer.headers["X-Content-Type-Options"] == "nosniff")
        #expect(answer.headers["Cache-Control"] == "no-store")
        // The policy lets neither an inline script nor an inline style through, so no page may need one.
        let scripts = answer.text.matches(of: /<script([^>]*)><\/script>/)
        #expect(scripts.count == answer.text.matches(of: /<script/).count)
        #expect(scripts.allSatisfy { $0.output.1.hasPrefix(" src=\"/assets/") })
        #expect(!answer.text.contains("style=") && !answer.text.contains("<style"))
    }

    @Test("What a log says is text on every page, whichever field it comes from", arguments: paths)
    func hostile(path: String) async throws {
        let world = try ConsoleWorld(text: ConsoleWorld.attack)
        world.sources.sql.withLock {
            $0 = Array("{\(quoted(ConsoleWorld.attack)):\(quoted(ConsoleWorld.attack))}\n".utf8)
        }
        let name = PercentEncoding.encode(ConsoleWorld.attack)
        let path = path.replacing("name=e-1", with: "name=\(name)").replacing(
            "entity=x", with: "entity=\(name)")
        let answer = await world.send(.GET, path, cookie: try await world.signIn())
        #expect(answer.status == 200)
        #expect(!answer.text.contains("<script>") && !answer.text.contains("<img src=x"))
        #expect(!answer.text.contains("href=\"javascript") && !answer.text.contains("</title> "))
        for tag in answer.text.matches(of: /<[a-z][^>]*>/) where tag.output.contains("onerror") {
            // It stands in an attribute's value, whole.
            #expect(
                tag.output.contains("&lt;img src=x onerror=alert(2)&gt;")
                    || tag.output.contains("%3Cimg%20src%3Dx%20onerror%3Dalert%282%29%3E"))
        }
    }

    @Test("Hostile strings in requests are refused or stay text")
    func hostileRequests() async throws {
        let world = try ConsoleWorld()
        let cookie = try await world.signIn()
        let attack = PercentEncoding.encode(ConsoleWorld.attack)
        for path in [
            "/entity?name=\(attack)", "/findings?q=\(attack)", "/findings?severity=\(attack)",
            "/query?sql=DROP\(attack)",
            "/findings/\(attack)", "/event?uid=\(attack)", "/query?from=\(attack)", "/\(attack)",
            "/risk?\(attack)=1",
            "/search?q=\(attack)",
        ] {
            let answer = await world.send(.GET, path, cookie: cookie)
            #expect([200, 303, 400, 404].contains(answer.status), "\(path): \(answer.status)")
            #expect(!answer.text.contains("<script>") && !answer.text.contains("<img src=x"), "\(path)")
            #expect(answer.headers["Location"]?.contains("\n") != true)
        }
    }

    @Test("A finding leads to the human, to what they did, and to a verdict that is kept and shown")
    func verdict() async throws {
        let world = try ConsoleWorld()
        let cookie = try await world.signIn()
        let form = try await world.formToken(cookie)
        let page = await world.send(.GET, "/findings/\(ScriptedSources.uid)", cookie: cookie).text
        #expect(
            page.contains("href=\"/entity?name=ada%40example.com\"")
                && page.contains("Nobody has judged this"))
        let done = await world.send(
            .POST, "/findings/\(ScriptedSources.uid)/verdict",
            [
                ("Content-Type", "application/x-www-form-urlencoded"),
                ("Origin", "http://\(ConsoleWorld.host)"),
            ],
            body: "form_token=\(form)&verdict=expected&until=14d&note=a+migration", cookie: cookie)
        #expect(done.status == 303 && done.headers["Location"] == "/findings/\(ScriptedSources.uid)")
        let kept = try #require(world.sources.verdicts.withLock { $0.first })
        #expect(kept.kind == .expected && kept.until == ConsoleWorld.start + .days(14))
        #expect(
            kept.note == "a migration (operator)" && kept.identity == "ada@example.com" || kept.identity != ""
        )
        let after = await world.send(.GET, "/findings/\(ScriptedSources.uid)", cookie: cookie).text
        #expect(after.contains("<strong>expected</strong>"))
        #expect(await world.send(.GET, "/findings", cookie: cookie).text.contains("No finding is like that"))
        #expect(await world.send(.GET, "/findings?state=judged", cookie: cookie).text.contains("badge"))
    }

    @Test(
        "Four clicks lead from the findings to the human, to everything they did, and to a case file that holds"
    )
    func caseFile() async throws {
        let world = try ConsoleWorld(text: "ada's <friend>")
        let cookie = try await world.signIn()
        var page = await world.send(.GET, "/findings", cookie: cookie)
        for (label, place) in [
            (">ada&#39;s &lt;friend&gt;<", "/findings/"), (">Everything they did<", "/entity"),
            (">Investigate<", "/investigate"), (">Case file<", "/case"),
        ] {
            let text = page.text
            let links = text.matches(of: /<a [^>]*href="([^"]+)"[^>]*/).filter { link in
                link.output.1.hasPrefix(place) && text[link.range.upperBound...].hasPrefix(label)
            }
            let link = try #require(links.first, "no link to \(place) is called \(label)")
            page = await world.send(.GET, String(link.output.1).replacing("&amp;", with: "&"), cookie: cookie)
            #expect(page.status == 200)
        }
        #expect(page.headers["Content-Disposition"]?.hasPrefix("attachment; filename=\"case-") == true)
        #expect(page.headers["Content-Security-Policy"]?.hasPrefix("sandbox; default-src 'none'") == true)
        let file = try CaseFile.read(Array(page.text.utf8), name: "case.html")
        #expect(file.isIntact && file.evidence.map(\.uid) == ["e-1", "e-2"])
        let shown = await world.send(
            .GET, "/investigate?name=\(PercentEncoding.encode("ada's <friend>"))", cookie: cookie)
        #expect(shown.text.contains("<svg") && shown.text.contains("href=\"/event?uid=e-1\""))
        let api = await world.send(
            .GET, "/api/v1/investigate?name=\(PercentEncoding.encode("ada's <friend>"))",
            bearer: ConsoleWorld.reader)
        #expect(JSONValue(json: api.text)?["evidence"]?.array?.count == 2)
        #expect(await world.send(.GET, "/case?name=nobody", cookie: cookie).status == 404)
    }

    @Test("The API takes a verdict, and says what is wrong with one")
    func verdictByAPI() async throws {
        let world = try ConsoleWorld()
        func judge(_ body: String, uid: String = ScriptedSources.uid, type: String = "application/json") async
            -> Int
        {
            await world.send(
                .POST, "/api/v1/findings/\(uid)/verdict", [("Content-Type", type)], body: body,
                bearer: ConsoleWorld.analyst
            ).status
        }
        #expect(await judge("{\"verdict\":\"malicious\"}") == 200)
        #expect(await judge("{\"verdict\":\"expected\"}") == 400)
        #expect(await judge("{\"verdict\":\"expected\",\"until\":\"2001-01-01T00:00:00Z\"}") == 400)
        #expect(await judge("{\"verdict\":\"nice\"}") == 400)
        #expect(await judge("{\"verdict\":\"benign\",\"more\":\"x\"}") == 400)
        #expect(await judge("{\"verdict\":1}") == 400)
        #expect(await judge("[]") == 400)
        #expect(await judge("{") == 400)
        #expect(await judge("{\"verdict\":\"benign\"}", uid: "absent") == 404)
        #expect(await judge("verdict=benign", type: "application/x-www-form-urlencoded") == 415)
        #expect(world.sources.verdicts.withLock { $0.count } == 1)
    }

    @Test("Metrics say what the ledger and the console count, with hostile labels escaped")
    func metrics() async throws {
        let world = try ConsoleWorld(text: "a\"b\\c\nd")
        let answer = await world.send(.GET, "/metrics", bearer: ConsoleWorld.reader)
        #expect(answer.status == 200)
        #expect(
            answer.text.contains(
                #"martlet_ledger_records_total{pipeline="a\"b\\c\nd",feed="a\"b\\c\nd",source="a\"b\\c\nd"} 4"#
            ))
        #expect(answer.text.contains("martlet_findings_open{severity=\"High\"} 1"))
        #expect(answer.text.contains("martlet_ledger_pending"))
    }

    @Test("Health needs no token and tells nothing; readiness is 503 where the state cannot be read")
    func health() async throws {
        let world = try ConsoleWorld()
        #expect(await world.send(.GET, "/healthz").text == "ok\n")
        #expect(await world.send(.GET, "/readyz").text == "ready\n")
        let door = ConsoleDoor(
            sessions: ConsoleSessions(idle: .hours(1), time: world.clock, entropy: CountedEntropy()),
            tokens: [],
            accounts: [], hosts: ["h"], isSecure: true)
        let broken = Console(BrokenSources(time: world.clock), door, log: .silent) { _ in }
        let answer = await broken.answer(HTTPRequest(.GET, "/readyz", headers: ["Host": "h"]))
        #expect(answer.status == 503 && answer.headers["Retry-After"] == "1")
    }
}

struct BrokenSources: ConsoleSources {
    var time: any TimeSource
    func open() async throws -> ConsoleStore { throw Fault(.transient, "the disk is gone") }
    func risks() async throws -> [EntityRisk] { [] }
    func rows(of sql: String, in times: Range<Int64>, limit: Int) async throws -> [UInt8] { [] }
    func drift(from: Timestamp) async throws -> DriftReport { throw Fault(.transient, "the disk is gone") }
    func grants(from: Timestamp) async throws -> GrantReview { throw Fault(.transient, "the disk is gone") }
    let program = "martlet 0"
    func investigate(
        _ entity: CaseEntity, from: Timestamp?, to: Timestamp?
    ) async throws -> InvestigationOutcome { throw Fault(.transient, "the disk is gone") }
    func keep(_ verdict: Judgement) async throws {}
}
