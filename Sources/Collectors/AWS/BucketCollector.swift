import Codecs
import Credentials
package import Engine
package import Ports

/// A feed's objects in a bucket, found by listing: CloudTrail's, or any that lie in folders by date.
///
/// Of CloudTrail accounts and regions are discovered folder by folder, in organization trails too; of other feeds
/// whatever has folders `YYYY/MM/DD` in it. Each of those streams is
/// listed from `overlap` before its newest delivered object, since a key of the same minute may sort before one
/// that came earlier; what was delivered within the overlap is remembered by key and ETag.
package struct BucketCollector: Collector {
    package struct Config: Sendable {
        package var bucket: S3Bucket
        /// What stands before `AWSLogs/`: empty, or with a slash at its end.
        package var prefix = ""
        /// Only these, where not empty.
        package var accounts: Set<String> = []
        package var regions: Set<String> = []
        /// Objects delivered before are never read; `nil` reads everything there is.
        package var since: Timestamp?
        package var interval = Duration.seconds(60)
        package var overlap = Duration.minutes(60)
        /// How often new accounts and regions are looked for.
        package var discoveryInterval = Duration.minutes(15)
        package var listsInFlight = 4
        package var getsInFlight = 8
        package var pageObjectsMax = 64
        package var pageBytesMax = 8 << 20
        /// Bytes of an object asked for at once.
        package var pieceBytes = ObjectRest.pieceBytes

        package init(bucket: S3Bucket) { self.bucket = bucket }
    }

    /// Bytes fetched or asked for and not yet delivered, above which no further object is asked for.
    static let bufferBytesMax = 12 << 20
    /// Keys found and not yet fetched, above which no further listing is asked for: 10 answers.
    static let keysWaitingMax = 10_000

    enum Work {
        case discover(prefix: String, continuation: String?)
        case list(stream: String, continuation: String?)
        case get(slot: Int)
    }

    /// An object on its way, in the order in which it will be delivered.
    struct Slot {
        var key: String
        var parsed: CloudTrailKey
        var mark: String
        /// As the listing has it.
        var size: Int64
        var object: RawObject?
        var rest: ObjectRest?
        /// What of `bufferBytesMax` it takes.
        var held = 0
    }

    static let cloudTrail = "aws.cloudtrail"
    /// Folders above those of the years.
    static let depthMax = 12

    package let feed: String
    package let source: String
    let config: Config

    var streams: [String: BucketStream] = [:]
    var lists: [Work] = []
    var slots: [Slot] = []
    /// The number of `slots.first`.
    var firstSlot = 0
    private var nextGet = 0
    private var calls: [Int: Work] = [:]
    private var lastID = 0
    var listsRunning = 0
    var getsRunning = 0
    var bufferedBytes = 0
    private var isDelivering = false
    /// The object that an earlier life has delivered the beginning of.
    var partial: PartialObject?
    var notes: [HealthNote] = []
    private var cycleEnd: Timestamp?
    private var nextDiscovery = Timestamp.distantPast
    private var foundNothing = false

    package init(feed: String = cloudTrail, source: String, config: Config) {
        self.feed = feed
        self.source = source
        self.config = config
    }

    private var isTrail: Bool { feed == Self.cloudTrail }
    private var root: String { isTrail ? "\(config.prefix)AWSLogs/" : config.prefix }

    // MARK: Position

    package mutating func resume(from position: [UInt8]?, mode: RunMode, at now: Timestamp) throws(Fault) {
        guard let position else { return }
        guard let json = JSONValue(json: position), json["v"]?.integer == 1,
            let saved = json["streams"]?.object
        else { throw Fault(.denied, "\(source): the saved position cannot be read") }
        for (name, value) in saved { streams[name] = BucketStream(saved: value) }
        partial = PartialObject(saved: json["partial"])
    }

    static func position(_ streams: [String: BucketStream], _ partial: PartialObject?) -> [UInt8] {
        let saved = streams.filter { $0.value.newest != nil }.mapValues(\.saved)
        var position: [String: JSONValue] = ["v": 1, "streams": .object(saved)]
        if let partial { position["partial"] = partial.saved }
        return JSONValue.object(position).bytes
    }

    // MARK: Steps

    package mutating func next(at now: Timestamp) -> Step {
        if !notes.isEmpty { return .report(notes.removeFirst()) }
        if !isDelivering, let step = page() {
            isDelivering = true
            return step
        }
        if getsRunning < config.getsInFlight, bufferedBytes < Self.bufferBytesMax,
            nextGet < firstSlot + slots.count
        {
            let index = nextGet - firstSlot
            nextGet += 1
            getsRunning += 1
            slots[index].held = Int(clamping: min(slots[index].size, Int64(config.pieceBytes)))
            bufferedBytes += slots[index].held
            return begin(
                .get(slot: nextGet - 1), config.bucket.get(slots[index].key, 0..<Int64(config.pieceBytes)))
        }
        if listsRunning < config.listsInFlight, slots.count < Self.keysWaitingMax, let work = lists.popLast()
        {
            listsRunning += 1
            return begin(work, listing(work))
        }
        guard calls.isEmpty, slots.isEmpty, lists.isEmpty, !isDelivering else {
            return .wait(until: nil, isCaughtUp: false)
        }
        if let end = cycleEnd, !end.isDue(at: now, within: max(config.interval, .seconds(1))) {
            return .wait(until: end, isCaughtUp: true)
        }
        return beginCycle(at: now)
    }

    private mutating func beginCycle(at now: Timestamp) -> Step {
        if nextDiscovery.isDue(at: now, within: max(config.discoveryInterval, .seconds(1))) {
            nextDiscovery = now + max(config.discoveryInterval, .seconds(1))
            lists = [.discover(prefix: root, continuation: nil)]
            cycleEnd = nil
            return next(at: now)
        }
        if cycleEnd == nil {
            // Discovery is over: now the streams themselves.
            cycleEnd = .distantPast
            if streams.isEmpty, !foundNothing {
                foundNothing = true
                notes.append(
                    HealthNote(
                        .warning, source: source, code: "nothing-found",
                        "\(config.bucket.uri(of: root)) holds no \(isTrail ? "CloudTrail folder" : "folders by date") (yet): check bucket and prefix"
                    ))
            }
            lists = streams.keys.sorted().reversed().map { .list(stream: $0, continuation: nil) }
            if !lists.isEmpty { return next(at: now) }
        }
        if cycleEnd == .distantPast {
            cycleEnd = now + max(config.interval, .seconds(1))
            return next(at: now)
        }
        cycleEnd = nil
        return beginCycle(at: now)
    }

    private mutating func begin(_ work: Work, _ operation: Call.Operation) -> Step {
        lastID += 1
        calls[lastID] = work
        return .call(Call(lastID, operation))
    }

    private func listing(_ work: Work) -> Call.Operation {
        switch work {
        case .discover(let prefix, let continuation):
            return config.bucket.list(prefix: prefix, delimiter: "/", continuation: continuation)
        case .list(let name, let continuation):
            let start = streams[name]?.startAfter(name, overlap: config.overlap, since: config.since)
            return config.bucket.list(prefix: name, startAfter: start, continuation: continuation)
        case .get: preconditionFailure("an object is no listing")
        }
    }

    package mutating func take(_ reply: Reply, to id: Int, at now: Timestamp) throws(Fault) {
        guard let work = calls[id] else { return }
        switch work {
        case .discover(let prefix, _):
            let listing = try config.bucket.listing(in: try reply.answer())
            if let token = listing.continuation {
                lists.append(.discover(prefix: prefix, continuation: token))
            }
            for folder in listing.folders {
                if isTrail { discover(folder) } else { discoverDated(folder) }
            }
            listsRunning -= 1
        case .list(let name, _):
            let listing = try config.bucket.listing(in: try reply.answer())
            if let token = listing.continuation { lists.append(.list(stream: name, continuation: token)) }
            for object in listing.objects { found(object) }
            listsRunning -= 1
        case .get(let number):
            try fetched(number - firstSlot, reply)
            getsRunning -= 1
        }
        calls[id] = nil
    }

    /// A folder of any other feed: above a year it is a stream, else it is looked into.
    private mutating func discoverDated(_ folder: String) {
        let parts = folder.dropFirst(config.prefix.count).split(separator: "/")
        guard let last = parts.last, parts.count <= Self.depthMax else { return }
        guard CloudTrailKey.isYear(last) else {
            return lists.append(.discover(prefix: folder, continuation: nil))
        }
        let stream = String(folder.dropLast(last.count + 1))
        func isWanted(_ names: Set<String>) -> Bool {
            names.isEmpty || parts.contains { names.contains(String($0)) }
        }
        guard streams[stream] == nil, isWanted(config.accounts), isWanted(config.regions) else { return }
        streams[stream] = BucketStream()
    }

    /// `AWSLogs/` → organization or account → `CloudTrail/` → region.
    private mutating func discover(_ folder: String) {
        let parts = folder.dropFirst(config.prefix.count).split(separator: "/")
        guard parts.first == "AWSLogs" else { return }
        let rest = parts.dropFirst().first?.hasPrefix("o-") == true ? parts.dropFirst(2) : parts.dropFirst()
        func isWanted(_ account: Substring) -> Bool {
            config.accounts.isEmpty || config.accounts.contains(String(account))
        }
        switch rest.count {
        case 0: lists.append(.discover(prefix: folder, continuation: nil))
        case 1:
            guard let account = rest.first, account.count == 12, account.allSatisfy(\.isNumber),
                isWanted(account)
            else { return }
            lists.append(.discover(prefix: folder + "CloudTrail/", continuation: nil))
        case 3:
            guard let account = rest.first, let region = rest.last, rest.dropFirst().first == "CloudTrail",
                isWanted(account), config.regions.isEmpty || config.regions.contains(String(region))
            else { return }
            if streams[folder] == nil { streams[folder] = BucketStream() }
            streams[folder]?.account = String(account)
            streams[folder]?.region = String(region)
        default: break
        }
    }

    private mutating func found(_ object: S3Bucket.Listing.Object) {
        guard let parsed = isTrail ? CloudTrailKey(object.key) : CloudTrailKey(dated: object.key),
            let stream = streams[parsed.stream]
        else { return }
        let mark = BucketStream.mark(key: object.key, etag: object.etag, minute: parsed.minute)
        if stream.seen.contains(mark) { return }
        if let since = config.since {
            let first = CloudTrailKey.minute(of: since)
            if parsed.minute < (isTrail ? first : "\(first.prefix(8))T0000Z") { return }
        }
        slots.append(
            Slot(key: object.key, parsed: parsed, mark: mark, size: max(0, min(object.size, 1 << 40))))
    }

    package mutating func delivered(_ receipt: PageReceipt, at now: Timestamp) { isDelivering = false }
}
