import Codecs
package import Credentials
import Engine
import Ports

/// A subscription as collectors use it, over Pub/Sub's REST interface.
package struct PubSubSubscription: Sendable {
    /// Acknowledgements in one call; with ids of 200 bytes well below the limit of 512 KiB.
    static let batchMax = 1_000
    package static let usualAddress = "https://pubsub.googleapis.com"

    struct Message: Hashable {
        var id: String
        /// Changes with each delivery.
        var ackID: String
        /// `nil` where it is not Base64.
        var data: [UInt8]?
    }

    /// `projects/P/subscriptions/S`.
    package let name: String
    private let address: String
    private let authorizer: any Authorizer

    package init(_ name: String, at address: String = usualAddress, authorizer: any Authorizer) {
        self.name = name
        self.address = address.hasSuffix("/") ? String(address.dropLast()) : address
        self.authorizer = authorizer
    }

    /// Whether a text is a subscription's full name.
    package static func isName(_ text: String) -> Bool {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "projects" && parts[2] == "subscriptions" && !parts[1].isEmpty
            && !parts[3].isEmpty && !text.contains("?") && !text.contains(":")
    }

    private func operation(_ method: String, _ body: JSONValue, timeout: Duration) -> Call.Operation {
        var request = HTTPRequest(
            .POST, "\(address)/v1/\(PercentEncoding.encode(name, keepingSlash: true)):\(method)",
            headers: ["Content-Type": "application/json"], body: body.bytes)
        request.timeout = timeout
        request.responseBytesMax = 64 << 20
        return .http(request, authorizer: authorizer, rule: .google)
    }

    /// - Parameter waits: `false` has the answer at once, messages or not.
    func pull(messagesMax: Int, waits: Bool) -> Call.Operation {
        var body: [String: JSONValue] = ["maxMessages": .integer(messagesMax)]
        // Deprecated, since it finds less than there is; a run that is to end asks more than once.
        if !waits { body["returnImmediately"] = true }
        return operation("pull", .object(body), timeout: .seconds(120))
    }

    func acknowledge(_ ids: [String]) -> Call.Operation {
        operation("acknowledge", ["ackIds": .array(ids.map { .string($0) })], timeout: .seconds(30))
    }

    func extend(_ ids: [String], seconds: Int) -> Call.Operation {
        operation(
            "modifyAckDeadline",
            ["ackIds": .array(ids.map { .string($0) }), "ackDeadlineSeconds": .integer(seconds)],
            timeout: .seconds(30))
    }

    /// Asks which of these we have; changes nothing.
    package func testPermissions(_ permissions: [String]) -> Call.Operation {
        operation(
            "testIamPermissions", ["permissions": .array(permissions.map { .string($0) })],
            timeout: .seconds(15))
    }

    func messages(in response: HTTPResponse) throws(Fault) -> [Message] {
        let json = try answer(response, "pulling from")
        return (json["receivedMessages"]?.array ?? []).compactMap { received in
            guard let ackID = received["ackId"]?.string, let id = received["message"]?["messageId"]?.string
            else {
                return nil
            }
            return Message(
                id: id, ackID: ackID,
                data: Base64.decode(received["message"]?["data"]?.string ?? ""))
        }
    }

    /// The answer's JSON; a fault that says what is missing.
    @discardableResult
    func answer(_ response: HTTPResponse, _ action: String) throws(Fault) -> JSONValue {
        guard let error = VendorError(response) else {
            guard let json = JSONValue(json: response.body) else {
                throw Fault(.transient, "\(action) \(name): the answer is not JSON")
            }
            return json
        }
        let needs = MissingPermission(response).map { "; the credentials need: \($0.text)" } ?? ""
        let isFinal = [400, 401, 403, 404].contains(response.status)
        throw Fault(isFinal ? .denied : .transient, "\(action) \(name): \(error.text)\(needs)")
    }
}
