import Codecs
import Engine
import Pipeline
import Testing

/// What changes of access become: opened, closed, and never by what only formats.
@Suite struct DriftTests {
    typealias Material = DriftMaterial

    /// A row of the tables: what is done, what it opens, and what is done to close it.
    struct Row: CustomTestStringConvertible, Sendable {
        var name: String
        var open: [String]
        var expected: [String]
        var close: [String] = []

        var testDescription: String { name }
    }

    private static let admin = Material.document(Material.allow("*"))
    private static let reader = Material.document(Material.allow("s3:GetObject"))

    static let rows: [Row] = [
        Row(
            name: "an administrator's inline policy",
            open: [
                Material.call(
                    1, "iam", "PutUserPolicy",
                    "{\"userName\":\"bo\",\"policyName\":\"p\",\"policyDocument\":\(admin)}")
            ], expected: ["D3 user/bo"],
            close: [Material.call(9, "iam", "DeleteUserPolicy", "{\"userName\":\"bo\",\"policyName\":\"p\"}")]
        ),
        Row(
            name: "an attached administrator's policy",
            open: [
                Material.call(
                    1, "iam", "AttachRolePolicy",
                    "{\"roleName\":\"deploy\",\"policyArn\":\"arn:aws:iam::aws:policy/AdministratorAccess\"}")
            ], expected: ["D3 role/deploy"],
            close: [
                Material.call(
                    9, "iam", "DetachRolePolicy",
                    "{\"roleName\":\"deploy\",\"policyArn\":\"arn:aws:iam::aws:policy/AdministratorAccess\"}")
            ]),
        Row(
            name: "a group whose policies are privileged",
            open: [
                Material.call(
                    1, "iam", "PutGroupPolicy",
                    "{\"groupName\":\"ops\",\"policyName\":\"p\",\"policyDocument\":\(admin)}"),
                Material.call(2, "iam", "AddUserToGroup", "{\"groupName\":\"ops\",\"userName\":\"bo\"}"),
            ], expected: ["D3 group/ops", "D3 user/bo"],
            close: [
                Material.call(9, "iam", "DeleteGroupPolicy", "{\"groupName\":\"ops\",\"policyName\":\"p\"}")
            ]),
        Row(
            name: "a trust in a strange account",
            open: [
                Material.call(
                    1, "iam", "UpdateAssumeRolePolicy",
                    "{\"roleName\":\"deploy\",\"policyDocument\":\(Material.document(Material.trust("{\"AWS\":\"999988887777\"}")))}"
                )
            ], expected: ["D8 role/deploy"],
            close: [
                Material.call(
                    9, "iam", "UpdateAssumeRolePolicy",
                    "{\"roleName\":\"deploy\",\"policyDocument\":\(Material.document(Material.trust("{\"AWS\":\"111122223333\"}")))}"
                )
            ]),
        Row(
            name: "a trust in somebody who is gone",
            open: [
                Material.call(
                    1, "iam", "UpdateAssumeRolePolicy",
                    "{\"roleName\":\"deploy\",\"policyDocument\":\(Material.document(Material.trust("{\"AWS\":\"arn:aws:iam::111122223333:user/bo\"}")))}"
                ),
                Material.call(2, "iam", "DeleteUser", "{\"userName\":\"bo\"}"),
            ], expected: ["D15 role/deploy"],
            close: [Material.call(9, "iam", "DeleteRole", "{\"roleName\":\"deploy\"}")]),
        Row(
            name: "a bucket open to everybody",
            open: [
                Material.call(
                    1, "s3", "PutBucketPolicy",
                    "{\"bucketName\":\"b\",\"bucketPolicy\":{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\","
                        + "\"Principal\":\"*\",\"Action\":\"s3:GetObject\",\"Resource\":\"arn:aws:s3:::b/*\"}]}}"
                )
            ], expected: ["D9 s3/b"],
            close: [Material.call(9, "s3", "DeleteBucketPolicy", "{\"bucketName\":\"b\"}")]),
        Row(
            name: "a public access block that is gone",
            open: [Material.call(1, "s3", "DeleteBucketPublicAccessBlock", "{\"bucketName\":\"b\"}")],
            expected: ["D9 s3/b"],
            close: [
                Material.call(
                    9, "s3", "PutBucketPublicAccessBlock",
                    "{\"bucketName\":\"b\",\"PublicAccessBlockConfiguration\":{\"BlockPublicPolicy\":true}}")
            ]),
        Row(
            name: "a snapshot given to a stranger",
            open: [
                Material.call(
                    1, "ec2", "ModifySnapshotAttribute",
                    "{\"snapshotId\":\"snap-1\",\"createVolumePermission\":{\"add\":{\"items\":[{\"userId\":\"999988887777\"}]}}}"
                )
            ], expected: ["D9 ec2/snap-1"],
            close: [
                Material.call(
                    9, "ec2", "ModifySnapshotAttribute",
                    "{\"snapshotId\":\"snap-1\",\"createVolumePermission\":{\"remove\":{\"items\":[{\"userId\":\"999988887777\"}]}}}"
                )
            ]),
        Row(
            name: "a boundary that is gone",
            open: [Material.call(1, "iam", "DeleteRolePermissionsBoundary", "{\"roleName\":\"deploy\"}")],
            expected: ["D10 role/deploy"],
            close: [
                Material.call(
                    9, "iam", "PutRolePermissionsBoundary",
                    "{\"roleName\":\"deploy\",\"permissionsBoundary\":\"arn:aws:iam::111122223333:policy/edge\"}"
                )
            ]),
        Row(
            name: "a service control policy taken off",
            open: [
                Material.call(
                    1, "organizations", "DetachPolicy", "{\"policyId\":\"p-1\",\"targetId\":\"222233334444\"}"
                )
            ], expected: ["D10 target/222233334444"],
            close: [
                Material.call(
                    9, "organizations", "AttachPolicy", "{\"policyId\":\"p-1\",\"targetId\":\"222233334444\"}"
                )
            ]),
        Row(
            name: "the last second factor",
            open: [
                Material.call(
                    1, "iam", "DeactivateMFADevice",
                    "{\"userName\":\"bo\",\"serialNumber\":\"arn:aws:iam::111122223333:mfa/bo\"}")
            ], expected: ["D11 user/bo"],
            close: [
                Material.call(
                    9, "iam", "EnableMFADevice",
                    "{\"userName\":\"bo\",\"serialNumber\":\"arn:aws:iam::111122223333:mfa/bo-2\"}")
            ]),
        Row(
            name: "a key made by another",
            open: [
                Material.call(
                    1, "iam", "CreateAccessKey", "{\"userName\":\"bo\"}",
                    response:
                        "{\"accessKey\":{\"userName\":\"bo\",\"accessKeyId\":\"AKIAEXAMPLE1\",\"status\":\"Active\"}}"
                )
            ], expected: ["D13 user/bo"],
            close: [
                Material.call(
                    9, "iam", "DeleteAccessKey", "{\"userName\":\"bo\",\"accessKeyId\":\"AKIAEXAMPLE1\"}")
            ]),
        Row(
            name: "a trail that stops",
            open: [Material.call(1, "cloudtrail", "StopLogging", "{\"name\":\"org-trail\"}")],
            expected: ["D16 trail/org-trail"],
            close: [Material.call(9, "cloudtrail", "StartLogging", "{\"name\":\"org-trail\"}")]),
        Row(
            name: "a new identity provider",
            open: [
                Material.call(
                    1, "iam", "CreateSAMLProvider", "{\"name\":\"idp\",\"sAMLMetadataDocument\":\"<xml/>\"}",
                    response: "{\"sAMLProviderArn\":\"arn:aws:iam::111122223333:saml-provider/idp\"}")
            ], expected: ["D17 arn:aws:iam::111122223333:saml-provider/idp"],
            close: [
                Material.call(
                    9, "iam", "DeleteSAMLProvider",
                    "{\"sAMLProviderArn\":\"arn:aws:iam::111122223333:saml-provider/idp\"}")
            ]),
    ]

    @Test("Each row opens what it should, and its closing event closes all of it", arguments: rows)
    func row(row: Row) async throws {
        let open = try await Material.run(row.open).report()
        #expect(Material.lines(open) == row.expected.map { "\($0) open" })
        let closed = try await Material.run(row.open + row.close).report()
        #expect(Material.lines(closed) == row.expected.map { "\($0) closed by e-9" })
    }

    @Test("Whatever the order of arrival, the findings are the same", arguments: rows)
    func order(row: Row) async throws {
        let records = row.open + row.close
        let first = try await Material.run(records).report()
        let other = try await Material.run(records.reversed() + records).report()
        #expect(DriftJSON(first).bytes.filter { $0 != 0 }.count > 0)
        #expect(first.findings == other.findings)
        #expect(first.wider == other.wider)
    }

    @Test("What only formats a policy anew is no change")
    func formatting() async throws {
        let plain = "{\"userName\":\"bo\",\"policyName\":\"p\",\"policyDocument\":\(Self.reader)}"
        let spaced =
            "{\"userName\":\"bo\",\"policyName\":\"p\",\"policyDocument\":"
            + "\"{\\n \\\"Statement\\\": [ {\\\"Resource\\\": [\\\"*\\\"], \\\"Action\\\": [\\\"s3:getobject\\\"], "
            + "\\\"Effect\\\": \\\"Allow\\\"} ],\\n \\\"Version\\\": \\\"2012-10-17\\\"}\"}"
        let report = try await Material.run([
            Material.call(1, "iam", "PutUserPolicy", plain), Material.call(2, "iam", "PutUserPolicy", spaced),
        ]).report()
        #expect(report.wider.map(\.cause.uid) == ["e-1"])
        #expect(report.findings.isEmpty)
    }

    @Test("What others than the declared pipelines widen is out of band, until it is undone or declared")
    func outOfBand() async throws {
        var settings = DriftSettings()
        settings.pipelines = [.init(name: "terraform", actors: ["*:assumed-role/terraform/*"])]
        let robot = "arn:aws:sts::111122223333:assumed-role/terraform/ci"
        func put(_ minute: Int, _ document: String, by actor: String = "user/ada") -> String {
            Material.call(
                minute, "iam", "PutRolePolicy",
                "{\"roleName\":\"app\",\"policyName\":\"p\",\"policyDocument\":\(document)}", by: actor)
        }
        let more = Material.document(Material.allow("s3:*"))
        let begin = [put(1, Self.reader, by: robot), put(2, more)]
        #expect(Material.lines(try await Material.run(begin, settings).report()) == ["D1 role/app open"])
        let undone = try await Material.run(begin + [put(3, Self.reader)], settings).report()
        #expect(Material.lines(undone) == ["D1 role/app closed by e-3"])
        let declared = try await Material.run(begin + [put(4, more + " ", by: robot)], settings).report()
        #expect(Material.lines(declared) == ["D1 role/app closed by e-4"])
    }

    @Test("A document that is no policy, or larger than any may be, counts as widened and says why")
    func hostile() async throws {
        let many = (0..<10_000).map { Material.allow("s3:Get\($0)") }.joined(separator: ",")
        for document in ["\"no json\"", "\"{\\\"Statement\\\":[{}]}\"", Material.document(many)] {
            let report = try await Material.run([
                Material.call(
                    1, "iam", "PutUserPolicy",
                    "{\"userName\":\"bo\",\"policyName\":\"p\",\"policyDocument\":\(document)}")
            ]).report()
            #expect(report.wider.first?.verdict == .widened)
            #expect(report.wider.first?.doubt.isEmpty == false)
            #expect(Material.lines(report) == ["D3 user/bo open"])
        }
    }

    @Test(
        "A change in a snapshot that no event told is a gap, with the time since which it must have happened")
    func unseen() async throws {
        let snapshot = """
            {"UserDetailList":[{"UserName":"bo","Arn":"arn:aws:iam::111122223333:user/bo","AttachedManagedPolicies":\
            [{"PolicyName":"AdministratorAccess","PolicyArn":"arn:aws:iam::aws:policy/AdministratorAccess"}]}],\
            "RoleDetailList":[],"GroupDetailList":[],"Policies":[]}
            """
        let created = Material.call(
            1, "iam", "CreateUser", "{\"userName\":\"bo\"}",
            response: "{\"user\":{\"userName\":\"bo\",\"arn\":\"arn:aws:iam::111122223333:user/bo\"}}")
        let detached = Material.call(
            2, "iam", "DetachUserPolicy",
            "{\"userName\":\"bo\",\"policyArn\":\"arn:aws:iam::aws:policy/AdministratorAccess\"}")
        let run = try await Material.run([created, detached], snapshot: snapshot)
        let report = run.report()
        #expect(Material.lines(report).contains("D16 user/bo open"))
        #expect(
            report.findings(for: .unseen).first?.notBefore?.iso8601.hasPrefix("\(Material.day)T00:02") == true
        )
    }

    @Test("A rotation of devices, and a grant that ends by itself, are nothing")
    func nothing() async throws {
        let report = try await Material.run([
            Material.call(1, "iam", "EnableMFADevice", "{\"userName\":\"bo\",\"serialNumber\":\"m-2\"}"),
            Material.call(2, "iam", "DeactivateMFADevice", "{\"userName\":\"bo\",\"serialNumber\":\"m-1\"}"),
        ]).report()
        #expect(report.findings.isEmpty)
    }
}
