/// A declared way from one OCSF version to an older one: `schemas/ocsf/maps/<version>.yaml`.
///
/// It says only what the two tables cannot: which class stands for a class that the older version lacks, and which
/// attribute carries what another one carried.
package struct OCSFVersionMap: Sendable {
    package struct Activity: Hashable, Sendable {
        /// `nil` where the class is the rule's own.
        package var className: String?
        package var name: String
        package var position: SourcePosition
    }

    package struct Rename: Hashable, Sendable {
        package var from: String
        package var to: String
        package var position: SourcePosition
    }

    package struct ClassRule: Sendable {
        package var className: String
        package var activities: [String: Activity] = [:]
        package var attributes: [Rename] = []
        package var position: SourcePosition
    }

    package let from: String
    package let to: String
    package private(set) var classes: [String: ClassRule] = [:]
    package private(set) var objects: [String: [Rename]] = [:]
    /// By object: what the older version requires and the newer does not, as text.
    package private(set) var defaults: [String: [Rename]] = [:]

    package init(_ document: Document) throws(Problems) {
        from = document["from"]?.string ?? ""
        to = document["to"]?.string ?? ""
        var problems: [Problem] = []
        for entry in document.map ?? []
        where !["from", "to", "classes", "objects", "defaults"].contains(entry.key) {
            problems.append(Problem(at: entry.keyPosition, "a version map has no \(entry.key)"))
        }
        for entry in document["classes"]?.map ?? [] {
            var rule = ClassRule(
                className: entry.value["to"]?.string ?? entry.key, position: entry.keyPosition)
            for activity in entry.value["activities"]?.map ?? [] {
                let words = (activity.value.string ?? "").split(separator: "/").map(String.init)
                guard let name = words.last, words.count <= 2 else {
                    problems.append(
                        Problem(at: activity.value.position, "not an activity", hint: "write class/activity"))
                    continue
                }
                let className = words.count == 2 ? words[0] : nil
                rule.activities[activity.key] = Activity(
                    className: className, name: name, position: activity.value.position)
            }
            rule.attributes = Self.renames(entry.value["attributes"], &problems)
            classes[entry.key] = rule
        }
        for entry in document["objects"]?.map ?? [] {
            objects[entry.key] = Self.renames(entry.value, &problems)
        }
        for entry in document["defaults"]?.map ?? [] {
            defaults[entry.key] = Self.renames(entry.value, &problems)
        }
        if !problems.isEmpty { throw Problems(problems) }
    }

    private static func renames(_ document: Document?, _ problems: inout [Problem]) -> [Rename] {
        (document?.map ?? []).compactMap { entry in
            guard let to = entry.value.string else {
                problems.append(
                    Problem(at: entry.value.position, "\(entry.value.kind) where a name is expected"))
                return nil
            }
            return Rename(from: entry.key, to: to, position: entry.keyPosition)
        }
    }
}
