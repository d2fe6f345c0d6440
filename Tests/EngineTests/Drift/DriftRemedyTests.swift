import Foundation
import Testing

@testable import Engine

/// Commands whose names come from logs: whatever stands in those, a shell sees one word.
@Suite struct DriftRemedyTests {
    /// Names that somebody may choose who wants a responder's shell to run something.
    static let hostile = [
        "a b", "a;id", "$(id)", "`id`", "a'b", "a'; id; '", "a\"b", "a\nid", "a\u{0}b", "*", "~root", "-rf",
        "--all", "#x",
        "a\\", "{a,b}", "!!", "a|b", "a&b", "a>b", "<(id)", "\u{202E}txt", "é", "a\tb", "",
    ]

    /// The words that a shell makes of a command.
    private static func words(_ command: String) throws -> [String] {
        let shell = Process()
        shell.executableURL = URL(filePath: "/bin/sh")
        shell.arguments = ["-c", "set -f; printf '%s\\0' \(command)"]
        let output = Pipe()
        shell.standardOutput = output
        try shell.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        shell.waitUntilExit()
        return data.split(separator: 0, omittingEmptySubsequences: false).dropLast().map {
            String(decoding: $0, as: UTF8.self)
        }
    }

    /// What is left of a name where nobody sees the rest of it.
    private static func visible(_ name: String) -> String {
        String(String.UnicodeScalarView(name.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F }))
    }

    private static let account = "111122223333"

    private static func key(_ subject: String, _ kind: AccessState.Kind, _ part: String = "")
        -> AccessState.Key
    {
        AccessState.Key(account, subject, kind, part)
    }

    private static func assignment(_ principal: String, _ role: String, _ scope: String) -> String {
        AccessAssignment(principal: principal, role: role, scope: scope).text
    }

    /// Commands about a name, each by its program and how many words it has.
    private static func commands(_ name: String) -> [(command: String, words: Int)] {
        func one(_ list: [String], _ words: Int) -> [(String, Int)] { list.map { ($0, words) } }
        let set = "arn:aws:sso:::permissionSet/ssoins-1/ps-1"
        return one(DriftRemedy.removing(key("user/\(name)", .attachment, "arn:p"), "attached", "AWS"), 7)
            + one(DriftRemedy.removing(key("role/r", .inline, name), "{}", "AWS"), 7)
            + one(DriftRemedy.removing(key("user/u", .membership, name), "member", "AWS"), 7)
            + one(DriftRemedy.removing(key("kms/\(name)", .sharing, "g"), "arn:x", "AWS"), 7)
            + one(
                DriftRemedy.removing(
                    key("user/u", .assignment, "x"), assignment("user/\(name)", set, account), "AWS"), 15)
            + one(
                DriftRemedy.removing(
                    key("assignment/a", .assignment), assignment(name, "Owner", "/subscriptions/s"), "Azure"),
                10)
            + one(
                DriftRemedy.removing(
                    key(name, .assignment, "roles/owner@projects/p"),
                    assignment(name, "roles/owner", "projects/p"),
                    "GCP"), 7)
            + one(
                DriftRemedy.removing(
                    key("rolebinding/ns/\(name)", .assignment),
                    assignment("User/u", "ClusterRole/view", "ns"),
                    "Kubernetes"), 7)
            + one(DriftRemedy.restoringTrust("role/\(name)", "{}"), 7)
            + one(DriftRemedy.restoringPolicy("s3/\(name)", name), 7)
    }

    @Test(
        "Whatever a name is, the command has as many words as it should, and the name is one of them",
        arguments: hostile)
    func words(name: String) throws {
        for (command, count) in Self.commands(name) where !name.isEmpty {
            let words = try Self.words(command)
            // A value that looks like an option is joined to the option that it is of.
            let joined =
                name.hasPrefix("-")
                ? words.count(where: { $0.contains("=\(name)") && $0.hasPrefix("--") }) : 0
            #expect(words.count + (command.hasPrefix("gcloud") ? 0 : joined) == count, "\(command)")
            #expect(words.contains { $0.hasSuffix(Self.visible(name)) }, "\(command)")
        }
    }

    @Test("What the tools would read from elsewhere in the place of a name is no command at all")
    func fetched() {
        for name in ["file:///etc/passwd", "fileb://x", "https://example.com/x", "HTTP://example.com"] {
            #expect(
                DriftRemedy.removing(Self.key("user/\(name)", .attachment, "arn:p"), "attached", "AWS")
                    .isEmpty)
            #expect(DriftRemedy.removing(Self.key("role/r", .inline, name), "{}", "AWS").isEmpty)
        }
    }

    @Test("Google's commands are those of the resource that the role is on")
    func google() {
        func command(_ scope: String, _ part: String = "") -> String? {
            DriftRemedy.removing(
                Self.key("user:a@example.com", .assignment, part),
                Self.assignment("user:a@example.com", "roles/editor", scope), "GCP"
            ).first
        }
        let rest = "--member=user:a@example.com --role=roles/editor --condition=None"
        #expect(command("projects/p") == "gcloud projects remove-iam-policy-binding p \(rest)")
        #expect(
            command("//cloudresourcemanager.googleapis.com/projects/p")
                == "gcloud projects remove-iam-policy-binding p \(rest)")
        #expect(command("folders/7") == "gcloud resource-manager folders remove-iam-policy-binding 7 \(rest)")
        #expect(command("organizations/8") == "gcloud organizations remove-iam-policy-binding 8 \(rest)")
        #expect(
            command("projects/_/buckets/b")
                == "gcloud storage buckets remove-iam-policy-binding gs://b \(rest)")
        #expect(
            command("projects/p/serviceAccounts/s@p.iam.gserviceaccount.com")
                == "gcloud iam service-accounts remove-iam-policy-binding s@p.iam.gserviceaccount.com \(rest)"
        )
        #expect(command("projects/p", "roles/editor@projects/p if x")?.hasSuffix("--all") == true)
        #expect(command("projects/p/topics/t") == nil)
    }
}
