import Codecs
package import Engine
package import Ports

/// What somebody has said about a finding: durable, and heeded by everything that detects.
package struct Judgement: Sendable, Hashable {
    package enum Kind: String, CaseIterable, Sendable {
        /// Nothing is wrong: the identity may do this.
        case benign
        /// An attack: nothing of that day is ever learned as usual.
        case malicious
        /// Known and agreed for a while: until then it raises nothing.
        case expected
    }

    package var finding: String
    package var kind: Kind
    /// The rule's or baseline's id.
    package var analytic: String
    package var identity: String
    /// When the finding was, and when somebody judged it.
    package var time: Timestamp
    package var at: Timestamp
    package var until: Timestamp?
    package var note: String
    /// What a day showed, where it is about one: dimension and value.
    package var facts: [Fact]
    /// What the events of a correlation's finding have in common: it is about them, whoever of several did the last.
    package var group: [Fact] = []

    package struct Fact: Sendable, Hashable {
        package var dimension: String
        package var value: String
    }

    /// - Parameter finding: the finding's OCSF text, as a document.
    package init(
        on finding: Document, _ kind: Kind, at: Timestamp, until: Timestamp?, note: String
    ) throws(Problem) {
        guard let uid = finding["finding_info"]?["uid"]?.string,
            let analytic = finding["finding_info"]?["analytic"]?["uid"]?.string,
            let time = finding["time"]?.integer
        else { throw Problem(at: nil, "this finding has no uid, analytic and time to judge it by") }
        let evidences = finding["evidences"]?.list ?? []
        let named = evidences.compactMap { evidence in
            evidence["data"]?["identity"]?.string ?? evidence["actor"]?["user"]?["email_addr"]?.string
                ?? evidence["actor"]?["user"]?["uid"]?.string ?? evidence["actor"]?["user"]?["name"]?.string
        }
        let types = finding["finding_info"]?["types"]?.list ?? []
        if types.contains(where: { $0.string == CorrelationPlan.findingType }) {
            group = (evidences.first?["data"]?.map ?? []).compactMap { entry in
                guard !CorrelationPlan.measures.contains(entry.key), let value = entry.value.plainText else {
                    return nil
                }
                return Fact(dimension: entry.key, value: value)
            }
        }
        let shared = group.map(\.value).joined(separator: ", ")
        guard let identity = named.first ?? (shared.isEmpty ? nil : shared) else {
            throw Problem(
                at: nil, "this finding names no identity, so a verdict on it would have nothing to hold on to"
            )
        }
        self.finding = uid
        self.kind = kind
        self.analytic = analytic
        self.identity = identity
        self.time = Timestamp(milliseconds: time)
        self.at = at
        self.until = until
        self.note = note
        facts = evidences.compactMap { evidence in
            guard let dimension = evidence["data"]?["dimension"]?.string,
                let value = evidence["data"]?["value"]?.string
            else { return nil }
            return Fact(dimension: dimension, value: value)
        }
    }

    /// One JSON object.
    package var json: [UInt8] {
        func quoted(_ text: String) -> String { String(decoding: JSONFragment.quoted(text), as: UTF8.self) }
        var text =
            "{\"finding\":\(quoted(finding)),\"verdict\":\"\(kind.rawValue)\",\"analytic\":\(quoted(analytic))"
        text += ",\"identity\":\(quoted(identity)),\"time\":\(time.milliseconds),\"at\":\(at.milliseconds)"
        if let until { text += ",\"until\":\(until.milliseconds)" }
        text += ",\"note\":\(quoted(note)),\"facts\":["
        func list(_ facts: [Fact]) -> String {
            facts.map { "{\"dimension\":\(quoted($0.dimension)),\"value\":\(quoted($0.value))}" }
                .joined(separator: ",") + "]"
        }
        text += list(facts)
        if !group.isEmpty { text += ",\"group\":[" + list(group) }
        return Array((text + "}\n").utf8)
    }

    init?(json: [UInt8]) {
        guard let document = try? JSONReader.document(in: json, file: "verdict"),
            let finding = document["finding"]?.string, let word = document["verdict"]?.string,
            let kind = Kind(rawValue: word), let analytic = document["analytic"]?.string,
            let identity = document["identity"]?.string, let time = document["time"]?.integer,
            let at = document["at"]?.integer
        else { return nil }
        self.finding = finding
        self.kind = kind
        self.analytic = analytic
        self.identity = identity
        self.time = Timestamp(milliseconds: time)
        self.at = Timestamp(milliseconds: at)
        until = (document["until"]?.integer).map { Timestamp(milliseconds: $0) }
        note = document["note"]?.string ?? ""
        func list(_ name: String) -> [Fact] {
            (document[name]?.list ?? []).compactMap { fact in
                guard let dimension = fact["dimension"]?.string, let value = fact["value"]?.string else {
                    return nil
                }
                return Fact(dimension: dimension, value: value)
            }
        }
        facts = list("facts")
        group = list("group")
    }
}

extension Document {
    /// A value that is one: a text as it is, any other as JSON writes it.
    fileprivate var plainText: String? {
        switch value {
        case .string(let text): text
        case .integer(let number): "\(number)"
        case .bool(let isTrue): isTrue ? "true" : "false"
        case .null: "null"
        case .number(let number): "\(number)"
        case .list, .map: nil
        }
    }
}

/// All verdicts of a pipeline, each in a file of its own, so that a command may add one while the pipeline runs.
package struct Judgements: Sendable {
    /// The last verdict on each finding, by when it was given.
    package private(set) var all: [Judgement] = []

    package init() {}

    package init(_ verdicts: [Judgement]) {
        var last: [String: Judgement] = [:]
        for verdict in verdicts.sorted(by: { ($0.at, $0.finding) < ($1.at, $1.finding) }) {
            last[verdict.finding] = verdict
        }
        all = last.values.sorted { ($0.at, $0.finding) < ($1.at, $1.finding) }
    }

    /// In a pipeline's state folder.
    static let folder = "verdicts"

    package static func read(_ volume: any Volume) async throws(Fault) -> Judgements {
        var read: [Judgement] = []
        for path in try await volume.files(under: folder) where path.hasSuffix(".json") {
            let length = try await volume.length(of: path) ?? 0
            guard length <= 1 << 20 else { continue }
            // One cut by a crash was never acknowledged.
            if let verdict = Judgement(json: try await volume.read(path, in: 0..<length)) {
                read.append(verdict)
            }
        }
        return Judgements(read)
    }

    /// Durable when it returns.
    package static func add(_ verdict: Judgement, to volume: any Volume) async throws(Fault) {
        let path = "\(folder)/\(verdict.at.nanoseconds)-\(verdict.finding).json"
        _ = try await volume.append(verdict.json, to: path)
        try await volume.synchronize(path)
    }

    /// What rules are to say nothing about.
    package var suppressions: FindingSuppressions {
        var suppressions = FindingSuppressions()
        for verdict in all where verdict.kind != .malicious {
            guard let until = verdict.until else { continue }
            if verdict.group.isEmpty {
                suppressions.add(verdict.analytic, verdict.identity, from: verdict.time, until: until)
            } else {
                let values = verdict.group.map { ($0.dimension, $0.value) }
                suppressions.add(
                    verdict.analytic, group: Dictionary(values, uniquingKeysWith: { first, _ in first }),
                    from: verdict.time, until: until)
            }
        }
        return suppressions
    }

    /// The settings with what was said added to them.
    package func heeded(in settings: BehaviourSettings) -> BehaviourSettings {
        var settings = settings
        for verdict in all where !verdict.facts.isEmpty {
            let day = JudgedDay(identity: verdict.identity, at: verdict.time)
            switch verdict.kind {
            case .malicious: settings.malicious.insert(day)
            case .benign: settings.benign.insert(day)
            case .expected:
                guard let until = verdict.until, until >= verdict.time else { continue }
                let last = JudgedDay(identity: verdict.identity, at: until)
                let values = verdict.facts.compactMap { Expectation.value($0.dimension, $0.value) }
                settings.expected[day.key, default: []].append(
                    Expectation(values: Set(values), days: day.day...last.day))
            }
        }
        return settings
    }
}
