/// The door to a connection that takes bytes one after the other and says nothing about them: syslog's.
///
/// Opening it touches nothing; the first bytes connect, and so do those after a connection was lost.
package protocol ByteStream: Sendable {
    /// For a person: `logs.example.com:6514`.
    var origin: String { get }
    /// Hands all bytes to the connection; none at all make it, and say whether the other side takes us.
    ///
    /// A fault leaves it closed; `mayHaveArrived` is false where none has left.
    func send(_ bytes: [UInt8]) async throws(Fault)
    func close() async
}

/// How such a connection is made: whom to trust, and who we are.
package struct ByteStreamOptions: Hashable, Sendable {
    package var host: String
    package var port: UInt16
    package var usesTLS = true
    /// A PEM file of the authorities to trust in place of the system's.
    package var caFile: String?
    /// PEM files of our own certificate and key, for mutual TLS.
    package var certificateFile: String?
    package var keyFile: String?
    package var timeout: Duration = .seconds(30)

    package init(host: String, port: UInt16) {
        self.host = host
        self.port = port
    }
}
