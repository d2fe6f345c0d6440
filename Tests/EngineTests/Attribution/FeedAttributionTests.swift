import Testing

@testable import Engine

/// Who acted, by the records of systems other than AWS.
@Suite struct FeedAttributionTests {
    @Test("A session in an Okta application leads to its user, and the user's address joins other accounts")
    func okta() throws {
        let record = #"""
            {"uuid":"o1","published":"2026-11-02T08:00:00.000Z","eventType":"user.authentication.sso","version":"0",
            "severity":"INFO","displayMessage":"User single sign on to app",
            "actor":{"id":"00u1","type":"User","alternateId":"Ana@example.com","displayName":"Ana"},
            "outcome":{"result":"SUCCESS"},"authenticationContext":{"externalSessionId":"trsApp","rootSessionId":"idxRoot"}}
            """#.split(separator: "\n").joined()
        let bench = try AttributionBench([record], feed: "okta.system_log")
        let found = try #require(bench.root(of: "o1"))
        #expect(found.name == "ana@example.com" && found.root.certainty == .proved)
        let tree = AttributionBench.tree(bench.facts)
        let joins = tree.directory.joins(of: tree.key(of: found.root.node))
        #expect(joins.map(\.reason) == [.sameAddress])
        #expect(joins.first?.uid == Array("o1".utf8))
    }

    @Test("A Google service account's act is that of the last caller in its delegation")
    func delegation() throws {
        let record = #"""
            {"insertId":"g1","timestamp":"2026-11-02T08:00:00Z","logName":"projects/p/logs/cloudaudit.googleapis.com%2Factivity",
            "protoPayload":{"@type":"type.googleapis.com/google.cloud.audit.AuditLog","serviceName":"storage.googleapis.com",
            "methodName":"storage.buckets.create","authenticationInfo":{"principalEmail":"deploy@p.iam.gserviceaccount.com",
            "serviceAccountDelegationInfo":[{"firstPartyPrincipal":{"principalEmail":"mid@p.iam.gserviceaccount.com"}},
            {"firstPartyPrincipal":{"principalEmail":"ana@example.com"}}]}}}
            """#.split(separator: "\n").joined()
        let bench = try AttributionBench([record], feed: "gcp.audit")
        let event = try #require(bench.batch.events.first)
        let found = try #require(bench.root(of: bench.batch.uid(of: event)))
        #expect(found.name == "ana@example.com" && found.root.certainty == .proved)
        #expect(found.hops.map(\.kind) == [.delegation, .delegation])
    }

    @Test("A service account with nobody behind it is a workload, and its address is no person's")
    func serviceAccount() throws {
        let record = #"""
            {"insertId":"g2","timestamp":"2026-11-02T08:00:00Z","logName":"projects/p/logs/cloudaudit.googleapis.com%2Factivity",
            "protoPayload":{"@type":"type.googleapis.com/google.cloud.audit.AuditLog","serviceName":"storage.googleapis.com",
            "methodName":"storage.buckets.create","authenticationInfo":{"principalEmail":"deploy@p.iam.gserviceaccount.com"}}}
            """#.split(separator: "\n").joined()
        let bench = try AttributionBench([record], feed: "gcp.audit")
        var attributor = Attributor()
        let asked = bench.batch.events.first.flatMap { attributor.subject(of: $0, in: bench.batch) }
        let subject = try #require(asked)
        #expect(subject.isKnown && subject.nature == .workload)
        #expect(attributor.tree.directory.joins(of: subject.key).isEmpty)
    }

    @Test("A Kubernetes request on EKS is that of the AWS key's owner, where the trail is there")
    func kubernetes() throws {
        let record = #"""
            {"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","auditID":"k1","stage":"ResponseComplete",
            "requestURI":"/api/v1/namespaces/x/secrets/s","verb":"delete","user":{"username":"ops-admin",
            "extra":{"accessKeyId":["ASIA1"],"sessionName":["work"]}},"sourceIPs":["203.0.113.7"],
            "requestReceivedTimestamp":"2026-11-02T08:10:00Z","stageTimestamp":"2026-11-02T08:10:00Z"}
            """#.split(separator: "\n").joined()
        let cluster = try AttributionBench([record], feed: "kubernetes.audit")
        let alone = try #require(cluster.root(of: cluster.facts[0].uid))
        #expect(alone.name == "ops-admin" && alone.root.confidence == 990)
        let trail = try AttributionBench(AttributionTests.chain)
        var attributor = Attributor(AttributionBench.tree(trail.facts))
        let asked = attributor.subject(of: cluster.batch.events[0], in: cluster.batch)
        let subject = try #require(asked)
        #expect(attributor.name(of: subject) == Trail.userARN("ana"))
    }

    @Test("Entra's ids are the same accounts in its own log and in Azure's")
    func entra() throws {
        let signIn = #"""
            {"id":"s1","createdDateTime":"2026-11-02T08:00:00Z","userId":"11111111-0000-4000-8000-000000000001",
            "userPrincipalName":"ana@example.com","appId":"a","appDisplayName":"Portal","ipAddress":"203.0.113.7",
            "uniqueTokenIdentifier":"uti1","sessionId":"sid1","status":{"errorCode":0},"isInteractive":true}
            """#.split(separator: "\n").joined()
        let activity = #"""
            {"time":"2026-11-02T08:05:00Z","resourceId":"/subscriptions/x","operationName":"Microsoft.Compute/virtualMachines/delete",
            "category":"Administrative","resultType":"Success","correlationId":"c1","identity":{"claims":{
            "http://schemas.microsoft.com/identity/claims/objectidentifier":"11111111-0000-4000-8000-000000000001","uti":"uti1"}}}
            """#.split(separator: "\n").joined()
        let first = try AttributionBench([signIn], feed: "entra.signin")
        let second = try AttributionBench([activity], feed: "azure.activity")
        var attributor = Attributor(AttributionBench.tree(first.facts))
        let asked = second.batch.events.first.flatMap { attributor.subject(of: $0, in: second.batch) }
        let subject = try #require(asked)
        #expect(attributor.name(of: subject) == "ana@example.com" && subject.nature == .human)
    }
}
