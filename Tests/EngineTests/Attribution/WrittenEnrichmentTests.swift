import Foundation
import Simulation
import Testing

@testable import Engine

/// What is copied because nothing has changed is what would be written anew.
@Suite struct WrittenEnrichmentTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    private static func lines(of feed: String, seed: UInt64) throws -> [[UInt8]] {
        var bytes: [UInt8] = []
        if feed == "aws.cloudtrail" {
            var options = SyntheticTrail.Options()
            options.seed = seed
            options.days = 1
            options.identities = 12
            var trail = SyntheticTrail(options)
            while let file = trail.next() { file.appendLines(to: &bytes) }
        } else {
            let folder = feed.replacing(".", with: "/")
            bytes = [UInt8](
                try Data(contentsOf: root.appending(path: "schemas/vendors/\(folder)/samples.jsonl")))
        }
        return bytes.split(separator: 0x0A).map { Array($0) }
    }

    @Test(
        "In whatever order and batches acts come, and at the tree's bound",
        arguments: [
            "aws.cloudtrail", "okta.system_log", "gcp.audit", "kubernetes.audit", "entra.signin",
            "azure.activity",
        ], [1_000_000, 150])
    func same(feed: String, nodes: Int) throws {
        var dice = Dice(seed: UInt64(nodes) &+ 7)
        var lines = Array(try Self.lines(of: feed, seed: 9).prefix(4_000))
        // Issuers come late, and everything once more.
        lines += lines
        for place in stride(from: lines.count - 1, to: 0, by: -1) {
            lines.swapAt(place, max(0, place - dice.below(400)))
        }
        var limits = CredentialTree.Limits()
        limits.nodes = nodes
        var attributor = Attributor(CredentialTree(limits: limits))
        var rest = lines[...]
        var written = 0
        while !rest.isEmpty {
            let count = min(rest.count, 1 + dice.below(120))
            let chunk = Array(rest.prefix(count).joined(separator: [0x0A]))
            rest = rest.dropFirst(count)
            var batch = try AttributionBench(objects: [chunk], feed: feed).batch
            var other = batch
            var anew = Attributor(attributor.tree)
            attributor.attribute(&batch)
            anew.attribute(&other)
            #expect(batch.bytes == other.bytes)
            #expect(batch.events.map(\.uid) == other.events.map(\.uid))
            written += batch.events.count { batch.json(of: $0).contains("\"name\":\"attribution\"") }
        }
        #expect(written > 0)
    }
}
