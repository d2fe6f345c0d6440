package import Engine
import Ports

/// What decoding alone cannot say of a pipeline file: whether what it names is there.
package struct ContentCheck: Sendable {
    private let surroundings: RunSurroundings
    private let vendors: [String]

    /// - Parameter vendors: folders with more feeds for every file, absolute.
    package init(_ surroundings: RunSurroundings, vendors: [String] = []) {
        self.surroundings = surroundings
        self.vendors = vendors
    }

    /// What the files need to run, in their order, and everything wrong with it; one without the other.
    package func load(_ files: [PipelineFile]) async -> (content: [BuiltContent], problems: [Problem]) {
        var problems: [Problem] = []
        var content: [BuiltContent] = []
        for file in files {
            let catalog: MappingCatalog
            let feeds: FeedCatalog
            do throws(Problems) {
                (catalog, feeds) = try await catalogs(for: file)
            } catch {
                problems += error.list
                continue
            }
            for entry in file.config.collectors.entries {
                if case .api(let config) = entry.value { problems += config.problems(among: feeds) }
            }
            for entry in file.config.collectors.entries {
                guard case .files(let config) = entry.value else { continue }
                for path in config.paths.all {
                    if let problem = await missing(path, in: file) { problems.append(problem) }
                }
            }
            do throws(Problems) {
                content.append(
                    try await BuiltContent.load(
                        for: file, from: catalog, feeds: feeds, asOf: surroundings.time.now,
                        surroundings.files))
            } catch {
                problems += error.list
            }
            problems += filterProblems(of: file.config)
            for (key, path) in certificateFiles(of: file.config) {
                if let problem = await missing(Placed(path), in: file, key) { problems.append(problem) }
            }
        }
        return (problems.isEmpty ? content : [], problems)
    }

    /// The built-in feeds and those of the user's own folders.
    private func catalogs(for file: PipelineFile) async throws(Problems) -> (MappingCatalog, FeedCatalog) {
        let own = try await VendorFolder.own(of: file, beside: vendors, surroundings.files)
        if own.isEmpty { return (try MappingCatalog.builtIn(), try FeedCatalog.builtIn()) }
        return (try MappingCatalog(own: own), try FeedCatalog(own: own))
    }

    private func missing(_ path: Placed<String>, in file: PipelineFile, _ key: String = "paths") async
        -> Problem?
    {
        do throws(Fault) {
            if try await surroundings.files.entry(at: file.absolute(path.value)) != nil { return nil }
            return Problem(
                at: path.position, "\(key): there is no file or folder \(file.absolute(path.value))")
        } catch {
            return Problem(at: path.position, "\(key): \(error.message)")
        }
    }

    /// A filter's path that no class has would silently keep everything.
    private func filterProblems(of config: PipelineConfig) -> [Problem] {
        var conditions = config.filter.flatMap(\.drop.all)
        for entry in config.exporters.entries {
            let shaping = entry.value.delivery.shaping
            conditions += shaping.filter.flatMap(\.drop.all) + (shaping.sample?.only?.all ?? [])
            conditions += shaping.redact.flatMap(\.paths).map {
                Conditions.Condition(path: $0.value, position: $0.position, values: [])
            }
        }
        guard !conditions.isEmpty, let schema = try? OCSFContent.schema(.canonical) else { return [] }
        var problems: [Problem] = []
        for condition in conditions {
            var nearest: Problem?
            let isKnown = schema.classes.contains { structure in
                do throws(Problem) {
                    _ = try schema.resolve(condition.path, in: structure, at: condition.position)
                    return true
                } catch {
                    if nearest == nil || !error.hint.isEmpty { nearest = error }
                    return false
                }
            }
            if !isKnown, let nearest { problems.append(nearest) }
        }
        return problems
    }

    private func certificateFiles(of config: PipelineConfig) -> [(key: String, path: String)] {
        let connections =
            config.collectors.entries.compactMap { $0.value.connection }
            + config.exporters.entries.compactMap { $0.value.connection }
        return connections.flatMap { connection in
            [
                ("tls.ca_file", connection.tls.caFile),
                ("tls.client_certificate", connection.tls.clientCertificate),
                ("tls.client_key", connection.tls.clientKey),
            ].compactMap { key, path in path.map { (key, $0) } }
        }
    }
}
