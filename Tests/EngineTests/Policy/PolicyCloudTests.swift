import Codecs
import Testing

@testable import Engine

/// Azure's and Google's documents: what is wrong with them is told, and what was gained with the gravest first.
@Suite struct PolicyCloudTests {
    private static func azure(_ text: String) throws -> AzureRole {
        try AzureRole(try JSONReader.document(in: Array(text.utf8), file: "role.json"))
    }

    private static func google(_ text: String) throws -> GoogleBindings {
        try GoogleBindings(try JSONReader.document(in: Array(text.utf8), file: "policy.json"))
    }

    @Test(
        "A permission block that is none, or has a member that nobody knows, never passes for an empty one",
        arguments: [
            (#"{"permissions":"x"}"#, "is a mapping, and this is text"),
            (#"{"permissions":null}"#, "is a mapping, and this is nothing"),
            (#"{"permissions":[5]}"#, "is a mapping, and this is a whole number"),
            (#"{"permissions":[{"action":["*"]}]}"#, "has no `action`"),
            (#"{"permissions":[{"actions":["*"],"condition":5}]}"#, "`condition` is text"),
        ])
    func blocks(text: String, words: String) throws {
        let problems = #expect(throws: Problems.self) { try Self.azure(text) }
        #expect(problems?.list.first?.message.contains(words) == true, "\(problems?.list ?? [])")
    }

    @Test("Blocks as Azure's tools print them are read, in any case")
    func whole() throws {
        let role = try Self.azure(
            #"{"Permissions":[{"Actions":["a/read"],"NotActions":[],"dataActions":[],"notDataActions":[],"condition":null,"#
                + #""conditionVersion":null}]}"#)
        #expect(role.blocks.map(\.actions) == [["a/read"]])
        #expect(try Self.azure(#"{"permissions":[]}"#).blocks.isEmpty)
    }

    @Test("Of what an Azure role gains each pattern has a request, that which gives access before the others")
    func azureWitnesses() throws {
        let old = try Self.azure(#"{"permissions":[{"actions":["Microsoft.Compute/*/read"]}]}"#)
        let new = try Self.azure(
            #"{"permissions":[{"actions":["Microsoft.Compute/*","Microsoft.Authorization/*","Microsoft.Web/sites/read"]}]}"#
        )
        let gained = PolicyChange.ofAzureRoles(old: old, new: new).gained
        #expect(
            gained.actions == [
                "Microsoft.Authorization/*", "Microsoft.Compute/*", "Microsoft.Web/sites/read",
            ])
        #expect(gained.witnesses.count == 3)
        #expect(gained.witnesses.first?.action == "Microsoft.Authorization/roleAssignments/write")
        #expect(gained.witnesses.last?.action == "Microsoft.Web/sites/read")
        #expect(gained.witnesses.contains { $0.action.hasSuffix("runCommand/action") })
    }

    @Test("Of what bindings gain the gravest role is told first")
    func googleWitnesses() throws {
        let old = try Self.google(#"{"bindings":[]}"#)
        let new = try Self.google(
            #"{"bindings":[{"role":"roles/storage.objectViewer","members":["allUsers"]},"#
                + #"{"role":"roles/owner","members":["user:bo@example.com"]},"#
                + #"{"role":"roles/iam.securityAdmin","members":["user:cy@example.com"]}]}"#)
        let witnesses = PolicyChange.ofGoogleBindings(old: old, new: new).gained.witnesses
        #expect(
            witnesses.first?.action == "roles/owner" && witnesses.first?.principal == "user:bo@example.com")
        #expect(witnesses.dropFirst().first?.action == "roles/iam.securityAdmin")
        #expect(witnesses.contains { $0.principal == "allUsers" })
    }

    @Test("Patterns of which one includes the other meet in the smaller, as walking them side by side says")
    func meeting() {
        let texts = [
            "*", "a*", "*a", "a*b", "ab*", "*/*", "bucket/*", "bucket/a*", "x:*:y", "x:*", "abc", "*b*",
        ]
        let patterns = texts.map { WildcardPattern($0) }
        for a in patterns {
            for b in patterns where b.matches(a.generic) {
                #expect(a.intersection(b) == [a])
                #expect(b.intersection(a) == [a])
            }
        }
    }
}
