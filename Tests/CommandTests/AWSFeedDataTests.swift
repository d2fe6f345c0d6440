import Credentials
import Foundation
import Testing

@testable import martlet

private enum SharedFolder {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../../shared/data").standardizedFileURL
    static let isThere = FileManager.default.fileExists(atPath: root.path)
}

/// Real-shaped records of AWS's feeds beside CloudTrail, read in place: absent on a user's machine.
@Suite(.enabled(if: SharedFolder.isThere, "needs ../shared/data"))
struct AWSFeedDataTests {
    /// Files of records, how many there are, and the products that their events must name.
    private static let material: [(path: String, records: Int, products: Set<String>)] = [
        ("aws/iam/authz-details/cloudsplaining-example-authz-details.json", 40, ["IAM"]),
        (demo + "iam-get-account-authorization-details.json", 9, ["IAM"]),
        (demo + "iam-get-credential-report.json", 3, ["IAM"]),
        (panther + "AWS.GuardDuty.jsonl", 8, ["GuardDuty"]),
        (panther + "AWS.IAM.Group.jsonl", 2, ["IAM"]), (panther + "AWS.IAM.Policy.jsonl", 12, ["IAM"]),
        (panther + "AWS.IAM.Role.jsonl", 3, ["IAM"]), (panther + "AWS.IAM.RootUser.jsonl", 2, ["IAM"]),
        (panther + "AWS.IAM.User.jsonl", 19, ["IAM"]), (panther + "AWS.KMS.Key.jsonl", 5, ["KMS"]),
    ]
    private static let demo = "aws/iam/authz-details/cloudmapper-demo/account-data/demo/us-east-1/"
    private static let panther = "labelled-events/panther/"

    /// The records of a file; labelled ones stand in an envelope of the labels.
    private static func records(_ path: String) throws -> String {
        let text = try String(contentsOf: SharedFolder.root.appendingPathComponent(path), encoding: .utf8)
        guard path.hasPrefix(panther) else { return text }
        return try text.split(separator: "\n").map { line in
            let event = try #require(JSONValue(json: String(line))?["event"])
            return String(decoding: event.bytes, as: UTF8.self)
        }.joined(separator: "\n")
    }

    @Test(
        "Each record is an event of its feed, told by its shape, valid in every OCSF version, with its time and subject",
        arguments: ["1.9.0", "1.8.0", "1.5.0", "1.1.0"])
    func everything(version: String) async throws {
        for (path, count, products) in Self.material {
            let world = CommandWorld(files: ["/home/ada/in.json": try Self.records(path)])
            let status = await world.run(
                "normalize", "--feed", "auto", "--validate", "--ocsf", version, "in.json")
            #expect(status == .done, "\(path): \(world.messages.text)")
            let events = world.output.text.split(separator: "\n").compactMap { JSONValue(json: String($0)) }
            #expect(events.count == count, "\(path)")
            #expect(
                Set(events.compactMap { $0["metadata"]?["product"]?["name"]?.string }) == products, "\(path)")
            #expect(events.allSatisfy { ($0["time"]?.integer ?? 0) > 0 }, "\(path): an event without a time")
            guard version == "1.9.0" else { continue }
            for event in events {
                let subject =
                    event["user"]?["uid"] ?? event["resources"]?.array?.first?["uid"]
                    ?? event["finding_info"]?["uid"]
                #expect(subject?.string?.isEmpty == false, "\(path): an event about nothing")
            }
        }
    }
}
