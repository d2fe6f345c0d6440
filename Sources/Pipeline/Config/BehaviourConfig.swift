import Engine

/// What a pipeline's baselines may raise.
package struct BehaviourConfig: ConfigValue {
    package var enabled = true
    package var budget = 5

    package init() {}

    package static let name = "behaviour"
    package static let summary = "Baselines: days of identities that are unlike those before."
    package static var fields: [ConfigField<Self>] {
        [
            .init("enabled", \.enabled, "Learn what is usual, and raise what is not"),
            .init(
                "budget", \.budget,
                "How many findings a day are to be expected where nothing is wrong, in the long run"
            ) {
                (1...1_000_000).contains($0) ? nil : "must be from 1 to 1,000,000"
            },
        ]
    }

    var settings: BehaviourSettings? {
        guard enabled else { return nil }
        var settings = BehaviourSettings()
        settings.budget = Double(budget)
        return settings
    }
}
