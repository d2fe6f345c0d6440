import Ports
import Testing

@testable import Engine
@testable import Pipeline

/// What roles of Google's and of clusters give, where their definitions are told.
@Suite struct DriftRoleTests {
    typealias Material = DriftMaterial

    // MARK: Google

    private static func role(_ day: Int, _ name: String, _ permissions: [String]) -> String {
        let list = permissions.map { "\"\($0)\"" }.joined(separator: ",")
        return """
            {"snapshot":{"feed":"gcp.roles","id":"list-\(day)-\(name.hasPrefix("roles/"))","stream":"all",\
            "taken_at":"2026-11-0\(day)T06:00:00Z"},"name":"\(name)","title":"\(name)","includedPermissions":[\(list)],\
            "stage":"GA"}
            """
    }

    private static func list(_ day: Int, _ roles: [String: [String]]) -> [String] {
        roles.sorted { $0.key < $1.key }.map { role(day, $0.key, $0.value) } + [
            """
            {"snapshot":{"feed":"gcp.roles","id":"list-\(day)-\(roles.keys.contains { $0.hasPrefix("roles/") })",\
            "stream":"all","taken_at":"2026-11-0\(day)T06:01:00Z","mark":"end"},"begun_at":"2026-11-0\(day)T06:00:00Z",\
            "status":"complete","items":\(roles.count),"coverage":[]}
            """
        ]
    }

    private static func bound(_ day: Int, _ member: String, _ role: String, condition: String = "") -> String
    {
        let limit = condition.isEmpty ? "" : ",\"condition\":{\"expression\":\"\(condition)\"}"
        return """
            {"protoPayload":{"@type":"type.googleapis.com/google.cloud.audit.AuditLog","serviceName":\
            "cloudresourcemanager.googleapis.com","methodName":"SetIamPolicy","authenticationInfo":{"principalEmail":\
            "ana@example.com"},"resourceName":"projects/acme","serviceData":{"policyDelta":{"bindingDeltas":[{"action":"ADD",\
            "role":"\(role)","member":"\(member)"\(limit)}]}}},"insertId":"i-\(day)-\(member)","resource":{"type":"project",\
            "labels":{"project_id":"acme"}},"timestamp":"2026-11-0\(day)T10:00:00Z","logName":\
            "projects/acme/logs/cloudaudit.googleapis.com%2Factivity"}
            """
    }

    private static func who(_ records: [String], _ permission: String, on resource: String = "projects/acme")
        async throws -> [String]
    {
        try await AccessInquiryTests.answers(records, permission, on: resource, at: "2026-11-09T00:00:00Z")
    }

    @Test("Who may is told by what roles permit, and that it is not known where nobody told it")
    func google() async throws {
        let bindings = [
            Self.bound(2, "user:ada@example.com", "roles/storage.objectViewer"),
            Self.bound(2, "user:bo@example.com", "projects/acme/roles/deployer"),
        ]
        #expect(
            try await Self.who(bindings, "storage.objects.get") == [
                "?user:ada@example.com (what roles/storage.objectViewer permits)",
                "?user:bo@example.com (what projects/acme/roles/deployer permits)",
            ])
        let told =
            Self.list(3, ["roles/storage.objectViewer": ["storage.objects.get"]])
            + Self.list(3, ["projects/acme/roles/deployer": ["run.services.update"]])
        #expect(try await Self.who(bindings + told, "storage.objects.get") == ["user:ada@example.com"])
        #expect(try await Self.who(bindings + told, "run.services.update") == ["user:bo@example.com"])
        #expect(try await Self.who(bindings + told, "run.services.update", on: "projects/other") == [])
        // A bucket's name does not say which project it is in.
        #expect(
            try await Self.who(bindings + told, "storage.objects.get", on: "//storage.googleapis.com/b")
                == ["?user:ada@example.com (whether the resource is in projects/acme)"])
    }

    @Test("What a role permits decides how grave it is to have it, and not its name")
    func gravity() async throws {
        let bindings = [Self.bound(2, "user:ada@example.com", "roles/example.helper")]
        func standing(_ records: [String]) async throws -> [String] {
            try await Material.run(bindings + records).report().findings.filter { $0.code == .standing }
                .map(\.subject)
        }
        #expect(try await standing([]) == [])
        #expect(
            try await standing(
                Self.list(3, ["roles/example.helper": ["resourcemanager.projects.setIamPolicy"]]))
                == ["user:ada@example.com"])
    }

    @Test("What Google widens of its own is told where somebody has it, and is no gap of ours")
    func widened() async throws {
        let bindings = [Self.bound(2, "user:ada@example.com", "roles/example.helper")]
        let before = ["roles/example.helper": ["a.b.get"], "roles/example.other": ["a.b.get"]]
        let after = [
            "roles/example.helper": ["a.b.get", "iam.serviceAccounts.actAs"],
            "roles/example.other": ["a.b.get", "iam.serviceAccounts.actAs"],
        ]
        let findings = try await Material.run(bindings + Self.list(3, before) + Self.list(5, after)).report()
            .findings
        let provider = findings.filter { $0.code == .provider }
        #expect(provider.map(\.subject) == ["role/roles/example.helper"])
        #expect(provider.first?.gained == ["iam.serviceAccounts.actAs"])
        #expect(!findings.contains { $0.code == .telemetryGap })
    }

    @Test("A role that everybody has opens what it is on")
    func everybody() async throws {
        let findings = try await Material.run([Self.bound(2, "allUsers", "roles/run.invoker")]).report()
            .findings
        let open = try #require(findings.first { $0.code == .exposure })
        #expect(open.words == "projects/acme is open to everybody: allUsers has roles/run.invoker")
        #expect(
            open.remedies == [
                "gcloud projects remove-iam-policy-binding acme --member=allUsers --role=roles/run.invoker --condition=None"
            ])
    }

    // MARK: Clusters

    private static func audit(
        _ minute: Int, _ verb: String, _ resource: String, _ name: String, namespace: String = "",
        request: String = "null", stage: String = "ResponseComplete", code: Int = 201
    ) -> String {
        let place = namespace.isEmpty ? "" : ",\"namespace\":\"\(namespace)\""
        let address = namespace.isEmpty ? "" : "namespaces/\(namespace)/"
        return """
            {"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Request","auditID":"k-\(minute)","stage":"\(stage)",\
            "requestURI":"/apis/rbac.authorization.k8s.io/v1/\(address)\(resource)/\(name)","verb":"\(verb)","user":{"username":"ada@example.com","groups":["system:authenticated"]},\
            "sourceIPs":["203.0.113.7"],"objectRef":{"resource":"\(resource)","name":"\(name)"\(place),"apiGroup":\
            "rbac.authorization.k8s.io","apiVersion":"v1"},"responseStatus":{"code":\(code)},"requestObject":\(request),\
            "requestReceivedTimestamp":"2026-05-04T00:\(minute):00.000000Z","stageTimestamp":"2026-05-04T00:\(minute):00.100000Z"}
            """
    }

    private static func binding(_ role: String, _ subjects: String) -> String {
        "{\"kind\":\"ClusterRoleBinding\",\"roleRef\":{\"kind\":\"ClusterRole\",\"name\":\"\(role)\"},\"subjects\":[\(subjects)]}"
    }

    private static let bo = "{\"kind\":\"User\",\"name\":\"bo@example.com\"}"

    /// `D3 subject`, of what stands.
    private static func open(_ records: [String]) async throws -> [String] {
        try await Material.run(records).report().findings.filter(\.isOpen).map {
            "\($0.code.name) \($0.subject)"
        }
        .sorted()
    }

    @Test(
        "A binding of a cluster to its administrator's role stands until it is deleted, with the command for it"
    )
    func bindings() async throws {
        let bound = Self.audit(
            10, "create", "clusterrolebindings", "ops", request: Self.binding("cluster-admin", Self.bo))
        #expect(try await Self.open([bound]) == ["D3 User/bo@example.com"])
        let finding = try #require(try await Material.run([bound]).report().findings.first)
        #expect(finding.remedies == ["kubectl delete clusterrolebinding -- ops"])
        let gone = Self.audit(20, "delete", "clusterrolebindings", "ops", code: 200)
        #expect(try await Self.open([bound, gone]) == [])
        // Not every record of a deletion says the namespace but by its address.
        let own = Self.audit(
            10, "create", "rolebindings", "ops", namespace: "shop",
            request: Self.binding("cluster-admin", Self.bo))
        #expect(try await Self.open([own]) == ["D3 User/bo@example.com"])
        let ended = Self.audit(20, "delete", "rolebindings", "ops", namespace: "shop", code: 200)
        #expect(try await Self.open([own, ended]) == [])
        // What was refused, or only asked for, is no access.
        let refused = Self.audit(
            10, "create", "clusterrolebindings", "ops", request: Self.binding("cluster-admin", Self.bo),
            code: 403)
        let asked = Self.audit(
            10, "create", "clusterrolebindings", "ops", request: Self.binding("cluster-admin", Self.bo),
            stage: "RequestReceived")
        #expect(try await Self.open([refused]) == [])
        #expect(try await Self.open([asked]) == [])
        #expect(
            try await Self.open([
                Self.audit(
                    10, "create", "rolebindings", "ops", namespace: "shop",
                    request: Self.binding("view", Self.bo))
            ]) == [])
    }

    @Test(
        "A role of a cluster is as grave as its rules, and a wider rule is drift for those who declare theirs"
    )
    func rules() async throws {
        func role(_ minute: Int, _ verbs: String, _ resources: String) -> String {
            Self.audit(
                minute, minute == 10 ? "create" : "update", "clusterroles", "helper",
                request:
                    "{\"rules\":[{\"apiGroups\":[\"\"],\"resources\":[\(resources)],\"verbs\":[\(verbs)]}]}")
        }
        let bound = Self.audit(
            20, "create", "clusterrolebindings", "ops", request: Self.binding("helper", Self.bo))
        let small = role(10, "\"get\"", "\"pods\"")
        #expect(try await Self.open([small, bound]) == [])
        let wide = role(30, "\"get\",\"create\"", "\"pods\",\"pods/exec\"")
        #expect(try await Self.open([small, bound, wide]) == ["D3 User/bo@example.com"])
        var settings = DriftSettings()
        settings.pipelines = [.init(name: "flux", actors: ["system:serviceaccount:flux-system:*"])]
        let report = try await Material.run([small, bound, wide], settings).report()
        let outside = report.findings.filter { $0.code == .outOfBand && $0.subject == "clusterrole/helper" }
        let gained = outside.map(\.gained)
        #expect(gained.contains { $0.contains("rbac:core/pods/exec/create/*") })
    }

    @Test("A binding to those whom nobody knows is an exposure")
    func anonymous() async throws {
        let bound = Self.audit(
            10, "create", "clusterrolebindings", "open",
            request: Self.binding("view", "{\"kind\":\"Group\",\"name\":\"system:unauthenticated\"}"))
        #expect(try await Self.open([bound]) == ["D9 clusterrolebinding/open"])
    }
}
