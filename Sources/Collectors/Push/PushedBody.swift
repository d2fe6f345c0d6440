import Codecs
import Engine
import Ports

/// What the body of a pushed request is.
package enum PushFormat: Hashable, Sendable {
    /// Records in any layout that is read elsewhere: lines, an array, an object that wraps one, Kubernetes' EventList.
    case json
    /// One object a request; the headers named go into it as `_headers`.
    case webhook(headers: [String])
    /// Splunk's HTTP Event Collector.
    case hec
    /// Okta's event hooks: log events in `data.events`, and a verification by GET before the first.
    case oktaHook
}

/// Why a body is not taken, in the terms of whoever sent it.
struct BodyRefusal: Error {
    var status: Int
    var reason: String
}

/// Bodies made plain, and plain bodies made records.
enum PushedBody {
    /// The body inflated, up to a limit that no small body can go round.
    static func inflated(_ body: [UInt8], bytesMax: Int) throws(BodyRefusal) -> [UInt8] {
        guard Compression.of(body) != .plain else {
            if body.count > bytesMax { throw tooLarge(bytesMax) }
            return body
        }
        var inflater = Inflater()
        var plain: [UInt8] = []
        var window = [UInt8](repeating: 0, count: 256 << 10)
        var offset = 0
        while true {
            var filled = 0
            let progress: Inflater.Progress
            do throws(CodecError) {
                progress = try inflater.read(body, at: &offset, isLast: true, into: &window, at: &filled)
            } catch {
                throw BodyRefusal(
                    status: 400, reason: "the body is not what its first bytes say: \(error.message)")
            }
            if plain.count + filled > bytesMax { throw tooLarge(bytesMax) }
            plain += window.prefix(filled)
            if progress == .finished || filled == 0 { return plain }
        }
    }

    private static func tooLarge(_ bytesMax: Int) -> BodyRefusal {
        BodyRefusal(status: 413, reason: "the body inflates to more than \(bytesMax) bytes")
    }

    /// One object with some of the request's headers in it, since webhooks say there what happened.
    static func webhook(_ body: [UInt8], _ names: [String], of request: HTTPRequest) throws(BodyRefusal)
        -> [UInt8]
    {
        guard let start = body.firstIndex(where: { $0 > 0x20 }), body[start] == 0x7B else {
            throw BodyRefusal(status: 400, reason: "the body is no JSON object")
        }
        var members: [String: String] = [:]
        for name in names { members[name.lowercased()] = request.headers[name] }
        guard !members.isEmpty else { return body }
        let fields = members.sorted { $0.key < $1.key }.map { "\(quoted($0.key)):\(quoted($0.value))" }
        let isEmpty = body[(start + 1)...].first { $0 > 0x20 } == 0x7D
        let head = "{\"_headers\":{\(fields.joined(separator: ","))}\(isEmpty ? "" : ",")"
        return Array(head.utf8) + body[(start + 1)...]
    }

    /// The log events of one of Okta's event hooks, as they came.
    static func oktaEvents(_ body: [UInt8]) throws(BodyRefusal) -> [UInt8] {
        let reader = RecordReader()
        reader.begin()
        reader.feed(body.span)
        reader.finish()
        guard reader.advance(), let open = reader.records.first?.open,
            let data = reader.tape.member("data", of: open), reader.tape.kind(data) == .object,
            let events = reader.tape.member("events", of: data), reader.tape.kind(events) == .array
        else { throw BodyRefusal(status: 400, reason: "the body has no data.events") }
        return Array(reader.tape.text(reader.tape.extent(events)).utf8)
    }
}
