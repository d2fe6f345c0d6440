import Engine
package import Ports

/// The identity that Azure gives to a machine: a VM (IMDS), an App Service, Function or Container App, a pod of AKS with a
/// workload identity, an application in Service Fabric, or a server connected through Arc. Which of them this is, the
/// environment says.
package struct AzureManagedIdentity: TokenSource {
    /// Which of several identities; without one the system's own.
    package enum Choice: Hashable, Sendable {
        case system
        case client(String)
        case object(String)
        case resource(String)
    }

    static let metadataHost = "http://169.254.169.254"
    /// Where the Arc agent leaves its challenge; a path elsewhere would have us read and send any file.
    static let arcFolder = "/var/opt/azcmagent/tokens/"
    static let arcKeyBytesMax: Int64 = 4_096

    private let resource: String
    private let choice: Choice
    private let surroundings: TokenSurroundings
    private let clock: VendorClock

    /// - Parameter scope: `https://graph.microsoft.com/.default`; machines are asked for the resource alone.
    package init(scope: String, choice: Choice = .system, in surroundings: TokenSurroundings) {
        resource = scope.hasSuffix("/.default") ? String(scope.dropLast("/.default".count)) : scope
        self.choice = choice
        self.surroundings = surroundings
        clock = VendorClock(surroundings.caller.time)
    }

    package var origin: String { "the managed identity of this machine, for \(resource)" }

    package func token() async throws(Fault) -> AccessToken {
        if let workload { return try await workload.token() }
        if let endpoint = surroundings.variable("IDENTITY_ENDPOINT") {
            if let header = surroundings.variable("IDENTITY_HEADER") {
                if let thumbprint = surroundings.variable("IDENTITY_SERVER_THUMBPRINT") {
                    return try await serviceFabric(endpoint, header: header, thumbprint: thumbprint)
                }
                return try await appService(endpoint, header: header)
            }
            if surroundings.variable("IMDS_ENDPOINT") != nil { return try await arc(endpoint) }
        }
        return try await instance()
    }

    /// A pod's identity, where AKS has projected a token for it: the cluster vouches for the pod, and Entra takes its word.
    private var workload: OAuthClient? {
        guard let file = surroundings.variable("AZURE_FEDERATED_TOKEN_FILE"),
            let tenant = surroundings.variable("AZURE_TENANT_ID")
        else { return nil }
        var client = surroundings.variable("AZURE_CLIENT_ID")
        switch choice {
        case .system: break
        case .client(let id): client = id
        // A pod has no other way to be told apart than by a client.
        case .object, .resource: return nil
        }
        guard let client else { return nil }
        let authority = surroundings.variable("AZURE_AUTHORITY_HOST") ?? AzureCloud.global.authority
        var config = OAuthClient.Config(
            tokenURL: AzureCloud.tokenURL(authority: authority, tenant: tenant), clientID: client,
            proof: .token(FileToken(file, in: surroundings)))
        config.scopes = ["\(resource)/.default"]
        return OAuthClient(config, origin: origin, in: surroundings)
    }

    private func instance() async throws(Fault) -> AccessToken {
        let host = surroundings.variable("AZURE_POD_IDENTITY_AUTHORITY_HOST") ?? Self.metadataHost
        let base = host.hasSuffix("/") ? String(host.dropLast()) : host
        var call = call(
            "\(base)/metadata/identity/oauth2/token", version: "2018-02-01",
            chosen: ["client_id", "object_id", "msi_res_id"], headers: ["Metadata": "true"])
        call.rule = Self.instanceRule
        return try await call.token(surroundings.caller)
    }

    /// The service is away for up to 70 seconds while Azure updates it (410), and knows nothing for a moment after a
    /// start (404).
    static let instanceRule = RetryRule { response in
        switch response.status {
        case 404: .retry("HTTP 404", isThrottle: true, notBefore: .seconds(2))
        case 410: .retry("HTTP 410", isThrottle: true, notBefore: .seconds(18))
        default: RetryRule.http.read(response)
        }
    }

    private func appService(_ endpoint: String, header: String) async throws(Fault) -> AccessToken {
        try await call(
            endpoint, version: "2019-08-01", chosen: ["client_id", "principal_id", "mi_res_id"],
            headers: ["X-IDENTITY-HEADER": header], secrets: [Secret(header)]
        ).token(surroundings.caller)
    }

    /// The cluster's own service signs its certificate itself; the environment says which one is meant.
    private func serviceFabric(
        _ endpoint: String, header: String, thumbprint: String
    ) async throws(Fault) -> AccessToken {
        guard choice == .system else {
            throw Fault(
                .denied,
                "in Service Fabric the application's manifest says which managed identity is meant: leave out client_id, object_id and resource_id"
            )
        }
        var call = call(
            endpoint, version: "2019-07-01-preview", chosen: [], headers: ["Secret": header],
            secrets: [Secret(header)])
        call.trustOnly(thumbprint)
        return try await call.token(surroundings.caller)
    }

    /// The agent proves that we may read files of its group: it names one, and wants its content.
    private func arc(_ endpoint: String) async throws(Fault) -> AccessToken {
        guard choice == .system else {
            throw Fault(.denied, "a server connected through Arc has only its system's own managed identity")
        }
        var call = call(endpoint, version: "2020-06-01", chosen: [], headers: ["Metadata": "true"])
        let challenge = try await surroundings.caller.send(
            call.request, rule: .http, attempts: TokenCall.attempts)
        guard challenge.status == 401, let words = challenge.headers["WWW-Authenticate"],
            let mark = words.firstRange(of: "realm=")
        else {
            throw Fault(
                .denied, "\(call.action): HTTP \(challenge.status) where the Arc agent should ask for proof")
        }
        let path = words[mark.upperBound...].prefix { $0 != "," }.filter { $0 != "\"" }
        guard path.hasPrefix(Self.arcFolder), path.hasSuffix(".key"), !path.contains("..") else {
            throw Fault(.denied, "\(call.action): the Arc agent names a file outside \(Self.arcFolder)")
        }
        let key = try await surroundings.files.read(path, bytesMax: Self.arcKeyBytesMax)
        call.setHeader("Authorization", "Basic \(String(decoding: key, as: UTF8.self))")
        return try await call.token(surroundings.caller)
    }

    /// - Parameter chosen: what the query calls a client, an object and a resource.
    private func call(
        _ url: String, version: String, chosen: [String], headers: HTTPHeaders, secrets: [Secret] = []
    ) -> TokenCall {
        var fields = [("api-version", version), ("resource", resource)]
        switch choice {
        case .system: break
        case .client(let id): fields.append((chosen[0], id))
        case .object(let id): fields.append((chosen[1], id))
        case .resource(let id): fields.append((chosen[2], id))
        }
        var call = TokenCall(
            HTTPRequest(.GET, "\(url)?\(form(fields))", headers: headers), clock: clock,
            action: "getting a token from \(origin)", secrets: secrets, prove: { _, _ in })
        call.hurry()
        return call
    }
}
