import Engine
import Pipeline
import Ports

/// The states of pipelines, read beside whatever process is writing them.
enum StateReading {
    struct Folder {
        /// The pipeline's.
        var name: String
        var path: String
        var volume: any Volume
        var state: JournalState
    }

    static let pipelines = Command.Argument(
        "PIPELINE", "Pipeline files whose state is meant (default: all that the state folder holds)",
        kind: .path, isRequired: false, isRepeated: true)

    /// What `--state` holds, or the state folders of the pipeline files named on the command line, each by its own
    /// `state` where neither `--state` nor `$MARTLET_STATE` is given.
    static func folders(
        _ pipelines: some Sequence<String>, _ invocation: Invocation, _ context: CommandContext
    ) async throws -> [Folder] {
        let paths = Array(pipelines)
        var places: [(name: String, path: String)] = []
        var bases: [String] = []
        if paths.isEmpty {
            bases = [try context.stateFolder(invocation.text("state"))]
            places = try await StateFolders.under(bases[0], context.files)
        }
        for own in try await PipelineFile.places(
            paths.map { context.absolute($0) }, shownAs: paths, environment: context.environment,
            context.files)
        {
            let base = try context.stateFolder(invocation.text("state"), pipeline: own.state)
            bases.append(StateFolders.path(of: own.name, in: base))
            places += try await StateFolders.under(StateFolders.path(of: own.name, in: base), context.files)
        }
        var folders: [Folder] = []
        for (name, path) in places {
            let volume = try context.readingVolume(path)
            if let state = try await PipelineState.read(volume) {
                folders.append(Folder(name: name, path: path, volume: volume, state: state))
            }
        }
        if folders.isEmpty {
            throw CommandFailure(
                "there is no state in \(bases.joined(separator: ", ")): has anything run yet? A pipeline with a state "
                    + "folder of its own is named by its file")
        }
        return folders
    }
}
