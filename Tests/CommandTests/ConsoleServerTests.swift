import Engine
import Foundation
import Platform
import Ports
import Testing

@testable import martlet

/// `martlet serve` as a process: in a real browser, fuzzed from its own description, and before a crowd.
@Suite(.serialized, .enabled(if: Program.isBuilt, "needs the built program"))
struct ConsoleServerTests {
    private static let python = "\(Program.root)/.tools/bin/python"
    private static let hasPython = FileManager.default.isExecutableFile(atPath: python)
    private static let hasFuzzer = FileManager.default.isExecutableFile(
        atPath: "\(Program.root)/.tools/bin/schemathesis")
    private static let hasBrowser = FileManager.default.isExecutableFile(atPath: "/usr/bin/chromium")
    /// Pictures of every page, for whoever wants to look at them; CI keeps them.
    private static let pictures = "\(Program.root)/.build/screenshots"
    private static let attack =
        #"<script>window.attacked=1</script>\"><img src=x onerror=window.attacked=1>' </title>"#

    /// The pages of drift and grants tell of the last days.
    private static let start = SystemClock().now - .days(2)

    private static func record(
        _ number: Int, _ operation: String, by name: String, error: String = "", parameters: String
    ) -> String {
        """
        {"eventVersion":"1.08","eventID":"00000000-0000-4000-8000-\(String(number + 100_000_000_000))",\
        "eventTime":"\((start + .minutes(number * 7)).iso8601)","eventSource":"iam.amazonaws.com",\
        "eventName":"\(operation)","awsRegion":"\(name)","sourceIPAddress":"\(name)","userAgent":"\(name)",\
        "recipientAccountId":"111122223333","eventType":"AwsApiCall",\
        "errorCode":\(error.isEmpty ? "null" : "\"\(error)\""),\
        "userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::111122223333:user/\(name)","userName":"\(name)",\
        "accountId":"111122223333","principalId":"AIDA\(name)","accessKeyId":"AKIA\(name)"},\
        "requestParameters":\(parameters)}
        """
    }

    /// A state folder with a user whose every text is an attack, who widened what they may do, findings about them, and
    /// a grant that covers nothing of it.
    private func filled() async throws -> Program {
        let program = try Program()
        var records = (0..<60).map { number in
            let name = number % 3 == 0 ? Self.attack : "ada"
            return Self.record(
                number, number % 2 == 0 ? "CreateAccessKey" : name, by: name,
                error: number % 4 == 0 ? "AccessDenied" : name,
                parameters: "{\"\(name)\":\"\(name)\",\"userName\":\"\(name)\"}")
        }
        let attack = Self.attack
        let document =
            #"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}]}"#
        for (operation, parameters) in [
            (
                "AttachUserPolicy",
                #"{"userName":"\#(attack)","policyArn":"arn:aws:iam::aws:policy/AdministratorAccess"}"#
            ),
            (
                "PutRolePolicy",
                #"{"roleName":"\#(attack)","policyName":"\#(attack)","policyDocument":"\#(document)"}"#
            ),
        ] {
            records.append(Self.record(records.count, operation, by: attack, parameters: parameters))
        }
        let (begun, ends) = (Self.start, Self.start + .hours(2))
        try program.write(
            """
            {"grant_id":"g-1","time":"\(begun.iso8601)","phase":"approved","provider":"\(attack)",\
            "requester":{"id":"u-1","name":"\(attack)","email":"ada@example.com"},"roles":["\(attack)"],\
            "account":{"id":"111122223333","name":"\(attack)"},"justification":"\(attack)",\
            "approvers":[{"id":"u-1","name":"\(attack)","email":"ada@example.com"}],\
            "start":"\(begun.iso8601)","end":"\(ends.iso8601)"}

            """, to: "grants/a.json")
        try program.write(records.joined(separator: "\n") + "\n", to: "logs/a.json")
        try program.write(
            """
            title: '<script>window.attacked=1</script>"><img src=x onerror=window.attacked=1>'
            id: 6f1dd0b5-9c04-4a07-8a44-6b6d4f1c1a01
            description: '"><script>window.attacked=1</script>'
            references: ['javascript:window.attacked=1']
            level: high
            tags: [attack.t1098.001, attack.persistence]
            logsource: {product: aws, service: cloudtrail}
            detection: {made: {eventName: CreateAccessKey}, condition: made}
            """, to: "rules/r.yaml")
        try program.write(
            """
            name: p
            state: state
            collectors:
              in: {from: files, feed: aws.cloudtrail, paths: logs}
              broker: {from: files, feed: generic.grant, paths: grants}
            rules: [rules]

            """, to: "p.yaml")
        let ran = try await program.run("run", "./p.yaml", "--once")
        #expect(ran.status == 0, "\(ran.messages)")
        return program
    }

    private func judge(
        _ script: String, _ words: [String], timeout: Duration = .seconds(600)
    ) async throws -> (isWell: Bool, output: String) {
        var command = ChildCommand([Self.python, "\(Program.root)/Tests/Support/\(script)"] + words)
        command.timeout = timeout
        let result = try await SpawnedProcess().run(command)
        let text = String(decoding: result.output + result.errorOutput, as: UTF8.self)
        return (result.status == 0, text)
    }

    @Test(
        "In a browser every page is drawn without a complaint, with attacks in every field, by keyboard and on a phone",
        .enabled(if: hasBrowser && hasPython, "needs Debian's chromium: scripts/bootstrap --with browser"))
    func browser() async throws {
        let program = try await filled()
        let seen = try await judge(
            "console_browser.py", [Program.path, "\(program.folder)/state", Self.pictures])
        #expect(seen.isWell, "\(seen.output)")
    }

    @Test(
        "A thousand readers at once are answered, strangers are not; TLS and passwords",
        .enabled(if: hasPython))
    func doors() async throws {
        let program = try await filled()
        let seen = try await judge(
            "console_doors.py", [Program.path, "\(program.folder)/state", program.folder, "1000"])
        #expect(seen.isWell, "\(seen.output)")
    }

    @Test(
        "Requests made from the API's description are all answered as it says",
        .enabled(if: hasFuzzer, "needs schemathesis: scripts/bootstrap --with judges"))
    func fuzz() async throws {
        let program = try await filled()
        let seen = try await judge(
            "console_fuzz.py", [Program.path, "\(program.folder)/state", program.folder, "8"])
        #expect(seen.isWell, "\(seen.output)")
    }
}
