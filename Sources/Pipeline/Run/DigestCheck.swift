package import Collectors
package import Engine
package import Ports

/// Verifies the digest files of every bucket that a pipeline lists: what `ledger --verify-digests` prints.
package struct DigestCheck: Sendable {
    /// How far back it looks where nothing else is asked for.
    package static let reach = Duration.days(1)

    package struct Result: Sendable {
        /// The collector's name in the pipeline file.
        package var source: String
        package var report: DigestReport
    }

    private let file: PipelineFile
    private let surroundings: RunSurroundings

    package init(_ file: PipelineFile, _ surroundings: RunSurroundings) {
        self.file = file
        self.surroundings = surroundings
    }

    /// One result for each `s3` collector, whether or not it verifies while running.
    ///
    /// - Throws: `denied` where a permission is missing; the report of the others is then not given either.
    package func results(from: Timestamp?, to: Timestamp?) async throws(Fault) -> [Result] {
        let assembly = CollectorAssembly(file: file, surroundings: surroundings)
        let end = to ?? surroundings.time.now
        var results: [Result] = []
        for entry in file.config.collectors.entries {
            guard case .s3(let config) = entry.value else { continue }
            let verification = try assembly.digests(entry.name, config)
            let report = try await verification.verify(from: from ?? end - Self.reach, to: end)
            results.append(Result(source: entry.name, report: report))
        }
        return results
    }
}
