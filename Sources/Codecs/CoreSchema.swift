package import Engine

/// What a plain scalar means under YAML 1.2's core schema.
package enum CoreSchema {
    package static func value(of text: String) -> Document.Value {
        switch text {
        case "", "~", "null", "Null", "NULL": return .null
        case "true", "True", "TRUE": return .bool(true)
        case "false", "False", "FALSE": return .bool(false)
        case ".nan", ".NaN", ".NAN": return .number(.nan)
        default: break
        }
        let bytes = Array(text.utf8)
        guard let first = bytes.first, isDigit(first) || first == minus || first == plus || first == dot
        else {
            return .string(text)
        }
        let digits = Array(first == minus || first == plus ? bytes.dropFirst() : bytes[...])
        if ["inf", "Inf", "INF"].contains(where: { digits == Array(".\($0)".utf8) }) {
            return .number(first == minus ? -.infinity : .infinity)
        }
        if bytes.count > 2, bytes[0] == zero, bytes[1] == UInt8(ascii: "x") || bytes[1] == UInt8(ascii: "o") {
            let radix = bytes[1] == UInt8(ascii: "x") ? 16 : 8
            // `Int64(_:radix:)` also takes a sign, which does not belong here.
            guard isDigit(bytes[2]) || hexNibble(bytes[2]) != nil,
                let value = Int64(text.dropFirst(2), radix: radix)
            else { return .string(text) }
            return .integer(value)
        }
        if !digits.isEmpty, digits.allSatisfy(isDigit) {
            return Int64(text).map { .integer($0) } ?? Double(text).map { .number($0) } ?? .string(text)
        }
        return isFloat(digits) ? Double(text).map { .number($0) } ?? .string(text) : .string(text)
    }

    /// `[-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?`, the sign already taken off.
    private static func isFloat(_ digits: [UInt8]) -> Bool {
        var rest = digits[...]
        let whole = rest.prefix(while: isDigit).count
        rest = rest.dropFirst(whole)
        var fraction = 0
        if rest.first == dot {
            rest = rest.dropFirst()
            fraction = rest.prefix(while: isDigit).count
            rest = rest.dropFirst(fraction)
        }
        guard whole + fraction > 0 else { return false }
        if rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
            rest = rest.dropFirst()
            if rest.first == minus || rest.first == plus { rest = rest.dropFirst() }
            guard let digit = rest.first, isDigit(digit) else { return false }
            rest = rest.drop(while: isDigit)
        }
        return rest.isEmpty
    }

    private static let zero = UInt8(ascii: "0")
    private static let minus = UInt8(ascii: "-")
    private static let plus = UInt8(ascii: "+")
    private static let dot = UInt8(ascii: ".")

    private static func isDigit(_ byte: UInt8) -> Bool { byte &- zero < 10 }
}
