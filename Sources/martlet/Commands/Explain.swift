import Codecs
import Engine
import Pipeline
import Ports

extension Command {
    static let explain = Command(
        name: "explain",
        summary: "Why a finding was raised, on what it rests, and what would have been normal",
        discussion: """
            FINDING_UID is a finding's uid in the store (`finding_info.uid`). Says which rule, correlation or baseline
            raised it and why, who is behind it, the events it rests on, what would have been normal, and the
            identity's risk with it and without it.
            """,
        arguments: [Argument("FINDING_UID", "The finding's uid")],
        options: [StoreReading.lake, StoreReading.cache, StoreReading.pipelines, StoreReading.store, .state],
        examples: ["martlet explain 5b1f0c0e-6a57-8c1d-9e0b-3a1d2f4c5b6a"]
    ) { invocation, context in
        let stored = try await StoredFinding.read(invocation.arguments[0], invocation, context)
        let lines = try await FindingExplanation(stored.versions).lines(stored)
        for line in lines { context.output.writeLine(printable(line)) }
        return .done
    }
}

extension FindingExplanation {
    /// For a terminal, with the events read from where the finding was.
    fileprivate func lines(_ stored: StoredFinding) async throws -> [String] {
        var lines = [title]
        for section in sections {
            if !section.title.isEmpty { lines += ["", section.title] }
            lines += section.lines.map { Self.line($0.name, $0.value) }
        }
        lines += ["", "Events (\(eventCount))"]
        for uid in eventUIDs {
            let rows = try await StoredFinding.rows(of: "events", uid, stored.opened)
            guard let event = rows.first(where: { $0["metadata"]?["uid"]?.string == uid }) else {
                lines.append(Self.line("-", "\(uid) (no longer in the store)"))
                continue
            }
            let time = (event["time"]?.integer).map { Timestamp(milliseconds: $0).iso8601 } ?? ""
            let words = [
                time, event["api"]?["operation"]?.string, event["status"]?.string,
                event["actor"]?["user"]?["uid"]?.string ?? event["actor"]?["user"]?["name"]?.string,
                event["src_endpoint"]?["ip"]?.string, uid,
            ]
            lines.append("  " + words.compactMap { $0 }.joined(separator: "  "))
        }
        if namedEvents > eventUIDs.count {
            lines.append(Self.line("…", "and \(namedEvents - eventUIDs.count) more"))
        }
        return lines
    }

    private static func line(_ name: String, _ value: String) -> String {
        "  \(name)\(String(repeating: " ", count: max(1, 12 - name.count)))\(value)"
    }
}

/// Lines that a query writes, read back as documents.
final class CollectedLines {
    var bytes: [UInt8] = []

    var documents: [Document] {
        get throws {
            try bytes.split(separator: UInt8(ascii: "\n")).map { line in
                try JSONReader.document(in: Array(line), file: "finding")
            }
        }
    }
}
