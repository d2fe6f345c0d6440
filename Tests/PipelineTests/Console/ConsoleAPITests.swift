import Credentials
import Engine
import Ports
import Synchronization
import Testing

@testable import Pipeline

/// The API is what its description says.
@Suite struct ConsoleAPITests {
    @Test("Every answer has the members that its description promises, and no others")
    func shapes() async throws {
        let world = try ConsoleWorld()
        world.sources.sql.withLock { $0 = Array("{\"n\":1}\n{\"n\":2}\n".utf8) }
        let asked = [
            "/api/v1/overview": "/api/v1/overview", "/api/v1/findings": "/api/v1/findings?state=all",
            "/api/v1/findings/{uid}": "/api/v1/findings/\(ScriptedSources.uid)",
            "/api/v1/risk": "/api/v1/risk?limit=3",
            "/api/v1/entity": "/api/v1/entity?name=ada%40example.com&from=-24h",
            "/api/v1/investigate": "/api/v1/investigate?name=ada%40example.com&from=-24h",
            "/api/v1/event": "/api/v1/event?uid=e-1",
            "/api/v1/query": "/api/v1/query?table=events&limit=1",
            "/api/v1/sql": "/api/v1/sql?sql=SELECT+1&limit=1",
            "/api/v1/ledger": "/api/v1/ledger", "/api/v1/drift": "/api/v1/drift?days=90",
            "/api/v1/grants": "/api/v1/grants", "/api/v1/openapi.json": "/api/v1/openapi.json",
        ]
        for route in world.console.routes where route.isAPI && route.method == .GET {
            let path = try #require(asked[route.path], "\(route.path) is not tried here")
            let answer = await world.send(.GET, path, bearer: ConsoleWorld.reader)
            #expect(answer.status == 200, "\(path): \(answer.text)")
            #expect(answer.headers["Content-Type"] == "application/json")
            let value = try #require(JSONValue(json: answer.text))
            guard case .api(let type) = route.form else { continue }
            #expect(Self.fault(in: value, type, at: route.path) == nil)
        }
    }

    @Test("An answer is cut at its limit and says so")
    func limits() async throws {
        let world = try ConsoleWorld()
        world.sources.sql.withLock { $0 = Array("{\"n\":1}\n{\"n\":2}\n".utf8) }
        for (path, count, isCut) in [
            ("/api/v1/query?limit=1", 1, true), ("/api/v1/query?limit=9", 2, false),
            ("/api/v1/sql?sql=x&limit=1", 1, true), ("/api/v1/sql?sql=x&limit=2", 2, false),
        ] {
            let answer = try #require(
                JSONValue(json: await world.send(.GET, path, bearer: ConsoleWorld.reader).text))
            #expect(answer["rows"]?.array?.count == count && answer["cut"]?.bool == isCut, "\(path)")
        }
    }

    @Test(
        "A value that is not what its description wants is refused with its name",
        arguments: [
            "/api/v1/findings?limit=0", "/api/v1/findings?limit=x", "/api/v1/findings?limit=",
            "/api/v1/findings?limit=+5",
            "/api/v1/findings?severity=high", "/api/v1/findings?nonsense=1", "/api/v1/query?class=-1",
            "/api/v1/query?from=tomorrowish", "/api/v1/query?from=-1h&to=-2h", "/api/v1/entity",
            "/api/v1/sql",
            "/api/v1/query?limit=1&limit=2", "/api/v1/query?region=%ff",
            "/api/v1/query?entity=\(String(repeating: "x", count: 600))",
            "/api/v1/query?from=99999999999999999999d",
        ])
    func wrong(path: String) async throws {
        let world = try ConsoleWorld()
        let answer = await world.send(.GET, path, bearer: ConsoleWorld.reader)
        #expect(answer.status == 400)
        #expect(JSONValue(json: answer.text)?["error"]?.string?.isEmpty == false)
    }

    @Test("The description names every route and every value, and refers to nothing that is not there")
    func description() async throws {
        let world = try ConsoleWorld()
        let text = await world.send(.GET, "/api/v1/openapi.json", bearer: ConsoleWorld.reader).text
        let document = try #require(JSONValue(json: text))
        for route in world.console.routes where OpenAPI.isDescribed(route) {
            let operation = try #require(document["paths"]?[route.path]?[route.method.rawValue.lowercased()])
            let named = (operation["parameters"]?.array ?? []).compactMap { $0["name"]?.string }
            #expect(named == route.parameters.filter { $0.place != .body }.map(\.name))
            #expect(operation["responses"]?["200"] != nil)
            #expect((operation["responses"]?["401"] != nil) == (route.access != .anybody))
        }
        for match in text.matches(of: /#\/components\/schemas\/([A-Za-z]+)/) {
            #expect(document["components"]?["schemas"]?[String(match.output.1)] != nil, "\(match.output.1)")
        }
    }

    @Test("A plot holds what it is given, in at most so many steps, whatever times it is given")
    func plots() {
        func plot(_ times: [Int64]) -> TimePlot? {
            TimePlot(times.map { TimePlot.Moment(time: $0) }, names: ("a", "b"))
        }
        #expect(plot([]) == nil)
        #expect(plot([.min, .max]) == nil)
        for last in [0, 1, 59_999, 60_000, 3_600_000, 86_400_000 * 7, 86_400_000 * 365] as [Int64] {
            let made = plot([0, last / 2, last])
            #expect(
                made?.counts.reduce(0) { $0 + $1.first } == 3
                    && (made?.counts.count ?? 99) <= TimePlot.stepsMax)
        }
        #expect(plot([Int64.min + 5, Int64.min + 6]) == nil && plot([Int64.max - 1]) == nil)
    }

    /// Where a value is not of its type; `nil` where it is.
    private static func fault(in value: JSONValue, _ type: APIType, at place: String) -> String? {
        switch (type, value) {
        case (.any, _), (.text, .string), (.boolean, .bool), (.number, .number): return nil
        case (.integer, .number): return value.integer == nil ? "\(place): no whole number" : nil
        case (.time, .string(let text)): return Timestamp(iso8601: text) == nil ? "\(place): no time" : nil
        case (.choice(let names), .string(let text)): return names.contains(text) ? nil : "\(place): \(text)"
        case (.nullable, .null): return nil
        case (.nullable(let inner), _): return fault(in: value, inner, at: place)
        case (.list(let inner), .array(let items)):
            return items.lazy.compactMap { fault(in: $0, inner, at: place + "[]") }.first
        case (.map(let inner), .object(let members)):
            return members.values.lazy.compactMap { fault(in: $0, inner, at: place + "{}") }.first
        case (.object(let shape), .object(let members)):
            guard Set(members.keys) == Set(shape.members.map(\.name)) else {
                return "\(place): \(members.keys.sorted()) and not \(shape.members.map(\.name))"
            }
            return shape.members.lazy.compactMap {
                fault(in: members[$0.name] ?? .null, $0.type, at: "\(place).\($0.name)")
            }.first
        default: return "\(place): \(value) is no \(type.words)"
        }
    }
}
