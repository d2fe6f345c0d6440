import Credentials

/// JSON for people: a member a line, members in byte order of their names.
enum PrettyJSON {
    static func text(_ value: JSONValue) -> String {
        var out = ""
        write(value, indent: 0, to: &out)
        return out
    }

    private static func write(_ value: JSONValue, indent: Int, to out: inout String) {
        let space = String(repeating: "  ", count: indent + 1)
        let end = String(repeating: "  ", count: indent)
        switch value {
        case .object(let members) where !members.isEmpty:
            out += "{\n"
            for (place, member) in members.sorted(by: { $0.key < $1.key }).enumerated() {
                if place > 0 { out += ",\n" }
                out += space + String(decoding: JSONValue.string(member.key).bytes, as: UTF8.self) + ": "
                write(member.value, indent: indent + 1, to: &out)
            }
            out += "\n\(end)}"
        case .array(let items) where !items.isEmpty:
            out += "[\n"
            for (place, item) in items.enumerated() {
                if place > 0 { out += ",\n" }
                out += space
                write(item, indent: indent + 1, to: &out)
            }
            out += "\n\(end)]"
        default: out += String(decoding: value.bytes, as: UTF8.self)
        }
    }
}
