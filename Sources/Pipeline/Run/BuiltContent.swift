import Codecs
import Collectors
package import Engine
package import Ports

/// The mappings and rules that a pipeline asks for, compiled once and shared by all its pages.
package struct BuiltContent: PipelineContent {
    /// Rules that are left out because they are of no use here, and why.
    package let warnings: [Problem]
    /// Rules that are wrong, and are left out where the pipeline runs all the same.
    package let wrongRules: [Problem]
    package let feeds: FeedCatalog
    private let catalog: MappingCatalog
    private let keepsRaw: Bool
    private let keepsRecords: Bool
    /// By feed; copied for each page, as each has scratch memory of its own.
    private var stages: [String: DetectionStage]
    package private(set) var correlations: CorrelationPlan
    package private(set) var behaviour: BehaviourSettings?
    package let drift: DriftSettings?
    package let grantPolicy: GrantPolicy
    package let identities: IdentityDirectory
    /// Whose identities are by the user's file, for baselines.
    let holders: AccountHolders
    /// What a database tells of addresses, where the pipeline names one.
    package private(set) var geography: Geography?

    /// Throws everything wrong with the feeds and mappings that the file names, and the rules that are not there.
    ///
    /// - Parameter now: what the age of databases is counted from; `nil` where nothing is to be said of it.
    package static func load(
        for file: PipelineFile, from catalog: MappingCatalog, feeds: FeedCatalog = .none,
        asOf now: Timestamp? = nil, _ files: any FileReader
    ) async throws(Problems) -> BuiltContent {
        let paths = file.config.rules.map(\.value)
        let rules = await RuleLibrary.read(
            paths.map { $0 == RuleLibrary.builtinName ? $0 : file.absolute($0) }, shownAs: paths, files,
            placeholders: try await placeholders(of: file, files))
        var problems = rules.absent
        let plan = CorrelationPlan(rules)
        var stages: [String: DetectionStage] = [:]
        for entry in file.config.collectors.entries {
            let feed = entry.value.feed
            do throws(Problem) {
                for name in try catalog.normalizer(for: feed.value).feeds where stages[name] == nil {
                    stages[name] = DetectionStage(rules, plan, feed: name)
                }
                let marks = DeclaredCollector.markFeed
                if feeds[feed.value]?.isMarked == true, stages[marks] == nil {
                    stages[marks] = DetectionStage(rules, plan, feed: marks)
                }
            } catch {
                problems.append(Problem(at: feed.position, error.message, hint: error.hint))
            }
        }
        var identities = IdentityDirectory()
        if let path = file.config.attribution.identities {
            do throws(Problems) {
                try await IdentityFile.read(
                    file.absolute(path.value), shownAs: path.value, files, into: &identities)
            } catch {
                problems += error.list
            }
        }
        var grantPolicy = GrantPolicy()
        if let path = file.config.drift.grantPolicy {
            do throws(Problems) {
                grantPolicy = try await GrantPolicyFile.read(
                    file.absolute(path.value), shownAs: path.value, files)
            } catch {
                problems += error.list.map {
                    Problem(at: $0.position ?? path.position, $0.message, hint: $0.hint)
                }
            }
        }
        var geography: Geography?
        do throws(Problems) {
            geography = try await Self.geography(of: file, asOf: now, files)
        } catch {
            problems += error.list
        }
        var drift = file.config.drift.settings
        if let path = file.config.drift.baseline {
            do throws(Problems) {
                // Where a file does not say whose it is, it can be of the only account that is named.
                let named = file.config.drift.accounts
                drift?.baseline = try await BaselineFile.read(
                    file.absolute(path.value), shownAs: path.value,
                    account: named.count == 1 ? named.first : nil, files
                ).baseline
            } catch {
                problems += error.list.map {
                    Problem(at: $0.position ?? path.position, $0.message, hint: $0.hint)
                }
            }
        }
        if !problems.isEmpty { throw Problems(problems) }
        return BuiltContent(
            warnings: rules.warnings, wrongRules: rules.errors, feeds: feeds, catalog: catalog,
            keepsRaw: file.config.rawData,
            keepsRecords: file.config.store.keepsRecords
                || file.config.exporters.entries.contains { $0.value.encoding == .raw },
            stages: stages, correlations: plan, behaviour: file.config.behaviour.settings,
            drift: drift, grantPolicy: grantPolicy,
            identities: identities, holders: AccountHolders(identities), geography: geography)
    }

    private static func geography(
        of file: PipelineFile, asOf now: Timestamp?, _ files: any FileReader
    ) async throws(Problems) -> Geography? {
        let config = file.config.geo
        if config.databases.isEmpty { return nil }
        return try await GeoFile.read(
            config.databases.map { GeoFile.Request(file.absolute($0.value), shownAs: $0) },
            sharedNetworks: config.sharedNetworks.compactMap { UInt32(exactly: $0) },
            ageMax: config.ageMax, asOf: now, files)
    }

    package func heeding(_ verdicts: Judgements) -> any PipelineContent {
        var content = self
        for name in stages.keys { content.stages[name]?.raised.suppressions = verdicts.suppressions }
        content.correlations.suppressions = verdicts.suppressions
        content.behaviour = behaviour.map { verdicts.heeded(in: $0) }
        return content
    }

    /// The values that the file names for the `%placeholders%` of its rules.
    private static func placeholders(
        of file: PipelineFile, _ files: any FileReader
    ) async throws(Problems) -> [String: [String]] {
        guard let path = file.config.placeholders else { return [:] }
        let bytes: [UInt8]
        do throws(Fault) {
            bytes = try await files.read(file.absolute(path), bytesMax: RuleLibrary.fileBytesMax)
        } catch {
            let place = SourcePosition(file: path, line: 1, column: 1)
            throw Problems([Problem(at: place, "placeholders: \(error.message)")])
        }
        return try RulePlaceholders.read(YAMLReader.document(in: bytes, file: path))
    }

    package func normalizer(attributing attribution: AttributionStage?) -> any PageNormalizer {
        RecordNormalizer(self, attribution)
    }

    /// What makes events of a feed's records, and the rules for each of the feeds it tells apart.
    func machinery(for feed: String, keepsActs: Bool) -> (Normalizer, [DetectionStage]) {
        guard
            let normalizer = try? catalog.normalizer(
                for: feed, keepsRaw: keepsRaw, keepsRecords: keepsRecords, keepsActs: keepsActs)
        else {
            preconditionFailure("feed \(feed) was not checked at the start")
        }
        let own = normalizer.feeds.map { name in
            guard let stage = stages[name] else { preconditionFailure("feed \(name) was not loaded") }
            return stage
        }
        return (normalizer, own)
    }
}
