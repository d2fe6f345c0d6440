import Codecs
import Engine
import Pipeline
import Ports
import Simulation

/// Everything that a pipeline's collectors collect from, played: servers, brokers, files and senders, and a day's
/// plan of what happens there.
struct LabVendors: Sendable {
    /// What happens at one moment: records that appear, a message, an object.
    struct Happening: Sendable {
        var at: Timestamp
        var happen: @Sendable (Timestamp) -> Void
    }

    /// Records that happen at one moment, at most.
    private static let burstMax = 8
    /// A longer plan has no more of them, but further apart.
    private static let minutesDense = 240
    static let token = "a-token-of-the-lab"

    private let world: Simulation
    private let catalog: FeedCatalog
    private let folders: [VendorFolder]
    private let minutes: Int
    /// The plan is the same for every seed, so that runs can be compared.
    private var generator = SeededGenerator(seed: 0x1AB)

    /// By host.
    private(set) var servers: [String: any SimulatedServer] = [:]
    /// The access token that each host's server takes now, where it takes only that.
    private(set) var tokens: [String: @Sendable () -> String] = [:]
    /// By host.
    private(set) var brokers: [String: MessageBroker] = [:]
    let files = SimulatedFiles()
    private(set) var happenings: [Happening] = []
    private(set) var senders: [LabSender] = []
    private(set) var records = 0

    /// - Parameter oddities: whether vendors throttle, repeat, forget and end tokens.
    init(
        of pipeline: PipelineFile, _ catalog: FeedCatalog, _ folders: [VendorFolder], in world: Simulation,
        minutes: Int, oddities: Bool
    ) {
        self.world = world
        self.catalog = catalog
        self.folders = folders
        self.minutes = minutes
        for (index, entry) in pipeline.config.collectors.entries.enumerated() {
            generator = SeededGenerator(seed: 0x1AB + UInt64(index))
            set(up: entry.value, entry.name, pipeline, oddities)
        }
        happenings.sort { $0.at < $1.at }
    }

    private mutating func set(
        up config: CollectorConfig, _ name: String, _ pipeline: PipelineFile, _ oddities: Bool
    ) {
        let host = LabPipeline.host(ofCollector: name)
        switch config {
        case .files(let config):
            let paths = config.paths.all.map { pipeline.absolute($0.value) }
            // A folder that is there from the start.
            for path in paths { files.write([], to: "\(path)/empty.json", at: world.start) }
            burst(config.feed.value, name) { [files] number, text in
                { files.write(text, to: "\(paths[number % paths.count])/lab-\(number).json", at: $0) }
            }
        case .s3(let config): bucket(config, name, host)
        case .queue(let config): queue(config, name, host)
        case .lookupEvents(let config):
            let api = AWSCloudTrailAPI()
            servers[host] = api
            eachRecord(config.feed.value, name) { id, record, moment in
                { _ in
                    api.happen(
                        id: id, at: moment, visibleAt: moment, record: String(decoding: record, as: UTF8.self)
                    )
                }
            }
        case .snapshot: servers[host] = AWSInventoryAPI(AWSInventory())
        case .api(let config): api(config, name, host, oddities)
        case .push(let config): senders.append(sender(config, name))
        case .kafka(let config):
            let broker = MessageBroker(
                world, topic: config.topics.all.first ?? "", partitions: 3, failing: oddities ? 0.02 : 0)
            brokers[host] = broker
            var number = 0
            eachRecord(config.feed.value, name) { _, record, _ in
                number += 1
                return { [number] _ in
                    broker.append(String(decoding: record, as: UTF8.self), to: number % 3)
                }
            }
        case .pubsub(let config):
            let subscription = PubSub(
                config.subscription, token: Self.token, deadline: config.deadline,
                repeats: oddities ? 0.05 : 0)
            servers[host] = subscription
            eachRecord(config.feed.value, name) { _, record, _ in
                { _ in subscription.publish(String(decoding: record, as: UTF8.self)) }
            }
        }
    }

    // MARK: Kinds of vendors

    private mutating func bucket(_ config: S3CollectorConfig, _ name: String, _ host: String) {
        let store = ObjectStore(buckets: [config.bucket])
        servers[host] = store
        let prefix =
            config.prefix.isEmpty || config.prefix.hasSuffix("/") ? config.prefix : config.prefix + "/"
        let account = config.accounts.first ?? "111122223333"
        let region = config.regions.first ?? config.aws.region
        let isTrail = config.feed.value == "aws.cloudtrail"
        burst(config.feed.value, name) { number, text in
            { now in
                let day = now.iso8601.prefix(10).replacing("-", with: "/")
                let stamp = now.iso8601.prefix(16).filter { $0 != "-" && $0 != ":" }
                let key =
                    isTrail
                    ? "\(prefix)AWSLogs/\(account)/CloudTrail/\(region)/\(day)/\(account)_CloudTrail_\(region)_"
                        + "\(stamp)Z_lab\(number).json.gz"
                    : "\(prefix)\(day)/lab-\(number).json.gz"
                store.put(.bytes(Self.packed(text)), as: key, in: config.bucket, at: now)
            }
        }
    }

    private mutating func queue(_ config: QueueCollectorConfig, _ name: String, _ host: String) {
        // A bucket with a dot in its name stands in the path.
        let bucket = "lab.trail"
        let store = ObjectStore(buckets: [bucket])
        let queue = Queue(url: config.queue.text)
        servers[host] = QueueAndStore(queue: queue, store: store)
        burst(config.feed.value, name) { number, text in
            { now in
                let packed = Self.packed(text)
                let key = "AWSLogs/111122223333/CloudTrail/eu-central-1/lab-\(number).json.gz"
                let etag = store.put(.bytes(packed), as: key, in: bucket, at: now)
                let kind = ObjectNotification.allCases[number % ObjectNotification.allCases.count]
                queue.send(
                    kind.body(bucket: bucket, key: key, size: packed.count, etag: etag, at: now), at: now)
            }
        }
    }

    private mutating func api(
        _ config: APICollectorConfig, _ name: String, _ host: String, _ isOdd: Bool
    ) {
        guard let declaration = catalog[config.feed.value] else { return }
        var oddities = DeclaredVendor.Oddities()
        oddities.seed = world.seed
        if isOdd {
            oddities.throttle = 0.05
            oddities.emptyPage = 0.1
            oddities.repeatedPage = 0.05
            oddities.duplicate = 0.1
            oddities.expired = 0.03
            oddities.redirect = 0.05
            // Only credentials that fetch tokens can fetch another.
            if case .google? = config.auth { oddities.unauthorized = 0.03 }
        }
        var parameters: [String: String] = [:]
        for parameter in declaration.parameters.all { parameters[parameter.name] = parameter.standard }
        for entry in config.parameters.entries { parameters[entry.name] = entry.value }
        let vendor = DeclaredVendor(declaration, parameters: parameters, pageSize: 20, oddities)
        servers[host] = vendor
        tokens[host] = { vendor.token }
        let samples = VendorSamples(declaration, folder(of: declaration.feed))
        for (number, moment) in moments().enumerated() {
            let stream = vendor.streams[number % vendor.streams.count]
            let record = samples.record(
                number, named: "lab-\(name)-\(number)", in: stream, vendor, at: moment)
            records += 1
            add(moment) { _ in vendor.happen(record, in: stream.name, at: moment, visibleAt: moment) }
        }
    }

    private mutating func sender(_ config: PushCollectorConfig, _ name: String) -> LabSender {
        var bodies: [LabSender.Body] = []
        let feed = config.feed.value
        for (number, moment) in moments().enumerated() where number % 3 == 0 {
            let texts = (0..<3).compactMap { record(feed, 3 * number + $0, name, moment) }
            guard let first = texts.first else { continue }
            let taken = config.format == .webhook ? [first] : texts
            records += taken.count
            bodies.append(LabSender.Body(at: moment, number: number, records: taken))
        }
        return LabSender(config, bodies: bodies)
    }

    // MARK: What happens when

    /// Moments over the day, some of them at once.
    private mutating func moments() -> [Timestamp] {
        var moments: [Timestamp] = []
        var at = world.start
        let end = world.start + .minutes(minutes)
        let stretch = max(1, minutes / Self.minutesDense)
        while true {
            at = at + .seconds((5 + generator.index(below: 110)) * stretch)
            guard at < end else { return moments }
            for _ in 0..<1 + generator.index(below: Self.burstMax) { moments.append(at) }
        }
    }

    private func folder(of feed: String) -> VendorFolder? { folders.first { $0.feed == feed } }

    private func record(_ feed: String, _ number: Int, _ name: String, _ moment: Timestamp) -> [UInt8]? {
        // What may be anything is CloudTrail's here.
        let feed = folder(of: feed)?.holds(.samples) != true ? "aws.cloudtrail" : feed
        let samples = VendorSamples(FeedProtocol(), folder(of: feed))
        return samples.record(number, named: "lab-\(name)-\(number)", at: moment)
    }

    private mutating func add(_ moment: Timestamp, _ happen: @escaping @Sendable (Timestamp) -> Void) {
        happenings.append(Happening(at: moment, happen: happen))
    }

    /// Each record by itself, with its identifier.
    private mutating func eachRecord(
        _ feed: String, _ name: String,
        _ happen: (String, [UInt8], Timestamp) -> @Sendable (Timestamp) -> Void
    ) {
        for (number, moment) in moments().enumerated() {
            guard let text = record(feed, number, name, moment) else { continue }
            records += 1
            add(moment, happen("lab-\(name)-\(number)", text, moment))
        }
    }

    /// The records of one moment together, a line each, as a file or an object has them.
    private mutating func burst(
        _ feed: String, _ name: String, _ happen: (Int, [UInt8]) -> @Sendable (Timestamp) -> Void
    ) {
        let moments = moments()
        var number = 0
        while number < moments.count {
            let moment = moments[number]
            var text: [UInt8] = []
            let first = number
            while number < moments.count, moments[number] == moment {
                if let record = record(feed, number, name, moment) {
                    text += record + [0x0A]
                    records += 1
                }
                number += 1
            }
            add(moment, happen(first, text))
        }
    }

    private static func packed(_ text: [UInt8]) -> [UInt8] {
        var packed: [UInt8] = []
        var compressor = Compressor(.gzipFast)
        compressor.pack(text, into: &packed)
        return packed
    }
}

/// A queue, and the store that its messages name.
private struct QueueAndStore: SimulatedServer {
    let queue: Queue
    let store: ObjectStore

    func answer(_ request: HTTPRequest, at now: Timestamp) -> HTTPResponse {
        request.headers["X-Amz-Target"]?.hasPrefix("AmazonSQS.") == true
            ? queue.answer(request, at: now) : store.answer(request, at: now)
    }
}
