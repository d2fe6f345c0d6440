package import Engine
package import Ports

/// Syslog of RFC 5424 over one connection: TLS with octet counting (RFC 5425), or lines.
///
/// Syslog knows no acknowledgement. What the connection took counts as accepted; what it took before it broke may have
/// arrived, goes again and is counted as resent.
package struct SyslogExporter: Receiver {
    package static let name = "syslog"

    package enum Framing: Sendable { case octetCounting, newline }

    package struct Config: Sendable {
        /// 0 to 23; 13 is “log audit”.
        package var facility = 13
        package var host = "-"
        package var application = "martlet"
        package var framing = Framing.octetCounting
        /// A longer message is refused: many receivers cut it without a word.
        package var messageBytesMax = 64 << 10

        package init() {}
    }

    /// Syslog's severities for OCSF's: 6 is informational, 1 is alert.
    private static let severities = [6, 6, 5, 4, 3, 2, 1]

    private let config: Config
    private let stream: any ByteStream

    package init(_ config: Config, stream: any ByteStream) {
        self.config = config
        self.stream = stream
    }

    package func deliver(_ batch: EventBatch, batchID: String) async throws(Fault) -> Verdict {
        var frames: [UInt8] = []
        frames.reserveCapacity(batch.bytes.count + batch.count * 160)
        var refused: [Int: String] = [:]
        var message: [UInt8] = []
        for (row, event) in batch.events.enumerated() {
            message.removeAll(keepingCapacity: true)
            append(event, of: batch, to: &message)
            guard message.count <= config.messageBytesMax else {
                refused[row] =
                    "the message is \(message.count) bytes, more than message_max (\(config.messageBytesMax))"
                continue
            }
            switch config.framing {
            case .octetCounting:
                frames += "\(message.count) ".utf8
                frames += message
            case .newline:
                // A line break would end the message: JSON has none, and other forms do not need theirs.
                for byte in message { frames.append(byte == 0x0A || byte == 0x0D ? 0x20 : byte) }
                frames.append(0x0A)
            }
        }
        if !refused.isEmpty { return .setAside(refused, of: batch.count) }
        try await stream.send(frames)
        return .accepted
    }

    package func close() async throws(Fault) { await stream.close() }

    private func append(_ event: Event, of batch: borrowing EventBatch, to out: inout [UInt8]) {
        let severity = Self.severities[min(Int(event.severityID), Self.severities.count - 1)]
        out += "<\(config.facility * 8 + severity)>1 ".utf8
        out += Self.time(event.time).utf8
        out += " \(config.host) \(config.application) - ".utf8
        out += event.kind == .finding ? "finding".utf8 : "event".utf8
        // 32473 is the enterprise number that documentation uses.
        out += " [ocsf@32473 class=\"\(event.classUID)\" uid=\"".utf8
        var uid: [UInt8] = []
        Engine.JSONText.append(batch.bytes, in: event.uid.range, to: &uid)
        for byte in uid {
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte == UInt8(ascii: "]") {
                out.append(UInt8(ascii: "\\"))
            }
            out.append(byte < 0x20 ? 0x20 : byte)
        }
        out += "\"] ".utf8
        out += batch.bytes[event.json.range]
    }

    /// With six digits at most, as RFC 5424 wants it.
    private static func time(_ time: Timestamp) -> String {
        let text = time.iso8601
        guard let dot = text.firstIndex(of: "."), text.distance(from: dot, to: text.endIndex) > 8 else {
            return text
        }
        return "\(text[..<text.index(dot, offsetBy: 7)])Z"
    }
}
