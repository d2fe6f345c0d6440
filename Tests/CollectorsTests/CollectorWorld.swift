import Engine
import Ports
import Simulation
import Synchronization

@testable import Collectors
@testable import Credentials

/// Health notes, kept.
final class RememberedNotes: HealthReporter {
    private let state = Mutex<[HealthNote]>([])
    var notes: [HealthNote] { state.withLock { $0 } }
    var codes: Set<String> { Set(notes.map(\.code)) }
    func report(_ note: HealthNote) async { state.withLock { $0.append(note) } }
}

/// A simulated world with one collector in it, and what it delivered over all its lives.
struct CollectorWorld: Sendable {
    let world: Simulation
    /// Ours, which may be set; the vendors' is the world's.
    let clock: SettableClock
    let network: SimulatedNetwork
    let files = SimulatedFiles()
    let pages: RememberedPages
    let notes = RememberedNotes()

    init(seed: UInt64, refuses: Double = 0, saysTime: Bool = true) {
        world = Simulation(seed: seed)
        clock = SettableClock(world)
        network = SimulatedNetwork(world, saysTime: saysTime)
        pages = RememberedPages(world, refuses: refuses)
    }

    static let storm: SimulatedNetwork.Faults = {
        var faults = SimulatedNetwork.Faults()
        faults.resetBefore = 0.05
        faults.resetAfter = 0.05
        faults.throttled = 0.05
        faults.unavailable = 0.05
        faults.truncated = 0.03
        return faults
    }()

    func identity(_ endpoint: String = "https://aws.example.com") -> AWSIdentity {
        let keys = AWSCredentials(accessKeyID: "AKIATEST", secretAccessKey: Secret("s"))
        return AWSIdentity(
            AWSStaticCredentials(keys),
            endpoints: AWSEndpoints(region: "us-east-1", overrides: ["*": endpoint]), time: clock)
    }

    /// One life of a process: until caught up, or until it is killed after `span`.
    func live(_ collector: some Collector, _ mode: RunMode = .once, for span: Duration? = nil) throws {
        let transport = network.transport()
        let poller = Poller(
            collector, mode: mode, caller: Caller(transport: transport, time: clock, entropy: world),
            files: files,
            sink: pages, health: notes)
        try world.run(for: span) { try await poller.run() }
    }

    /// The lines of all objects delivered, in order.
    var lines: [String] {
        pages.objects.flatMap { object in
            String(decoding: object.bytes, as: UTF8.self).split(separator: "\n").map(String.init)
        }
    }
}

/// A CloudTrail key of some account and region, delivered in the minute of `time`.
func trailKey(_ account: String, _ region: String, _ time: Timestamp, _ tag: String, prefix: String = "")
    -> String
{
    let minute = CloudTrailKey.minute(of: time)
    let day = "\(minute.prefix(4))/\(minute.dropFirst(4).prefix(2))/\(minute.dropFirst(6).prefix(2))"
    return
        "\(prefix)AWSLogs/\(account)/CloudTrail/\(region)/\(day)/\(account)_CloudTrail_\(region)_\(minute)_\(tag).json.gz"
}
