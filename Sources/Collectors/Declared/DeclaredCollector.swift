package import Credentials
package import Engine
package import Ports

/// Any feed whose `feed.yaml` declares its protocol: cursors, windows, delta links and snapshots over HTTP.
///
/// Each stream is read by itself, one request at a time; one page at a time is delivered, with where every stream
/// stands once it is durable. What a stream has not delivered its position does not pass: within a window it stays
/// at the window's beginning, and what is read again after a restart is told by its content.
package struct DeclaredCollector: Collector {
    package struct Config: Sendable {
        /// The user's base URL instead of the vendor's.
        package var endpoint: String?
        package var parameters: [String: String] = [:]
        package var authorizer: any Authorizer = Anonymous()
        /// Where a first start begins.
        package var since: Timestamp?
        /// Where a backfill ends; `nil` for live collection.
        package var until: Timestamp?
        package var interval: Duration?
        /// How far back each round reads again; without it as far as the feed's delays make necessary.
        package var overlap: Duration?
        /// At most one record in so many may be missed because it came later than it was waited for.
        package var oneMissedIn = 10_000

        package init() {}
    }

    /// How far back a first start goes where nobody says.
    package static let sinceStandard = Duration.days(7)

    /// The feed of the marks before and behind a snapshot that is delivered whole.
    package static let markFeed = "martlet.snapshot"

    package let feed: String
    package let source: String
    private let declaration: FeedProtocol
    private let config: Config

    private var streams: [DeclaredStream] = []
    private var calls: [Int: (stream: Int, request: HTTPRequest)] = [:]
    private var lastID = 0
    private var drafts: [(stream: Int, draft: DeclaredStream.Draft)] = []
    private var delivering: Int?

    /// - Parameter declaration: with a `position`.
    package init(_ declaration: FeedProtocol, source: String, config: Config) {
        feed = declaration.feed
        self.source = source
        self.declaration = declaration
        self.config = config
    }

    package mutating func resume(from position: [UInt8]?, mode: RunMode, at now: Timestamp) throws(Fault) {
        var saved: [String: FeedMark] = [:]
        if let position {
            guard let marks = FeedMark.marks(in: position) else {
                throw Fault(.denied, "\(source): the saved position cannot be read")
            }
            saved = marks
        }
        let all = declaration.streams.all
        streams = (all.isEmpty ? [FeedStreams.Stream(name: "all", values: [:])] : all).map {
            DeclaredStream($0, declaration, config, of: source, mark: saved[$0.name])
        }
        // A service that is restarted does not list everything anew each time.
        guard declaration.position == .snapshot, mode == .continuous else { return }
        for index in streams.indices { streams[index].nextLook = streams[index].nextSnapshot }
    }

    private var position: [UInt8] { FeedMark.bytes(streams.map { ($0.name, $0.mark) }) }

    // MARK: Steps

    package mutating func next(at now: Timestamp) -> Step {
        if let note = takeNote() { return .report(note) }
        if delivering == nil, !drafts.isEmpty { return deliver() }
        for index in streams.indices where streams[index].isReady(at: now) {
            if streams[index].round == nil, let first = streams[index].open(at: now) {
                streams[index].isBusy = true
                drafts.append((index, first))
                if delivering == nil { return deliver() }
                continue
            }
            if let note = takeNote() { return .report(note) }
            return call(index, at: now)
        }
        let look = streams.filter { !$0.isBusy && !$0.isDone }.compactMap(\.nextLook).min()
        guard calls.isEmpty, delivering == nil else { return .wait(until: look, isCaughtUp: false) }
        return .wait(
            until: look ?? now + .hours(1),
            isCaughtUp: streams.allSatisfy { $0.isDone || $0.nextLook != nil })
    }

    private mutating func takeNote() -> HealthNote? {
        for index in streams.indices where !streams[index].notes.isEmpty {
            let note = streams[index].notes.removeFirst()
            let part = streams.count > 1 ? "\(streams[index].name): " : ""
            return HealthNote(note.severity, source: source, code: note.code, part + note.text)
        }
        return nil
    }

    private mutating func call(_ index: Int, at now: Timestamp) -> Step {
        let request: HTTPRequest
        do throws(Fault) {
            request = try streams[index].request()
        } catch {
            // A declaration is checked at the start; what an answer led to is told, and tried again at the next look.
            streams[index].notes.append((.problem, "request-impossible", error.message))
            streams[index].round = nil
            streams[index].nextLook = now + DeclaredStream.pauseAfterTrouble
            return .report(HealthNote(.problem, source: source, code: "request-impossible", error.message))
        }
        let start = streams[index].requestTime(at: now)
        streams[index].nextRequest = start + declaration.pace
        streams[index].isBusy = true
        lastID += 1
        calls[lastID] = (index, request)
        return .call(
            Call(
                lastID, .http(request, authorizer: config.authorizer, rule: declaration.throttle.rule),
                notBefore: start))
    }

    package mutating func take(_ reply: Reply, to id: Int, at now: Timestamp) throws(Fault) {
        guard let (index, request) = calls[id] else { return }
        let outcome = try streams[index].take(try reply.answer(), to: request, at: now)
        calls[id] = nil
        switch outcome {
        case .again: streams[index].isBusy = false
        case .pages(let pages): drafts += pages.map { (index, $0) }
        }
    }

    private mutating func deliver() -> Step {
        let (index, draft) = drafts.removeFirst()
        delivering = index
        if let mark = draft.mark { streams[index].mark = mark }
        let objects = draft.records == 0 ? [] : [RawObject(name: draft.name, bytes: draft.bytes)]
        var page = RawPage(
            feed: draft.feed ?? feed, source: source, objects: objects,
            position: draft.mark == nil ? nil : position, listed: 1, fetched: 1)
        // With one stream its row bears the collector's own name.
        if streams.count > 1 { page.part = streams[index].name }
        return .deliver(page)
    }

    package mutating func delivered(_ receipt: PageReceipt, at now: Timestamp) {
        guard let index = delivering else { return }
        delivering = nil
        if !drafts.contains(where: { $0.stream == index }) { streams[index].isBusy = false }
    }
}
