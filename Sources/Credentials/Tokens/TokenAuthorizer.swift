import Codecs
package import Ports

/// Where a token stands on a request: `Authorization: Bearer …` unless the vendor wants it otherwise.
package struct TokenPlace: Hashable, Sendable {
    package var header: String
    /// What stands before the token: `Bearer`, `SSWS`, `token`; empty for nothing.
    package var scheme: String
    /// Sent beside it: what kind of token it is, where the vendor wants to be told.
    package var headers: HTTPHeaders

    package init(header: String = "Authorization", scheme: String = "Bearer", headers: HTTPHeaders = [:]) {
        self.header = header
        self.scheme = scheme
        self.headers = headers
    }

    func put(_ token: Secret, on request: inout HTTPRequest, scheme: String? = nil) {
        let scheme = scheme ?? self.scheme
        request.headers[header] = scheme.isEmpty ? token.revealed : "\(scheme) \(token.revealed)"
        for field in headers.fields { request.headers[field.name] = field.value }
    }
}

/// Tokens that are fetched, renewed before their end, and once more where they are refused.
package struct TokenAuthorizer: Authorizer {
    private let cache: TokenCache
    private let place: TokenPlace
    private let proofs: DPoPProofs?

    package init(
        _ source: any TokenSource, place: TokenPlace = TokenPlace(), time: any TimeSource
    ) {
        self.init(source, place: place, proofs: nil, time: time)
    }

    init(_ source: any TokenSource, place: TokenPlace, proofs: DPoPProofs?, time: any TimeSource) {
        cache = TokenCache(source, time: time)
        self.place = place
        self.proofs = proofs
    }

    package func authorize(_ request: HTTPRequest) async throws(Fault) -> HTTPRequest {
        let token = try await cache.current()
        var authorized = request
        if token.isBound, let proofs {
            place.put(token.text, on: &authorized, scheme: "DPoP")
            proofs.attach(to: &authorized, token: token.text)
        } else {
            place.put(token.text, on: &authorized)
        }
        return authorized
    }

    package func learn(from response: HTTPResponse, to request: HTTPRequest) async -> Bool {
        if let proofs, proofs.learn(from: response, to: request) { return true }
        guard response.status == 401, let sent = request.headers[place.header] else { return false }
        return await cache.refuse(Secret(String(sent.split(separator: " ").last ?? "")))
    }
}

/// A token, or a user and password, that somebody made by hand.
package struct FixedAuthorizer: Authorizer {
    private let token: Secret
    private let place: TokenPlace

    package init(token: Secret, place: TokenPlace) {
        self.token = token
        self.place = place
    }

    package init(user: String, password: Secret) {
        token = Secret(Base64.encode(Array("\(user):\(password.revealed)".utf8)))
        place = TokenPlace(scheme: "Basic")
    }

    package func authorize(_ request: HTTPRequest) async throws(Fault) -> HTTPRequest {
        var authorized = request
        place.put(token, on: &authorized)
        return authorized
    }

    /// There is no other: a refusal is final.
    package func learn(from response: HTTPResponse, to request: HTTPRequest) async -> Bool { false }
}
