import Codecs
package import Engine

/// The OCSF tables and version maps that are in the binary.
package enum OCSFContent {
    private static let canonical = Result { () throws(Problem) in try read(.canonical) }

    package static func schema(_ version: OCSFSchema.Version) throws(Problem) -> OCSFSchema {
        version == .canonical ? try canonical.get() : try read(version)
    }

    private static func read(_ version: OCSFSchema.Version) throws(Problem) -> OCSFSchema {
        guard let table = Assets.bytes(version.tablePath) else {
            throw Problem(at: nil, "OCSF \(version.rawValue) is not in this binary")
        }
        return try OCSFSchema(table: table, path: version.tablePath)
    }

    /// What writes canonical events as `version` has them; `nil` for the canonical version itself.
    package static func translator(to version: OCSFSchema.Version) throws(Problems) -> OCSFTranslator? {
        if version == .canonical { return nil }
        let path = "schemas/ocsf/maps/\(version.rawValue).yaml"
        do {
            let map = try OCSFVersionMap(try YAMLReader.document(in: Assets.bytes(path) ?? [], file: path))
            return try OCSFTranslator(map, from: try schema(.canonical), to: try schema(version))
        } catch let problems as Problems {
            throw problems
        } catch let problem as Problem {
            throw Problems([problem])
        } catch {
            throw Problems([Problem(at: nil, "\(error)")])
        }
    }
}
