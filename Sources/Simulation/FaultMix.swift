/// Which faults a world has: each kind is on in some worlds only, so that rare combinations meet.
package enum FaultMix {
    /// What goes wrong on the way to a server and back.
    package static func network(_ generator: inout SeededGenerator) -> SimulatedNetwork.Faults {
        var faults = SimulatedNetwork.Faults()
        if generator.chance(0.25) { faults.resetBefore = 0.2 }
        if generator.chance(0.25) { faults.resetAfter = 0.2 }
        if generator.chance(0.25) { faults.throttled = 0.2 }
        if generator.chance(0.25) { faults.unavailable = 0.3 }
        if generator.chance(0.25) { faults.truncated = 0.1 }
        if generator.chance(0.1) { faults.hang = 0.1 }
        return faults
    }

    /// What goes wrong at a disk, which has this size in some worlds.
    package static func disk(
        _ generator: inout SeededGenerator, capacityBytes: Int64
    ) -> SimulatedVolume.Faults {
        var faults = SimulatedVolume.Faults()
        if generator.chance(0.25) { faults.append = 0.05 }
        if generator.chance(0.25) { faults.synchronize = 0.05 }
        if generator.chance(0.25) { faults.read = 0.05 }
        if generator.chance(0.25) { faults.rename = 0.1 }
        if generator.chance(0.25) { faults.remove = 0.1 }
        if generator.chance(0.1) { faults.capacityBytes = capacityBytes }
        return faults
    }

    /// What goes wrong with a receiver: beside the network, credentials that end and answers that drip.
    package static func receiver(_ generator: inout SeededGenerator) -> SimulatedNetwork.Faults {
        var faults = network(&generator)
        if generator.chance(0.25) { faults.unauthorized = 0.05 }
        if generator.chance(0.2) { faults.latency = .seconds(50) }
        return faults
    }
}
