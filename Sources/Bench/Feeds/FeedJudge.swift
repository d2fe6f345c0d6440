import Engine
import Pipeline

/// What came of a feed's records, each held against the record it was made from.
struct FeedFigures {
    /// How many had it, and how many of their events have it, too.
    struct Share {
        var held = 0
        var found = 0

        mutating func add(_ isFound: Bool) {
            held += 1
            if isFound { found += 1 }
        }
    }

    var records = 0
    var events = 0
    var refusals: [String: Int] = [:]
    /// OCSF attributes that were written, the constants of a class among them.
    var attributes: Set<String> = []
    /// Single values of the records, and those of them that are nowhere but in `unmapped`.
    var values = 0
    var unmapped = 0
    var lost: [String: Int] = [:]
    /// By version and fault.
    var errors: [String: Int] = [:]
    var time = Share()
    var actor = Share()
    var action = Share()
    /// What lacks one of the three: the value that was not found.
    var missed: [String: Int] = [:]
    var agreement = Agreement()

    var errorCount: Int { errors.values.reduce(0, +) }
}

/// Normalizes pieces of one feed and counts what is true of each event.
struct FeedJudge {
    static let versions: [OCSFSchema.Version] = [.v1_8_0, .v1_1_0]
    /// What an event says of itself, not of the record.
    private static let ownWords = ["metadata.", "observables.", "raw_data", "type_", "class_", "category_"]

    private(set) var figures = FeedFigures()
    private let feed: String
    private let normalizer: Normalizer
    private let reader = RecordReader()
    private var validators: [(version: OCSFSchema.Version, validator: OCSFValidator)] = []
    private var translators: [OCSFSchema.Version: OCSFTranslator] = [:]
    private var record = Leaves()
    private var event = Leaves()
    private var batch = EventBatch()

    init(feed: String, catalog: MappingCatalog) throws {
        self.feed = feed
        normalizer = try catalog.normalizer(for: feed)
        for version in [.canonical] + Self.versions {
            validators.append((version, OCSFValidator(try OCSFContent.schema(version))))
        }
        for version in Self.versions + [.v1_5_0] {
            translators[version] = try OCSFContent.translator(to: version)
        }
    }

    mutating func take(_ piece: SharedMaterial.Piece) throws {
        figures.records += piece.records
        var refusals: [Refusal] = []
        reader.begin(normalizer.layouts)
        normalizer.begin()
        reader.feed(piece.text.span)
        reader.finish()
        while reader.advance() {
            refusals += reader.refusals
            batch.removeAll()
            normalizer.normalize(reader, into: &batch, refusals: &refusals)
            for event in batch.events {
                let raw = Array(reader.tape.text(event.record).utf8)
                try judge(Array(batch.bytes[event.json.range]), event.time, of: raw, piece.expectation)
            }
        }
        for refusal in refusals { figures.refusals[refusal.reason, default: 0] += 1 }
    }

    private mutating func judge(
        _ json: [UInt8], _ time: Timestamp, of raw: [UInt8], _ expectation: SharedMaterial.Expectation?
    ) throws {
        figures.events += 1
        var translated: [OCSFSchema.Version: [UInt8]] = [.canonical: json]
        for version in translators.keys {
            var out: [UInt8] = []
            try translators[version]?.translate(json, 0..<json.count, into: &out)
            translated[version] = out
        }
        for index in validators.indices {
            let version = validators[index].version
            let text = translated[version] ?? []
            for finding in validators[index].validator.findings(in: text.span) where finding.isError {
                figures.errors["\(version.rawValue) \(finding)", default: 0] += 1
            }
        }
        try record.read(raw)
        try event.read(json)
        count()
        essentials(time)
        switch expectation {
        case .ocsf(let version, let expected):
            var other = Leaves()
            try other.read(translated[version] ?? [])
            figures.agreement.compare(ocsf: expected, with: other.all)
        case .some(let expected): figures.agreement.compare(expected, with: event.all, of: record.all)
        case nil: break
        }
    }

    private mutating func count() {
        var mapped: Set<String> = []
        var kept: Set<String> = []
        for leaf in event.all {
            if leaf.path.hasPrefix("unmapped.") {
                kept.insert(leaf.text)
            } else {
                mapped.insert(leaf.text)
                if !leaf.path.hasPrefix("observables.") { figures.attributes.insert(leaf.path) }
            }
        }
        for leaf in record.all {
            figures.values += 1
            if mapped.contains(leaf.text) || Self.moments(leaf.text).contains(where: mapped.contains) {
                continue
            }
            if kept.contains(leaf.text) {
                figures.unmapped += 1
            } else if !leaf.text.utf8.allSatisfy({ $0 == 0x20 }) {
                figures.lost["\(leaf.path): \(leaf.text.prefix(60))", default: 0] += 1
            }
        }
    }

    /// A time as OCSF writes it, where the text may be one: milliseconds.
    private static func moments(_ text: String) -> [String] {
        if let number = Double(text), number.magnitude < 1e12 {
            return ["\(Int64((number * 1_000).rounded()))"]
        }
        return Timestamp(iso8601: text).map { ["\($0.milliseconds)"] } ?? []
    }

    private mutating func essentials(_ time: Timestamp) {
        guard let wanted = Essentials.all[feed] else { return }
        let times = record.all.filter { wanted.time.contains($0.path) && Essentials.isTime($0.text) }
        if !times.isEmpty {
            figures.time.add(time != .epoch)
            if time == .epoch { figures.missed["time \(times[0].text.prefix(60))", default: 0] += 1 }
        }
        if let missed = lacking(wanted.actor, under: ["actor.", "user."]) {
            figures.actor.add(missed.isEmpty)
            if !missed.isEmpty { figures.missed["actor \(missed)", default: 0] += 1 }
        }
        if let missed = lacking(wanted.action, under: nil) {
            figures.action.add(missed.isEmpty)
            if !missed.isEmpty { figures.missed["action \(missed)", default: 0] += 1 }
        }
    }

    /// `nil` where the record does not say it; empty where the event says it in the right place.
    private func lacking(_ paths: [String], under places: [String]?) -> String? {
        let said = record.all.filter { paths.contains($0.path) && !Essentials.silences.contains($0.text) }
        guard let first = said.first else { return nil }
        let words = Set(said.map { $0.text.lowercased() })
        let isThere = event.all.contains { leaf in
            guard words.contains(leaf.text.lowercased()) else { return false }
            guard let places else { return !leaf.path.hasPrefix("unmapped.") }
            return places.contains { leaf.path.hasPrefix($0) || leaf.path.contains("." + $0) }
        }
        return isThere ? "" : "\(first.path): \(first.text.prefix(60))"
    }
}
