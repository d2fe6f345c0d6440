extension OCSFTranslator {
    /// What the map does to each class and object, a line each: what is lost to `unmapped`, what goes elsewhere.
    package func losses(from source: OCSFSchema, to target: OCSFSchema) -> [String] {
        let sources = source.classes + source.objects
        let targets = target.classes + target.objects
        var lines: Set<String> = []
        for table in translation.tables {
            let from = sources[table.source]
            let to = targets[table.target]
            let name = from.name == to.name ? from.name : "\(from.name) → \(to.name)"
            var lost: [String] = []
            for (index, attribute) in from.attributes.enumerated() where table.apart[index] == nil {
                let others = table.others[index].map { to.attributes[$0.target].name }
                if table.own[index] == nil, others.isEmpty { lost.append(attribute.name) }
                for other in others {
                    lines.insert(
                        "\(name): \(attribute.name) \(table.own[index] == nil ? "becomes" : "also fills") \(other)"
                    )
                }
            }
            if !lost.isEmpty { lines.insert("\(name): unmapped \(lost.joined(separator: ", "))") }
        }
        for (uid, moves) in translation.classes {
            guard let item = source.eventClass(uid: uid) else { continue }
            for move in moves where move.classUID != uid || move.targetActivity != move.activity {
                let activity = item["activity_id"]?.caption(of: String(move.activity)) ?? ""
                let className = String(decoding: move.className, as: UTF8.self)
                let targetActivity = String(decoding: move.activityName, as: UTF8.self)
                lines.insert("\(item.name): \(activity) becomes \(className): \(targetActivity)")
            }
        }
        return lines.sorted()
    }
}
