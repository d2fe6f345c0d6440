package import Engine
import Exporters

/// Records in, credentials with their chains out: what `attribute` does with its inputs.
package final class AttributionRun: EventSink {
    /// How much of one credential's use was seen.
    package struct Use: Hashable, Sendable {
        package var events = 0
        package var privileged = 0
        package var first = Timestamp.distantFuture
        package var last = Timestamp.distantPast
    }

    package let input: EventInput
    private var uses: [CredentialKey: Use] = [:]
    package private(set) var attributor: Attributor
    /// Events, and privileged ones, of which the record names nobody.
    private var nobody = Use()

    /// - Parameter refused: where what cannot be read is told; nowhere for the first of two passes.
    package init(
        feed: String, _ catalog: MappingCatalog, _ directory: IdentityDirectory, refused: InputRefusals?
    ) throws(Problem) {
        input = try EventInput(feed: feed, catalog, keepsActs: true, refused: refused)
        var tree = CredentialTree()
        tree.directory = directory
        attributor = Attributor(tree)
    }

    package func take(_ batch: inout EventBatch) {
        for event in batch.events {
            guard let node = attributor.tree.take(event, of: batch) else {
                note(event, in: &nobody)
                continue
            }
            note(event, in: &uses[attributor.tree.key(of: node), default: Use()])
        }
    }

    private func note(_ event: Event, in use: inout Use) {
        use.events += 1
        if event.isPrivileged { use.privileged += 1 }
        use.first = min(use.first, event.time)
        use.last = max(use.last, event.time)
    }

    // MARK: What came of it

    /// One credential, session or identity that acted.
    package struct Line: Sendable {
        package var node: Int
        package var use: Use
        package var who: String
        package var subject: Attributor.Subject
        package var root: CredentialTree.Root
        package var hops: [CredentialTree.Hop]
    }

    /// Every credential that acted and is still remembered, by whose it is and then by its id.
    package func lines() -> [Line] {
        var lines: [(Line, id: String)] = []
        for (key, use) in uses {
            guard let node = attributor.tree.find(key) else { continue }
            let subject = attributor.subject(of: node)
            let (root, hops) = attributor.tree.chain(of: node)
            let who = root.isKnown ? attributor.name(of: subject) : "unknown"
            lines.append(
                (
                    Line(node: node, use: use, who: who, subject: subject, root: root, hops: hops),
                    attributor.tree.text(of: node)
                ))
        }
        return lines.sorted {
            ($0.0.who, $0.id, $0.0.use.first, $0.0.hops.count)
                < ($1.0.who, $1.id, $1.0.use.first, $1.0.hops.count)
        }.map(\.0)
    }

    /// How much is known, and why the rest is not.
    package struct Coverage: Sendable {
        package struct Share: Hashable, Sendable {
            package var all = 0
            package var known = 0
            /// Thousandths, over the known.
            package var confidence = 0
            package var byCertainty: [Int] = [0, 0, 0]
            package var gaps: [Int] = Array(repeating: 0, count: CredentialTree.Gap.allCases.count)
            /// The record names nobody.
            package var nameless = 0
            /// Of credentials that were forgotten at the tree's bound.
            package var forgotten = 0
        }

        package var events = Share()
        package var privileged = Share()
    }

    package func coverage(_ lines: [Line]) -> Coverage {
        var coverage = Coverage()
        var confidence = (events: 0, privileged: 0)
        for line in lines {
            Self.add(line, line.use.events, to: &coverage.events, &confidence.events)
            Self.add(line, line.use.privileged, to: &coverage.privileged, &confidence.privileged)
        }
        coverage.events.nameless = nobody.events
        coverage.privileged.nameless = nobody.privileged
        for (key, use) in uses where attributor.tree.find(key) == nil {
            coverage.events.forgotten += use.events
            coverage.privileged.forgotten += use.privileged
        }
        coverage.events.close(confidence.events)
        coverage.privileged.close(confidence.privileged)
        return coverage
    }

    private static func add(
        _ line: Line, _ count: Int, to share: inout Coverage.Share, _ confidence: inout Int
    ) {
        share.all += count
        guard let gap = line.root.gap else {
            share.known += count
            share.byCertainty[Int(line.root.certainty.rawValue)] += count
            confidence += count * line.root.confidence
            return
        }
        share.gaps[Int(gap.rawValue) - 1] += count
    }
}

extension AttributionRun.Coverage.Share {
    fileprivate mutating func close(_ sum: Int) {
        all += nameless + forgotten
        confidence = known > 0 ? sum / known : 0
    }

    /// `97.3 %`, never rounded up to what is not reached.
    package var percent: String {
        if all == 0 { return "100 %" }
        let tenths = known * 1_000 / all
        return "\(tenths / 10).\(tenths % 10) %"
    }
}
