import Engine
import Foundation
import Pipeline
import Ports
import Simulation
import Testing

@testable import martlet

@Suite struct PolicyCommandTests {
    static let old =
        #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ec2:Describe*","Resource":"*"}]}"#
    static let new = """
        {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["ec2:Describe*"],"Resource":["*"]},
        {"Sid":"Pass","Effect":"Allow","Action":"iam:PassRole","Resource":"arn:aws:iam::*:role/*",
        "Condition":{"StringEquals":{"iam:PassedToService":"sagemaker.amazonaws.com"}}}]}
        """

    static func world(_ files: [String: String]) -> CommandWorld {
        CommandWorld(files: Dictionary(uniqueKeysWithValues: files.map { ("/home/ada/\($0.key)", $0.value) }))
    }

    static func object(_ world: CommandWorld) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(world.output.text.utf8)) as? [String: Any])
    }

    @Test("diff says in words what may be done now, and fails a build that asked for it")
    func table() async {
        let world = Self.world(["old.json": Self.old, "new.json": Self.new])
        #expect(await world.run("policy", "diff", "old.json", "new.json", "--fail-on", "widened") == .notHeld)
        #expect(
            world.output.text == """
                widened: the new document allows more
                gained: 1 action: iam:PassRole
                  now allowed, before not: iam:PassRole on arn:aws:iam::111122223333:role/example with \
                iam:PassedToService=sagemaker.amazonaws.com (statement 2 (Pass) of the new policy)

                """)
        let back = Self.world(["old.json": Self.new, "new.json": Self.old])
        #expect(await back.run("policy", "diff", "old.json", "new.json", "--fail-on", "widened") == .done)
        #expect(back.output.text.hasPrefix("narrowed: "))
    }

    @Test("diff as JSON has the members that scripts read, and its witness evaluates as it says")
    func json() async throws {
        let world = Self.world(["old.json": Self.old, "new.json": Self.new])
        #expect(await world.run("policy", "diff", "old.json", "new.json", "--format", "json") == .done)
        let change = try Self.object(world)
        #expect(change["verdict"] as? String == "widened" && change["method"] as? String == "exact")
        #expect(change["gained"] as? [String] == ["iam:PassRole"] && change["lost"] as? [String] == [])
        let witness = try #require((change["witness"] as? [String: Any])?["gained"] as? [String: Any])
        #expect((change["witness"] as? [String: Any])?["lost"] is NSNull)
        var request = witness
        for key in ["before", "after", "because"] { request[key] = nil }
        let text = String(decoding: try JSONSerialization.data(withJSONObject: request), as: UTF8.self)
        for (policy, decision) in [(Self.old, "implicit-deny"), (Self.new, "allow")] {
            let asked = Self.world(["request.json": text, "p.json": policy])
            #expect(
                await asked.run("policy", "evaluate", "--request", "request.json", "--policies", "p.json")
                    == .done)
            #expect(try Self.object(asked)["decision"] as? String == decision)
        }
    }

    @Test("A document is read out of the answer that brought it, percent-encoded or not")
    func wrapped() async throws {
        let encoded = try #require(Self.old.addingPercentEncoding(withAllowedCharacters: .alphanumerics))
        let world = Self.world([
            "old.json": "{\"PolicyVersion\":{\"Document\":\(Self.old),\"VersionId\":\"v1\"}}",
            "new.json": "{\"RoleName\":\"x\",\"PolicyDocument\":\"\(encoded)\"}",
        ])
        #expect(await world.run("policy", "diff", "old.json", "new.json") == .done)
        #expect(world.output.text == "equal: both documents mean the same\n")
    }

    @Test("What cannot be read is told with its place and status 2, and is never equal")
    func unreadable() async {
        let world = Self.world([
            "old.json": Self.old, "new.json": Self.old.replacing("Effect", with: "Efect"),
        ])
        #expect(await world.run("policy", "diff", "old.json", "new.json") == .usage)
        #expect(world.output.text.isEmpty)
        #expect(
            world.messages.text.contains("new.json:1:39: a statement has no `Efect` (did you mean `Effect`?)")
        )
        let missing = Self.world(["old.json": Self.old])
        #expect(await missing.run("policy", "diff", "old.json", "nowhere.json") == .usage)
        #expect(missing.messages.text.contains("nowhere.json: there is no such file"))
        let cut = Self.world(["old.json": Self.old, "new.json": String(Self.old.dropLast(5))])
        #expect(await cut.run("policy", "diff", "old.json", "new.json") == .usage)
        let large = Self.world(["old.json": Self.old, "new.json": String(repeating: " ", count: 9 << 20)])
        #expect(await large.run("policy", "diff", "old.json", "new.json") == .usage)
        #expect(large.messages.text.contains("at most 8 MiB"))
    }

    @Test(
        "evaluate names the layer, the file and the statement that decide",
        arguments: [
            (["identity/a.json"], "allow", "identity"),
            (["identity/a.json", "scp/1-root/deny.json"], "deny", "scp"),
            (["identity/a.json", "scp/1-root/all.json", "scp/2-unit/other.json"], "implicit-deny", "scp"),
            (["identity/a.json", "boundary/other.json"], "implicit-deny", "boundary"),
            (["identity/a.json", "session.json"], "implicit-deny", "session"),
            (["identity/a.json", "rcp/1-root/deny-all.json"], "deny", "rcp"),
            (["resource.json"], "allow", "resource"), ([], "implicit-deny", "identity"),
        ])
    func layers(present: [String], decision: String, layer: String) async throws {
        func policy(_ effect: String, _ action: String, _ more: String = "") -> String {
            "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"\(effect)\",\"Action\":\"\(action)\",\"Resource\":\"*\"\(more)}}"
        }
        let all = [
            "identity/a.json": policy("Allow", "s3:Get*"),
            "scp/1-root/deny.json": policy("Deny", "s3:GetObject"),
            "scp/1-root/all.json": policy("Allow", "*"), "scp/2-unit/other.json": policy("Allow", "ec2:*"),
            "boundary/other.json": policy("Allow", "ec2:*"), "session.json": policy("Allow", "ec2:*"),
            "rcp/1-root/deny-all.json": policy("Deny", "s3:*", ",\"Principal\":\"*\""),
            "resource.json": policy(
                "Allow", "s3:GetObject", ",\"Principal\":{\"AWS\":\"arn:aws:iam::111122223333:user/ada\"}"),
        ]
        var files = ["p/readme.txt": "no policy"]
        for name in present { files["p/" + name] = all[name] }
        files["request.json"] = """
            {"action":"s3:GetObject","resource":"arn:aws:s3:::data/x","resourceAccount":"111122223333",
             "principal":"arn:aws:iam::111122223333:user/ada","context":{}}
            """
        let world = Self.world(files)
        #expect(
            await world.run("policy", "evaluate", "--request", "request.json", "--policies", "p") == .done)
        let answer = try Self.object(world)
        #expect(answer["decision"] as? String == decision, "\(world.output.text)")
        #expect((answer["because"] as? [String: Any])?["layer"] as? String == layer, "\(world.output.text)")
    }

    @Test("Azure: blocks less what they leave out, scopes, groups, denials and what could be activated")
    func azure() async throws {
        let role = """
            {"id":"/subscriptions/s/roles/r1","roleName":"Operator","permissions":[
            {"actions":["Microsoft.Compute/*"],"notActions":["Microsoft.Compute/*/delete"],"dataActions":[]}]}
            """
        let assignment =
            #"[{"principalId":"g1","roleDefinitionId":"/subscriptions/s/roles/r1","scope":"/subscriptions/s"}]"#
        let deny = """
            [{"denyAssignmentName":"locked","scope":"/subscriptions/s/resourceGroups/locked",
            "permissions":[{"actions":["*"]}],"principals":[{"id":"00000000-0000-0000-0000-000000000000"}]}]
            """
        func decide(_ action: String, _ scope: String, _ files: [String: String]) async throws -> [String:
            Any]
        {
            var files = Dictionary(uniqueKeysWithValues: files.map { ("p/" + $0.key, $0.value) })
            files["p/roles/operator.json"] = role
            files["r.json"] =
                "{\"action\":\"\(action)\",\"resource\":\"\(scope)\",\"principal\":\"u1\",\"context\":{\"groups\":[\"G1\"]}}"
            let world = Self.world(files)
            #expect(
                await world.run(
                    "policy", "evaluate", "--kind", "azure", "--request", "r.json", "--policies", "p")
                    == .done)
            return try Self.object(world)
        }
        let vm = "/subscriptions/s/resourceGroups/a/providers/Microsoft.Compute/virtualMachines/v"
        let given = ["assignments/a.json": assignment, "deny/d.json": deny]
        #expect(
            try await decide("microsoft.compute/virtualMachines/read", vm, given)["decision"] as? String
                == "allow")
        #expect(
            try await decide("Microsoft.Compute/virtualMachines/delete", vm, given)["decision"] as? String
                == "implicit-deny")
        #expect(
            try await decide(
                "Microsoft.Compute/disks/read", "/subscriptions/s/resourceGroups/locked/x", given)["decision"]
                as? String == "deny")
        #expect(
            try await decide("Microsoft.Compute/disks/read", "/subscriptions/other", given)["decision"]
                as? String
                == "implicit-deny")
        let eligible = try await decide("Microsoft.Compute/disks/read", vm, ["eligible/e.json": assignment])
        #expect(eligible["decision"] as? String == "implicit-deny")
        #expect("\(eligible)".contains("could be activated"))
    }

    @Test("Google: bindings from above, conditions, deny rules and access boundaries")
    func google() async throws {
        let role = #"{"name":"roles/storage.objectViewer","includedPermissions":["storage.objects.get"]}"#
        func allow(_ member: String, _ condition: String = "") -> String {
            "{\"bindings\":[{\"role\":\"roles/storage.objectViewer\",\"members\":[\"\(member)\"]\(condition)}]}"
        }
        func decide(_ files: [String: String]) async throws -> String {
            var files = Dictionary(uniqueKeysWithValues: files.map { ("p/" + $0.key, $0.value) })
            files["p/roles/viewer.json"] = role
            files["r.json"] = """
                {"action":"storage.objects.get","resource":"//storage.googleapis.com/projects/_/buckets/b/objects/o",
                "principal":"user:Ada@example.com",
                "context":{"groups":["group:dev@example.com"],"request.time":"2026-05-01T00:00:00Z"}}
                """
            let world = Self.world(files)
            #expect(
                await world.run(
                    "policy", "evaluate", "--kind", "gcp", "--request", "r.json", "--policies", "p")
                    == .done)
            return try #require(try Self.object(world)["decision"] as? String)
        }
        #expect(try await decide(["allow/1-org.json": allow("group:dev@example.com")]) == "allow")
        #expect(try await decide(["allow/1-org.json": allow("domain:example.com")]) == "allow")
        #expect(try await decide(["allow/1-org.json": allow("user:bob@example.com")]) == "implicit-deny")
        func until(_ text: String) -> String { ",\"condition\":{\"expression\":\"\(text)\"}" }
        let past = until("request.time < timestamp('2026-04-01T00:00:00Z')")
        #expect(try await decide(["allow/1.json": allow("allUsers", past)]) == "implicit-deny")
        let within = until(
            "resource.name.startsWith('//storage.googleapis.com/projects/_/buckets/b/') && !(resource.name == 'x')"
        )
        #expect(try await decide(["allow/1.json": allow("allUsers", within)]) == "allow")
        #expect(try await decide(["allow/1.json": allow("allUsers", until("a.b(c) > 5"))]) == "implicit-deny")
        let deny = """
            {"rules":[{"denyRule":{"deniedPrincipals":["principalSet://goog/public:all"],
            "deniedPermissions":["storage.googleapis.com/objects.*"],
            "exceptionPrincipals":["principal://goog/subject/EXCEPT"]}}]}
            """
        let all = ["allow/1.json": allow("allUsers"), "deny/d.json": deny]
        #expect(try await decide(all) == "deny")
        #expect(
            try await decide(
                all.merging(["deny/d.json": deny.replacing("EXCEPT", with: "ada@example.com")]) { $1 })
                == "allow")
        let boundary =
            "{\"details\":{\"rules\":[{\"resources\":[\"//storage.googleapis.com/projects/other\"],\"effect\":\"ALLOW\"}]}}"
        #expect(
            try await decide(["allow/1.json": allow("allUsers"), "boundary/b.json": boundary])
                == "implicit-deny")
    }

    @Test(
        "Roles and bindings of the other clouds are compared by what they grant",
        arguments: [
            (
                "azure-role",
                #"{"Name":"r","Actions":["Microsoft.Compute/*"],"NotActions":["Microsoft.Compute/*/delete"]}"#,
                #"{"Name":"r","Actions":["Microsoft.Compute/*"]}"#, "widened"
            ),
            (
                "azure-role", #"{"Name":"r","Actions":["a/read","A/write"]}"#,
                #"{"name":"r","actions":["a/*"]}"#, "widened"
            ),
            (
                "azure-role",
                #"{"permissions":[{"actions":["*"],"notActions":["x/*"]},{"actions":["x/*"]}]}"#,
                #"{"permissions":[{"actions":["*"]}]}"#, "equal"
            ),
            (
                "azure-role", #"{"permissions":[{"actions":["*/read"]}]}"#,
                #"{"permissions":[{"dataActions":["*/read"]}]}"#,
                "incomparable"
            ),
            (
                "gcp-role", #"{"name":"r","includedPermissions":["a.b.get","a.b.list"]}"#,
                #"{"name":"r","includedPermissions":["a.b.list"]}"#, "narrowed"
            ),
            (
                "gcp-bindings", #"{"bindings":[{"role":"roles/viewer","members":["user:ada@example.com"]}]}"#,
                #"{"bindings":[{"role":"roles/viewer","members":["domain:example.com"]}]}"#, "widened"
            ),
            (
                "gcp-bindings", #"{"bindings":[{"role":"roles/x","members":["allUsers"]}]}"#,
                #"{"bindings":[{"role":"roles/x","members":["allAuthenticatedUsers"]}]}"#, "narrowed"
            ),
            (
                "gcp-bindings", #"{"bindings":[{"role":"roles/editor","members":["user:a@example.com"]}]}"#,
                #"{"bindings":[{"role":"roles/owner","members":["user:A@example.com"]}]}"#, "widened"
            ),
            (
                "gcp-bindings",
                #"{"bindings":[{"role":"roles/x","members":["user:a@example.com"],"condition":{"expression":"request.time < timestamp('2026-01-01T00:00:00Z')"}}]}"#,
                #"{"bindings":[{"role":"roles/x","members":["user:a@example.com"],"condition":{"expression":"request.time < timestamp(\"2026-02-01T00:00:00Z\")"}}]}"#,
                "widened"
            ),
            (
                "gcp-bindings",
                #"{"bindings":[{"role":"roles/x","members":["user:a@example.com"],"condition":{"expression":"a.f(b) && c.g()"}}]}"#,
                #"{"bindings":[{"role":"roles/x","members":["user:a@example.com"],"condition":{"expression":"a.f(b)  &&  c.g()"}}]}"#,
                "equal"
            ),
        ])
    func otherClouds(kind: String, old: String, new: String, verdict: String) async throws {
        let world = Self.world(["old.json": old, "new.json": new])
        #expect(
            await world.run("policy", "diff", "old.json", "new.json", "--kind", kind, "--format", "json")
                == .done)
        let change = try Self.object(world)
        #expect(change["verdict"] as? String == verdict, "\(world.output.text)")
        #expect(change["method"] as? String == "exact", "\(world.output.text)")
        let witnesses = try #require(change["witness"] as? [String: Any])
        #expect((verdict == "widened" || verdict == "incomparable") == (witnesses["gained"] is [String: Any]))
        #expect((verdict == "narrowed" || verdict == "incomparable") == (witnesses["lost"] is [String: Any]))
    }

    static let home = "\"arn:aws:s3:::home/${aws:username}/*\""

    static func except(_ resources: String) -> String {
        "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"NotResource\":[\(resources)]}]}"
    }

    @Test("diff asks the solver what it gives up itself, bounded, and without one says what would help")
    func solver() async throws {
        let files = [
            "old.json": Self.except(Self.home),
            "new.json": Self.except(Self.home + ",\"arn:aws:s3:::home/${aws:username}/x*\""),
        ]
        let world = Self.world(files)
        #expect(await world.run("policy", "diff", "old.json", "new.json") == .done)
        #expect(world.output.text.hasPrefix("widened: "))
        #expect(world.output.text.contains("`apt install z3` installs it"))
        for (said, verdict, method) in [
            ("unsat\n(error \"no model\")\n", "equal", "solver"), ("unknown\n", "widened", "undecided"),
        ] {
            var world = Self.world(files)
            let processes = ScriptedProcesses(["/opt/z3": ChildResult(status: 1, output: Array(said.utf8))])
            world.context.surroundings.processes = processes
            world.context.surroundings.environment["MARTLET_Z3"] = "/opt/z3"
            #expect(await world.run("policy", "diff", "old.json", "new.json", "--format", "json") == .done)
            let change = try Self.object(world)
            #expect(change["verdict"] as? String == verdict && change["method"] as? String == method)
            #expect(!processes.commands.isEmpty)
            for command in processes.commands {
                #expect(
                    command.contains { $0.hasPrefix("-memory:") } && command.contains { $0.hasPrefix("-T:") })
            }
        }
        // What is decided already asks nobody.
        var decided = Self.world(["old.json": Self.old, "new.json": Self.new])
        let processes = ScriptedProcesses()
        decided.context.surroundings.processes = processes
        #expect(await decided.run("policy", "diff", "old.json", "new.json") == .done)
        #expect(processes.commands.isEmpty && !decided.output.text.contains("z3"))
    }
}
