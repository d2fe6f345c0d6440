import Codecs
import Credentials
import Engine
import Ports

/// One thing that can be asked of the console: the one declaration that answers, checks and documents it.
struct ConsoleRoute: Sendable {
    enum Access: String, Sendable {
        case anybody, reader, analyst
    }

    enum Form: Sendable {
        /// Of a page or a file: what it is for.
        case page
        /// JSON of this type.
        case api(APIType)
        /// Text of this content type.
        case text(String)
    }

    var method: HTTPRequest.Method
    /// `/findings/{uid}`
    var path: String
    var summary: String
    var access: Access
    var form: Form
    var parameters: [APIParameter]
    /// Other than 200, and those that every route may give.
    var statuses: [Int: String] = [:]
    /// What is not done after so long is given up.
    var patience = Duration.seconds(30)
    var answer: @Sendable (Console, ConsoleCall) async throws -> HTTPResponse

    /// The same with so much patience: for what is worked out from all events.
    func waiting(_ patience: Duration) -> Self {
        var route = self
        route.patience = patience
        return route
    }

    var isAPI: Bool { path.hasPrefix("/api/") }

    static func page(
        _ path: String, _ summary: String, _ parameters: [APIParameter] = [],
        method: HTTPRequest.Method = .GET,
        access: Access = .reader,
        _ answer: @escaping @Sendable (Console, ConsoleCall) async throws -> HTTPResponse
    ) -> Self {
        Self(
            method: method, path: path, summary: summary, access: access, form: .page,
            parameters: parameters,
            answer: answer)
    }

    /// A value of the API, under `/api/v1`.
    static func api<Value: APIWritable>(
        _ path: String, _ summary: String, _ parameters: [APIParameter] = [],
        method: HTTPRequest.Method = .GET, access: Access = .reader, statuses: [Int: String] = [:],
        _ answer: @escaping @Sendable (Console, ConsoleCall) async throws -> Value
    ) -> Self {
        Self(
            method: method, path: "/api/v1" + path, summary: summary, access: access,
            form: .api(Value.apiType), parameters: parameters, statuses: statuses
        ) { console, call in
            ConsoleReply.json(200, try await answer(console, call).apiValue)
        }
    }

    /// The values of its path's names where the parts fit it.
    func values(in parts: [String]) -> [String: String]? {
        let own = path.split(separator: "/")
        guard own.count == parts.count else { return nil }
        var values: [String: String] = [:]
        for (mine, given) in zip(own, parts) {
            if mine.hasPrefix("{") {
                values[String(mine.dropFirst().dropLast())] = given
            } else if mine != given {
                return nil
            }
        }
        return values
    }

    /// Puts path, query and body together, checked; throws what is wrong first.
    func values(
        path: [String: String], query: [(name: String, value: String)],
        body: [(name: String, value: String)]
    ) throws(ConsoleComplaint) -> [String: String] {
        var values: [String: String] = [:]
        let given =
            path.sorted { $0.key < $1.key }.map { (APIParameter.Place.path, $0.key, $0.value) }
            + query.map { (.query, $0.name, $0.value) } + body.map { (.body, $0.name, $0.value) }
        for (place, name, value) in given {
            guard let parameter = parameters.first(where: { $0.name == name && $0.place == place }) else {
                let near = nearestName(to: name, among: parameters.map(\.name))
                throw ConsoleComplaint(
                    400, "there is no parameter \(name) here" + (near.map { "; did you mean \($0)?" } ?? ""))
            }
            guard values[name] == nil else { throw ConsoleComplaint(400, "\(name) is given twice") }
            // A form sends its empty fields as well.
            if value.isEmpty, !isAPI { continue }
            if let complaint = parameter.complaint(about: value) {
                throw ConsoleComplaint(400, "\(name): \(complaint)")
            }
            values[name] = value
        }
        for parameter in parameters where parameter.isRequired && values[parameter.name] == nil {
            throw ConsoleComplaint(400, "\(parameter.name) is needed: \(parameter.what)")
        }
        return values
    }
}

/// Answers with the headers that all of them have.
enum ConsoleReply {
    /// Nothing from elsewhere, no script and no style in the page itself, no frame around it: a text that got through as
    /// markup all the same could neither run nor call home.
    static let policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

    static func make(
        _ status: Int, type: String, _ body: [UInt8], headers: HTTPHeaders = [:]
    ) -> HTTPResponse {
        var all: HTTPHeaders = [
            "Content-Type": type, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin",
            "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
            "X-Frame-Options": "DENY", "Cache-Control": "no-store", "Content-Security-Policy": policy,
        ]
        for field in headers.fields { all[field.name] = field.value }
        return HTTPResponse(status: status, headers: all, body: body)
    }

    static func json(_ status: Int, _ value: JSONValue, headers: HTTPHeaders = [:]) -> HTTPResponse {
        make(status, type: "application/json", value.bytes + [0x0A], headers: headers)
    }

    static func text(_ status: Int, _ text: String, type: String = "text/plain; charset=utf-8")
        -> HTTPResponse
    {
        make(status, type: type, Array(text.utf8))
    }

    static func html(_ status: Int, _ page: Markup, headers: HTTPHeaders = [:]) -> HTTPResponse {
        make(status, type: "text/html; charset=utf-8", page.bytes, headers: headers)
    }

    /// After a form was taken: the browser asks for another page.
    static func seeOther(_ place: String, headers: HTTPHeaders = [:]) -> HTTPResponse {
        var headers = headers
        headers["Location"] = place
        return make(
            303, type: "text/plain; charset=utf-8", Array("see \(place)\n".utf8), headers: headers)
    }
}
