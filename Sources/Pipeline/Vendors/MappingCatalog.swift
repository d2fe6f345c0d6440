package import Engine

/// Every feed's mapping, built in or the user's own, and the normalizers made of them.
package struct MappingCatalog: Sendable {
    /// What takes any JSON object.
    package static let fallbackFeed = "generic.json"
    /// The name under which each record's feed is told from its shape.
    package static let auto = "auto"

    /// By feed.
    package let mappings: [Mapping]

    /// - Parameter own: folders of the user's; a feed of the same name replaces the built-in one.
    /// - Throws: everything wrong with any of the mappings.
    package init(own: [VendorFolder] = []) throws(Problems) {
        var schema: OCSFSchema
        do { schema = try OCSFContent.schema(.canonical) } catch { throw Problems([error]) }
        let replaced = Set(own.map(\.feed))
        var problems: [Problem] = []
        var mappings: [Mapping] = []
        for folder in VendorFolder.builtIn.filter({ !replaced.contains($0.feed) && $0.files[.mapping] != nil }
        ) + own {
            do throws(Problems) {
                mappings.append(try folder.mapping(schema: schema))
            } catch {
                problems += error.list
            }
        }
        if !problems.isEmpty { throw Problems(problems) }
        self.mappings = mappings.sorted { $0.feed < $1.feed }
    }

    package var feeds: [String] { mappings.map(\.feed) }

    /// What makes events of a feed's records; `auto` is all feeds, each record's told from its shape.
    package func normalizer(for feed: String, keepsRaw: Bool = false) throws(Problem) -> Normalizer {
        if feed == Self.auto {
            let known = mappings.filter { $0.feed != Self.fallbackFeed && $0.isDetectable }
            let fallback = mappings.filter { $0.feed == Self.fallbackFeed }
            return Normalizer(known + fallback, keepsRaw: keepsRaw)
        }
        guard let mapping = mappings.first(where: { $0.feed == feed }) else {
            let near = nearestName(to: feed, among: feeds + [Self.auto])
            throw Problem(
                at: nil, "there is no feed \(feed)",
                hint: near.map { "did you mean \($0)?" }
                    ?? "martlet feeds lists them; auto tells each record's")
        }
        return Normalizer([mapping], keepsRaw: keepsRaw)
    }
}
