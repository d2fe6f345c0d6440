package import Engine

/// An absolute http or https URL that a user wrote.
package struct EndpointURL: ConfigDecodable, Hashable {
    package var text: String
    package var isPlain: Bool
    package var host: String

    /// A placeholder for a required field.
    package static let none = EndpointURL(text: "", isPlain: false, host: "")

    package static var configType: ConfigType { .url }
    package var configText: String? { text.isEmpty ? nil : text }

    private init(text: String, isPlain: Bool, host: String) {
        self.text = text
        self.isPlain = isPlain
        self.host = host
    }

    /// `nil` for anything but `http(s)://host[:port][/path]`; user names in URLs are refused, because URLs are logged.
    package init?(_ text: String) {
        let isPlain = text.hasPrefix("http://")
        guard isPlain || text.hasPrefix("https://"), !text.utf8.contains(where: { $0 <= 0x20 || $0 >= 0x7F })
        else {
            return nil
        }
        let authority = text.dropFirst(isPlain ? 7 : 8).prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        guard !authority.contains("@") else { return nil }
        let host: Substring
        let rest: Substring
        if authority.hasPrefix("["), let end = authority.firstIndex(of: "]") {
            host = authority[authority.index(after: authority.startIndex)..<end]
            rest = authority[authority.index(after: end)...]
        } else {
            host = authority.prefix { $0 != ":" }
            rest = authority.dropFirst(host.count)
        }
        guard !host.isEmpty, rest.isEmpty || (rest.hasPrefix(":") && UInt16(rest.dropFirst()) != nil) else {
            return nil
        }
        self.init(text: text, isPlain: isPlain, host: host.lowercased())
    }

    /// Whether it can only reach this machine.
    package var isLoopback: Bool {
        host == "localhost" || host == "::1" || host.hasSuffix(".localhost")
            || (host.hasPrefix("127.") && host.split(separator: ".").count == 4
                && host.split(separator: ".").allSatisfy { UInt8($0) != nil })
    }

    package static func decode(_ document: Document, by decoder: inout ConfigDecoder) -> EndpointURL? {
        guard let text = decoder.text(of: document) else { return nil }
        if let url = EndpointURL(text) { return url }
        decoder.complain(
            at: document.position, "a URL is needed here, without a user name",
            hint: "such as https://siem.example.com:8088")
        return nil
    }
}
