import Codecs
import Engine
import Ports

/// Who asks, and what they may do.
package struct ConsoleUser: Hashable, Sendable {
    package enum Role: String, CaseIterable, Sendable {
        /// Looks at everything.
        case reader
        /// Also passes judgement on findings.
        case analyst
    }

    package var name: String
    package var role: Role

    package init(name: String, role: Role) {
        self.name = name
        self.role = role
    }
}

/// A request that was let in and found to fit its route.
struct ConsoleCall: Sendable {
    var request: HTTPRequest
    /// Path, query and body values by their names; what was left empty in a form is not there.
    var values: [String: String]
    var user: ConsoleUser?
    /// What this session's forms carry, so that no other page can post in its name.
    var formToken: String
    var now: Timestamp

    func text(_ name: String) -> String? { values[name] }
    func integer(_ name: String) -> Int? { values[name].flatMap { Int($0) } }
    func time(_ name: String) -> Timestamp? { values[name].flatMap { Timestamp(userText: $0, now: now) } }

    /// The path and query of a page with the values of this one, some of them changed; `nil` takes one out.
    func link(_ path: String, _ changed: [String: String?] = [:]) -> String {
        var values = values
        for (name, value) in changed { values[name] = value }
        return ConsoleLink.to(path, values)
    }
}

/// Links within the console.
enum ConsoleLink {
    static func to(_ path: String, _ values: [String: String]) -> String {
        if values.isEmpty { return path }
        let pairs = values.sorted { $0.key < $1.key }.map {
            "\(PercentEncoding.encode($0.key))=\(PercentEncoding.encode($0.value))"
        }
        return "\(path)?\(pairs.joined(separator: "&"))"
    }

    static func entity(_ name: String) -> String { to("/entity", ["name": name]) }
    static func finding(_ uid: String) -> String { "/findings/\(PercentEncoding.encode(uid))" }
    /// Of the same time as what is shown.
    static func investigation(_ name: String, _ call: ConsoleCall) -> String {
        var values = ["name": name]
        for key in ["from", "to"] { values[key] = call.text(key) }
        return to("/investigate", values)
    }
    static func event(_ uid: String) -> String { to("/event", ["uid": uid]) }
}

/// A request target taken apart.
struct RequestTarget: Hashable, Sendable {
    /// Decoded parts of the path: `/findings/a%2Fb` has two.
    var parts: [String]
    var query: [(name: String, value: String)]

    static func == (a: Self, b: Self) -> Bool {
        a.parts == b.parts && a.query.map(\.name) == b.query.map(\.name)
            && a.query.map(\.value) == b.query.map(\.value)
    }
    func hash(into hasher: inout Swift.Hasher) { hasher.combine(parts) }

    /// Pairs that a query or a form may have.
    static let pairsMax = 64

    /// `nil` for what is no path, climbs out of one, or is not UTF-8 once decoded.
    init?(_ target: String) {
        var rest = Substring(target)
        if !rest.hasPrefix("/"), let scheme = rest.firstRange(of: "://") {
            rest = rest[scheme.upperBound...].drop { $0 != "/" }
        }
        guard rest.hasPrefix("/") else { return nil }
        let path = rest.prefix { $0 != "?" && $0 != "#" }
        parts = []
        for part in path.split(separator: "/", omittingEmptySubsequences: false).dropFirst() {
            guard let decoded = PercentEncoding.decode(String(part)), decoded != "..", decoded != "."
            else { return nil }
            parts.append(decoded)
        }
        if parts.last == "" { parts.removeLast() }
        if parts.contains("") { return nil }
        let after = rest.dropFirst(path.count)
        guard after.hasPrefix("?") else {
            query = []
            return
        }
        guard let pairs = Self.pairs(String(after.dropFirst().prefix { $0 != "#" })) else { return nil }
        query = pairs
    }

    /// The pairs of a query or of a form's body.
    static func pairs(_ text: String) -> [(name: String, value: String)]? {
        var pairs: [(name: String, value: String)] = []
        for pair in text.split(separator: "&") {
            let halves = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard pairs.count < pairsMax, let first = halves.first,
                let name = PercentEncoding.decode(String(first), plusIsSpace: true),
                let value = PercentEncoding.decode(
                    halves.count > 1 ? String(halves[1]) : "", plusIsSpace: true)
            else { return nil }
            pairs.append((name, value))
        }
        return pairs
    }
}
