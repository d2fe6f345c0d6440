/// Documents as changes carry them, each in one form and held once.
///
/// The same document has the same text however it was written, so that what only formats anew changes nothing. Holds what
/// it has seen, up to a limit, past which it begins anew: it answers the same with and without.
package final class PolicyTexts {
    /// Texts remembered, and their bytes.
    static let textsMax = 16_384
    static let bytesMax = 64 << 20

    private var forms: [String: String] = [:]
    private var bytes = 0
    private let reader = DocumentReader()

    package init() {}

    /// The text in its one form: members by name, no white space; as it is where it is no JSON.
    package func canonical(_ text: String) -> String {
        if let known = forms[text] { return known }
        let form = document(text)?.plainJSON ?? text
        if forms.count >= Self.textsMax || bytes > Self.bytesMax {
            forms = [:]
            bytes = 0
        }
        bytes += text.utf8.count + form.utf8.count
        forms[text] = form
        return form
    }

    /// Of a policy's text, percent-encoded or plain.
    package func document(_ text: String) -> Document? {
        let bytes = Array(text.utf8)
        return reader.document(of: bytes.first == UInt8(ascii: "%") ? Self.percentDecoded(bytes) : bytes)
    }

    /// What is no percent sign with two hexadecimal digits stays as it is.
    package static func percentDecoded(_ bytes: [UInt8]) -> [UInt8] {
        var decoded: [UInt8] = []
        var at = 0
        while at < bytes.count {
            if bytes[at] == UInt8(ascii: "%"), at + 2 < bytes.count,
                let value = UInt8(String(decoding: bytes[at + 1...at + 2], as: UTF8.self), radix: 16)
            {
                decoded.append(value)
                at += 3
            } else {
                decoded.append(bytes[at])
                at += 1
            }
        }
        return decoded
    }
}
