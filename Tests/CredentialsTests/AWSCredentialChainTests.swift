import Codecs
import Engine
import Ports
import Simulation
import Synchronization
import Testing

@testable import Credentials

/// One machine: its environment and files, and what answers on its network.
struct Machine {
    let world = Simulation(seed: 1)
    let files: SimulatedFiles
    let network: ScriptedTransport
    let processes: ScriptedProcesses
    let environment: [String: String]
    var canWrite = true

    init(
        _ environment: [String: String] = [:], files: [String: String] = [:],
        processes: [String: ChildResult] = [:],
        network answer: @escaping @Sendable (HTTPRequest) -> HTTPResponse = { _ in HTTPResponse(status: 404) }
    ) {
        self.environment = environment.merging(["HOME": "/home/ana"]) { a, _ in a }
        self.files = SimulatedFiles(files)
        self.processes = ScriptedProcesses(processes)
        self.network = ScriptedTransport(world, .compute(answer))
    }

    var surroundings: AWSSurroundings {
        AWSSurroundings(
            environment: environment, files: files, processes: processes,
            caller: Caller(transport: network, time: world, entropy: world),
            endpoints: AWSEndpoints(region: "eu-west-1"),
            volume: { [files, canWrite] folder throws(Fault) in
                guard canWrite else { throw Fault(.denied, "\(folder): read-only file system") }
                return FileFolder(files: files, folder: folder)
            })
    }

    func credentials(profile: String? = nil) throws -> AWSCredentials? {
        let surroundings = surroundings
        return try world.run {
            try await AWSCredentialChain(profile: profile, in: surroundings).credentials()
        }
            ?? nil
    }

    func failure(profile: String? = nil) -> String {
        do {
            return "found \(String(describing: try credentials(profile: profile)))"
        } catch {
            return "\(error)"
        }
    }
}

/// A folder of a machine's files that can be written as well.
struct FileFolder: Volume {
    let files: SimulatedFiles
    let folder: String

    func append(_ bytes: [UInt8], to path: String) async throws(Fault) -> Int64 {
        let old = files["\(folder)/\(path)"] ?? []
        files["\(folder)/\(path)"] = old + bytes
        return Int64(old.count + bytes.count)
    }
    func synchronize(_ path: String) async throws(Fault) {}
    func read(_ path: String, in range: Range<Int64>) async throws(Fault) -> [UInt8] {
        try await files.read("\(folder)/\(path)", in: range)
    }
    func length(of path: String) async throws(Fault) -> Int64? {
        files["\(folder)/\(path)"].map { Int64($0.count) }
    }
    func rename(_ old: String, to new: String) async throws(Fault) {
        files["\(folder)/\(new)"] = files["\(folder)/\(old)"]
        files["\(folder)/\(old)"] = nil
    }
    func remove(_ path: String) async throws(Fault) { files["\(folder)/\(path)"] = nil }
    func files(under folder: String) async throws(Fault) -> [String] { [] }
}

/// Something a test changes while a simulated server looks at it.
final class Toggle: Sendable {
    private let state = Mutex(false)
    var isOn: Bool { state.withLock { $0 } }
    func turnOn() { state.withLock { $0 = true } }
}

func stsAnswer(_ action: String, id: String) -> HTTPResponse {
    let body = """
        <?xml version="1.0"?><\(action)Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><\(action)Result>
        <Credentials><AccessKeyId>\(id)</AccessKeyId><SecretAccessKey>s</SecretAccessKey>
        <SessionToken>t</SessionToken><Expiration>2023-11-20T09:00:00Z</Expiration></Credentials>
        </\(action)Result></\(action)Response>
        """
    return HTTPResponse(status: 200, body: Array(body.utf8))
}

func field(_ name: String, of request: HTTPRequest) -> String? {
    String(decoding: request.body, as: UTF8.self).split(separator: "&")
        .first { $0.hasPrefix(name + "=") }.map { String($0.dropFirst(name.count + 1)) }
}

@Suite struct AWSCredentialChainTests {
    static let config = "/home/ana/.aws/config"
    static let credentials = "/home/ana/.aws/credentials"
    static let keys = [
        "AWS_ACCESS_KEY_ID": "AKIAENV", "AWS_SECRET_ACCESS_KEY": "s", "AWS_SESSION_TOKEN": "t",
    ]

    @Test("The environment's keys come first, and a profile that was asked for by name before them")
    func order() throws {
        let text = "[default]\naws_access_key_id=AKIAFILE\naws_secret_access_key=s\n"
        let machine = Machine(Self.keys, files: [Self.credentials: text])
        #expect(try machine.credentials()?.accessKeyID == "AKIAENV")
        #expect(try machine.credentials(profile: "default")?.accessKeyID == "AKIAFILE")
    }

    @Test("The credentials file wins over credential_process, which wins over keys in the config file")
    func fileOrder() throws {
        let output =
            #"{"Version":1,"AccessKeyId":"AKIAPROC","SecretAccessKey":"s","Expiration":"2030-01-01T00:00:00Z"}"#
        let config = """
            [default]
            credential_process = /opt/keys --for "team a" # mind the quotes
            aws_access_key_id = AKIACONFIG
            aws_secret_access_key = s
            """
        let programs = ["/opt/keys": ChildResult(status: 0, output: Array(output.utf8))]
        var machine = Machine(files: [Self.config: config], processes: programs)
        #expect(try machine.credentials()?.accessKeyID == "AKIAPROC")
        #expect(machine.processes.commands == [["/opt/keys", "--for", "team a"]])
        let file = "[default]\naws_access_key_id=AKIAFILE\naws_secret_access_key=s"
        machine = Machine(files: [Self.config: config, Self.credentials: file], processes: programs)
        #expect(try machine.credentials()?.accessKeyID == "AKIAFILE")
        let plain = config.replacing("credential_process", with: "x_process")
        #expect(try Machine(files: [Self.config: plain]).credentials()?.accessKeyID == "AKIACONFIG")
    }

    @Test("A chain of profiles assumes one role with the other, each call signed by the role before")
    func roleChain() throws {
        let config = """
            [profile audit]
            role_arn = arn:aws:iam::222222222222:role/audit
            source_profile = hub
            external_id = x-1
            duration_seconds = 900
            [profile hub]
            role_arn = arn:aws:iam::111111111111:role/hub
            source_profile = me
            role_session_name = ana
            [profile me]
            aws_access_key_id = AKIAME
            aws_secret_access_key = s
            """
        let machine = Machine(files: [Self.config: config]) { request in
            stsAnswer(
                "AssumeRole",
                id: field("RoleArn", of: request)?.hasSuffix("hub") == true ? "ASIAHUB" : "ASIAAUDIT")
        }
        #expect(try machine.credentials(profile: "audit")?.accessKeyID == "ASIAAUDIT")
        let calls = machine.network.exchanges.map(\.request)
        #expect(calls.map { field("RoleSessionName", of: $0) } == ["ana", "martlet"])
        #expect(calls.map { field("ExternalId", of: $0) } == [nil, "x-1"])
        #expect(calls.map { field("DurationSeconds", of: $0) } == [nil, "900"])
        #expect(calls[0].headers["Authorization"]?.contains("Credential=AKIAME/") == true)
        #expect(
            calls[1].headers["Authorization"]?.contains("Credential=ASIAHUB/20231120/eu-west-1/sts") == true)
        #expect(calls[1].headers["X-Amz-Security-Token"] == "t")
    }

    @Test("Profiles in a circle, unknown names and impossible settings are refused with their place")
    func brokenProfiles() {
        let config = """
            [profile a]
            role_arn = arn:aws:iam::1:role/a
            source_profile = b
            [profile b]
            role_arn = arn:aws:iam::1:role/b
            source_profile = a
            [profile c]
            role_arn = arn:aws:iam::1:role/c
            source_profile = aa
            [profile d]
            role_arn = arn:aws:iam::1:role/d
            credential_source = EcsContaner
            [profile e]
            role_arn = arn:aws:iam::1:role/e
            source_profile = a
            duration_seconds = 12
            """
        let machine = Machine(files: [Self.config: config])
        #expect(machine.failure(profile: "a").contains("round in a circle: a → b → a"))
        #expect(
            machine.failure(profile: "c") == "\(Self.config):9:1: there is no profile aa (did you mean a?)")
        #expect(
            machine.failure(profile: "d")
                == "\(Self.config):12:1: there is no credential_source EcsContaner (did you mean EcsContainer?)"
        )
        #expect(
            machine.failure(profile: "e").contains(":16:1: duration_seconds must be 900 to 43200, not 12"))
        #expect(machine.failure(profile: "f").contains("no profile f in "))
    }

    @Test("Every line of ~/.aws/config that means nothing is named")
    func brokenFile() {
        let machine = Machine(files: [Self.config: "region = x\n[default\n[default]\nfoo\ns3 =\n  max = 1\n"])
        let text = machine.failure()
        #expect(text.contains("\(Self.config):1:1: region stands before the first section"))
        #expect(text.contains("\(Self.config):2:1: a section's name must stand between [ and ]"))
        #expect(text.contains("\(Self.config):4:1: this line is neither a [section] nor a setting"))
        #expect(text.split(separator: "\n").count == 3)
    }

    @Test("Web identity calls STS without a signature and reads its token file at each renewal")
    func webIdentity() throws {
        let machine = Machine(
            ["AWS_WEB_IDENTITY_TOKEN_FILE": "/var/token", "AWS_ROLE_ARN": "arn:aws:iam::1:role/pod"],
            files: ["/var/token": "first\n"]
        ) { _ in stsAnswer("AssumeRoleWithWebIdentity", id: "ASIAPOD") }
        let surroundings = machine.surroundings
        let files = machine.files
        let found = try machine.world.run {
            let chain = AWSCredentialChain(in: surroundings)
            let first = try await chain.credentials()
            files["/var/token"] = Array("second".utf8)
            _ = try await chain.credentials()
            return first
        }
        #expect(found??.accessKeyID == "ASIAPOD")
        let calls = machine.network.exchanges.map(\.request)
        #expect(calls.map { field("WebIdentityToken", of: $0) } == ["first", "second"])
        #expect(calls.allSatisfy { $0.headers["Authorization"] == nil })
    }

    @Test("A container's endpoint gets the token of its file, and only over HTTPS or to AWS's own addresses")
    func container() throws {
        let issued =
            #"{"AccessKeyId":"ASIATASK","SecretAccessKey":"s","Token":"t","Expiration":"2023-11-20T09:00:00Z"}"#
        let answer: @Sendable (HTTPRequest) -> HTTPResponse = { request in
            request.headers["Authorization"] == "abc" && request.url == "http://169.254.170.2/v2/x"
                ? HTTPResponse(status: 200, body: Array(issued.utf8)) : HTTPResponse(status: 401)
        }
        let environment = [
            "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/v2/x", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "/t",
        ]
        let machine = Machine(environment, files: ["/t": "abc\n"], network: answer)
        #expect(try machine.credentials()?.accessKeyID == "ASIATASK")
        for (url, isAllowed) in [
            ("https://example.com/c", true), ("http://127.0.0.1:9/c", true),
            ("http://[fd00:ec2::23]/c", true),
            ("http://169.254.170.23/v1", true), ("http://example.com/c", false),
            ("http://127.0.0.1@example.com/c", false), ("http://127.example.com/", false),
            ("ftp://localhost", false),
        ] {
            #expect(AWSContainerCredentials.isAllowed(url) == isAllowed, "\(url)")
        }
    }

    @Test("An instance gives its role over version 2, version 1 where that is refused, and is asked last")
    func instance() throws {
        let issued =
            #"{"Code":"Success","AccessKeyId":"ASIAEC2","SecretAccessKey":"s","Token":"t","Expiration":"2023-11-20T14:00:00Z"}"#
        func machine(tokenStatus: Int) -> Machine {
            Machine { request in
                if request.method == .PUT {
                    return HTTPResponse(status: tokenStatus, body: Array("tok".utf8))
                }
                let wanted = tokenStatus == 200 ? "tok" : nil
                guard request.headers["x-aws-ec2-metadata-token"] == wanted else {
                    return HTTPResponse(status: 401)
                }
                let isList = request.url.hasSuffix("/security-credentials/")
                return HTTPResponse(status: 200, body: Array((isList ? "web role" : issued).utf8))
            }
        }
        let second = machine(tokenStatus: 200)
        #expect(try second.credentials()?.accessKeyID == "ASIAEC2")
        #expect(second.network.exchanges.last?.url.hasSuffix("/security-credentials/web%20role") == true)
        #expect(try machine(tokenStatus: 403).credentials()?.accessKeyID == "ASIAEC2")
        #expect(machine(tokenStatus: 400).failure().contains("refuses the token request"))
        let none = Machine(["AWS_EC2_METADATA_DISABLED": "true"])
        #expect(try none.credentials() == nil)
        #expect(none.network.exchanges.isEmpty)
    }

    @Test("An instance that gave credentials and then none is away for a while, which is no refusal")
    func away() throws {
        let issued =
            #"{"Code":"Success","AccessKeyId":"A","SecretAccessKey":"s","Token":"t","Expiration":"2023-11-20T14:00:00Z"}"#
        let isAway = Toggle()
        let machine = Machine { request in
            if isAway.isOn { return HTTPResponse(status: 500) }
            let isList = request.url.hasSuffix("/security-credentials/")
            return HTTPResponse(status: 200, body: Array((isList ? "role" : issued).utf8))
        }
        let surroundings = machine.surroundings
        let chain = AWSCredentialChain(in: surroundings)
        let first = try machine.world.run { try await chain.credentials() }
        #expect(first??.accessKeyID == "A")
        isAway.turnOn()
        #expect(throws: Fault(.transient, "the EC2 instance's role gives no credentials at the moment")) {
            try machine.world.run { try await chain.credentials() }
        }
    }

    @Test("A sign-in is read from the cache and exchanged; an expired one says what to run")
    func signOn() throws {
        let config = """
            [profile sec]
            sso_session = corp
            sso_account_id = 333333333333
            sso_role_name = Auditor
            [sso-session corp]
            sso_start_url = https://example.com/start
            sso_region = eu-central-1
            """
        let cache = "/home/ana/.aws/sso/cache/\(Hex.encode(Digest.sha1(Array("corp".utf8)))).json"
        let answer: @Sendable (HTTPRequest) -> HTTPResponse = { request in
            let body =
                #"{"roleCredentials":{"accessKeyId":"ASIASSO","secretAccessKey":"s","sessionToken":"t","expiration":1700480000000}}"#
            let isRight =
                request.headers["x-amz-sso_bearer_token"] == "tok"
                && request.url
                    == "https://portal.sso.eu-central-1.amazonaws.com/federation/credentials?role_name=Auditor&account_id=333333333333"
            return HTTPResponse(status: isRight ? 200 : 401, body: Array(body.utf8))
        }
        func machine(_ expiry: String) -> Machine {
            Machine(
                files: [Self.config: config, cache: #"{"accessToken":"tok","expiresAt":"\#(expiry)"}"#],
                network: answer)
        }
        #expect(try machine("2023-11-20T09:00:00Z").credentials(profile: "sec")?.accessKeyID == "ASIASSO")
        #expect(
            machine("2023-11-20T01:00:00UTC").failure(profile: "sec").contains("aws sso login --profile sec"))
    }
}
