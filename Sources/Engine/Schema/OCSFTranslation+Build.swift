extension OCSFTranslation {
    init(_ map: OCSFVersionMap, from source: OCSFSchema, to target: OCSFSchema) throws(Problems) {
        self.init(version: Array(target.version.utf8))
        var builder = OCSFTranslationBuilder(map: map, source: source, target: target)
        self = builder.build(self)
        if !builder.problems.isEmpty { throw Problems(builder.problems) }
    }
}

/// Works a version map out; made once at start.
struct OCSFTranslationBuilder {
    private struct Pair: Hashable {
        var source: Int
        var target: Int
        /// A class's own renames apply, or an object's.
        var rule: String
    }

    let map: OCSFVersionMap
    let source: OCSFSchema
    let target: OCSFSchema
    private(set) var problems: [Problem] = []
    private var result = OCSFTranslation(version: [])
    private var tables: [Pair: Int] = [:]
    private var usedRenames: Set<OCSFVersionMap.Rename> = []

    init(map: OCSFVersionMap, source: OCSFSchema, target: OCSFSchema) {
        self.map = map
        self.source = source
        self.target = target
    }

    mutating func build(_ empty: OCSFTranslation) -> OCSFTranslation {
        result = empty
        let names = Set((source.classes + target.classes).flatMap(\.profiles))
        result.profiles = Array(names.sorted().prefix(64))
        result.grantable = bit("host")
        if map.from != source.version || map.to != target.version {
            problems.append(Problem(at: nil, "the map is from \(map.from) to \(map.to)"))
        }
        for name in map.classes.keys.sorted() where source.eventClass(named: name) == nil {
            problems.append(
                Problem(at: map.classes[name]?.position, "OCSF \(source.version) has no class \(name)"))
        }
        for (place, item) in source.classes.enumerated() { addClass(item, at: place) }
        let declared = (map.classes.values.flatMap(\.attributes) + map.objects.values.flatMap(\.self))
        for rename in declared where !usedRenames.contains(rename) {
            problems.append(
                Problem(at: rename.position, "nothing becomes \(rename.to) out of \(rename.from)"))
        }
        return result
    }

    private func bit(_ profile: String) -> UInt64 {
        result.profiles.firstIndex(of: profile).map { 1 << UInt64($0) } ?? 0
    }

    private mutating func addClass(_ item: OCSFSchema.Structure, at place: Int) {
        let rule = map.classes[item.name]
        for name in rule?.activities.keys.sorted() ?? [] where item["activity_id"]?.value(named: name) == nil
        {
            problems.append(Problem(at: rule?.position, "class \(item.name) has no activity \(name)"))
        }
        var moves: [OCSFTranslation.ClassMove] = []
        for value in item.activities {
            let name = ocsfName(of: value.caption)
            let asked = rule?.activities[name]
            let className = asked?.className ?? rule?.className ?? item.name
            guard let to = target.classes.firstIndex(where: { $0.name == className }) else {
                if rule != nil {
                    let message = "OCSF \(target.version) has no class \(className)"
                    problems.append(Problem(at: asked?.position ?? rule?.position, message))
                }
                // A class that the older version lacks, with no stand-in: the base event carries it.
                moves.append(classMove(value, source: place, target: 0, activity: nil, rule: item.name))
                continue
            }
            let targetActivity =
                target.classes[to]["activity_id"]?.value(named: asked?.name ?? name)
                ?? (rule == nil || asked == nil
                    ? target.classes[to]["activity_id"]?.value(named: value.key) : nil)
            if asked != nil, targetActivity == nil {
                problems.append(
                    Problem(at: asked?.position, "class \(className) has no activity \(asked?.name ?? "")"))
            }
            moves.append(
                classMove(value, source: place, target: to, activity: targetActivity, rule: item.name))
        }
        result.classes[item.uid] = moves
    }

    private mutating func classMove(
        _ value: OCSFSchema.EnumValue, source place: Int, target to: Int, activity: OCSFSchema.EnumValue?,
        rule: String
    ) -> OCSFTranslation.ClassMove {
        let item = target.classes[to]
        let activityID = activity?.id ?? 99
        let caption = activity?.caption ?? "Other"
        return OCSFTranslation.ClassMove(
            activity: value.id ?? 0, table: table(Pair(source: place, target: to, rule: rule)),
            classUID: item.uid,
            categoryUID: item.categoryUID, targetActivity: activityID, className: Array(item.caption.utf8),
            categoryName: Array(target.categoryName(item.categoryUID).utf8),
            activityName: Array(caption.utf8),
            sourceActivityName: Array(value.caption.utf8),
            profiles: item.profiles.reduce(0) { $0 | bit($1) })
    }

    private func structure(_ place: Int, of schema: OCSFSchema) -> OCSFSchema.Structure {
        place < schema.classes.count ? schema.classes[place] : schema.objects[place - schema.classes.count]
    }

    /// The table for a pair of structures, made when first asked for; a cycle finds the number of the unfinished one.
    private mutating func table(_ pair: Pair) -> Int {
        if let known = tables[pair] { return known }
        let number = result.tables.count
        tables[pair] = number
        let from = structure(pair.source, of: source)
        let to = structure(pair.target, of: target)
        let count = from.attributes.count
        result.tables.append(
            .init(
                source: pair.source, target: pair.target, own: Array(repeating: nil, count: count),
                others: Array(repeating: [], count: count), apart: Array(repeating: nil, count: count),
                captions: Array(repeating: nil, count: count),
                defaults: []))
        let isClass = pair.source < source.classes.count
        let renames = isClass ? map.classes[pair.rule]?.attributes ?? [] : map.objects[from.name] ?? []
        for (index, attribute) in from.attributes.enumerated() {
            if let place = to.index(of: attribute.name) {
                let move = move(attribute, to.attributes[place], place)
                result.tables[number].own[index] = move
                if isClass { result.tables[number].apart[index] = Self.apart[attribute.name] }
                addCaption(attribute, to.attributes[place], from, table: number, id: index)
            }
            for rename in renames where rename.from == attribute.name {
                guard let place = to.index(of: rename.to) else { continue }
                usedRenames.insert(rename)
                if let move = move(attribute, to.attributes[place], place) {
                    result.tables[number].others[index].append(move)
                }
            }
        }
        for missing in map.defaults[to.name] ?? [] {
            guard let place = to.index(of: missing.from) else { continue }
            result.tables[number].defaults.append(
                (place, Array("\"\(missing.from)\":\"\(missing.to)\"".utf8)))
        }
        return number
    }

    private static let apart: [String: OCSFTranslation.Apart] = [
        "activity_id": .activity, "activity_name": .omitted, "category_name": .categoryName,
        "category_uid": .category,
        "class_name": .className, "class_uid": .classUID, "type_name": .typeName, "type_uid": .typeUID,
        "unmapped": .last, "observables": .last,
    ]

    private mutating func move(
        _ from: OCSFSchema.Attribute, _ to: OCSFSchema.Attribute, _ place: Int
    ) -> OCSFTranslation.Move? {
        guard let way = way(from, to) else { return nil }
        return OCSFTranslation.Move(
            target: place, key: Array("\"\(to.name)\":".utf8), way: way, fromArray: from.isArray,
            toArray: to.isArray,
            profile: to.profile.map(bit) ?? 0)
    }

    private mutating func way(
        _ from: OCSFSchema.Attribute, _ to: OCSFSchema.Attribute
    ) -> OCSFTranslation.Way? {
        switch (from.type, to.type) {
        case (_, .scalar(.json)): return .copy
        case (.anyObject, .anyObject): return .copy
        case (.object(let a), .object(let b)):
            let pair = Pair(source: source.classes.count + a, target: target.classes.count + b, rule: "")
            return .object(table(pair))
        case (.object, .scalar(let scalar)): return scalar.isText ? .nameOfObject : nil
        case (.scalar(let a), .scalar(let b)):
            if let enumeration = enumeration(from, to) { return .enumeration(enumeration) }
            if b.isText, to.values.contains(where: { $0.id == nil }) {
                result.words.append(to.values.map { Array($0.key.utf8) })
                return .word(result.words.count - 1)
            }
            return a == b || (b.isPlainText && a.isText) ? .copy : .checked(b)
        default: return nil
        }
    }

    /// The ids that mean something else, or nothing, in the older version; `nil` where all are the same.
    private mutating func enumeration(_ from: OCSFSchema.Attribute, _ to: OCSFSchema.Attribute) -> Int? {
        guard from.name == to.name, !to.values.isEmpty, from.values.contains(where: { $0.id != nil }) else {
            return nil
        }
        var map = OCSFTranslation.EnumMap(ids: [], captions: [], sourceCaptions: [])
        var isSame = true
        let values = from.values.compactMap { value in value.id.map { ($0, value) } }.sorted { $0.0 < $1.0 }
        for (id, value) in values {
            let known = to.values.first { $0.key == value.key }
            map.ids.append((id, known != nil ? id : to.values.contains { $0.id == 99 } ? 99 : nil))
            map.captions.append(known.map { Array($0.caption.utf8) } ?? [])
            map.sourceCaptions.append(Array(value.caption.utf8))
            if known?.caption != value.caption { isSame = false }
        }
        if isSame { return nil }
        result.enumerations.append(map)
        return result.enumerations.count - 1
    }

    private mutating func addCaption(
        _ attribute: OCSFSchema.Attribute, _ to: OCSFSchema.Attribute, _ from: OCSFSchema.Structure,
        table: Int, id: Int
    ) {
        guard case .enumeration(let number) = result.tables[table].own[id]?.way, let name = attribute.sibling,
            let place = from.index(of: name)
        else { return }
        result.tables[table].captions[place] = .init(id: id, enumeration: number)
    }
}

extension OCSFSchema.Scalar {
    var isText: Bool {
        switch self {
        case .boolean, .integer, .long, .float, .port, .timestamp, .json: false
        default: true
        }
    }

    /// Text without a rule of its own.
    var isPlainText: Bool {
        switch self {
        case .string, .fileHash, .fileName, .filePath, .processName, .resourceUID, .url, .username: true
        default: false
        }
    }
}
