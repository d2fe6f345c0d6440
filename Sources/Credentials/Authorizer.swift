package import Ports

/// Puts on a request what the receiver wants to see, fetching and refreshing tokens as needed.
package protocol Authorizer: Sendable {
    /// The request with its signature or token; `denied` where no credentials can be had.
    func authorize(_ request: HTTPRequest) async throws(Fault) -> HTTPRequest
    /// Learns from an answer (an expired token, a skewed clock) to a request as it was authorized; `true` where the
    /// same request, authorized anew, may fare better.
    func learn(from response: HTTPResponse, to request: HTTPRequest) async -> Bool
}

/// For receivers that want nothing.
package struct Anonymous: Authorizer {
    package init() {}
    package func authorize(_ request: HTTPRequest) async throws(Fault) -> HTTPRequest { request }
    package func learn(from response: HTTPResponse, to request: HTTPRequest) async -> Bool { false }
}
