extension DayScore {
    /// One share of the statistic, for a person.
    struct Described: Sendable {
        var points: Int32
        /// `network AS64496`.
        var name: String
        var dimension: String
        var value: String
        var why: String
        var events: [String]
        var time: Timestamp?
        var techniques: [String] = []
        var journey: Journey?
    }

    /// `one in 250`.
    var rarity: String { "one in \(Int((1 / max(1e-9, chance)).rounded()))" }

    /// The shares in words, greatest first; their points add up to the score's.
    func parts(of entity: EntityDay) -> [Described] {
        let all = shares.map { describe($0, entity) }
        return all.enumerated().sorted {
            ($0.element.points, $1.offset) > ($1.element.points, $0.offset)
        }.map(\.element)
    }

    private func describe(_ share: Share, _ entity: EntityDay) -> Described {
        func text(_ extent: Extent) -> String {
            String(decoding: entity.bytes[extent.range], as: UTF8.self)
        }
        switch share.part {
        case .fact(let place, let surprise):
            let fact = entity.facts[place]
            let noun = fact.dimension.noun
            let value = text(fact.text)
            return Described(
                points: share.points, name: "\(surprise.isNew ? "new" : "rare") \(noun) \(value)",
                dimension: noun, value: value, why: surprise.words(fact.dimension), events: [text(fact.uid)],
                time: fact.time)
        case .hour(let hour):
            return Described(
                points: share.points, name: "unusual hour \(hour):00 UTC", dimension: "hour",
                value: "\(hour)", why: "it is seldom active at this hour", events: [])
        case .combination(let frequency):
            return Described(
                points: share.points, name: "rare combination of signs", dimension: "combination",
                value: signs.joined(separator: ", "),
                why: "\(Surprise.percent(frequency)) of the days of its kind had all of these signs",
                events: [])
        case .volume(let place), .detector(let place, _):
            let firing = firings[place]
            var why = firing.why
            if case .detector(_, let rarity) = share.part { why += "; \(rarity.words)" }
            return Described(
                points: share.points, name: firing.rule.title, dimension: "detector", value: firing.rule.name,
                why: why, events: firing.events(of: entity), time: firing.time,
                techniques: firing.rule.techniques, journey: firing.journey)
        case .rule(let place, let rarity):
            let fact = entity.facts[place]
            let title = RuleHit.parts(of: entity.bytes[fact.text.range]).title
            return Described(
                points: share.points, name: title, dimension: "rule", value: title,
                why: rarity.words, events: [text(fact.uid)], time: fact.time,
                techniques: BehaviourRule.of(fact.value)?.techniques ?? [])
        }
    }

    /// What the bits of the combination stand for.
    var signs: [String] {
        var signs: [String] = []
        for bit in 0..<64 where combination >> UInt64(bit) & 1 == 1 {
            switch bit {
            case 0...10: signs.append("new " + (Dimension(rawValue: UInt8(bit))?.noun ?? "value"))
            case 11: signs.append("new changing action")
            case 12: signs.append("new action on permissions")
            case 13: signs.append("new action that attackers are known for")
            case 14: signs.append("unusual hour")
            case 16..<(16 + BehaviourRule.allCases.count):
                signs.append(BehaviourRule.allCases[bit - 16].name)
            case 40...44:
                signs.append("a \(["informational", "low", "medium", "high", "critical"][bit - 40]) rule")
            default: break
            }
        }
        return signs
    }
}
