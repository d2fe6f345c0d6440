import Codecs
import Engine
import Ports

/// The credentials endpoint of ECS tasks and EKS pods.
struct AWSContainerCredentials: AWSCredentialSource {
    static let taskHost = "http://169.254.170.2"
    /// Where plain HTTP may go; anything else must be HTTPS.
    static let allowedHosts: Set<String> = [
        "169.254.170.2", "169.254.170.23", "[fd00:ec2::23]", "localhost", "127.0.0.1", "[::1]",
    ]

    let surroundings: AWSSurroundings
    var origin: String { "the container's credentials endpoint" }

    func credentials() async throws(Fault) -> AWSCredentials? {
        let url: String
        if let relative = surroundings.variable("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI") {
            url = Self.taskHost + relative
        } else if let full = surroundings.variable("AWS_CONTAINER_CREDENTIALS_FULL_URI") {
            guard Self.isAllowed(full) else {
                throw Fault(
                    .denied,
                    "AWS_CONTAINER_CREDENTIALS_FULL_URI must be https, loopback or AWS's own container address"
                )
            }
            url = full
        } else {
            return nil
        }
        var request = HTTPRequest(.GET, url, headers: ["Accept": "application/json"])
        request.timeout = .seconds(2)
        request.responseBytesMax = 1 << 20
        if let token = try await token() {
            guard !token.utf8.contains(where: { $0 == 0x0D || $0 == 0x0A }) else {
                throw Fault(.denied, "the container's authorization token holds a line break")
            }
            request.headers["Authorization"] = token
        }
        let response = try await surroundings.caller.send(request, rule: .http, attempts: 3)
        guard response.status == 200, let json = JSONValue(json: response.body),
            let issued = AWSCredentials(issuedAs: json)
        else { throw Fault(.denied, "\(origin) answered \(response.status) without credentials") }
        return issued
    }

    /// The file wins and is read anew each time: EKS rewrites it.
    private func token() async throws(Fault) -> String? {
        if let path = surroundings.variable("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE") {
            return try await surroundings.text(of: path)
        }
        return surroundings.variable("AWS_CONTAINER_AUTHORIZATION_TOKEN")
    }

    static func isAllowed(_ url: String) -> Bool {
        if url.hasPrefix("https://") { return true }
        guard url.hasPrefix("http://") else { return false }
        let authority = url.dropFirst(7).prefix { $0 != "/" && $0 != "?" }
        guard !authority.contains("@") else { return false }
        let host =
            authority.hasPrefix("[")
            ? authority.prefix { $0 != "]" } + "]" : authority.prefix { $0 != ":" }
        return allowedHosts.contains(String(host))
            || host.hasPrefix("127.") && host.allSatisfy { $0.isNumber || $0 == "." }
    }
}

/// The role of the EC2 instance this runs on, by version 2 of the instance metadata service.
struct AWSInstanceMetadata: AWSCredentialSource {
    static let tokenSeconds = "21600"
    static let rolesPath = "/latest/meta-data/iam/security-credentials/"

    let surroundings: AWSSurroundings
    var origin: String { "the EC2 instance's role" }

    private var base: String {
        if let endpoint = surroundings.variable("AWS_EC2_METADATA_SERVICE_ENDPOINT") {
            return endpoint.hasSuffix("/") ? String(endpoint.dropLast()) : endpoint
        }
        let mode = surroundings.variable("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE")?.lowercased()
        return mode == "ipv6" ? "http://[fd00:ec2::254]" : "http://169.254.169.254"
    }

    func credentials() async throws(Fault) -> AWSCredentials? {
        if surroundings.variable("AWS_EC2_METADATA_DISABLED")?.lowercased() == "true" { return nil }
        let token: String?
        do throws(Fault) {
            token = try await sessionToken()
        } catch {
            // No answer at all: this is no EC2 instance.
            guard error.kind == .transient else { throw error }
            return nil
        }
        guard let roles = try await get(Self.rolesPath, token: token) else { return nil }
        let role = String(decoding: roles.prefix { $0 != 0x0A }, as: UTF8.self)
        guard !role.isEmpty,
            let body = try await get(Self.rolesPath + PercentEncoding.encode(role), token: token),
            let json = JSONValue(json: body)
        else { return nil }
        guard json["Code"]?.string == "Success", var issued = AWSCredentials(issuedAs: json) else {
            throw Fault(
                .transient,
                "the instance metadata service gives no credentials: \(json["Code"]?.string ?? "?")")
        }
        let now = surroundings.caller.time.now
        // In an outage AWS hands out what has expired, and accepts it: used on, asked again a little later.
        if let expiration = issued.expiration, expiration <= now + AWSCredentialCache.advisoryWindow {
            let jitter = Duration.seconds(120) + .seconds(480) * surroundings.caller.entropy.fraction()
            issued.expiration = now + AWSCredentialCache.advisoryWindow + jitter
        }
        return issued
    }

    /// `nil` means: fall back to version 1.
    private func sessionToken() async throws(Fault) -> String? {
        var request = HTTPRequest(
            .PUT, base + "/latest/api/token",
            headers: ["x-aws-ec2-metadata-token-ttl-seconds": Self.tokenSeconds])
        request.timeout = .seconds(1)
        request.responseBytesMax = 64 << 10
        let response: HTTPResponse
        do throws(Fault) {
            response = try await surroundings.caller.transport.send(request)
        } catch {
            guard error.kind == .transient, !isVersion1Disabled else { throw error }
            return nil
        }
        switch response.status {
        case 200: return String(decoding: response.body, as: UTF8.self)
        case 403, 404, 405:
            if isVersion1Disabled {
                throw Fault(
                    .denied, "the instance metadata service refuses a token, and version 1 is disabled")
            }
            return nil
        case 400: throw Fault(.denied, "the instance metadata service refuses the token request")
        default: return nil
        }
    }

    private var isVersion1Disabled: Bool {
        surroundings.variable("AWS_EC2_METADATA_V1_DISABLED")?.lowercased() == "true"
    }

    private func get(_ path: String, token: String?) async throws(Fault) -> [UInt8]? {
        var request = HTTPRequest(.GET, base + path)
        if let token { request.headers["x-aws-ec2-metadata-token"] = token }
        request.timeout = .seconds(1)
        request.responseBytesMax = 1 << 20
        let response: HTTPResponse
        do throws(Fault) {
            response = try await surroundings.caller.transport.send(request)
        } catch {
            guard error.kind == .transient else { throw error }
            return nil
        }
        return response.status == 200 ? response.body : nil
    }
}

extension AWSCredentials {
    /// The layout that containers and instances share.
    init?(issuedAs json: JSONValue) {
        guard let id = json["AccessKeyId"]?.string, let secret = json["SecretAccessKey"]?.string,
            let token = json["Token"]?.string,
            let expiration = json["Expiration"]?.string.flatMap({ Timestamp(iso8601: $0) })
        else { return nil }
        self.init(
            accessKeyID: id, secretAccessKey: Secret(secret), sessionToken: Secret(token),
            expiration: expiration)
    }
}
