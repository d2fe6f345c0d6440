import Engine
package import Ports

/// One source's token, fetched once for everybody and renewed before it expires.
///
/// From `early` before its end (or from its half, where it lives shorter than twice that) the first caller renews it
/// while the others go on with what there is. A renewal that fails is tolerated while the old one lasts.
package actor TokenCache {
    static let early = Duration.minutes(5)
    /// After a failed renewal the old token is used this long before the next try.
    static let renewalPause = Duration.seconds(30)
    /// A token that is refused this soon after another one was is refused for good.
    static let refusalPause = Duration.minutes(1)

    private let source: any TokenSource
    private let time: any TimeSource
    private var held: AccessToken?
    private var renewAt = Timestamp.distantPast
    private var lastRefusal = Timestamp.distantPast
    private var isRenewing = false
    private var waiting: [CheckedContinuation<Fault?, Never>] = []

    package init(_ source: any TokenSource, time: any TimeSource) {
        self.source = source
        self.time = time
    }

    package nonisolated var origin: String { source.origin }

    package func current() async throws(Fault) -> AccessToken {
        while true {
            let now = time.now
            if let held, held.expiration.map({ $0 > now }) ?? true, now < renewAt || isRenewing {
                return held
            }
            guard isRenewing else { return try await renew() }
            // Everybody who waited gets the one answer, a refusal included; only whoever was stopped speaks for itself.
            if let fault = await withCheckedContinuation({ waiting.append($0) }), fault.kind != .cancelled {
                throw fault
            }
        }
    }

    /// Told that the other side refused a token (401). `true` where there is, or may be, a better one now.
    package func refuse(_ token: Secret) -> Bool {
        guard let held, held.text == token else { return true }
        guard time.now - lastRefusal >= Self.refusalPause else { return false }
        lastRefusal = time.now
        self.held = nil
        return true
    }

    private func renew() async throws(Fault) -> AccessToken {
        isRenewing = true
        var failure: Fault?
        defer {
            isRenewing = false
            let woken = waiting
            waiting = []
            for continuation in woken { continuation.resume(returning: failure) }
        }
        do throws(Fault) {
            let fresh = try await source.token()
            let now = time.now
            held = fresh
            renewAt = fresh.expiration.map { $0 - min(Self.early, ($0 - now) / 2) } ?? .distantFuture
            // A source that hands out what is nearly over is not asked at every request.
            renewAt = max(renewAt, now + .seconds(1))
            return fresh
        } catch {
            if error.kind != .cancelled, let held, held.expiration.map({ $0 > time.now }) ?? false {
                renewAt = time.now + Self.renewalPause
                return held
            }
            failure = error
            throw error
        }
    }
}
