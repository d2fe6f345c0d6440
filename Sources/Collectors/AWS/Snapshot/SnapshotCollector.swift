package import Credentials
package import Engine
package import Ports

/// Access as it stands in AWS accounts, taken whole at an interval: for each service, account and region a snapshot
/// with an id, a mark where it begins and one where it ends.
///
/// The end mark lists what was asked and what was refused: only a complete snapshot may prove that something is not
/// there. A refused operation costs its own items and nothing else. A process that ends in the middle leaves a snapshot
/// without an end; the next one closes it as cut, and begins anew.
package struct SnapshotCollector: Collector {
    package struct Config: Sendable {
        package struct Account: Sendable {
            /// `nil` where only AWS can say whose credentials they are.
            package var id: String?
            package var identity: AWSIdentity

            package init(id: String?, identity: AWSIdentity) {
                self.id = id
                self.identity = identity
            }
        }

        package var accounts: [Account]
        package var services: [SnapshotService]
        /// Where regional services are asked; one at least.
        package var regions: [String]
        package var teamTable = ""
        package var interval = Duration.hours(24)
        /// Calls of one stream begin at least this far apart.
        package var pace = Duration.milliseconds(100)
        /// How long one question may go without a usable answer before the snapshot is cut.
        package var patience = Duration.minutes(15)
        /// Snapshots under way at the same time.
        package var openMax = 8

        package init(accounts: [Account], services: [SnapshotService], regions: [String]) {
            self.accounts = accounts
            self.services = services
            self.regions = regions
        }
    }

    /// Between two tries of a question that six requests could not get answered.
    static let troublePause = Duration.seconds(30)

    enum Work {
        case identify(Int)
        case ask(Int, SnapshotQuestion)
    }

    struct Draft {
        var feed: String
        var name: String
        var lines: [UInt8]
        /// The mark at the end of a snapshot: with it the stream is at rest.
        var isEnd = false
    }

    /// The marks' own; items have their services'.
    package let feed = "aws.snapshot"
    package let source: String
    let config: Config

    var streams: [SnapshotStream] = []
    var accounts: [String?] = []
    var identifying: Set<Int> = []
    var signers: [String: AWSSigner] = [:]
    var calls: [Int: Work] = [:]
    var lastID = 0
    var drafts: [(stream: Int, draft: Draft)] = []
    var delivering: (stream: Int, isEnd: Bool)?
    var notes: [HealthNote] = []
    var complaints: Set<String> = []
    var isOnce = false

    package init(source: String, config: Config) {
        self.source = source
        self.config = config
    }

    package mutating func resume(from position: [UInt8]?, mode: RunMode, at now: Timestamp) throws(Fault) {
        var saved: [String: JSONValue] = [:]
        if let position {
            guard let json = JSONValue(json: position), json["v"]?.integer == 1,
                let map = json["streams"]?.object
            else { throw Fault(.denied, "\(source): the saved position cannot be read") }
            saved = map
        }
        accounts = config.accounts.map(\.id)
        streams = []
        isOnce = mode == .once
        for (number, account) in config.accounts.enumerated() {
            for service in config.services {
                for region in service.isRegional ? config.regions : config.regions.prefix(1).map({ $0 }) {
                    let scope = SnapshotScope(
                        service: service, endpoints: account.identity.endpoints.inRegion(region),
                        teamTable: config.teamTable)
                    let name =
                        "\(account.id ?? "own")/\(service.rawValue)"
                        + (service.isRegional ? "/\(region)" : "")
                    var stream = SnapshotStream(name: name, account: number, scope: scope)
                    let last = saved[name]
                    stream.begun = last?["begun"]?.integer.map { Timestamp(nanoseconds: $0) }
                    // Who runs once wants one now.
                    if let begun = stream.begun, mode == .continuous { stream.due = begun + config.interval }
                    if let open = SnapshotStream.Open(saved: last?["open"]) {
                        stream.open = open
                        stream.durable = open
                        stream.open?.cut = "the process ended while it was taken"
                        stream.isAbandoned = true
                        stream.due = now
                    }
                    streams.append(stream)
                }
            }
        }
    }

    private var position: [UInt8] {
        var saved: [String: JSONValue] = [:]
        for stream in streams {
            var members: [String: JSONValue] = [:]
            if let begun = stream.begun { members["begun"] = .integer(begun.nanoseconds) }
            if let open = stream.durable { members["open"] = open.saved }
            if !members.isEmpty { saved[stream.name] = .object(members) }
        }
        return JSONValue.object(["v": 1, "streams": .object(saved)]).bytes
    }

    // MARK: Steps

    package mutating func next(at now: Timestamp) -> Step {
        if !notes.isEmpty { return .report(notes.removeFirst()) }
        if delivering == nil, !drafts.isEmpty { return deliver() }
        var isFull = streams.count { $0.open != nil } >= config.openMax
        for index in streams.indices
        where !streams[index].isBusy && streams[index].isDue(at: now, config.interval) {
            let account = streams[index].account
            if accounts[account] == nil {
                if identifying.insert(account).inserted { return identify(account) }
                continue
            }
            if streams[index].open == nil {
                if isFull { continue }
                begin(index, at: now)
                isFull = streams.count { $0.open != nil } >= config.openMax
                return next(at: now)
            }
            if streams[index].open?.cut == nil, let question = streams[index].stack.popLast() {
                return ask(question, index, at: now)
            }
            end(index, at: now)
            return next(at: now)
        }
        let idle = streams.filter { !$0.isBusy && $0.open == nil }
        let isWorking = !calls.isEmpty || delivering != nil
        return .wait(
            until: idle.filter { !$0.isDue(at: now, config.interval) }.map(\.due).min()
                ?? (isWorking ? nil : now + config.interval),
            isCaughtUp: !isWorking && idle.count == streams.count
                && idle.allSatisfy { !$0.isDue(at: now, config.interval) })
    }

    private mutating func identify(_ account: Int) -> Step {
        let identity = config.accounts[account].identity
        let request = HTTPRequest(
            .POST, identity.endpoints.url(of: "sts") + "/",
            headers: ["Content-Type": "application/x-www-form-urlencoded; charset=utf-8"],
            body: Array("Action=GetCallerIdentity&Version=2011-06-15".utf8))
        lastID += 1
        calls[lastID] = .identify(account)
        return .call(
            Call(lastID, .http(request, authorizer: identity.signer(for: "sts"), rule: .aws)))
    }

    private mutating func begin(_ index: Int, at now: Timestamp) {
        let stream = streams[index]
        let account = accounts[stream.account] ?? ""
        let place = [account, stream.scope.service.rawValue] + (stream.region.map { [$0] } ?? [])
        // To the millisecond, which tells one snapshot of a stream from another.
        let begun = Timestamp(nanoseconds: now.nanoseconds / 1_000_000 * 1_000_000)
        let open = SnapshotStream.Open(
            id: (place + [begun.iso8601]).joined(separator: "/"), begun: begun)
        streams[index].open = open
        streams[index].stack = stream.scope.questions.reversed()
        streams[index].troubled = nil
        add(
            Draft(
                feed: feed, name: "\(open.id)/begin",
                lines: stream.beginMark(open, account: account, at: now)), index)
    }

    private mutating func end(_ index: Int, at now: Timestamp) {
        guard let open = streams[index].open else { return }
        let account = accounts[streams[index].account] ?? ""
        streams[index].stack = []
        if !open.shortcoming.isEmpty {
            complain("snapshot-incomplete", "\(streams[index].name): \(open.shortcoming)")
        }
        add(
            Draft(
                feed: feed, name: "\(open.id)/end",
                lines: streams[index].endMark(open, account: account, at: now), isEnd: true), index)
    }

    mutating func add(_ draft: Draft, _ index: Int) {
        streams[index].isBusy = true
        drafts.append((index, draft))
    }

    private mutating func ask(_ question: SnapshotQuestion, _ index: Int, at now: Timestamp) -> Step {
        let start = max(now + question.delay, streams[index].nextCall)
        streams[index].nextCall = start + config.pace
        streams[index].isBusy = true
        lastID += 1
        calls[lastID] = .ask(index, question)
        let signer = signer(question, streams[index].account)
        return .call(
            Call(
                lastID, .http(question.request, authorizer: signer, rule: .aws), notBefore: start,
                isEssential: false))
    }

    private mutating func signer(_ question: SnapshotQuestion, _ account: Int) -> AWSSigner {
        let key = "\(account)/\(question.service)/\(question.region)"
        if let known = signers[key] { return known }
        let signer = config.accounts[account].identity.inRegion(question.region).signer(for: question.service)
        signers[key] = signer
        return signer
    }

    // MARK: Pages

    private mutating func deliver() -> Step {
        let (index, draft) = drafts.removeFirst()
        if draft.isEnd {
            streams[index].begun = streams[index].open?.begun ?? streams[index].begun
            streams[index].durable = nil
        } else {
            streams[index].durable = streams[index].open
        }
        delivering = (index, draft.isEnd)
        let object = RawObject(name: draft.name, bytes: draft.lines)
        var page = RawPage(
            feed: draft.feed, source: source, objects: [object], position: position, listed: 1, fetched: 1)
        if streams.count > 1 { page.part = streams[index].name }
        return .deliver(page)
    }

    package mutating func delivered(_ receipt: PageReceipt, at now: Timestamp) {
        guard let (index, isEnd) = delivering else { return }
        delivering = nil
        streams[index].isBusy = false
        guard isEnd else { return }
        let begun = streams[index].open?.begun ?? now
        // One that was cut by the end of a process is taken anew at once.
        if streams[index].isAbandoned {
            streams[index].due = now
        } else {
            streams[index].due = isOnce ? .distantFuture : begun + max(config.interval, .seconds(1))
        }
        streams[index].isAbandoned = false
        streams[index].open = nil
    }

    mutating func complain(_ code: String, _ message: String) {
        guard complaints.count < 10_000, complaints.insert(message).inserted else { return }
        notes.append(HealthNote(.problem, source: source, code: code, message))
    }
}
