import Simulation

@testable import Engine

/// A small made-up world: documentation's addresses in a handful of cities.
enum GeoMaterial {
    static let built = Timestamp(seconds: 1_789_000_000)

    static let cities: [UInt8] = {
        var writer = GeoDatabaseWriter(type: "Made-Up-City", built: built)
        writer.add("198.51.0.0/16", GeoDatabaseWriter.city("Lisbon", "PT", latitude: 38.72, longitude: -9.14))
        writer.add("198.52.0.0/16", GeoDatabaseWriter.city("Porto", "PT", latitude: 41.15, longitude: -8.61))
        writer.add("198.53.0.0/16", GeoDatabaseWriter.city("Braga", "PT", latitude: 41.55, longitude: -8.42))
        writer.add("203.0.0.0/8", GeoDatabaseWriter.city("Coimbra", "PT", latitude: 40.2, longitude: -8.41))
        writer.add(
            "192.0.2.0/24",
            GeoDatabaseWriter.city(
                "Sydney", "AU", continent: "Oceania", latitude: -33.87, longitude: 151.21, accuracy: 50))
        // The same city by a cloud, from all over the world, and by a guess.
        for (network, accuracy, isAnycast) in [
            ("100.64.0.0/16", 50, false), ("100.65.0.0/16", 50, true), ("100.66.0.0/16", 20_000, false),
        ] {
            writer.add(
                network,
                GeoDatabaseWriter.city(
                    "Sydney", "AU", continent: "Oceania", latitude: -33.87, longitude: 151.21,
                    accuracy: UInt64(accuracy), isAnycast: isAnycast))
        }
        writer.add(
            "2001:db8:1:0:0:0:0:0/48",
            GeoDatabaseWriter.city("Saint-Denis \"La Plaine\"", "FR", latitude: 48.92, longitude: 2.36))
        return writer.bytes
    }()

    static let networks: [UInt8] = {
        var writer = GeoDatabaseWriter(type: "Made-Up-ASN", built: built)
        for (number, network) in ["198.51.0.0/16", "198.52.0.0/16", "198.53.0.0/16", "203.0.0.0/8"]
            .enumerated()
        {
            writer.add(network, GeoDatabaseWriter.network(64_496 + UInt64(number), "Example \(number)"))
        }
        writer.add("192.0.2.0/24", GeoDatabaseWriter.network(64_511, "Example Down Under"))
        writer.add("100.64.0.0/16", GeoDatabaseWriter.network(16_509, "A cloud"))
        return writer.bytes
    }()

    static func geography(sharing: [UInt32] = []) throws -> Geography {
        Geography([try GeoDatabase(cities), try GeoDatabase(networks)], sharedNetworks: sharing)
    }
}
