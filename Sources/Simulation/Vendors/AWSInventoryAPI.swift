import Codecs
package import Engine
package import Ports
import Synchronization

/// What AWS answers about access: IAM, Identity Center, Organizations, KMS, ACM, Directory Service, Access Analyzer and
/// a DynamoDB table, each in its own protocol, with its own pages and refusals.
///
/// Pages are short, and some are empty although more follow. Jobs take some polls.
package final class AWSInventoryAPI: SimulatedServer {
    package struct Oddities: Sendable {
        /// Probabilities per request.
        package var throttled = 0.0
        package var emptyPage = 0.0
        package var seed: UInt64 = 1
        /// Items of a page at most, however many were asked for.
        package var pageItemsMax = 3
        /// Polls that find a job unfinished.
        package var pollsNeeded = 2

        package init() {}
    }

    private struct State {
        /// By operation, or operation and what it is about.
        var denied: Set<String> = []
        var throttled: Set<String> = []
        /// Polls of each job so far.
        var polls: [String: Int] = [:]
        var operations: [String: Int] = [:]
        var generator: SeededGenerator
    }

    package let inventory: AWSInventory
    private let oddities: Oddities
    private let state: Mutex<State>

    package init(_ inventory: AWSInventory, _ oddities: Oddities = Oddities()) {
        self.inventory = inventory
        self.oddities = oddities
        state = Mutex(State(generator: SeededGenerator(seed: oddities.seed)))
    }

    /// Refuses an operation (`GetKeyPolicy`), or only about one thing (`GetKeyPolicy arn:…`).
    package func deny(_ operation: String) { state.withLock { _ = $0.denied.insert(operation) } }
    /// Answers an operation with nothing but throttling until told otherwise.
    package func throttle(_ operation: String, _ isOn: Bool = true) {
        state.withLock { state in
            if isOn { state.throttled.insert(operation) } else { state.throttled.remove(operation) }
        }
    }
    package func count(of operation: String) -> Int { state.withLock { $0.operations[operation] ?? 0 } }

    // MARK: Requests

    private enum Manner { case query, json, rest }

    /// A request in whichever protocol: the operation, and its parameters as texts.
    private struct Question {
        var manner: Manner
        var operation: String
        var parameters: [String: String]

        init?(_ request: HTTPRequest) {
            let body = String(decoding: request.body, as: UTF8.self)
            let target = RequestTarget(request.url)
            if let header = request.headers["X-Amz-Target"], let dot = header.split(separator: ".").last {
                manner = .json
                operation = String(dot)
                guard let members = Self.members(request.body) else { return nil }
                parameters = members
            } else if target.path.hasPrefix("/analyzer") || target.path.hasPrefix("/findingv2") {
                manner = .rest
                parameters = request.body.isEmpty ? [:] : Self.members(request.body) ?? [:]
                for name in ["analyzerArn", "nextToken", "maxResults"] where target.has(name) {
                    parameters[name] = target[name]
                }
                let parts = target.path.split(separator: "/")
                operation = parts[0] == "analyzer" ? "ListAnalyzers" : "ListFindings"
                if parts.count > 1 {
                    operation = "GetFinding"
                    parameters["id"] = PercentEncoding.decode(String(parts[1]))
                }
            } else {
                manner = .query
                let form = RequestTarget("/?\(body)")
                guard let action = form["Action"] else { return nil }
                operation = action
                parameters = [:]
                for name in ["UserName", "AccessKeyId", "Arn", "JobId", "Marker", "MaxItems"] {
                    parameters[name] = form[name]
                }
            }
        }

        private static func members(_ body: [UInt8]) -> [String: String]? {
            guard let map = (try? JSONReader.document(in: body, file: "request"))?.map else { return nil }
            return Dictionary(
                map.map { ($0.key, $0.value.string ?? $0.value.text ?? $0.value["id"]?["S"]?.string ?? "") }
            ) { _, last in last }
        }

        /// What it is about, as the inventory names it.
        var subject: String {
            let names = [
                "GroupId", "AccountId", "PermissionSetArn", "IdentityStoreId", "ParentId", "PolicyId",
                "Filter",
                "KeyId", "analyzerArn", "id", "UserName", "AccessKeyId", "Arn", "JobId",
            ]
            switch operation {
            case "ListAccountAssignments":
                return "\(parameters["AccountId"] ?? "") \(parameters["PermissionSetArn"] ?? "")"
            case "GetFinding": return parameters["id"] ?? ""
            default: return names.lazy.compactMap { self.parameters[$0] }.first ?? ""
            }
        }
    }

    package func answer(_ request: HTTPRequest, at now: Timestamp) -> HTTPResponse {
        guard case .signed = SignatureShape(request) else {
            return HTTPResponse(status: 403, body: Array("{\"__type\":\"MissingAuthenticationToken\"}".utf8))
        }
        guard let question = Question(request) else { return HTTPResponse(status: 400) }
        let operation = question.operation
        let subject = question.subject
        let trouble: (code: String, status: Int)? = state.withLock { state in
            state.operations[operation, default: 0] += 1
            if state.denied.contains(operation) || state.denied.contains("\(operation) \(subject)") {
                return (question.manner == .query ? "AccessDenied" : "AccessDeniedException", 400)
            }
            if state.throttled.contains(operation) || state.generator.chance(oddities.throttled) {
                switch question.manner {
                case .query: return ("Throttling", 400)
                case .json where operation.hasPrefix("List") && operation.hasSuffix("Parent"):
                    return ("TooManyRequestsException", 400)
                case .json: return ("ThrottlingException", 400)
                case .rest: return ("ThrottlingException", 429)
                }
            }
            return nil
        }
        if let trouble {
            return error(trouble.code, "not \(operation) \(subject)", trouble.status, question.manner)
        }
        return question.manner == .query ? iam(question, subject) : json(question, subject)
    }

    private func error(_ code: String, _ message: String, _ status: Int, _ manner: Manner) -> HTTPResponse {
        switch manner {
        case .query:
            .xml(
                "<ErrorResponse><Error><Type>Sender</Type><Code>\(code)</Code><Message>"
                    + "\(XMLText.escaped(message))</Message></Error></ErrorResponse>", status: status)
        case .json:
            HTTPResponse(
                status: status,
                body: Array("{\"__type\":\"com.amazon.coral#\(code)\",\"Message\":\"\(message)\"}".utf8))
        case .rest:
            HTTPResponse(
                status: status, headers: ["x-amzn-errortype": code],
                body: Array("{\"message\":\"\(message)\"}".utf8))
        }
    }

    /// The part of a list behind a token, and the token of the next.
    private func page<Item>(_ all: [Item], _ token: String?, limit: String?) -> ([Item], next: String?) {
        let (start, after) =
            token.map { text in
                let parts = text.split(separator: ".").compactMap { Int($0) }
                return (parts.first ?? 0, parts.last ?? 0)
            } ?? (0, 0)
        let isEmpty = state.withLock { $0.generator.chance(oddities.emptyPage) }
        let count = isEmpty ? 0 : min(limit.flatMap { Int($0) } ?? 100, oddities.pageItemsMax)
        let end = min(all.count, start + count)
        return (Array(all[min(start, end)..<end]), end < all.count ? "\(end).\(after + 1)" : nil)
    }

    // MARK: JSON protocols

    private func json(_ question: Question, _ subject: String) -> HTTPResponse {
        let operation = question.operation
        let parameters = question.parameters
        if let single = inventory.answers["\(operation) \(subject)"] {
            return HTTPResponse(status: 200, body: Array(single.utf8))
        }
        guard let member = AWSInventory.lists[operation] else {
            return error("ResourceNotFoundException", "no \(subject)", 400, question.manner)
        }
        let items = inventory.items["\(operation) \(subject)"] ?? []
        let isKMS = operation == "ListKeys" || operation == "ListGrants"
        let key =
            operation == "Scan"
            ? "ExclusiveStartKey" : isKMS ? "Marker" : question.manner == .rest ? "nextToken" : "NextToken"
        let limit = parameters["MaxResults"] ?? parameters["maxResults"] ?? parameters["Limit"]
        let (part, next) = page(items, parameters[key], limit: limit ?? parameters["MaxItems"])
        var text = "{\"\(member)\":[\(part.joined(separator: ","))]"
        if isKMS { text += ",\"Truncated\":\(next != nil)" }
        if let next {
            switch operation {
            case "Scan": text += ",\"LastEvaluatedKey\":{\"id\":{\"S\":\"\(next)\"}}"
            case "ListKeys", "ListGrants": text += ",\"NextMarker\":\"\(next)\""
            default: text += ",\"\(key)\":\"\(next)\""
            }
        }
        return HTTPResponse(status: 200, body: Array((text + "}").utf8))
    }

    // MARK: IAM

    private func iam(_ question: Question, _ subject: String) -> HTTPResponse {
        let operation = question.operation
        let marker = question.parameters["Marker"]
        let limit = question.parameters["MaxItems"]
        func result(_ text: String) -> HTTPResponse {
            .xml(
                "<\(operation)Response><\(operation)Result>\(text)</\(operation)Result></\(operation)Response>"
            )
        }
        func list(_ name: String, _ all: [String]) -> String {
            let (part, next) = page(all, marker, limit: limit)
            let members = part.map { "<member>\($0)</member>" }.joined()
            let more = next.map { "<IsTruncated>true</IsTruncated><Marker>\($0)</Marker>" }
            return "<\(name)>\(members)</\(name)>\(more ?? "<IsTruncated>false</IsTruncated>")"
        }
        func isDone(_ job: String) -> Bool {
            state.withLock { state in
                state.polls[job, default: 0] += 1
                return state.polls[job, default: 0] > oddities.pollsNeeded
            }
        }
        switch operation {
        case "AssumeRole":
            return result(
                "<Credentials><AccessKeyId>ASIAROLE</AccessKeyId><SecretAccessKey>s</SecretAccessKey>"
                    + "<SessionToken>t</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>"
            )
        case "GetCallerIdentity": return result("<Account>\(inventory.account)</Account>")
        case "GetAccountAuthorizationDetails":
            let (part, next) = page(inventory.details, marker, limit: limit)
            var text = ""
            for (name, kind) in AWSInventory.detailLists {
                let members = part.filter { $0.kind == kind }.map { "<member>\($0.xml)</member>" }.joined()
                text += "<\(name)>\(members)</\(name)>"
            }
            return result(
                text
                    + (next.map { "<IsTruncated>true</IsTruncated><Marker>\($0)</Marker>" }
                        ?? "<IsTruncated>false</IsTruncated>"))
        case "GenerateCredentialReport":
            return result("<State>\(isDone("report") ? "COMPLETE" : "STARTED")</State>")
        case "GetCredentialReport":
            let content = Base64.encode(Array(inventory.credentialReport.utf8))
            return result(
                "<Content>\(content)</Content><ReportFormat>text/csv</ReportFormat>"
                    + "<GeneratedTime>2026-11-01T00:00:00Z</GeneratedTime>")
        case "GenerateServiceLastAccessedDetails": return result("<JobId>job \(subject)</JobId>")
        case "GetServiceLastAccessedDetails":
            guard isDone(subject) else { return result("<JobStatus>IN_PROGRESS</JobStatus>") }
            return result(
                "<JobStatus>COMPLETED</JobStatus><JobCompletionDate>2026-11-01T00:00:00Z</JobCompletionDate>"
                    + list("ServicesLastAccessed", inventory.servicesLastAccessed))
        case "GetAccessKeyLastUsed":
            return result(
                "<UserName>u</UserName><AccessKeyLastUsed><Region>N/A</Region><ServiceName>N/A</ServiceName>"
                    + "</AccessKeyLastUsed>")
        default:
            guard let (name, all) = inventory.iamList(operation, subject) else {
                return error("NoSuchEntity", "no \(subject)", 404, .query)
            }
            return result(list(name, all))
        }
    }
}
