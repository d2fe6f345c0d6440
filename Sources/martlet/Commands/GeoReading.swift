import Engine
import Pipeline
import Ports

extension Command.Option {
    static let geo = Command.Option(
        "geo", .path, "FILE",
        "A MaxMind database of places or networks (GeoLite2-City, GeoLite2-ASN): see docs/geo.md",
        isRepeated: true)
}

extension Geography {
    /// The databases of `--geo`; `nil` without one.
    static func read(_ invocation: Invocation, _ context: CommandContext) async throws -> Geography? {
        let paths = invocation.texts("geo")
        if paths.isEmpty { return nil }
        return try await GeoFile.read(
            paths.map { GeoFile.Request(context.absolute($0), shownAs: Placed($0)) },
            asOf: context.time.now, context.files)
    }
}
