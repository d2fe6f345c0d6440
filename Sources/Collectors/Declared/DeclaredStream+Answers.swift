import Engine
import Ports

extension DeclaredStream {
    /// Reads the answer to the present stage's request and moves on.
    mutating func take(_ response: HTTPResponse, to request: HTTPRequest, at now: Timestamp) throws(Fault)
        -> Outcome
    {
        guard let stage = round?.stage else { return .again }
        round?.requests += 1
        if isFramedAnew(by: response, at: now) { return .again }
        if let refusal = FeedRefusal(response, declaration, at: now) {
            return try refused(refusal, request, at: now)
        }
        round?.redirected = nil
        round?.redirects = 0
        switch stage {
        case .before:
            hasPrepared = true
            round?.stage = .list
            return .again
        case .each: return try takeItem(try FeedAnswer(response), request, at: now)
        case .list, .poll, .partition:
            let answer = try FeedAnswer(response)
            if stage == .list || stage == .poll {
                if try isPending(answer, at: now) { return .again }
                keepHandle(answer)
            }
            return try takeList(answer, request, stage, at: now)
        }
    }

    // MARK: Refusals

    private mutating func refused(_ refusal: FeedRefusal, _ request: HTTPRequest, at now: Timestamp)
        throws(Fault)
        -> Outcome
    {
        let place = "\(request.method.rawValue) \(request.url.prefix { $0 != "?" })"
        switch refusal {
        case .throttled(let until):
            nextRequest = until
            if until - now > .minutes(1) {
                notes.append((.warning, "throttled", "\(place): asked to wait until \(until.iso8601)"))
            }
        case .redirect(let location):
            let redirects = round?.redirects ?? 0
            guard redirects < FeedRound.redirectsMax,
                let target = address.followed(location, from: request.url)
            else {
                throw Fault(
                    .denied,
                    "\(place) leads to \(location.prefix { $0 != "?" }): redirects to other hosts are not followed"
                )
            }
            round?.redirected = target
            round?.redirects = redirects + 1
        case .accepted:
            hasPrepared = true
            round?.stage = .list
        case .denied(let why):
            let needed = declaration.permissions.joined(separator: ", ")
            throw Fault(
                .denied, "\(place): \(why)" + (needed.isEmpty ? "" : "; the credentials need \(needed)"))
        case .expired(let why):
            return try beginAnew(place, why, status: 410, request, at: now)
        case .other(let status, let text):
            return try beginAnew(place, "HTTP \(status): \(text)", status: status, request, at: now)
        }
        return .again
    }

    /// What was asked for is not there: an item is passed over, a page or cursor begun anew; anything else stops the feed.
    private mutating func beginAnew(
        _ place: String, _ why: String, status: Int, _ request: HTTPRequest, at now: Timestamp
    ) throws(Fault) -> Outcome {
        if round?.stage == .each, status == 404 || status == 410 {
            notes.append((.problem, "object-missing", "\(place): \(why); it is passed over"))
            round?.itemsMissed += 1
            nextItem()
            return round?.stage == .each ? .again : outcome(draft(request), round?.next, nil, nil, at: now)
        }
        if declaration.position == .cursor || declaration.position == .delta, mark.cursor != nil,
            round?.next == mark.cursor
        {
            loseCursor("\(place): \(why)", at: now)
            return .again
        }
        if round?.next != nil || round?.stage != .list, restart("\(place): \(why)", at: now) { return .again }
        throw Fault(.denied, "\(place): \(why)")
    }

    /// Whether the answer is not ready yet; it is then asked for again.
    private mutating func isPending(_ answer: FeedAnswer, at now: Timestamp) throws(Fault) -> Bool {
        let poll = declaration.poll
        guard poll.get != nil else { return false }
        let state = poll.state.flatMap { answer.text(at: $0) }
        if let state, poll.failed.contains(state) {
            let why = "the query ended as \(state): \(FeedRefusal.text(of: answer.response))"
            guard restart(why, at: now) else { throw Fault(.denied, "\(declaration.feed): \(why)") }
            nextRequest = now + .seconds(30)
            return true
        }
        guard
            poll.statuses.contains(answer.response.status) || state.map({ poll.pending.contains($0) }) == true
        else { return false }
        keepHandle(answer)
        round?.stage = .poll
        nextRequest = now + poll.every
        return true
    }

    /// What the requests that follow a first answer need of it.
    private mutating func keepHandle(_ answer: FeedAnswer) {
        guard declaration.poll.get != nil || declaration.partitions != nil else { return }
        round?.handle.merge(answer.scalars(), uniquingKeysWith: { first, _ in first })
    }

    // MARK: Pages

    private mutating func takeList(
        _ answer: FeedAnswer, _ request: HTTPRequest, _ stage: FeedRound.Stage, at now: Timestamp
    ) throws(Fault) -> Outcome {
        let rule = declaration.endpoint.next
        let records = try answer.records(at: declaration.endpoint.records)
        if let parts = declaration.partitions, stage == .list || stage == .poll {
            round?.partitions = answer.count(at: parts.at)
        }
        let next = try following(answer, records)
        // A cursor that does not move has nothing behind it.
        let hasMore = next != nil && next != round?.next && rule.saysMore(answer, records)
        let delta = rule.delta.flatMap { answer.text(at: $0) }

        if declaration.listsContents {
            let items = items(answer, records, at: now)
            round?.items = items
            round?.itemNext = nil
            if let next, hasMore { round?.next = next } else { round?.next = nil }
            if round?.items.isEmpty == false {
                round?.stage = .each
                return .again
            }
            return outcome(draft(request), hasMore ? next : nil, next, delta, at: now)
        }
        var draft = draft(request)
        if let rule = declaration.columns {
            let columns = round?.columns ?? answer.columns(rule)
            round?.columns = columns
            guard let columns else { throw Fault(.transient, "\(draft.name): the answer names no columns") }
            var body: [UInt8] = [0x5B]
            for (index, record) in records.enumerated() {
                if index > 0 { body.append(0x2C) }
                body += answer.object(record, columns)
            }
            body.append(0x5D)
            let rows = try FeedAnswer(HTTPResponse(status: 200, body: body))
            (draft.bytes, draft.records) = fresh(
                rows, try rows.records(at: FeedPaths([KeyPath([])])), at: now)
        } else {
            (draft.bytes, draft.records) = fresh(answer, records, at: now)
        }
        round?.offset += records.count
        round?.itemsRead += records.count
        let part: Int = if case .partition(let number) = stage { number } else { 0 }
        if part + 1 < round?.partitions ?? 0 {
            round?.stage = .partition(part + 1)
            return draft.records == 0 ? .again : .pages([draft])
        }
        return outcome(draft, hasMore ? next : nil, next, delta, at: now)
    }

    /// The next token or URL; a circle or a way to another host is a fault.
    private func following(_ answer: FeedAnswer, _ records: [Range<Int>]) throws(Fault) -> String? {
        let rule = declaration.endpoint.next
        guard var next = answer.next(rule, after: records, offset: round?.offset ?? 0) else { return nil }
        if rule.givesURL {
            guard let target = address.followed(next, from: "") else {
                throw Fault(
                    .denied,
                    "\(declaration.feed): the next page is said to be at \(next.prefix { $0 != "?" }), which is not "
                        + "\(address.origin): it is not followed")
            }
            next = target
        }
        let isStanding = declaration.position == .cursor && next == round?.next
        guard isStanding || round?.visited.contains(next) != true else {
            throw Fault(.transient, "\(declaration.feed): a page that was read comes next again")
        }
        return next
    }

    private mutating func items(_ answer: FeedAnswer, _ records: [Range<Int>], at now: Timestamp)
        -> [FeedRound.Item]
    {
        let theirs = vendorTime.now(at: now)
        let live = records.filter { record in
            guard let path = declaration.each.expires, let end = answer.time(of: record, at: path) else {
                return true
            }
            return end > theirs
        }
        if live.count < records.count {
            notes.append(
                (
                    .problem, "object-missing",
                    "\(records.count - live.count) listed contents have expired before they were read"
                ))
        }
        return live.compactMap { record in
            let bytes = Array(answer.bytes(record))
            if isWindowed, seen.contains(Self.digest(bytes)) { return nil }
            return FeedRound.Item(values: answer.scalars(of: record), bytes: bytes)
        }
    }

    private mutating func takeItem(_ answer: FeedAnswer, _ request: HTTPRequest, at now: Timestamp)
        throws(Fault)
        -> Outcome
    {
        let endpoint = declaration.each.endpoint
        let records = try answer.records(at: endpoint.records)
        var next = answer.next(endpoint.next, after: records, offset: 0)
        if let url = next, endpoint.next.givesURL {
            next = address.followed(url, from: "")
            if next == nil { throw Fault(.denied, "\(declaration.feed): a next page is on another host") }
        }
        guard next == nil || next != round?.itemNext else {
            throw Fault(.transient, "\(declaration.feed): a page that was read comes next again")
        }
        var draft = draft(request)
        (draft.bytes, draft.records) = fresh(answer, records, at: now)
        round?.itemsRead += records.count
        round?.itemNext = next
        if next == nil { nextItem() }
        if round?.stage == .each { return draft.records == 0 ? .again : .pages([draft]) }
        return outcome(draft, round?.next, round?.next, nil, at: now)
    }

    /// Goes on behind the first item.
    private mutating func nextItem() {
        guard var round, !round.items.isEmpty else { return }
        let item = round.items.removeFirst()
        if isWindowed { seen.insert(Self.digest(item.bytes)) }
        round.itemNext = nil
        round.redirected = nil
        if round.items.isEmpty { round.stage = .list }
        self.round = round
    }

    private func draft(_ request: HTTPRequest) -> Draft {
        Draft(name: String(request.url.prefix { $0 != "?" }))
    }

    // MARK: Going on

    /// The page, and where it leaves the stream: with more to read, at the end of a stretch, or caught up.
    private mutating func outcome(
        _ draft: Draft, _ more: String?, _ cursor: String?, _ delta: String?, at now: Timestamp
    ) -> Outcome {
        var draft = draft
        if declaration.position == .cursor {
            var mark = current
            if let cursor { mark.cursor = cursor }
            let hasMoved = mark.cursor != self.mark.cursor
            if let more {
                round?.visited.insert(more)
                round?.next = more
                if let newest { noteProgress(upTo: newest) }
            } else {
                let isDue = wantsSaving(at: now) || settings.until != nil
                closeRound(&mark, at: now)
                if !hasMoved, draft.records == 0, !isDue { return .again }
            }
            draft.mark = mark
            return .pages([draft])
        }
        if let more {
            round?.visited.insert(more)
            round?.next = more
            round?.stage = .list
            return draft.records == 0 ? .again : .pages([draft])
        }
        if declaration.position == .window {
            draft.mark = advance(at: now)
        } else {
            var mark = current
            if let delta { mark.cursor = delta }
            mark.low = round?.start ?? mark.low
            let end = snapshotMark(.end, at: now)
            closeRound(&mark, at: now)
            if var end {
                // What it covers is durable before the end that says so.
                end.mark = mark
                return .pages(draft.records == 0 ? [end] : [draft, end])
            }
            draft.mark = mark
        }
        return .pages([draft])
    }
}

extension FeedNext {
    /// Whether the answer says that there is more behind it, where it names what comes next.
    func saysMore(_ answer: FeedAnswer, _ records: [Range<Int>]) -> Bool {
        if untilEmpty { return !records.isEmpty }
        if let more { return answer.text(at: more) == "true" }
        return true
    }
}
