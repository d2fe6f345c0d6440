package import Credentials
package import Engine
package import Exporters

/// An exporter to a receiver that a file declares: its parameters are keys like any other's.
package struct DeclaredExporterConfig: Sendable {
    package let declaration: ReceiverProtocol
    package var parameters: [String: Secret] = [:]
    package var common = Common()

    /// What all of them take beside their parameters.
    package struct Common: ConfigValue {
        package var auth: AuthConfig?
        package var endpoint: EndpointURL?
        package var compression: BodyCompression?
        package var delivery = DeliveryConfig()
        package var connection = ConnectionConfig()

        package init() {}

        package static let name = "an exporter"
        package static let summary = "What every declared exporter takes."
        package static var fields: [ConfigField<Self>] {
            [
                .init("auth", \.auth, "As whom it speaks to the receiver, by the kind of credentials"),
                .init(
                    "endpoint", \.endpoint, "Base URL instead of the receiver's own, for proxies and tests"),
                .init("compression", \.compression, "Of the request's body"),
            ] + DeliveryConfig.fields.map { $0.lifted(\.delivery) }
                + ConnectionConfig.fields.map { $0.lifted(\.connection) }
        }
    }

    package static func object(of declaration: ReceiverProtocol) -> ConfigObject {
        var facts = declaration.parameters.all.map { parameter in
            ConfigFieldFacts(
                name: parameter.name,
                type: parameter.isURL ? .url : parameter.isSecret ? .secret : .text,
                isRequired: parameter.isRequired, standard: parameter.standard, help: parameter.about)
        }
        for field in Common.fields.map(\.facts) {
            var field = field
            switch field.name {
            case "auth" where declaration.auth.kinds.isEmpty: continue
            case "auth": field.isRequired = declaration.auth.isRequired
            case "compression":
                field.type = .choice(declaration.compression)
                field.standard = declaration.compression.first
            case "encoding":
                field.type = .choice(declaration.encodings)
                field.standard = declaration.encodings.first
            case "receives": field.standard = "[\(declaration.receives.joined(separator: ", "))]"
            default: break
            }
            facts.append(field)
        }
        return ConfigObject(
            name: "a \(declaration.receiver) exporter", summary: declaration.about, fields: facts)
    }

    package static func decode(
        _ document: Document, as declaration: ReceiverProtocol, by decoder: inout ConfigDecoder
    ) -> DeclaredExporterConfig? {
        let names = declaration.parameters.all.map(\.name)
        let before = decoder.problems.count
        guard let common = Common.decode(document, ignoring: Set(names + ["to"]), by: &decoder) else {
            return nil
        }
        var config = DeclaredExporterConfig(declaration: declaration, common: common)
        for parameter in declaration.parameters.all {
            guard let given = document[parameter.name] else {
                if parameter.isRequired {
                    decoder.complain(
                        at: document.position, "a \(declaration.receiver) exporter needs “\(parameter.name)”",
                        hint: parameter.about)
                }
                config.parameters[parameter.name] = parameter.standard.map { Secret($0) }
                continue
            }
            config.parameters[parameter.name] =
                parameter.isURL
                ? config.address(parameter, given, &decoder)
                : decoder.text(of: given).map { Secret($0) }
        }
        if document["receives"] == nil {
            config.common.delivery.receives = declaration.receives.compactMap { Delivered(rawValue: $0) }
        }
        if decoder.problems.count == before { config.check(document.position, &decoder) }
        return config
    }

    private func address(
        _ parameter: ReceiverParameters.Parameter, _ document: Document, _ decoder: inout ConfigDecoder
    ) -> Secret? {
        guard let url = EndpointURL.decode(document, by: &decoder) else { return nil }
        common.connection.checkPlain(url, parameter.name, at: document.position, by: &decoder)
        return Secret(url.text.hasSuffix("/") ? String(url.text.dropLast()) : url.text)
    }

    private func check(_ position: SourcePosition, _ decoder: inout ConfigDecoder) {
        common.connection.checkPlain(common.endpoint, "endpoint", at: position, by: &decoder)
        let name = declaration.receiver
        let kinds = declaration.auth.kinds
        if let auth = common.auth, !kinds.contains(auth.kind) {
            decoder.complain(
                at: position, "\(name) does not take auth of the kind \(auth.kind)",
                hint: kinds.isEmpty ? "it takes none" : "it takes \(kinds.joined(separator: ", "))")
        }
        if common.auth == nil, !kinds.isEmpty, declaration.auth.isRequired,
            common.endpoint?.isLoopback != true
        {
            decoder.complain(
                at: position, "\(name) needs “auth” of the kind \(kinds.joined(separator: " or "))")
        }
        common.delivery.check(
            encodings: declaration.encodings.compactMap { EncodingChoice(rawValue: $0) }, at: position,
            by: &decoder)
        if let compression = common.compression, !declaration.compression.contains(compression.rawValue) {
            decoder.complain(
                at: position, "compression: \(name) does not read \(compression.rawValue)",
                hint: "one of \(declaration.compression.joined(separator: ", "))")
        }
    }

    package var compression: BodyCompression {
        common.compression ?? declaration.compression.first.flatMap { BodyCompression(rawValue: $0) } ?? .none
    }

    /// The receiver's address without a path, where it is known before a request is made.
    var probeAddress: String? {
        var fields = FieldPaths()
        let names = EventTemplate.Names(
            parameters: values, addresses: Set(declaration.parameters.all.filter(\.isURL).map(\.name)))
        guard common.endpoint == nil else { return common.endpoint?.text }
        guard let template = try? EventTemplate(declaration.post, at: .url, names, fields: &fields) else {
            return nil
        }
        let url = String(decoding: TemplateWriter(fields).fixed(template), as: UTF8.self)
        guard let scheme = url.firstRange(of: "://") else { return nil }
        return String(url[..<scheme.upperBound] + url[scheme.upperBound...].prefix { $0 != "/" && $0 != "?" })
    }

    /// As the templates take them: `nil` for what the user did not set, or set to nothing.
    var values: [String: String?] {
        var values: [String: String?] = [:]
        for parameter in declaration.parameters.all {
            let text = parameters[parameter.name]?.revealed ?? ""
            values[parameter.name] = .some(text.isEmpty ? nil : text)
        }
        return values
    }
}
