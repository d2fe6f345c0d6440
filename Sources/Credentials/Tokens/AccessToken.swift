import Codecs
package import Engine
package import Ports

/// What opens a vendor's API for a while.
package struct AccessToken: Hashable, Sendable {
    package var text: Secret
    /// When it stops working, by our clock; `nil` where nobody says.
    package var expiration: Timestamp?
    /// Bound to a key of ours: each request carries a proof (RFC 9449).
    package var isBound = false

    package init(_ text: Secret, expiration: Timestamp?) {
        self.text = text
        self.expiration = expiration
    }
}

/// One way to come by access tokens.
package protocol TokenSource: Sendable {
    /// Where the tokens are from, for a person: `client 1b2c… of Entra tenant contoso.example.com`.
    var origin: String { get }
    /// A new one each time; caching is `TokenCache`'s. `denied` where the other side refuses for good.
    func token() async throws(Fault) -> AccessToken
}

/// What token sources look at on a machine.
package struct TokenSurroundings: Sendable {
    /// A larger file holds no token and no key: bytes.
    static let fileBytesMax: Int64 = 64 << 10

    package var environment: [String: String]
    package var files: any FileReader
    package var caller: Caller
    /// The same machine as the AWS tools see it: for tokens that AWS vouches for.
    package var aws: AWSSurroundings

    package init(_ aws: AWSSurroundings) {
        environment = aws.environment
        files = aws.files
        caller = aws.caller
        self.aws = aws
    }

    /// A variable that is set to something.
    func variable(_ name: String) -> String? { aws.variable(name) }

    /// A file's text without the space around it, read anew each time: whoever writes tokens replaces them.
    func text(of path: String) async throws(Fault) -> String {
        let text = try await aws.text(of: path)
        guard !text.isEmpty else { throw Fault(.denied, "\(path) is empty") }
        return text
    }

    /// A random UUID (version 4), as tokens' `jti` and requests' ids have it.
    func uuid() -> String {
        var bytes = caller.entropy.bytes(16)
        bytes[6] = bytes[6] & 0x0F | 0x40
        bytes[8] = bytes[8] & 0x3F | 0x80
        let hex = Array(Hex.encode(bytes))
        return [hex[0..<8], hex[8..<12], hex[12..<16], hex[16..<20], hex[20...]].map { String($0) }
            .joined(separator: "-")
    }
}
