import Codecs
import Engine

/// A drift report as one JSON document; every finding as it is in OCSF's enrichment.
package struct DriftJSON {
    private let report: DriftReport

    package init(_ report: DriftReport) { self.report = report }

    package var bytes: [UInt8] {
        var out: [UInt8] = Array("{\"report\":\"drift\"".utf8)
        func member(_ name: String, _ raw: [UInt8]) { out += Array(",\"\(name)\":".utf8) + raw }
        func text(_ name: String, _ text: String) { member(name, JSONFragment.quoted(text)) }
        text("from", DriftFinding.text(report.from))
        text("to", DriftFinding.text(report.to))
        text("headline", report.headline)
        if let previous = report.previous {
            member(
                "previous",
                Self.object([
                    ("from", JSONFragment.quoted(DriftFinding.text(previous.from))),
                    ("to", JSONFragment.quoted(DriftFinding.text(previous.to))),
                    ("retracted", Self.number(report.retracted)),
                ]))
        }
        member(
            "counts",
            Self.object([
                ("open", Self.number(report.open.count)), ("new", Self.number(report.count(.new))),
                ("still_open", Self.number(report.count(.stillOpen))),
                ("closed", Self.number(report.closed.count)),
                ("wider", Self.number(report.wider.count + report.untold.changes)),
            ]))
        member("verdicts", Self.object(report.verdicts.map { ($0.verdict.rawValue, Self.number($0.count)) }))
        member("wider", Self.list(report.wider.map(Self.change)))
        for question in DriftReport.Question.allCases where ![.wider, .plan].contains(question) {
            member(
                question.rawValue,
                Self.list(report.findings(for: question).map { JSONFragment.quoted($0.uid) }))
        }
        member(
            "plan",
            Self.list(
                report.plan.map { step in
                    Self.object([
                        ("finding", JSONFragment.quoted(step.finding.uid)),
                        ("places", Self.list(step.places.map { JSONFragment.quoted($0) })),
                        ("commands", Self.list(step.commands.map { JSONFragment.quoted($0) })),
                    ])
                }))
        member("limits", Self.list(report.limits.map { JSONFragment.quoted($0) }))
        member("declared", Self.list(report.declared.map { JSONFragment.quoted($0) }))
        let coverage = report.coverage
        member(
            "coverage",
            Self.object([
                ("events", Self.number(coverage.events)), ("changes", Self.number(coverage.changes)),
                ("attributed", Self.number(coverage.attributed)),
                ("snapshots", Self.number(coverage.snapshots)),
                ("principals", Self.number(coverage.principals)), ("refused", Self.number(coverage.refused)),
            ]))
        member("findings", Self.list(report.findings.map(finding)))
        return out + Array("}\n".utf8)
    }

    private func finding(_ finding: DriftFinding) -> [UInt8] {
        var out = finding.json(at: report.to)
        out.removeLast()
        out += Array(",\"standing\":".utf8) + JSONFragment.quoted(report.standing(finding).rawValue)
        return out + [UInt8(ascii: "}")]
    }

    private static func change(_ change: DriftChange) -> [UInt8] {
        var members: [(String, [UInt8])] = [
            ("provider", JSONFragment.quoted(change.provider)),
            ("account", JSONFragment.quoted(change.account)),
            ("subject", JSONFragment.quoted(change.subject)),
            ("kind", JSONFragment.quoted(change.kind.rawValue)),
            ("object", JSONFragment.quoted(change.object)),
            ("verdict", JSONFragment.quoted(change.verdict.rawValue)),
            ("effect", JSONFragment.quoted(change.effect.name)),
            ("cause", change.cause.json),
        ]
        for (name, text) in [
            ("witness", change.witness), ("consequence", change.consequence), ("doubt", change.doubt),
        ] where !text.isEmpty { members.append((name, JSONFragment.quoted(text))) }
        if !change.gained.isEmpty {
            members.append(("gained", list(change.gained.map { JSONFragment.quoted($0) })))
        }
        return object(members)
    }

    private static func number(_ number: Int) -> [UInt8] { Array(String(number).utf8) }

    private static func list(_ items: [[UInt8]]) -> [UInt8] {
        [UInt8(ascii: "[")] + Array(items.joined(separator: [UInt8(ascii: ",")])) + [UInt8(ascii: "]")]
    }

    private static func object(_ members: [(String, [UInt8])]) -> [UInt8] {
        let texts = members.map { JSONFragment.quoted($0.0) + [UInt8(ascii: ":")] + $0.1 }
        return [UInt8(ascii: "{")] + Array(texts.joined(separator: [UInt8(ascii: ",")])) + [UInt8(ascii: "}")]
    }
}

extension DriftReport.Previous {
    /// Of what `DriftJSON` wrote; `nil` for anything else.
    package init?(json bytes: [UInt8]) {
        guard let document = try? JSONReader.document(in: bytes, file: "report"),
            document["report"]?.string == "drift",
            let from = document["from"]?.string.flatMap({ Timestamp(iso8601: $0) }),
            let to = document["to"]?.string.flatMap({ Timestamp(iso8601: $0) }),
            let findings = document["findings"]?.list
        else { return nil }
        let open = findings.filter { $0["state"]?.string == "open" }.compactMap { $0["uid"]?.string }
        self.init(from: from, to: to, open: Set(open))
    }
}
