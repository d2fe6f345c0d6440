package import Engine

/// Every feed's mapping, built in or the user's own, and the normalizers made of them.
package struct MappingCatalog: Sendable {
    /// What takes any JSON object.
    package static let fallbackFeed = "generic.json"
    /// The name under which each record's feed is told from its shape.
    package static let auto = "auto"

    /// By feed.
    package let mappings: [Mapping]

    private static let shared = Result { () throws(Problems) in
        MappingCatalog(
            mappings: try compiled(
                VendorFolder.builtIn.filter { $0.files[.mapping] != nil }, areProven: true))
    }

    /// The mappings inside the binary, compiled once.
    package static func builtIn() throws(Problems) -> MappingCatalog { try shared.get() }

    private init(mappings: [Mapping]) { self.mappings = mappings }

    /// - Parameter own: folders of the user's; a feed of the same name replaces the built-in one.
    /// - Throws: everything wrong with any of the mappings.
    package init(own: [VendorFolder]) throws(Problems) {
        let replaced = Set(own.filter { $0.files[.mapping] != nil }.map(\.feed))
        let others = try Self.builtIn().mappings.filter { !replaced.contains($0.feed) }
        let mapped = own.filter { $0.files[.mapping] != nil }
        mappings = (others + (try Self.compiled(mapped))).sorted { $0.feed < $1.feed }
    }

    private static func compiled(_ folders: [VendorFolder], areProven: Bool = false) throws(Problems)
        -> [Mapping]
    {
        let schema: OCSFSchema
        do { schema = try OCSFContent.schema(.canonical) } catch { throw Problems([error]) }
        var problems: [Problem] = []
        var mappings: [Mapping] = []
        for folder in folders {
            do throws(Problems) {
                mappings.append(try folder.mapping(schema: schema, isProven: areProven))
            } catch {
                problems += error.list
            }
        }
        if !problems.isEmpty { throw Problems(problems) }
        return mappings
    }

    package var feeds: [String] { mappings.map(\.feed) }

    /// What makes events of a feed's records; `auto` is all feeds, each record's told from its shape.
    package func normalizer(
        for feed: String, keepsRaw: Bool = false, keepsRecords: Bool = false, keepsActs: Bool = false
    ) throws(Problem) -> Normalizer {
        if feed == Self.auto {
            let known = mappings.filter { $0.feed != Self.fallbackFeed && $0.isDetectable }
            let fallback = mappings.filter { $0.feed == Self.fallbackFeed }
            return Normalizer(
                known + fallback, keepsRaw: keepsRaw, keepsRecords: keepsRecords, keepsActs: keepsActs)
        }
        guard let mapping = mappings.first(where: { $0.feed == feed }) else {
            let near = nearestName(to: feed, among: feeds + [Self.auto])
            throw Problem(
                at: nil, "there is no feed \(feed)",
                hint: near.map { "did you mean \($0)?" }
                    ?? "martlet feeds lists them; auto tells each record's")
        }
        return Normalizer(
            [mapping], keepsRaw: keepsRaw, keepsRecords: keepsRecords, keepsActs: keepsActs)
    }
}
