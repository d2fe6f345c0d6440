import Codecs
package import Engine
package import Ports
import Synchronization

/// A queue that answers as SQS does over its JSON protocol: visibility, receive counts, redelivery, a dead-letter
/// queue after `receivesMax`.
///
/// At most 120,000 messages may be in flight, as at AWS; waiting messages are the caller's to bound. A receive answers
/// at once, long polling or not: a simulated client waits by its own clock.
package final class Queue: SimulatedServer {
    package struct Message: Sendable {
        package let id: String
        package let body: String
        let sent: Timestamp
        var visibleAt: Timestamp
        package internal(set) var receives = 0
        var handle: String?
        var firstReceived: Timestamp?
    }

    private struct State {
        var messages: [Message] = []
        var deadLetters: [Message] = []
        var deleted = 0
        var serial: UInt64 = 0
        var requests = 0
    }

    private static let inFlightMax = 120_000
    private static let batchMax = 10

    package let url: String
    private let visibility: Duration
    private let receivesMax: Int
    private let accessKeys: Set<String>
    private let state = Mutex(State())

    /// `visibility` holds where a receive names none.
    package init(
        url: String, visibility: Duration = .seconds(30), receivesMax: Int = .max,
        accessKeys: Set<String> = []
    ) {
        self.url = url
        self.visibility = visibility
        self.receivesMax = receivesMax
        self.accessKeys = accessKeys
    }

    /// Waiting or in flight.
    package var count: Int { state.withLock { $0.messages.count } }
    package var deleted: Int { state.withLock { $0.deleted } }
    package var deadLetters: [Message] { state.withLock { $0.deadLetters } }
    package var requests: Int { state.withLock { $0.requests } }

    package func send(_ body: String, at now: Timestamp) {
        state.withLock { state in
            state.serial += 1
            state.messages.append(
                Message(id: Self.identifier(state.serial, "message"), body: body, sent: now, visibleAt: now))
        }
    }

    package func answer(_ request: HTTPRequest, at now: Timestamp) -> HTTPResponse {
        state.withLock { $0.requests += 1 }
        switch SignatureShape(request) {
        case .absent:
            return .awsError(
                "MissingAuthenticationToken", "Request is missing Authentication Token", status: 403)
        case .malformed(let reason): return .awsError("IncompleteSignature", reason, status: 403)
        case .signed(let key):
            if !accessKeys.isEmpty, !accessKeys.contains(key) {
                return .awsError(
                    "UnrecognizedClientException", "The security token included in the request is invalid.",
                    status: 403)
            }
        }
        let action = request.headers["X-Amz-Target"] ?? ""
        guard let input = try? JSONReader.document(in: request.body, file: "request") else {
            return .awsError("SerializationException", "the body is no JSON")
        }
        guard input["QueueUrl"]?.string == url || action == "AmazonSQS.GetQueueUrl" else {
            return .awsError(
                "QueueDoesNotExist", "The specified queue does not exist.",
                query: "AWS.SimpleQueueService.NonExistentQueue")
        }
        return switch action {
        case "AmazonSQS.ReceiveMessage": receive(input, at: now)
        case "AmazonSQS.DeleteMessage": single(input) { delete($0, at: now) }
        case "AmazonSQS.DeleteMessageBatch": batch(input) { delete($0, at: now) }
        case "AmazonSQS.ChangeMessageVisibility": single(input) { changeVisibility($0, at: now) }
        case "AmazonSQS.ChangeMessageVisibilityBatch": batch(input) { changeVisibility($0, at: now) }
        case "AmazonSQS.GetQueueAttributes": attributes(at: now)
        case "AmazonSQS.GetQueueUrl": .json("{\"QueueUrl\":\(JSONText.quoted(url))}")
        case "AmazonSQS.SendMessage": sendMessage(input, at: now)
        default: .awsError("UnknownOperationException", "no such operation: \(action)")
        }
    }

    private func receive(_ input: Document, at now: Timestamp) -> HTTPResponse {
        let wanted = input["MaxNumberOfMessages"]?.integer ?? 1
        guard (1...10).contains(wanted) else {
            return .awsError(
                "InvalidParameterValue", "MaxNumberOfMessages must be between 1 and 10, if provided.")
        }
        let hidden = input["VisibilityTimeout"]?.integer.map { Duration.seconds($0) } ?? visibility
        let taken = state.withLock { state -> [Message]? in
            bury(&state, at: now)
            var taken: [Message] = []
            let inFlight = state.messages.count { $0.visibleAt > now }
            if inFlight >= Self.inFlightMax { return nil }
            for index in state.messages.indices where state.messages[index].visibleAt <= now {
                if taken.count == Int(wanted) { break }
                state.serial += 1
                state.messages[index].receives += 1
                state.messages[index].visibleAt = now + hidden
                state.messages[index].firstReceived = state.messages[index].firstReceived ?? now
                state.messages[index].handle = Self.identifier(state.serial, "receipt")
                taken.append(state.messages[index])
            }
            return taken
        }
        guard let taken else { return .awsError("OverLimit", "Too many messages in flight.") }
        if taken.isEmpty { return .json("{}") }
        let list = taken.map { message in
            "{\"MessageId\":\"\(message.id)\",\"ReceiptHandle\":\"\(message.handle ?? "")\","
                + "\"MD5OfBody\":\"\(Hex.encode(Digest.md5(Array(message.body.utf8))))\","
                + "\"Body\":\(JSONText.quoted(message.body)),\"Attributes\":{"
                + "\"ApproximateReceiveCount\":\"\(message.receives)\","
                + "\"SentTimestamp\":\"\(message.sent.milliseconds)\","
                + "\"ApproximateFirstReceiveTimestamp\":\"\((message.firstReceived ?? now).milliseconds)\"}}"
        }
        return .json("{\"Messages\":[\(list.joined(separator: ","))]}")
    }

    /// Messages received too often and visible again go to the dead letters.
    private func bury(_ state: inout State, at now: Timestamp) {
        guard receivesMax < .max else { return }
        state.messages.removeAll { message in
            guard message.receives >= receivesMax, message.visibleAt <= now else { return false }
            state.deadLetters.append(message)
            return true
        }
    }

    private typealias Failure = (code: String, message: String)

    private func delete(_ entry: Document, at now: Timestamp) -> Failure? {
        guard let handle = entry["ReceiptHandle"]?.string else {
            return ("MissingParameter", "The request must contain the parameter ReceiptHandle.")
        }
        guard handle.hasPrefix("receipt-") else {
            return ("ReceiptHandleIsInvalid", "The input receipt handle is invalid.")
        }
        // A handle that a later receive replaced is accepted and does nothing, as at AWS.
        state.withLock { state in
            guard let index = state.messages.firstIndex(where: { $0.handle == handle }) else { return }
            state.messages.remove(at: index)
            state.deleted += 1
        }
        return nil
    }

    private func changeVisibility(_ entry: Document, at now: Timestamp) -> Failure? {
        guard let handle = entry["ReceiptHandle"]?.string, handle.hasPrefix("receipt-") else {
            return ("ReceiptHandleIsInvalid", "The input receipt handle is invalid.")
        }
        guard let seconds = entry["VisibilityTimeout"]?.integer, (0...43_200).contains(seconds) else {
            return ("InvalidParameterValue", "VisibilityTimeout must be between 0 and 43200.")
        }
        return state.withLock { state -> Failure? in
            guard let index = state.messages.firstIndex(where: { $0.handle == handle }),
                state.messages[index].visibleAt > now
            else { return ("MessageNotInflight", "The message referred to isn't in flight.") }
            let latest = (state.messages[index].firstReceived ?? now) + .hours(12)
            guard now + .seconds(seconds) <= latest else {
                return (
                    "InvalidParameterValue", "Total VisibilityTimeout is beyond the limit of 43200 seconds."
                )
            }
            state.messages[index].visibleAt = now + .seconds(seconds)
            return nil
        }
    }

    private func single(_ input: Document, _ act: (Document) -> Failure?) -> HTTPResponse {
        if let failure = act(input) { return .awsError(failure.code, failure.message) }
        return .json("{}")
    }

    private func batch(_ input: Document, _ act: (Document) -> Failure?) -> HTTPResponse {
        let entries = input["Entries"]?.list ?? []
        guard !entries.isEmpty else {
            return .awsError(
                "EmptyBatchRequest", "There should be at least one entry.",
                query: "AWS.SimpleQueueService.EmptyBatchRequest")
        }
        guard entries.count <= Self.batchMax else {
            return .awsError("TooManyEntriesInBatchRequest", "Maximum number of entries per request are 10.")
        }
        let ids = entries.map { $0["Id"]?.string ?? "" }
        guard Set(ids).count == ids.count else {
            return .awsError("BatchEntryIdsNotDistinct", "Two or more batch entries have the same Id.")
        }
        var successful: [String] = []
        var failed: [String] = []
        for (id, entry) in zip(ids, entries) {
            if let failure = act(entry) {
                failed.append(
                    "{\"Id\":\(JSONText.quoted(id)),\"SenderFault\":true,\"Code\":\"\(failure.code)\","
                        + "\"Message\":\(JSONText.quoted(failure.message))}")
            } else {
                successful.append("{\"Id\":\(JSONText.quoted(id))}")
            }
        }
        return .json(
            "{\"Successful\":[\(successful.joined(separator: ","))],\"Failed\":[\(failed.joined(separator: ","))]}"
        )
    }

    private func attributes(at now: Timestamp) -> HTTPResponse {
        let (waiting, inFlight) = state.withLock { state in
            (state.messages.count { $0.visibleAt <= now }, state.messages.count { $0.visibleAt > now })
        }
        return .json(
            "{\"Attributes\":{\"ApproximateNumberOfMessages\":\"\(waiting)\","
                + "\"ApproximateNumberOfMessagesNotVisible\":\"\(inFlight)\","
                + "\"VisibilityTimeout\":\"\(visibility.components.seconds)\"}}")
    }

    private func sendMessage(_ input: Document, at now: Timestamp) -> HTTPResponse {
        guard let body = input["MessageBody"]?.string, !body.isEmpty else {
            return .awsError("MissingParameter", "The request must contain the parameter MessageBody.")
        }
        send(body, at: now)
        let digest = Hex.encode(Digest.md5(Array(body.utf8)))
        return .json(
            "{\"MessageId\":\"\(state.withLock { $0.messages.last?.id } ?? "")\",\"MD5OfMessageBody\":\"\(digest)\"}"
        )
    }

    private static func identifier(_ serial: UInt64, _ kind: String) -> String {
        "\(kind)-\(Hex.encode(Digest.md5(Array("\(kind)/\(serial)".utf8))))"
    }
}
