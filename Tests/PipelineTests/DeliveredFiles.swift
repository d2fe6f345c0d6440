import Simulation

extension SimulatedVolume {
    /// The files that an exporter has written, in the order in which it wrote them: their names end with the numbers of
    /// their rows.
    var deliveredPaths: [String] {
        paths.sorted { Self.rows($0).lexicographicallyPrecedes(Self.rows($1)) }
    }

    private static func rows(_ path: String) -> [Int] {
        path.prefix { $0 != "." }.split(separator: "-").suffix(2).map { Int($0) ?? 0 }
    }
}
