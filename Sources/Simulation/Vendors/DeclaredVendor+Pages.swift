import Codecs
import Engine
import Ports

extension DeclaredVendor {
    /// The name under which pages that are named by a URL carry their token.
    private static let pageName = "page"

    func served(_ request: HTTPRequest, _ state: inout State, at now: Timestamp) -> HTTPResponse {
        let target = RequestTarget(request.url)
        if let before = declaration.before.post, request.method == .POST,
            before.bound(parameters).path.captures(in: PercentEncoding.decode(target.path) ?? "") != nil,
            declaration.endpoint.post == nil
        {
            defer { state.hasSubscribed = true }
            if state.hasSubscribed, let code = declaration.before.accept.first {
                return refusal(400, code, "The subscription is already enabled.")
            }
            return HTTPResponse(status: 200, body: Array("{}".utf8))
        }
        for stream in streams {
            let own = parameters.merging(stream.values, uniquingKeysWith: { _, last in last })
            if let response = followUp(request, target, stream, own, &state, at: now) { return response }
        }
        for stream in streams {
            let own = parameters.merging(stream.values, uniquingKeysWith: { _, last in last })
            guard let names = declaration.endpoint.captures(in: request, own) else { continue }
            if declaration.poll.get != nil {
                return submitted(stream, names, request, &state, at: now)
            }
            return page(request, target, stream, names, &state, at: now)
        }
        return refusal(404, "NotFound", "There is nothing at \(target.path).")
    }

    // MARK: What follows a first answer

    private func followUp(
        _ request: HTTPRequest, _ target: RequestTarget, _ stream: FeedStreams.Stream,
        _ own: [String: String],
        _ state: inout State, at now: Timestamp
    ) -> HTTPResponse? {
        let path = PercentEncoding.decode(target.path) ?? target.path
        if declaration.each.endpoint.url != nil, let number = blob(path, request, own) {
            let items = state.happenings.filter { $0.number == number && $0.stream == stream.name }
            guard !items.isEmpty else { return nil }
            return content(of: items, declaration.each.endpoint)
        }
        var part = FeedEndpoint()
        part.get = declaration.partitions?.get
        if let names = part.captures(in: request, own),
            let number = (names["partition"] ?? target["partition"]).flatMap({ Int($0) }),
            let handle = names.first(where: { $0.key != "partition" })?.value,
            let statement = state.statements[handle], statement.stream.name == stream.name
        {
            return rows(statement.stream, statement.names, number, handle, request, &state, at: now)
        }
        part.get = declaration.poll.get
        guard let names = part.captures(in: request, own), let handle = names.first?.value,
            let statement = state.statements[handle], statement.stream.name == stream.name
        else { return nil }
        if statement.readyAt > now { return pending(handle) }
        return rows(statement.stream, statement.names, 0, handle, request, &state, at: now)
    }

    /// The number of the happening that a content request is for.
    private func blob(_ path: String, _ request: HTTPRequest, _ own: [String: String]) -> Int? {
        if let mark = path.firstRange(of: "/martlet-content/") { return Int(path[mark.upperBound...]) }
        guard let names = declaration.each.endpoint.captures(in: request, own) else { return nil }
        return names.values.compactMap { value in
            value.hasPrefix("item-") ? Int(value.dropFirst(5)) : nil
        }.first
    }

    private func submitted(
        _ stream: FeedStreams.Stream, _ names: [String: String], _ request: HTTPRequest, _ state: inout State,
        at now: Timestamp
    ) -> HTTPResponse {
        let handle = "h\(state.requests)"
        let isLate = state.generator.next() % 2 == 0
        state.statements[handle] = (stream, names, isLate ? now + .seconds(3) : now)
        return isLate ? pending(handle) : rows(stream, names, 0, handle, request, &state, at: now)
    }

    private func pending(_ handle: String) -> HTTPResponse {
        var pieces = JSONPieces()
        putHandle(handle, &pieces)
        if let path = declaration.poll.state, let word = declaration.poll.pending.first {
            pieces.put(JSONText.quoted(word), at: path)
        }
        return HTTPResponse(status: declaration.poll.statuses.first ?? 200, body: Array(pieces.text.utf8))
    }

    /// The handle under each name that a follow-up uses.
    private func putHandle(_ handle: String, _ pieces: inout JSONPieces) {
        let names = (declaration.poll.get?.names ?? []) + (declaration.partitions?.get?.names ?? [])
        for name in Set(names).subtracting(parameters.keys) where name != "partition" {
            pieces.put(JSONText.quoted(handle), at: KeyPath([.key(Array(name.utf8))]))
        }
    }

    private func rows(
        _ stream: FeedStreams.Stream, _ names: [String: String], _ partition: Int, _ handle: String,
        _ request: HTTPRequest, _ state: inout State, at now: Timestamp
    ) -> HTTPResponse {
        let all = visible(stream, names, state, at: now)
        let parts = stride(from: 0, to: max(1, all.count), by: pageSize).map {
            Array(all[min($0, all.count)..<min($0 + pageSize, all.count)])
        }
        guard parts.indices.contains(partition) else {
            return refusal(404, "NotFound", "There is no such part.")
        }
        var pieces = JSONPieces()
        putHandle(handle, &pieces)
        if let path = declaration.poll.state { pieces.put("\"SUCCEEDED\"", at: path) }
        if let partitions = declaration.partitions {
            pieces.put("[\(parts.map { _ in "{}" }.joined(separator: ","))]", at: partitions.at)
        }
        let records = declaration.partitions == nil ? all : parts[partition]
        put(records, declaration.endpoint, &pieces)
        return HTTPResponse(status: 200, body: Array(pieces.text.utf8))
    }

    // MARK: Pages

    /// What a window or a cursor shows, in the vendor's order.
    private func visible(
        _ stream: FeedStreams.Stream, _ names: [String: String], _ state: State, at now: Timestamp
    ) -> [Happening] {
        var all = state.happenings.filter { $0.stream == stream.name && $0.visibleAt <= now }
        let byVisibility = declaration.position == .cursor || declaration.position == .delta
        // A list of contents goes by when they became available.
        let goesByVisibility = byVisibility || declaration.each.endpoint.url != nil
        if declaration.position == .window || names["start"] != nil, let start = names["start"].flatMap(time)
        {
            all.removeAll { (goesByVisibility ? $0.visibleAt : $0.time) < start }
        }
        if let end = names["end"].flatMap(time) {
            all.removeAll { (goesByVisibility ? $0.visibleAt : $0.time) > end }
        }
        return all.sorted { a, b in
            byVisibility
                ? (a.visibleAt, a.number) < (b.visibleAt, b.number) : (b.time, b.number) < (a.time, a.number)
        }
    }

    private func time(_ text: String) -> Timestamp? {
        switch declaration.times {
        case .iso8601, .plain: Timestamp(iso8601: text)
        case .seconds: Int64(text).map { Timestamp(seconds: $0) }
        case .milliseconds: Int64(text).map { Timestamp(milliseconds: $0) }
        }
    }

    private func page(
        _ request: HTTPRequest, _ target: RequestTarget, _ stream: FeedStreams.Stream,
        _ names: [String: String],
        _ state: inout State, at now: Timestamp
    ) -> HTTPResponse {
        let rule = declaration.endpoint.next
        let isURL = rule.link != nil || rule.header != nil || rule.url != nil
        let token = isURL ? target[Self.pageName] : names["next"]
        if token != nil, rule.offset == nil, chance(oddities.expired, &state) { return expiry() }
        var rest = visible(stream, names, state, at: now)
        if let token {
            if let offset = rule.offset.flatMap({ _ in Int(token) }) {
                rest = Array(rest.dropFirst(offset))
            } else if rule.last != nil {
                let place = rest.firstIndex {
                    JSONSpans.raw(rule.last ?? KeyPath([]), in: $0.record)?.unquoted == token
                }
                rest = place.map { Array(rest[($0 + 1)...]) } ?? rest
            } else if let place = Int(token.dropFirst()) {
                rest = behind(place, rest, state)
            }
        }
        var shown = Array(rest.prefix(pageSize))
        var next = shown.last.map { "n\($0.number)" } ?? token
        let isStanding = declaration.position == .cursor || declaration.position == .delta || rule.last != nil
        if shown.count == rest.count, !isStanding { next = nil }
        if rule.offset == nil, rule.last == nil, !rule.untilEmpty, next != nil, !shown.isEmpty,
            declaration.position != .cursor
        {
            if chance(oddities.emptyPage, &state) {
                shown = []
                next = token ?? "n-1"
                if token != nil { next = "m\(token?.dropFirst() ?? "")" }
            } else if token != nil, chance(oddities.repeatedPage, &state) {
                next = token
            }
        }
        if declaration.position == .cursor, next == nil { next = "n-1" }
        return body(
            of: shown, declaration.endpoint, next: next, request, hasMore: shown.count < rest.count, &state)
    }

    /// What stands behind a happening in the vendor's order; −1 is before all.
    private func behind(_ number: Int, _ all: [Happening], _ state: State) -> [Happening] {
        guard number >= 0, state.happenings.indices.contains(number) else { return all }
        let last = state.happenings[number]
        if declaration.position == .cursor || declaration.position == .delta {
            return all.filter { ($0.visibleAt, $0.number) > (last.visibleAt, last.number) }
        }
        return all.filter { ($0.time, $0.number) < (last.time, last.number) }
    }

    private func content(of shown: [Happening], _ endpoint: FeedEndpoint) -> HTTPResponse {
        var pieces = JSONPieces()
        put(shown, endpoint, &pieces)
        return HTTPResponse(status: 200, body: Array(pieces.text.utf8))
    }

    private func body(
        of shown: [Happening], _ endpoint: FeedEndpoint, next: String?, _ request: HTTPRequest, hasMore: Bool,
        _ state: inout State
    ) -> HTTPResponse {
        var pieces = JSONPieces()
        var doubled: [Happening] = []
        for happening in shown {
            doubled.append(happening)
            if chance(oddities.duplicate, &state), endpoint.next.offset == nil { doubled.append(happening) }
        }
        let isList = declaration.each.endpoint.url != nil
        if isList {
            pieces.put(
                "[\(shown.map { item($0, request) }.joined(separator: ","))]", at: endpoint.records.all[0])
        } else {
            put(doubled, endpoint, &pieces)
        }
        let rule = endpoint.next
        var response = HTTPResponse(status: 200)
        let isEnd = declaration.position == .delta && !hasMore
        if let next, !isEnd {
            if let relation = rule.link {
                response.headers["Link"] =
                    "<\(page(next, request))>; rel=\"\(relation)\""
            }
            if let header = rule.header { response.headers[header] = page(next, request) }
            if let path = rule.url?.all.first { pieces.put(JSONText.quoted(page(next, request)), at: path) }
            if let path = rule.token { pieces.put(JSONText.quoted(next), at: path) }
        }
        if isEnd, let path = rule.delta {
            pieces.put(JSONText.quoted(page(next ?? "n-1", request)), at: path)
        }
        if let path = rule.more { pieces.put(hasMore ? "true" : "false", at: path) }
        response.headers["Content-Type"] = "application/json"
        response.body = Array(pieces.text.utf8)
        return response
    }

    /// The URL of a page: the request's own with the token.
    private func page(_ token: String, _ request: HTTPRequest) -> String {
        let halves = request.url.split(separator: "?", maxSplits: 1).map(String.init)
        let kept = (halves.count > 1 ? halves[1] : "").split(separator: "&").filter {
            !$0.hasPrefix("\(Self.pageName)=") && !$0.hasPrefix("hop=")
        }
        let query = (kept.map(String.init) + ["\(Self.pageName)=\(token)"]).joined(separator: "&")
        let base = halves[0].hasPrefix("/") ? origin(of: request) : ""
        return "\(base)\(halves[0])?\(query)"
    }

    /// An item of a list, with everything that a request for its content needs.
    private func item(_ happening: Happening, _ request: HTTPRequest) -> String {
        var pieces = JSONPieces()
        let url = declaration.each.endpoint.url
        let names = Set(declaration.each.endpoint.names).subtracting(parameters.keys)
        for name in names where !["start", "end", "next"].contains(name) {
            var value = "item-\(happening.number)"
            if case .name(let first)? = url?.parts.first, first == name {
                value = "\(origin(of: request))/martlet-content/\(happening.number)"
            }
            pieces.put(JSONText.quoted(value), at: KeyPath([.key(Array(name.utf8))]))
        }
        if let path = declaration.each.expires {
            pieces.put(JSONText.quoted((happening.visibleAt + .days(7)).iso8601), at: path)
        }
        return pieces.text
    }

    /// Scheme and host, as the client sees them.
    private func origin(of request: HTTPRequest) -> String {
        if request.url.hasPrefix("/") { return "http://\(request.headers["Host"] ?? "localhost")" }
        return request.url.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: true).prefix(2)
            .joined(separator: "//")
    }

    /// The records where the answer has them, as objects or as rows.
    private func put(_ shown: [Happening], _ endpoint: FeedEndpoint, _ pieces: inout JSONPieces) {
        guard let columns = declaration.columns else {
            let list = shown.map { String(decoding: $0.record, as: UTF8.self) }.joined(separator: ",")
            pieces.put("[\(list)]", at: endpoint.records.all[0])
            return
        }
        var names: [String] = []
        var rows: [[String: String]] = []
        for happening in shown {
            guard var reader = try? JSONSpans(happening.record), let root = try? reader.next() else {
                continue
            }
            var row: [String: String] = [:]
            for member in reader.members(of: root) ?? [] {
                let name = String(decoding: happening.record[member.name], as: UTF8.self)
                if !names.contains(name) { names.append(name) }
                row[name] = String(decoding: happening.record[member.value], as: UTF8.self)
            }
            rows.append(row)
        }
        let described = names.map { name in
            var piece = JSONPieces()
            piece.put(JSONText.quoted(name), at: columns.label)
            if let type = columns.type { piece.put("\"text\"", at: type) }
            return piece.text
        }
        pieces.put("[\(described.joined(separator: ","))]", at: columns.at)
        let list = rows.map { row in "[\(names.map { row[$0] ?? "null" }.joined(separator: ","))]" }
        pieces.put("[\(list.joined(separator: ","))]", at: endpoint.records.all[0])
    }
}
