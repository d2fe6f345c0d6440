package import Engine
package import Exporters

// What may stand in a file of `schemas/receivers/`: the declarations that decode it and refuse what is misspelt.

extension ReceiverProtocol: ConfigValue {
    package static let name = "a receiver"
    package static let summary = "A receiver that one POST of a text made of events is enough for."
    package static var fields: [ConfigField<Self>] {
        [
            .init(
                "receiver", \.receiver, isRequired: true, "What `to:` calls it; the file has the same name"),
            .init("about", \.about, isRequired: true, "What it is, in a sentence"),
            .init("counts", \.counts, isRequired: true, "What counts as accepted"),
            .init("repeats", \.repeats, isRequired: true, "What becomes of an event that is sent twice"),
            .init("parameters", \.parameters, "What the user must or may say"),
            .init("auth", \.auth, "Which credentials it takes"),
            .init("post", \.post, isRequired: true, "Where batches are posted"),
            .init("headers", \.headers, "Header fields; one without a value is left out"),
            .init("body", \.body, "How a body is made of events"),
            .init("compression", \.compression, "What it can unpack, the usual first"),
            .init("encodings", \.encodings, "Which encodings it takes, the usual first"),
            .init("limits", \.limits, "What it takes at once"),
            .init("tables", \.tables, "Words for values"),
            .init("answers", \.answers, "What its answers mean; the first that fits counts"),
            .init("receives", \.receives, "What it is sent where the user does not say"),
        ]
    }

    package func check(at position: SourcePosition, by decoder: inout ConfigDecoder) {
        var config = DeclaredExporter.Config()
        for parameter in parameters.all { config.parameters[parameter.name] = .some("x") }
        do throws(EventTemplate.Flaw) {
            _ = try DeclaredExporter(self, config)
        } catch {
            decoder.complain(at: position, error.message)
        }
        if !answers.contains(where: { $0.then == .accepted }) {
            decoder.complain(at: position, "no answer of it means that a batch was accepted")
        }
    }
}

extension ReceiverParameters: ConfigDecodable {
    package static var configType: ConfigType { .map(.text) }
    package var configText: String? { nil }

    /// A sentence, or a mapping with `about` and what the parameter is.
    package static func decode(_ document: Document, by decoder: inout ConfigDecoder) -> ReceiverParameters? {
        guard let map = document.map else {
            decoder.complain(at: document.position, "a mapping of names is needed here, not \(document.kind)")
            return nil
        }
        var parameters = ReceiverParameters()
        for entry in map {
            var parameter = Parameter(name: entry.key)
            for member in entry.value.map ?? [] {
                switch member.key {
                case "about": parameter.about = decoder.text(of: member.value) ?? ""
                case "default": parameter.standard = decoder.text(of: member.value)
                case "secret": parameter.isSecret = member.value.bool ?? false
                case "url": parameter.isURL = member.value.bool ?? false
                case "optional": parameter.isOptional = member.value.bool ?? false
                default:
                    decoder.complain(
                        at: member.keyPosition, "a parameter has no key “\(member.key)”",
                        hint: "there is about, default, optional, secret, url")
                }
            }
            if entry.value.map == nil { parameter.about = decoder.text(of: entry.value) ?? "" }
            parameters.all.append(parameter)
        }
        return parameters
    }
}

extension ReceiverAuth: ConfigValue {
    package static let name = "auth"
    package static let summary = "Which credentials it takes."
    package static var fields: [ConfigField<Self>] {
        [
            .init("kinds", \.kinds, "Kinds of an exporter's `auth` that it takes") { kinds in
                kinds.first { !AuthConfig.kinds.contains($0) }.map { "there is no kind \($0)" }
            },
            .init("scope", \.scope, "What a token is asked for"),
            .init("required", \.isRequired, "Whether the user must give it"),
        ]
    }
}

extension ReceiverHeaders: ConfigDecodable {
    package static var configType: ConfigType { .map(.text) }
    package var configText: String? { nil }

    package static func decode(_ document: Document, by decoder: inout ConfigDecoder) -> ReceiverHeaders? {
        guard let map = document.map else {
            decoder.complain(at: document.position, "a mapping is needed here, not \(document.kind)")
            return nil
        }
        return ReceiverHeaders(
            map.compactMap { entry in decoder.text(of: entry.value).map { .init(name: entry.key, value: $0) }
            })
    }
}

extension ReceiverBody: ConfigValue {
    package static let name = "body"
    package static let summary = "Templates; what is between events is a text as it stands."
    package static var fields: [ConfigField<Self>] {
        [
            .init("begin", \.begin, "Before the first event"), .init("event", \.event, "For each event"),
            .init("between", \.between, "Between two"), .init("end", \.end, "Behind the last"),
            .init(
                "escape", \.escape, "Characters of fields that are markup there, and what is written instead"),
        ]
    }
}

extension Int {
    /// A size in bytes, as a limit of Martlet's own.
    fileprivate static func bytes(_ document: Document, by decoder: inout ConfigDecoder) -> Int? {
        ByteSize.decode(document, by: &decoder).map { Int($0.bytes) }
    }
}

extension ReceiverLimits: ConfigDecodable {
    package static var configType: ConfigType { .map(.size) }
    package var configText: String? { nil }

    package static func decode(_ document: Document, by decoder: inout ConfigDecoder) -> ReceiverLimits? {
        var limits = ReceiverLimits()
        for entry in document.map ?? [] {
            switch entry.key {
            case "rows": limits.rows = Int.decode(entry.value, by: &decoder)
            case "bytes": limits.bytes = Int.bytes(entry.value, by: &decoder)
            case "event": limits.event = Int.bytes(entry.value, by: &decoder)
            case "batch": limits.batch = Int.bytes(entry.value, by: &decoder)
            default:
                decoder.complain(
                    at: entry.keyPosition, "limits has no key “\(entry.key)”",
                    hint: "there is batch, bytes, event, rows")
            }
        }
        return limits
    }
}

extension ReceiverTables: ConfigDecodable {
    package static var configType: ConfigType { .json }
    package var configText: String? { nil }

    package static func decode(_ document: Document, by decoder: inout ConfigDecoder) -> ReceiverTables? {
        guard let map = document.map else {
            decoder.complain(at: document.position, "a mapping is needed here, not \(document.kind)")
            return nil
        }
        var tables = ReceiverTables()
        for entry in map {
            guard let from = entry.value["from"].flatMap({ decoder.text(of: $0) }) else {
                decoder.complain(at: entry.keyPosition, "the table \(entry.key) needs “from”")
                continue
            }
            let cases = (entry.value["cases"]?.map ?? []).compactMap { one in
                decoder.text(of: one.value).map { (key: Array(one.key.utf8), word: Array($0.utf8)) }
            }
            let otherwise = entry.value["otherwise"].flatMap { decoder.text(of: $0) }.map { Array($0.utf8) }
            tables.all[entry.key] = .init(from: from, cases: cases, otherwise: otherwise)
        }
        return tables
    }
}

extension ReceiverAnswer.Meaning: ConfigChoice {}

extension ReceiverAnswer: ConfigValue {
    package static let name = "an answer"
    package static let summary = "What an answer means; what no entry names has HTTP's usual meaning."
    package static var fields: [ConfigField<Self>] {
        [
            .init("status", \.status, isRequired: true, "Statuses"),
            .init("has", \.has, "A text that stands in the body"),
            .init("begins", \.begins, "A text that the body begins with"),
            .init("is", \.equals, "What the body is"),
            .init("empty", \.isEmpty, "The body has nothing in it"),
            .init("count", \.count, "Path of a number in the body that is more than zero"),
            .init("then", \.then, isRequired: true, "What it means for the batch"),
            .init("say", \.say, "What a person is told"),
        ]
    }
}
