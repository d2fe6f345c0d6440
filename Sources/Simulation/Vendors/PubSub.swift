import Codecs
package import Engine
package import Ports
import Synchronization

/// One Pub/Sub subscription, behind REST: request → response.
///
/// Messages are leased, come again when their lease ends, sometimes come twice at once, and are gone when a lease that still
/// holds is acknowledged.
package final class PubSub: SimulatedServer {
    private struct Message {
        var id: Int
        var data: [UInt8]
        var leasedUntil = Timestamp.distantPast
        var ackID = ""
        var deliveries = 0
    }

    private struct State {
        var messages: [Int: Message] = [:]
        var lastID = 0
        var lastAck = 0
        var dice: SeededGenerator
        var refusal: HTTPResponse?
        var pulls = 0
    }

    package let name: String
    private let token: String
    private let deadline: Duration
    /// Probability that a message is given out although it is leased.
    private let repeats: Double
    private let state: Mutex<State>

    package init(
        _ name: String, token: String, deadline: Duration = .seconds(10), repeats: Double = 0,
        seed: UInt64 = 1
    ) {
        self.name = name
        self.token = token
        self.deadline = deadline
        self.repeats = repeats
        state = Mutex(State(dice: SeededGenerator(seed: seed)))
    }

    package func publish(_ text: String) {
        state.withLock { state in
            state.lastID += 1
            state.messages[state.lastID] = Message(id: state.lastID, data: Array(text.utf8))
        }
    }

    /// Everything is answered with this from now on; `nil` ends it.
    package func refuse(_ answer: HTTPResponse?) { state.withLock { $0.refusal = answer } }

    /// Messages that nobody has acknowledged.
    package var count: Int { state.withLock { $0.messages.count } }
    package var pulls: Int { state.withLock { $0.pulls } }
    /// How often the message given out most often was.
    package var deliveriesMax: Int { state.withLock { $0.messages.values.map(\.deliveries).max() ?? 0 } }

    package func answer(_ request: HTTPRequest, at now: Timestamp) -> HTTPResponse {
        state.withLock { state in
            if let refusal = state.refusal { return refusal }
            guard request.headers["Authorization"] == "Bearer \(token)" else {
                return Self.error(401, "UNAUTHENTICATED", "Request had invalid authentication credentials.")
            }
            guard let start = request.url.firstRange(of: "/v1/\(name):") else {
                return Self.error(404, "NOT_FOUND", "Resource not found (resource=\(request.url)).")
            }
            guard let body = try? JSONReader.document(in: request.body, file: "request") else {
                return Self.error(400, "INVALID_ARGUMENT", "the body is no JSON")
            }
            let ids = Set((body["ackIds"]?.list ?? []).compactMap(\.string))
            switch request.url[start.upperBound...] {
            case "pull": return pull(Int(body["maxMessages"]?.integer ?? 1), now, &state)
            case "acknowledge":
                for (id, message) in state.messages
                where ids.contains(message.ackID) && message.leasedUntil > now {
                    state.messages[id] = nil
                }
                return Self.ok("{}")
            case "modifyAckDeadline":
                let seconds = body["ackDeadlineSeconds"]?.integer ?? 0
                for (id, message) in state.messages
                where ids.contains(message.ackID) && message.leasedUntil > now {
                    state.messages[id]?.leasedUntil = now + .seconds(seconds)
                }
                return Self.ok("{}")
            case "testIamPermissions": return Self.ok(#"{"permissions":["pubsub.subscriptions.consume"]}"#)
            default: return Self.error(404, "NOT_FOUND", "Method not found.")
            }
        }
    }

    private func pull(_ most: Int, _ now: Timestamp, _ state: inout State) -> HTTPResponse {
        state.pulls += 1
        var texts: [String] = []
        for id in state.messages.keys.sorted() where texts.count < most {
            guard var message = state.messages[id] else { continue }
            guard message.leasedUntil <= now || state.dice.chance(repeats) else { continue }
            state.lastAck += 1
            message.ackID = "ack-\(state.lastAck)"
            message.leasedUntil = now + deadline
            message.deliveries += 1
            state.messages[id] = message
            texts.append(
                #"{"ackId":"\#(message.ackID)","message":{"data":"\#(Base64.encode(message.data))","messageId":"\#(id)"}}"#
            )
        }
        return Self.ok(texts.isEmpty ? "{}" : "{\"receivedMessages\":[\(texts.joined(separator: ","))]}")
    }

    private static func ok(_ text: String) -> HTTPResponse {
        HTTPResponse(status: 200, headers: ["Content-Type": "application/json"], body: Array(text.utf8))
    }

    package static func error(_ status: Int, _ word: String, _ message: String) -> HTTPResponse {
        HTTPResponse(
            status: status, headers: ["Content-Type": "application/json"],
            body: Array(#"{"error":{"code":\#(status),"message":"\#(message)","status":"\#(word)"}}"#.utf8))
    }
}
