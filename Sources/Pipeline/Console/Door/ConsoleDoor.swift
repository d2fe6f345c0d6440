package import Codecs
import Credentials
import Ports
import Synchronization

/// Decides who comes in: by the session's cookie, by a bearer token, and only under the console's own names.
package final class ConsoleDoor: Sendable {
    package struct Token: Sendable {
        package var user: ConsoleUser
        /// SHA-256 of the token.
        package var digest: [UInt8]

        package init(_ user: ConsoleUser, digest: [UInt8]) {
            self.user = user
            self.digest = digest
        }

        package init(_ user: ConsoleUser, token: String) {
            self.init(user, digest: Digest.sha256(Array(token.utf8)))
        }
    }

    /// Somebody who signs in with a password.
    package struct Account: Sendable {
        package var user: ConsoleUser
        package var password: PasswordHash

        package init(_ user: ConsoleUser, _ password: PasswordHash) {
            self.user = user
            self.password = password
        }
    }

    package let sessions: ConsoleSessions
    private let tokens: [Token]
    private let accounts: [Account]
    /// A password that nobody has: an unknown name takes as long as a known one.
    private let nobody = PasswordHash.ofNobody
    private let isSecure: Bool
    private let hosts: Mutex<Set<String>>

    /// - Parameters:
    ///   - hosts: what `Host` may say: a rebound DNS name of somebody else's page is none of them.
    ///   - isSecure: whether browsers come by TLS.
    package init(
        sessions: ConsoleSessions, tokens: [Token], accounts: [Account], hosts: Set<String>, isSecure: Bool
    ) {
        self.sessions = sessions
        self.tokens = tokens
        self.accounts = accounts
        self.hosts = Mutex(hosts)
        self.isSecure = isSecure
    }

    package func add(hosts more: [String]) { hosts.withLock { $0.formUnion(more) } }

    package var hasAccounts: Bool { !accounts.isEmpty }

    /// Why a request may not even be looked at.
    func objection(to request: HTTPRequest) -> String? {
        let host = request.headers["Host"]?.lowercased() ?? ""
        guard hosts.withLock({ $0.contains(host) }) else { return "Host is none of the console's names" }
        if let origin = request.headers["Origin"] {
            guard origin.lowercased() == "\(isSecure ? "https" : "http")://\(host)" else {
                return "Origin is another page's"
            }
        }
        let site = request.headers["Sec-Fetch-Site"] ?? "none"
        let isVisit = request.method == .GET && request.headers["Sec-Fetch-Mode"] == "navigate"
        if site == "cross-site" || site == "same-site", !isVisit {
            return "the request comes from another site"
        }
        return nil
    }

    enum Admission {
        case nobody
        case session(ConsoleSessions.Session)
        case bearer(ConsoleUser)
        case wrongToken
    }

    func admission(of request: HTTPRequest) -> Admission {
        if let given = request.headers["Authorization"] {
            guard given.lowercased().hasPrefix("bearer "), let user = user(of: String(given.dropFirst(7)))
            else { return .wrongToken }
            return .bearer(user)
        }
        if let token = cookie(of: request) {
            return sessions.session(token).map { .session($0) } ?? .nobody
        }
        return .nobody
    }

    /// Looks at all of them, so that its time tells nothing.
    private func user(of token: String) -> ConsoleUser? {
        let digest = Digest.sha256(Array(token.utf8))
        var found: ConsoleUser?
        for one in tokens where Digest.equalInConstantTime(one.digest, digest) { found = one.user }
        return found
    }

    /// Who a token on the sign-in page belongs to; the link's is used up.
    func user(signingInWith token: String) -> ConsoleUser? {
        if sessions.useLink(token) { return ConsoleUser(name: "operator", role: .analyst) }
        return user(of: token)
    }

    func user(named name: String, password: String) -> ConsoleUser? {
        let account = accounts.first { $0.user.name == name }
        let isRight = (account?.password ?? nobody).matches(password)
        return isRight ? account?.user : nil
    }

    // MARK: The cookie

    /// With TLS the name itself keeps other hosts from setting it.
    private var cookieName: String { isSecure ? "__Host-martlet" : "martlet" }

    func cookie(of request: HTTPRequest) -> String? {
        for field in request.headers.fields where field.name.lowercased() == "cookie" {
            for pair in field.value.split(separator: ";") {
                let halves = pair.split(separator: "=", maxSplits: 1)
                if halves.count == 2, halves[0].drop(while: { $0 == " " }) == cookieName {
                    return String(halves[1])
                }
            }
        }
        return nil
    }

    func settingCookie(_ token: String) -> String {
        "\(cookieName)=\(token); Path=/; HttpOnly; SameSite=Strict" + (isSecure ? "; Secure" : "")
    }

    func clearingCookie() -> String { settingCookie("") + "; Max-Age=0" }
}
