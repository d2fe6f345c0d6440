package import Engine

/// Every feed's mapping, built in or the user's own, and the normalizers made of them.
package struct MappingCatalog: Sendable {
    /// What takes any JSON object.
    package static let fallbackFeed = "generic.json"
    /// The name under which each record's feed is told from its shape.
    package static let auto = "auto"

    /// By feed. Those inside the binary are compiled when they are first asked for: most programs need one of them.
    private let compiled: [CompiledMapping]

    private static let shared = Result { () throws(Problems) in
        let schema = try MappingCatalog.schema()
        let folders = VendorFolder.builtIn.filter { $0.holds(.mapping) }
        return MappingCatalog(compiled: folders.map { CompiledMapping($0, schema) })
    }

    /// The mappings inside the binary.
    package static func builtIn() throws(Problems) -> MappingCatalog { try shared.get() }

    private init(compiled: [CompiledMapping]) { self.compiled = compiled }

    private static func schema() throws(Problems) -> OCSFSchema {
        do { return try OCSFContent.schema(.canonical) } catch { throw Problems([error]) }
    }

    /// - Parameter own: folders of the user's; a feed of the same name replaces the built-in one.
    /// - Throws: everything wrong with any of the user's mappings.
    package init(own: [VendorFolder]) throws(Problems) {
        let mapped = own.filter { $0.holds(.mapping) }
        let replaced = Set(mapped.map(\.feed))
        var compiled = try Self.builtIn().compiled.filter { !replaced.contains($0.feed) }
        let schema = try Self.schema()
        var problems: [Problem] = []
        for folder in mapped {
            do throws(Problems) {
                compiled.append(CompiledMapping(folder, schema, known: try folder.mapping(schema: schema)))
            } catch {
                problems += error.list
            }
        }
        if !problems.isEmpty { throw Problems(problems) }
        self.compiled = compiled.sorted { $0.feed < $1.feed }
    }

    package var feeds: [String] { compiled.map(\.feed) }

    /// All of them, by feed.
    package func mappings() throws(Problem) -> [Mapping] {
        var all: [Mapping] = []
        for one in compiled { all.append(try one.mapping()) }
        return all
    }

    /// What makes events of a feed's records; `auto` is all feeds, each record's told from its shape.
    package func normalizer(
        for feed: String, keepsRaw: Bool = false, keepsRecords: Bool = false, keepsActs: Bool = false
    ) throws(Problem) -> Normalizer {
        if feed == Self.auto {
            let mappings = try mappings()
            let known = mappings.filter { $0.feed != Self.fallbackFeed && $0.isDetectable }
            let fallback = mappings.filter { $0.feed == Self.fallbackFeed }
            return Normalizer(
                known + fallback, keepsRaw: keepsRaw, keepsRecords: keepsRecords, keepsActs: keepsActs)
        }
        guard let mapping = try compiled.first(where: { $0.feed == feed })?.mapping() else {
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
