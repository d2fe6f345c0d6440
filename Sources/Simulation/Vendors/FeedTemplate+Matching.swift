import Codecs
package import Engine
import Ports

extension FeedTemplate {
    /// The template with some of its names filled in.
    func bound(_ values: [String: String]) -> FeedTemplate {
        FeedTemplate(
            parts.map { part in
                switch part {
                case .text(let text): text
                case .name(let name): values[name] ?? "{\(name)}"
                }
            }.joined())
    }

    /// What the names stand for in a text made from the template; `nil` for a text that was not.
    func captures(in text: String) -> [String: String]? {
        var found: [String: String] = [:]
        var rest = Substring(text)
        var open: String?
        for part in parts {
            switch part {
            case .name(let name): open = name
            case .text(let literal):
                guard !literal.isEmpty else { continue }
                guard let place = rest.firstRange(of: literal) else { return nil }
                if let name = open {
                    found[name] = String(rest[..<place.lowerBound])
                } else if place.lowerBound != rest.startIndex {
                    return nil
                }
                open = nil
                rest = rest[place.upperBound...]
            }
        }
        if let open {
            found[open] = String(rest)
        } else if !rest.isEmpty {
            return nil
        }
        return found
    }

    /// The path of a URL's template, without scheme, host and query.
    var path: FeedTemplate {
        var rest = Substring(text)
        if let scheme = rest.firstRange(of: "://") {
            rest = rest[scheme.upperBound...]
            rest = rest.firstIndex(of: "/").map { rest[$0...] } ?? "/"
        }
        return FeedTemplate(String(rest.prefix { $0 != "?" }))
    }
}

extension FeedEndpoint {
    /// What the names stand for in a request to this endpoint; `nil` for a request to another.
    func captures(in request: HTTPRequest, _ own: [String: String]) -> [String: String]? {
        guard let url, (post == nil) == (request.method == .GET) else { return nil }
        let target = RequestTarget(request.url)
        let path = PercentEncoding.decode(target.path) ?? target.path
        guard var found = url.bound(own).path.captures(in: path) else { return nil }
        for entry in query.all {
            guard let value = target[entry.name] else { continue }
            guard let more = entry.value.bound(own).captures(in: value) else { return nil }
            found.merge(more, uniquingKeysWith: { first, _ in first })
        }
        if let body {
            guard let document = try? JSONReader.document(in: request.body, file: "request"),
                let more = body.captures(in: document, own)
            else { return nil }
            found.merge(more, uniquingKeysWith: { first, _ in first })
        }
        return found
    }
}

extension FeedBody {
    /// What the names stand for in a body made from this one; members may be left out.
    func captures(in document: Document, _ own: [String: String]) -> [String: String]? {
        switch self {
        case .text(let template): document.string.flatMap { template.bound(own).captures(in: $0) }
        case .number(let number):
            document.text == number || document.integer.map(String.init) == number ? [:] : nil
        case .bool(let flag): document.bool == flag ? [:] : nil
        case .null: document.isNull ? [:] : nil
        case .list(let items):
            document.list.map { list in
                zip(items, list).reduce(into: [:]) { found, pair in
                    found.merge(
                        pair.0.captures(in: pair.1, own) ?? [:], uniquingKeysWith: { first, _ in first })
                }
            }
        case .object(let members):
            document.map.flatMap { _ in
                var found: [String: String] = [:]
                for member in members {
                    guard let value = document[member.name] else { continue }
                    guard let more = member.value.captures(in: value, own) else { return nil }
                    found.merge(more, uniquingKeysWith: { first, _ in first })
                }
                return found
            }
        }
    }
}

/// JSON put together by paths.
struct JSONPieces {
    private indirect enum Piece {
        case text(String)
        case object([(name: String, piece: Piece)])
    }

    private var root = Piece.object([])

    /// Puts a JSON text at a path, in place of what is there.
    mutating func put(_ json: String, at path: KeyPath) { Self.put(json, path.steps[...], &root) }

    private static func put(_ json: String, _ steps: ArraySlice<KeyPath.Step>, _ piece: inout Piece) {
        guard let step = steps.first else {
            piece = .text(json)
            return
        }
        let name: String
        switch step {
        case .key(let key): name = String(decoding: key, as: UTF8.self)
        case .element, .object: return
        }
        var members: [(name: String, piece: Piece)] =
            if case .object(let members) = piece { members } else { [] }
        let index = members.firstIndex { $0.name == name } ?? members.count
        if index == members.count { members.append((name, .object([]))) }
        put(json, steps.dropFirst(), &members[index].piece)
        piece = .object(members)
    }

    var text: String { Self.text(root) }

    private static func text(_ piece: Piece) -> String {
        switch piece {
        case .text(let text): text
        case .object(let members):
            "{" + members.map { "\(JSONText.quoted($0.name)):\(text($0.piece))" }.joined(separator: ",") + "}"
        }
    }
}

extension JSONSpans {
    /// A record with another value at a path; as it is where the path leads nowhere.
    package static func replacing(_ path: KeyPath, in record: [UInt8], with json: String) -> [UInt8] {
        guard var reader = try? JSONSpans(record), let root = try? reader.next(),
            let place = reader.value(at: path, of: root)
        else { return record }
        return Array(record[..<place.lowerBound]) + Array(json.utf8) + Array(record[place.upperBound...])
    }

    /// What stands at a path, as it is written.
    package static func raw(_ path: KeyPath, in record: [UInt8]) -> String? {
        guard var reader = try? JSONSpans(record), let root = try? reader.next(),
            let place = reader.value(at: path, of: root)
        else { return nil }
        return String(decoding: record[place], as: UTF8.self)
    }
}
