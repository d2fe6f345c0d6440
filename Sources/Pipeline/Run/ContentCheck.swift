package import Engine
import Ports

/// What decoding alone cannot say of a pipeline file: whether what it names is there.
package struct ContentCheck: Sendable {
    private let surroundings: RunSurroundings

    package init(_ surroundings: RunSurroundings) { self.surroundings = surroundings }

    package func problems(in files: [PipelineFile]) async -> [Problem] {
        var problems: [Problem] = []
        for file in files {
            for entry in file.config.collectors.entries {
                guard case .files(let config) = entry.value else { continue }
                for path in config.paths.all {
                    if let problem = await missing(path, in: file) { problems.append(problem) }
                }
            }
            for (key, path) in certificateFiles(of: file.config) {
                if let problem = await missing(Placed(path), in: file, key) { problems.append(problem) }
            }
        }
        return problems
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

    private func certificateFiles(of config: PipelineConfig) -> [(key: String, path: String)] {
        let connections =
            config.collectors.entries.compactMap { $0.value.aws?.connection }
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
