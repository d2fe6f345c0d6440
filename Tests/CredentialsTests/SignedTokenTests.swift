import Codecs
import Engine
import Ports
import Simulation
import Testing

@testable import Credentials

/// What we sign, judged by Python's cryptography and botocore.
@Suite(.enabled(if: TokenJudge.isInstalled, "needs .tools")) struct SignedTokenTests {
    @Test("Keys are read in each form that openssl and consoles write; others are refused with the reason")
    func keys() throws {
        for name in ["rsa", "rsa_old"] {
            #expect(try PrivateKey(pem: try TokenJudge.key(name)).isRSA)
            // As environment variables often hold them.
            let line = try TokenJudge.key(name).replacing("\n", with: "\\n")
            #expect(try PrivateKey(pem: line).isRSA)
        }
        for name in ["ec", "ec_old"] { #expect(!(try PrivateKey(pem: try TokenJudge.key(name)).isRSA)) }
        for (name, reason) in [
            ("locked", "the private key is encrypted: decrypt it with openssl pkey"),
            ("locked_old", "the private key is encrypted: decrypt it with openssl pkey"),
            ("certificate", "there is no private key in PEM form"),
            ("small", "the private key must be RSA of at least 2048 bits, or on P-256"),
            ("big_curve", "the private key must be RSA of at least 2048 bits, or on P-256"),
        ] {
            let text = try TokenJudge.key(name)
            let refusal = #expect(throws: PrivateKey.Refusal.self) { try PrivateKey(pem: text) }
            #expect(refusal?.description == reason)
        }
    }

    @Test("Each algorithm's signature holds", arguments: PrivateKey.Algorithm.allCases)
    func signatures(algorithm: PrivateKey.Algorithm) throws {
        let pem = try TokenJudge.key(algorithm == .es256 ? "ec" : "rsa")
        for number in 0..<(algorithm == .es256 ? 20 : 2) {
            let token = JSONWebToken.signed(
                claims: ["n": .integer(number)], by: try PrivateKey(pem: pem), algorithm)
            let (header, claims) = try TokenJudge.verified(token, pem: pem)
            #expect(header == ["alg": .string(algorithm.rawValue), "typ": "JWT"])
            #expect(claims == ["n": .integer(number)])
        }
        // A key of our own making, written and read again.
        let own = algorithm == .es256 ? PrivateKey(onP256: ()) : PrivateKey()
        let token = JSONWebToken.signed(claims: [:], by: try PrivateKey(pem: own.pem), algorithm)
        _ = try TokenJudge.verified(token, pem: own.pem)
    }

    @Test("Entra gets an assertion by the certificate's key, named by the certificate's SHA-256")
    func certificate() throws {
        let (pem, certificate) = (try TokenJudge.key("rsa"), try TokenJudge.key("certificate"))
        for algorithm in [PrivateKey.Algorithm.ps256, .rs256] {
            let world = TokenWorld()
            TokenAuthorizerTests.serve(world)
            let proof = try EntraCertificate.proof(certificate + pem, key: nil, algorithm)
            _ = try world.world.run { try await TokenAuthorizerTests.client(world, proof).token() }
            let asked = fields(world.requests()[0])
            #expect(asked["client_assertion_type"] == OAuthClient.assertionType)
            #expect(asked["client_id"] == "app-1" && asked["client_secret"] == nil)
            let (header, claims) = try TokenJudge.verified(asked["client_assertion"] ?? "", pem: pem)
            #expect(header["alg"]?.string == algorithm.rawValue)
            #expect(header["x5t#S256"]?.string == (try TokenJudge.key("thumbprint")))
            #expect(claims["aud"]?.string == TokenAuthorizerTests.tokenURL)
            #expect(claims["iss"] == "app-1" && claims["sub"] == "app-1")
            let start = world.world.start.seconds
            #expect(claims["iat"]?.integer == start && claims["nbf"]?.integer == start)
            #expect(claims["exp"]?.integer == start + 600)
            #expect(claims["jti"]?.string?.count == 36)
        }
        let other = try TokenJudge.key("other")
        let refusal = #expect(throws: PrivateKey.Refusal.self) {
            try EntraCertificate.proof(certificate, key: other, .ps256)
        }
        #expect(refusal?.description == "the private key is not the certificate's")
    }

    @Test("An assertion is made anew for each try, and by the issuer's clock once that is known")
    func skew() throws {
        let pem = try TokenJudge.key("rsa")
        let world = TokenWorld()
        // The issuer is an hour ahead of us.
        world.on(TokenAuthorizerTests.tokenURL) { request, before in
            if before == 0 { return HTTPResponse(status: 503) }
            let claims = JSONWebToken.claims(of: fields(request)["client_assertion"] ?? "")
            let isRight = claims?["iat"]?.integer ?? 0 > world.world.start.seconds + 3_500
            return isRight
                ? json(#"{"access_token":"t","expires_in":3600}"#)
                : json(
                    #"{"error":"invalid_client","error_description":"expired"}"#, status: 401,
                    headers: ["Date": "Mon, 20 Nov 2023 09:00:03 GMT"])
        }
        let proof = ClientProof.key(
            try PrivateKey(pem: pem), .rs256, header: [:], lifetime: .minutes(5))
        let token = try world.world.run { try await TokenAuthorizerTests.client(world, proof).token() }
        #expect(token?.text.revealed == "t")
        // The lifetime counts by our clock.
        #expect((token?.expiration ?? .epoch) - world.world.start < .minutes(61))
        let sent = world.requests().map { fields($0)["client_assertion"] }
        #expect(sent.count == 3 && Set(sent).count == 3)
    }

    @Test(
        "Okta's service apps sign their assertions; where the app demands it, every request carries a proof")
    func proofsOfPossession() throws {
        let pem = try TokenJudge.key("rsa")
        let world = TokenWorld()
        let tokenURL = "https://example.okta.com/oauth2/v1/token"
        world.on(tokenURL) { request, before in
            switch before {
            case 0: json(#"{"error":"invalid_dpop_proof","error_description":"missing"}"#, status: 400)
            case 1:
                json(
                    #"{"error":"use_dpop_nonce","error_description":"nonce"}"#, status: 400,
                    headers: ["dpop-nonce": "n-1"])
            default: json(#"{"token_type":"DPoP","expires_in":3600,"access_token":"bound"}"#)
            }
        }
        world.on("https://example.okta.com/api/") { request, _ in
            request.headers["Authorization"] == "DPoP bound" ? json("[]") : json("{}", status: 401)
        }
        var config = OAuthClient.Config(
            tokenURL: tokenURL, clientID: "0oa1",
            proof: .key(try PrivateKey(pem: pem), .rs256, header: ["kid": "k1"], lifetime: .minutes(5)))
        config.scopes = ["okta.logs.read"]
        config.namesClient = false
        let okta = OAuthClient.okta(config, origin: "client 0oa1", in: world.surroundings)
        let answer = try world.world.run {
            _ = try await world.call(okta, "https://example.okta.com/api/v1/logs?limit=1")
            return try await world.call(okta, "https://example.okta.com/api/v1/logs?limit=2")
        }
        #expect(answer?.status == 200)
        let asked = world.requests(tokenURL)
        #expect(asked.count == 3)
        #expect(asked[0].headers["DPoP"] == nil)
        let (header, claims) = try TokenJudge.verified(fields(asked[2])["client_assertion"] ?? "", pem: pem)
        #expect(header["kid"] == "k1" && claims["aud"]?.string == tokenURL && claims["sub"] == "0oa1")
        #expect(fields(asked[2])["scope"] == "okta.logs.read" && fields(asked[2])["client_id"] == nil)
        let first = try TokenJudge.verified(asked[1].headers["DPoP"] ?? "")
        #expect(first.header["typ"] == "dpop+jwt" && first.claims["nonce"] == nil)
        let second = try TokenJudge.verified(asked[2].headers["DPoP"] ?? "")
        #expect(second.claims["nonce"] == "n-1" && second.claims["htm"] == "POST")
        #expect(second.claims["htu"]?.string == tokenURL && second.claims["ath"] == nil)
        let calls = world.requests("https://example.okta.com/api/")
        let third = try TokenJudge.verified(calls[0].headers["DPoP"] ?? "")
        #expect(third.claims["htm"] == "GET")
        #expect(third.claims["htu"] == "https://example.okta.com/api/v1/logs")
        #expect(
            third.claims["ath"]?.string == JSONWebToken.base64URL(Digest.sha256(Array("bound".utf8))))
        let fourth = try TokenJudge.verified(calls[1].headers["DPoP"] ?? "")
        #expect(third.claims["jti"] != fourth.claims["jti"])
        #expect(third.header["jwk"] == fourth.header["jwk"])
        #expect(third.header["jwk"]?["d"] == nil)
    }

    @Test("Google gets a service account's assertion, in the name of a Workspace user where one is given")
    func serviceAccount() throws {
        let pem = try TokenJudge.key("rsa")
        let file: JSONValue = [
            "type": "service_account", "client_email": "reader@p.iam.gserviceaccount.com",
            "private_key_id": "k9", "private_key": .string(pem),
            "token_uri": "https://oauth2.googleapis.com/token",
        ]
        let world = TokenWorld()
        world.on("https://oauth2.googleapis.com/token") { _, _ in
            json(#"{"access_token":"g","expires_in":3599,"token_type":"Bearer"}"#)
        }
        var config = GoogleTokens.Config(
            file: try GoogleKeyFile(String(decoding: file.bytes, as: UTF8.self)), scopes: ["a", "b"])
        config.subject = "admin@example.com"
        let source = GoogleTokens(config, in: world.surroundings)
        let token = try world.world.run { try await source.token() }
        #expect(token?.text.revealed == "g")
        let asked = fields(world.requests()[0])
        #expect(asked["grant_type"] == "urn:ietf:params:oauth:grant-type:jwt-bearer")
        let (header, claims) = try TokenJudge.verified(asked["assertion"] ?? "", pem: pem)
        let start = world.world.start.seconds
        #expect(header == ["alg": "RS256", "typ": "JWT", "kid": "k9"])
        #expect(
            claims == [
                "iss": "reader@p.iam.gserviceaccount.com", "sub": "admin@example.com", "scope": "a b",
                "aud": "https://oauth2.googleapis.com/token", "iat": .integer(start),
                "exp": .integer(start + 3_600),
            ])
    }

    @Test("AWS vouches for a machine at Google by a request that botocore would have signed the same way")
    func fromAWS() throws {
        let audience =
            "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/aws"
        let file: JSONValue = [
            "type": "external_account", "audience": .string(audience),
            "subject_token_type": "urn:ietf:params:aws:token-type:aws4_request",
            "token_url": "https://sts.googleapis.com/v1/token",
            "service_account_impersonation_url":
                "https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/r@p.iam.gserviceaccount.com:generateAccessToken",
            "credential_source": ["environment_id": "aws1"],
        ]
        let world = TokenWorld(
            seed: 1,
            [
                "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret",
                "AWS_SESSION_TOKEN": "st",
                "AWS_REGION": "eu-west-1",
            ])
        world.on("https://sts.googleapis.com/") { _, _ in json(#"{"access_token":"fed","expires_in":3600}"#) }
        world.on("https://iamcredentials.googleapis.com/") { _, _ in
            json(#"{"accessToken":"acting","expireTime":"2023-11-20T09:00:00Z"}"#)
        }
        let config = GoogleTokens.Config(
            file: try GoogleKeyFile(String(decoding: file.bytes, as: UTF8.self)), scopes: ["scope"])
        let source = GoogleTokens(config, in: world.surroundings)
        let token = try world.world.run { try await source.token() }
        #expect(token?.text.revealed == "acting")
        #expect(token?.expiration?.iso8601 == "2023-11-20T09:00:00Z")
        let exchange = fields(world.requests("https://sts.")[0])
        #expect(exchange["audience"] == audience && exchange["scope"] == GoogleTokens.cloudScope)
        #expect(exchange["requested_token_type"] == GoogleTokens.accessTokenType)
        let subject = try #require(
            JSONValue(json: PercentEncoding.decode(exchange["subject_token"] ?? "") ?? ""))
        let url = "https://sts.eu-west-1.amazonaws.com?Action=GetCallerIdentity&Version=2011-06-15"
        #expect(subject["url"]?.string == url && subject["method"] == "POST")
        var headers: [String: JSONValue] = [:]
        for header in subject["headers"]?.array ?? [] {
            headers[header["key"]?.string ?? ""] = header["value"]
        }
        #expect(headers["x-goog-cloud-target-resource"]?.string == audience)
        #expect(headers["host"] == "sts.eu-west-1.amazonaws.com")
        #expect(headers["x-amz-security-token"] == "st")
        let judged = try TokenJudge.answer(
            ["ask": "aws", "url": .string(url), "headers": .object(headers), "secret": "secret"])
        #expect(judged["sent"] != nil && judged["sent"] == judged["signature"])
        let acting = world.requests("https://iamcredentials.")[0]
        #expect(acting.headers["Authorization"] == "Bearer fed")
        #expect(
            JSONValue(json: acting.body) == ["scope": ["scope"], "lifetime": "3600s", "delegates": []])
    }

    @Test("A GitHub App finds its installation and gets a token for it")
    func githubApp() throws {
        let pem = try TokenJudge.key("rsa_old")
        let world = TokenWorld()
        world.on("https://api.github.com/orgs/example/installation") { _, _ in json(#"{"id":77}"#) }
        world.on("https://api.github.com/app/installations/77/access_tokens") { _, _ in
            json(#"{"token":"ghs_1","expires_at":"2023-11-20T09:00:00Z"}"#, status: 201)
        }
        let app = GitHubApp(
            "Iv1.a", key: try PrivateKey(pem: pem), installation: .organization("example"),
            api: "https://api.github.com", in: world.surroundings)
        let token = try world.world.run { try await app.token() }
        #expect(token?.text.revealed == "ghs_1" && token?.expiration?.iso8601 == "2023-11-20T09:00:00Z")
        let asked = world.requests()
        #expect(asked.map(\.method) == [.GET, .POST])
        let bearer = try #require(asked[1].headers["Authorization"])
        let (header, claims) = try TokenJudge.verified(String(bearer.dropFirst(7)), pem: pem)
        #expect(header["alg"] == "RS256" && claims["iss"] == "Iv1.a")
        let now = world.world.start.seconds + 1
        #expect(claims["iat"]?.integer == now - 60 && claims["exp"]?.integer == now + 540)
    }

    @Test("Snowflake takes a token that names the user and the key's digest")
    func snowflake() throws {
        let pem = try TokenJudge.key("rsa")
        let world = TokenWorld()
        let pair = SnowflakeKeyPair(
            account: "xy12345.eu-central-1", user: "martlet", key: try PrivateKey(pem: pem), time: world.world
        )
        let token = try #require(try world.world.run { try await pair.token() })
        let (_, claims) = try TokenJudge.verified(token.text.revealed, pem: pem)
        #expect(claims["sub"] == "XY12345.MARTLET")
        #expect(claims["iss"]?.string == "XY12345.MARTLET.SHA256:\(try TokenJudge.key("spki"))")
    }
}
