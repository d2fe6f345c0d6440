import Codecs
import Foundation
import Testing

@testable import Engine

@Suite struct AccessStateTests {
    static let account = "111122223333"

    static func time(_ seconds: Int64) -> Timestamp { Timestamp(seconds: 1_780_000_000 + seconds) }

    static func event(
        _ name: String, at seconds: Int64, _ parameters: String, response: String = "null",
        error: String? = nil
    ) throws -> [AccessState.Change] {
        var bytes: [UInt8] = []
        time(seconds).appendISO8601(to: &bytes)
        let failed = error.map { ",\"errorCode\":\"\($0)\"" } ?? ""
        let text = """
            {"eventSource":"iam.amazonaws.com","eventName":"\(name)","eventID":"\(name)-\(seconds)",
            "eventTime":"\(String(decoding: bytes, as: UTF8.self))","recipientAccountId":"\(account)",
            "userIdentity":{"arn":"arn:aws:iam::\(account):user/root-admin","userName":"root-admin"},
            "requestParameters":\(parameters),"responseElements":\(response)\(failed)}
            """
        var changes: [AccessState.Change] = []
        RuleMaterial.forEachRecord(Array(text.utf8)) { tape, record in
            if let event = AccessEvent(cloudTrail: tape, record.open) {
                changes += AccessChanges.of(event, PolicyTexts())
            }
        }
        return changes
    }

    /// A week of one user.
    static func history() throws -> [AccessState.Change] {
        let document =
            #"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"*\"}]}"#
        return try [
            event(
                "CreateUser", at: 0, #"{"userName":"ada"}"#,
                response: #"{"user":{"userName":"ada","arn":"arn:aws:iam::111122223333:user/ops/ada"}}"#),
            event("CreateGroup", at: 1, #"{"groupName":"admins"}"#),
            event("AddUserToGroup", at: 10, #"{"userName":"ada","groupName":"admins"}"#),
            event(
                "PutUserPolicy", at: 20,
                "{\"userName\":\"ada\",\"policyName\":\"s3\",\"policyDocument\":\"\(document)\"}"),
            event(
                "AttachGroupPolicy", at: 30,
                #"{"groupName":"admins","policyArn":"arn:aws:iam::111122223333:policy/deploy"}"#),
            event(
                "CreatePolicy", at: 25, "{\"policyName\":\"deploy\",\"policyDocument\":\"\(document)\"}",
                response: #"{"policy":{"arn":"arn:aws:iam::111122223333:policy/deploy"}}"#),
            event(
                "CreateAccessKey", at: 40, "null",
                response: #"{"accessKey":{"accessKeyId":"AKIAEXAMPLE","userName":"ada","status":"Active"}}"#),
            event("DeleteUserPolicy", at: 50, #"{"userName":"ada","policyName":"s3"}"#),
            event("RemoveUserFromGroup", at: 60, #"{"userName":"ada","groupName":"admins"}"#),
            event("DeleteUserPolicy", at: 45, #"{"userName":"ada","policyName":"x"}"#, error: "NoSuchEntity"),
        ].flatMap(\.self)
    }

    static func state(_ changes: [AccessState.Change]) -> AccessState {
        var state = AccessState()
        for change in changes { state.apply(change) }
        return state
    }

    static func parts(_ state: AccessState, _ kind: AccessState.Kind, at seconds: Int64) -> [String] {
        state.parts(account, "user/ada", kind, at: time(seconds)).map(\.name)
    }

    @Test("What was there at a time is what the changes before it made, in whatever order they came")
    func order() throws {
        let changes = try Self.history()
        var dice = PolicyDice(seed: 3)
        for _ in 0..<20 {
            var shuffled = changes + changes
            for index in shuffled.indices.reversed() { shuffled.swapAt(index, dice.below(index + 1)) }
            let state = Self.state(shuffled)
            #expect(Self.parts(state, .membership, at: 9) == [])
            #expect(Self.parts(state, .membership, at: 10) == ["admins"])
            #expect(Self.parts(state, .membership, at: 60) == [])
            #expect(Self.parts(state, .inline, at: 20) == ["s3"])
            #expect(Self.parts(state, .inline, at: 50) == [])
            #expect(Self.parts(state, .accessKey, at: 100) == ["AKIAEXAMPLE"])
            #expect(state.identities(at: Self.time(0)).map(\.subject) == ["user/ada"])
            #expect(state.identities(at: Self.time(-1)).isEmpty)
            let origin = state.parts(Self.account, "user/ada", .membership, at: Self.time(30)).first?.entry
            #expect(
                origin?.operation == "AddUserToGroup" && origin?.actor.hasSuffix("user/root-admin") == true)
        }
    }

    @Test("A deletion that arrives late does not undo what came after it")
    func late() throws {
        let put = try Self.event("AttachUserPolicy", at: 20, #"{"userName":"ada","policyArn":"arn:p"}"#)
        let delete = try Self.event("DetachUserPolicy", at: 10, #"{"userName":"ada","policyArn":"arn:p"}"#)
        #expect(Self.parts(Self.state(put + delete), .attachment, at: 30) == ["arn:p"])
        #expect(Self.parts(Self.state(delete + put), .attachment, at: 30) == ["arn:p"])
    }

    @Test("Policies of groups and their versions count for the evaluator, as of the time")
    func holdings() throws {
        let state = Self.state(try Self.history())
        func decision(at seconds: Int64) -> PolicyDecision {
            let holdings = state.holdings(Self.account, "user/ada", at: Self.time(seconds)) { text in
                (try? JSONReader.document(in: Array(text.utf8), file: "p"))
                    .flatMap { try? AccessPolicy($0, for: .identity) }
            }
            #expect(holdings.unknown.isEmpty && holdings.unreadable.isEmpty)
            let request = PolicyRequest(
                action: "s3:GetObject", resource: "arn:aws:s3:::b/o",
                principal: RequestPrincipal("arn:aws:iam::\(Self.account):user/ada"))
            return PolicyEvaluator.verdict(request, under: holdings.layers).decision
        }
        #expect(decision(at: 15) == .implicitDeny)
        #expect(decision(at: 20) == .allow)
        // By the group, when the user's own is gone.
        #expect(decision(at: 55) == .allow)
        #expect(decision(at: 61) == .implicitDeny)
    }

    @Test("A principal is found by its ARN, its session's ARN, its kind and name, or its name")
    func names() throws {
        let state = Self.state(try Self.history())
        for name in ["ada", "user/ada", "arn:aws:iam::111122223333:user/ops/ada"] {
            #expect(state.named(name).map(\.subject) == ["user/ada"])
        }
        #expect(state.named("arn:aws:iam::444455556666:user/ada").isEmpty && state.named("da").isEmpty)
    }

    @Test("What a snapshot shows and no event told is a gap, since the last time it was otherwise")
    func gaps() throws {
        var state = Self.state(try Self.history())
        let user = "user/ada"
        let facts = [
            AccessState.Key(Self.account, user, .identity): "arn:aws:iam::111122223333:user/ops/ada",
            AccessState.Key(Self.account, "group/admins", .identity):
                "arn:aws:iam::111122223333:group/admins",
            AccessState.Key(Self.account, user, .membership, "admins"): "member",
        ]
        let gaps = state.apply(snapshot: facts, of: Self.account, at: Self.time(100), uid: "snap") { key in
            AccessSnapshot.covers(key) && key.subject.hasPrefix("user/")
        }
        #expect(gaps.count == 1)
        #expect(gaps.first?.key.kind == .membership && gaps.first?.entry.unseenSince == Self.time(60))
        #expect(Self.parts(state, .membership, at: 99) == [])
        #expect(Self.parts(state, .membership, at: 100) == ["admins"])
        // Keys are not shown by such a snapshot, so their absence says nothing.
        #expect(Self.parts(state, .accessKey, at: 200) == ["AKIAEXAMPLE"])
        // The same again is no news.
        #expect(
            state.apply(
                snapshot: facts, of: Self.account, at: Self.time(110), uid: "again", covering: { _ in false }
            ).isEmpty)
    }

    @Test("A key's history is bounded")
    func bounded() {
        var state = AccessState()
        let key = AccessState.Key(Self.account, "user/ada", .password)
        for number in 0..<3_000 {
            state.apply(
                .init(
                    key,
                    .init(
                        time: Self.time(Int64(number)), uid: "\(number)", value: "set", actor: "",
                        operation: "x")))
        }
        #expect(state.entry(key, at: Self.time(5_000))?.uid == "2999")
        #expect(state.entry(key, at: Self.time(1_999)) == nil)
    }

    @Test(
        "A real account's authorization details load as a snapshot",
        .enabled(if: PolicyMaterial.isThere, "../shared/data is absent"))
    func authorizationDetails() throws {
        let path = "aws/iam/authz-details/cloudsplaining-example-authz-details.json"
        let document = try JSONReader.document(in: try PolicyMaterial.bytes(path), file: path)
        let snapshot = try #require(AccessSnapshot(authorizationDetails: document, PolicyTexts()))
        var state = AccessState()
        let gaps = state.apply(
            snapshot: snapshot.facts, of: snapshot.account, at: Self.time(0), uid: "snap",
            covering: AccessSnapshot.covers)
        #expect(gaps.isEmpty)
        let identities = state.identities(at: Self.time(0))
        for (list, kind) in [
            ("UserDetailList", "user/"), ("RoleDetailList", "role/"), ("GroupDetailList", "group/"),
        ] {
            #expect(identities.count { $0.subject.hasPrefix(kind) } == document[list]?.list?.count)
        }
        // AdministratorAccess by the group of that name, whose document is in the snapshot.
        let holdings = state.holdings(snapshot.account, "user/obama", at: Self.time(0)) { text in
            (try? JSONReader.document(in: Array(text.utf8), file: "p")).flatMap {
                try? AccessPolicy($0, for: .identity)
            }
        }
        let request = PolicyRequest(
            action: "iam:CreateUser", resource: "*",
            principal: RequestPrincipal("arn:aws:iam::\(snapshot.account):user/obama"))
        #expect(PolicyEvaluator.verdict(request, under: holdings.layers).decision == .allow)
    }
}
