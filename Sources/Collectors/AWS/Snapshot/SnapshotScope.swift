import Credentials
import Engine
import Ports

/// Where a snapshot asks: one service in one account and region; builds its questions.
struct SnapshotScope: Sendable {
    /// Items of one answer, where the API lets the caller choose: what is in memory at once.
    static let pageItems = 100
    static let answerBytesMax = 64 << 20
    /// How often a job is asked whether it is done, and the longest pause between.
    static let pollsMax = 120
    static let pollPauseMax = Duration.seconds(10)

    typealias Read = @Sendable (JSONValue) throws(Fault) -> SnapshotStep

    let service: SnapshotService
    let endpoints: AWSEndpoints
    /// The DynamoDB table of TEAM's requests.
    var teamTable = ""

    /// The first questions.
    var questions: [SnapshotQuestion] {
        switch service {
        case .iam: [authorizationDetails(nil), generateReport(0)]
        case .lastAccessed: [identities("ListUsers", "Users", nil)]
        case .identityCenter: [instances(nil)]
        case .organizations: [roots(nil)] + Self.policyTypes.map { policies(of: $0, nil) }
        case .kms: [keys(nil)]
        case .acm: [certificates(nil)]
        case .directoryService: [directories(nil)]
        case .accessAnalyzer: [analyzers(nil)]
        case .team: [requests(nil)]
        }
    }

    // MARK: Protocols

    /// The query protocol of IAM; the answer's result as JSON.
    func iam(
        _ action: String, _ fields: [(String, String)] = [], about subject: String = "",
        _ read: @escaping Read
    ) -> SnapshotQuestion {
        let place = endpoints.inGlobalRegion(of: "iam")
        var request = HTTPRequest(
            .POST, place.url + "/",
            headers: ["Content-Type": "application/x-www-form-urlencoded; charset=utf-8"],
            body: Array(form([("Action", action), ("Version", "2010-05-08")] + fields).utf8))
        request.responseBytesMax = Self.answerBytesMax
        let operation = "iam:\(action)"
        return SnapshotQuestion(
            operation: operation, subject: subject, service: "iam", region: place.region, request: request
        ) { response throws(Fault) in
            guard let result = IAMDocument.result(of: action, in: response.body) else {
                throw Fault(.malformed, "\(operation): the answer is not what IAM answers")
            }
            return try read(result)
        }
    }

    /// One of the JSON protocols.
    func json(
        _ service: String, signedAs signing: String? = nil, _ prefix: String, _ action: String,
        _ body: [String: JSONValue], version: String = "1.1", about subject: String = "",
        _ read: @escaping Read
    ) -> SnapshotQuestion {
        let place =
            service == "organizations"
            ? endpoints.inGlobalRegion(of: service) : (endpoints.url(of: service), endpoints.region)
        var request = AWSIdentity.jsonRequest(
            place.0, version: version, target: "\(prefix).\(action)", .object(body))
        request.responseBytesMax = Self.answerBytesMax
        return question(
            "\(signing ?? service):\(action)", signing ?? service, place.1, request, subject, read)
    }

    /// REST with JSON: a query, or a body.
    func rest(
        _ service: String, _ action: String, _ path: String, _ query: [(String, String)] = [],
        body: JSONValue? = nil, about subject: String = "", _ read: @escaping Read
    ) -> SnapshotQuestion {
        let suffix = query.isEmpty ? "" : "?\(form(query))"
        var request = HTTPRequest(
            body == nil ? .GET : .POST, endpoints.url(of: service) + path + suffix,
            headers: ["Content-Type": "application/json"], body: body?.bytes ?? [])
        request.responseBytesMax = Self.answerBytesMax
        return question("\(service):\(action)", service, endpoints.region, request, subject, read)
    }

    private func question(
        _ operation: String, _ service: String, _ region: String, _ request: HTTPRequest, _ subject: String,
        _ read: @escaping Read
    ) -> SnapshotQuestion {
        SnapshotQuestion(
            operation: operation, subject: subject, service: service, region: region, request: request
        ) { response throws(Fault) in
            guard let json = JSONValue(json: response.body), json.object != nil else {
                throw Fault(.malformed, "\(operation): the answer is no JSON object")
            }
            return try read(json)
        }
    }

    // MARK: Pages

    /// The array under a name; its absence means that the answer is none to the question.
    static func list(_ name: String, in answer: JSONValue) throws(Fault) -> [JSONValue] {
        guard let list = answer[name]?.array else { throw Fault(.malformed, "the answer has no \(name)") }
        return list
    }

    /// The token of the page after this one. An empty page may have one; one that leads back to itself never ends.
    static func token(_ name: String, in answer: JSONValue, after last: String?) throws(Fault) -> String? {
        guard let token = answer[name]?.string, !token.isEmpty else { return nil }
        guard token != last else { throw Fault(.malformed, "the same page comes next again") }
        return token
    }

    static func members(_ pairs: [(String, JSONValue)], token name: String, _ token: String?) -> [String:
        JSONValue]
    {
        var members = Dictionary(pairs) { _, last in last }
        if let token { members[name] = .string(token) }
        return members
    }

    /// A document that came as text: JSON as such, else the text.
    static func document(_ text: JSONValue?) -> JSONValue? {
        guard let text, let string = text.string else { return text }
        guard let parsed = JSONValue(json: string), parsed.object != nil || parsed.array != nil else {
            return text
        }
        return parsed
    }
}

extension AWSEndpoints {
    /// Services with one address for a whole partition, and the region that signatures name.
    func inGlobalRegion(of service: String) -> (url: String, region: String) {
        let partition = partition
        switch (service, partition.name) {
        case ("iam", "aws"):
            return (override(for: service) ?? "https://iam.amazonaws.com", "us-east-1")
        case ("iam", "aws-cn"):
            return (override(for: service) ?? "https://iam.cn-north-1.amazonaws.com.cn", "cn-north-1")
        case ("iam", "aws-us-gov"):
            return (override(for: service) ?? "https://iam.us-gov.amazonaws.com", "us-gov-west-1")
        case ("organizations", "aws"):
            return (inRegion("us-east-1").url(of: service), "us-east-1")
        case ("organizations", "aws-cn"):
            return (inRegion("cn-northwest-1").url(of: service), "cn-northwest-1")
        case ("organizations", "aws-us-gov"):
            return (inRegion("us-gov-west-1").url(of: service), "us-gov-west-1")
        default: return (url(of: service), region)
        }
    }
}
