extension OCSFSchema.Scalar {
    /// What is wrong with a value of this type, or `nil`. A string's text comes without quotes, still escaped.
    func fault(_ kind: EventTree.Kind, _ bytes: borrowing Span<UInt8>, _ text: Range<Int>) -> String? {
        switch self {
        case .json: return nil
        case .boolean: return kind == .boolean ? nil : "is not true or false"
        case .float: return kind == .integer || kind == .number ? nil : "is not a number"
        case .integer, .long, .port, .timestamp:
            guard kind == .integer, let value = decimal(in: bytes, text) else {
                return "is not a whole number"
            }
            if self == .port { return (0...65_535).contains(value) ? nil : "is no port" }
            if self == .integer { return Int32(exactly: value) == nil ? "is over 32 bits" : nil }
            return nil
        default:
            guard kind == .string else { return "is not a string" }
            return textFault(bytes, text)
        }
    }

    private func textFault(_ bytes: borrowing Span<UInt8>, _ text: Range<Int>) -> String? {
        switch self {
        case .ip: IPText.isAddress(bytes, text) ? nil : "is no IP address"
        case .subnet: IPText.isSubnet(bytes, text) ? nil : "is no subnet"
        case .datetime: isRFC3339(bytes, text) ? nil : "is no RFC 3339 time"
        case .email: isEmail(bytes, text) ? nil : "is no email address"
        case .mac: isGrouped(bytes, text, [2, 2, 2, 2, 2, 2], by: ":-") ? nil : "is no MAC address"
        case .uuid: isGrouped(bytes, text, [8, 4, 4, 4, 12], by: "-") ? nil : "is no UUID"
        case .hostname: isHostname(bytes, text) ? nil : "is no host name"
        default: nil
        }
    }
}

/// A decimal integer of at most 64 bits; `nil` where it is longer.
func decimal(in bytes: borrowing Span<UInt8>, _ text: Range<Int>) -> Int64? {
    var value: Int64 = 0
    var at = text.lowerBound
    let isNegative = !text.isEmpty && bytes[at] == UInt8(ascii: "-")
    if isNegative { at += 1 }
    guard at < text.upperBound, text.upperBound - at <= 19 else { return nil }
    while at < text.upperBound {
        let digit = Int64(bytes[at]) - 48
        guard (0...9).contains(digit) else { return nil }
        let (tens, overflow) = value.multipliedReportingOverflow(by: 10)
        let (sum, carry) =
            isNegative ? tens.subtractingReportingOverflow(digit) : tens.addingReportingOverflow(digit)
        if overflow || carry { return nil }
        value = sum
        at += 1
    }
    return value
}

private func isDigit(_ byte: UInt8) -> Bool { byte >= 48 && byte <= 57 }

private func isAlphanumeric(_ byte: UInt8) -> Bool {
    isDigit(byte) || (byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z"))
}

private func isHex(_ byte: UInt8) -> Bool {
    isDigit(byte) || (byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "f"))
}

/// Hexadecimal digits in groups of these sizes, with one of the separators between them.
private func isGrouped(
    _ bytes: borrowing Span<UInt8>, _ text: Range<Int>, _ groups: [Int], by separators: String
) -> Bool {
    var at = text.lowerBound
    for (index, size) in groups.enumerated() {
        if index > 0 {
            guard at < text.upperBound, separators.utf8.contains(bytes[at]) else { return false }
            at += 1
        }
        for _ in 0..<size {
            guard at < text.upperBound, isHex(bytes[at]) else { return false }
            at += 1
        }
    }
    return at == text.upperBound
}

/// `1985-04-12T23:20:50.52Z`: OCSF's own pattern, with the offset it leaves optional.
private func isRFC3339(_ bytes: borrowing Span<UInt8>, _ text: Range<Int>) -> Bool {
    let shape = "0000-00-00T00:00:00"
    guard text.count >= shape.utf8.count else { return false }
    var at = text.lowerBound
    for wanted in shape.utf8 {
        let byte = bytes[at]
        let isRight =
            wanted == UInt8(ascii: "0")
            ? isDigit(byte) : wanted == UInt8(ascii: "T") ? byte | 0x20 == 0x74 : byte == wanted
        guard isRight else { return false }
        at += 1
    }
    if at < text.upperBound, bytes[at] == UInt8(ascii: ".") {
        at += 1
        let fraction = at
        while at < text.upperBound, isDigit(bytes[at]) { at += 1 }
        if at == fraction { return false }
    }
    if at == text.upperBound { return true }
    if bytes[at] | 0x20 == UInt8(ascii: "z") { return at + 1 == text.upperBound }
    guard text.upperBound - at == 6, bytes[at] == UInt8(ascii: "+") || bytes[at] == UInt8(ascii: "-") else {
        return false
    }
    return isDigit(bytes[at + 1]) && isDigit(bytes[at + 2]) && bytes[at + 3] == UInt8(ascii: ":")
        && isDigit(bytes[at + 4]) && isDigit(bytes[at + 5])
}

/// One `@`, something before it, a dotted name after it.
private func isEmail(_ bytes: borrowing Span<UInt8>, _ text: Range<Int>) -> Bool {
    var sign = -1
    var hasDot = false
    for at in text {
        if bytes[at] == UInt8(ascii: "@") {
            if sign >= 0 { return false }
            sign = at
        } else if bytes[at] <= 0x20 {
            return false
        } else if sign >= 0 {
            if bytes[at] == UInt8(ascii: ".") { hasDot = true }
            guard
                isAlphanumeric(bytes[at]) || bytes[at] == UInt8(ascii: ".") || bytes[at] == UInt8(ascii: "-")
            else {
                return false
            }
        }
    }
    return sign > text.lowerBound && hasDot && sign + 1 < text.upperBound
}

/// Letters, digits and hyphens in dotted labels, with one dot allowed at the end.
private func isHostname(_ bytes: borrowing Span<UInt8>, _ text: Range<Int>) -> Bool {
    var labelStart = text.lowerBound
    for at in text {
        if bytes[at] == UInt8(ascii: ".") {
            if at == labelStart || bytes[at - 1] == UInt8(ascii: "-") { return false }
            labelStart = at + 1
        } else if bytes[at] == UInt8(ascii: "-") {
            if at == labelStart { return false }
        } else if !isAlphanumeric(bytes[at]) {
            return false
        }
    }
    return !text.isEmpty && bytes[text.upperBound - 1] != UInt8(ascii: "-")
}

/// IP addresses as text.
package enum IPText {
    package static func isAddress(_ bytes: borrowing Span<UInt8>, _ text: Range<Int>) -> Bool {
        isV4(bytes, text) || isV6(bytes, text)
    }

    package static func isSubnet(_ bytes: borrowing Span<UInt8>, _ text: Range<Int>) -> Bool {
        var slash = text.upperBound
        for at in text where bytes[at] == UInt8(ascii: "/") { slash = at }
        guard slash < text.upperBound, let bits = decimal(in: bytes, slash + 1..<text.upperBound), bits >= 0
        else {
            return false
        }
        let address = text.lowerBound..<slash
        return isV4(bytes, address) ? bits <= 32 : isV6(bytes, address) && bits <= 128
    }

    static func isV4(_ bytes: borrowing Span<UInt8>, _ text: Range<Int>) -> Bool {
        var parts = 0
        var digits = 0
        var value = 0
        for at in text {
            if isDigit(bytes[at]) {
                digits += 1
                value = value * 10 + Int(bytes[at] - 48)
                if digits > 3 || value > 255 { return false }
            } else if bytes[at] == UInt8(ascii: "."), digits > 0 {
                parts += 1
                digits = 0
                value = 0
            } else {
                return false
            }
        }
        return parts == 3 && digits > 0
    }

    static func isV6(_ bytes: borrowing Span<UInt8>, _ text: Range<Int>) -> Bool {
        var groups = 0
        var digits = 0
        var hasGap = false
        var at = text.lowerBound
        var groupStart = at
        while at < text.upperBound {
            let byte = bytes[at]
            if isHex(byte) {
                digits += 1
                if digits > 4 { return false }
                at += 1
            } else if byte == UInt8(ascii: ":") {
                let isDouble = at + 1 < text.upperBound && bytes[at + 1] == UInt8(ascii: ":")
                if digits > 0 { groups += 1 }
                if isDouble {
                    if hasGap { return false }
                    hasGap = true
                    at += 2
                } else {
                    if digits == 0 || at + 1 == text.upperBound { return false }
                    at += 1
                }
                digits = 0
                groupStart = at
            } else if byte == UInt8(ascii: "."), isV4(bytes, groupStart..<text.upperBound) {
                groups += 2
                return hasGap ? groups <= 7 : groups == 8
            } else {
                return false
            }
        }
        if digits > 0 { groups += 1 }
        return hasGap ? groups <= 7 : groups == 8
    }
}
