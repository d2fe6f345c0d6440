import Engine
import Exporters
import Ports
import Store

/// Makes the event store of a pipeline out of configuration.
struct StoreAssembly {
    private let config: StoreConfig

    /// `nil` where the pipeline keeps none.
    init?(_ config: StoreConfig) {
        guard config.enabled else { return nil }
        self.config = config
    }

    var name: String { StoreConfig.exporterName }

    var outlet: PipelineState.Outlet {
        var spool = Spool.Limits()
        spool.bytesMax = Self.spoolBytesMax
        return PipelineState.Outlet(name, spool: spool, takesRecords: config.raw)
    }

    /// What may wait to become segments, when the store's disk is slower than everything else: bytes.
    private static let spoolBytesMax: Int64 = 10 << 30
    /// A segment's events are in memory while it is made: bytes of their text.
    private static let batchBytesMax = 24 << 20

    var limits: Shipper.Limits {
        var limits = Shipper.Limits()
        limits.rowsMax = config.seal.rows
        limits.bytesMax = Self.batchBytesMax
        limits.ageMax = config.seal.age
        limits.concurrency = 1
        return limits
    }

    func receiver(
        for file: PipelineFile, state: String, _ surroundings: RunSurroundings
    ) throws -> any Receiver {
        let volume = try surroundings.volume(Self.folder(of: config, in: file, state: state))
        let store = EventStore(try StorePlans.all(), volume: volume, time: surroundings.time)
        var classAges: [Int64: Duration] = [:]
        for age in config.classes { classAges[Int64(age.uid)] = age.age }
        let retention = Retention(age: config.age, classAges: classAges, bytesMax: config.size.bytes)
        return StoreReceiver(store, retention: retention, time: surroundings.time, log: surroundings.log)
    }

    /// The store's folder: the pipeline's own, or below its state.
    static func folder(of config: StoreConfig, in file: PipelineFile, state: String) -> String {
        config.path.map { file.absolute($0) } ?? "\(state)/\(StoreConfig.exporterName)"
    }
}
