import Codecs
import Engine
import Ports
import Synchronization

/// The access token that `aws sso login` left in `~/.aws/sso/cache`, renewed by its refresh token where it has one.
///
/// As in the AWS tools, only the token of an `sso-session` renews itself, from 15 minutes before its end and for as long
/// as the client that `aws sso login` registered is known (90 days). The new one is written back, so that the tools and
/// other processes go on with it; where that cannot be, it is kept here. A sign-out removes the file, and ends it all.
final class AWSSignInToken: Sendable {
    static let renewalWindow = Duration.minutes(15)

    /// What the cache file holds; members that mean nothing here are written back as they were.
    private struct Token: Sendable {
        var members: [String: JSONValue]
        var access: Secret
        var expiry: Timestamp

        init?(_ json: JSONValue?) {
            guard let members = json?.object, let access = members["accessToken"]?.string,
                let expiry = Token.time(members["expiresAt"])
            else { return nil }
            self.members = members
            self.access = Secret(access)
            self.expiry = expiry
        }

        /// `2026-11-20T09:00:00Z`; older tools wrote `UTC` in place of the `Z`.
        private static func time(_ value: JSONValue?) -> Timestamp? {
            guard let text = value?.string else { return nil }
            return Timestamp(iso8601: text.hasSuffix("UTC") ? text.dropLast(3) + "Z" : text)
        }

        /// The body that asks for the next one; `nil` where nothing can ask for it.
        func renewal(at now: Timestamp) -> JSONValue? {
            guard let refresh = members["refreshToken"]?.string, let id = members["clientId"]?.string,
                let secret = members["clientSecret"]?.string,
                let end = Self.time(members["registrationExpiresAt"]), end > now
            else { return nil }
            return [
                "grantType": "refresh_token", "clientId": .string(id), "clientSecret": .string(secret),
                "refreshToken": .string(refresh),
            ]
        }
    }

    private let region: String
    private let name: String
    private let isSession: Bool
    private let profile: String
    private let surroundings: AWSSurroundings
    /// The last one that was renewed here.
    private let renewed = Mutex<Token?>(nil)

    /// - Parameter cacheKey: what the file is named after: the session's name, or the start URL for settings without one.
    init(
        region: String, cacheKey: String, isSession: Bool, profile: String, surroundings: AWSSurroundings
    ) {
        self.region = region
        name = Hex.encode(Digest.sha1(Array(cacheKey.utf8))) + ".json"
        self.isSession = isSession
        self.profile = profile
        self.surroundings = surroundings
    }

    /// What a person has to do where nothing else helps.
    var advice: String { "run: aws sso login --profile \(profile)" }
    private var folder: String { surroundings.home("~/.aws/sso/cache") }
    private var path: String { "\(folder)/\(name)" }

    /// A token that is still good, renewed where it is time.
    func current() async throws(Fault) -> Secret {
        let token = try await newest()
        let now = surroundings.caller.time.now
        let isGood = token.expiry > now
        guard isSession, token.expiry - now <= Self.renewalWindow, let body = token.renewal(at: now) else {
            guard isGood else {
                throw Fault(.denied, "the AWS sign-in of profile \(profile) has expired; \(advice)")
            }
            return token.access
        }
        do throws(Fault) {
            return try await renew(token, body).access
        } catch {
            if error.kind == .cancelled { throw error }
            // Another process may have been first, and its renewal have ended our refresh token.
            if let other = try? await newest(), other.expiry > max(token.expiry, now) { return other.access }
            if isGood { return token.access }
            throw error
        }
    }

    /// The file's, or ours where that lasts longer.
    private func newest() async throws(Fault) -> Token {
        guard try await surroundings.files.entry(at: path) != nil else {
            renewed.withLock { $0 = nil }
            throw Fault(.denied, "profile \(profile) is not signed in (\(path) is missing); \(advice)")
        }
        let bytes = try await surroundings.files.read(path, bytesMax: AWSSurroundings.tokenBytesMax)
        guard let token = Token(JSONValue(json: bytes)) else {
            throw Fault(.denied, "\(path) holds no access token; \(advice)")
        }
        return renewed.withLock { held in
            if let held, held.expiry > token.expiry { return held }
            held = nil
            return token
        }
    }

    private func renew(_ old: Token, _ body: JSONValue) async throws(Fault) -> Token {
        var request = HTTPRequest(
            .POST, surroundings.endpoints.inRegion(region).url(of: "oidc") + "/token",
            headers: ["Content-Type": "application/json"], body: body.bytes)
        request.timeout = .seconds(30)
        request.responseBytesMax = 1 << 20
        let response = try await surroundings.caller.send(request, rule: .aws, attempts: 4)
        let json = JSONValue(json: response.body)
        guard response.status == 200 else {
            let reason =
                [json?["error"]?.string, json?["error_description"]?.string].compactMap(\.self)
                .joined(separator: ": ")
            let told = reason.isEmpty ? AWSError(response)?.text ?? "" : String(reason.prefix(500))
            throw Fault(
                .denied, "the AWS sign-in of profile \(profile) could not be renewed (\(told)); \(advice)")
        }
        var members = old.members
        members["accessToken"] = json?["accessToken"]
        if let refresh = json?["refreshToken"] { members["refreshToken"] = refresh }
        if let seconds = json?["expiresIn"]?.integer, (1...31_536_000).contains(seconds) {
            let end = Timestamp(seconds: surroundings.caller.time.now.seconds + seconds)
            members["expiresAt"] = .string(end.iso8601)
        } else {
            members["expiresAt"] = nil
        }
        guard let token = Token(.object(members)) else {
            throw Fault(
                .transient, "renewing the AWS sign-in of profile \(profile): the answer holds no token")
        }
        renewed.withLock { $0 = token }
        await save(token)
        return token
    }

    /// Puts a whole file in the place of the old one, for its owner only.
    private func save(_ token: Token) async {
        let draft = name + "." + Hex.encode(surroundings.caller.entropy.bytes(8))
        guard let volume = try? surroundings.volume(folder) else { return }
        do throws(Fault) {
            _ = try await volume.append(JSONValue.object(token.members).bytes, to: draft)
            try await volume.synchronize(draft)
            try await volume.rename(draft, to: name)
        } catch {
            try? await volume.remove(draft)
        }
    }
}
