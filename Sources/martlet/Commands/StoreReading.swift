import Engine
import Pipeline
import Ports
import Store

/// The stores that a command is to read.
enum StoreReading {
    static let store = Command.Option(
        "store", .path, "DIR", "A store's own folder, instead of those of the pipelines", isRepeated: true)
    static let pipelines = Command.Option(
        "pipeline", .path, "FILE", "A pipeline file whose store is meant (default: all in the state folder)",
        isRepeated: true)

    static let lake = Command.Option(
        "lake", .text, "URI", "A lake that was exported to: s3://BUCKET/PREFIX, or its folder",
        isRepeated: true)
    static let cache = Command.Option(
        "cache", .size, "SIZE", "What a lake's segments may take of this machine's disk (default 4GiB)")
    private static let cacheBytes: Int64 = 4 << 30

    struct Opened {
        var reader: StoreReader
        var plans: [ColumnPlan]
        /// The stores' folders, for other programs.
        var folders: [String]
        /// The journals of the pipelines, for the ledger.
        var states: [StateReading.Folder]
    }

    /// - Parameter isNeeded: whether pipelines without any store are a failure.
    static func open(
        _ invocation: Invocation, _ context: CommandContext, isNeeded: Bool = true
    ) async throws -> Opened {
        let plans = try StorePlans.all()
        var opened = Opened(reader: StoreReader([]), plans: plans, folders: [], states: [])
        for path in invocation.texts("store") {
            let folder = context.absolute(path)
            guard try await context.files.entry(at: folder)?.kind == .folder else {
                throw CommandFailure("\(path): there is no such folder", status: .usage)
            }
            add(
                try await StoreAccess.open(try context.readingVolume(folder), at: folder), folder,
                to: &opened, context)
        }
        for text in invocation.texts("lake") { try await add(lake: text, to: &opened, invocation, context) }
        if !opened.reader.parts.isEmpty { return opened }
        opened.states = try await StateReading.folders(invocation.texts("pipeline"), invocation, context)
        for state in opened.states {
            let folder = try await self.folder(of: state, invocation, context)
            guard try await context.files.entry(at: folder)?.kind == .folder else { continue }
            let found = try await StoreAccess.open(
                try context.readingVolume(folder), at: folder, state: state.state, state.volume, plans)
            add(found, folder, to: &opened, context)
        }
        if opened.folders.isEmpty, isNeeded {
            throw CommandFailure(
                "no store is there: pipelines keep one unless they say `store: {enabled: false}`; --store names its folder"
            )
        }
        return opened
    }

    /// The folders alone, for commands that write or check.
    static func folders(_ invocation: Invocation, _ context: CommandContext) async throws -> [String] {
        let named = invocation.texts("store").map { context.absolute($0) }
        if !named.isEmpty { return named }
        var folders: [String] = []
        for state in try await StateReading.folders(invocation.texts("pipeline"), invocation, context) {
            let folder = try await self.folder(of: state, invocation, context)
            if try await context.files.entry(at: folder)?.kind == .folder { folders.append(folder) }
        }
        return folders
    }

    /// Below the state, or where the pipeline's own file has it.
    private static func folder(
        of state: StateReading.Folder, _ invocation: Invocation, _ context: CommandContext
    ) async throws -> String {
        for path in invocation.texts("pipeline") {
            let file = try await PipelineFile.read([path], in: context)
            if let own = file.first(where: { $0.config.name.value == state.name }),
                let path = own.config.store.path
            {
                return own.absolute(path)
            }
        }
        return "\(state.path)/\(StoreConfig.exporterName)"
    }

    private static func add(
        lake text: String, to opened: inout Opened, _ invocation: Invocation, _ context: CommandContext
    ) async throws {
        switch try LakePlace(text) {
        case .folder(let path):
            let folder = context.absolute(path)
            guard try await context.files.entry(at: folder)?.kind == .folder else {
                throw CommandFailure("\(path): there is no such folder", status: .usage)
            }
            add(
                try await StoreAccess.open(try context.readingVolume(folder), at: folder), folder,
                to: &opened,
                context)
        case .bucket(let name, let prefix):
            let lake = try await LakePlace.lake(inBucket: name, prefix: prefix, context.surroundings)
            let catalog = try await lake.catalog()
            if catalog.count == 0 {
                throw CommandFailure("\(lake.name) holds no lake: `martlet store export` writes one")
            }
            let root = "\(context.cacheFolder ?? context.currentFolder)/martlet-lake"
            let cache = LakeCache(
                lake, try context.sharedVolume(root), root: root,
                token: String(context.surroundings.entropy.next(), radix: 36),
                bytesMax: invocation.size("cache")?.bytes ?? cacheBytes)
            opened.reader.parts.append(StoreReader.Part(segments: catalog.segments, source: cache))
            opened.folders.append(lake.name)
        }
    }

    private static func add(
        _ found: StoreAccess.Opened, _ folder: String, to opened: inout Opened, _ context: CommandContext
    ) {
        opened.reader.parts += found.parts
        opened.folders.append(folder)
        if found.leftOut > 0 {
            context.messages.writeLine(
                "\(grouped(found.leftOut)) events are in no segment yet and are not looked at: the store is behind"
            )
        }
        for problem in found.problems { context.messages.writeLine(printable(problem)) }
    }
}
