import Codecs
import Engine
import Foundation
import Testing

@testable import Pipeline

/// What reports say, and that nothing in them is more than text.
@Suite struct DriftReportTests {
    typealias Material = DriftMaterial

    private static let odd = "<script>alert(1)</script>`; rm -rf / #\\n## Heading"

    private static func records(_ name: String) -> [String] {
        let quoted = String(decoding: JSONFragment.quoted(name), as: UTF8.self)
        return [
            Material.call(
                1, "iam", "AttachUserPolicy",
                "{\"userName\":\(quoted),\"policyArn\":\"arn:aws:iam::aws:policy/AdministratorAccess\"}"),
            Material.call(2, "iam", "DeactivateMFADevice", "{\"userName\":\(quoted),\"serialNumber\":\"m\"}"),
            Material.call(3, "cloudtrail", "StopLogging", "{\"name\":\"org-trail\"}"),
        ]
    }

    @Test("It answers its questions in their order, in each form")
    func order() async throws {
        let report = try await Material.run(Self.records("bo")).report()
        for bytes in [DriftMarkdown(report).bytes, DriftPage(report).bytes] {
            let text = String(decoding: bytes, as: UTF8.self)
            var rest = text[...]
            for question in DriftReport.Question.allCases {
                let place = try #require(rest.range(of: question.title), "\(question)")
                rest = rest[place.upperBound...]
            }
            for uid in ["e-1", "e-2", "e-3"] { #expect(text.contains(uid)) }
            #expect(text.contains("aws iam detach-user-policy --user-name bo"))
        }
        let json = try JSONReader.document(in: DriftJSON(report).bytes, file: "report")
        #expect(json["findings"]?.list?.count == report.findings.count)
        #expect(DriftReport.Previous(json: DriftJSON(report).bytes)?.open == Set(report.open.map(\.uid)))
    }

    @Test("A name out of a log is text, in pages, Markdown and commands")
    func hostile() async throws {
        let report = try await Material.run(Self.records(Self.odd)).report()
        let page = String(decoding: DriftPage(report).bytes, as: UTF8.self)
        #expect(!page.contains("<script>alert"))
        #expect(page.contains("&lt;script&gt;alert"))
        #expect(page.contains("default-src &#39;none&#39;"))
        #expect(!page.contains("style=\""))
        let markdown = String(decoding: DriftMarkdown(report).bytes, as: UTF8.self)
        #expect(!markdown.contains("\n## Heading"))
        let command = try #require(report.plan.first?.commands.first)
        #expect(command.contains("--user-name '"))
        #expect(!command.contains("\n"))
    }

    @Test(
        "Many changes of which nothing is known to follow are a row each in Markdown, under those that count")
    func routine() async throws {
        let records = (0..<12).map {
            Material.call(
                $0, "iam", "AttachRolePolicy",
                "{\"roleName\":\"app-\($0)\",\"policyArn\":\"arn:aws:iam::111122223333:policy/orders|access\"}"
            )
        }
        let trust = Material.document(Material.trust("{\"Service\":\"ecs-tasks.amazonaws.com\"}"))
        let role = Material.call(
            20, "iam", "CreateRole", "{\"roleName\":\"app-20\",\"assumeRolePolicyDocument\":\(trust)}")
        let report = try await Material.run(
            records + [
                role,
                Material.call(
                    30, "iam", "AttachRolePolicy",
                    "{\"roleName\":\"app-x\",\"policyArn\":\"arn:aws:iam::aws:policy/AdministratorAccess\"}"),
            ]
        ).report()
        let text = String(decoding: DriftMarkdown(report).bytes, as: UTF8.self)
        let lines = text.split(separator: "\n").map(String.init)
        let grave = try #require(lines.firstIndex { $0.hasPrefix("- **role/app-x** (AWS 111122223333)") })
        for number in Array(0..<12) + [20] {
            let row = try #require(
                lines.firstIndex { $0.hasPrefix("| 2026") && $0.contains("| e-\(number) |") })
            #expect(row > grave)
            #expect(lines[row].contains("role/app-\(number)") && lines[row].contains("user/ada"))
            #expect(lines[row].replacing("\\|", with: "").count { $0 == "|" } == 7)
        }
    }

    @Test("What somebody was seen to do stands before what a snapshot found, and nobody is blamed for that")
    func snapshotLast() async throws {
        let snapshot = """
            {"UserDetailList":[],"GroupDetailList":[{"GroupName":"administrators","Path":"/",\
            "Arn":"arn:aws:iam::111122223333:group/administrators","GroupId":"AGPA1","GroupPolicyList":[],\
            "AttachedManagedPolicies":[{"PolicyName":"AdministratorAccess",\
            "PolicyArn":"arn:aws:iam::aws:policy/AdministratorAccess"}]}],"RoleDetailList":[{"RoleName":"app","Path":"/",\
            "Arn":"arn:aws:iam::111122223333:role/app","RolePolicyList":[],"AttachedManagedPolicies":[{"PolicyName":\
            "AdministratorAccess","PolicyArn":"arn:aws:iam::aws:policy/AdministratorAccess"}]}],"Policies":[]}
            """
        let attached = Material.call(
            30, "iam", "AttachRolePolicy",
            "{\"roleName\":\"app\",\"policyArn\":\"arn:aws:iam::aws:policy/AdministratorAccess\"}")
        let report = try await Material.run([attached], snapshot: snapshot).report()
        let open = report.findings(for: .open)
        #expect(open.map(\.subject) == ["role/app", "group/administrators"])
        #expect(report.plan.map(\.finding.subject) == ["role/app", "group/administrators"])
        let found = try #require(open.last)
        #expect(DriftReport.who(found.opened) == "somebody before it was taken")
        #expect(report.headline.contains("1 first seen in a snapshot"))
    }

    @Test("An empty period says so")
    func empty() async throws {
        let report = try await Material.run([]).report()
        #expect(report.isEmpty)
        for question in [DriftReport.Question.wider, .open, .expired, .unused, .plan] {
            #expect(String(decoding: DriftMarkdown(report).bytes, as: UTF8.self).contains(question.nothing))
            #expect(String(decoding: DriftPage(report).bytes, as: UTF8.self).contains(question.nothing))
        }
    }

    @Test("Against the report before, findings are new, still open or closed")
    func compared() async throws {
        let begin = Self.records("bo")
        let first = try await Material.run(begin).report()
        let end = [Material.call(30, "cloudtrail", "StartLogging", "{\"name\":\"org-trail\"}")]
        let more = [Material.call(31, "iam", "DeleteRolePermissionsBoundary", "{\"roleName\":\"deploy\"}")]
        let second = try await Material.run(begin + end + more).report(
            from: first.to, previous: first.asPrevious)
        #expect(second.count(.closed) == 1)
        #expect(second.count(.stillOpen) == 2)
        #expect(second.count(.new) == 1)
        #expect(second.retracted == 0)
        let other = try await Material.run(more).report(previous: first.asPrevious)
        #expect(other.retracted == 3)
    }

    @Test("A baseline is what was approved: what differs is told, what is written otherwise is not")
    func baseline() async throws {
        let policy = Material.document(Material.allow("s3:GetObject"))
        func put(_ minute: Int, _ document: String) -> String {
            Material.call(
                minute, "iam", "PutUserPolicy",
                "{\"userName\":\"bo\",\"policyName\":\"p\",\"policyDocument\":\(document)}")
        }
        let before = try await Material.run([put(1, policy)])
        let facts = before.drift.state.facts(at: before.last)
        var declared = DeclaredAccess()
        let saved = DeclaredAccess.text(facts, name: "b", at: before.last)
        #expect(declared.read(try JSONReader.document(in: saved, file: "b"), path: "b.json"))
        #expect(declared.facts == facts)
        var settings = DriftSettings()
        settings.baseline = DriftBaseline(
            name: "b", facts: declared.facts, time: before.last, isWhole: declared.isWhole)
        let same = Material.document(
            "{\"Resource\":[\"*\"],\"Action\":[\"s3:getObject\"],\"Effect\":\"Allow\"}")
        let formatted = try await Material.run([put(1, policy), put(2, same)], settings).report()
        #expect(Material.lines(formatted).isEmpty)
        let wider = Material.document(Material.allow("s3:*"))
        let changed = try await Material.run([put(1, policy), put(2, wider)], settings).report()
        #expect(Material.lines(changed) == ["D2 user/bo open"])
        #expect(changed.open.first?.opened.uid == "e-2")
    }

    @Test("Terraform's state, a template and a folder's policies declare the same access")
    func declared() throws {
        let policy =
            "{\"Statement\":[{\"Action\":\"s3:*\",\"Effect\":\"Allow\",\"Resource\":\"*\"}],\"Version\":\"2012-10-17\"}"
        let text = String(decoding: JSONFragment.quoted(policy), as: UTF8.self)
        let terraform = """
            {"format_version":"1.0","values":{"root_module":{"child_modules":[{"resources":[{"address":"m.a","mode":"managed",\
            "type":"aws_iam_role_policy","values":{"role":"deploy","name":"p","policy":\(text)}}]}]}}}
            """
        let template = """
            {"Resources":{"R":{"Type":"AWS::IAM::Role","Properties":{"RoleName":"deploy","Policies":[{"PolicyName":"p",\
            "PolicyDocument":\(policy)},{"PolicyName":"q","PolicyDocument":{"Statement":[{"Fn::Sub":"x"}]}}]}}}}
            """
        let expected = [AccessState.Key("111122223333", "role/deploy", .inline, "p"): policy]
        for (content, path) in [
            (terraform, "state.json"), (template, "t.json"),
            (policy, "a/111122223333/role/deploy/inline/p.json"),
        ] {
            var declared = DeclaredAccess(account: "111122223333")
            #expect(declared.read(try JSONReader.document(in: Array(content.utf8), file: path), path: path))
            #expect(declared.facts == expected)
            #expect(declared.leftOut.count == (content == template ? 1 : 0))
        }
    }
}
