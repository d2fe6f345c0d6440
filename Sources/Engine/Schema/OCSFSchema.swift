/// One OCSF version's facts: classes, objects, attributes, types, enums and rules.
///
/// Read from `schemas/ocsf/<version>/schema.ocsf`, which `scripts/ocsf-tables` derives from the official sources.
/// Mappings are compiled against it, events are validated against it, and version maps are checked against two.
package struct OCSFSchema: Sendable {
    /// The versions Martlet writes; the newest is the one events have inside.
    package enum Version: String, CaseIterable, Sendable {
        case v1_1_0 = "1.1.0"
        case v1_5_0 = "1.5.0"
        case v1_8_0 = "1.8.0"
        case v1_9_0 = "1.9.0"

        package static let canonical = v1_9_0
        /// The table's name among the assets and in the repository.
        package var tablePath: String { "schemas/ocsf/\(rawValue)/schema.ocsf" }
    }

    package enum Requirement: UInt8, Sendable { case required, recommended, optional }

    /// OCSF's scalar types. `json` takes any value; all from `string` on are strings with a rule of their own.
    package enum Scalar: String, Sendable, CaseIterable {
        case boolean = "boolean_t"
        case integer = "integer_t"
        case long = "long_t"
        case float = "float_t"
        case port = "port_t"
        case timestamp = "timestamp_t"
        case json = "json_t"
        case string = "string_t"
        case byteString = "bytestring_t"
        case datetime = "datetime_t"
        case email = "email_t"
        case fileHash = "file_hash_t"
        case fileName = "file_name_t"
        case filePath = "file_path_t"
        case hostname = "hostname_t"
        case ip = "ip_t"
        case mac = "mac_t"
        case processName = "process_name_t"
        case resourceUID = "resource_uid_t"
        case subnet = "subnet_t"
        case url = "url_t"
        case username = "username_t"
        case uuid = "uuid_t"
    }

    package enum ValueType: Hashable, Sendable {
        case scalar(Scalar)
        /// An index into `objects`.
        case object(Int)
        /// Any object: `unmapped`, `xattributes`.
        case anyObject
    }

    package struct EnumValue: Hashable, Sendable {
        /// As written in an event: an integer for nearly all, text for a few.
        package var key: String
        package var caption: String
        package var id: Int64? { Int64(key) }
    }

    package struct Attribute: Sendable {
        package var name: String
        package var type: ValueType
        package var isArray: Bool
        package var requirement = Requirement.optional
        /// The profile that must be applied for the attribute to exist.
        package var profile: String?
        /// The observable type of the value, where it is one; from the attribute, else from its type.
        package var observable: Int?
        /// The attribute with this one's caption: `status` of `status_id`.
        package var sibling: String?
        package var values: [EnumValue] = []
        package var deprecatedSince: String?

        package var isScalar: Bool { if case .scalar = type { true } else { false } }
    }

    /// A class or an object.
    package struct Structure: Sendable {
        package var name: String
        package var caption = ""
        /// The class's uid; 0 for the base event and for objects.
        package var uid = 0
        package var categoryUID = 0
        package var profiles: [String] = []
        /// Sorted by name.
        package var attributes: [Attribute] = []
        package var atLeastOne: [String] = []
        package var justOne: [String] = []
        package var observable: Int?
        package var deprecatedSince: String?
        /// A class's own observable paths.
        package var observablePaths: [String: Int] = [:]

        package subscript(name: String) -> Attribute? { index(of: name).map { attributes[$0] } }

        package func index(of name: String) -> Int? {
            var low = 0
            var high = attributes.count
            while low < high {
                let middle = (low + high) / 2
                let candidate = attributes[middle].name
                if candidate == name { return middle }
                if candidate < name { low = middle + 1 } else { high = middle }
            }
            return nil
        }
    }

    package let version: String
    package let classes: [Structure]
    package let objects: [Structure]
    package let categories: [Int: String]
    /// What the observable type ids are called.
    package let observables: [Int: String]
    private let classNumbers: [Int: Int]
    private let classNames: [String: Int]
    private let objectNames: [String: Int]

    /// - Throws: the first line of the table that cannot be read; a table is ours, so one is enough.
    package init(table: [UInt8], path: String = "schema.ocsf") throws(Problem) {
        var reader = OCSFTableReader(path: path)
        try reader.read(table)
        version = reader.version
        classes = reader.classes
        objects = reader.objects
        categories = reader.categories
        observables = reader.observables
        objectNames = reader.objectNumbers
        classNumbers = Dictionary(
            reader.classes.enumerated().map { ($1.uid, $0) }, uniquingKeysWith: { a, _ in a })
        classNames = Dictionary(
            reader.classes.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { a, _ in a })
    }

    package func eventClass(named name: String) -> Structure? { classNames[name].map { classes[$0] } }
    package func eventClass(uid: Int) -> Structure? { classNumbers[uid].map { classes[$0] } }
    package func object(named name: String) -> Structure? { objectNames[name].map { objects[$0] } }
    func objectNumber(named name: String) -> Int? { objectNames[name] }
    package var baseEvent: Structure { classes[0] }
    package func categoryName(_ uid: Int) -> String { categories[uid] ?? "Uncategorized" }

    /// The class of that name, or what to write instead.
    package func requireClass(_ name: String, at position: SourcePosition?) throws(Problem) -> Structure {
        if let found = eventClass(named: name) { return found }
        let near = nearestName(to: name, among: classNames.keys)
        throw Problem(
            at: position, "OCSF \(version) has no class \(name)",
            hint: near.map { "did you mean \($0)?" }
                ?? "classes are named as in authentication, user_management")
    }
}

extension OCSFSchema.Attribute {
    /// The value a mapping calls `name`: its caption in lower case with underscores, or its id written out.
    ///
    /// `Attach Policies` is `attach_policies`, `OAUTH 2.0` is `oauth_2_0`.
    package func value(named name: String) -> OCSFSchema.EnumValue? {
        values.first { ocsfName(of: $0.caption) == name } ?? values.first { $0.key == name }
    }

    package func caption(of key: String) -> String? { values.first { $0.key == key }?.caption }

    package var valueNames: [String] { values.map { ocsfName(of: $0.caption) } }
}

extension OCSFSchema.Structure {
    package var activities: [OCSFSchema.EnumValue] { self["activity_id"]?.values ?? [] }

    package func requireActivity(
        _ name: String, at position: SourcePosition?
    ) throws(Problem) -> OCSFSchema.EnumValue {
        guard let attribute = self["activity_id"] else {
            throw Problem(at: position, "class \(self.name) has no activities")
        }
        if let found = attribute.value(named: name) { return found }
        let near = nearestName(to: name, among: attribute.valueNames)
        throw Problem(
            at: position, "class \(self.name) has no activity \(name)",
            hint: near.map { "did you mean \($0)?" }
                ?? "it has \(attribute.valueNames.joined(separator: ", "))")
    }
}

/// A caption as mappings write it: lower case, each run of other characters one underscore.
package func ocsfName(of caption: String) -> String {
    var name: [UInt8] = []
    for byte in caption.utf8 {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): name.append(byte)
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): name.append(byte | 0x20)
        default: if let last = name.last, last != UInt8(ascii: "_") { name.append(UInt8(ascii: "_")) }
        }
    }
    if name.last == UInt8(ascii: "_") { name.removeLast() }
    return String(decoding: name, as: UTF8.self)
}
