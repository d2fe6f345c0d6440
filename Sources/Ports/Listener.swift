/// Where and how HTTP requests are listened for.
package struct ListenOptions: Sendable {
    /// An IPv4 or IPv6 address of this machine.
    package var address = "127.0.0.1"
    package var port: UInt16 = 0
    /// A larger body is answered with 413: bytes.
    package var bodyBytesMax = 16 << 20
    /// Bodies held at once; while there are more, requests are answered with 503: bytes.
    package var bufferedBytesMax = 64 << 20
    package var connectionsMax = 256
    /// The request line and all header fields; more is answered with 431: bytes.
    package var headerBytesMax = 64 << 10
    /// A request whose header fields have not all come after this is given up.
    package var headerSeconds = 30
    /// Connections on which nothing happens are closed after this.
    package var idleSeconds = 60
    /// PEM texts; without them plain HTTP is spoken.
    package var certificate: String?
    package var key: String?
    /// PEM texts: who has no certificate of these authorities is refused.
    package var clientAuthorities: String?

    package init() {}
}

/// Answers requests. `request.url` is the path with its query, as sent.
package protocol RequestHandler: Sendable {
    /// An answer that needs no body, before the body is taken in; `nil` lets the request through.
    func refusal(of request: HTTPRequest) -> HTTPResponse?
    /// Cancelled when the listener stops.
    func answer(_ request: HTTPRequest) async -> HTTPResponse
}

/// Something that listens until it is stopped.
package struct Listening: Sendable {
    package var url: String
    /// Returns once no handler runs any more.
    package var stop: @Sendable () async -> Void

    package init(url: String, stop: @escaping @Sendable () async -> Void) {
        self.url = url
        self.stop = stop
    }
}
