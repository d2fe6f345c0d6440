import Codecs
import Testing

@testable import Engine

/// Conditions of Azure role assignments, as its documentation has them.
@Suite struct AzureConditionTests {
    private static let container = "@Resource[Microsoft.Storage/storageAccounts/blobServices/containers:name]"
    private static let read = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read"
    private static let assign = "Microsoft.Authorization/roleAssignments/write"

    private static let inContainer = """
        (
         (
          !(ActionMatches{'\(read)'} AND NOT SubOperationMatches{'Blob.List'})
         )
         OR
         (
          \(container) StringEquals 'reports'
         )
        )
        """
    private static let delegation = """
        ((!(ActionMatches{'\(assign)'})) OR
        (@Request[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals
        {acdd72a7-3385-48ef-bd42-f606fba81ae7, b24988ac-6180-42a0-ab88-20f7382dd24c} AND
        @Request[Microsoft.Authorization/roleAssignments:PrincipalType] StringEqualsIgnoreCase 'ServicePrincipal'))
        """

    /// - Returns: whether it holds, and what is lacking where that is not known.
    private static func holds(
        _ text: String, _ action: String = read, _ context: [String: PolicyContext.Value] = [:]
    ) throws -> (Bool?, [String]) {
        var values = PolicyContext()
        for (key, value) in context { values[key] = value }
        var lacking: [String] = []
        let condition = try #require(AzureCondition(text), "\(text)")
        let question = AzureCondition.Question(
            action: action, context: values, time: Timestamp(iso8601: "2026-05-04T12:00:00Z"))
        return (condition.holds(question, lacking: &lacking), lacking)
    }

    @Test("Reading blobs of one container only, and listing anywhere")
    func container() throws {
        #expect(try Self.holds(Self.inContainer, Self.read, [Self.container: .single("reports")]).0 == true)
        #expect(try Self.holds(Self.inContainer, Self.read, [Self.container: .single("other")]).0 == false)
        #expect(try Self.holds(Self.inContainer, Self.read) == (nil, [Self.container]))
        #expect(try Self.holds(Self.inContainer, Self.read, ["suboperation": .single("Blob.List")]).0 == true)
        #expect(try Self.holds(Self.inContainer, "Microsoft.Storage/storageAccounts/read").0 == true)
    }

    @Test("Giving some roles to some kinds of principals only")
    func delegation() throws {
        let role = "@Request[Microsoft.Authorization/roleAssignments:RoleDefinitionId]"
        let kind = "@Request[Microsoft.Authorization/roleAssignments:PrincipalType]"
        let reader = "ACDD72A7-3385-48ef-bd42-f606fba81ae7"
        let owner = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"
        for (id, type, expected) in [
            (reader, "serviceprincipal", true), (reader, "User", false), (owner, "ServicePrincipal", false),
        ] {
            let context: [String: PolicyContext.Value] = [role: .single(id), kind: .single(type)]
            #expect(try Self.holds(Self.delegation, Self.assign, context).0 == expected, "\(id) \(type)")
        }
        #expect(try Self.holds(Self.delegation, Self.assign, [role: .single(owner)]).0 == false)
    }

    @Test(
        "Operators",
        arguments: [
            ("@Resource[a] StringNotEquals 'x'", "y", true), ("@Resource[a] StringNotEquals 'x'", "x", false),
            ("@Resource[a] StringLike 'logs/*'", "logs/2026", true),
            ("@Resource[a] StringStartsWith 'logs'", "Logs", false),
            ("@Resource[a] StringStartsWithIgnoreCase 'logs'", "Logs", true),
            ("@Resource[a] StringNotStartsWith 'logs'", "data", true),
            ("@Resource[a] NumericLessThanEquals 10", "10", true),
            ("@Resource[a] NumericGreaterThan 10", "10", false),
            ("@Resource[a] DateTimeLessThan '2026-05-05T00:00:00Z'", "2026-05-04T00:00:00Z", true),
            ("@Resource[a] BoolEquals true", "True", true),
            ("NOT @Resource[a] BoolEquals true", "false", true),
            ("@Resource[a] StringEquals 'it''s'", "it's", true),
            ("@Environment[UtcNow] DateTimeGreaterThan '2026-05-04T11:00:00Z'", "", true),
            ("Exists @Resource[a] && !(Exists @Resource[b])", "x", true),
            ("@Resource[a] StringEquals @Principal[p]", "p", true),
            ("@Resource[a<$key_case_sensitive$>] StringEquals 'p'", "p", true),
        ])
    func operators(text: String, value: String, expected: Bool) throws {
        let context: [String: PolicyContext.Value] = [
            "@Resource[a]": .single(value), "@Principal[p]": .single("p"),
        ]
        #expect(try Self.holds(text, Self.read, context).0 == expected)
    }

    @Test(
        "Sets of values against sets",
        arguments: [
            ("ForAnyOfAnyValues", true), ("ForAllOfAnyValues", false), ("ForAnyOfAllValues", false),
            ("ForAllOfAllValues", false),
        ])
    func sets(quantity: String, expected: Bool) throws {
        let context: [String: PolicyContext.Value] = ["@Resource[a]": .list(["x", "z"])]
        #expect(
            try Self.holds("@Resource[a] \(quantity):StringEquals {'x', 'y'}", Self.read, context).0
                == expected)
    }

    @Test(
        "What is no condition is not understood, and nothing traps",
        arguments: [
            "", "(", "@Resource[a", "'open", "@Resource[a] Resembles 'x'", "ActionMatches{'a'", "a AND",
            "@Resource[a] StringEquals", String(repeating: "(", count: 4_000), "ActionMatches 'a'", "{}",
            String(repeating: "NOT ", count: 4_000), "@Resource[a] StringEquals 'x' trailing",
        ])
    func broken(text: String) { #expect(AzureCondition(text) == nil) }

    @Test("An assignment grants where its condition holds, and says why where it does not")
    func access() throws {
        var access = AzureAccess()
        let role = #"{"id":"r","roleName":"Blob Reader","permissions":[{"dataActions":["\#(Self.read)"]}]}"#
        access.roles = try AzureAccess.roles(JSONReader.document(in: Array(role.utf8), file: "r.json"))
        access.assignments = [
            .init(name: "a-1", principal: "p", role: "r", scope: "/", condition: Self.inContainer)
        ]
        func verdict(_ context: [String: PolicyContext.Value]) -> (PolicyDecision, String) {
            var values = PolicyContext()
            for (key, value) in context { values[key] = value }
            let verdict = access.verdict(
                .init(
                    action: Self.read, isData: true, scope: "/subscriptions/s", principals: ["p"],
                    ancestors: [], time: nil, context: values))
            return (verdict.decision, verdict.because)
        }
        #expect(verdict([Self.container: .single("reports")]).0 == .allow)
        let other = verdict([Self.container: .single("other")])
        #expect(other.0 == .implicitDeny && other.1.contains("does not hold"))
        let unknown = verdict([:])
        #expect(unknown.0 == .implicitDeny && unknown.1.contains("\(Self.container) is not in the context"))
        access.assignments[0].condition = "nonsense"
        #expect(verdict([:]).1.contains("not understood"))
    }
}
