import Codecs
import Credentials
import Engine
import Exporters
import Ports

/// Everything that the console answers.
enum ConsoleRoutes {
    static let all: [ConsoleRoute] = open + pages + actions + api

    private static let uid = APIParameter.text("uid", "finding_info.uid", max: 256, in: .path)
    private static let name = APIParameter.text(
        "name",
        "A human, role, key, session, service or address, by any of its names; * at an end for anything",
        max: 512, isRequired: true, example: "ada@example.com")
    private static let times: [APIParameter] = [
        .time("from", "From this time on"), .time("to", "Up to this time"),
    ]
    private static let verdict: [APIParameter] = [
        .choice(
            "verdict", Judgement.Kind.allCases.map(\.rawValue), "What it was", in: .body, isRequired: true
        ),
        APIParameter(
            name: "until", place: .body, kind: .deadline,
            what: "How long it holds: RFC 3339, or 14d from now; needed for expected"),
        .text("note", "Why, for whoever reads it later", max: 1_024, in: .body),
    ]

    // MARK: Without signing in

    private static let open: [ConsoleRoute] = [
        ConsoleRoute(
            method: .GET, path: "/healthz", summary: "Whether the process does its work",
            access: .anybody,
            form: .text("text/plain"), parameters: []
        ) { _, _ in ConsoleReply.text(200, "ok\n", type: "text/plain") },
        ConsoleRoute(
            method: .GET, path: "/readyz", summary: "Whether the state can be read", access: .anybody,
            form: .text("text/plain"), parameters: []
        ) { console, _ in
            _ = try await console.board.look()
            return ConsoleReply.text(200, "ready\n", type: "text/plain")
        },
        .page(
            "/assets/{name}", "The style, the script, the picture",
            [.text("name", "The file", max: 64, in: .path), .text("v", "Its digest", max: 64)],
            access: .anybody
        ) { _, call in try ConsoleAssets.response(call.text("name") ?? "") },
        .page(
            "/sign-in", "Signs in with the printed link",
            [.text("token", "The link's token", max: 512), .text("next", "Where to go on", max: 4_096)],
            access: .anybody
        ) { console, call in try SigningIn.byLink(console, call) },
        .page(
            "/sign-in", "Signs in with a token or a password",
            [
                .text("token", "A token", max: 512, in: .body), .text("name", "Who", max: 512, in: .body),
                .text("password", "Their password", max: 512, in: .body),
                .text("next", "Where to go on", max: 4_096, in: .body),
            ], method: .POST, access: .anybody
        ) { console, call in try SigningIn.byForm(console, call) },
    ]

    // MARK: Pages

    private static let pages: [ConsoleRoute] = [
        .page("/", "How everything stands") { console, call in
            let look = try await console.board.look()
            return OverviewPage.response(OverviewLook(look), look, call)
        },
        .page("/findings", "Findings", FindingFilter.parameters) { console, call in
            FindingPages.list(try await console.board.look(), FindingFilter(call), call)
        },
        .page("/findings/{uid}", "One finding", [uid]) { console, call in
            FindingPages.one(try await ConsoleRoutes.finding(console, call), call)
        },
        .page(
            "/risk", "Who is riskiest", [.text("q", "Part of a name", max: 256)]
        ) { console, call in
            let text = call.text("q")?.lowercased()
            let risks = try await console.board.risks().filter { risk in
                text.map { risk.entity.lowercased().contains($0) } ?? true
            }
            return RiskPage.response(
                risks.prefix(RiskPage.rowsMax).map { RiskLook($0) }, total: risks.count, call)
        },
        .page("/entity", "One entity and everything it did", [name] + times) { console, call in
            EntityPage.response(try await ConsoleRoutes.entity(console, call), call)
        },
        .page(
            "/investigate", "All that somebody did, and what still stands", [name] + times
        ) { console, call in try await InvestigationPage.response(console, call) }.waiting(slow),
        .page("/case", "The investigation as a case file", [name] + times) { console, call in
            try await InvestigationPage.file(console, call)
        }.waiting(slow),
        .page("/event", "One event", [.text("uid", "metadata.uid", max: 512, isRequired: true)]) {
            console, call in
            let texts = try await ConsoleRoutes.event(console, call)
            return EventPage.response(
                call.text("uid") ?? "", texts.first.flatMap { EventNote($0) }, texts.map(PrettyJSON.text),
                call)
        },
        .page(
            "/query", "Questions to the store",
            QueryLook.filters + [.text("sql", "A query in SQL", max: QueryLook.sqlBytesMax)]
        ) { console, call in try await ConsoleRoutes.query(console, call) },
        .page(
            "/ledger", "What became of every record", [.text("feed", "Only this feed", max: 256)] + times
        ) { console, call in
            let look = try await console.board.look()
            return LedgerPage.response(
                ConsoleRoutes.ledger(look, call), feeds: Set(look.ledger.lines.map(\.key.feed)).sorted(),
                call
            )
        },
        .page("/drift", "How access strayed", AccessPages.parameters) { console, call in
            let days = AccessPages.days(call)
            return DriftConsolePage.response(try await console.board.drift(days: days), days: days, call)
        }.waiting(slow),
        .page("/grants", "Privileged acts and grants", AccessPages.parameters) { console, call in
            let days = AccessPages.days(call)
            return GrantsPage.response(try await console.board.grants(days: days), days: days, call)
        }.waiting(slow),
        .page("/search", "Where a name or a uid leads", [.text("q", "What to look for", max: 512)]) {
            console, call in
            guard let text = call.text("q") else { return ConsoleReply.seeOther("/") }
            let isFinding = try await console.board.look().findings.contains { $0.uid == text }
            return ConsoleReply.seeOther(isFinding ? ConsoleLink.finding(text) : ConsoleLink.entity(text))
        },
        .page("/api", "The API's reference") { console, call in
            ReferencePage.response(console.routes, call)
        },
    ]

    private static let actions: [ConsoleRoute] = [
        .page("/sign-out", "Ends the session", method: .POST) { console, call in
            if let token = console.door.cookie(of: call.request) { console.door.sessions.end(token) }
            return ConsoleReply.seeOther(
                "/sign-in",
                headers: ["Set-Cookie": console.door.clearingCookie(), "Clear-Site-Data": "\"cache\""])
        },
        .page(
            "/findings/{uid}/verdict", "Judges a finding", [uid] + verdict, method: .POST,
            access: .analyst
        ) { console, call in
            _ = try await Judging.judge(console, call)
            return ConsoleReply.seeOther(ConsoleLink.finding(call.text("uid") ?? ""))
        },
    ]

    // MARK: The API

    private static let api: [ConsoleRoute] = [
        .api("/overview", "How feeds, exporters and findings stand") { console, _ in
            OverviewLook(try await console.board.look())
        },
        .api(
            "/findings", "Findings",
            FindingFilter.parameters + [.integer("limit", 1...5_000, "At most so many")]
        ) {
            console, call in
            let findings = FindingFilter(call).apply(to: try await console.board.look().findings)
            return Array(findings.prefix(call.integer("limit") ?? 1_000))
        },
        .api(
            "/findings/{uid}", "One finding, why it was raised, and its evidence", [uid],
            statuses: missing
        ) {
            console, call in try await ConsoleRoutes.finding(console, call)
        },
        .api(
            "/findings/{uid}/verdict", "Judges a finding", [uid] + verdict, method: .POST,
            access: .analyst,
            statuses: [404: "There is no such finding", 409: "It cannot be judged"]
        ) { console, call in try await Judging.judge(console, call) },
        .api(
            "/risk", "Every identity's risk, riskiest first",
            [.integer("limit", 1...10_000, "At most so many")]
        ) {
            console, call in
            try await console.board.risks().prefix(call.integer("limit") ?? 1_000).map { RiskLook($0) }
        },
        .api("/entity", "One entity with its risk, its findings and what it did", [name] + times) {
            console, call in
            try await ConsoleRoutes.entity(console, call)
        },
        .api(
            "/investigate", "All that somebody did, as `martlet investigate --format json` has it",
            [name] + times, statuses: missing
        ) { console, call -> JSONValue in
            JSONValue(json: try await InvestigationPage.found(console, call).json) ?? .null
        }.waiting(slow),
        .api(
            "/event", "An event as OCSF, in all its versions",
            [.text("uid", "metadata.uid", max: 512, isRequired: true)], statuses: missing
        ) { console, call in try await ConsoleRoutes.event(console, call) },
        .api(
            "/drift", "How access strayed, as `martlet drift --format json` has it",
            AccessPages.parameters
        ) {
            console, call -> JSONValue in
            let report = try await console.board.drift(days: AccessPages.days(call))
            return JSONValue(json: DriftJSON(report).bytes) ?? .null
        }.waiting(slow),
        .api("/grants", "Privileged acts held against grants", AccessPages.parameters) {
            console, call in
            try await console.board.grants(days: AccessPages.days(call))
        }.waiting(slow),
        .api("/query", "Rows of the store that fit", QueryLook.filters) { console, call in
            let look = try await console.board.look()
            return try await console.querying {
                try await QueryLook.filtered(call, look, withMoments: false)
            }
        },
        .api("/sql", "Rows of an SQL query, read only", QueryLook.sql) { console, call in
            _ = try await console.board.look()
            return try await console.querying { try await QueryLook.ofSQL(call, console.sources) }
        },
        .api(
            "/ledger", "The completeness ledger, a row an hour, feed and source",
            [.text("feed", "Only this feed", max: 256)] + times
        ) { console, call in
            let report = ConsoleRoutes.ledger(try await console.board.look(), call)
            return report.text(.ndjson).split(separator: "\n").compactMap { JSONValue(json: String($0)) }
        },
        ConsoleRoute(
            method: .GET, path: "/api/v1/openapi.json", summary: "This description", access: .reader,
            form: .api(.any), parameters: []
        ) { console, _ in
            ConsoleReply.json(200, OpenAPI.document(of: console.routes))
        },
        ConsoleRoute(
            method: .GET, path: "/metrics", summary: "Metrics for Prometheus", access: .reader,
            form: .text("text/plain"), parameters: []
        ) { console, _ in
            ConsoleReply.text(
                200, ConsoleMetrics.text(try await console.board.look(), console),
                type: "text/plain; version=0.0.4")
        },
    ]

    private static let slow = Duration.minutes(5)
    private static let missing = [404: "There is no such thing in the store"]
}
