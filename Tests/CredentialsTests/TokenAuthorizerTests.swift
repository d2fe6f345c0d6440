import Codecs
import Engine
import Ports
import Simulation
import Synchronization
import Testing

@testable import Credentials

@Suite struct TokenAuthorizerTests {
    static let tokenURL = "https://login.microsoftonline.com/contoso.example.com/oauth2/v2.0/token"

    static func client(_ world: TokenWorld, _ proof: ClientProof? = nil) -> OAuthClient {
        var config = OAuthClient.Config(
            tokenURL: tokenURL, clientID: "app-1",
            proof: proof ?? .secret(Secret("hush&1"), inHeader: false))
        config.scopes = ["https://graph.microsoft.com/.default"]
        return OAuthClient(config, origin: "client app-1", in: world.surroundings)
    }

    static func authorizer(_ world: TokenWorld) -> TokenAuthorizer {
        TokenAuthorizer(client(world), time: world.world)
    }

    /// Tokens of an hour, numbered, and an API that takes what `isGood` says.
    static func serve(
        _ world: TokenWorld, isGood: @escaping @Sendable (String) -> Bool = { _ in true }
    ) {
        world.on(tokenURL) { _, before in
            json(#"{"token_type":"Bearer","expires_in":3600,"access_token":"token-\#(before + 1)"}"#)
        }
        world.on("https://api.example.com/") { request, _ in
            isGood(request.headers["Authorization"] ?? "") ? json("[]") : json("{}", status: 401)
        }
    }

    @Test("A client with a secret asks as OAuth says, and its token stands on the request")
    func secret() throws {
        let world = TokenWorld()
        Self.serve(world)
        let answer = try world.world.run { try await world.call(Self.authorizer(world)) }
        #expect(answer?.status == 200)
        let asked = try #require(world.requests(Self.tokenURL).first)
        #expect(asked.method == .POST)
        #expect(asked.headers["Content-Type"] == "application/x-www-form-urlencoded")
        #expect(
            String(decoding: asked.body, as: UTF8.self)
                == "grant_type=client_credentials&scope=https%3A%2F%2Fgraph.microsoft.com%2F.default&client_id=app-1&client_secret=hush%261"
        )
        #expect(world.requests("https://api")[0].headers["Authorization"] == "Bearer token-1")
    }

    @Test("A server that wants the secret in the header gets it there, and only there")
    func secretInHeader() throws {
        let world = TokenWorld()
        Self.serve(world)
        let source = Self.client(world, .secret(Secret("s:1"), inHeader: true))
        _ = try world.world.run { try await source.token() }
        let asked = world.requests()[0]
        #expect(asked.headers["Authorization"] == "Basic \(Base64.encode(Array("app-1:s%3A1".utf8)))")
        #expect(fields(asked)["client_secret"] == nil && fields(asked)["client_id"] == nil)
    }

    @Test("Many who ask at once wait for one token", arguments: UInt64(1)...20)
    func singleFlight(seed: UInt64) throws {
        let world = TokenWorld(seed: seed)
        Self.serve(world)
        let authorizer = Self.authorizer(world)
        try world.world.run {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<20 { group.addTask { _ = try await world.call(authorizer) } }
                try await group.waitForAll()
            }
        }
        #expect(world.requests(Self.tokenURL).count == 1)
        #expect(world.requests("https://api").count == 20)
    }

    @Test("A token is renewed five minutes before its end, and not sooner")
    func early() throws {
        let world = TokenWorld()
        Self.serve(world)
        let authorizer = Self.authorizer(world)
        try world.world.run {
            while world.world.elapsed < .hours(3) {
                _ = try await world.call(authorizer)
                try await world.world.sleep(until: world.world.now + .seconds(59))
            }
        }
        let times = world.times(Self.tokenURL)
        #expect(times.count == 4)
        for (earlier, later) in zip(times, times.dropFirst()) {
            #expect(later - earlier > 3_300 && later - earlier <= 3_362)
        }
    }

    @Test("A token that lives a minute is renewed at half its life")
    func shortLived() throws {
        let world = TokenWorld()
        world.on(Self.tokenURL) { _, before in
            json(#"{"access_token":"t\#(before)","expires_in":"60"}"#)
        }
        let cache = TokenCache(Self.client(world), time: world.world)
        try world.world.run {
            for _ in 0..<60 {
                _ = try await cache.current()
                try await world.world.sleep(until: world.world.now + .seconds(2))
            }
        }
        #expect(world.requests().count == 4)
    }

    @Test("A renewal that fails is tolerated while the old token lasts, and then said")
    func tolerated() throws {
        let world = TokenWorld()
        world.on(Self.tokenURL) { _, before in
            before == 0
                ? json(#"{"access_token":"token-1","expires_in":3600}"#)
                : json(
                    #"{"error":"invalid_client","error_description":"AADSTS7000222: expired"}"#, status: 401)
        }
        let cache = TokenCache(Self.client(world), time: world.world)
        try world.world.run {
            _ = try await cache.current()
            try await world.world.sleep(until: world.world.now + .minutes(57))
            #expect(try await cache.current().text.revealed == "token-1")
            #expect(try await cache.current().text.revealed == "token-1")
            try await world.world.sleep(until: world.world.now + .minutes(4))
            let fault = await #expect(throws: Fault.self) { try await cache.current() }
            #expect(fault?.kind == .denied)
            #expect(
                fault?.message
                    == "getting a token for client app-1: HTTP 401 invalid_client: AADSTS7000222: expired")
        }
        #expect(world.requests().count == 3)
    }

    @Test("A refused token is replaced once; a second refusal is final")
    func refused() throws {
        let world = TokenWorld()
        Self.serve(world) { $0 == "Bearer token-2" }
        let authorizer = Self.authorizer(world)
        let first = try world.world.run { try await world.call(authorizer) }
        #expect(first?.status == 200 && world.requests(Self.tokenURL).count == 2)

        let hopeless = TokenWorld()
        Self.serve(hopeless) { _ in false }
        let denied = Self.authorizer(hopeless)
        let statuses = try hopeless.world.run {
            var statuses = [try await hopeless.call(denied).status]
            statuses.append(try await hopeless.call(denied).status)
            return statuses
        }
        #expect(statuses == [401, 401])
        #expect(hopeless.requests(Self.tokenURL).count == 2)
        #expect(hopeless.requests("https://api").count == 3)
    }

    @Test(
        "Of many requests that are refused at once, one renews the token for all", arguments: UInt64(1)...10)
    func refusedTogether(seed: UInt64) throws {
        let world = TokenWorld(seed: seed)
        Self.serve(world) { $0 == "Bearer token-2" }
        let authorizer = Self.authorizer(world)
        try world.world.run {
            try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<10 { group.addTask { try await world.call(authorizer).status } }
                while let status = try await group.next() { #expect(status == 200) }
            }
        }
        #expect(world.requests(Self.tokenURL).count == 2)
    }

    @Test("A throttled token endpoint is asked again when it says, and not before")
    func throttled() throws {
        let world = TokenWorld()
        world.on(Self.tokenURL) { _, before in
            before == 0
                ? json("{}", status: 429, headers: ["Retry-After": "30"])
                : json(#"{"access_token":"t","expires_in":3600}"#)
        }
        _ = try world.world.run { try await Self.client(world).token() }
        let times = world.times(Self.tokenURL)
        #expect(times[0] == 0 && times[1] >= 31 && times[1] <= 33)
    }

    @Test("What the issuer says of a refusal is told, without what it repeats of ours")
    func redaction() {
        let world = TokenWorld()
        world.on(Self.tokenURL) { request, _ in
            json(
                #"{"error":"invalid_client","error_description":"AADSTS7000215: hush&1 is wrong for eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl"}"#,
                status: 401)
        }
        let failure = world.failure(Self.client(world))
        #expect(
            failure
                == "getting a token for client app-1: HTTP 401 invalid_client: AADSTS7000215: <redacted> is wrong for <redacted>"
        )
    }

    @Test(
        "Tokens and users that somebody made by hand stand where the vendor wants them, and refusals are final"
    )
    func fixed() async throws {
        let request = HTTPRequest(.GET, "https://x.example.com/")
        let okta = FixedAuthorizer(token: Secret("t"), place: TokenPlace(scheme: "SSWS"))
        #expect(try await okta.authorize(request).headers["Authorization"] == "SSWS t")
        let vault = FixedAuthorizer(
            token: Secret("t"), place: TokenPlace(header: "X-Vault-Token", scheme: ""))
        #expect(try await vault.authorize(request).headers["X-Vault-Token"] == "t")
        let basic = FixedAuthorizer(user: "ana", password: Secret("pass"))
        #expect(try await basic.authorize(request).headers["Authorization"] == "Basic YW5hOnBhc3M=")
        #expect(await !basic.learn(from: HTTPResponse(status: 401), to: request))
        #expect(!"\(okta) \(basic) \(String(reflecting: vault))".contains("pass"))
    }
}
