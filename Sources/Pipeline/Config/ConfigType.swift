/// What a configuration value may be: what decoding, the JSON Schema and the reference page have in common.
package indirect enum ConfigType: Sendable {
    case text
    /// Text that is never shown; usually a `${env:NAME}` or `${file:PATH}` reference.
    case secret
    case url
    case bool
    case integer(ClosedRange<Int>)
    case duration
    case size
    case choice([String])
    /// One value or a list of them.
    case oneOrMore(ConfigType)
    case list(ConfigType)
    /// Names of the user's to values.
    case map(ConfigType)
    case object(ConfigObject)
    /// One of several objects, told apart by the value of one key.
    case tagged(key: String, [(tag: String, object: ConfigObject)])
    /// OCSF paths to the values compared with.
    case conditions
    /// Anything JSON can say.
    case json

    /// In a few words, for messages and for the reference.
    package var name: String {
        switch self {
        case .text: "text"
        case .secret: "secret"
        case .url: "URL"
        case .bool: "true or false"
        case .integer(let range):
            range.upperBound == .max
                ? "number from \(range.lowerBound)"
                : "number, \(range.lowerBound) to \(range.upperBound)"
        case .duration: "duration"
        case .size: "size"
        case .choice(let names): names.map { "`\($0)`" }.joined(separator: ", ")
        case .oneOrMore(let element): "\(element.name), or a list of them"
        case .list(let element): "list of \(element.name)"
        case .map(let element): "names to \(element.name)"
        case .object(let object): object.name
        case .tagged(let key, _): "one kind, chosen by `\(key)`"
        case .conditions: "paths to values"
        case .json: "JSON"
        }
    }
}

/// A mapping with known keys.
package struct ConfigObject: Sendable {
    package var name: String
    package var summary: String
    package var fields: [ConfigFieldFacts]
}

/// What is declared about one key.
package struct ConfigFieldFacts: Sendable {
    package var name: String
    package var type: ConfigType
    package var isRequired: Bool
    /// As the user would write it; `nil` where leaving the key out means that there is nothing.
    package var standard: String?
    package var help: String
}
