import Engine
import Ports

extension DeclaredStream {
    func values() -> FeedValues {
        var values = FeedValues(own: own)
        guard let round else { return values }
        let hasCursor = holdsCursor && round.next != nil
        if !hasCursor { values.start = written(round.stretch.lowerBound, roundedUp: false) }
        if isWindowed || settings.until != nil {
            values.end = written(round.stretch.upperBound, roundedUp: true)
        }
        values.next = round.next ?? (declaration.endpoint.next.offset != nil ? "0" : nil)
        return values
    }

    private func written(_ time: Timestamp, roundedUp: Bool) -> String {
        let seconds = Timestamp(seconds: time.seconds)
        let whole = roundedUp && seconds < time ? seconds + .seconds(1) : seconds
        return switch declaration.times {
        case .iso8601: whole.iso8601
        case .plain: String(whole.iso8601.dropLast())
        case .seconds: String(whole.seconds)
        case .milliseconds: String(whole.milliseconds)
        }
    }

    /// The request of the round's present stage.
    func request() throws(Fault) -> HTTPRequest {
        guard let round else { throw Fault(.malformed, "no round") }
        var values = values()
        let endpoint = declaration.endpoint
        var request: HTTPRequest?
        switch round.stage {
        case .before:
            var before = FeedEndpoint()
            before.post = declaration.before.post
            before.query = declaration.before.query
            request = before.request(values, at: address)
        case .list:
            if endpoint.next.givesURL, let url = round.next {
                request = endpoint.request(to: url, values, isGiven: true)
            } else {
                request = endpoint.request(values, at: address)
            }
        case .poll, .partition:
            var part = FeedEndpoint()
            part.get = round.stage == .poll ? declaration.poll.get : declaration.partitions?.get
            part.headers = endpoint.headers
            values.answered = round.handle
            if case .partition(let number) = round.stage { values.answered["partition"] = "\(number)" }
            request = part.request(values, at: address)
        case .each:
            let each = declaration.each.endpoint
            values.answered = round.items.first?.values ?? [:]
            values.next = round.itemNext
            if each.next.givesURL, let url = round.itemNext {
                request = each.request(to: url, values, isGiven: true)
            } else {
                request = each.request(values, at: address)
            }
        }
        guard var request else {
            throw Fault(
                .denied,
                "a request of \(declaration.feed) would leave \(address.origin), or lacks a value: it is not sent"
            )
        }
        if let redirected = round.redirected { request.url = redirected }
        return request
    }
}
