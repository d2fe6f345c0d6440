import Engine
import Testing

@testable import Pipeline

private typealias Material = DriftMaterial

/// A report as somebody reads it who has to act on it.
@Suite struct DriftWordsTests {
    private static func attach(_ account: String, _ minute: Int) -> String {
        Material.call(
            minute, "iam", "AttachGroupPolicy",
            "{\"groupName\":\"admins\",\"policyArn\":\"arn:aws:iam::aws:policy/AdministratorAccess\"}",
            account: account, uid: "e-\(account)")
    }

    private static func put(_ minute: Int, _ name: String, _ document: String) -> String {
        Material.call(
            minute, "iam", "PutRolePolicy",
            "{\"roleName\":\"deploy\",\"policyName\":\"\(name)\",\"policyDocument\":\(document)}")
    }

    @Test("A step that is the same in several accounts is told once, with all of them")
    func places() async throws {
        let report = try await Material.run([Self.attach("111122223333", 1), Self.attach("444455556666", 2)])
            .report()
        #expect(report.plan.map(\.places) == [["AWS 111122223333", "AWS 444455556666"]])
        let markdown = String(decoding: DriftMarkdown(report).bytes, as: UTF8.self)
        #expect(
            markdown.contains("for good (AWS 111122223333, AWS 444455556666)\n   - `aws iam detach-group"))
        let page = String(decoding: DriftPage(report).bytes, as: UTF8.self)
        #expect(page.contains("AWS 111122223333, AWS 444455556666"))
    }

    @Test("What happened is said in words: attached, shared, taken away")
    func words() async throws {
        let records = [
            Self.attach("111122223333", 1),
            Material.call(
                2, "iam", "DeactivateMFADevice", "{\"userName\":\"bo\",\"serialNumber\":\"device\"}"),
            Material.call(3, "iam", "AddUserToGroup", "{\"userName\":\"bo\",\"groupName\":\"admins\"}"),
        ]
        let markdown = String(
            decoding: DriftMarkdown(try await Material.run(records).report()).bytes, as: UTF8.self)
        #expect(markdown.contains("AdministratorAccess was attached (widened: permissions)"))
        #expect(markdown.contains("the second factor device was taken away"))
        #expect(markdown.contains("it was put into admins"))
        #expect(markdown.contains("From 2026-05-04T00:01:00Z to 2026-05-04T00:03:00Z."))
    }

    @Test("A document that cannot be read gives everything that is known of, and says why in the report")
    func unreadable() async throws {
        let star = Material.document(Material.allow("*"))
        let report = try await Material.run([
            Self.put(1, "star", star), Self.put(2, "broken", "\"{\\\"Version\\\":\""),
        ]).report()
        let broken = try #require(report.wider.first { $0.object == "broken" })
        #expect(broken.effect == .permissions && broken.doubt.contains("cannot be read as a policy"))
        #expect(broken.consequence == "role/deploy had it already")
        #expect(report.wider.first { $0.object == "star" }?.effect == .permissions)
        let markdown = String(decoding: DriftMarkdown(report).bytes, as: UTF8.self)
        #expect(markdown.contains("the new document cannot be read as a policy: it counts as widened"))
    }

    @Test("The resource of a finding in OCSF is what was opened, not whom it was opened to")
    func resource() async throws {
        let share = Material.call(
            1, "ec2", "ModifySnapshotAttribute",
            "{\"snapshotId\":\"snap-1\",\"attributeType\":\"CREATE_VOLUME_PERMISSION\","
                + "\"createVolumePermission\":{\"add\":{\"items\":[{\"group\":\"all\"}]}}}")
        let finding = try #require(
            try await Material.run([share]).report().findings.first { $0.code == .exposure })
        let line = String(decoding: DriftFindingWriter().line(finding), as: UTF8.self)
        #expect(line.contains("\"resources\":[{\"name\":\"ec2/snap-1\""))
    }
}
