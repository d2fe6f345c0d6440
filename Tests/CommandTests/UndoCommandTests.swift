import Codecs
import Foundation
import Ports
import Testing

@testable import Engine
@testable import martlet

/// What runs commands and judges them.
private enum AWSTools {
    static let python = "\(Program.root)/.tools/bin/python"
    static let isInstalled = ["moto_server", "aws"].allSatisfy {
        FileManager.default.isExecutableFile(atPath: "\(Program.root)/.tools/bin/\($0)")
    }
}

/// The commands that findings tell, run as they stand: by a shell, with AWS's own tools, against an AWS of this test's own.
@Suite(
    .serialized,
    .enabled(if: AWSTools.isInstalled, "moto and awscli are not installed: run scripts/bootstrap"))
struct UndoCommandTests {
    /// A server in which access has strayed, and what of it still stands.
    private final class World {
        private let process = Process()
        private let input = Pipe()
        private let output = Pipe()
        private var names: Document?

        init() throws {
            process.executableURL = URL(filePath: AWSTools.python)
            process.arguments = ["\(Program.root)/Tests/Support/moto_undo.py"]
            process.standardInput = input
            process.standardOutput = output
            process.standardError = FileHandle.nullDevice
            try process.run()
            names = try answer()
        }

        deinit {
            try? input.fileHandleForWriting.close()
            process.terminate()
            process.waitUntilExit()
        }

        private func answer() throws -> Document {
            var text = Data()
            while text.last != 0x0A {
                let more = output.fileHandleForReading.availableData
                if more.isEmpty { break }
                text += more
            }
            return try JSONReader.document(in: Array(text), file: "moto")
        }

        func standing() throws -> Set<String> {
            try input.fileHandleForWriting.write(contentsOf: Data("?\n".utf8))
            let map = try answer().map ?? []
            return Set(map.filter { $0.value.bool == true }.map(\.key))
        }

        subscript(name: String) -> String { names?[name]?.string ?? "" }

        /// What a shell said to a command; empty if all is well.
        func run(_ command: String) throws -> String {
            let shell = Process()
            shell.executableURL = URL(filePath: "/bin/sh")
            shell.arguments = ["-c", command]
            shell.environment = [
                "PATH": "\(Program.root)/.tools/bin:/usr/bin:/bin", "AWS_ENDPOINT_URL": self["endpoint"],
                "AWS_ACCESS_KEY_ID": "responder", "AWS_SECRET_ACCESS_KEY": "responder",
                "AWS_DEFAULT_REGION": "us-east-1", "HOME": "/nonexistent", "AWS_PAGER": "",
            ]
            let said = Pipe()
            shell.standardOutput = FileHandle.nullDevice
            shell.standardError = said
            try shell.run()
            let text = said.fileHandleForReading.readDataToEndOfFile()
            shell.waitUntilExit()
            if shell.terminationStatus == 0 { return "" }
            return "\(command): \(String(decoding: text, as: UTF8.self))"
        }
    }

    private static let administrator = "arn:aws:iam::aws:policy/AdministratorAccess"

    /// Calls in the order of their making.
    private struct Log {
        let account: String
        private(set) var records: [String] = []

        init(_ account: String) { self.account = account }

        mutating func call(
            _ service: String, _ operation: String, _ request: String, response: String = "null"
        ) {
            let minute = records.count
            let time = "2026-05-04T10:\(minute < 10 ? "0" : "")\(minute):00Z"
            records.append(
                "{\"eventVersion\":\"1.10\",\"eventTime\":\"\(time)\",\"eventSource\":\"\(service).amazonaws.com\","
                    + "\"eventName\":\"\(operation)\",\"awsRegion\":\"us-east-1\",\"eventID\":\"e-\(minute)\","
                    + "\"userIdentity\":{\"type\":\"IAMUser\",\"arn\":\"arn:aws:iam::\(account):user/ada\"},"
                    + "\"requestParameters\":\(request),\"responseElements\":\(response),\"readOnly\":false,"
                    + "\"eventType\":\"AwsApiCall\",\"recipientAccountId\":\"\(account)\"}")
        }

        static func document(_ statement: String) -> String {
            String(
                decoding: JSONFragment.quoted("{\"Version\":\"2012-10-17\",\"Statement\":[\(statement)]}"),
                as: UTF8.self)
        }

        static func allow(_ action: String) -> String {
            document("{\"Effect\":\"Allow\",\"Action\":\"\(action)\",\"Resource\":\"*\"}")
        }

        static func trust(_ account: String) -> String {
            document(
                "{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::\(account):root\"},\"Action\":\"sts:AssumeRole\"}"
            )
        }
    }

    /// What the findings over a log tell to run, each command once.
    private static func remedies(_ log: Log, _ options: String...) async throws -> [String] {
        let world = CommandWorld(files: ["/home/ada/log.json": log.records.joined(separator: "\n")])
        let words = ["drift", "--feed", "aws.cloudtrail", "--format", "json"] + options + ["log.json"]
        #expect(await Dispatch.run(words, in: world.context) == .done, "\(world.messages.text)")
        let report = try JSONReader.document(in: Array(world.output.text.utf8), file: "report")
        var commands: [String] = []
        for finding in report["findings"]?.list ?? [] {
            for remedy in (finding["remedies"]?.list ?? []).compactMap(\.string)
            where remedy.hasPrefix("aws ") && !commands.contains(remedy) {
                commands.append(remedy)
            }
        }
        return commands
    }

    private static func identities(_ world: World, _ log: inout Log) {
        for name in ["bo", "-dash"] {
            log.call(
                "iam", "AttachUserPolicy", "{\"userName\":\"\(name)\",\"policyArn\":\"\(administrator)\"}")
        }
        log.call("iam", "AttachGroupPolicy", "{\"groupName\":\"admins\",\"policyArn\":\"\(administrator)\"}")
        log.call("iam", "AttachRolePolicy", "{\"roleName\":\"deploy\",\"policyArn\":\"\(administrator)\"}")
        log.call(
            "iam", "PutUserPolicy",
            "{\"userName\":\"bo\",\"policyName\":\"all\",\"policyDocument\":\(Log.allow("*"))}")
        log.call("iam", "AddUserToGroup", "{\"userName\":\"bo\",\"groupName\":\"admins\"}")
        log.call(
            "iam", "CreateAccessKey", "{\"userName\":\"keyed\"}",
            response:
                "{\"accessKey\":{\"accessKeyId\":\"\(world["accessKey"])\",\"userName\":\"keyed\",\"status\":\"Active\"}}"
        )
        log.call(
            "iam", "CreateRole",
            "{\"roleName\":\"deploy\",\"assumeRolePolicyDocument\":\(Log.trust(world["account"]))}")
        log.call(
            "iam", "UpdateAssumeRolePolicy",
            "{\"roleName\":\"deploy\",\"policyDocument\":\(Log.trust("999988887777"))}")
        log.call(
            "iam", "PutRolePermissionsBoundary",
            "{\"roleName\":\"bounded\",\"permissionsBoundary\":\"arn:aws:iam::aws:policy/PowerUserAccess\"}")
        log.call("iam", "DeleteRolePermissionsBoundary", "{\"roleName\":\"bounded\"}")
        // moto names a permission set as part of its instance; AWS does not.
        let set = world["permissionSet"].replacing(":instance/", with: ":permissionSet/")
        log.call(
            "sso", "PutInlinePolicyToPermissionSet",
            "{\"permissionSetArn\":\"\(set)\",\"inlinePolicy\":\(Log.allow("*"))}")
        log.call(
            "sso", "CreateAccountAssignment",
            "{\"permissionSetArn\":\"\(set)\",\"principalType\":\"USER\",\"principalId\":\"\(world["person"])\","
                + "\"targetId\":\"\(world["account"])\",\"targetType\":\"AWS_ACCOUNT\"}")
    }

    private static func resources(_ world: World, _ log: inout Log) {
        let everybody = Log.document(
            "{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"s3:GetObject\",\"Resource\":\"arn:aws:s3:::open/*\"}"
        )
        let stranger = Log.document(
            "{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::999988887777:root\"},"
                + "\"Action\":\"secretsmanager:GetSecretValue\",\"Resource\":\"*\"}")
        log.call("s3", "DeleteBucketPolicy", "{\"bucketName\":\"open\"}")
        log.call("s3", "PutBucketPolicy", "{\"bucketName\":\"open\",\"bucketPolicy\":\(everybody)}")
        log.call(
            "s3", "PutBucketPublicAccessBlock",
            "{\"bucketName\":\"unblocked\",\"PublicAccessBlockConfiguration\":{\"BlockPublicAcls\":true}}")
        log.call("s3", "DeleteBucketPublicAccessBlock", "{\"bucketName\":\"unblocked\"}")
        log.call("s3", "PutBucketAcl", "{\"bucketName\":\"listed\",\"x-amz-acl\":[\"public-read\"]}")
        log.call(
            "kms", "CreateGrant",
            "{\"keyId\":\"\(world["key"])\",\"granteePrincipal\":\"arn:aws:iam::999988887777:root\",\"operations\":[\"Decrypt\"]}",
            response: "{\"grantId\":\"\(world["grant"])\"}")
        log.call(
            "ec2", "ModifySnapshotAttribute",
            "{\"snapshotId\":\"\(world["snapshot"])\",\"createVolumePermission\":{\"add\":{\"items\":[{\"userId\":\"999988887777\"}]}}}"
        )
        log.call(
            "ec2", "ModifyImageAttribute",
            "{\"imageId\":\"\(world["image"])\",\"launchPermission\":{\"add\":{\"items\":[{\"group\":\"all\"}]}}}"
        )
        log.call(
            "rds", "ModifyDBSnapshotAttribute",
            "{\"dBSnapshotIdentifier\":\"nightly\",\"attributeName\":\"restore\",\"valuesToAdd\":[\"999988887777\"]}"
        )
        log.call("secretsmanager", "DeleteResourcePolicy", "{\"secretId\":\"pay\"}")
        log.call(
            "secretsmanager", "PutResourcePolicy", "{\"secretId\":\"pay\",\"resourcePolicy\":\(stranger)}")
        let target = "{\"policyId\":\"\(world["denial"])\",\"targetId\":\"\(world["unit"])\"}"
        log.call("organizations", "AttachPolicy", target)
        log.call("organizations", "DetachPolicy", target)
        log.call("cloudtrail", "StopLogging", "{\"name\":\"main\"}")
    }

    @Test("Each finding's command takes the access away that it is about")
    func everyFinding() async throws {
        let world = try World()
        let before = try world.standing()
        #expect(before.count == 21)
        var log = Log(world["account"])
        Self.identities(world, &log)
        Self.resources(world, &log)
        var commands = try await Self.remedies(log)
        // What a policy's new version gives is nobody's standing access by itself, but is not declared.
        var versions = Log(world["account"])
        versions.call(
            "iam", "CreatePolicy",
            "{\"policyName\":\"power\",\"policyDocument\":\(Log.allow("s3:GetObject"))}",
            response: "{\"policy\":{\"arn\":\"\(world["policy"])\"}}")
        versions.call(
            "iam", "CreatePolicyVersion",
            "{\"policyArn\":\"\(world["policy"])\",\"setAsDefault\":true,\"policyDocument\":\(Log.allow("*"))}",
            response: "{\"policyVersion\":{\"versionId\":\"v2\",\"isDefaultVersion\":true}}")
        commands += try await Self.remedies(versions, "--pipeline-actor", "terraform=*terraform*")
        for command in commands {
            // Of this service the tools take the address by an option alone.
            let isDatabase = command.hasPrefix("aws rds ")
            let typed = command.replacing(":permissionSet/", with: ":instance/")
            let complaint = try world.run(typed + (isDatabase ? " --endpoint-url $AWS_ENDPOINT_URL" : ""))
            #expect(complaint.isEmpty)
        }
        #expect(try world.standing() == [])
    }

    /// What AWS's tools object to in commands that are not run.
    private static func complaints(_ commands: [String]) throws -> String {
        let judge = Process()
        judge.executableURL = URL(filePath: AWSTools.python)
        judge.arguments = ["\(Program.root)/Tests/Support/aws_commands.py"]
        let (input, output) = (Pipe(), Pipe())
        judge.standardInput = input
        judge.standardOutput = output
        try judge.run()
        try input.fileHandleForWriting.write(contentsOf: Data((commands.joined(separator: "\n") + "\n").utf8))
        try input.fileHandleForWriting.close()
        let said = output.fileHandleForReading.readDataToEndOfFile()
        judge.waitUntilExit()
        return judge.terminationStatus == 0 ? "" : String(decoding: said, as: UTF8.self) + "?"
    }

    @Test("AWS's tools know every command of an investigation and of a finding, with all of its options")
    func known() throws {
        var commands = UndoCatalogue.entries.map(\.command).filter { $0.hasPrefix("aws ") }.map { command in
            command.split(separator: "{").enumerated().map { place, part in
                place == 0 ? String(part) : "x" + part.drop { $0 != "}" }.dropFirst()
            }.joined()
        }
        #expect(commands.count > 30)
        let set = "arn:aws:sso:::permissionSet/ssoins-1/ps-1"
        let account = "111122223333"
        func key(_ subject: String, _ kind: AccessState.Kind, _ part: String = "") -> AccessState.Key {
            AccessState.Key(account, subject, kind, part)
        }
        for one in [
            key(set, .attachment, "arn:aws:iam::aws:policy/x"),
            key(set, .attachment, "customer:/teams/extra"),
            key(set, .inline, "inline"), key("lambda/f", .sharing, "s1"),
            key("user/bo", .accessKey, "of e-1"),
        ] {
            commands += DriftRemedy.removing(one, "*", "AWS")
        }
        for name in ["s3/b", "kms/k", "secretsmanager/s", "ecr/r", "sns/arn:aws:sns:eu-west-1:\(account):t"] {
            commands += DriftRemedy.restoringPolicy(name, "{}") + DriftRemedy.deletingPolicy(name)
        }
        commands += DriftRemedy.blockingPublic("s3/account \(account)")
        commands += DriftRemedy.restoringPermissionSet(set, "{}")
        commands += DriftRemedy.recording("trail/main", "management events")
        commands += DriftRemedy.askingFactor("user/bo", "AWS")
        commands += DriftRemedy.detachingGuardrail(key("target/ou-1", .guardrailTarget, "p-FullAWSAccess"))
        #expect(try Self.complaints(commands) == "")
    }
}
