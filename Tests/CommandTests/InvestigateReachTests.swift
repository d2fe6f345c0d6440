import Foundation
import Testing

@testable import martlet

/// What an investigation says of what somebody could reach.
@Suite struct InvestigateReachTests {
    private static func record(
        _ id: String, _ source: String, _ name: String, minute: Int, _ identity: String, _ request: String
    ) -> String {
        #"{"eventVersion":"1.08","eventName":"\#(name)","eventSource":"\#(source).amazonaws.com","#
            + #""eventTime":"2026-11-02T08:0\#(minute):00Z","eventID":"\#(id)","awsRegion":"eu-west-1","#
            + #""readOnly":false,"recipientAccountId":"111122223333","userIdentity":\#(identity),"#
            + #""requestParameters":\#(request),"responseElements":null}"#
    }

    private static let admin =
        #"{"type":"IAMUser","arn":"arn:aws:iam::111122223333:user/bo","accountId":"111122223333","accessKeyId":"AKIABO","userName":"bo"}"#
    private static let session =
        #"{"type":"AssumedRole","arn":"arn:aws:sts::111122223333:assumed-role/Ops/work","accountId":"111122223333","#
        + #""accessKeyId":"ASIA1","sessionContext":{"sessionIssuer":{"type":"Role","userName":"Ops","#
        + #""arn":"arn:aws:iam::111122223333:role/Ops"},"attributes":{"creationDate":"2026-11-02T08:02:00Z"}}}"#

    private static func policy(_ action: String) -> String {
        let document =
            #"{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"\#(action)\",\"Resource\":\"*\"}}"#
        return #"{"roleName":"Ops","policyName":"own","policyDocument":"\#(document)"}"#
    }

    /// What is told of the role after it acted at these minutes.
    private static func reach(actingAt minutes: [Int]) async throws -> [[String: Any]] {
        let acts = minutes.map { minute in
            Self.record(
                "a\(minute)", "s3", "PutBucketPolicy", minute: minute, Self.session, #"{"bucketName":"b"}"#)
        }
        let log =
            [
                Self.record(
                    "e1", "iam", "PutRolePolicy", minute: 1, Self.admin, Self.policy("secretsmanager:*")),
                Self.record("e3", "iam", "PutRolePolicy", minute: 5, Self.admin, Self.policy("iam:PassRole")),
            ] + acts
        let world = CommandWorld(files: ["/home/ada/log.json": log.joined(separator: "\n")])
        let status = await world.run(
            "investigate", "role:Ops", "log.json", "--feed", "aws.cloudtrail", "--format", "json")
        #expect(status == .done, "\(world.messages.text)")
        let found = try #require(
            try JSONSerialization.jsonObject(with: Data(world.output.text.utf8)) as? [String: Any])
        return try #require(found["reach"] as? [[String: Any]])
    }

    @Test("What a role's policies allowed at the first act counts, and not what came after the last")
    func first() async throws {
        let told = try await Self.reach(actingAt: [3, 4])
        let reach = try #require(told.first)
        #expect(told.count == 1 && reach["principal"] as? String == "role/Ops")
        #expect(reach["holds"] as? [String] == ["own"])
        #expect(reach["allowed"] as? [String] == ["secretsmanager:GetSecretValue"])
    }

    @Test("What changed while a role was used is told with its moment")
    func later() async throws {
        let told = try await Self.reach(actingAt: [3, 7])
        #expect(
            told.map { $0["allowed"] as? [String] } == [["secretsmanager:GetSecretValue"], ["iam:PassRole"]])
        #expect((told.last?["time"] as? String)?.hasPrefix("2026-11-02T08:05:00") == true)
    }
}
