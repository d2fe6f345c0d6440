import Engine
package import Ports

/// The credentials of one identity, fetched once for everybody and renewed before they expire.
///
/// Within `advisoryWindow` of the expiry the first caller renews while the others go on with what there is; within
/// `mandatoryWindow` everybody waits for the renewal. A renewal that fails is tolerated while the old ones last.
package actor AWSCredentialCache {
    static let advisoryWindow = Duration.minutes(15)
    static let mandatoryWindow = Duration.minutes(10)
    /// After a failed renewal the old credentials are used this long before the next try.
    static let renewalPause = Duration.seconds(30)

    private let source: any AWSCredentialSource
    private let time: any TimeSource
    private var held: AWSCredentials?
    private var isRenewing = false
    private var nextRenewal = Timestamp.distantPast
    private var waiting: [CheckedContinuation<Void, Never>] = []

    package init(_ source: any AWSCredentialSource, time: any TimeSource) {
        self.source = source
        self.time = time
    }

    package nonisolated var origin: String { source.origin }

    package func current() async throws(Fault) -> AWSCredentials {
        while true {
            let now = time.now
            if let held {
                guard let expiration = held.expiration else { return held }
                let left = expiration - now
                if left > Self.advisoryWindow || (left > .zero && now < nextRenewal) { return held }
                if left > Self.mandatoryWindow && isRenewing { return held }
            }
            guard isRenewing else { return try await renew() }
            await withCheckedContinuation { waiting.append($0) }
        }
    }

    /// Forgets what AWS calls expired; `false` where the source would only give the same again.
    package func expire() -> Bool {
        guard let held, held.sessionToken != nil else { return false }
        if held.expiration != nil { self.held = nil }
        nextRenewal = .distantPast
        return held.expiration != nil
    }

    private func renew() async throws(Fault) -> AWSCredentials {
        isRenewing = true
        defer {
            isRenewing = false
            let woken = waiting
            waiting = []
            for continuation in woken { continuation.resume() }
        }
        do throws(Fault) {
            guard let fresh = try await source.credentials() else {
                throw Fault(.denied, "no AWS credentials found in \(source.origin)")
            }
            held = fresh
            nextRenewal = .distantPast
            // A source that can only give what is nearly over (IMDS does so when it is ill) is not asked at every
            // request.
            if let expiration = fresh.expiration, expiration - time.now <= Self.advisoryWindow {
                nextRenewal = time.now + Self.renewalPause
            }
            return fresh
        } catch {
            if error.kind != .cancelled, let held, let expiration = held.expiration, expiration > time.now {
                nextRenewal = time.now + Self.renewalPause
                return held
            }
            throw error
        }
    }
}
