/// Which declared pipeline somebody acts for.
///
/// A stream has few actors and many changes: what was found of one is remembered.
final class DriftActors {
    /// Actors remembered, past which it begins anew.
    static let rememberedMax = 20_000

    private struct Actor: Hashable {
        var name: String
        var human: String?
    }

    private let declared: [DriftSettings.Pipeline]
    private var known: [Actor: String?] = [:]

    init(_ declared: [DriftSettings.Pipeline]) { self.declared = declared }

    /// The first declared pipeline that an actor, or the human behind it, appears as.
    func pipeline(of name: String, human: String?) -> String? {
        if declared.isEmpty { return nil }
        let actor = Actor(name: name, human: human)
        if let pipeline = known[actor] { return pipeline }
        if known.count >= Self.rememberedMax { known = [:] }
        let names = [name, human].compactMap(\.self).map { WildcardPattern.letters($0) }
        let pipeline = declared.first { names.contains(where: $0.acts) }?.name
        known[actor] = .some(pipeline)
        return pipeline
    }
}
