import Codecs
import Engine
import Foundation
import Pipeline
import Testing

@Suite struct OCSFTranslatorTests {
    static let older: [OCSFSchema.Version] = [.v1_8_0, .v1_5_0, .v1_1_0]

    static func event(
        _ name: String, _ activity: Int, _ rest: String, activityName: String? = nil,
        profiles: String = #""cloud","datetime""#
    ) throws -> String {
        let schema = OCSFTables[.v1_9_0]
        let item = try schema.requireClass(name, at: nil)
        let caption = item["activity_id"]?.caption(of: String(activity)) ?? ""
        return """
            {"activity_id":\(activity),"activity_name":"\(activityName ?? caption)",\
            "category_name":"\(schema.categoryName(item.categoryUID))","category_uid":\(item.categoryUID),\
            "class_name":"\(item.caption)","class_uid":\(item.uid),"cloud":{"provider":"AWS"},\
            "metadata":{"product":{"name":"P","vendor_name":"V"},"profiles":[\(profiles)],"version":"1.9.0"},\
            "severity":"Informational","severity_id":1,"time":1699633474000,\
            "type_name":"\(item.caption): \(caption)","type_uid":\(item.uid * 100 + activity),\(rest)}
            """
    }

    static func translate(_ event: String, to version: OCSFSchema.Version) throws -> String {
        var translator = try #require(OCSFMaps.all[version])
        let bytes = Array("xx\(event)yy".utf8)
        var out: [UInt8] = []
        try translator.translate(bytes, 2..<bytes.count - 2, into: &out)
        return String(decoding: out, as: UTF8.self)
    }

    /// Validates the source, translates, validates the outcome and gives it back as a dictionary.
    static func checked(_ event: String, to version: OCSFSchema.Version) throws -> [String: Any] {
        var source = OCSFValidator(OCSFTables[.v1_9_0])
        #expect(source.errors(in: event) == [])
        let text = try translate(event, to: version)
        var target = OCSFValidator(OCSFTables[version])
        let findings = target.findings(in: Array(text.utf8).span).filter(\.isError).map(\.description)
        #expect(findings == [], "\(text)")
        return try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    @Test(
        "Each activity of the user and role classes becomes the older class and activity",
        arguments: [
            ("user_management", 1, 3001, 1), ("user_management", 2, 3001, 99),
            ("user_management", 3, 3001, 6),
            ("user_management", 4, 3001, 2), ("user_management", 8, 3001, 3),
            ("user_management", 10, 3001, 7),
            ("user_management", 12, 3001, 10), ("user_management", 16, 3005, 1),
            ("user_management", 17, 3005, 2),
            ("user_management", 18, 3001, 99), ("user_management", 99, 3001, 99),
            ("role_management", 1, 3001, 1),
            ("role_management", 8, 3001, 7), ("role_management", 3, 3001, 6),
            ("role_management", 11, 3001, 99),
        ])
    func classes(name: String, activity: Int, classUID: Int, expected: Int) throws {
        let subject =
            name == "user_management" ? #""user":{"name":"ana"}"# : #""iam_role":{"name":"r","uid":"a:r"}"#
        let roles = activity == 16 || activity == 17 ? #","iam_roles":[{"name":"admin"}]"# : ""
        for version in Self.older {
            let word = activity == 99 ? "TagUser" : nil
            let event = try Self.event(name, activity, subject + roles, activityName: word)
            let out = try Self.checked(event, to: version)
            #expect(out["class_uid"] as? Int == classUID)
            #expect(out["activity_id"] as? Int == expected)
            #expect(out["type_uid"] as? Int == classUID * 100 + expected)
            if activity == 99 { #expect(out["activity_name"] as? String == "TagUser") }
            if activity == 18 { #expect(out["activity_name"] as? String == "Add Programmatic Credentials") }
            if !roles.isEmpty { #expect(out["privileges"] as? [String] == ["admin"]) }
            #expect(
                (out["user"] as? [String: Any])?["name"] as? String
                    == (name == "user_management" ? "ana" : "r"))
        }
    }

    @Test("What the older version has no attribute for is under unmapped, whole and with its path")
    func nothingDisappears() throws {
        let rest = #"""
            "actor":{"app_name":"console","iam_role":{"name":"r","session":{"uid":"s"}},"user":{"name":"x",\#
            "programmatic_credentials":[{"uid":"AKIA"},{"uid":"AKIB"}]}},"api":{"operation":"o"},\#
            "observables":[{"name":"actor.iam_role.name","type":"IAM Role Name","type_id":49,"value":"r"},\#
            {"name":"resources[].uid","type_id":99,"type":"z","value":"q"},\#
            {"name":"resources[].user.name","type_id":4,"value":"ana"}],\#
            "raw_data_hash":{"algorithm":"MD5","algorithm_id":1,"value":"00"},\#
            "resources":[{"uid":"q","role":"Target","role_id":1,"user":{"name":"ana"}}],"src_endpoint":{"ip":"192.0.2.1"},\#
            "unmapped":{"raw_data_hash":"vendor's own","a":{"b":1}}
            """#
        let out = try Self.checked(try Self.event("api_activity", 1, rest), to: .v1_1_0)
        let unmapped = try #require(out["unmapped"] as? [String: Any])
        #expect(
            unmapped.keys.sorted()
                == [
                    "a", "actor.iam_role", "actor.user.programmatic_credentials",
                    "ocsf.raw_data_hash",
                    "raw_data_hash", "resources[0].role", "resources[0].role_id", "resources[0].user",
                ].sorted())
        let actor = try #require(out["actor"] as? [String: Any])
        #expect(actor["invoked_by"] as? String == "console")
        #expect((actor["user"] as? [String: Any])?["credential_uid"] as? String == "AKIA")
        let observables = try #require(out["observables"] as? [[String: Any]])
        #expect(observables[0]["name"] as? String == "unmapped.actor.iam_role.name")
        // One element of an array stands for all in an observable's name.
        #expect(
            observables.dropFirst().map { $0["name"] as? String } == [
                "resources[].uid", "unmapped.resources[].user.name",
            ])
        #expect(observables[0]["type_id"] as? Int == 99)
        #expect(observables[0]["type"] as? String == "IAM Role Name")
        #expect(out["metadata"].map { "\($0)" }?.contains("1.1.0") == true)
    }

    @Test("Of several resources where one is allowed the first has a place, and observables point to all")
    func firstOfSeveral() throws {
        let rest = #"""
            "actor":{"app_name":"a"},"group":{"name":"g"},"users":[{"name":"u"}],\#
            "observables":[{"name":"resources[].uid_alt","type_id":99,"type":"z","value":"q"}],\#
            "resources":[{"uid":"1"},{"uid":"2","uid_alt":"q"}]
            """#
        let out = try Self.checked(try Self.event("group_management", 3, rest), to: .v1_1_0)
        #expect((out["resource"] as? [String: Any])?["uid"] as? String == "1")
        let unmapped = try #require(out["unmapped"] as? [String: Any])
        #expect((unmapped["resources"] as? [Any])?.count == 2)
        let observables = try #require(out["observables"] as? [[String: Any]])
        #expect(observables[0]["name"] as? String == "unmapped.resources[].uid_alt")
    }

    @Test("A role that acted alone becomes the acting user, and observables follow it")
    func roleAsActor() throws {
        let rest = #"""
            "actor":{"iam_role":{"name":"r","uid":"arn:r"}},"iam_role":{"name":"t","uid":"arn:t"},\#
            "observables":[{"name":"iam_role.name","type_id":49,"value":"t"}]
            """#
        let out = try Self.checked(try Self.event("role_management", 1, rest), to: .v1_5_0)
        let actor = try #require(out["actor"] as? [String: Any])
        #expect((actor["user"] as? [String: Any])?["uid"] as? String == "arn:r")
        #expect((out["observables"] as? [[String: Any]])?.first?["name"] as? String == "user.name")
        #expect((out["observables"] as? [[String: Any]])?.first?["type"] as? String == "IAM Role Name")
        #expect(out["unmapped"] == nil)
    }

    @Test("A profile that the older class wants for an attribute is applied; one it lacks is set aside")
    func profiles() throws {
        let rest = #""actor":{"user":{"name":"x"}},"user":{"name":"y"},"privileges":["p"]"#
        let event = try Self.event("user_access", 1, rest, profiles: #""cloud","osint""#)
            .replacing(#""cloud":{"#, with: #""osint":[{"type_id":1,"value":"192.0.2.1"}],"cloud":{"#)
        let out = try Self.checked(event, to: .v1_1_0)
        let metadata = try #require(out["metadata"] as? [String: Any])
        #expect(metadata["profiles"] as? [String] == ["cloud", "host"])
        #expect((out["unmapped"] as? [String: Any])?["metadata.profiles"] as? [String] == ["cloud", "osint"])
    }

    @Test("Group events keep what 1.1.0 demands of them")
    func groups() throws {
        let create = try Self.event("group_management", 6, #""group":{"name":"g"}"#)
        #expect(try Self.checked(create, to: .v1_1_0)["class_uid"] as? Int == 3004)
        #expect(try Self.checked(create, to: .v1_5_0)["class_uid"] as? Int == 3006)
        let add = try Self.event("group_management", 3, #""group":{"name":"g"},"users":[{"name":"u"}]"#)
        let out = try Self.checked(add, to: .v1_1_0)
        #expect((out["user"] as? [String: Any])?["name"] as? String == "u")
        #expect(out["class_uid"] as? Int == 3006)
    }

    @Test(
        "Random events of every class keep every value, in attributes the older version has", arguments: older
    )
    func random(version: OCSFSchema.Version) throws {
        let schema = OCSFTables[.v1_9_0]
        var source = OCSFValidator(schema)
        var target = OCSFValidator(OCSFTables[version])
        var translator = try #require(OCSFMaps.all[version])
        for seed in 0..<75 as Range<UInt64> {
            var random = RandomOCSF(schema, seed: seed)
            let item = schema.classes[Int(seed) % schema.classes.count]
            let event = random.event(of: item)
            // A class whose constraint only a profile can meet.
            if source.errors(in: event) == ["brokenConstraint "] { continue }
            #expect(source.errors(in: event) == [], "seed \(seed)")
            let bytes = Array(event.utf8)
            var out: [UInt8] = []
            try translator.translate(bytes, 0..<bytes.count, into: &out)
            // What only the older version requires is no fault of a random event.
            let faults = target.findings(in: out.span).filter {
                $0.isError && $0.rule != .missingRequired && $0.rule != .brokenConstraint
            }
            #expect(faults == [], "seed \(seed) \(item.name)")
            let text = String(decoding: out, as: UTF8.self)
            for mark in random.marks where !text.contains(mark) {
                Issue.record("seed \(seed) \(item.name): \(mark) is lost\n\(event)\n\(text)")
            }
        }
    }

    /// `MARTLET_UPDATE=1 swift test --filter OCSFTranslatorTests` writes the lists anew.
    @Test("What each map loses and moves is the list that was reviewed", arguments: older)
    func losses(version: OCSFSchema.Version) throws {
        let translator = try #require(OCSFMaps.all[version])
        let lines = translator.losses(from: OCSFTables[.v1_9_0], to: OCSFTables[version])
        let text = lines.joined(separator: "\n") + "\n"
        let file = SharedData.package.appending(path: "docs/ocsf/losses-\(version.rawValue).txt")
        if ProcessInfo.processInfo.environment["MARTLET_UPDATE"] != nil {
            try Data(text.utf8).write(to: file)
        }
        #expect(try String(contentsOf: file, encoding: .utf8) == text)
    }

    @Test("A map that names what does not exist is refused with its place")
    func wrongMap() throws {
        let text = """
            from: 1.9.0
            to: 1.1.0
            classes:
              user_management: {to: acount_change, activities: {crate: create}, attributes: {updated_user: user_rsult}}
            """
        #expect(throws: Problems.self) {
            let map = try OCSFVersionMap(try OCSFMaps.document(text))
            _ = try OCSFTranslator(map, from: OCSFTables[.v1_9_0], to: OCSFTables[.v1_1_0])
        }
    }
}

/// The maps as they are in the binary, worked out once.
enum OCSFMaps {
    static let all: [OCSFSchema.Version: OCSFTranslator] = {
        do {
            var all: [OCSFSchema.Version: OCSFTranslator] = [:]
            for version in OCSFTranslatorTests.older {
                all[version] = try OCSFContent.translator(to: version)
            }
            return all
        } catch {
            fatalError("\(error)")
        }
    }()

    static func document(_ text: String) throws -> Document {
        try YAMLReader.document(in: Array(text.utf8), file: "map.yaml")
    }
}
