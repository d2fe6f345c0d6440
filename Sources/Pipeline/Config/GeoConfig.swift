import Engine

/// Where a pipeline's source addresses are.
package struct GeoConfig: ConfigValue {
    package var databases: [Placed<String>] = []
    package var sharedNetworks: [Int] = []
    package var ageMax = GeoFile.ageMax

    package init() {}

    package static let name = "geo"
    package static let summary =
        "Where source addresses are: MaxMind databases of yours, for events, for habits, and for travel."
    package static var fields: [ConfigField<Self>] {
        [
            .init(
                "databases", \.databases,
                "Files in MaxMind's form: one that tells cities (GeoLite2-City), one that tells networks (GeoLite2-ASN)"
            ) {
                $0.count > 8 ? "at most 8 databases" : nil
            },
            .init(
                "shared_networks", \.sharedNetworks,
                "Numbers of autonomous systems, besides the clouds, gateways and private networks that are known, whose users may be anywhere"
            ),
            .init("age_max", \.ageMax, "A database built longer ago than this is refused") {
                $0 < .days(1) ? "must be at least 1d" : nil
            },
        ]
    }
}
