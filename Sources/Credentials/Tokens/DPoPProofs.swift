import Codecs
import Engine
import Ports
import Synchronization

/// Proofs that a request is from whoever the token was given to (RFC 9449), by a key of this process.
///
/// A token endpoint that wants them says so; from then on each request to it, and each request with a token that is
/// bound to the key, carries one.
final class DPoPProofs: Sendable {
    private struct State {
        /// Whether the token endpoint has asked for proofs.
        var isWanted = false
        /// Nonces by origin, as the servers gave them last.
        var nonces: [String: String] = [:]
    }

    private let key = PrivateKey(onP256: ())
    private let clock: VendorClock
    private let makeID: @Sendable () -> String
    private let state = Mutex(State())

    init(clock: VendorClock, makeID: @escaping @Sendable () -> String) {
        self.clock = clock
        self.makeID = makeID
    }

    /// A proof for a token endpoint, once it has asked for any.
    func attach(to request: inout HTTPRequest, at now: Timestamp) {
        guard state.withLock({ $0.isWanted }) else { return }
        request.headers["DPoP"] = proof(for: request, token: nil, at: now)
    }

    /// A proof for a request with a token.
    func attach(to request: inout HTTPRequest, token: Secret) {
        request.headers["DPoP"] = proof(for: request, token: token, at: clock.now)
    }

    /// `true` where the answer asks for a proof, or for one with a nonce that the request did not have.
    func learn(from response: HTTPResponse, to request: HTTPRequest) -> Bool {
        guard response.status == 400 || response.status == 401 else { return false }
        let error = VendorError(response)
        let challenge = response.headers["WWW-Authenticate"] ?? ""
        func says(_ code: String) -> Bool { error?.code == code || challenge.contains(code) }
        let nonce = response.headers["DPoP-Nonce"]
        return state.withLock { state in
            if let nonce { state.nonces[Self.origin(request)] = nonce }
            if says("use_dpop_nonce") {
                guard let nonce else { return false }
                state.isWanted = true
                return !Self.proof(request, carries: nonce)
            }
            guard says("invalid_dpop_proof"), request.headers["DPoP"] == nil else { return false }
            state.isWanted = true
            return true
        }
    }

    private static func proof(_ request: HTTPRequest, carries nonce: String) -> Bool {
        request.headers["DPoP"].flatMap { JSONWebToken.claims(of: $0) }?["nonce"]?.string == nonce
    }

    private func proof(for request: HTTPRequest, token: Secret?, at now: Timestamp) -> String {
        var jwk: [String: JSONValue] = ["kty": "EC", "crv": "P-256"]
        for part in key.publicParts { jwk[part.name] = .string(JSONWebToken.base64URL(part.value)) }
        var claims: [String: JSONValue] = [
            "htm": .string(request.method.rawValue),
            "htu": .string(String(request.url.prefix { $0 != "?" && $0 != "#" })),
            "jti": .string(makeID()), "iat": .integer(now.seconds),
        ]
        if let token {
            claims["ath"] = .string(JSONWebToken.base64URL(Digest.sha256(Array(token.revealed.utf8))))
        }
        if let nonce = state.withLock({ $0.nonces[Self.origin(request)] }) {
            claims["nonce"] = .string(nonce)
        }
        return JSONWebToken.signed(
            header: ["typ": "dpop+jwt", "jwk": .object(jwk)], claims: claims, by: key, .es256)
    }

    private static func origin(_ request: HTTPRequest) -> String {
        request.url.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: true).prefix(2)
            .joined(separator: "//")
    }
}
