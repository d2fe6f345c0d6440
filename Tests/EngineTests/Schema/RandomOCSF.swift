import Engine

/// SplitMix64: the same events for the same seed, everywhere.
struct SeededNumbers: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

/// Writes valid events of a version at random, so that a rule nobody thought of is met as well.
struct RandomOCSF {
    let schema: OCSFSchema
    var numbers: SeededNumbers
    /// The texts and numbers that nothing else in the event repeats: each must be found again.
    var marks: [String] = []
    private var counter = 1_000_000
    private let profiles = ["cloud", "datetime"]

    init(_ schema: OCSFSchema, seed: UInt64) {
        self.schema = schema
        numbers = SeededNumbers(state: seed)
    }

    mutating func event(of item: OCSFSchema.Structure) -> String {
        marks = []
        let applied = profiles.filter(item.profiles.contains)
        let activities = item.activities
        let activity = activities[Int(numbers.next() % UInt64(activities.count))]
        let word = activity.key == "99" ? "DoThing" : activity.caption
        var fields = [
            "\"activity_id\":\(activity.key)", "\"activity_name\":\"\(word)\"",
            "\"category_name\":\"\(schema.categoryName(item.categoryUID))\"",
            "\"category_uid\":\(item.categoryUID)",
            "\"class_name\":\"\(item.caption)\"", "\"class_uid\":\(item.uid)",
            "\"type_name\":\"\(item.caption): \(activity.caption)\"",
            "\"type_uid\":\(item.uid * 100 + (Int(activity.key) ?? 0))",
            """
            "metadata":{"product":{"name":"\(mark())","vendor_name":"\(mark())"},"uid":"\(mark())",\
            "profiles":[\(applied.map { "\"\($0)\"" }.joined(separator: ","))],"version":"\(schema.version)"}
            """,
            "\"unmapped\":{\"\(mark())\":\"\(mark())\"}",
        ]
        let done: Set<String> = [
            "activity_id", "activity_name", "category_name", "category_uid", "class_name", "class_uid",
            "type_name",
            "type_uid", "metadata", "unmapped", "observables",
        ]
        fields += members(of: item, depth: 0, skipping: done)
        return "{\(fields.joined(separator: ","))}"
    }

    private mutating func mark() -> String {
        counter += 1
        marks.append("w\(counter)")
        return "w\(counter)"
    }

    private mutating func chance(_ percent: UInt64) -> Bool { numbers.next() % 100 < percent }

    private mutating func members(
        of item: OCSFSchema.Structure, depth: Int, skipping done: Set<String>
    ) -> [String] {
        let one = item.justOne.isEmpty ? nil : item.justOne[Int(numbers.next() % UInt64(item.justOne.count))]
        let candidates = item.atLeastOne.filter {
            item[$0].map { usable($0) && ($0.isScalar || depth < 4) } ?? false
        }
        let any = candidates.isEmpty ? nil : candidates[Int(numbers.next() % UInt64(candidates.count))]
        var fields: [String] = []
        let siblings = Set(item.attributes.compactMap { $0.values.isEmpty ? nil : $0.sibling })
        for attribute in item.attributes where !done.contains(attribute.name) && usable(attribute) {
            if siblings.contains(attribute.name) { continue }
            if item.justOne.contains(attribute.name), attribute.name != one { continue }
            let isNeeded =
                attribute.requirement == .required || attribute.name == any || attribute.name == one
            let share: UInt64 = depth == 0 ? 35 : attribute.isScalar ? 25 : depth < 3 ? 6 : 0
            guard isNeeded || chance(share) else { continue }
            fields += member(attribute, item, depth: depth)
        }
        return fields
    }

    private func usable(_ attribute: OCSFSchema.Attribute) -> Bool {
        attribute.profile.map(profiles.contains) ?? true
    }

    private mutating func member(
        _ attribute: OCSFSchema.Attribute, _ item: OCSFSchema.Structure, depth: Int
    ) -> [String] {
        if !attribute.values.isEmpty, !attribute.isArray {
            let value = attribute.values[Int(numbers.next() % UInt64(attribute.values.count))]
            let text = value.id == nil ? "\"\(value.key)\"" : value.key
            guard let sibling = attribute.sibling, item[sibling] != nil else {
                return ["\"\(attribute.name)\":\(text)"]
            }
            let isOther = value.key == "99"
            guard isOther || chance(60) else { return ["\"\(attribute.name)\":\(text)"] }
            return [
                "\"\(attribute.name)\":\(text)", "\"\(sibling)\":\"\(isOther ? mark() : value.caption)\"",
            ]
        }
        guard attribute.isArray else {
            return ["\"\(attribute.name)\":\(value(of: attribute, depth: depth))"]
        }
        let values = (0...numbers.next() % 3).map { _ in value(of: attribute, depth: depth) }
        return ["\"\(attribute.name)\":[\(values.joined(separator: ","))]"]
    }

    private mutating func value(of attribute: OCSFSchema.Attribute, depth: Int) -> String {
        if let value = attribute.values.first { return value.id == nil ? "\"\(value.key)\"" : value.key }
        switch attribute.type {
        case .anyObject: return "{\"\(mark())\":1}"
        case .object(let number):
            return
                "{\(members(of: schema.objects[number], depth: depth + 1, skipping: []).joined(separator: ","))}"
        case .scalar(let scalar): return text(of: scalar)
        }
    }

    private mutating func text(of scalar: OCSFSchema.Scalar) -> String {
        counter += 1
        let octet = counter % 250
        switch scalar {
        case .boolean: return chance(50) ? "true" : "false"
        case .integer, .long, .timestamp, .float:
            marks.append("\(counter)")
            return "\(counter)"
        case .port: return "\(counter % 65_536)"
        case .json: return "[\"\(mark())\",{\"a\":null}]"
        case .ip: return "\"192.0.2.\(octet)\""
        case .subnet: return "\"198.51.100.0/24\""
        case .datetime: return "\"2026-03-05T10:00:00Z\""
        case .email: return "\"\(mark())@example.com\""
        case .mac: return "\"00:00:5e:00:53:01\""
        case .uuid: return "\"00000000-0000-4000-8000-00000\(counter)\""
        case .hostname: return "\"\(mark()).example.com\""
        default: return "\"\(mark())\""
        }
    }
}
