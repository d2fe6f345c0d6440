import Codecs
package import Engine
package import Ports

/// A pipeline file as it was read: the configuration, and where it came from.
package struct PipelineFile: Sendable {
    /// A larger file is no pipeline: bytes.
    static let bytesMax: Int64 = 4 << 20

    package var path: String
    package var config: PipelineConfig

    /// The folder from which the file's relative paths are seen.
    package var folder: String { Paths.folder(of: path) }

    package func absolute(_ path: String) -> String { Paths.absolute(path, in: folder) }

    /// Whether any of its collectors can read a stretch of the past beside what is new.
    package func canBackfill(_ feeds: FeedCatalog) -> Bool {
        config.collectors.entries.contains { entry in
            if case .api(let api) = entry.value { feeds[api.feed.value]?.takesEnd == true } else { false }
        }
    }

    /// Reads all files; throws all that is wrong with all of them.
    ///
    /// Nothing but files is touched: no network, and no credentials but those that a file names.
    package static func read(
        _ paths: [String], shownAs names: [String]? = nil, environment: [String: String],
        _ reader: any FileReader
    ) async throws(Problems) -> [PipelineFile] {
        var files: [PipelineFile] = []
        var problems: [Problem] = []
        for (index, path) in paths.enumerated() {
            do throws(Problems) {
                let name = names?[index] ?? path
                files.append(try await read(path, shownAs: name, environment: environment, reader))
            } catch {
                problems += error.list
            }
        }
        var seen: [String: String] = [:]
        for file in files {
            let name = file.config.name
            if let other = seen[name.value] {
                problems.append(
                    Problem(at: name.position, "a pipeline “\(name.value)” is already in \(other)"))
            }
            seen[name.value] = file.path
        }
        if !problems.isEmpty { throw Problems(problems) }
        return files
    }

    /// Where a pipeline keeps its state, as far as its file says.
    package struct Place: Sendable {
        package var name: String
        /// Absolute.
        package var state: String?
        /// Where its exporters write objects.
        package var buckets: [BucketPlace] = []
    }

    /// The names and state folders of pipeline files, for commands that only look at state: secrets need not be
    /// set, and the rest of the file is not looked at.
    package static func places(
        _ paths: [String], shownAs names: [String], environment: [String: String], _ reader: any FileReader
    ) async throws(Problems) -> [Place] {
        var places: [Place] = []
        var problems: [Problem] = []
        for (path, shown) in zip(paths, names) {
            do throws(Problems) {
                let (document, references) = try await document(
                    path, shownAs: shown, environment: environment, reader)
                var decoder = ConfigDecoder(references: references)
                let name = document["name"].flatMap { decoder.text(of: $0) }
                let state = document["state"].flatMap { decoder.text(of: $0) }
                problems += decoder.problems
                if let name {
                    places.append(
                        Place(
                            name: name, state: state.map { Paths.absolute($0, in: Paths.folder(of: path)) },
                            buckets: BucketPlace.all(in: document, references)))
                } else if decoder.problems.isEmpty {
                    problems.append(Problem(at: document.position, "a pipeline needs “name”"))
                }
            } catch {
                problems += error.list
            }
        }
        if !problems.isEmpty { throw Problems(problems) }
        return places
    }

    private static func read(
        _ path: String, shownAs name: String, environment: [String: String], _ reader: any FileReader
    ) async throws(Problems) -> PipelineFile {
        let (document, references) = try await document(
            path, shownAs: name, environment: environment, reader)
        var decoder = ConfigDecoder(references: references)
        let config = PipelineConfig.decode(document, by: &decoder)
        guard let config, decoder.problems.isEmpty else { throw Problems(decoder.problems) }
        return PipelineFile(path: path, config: config)
    }

    static func document(
        _ path: String, shownAs name: String, environment: [String: String], _ reader: any FileReader
    ) async throws(Problems) -> (Document, References) {
        let bytes: [UInt8]
        do throws(Fault) {
            bytes = try await reader.read(path, bytesMax: bytesMax)
        } catch {
            throw Problems([Problem(at: nil, error.message)])
        }
        let document = try YAMLReader.document(in: bytes, file: name)
        var references = References(environment: environment, folder: Paths.folder(of: path))
        await references.read(from: document, reader)
        return (document, references)
    }
}
