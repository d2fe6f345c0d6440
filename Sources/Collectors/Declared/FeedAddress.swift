import Codecs
import Credentials
import Engine
import Ports

/// Where a feed's requests go, and nowhere else: no cursor, redirect or link of an answer leads to another origin.
struct FeedAddress: Hashable, Sendable {
    /// Scheme, host and port.
    let origin: String
    /// What stands in front of the vendor's paths, where the user's endpoint has a path.
    let prefix: String
    private let isReplaced: Bool

    /// - Parameter endpoint: the user's own base URL, which takes the place of the vendor's.
    init(vendorURL: String, endpoint: String?) {
        let (origin, path) = Self.split(endpoint ?? vendorURL)
        self.origin = origin
        prefix = endpoint == nil ? "" : (path.hasSuffix("/") ? String(path.dropLast()) : path)
        isReplaced = endpoint != nil
    }

    /// A URL of the vendor's, as its documentation has it, on this address.
    func placed(_ vendorURL: String) -> String {
        isReplaced ? origin + prefix + Self.split(vendorURL).path : vendorURL
    }

    /// A URL that an answer gave, absolute or relative to the URL asked; `nil` where it leads elsewhere.
    func followed(_ url: String, from asked: String) -> String? {
        if url.hasPrefix("//") { return nil }
        if url.hasPrefix("/") { return origin + url }
        guard url.contains("://") else { return nil }
        let (other, _) = Self.split(url)
        return other.lowercased() == origin.lowercased() ? url : nil
    }

    /// Scheme, host and port; and the rest, which begins with a slash.
    static func split(_ url: String) -> (origin: String, path: String) {
        guard let scheme = url.firstRange(of: "://") else { return (url, "") }
        let rest = url[scheme.upperBound...]
        let end = rest.firstIndex { $0 == "/" || $0 == "?" || $0 == "#" } ?? rest.endIndex
        let path = String(rest[end...])
        return (String(url[..<end]), path.isEmpty || path.hasPrefix("/") ? path : "/" + path)
    }
}

/// What a feed's names stand for while a request is written.
struct FeedValues: Sendable {
    /// The user's parameters, which may have slashes, and the stream's values.
    var own: [String: String] = [:]
    /// Values out of answers: they are hostile, and go into a URL only encoded.
    var answered: [String: String] = [:]
    var start: String?
    var end: String?
    var next: String?

    func plain(_ name: String) -> String? {
        switch name {
        case "start": start
        case "end": end
        case "next": next
        // No answer gives a parameter of the user's another value.
        default: own[name] ?? answered[name]
        }
    }

    /// As part of a URL's path.
    func inPath(_ name: String) -> String? {
        guard let value = plain(name) else { return nil }
        return PercentEncoding.encode(value, keepingSlash: own[name] != nil)
    }
}

extension FeedEndpoint {
    /// The request; entries whose names have no value are left out. `nil` where the URL has such a name.
    func request(_ values: FeedValues, at address: FeedAddress) -> HTTPRequest? {
        guard let url, let target = Self.target(url, values, at: address) else { return nil }
        return request(to: target, values)
    }

    /// The URL of a template. One that begins with a value out of an answer is the whole URL, as the vendor gave it.
    static func target(_ url: FeedTemplate, _ values: FeedValues, at address: FeedAddress) -> String? {
        if case .name(let name)? = url.parts.first, values.own[name] == nil, let given = values.answered[name]
        {
            guard let target = address.followed(given, from: "") else { return nil }
            var rest = url
            rest.parts.removeFirst()
            return rest.filled(values.inPath).map { target + (rest.parts.isEmpty ? "" : $0) }
        }
        return Self.host(url, values).map { address.placed($0) }
    }

    /// A vendor's URL with its names filled in: the host as it is, the path encoded.
    static func host(_ url: FeedTemplate, _ values: FeedValues) -> String? {
        var filled = ""
        for part in url.parts {
            switch part {
            case .text(let text): filled += text
            case .name(let name):
                let inHost = filled.split(separator: "/", omittingEmptySubsequences: false).count <= 3
                guard let value = inHost ? values.own[name] : values.inPath(name) else { return nil }
                filled += value
            }
        }
        return filled
    }

    /// The same request to a URL that is known already. One that an answer gave has all that belongs to it: it is
    /// got as it stands.
    func request(to target: String, _ values: FeedValues, isGiven: Bool = false) -> HTTPRequest {
        var target = target
        if !isGiven {
            var pairs: [String] = []
            for entry in query.all {
                guard let value = entry.value.filled(values.plain) else { continue }
                pairs.append("\(PercentEncoding.encode(entry.name))=\(PercentEncoding.encode(value))")
            }
            if !pairs.isEmpty { target += (target.contains("?") ? "&" : "?") + pairs.joined(separator: "&") }
        }
        var request = HTTPRequest(post == nil || isGiven ? .GET : .POST, target)
        request.headers["Accept"] = "application/json"
        request.headers["User-Agent"] = "martlet"
        for entry in headers.all {
            if let value = entry.value.filled(values.plain), Self.isHeaderValue(value) {
                request.headers[entry.name] = value
            }
        }
        if let body, !isGiven {
            request.headers["Content-Type"] = "application/json"
            request.body = (body.json(values) ?? .null).bytes
        }
        request.responseBytesMax = 128 << 20
        return request
    }

    private static func isHeaderValue(_ text: String) -> Bool {
        text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
    }
}
