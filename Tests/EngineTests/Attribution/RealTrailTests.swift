import Foundation
import Testing

@testable import Engine

/// Attribution on a real account's hour of attacks, where the data is.
@Suite struct RealTrailTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "shared/data/aws/cloudtrail/invictus-stratus-2023/CloudTrail")
    private static var isThere: Bool { FileManager.default.fileExists(atPath: folder.path) }

    private static func objects() throws -> [[UInt8]] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
            .map { [UInt8](try Data(contentsOf: folder.appending(path: $0))) }
    }

    @Test(
        "Of a real hour of attacks at least 95 % of privileged acts have a root, and every role's session whose key is seen issued",
        .enabled(if: isThere, "the shared CloudTrail data is not here"))
    func coverage() throws {
        let objects = try Self.objects()
        let bench = try AttributionBench(objects: objects)
        var attributor = Attributor(AttributionBench.tree(bench.facts))
        var known: Set<String> = []
        var privileged = (all: 0, known: 0)
        for event in bench.batch.events {
            let isKnown = attributor.subject(of: event, in: bench.batch)?.isKnown == true
            if isKnown { known.insert(bench.batch.uid(of: event)) }
            guard event.isPrivileged else { continue }
            privileged.all += 1
            if isKnown { privileged.known += 1 }
        }
        #expect(bench.batch.count == 2_900 && privileged.all > 500)
        #expect(privileged.known * 100 >= privileged.all * 95, "\(privileged)")

        // The plainest reading: which keys were handed out, and when.
        var issued: [String: String] = [:]
        var sessions: [(uid: String, key: String, began: String)] = []
        for object in objects {
            let value = try JSONSerialization.jsonObject(with: Data(object)) as? [String: Any]
            for record in value?["Records"] as? [[String: Any]] ?? [] {
                let credentials = (record["responseElements"] as? [String: Any])?["credentials"]
                if let key = (credentials as? [String: Any])?["accessKeyId"] as? String {
                    issued[key] = record["eventTime"] as? String
                }
                let identity = record["userIdentity"] as? [String: Any] ?? [:]
                let context = identity["sessionContext"] as? [String: Any]
                let attributes = context?["attributes"] as? [String: Any]
                guard identity["type"] as? String == "AssumedRole", let uid = record["eventID"] as? String,
                    let key = identity["accessKeyId"] as? String,
                    let began = attributes?["creationDate"] as? String
                else { continue }
                sessions.append((uid, key, began))
            }
        }
        let traced = sessions.filter { issued[$0.key] != nil }
        #expect(traced.count == 70)
        // What a session's name and second rest on.
        #expect(traced.allSatisfy { issued[$0.key] == $0.began })
        #expect(traced.allSatisfy { known.contains($0.uid) })
    }
}
