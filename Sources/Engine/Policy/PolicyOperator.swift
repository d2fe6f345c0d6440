/// How a condition compares a key's value: `ForAnyValue:StringNotLikeIfExists` in its parts.
package struct PolicyOperator: Hashable, Sendable {
    /// What is compared; each but `null` has a negated form.
    package enum Comparison: Hashable, Sendable {
        case text, textIgnoringCase, like, binary, bool, address, arn
        case number(Order), date(Order)
        /// Whether the key is there at all.
        case null
    }

    package enum Order: Hashable, Sendable { case equal, less, lessOrEqual, greater, greaterOrEqual }

    /// What to do with a key of several values.
    package enum Quantifier: Hashable, Sendable { case one, any, all }

    package var comparison: Comparison
    package var isNegated: Bool
    package var quantifier = Quantifier.one
    /// Holds where the key is absent.
    package var ifExists = false
    /// One for operators that mean the same: `ForAnyValue:ArnLike`.
    let name: String

    /// By lowercase name, without quantifier and `IfExists`.
    static let names: [String: (Comparison, Bool, String)] = {
        let list: [(String, Comparison, Bool)] = [
            ("StringEquals", .text, false), ("StringNotEquals", .text, true),
            ("StringEqualsIgnoreCase", .textIgnoringCase, false),
            ("StringNotEqualsIgnoreCase", .textIgnoringCase, true),
            ("StringLike", .like, false), ("StringNotLike", .like, true),
            ("NumericEquals", .number(.equal), false), ("NumericNotEquals", .number(.equal), true),
            ("NumericLessThan", .number(.less), false),
            ("NumericLessThanEquals", .number(.lessOrEqual), false),
            ("NumericGreaterThan", .number(.greater), false),
            ("NumericGreaterThanEquals", .number(.greaterOrEqual), false),
            ("DateEquals", .date(.equal), false), ("DateNotEquals", .date(.equal), true),
            ("DateLessThan", .date(.less), false), ("DateLessThanEquals", .date(.lessOrEqual), false),
            ("DateGreaterThan", .date(.greater), false),
            ("DateGreaterThanEquals", .date(.greaterOrEqual), false),
            ("Bool", .bool, false), ("BinaryEquals", .binary, false),
            ("IpAddress", .address, false), ("NotIpAddress", .address, true),
            ("ArnLike", .arn, false), ("ArnNotLike", .arn, true),
            ("Null", .null, false),
        ]
        var names = Dictionary(uniqueKeysWithValues: list.map { ($0.0.lowercased(), ($0.1, $0.2, $0.0)) })
        // Both compare segment by segment, wildcards included.
        names["arnequals"] = (.arn, false, "ArnLike")
        names["arnnotequals"] = (.arn, true, "ArnNotLike")
        return names
    }()

    /// `nil` for an operator that AWS does not have.
    package init?(_ name: String) {
        var rest = name.lowercased()[...]
        for (prefix, quantifier) in [("foranyvalue:", Quantifier.any), ("forallvalues:", .all)]
        where rest.hasPrefix(prefix) {
            rest = rest.dropFirst(prefix.count)
            self.quantifier = quantifier
        }
        if rest.hasSuffix("ifexists"), rest != "null" {
            rest = rest.dropLast("ifexists".count)
            ifExists = true
        }
        guard let found = Self.names[String(rest)] else { return nil }
        let canonical: String
        (comparison, isNegated, canonical) = found
        let prefix = quantifier == .one ? "" : quantifier == .any ? "ForAnyValue:" : "ForAllValues:"
        self.name = prefix + canonical + (ifExists ? "IfExists" : "")
        if comparison == .null, ifExists || quantifier != .one { return nil }
    }

    /// The nearest operator there is to what somebody wrote.
    static func nearest(to name: String) -> String? {
        let plain = name.split(separator: ":").last.map { String($0) } ?? name
        return nearestName(to: plain, among: names.values.map(\.2).sorted())
    }
}
