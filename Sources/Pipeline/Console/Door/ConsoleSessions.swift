import Codecs
import Engine
package import Ports
import Synchronization

/// Who is signed in, and the links that sign somebody in once.
///
/// Only digests of what browsers hold are kept. The tables are bounded: past `sessionsMax` the one unused longest ends.
package final class ConsoleSessions: Sendable {
    package static let sessionsMax = 1_000
    /// Wrong passwords and tokens in a minute; more are not looked at.
    static let failuresMax = 20

    struct Session: Sendable {
        var user: ConsoleUser
        var formToken: String
        var lastUsed: Timestamp
    }

    private struct State {
        var sessions: [[UInt8]: Session] = [:]
        var link: [UInt8]?
        var failures = 0
        var failuresSince = Timestamp.distantPast
    }

    /// A session that is not used for so long ends.
    private let idle: Duration
    private let time: any TimeSource
    private let entropy: any Entropy
    private let state = Mutex(State())

    package init(idle: Duration, time: any TimeSource, entropy: any Entropy) {
        self.idle = idle
        self.time = time
        self.entropy = entropy
    }

    private func secret() -> String { Base64.encode(entropy.bytes(32), .url) }

    private static func key(_ text: String) -> [UInt8] { Digest.sha256(Array(text.utf8)) }

    // MARK: Links

    /// A token that signs in once; the one before is of no use any more.
    package func makeLink() -> String {
        let token = secret()
        state.withLock { $0.link = Self.key(token) }
        return token
    }

    /// Whether the token is the one that was given out, which is then used up.
    func useLink(_ token: String) -> Bool {
        let key = Self.key(token)
        return state.withLock { state in
            guard let link = state.link, Digest.equalInConstantTime(link, key) else { return false }
            state.link = nil
            return true
        }
    }

    /// Whether another try may be looked at: secrets are not to be guessed by trying.
    func mayTry() -> Bool {
        let now = time.now
        return state.withLock { state in
            if now - state.failuresSince >= .minutes(1) {
                state.failures = 0
                state.failuresSince = now
            }
            return state.failures < Self.failuresMax
        }
    }

    func countFailure() { state.withLock { $0.failures += 1 } }

    // MARK: Sessions

    /// What the browser is to keep.
    func begin(_ user: ConsoleUser) -> String {
        let (token, form) = (secret(), secret())
        let session = Session(user: user, formToken: form, lastUsed: time.now)
        state.withLock { state in
            if state.sessions.count >= Self.sessionsMax,
                let oldest = state.sessions.min(by: { $0.value.lastUsed < $1.value.lastUsed })
            {
                state.sessions[oldest.key] = nil
            }
            state.sessions[Self.key(token)] = session
        }
        return token
    }

    func session(_ token: String) -> Session? {
        let (key, now) = (Self.key(token), time.now)
        return state.withLock { state in
            guard var session = state.sessions[key] else { return nil }
            guard now - session.lastUsed < idle else {
                state.sessions[key] = nil
                return nil
            }
            session.lastUsed = now
            state.sessions[key] = session
            return session
        }
    }

    func end(_ token: String) { state.withLock { $0.sessions[Self.key(token)] = nil } }

    var count: Int { state.withLock { $0.sessions.count } }
}
