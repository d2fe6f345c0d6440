/// One mail, ready to be sent: headers, an empty line and the body, lines ending in CR LF.
package struct MailMessage: Hashable, Sendable {
    package var from: String
    package var to: [String]
    package var text: [UInt8]

    package init(from: String, to: [String], text: [UInt8]) {
        self.from = from
        self.to = to
        self.text = text
    }
}

/// The door to a mail server.
package protocol Mailer: Sendable {
    /// For a person: `smtp.example.com:587`.
    var origin: String { get }
    /// Returns once the server has taken the mail for all its recipients; `rejected` where it never will.
    func send(_ message: MailMessage) async throws(Fault)
}

/// How a mail server is reached, and as whom.
package struct MailerOptions: Sendable {
    package enum Security: Sendable {
        /// TLS from the first byte, as on port 465.
        case tls
        /// `STARTTLS`, without which nothing is sent, as on port 587.
        case startTLS
        case plain
    }

    package var host: String
    package var port: UInt16
    package var security = Security.startTLS
    package var user: String?
    package var password: String?
    package var caFile: String?
    package var timeout: Duration = .seconds(60)

    package init(host: String, port: UInt16) {
        self.host = host
        self.port = port
    }
}
