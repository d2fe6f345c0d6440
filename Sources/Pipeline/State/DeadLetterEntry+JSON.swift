import Codecs
import Engine

extension DeadLetterEntry {
    /// One line with the fields of the command line's contract and some more: `source`, `at` in milliseconds, and
    /// `raw_base64` where the bytes are not UTF-8, of which `raw` then shows what is, with U+FFFD for the rest.
    package func write(into bytes: inout [UInt8]) {
        bytes += Array("{\"uid\":\"".utf8)
        JSONText.escape(uid.utf8, into: &bytes)
        for (name, text) in [("feed", feed), ("file", file)] { Self.put(name, text, into: &bytes) }
        bytes += Array("\",\"line\":\(line),\"exporter\":\"".utf8)
        JSONText.escape(exporter.utf8, into: &bytes)
        Self.put("reason", reason, into: &bytes)
        let isText = String(validating: raw, as: UTF8.self) != nil
        bytes += Array("\",\"raw\":\"".utf8)
        if isText {
            JSONText.escape(raw, into: &bytes)
        } else {
            JSONText.escape(JSONText.repaired(raw).utf8, into: &bytes)
            bytes += Array("\",\"raw_base64\":\"\(Base64.encode(raw))".utf8)
        }
        Self.put("source", source, into: &bytes)
        bytes += Array("\",\"at\":\(at.milliseconds)}\n".utf8)
    }

    private static func put(_ name: String, _ text: String, into bytes: inout [UInt8]) {
        bytes += Array("\",\"\(name)\":\"".utf8)
        JSONText.escape(text.utf8, into: &bytes)
    }

    /// `nil` for a line that is not whole or not ours.
    package init?(line bytes: [UInt8]) {
        guard let document = try? JSONReader.document(in: bytes, file: "deadletter"),
            case .map(let entries) = document.value
        else { return nil }
        var fields: [String: String] = [:]
        var numbers: [String: Int64] = [:]
        for entry in entries {
            switch entry.value.value {
            case .string(let text): fields[entry.key] = text
            case .integer(let number): numbers[entry.key] = number
            default: break
            }
        }
        guard let feed = fields["feed"], let reason = fields["reason"] else { return nil }
        let raw = fields["raw_base64"].flatMap { Base64.decode($0) } ?? fields["raw"].map { Array($0.utf8) }
        self.init(
            feed: feed, source: fields["source"] ?? "", reason: reason, raw: raw ?? [],
            at: Timestamp(milliseconds: numbers["at"] ?? 0))
        uid = fields["uid"] ?? ""
        file = fields["file"] ?? ""
        line = Int(truncatingIfNeeded: numbers["line"] ?? 0)
        exporter = fields["exporter"] ?? ""
    }
}
