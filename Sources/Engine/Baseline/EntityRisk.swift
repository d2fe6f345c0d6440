/// One identity's risk, as `martlet risk` gives it out.
package struct EntityRisk: Sendable {
    package let entity: String
    package let kind: EntityKind
    package let ledger: RiskLedger

    /// `{"entity":…,"kind":…,"score":…,"contributions":[…]}` and a newline.
    package var line: [UInt8] {
        var out: [UInt8] = []
        JSONFragment.append(raw: "{\"entity\":", to: &out)
        JSONFragment.append(entity, to: &out)
        JSONFragment.append(
            raw: ",\"kind\":\"\(kind.name)\",\"score\":\(RiskLedger.text(ledger.hundredths))"
                + ",\"level\":\"\(ledger.level.name)\",\"contributions\":[{\"points\":"
                + RiskLedger.text(ledger.baseHundredths)
                + ",\"why\":\"what every identity has\",\"finding\":null,\"events\":[]}", to: &out)
        for (place, line) in ledger.lines.enumerated() {
            JSONFragment.append(raw: ",{\"points\":\(RiskLedger.text(line.hundredths)),\"why\":", to: &out)
            JSONFragment.append(line.why, to: &out)
            JSONFragment.append(raw: ",\"finding\":", to: &out)
            if let finding = line.finding {
                JSONFragment.append(finding, to: &out)
            } else {
                JSONFragment.append(raw: "null", to: &out)
            }
            JSONFragment.append(raw: ",\"events\":[", to: &out)
            for (place, event) in line.events.enumerated() {
                // A uid stands as it does in its event: escaped already.
                JSONFragment.append(raw: (place == 0 ? "\"" : ",\"") + event + "\"", to: &out)
            }
            JSONFragment.append(
                raw: "],\"score_without\":\(RiskLedger.text(ledger.without(place)))}", to: &out)
        }
        JSONFragment.append(raw: "]}\n", to: &out)
        return out
    }
}

extension Behaviour {
    /// Every identity's risk as of the last day, riskiest first.
    ///
    /// Identities of days settled long ago are among them where something weighs on them.
    package func risks(_ criticality: [String: Criticality] = [:]) -> [EntityRisk] {
        let baseline = latest()
        guard let day = baseline.lastDay else { return [] }
        var histories = baseline.risks
        for (key, history) in book.identities() where histories[key] == nil { histories[key] = history }
        return histories.values.map { history in
            let name = String(decoding: history.name, as: UTF8.self)
            return EntityRisk(
                entity: name, kind: history.kind,
                ledger: history.ledger(asOf: day, criticality: criticality[name] ?? .medium))
        }.sorted { ($0.ledger.hundredths, $1.entity) > ($1.ledger.hundredths, $0.entity) }
    }
}

extension FactBook {
    /// Everybody who did something on an open day, with nothing on them.
    func identities() -> [UInt64: RiskHistory] {
        var all: [UInt64: RiskHistory] = [:]
        for (_, part) in days.sorted(by: { $0.key < $1.key }) {
            for entity in part.entities {
                let kind = EntityKind(entity.traits, odds: entity.traits.odds)
                all[entity.key] = RiskHistory(name: entity.name, kind: kind)
            }
        }
        return all
    }
}
