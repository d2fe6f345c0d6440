import Codecs
import Engine
package import Ports

// The doors to receivers that are no HTTP, each reading events as its protocol carries them.

extension EventTaker {
    /// A partitioned log: each message is an event.
    package func sink(under power: Power = Power()) -> any MessageSink { Sink(taker: self, power: power) }
    /// A syslog server of RFC 5424 and RFC 6587.
    package func syslog(under power: Power = Power()) -> any ByteStream { Syslog(taker: self, power: power) }
    /// A mail server that reads its mail.
    package func mailServer(under power: Power = Power()) -> any Mailer { Mail(taker: self, power: power) }

    private struct Sink: MessageSink {
        let taker: EventTaker
        let power: Power
        var origin: String { "a simulated topic" }

        func append(_ messages: [SinkMessage]) async throws(Fault) -> [Int: String] {
            try await taker.deliver(under: power) { tally in
                var refused: [Int: String] = [:]
                for (row, message) in messages.enumerated() {
                    guard let uid = EventTaker.uid(of: message.value) else {
                        tally.breaches.append("a message that is no event")
                        continue
                    }
                    if EventTaker.isPoison(message.value) || taker.habits.refuses(uid) {
                        refused[row] = "Broker: Message size too large"
                    } else {
                        taker.keep(uid, in: &tally)
                    }
                }
                return refused
            }
        }
        func close() async {}
    }

    private struct Syslog: ByteStream {
        let taker: EventTaker
        let power: Power
        var origin: String { "a simulated syslog server" }

        func send(_ bytes: [UInt8]) async throws(Fault) {
            try await taker.deliver(under: power) { tally in
                for message in EventTaker.messages(in: bytes) {
                    // What the header and the structured data hold is before the event itself.
                    guard let brace = message.firstIndex(of: UInt8(ascii: "{")),
                        message.first == UInt8(ascii: "<"),
                        let uid = EventTaker.uid(of: Array(message[brace...]))
                    else {
                        tally.breaches.append("a message that is no event")
                        continue
                    }
                    taker.keep(uid, in: &tally)
                }
            }
        }
        func close() async {}
    }

    private struct Mail: Mailer {
        let taker: EventTaker
        let power: Power
        var origin: String { "a simulated mail server" }

        func send(_ message: MailMessage) async throws(Fault) {
            let refusal = try await taker.deliver(under: power) { tally -> Fault? in
                let uids = EventTaker.uids(inMail: message.text)
                if uids.isEmpty { tally.breaches.append("a mail about nothing") }
                if uids.contains(where: { taker.habits.refuses($0) }) {
                    return Fault(.rejected(rows: []), "554 5.7.1 message content rejected")
                }
                for uid in uids { taker.keep(uid, in: &tally) }
                return nil
            }
            if let refusal { throw refusal }
        }
    }

    private static func uid(of event: [UInt8]) -> String? {
        (try? JSONReader.document(in: event, file: "event"))?["metadata"]?["uid"]?.string
    }

    private static func isPoison(_ event: [UInt8]) -> Bool {
        event.firstRange(of: Array("poison".utf8)) != nil
    }

    /// Messages by their length before them, or by lines.
    static func messages(in bytes: [UInt8]) -> [ArraySlice<UInt8>] {
        guard bytes.first != UInt8(ascii: "<") else {
            return bytes.split(separator: UInt8(ascii: "\n"))
        }
        var messages: [ArraySlice<UInt8>] = []
        var rest = bytes[...]
        while let space = rest.firstIndex(of: UInt8(ascii: " ")),
            let count = Int(String(decoding: rest[..<space], as: UTF8.self)), count > 0,
            rest.distance(from: space, to: rest.endIndex) > count
        {
            messages.append(rest[(space + 1)..<(space + 1 + count)])
            rest = rest[(space + 1 + count)...]
        }
        return rest.isEmpty ? messages : messages + [rest]
    }

    /// The findings that a mail of ours is about.
    static func uids(inMail text: [UInt8]) -> [String] {
        let mail = String(decoding: text, as: UTF8.self)
        guard let end = mail.firstRange(of: "\r\n\r\n") else { return [] }
        let encoded = String(mail[end.upperBound...].filter { !$0.isNewline })
        guard let body = Base64.decode(encoded) else { return [] }
        return String(decoding: body, as: UTF8.self).split(separator: "\n").compactMap { line in
            line.hasPrefix("Finding: ") ? String(line.dropFirst(9)) : nil
        }
    }
}
