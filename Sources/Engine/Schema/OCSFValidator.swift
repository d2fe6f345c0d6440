/// Says whether an event is what its OCSF version allows: names, types, enums, requirements, constraints, arithmetic.
///
/// The rules are those of the official schema server's validator, made stricter where a receiver would stumble:
/// a caption that does not belong to its id, and a value of 99 without the source's own word, are errors here.
package struct OCSFValidator {
    package enum Rule: String, Sendable, CaseIterable {
        case malformed, unknownClass, unknownAttribute, profileNotApplied, unknownProfile, duplicateKey,
            wrongType
        case wrongFormat, unknownEnumValue, wrongSibling, missingSibling, missingRequired, brokenConstraint
        case wrongArithmetic, wrongVersion, unknownObservable
        /// A warning: the attribute, object or class still exists.
        case deprecated
    }

    package struct Finding: Hashable, Sendable, CustomStringConvertible {
        package var rule: Rule
        /// `resources[0].uid`; empty for the event itself.
        package var path: String
        package var message: String
        package var isError: Bool { rule != .deprecated }
        package var description: String { "\(rule.rawValue) \(path.isEmpty ? "event" : path): \(message)" }
    }

    /// Findings kept for one event; a broken event says enough with these.
    package static let findingsMax = 100

    package let schema: OCSFSchema
    private let names: OCSFNames
    /// For each structure (classes, then objects), attribute index by name number, -1 where it has none.
    private let places: [[Int16]]
    private var tree = EventTree()
    private var found: [Finding] = []
    private var profiles: [String] = []

    package init(_ schema: OCSFSchema) {
        self.schema = schema
        var all: Set<String> = []
        for structure in schema.classes + schema.objects { all.formUnion(structure.attributes.map(\.name)) }
        let names = OCSFNames(all.sorted())
        self.names = names
        places = (schema.classes + schema.objects).map { structure in
            var row = [Int16](repeating: -1, count: names.count)
            for (index, attribute) in structure.attributes.enumerated() {
                if let number = names.number(of: attribute.name) { row[number] = Int16(index) }
            }
            return row
        }
    }

    /// Everything found in one event, in the order of its text; an empty list is a valid event.
    package mutating func findings(in event: borrowing Span<UInt8>) -> [Finding] {
        found.removeAll(keepingCapacity: true)
        do {
            try tree.read(event)
        } catch {
            return [Finding(rule: .malformed, path: "", message: "\(error.reason) at byte \(error.offset)")]
        }
        guard tree.nodes[0].kind == .object else {
            return [Finding(rule: .malformed, path: "", message: "not an object")]
        }
        guard let uid = integer("class_uid", in: 0, event),
            let number = schema.classes.firstIndex(where: { $0.uid == uid })
        else {
            return [
                Finding(
                    rule: .unknownClass, path: "class_uid",
                    message: "OCSF \(schema.version) has no such class")
            ]
        }
        let structure = schema.classes[number]
        profiles = appliedProfiles(event)
        for profile in profiles where !structure.profiles.contains(profile) {
            report(.unknownProfile, "metadata.profiles", "class \(structure.name) has no profile \(profile)")
        }
        if let since = structure.deprecatedSince { report(.deprecated, "", "class since \(since)") }
        check(object: 0, as: structure, at: number, path: "", event)
        checkArithmetic(structure, event)
        checkObservables(structure, event)
        return found
    }

    private mutating func report(_ rule: Rule, _ path: String, _ message: String) {
        if found.count < Self.findingsMax { found.append(Finding(rule: rule, path: path, message: message)) }
    }

    private func child(_ name: String, of node: Int, _ event: borrowing Span<UInt8>) -> Int? {
        for child in tree.children(of: node) where text(tree.nodes[child].keyRange, event) == name {
            return child
        }
        return nil
    }

    private func text(_ range: Range<Int>, _ event: borrowing Span<UInt8>) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(range.count)
        for index in range { bytes.append(event[index]) }
        return String(decoding: bytes, as: UTF8.self)
    }

    private func integer(_ name: String, in node: Int, _ event: borrowing Span<UInt8>) -> Int64? {
        guard let child = child(name, of: node, event), tree.nodes[child].kind == .integer else { return nil }
        return decimal(in: event, tree.nodes[child].range)
    }

    private func appliedProfiles(_ event: borrowing Span<UInt8>) -> [String] {
        guard let metadata = child("metadata", of: 0, event), tree.nodes[metadata].kind == .object,
            let list = child("profiles", of: metadata, event), tree.nodes[list].kind == .array
        else { return [] }
        var names: [String] = []
        for element in tree.children(of: list) { names.append(text(tree.nodes[element].text, event)) }
        return names
    }

    private mutating func check(
        object node: Int, as structure: OCSFSchema.Structure, at place: Int, path: String,
        _ event: borrowing Span<UInt8>
    ) {
        var nodeOf = [Int](repeating: -1, count: structure.attributes.count)
        for child in tree.children(of: node) {
            let key = tree.nodes[child].keyRange
            guard let number = names.number(of: event, key), places[place][number] >= 0 else {
                report(
                    .unknownAttribute, join(path, text(key, event)), "\(structure.name) has no such attribute"
                )
                continue
            }
            let index = Int(places[place][number])
            let attribute = structure.attributes[index]
            if nodeOf[index] >= 0 { report(.duplicateKey, join(path, attribute.name), "is there twice") }
            nodeOf[index] = child
            if let profile = attribute.profile, !profiles.contains(profile) {
                report(.profileNotApplied, join(path, attribute.name), "needs profile \(profile)")
            }
            if let since = attribute.deprecatedSince {
                report(.deprecated, join(path, attribute.name), "since \(since)")
            }
            check(value: child, of: attribute, parent: path, event)
        }
        for (index, attribute) in structure.attributes.enumerated() {
            if nodeOf[index] >= 0 {
                if !attribute.values.isEmpty {
                    checkSibling(of: attribute, structure, nodeOf, index, path, event)
                }
            } else if attribute.requirement == .required, attribute.profile.map(profiles.contains) ?? true {
                report(.missingRequired, join(path, attribute.name), "\(structure.name) requires it")
            }
        }
        checkConstraints(structure, nodeOf, path)
    }

    private func join(_ path: String, _ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }

    private mutating func check(
        value node: Int, of attribute: OCSFSchema.Attribute, parent: String, _ event: borrowing Span<UInt8>
    ) {
        if case .scalar(.json) = attribute.type { return }
        guard attribute.isArray else {
            return check(element: node, of: attribute, parent: parent, number: nil, event)
        }
        guard tree.nodes[node].kind == .array else {
            return report(.wrongType, join(parent, attribute.name), "is not an array")
        }
        for (number, element) in tree.children(of: node).enumerated() {
            check(element: element, of: attribute, parent: parent, number: number, event)
        }
    }

    private mutating func check(
        element node: Int, of attribute: OCSFSchema.Attribute, parent: String, number: Int?,
        _ event: borrowing Span<UInt8>
    ) {
        let value = tree.nodes[node]
        func path() -> String { join(parent, attribute.name) + (number.map { "[\($0)]" } ?? "") }
        switch attribute.type {
        case .anyObject:
            if value.kind != .object { report(.wrongType, path(), "is not an object") }
        case .object(let index):
            guard value.kind == .object else { return report(.wrongType, path(), "is not an object") }
            let structure = schema.objects[index]
            if let since = structure.deprecatedSince {
                report(.deprecated, path(), "object \(structure.name) since \(since)")
            }
            check(object: node, as: structure, at: schema.classes.count + index, path: path(), event)
        case .scalar(let scalar):
            if let fault = scalar.fault(value.kind, event, value.text) {
                let isType =
                    value.kind != .string || fault == "is not true or false" || fault.hasPrefix("is not a")
                return report(isType ? .wrongType : .wrongFormat, path(), fault)
            }
            if !attribute.values.isEmpty, !Self.computed.contains(attribute.name) {
                let key = text(value.text, event)
                if !attribute.values.contains(where: { $0.key == key }) {
                    report(
                        .unknownEnumValue, path(), "\(key) is none of the \(attribute.values.count) values")
                }
            }
        }
    }

    /// Root attributes whose values follow from the class; checked by `checkArithmetic`.
    private static let computed: Set<String> = ["class_uid", "category_uid", "type_uid"]

    private mutating func checkSibling(
        of attribute: OCSFSchema.Attribute, _ structure: OCSFSchema.Structure, _ nodeOf: [Int], _ index: Int,
        _ path: String, _ event: borrowing Span<UInt8>
    ) {
        guard let name = attribute.sibling, !attribute.isArray, !Self.computed.contains(attribute.name),
            let place = structure.index(of: name)
        else { return }
        let key = text(tree.nodes[nodeOf[index]].text, event)
        guard nodeOf[place] >= 0 else {
            if key == "99" {
                report(.missingSibling, join(path, name), "\(attribute.name) 99 needs the source's word")
            }
            return
        }
        if key == "99" || structure.name == "observable" { return }
        let value = text(tree.nodes[nodeOf[place]].text, event)
        if let caption = attribute.caption(of: key), caption != value {
            report(.wrongSibling, join(path, name), "\(attribute.name) \(key) is \(caption), not \(value)")
        }
    }

    private mutating func checkConstraints(_ structure: OCSFSchema.Structure, _ nodeOf: [Int], _ path: String)
    {
        func present(_ names: [String]) -> Int {
            names.count { name in structure.index(of: name).map { nodeOf[$0] >= 0 } ?? false }
        }
        if !structure.atLeastOne.isEmpty, present(structure.atLeastOne) == 0 {
            report(
                .brokenConstraint, path,
                "\(structure.name) needs one of \(structure.atLeastOne.joined(separator: ", "))")
        }
        if !structure.justOne.isEmpty, present(structure.justOne) != 1 {
            let list = structure.justOne.joined(separator: ", ")
            report(.brokenConstraint, path, "\(structure.name) needs exactly one of \(list)")
        }
    }

    private mutating func checkArithmetic(_ structure: OCSFSchema.Structure, _ event: borrowing Span<UInt8>) {
        let activity = integer("activity_id", in: 0, event) ?? 0
        expect("category_uid", Int64(structure.categoryUID), event)
        expect("type_uid", Int64(structure.uid) * 100 + activity, event)
        let activityKey = String(activity)
        let caption = structure["activity_id"]?.caption(of: activityKey)
        expect("class_name", structure.caption, event)
        expect("category_name", schema.categoryName(structure.categoryUID), event)
        if let caption { expect("type_name", "\(structure.caption): \(caption)", event) }
        if let metadata = child("metadata", of: 0, event), tree.nodes[metadata].kind == .object,
            let version = child("version", of: metadata, event)
        {
            let value = text(tree.nodes[version].text, event)
            if value != schema.version {
                report(.wrongVersion, "metadata.version", "is \(value), not \(schema.version)")
            }
        }
    }

    private mutating func expect(_ name: String, _ value: Int64, _ event: borrowing Span<UInt8>) {
        if let found = integer(name, in: 0, event), found != value {
            report(.wrongArithmetic, name, "is \(found), not \(value)")
        }
    }

    private mutating func expect(_ name: String, _ value: String, _ event: borrowing Span<UInt8>) {
        guard let node = child(name, of: 0, event) else { return }
        let found = text(tree.nodes[node].text, event)
        if found != value { report(.wrongSibling, name, "is \(found), not \(value)") }
    }

    /// An observable's name is a path of the class.
    private mutating func checkObservables(_ structure: OCSFSchema.Structure, _ event: borrowing Span<UInt8>)
    {
        guard let list = child("observables", of: 0, event), tree.nodes[list].kind == .array else { return }
        for (number, element) in tree.children(of: list).enumerated()
        where tree.nodes[element].kind == .object {
            guard let name = child("name", of: element, event) else { continue }
            let path = text(tree.nodes[name].text, event)
            do {
                _ = try schema.resolve(path, in: structure)
            } catch {
                report(
                    .unknownObservable, "observables[\(number)].name",
                    "\(path) is no path of \(structure.name)")
            }
        }
    }
}
