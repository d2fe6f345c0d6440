package import Engine
package import Ports

extension FeedTemplate: ConfigDecodable {
    package static var configType: ConfigType { .text }
    package var configText: String? { text.isEmpty ? nil : text }

    package static func decode(_ document: Document, by decoder: inout ConfigDecoder) -> FeedTemplate? {
        decoder.text(of: document).map { FeedTemplate($0) }
    }
}

extension FeedEntries: ConfigDecodable {
    package static var configType: ConfigType { .map(.text) }
    package var configText: String? { nil }

    package static func decode(_ document: Document, by decoder: inout ConfigDecoder) -> FeedEntries? {
        guard let map = document.map else {
            decoder.complain(at: document.position, "a mapping is needed here, not \(document.kind)")
            return nil
        }
        return FeedEntries(
            map.compactMap { entry in
                decoder.text(of: entry.value).map { .init(name: entry.key, value: FeedTemplate($0)) }
            })
    }
}

extension FeedBody: ConfigDecodable {
    package static var configType: ConfigType { .json }
    package var configText: String? { nil }

    package static func decode(_ document: Document, by decoder: inout ConfigDecoder) -> FeedBody? {
        switch document.value {
        case .null: .null
        case .bool(let flag): .bool(flag)
        case .integer(let number): .number("\(number)")
        case .number(let number): .number("\(number)")
        case .string(let text): .text(FeedTemplate(text))
        case .list(let items): .list(items.compactMap { decode($0, by: &decoder) })
        case .map(let entries):
            .object(
                entries.compactMap { entry in
                    decode(entry.value, by: &decoder).map { Member(name: entry.key, value: $0) }
                })
        }
    }
}

extension KeyPath: ConfigDecodable {
    package static var configType: ConfigType { .text }
    package var configText: String? { steps.isEmpty ? nil : description }

    package static func decode(_ document: Document, by decoder: inout ConfigDecoder) -> KeyPath? {
        guard let text = decoder.text(of: document) else { return nil }
        if text == "$" { return KeyPath([]) }
        if let path = KeyPath(text) { return path }
        decoder.complain(
            at: document.position, "“\(text)” is no path",
            hint: "a.b, list[0], or '\"a.b\"' for a name that holds a dot; $ for the whole")
        return nil
    }
}

extension FeedPaths: ConfigDecodable {
    package static var configType: ConfigType { .oneOrMore(.text) }
    package var configText: String? { all == [KeyPath([])] ? "$" : nil }

    package static func decode(_ document: Document, by decoder: inout ConfigDecoder) -> FeedPaths? {
        OneOrMore<KeyPath>.decode(document, by: &decoder).map { FeedPaths($0.all) }
    }
}

extension FeedParameters: ConfigDecodable {
    package static var configType: ConfigType { .map(.text) }
    package var configText: String? { nil }

    /// A sentence, or a mapping with `about` and `default`.
    package static func decode(_ document: Document, by decoder: inout ConfigDecoder) -> FeedParameters? {
        guard let map = document.map else {
            decoder.complain(at: document.position, "a mapping of names is needed here, not \(document.kind)")
            return nil
        }
        var parameters = FeedParameters()
        for entry in map {
            var about: String?
            var standard: String?
            if let members = entry.value.map {
                for member in members {
                    switch member.key {
                    case "about": about = decoder.text(of: member.value)
                    case "default": standard = decoder.text(of: member.value)
                    default:
                        decoder.complain(
                            at: member.keyPosition, "a parameter has no key “\(member.key)”",
                            hint: "there is about, default")
                    }
                }
            } else {
                about = decoder.text(of: entry.value)
            }
            if ["start", "end", "next", "partition"].contains(entry.key) {
                decoder.complain(at: entry.keyPosition, "the name \(entry.key) has a meaning of its own")
            }
            parameters.all.append(.init(name: entry.key, about: about ?? "", standard: standard))
        }
        return parameters
    }
}

extension FeedStreams: ConfigDecodable {
    package static var configType: ConfigType { .map(.map(.text)) }
    package var configText: String? { nil }

    package static func decode(_ document: Document, by decoder: inout ConfigDecoder) -> FeedStreams? {
        guard let map = document.map else {
            decoder.complain(at: document.position, "a mapping of names is needed here, not \(document.kind)")
            return nil
        }
        var streams = FeedStreams()
        for entry in map {
            guard let values = entry.value.map else {
                decoder.complain(at: entry.value.position, "a stream is names and their values")
                continue
            }
            var own: [String: String] = [:]
            for value in values { own[value.key] = decoder.text(of: value.value) }
            streams.all.append(.init(name: entry.key, values: own))
        }
        return streams
    }
}

/// What no single key of a `feed.yaml` can say of itself.
struct FeedCheck {
    let feed: FeedProtocol
    let position: SourcePosition

    func run(_ decoder: inout ConfigDecoder) {
        for way in feed.ways where !CollectorConfig.ways.contains(way) {
            let near = nearestName(to: way, among: CollectorConfig.ways)
            decoder.complain(
                at: position, "nothing is collected by “\(way)”",
                hint: near.map { "did you mean “\($0)”?" }
                    ?? "one of \(CollectorConfig.ways.joined(separator: ", "))")
        }
        guard feed.position != nil else {
            if feed.endpoint.url != nil {
                decoder.complain(
                    at: position, "a feed with a request needs “position”",
                    hint: "one of \(FeedPosition.allCases.map(\.rawValue).joined(separator: ", "))")
            }
            return
        }
        guard let url = feed.endpoint.url else {
            return decoder.complain(at: position, "a feed with a position needs “get” or “post”")
        }
        if !url.text.hasPrefix("https://") {
            decoder.complain(at: position, "the URL must begin with https://")
        }
        names(&decoder)
        if feed.position == .window, !feed.endpoint.names.contains("start") {
            decoder.complain(
                at: position, "a window's request needs {start}, and {end} where the vendor takes one")
        }
        let next = feed.endpoint.next
        let wantsName = next.token != nil || next.last != nil || next.offset != nil
        if wantsName, !feed.endpoint.names.contains("next") {
            decoder.complain(at: position, "the request needs {next}, where the token goes")
        }
        if feed.position == .delta, next.delta == nil {
            decoder.complain(at: position, "a delta needs next.delta")
        }
        for stream in feed.streams.all {
            for name in feed.time?.names ?? [] where stream.values[name] == nil {
                decoder.complain(at: position, "the stream \(stream.name) gives no value to {\(name)}")
            }
        }
    }

    /// Each name has to come from somewhere.
    private func names(_ decoder: inout ConfigDecoder) {
        let own =
            feed.parameters.all.map(\.name) + ["start", "end", "next"]
            + (feed.streams.all.first.map { Array($0.values.keys) } ?? [])
        let used =
            feed.endpoint.names + (feed.before.post?.names ?? [])
            + feed.before.query.all.flatMap(\.value.names) + (feed.auth.scope?.names ?? [])
        for name in Set(used).subtracting(own).sorted() {
            let near = nearestName(to: name, among: own)
            decoder.complain(
                at: position, "{\(name)} is no parameter, and no value of a stream",
                hint: near.map { "did you mean {\($0)}?" }
                    ?? "there is \(own.sorted().joined(separator: ", "))")
        }
    }
}
