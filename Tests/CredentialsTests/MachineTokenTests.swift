import Codecs
import Engine
import Ports
import Simulation
import Testing

@testable import Credentials

/// Tokens that a machine gets because of what or where it is.
@Suite struct MachineTokenTests {
    static let graph = "https://graph.microsoft.com/.default"

    @Test("A virtual machine's identity comes from IMDS, which is waited for while Azure updates it")
    func instance() throws {
        let world = TokenWorld()
        world.on("http://169.254.169.254/") { _, before in
            switch before {
            case 0: HTTPResponse(status: 404)
            case 1...3: HTTPResponse(status: 410)
            default: json(#"{"access_token":"mi","expires_in":"86399","expires_on":"1700553600"}"#)
            }
        }
        let source = AzureManagedIdentity(scope: Self.graph, choice: .client("c-1"), in: world.surroundings)
        let token = try world.world.run { try await source.token() }
        #expect(token?.text.revealed == "mi")
        let asked = world.requests()
        #expect(
            asked.last?.url
                == "http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https%3A%2F%2Fgraph.microsoft.com&client_id=c-1"
        )
        #expect(asked.last?.headers["Metadata"] == "true")
        #expect(world.world.elapsed >= .seconds(54))
        #expect((token?.expiration ?? .epoch) - world.world.now == .seconds(86_399))
    }

    @Test("A pod's identity in AKS comes from Entra, for the token that the cluster has projected")
    func pod() throws {
        let world = TokenWorld(
            seed: 1,
            [
                "AZURE_FEDERATED_TOKEN_FILE": "/var/run/token", "AZURE_TENANT_ID": "t-1",
                "AZURE_CLIENT_ID": "c-1", "AZURE_AUTHORITY_HOST": "https://login.example.com/",
            ])
        world.files["/var/run/token"] = Array("projected\n".utf8)
        world.on("https://login.example.com/") { _, _ in
            json(#"{"token_type":"Bearer","access_token":"wi","expires_in":3599}"#)
        }
        let token = try world.world.run {
            try await AzureManagedIdentity(scope: Self.graph, in: world.surroundings).token()
        }
        #expect(token?.text.revealed == "wi")
        let asked = world.requests()[0]
        #expect(asked.url == "https://login.example.com/t-1/oauth2/v2.0/token")
        let form = String(decoding: asked.body, as: UTF8.self)
        for part in ["client_assertion=projected", "client_id=c-1", "graph.microsoft.com%2F.default"] {
            #expect(form.contains(part))
        }
    }

    @Test("An App Service's identity comes from its own endpoint, with its header")
    func appService() throws {
        let world = TokenWorld(
            seed: 1, ["IDENTITY_ENDPOINT": "http://127.0.0.1:41/msi/token", "IDENTITY_HEADER": "hush"])
        world.on("http://127.0.0.1:41/") { _, _ in json(#"{"access_token":"as","expires_on":"1700553600"}"#) }
        let token = try world.world.run {
            try await AzureManagedIdentity(scope: Self.graph, in: world.surroundings).token()
        }
        #expect(token?.expiration == Timestamp(seconds: 1_700_553_600))
        let asked = world.requests()[0]
        #expect(
            asked.url
                == "http://127.0.0.1:41/msi/token?api-version=2019-08-01&resource=https%3A%2F%2Fgraph.microsoft.com"
        )
        #expect(asked.headers["X-IDENTITY-HEADER"] == "hush")
    }

    @Test(
        "In Service Fabric the service is known by its certificate's thumbprint, and the manifest chooses who we are"
    )
    func serviceFabric() throws {
        let environment = [
            "IDENTITY_ENDPOINT": "https://localhost:2377/metadata/identity/oauth2/token",
            "IDENTITY_HEADER": "hush", "IDENTITY_SERVER_THUMBPRINT": "A0B1",
        ]
        let world = TokenWorld(seed: 1, environment)
        world.on("https://localhost:2377/") { _, _ in json(#"{"access_token":"sf","expires_on":1700553600}"#)
        }
        let token = try world.world.run {
            try await AzureManagedIdentity(scope: Self.graph, in: world.surroundings).token()
        }
        #expect(token?.text.revealed == "sf" && token?.expiration == Timestamp(seconds: 1_700_553_600))
        let asked = world.requests()[0]
        #expect(
            asked.url
                == "https://localhost:2377/metadata/identity/oauth2/token?api-version=2019-07-01-preview&resource=https%3A%2F%2Fgraph.microsoft.com"
        )
        #expect(asked.headers["Secret"] == "hush" && asked.thumbprint == "A0B1")

        let chosen = TokenWorld(seed: 1, environment)
        let source = AzureManagedIdentity(scope: Self.graph, choice: .client("c-1"), in: chosen.surroundings)
        #expect(chosen.failure(source).contains("leave out client_id"))
        #expect(chosen.requests().isEmpty)
    }

    @Test("A server in Arc shows the agent what is in the file that it names; a file elsewhere is not read")
    func arc() throws {
        for (path, isGood) in [
            ("/var/opt/azcmagent/tokens/a.key", true),
            ("/var/opt/azcmagent/tokens/../../../etc/a.key", false),
            ("/etc/shadow.key", false),
        ] {
            let world = TokenWorld(
                seed: 1,
                [
                    "IDENTITY_ENDPOINT": "http://localhost:40342/metadata/identity/oauth2/token",
                    "IMDS_ENDPOINT": "x",
                ],
                files: [path: "proof"])
            world.on("http://localhost:40342/") { request, _ in
                request.headers["Authorization"] == "Basic proof"
                    ? json(#"{"access_token":"arc","expires_in":"3600"}"#)
                    : json("", status: 401, headers: ["WWW-Authenticate": "Basic realm=\(path)"])
            }
            let source = AzureManagedIdentity(scope: Self.graph, in: world.surroundings)
            if isGood {
                #expect(try world.world.run { try await source.token() }?.text.revealed == "arc")
            } else {
                #expect(world.failure(source).contains("names a file outside /var/opt/azcmagent/tokens/"))
                #expect(world.files.readings.isEmpty)
            }
        }
    }

    @Test("Google's metadata server gives a token, and anything else that answers in its place does not")
    func googleMetadata() throws {
        for isGoogle in [true, false] {
            let world = TokenWorld()
            world.on("http://metadata.google.internal/") { _, _ in
                json(
                    #"{"access_token":"gm","expires_in":3599}"#,
                    headers: isGoogle ? ["Metadata-Flavor": "Google"] : [:])
            }
            let source = GoogleTokens(GoogleTokens.Config(scopes: ["a", "b"]), in: world.surroundings)
            if isGoogle {
                #expect(try world.world.run { try await source.token() }?.text.revealed == "gm")
            } else {
                #expect(world.failure(source).contains("does not carry Metadata-Flavor: Google"))
            }
            #expect(
                world.requests()[0].url
                    == "http://metadata.google.internal/computeMetadata/v1/instance/service-accounts/default/token?scopes=a%2Cb"
            )
            #expect(world.requests()[0].headers["Metadata-Flavor"] == "Google")
        }
    }

    @Test("A token in a file, or behind an address, is exchanged at Google")
    func googleFederation() throws {
        func file(_ source: JSONValue) -> String {
            let json: JSONValue = [
                "type": "external_account", "audience": "//iam.googleapis.com/a",
                "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
                "token_url": "https://sts.googleapis.com/v1/token", "credential_source": source,
            ]
            return String(decoding: json.bytes, as: UTF8.self)
        }
        for (source, expected) in [
            (["file": "/var/token"] as JSONValue, "from-file"),
            (
                [
                    "url": "https://token.example.com/x", "headers": ["Authorization": "bearer job"],
                    "format": ["type": "json", "subject_token_field_name": "value"],
                ], "from-url"
            ),
        ] {
            let path = "/home/ana/.config/gcloud/application_default_credentials.json"
            let world = TokenWorld(seed: 1, files: [path: file(source), "/var/token": "from-file\n"])
            world.on("https://sts.googleapis.com/") { _, _ in json(#"{"access_token":"f","expires_in":60}"#) }
            world.on("https://token.example.com/") { request, _ in
                request.headers["Authorization"] == "bearer job"
                    ? json(#"{"value":"from-url"}"#) : HTTPResponse(status: 401)
            }
            let tokens = GoogleTokens(GoogleTokens.Config(scopes: ["s"]), in: world.surroundings)
            _ = try world.world.run { try await tokens.token() }
            let asked = fields(world.requests("https://sts.")[0])
            #expect(asked["subject_token"] == expected && asked["scope"] == "s")
        }
    }

    @Test("Credentials files that would run a program, or send keys in plain text, are refused")
    func googleRefusals() {
        for (text, reason) in [
            ("{", "it is not JSON"),
            (#"{"type":"gdch"}"#, "“gdch” are not known here"),
            (#"{"type":"service_account"}"#, "private_key is missing"),
            (
                #"{"type":"external_account","audience":"a","subject_token_type":"t","credential_source":{"executable":{"command":"x"}}}"#,
                "programs and certificates are not run or read here"
            ),
            (
                #"{"type":"external_account","audience":"a","subject_token_type":"t","token_url":"http://sts.example.com"}"#,
                "token_url must be https"
            ),
        ] {
            let refusal = #expect(throws: GoogleKeyFile.Refusal.self) { try GoogleKeyFile(text) }
            #expect(refusal?.description.contains(reason) == true)
        }
    }

    @Test("A federated token is read anew for each exchange, since whoever writes it replaces it")
    func federatedFile() throws {
        let world = TokenWorld(seed: 1, files: ["/var/run/token": "first\n"])
        TokenAuthorizerTests.serve(world)
        let proof = ClientProof.token(FileToken("/var/run/token", in: world.surroundings))
        let client = TokenAuthorizerTests.client(world, proof)
        try world.world.run {
            _ = try await client.token()
            world.files["/var/run/token"] = Array("second".utf8)
            _ = try await client.token()
        }
        #expect(world.requests().map { fields($0)["client_assertion"] } == ["first", "second"])
        #expect(fields(world.requests()[0])["client_id"] == "app-1")
    }

    @Test("A GitHub job's token is exchanged at Entra; a job without the permission is told what it lacks")
    func githubActions() throws {
        let world = TokenWorld(
            seed: 1,
            [
                "ACTIONS_ID_TOKEN_REQUEST_URL": "https://vstoken.example.com/x?api-version=2",
                "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "job",
            ])
        TokenAuthorizerTests.serve(world)
        world.on("https://vstoken.example.com/") { _, _ in json(#"{"value":"oidc"}"#) }
        let audience = AzureCloud.global.exchangeAudience
        let proof = ClientProof.token(GitHubActionsToken(audience: audience, in: world.surroundings))
        _ = try world.world.run { try await TokenAuthorizerTests.client(world, proof).token() }
        let asked = world.requests("https://vstoken")[0]
        #expect(
            asked.url
                == "https://vstoken.example.com/x?api-version=2&audience=api%3A%2F%2FAzureADTokenExchange")
        #expect(asked.headers["Authorization"] == "Bearer job")
        #expect(fields(world.requests(TokenAuthorizerTests.tokenURL)[0])["client_assertion"] == "oidc")

        let plain = TokenWorld()
        let none = ClientProof.token(GitHubActionsToken(audience: audience, in: plain.surroundings))
        #expect(
            plain.failure(TokenAuthorizerTests.client(plain, none)).contains("permissions: id-token: write"))
    }
}
