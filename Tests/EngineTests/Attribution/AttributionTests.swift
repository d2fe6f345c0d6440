import Testing

@testable import Engine

@Suite struct AttributionTests {
    /// `ana` takes one role with her key, and from it another.
    static let chain = [
        Trail.record(
            "e1", "AssumeRole", Trail.user("ana", key: "AKIA1"), at: "08:00:00",
            answer: Trail.assumed("Ops", "work", key: "ASIA1")),
        Trail.record(
            "e2", "AssumeRole", Trail.session("Ops", "work", key: "ASIA1", from: "08:00:00"), at: "08:05:00",
            answer: Trail.assumed("Admin", "deep", key: "ASIA2")),
        Trail.record(
            "e3", "CreateBucket", Trail.session("Admin", "deep", key: "ASIA2", from: "08:05:00"),
            at: "08:06:00"),
    ]

    @Test("A chain of roles leads to the user whose key began it, each link with its evidence")
    func roles() throws {
        let found = try #require(try AttributionBench(Self.chain).root(of: "e3"))
        #expect(found.name == Trail.userARN("ana") && found.root.isKnown)
        #expect(found.root.certainty == .proved && found.root.confidence == 1_000)
        #expect(found.hops.map(\.kind) == [.assumeRole, .assumeRole, .stated])
        #expect(found.hops.map { String(decoding: $0.uid, as: UTF8.self) } == ["e2", "e1", "e1"])
    }

    @Test("Without the ids of the issued keys a session's name and its second still lead on, as inferred")
    func moments() throws {
        let found = try #require(
            try AttributionBench([
                Trail.record(
                    "e1", "AssumeRole", Trail.user("ana", key: "AKIA1"), at: "08:00:00", answer: "null",
                    parameters:
                        #"{"roleArn":"arn:aws:iam::111122223333:role/path/Ops","roleSessionName":"work"}"#),
                Trail.record(
                    "e2", "CreateBucket", Trail.session("Ops", "work", key: "ASIA1", from: "08:00:00"),
                    at: "08:06:00"),
            ]).root(of: "e2"))
        #expect(
            found.name == Trail.userARN("ana") && found.root.certainty == .inferred
                && found.root.confidence == 970)
    }

    @Test("Two users who begin sessions of one name in one second are told apart by key, and not without one")
    func ambiguous() throws {
        let issuers = ["ana", "bo"].enumerated().map { place, name in
            Trail.record(
                "i\(place)", "AssumeRole", Trail.user(name, key: "AKIA\(name)"), at: "08:00:00",
                answer: Trail.assumed("Ops", "work", key: "ASIA\(name)"))
        }
        let bench = try AttributionBench(
            issuers + [
                Trail.record(
                    "byKey", "CreateBucket", Trail.session("Ops", "work", key: "ASIAbo", from: "08:00:00"),
                    at: "08:01:00"),
                Trail.record(
                    "byName", "CreateBucket", Trail.session("Ops", "work", key: nil, from: "08:00:00"),
                    at: "08:02:00"),
            ])
        #expect(try #require(bench.root(of: "byKey")).name == Trail.userARN("bo"))
        let unclear = try #require(bench.root(of: "byName"))
        #expect(unclear.root.gap == .ambiguous && !unclear.root.isKnown)
    }

    @Test("Without an issuer a session's own words count, and say how little they are worth")
    func claims() throws {
        func root(_ more: String, role: String = "Ops", name: String = "ana@example.com") throws
            -> (name: String, root: CredentialTree.Root, hops: [CredentialTree.Hop])
        {
            let record = Trail.record(
                "e", "CreateBucket", Trail.session(role, name, key: "ASIA9", from: "08:00:00", more: more),
                at: "08:06:00")
            return try #require(try AttributionBench([record]).root(of: "e"))
        }
        let named = try root("")
        #expect(named.name == "ana@example.com" && named.root.certainty == .asserted)
        #expect(named.root.confidence == 700 && named.hops.last?.kind == .sessionName)
        let source = try root(#","sourceIdentity":"Bo@Example.com""#)
        #expect(source.name == "bo@example.com" && source.hops.last?.kind == .sourceIdentity)
        let center = try root("", role: "AWSReservedSSO_Admin_0123456789abcdef")
        #expect(center.hops.last?.kind == .permissionSet && center.root.confidence == 970)
        let instance = try root(#","ec2RoleDelivery":"2.0""#, name: "i-0123456789abcdef0")
        #expect(instance.root.certainty == .proved && instance.hops.last?.kind == .instanceRole)
        let unknown = try root("", name: "botocore-session-1793610900")
        #expect(unknown.root.gap == .noIssuer)
    }

    @Test("Another account's visitor is followed through the act's own record there, else said to be unknown")
    func accounts() throws {
        let shared = #","sharedEventID":"s-1""#
        let visitor = #"{"type":"AWSAccount","principalId":"AROAX:work","accountId":"444455556666"}"#
        let here = Trail.record(
            "here", "AssumeRole", visitor, at: "08:00:00", answer: Trail.assumed("Ops", "work", key: "ASIA1"),
            more: shared)
        let act = Trail.record(
            "act", "CreateBucket", Trail.session("Ops", "work", key: "ASIA1", from: "08:00:00"),
            at: "08:06:00")
        let there = Trail.record(
            "there", "AssumeRole", Trail.user("ana", key: "AKIA1"), at: "08:00:00", answer: "null",
            more: shared)
        #expect(try #require(try AttributionBench([here, act]).root(of: "act")).root.gap == .otherAccount)
        let found = try #require(try AttributionBench([here, act, there]).root(of: "act"))
        #expect(found.name == Trail.userARN("ana") && found.root.certainty == .proved)
        #expect(found.hops.contains { $0.kind == .sharedEvent })
    }

    @Test("A key's maker is told, and is not taken for who uses it")
    func makers() throws {
        let bench = try AttributionBench([
            Trail.record(
                "e1", "CreateAccessKey", Trail.user("ana", key: "AKIA1"), at: "08:00:00",
                answer: #"{"accessKey":{"accessKeyId":"AKIA2","userName":"bo","status":"Active"}}"#,
                parameters: #"{"userName":"bo"}"#),
            Trail.record("e2", "CreateBucket", Trail.user("bo", key: "AKIA2"), at: "09:00:00"),
        ])
        let found = try #require(bench.root(of: "e2"))
        #expect(found.name == Trail.userARN("bo"))
        var attributor = Attributor(AttributionBench.tree(bench.facts))
        let asked = attributor.subject(of: bench.batch.events[1], in: bench.batch)
        let subject = try #require(asked)
        let made = try #require(attributor.tree.maker(of: subject.acting))
        #expect(made.uid == Array("e1".utf8))
        #expect(attributor.tree.root(of: made.parent).isKnown)
        var text: [UInt8] = []
        attributor.appendEnrichment(of: subject.acting, to: &text)
        #expect(
            String(decoding: text, as: UTF8.self).contains(
                #""created_by":{"type":"identity","uid":"arn:aws:iam::111122223333:user/ana""#))
    }

    @Test("Keys that issue each other end the chain, whichever is asked")
    func circles() throws {
        let bench = try AttributionBench([
            Trail.record(
                "e1", "AssumeRole", Trail.session("A", "a", key: "ASIA1", from: "08:00:00"), at: "08:00:00",
                answer: Trail.assumed("B", "b", key: "ASIA2")),
            Trail.record(
                "e2", "AssumeRole", Trail.session("B", "b", key: "ASIA2", from: "08:00:00"), at: "08:00:00",
                answer: Trail.assumed("A", "a", key: "ASIA1")),
        ])
        #expect(try #require(bench.root(of: "e1")).root.gap == .circular)
        #expect(try #require(bench.root(of: "e2")).root.gap == .circular)
    }

    @Test("A clock that is minutes off changes nothing; an issuer that began an hour later is none")
    func clocks() throws {
        func gap(_ begun: String) throws -> CredentialTree.Gap? {
            try #require(
                try AttributionBench([
                    Trail.record(
                        "e1", "AssumeRole", Trail.session("A", "a", key: nil, from: begun), at: "08:00:00",
                        answer: Trail.assumed("B", "b", key: nil)),
                    Trail.record(
                        "e0", "AssumeRole", Trail.user("ana", key: "AKIA1"), at: begun,
                        answer: Trail.assumed("A", "a", key: nil)),
                    Trail.record(
                        "e2", "CreateBucket", Trail.session("B", "b", key: nil, from: "08:00:00"),
                        at: "08:01:00"),
                ]).root(of: "e2")
            ).root.gap
        }
        #expect(try gap("08:03:00") == nil)
        #expect(try gap("09:00:00") == .noIssuer)
    }

    @Test("The accounts of one human in several systems are joined, each with its reason")
    func directory() throws {
        var directory = IdentityDirectory()
        directory.add(
            person: "Ana Example", nature: .human,
            accounts: ["ana@example.com", "arn:aws:iam::111122223333:user/ana", "okta 00u1"])
        func key(_ system: String, _ id: String) -> CredentialKey {
            CredentialKey(.identity, WyHash.hash(Array(system.utf8).span), Array(id.utf8).span)
        }
        let all = [
            key("email", "ana@example.com"), key("aws", "arn:aws:iam::111122223333:user/ana"),
            key("okta", "00u1"),
        ]
        let people = try all.map { try #require(directory.person($0)) }
        #expect(Set(people.map(\.key)).count == 1)
        #expect(people.allSatisfy { String(decoding: $0.name, as: UTF8.self) == "Ana Example" })
        #expect(directory.joins(of: all[0]).map(\.reason) == [.file, .file])
        // A system's events join what the file does not name.
        directory.add(key("github", "17"), system: "github", id: Array("17".utf8), nature: .human)
        directory.join(
            key("github", "17"), all[0], .sameAddress, .init(time: 1, uid: Array("g".utf8)))
        #expect(directory.person(key("github", "17"))?.key == people[0].key)
    }

    @Test("Whose it was stands in the event, and where it has enrichments already beside them")
    func written() throws {
        let bench = try AttributionBench(Self.chain)
        var attributor = Attributor()
        var batch = bench.batch
        attributor.attribute(&batch)
        for (row, event) in batch.events.enumerated() {
            let text = batch.json(of: event)
            #expect(
                text.contains(
                    #""enrichments":[{"name":"attribution","type":"identity","value":"arn:aws:iam::111122223333:user/ana","#
                ))
            #expect(batch.uid(of: event) == "e\(row + 1)")
            #expect(batch.bytes[event.json.end] == 0x0A)
        }
        #expect(
            batch.json(of: batch.events[2]).hasSuffix(
                #""via":"stated","certainty":"proved","event_uid":"e1","time":1793606400000}]}}]}"#),
            "\(batch.json(of: batch.events[2]).suffix(400))")
    }

    @Test("Hostile names neither break an event nor fill memory")
    func hostile() throws {
        let long = String(repeating: "x", count: 3_000)
        let record = Trail.record(
            "e", "CreateBucket",
            Trail.session(#"R\"{}\n<b>\u0000"#, long, key: #"ASIA\\\"1"#, from: "08:00:00"), at: "08:06:00")
        let bench = try AttributionBench([record])
        var attributor = Attributor()
        var batch = bench.batch
        attributor.attribute(&batch)
        var tree = EventTree()
        try tree.read(batch.bytes.span.extracting(batch.events[0].json.range))
        #expect(batch.json(of: batch.events[0]).utf8.count < bench.batch.bytes.count + 2_000)
    }
}
