import Engine
package import Ports

/// What the verification of a trail's digest files found.
package struct DigestReport: Hashable, Sendable {
    package struct Finding: Hashable, Sendable {
        package enum Kind: String, Hashable, Sendable {
            /// A digest file that was changed, moved, or not signed by CloudTrail.
            case invalidDigest = "invalid-digest"
            /// A digest file that another one names and that is not there.
            case missingDigest = "missing-digest"
            /// A log file that is not what its digest says.
            case invalidLog = "invalid-log"
            /// A log file that a digest names and that is not there.
            case missingLog = "missing-log"
            /// A log file in the bucket that no digest of its time names: moved or put there.
            case unlistedLog = "unlisted-log"
            /// A time that no digest covers: nobody can say what was in the log then.
            case gap
        }

        package var kind: Kind
        /// `s3://…`; for a gap the chain's folder.
        package var object: String
        package var reason: String
    }

    package var validDigests = 0
    package var validLogs = 0
    /// Log files newer than the last digest, which comes within two hours.
    package var notYetCovered = 0
    package var findings: [Finding] = []

    package init() {}

    package var isClean: Bool { findings.isEmpty }

    package func count(_ kind: Finding.Kind) -> Int { findings.count { $0.kind == kind } }

    /// For a person, findings first.
    package var text: String {
        var lines = findings.map { "\($0.kind.rawValue): \($0.object): \($0.reason)" }
        lines.append(
            "\(validDigests) of \(validDigests + count(.invalidDigest) + count(.missingDigest)) digest files valid"
        )
        lines.append("\(validLogs) of \(validLogs + count(.invalidLog) + count(.missingLog)) log files valid")
        if count(.unlistedLog) > 0 { lines.append("\(count(.unlistedLog)) log files that no digest names") }
        if count(.gap) > 0 { lines.append("\(count(.gap)) gaps without a digest") }
        if notYetCovered > 0 { lines.append("\(notYetCovered) log files newer than the last digest") }
        return lines.joined(separator: "\n") + "\n"
    }

    package func notes(source: String) -> [HealthNote] {
        findings.map {
            HealthNote(
                .problem, source: source, code: "digest-\($0.kind.rawValue)", "\($0.object): \($0.reason)")
        }
    }
}
