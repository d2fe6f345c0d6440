import Codecs
import Engine
import Ports
import Simulation
import Synchronization
import Testing

@testable import Credentials

/// Identity Center as a signed-in machine sees it: tokens that renew, and a role's credentials for each.
private final class SignInServer: Sendable {
    struct State {
        var refresh = "refresh-1"
        var access = "access-1"
        var renewals: [JSONValue] = []
        var failure: HTTPResponse?
        var paths: [String] = []
    }
    let state = Mutex(State())

    var renewals: [JSONValue] { state.withLock { $0.renewals } }

    func answer(_ request: HTTPRequest) -> HTTPResponse {
        state.withLock { state in
            state.paths.append("\(request.method.rawValue) \(request.url.prefix { $0 != "?" })")
            if request.method == .POST {
                let body = JSONValue(json: request.body) ?? .null
                state.renewals.append(body)
                if let failure = state.failure { return failure }
                guard body["refreshToken"]?.string == state.refresh else {
                    let text =
                        #"{"error":"invalid_grant","error_description":"Invalid refresh token provided"}"#
                    return HTTPResponse(status: 400, body: Array(text.utf8))
                }
                let number = state.renewals.count + 1
                state.access = "access-\(number)"
                state.refresh = "refresh-\(number)"
                let text =
                    #"{"accessToken":"\#(state.access)","tokenType":"Bearer","expiresIn":3600,"refreshToken":"\#(state.refresh)"}"#
                return HTTPResponse(status: 200, body: Array(text.utf8))
            }
            guard request.headers["x-amz-sso_bearer_token"] == state.access else {
                let text = #"{"message":"Session token not found or invalid"}"#
                return HTTPResponse(
                    status: 401, headers: ["x-amzn-errortype": "UnauthorizedException"],
                    body: Array(text.utf8))
            }
            let text =
                #"{"roleCredentials":{"accessKeyId":"ASIA-\#(state.access)","secretAccessKey":"s","sessionToken":"t","expiration":1700480000000}}"#
            return HTTPResponse(status: 200, body: Array(text.utf8))
        }
    }
}

@Suite struct AWSSignInTokenTests {
    static let path = "/home/ana/.aws/sso/cache/\(Hex.encode(Digest.sha1(Array("corp".utf8)))).json"
    static let config = """
        [profile sec]
        sso_session = corp
        sso_account_id = 333333333333
        sso_role_name = Auditor
        [sso-session corp]
        sso_start_url = https://example.com/start
        sso_region = eu-central-1
        """

    /// The world begins at 2023-11-20T08:00:00Z.
    static func token(_ expiry: String, registration: String = "2024-01-01T00:00:00Z", more: String = "")
        -> String
    {
        #"{"startUrl":"https://example.com/start","region":"eu-central-1","accessToken":"access-1","expiresAt":"\#(expiry)","#
            + #""clientId":"client","clientSecret":"hush","registrationExpiresAt":"\#(registration)","refreshToken":"refresh-1"\#(more)}"#
    }

    private func machine(_ server: SignInServer, _ token: String, config: String = config) -> Machine {
        Machine(files: [AWSCredentialChainTests.config: config, Self.path: token]) { server.answer($0) }
    }

    private func saved(_ machine: Machine) -> JSONValue? { JSONValue(json: machine.files[Self.path] ?? []) }

    @Test("A token near its end is renewed and written back whole, for the AWS tools to go on with")
    func renewed() throws {
        let server = SignInServer()
        let machine = machine(server, Self.token("2023-11-20T08:10:00Z", more: #","other":[1]"#))
        let start = machine.world.now
        #expect(start.iso8601 == "2023-11-20T08:00:00Z")
        #expect(try machine.credentials(profile: "sec")?.accessKeyID == "ASIA-access-2")
        #expect(
            server.renewals == [
                [
                    "grantType": "refresh_token", "clientId": "client", "clientSecret": "hush",
                    "refreshToken": "refresh-1",
                ]
            ])
        #expect(
            server.state.withLock { $0.paths } == [
                "POST https://oidc.eu-central-1.amazonaws.com/token",
                "GET https://portal.sso.eu-central-1.amazonaws.com/federation/credentials",
            ])
        let call = machine.network.exchanges[0].request
        #expect(call.headers["Content-Type"] == "application/json")
        #expect(call.headers["Authorization"] == nil)
        let file = try #require(saved(machine))
        #expect(file["accessToken"] == "access-2" && file["refreshToken"] == "refresh-2")
        let expiry = try #require(file["expiresAt"]?.string.flatMap { Timestamp(iso8601: $0) })
        #expect(expiry - start >= .minutes(60) && expiry - start < .minutes(61))
        #expect(file["clientSecret"] == "hush" && file["startUrl"] == "https://example.com/start")
        #expect(file["other"] == [1])

        // The next one in line begins with what was written.
        let again = Machine(
            files: [
                AWSCredentialChainTests.config: Self.config,
                Self.path: String(decoding: file.bytes, as: UTF8.self),
            ]
        ) { server.answer($0) }
        #expect(try again.credentials(profile: "sec")?.accessKeyID == "ASIA-access-2")
        #expect(server.renewals.count == 1)
    }

    @Test("An expired token is renewed as well; one that is good for long is left alone")
    func expired() throws {
        let server = SignInServer()
        #expect(
            try machine(server, Self.token("2023-11-19T20:00:00Z")).credentials(profile: "sec")?.accessKeyID
                == "ASIA-access-2")
        let fresh = SignInServer()
        #expect(
            try machine(fresh, Self.token("2023-11-20T08:16:00Z")).credentials(profile: "sec")?.accessKeyID
                == "ASIA-access-1")
        #expect(fresh.renewals.isEmpty)
    }

    @Test(
        "Without a session, or with a registration that has ended, nothing is renewed, and the command is named"
    )
    func notRenewable() throws {
        let server = SignInServer()
        let ended = Self.token("2023-11-19T20:00:00Z", registration: "2023-11-20T07:59:59Z")
        #expect(
            machine(server, ended).failure(profile: "sec").contains(
                "has expired; run: aws sso login --profile sec"))
        let plain = """
            [profile sec]
            sso_start_url = corp
            sso_region = eu-central-1
            sso_account_id = 333333333333
            sso_role_name = Auditor
            """
        #expect(
            machine(server, Self.token("2023-11-19T20:00:00Z"), config: plain).failure(profile: "sec")
                .contains("has expired"))
        #expect(server.renewals.isEmpty)
    }

    @Test("A renewal that is refused is tolerated while the token lasts, and then said with AWS's reason")
    func refused() throws {
        let server = SignInServer()
        server.state.withLock { $0.refresh = "another" }
        let good = machine(server, Self.token("2023-11-20T08:10:00Z"))
        #expect(try good.credentials(profile: "sec")?.accessKeyID == "ASIA-access-1")
        #expect(saved(good)?["refreshToken"] == "refresh-1")
        let failure = machine(server, Self.token("2023-11-20T07:00:00Z")).failure(profile: "sec")
        #expect(failure.contains("could not be renewed (invalid_grant: Invalid refresh token provided)"))
        #expect(failure.contains("run: aws sso login --profile sec"))
        #expect(!failure.contains("refresh-1") && !failure.contains("hush"))
    }

    @Test("An answer that holds no token, and a service that is down, leave the file as it was")
    func brokenAnswer() throws {
        for answer in [
            HTTPResponse(status: 200, body: Array("{}".utf8)), HTTPResponse(status: 503),
            HTTPResponse(status: 200, body: Array(#"{"accessToken":"x","expiresIn":-5}"#.utf8)),
        ] {
            let server = SignInServer()
            server.state.withLock { $0.failure = answer }
            let token = Self.token("2023-11-20T07:00:00Z")
            let machine = machine(server, token)
            #expect(!machine.failure(profile: "sec").contains("aws sso login"))
            #expect(machine.files[Self.path] == Array(token.utf8))
        }
    }

    @Test("Where another process was first with the renewal, its token is taken")
    func overtaken() throws {
        let server = SignInServer()
        let files = SimulatedFiles()
        let machine = Machine(
            files: [
                AWSCredentialChainTests.config: Self.config, Self.path: Self.token("2023-11-20T08:05:00Z"),
            ]
        ) { request in
            if request.method == .POST {
                // The other one has just written what it got.
                server.state.withLock {
                    $0.access = "access-9"
                    $0.refresh = "refresh-9"
                }
                files["written"] = [1]
            }
            return server.answer(request)
        }
        let surroundings = machine.surroundings
        let shared = machine.files
        let overtaking = Overtaking(files: shared, when: { files["written"] != nil }) {
            shared[Self.path] = Array(
                Self.token("2023-11-20T09:00:00Z").replacing("access-1", with: "access-9").utf8)
        }
        let found = try machine.world.run {
            var around = surroundings
            around.files = overtaking
            return try await AWSCredentialChain(profile: "sec", in: around).credentials()
        }
        #expect((found ?? nil)?.accessKeyID == "ASIA-access-9")
    }

    /// Files in which somebody else writes once something has happened.
    private struct Overtaking: FileReader {
        let files: SimulatedFiles
        let when: @Sendable () -> Bool
        let write: @Sendable () -> Void

        func entry(at path: String) async throws(Fault) -> FileEntry? {
            if when() { write() }
            return try await files.entry(at: path)
        }
        func entries(of folder: String) async throws(Fault) -> [FileEntry] {
            try await files.entries(of: folder)
        }
        func read(_ path: String, in range: Range<Int64>) async throws(Fault) -> [UInt8] {
            try await files.read(path, in: range)
        }
    }

    @Test("Where the cache cannot be written, the renewed token is kept; a sign-out ends it")
    func readOnly() throws {
        let server = SignInServer()
        var machine = machine(server, Self.token("2023-11-20T08:01:00Z"))
        machine.canWrite = false
        let surroundings = machine.surroundings
        let (world, files) = (machine.world, machine.files)
        let found = try world.run {
            let chain = AWSCredentialChain(profile: "sec", in: surroundings)
            var ids = [try await chain.credentials()?.accessKeyID]
            // Past the file's token, and before the next renewal.
            try await world.sleep(until: world.now + .minutes(30))
            ids.append(try await chain.credentials()?.accessKeyID)
            files[Self.path] = nil
            do {
                _ = try await chain.credentials()
            } catch {
                ids.append("\(error)")
            }
            return ids
        }
        let ids = try #require(found)
        #expect(ids.prefix(2) == ["ASIA-access-2", "ASIA-access-2"])
        #expect(ids.last??.contains("is not signed in") == true)
        #expect(server.renewals.count == 1)
    }
}
