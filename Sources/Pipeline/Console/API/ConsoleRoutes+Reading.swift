import Codecs
import Credentials
import Engine
import Ports

/// What a page and the API have in common.
extension ConsoleRoutes {
    static func finding(_ console: Console, _ call: ConsoleCall) async throws -> FindingDetail {
        try await FindingDetail.read(
            call.text("uid") ?? "", try await console.board.look(), try await console.board.risks())
    }

    static func entity(_ console: Console, _ call: ConsoleCall) async throws -> EntityLook {
        let look = try await console.board.look()
        let risks = try await console.board.risks()
        let times = try QueryLook.times(of: call)
        return try await console.querying {
            try await EntityLook.read(call.text("name") ?? "", in: times, look, risks)
        }
    }

    static func event(_ console: Console, _ call: ConsoleCall) async throws -> [JSONValue] {
        let uid = call.text("uid") ?? ""
        let look = try await console.board.look()
        let values = try await look.texts(of: "events", uid: uid, withRaw: true).compactMap {
            JSONValue(json: $0)
        }
        .filter { $0["metadata"]?["uid"]?.string == uid }
        if values.isEmpty { throw ConsoleComplaint(404, "no event \(uid) is in the store") }
        return values
    }

    static func ledger(_ look: ConsoleLook, _ call: ConsoleCall) -> LedgerReport {
        var report = LedgerReport()
        for pipeline in look.store.pipelines {
            report.add(
                pipeline.state.ledger, of: pipeline.name, from: call.time("from"), to: call.time("to"),
                feed: call.text("feed"))
        }
        return report
    }

    static func query(_ console: Console, _ call: ConsoleCall) async throws -> HTTPResponse {
        if call.values.isEmpty { return QueryPage.response(nil, nil, call) }
        let look = try await console.board.look()
        do {
            let answer = try await console.querying {
                call.text("sql") == nil
                    ? try await QueryLook.filtered(call, look, withMoments: true)
                    : try await QueryLook.ofSQL(call, console.sources)
            }
            return QueryPage.response(answer, nil, call)
        } catch let complaint as ConsoleComplaint where complaint.status == 400 {
            // What was typed stays there, with what is wrong with it.
            return QueryPage.response(nil, complaint.message, call)
        }
    }
}

/// Signing in, with whatever somebody has to show.
enum SigningIn {
    static func byLink(_ console: Console, _ call: ConsoleCall) throws -> HTTPResponse {
        let next = call.text("next") ?? "/"
        guard let token = call.text("token") else {
            return SignInPage.response(200, nil, console.door, next: next)
        }
        return try enter(console, call) { console.door.user(signingInWith: token) }
    }

    static func byForm(_ console: Console, _ call: ConsoleCall) throws -> HTTPResponse {
        try enter(console, call) {
            if let token = call.text("token") { return console.door.user(signingInWith: token) }
            guard let name = call.text("name"), let password = call.text("password") else { return nil }
            return console.door.user(named: name, password: password)
        }
    }

    private static func enter(
        _ console: Console, _ call: ConsoleCall, _ look: () -> ConsoleUser?
    ) throws -> HTTPResponse {
        let next = SignInPage.place(call.text("next"))
        guard console.door.sessions.mayTry() else {
            throw ConsoleComplaint(429, "too many wrong tries: wait a minute")
        }
        guard let user = look() else {
            console.door.sessions.countFailure()
            console.log.warning("Somebody could not sign in", ["name": call.text("name") ?? "by token"])
            return SignInPage.response(
                401, "That is not known here. A link signs in once: the newest one is in the terminal.",
                console.door,
                next: next)
        }
        console.log.info("Signed in", ["name": user.name, "role": user.role.rawValue])
        if call.text("name") == nil { console.announceLink() }
        let cookie = console.door.settingCookie(console.door.sessions.begin(user))
        return ConsoleReply.seeOther(next, headers: ["Set-Cookie": cookie])
    }
}

/// Verdicts given through the console.
enum Judging {
    struct Given: APIObject {
        var finding: String
        var identity: String
        var verdict: String
        var until: Timestamp?

        static let name = "Verdict"
        static let what = "A verdict as it was kept."
        static var members: [APIMember<Self>] {
            [
                .init("finding", \.finding, "finding_info.uid"),
                .init("identity", \.identity, "Whom it is about"),
                .init("verdict", of: Judgement.Kind.allCases.map(\.rawValue), \.verdict, "What it was"),
                .init("until", \.until, "How long it holds"),
            ]
        }
    }

    static func judge(_ console: Console, _ call: ConsoleCall) async throws -> Given {
        guard let kind = call.text("verdict").flatMap({ Judgement.Kind(rawValue: $0) }) else {
            throw ConsoleComplaint(400, "verdict: benign, malicious or expected is needed")
        }
        let now = call.now
        let until = call.text("until").flatMap { text in
            Timestamp(iso8601: text) ?? Duration(userText: text).map { now + $0 }
        }
        if kind == .expected, until == nil {
            throw ConsoleComplaint(400, "expected needs until: nothing is expected for good")
        }
        if let until, until <= now { throw ConsoleComplaint(400, "until is not in the future") }
        let look = try await console.board.look()
        let versions = try await FindingDetail.versions(call.text("uid") ?? "", look)
        let told =
            versions.last { $0.document["activity_id"]?.integer != 3 } ?? versions[versions.count - 1]
        let user = call.user?.name ?? ""
        var words = [call.text("note") ?? ""].filter { !$0.isEmpty }
        words.append("(\(user))")
        let verdict: Judgement
        do throws(Problem) {
            verdict = try Judgement(
                on: told.document, kind, at: now, until: until, note: words.joined(separator: " "))
        } catch {
            throw ConsoleComplaint(409, error.message)
        }
        try await console.sources.keep(verdict)
        await console.board.forget()
        console.log.info(
            "A verdict is given", ["finding": verdict.finding, "verdict": kind.rawValue, "by": user])
        return Given(
            finding: verdict.finding, identity: verdict.identity, verdict: kind.rawValue,
            until: verdict.until
        )
    }
}
