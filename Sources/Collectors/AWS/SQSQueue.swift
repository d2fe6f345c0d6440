import Codecs
package import Credentials
import Engine
package import Ports

/// A queue as collectors use it, over SQS's JSON protocol.
package struct SQSQueue: Sendable {
    /// Messages in one call; SQS's own limit.
    static let batchMax = 10

    package struct Message: Hashable, Sendable {
        package var id: String
        /// Changes with each receipt.
        package var handle: String
        package var body: String
        package var receiveCount: Int
    }

    package let url: String
    private let endpoint: String
    private let signer: AWSSigner
    private let arn: String

    /// - Parameter url: as AWS gives it: `https://sqs.eu-west-1.amazonaws.com/123456789012/name`. Requests go to the
    ///   identity's endpoint override where it has one, else to the URL's own host.
    package init(_ url: String, identity: AWSIdentity) {
        self.url = url
        let region = Self.region(of: url) ?? identity.endpoints.region
        let parts = url.split(separator: "/")
        endpoint = identity.endpoints.override(for: "sqs") ?? parts.prefix(2).joined(separator: "//")
        signer = identity.inRegion(region).signer(for: "sqs")
        let owner = parts.count >= 4 ? parts[2] : "*"
        arn = "arn:\(AWSPartition.of(region: region).name):sqs:\(region):\(owner):\(parts.last ?? "*")"
    }

    /// `eu-west-1` of `https://sqs.eu-west-1.amazonaws.com/…`, also with `-fips` or dual-stack names.
    package static func region(of url: String) -> String? {
        let labels = url.split(separator: "/").dropFirst().first?.split(separator: ".") ?? []
        guard labels.count >= 3, labels[0] == "sqs" || labels[0] == "sqs-fips" else { return nil }
        return String(labels[1])
    }

    private func operation(_ name: String, _ body: [String: JSONValue], timeout: Duration) -> Call.Operation {
        var body = body
        body["QueueUrl"] = .string(url)
        var request = AWSIdentity.jsonRequest(
            endpoint, version: "1.0", target: "AmazonSQS.\(name)", .object(body))
        request.timeout = timeout
        request.responseBytesMax = 32 << 20
        return .http(request, authorizer: signer, rule: .aws)
    }

    package func receive(waitSeconds: Int, visibilitySeconds: Int) -> Call.Operation {
        operation(
            "ReceiveMessage",
            [
                "MaxNumberOfMessages": .integer(Self.batchMax), "WaitTimeSeconds": .integer(waitSeconds),
                "VisibilityTimeout": .integer(visibilitySeconds),
                "MessageSystemAttributeNames": ["ApproximateReceiveCount"],
            ], timeout: .seconds(waitSeconds + 30))
    }

    package func delete(_ handles: [String]) -> Call.Operation {
        operation(
            "DeleteMessageBatch", ["Entries": .array(Self.entries(handles, extra: [:]))],
            timeout: .seconds(30))
    }

    package func extend(_ handles: [String], visibilitySeconds: Int) -> Call.Operation {
        let entries = Self.entries(handles, extra: ["VisibilityTimeout": .integer(visibilitySeconds)])
        return operation("ChangeMessageVisibilityBatch", ["Entries": .array(entries)], timeout: .seconds(30))
    }

    private static func entries(_ handles: [String], extra: [String: JSONValue]) -> [JSONValue] {
        handles.enumerated().map { index, handle in
            .object(
                extra.merging(["Id": .string("m\(index)"), "ReceiptHandle": .string(handle)]) { a, _ in a })
        }
    }

    package func messages(in response: HTTPResponse) throws(Fault) -> [Message] {
        if let error = AWSError(response) {
            throw fault(error, "receiving from \(url)", "sqs:ReceiveMessage")
        }
        guard let json = JSONValue(json: response.body) else {
            throw Fault(.transient, "receiving from \(url): the answer is not JSON")
        }
        return (json["Messages"]?.array ?? []).compactMap { message in
            guard let id = message["MessageId"]?.string, let handle = message["ReceiptHandle"]?.string,
                let body = message["Body"]?.string
            else { return nil }
            let count = message["Attributes"]?["ApproximateReceiveCount"]?.string.flatMap { Int($0) }
            return Message(id: id, handle: handle, body: body, receiveCount: count ?? 1)
        }
    }

    /// The places in the batch that failed and why; a whole batch that is refused throws.
    package func failures(in response: HTTPResponse, _ action: String) throws(Fault) -> [Int: String] {
        if let error = AWSError(response) {
            let permission = action == "deleting" ? "sqs:DeleteMessage" : "sqs:ChangeMessageVisibility"
            throw fault(error, "\(action) messages of \(url)", permission)
        }
        guard let json = JSONValue(json: response.body) else {
            throw Fault(.transient, "\(action) messages of \(url): the answer is not JSON")
        }
        var failures: [Int: String] = [:]
        for failed in json["Failed"]?.array ?? [] {
            guard let place = failed["Id"]?.string.flatMap({ Int($0.dropFirst()) }) else { continue }
            failures[place] = failed["Code"]?.string ?? "unknown"
        }
        return failures
    }

    private func fault(_ error: AWSError, _ action: String, _ permission: String) -> Fault {
        if error.code.hasSuffix("NonExistentQueue") || error.code == "QueueDoesNotExist" {
            return Fault(
                .denied,
                "\(action): there is no such queue in \(arn) (or it was deleted less than a minute ago)")
        }
        return error.fault(action, permission: "\(permission) on \(arn)")
    }
}
