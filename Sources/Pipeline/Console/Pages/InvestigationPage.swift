import Engine
import Ports

/// What is asked of an investigation. Times that are told from now on count as from the start of a minute, so that a page
/// and the file that is made of it ask the same.
struct CaseQuestion: Hashable, Sendable {
    var name: String
    var from: Timestamp?
    var to: Timestamp?

    init(_ call: ConsoleCall) throws(ConsoleComplaint) {
        name = call.text("name") ?? ""
        from = call.time("from").map { Timestamp(seconds: $0.seconds - $0.seconds % 60) }
        to = call.time("to").map { Timestamp(seconds: $0.seconds - $0.seconds % 60) }
        if let from, let to, from > to { throw ConsoleComplaint(400, "from is later than to") }
    }

    /// The same question elsewhere.
    func link(_ path: String) -> String {
        var values = ["name": name]
        values["from"] = from?.iso8601
        values["to"] = to?.iso8601
        return ConsoleLink.to(path, values)
    }
}

/// All that one human did, through every role, session and cloud: the case file's sections among the console's pages.
enum InvestigationPage {
    /// Rows of one table; the case file has more, and its manifest all.
    private static let rowsMax = 500

    static func response(_ console: Console, _ call: ConsoleCall) async throws -> HTTPResponse {
        let question = try CaseQuestion(call)
        if case .unknown(let near) = try await console.board.investigate(question) {
            return unknown(near, question, call)
        }
        return page(try await found(console, call), question, call)
    }

    /// The investigation alone, for the file and the API.
    static func found(_ console: Console, _ call: ConsoleCall) async throws -> Investigation {
        let question = try CaseQuestion(call)
        switch try await console.board.investigate(question) {
        case .found(let found): return found
        case .unknown(let near):
            let hint = near.isEmpty ? "" : "; did you mean \(near.joined(separator: ", "))?"
            throw ConsoleComplaint(404, "nothing is called \(question.name)\(hint)")
        case .silent: throw ConsoleComplaint(404, "nothing of \(question.name) is to be told of that time")
        }
    }

    /// The case file, to be kept: a page of its own, which is not to be opened as one of the console's.
    static func file(_ console: Console, _ call: ConsoleCall) async throws -> HTTPResponse {
        let found = try await found(console, call)
        let file = CaseFile(found, madeBy: console.sources.program)
        console.log.info(
            "A case file is made",
            ["subject": found.subject, "sha256": file.digest, "by": call.user?.name ?? ""])
        return ConsoleReply.make(
            200, type: "text/html; charset=utf-8", file.bytes,
            headers: [
                "Content-Disposition": "attachment; filename=\"case-\(file.digest.prefix(12)).html\"",
                "Content-Security-Policy": "sandbox; " + ConsoleReply.policy,
            ])
    }

    private static func page(
        _ found: Investigation, _ question: CaseQuestion, _ call: ConsoleCall
    ) -> HTTPResponse {
        let links = CasePage.Links(
            event: ConsoleLink.event, finding: ConsoleLink.finding, entity: ConsoleLink.entity)
        let parts = CasePage(found, links: links, rowsMax: rowsMax)
        return ConsolePage("Case of \(found.subject)", place: "/risk", call, parts: ["case.css", "case.js"]) {
            page in
            page("p", ["class": "crumbs"]) { page in
                page("a", ["href": ConsoleLink.entity(question.name)], text: question.name)
            }
            page("h1", ["class": "entity"], text: found.subject)
            page("form", ["class": "filters", "action": "/investigate"]) { page in
                page.void("input", ["type": "hidden", "name": "name", "value": question.name])
                page.input("from", "From", call.text("from"), placeholder: "-24h, 2026-01-31")
                page.input("to", "To", call.text("to"), placeholder: "now")
                page("button", text: "Show")
                page(
                    "a", ["class": "button case-file", "href": question.link("/case"), "download": ""],
                    text: "Case file")
            }
            parts.facts(&page)
            parts.sections(&page)
        }.response
    }

    private static func unknown(_ near: [String], _ question: CaseQuestion, _ call: ConsoleCall)
        -> HTTPResponse
    {
        ConsolePage("Case", place: "/risk", call) { page in
            page("h1", text: "Nothing is called \(question.name)")
            if near.isEmpty {
                page.empty("A name stands whole, or is the last part of an ARN or a path.")
                return
            }
            page("p", text: "Did you mean:")
            page("ul", ["class": "plain"]) { page in
                for name in near {
                    var question = question
                    question.name = name
                    page("li") { $0("a", ["href": question.link("/investigate")], text: name) }
                }
            }
        }.response
    }
}
