import Credentials
import Engine
import Exporters

/// A feed's source as the ledger and its collector's position know it.
struct FeedLook: APIObject {
    var pipeline: String
    var feed: String
    var source: String
    /// The hour in which records came last.
    var lastArrival: Timestamp?
    var records = 0
    var malformed = 0
    var duplicate = 0
    var filtered = 0
    var events = 0
    var isBalanced = true
    /// How late records come, in the collector's own words; empty where that is not measured.
    var delay = ""

    static let name = "Feed"
    static let what = "One source of a feed: how much came, and whether all of it is accounted for."
    static var members: [APIMember<Self>] {
        [
            .init("pipeline", \.pipeline, "The pipeline that collects it"),
            .init("feed", \.feed, "vendor.feed"), .init("source", \.source, "The collector's name"),
            .init("last_arrival", \.lastArrival, "The hour in which records came last"),
            .init("records", \.records, "Records read"),
            .init("malformed", \.malformed, "Records that could not be read, kept as dead letters"),
            .init("duplicate", \.duplicate, "Records seen before"),
            .init("filtered", \.filtered, "Events left out by the pipeline's filter"),
            .init("events", \.events, "Events made"),
            .init(
                "balanced", \.isBalanced,
                "Whether records = malformed + duplicate + filtered + events in every hour"),
            .init("delay", \.delay, "How late records come, where that is measured"),
        ]
    }
}

struct ExporterLook: APIObject {
    var pipeline: String
    var exporter: String
    var queued = 0
    var accepted = 0
    var refused = 0
    var pending = 0
    var resent = 0

    static let name = "Exporter"
    static let what = "What a receiver was given of a pipeline's events and findings."
    static var members: [APIMember<Self>] {
        [
            .init("pipeline", \.pipeline, "The pipeline it belongs to"),
            .init("exporter", \.exporter, "Its name"),
            .init("queued", \.queued, "Put into its spool"),
            .init("accepted", \.accepted, "The receiver has them"),
            .init("refused", \.refused, "The receiver refused them: dead letters"),
            .init("pending", \.pending, "Waiting on disk"),
            .init("resent", \.resent, "Sent again without knowing whether the first try arrived"),
        ]
    }
}

struct NoteLook: APIObject {
    var pipeline: String
    var subject: String
    var text: String
    var at: Timestamp

    static let name = "HealthNote"
    static let what = "Something that a person should look after."
    static var members: [APIMember<Self>] {
        [
            .init("pipeline", \.pipeline, "Whose it is"), .init("subject", \.subject, "What it is about"),
            .init("text", \.text, "What is wrong, and what to do"),
            .init("at", \.at, "When it was noted"),
        ]
    }
}

/// How everything stands.
struct OverviewLook: APIObject {
    var at: Timestamp
    var feeds: [FeedLook]
    var exporters: [ExporterLook]
    var notes: [NoteLook]
    /// Findings nobody has judged and nothing took back, by severity.
    var open: [String: Int]
    var judged: Int
    var top: [FindingNote]

    static let name = "Overview"
    static let what = "How feeds, exporters and findings stand."
    static var members: [APIMember<Self>] {
        [
            .init("at", \.at, "As of when"), .init("feeds", \.feeds, "By pipeline, feed and source"),
            .init("exporters", \.exporters, "By pipeline and name"),
            .init("notes", \.notes, "Newest first"),
            .init("open_findings", \.open, "Findings without a verdict, by severity"),
            .init("judged_findings", \.judged, "Findings with one"),
            .init("top_findings", \.top, "Those without a verdict of the riskiest entities"),
        ]
    }

    init(_ look: ConsoleLook) {
        at = look.at
        feeds = FeedLook.all(in: look)
        exporters = ExporterLook.all(in: look)
        notes = look.store.pipelines.flatMap { pipeline in
            pipeline.state.notes.map {
                NoteLook(pipeline: pipeline.name, subject: $0.key, text: $0.value.text, at: $0.value.at)
            }
        }.sorted { ($0.at, $1.pipeline, $1.subject) > ($1.at, $0.pipeline, $0.subject) }
        let standing = look.findings.filter { $0.verdict == nil && !$0.isRetracted }
        open = [:]
        for finding in standing { open[finding.severity, default: 0] += 1 }
        judged = look.findings.count { $0.verdict != nil }
        top = Array(FindingFilter.byRisk(standing).prefix(Self.topMax))
    }

    private static let topMax = 10
}

extension FeedLook {
    static func all(in look: ConsoleLook) -> [FeedLook] {
        var all: [[String]: FeedLook] = [:]
        for line in look.ledger.lines {
            let key = [line.pipeline, line.key.feed, line.key.source]
            var feed =
                all[key] ?? FeedLook(pipeline: line.pipeline, feed: line.key.feed, source: line.key.source)
            feed.records += line.row.records
            feed.malformed += line.row.malformed
            feed.duplicate += line.row.duplicate
            feed.filtered += line.row.filtered
            feed.events += line.row.events
            if !line.row.isBalanced { feed.isBalanced = false }
            let hour = Timestamp(seconds: line.key.hour * 3_600)
            if line.row.records > 0, line.key.hour != Ledger.olderHour,
                feed.lastArrival.map({ $0 < hour }) ?? true
            {
                feed.lastArrival = hour
            }
            if let delay = line.delay { feed.delay = delay.text }
            all[key] = feed
        }
        return all.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map(\.value)
    }
}

extension ExporterLook {
    static func all(in look: ConsoleLook) -> [ExporterLook] {
        look.store.pipelines.flatMap { pipeline in
            pipeline.state.ledger.total.exporters.sorted { $0.key < $1.key }.map { name, cell in
                ExporterLook(
                    pipeline: pipeline.name, exporter: name, queued: cell.queued, accepted: cell.accepted,
                    refused: cell.refused, pending: cell.pending, resent: cell.resent)
            }
        }
    }
}

/// An identity's risk with what it is made of.
struct RiskLook: APIObject {
    struct Contribution: APIObject {
        var points: Double
        var why: String
        var finding: String?
        var without: Double

        static let name = "Contribution"
        static let what = "One thing that an entity's score is made of."
        static var members: [APIMember<Self>] {
            [
                .init("points", \.points, "What it is worth; all of them and the base add up to the score"),
                .init("why", \.why, "A rule's name, or what was unusual"),
                .init("finding", \.finding, "The finding's uid, where there is one"),
                .init("score_without", \.without, "What the score would be without it"),
            ]
        }
    }

    var entity: String
    var kind: String
    var score: Double
    var level: String
    var base: Double
    var contributions: [Contribution]

    static let name = "Risk"
    static let what = "An entity's risk as a sum of named contributions."
    static var members: [APIMember<Self>] {
        [
            .init("entity", \.entity, "The identity"), .init("kind", \.kind, "human, workload, role, …"),
            .init("score", \.score, "0 to 100"),
            .init("level", \.level, "Info, Low, Medium, High or Critical"),
            .init("base", \.base, "What every identity has"),
            .init("contributions", \.contributions, "The heaviest first"),
        ]
    }

    init(_ risk: EntityRisk) {
        entity = risk.entity
        kind = risk.kind.name
        score = risk.score
        level = risk.ledger.level.name
        base = Double(risk.ledger.baseHundredths) / 100
        contributions = risk.ledger.lines.enumerated().map { place, line in
            Contribution(
                points: Double(line.hundredths) / 100, why: line.why, finding: line.finding,
                without: Double(risk.ledger.without(place)) / 100)
        }
    }
}
