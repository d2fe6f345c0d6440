import Codecs
package import Engine
package import Ports

/// Mail: one message for a batch of findings, plain text.
///
/// The `Message-ID` is the same at every try of the same findings, so that servers and programs can tell a repetition.
package struct MailExporter: Receiver {
    package static let name = "email"

    package struct Config: Sendable {
        package var from: String
        package var to: [String]
        /// What the subject begins with.
        package var subject = "[Martlet]"

        package init(from: String, to: [String]) {
            self.from = from
            self.to = to
        }
    }

    private static let line =
        "{$severity|Event}: {$finding_info.title|$message|$class_name|no title:200}"
    private static let block = """
        {$severity|Event}: {$finding_info.title|$message|$class_name|no title:500}
        When:    {time}{?
        Who:     {$actor.user.name|$actor.user.uid|$evidences.actor.user.name|$evidences.actor.user.uid:300}?}{?
        From:    {$src_endpoint.ip|$evidences.src_endpoint.ip}?}{?
        Account: {$cloud.account.uid}?}{?
        Rule:    {$finding_info.analytic.name:300}?}{?
        {$finding_info.desc:2000}?}

        """

    private let config: Config
    private let mailer: any Mailer
    private let time: any TimeSource
    private let line: EventTemplate
    private let block: EventTemplate
    private let fields: FieldPaths

    package init(_ config: Config, mailer: any Mailer, time: any TimeSource) throws(EventTemplate.Flaw) {
        self.config = config
        self.mailer = mailer
        self.time = time
        var fields = FieldPaths()
        line = try EventTemplate(Self.line, at: .plain, fields: &fields)
        block = try EventTemplate(Self.block, at: .plain, fields: &fields)
        self.fields = fields
    }

    package func deliver(_ batch: EventBatch, batchID: String) async throws(Fault) -> Verdict {
        do throws(Fault) {
            try await mailer.send(message(for: batch))
            return .accepted
        } catch {
            // A mail that is refused for what is in it: halves find the finding.
            guard case .rejected = error.kind else { throw error }
            return .tooLarge(reason: error.message)
        }
    }

    private func message(for batch: EventBatch) -> MailMessage {
        var writer = TemplateWriter(fields)
        var subject: [UInt8] = []
        var body: [UInt8] = []
        for (row, event) in batch.events.enumerated() {
            writer.begin(event, of: batch)
            if row == 0 { writer.write(line, event, of: batch, into: &subject) }
            writer.write(block, event, of: batch, into: &body)
            body += "Finding: ".utf8
            Engine.JSONText.append(batch.bytes, in: event.uid.range, to: &body)
            body += "\n\n".utf8
        }
        let more = batch.count > 1 ? " and \(batch.count - 1) more" : ""
        let title = "\(config.subject) \(String(decoding: subject, as: UTF8.self))\(more)"
        let digest = Hex.encode(Digest.sha256(body).prefix(16))
        let domain = config.from.split(separator: "@").last.map { String($0) } ?? "localhost"
        var text = ""
        for (name, value) in [
            ("From", config.from), ("To", config.to.joined(separator: ",\r\n ")),
            ("Subject", Self.encoded(title)), ("Date", Self.date(time.now)),
            ("Message-ID", "<\(digest).martlet@\(domain)>"), ("Auto-Submitted", "auto-generated"),
            ("MIME-Version", "1.0"), ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "base64"),
        ] { text += "\(name): \(value)\r\n" }
        text += "\r\n"
        let encoded = Base64.encode(body)
        var rest = Substring(encoded)
        while !rest.isEmpty {
            text += "\(rest.prefix(76))\r\n"
            rest = rest.dropFirst(76)
        }
        return MailMessage(from: config.from, to: config.to, text: Array(text.utf8))
    }

    /// A header's text as RFC 2047 wants what is not plain ASCII: whole characters in words of 75 at most.
    static func encoded(_ text: String) -> String {
        var words: [String] = []
        var word: [UInt8] = []
        for scalar in text.unicodeScalars {
            // A line break in a log's text must not begin a header of its own.
            let bytes = scalar.value < 0x20 || scalar.value == 0x7F ? [0x20] : Array(String(scalar).utf8)
            if word.count + bytes.count > 42 {
                words.append("=?utf-8?B?\(Base64.encode(word))?=")
                word = []
            }
            word += bytes
        }
        words.append("=?utf-8?B?\(Base64.encode(word))?=")
        return words.joined(separator: "\r\n ")
    }

    /// `Tue, 24 Nov 2026 09:30:00 +0000`
    static func date(_ time: Timestamp) -> String {
        let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let text = time.iso8601
        let parts = text.prefix(10).split(separator: "-")
        let clock = text.dropFirst(11).prefix(8)
        let day = Int(((time.seconds / 86_400) % 7 + 7) % 7)
        let month = Int(parts[1]).map { months[$0 - 1] } ?? "Jan"
        return "\(days[day]), \(parts[2]) \(month) \(parts[0]) \(clock) +0000"
    }
}
