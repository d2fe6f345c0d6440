/// What one record tells of who acted with what, and of what it hands out: the values of a mapping's `attribution:`,
/// by where they stand in `EventBatch.acts`.
///
/// Written by the mapping beside the event, as one JSON object with a letter for each field, and never part of the
/// event's text. Texts stay escaped as they came.
package struct Act {
    /// In the order of their letters: one more goes at the end.
    package enum Field: Int, CaseIterable, Sendable {
        case system, key, session, sessionTime, parentSession, shared, parentSystem, parentKey
        case subject, subjectAlt, name, email, kind, typeID
        case issuer, onBehalfOf, permissionSetUser, sourceIdentity, sessionName, instance, switchedFrom
        case delegates
        case issuedBy, issuedKey, issuedSession, issuedRole, issuedAccount, issuedName, issuedSubject
        case account, accountAlt, accountName, accountEmail

        /// As mappings write it.
        var attribute: String {
            switch self {
            case .system: "system"
            case .key: "key"
            case .session: "session"
            case .sessionTime: "session_time"
            case .parentSession: "parent_session"
            case .shared: "shared"
            case .parentSystem: "parent_system"
            case .parentKey: "parent_key"
            case .subject: "subject"
            case .subjectAlt: "subject_alt"
            case .name: "name"
            case .email: "email"
            case .kind: "kind"
            case .typeID: "type_id"
            case .issuer: "issuer"
            case .onBehalfOf: "on_behalf_of"
            case .permissionSetUser: "permission_set_user"
            case .sourceIdentity: "source_identity"
            case .sessionName: "session_name"
            case .instance: "instance"
            case .switchedFrom: "switched_from"
            case .delegates: "delegates"
            case .issuedBy: "issued_by"
            case .issuedKey: "issued_key"
            case .issuedSession: "issued_session"
            case .issuedRole: "issued_role"
            case .issuedAccount: "issued_account"
            case .issuedName: "issued_name"
            case .issuedSubject: "issued_subject"
            case .account: "account"
            case .accountAlt: "account_alt"
            case .accountName: "account_name"
            case .accountEmail: "account_email"
            }
        }

        /// `A` to `Z`, then `a` to `z`.
        var letter: UInt8 {
            let number = UInt8(truncatingIfNeeded: rawValue)
            return number < 26 ? UInt8(ascii: "A") + number : UInt8(ascii: "a") + number - 26
        }

        static func number(of letter: UInt8) -> Int {
            letter < UInt8(ascii: "a") ? Int(letter) - 65 : Int(letter) - 97 + 26
        }
    }

    /// A longer value is as if it were not there: bytes.
    static let textBytesMax = 2_048
    /// Callers in whose name one act was done.
    static let delegatesMax = 8

    private var fields = InlineArray<40, Extent>(repeating: .none)
    private(set) var delegates: [Extent] = []

    /// Reads an act's text; what is not as the mapping writes it ends the reading.
    init(_ bytes: Span<UInt8>, _ range: Range<Int>) {
        var at = range.lowerBound + 1
        let end = range.upperBound - 1
        while at + 4 < end {
            let field = Field.number(of: bytes[at + 1])
            at += 4
            let value: Extent
            switch bytes[at] {
            case UInt8(ascii: "\""):
                let close = Self.closingQuote(bytes, at + 1, end)
                value = Extent(start: at + 1, count: close - at - 1)
                at = close + 1
            case UInt8(ascii: "["):
                value = .none
                readDelegates(bytes, &at, end)
            default:
                let start = at
                while at < end, bytes[at] != UInt8(ascii: ",") { at += 1 }
                value = Extent(start: start, count: at - start)
            }
            if field >= 0, field < 40, value.count <= Self.textBytesMax { fields[field] = value }
            at += 1
        }
    }

    private static func closingQuote(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Int {
        var at = start
        while at < end, bytes[at] != UInt8(ascii: "\"") { at += bytes[at] == UInt8(ascii: "\\") ? 2 : 1 }
        return min(at, end)
    }

    private mutating func readDelegates(_ bytes: Span<UInt8>, _ at: inout Int, _ end: Int) {
        at += 1
        while at < end, bytes[at] == UInt8(ascii: "\"") {
            let close = Self.closingQuote(bytes, at + 1, end)
            if close > at + 1, close - at <= Self.textBytesMax, delegates.count < Self.delegatesMax {
                delegates.append(Extent(start: at + 1, count: close - at - 1))
            }
            at = close + 1
            if at < end, bytes[at] == UInt8(ascii: ",") { at += 1 }
        }
        at += 1
    }

    /// Where a value stands; `nil` where it is not there, or empty, or says that nobody knows.
    func text(_ field: Field, _ bytes: Span<UInt8>) -> Range<Int>? {
        let value = fields[field.rawValue]
        if value.isEmpty { return nil }
        if bytes.holds("Unknown", value.range) || bytes.holds("HIDDEN_DUE_TO_SECURITY_REASONS", value.range) {
            return nil
        }
        return value.range
    }

    func number(_ field: Field, _ bytes: Span<UInt8>) -> Int64? {
        let value = fields[field.rawValue]
        guard !value.isEmpty, value.count <= 19 else { return nil }
        var number: Int64 = 0
        var isNegative = false
        for index in value.range {
            if index == Int(value.start), bytes[index] == UInt8(ascii: "-") {
                isNegative = true
                continue
            }
            guard (0x30...0x39).contains(bytes[index]) else { return nil }
            let (scaled, overflow) = number.multipliedReportingOverflow(by: 10)
            let (sum, carry) = scaled.addingReportingOverflow(Int64(bytes[index]) - 0x30)
            guard !overflow, !carry else { return nil }
            number = sum
        }
        return isNegative ? -number : number
    }

    /// Whether the act is the same fact whenever it happens, so that its repetition tells nothing.
    var isRepeatable: Bool {
        for field in [Field.issuedBy, .shared] where !fields[field.rawValue].isEmpty { return false }
        return true
    }
}

extension Span where Element == UInt8 {
    func holds(_ text: StaticString, _ range: Range<Int>) -> Bool {
        Extent(start: range.lowerBound, count: range.count).equals(self, text)
    }

    func starts(with text: StaticString, _ range: Range<Int>) -> Bool {
        range.count >= text.utf8CodeUnitCount
            && holds(text, range.lowerBound..<range.lowerBound + text.utf8CodeUnitCount)
    }

    func bytes(_ range: Range<Int>) -> [UInt8] {
        var out: [UInt8] = []
        out.append(extracting(range))
        return out
    }

    /// Whether it looks like an address: one `@` with something on both sides, and no space.
    func isAddress(_ range: Range<Int>) -> Bool {
        var place: Int?
        for index in range {
            // A colon stands between a name qualifier and a name: AWS's principal ids of federated people.
            if self[index] <= 0x20 || self[index] == UInt8(ascii: "\\") || self[index] == UInt8(ascii: ":") {
                return false
            }
            if self[index] == UInt8(ascii: "@") {
                if place != nil { return false }
                place = index
            }
        }
        guard let place, place > range.lowerBound, place < range.upperBound - 3 else { return false }
        for index in place..<range.upperBound where self[index] == UInt8(ascii: ".") { return true }
        return false
    }
}
