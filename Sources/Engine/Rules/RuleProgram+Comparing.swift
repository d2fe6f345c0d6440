extension RuleProgram {
    /// Whether a text answers a question; `limit` where a regular expression gave up.
    func compare(_ predicate: Predicate, _ text: Span<UInt8>, hash: UInt64?) -> SearchPattern.Outcome {
        let first = Int(predicate.first)
        let end = first + Int(predicate.count)
        switch predicate.operation {
        case .equals: return equalsAny(first, end, text, hash ?? Bytes.hash(text)) ? .hit : .miss
        case .startsWith:
            for i in first..<end {
                let literal = literals[i].bytes
                if Int(literal.count) <= text.count,
                    Bytes.equal(
                        text.extracting(first: Int(literal.count)), texts.span.extracting(literal.range))
                {
                    return .hit
                }
            }
            return .miss
        case .endsWith:
            for i in first..<end {
                let literal = literals[i].bytes
                if Int(literal.count) <= text.count,
                    Bytes.equal(
                        text.extracting(last: Int(literal.count)), texts.span.extracting(literal.range))
                {
                    return .hit
                }
            }
            return .miss
        case .contains:
            if predicate.needles >= 0 {
                return Bytes.containAny(text, needles[Int(predicate.needles)], in: texts) ? .hit : .miss
            }
            for i in first..<end where Bytes.contain(text, texts.span.extracting(literals[i].bytes.range)) {
                return .hit
            }
            return .miss
        case .glob:
            for i in first..<end where globs[i].matches(text) { return .hit }
            return .miss
        case .pattern:
            let pattern = patterns[first]
            if !pattern.required.isEmpty, !Bytes.contain(text, texts.span.extracting(pattern.required.range))
            {
                return .miss
            }
            return pattern.search.search(text)
        case .network:
            guard let address = NetworkRange.Address(text) else { return .miss }
            for i in first..<end where networks[i].contains(address) { return .hit }
            return .miss
        case .number:
            guard let number = Self.number(text) else { return .miss }
            return predicate.comparison.holds(number, predicate.operand) ? .hit : .miss
        case .datePart:
            guard let time = Timestamp(iso8601: text) else { return .miss }
            return predicate.comparison.holds(Double(predicate.datePart.value(of: time)), predicate.operand)
                ? .hit : .miss
        case .exists, .null, .field: return .miss
        }
    }

    /// Over literals sorted by hash.
    private func equalsAny(_ first: Int, _ end: Int, _ text: Span<UInt8>, _ hash: UInt64) -> Bool {
        var low = first
        var high = end
        while end - first > 8, low < high {
            let middle = (low + high) / 2
            if literals[middle].hash < hash { low = middle + 1 } else { high = middle }
        }
        var i = end - first > 8 ? low : first
        while i < end {
            let literal = literals[i]
            if literal.hash == hash, Bytes.equal(text, texts.span.extracting(literal.bytes.range)) {
                return true
            }
            if literal.hash > hash { return false }
            i += 1
        }
        return false
    }

    static func number(_ text: Span<UInt8>) -> Double? {
        guard text.count > 0, text.count <= 40 else { return nil }
        var characters: [UInt8] = []
        for i in text.indices { characters.append(text[i]) }
        return Double(String(decoding: characters, as: UTF8.self))
    }
}

extension RuleCheck.Comparison {
    func holds(_ value: Double, _ operand: Double) -> Bool {
        switch self {
        case .less: value < operand
        case .atMost: value <= operand
        case .greater: value > operand
        case .atLeast: value >= operand
        case .equal: value == operand
        }
    }
}

extension RuleCheck.DatePart {
    /// In UTC; weeks are ISO 8601's.
    func value(of time: Timestamp) -> Int {
        let civil = CivilTime(time)
        switch self {
        case .minute: return civil.minute
        case .hour: return civil.hour
        case .day: return civil.day
        case .month: return civil.month
        case .year: return civil.year
        case .week:
            // The week of a date is the week of its Thursday; 1970-01-01 was one.
            let days = civil.daysSinceEpoch
            let thursday = days - ((days % 7 + 10) % 7) + 3
            let year = CivilTime(Timestamp(seconds: Int64(thursday) * 86_400)).year
            return (thursday - CivilTime(year: year, month: 1, day: 1).daysSinceEpoch) / 7 + 1
        }
    }
}
