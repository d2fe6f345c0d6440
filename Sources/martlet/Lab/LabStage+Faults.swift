import Engine
import Pipeline
import Ports
import Simulation
import Synchronization

/// What fails in the lab, and when.
extension LabStage {
    func setFaults(by generator: inout SeededGenerator) {
        for entry in file.config.collectors.entries {
            let faults = FaultMix.network(&generator)
            networks[LabPipeline.host(ofCollector: entry.name)]?.setFaults(faults, "http")
        }
        for entry in file.config.exporters.entries {
            let faults = FaultMix.receiver(&generator)
            networks[LabPipeline.host(ofExporter: entry.name)]?.setFaults(faults, "http")
            receivers.taker(entry.name)?.setFaults(EventTaker.Faults(faults))
        }
        let disk = FaultMix.disk(&generator, capacityBytes: Self.diskBytes)
        state.withLock { state in
            state.diskFaults = disk
            state.isFaulty = true
        }
    }

    func endFaults() {
        for network in networks.values {
            network.setFaults(SimulatedNetwork.Faults(), "http")
            network.setDown(false, "http")
        }
        for entry in file.config.exporters.entries {
            receivers.taker(entry.name)?.setFaults(EventTaker.Faults())
            receivers.taker(entry.name)?.setAway(false)
        }
        setClock(ahead: .zero)
        state.withLock { state in
            state.troubles = []
            state.diskFaults = SimulatedVolume.Faults()
            state.isFaulty = false
            for disk in state.disks.values { disk.faults = SimulatedVolume.Faults() }
        }
    }

    /// What befalls the machine and its receivers at these moments.
    func plan(_ troubles: [LabTrouble]) {
        state.withLock { $0.troubles = troubles.sorted { $0.at < $1.at } }
    }

    private func befall(_ trouble: LabTrouble) {
        switch trouble.what {
        case .clock(let error): setClock(ahead: error)
        case .away(let name, let isAway):
            networks[LabPipeline.host(ofExporter: name)]?.setDown(isAway, "http")
            receivers.taker(name)?.setAway(isAway)
        case .disks(let isFull):
            state.withLock { state in
                for disk in state.disks.values {
                    disk.faults.capacityBytes =
                        isFull ? disk.bytesHeld + LabTrouble.roomLeft : state.diskFaults.capacityBytes
                }
            }
        }
    }

    private func setClock(ahead error: Duration) {
        let jump = state.withLock { state in
            let jump = error - state.clockError
            state.clockError = error
            if jump != .zero { state.clockJumps += 1 }
            return jump
        }
        clock.set(by: jump)
    }

    var clockJumps: Int { state.withLock { $0.clockJumps } }
    var diskFaults: Int { state.withLock { $0.disks.values.reduce(0) { $0 + $1.faultsMet } } }

    /// What went wrong so far on the way to an exporter's receiver, or at the disk that it writes to.
    func faults(of config: ExporterConfig, _ name: String) -> Int {
        if case .file(let config) = config { return volume(at: file.absolute(config.path.value)).faultsMet }
        return receivers.taker(name)?.faultsMet
            ?? networks[LabPipeline.host(ofExporter: name)]?.faultsMet ?? 0
    }

    /// Troubles come, at their times, whoever runs.
    func befall() async {
        while true {
            let next = state.withLock { $0.befallen < $0.troubles.count ? $0.troubles[$0.befallen] : nil }
            guard let next else { return }
            do throws(CancellationError) { try await world.sleep(until: next.at) } catch { return }
            state.withLock { $0.befallen += 1 }
            befall(next)
        }
    }
}
