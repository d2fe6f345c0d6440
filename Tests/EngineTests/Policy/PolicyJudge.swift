import Foundation

/// A second reading of AWS's rules, slow and plain, that shares no code with the engine: the judge of its verdicts.
struct PolicyJudge {
    struct Condition {
        var name: String
        var key: String
        var values: [String]
    }

    struct Statement {
        var isAllow = true
        var actions: [String] = []
        var isNotAction = false
        var resources: [String] = []
        var isNotResource = false
        var conditions: [Condition] = []
    }

    struct Request {
        var action: String
        var resource: String
        /// By key; several values where the key has a list.
        var context: [String: [String]]
        /// Keys that have a list.
        var lists: Set<String> = []
    }

    enum Decision { case allow, deny, implicitDeny }

    var statements: [Statement]
    var crossesColons = false

    func decision(_ request: Request) -> Decision {
        var isAllowed = false
        for statement in statements where holds(statement, request) {
            if !statement.isAllow { return .deny }
            isAllowed = true
        }
        return isAllowed ? .allow : .implicitDeny
    }

    private func holds(_ statement: Statement, _ request: Request) -> Bool {
        let action = request.action.lowercased()
        let isAction = statement.actions.contains { $0 == "*" || Self.glob($0.lowercased(), action) }
        guard isAction != statement.isNotAction else { return false }
        var isResource = false
        for pattern in statement.resources {
            guard let pattern = Self.filled(pattern, request) else {
                if statement.isNotResource { return false }
                continue
            }
            if matches(pattern, request.resource) { isResource = true }
        }
        guard isResource != statement.isNotResource else { return false }
        return statement.conditions.allSatisfy { Self.holds($0, request) }
    }

    private func matches(_ pattern: String, _ resource: String) -> Bool {
        if pattern == "*" { return true }
        if resource == "*" { return false }
        var left = pattern.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false).map {
            String($0)
        }
        let right = resource.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false).map {
            String($0)
        }
        while left.count > 1, left.count < 6, left.last?.hasSuffix("*") == true { left.append("*") }
        if crossesColons { return Self.glob(left.joined(separator: ":"), resource) }
        return left.count == 6 && right.count == 6 && zip(left, right).allSatisfy { Self.glob($0, $1) }
    }

    /// `nil` where a variable has no value.
    private static func filled(_ text: String, _ request: Request) -> String? {
        var text = text
        while let start = text.range(of: "${"),
            let end = text.range(of: "}", range: start.upperBound..<text.endIndex)
        {
            guard
                let value = request.context[String(text[start.upperBound..<end.lowerBound]).lowercased()]?
                    .first
            else { return nil }
            text.replaceSubrange(start.lowerBound..<end.upperBound, with: value)
        }
        return text
    }

    static func glob(_ pattern: String, _ text: String) -> Bool {
        // Row by row over the pattern: which beginnings of the text it can have taken.
        let text = text.unicodeScalars.map(\.value)
        var reached = [true] + [Bool](repeating: false, count: text.count)
        for letter in pattern.unicodeScalars.map(\.value) {
            var next = [Bool](repeating: false, count: text.count + 1)
            if letter == 0x2A {
                var seen = false
                for index in 0...text.count {
                    seen = seen || reached[index]
                    next[index] = seen
                }
            } else {
                for index in 0..<text.count where reached[index] && (letter == 0x3F || letter == text[index])
                {
                    next[index + 1] = true
                }
            }
            reached = next
        }
        return reached[text.count]
    }

    private static func holds(_ condition: Condition, _ request: Request) -> Bool {
        var name = condition.name
        let values = request.context[condition.key.lowercased()]
        if name == "Null" { return condition.values.contains(values == nil ? "true" : "false") }
        var quantifier = ""
        if let colon = name.firstIndex(of: ":") {
            quantifier = String(name[..<colon])
            name = String(name[name.index(after: colon)...])
        }
        let ifExists = name.hasSuffix("IfExists")
        if ifExists { name = String(name.dropLast("IfExists".count)) }
        let isNegated = name.contains("Not")
        guard let values else {
            if quantifier == "ForAllValues" || ifExists { return true }
            return quantifier.isEmpty && isNegated
        }
        func accepts(_ value: String) -> Bool {
            if name.hasPrefix("Numeric"), Double(value) == nil { return false }
            let isAddress = value.contains(":") || value.split(separator: ".").count == 4
            if name.contains("IpAddress"), !isAddress { return false }
            let isOne = condition.values.contains { equals(name, $0, value) }
            return isOne != isNegated
        }
        switch quantifier {
        case "ForAnyValue": return values.contains(where: accepts)
        case "ForAllValues": return values.allSatisfy(accepts)
        default: return values.count == 1 && accepts(values[0])
        }
    }

    private static func equals(_ name: String, _ wanted: String, _ value: String) -> Bool {
        switch name {
        case "StringEquals", "StringNotEquals": return wanted == value
        case "StringEqualsIgnoreCase": return wanted.lowercased() == value.lowercased()
        case "StringLike", "StringNotLike": return glob(wanted, value)
        case "Bool": return wanted.lowercased() == value.lowercased()
        case "NumericLessThan": return (Double(value) ?? 0) < (Double(wanted) ?? 0)
        case "NumericGreaterThanEquals": return (Double(value) ?? 0) >= (Double(wanted) ?? 0)
        case "NumericNotEquals": return (Double(value) ?? 0) == (Double(wanted) ?? 0)
        case "ArnLike", "ArnNotLike":
            let left = wanted.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
            let right = value.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
            return left.count == 6 && right.count == 6
                && zip(left, right).allSatisfy { glob(String($0), String($1)) }
        case "IpAddress", "NotIpAddress":
            // The judge's networks are IPv4's, of whole bytes.
            if value.contains(":") { return false }
            let parts = wanted.split(separator: "/")
            let kept = (Int(parts[1]) ?? 0) / 8
            return wanted.split(separator: ".").prefix(kept).elementsEqual(
                value.split(separator: ".").prefix(kept))
        default: return false
        }
    }
}

extension PolicyJudge {
    /// As AWS has it.
    var json: String {
        let statements: [[String: Any]] = statements.map { statement in
            var map: [String: Any] = [
                "Effect": statement.isAllow ? "Allow" : "Deny",
                statement.isNotAction ? "NotAction" : "Action": statement.actions,
                statement.isNotResource ? "NotResource" : "Resource": statement.resources,
            ]
            var blocks: [String: [String: [String]]] = [:]
            for condition in statement.conditions {
                blocks[condition.name, default: [:]][condition.key] = condition.values
            }
            if !blocks.isEmpty { map["Condition"] = blocks }
            return map
        }
        let data = try? JSONSerialization.data(
            withJSONObject: ["Version": "2012-10-17", "Statement": statements], options: [.sortedKeys])
        return String(decoding: data ?? Data(), as: UTF8.self)
    }
}
