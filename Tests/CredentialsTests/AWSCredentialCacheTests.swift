import Engine
import Ports
import Simulation
import Synchronization
import Testing

@testable import Credentials

/// Gives credentials of an hour, numbered, slowly, or fails.
final class CountedSource: AWSCredentialSource {
    let origin = "a test"
    let world: Simulation
    let calls = Mutex(0)
    let failing = Mutex(false)

    init(_ world: Simulation) { self.world = world }

    func credentials() async throws(Fault) -> AWSCredentials? {
        do { try await world.sleep(until: world.now + .seconds(2)) } catch { throw Fault(.cancelled, "") }
        if failing.withLock({ $0 }) { throw Fault(.transient, "STS is away") }
        let number = calls.withLock { count in
            count += 1
            return count
        }
        return AWSCredentials(
            accessKeyID: "ASIA\(number)", secretAccessKey: Secret("s"), sessionToken: Secret("t"),
            expiration: world.now + .hours(1))
    }
}

@Suite struct AWSCredentialCacheTests {
    @Test("Many who ask at once wait for one fetch", arguments: UInt64(1)...20)
    func singleFlight(seed: UInt64) throws {
        let world = Simulation(seed: seed)
        let source = CountedSource(world)
        let cache = AWSCredentialCache(source, time: world)
        let ids = try world.run {
            try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<20 { group.addTask { try await cache.current().accessKeyID } }
                var ids: Set<String> = []
                while let id = try await group.next() { ids.insert(id) }
                return ids
            }
        }
        #expect(ids == ["ASIA1"])
        #expect(source.calls.withLock { $0 } == 1)
    }

    @Test("Renewed within 15 minutes of the end; a failed renewal is tolerated until then and not after")
    func renewal() throws {
        let world = Simulation(seed: 1)
        let source = CountedSource(world)
        let cache = AWSCredentialCache(source, time: world)
        try world.run {
            #expect(try await cache.current().accessKeyID == "ASIA1")
            try await world.sleep(until: world.now + .minutes(44))
            #expect(try await cache.current().accessKeyID == "ASIA1")
            try await world.sleep(until: world.now + .minutes(2))
            #expect(try await cache.current().accessKeyID == "ASIA2")
            try await world.sleep(until: world.now + .minutes(52))
            source.failing.withLock { $0 = true }
            #expect(try await cache.current().accessKeyID == "ASIA2")
            try await world.sleep(until: world.now + .minutes(9))
            let fault = await #expect(throws: Fault.self) { try await cache.current() }
            #expect(fault?.message == "STS is away")
        }
    }

    @Test("Credentials that AWS calls expired are fetched anew and the request sent again, once")
    func expired() throws {
        let world = Simulation(seed: 1)
        let source = CountedSource(world)
        let network = ScriptedTransport(
            world,
            .compute { request in
                request.headers["Authorization"]?.contains("ASIA1/") == true
                    ? HTTPResponse(status: 400, body: Array(#"{"__type":"ExpiredTokenException"}"#.utf8))
                    : HTTPResponse(status: 200)
            })
        let signer = AWSSigner(
            service: "sqs", region: "eu-west-1", credentials: AWSCredentialCache(source, time: world),
            time: world)
        let caller = Caller(transport: network, time: world, entropy: world)
        let answer = try world.run {
            try await caller.send(
                HTTPRequest(.POST, "https://sqs.eu-west-1.amazonaws.com/"), authorizer: signer, rule: .aws,
                attempts: 3)
        }
        #expect(answer?.status == 200)
        #expect(network.exchanges.count == 2)
    }

    @Test("A clock that is an hour slow is corrected by AWS's own")
    func skew() throws {
        let world = Simulation(seed: 1)
        let truth = world.start + .hours(1)
        let text =
            #"{"__type":"com.amazon.coral.service#InvalidSignatureException","message":"Signature expired"}"#
        let network = ScriptedTransport(
            world,
            .compute { request in
                let stamp = Timestamp(seconds: truth.seconds).iso8601.filter { $0 != "-" && $0 != ":" }
                let isRight = request.headers["X-Amz-Date"]?.prefix(11) == stamp.prefix(11)
                return HTTPResponse(
                    status: isRight ? 200 : 403, headers: ["Date": "Mon, 20 Nov 2023 09:00:00 GMT"],
                    body: Array(text.utf8))
            })
        let credentials = AWSCredentials(accessKeyID: "A", secretAccessKey: Secret("s"))
        let signer = AWSSigner(
            service: "sqs", region: "eu-west-1",
            credentials: AWSCredentialCache(AWSStaticCredentials(credentials), time: world), time: world)
        let caller = Caller(transport: network, time: world, entropy: world)
        let answer = try world.run {
            try await caller.send(
                HTTPRequest(.POST, "https://x/"), authorizer: signer, rule: .aws, attempts: 3)
        }
        #expect(answer?.status == 200)
    }

    @Test("A throttle backs off from a second and gives up with what AWS said")
    func throttled() throws {
        let world = Simulation(seed: 3)
        let network = ScriptedTransport(
            world, .status(400, #"{"__type":"com.x#ThrottlingException","message":"Rate exceeded"}"#))
        let caller = Caller(transport: network, time: world, entropy: world)
        let fault = #expect(throws: Fault.self) {
            try world.run {
                try await caller.send(
                    HTTPRequest(.POST, "https://x.example.com/?secret"), rule: .aws, attempts: 6)
            }
        }
        #expect(
            fault?.message
                == "POST https://x.example.com/: ThrottlingException: Rate exceeded (after 6 tries)")
        #expect(network.exchanges.count == 6)
        #expect(world.elapsed > .seconds(2) && world.elapsed < .seconds(31))
    }

    @Test("No form of printing shows a secret")
    func redacted() {
        let credentials = AWSCredentials(
            accessKeyID: "AKIA", secretAccessKey: Secret("hunter2"), sessionToken: Secret("hunter2"))
        var dumped = ""
        dump(credentials, to: &dumped)
        #expect(!("\(credentials) \(String(reflecting: credentials))" + dumped).contains("hunter2"))
    }
}
